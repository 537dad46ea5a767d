"""The map of a person's own settings."""

from django.urls import path

from accounts import views
from accounts.views import emergency, invitations, lock, roles, security, sessions, teams, users

app_name = "accounts"
urlpatterns = [
    path("", views.settings, name="settings"),
    path("theme/", views.theme, name="theme"),
    path("security/", security.security, name="security"),
    path("security/passkey/", security.add_passkey, name="add_passkey"),
    path("security/app/", security.add_app, name="add_app"),
    path("security/codes/", security.recovery_codes, name="recovery_codes"),
    path("security/remove/", security.remove_factor, name="remove_factor"),
    path("users/invite/", invitations.invite, name="invite"),
    path("users/invite/withdraw/", invitations.withdraw, name="withdraw_invitation"),
    path("users/<uuid:pk>/second-step/", invitations.second_step, name="second_step"),
    path("users/<uuid:pk>/agreement/", invitations.agreement, name="agreement"),
    path("agreements/", security.agreements, name="agreements"),
    path("lock/", lock.lock, name="lock"),
    path("lock/state/", lock.lock_state, name="lock_state"),
    path("lock/open/", lock.unlock, name="unlock"),
    path("emergency/", emergency.emergency, name="emergency"),
    path("emergency/lift/", emergency.lift, name="lift"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/others/", sessions.end_other_sessions, name="end_other_sessions"),
    path("sessions/<uuid:pk>/", sessions.end_session, name="end_session"),
    path("colleagues/", sessions.colleagues, name="colleagues"),
    path("users/", users.users, name="users"),
    path("users/<uuid:pk>/", users.user, name="user"),
    path("users/<uuid:pk>/change/", users.change_user, name="change_user"),
    path("users/<uuid:pk>/email/", users.change_email, name="change_email"),
    path("users/<uuid:pk>/leaves/", users.set_leaving_day, name="set_leaving_day"),
    path("users/<uuid:pk>/close/", users.close_account, name="close_account"),
    path("users/<uuid:pk>/reopen/", users.reopen_account, name="reopen_account"),
    path("users/<uuid:pk>/sessions/", users.end_sessions, name="end_user_sessions"),
    path("users/<uuid:pk>/roles/", users.give_role, name="give_role"),
    path("users/<uuid:pk>/roles/end/", users.end_role, name="end_role"),
    path("teams/", teams.teams, name="teams"),
    path("teams/new/", teams.new_team, name="new_team"),
    path("teams/house/", teams.rename_organization, name="rename_organization"),
    path("teams/<int:number>/", teams.change_team, name="change_team"),
    path("kept/<uuid:pk>/", lock.kept, name="kept"),
    path("roles/", roles.roles, name="roles"),
    path("roles/<slug:code>/", roles.role, name="role"),
]
