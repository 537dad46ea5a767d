"""What entries were, kept by the database."""

from accounts.models.history import keep_history
from directory.models.contact import Contact
from directory.models.place import Place
from directory.models.service import Service

ContactHistory = keep_history(Contact)
PlaceHistory = keep_history(Place)
ServiceHistory = keep_history(Service)
