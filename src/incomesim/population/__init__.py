"""Households: who lives in a place, what they earn, and how far that agrees with published tables."""
