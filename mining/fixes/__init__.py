"""What a company did about a cause, and whether the cause went: registered before looking, counted afterwards."""
