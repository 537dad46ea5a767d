"""Dates, times and numbers as the interface shows them in each language."""
