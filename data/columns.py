"""Which column of a file holds what, guessed from common names in the main languages."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Final

from data.composed import composed
from data.errors import ColumnError
from data.words import without_marks

_BY_OPTION: Final = ("text", "title", "id", "author", "time", "rating")
ROLES: Final = (*_BY_OPTION, "source", "channel", "language", "solicited")
_TEXTS: Final = ("text", "title")  # in the writer's words
_LESSER: Final = ("nothing", "labels")  # what a text does not hold where another column has words
OUTCOME: Final = "outcome"  # a role that is told, never guessed, and may be played beside another

# What follows where a file has no column of a role.
_WANTING: Final = {
    "author": "each message counts as a person",
    "time": "no timing",
    "rating": "no mean ratings",
}
_NAMES_FILE: Final = Path(__file__).with_name("columns.yaml")
_READ: Final = 200  # characters of a name; no known one is longer
_SHOWN: Final = 60
_MOST_LISTED: Final = 20
_NUMBERING: Final = re.compile(r"\s*\(?\d{1,3}\s*[、.:)]\s*(?=\D)")  # of a question: "2、意见", "3. Comments"
# Parts of longer names that still tell the text: "customer comment (open)", "Q3 feedback".
_TEXT_PARTS: Final = ("text", "comment", "feedback", "message", "review", "verbatim", "answer", "opinion")
_NOT_TEXT_PARTS: Final = frozenset(
    ("id", "date", "time", "at", "on", "by", "rating", "score", "stars", "lang", "language", "type", "title")
) | {"source", "url", "link", "count", "author", "user", "name", "channel", "status", "category", "topic"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """The name of the column that holds each field of ``Feedback``, None where the file has none.

    Attributes:
        title: Stands before the text, in the text of the ``Feedback``.
        outcome: What the causes are held against; the column may have another role, too, or be a segment.
        segments: Columns that describe the writer or the context, in the order of the file.
        given: Roles that were told, not guessed.
        unread: Columns of texts of which nothing is made, in the order of the file.
        bare_answers: The text column's name asks what was liked or disliked, and most of its cells are a few words.
    """

    text: str
    title: str | None = None
    id: str | None = None
    author: str | None = None
    time: str | None = None
    rating: str | None = None
    source: str | None = None
    channel: str | None = None
    language: str | None = None
    solicited: str | None = None
    outcome: str | None = None
    segments: tuple[str, ...] = ()
    given: frozenset[str] = frozenset()
    unread: tuple[str, ...] = ()
    bare_answers: bool = False


def guess_columns(
    names: Sequence[str],
    given: Mapping[str, str],
    repeated: Collection[str] = (),
    holds: Callable[[str, str], bool] = lambda role, column: role == "text",
) -> ColumnMap:
    """Map the columns ``names`` of a file, in NFC, to roles; ``given`` (role to column) overrides the guess.

    A role but the text's that is given no name ("") is that of no column. All columns without a role are taken as
    candidates for segments. Of the names in ``repeated`` the file has more than one column. ``holds`` is asked whether
    the cells of a column are those of a role that its name only hints at, and whether those of a column that is named
    as the text are words, not nothing and no labels of answers: ``đánh giá`` and ``review`` are common names of
    ratings, too.

    Raises:
        ColumnError: A given column is missing, the text column cannot be told, or a role would fall to a repeated name.
    """
    absent = {role for role in ROLES if role != "text" and given.get(role) == ""}
    told = {role: column for role, column in given.items() if role not in absent}
    found = {role: _given_column(role, column, names) for role, column in told.items()}
    outcome = found.pop(OUTCOME, None)
    for role in ROLES:
        if role in found or role in absent:
            continue
        free = [name for name in names if name not in found.values()]
        if role == "text":
            free = _worded(free, holds)
        column = _known_column(role, free, _common_names()[role]) or _hinted_column(role, free, holds)
        if column is not None:
            found[role] = column
    if "text" not in found:
        free = [name for name in names if name not in found.values()]
        found["text"] = _partly_named_text(free, names, holds)
    for role, column in [*found.items(), *([(OUTCOME, outcome)] if outcome else [])]:
        if column in repeated:
            raise ColumnError(
                f"more than one column is named {_listed([column])}, the {role}: rename the others"
            )
    segments = tuple(name for name in names if name not in found.values())
    return ColumnMap(
        **found,
        outcome=outcome,
        segments=segments,
        given=frozenset(given),
        unread=(),  # told by the cells, as is what follows
        bare_answers=False,
    )


def describe_columns(columns: ColumnMap) -> tuple[str, ...]:
    """Lines for people: which column is taken for what, which texts are not read, and what cannot be told."""
    lines = [describe_guess(columns)]
    if columns.unread:
        title = "" if columns.title else ", --title-column puts one before it"
        how = f"--text-column takes one for the text{title}"
        lines.append(f"not read: {_plainly_listed(columns.unread)} (texts in many rows); {how}")
    if columns.bare_answers:
        lines.append(
            f"answers to {columns.text[:_SHOWN]!r} are read without the question: short ones may fall on the wrong side"
            ", and those such as 'nothing' are set aside"
        )
    return tuple(line for line in (*lines, _describe_wanting(columns)) if line)


def asks_for_a_side(name: str) -> bool:
    """Whether a column's name asks what was liked, disliked or is to be improved, so that its cells need not say it."""
    plain = _plain(name[:_READ])
    parts = _common_names()["side_questions"]
    return plain in _common_names()["side_names"] or any(part in plain for part in parts)


