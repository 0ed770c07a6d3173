"""What the journal told, kept for long in SQL: contacts, timelines, and what reports count."""
