"""The map of reports."""

from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("", views.reports, name="list"),
    path("new/", views.new, name="new"),
    path("talks/", views.studies, name="studies"),
    path("talks/<uuid:pk>/", views.study, name="study"),
    path("talks/<uuid:pk>/propose/", views.propose_change, name="propose_change"),
    path("<uuid:pk>/", views.report, name="report"),
    path("<uuid:pk>/progress/", views.progress, name="progress"),
    path("<uuid:pk>/retry/", views.retry, name="retry"),
    path("<uuid:pk>/release/", views.release, name="release"),
    path("<uuid:pk>/download/<str:ending>/", views.download, name="download"),
]
