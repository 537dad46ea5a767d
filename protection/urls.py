"""The map of protection."""

from django.urls import path

from protection.views import (
    agreements,
    anomalies,
    desk,
    dictionary,
    erasures,
    history,
    incidents,
    papers,
    people,
    requests,
    trail,
    usage,
)

app_name = "protection"
urlpatterns = [
    path("trail/", trail.trail, name="trail"),
    path("trail/seals/", trail.seals, name="seals"),
    path("trail/<uuid:pk>/", trail.record_log, name="record"),
    path("anomalies/", anomalies.anomalies, name="anomalies"),
    path("anomalies/<uuid:pk>/", anomalies.anomaly, name="anomaly"),
    path("usage/", usage.usage, name="usage"),
    path("cases/<uuid:pk>/log/", history.case_log, name="case_log"),
    path("people/<uuid:pk>/log/", history.person_log, name="person_log"),
    path("", desk.desk, name="desk"),
    path("dictionary/", dictionary.dictionary, name="dictionary"),
    path("processing/", desk.processing, name="processing"),
    path("impact/", desk.impact, name="impact"),
    path("staff/", desk.staff, name="staff"),
    # Requests of people and of authorities
    path("requests/", requests.person_requests, name="person_requests"),
    path("requests/new/", requests.new_person_request, name="new_person_request"),
    path("requests/<uuid:pk>/", requests.person_request, name="person_request"),
    path(
        "requests/<uuid:pk>/extend/", requests.extend_person_request, name="extend_person_request"
    ),
    path(
        "requests/<uuid:pk>/file/<uuid:person_pk>/",
        people.give_access_package,
        name="give_access_package",
    ),
    path("authorities/", requests.authority_requests, name="authority_requests"),
    path("authorities/new/", requests.new_authority_request, name="new_authority_request"),
    path("authorities/<uuid:pk>/", requests.authority_request, name="authority_request"),
    # Incidents
    path("incidents/", incidents.breaches, name="breaches"),
    path("incidents/new/", incidents.report_breach, name="report_breach"),
    path("incidents/<uuid:pk>/", incidents.breach, name="breach"),
    path("incidents/<uuid:pk>/close/", incidents.close_breach, name="close_breach"),
    path(
        "incidents/<uuid:pk>/letter/<slug:to>/<slug:language>/",
        incidents.breach_letter,
        name="breach_letter",
    ),
    # Agreements
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/new/", agreements.new_agreement, name="new_agreement"),
    path("agreements/<uuid:pk>/", agreements.agreement, name="agreement"),
    # Time that is over, erasures, holds
    path("due/", erasures.due, name="due"),
    path("due/<uuid:pk>/", erasures.decide_due, name="decide_due"),
    path("due/<uuid:pk>/confirm/", erasures.confirm_due, name="confirm_due"),
    path("erasures/", erasures.erasures, name="erasures"),
    path("erasures/<uuid:pk>/", erasures.erasure, name="erasure"),
    path("erasures/<uuid:pk>/confirm/", erasures.confirm_erasure, name="confirm_erasure"),
    path("tellings/<uuid:pk>/", erasures.tell, name="tell"),
    path("holds/<uuid:pk>/", erasures.hold, name="hold"),
    # One person, by code
    path("find/", people.find, name="find"),
    path("people/<uuid:pk>/", people.person, name="person"),
    path("people/<uuid:pk>/erase/", people.begin_erasure, name="begin_erasure"),
    # Papers
    path("papers/", papers.papers, name="papers"),
    path("papers/blank/<slug:kind>/", papers.blank_form, name="blank_form"),
]
