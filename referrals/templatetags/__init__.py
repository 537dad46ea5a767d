"""Small components about referrals."""
