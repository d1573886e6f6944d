"""Loyalty and leaving for users: the command, its tables and the route."""
