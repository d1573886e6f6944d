"""Edits of causes over HTTP, and what the command line says and does in the same way."""
