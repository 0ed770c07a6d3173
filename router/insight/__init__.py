"""What happened and why: recorded days replayed, and the figures of a day."""
