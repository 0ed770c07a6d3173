"""What waits: contacts, queues and lines. Pure: no I/O, no clock."""
