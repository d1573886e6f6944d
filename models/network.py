"""The network: one encoder, a pooled embedding, and three heads that each look at the tokens for themselves."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from transformers import AutoModel, PretrainedConfig, PreTrainedModel

from models.predictions import HEADS


@dataclass(frozen=True, slots=True)
class NetworkOutput:
    """Raw answers for a batch of b statements.

    Attributes:
        logits: Head name to (b, classes) raw scores.
        embedding: (b, hidden) unit vectors, the mean of the token states.
    """

    logits: dict[str, Tensor]
    embedding: Tensor


class AttentionHead(nn.Module):
    """Attention pooling with learned queries, then a small perceptron.

    The mean of the token states throws word order and degree words away (they are few among many), so each head
    weighs the tokens itself (Lin et al. 2017, A structured self-attentive sentence embedding, arXiv:1703.03130).
    """

    def __init__(self, hidden: int, classes: int, queries: int = 4, dropout: float = 0.1) -> None:
        super().__init__()
        self.attention = nn.Linear(hidden, queries)
        self.inner = nn.Linear(hidden * queries, hidden)
        self.dropout = nn.Dropout(dropout)
        self.outer = nn.Linear(hidden, classes)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """(b, t, hidden) token states and a (b, t) mask of real tokens to (b, classes) logits."""
        scores = self.attention(states).masked_fill(~mask.bool().unsqueeze(-1), -1e4)
        pooled = torch.einsum("btq,bth->bqh", scores.softmax(dim=1), states).flatten(1)
        return self.outer(self.dropout(nn.functional.gelu(self.inner(pooled))))  # type: ignore[no-any-return]


class Network(nn.Module):
    """An encoder that ``AutoModel`` knows, with the three heads of Countervoice on top."""

    def __init__(self, encoder: PreTrainedModel) -> None:
        super().__init__()
        self.encoder: PreTrainedModel = encoder
        hidden = self.width
        self.heads = nn.ModuleDict({name: AttentionHead(hidden, classes) for name, classes in HEADS.items()})

    @classmethod
    def from_config(cls, config: PretrainedConfig) -> "Network":
        """An untrained network in float32 with the encoder that ``config`` describes.

        Raises:
            ValueError: It describes one that needs code of its own.
        """
        return cls(AutoModel.from_config(config, trust_remote_code=False).float())  # type: ignore[no-untyped-call]

    @property
    def width(self) -> int:
        """Dimensions of a token state and of the embedding."""
        return int(self.encoder.config.hidden_size)

    def body(self) -> nn.Module:
        """The transformer layers, without the embeddings under them."""
        layers = self.encoder.encoder
        assert isinstance(layers, nn.Module)  # noqa: S101
        return layers

    def embed(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Token states (b, t, hidden) and the unit-length mean embedding (b, hidden)."""
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        weights = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1)
        return states, nn.functional.normalize(mean.float(), dim=-1)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> NetworkOutput:
        """(b, t) token ids and mask to logits and embedding."""
        states, embedding = self.embed(input_ids, attention_mask)
        logits = {name: head(states, attention_mask).float() for name, head in self.heads.items()}
        return NetworkOutput(logits=logits, embedding=embedding)
