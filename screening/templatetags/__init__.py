"""Small components about what happened."""
