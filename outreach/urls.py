"""The map of outreach: sessions, trainings."""

from django.urls import path

from outreach import views

app_name = "outreach"

session_urls = [
    path("", views.sessions, name="sessions"),
    path("start/", views.start, name="start"),
    path("<uuid:pk>/", views.session, name="session"),
    path("<uuid:pk>/correct/", views.correct, name="correct"),
]

training_urls = [
    path("trainings/", views.trainings, name="trainings"),
    path("trainings/new/", views.new_training, name="new_training"),
    path("trainings/<uuid:pk>/", views.training, name="training"),
    path(
        "trainings/<uuid:pk>/seats/<uuid:professional>/remove/",
        views.remove_attendance,
        name="remove_attendance",
    ),
]

urlpatterns = [*session_urls, *training_urls]
