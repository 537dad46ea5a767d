"""Casework at the door: one module a noun."""
