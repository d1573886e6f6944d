"""What counts: subject space, causes, sides, oppositions, evidence and the report."""
