"""What a mining says of the edits of people, once it is done: splits that made no cause, names that may not fit."""

from collections.abc import Iterator

from mining.edits import Standing, standing_of, state_of
from mining.register import Register
from mining.report_words import excerpt, plural

_NAME = 60


def notes_of(register: Register) -> list[str]:
    """One line each, on the mining that ``register`` has just been written by."""
    standing = standing_of(register.edits())
    return [*_waiting(register, standing), *_changed(register, standing)]


def _waiting(register: Register, standing: Standing) -> Iterator[str]:
    causes = register.causes()
    for edit in register.edits():
        new = edit.details.get("new")
        if new and state_of(causes[new], standing, register.last_mining) == "waiting":
            yield f"{_named(new, standing)} was split off {edit.cause} and is no cause yet: too few people"


def _changed(register: Register, standing: Standing) -> Iterator[str]:
    for entry in register.log():
        told_now = entry.kind == "changed" and entry.at == register.at
        if told_now and entry.cause in standing.names.keys() - standing.hidden:
            details = entry.details
            yield (
                f"{_named(entry.cause, standing)} holds {details['kept']} of the {plural(details['of'], 'message')} "
                f"that it held when it was {details['since']}: look at it again"
            )


def _named(cause: str, standing: Standing) -> str:
    return f"{cause} “{excerpt(standing.names[cause], _NAME)}”" if cause in standing.names else cause
