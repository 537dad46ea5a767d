"""The admin site: reference data only, for administrators."""

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from directory.admin import register


class ReferenceDataSite(AdminSite):
    """Holds no person, case, note or file; signing in is the house's own page."""

    site_header = site_title = _("Casework")
    index_title = _("Reference data")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return isinstance(user, User) and user.has_perm("accounts.use_admin_site")

    def login(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        """Lead to the one place to sign in; refuse those who are signed in and may not enter."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect(f"{reverse('account_login')}?next={reverse('admin:index')}")

    def password_change(  # type: ignore[override]  # leads to another page
        self, request: HttpRequest, extra_context: object = None
    ) -> HttpResponse:
        """There is one page for it, which asks for the second step and writes it down."""
        return redirect("account_change_password")


site = ReferenceDataSite(name="admin")
register(site)
