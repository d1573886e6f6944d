"""Short labels of causes in the languages of their statements, by class-based TF-IDF."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from math import log
from typing import Self

from data.words import stopwords, words

_MAIN_LANGUAGES = 5
_LEAST_OF_LANGUAGE = 4
_LEAST_COVERAGE = 0.35
_PHRASE_KEEPS = 0.5
# Characters at the beginning of two words, and their share of the longer one, from which they are forms of one.
_LEAST_STEM, _STEM = 3, 0.6
_LONGEST_WORD = 30
_UNSPACED = frozenset({"ja", "th", "zh"})
# A label is what a large share of the texts say, which a sample of so many in a language tells as well as all.
_MOST_TEXTS = 1_000

Terms = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Tally:
    """What the distinct texts of one cause in one language say.

    Attributes:
        texts: How many there are.
        read: How many of them the terms were counted in.
        first: The first of them by the alphabet.
        terms: Term to the number of the texts read that hold it; words, and pairs of neighbouring words.
    """

    texts: int
    read: int
    first: str
    terms: Terms


Tallies = Mapping[str, Tally]


def tallied(texts: Mapping[str, Collection[str]]) -> dict[str, Tally]:
    """Language to its tally, for language to its distinct texts; of many texts those at even steps are read."""
    found = {}
    for tag, own in texts.items():
        ordered = sorted(own)
        read = ordered[:: -(-len(ordered) // _MOST_TEXTS)]
        terms = Counter(term for text in read for term in _terms(text, tag))
        found[tag] = Tally(len(ordered), len(read), ordered[0], terms)
    return found


def joined(parts: Iterable[Tallies]) -> dict[str, Tally]:
    """The tallies of several causes as those of one."""
    by_language: dict[str, list[Tally]] = defaultdict(list)
    for part in parts:
        for tag, tally in part.items():
            by_language[tag].append(tally)
    found = {}
    for tag, own in by_language.items():
        terms: Counter[str] = Counter()
        for tally in own:
            terms.update(tally.terms)
        first = min(tally.first for tally in own)
        found[tag] = Tally(sum(tally.texts for tally in own), sum(tally.read for tally in own), first, terms)
    return found


def label_causes(causes: Sequence[Tallies]) -> list[dict[str, str]]:
    """One label for each main language of each cause, largest language first.

    A term scores its share of the texts of the cause in that language, times log(1 + A / total): A is the mean number
    of terms of a cause in that language, and total the number of its texts that hold this one, in any cause. This is
    the class-based TF-IDF of Grootendorst (2022, arXiv:2203.05794) over texts instead of mentions, so that nobody
    repeats a word into a label. Stop words, which include words of degree and of bare sentiment, name no subject and
    are left out.

    Args:
        causes: For each cause, language tag to what its texts say.

    Returns:
        For each cause, language to label; at most five languages; never empty for a cause with texts, since
        the largest language falls back on the beginning of a text.
    """
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    for cause in causes:
        for tag, tally in cause.items():
            totals[tag].update(tally.terms)
    spread = {tag: _Spread.of(own, sum(tag in cause for cause in causes)) for tag, own in totals.items()}
    taken: dict[str, set[str]] = defaultdict(set)
    return [_labels_of(cause, spread, taken) for cause in causes]


def main_language(causes: Iterable[Tallies]) -> str:
    """The language of most texts of all causes, which whoever reads the file most likely knows; "" without any."""
    texts: Counter[str] = Counter()
    for cause in causes:
        texts.update({tag: tally.texts for tag, tally in cause.items()})
    return min(texts, key=lambda tag: (-texts[tag], tag), default="")


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
    if not labels and by_size:
        labels[by_size[0]] = cause[by_size[0]].first[:_LONGEST_WORD]
    return labels


def _label(tally: Tally, spread: _Spread, language: str, taken: set[str]) -> str:
    """The best term; a second one where the first covers little or already names another cause."""
    counts, ranked = tally.terms, _ranked(tally, spread)
    if not ranked:
        return ""
    best = _phrase(ranked[0], ranked, counts)
    label = _shown(best, language)
    if counts[best] >= _LEAST_COVERAGE * tally.read and label not in taken:
        return label
    for other in ranked[1:]:
        term = _phrase(other, ranked, counts)
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
    """Terms of at least two texts (of one, where none is said twice), best first."""
    least = min(2, max(tally.terms.values(), default=1))
    scores = {
        term: count / tally.read * spread.rarity(term)
        for term, count in tally.terms.items()
        if count >= least
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


def _terms(text: str, language: str) -> set[str]:
    stops = stopwords(language)
    found = words(text, language)
    usable = [_names_something(word) and word not in stops for word in found]
    single = {word for word, good in zip(found, usable, strict=True) if good}
    pairs = {
        f"{a} {b}"
        for a, b, good_a, good_b in zip(found, found[1:], usable, usable[1:], strict=False)
        if good_a and good_b and a != b
    }
    return single | pairs


@lru_cache(maxsize=100_000)
def _names_something(word: str) -> bool:
    """Whether a word is long enough to mean something; a single Han or kana character rarely is."""
    return 2 <= len(word) <= _LONGEST_WORD and any(unicodedata.category(c)[0] == "L" for c in word)


def _shown(term: str, language: str) -> str:
    return term.replace(" ", "") if language in _UNSPACED else term
