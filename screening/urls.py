"""The map of screening. Addresses name no topic: parts have numbers."""

from django.urls import path

from screening.views import alone, incidents, lists, parts, result, talk

app_name = "screening"

list_urls = [
    path("", lists.screenings, name="list"),
    path("case/<uuid:pk>/", lists.of_case, name="of_case"),
    path("start/<uuid:pk>/", talk.start, name="start"),
    path("paused/", talk.paused, name="paused"),
    path("help/", talk.help_now, name="help"),
]

talk_urls = [
    path("<uuid:pk>/", result.screening, name="screening"),
    path("<uuid:pk>/hand-over/", alone.hand_over, name="hand_over"),
    path("<uuid:pk>/before/", talk.before, name="before"),
    path("<uuid:pk>/said/", talk.say_limits, name="say_limits"),
    path("<uuid:pk>/part/<int:number>/", parts.part, name="part"),
    path("<uuid:pk>/part/<int:number>/panel/", parts.panel, name="panel"),
    path("<uuid:pk>/part/<int:number>/stop/", parts.stop, name="stop_part"),
    path("<uuid:pk>/stop/", parts.stop, name="stop"),
    path("<uuid:pk>/resume/", talk.resume, name="resume"),
    path("<uuid:pk>/decline/", talk.decline, name="decline"),
    path("<uuid:pk>/finish/", talk.finish, name="finish"),
    path("<uuid:pk>/decide/", result.decide, name="decide"),
    path("<uuid:pk>/pressure/", result.mark_pressure, name="mark_pressure"),
]

incident_urls = [
    path("case/<uuid:pk>/events/new/", incidents.record_incident, name="record_incident"),
    path("events/", incidents.reports, name="reports"),
    path("events/<uuid:pk>/", incidents.incident, name="incident"),
    path("events/<uuid:pk>/correct/", incidents.correct_incident, name="correct_incident"),
    path("events/<uuid:pk>/close/", incidents.close_incident, name="close_incident"),
]

urlpatterns = [*list_urls, *talk_urls, *incident_urls]
