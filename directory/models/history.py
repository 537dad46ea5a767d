"""What entries were, kept by the database."""

from accounts.models.history import keep_history
from directory.models.contact import Contact

ContactHistory = keep_history(Contact)
