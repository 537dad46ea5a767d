"""The map of exports."""

from django.urls import path

from exports import views

app_name = "exports"
urlpatterns = [
    path("", views.exports, name="exports"),
    path("register/", views.register, name="register"),
    path("register/file/<str:ending>/", views.register_file, name="register_file"),
    path("<uuid:pk>/", views.export, name="export"),
    path("<uuid:pk>/approve/", views.approve, name="approve"),
    path("<uuid:pk>/refuse/", views.refuse, name="refuse"),
    path("<uuid:pk>/lock/", views.lock, name="lock"),
    path("<uuid:pk>/download/", views.download, name="download"),
]
