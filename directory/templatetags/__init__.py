"""What pages of the directory need."""
