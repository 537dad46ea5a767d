"""What a person may type at the desk, verb by verb: one module a noun."""
