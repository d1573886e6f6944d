"""Who speaks: people weighted to known shares of the customers, and those who were asked beside those who were not."""
