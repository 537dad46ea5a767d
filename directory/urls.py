"""The map of the directory."""

from django.urls import path

from directory.views import changes, checks, contacts, details, exchange, places, providers

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
    path("services/<uuid:pk>/capacity/", providers.set_capacity, name="set_capacity"),
    path("services/<uuid:pk>/details/", details.details, name="details"),
    path("services/<uuid:pk>/hours/", details.add_hours, name="add_hours"),
    path("services/<uuid:pk>/costs/", details.add_cost, name="add_cost"),
    path("services/<uuid:pk>/documents/", details.add_document, name="add_document"),
    path("hours/<uuid:pk>/remove/", details.remove_hours, name="remove_hours"),
    path("costs/<uuid:pk>/remove/", details.remove_cost, name="remove_cost"),
    path("documents/<uuid:pk>/remove/", details.remove_document, name="remove_document"),
    path("services/<uuid:pk>/propose/", changes.propose_service, name="propose_service"),
    path("contacts/<uuid:pk>/propose/", changes.propose_contact, name="propose_contact"),
    path("places/<uuid:pk>/propose/", changes.propose_place, name="propose_place"),
    path("changes/<uuid:pk>/agree/", changes.agree_to_change, name="agree_to_change"),
    path("exchange/", exchange.exchange, name="exchange"),
    path("exchange/import/", exchange.import_directory, name="import_directory"),
    path("exchange/export/<slug:circle>/", exchange.export_directory, name="export_directory"),
    path("still/<str:token>/", checks.still_right, name="still_right"),
    path("changes/", changes.changes, name="changes"),
    path("changes/<uuid:pk>/confirm/", changes.confirm_change, name="confirm_change"),
    path("changes/<uuid:pk>/refuse/", changes.refuse_change, name="refuse_change"),
]
