"""Beliefs and measured shares, on the command line and over HTTP."""
