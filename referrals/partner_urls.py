"""The map of the receiver's side."""

from django.urls import path

from referrals import partner_views

app_name = "partner"
urlpatterns = [
    path("", partner_views.inbox, name="inbox"),
    path("<uuid:pk>/", partner_views.referral, name="referral"),
    path("<uuid:pk>/receive/", partner_views.receive, name="receive"),
    path("<uuid:pk>/answer/", partner_views.answer, name="answer"),
    path("<uuid:pk>/progress/", partner_views.report_progress, name="progress"),
    path("<uuid:pk>/deleted/", partner_views.deleted, name="deleted"),
]
