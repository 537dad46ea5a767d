"""Nouns of the loft: facts without names, templates, and reports that stay as they were."""

from reports.models.facts import CountFact, PersonFact, ProfessionalFact
from reports.models.kept import KeptCount, KeptFact, Uncounted
from reports.models.report import Report, ReportTemplate
from reports.models.study import Study

__all__ = [
    "CountFact",
    "KeptCount",
    "KeptFact",
    "PersonFact",
    "ProfessionalFact",
    "Report",
    "ReportTemplate",
    "Study",
    "Uncounted",
]
