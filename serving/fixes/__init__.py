"""Fixes as users touch them: the command, the routes, and what a mining notes of them."""
