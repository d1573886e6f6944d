"""Puts an encoder back on the teacher's body, and gives it the teacher's English words.

    countervoice graft --corpora path/to/corpora --start build/encoder --out build/grafted

Long fine-tuning leaves a body that knows its training texts by heart. The token embeddings that grew over it still fit
the body of the teacher, and better than their own (docs/training-log.md, section 10), so the next fine-tuning starts
from there. Heads of a checkpoint are kept.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import torch

from models.encoding import load_encoder
from training import corpora
from training.pretrain import save_like
from training.rows import labelled_rows
from training.teacher import teacher_folder
from training.teacher_body import put_on_body, token_embeddings
from training.teacher_words import english_share, grafted_embeddings, teacher_words, with_words

PER_LANGUAGE = 6_000


@dataclass(frozen=True, slots=True)
class Grafted:
    """What was done.

    Attributes:
        words: Teacher's words that are one piece now.
        pieces: Of the vocabulary now.
        before: Of the vocabulary before.
    """

    words: int
    pieces: int
    before: int


def graft(folder: Path, start: Path, out: Path) -> Grafted:
    """Write to ``out`` what ``start`` is, an encoder or a checkpoint, with the teacher's body and English words.

    Args:
        folder: Of the public corpora.
        start: Made by ``countervoice pretrain`` or ``train``: its body has the teacher's shape.
        out: Folder to write; ``countervoice train --encoder`` takes it.

    Raises:
        CheckpointError: ``start`` cannot be loaded or has another shape.
        SettingsError: The teacher is not installed.
    """
    from transformers import AutoModel, AutoTokenizer

    network, tokenizer = load_encoder(str(start))
    teacher = AutoModel.from_pretrained(teacher_folder())
    put_on_body(network, teacher.state_dict())
    vocabulary = AutoTokenizer.from_pretrained(teacher_folder()).get_vocab()
    texts = _texts(folder)
    words = teacher_words(vocabulary, texts["en"])
    known = teacher.get_input_embeddings().weight.detach().numpy()
    old = tokenizer.backend_tokenizer
    new = with_words(old, words)
    some = {language: _some(of) for language, of in texts.items()}
    embeddings = grafted_embeddings(
        old,
        new,
        token_embeddings(network).detach().numpy(),
        {word: known[vocabulary[word]] for word in words},
        english_share(new, some.pop("en"), some),
    )
    network.encoder.resize_token_embeddings(len(embeddings), mean_resizing=False)
    token_embeddings(network).data.copy_(torch.from_numpy(embeddings))
    save_like(start, network, new, out)
    return Grafted(words=len(words), pieces=len(embeddings), before=old.get_vocab_size())


def _texts(folder: Path) -> dict[str, pd.Series]:
    """Language to the different training texts in it, of the parallel and of the labelled rows."""
    pairs = corpora.public(folder, "parallel").query("split == 'train'")
    labelled = labelled_rows(folder).query("split == 'train'")
    english = pd.DataFrame({"lang": "en", "text": pairs.en})
    rows = pd.concat([english, pairs.rename(columns={"xx": "text"}), labelled])[["lang", "text"]]
    return {str(language): of.text for language, of in rows.drop_duplicates().groupby("lang")}


def _some(texts: pd.Series) -> list[str]:
    return list(texts.sort_values().sample(min(len(texts), PER_LANGUAGE), random_state=0))
