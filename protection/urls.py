"""The map of protection."""

from django.urls import path

from protection.views import dictionary

app_name = "protection"
urlpatterns = [
    path("dictionary/", dictionary.dictionary, name="dictionary"),
]
