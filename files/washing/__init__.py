"""The washing: a file goes in as it came, and comes out without anything that was hidden in it.

Runs as a process of its own (`python -m files.washing TYPE`), with limits on memory and time and
no right to write a file. It knows neither Django nor keys nor the database.
"""
