"""The loft: numbers for donors and coordinators, never names."""
