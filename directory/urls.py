"""The map of the directory."""

from django.urls import path

from directory import views

app_name = "directory"
urlpatterns = [
    path("", views.organizations, name="organizations"),
    path("sources/", views.sources, name="sources"),
    path("organizations/new/", views.create_organization, name="create_organization"),
    path("organizations/<uuid:pk>/", views.organization, name="organization"),
    path("organizations/<uuid:pk>/change/", views.change_organization, name="change_organization"),
    path("organizations/<uuid:pk>/services/new/", views.create_service, name="create_service"),
    path("services/<uuid:pk>/change/", views.change_service, name="change_service"),
    path("services/<uuid:pk>/verify/", views.verify_service, name="verify_service"),
]