def is_named_as_text(name: str) -> bool:
    """Whether a column's name is a common one of the text, or of notes."""
    plain = _plain(name[:_READ])
    return plain in _common_names()["text"] or plain in _common_names()["text_last"]


def is_known_otherwise(name: str) -> bool:
    """Whether a column's name is common for a role that no text has."""
    return any(_plain(name[:_READ]) in _common_names()[role] for role in ROLES if role not in _TEXTS)


def _describe_wanting(columns: ColumnMap) -> str:
    wanting = [role for role in _WANTING if getattr(columns, role) is None]
    return "; ".join(f"no {role} column: {_WANTING[role]}" for role in wanting)


def describe_guess(columns: ColumnMap) -> str:
    """One line for people: which column is taken for what, and how to say otherwise."""
    roles = [
        (field.name, getattr(columns, field.name))
        for field in fields(columns)
        if field.name in (*ROLES, OUTCOME)
    ]
    told = [f"{role} = {column or 'none'} (given)" for role, column in roles if role in columns.given]
    guessed = [f"{role} = {column}" for role, column in roles if column and role not in columns.given]
    if columns.segments:
        guessed.append(f"segments = {', '.join(columns.segments)}")
    options = ", ".join(f"--{role}-column" for role in _BY_OPTION if role not in columns.given)
    how = f" (guessed; change with {options})" if guessed and options else ""
    return f"Columns: {'; '.join([*told, *guessed])}{how}"


def _given_column(role: str, column: str, names: Sequence[str]) -> str:
    if role not in (*ROLES, OUTCOME):
        raise ColumnError(f"no role {role!r} for a column; roles: {', '.join(ROLES)}")
    if composed(column) in names:
        return composed(column)
    option = "--outcome" if role == OUTCOME else f"--{role}-column"
    raise ColumnError(f"no column {column!r} for {option}; the file has {_listed(names)}")


def _known_column(role: str, names: Sequence[str], known: Sequence[str]) -> str | None:
    """The column with the first name of ``known`` that one of ``names`` is."""
    by_plain_name: dict[str, list[str]] = {}
    for name in names:
        by_plain_name.setdefault(_plain(name[:_READ]), []).append(name)
    for plain in known:
        columns = by_plain_name.get(plain, [])
        if len(columns) > 1:
            raise ColumnError(f"{_listed(columns)} could each be the {role}: {_remedy(role)}")
        if columns:
            return columns[0]
    return None


