"""Gateways, in front of a real router."""
