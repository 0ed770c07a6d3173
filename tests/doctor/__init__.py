"""The stuck-state doctor: what it finds, and what it makes of it."""
