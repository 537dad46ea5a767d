"""The map of a person's own settings."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.settings, name="settings"),
    path("theme/", views.theme, name="theme"),
]
