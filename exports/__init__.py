"""The way out: what leaves the house as a file, registered, labelled, handed out once."""
