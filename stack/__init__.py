"""Starts Casework on one machine: packages, database, broker, processes. Standard library only."""
