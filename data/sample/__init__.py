"""The sample feedback of three invented products, with its known truth: see ``data.sample.build``."""
