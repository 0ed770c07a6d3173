"""Who may serve: agents, slots, sessions and turns. Pure: no I/O, no clock."""
