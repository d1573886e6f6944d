"""Short labels of causes in the languages of their statements, by class-based TF-IDF."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from data.words import stopwords, words

_MAIN_LANGUAGES = 5
_LEAST_OF_LANGUAGE = 4
_LEAST_COVERAGE = 0.35
_PHRASE_KEEPS = 0.5
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

    A term scores its share of the texts of the cause in that language, times log(1 + mean / total) of the
    texts that hold it anywhere in that language: the class-based TF-IDF of Grootendorst (2022,
    arXiv:2203.05794) over texts instead of mentions, so that nobody repeats a word into a label. Stop words,
    which include words of degree and of bare sentiment, name no subject and are left out.

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
    taken: dict[str, set[str]] = defaultdict(set)
    return [_labels_of(cause, totals, taken) for cause in causes]


def main_label(labels: Mapping[str, str]) -> str:
    """The English label if English is among the main languages, else that of the largest one."""
    return labels.get("en") or next(iter(labels.values()), "")


def _labels_of(cause: Tallies, totals: Mapping[str, Terms], taken: Mapping[str, set[str]]) -> dict[str, str]:
    by_size = sorted(cause, key=lambda tag: (-cause[tag].texts, tag))
    labels: dict[str, str] = {}
    for tag in by_size[:_MAIN_LANGUAGES]:
        if labels and cause[tag].texts < _LEAST_OF_LANGUAGE:
            break
        label = _label(cause[tag].terms, totals[tag], cause[tag].read, tag, taken[tag])
        if label:
            taken[tag].add(label)
            labels[tag] = label
    if not labels and by_size:
        labels[by_size[0]] = cause[by_size[0]].first[:_LONGEST_WORD]
    return labels


def _label(counts: Terms, totals: Terms, texts: int, language: str, taken: set[str]) -> str:
    """The best term; a second one where the first covers little or already names another cause."""
    ranked = _ranked(counts, totals, texts)
    if not ranked:
        return ""
    best = _phrase(ranked[0], ranked, counts)
    label = _shown(best, language)
    if counts[best] >= _LEAST_COVERAGE * texts and label not in taken:
        return label
    for term in ranked[1:]:
        apart = not set(term.split()) & set(best.split())
        second = f"{label}, {_shown(term, language)}"
        if apart and second not in taken:
            return second
    return label


def _ranked(counts: Terms, totals: Terms, texts: int) -> list[str]:
    """Terms of at least two texts (of one, where none is said twice), best first."""
    least = min(2, max(counts.values(), default=1))
    mean = sum(totals.values()) / max(1, len(totals))
    scores = {
        term: count / texts * log(1 + mean / totals[term]) * (1 + log(count))
        for term, count in counts.items()
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
