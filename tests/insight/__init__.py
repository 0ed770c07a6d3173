"""Recorded days, their replay and their figures."""
