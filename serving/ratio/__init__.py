"""The ratio of good experiences to bad reviews, on the command line and over HTTP."""
