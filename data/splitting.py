"""A message as the statements in it: sentences, then clauses, each with its exact place in the text."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from data.abbreviations import goes_on
from data.clauses import clause_cuts
from data.courtesies import without_courtesies
from data.language import identify, identify_parts
from data.list_numbers import list_numbers
from data.records import Feedback, Statement
from data.web_addresses import WEB_ADDRESS
from data.words import segments, stopwords, words
from data.wrapped_lines import unwrapped

MAX_STATEMENT: Final = 300  # code points; longer text is cut at a pause, a space or a word's edge

_ADDRESS: Final = re.compile(
    WEB_ADDRESS + r"|[A-Za-z0-9_.%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}",
    re.IGNORECASE,
)
_LIST_MARK: Final = re.compile(r"\s*(?:\(?\d{1,3}[.)]|[-•*–·])\s*")
# One word, or one character where words have no spaces, with its stop, as "Worst." and "太！".
_SPACED: Final = r"[^\W\u0e00-\u0e7f\u2e80-\u9fff]+"
_WORD: Final = re.compile(rf"\W*(?:\w|{_SPACED}(?:['’]{_SPACED})?)\W*")
_LONGEST_WORD: Final = 24
_PAUSES: Final = ",，、;；:،"
_JOINERS: Final = "\u200d\ufe0f\ufe0e"
_LONE_SURROGATES: Final = re.compile(r"[\ud800-\udfff]")


def split_statements(feedback: Feedback) -> tuple[Statement, ...]:
    """Split a message into the statements that each say one thing.

    Every character but white space and courtesies is in exactly one statement, ``feedback.text[start:end]`` is its
    text in Unicode code points, and each statement holds a letter wherever the message has one. Sentences are ICU's
    (mended for how people type), clauses are those of ``data.clauses``, courtesies those of ``data.courtesies``; of
    courtesies alone a message is one statement. A line break ends a statement unless a program wrapped the line
    (``data.wrapped_lines``). White space alone gives ().
    """
    text = feedback.text
    language = feedback.language or identify([text])[0]
    flat = unwrapped(text)
    spans = _said(text, language) if flat is None else flat.written(_said(flat.text, language))
    texts = [text[start:end] for start, end in spans]
    languages = identify_parts(text, texts, language)
    return tuple(
        Statement(
            id=f"{feedback.id}#{place + 1}",
            feedback_id=feedback.id,
            start=start,
            end=end,
            text=texts[place],
            language=languages[place],
        )
        for place, (start, end) in enumerate(spans)
    )


def _said(text: str, language: str) -> Sequence[tuple[int, int]]:
    """The spans of the statements: those of the clauses less courtesies; where there is nothing else, all as one."""
    spans = _emphatic(text, _joined(text, _pieces(text, language)), language)
    if len(spans) < 2:
        return spans
    said = without_courtesies(text, spans, language)
    if said:
        return said
    whole = (spans[0][0], spans[-1][1])
    return [whole] if whole[1] - whole[0] <= MAX_STATEMENT else spans


def _pieces(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Consecutive spans that cover ``text``: clauses, none longer than ``MAX_STATEMENT``."""
    addresses = [match.span() for match in _ADDRESS.finditer(text)]
    sentences = _before_numbers(text, _sentence_cuts(text, language))
    for start, end in _spans(_outside(addresses, sentences), len(text)):
        clauses = (start + cut for cut in clause_cuts(text[start:end], language))
        for first, last in pairwise([start, *_outside(addresses, clauses), end]):
            yield from _capped(text, first, last)


def _spans(cuts: Iterable[int], length: int) -> Iterator[tuple[int, int]]:
    return pairwise([0, *sorted({cut for cut in cuts if 0 < cut < length}), length])


def _outside(addresses: Sequence[tuple[int, int]], cuts: Iterable[int]) -> Iterator[int]:
    """The cuts that go through none of the addresses, which stand in order and apart."""
    for cut in cuts:
        # Only the last address that starts before the cut can reach it: comparing with all would be quadratic.
        before = bisect_left(addresses, (cut, 0)) - 1
        if before < 0 or cut >= addresses[before][1]:
            yield cut


