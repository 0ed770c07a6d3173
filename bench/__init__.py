"""What the engine costs, beside the floor it stands on. Programs, run by scripts/bench."""
