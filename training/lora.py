"""Low-rank adapters (LoRA) in the encoder while the heads are trained, merged into its weights when that is done.

A frozen linear layer W gets B A beside it, with B and A of a small rank (Hu et al. 2022, LoRA: low-rank adaptation of
large language models, arXiv:2106.09685). What is trained is small, and so are the optimiser's moments and the saved
state; what comes out is an encoder of the shape that went in. The adapters are those of the library ``peft``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from torch import nn

from data.errors import CheckpointError, SettingsError
from models.network import Network

DROPOUT = "lora_dropout"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoraSettings:
    """What the adapters are like.

    Attributes:
        rank: Of the two matrices of an adapter, from 1; layers as narrow as the rank gain nothing from it.
        alpha: An adapter counts ``alpha / rank`` times; twice the rank when None.
        dropout: Of what an adapter reads while training, in [0, 1).
        rate: Peak learning rate of the adapters. They start at nought and need about ten times the rate of whole
            weights.
    """

    rank: int
    alpha: int | None = None
    dropout: float = 0.05
    rate: float = 1e-3

    def __post_init__(self) -> None:
        if self.rank < 1:
            raise SettingsError(f"the rank of LoRA is {self.rank}; it must be 1 or more, 8 is common")

    @property
    def scale(self) -> int:
        """``alpha``, with its default filled in."""
        return 2 * self.rank if self.alpha is None else self.alpha


@contextmanager
def adapters(network: Network, settings: LoraSettings | None) -> Iterator[None]:
    """Within the block only adapters and heads of ``network`` are trained; after it the adapters are merged.

    All linear layers of the body get one: adapters on the attention alone fall short of full fine-tuning (Dettmers et
    al. 2023, QLoRA, arXiv:2305.14314). The pooler does not, since no head reads it. Without settings nothing happens;
    nor is anything merged where the block fails.

    Raises:
        CheckpointError: The encoder has no layer that an adapter fits.
    """
    if settings is None:
        yield
        return
    from peft import LoraConfig, LoraModel

    config = LoraConfig(
        r=settings.rank,
        lora_alpha=settings.scale,
        lora_dropout=settings.dropout,
        target_modules="all-linear",
        exclude_modules=_pooler(network.encoder) or None,
    )
    try:
        tuner = LoraModel(network.encoder, config, "default")  # changes the encoder's layers in place
    except ValueError as error:
        reason = str(error).splitlines()[0]
        raise CheckpointError(f"the encoder takes no adapters, train it without --lora: {reason}") from error
    yield
    tuner.merge_and_unload()
    network.requires_grad_(True)


def _pooler(encoder: nn.Module) -> list[str]:
    return [name for name, _ in encoder.named_modules() if name.startswith("pooler.")]


def frozen(network: nn.Module) -> frozenset[str]:
    """Names of the parameters that are not trained."""
    return frozenset(name for name, value in network.named_parameters() if not value.requires_grad)
