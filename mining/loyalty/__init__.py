"""Who is loyal, who leaves and what goes with it, and what is said in public."""
