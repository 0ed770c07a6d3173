"""Finds what a tenant's state should never hold, explains it, and has it repaired."""