def _hinted_column(role: str, names: Sequence[str], holds: Callable[[str, str], bool]) -> str | None:
    """The column whose name only hints at ``role`` and whose cells have it; of two questions neither.

    A rating may have a common name of the text, which another column is.
    """
    hints = _common_names().get(f"{role}_by_cells", [])
    named = [name for name in names if _plain(name[:_READ]) in hints and holds(role, name)]
    if named:
        return _known_column(role, named, hints)
    questions = _common_names().get(f"{role}_questions", [])
    asked = [name for name in names if any(part in _plain(name[:_READ]) for part in questions)]
    in_numbers = [name for name in names if role == "rating" and _is_text_in_numbers(name, holds)]
    for hinted in (asked, in_numbers):
        answered = [name for name in hinted if holds(role, name)]
        if answered:
            return answered[0] if len(answered) == 1 else None
    return None


def _remedy(role: str) -> str:
    """How to say which column is meant: by option, or, for roles without one, by renaming in the file."""
    return f"say which with --{role}-column" if role in _BY_OPTION else "rename the others"


@cache
def _common_names() -> dict[str, list[str]]:
    """Plain names by role, and those that only hint at a role by the kind of hint."""
    import yaml

    lists: dict[str, str] = yaml.safe_load(_NAMES_FILE.read_text(encoding="utf-8"))
    return {role: [_plain(name) for name in names.split(",")] for role, names in lists.items()}


def _partly_named_text(free: Sequence[str], names: Sequence[str], holds: Callable[[str, str], bool]) -> str:
    """The column whose name sounds like a text, or has a name of notes, which a program or a clerk may write, too."""
    named = [name for name in free if _sounds_like_text(name)]
    candidates = [name for name in named if holds("text", name)]
    for lesser in _LESSER:
        candidates = [name for name in candidates if not holds(lesser, name)] or candidates
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        raise ColumnError(f"{_listed(candidates)} could each be the text: say which with --text-column")
    if noted := _known_column("text", _worded(free, holds), _common_names()["text_last"]):
        return noted
    numbers = [name for name in names if name in named or _is_text_in_numbers(name, holds)]
    but = f" ({_listed(numbers)}: numbers or stars, no words)" if numbers else ""
    raise ColumnError(f"no text column among {_listed(names)}{but}: name it with --text-column")


def _worded(names: Sequence[str], holds: Callable[[str, str], bool]) -> list[str]:
    """The columns without those with a common name of the text that are none by their cells.

    Those whose cells say nothing, and then those of labels of answers ("Good", "Kém", 👍), are none where another
    column with such a name is left, or one with words whose name sounds like a text.
    """
    worded = [name for name in names if not _is_text_in_numbers(name, holds)]
    for lesser in _LESSER:
        named = [name for name in worded if is_named_as_text(name)]
        losing = {name for name in named if holds(lesser, name)}
        if losing and (len(losing) < len(named) or _another_has_words(worded, holds)):
            worded = [name for name in worded if name not in losing]
    return worded


def _another_has_words(names: Sequence[str], holds: Callable[[str, str], bool]) -> bool:
    others = [name for name in names if _sounds_like_text(name) and not is_named_as_text(name)]
    return any(holds("text", name) and not any(holds(lesser, name) for lesser in _LESSER) for name in others)


def _is_text_in_numbers(name: str, holds: Callable[[str, str], bool]) -> bool:
    """Whether a column has a common name of the text, but holds no words."""
    return is_named_as_text(name) and not holds("text", name)


def _sounds_like_text(name: str) -> bool:
    spaced = "".join(
        f" {char}" if char.isupper() else char if char.isalnum() else " " for char in name[:_READ]
    )
    parts = {part.casefold() for text in (name[:_READ], spaced) for part in text.replace("_", " ").split()}
    return not parts & _NOT_TEXT_PARTS and any(part in plain for plain in parts for part in _TEXT_PARTS)


def _plain(name: str) -> str:
    folded = without_marks(_NUMBERING.sub("", unicodedata.normalize("NFKC", name)).casefold())
    return "".join(char for char in folded if char.isalnum())


def _listed(names: Iterable[str]) -> str:
    return _plainly_listed([repr(name[:_SHOWN]) for name in names])


def _plainly_listed(names: Sequence[str]) -> str:
    shown = ", ".join(name[: _SHOWN + 2] for name in names[:_MOST_LISTED])  # two for quotes
    return shown + (f" and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else "")
