"""Nouns of the loft: facts without names, templates, and reports that stay as they were."""

from reports.models.facts import CountFact, PersonFact, ProfessionalFact
from reports.models.report import Report, ReportTemplate

__all__ = ["CountFact", "PersonFact", "ProfessionalFact", "Report", "ReportTemplate"]
