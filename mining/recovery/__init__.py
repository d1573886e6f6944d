"""Rescue: who complained, whom to contact first, and whether those who were contacted stayed."""
