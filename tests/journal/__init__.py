"""The journal's readers: tail, fan-out, resume."""
