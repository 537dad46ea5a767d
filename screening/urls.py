"""The map of screening. Addresses name no topic: parts have numbers."""

from django.urls import path

from screening.views import (
    alone,
    change_proposals,
    circumstances,
    incidents,
    instrument_drafts,
    instruments,
    lists,
    parts,
    recordings,
    result,
    talk,
)

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
    path("<uuid:pk>/where/", circumstances.circumstances, name="circumstances"),
    path("<uuid:pk>/crisis/", talk.crisis, name="crisis"),
    path("<uuid:pk>/review/", result.review, name="review"),
    path("<uuid:pk>/steps/", result.take_step, name="take_step"),
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

instrument_urls = [
    path("instruments/", instruments.instruments, name="instruments"),
    path("instruments/new/", instruments.begin_instrument, name="begin_instrument"),
    path("versions/<uuid:pk>/switch/", instruments.switch_instrument, name="switch_instrument"),
    path("versions/<uuid:pk>/", instruments.instrument_version, name="instrument_version"),
    path("versions/<uuid:pk>/draft/", instruments.begin_draft, name="begin_draft"),
    path("versions/<uuid:pk>/recordings/", recordings.recordings, name="recordings"),
    path("recordings/<uuid:pk>/", recordings.listen, name="listen"),
    path("recordings/<uuid:pk>/review/", recordings.review, name="review_recording"),
    path("recordings/<uuid:pk>/remove/", recordings.remove, name="remove_recording"),
    path("versions/<uuid:pk>/try/", instruments.try_version, name="try_version"),
    path("versions/<uuid:pk>/retire/", instruments.retire_version, name="retire_version"),
    path(
        "versions/<uuid:pk>/compare/<uuid:other>/",
        instruments.compare_versions,
        name="compare_versions",
    ),
    path("drafts/<uuid:pk>/", instrument_drafts.draft, name="instrument_draft"),
    path(
        "drafts/<uuid:pk>/change/<slug:block>/<str:key>/",
        instrument_drafts.change_draft,
        name="change_draft",
    ),
    path(
        "drafts/<uuid:pk>/translation/",
        instrument_drafts.review_translation,
        name="review_translation",
    ),
    path("drafts/<uuid:pk>/compare/", instrument_drafts.compare_draft, name="compare_draft"),
    path("drafts/<uuid:pk>/try/", instrument_drafts.try_draft, name="try_draft"),
    path("drafts/<uuid:pk>/publish/", instrument_drafts.publish_draft, name="publish_draft"),
    path("proposals/<uuid:pk>/take-up/", change_proposals.take_up, name="take_up_proposal"),
    path("proposals/<uuid:pk>/aside/", change_proposals.set_aside, name="set_aside_proposal"),
    path("trials/<uuid:pk>/", instrument_drafts.trial, name="instrument_trial"),
]

urlpatterns = [*instrument_urls, *list_urls, *talk_urls, *incident_urls]
