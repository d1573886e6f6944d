"""Short labels of causes in the languages of their statements, by class-based TF-IDF."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log

from data.words import stopwords, words

_MAIN_LANGUAGES = 5
_LEAST_OF_LANGUAGE = 4
_LEAST_COVERAGE = 0.35
_PHRASE_KEEPS = 0.5
_LONGEST_WORD = 30
_UNSPACED = frozenset({"ja", "th", "zh"})

Terms = Mapping[str, int]


def label_causes(texts: Sequence[Mapping[str, Sequence[str]]]) -> list[dict[str, str]]:
    """One label for each main language of each cause, largest language first.

    A term scores its share of the texts of the cause in that language, times log(1 + mean / total) of the
    texts that hold it anywhere in that language: the class-based TF-IDF of Grootendorst (2022,
    arXiv:2203.05794) over texts instead of mentions, so that nobody repeats a word into a label. Stop words,
    which include words of degree and of bare sentiment, name no subject and are left out.

    Args:
        texts: For each cause, language tag to its distinct texts. Causes of thousands of texts are fine.

    Returns:
        For each cause, language to label; at most five languages; never empty for a cause with texts, since
        the largest language falls back on the beginning of a text.
    """
    tallies = [{tag: _tally(found, tag) for tag, found in cause.items()} for cause in texts]
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    for tally in tallies:
        for tag, counts in tally.items():
            totals[tag].update(counts)
    taken: dict[str, set[str]] = defaultdict(set)
    labels = []
    for cause, counts_of in zip(texts, tallies, strict=True):
        labels.append(_labels_of(cause, counts_of, totals, taken))
    return labels


def main_label(labels: Mapping[str, str]) -> str:
    """The English label if English is among the main languages, else that of the largest one."""
    return labels.get("en") or next(iter(labels.values()), "")


def _labels_of(
    cause: Mapping[str, Sequence[str]],
    counts_of: Mapping[str, Terms],
    totals: Mapping[str, Terms],
    taken: Mapping[str, set[str]],
) -> dict[str, str]:
    by_size = sorted(cause, key=lambda tag: (-len(cause[tag]), tag))
    labels: dict[str, str] = {}
    for tag in by_size[:_MAIN_LANGUAGES]:
        if labels and len(cause[tag]) < _LEAST_OF_LANGUAGE:
            break
        label = _label(counts_of[tag], totals[tag], len(cause[tag]), tag, taken[tag])
        if label:
            taken[tag].add(label)
            labels[tag] = label
    if not labels and by_size:
        labels[by_size[0]] = min(cause[by_size[0]])[:_LONGEST_WORD]
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


def _tally(texts: Sequence[str], language: str) -> Counter[str]:
    """Term to number of texts that hold it; terms are words and pairs of neighbouring words."""
    return Counter(term for text in texts for term in _terms(text, language))


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


def _names_something(word: str) -> bool:
    """Whether a word is long enough to mean something; a single Han or kana character rarely is."""
    return 2 <= len(word) <= _LONGEST_WORD and any(unicodedata.category(c)[0] == "L" for c in word)


def _shown(term: str, language: str) -> str:
    return term.replace(" ", "") if language in _UNSPACED else term
