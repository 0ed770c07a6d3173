"""How long a place takes, and whether what is promised comes true."""
