"""A wing: referrals that come back."""
