"""The recovery queue at work: its ledger, its desk, its tables in a terminal and its routes."""
