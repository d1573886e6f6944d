"""Whether a column whose name only hints at a role has it, and one named as the text has words, by its first cells."""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import Final

from data.fields import as_rating, as_text
from data.non_answers import says_nothing
from data.prose import FIRST_ROWS
from data.records import Rejection
from data.tables import Table
from data.times import as_time

_HIGHEST_RATING: Final = 100
_MOST_RATINGS: Final = 101  # of one column: 0 to 100
_LONGEST_TITLE: Final = 200  # characters
_READ: Final = 20_000  # characters of a cell, which may have millions
# A few ratings come with a remark ("5, was sold out"), and many a message is "10/10".
_LEAST_WORDY: Final = 0.1
_MOST_LABELS: Final = 7  # different answers that a question offers: "very satisfied" to "very dissatisfied"
_LABELLED: Final = 4  # cells that one of them is in, on average
_LONGEST_LABEL: Final = 30  # characters


class FirstCells:
    """The first rows of a table, read again for each question: few columns have a name that asks one."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def hold(self, role: str, column: str) -> bool:
        """Whether more than half of the filled ones in ``column`` can be read as ``role``: rating, time or title.

        Of a text is asked besides whether its cells say "nothing", and whether they are "labels", a few short ones
        again and again.

        Less is asked of the text: a tenth of the cells that say anything have words, beside bare numbers, dates or
        stars. Where none says anything nobody can tell, and the column holds it.

        No ratings are numbers of orders and of points: one over 100, or more of them than 0 to 100. No titles of what
        people wrote are those of products and of persons, which repeat: more than half of the cells have to differ.
        """
        place = self._table.names.index(column)
        rows = islice(self._table.rows(), FIRST_ROWS)
        cells = [_beginning(row[1][place]) for row in rows if not isinstance(row, Rejection)]
        filled = [cell for cell in cells if as_text(cell) is not None]
        if role == "text":
            return _have_words(filled)
        if role == "nothing":
            return not _saying(filled)
        if role == "labels":
            return _are_labels(filled)
        if role in _TOGETHER and not _TOGETHER[role](filled):
            return False
        return 2 * sum(map(_ALONE[role], filled)) > len(filled)


def _beginning(cell: object) -> object:
    return (as_text(cell) or "")[:_READ] if isinstance(cell, (str, bytes)) else cell


def _saying(cells: Sequence[object]) -> list[object]:
    return [cell for cell in cells if not says_nothing(as_text(cell) or "")]


def _have_words(cells: Sequence[object]) -> bool:
    saying = _saying(cells)
    wordy = sum(not _is_bare(cell) for cell in saying)
    return not saying or wordy >= _LEAST_WORDY * len(saying)


def _are_labels(cells: Sequence[object]) -> bool:
    """Whether there are few different cells and short ones. What stands beside ratings is a remark."""
    saying = [(as_text(cell) or "").strip().casefold() for cell in _saying(cells)]
    labels = set(saying)
    few = 0 < len(labels) <= _MOST_LABELS and _LABELLED * len(labels) <= len(saying)
    return few and not any(len(label) > _LONGEST_LABEL or _is_bare(label) for label in labels)


def _is_bare(cell: object) -> bool:
    """Whether a cell is a rating, a number or a date, without a word. What is nested is refused elsewhere."""
    if isinstance(cell, (dict, list)):
        return False
    text = as_text(cell) or ""
    return _is_rating(cell) or (any(map(str.isdigit, text)) and not any(map(str.isalpha, text)))


def _is_rating(cell: object) -> bool:
    return as_rating(cell) is not None


def _is_time(cell: object) -> bool:
    return any(as_time(cell, day_first=order) is not None for order in (True, False))


def _is_title(cell: object) -> bool:
    return isinstance(cell, str) and len(cell) <= _LONGEST_TITLE and any(map(str.isalpha, cell))


def _are_ratings(cells: Sequence[object]) -> bool:
    values = {value for value in map(as_rating, cells) if value is not None}
    return max(values, default=0) <= _HIGHEST_RATING and len(values) <= _MOST_RATINGS


def _differ(cells: Sequence[object]) -> bool:
    return 2 * len({(as_text(cell) or "").strip().casefold() for cell in cells}) > len(cells)


_ALONE: Final[Mapping[str, Callable[[object], bool]]] = MappingProxyType(
    {"rating": _is_rating, "time": _is_time, "title": _is_title}
)
_TOGETHER: Final[Mapping[str, Callable[[Sequence[object]], bool]]] = MappingProxyType(
    {"rating": _are_ratings, "title": _differ}
)
