"""A wing: work outside the hub, counted and never linked to a person; trainings."""
