"""The id of a person in commands and addresses: names do not belong into logs."""

import hashlib
from typing import Final

PREFIX: Final = "p-"
_DIGITS: Final = 16


def person_id(key: str) -> str:
    """The id of the person under ``key``, always the same.

    The first 64 bits of its SHA-256, which two of a million people share with a probability of 3e-8. It is a
    pseudonym and no secret: who has a list of names can try them.
    """
    digest = hashlib.sha256(f"countervoice person\0{key}".encode("utf-8", "surrogatepass"))
    return PREFIX + digest.hexdigest()[:_DIGITS]
