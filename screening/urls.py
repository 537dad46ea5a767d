"""The map of screening. Addresses name no topic: parts have numbers."""

from django.urls import path

from screening import views

app_name = "screening"

list_urls = [
    path("", views.screenings, name="list"),
    path("case/<uuid:pk>/", views.of_case, name="of_case"),
    path("start/<uuid:pk>/", views.start, name="start"),
    path("paused/", views.paused, name="paused"),
    path("help/", views.help_now, name="help"),
]

talk_urls = [
    path("<uuid:pk>/", views.screening, name="screening"),
    path("<uuid:pk>/before/", views.before, name="before"),
    path("<uuid:pk>/part/<int:number>/", views.part, name="part"),
    path("<uuid:pk>/part/<int:number>/panel/", views.panel, name="panel"),
    path("<uuid:pk>/part/<int:number>/stop/", views.stop, name="stop_part"),
    path("<uuid:pk>/stop/", views.stop, name="stop"),
    path("<uuid:pk>/resume/", views.resume, name="resume"),
    path("<uuid:pk>/decline/", views.decline, name="decline"),
    path("<uuid:pk>/finish/", views.finish, name="finish"),
    path("<uuid:pk>/decide/", views.decide, name="decide"),
]

urlpatterns = [*list_urls, *talk_urls]
