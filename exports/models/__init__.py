"""Nouns of exports."""

from exports.models.export import Export

__all__ = ["Export"]
