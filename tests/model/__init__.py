"""The plain model of the engine, and what holds the engine to it."""
