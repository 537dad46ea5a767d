"""Windows of care that are running, for the overview of a case."""

from typing import Any

from django import template

from casework.models import Case
from screening.incident_words import clock_lines
from screening.models import Incident

register = template.Library()


@register.inclusion_tag("screening/_deadlines.html", takes_context=True)
def care_deadlines(context: dict[str, Any], case: Case) -> dict[str, Any]:
    """Each open incident of the case that this reader sees and that care cannot wait for."""
    rows = Incident.objects.visible_to(context["request"].user).open().filter(case=case)
    found = [(row, row.running_clocks) for row in rows.select_related("data_key")]
    return {"deadlines": [(row, clock_lines(clocks)) for row, clocks in found if clocks]}
