"""Nouns of exports."""
