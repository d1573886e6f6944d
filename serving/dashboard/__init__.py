"""The dashboard: one page for people, over the same public routes that programs call."""
