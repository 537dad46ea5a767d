"""English: 18 Nov 2026, 14:35."""
