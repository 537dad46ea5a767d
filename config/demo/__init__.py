"""Invented lives for demonstration and measuring: plausible, the same for the same seed."""
