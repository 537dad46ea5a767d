"""Doors of data protection."""
