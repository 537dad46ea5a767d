"""The map of a person's own settings."""

from django.urls import path

from accounts import views
from accounts.views import emergency, lock, roles

app_name = "accounts"
urlpatterns = [
    path("", views.settings, name="settings"),
    path("theme/", views.theme, name="theme"),
    path("lock/", lock.lock, name="lock"),
    path("lock/state/", lock.lock_state, name="lock_state"),
    path("lock/open/", lock.unlock, name="unlock"),
    path("emergency/", emergency.emergency, name="emergency"),
    path("emergency/lift/", emergency.lift, name="lift"),
    path("kept/<uuid:pk>/", lock.kept, name="kept"),
    path("roles/", roles.roles, name="roles"),
    path("roles/<slug:code>/", roles.role, name="role"),
]
