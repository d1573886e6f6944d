"""Which statement an example quotes, so that it can be edited: the report tells places in messages, edits go by ids."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from data.errors import StateError
from mining.edits import digest_of
from mining.register import REGISTER_NAME, Register, read_register

Record = Mapping[str, Any]  # a cause, opposition, side or example in the shape of ``report.json``


def with_statements(folder: Path, records: Sequence[Record]) -> list[dict[str, Any]]:
    """Causes or oppositions whose examples have the id of their ``statement``, by the register in ``folder``.

    The id is null where the register does not know it, or cannot be read now: a mining that writes is not waited for.
    """
    try:
        with read_register(folder / REGISTER_NAME, wait_s=0) as opened:
            return [_told(record, opened) for record in records]
    except StateError:
        return [_told(record, None) for record in records]


def _told(record: Record, register: Register | None) -> dict[str, Any]:
    told = dict(record)
    if "sides" in record:
        told["sides"] = [_told(side, register) for side in record["sides"]]
    if "examples" in record:
        told["examples"] = [
            {**example, "statement": register and _statement(example, register)}
            for example in record["examples"]
        ]
    return told


def _statement(example: Record, register: Register) -> str | None:
    digest = digest_of(example["text"])
    return next(
        (each for each, text in register.statements_of(example["feedback_id"]) if text == digest), None
    )
