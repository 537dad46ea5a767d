"""Nouns of files."""
