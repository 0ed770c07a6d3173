"""How long a place in a line takes: learned from the journal, kept honest by its own misses."""
