"""English words in a multilingual tokenizer: whole, and nothing else moved."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from tests.training.tiny import TEXTS
from training.teacher_words import english_share, grafted_embeddings, teacher_words, with_words
from training.tokenizer import train_tokenizer

OLD = train_tokenizer(TEXTS * 20, pieces=420)
WORDS = ["onions", "portions", "blacksmith"]
NEW = with_words(OLD, WORDS)


def tokens(tokenizer: Tokenizer, text: str) -> list[str]:
    return list(tokenizer.encode(text, add_special_tokens=False).tokens)


def test_the_words_become_one_piece_each_and_old_pieces_keep_their_numbers() -> None:
    for word in WORDS:
        assert len(tokens(OLD, word)) > 1
        assert tokens(NEW, word) == ["▁" + word]
    old, new = OLD.get_vocab(), NEW.get_vocab()
    assert {piece: new[piece] for piece in old} == old


@given(st.sampled_from(TEXTS))
def test_texts_without_the_words_are_cut_as_before(text: str) -> None:
    assert tokens(NEW, text) == tokens(OLD, text)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30))
def test_nothing_becomes_unknown(text: str) -> None:
    assert "[UNK]" not in tokens(NEW, text)


def test_adding_the_words_again_changes_nothing() -> None:
    assert with_words(NEW, WORDS).to_str() == NEW.to_str()


def test_words_of_the_teacher_are_common_there_or_seen_twice() -> None:
    pieces = {"the": 5, "##ing": 6, "rare": 9_000, "seen": 9_001, "of": 7, "3rd": 8}
    assert teacher_words(pieces, ["Seen it", "never seen; a rare one"]) == ["seen", "the"]


def test_a_piece_that_others_use_more_is_not_english() -> None:
    share = english_share(NEW, ["too few onions"] * 3, {"vi": ["quá ít"], "da": ["too too"]})
    vocabulary = NEW.get_vocab()
    assert share[vocabulary["▁onions"]] == 1
    assert share[vocabulary["▁blacksmith"]] == 1  # nobody was seen to use it
    assert 0 < share[vocabulary["▁too"]] < 0.5
    assert share[vocabulary["▁quá"]] == 0


def test_english_words_start_from_the_teacher_and_all_others_from_themselves() -> None:
    old, new = OLD.get_vocab(), NEW.get_vocab()
    embeddings = np.random.default_rng(0).normal(size=(len(old), 4)).astype(np.float32)
    teacher = {word: np.full(4, number, np.float32) for number, word in enumerate([*WORDS, "this", "too"], 2)}
    share = np.zeros(len(new))
    share[new["▁too"]] = 0.9
    found = grafted_embeddings(OLD, NEW, embeddings, teacher, share)
    assert (found[new["▁portions"]] == 3).all()
    assert (found[new["▁too"]] == 6).all()
    kept = [number for piece, number in old.items() if piece != "▁too"]
    assert np.array_equal(found[kept], embeddings[kept])
    part = next(piece for piece in new if piece.startswith("▁blacks") and piece != "▁blacksmith")
    pieces = OLD.encode(part.removeprefix("▁"), add_special_tokens=False).ids
    assert np.allclose(found[new[part]], embeddings[pieces].mean(axis=0))
