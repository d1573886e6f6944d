"""``countervoice watch`` and ``GET /v1/alarms``: alarms, told once, to people and programs."""
