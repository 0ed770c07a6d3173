"""Brings queues and presence together, and does all the I/O."""
