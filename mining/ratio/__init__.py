"""How many good experiences a bad review takes to be made up for."""
