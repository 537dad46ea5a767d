"""The directory at the door, noun by noun."""
