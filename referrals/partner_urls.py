"""The map of the partners' side."""

from django.urls import URLPattern

app_name = "partner"
urlpatterns: list[URLPattern] = []
