"""A wing: referrals of a case to a service of another institution, and how they come back."""
