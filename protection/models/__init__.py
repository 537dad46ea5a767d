"""Nouns of protection."""
