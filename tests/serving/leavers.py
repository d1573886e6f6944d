"""A file of customers for the rows of ``files``, with planted leavers."""

import csv
from datetime import date, timedelta
from pathlib import Path

from tests.serving.files import PATTERNS, rows


def write_leavers(path: Path) -> Path:
    """Who complains of couriers leaves in nine of ten cases, others in one of twelve."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["author", "customer_since", "left_on", "yearly_value"])
        for number, (_, author, _, _, day) in enumerate(rows()):
            unhappy = list(PATTERNS)[number // 50] == "couriers:complaint"
            leaves = number % 10 > 0 if unhappy else number % 12 == 0
            left = date.fromisoformat(day) + timedelta(days=20 + number % 40)
            writer.writerow([author, "2024-05-01", left.isoformat() if leaves else "", 10 + number % 7])
    return path
