"""The published schema of ``report.json``."""

import json
from typing import Any

from serving.version import ROOT

SCHEMA: Any = json.loads((ROOT / "mining" / "report.schema.json").read_text(encoding="utf-8"))
