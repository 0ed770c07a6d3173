"""Owns the way to the store: drivers, function library, calls, embedded server, ticking."""
