"""The sessions of a person: her own list, and the way out."""

from allauth.account.views import logout as allauth_logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse

from accounts.audit import record_entry
from accounts.models import User


@login_not_required
def logout(request: HttpRequest) -> HttpResponse:
    """Sign out; the browser forgets the pages it keeps, not what a phone has still to send."""
    user = request.user
    response: HttpResponse = allauth_logout(request)
    if request.method == "POST":
        if isinstance(user, User):
            record_entry("sign_out", user=user)
        response.headers["Clear-Site-Data"] = '"cache"'
    return response
