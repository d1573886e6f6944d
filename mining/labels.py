"""Short labels of causes in the languages of their statements, by class-based TF-IDF."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from math import log
from typing import Self

from data.words import is_stopword, stopwords, words

_MAIN_LANGUAGES = 5
_LEAST_OF_LANGUAGE = 4
_LEAST_COVERAGE = 0.35
_PHRASE_KEEPS = 0.5
# ICU cuts Thai compounds into their parts ("สระ|ว่าย|น้ำ", pool). Three words are one where they hold nearly all texts of
# the term within them, in so many texts; one of these stop words may stand between the others ("อำนวย|ความ|สะดวก").
_COMPOUND_KEEPS, _LEAST_OF_COMPOUND = 0.9, 3
_COMPOUNDING = "th"
_NOUN_MAKERS = frozenset({"การ", "ความ", "ที่"})
# Characters at the beginning of two words, and their share of the longer one, from which they are forms of one.
_LEAST_STEM, _STEM = 3, 0.6
_LONGEST_WORD = 30
# Numbers that name somebody, and what is left of addresses: "11010519491231002x", "mark_zha", "anna.berzina".
_NAMES_SOMEBODY = re.compile(r"\d{5}|[@/_]|\w{2}\.\w{2}")
_UNSPACED = frozenset({"ja", "th", "zh"})
# A label is what a large share of the texts say, which a sample of so many in a language tells as well as all.
_MOST_TEXTS = 1_000

Terms = Mapping[str, int]
Texts = Mapping[str, Collection[int]]  # a distinct text, and the numbers of the people who wrote it


@dataclass(frozen=True, slots=True)
class Tally:
    """What the distinct texts of one cause in one language say.

    Attributes:
        texts: How many there are.
        read: How many of them the terms were counted in.
        terms: Term to the number of the texts read that hold it; words, and pairs of neighbouring words.
        compounds: Three neighbouring words to the same number, in Thai only.
        sole: Of terms and compounds that one person alone says, the number of that person; a signature, say.
    """

    texts: int
    read: int
    terms: Terms
    compounds: Terms
    sole: Mapping[str, int]


Tallies = Mapping[str, Tally]


def tallied(texts: Mapping[str, Texts]) -> dict[str, Tally]:
    """Language to its tally, for language to its texts; of many texts those at even steps are read."""
    found = {}
    for tag, own in texts.items():
        ordered = sorted(own)
        read = ordered[:: -(-len(ordered) // _MOST_TEXTS)]
        terms, compounds, speakers = Counter[str](), Counter[str](), _Speakers()
        for text in read:
            said = words(text, tag)
            of_text, longer = _terms(said, tag), _compounds(said) if tag == _COMPOUNDING else set()
            terms.update(of_text)
            compounds.update(longer)
            people = set(own[text])
            person = people.pop() if len(people) == 1 else None
            for term in of_text | longer:
                speakers.add(term, person)
        found[tag] = Tally(len(ordered), len(read), terms, compounds, speakers.sole())
    return found


def joined(parts: Iterable[Tallies]) -> dict[str, Tally]:
    """The tallies of several causes as those of one."""
    by_language: dict[str, list[Tally]] = defaultdict(list)
    for part in parts:
        for tag, tally in part.items():
            by_language[tag].append(tally)
    found = {}
    for tag, own in by_language.items():
        terms, compounds, speakers = Counter[str](), Counter[str](), _Speakers()
        for tally in own:
            terms.update(tally.terms)
            compounds.update(tally.compounds)
            for term in (*tally.terms, *tally.compounds):
                speakers.add(term, tally.sole.get(term))
        texts, read = sum(tally.texts for tally in own), sum(tally.read for tally in own)
        found[tag] = Tally(texts, read, terms, compounds, speakers.sole())
    return found


class _Speakers:
    """Who says each term: the one person that does, or that several do."""

    def __init__(self) -> None:
        self._first: dict[str, int] = {}
        self._several: set[str] = set()

    def add(self, term: str, person: int | None) -> None:
        """``person`` says ``term``; several do where it is None."""
        if person is None or self._first.setdefault(term, person) != person:
            self._several.add(term)

    def sole(self) -> dict[str, int]:
        return {term: person for term, person in self._first.items() if term not in self._several}


def label_causes(causes: Sequence[Tallies]) -> list[dict[str, str]]:
    """One label for each main language of each cause, largest language first.

    A term scores its share of the texts of the cause in that language, times log(1 + A / total): A is the mean number
    of terms of a cause in that language, and total the number of its texts that hold this one, in any cause. This is
    the class-based TF-IDF of Grootendorst (2022, arXiv:2203.05794) over texts instead of mentions, so that nobody
    repeats a word into a label. What one person alone says is in no label. Stop words, which include words of degree
    and of bare sentiment, name no subject and are left out.

    Args:
        causes: For each cause, language tag to what its texts say.

    Returns:
        For each cause, language to label; at most five languages; none in a language where no two people say the
        same of the subject.
    """
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    for cause in causes:
        for tag, tally in cause.items():
            totals[tag].update(tally.terms)
    spread = {tag: _Spread.of(own, sum(tag in cause for cause in causes)) for tag, own in totals.items()}
    taken: dict[str, set[str]] = defaultdict(set)
    return [_labels_of(cause, spread, taken) for cause in causes]


def main_label(labels: Mapping[str, str], language: str) -> str:
    """The label in ``language`` if that is among the main ones of the cause, else in its largest one."""
    return labels.get(language) or next(iter(labels.values()), "")


@dataclass(frozen=True, slots=True)
class _Spread:
    """How often the terms of one language are said in all causes.

    Attributes:
        total: Term to the number of texts that hold it.
        mean: Terms of a cause, each counted as often as texts hold it, in the mean of the causes.
    """

    total: Terms
    mean: float

    @classmethod
    def of(cls, total: Terms, causes: int) -> Self:
        return cls(total, sum(total.values()) / causes)

    def rarity(self, term: str) -> float:
        return log(1 + self.mean / self.total[term])


def _labels_of(
    cause: Tallies, spread: Mapping[str, _Spread], taken: Mapping[str, set[str]]
) -> dict[str, str]:
    by_size = sorted(cause, key=lambda tag: (-cause[tag].texts, tag))
    labels: dict[str, str] = {}
    for tag in by_size[:_MAIN_LANGUAGES]:
        if labels and cause[tag].texts < _LEAST_OF_LANGUAGE:
            break
        label = _label(cause[tag], spread[tag], tag, taken[tag])
        if label:
            taken[tag].add(label)
            labels[tag] = label
    return labels


def _label(tally: Tally, spread: _Spread, language: str, taken: set[str]) -> str:
    """The best term; a second one where the first covers little or already names another cause."""
    counts, ranked = tally.terms, _ranked(tally, spread)
    if not ranked:
        return ""
    pair = _phrase(ranked[0], ranked, counts)
    best = _whole(pair, tally)
    label = _shown(best, language)
    if counts[pair] >= _LEAST_COVERAGE * tally.read and label not in taken:
        return label
    for other in ranked[1:]:
        term = _whole(_phrase(other, ranked, counts), tally)
        second = f"{label}, {_shown(term, language)}"
        if _apart(best, term) and second not in taken:
            return second
    return label


def _apart(one: str, other: str) -> bool:
    """Whether no word of one term is in the other, or looks like a form of one there ("stay" and "stayed")."""
    return not any(_alike(a, b) for a in one.split() for b in other.split())


def _alike(one: str, other: str) -> bool:
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return one == other or shared >= max(_LEAST_STEM, _STEM * max(len(one), len(other)))


def _ranked(tally: Tally, spread: _Spread) -> list[str]:
    """Terms that at least two people say, best first."""
    scores = {
        term: count / tally.read * spread.rarity(term)
        for term, count in tally.terms.items()
        if term not in tally.sole
    }
    return sorted(scores, key=lambda term: (-round(scores[term], 12), term))


def _phrase(best: str, ranked: Iterable[str], counts: Terms) -> str:
    """A longer term that holds ``best`` and keeps at least half of its texts ("case studies")."""
    longer = [
        term
        for term in ranked
        if len(term.split()) > len(best.split())
        and set(best.split()) < set(term.split())
        and counts[term] >= _PHRASE_KEEPS * counts[best]
    ]
    return longer[0] if longer else best


def _whole(term: str, tally: Tally) -> str:
    """The compound of three words that ``term`` nearly always stands in, the most frequent one; else the term."""
    least = max(_LEAST_OF_COMPOUND, _COMPOUND_KEEPS * tally.terms[term])
    longer = [
        compound
        for compound, count in tally.compounds.items()
        if count >= least and compound not in tally.sole and f" {term} " in f" {compound} "
    ]
    return min(longer, key=lambda compound: (-tally.compounds[compound], compound), default=term)


def _terms(found: Sequence[str], language: str) -> set[str]:
    """The words of a text that can name a subject, and the pairs of neighbours among them."""
    usable = _usable(found, language)
    single = {word for word, good in zip(found, usable, strict=True) if good}
    pairs = {
        f"{a} {b}"
        for a, b, good_a, good_b in zip(found, found[1:], usable, usable[1:], strict=False)
        if good_a and good_b and a != b
    }
    return single | pairs


def _compounds(found: Sequence[str]) -> set[str]:
    """Three neighbours each, as long as one word: the outer two can name a subject, and maybe that between them."""
    # Words in Latin letters have spaces in Thai, too.
    usable = [
        good and not word.isascii() for word, good in zip(found, _usable(found, _COMPOUNDING), strict=True)
    ]
    return {
        " ".join(found[i : i + 3])
        for i in range(len(found) - 2)
        if usable[i]
        and usable[i + 2]
        and (usable[i + 1] or found[i + 1] in _NOUN_MAKERS)
        and len(set(found[i : i + 3])) == 3
        and sum(map(len, found[i : i + 3])) <= _LONGEST_WORD
    }


def _usable(found: Sequence[str], language: str) -> list[bool]:
    """Which of the words can name a subject: no stop word, nor part of one that ICU cut ("เห|รอ")."""
    usable = [_names_something(word, language) for word in found]
    if language in _UNSPACED:
        stops = stopwords(language)
        for i in range(len(found) - 1):
            if usable[i] and usable[i + 1] and found[i] + found[i + 1] in stops:
                usable[i] = usable[i + 1] = False
    return usable


@lru_cache(maxsize=100_000)
def _names_something(word: str, language: str) -> bool:
    """Whether a word can name a subject: no stop word, no number or address of somebody, and long enough.

    A single Han or kana character rarely means something.
    """
    return (
        2 <= len(word) <= _LONGEST_WORD
        and any(unicodedata.category(c)[0] == "L" for c in word)
        and not _NAMES_SOMEBODY.search(word)
        and not is_stopword(word, language)
    )


def _shown(term: str, language: str) -> str:
    return term.replace(" ", "") if language in _UNSPACED else term
