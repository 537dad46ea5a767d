"""Screening at the door: the lists, the talk, its parts, the result and the decision."""
