"""What users touch: the command line, batch scoring, the store and the HTTP service."""
