"""The map of the directory."""

from django.urls import path

from directory.views import changes, contacts, places, providers

app_name = "directory"
urlpatterns = [
    path("", providers.organizations, name="organizations"),
    path("sources/", providers.sources, name="sources"),
    path("organizations/new/", providers.create_organization, name="create_organization"),
    path("organizations/<uuid:pk>/", providers.organization, name="organization"),
    path(
        "organizations/<uuid:pk>/change/", providers.change_organization, name="change_organization"
    ),
    path("organizations/<uuid:pk>/services/new/", providers.create_service, name="create_service"),
    path("services/<uuid:pk>/change/", providers.change_service, name="change_service"),
    path("services/<uuid:pk>/verify/", providers.verify_service, name="verify_service"),
    path("organizations/<uuid:pk>/contacts/new/", contacts.create_contact, name="create_contact"),
    path("contacts/<uuid:pk>/change/", contacts.change_contact, name="change_contact"),
    path("contacts/<uuid:pk>/verify/", contacts.verify_contact, name="verify_contact"),
    path("organizations/<uuid:pk>/places/new/", places.create_place, name="create_place"),
    path("places/<uuid:pk>/change/", places.change_place, name="change_place"),
    path("changes/", changes.changes, name="changes"),
    path("changes/<uuid:pk>/confirm/", changes.confirm_change, name="confirm_change"),
    path("changes/<uuid:pk>/refuse/", changes.refuse_change, name="refuse_change"),
]
