"""The map of the pages that a client holds in her hands. They name no row: the session does."""

from django.urls import path

from screening.views import alone

app_name = "questions"

urlpatterns = [
    path("", alone.first, name="first"),
    path("<int:number>/", alone.question, name="question"),
    path("<int:number>/sound/", alone.sound, name="sound"),
    path("stop/", alone.stop, name="stop"),
    path("end/", alone.end, name="end"),
    path("back/", alone.give_back, name="give_back"),
]