def _sentence_cuts(text: str, language: str) -> Iterator[int]:
    """Ends of ICU's sentences except behind abbreviations, and full stops without a space: "slow.The"."""
    from icu4py.breakers import SentenceBreaker

    position = 0
    # ICU counts in UTF-16; the lengths of its pieces count in code points.
    for sentence in SentenceBreaker(_LONE_SURROGATES.sub("\ufffd", text), language):
        position += len(sentence)
        if not goes_on(text, position, language):
            yield position
    for match in re.finditer(r"(?<=[^\W\d_]{2})[.!?]+(?=[^\W\d_])", text):
        if text[match.start() - 1].islower() and text[match.end()].isupper():
            yield match.end()


def _before_numbers(text: str, cuts: Iterable[int]) -> Iterator[int]:
    """The cuts, those behind a number of a list ("2. ") before it, for it belongs to what follows."""
    begins = {end: start for start, end in list_numbers(text)}
    for cut in cuts:
        yield begins.get(cut, cut)


def _capped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > MAX_STATEMENT:
        cut = _cut_before(text, start, start + MAX_STATEMENT)
        yield start, cut
        start = cut
    yield start, end


def _cut_before(text: str, start: int, limit: int) -> int:
    """The best place to cut in the second half of ``text[start:limit]``."""
    half = (start + limit) // 2
    places = range(limit, half, -1)
    for is_good in (lambda char: char in _PAUSES, str.isspace):
        found = next((place for place in places if is_good(text[place - 1])), None)
        if found is not None:
            return found
    *_, last_word = segments(text[start:limit], "und")
    edge = limit - len(last_word)
    return edge if edge > half else _whole_character(text, half, limit)


def _whole_character(text: str, half: int, limit: int) -> int:
    """``limit`` or a little before it, so that no mark or emoji part is torn off its base."""
    for place in range(limit, half, -1):
        torn = text[place] in _JOINERS or text[place - 1] == "\u200d" or unicodedata.combining(text[place])
        if not torn:
            return place
    return limit


def _joined(text: str, pieces: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Trim white space, and let a piece without letters ("!!!", "2.", an emoji) join a neighbour."""
    joined: list[tuple[int, int]] = []
    waiting: int | None = None  # start of a piece that waits for the next one
    for start, end in pieces:
        trimmed = text[start:end].strip()
        if not trimmed:
            continue
        start = text.index(trimmed, start)
        end = start + len(trimmed)
        if waiting is not None:
            start, waiting = waiting, None
        if any(map(str.isalpha, trimmed)):
            joined.append((start, end))
        elif joined and not _LIST_MARK.fullmatch(trimmed):
            joined[-1] = (joined[-1][0], end)
        else:
            waiting = start
    if waiting is not None:
        joined[-1:] = [(joined[-1][0] if joined else waiting, len(text.rstrip()))]
    return joined


def _emphatic(text: str, spans: Iterable[tuple[int, int]], language: str) -> list[tuple[int, int]]:
    """Spans in which a sentence with a stop behind every word or character is one: "Worst. App. Ever.", "太！贵！了！".

    Words with stops are one sentence from three on, and where one of them is a function word, for "Slow. Rude. Dirty."
    says three things.
    """
    found: list[tuple[int, int]] = []
    for run in _single_words(text, spans):
        found += [(run[0][0], run[-1][1])] if _is_one_sentence(text, run, language) else run
    return found


def _is_one_sentence(text: str, run: list[tuple[int, int]], language: str) -> bool:
    if len(run) == 1:
        return True
    said = " ".join(text[start:end] for start, end in run)
    if sum(map(str.isalpha, said)) == len(run):  # a character each
        return True
    return len(run) > 2 and not stopwords(language).isdisjoint(words(said, language))


def _single_words(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """The spans in runs: those of one word each that follow one another on a line, and each other span alone."""
    run: list[tuple[int, int]] = []
    for span in spans:
        if run and not (
            _is_word(text, *run[-1])
            and _is_word(text, *span)
            and "\n" not in text[run[-1][1] : span[0]]
            and span[1] - run[0][0] <= MAX_STATEMENT
        ):
            yield run
            run = []
        run.append(span)
    if run:
        yield run


def _is_word(text: str, start: int, end: int) -> bool:
    return end - start <= _LONGEST_WORD and _WORD.fullmatch(text, start, end) is not None
