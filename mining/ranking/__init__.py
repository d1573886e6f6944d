"""Systemic against spectacular: what weighs most beside what is loudest."""
