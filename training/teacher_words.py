"""Gives a multilingual tokenizer the English words that the teacher knows whole, and takes nothing from it.

A vocabulary shared by many languages cuts English into pieces ("on ions", "bl ade") of which the teacher never
learned a meaning. Merges appended to a byte-pair encoder have the lowest rank: every text is cut as before, and only
then do the pieces of such a word join. Other languages keep their pieces, and the new words start from the teacher's
own embeddings.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

SPACE = "▁"
WORD = re.compile(r"[a-z]{3,}")
COMMON = 8_000
SEEN = 2
ROUNDS = 16


def teacher_words(vocabulary: Mapping[str, int], texts: Iterable[str]) -> list[str]:
    """Whole words of the teacher that stand in ``texts`` twice, or that are among its ``COMMON`` first pieces.

    Args:
        vocabulary: The teacher's pieces and their numbers, the commonest first.
        texts: English.
    """
    seen = Counter(word for text in texts for word in WORD.findall(text.lower()))
    return sorted(
        piece
        for piece, number in vocabulary.items()
        if WORD.fullmatch(piece) and (number < COMMON or seen[piece] >= SEEN)
    )


def with_words(tokenizer: Tokenizer, words: Sequence[str]) -> Tokenizer:
    """A copy of a byte-pair ``tokenizer`` in which each of ``words`` is one piece; the old pieces keep their numbers.

    Words are built up from the left, a piece a round; parts of words on the way ("▁abstra") become pieces, too.
    """
    made = json.loads(tokenizer.to_str())
    vocabulary, merges = made["model"]["vocab"], made["model"]["merges"]
    for _ in range(ROUNDS):
        known = {tuple(merge) for merge in merges}
        cut = _cut(Tokenizer.from_str(json.dumps(made)), words)
        joined = {tuple(pieces[:2]) for pieces in cut if len(pieces) > 1} - known
        if not joined:
            break
        for left, right in sorted(joined):
            merges.append([left, right])
            vocabulary.setdefault(left + right, len(vocabulary))
    return Tokenizer.from_str(json.dumps(made))


def english_share(
    tokenizer: Tokenizer, english: Sequence[str], others: Mapping[str, Sequence[str]]
) -> NDArray[np.float64]:
    """(pieces,) how English a piece is, in [0, 1]: its rate there by that and its rate where else it is commonest.

    A piece that nobody was seen to use is English.
    """
    rate = _rates(tokenizer, english)
    elsewhere = np.max([_rates(tokenizer, texts) for texts in others.values()], axis=0, initial=0.0)
    used = rate + elsewhere > 0
    share = np.ones(len(rate))
    share[used] = rate[used] / (rate + elsewhere)[used]
    return share


def grafted_embeddings(
    old: Tokenizer,
    new: Tokenizer,
    embeddings: NDArray[np.float32],
    teacher: Mapping[str, NDArray[np.float32]],
    share: NDArray[np.float64],
) -> NDArray[np.float32]:
    """(new pieces, d) embeddings: the teacher's for English words, the mean of its pieces for a part of a word.

    Args:
        old, new: Before and after ``with_words``.
        embeddings: (old pieces, d) of ``old``.
        teacher: Word to its (d,) embedding.
        share: (new pieces,) see ``english_share``; an old piece that is less than half English keeps its own.
    """
    vocabulary = new.get_vocab()
    grafted = np.zeros((len(vocabulary), embeddings.shape[1]), np.float32)
    grafted[: len(embeddings)] = embeddings
    for piece, number in vocabulary.items():
        word = piece.removeprefix(SPACE)
        is_new = number >= len(embeddings)
        if piece.startswith(SPACE) and word in teacher and (is_new or share[number] >= 0.5):
            grafted[number] = teacher[word]
        elif is_new:
            grafted[number] = embeddings[_ids(old, piece)].mean(axis=0)
    return grafted


def _cut(tokenizer: Tokenizer, words: Sequence[str]) -> list[list[str]]:
    return [list(e.tokens) for e in tokenizer.encode_batch(list(words), add_special_tokens=False)]


def _ids(tokenizer: Tokenizer, piece: str) -> list[int]:
    return list(tokenizer.encode(piece.replace(SPACE, " ").strip(), add_special_tokens=False).ids)


def _rates(tokenizer: Tokenizer, texts: Sequence[str]) -> NDArray[np.float64]:
    encoded = tokenizer.encode_batch(list(texts), add_special_tokens=False)
    ids = np.fromiter((i for e in encoded for i in e.ids), np.int64)
    counts = np.bincount(ids, minlength=tokenizer.get_vocab_size())
    return counts.astype(np.float64) / max(1, len(ids))
