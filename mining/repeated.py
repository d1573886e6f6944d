"""Sentences that stand word for word in the messages of many people beside their own words, and are nobody's own."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.customers import author_key
from data.line_labels import names_a_reply, opening_label
from data.records import Feedback, Statement
from data.words import weight
from mining.bare_texts import bare
from mining.counts import most_common

Bools = NDArray[np.bool_]

_NUMBERS: Final = re.compile(r"\d+")
# Below this weight (letters, Han counting as three) many people say the same of their own accord ("Too expensive!").
_SHORTEST: Final = 16
_FEWEST_PEOPLE, _LEAST_OF_PEOPLE = 10, 0.01
# What praises or complains may be what people chose from a list, or say alike. It is nobody's own only where it is too
# long for that, or most of those who write in its language have it.
_LONG, _MOST = 40, 0.5
# People type one thing in several ways ("Highly recommended", "Highly recommended!"), machines in one.
_TYPED_ALIKE: Final = 0.95
# Copies of a whole message have the same words beside the sentence; they are campaigns (``mining.people``).
_OTHERWISE_UNLIKE: Final = 0.9


def repeated_statements(
    feedback: Sequence[Feedback], statements: Sequence[Statement], takes_side: Bools
) -> Bools:
    """(n,) whether each statement is a disclaimer, a question of a survey, a line of an agent or of a template.

    So is one of at least 16 letters that at least 10 people and 1 % of all have word for word, numbers apart, if at
    least 95 % of its copies are typed alike and at least 90 % of the messages with it have words of their own beside
    it, unlike those of the others. One that mostly takes a side must also have 40 letters, be in the messages of
    half of the people who write in its language, or stand behind one label of a reply in all of them ("Shop's reply:").

    Args:
        feedback: Messages with distinct ids, in any order.
        statements: n statements of them, in any order.
        takes_side: (n,) whether the model reads a complaint or praise in it.
    """
    authors = {message.id: author_key(message.author or "") or f"\0{message.id}" for message in feedback}
    words = [_NUMBERS.sub("0", bare(statement.text)) for statement in statements]
    fewest = max(_FEWEST_PEOPLE, _LEAST_OF_PEOPLE * len(set(authors.values())))
    common = _common(statements, words, authors, fewest)
    if not common:
        return np.zeros(len(statements), dtype=bool)
    own, speakers = _own_words(statements, words, common), _speakers(statements, authors)
    labels = _reply_labels(statements)
    repeated = {
        text
        for text, rows in common.items()
        if _is_nobodys(statements, rows, own)
        and (
            2 * takes_side[rows].sum() < len(rows)
            or weight(text) >= _LONG
            or _is_replied(rows, labels)
            or _most_have_it(statements, rows, authors, speakers)
        )
    }
    return np.array([text in repeated for text in words], dtype=bool)


def _common(
    statements: Sequence[Statement], words: Sequence[str], authors: dict[str, str], fewest: float
) -> dict[str, list[int]]:
    """The texts that enough people have, to the positions of their statements."""
    counts = Counter(words)
    rows: dict[str, list[int]] = defaultdict(list)
    for position, text in enumerate(words):
        if counts[text] >= fewest and weight(text) >= _SHORTEST:
            rows[text].append(position)
    return {
        text: found
        for text, found in rows.items()
        if len({authors[statements[i].feedback_id] for i in found}) >= fewest
    }


def _own_words(
    statements: Sequence[Statement], words: Sequence[str], common: dict[str, list[int]]
) -> dict[str, tuple[str, ...]]:
    """What each message says beside the common texts."""
    own: dict[str, list[str]] = defaultdict(list)
    for statement, text in zip(statements, words, strict=True):
        if text not in common:
            own[statement.feedback_id].append(text)
    return {message: tuple(sorted(texts)) for message, texts in own.items()}


def _speakers(statements: Sequence[Statement], authors: dict[str, str]) -> dict[str, set[str]]:
    """Language to the people with a statement in it."""
    found: dict[str, set[str]] = defaultdict(set)
    for statement in statements:
        found[statement.language].add(authors[statement.feedback_id])
    return found


def _reply_labels(statements: Sequence[Statement]) -> list[str | None]:
    """The last label that opens a statement below other text, at or above each statement, where it names a reply.

    None elsewhere: what stands behind other labels ("Cons:", "Update:") is the author's.
    """
    labels: list[str | None] = [None] * len(statements)
    label, message = None, None
    for i in sorted(range(len(statements)), key=lambda i: (statements[i].feedback_id, statements[i].start)):
        if statements[i].feedback_id == message:
            own = opening_label(statements[i].text)
            label = label if own is None else own.casefold() if names_a_reply(own) else None
        else:
            label, message = None, statements[i].feedback_id
        labels[i] = label
    return labels


def _is_replied(rows: Sequence[int], labels: Sequence[str | None]) -> bool:
    first = labels[rows[0]]
    return first is not None and all(labels[i] == first for i in rows)


def _most_have_it(
    statements: Sequence[Statement],
    rows: Sequence[int],
    authors: dict[str, str],
    speakers: dict[str, set[str]],
) -> bool:
    language = most_common(statements[i].language for i in rows) or ""  # never "": there are rows
    return len({authors[statements[i].feedback_id] for i in rows}) >= _MOST * len(speakers[language])


def _is_nobodys(
    statements: Sequence[Statement], rows: Sequence[int], own: dict[str, tuple[str, ...]]
) -> bool:
    # A program that wraps mails breaks one sentence at another place in each.
    typed = Counter(_NUMBERS.sub("0", " ".join(statements[i].text.split())) for i in rows)
    messages = {statements[i].feedback_id for i in rows}
    beside = {own.get(message, ()) for message in messages} - {()}
    typed_alike = max(typed.values()) >= _TYPED_ALIKE * len(rows)
    return typed_alike and len(beside) >= _OTHERWISE_UNLIKE * len(messages)
