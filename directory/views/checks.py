"""The door behind the monthly link: looking at it changes nothing, and shows nothing at first."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.http import asks_and_saves
from directory import actions, forms
from directory.models import Service


@login_not_required
@asks_and_saves
def still_right(request: HttpRequest, token: str) -> HttpResponse:
    """A blank page, then the entries of one institution, then thanks."""
    check = actions.find_check(token)
    if check is None:
        return render(request, "directory/still_over.html", status=HTTPStatus.GONE)
    if request.method != "POST":
        return render(request, "directory/still_blank.html")
    services = Service.objects.filter(organization=check.organization_id).kept()
    services = services.prefetch_related("languages").order_by("name_en")
    is_answer = "answer" in request.POST
    form = forms.CheckForm(request.POST if is_answer else None, services=list(services))
    if is_answer and form.perform(token):
        return render(request, "directory/still_thanks.html")
    return render(request, "directory/still_right.html", {"form": form, "check": check})
