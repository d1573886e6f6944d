"""A tiny encoder, made here in a second: what tests use instead of a download."""

from pathlib import Path

import pandas as pd
import torch
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from training.tokenizer import train_tokenizer

TEXTS = [
    "too few examples in this book",
    "too many case studies in this book",
    "quá ít ví dụ trong sách",
    "quá nhiều nghiên cứu điển hình",
    "ตัวอย่างน้อยเกินไป",
    "กรณีศึกษามากเกินไป",
    "pārāk maz piemēru grāmatā",
    "pārāk daudz gadījumu izpētes",
    "例子太少了",
    "案例太多了",
    "the courier was friendly",
    "kurjers bija laipns",
]


def tiny_encoder(folder: Path, seed: int = 0) -> Path:
    """An encoder folder as ``AutoModel`` loads it: two layers of width 32 over 600 pieces."""
    torch.manual_seed(seed)
    tokenizer = train_tokenizer(TEXTS * 20, pieces=600)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]"
    )
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    BertModel(config).save_pretrained(folder)
    fast.save_pretrained(folder)
    return folder


def labelled(path: Path) -> Path:
    """A small labelled file in which degree follows from the words."""
    rows = []
    for number in range(60):
        for language, little, much, none in (
            ("en", "too few examples", "too many case studies", "the courier was friendly"),
            ("vi", "quá ít ví dụ", "quá nhiều nghiên cứu", "người giao hàng thân thiện"),
        ):
            for degree, text in (("too_little", little), ("too_much", much), ("none", none)):
                sentiment, topic = ("positive", "staff") if degree == "none" else ("negative", "content")
                split = "dev" if number % 6 == 0 else "train"
                rows.append((f"{text} {number}", language, sentiment, [topic], degree, split))
    frame = pd.DataFrame(rows, columns=["text", "lang", "sentiment", "topics", "degree", "split"])
    frame.to_parquet(path)
    return path
