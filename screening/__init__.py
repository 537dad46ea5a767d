"""Screening: instruments, the answers of one talk, and what they add up to."""
