"""The map of the sender's side."""

from django.urls import path

from referrals import (
    accompaniment_views,
    following_views,
    identification_views,
    unmet_need_views,
    views,
)

app_name = "referrals"
urlpatterns = [
    path("", views.referrals, name="list"),
    path("cases/<uuid:case>/", views.of_case, name="of_case"),
    path("new/<uuid:case>/", views.new, name="new"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/service/", views.choose_service, name="choose_service"),
    path("<uuid:pk>/change/", views.change, name="change"),
    path("<uuid:pk>/consent/", views.consent, name="consent"),
    path("<uuid:pk>/send/", views.send, name="send"),
    path("<uuid:pk>/override/", following_views.override, name="override"),
    path("<uuid:pk>/override/review/", following_views.review_override, name="review_override"),
    path("<uuid:pk>/follow/", following_views.follow, name="follow"),
    path("<uuid:pk>/review/", following_views.review, name="review"),
    path("<uuid:pk>/recall/", following_views.recall, name="recall"),
    path("<uuid:pk>/close/", following_views.close, name="close"),
    path("cases/<uuid:case>/procedure/", identification_views.procedures, name="procedures"),
    path(
        "cases/<uuid:case>/procedure/begin/",
        identification_views.begin_procedure,
        name="begin_procedure",
    ),
    path("cases/<uuid:case>/company/", accompaniment_views.accompaniments, name="accompaniments"),
    path(
        "cases/<uuid:case>/company/new/",
        accompaniment_views.record_accompaniment,
        name="record_accompaniment",
    ),
    path("cases/<uuid:case>/needs/", unmet_need_views.needs_of_case, name="needs_of_case"),
    path("needs/", unmet_need_views.needs, name="needs"),
    path("procedures/<uuid:pk>/", identification_views.procedure, name="procedure"),
    path(
        "procedures/<uuid:pk>/report/",
        identification_views.report_suspicion,
        name="report_suspicion",
    ),
    path(
        "procedures/<uuid:pk>/steps/<slug:step>/",
        identification_views.record_step,
        name="record_step",
    ),
    path("steps/<uuid:pk>/correct/", identification_views.correct_step, name="correct_step"),
    path("reports/<uuid:pk>/print/", identification_views.print_suspicion, name="print_suspicion"),
]
