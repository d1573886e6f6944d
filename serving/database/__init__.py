"""What the service keeps: feedback, jobs, keys and who changed what, in SQLite or PostgreSQL."""
