"""Starts Casework on one machine: packages, database, broker, processes.

Standard library only, as it runs before anything is installed; except the modules that are programs
of their own inside the environment: messages, prepare, screenshots and the pytest plugin testing.
"""
