"""The optimiser of both trainings: AdamW with a peak rate for each part of the network."""

import torch

from models.network import Network


def build_optimizer(
    network: Network, *, embedding_rate: float, body_rate: float, head_rate: float | None = None
) -> torch.optim.Optimizer:
    """AdamW over the parameters that are trained, in groups: token embeddings, body, and heads if they have a rate.

    The caller sets ``lr`` of each group at every step, from the group's ``peak`` and a schedule. A group whose
    parameters are all frozen is empty, so that the body is always the second one.
    """
    embeddings = list(network.encoder.get_input_embeddings().parameters())
    known = {id(parameter) for parameter in embeddings}
    body = [parameter for parameter in network.encoder.parameters() if id(parameter) not in known]
    groups = [_group(embeddings, embedding_rate, decay=0.0), _group(body, body_rate, decay=0.01)]
    if head_rate is not None:
        groups.append(_group(list(network.heads.parameters()), head_rate, decay=0.01))
    return torch.optim.AdamW(groups, lr=body_rate, betas=(0.9, 0.98), fused=True)


def _group(parameters: list[torch.nn.Parameter], peak: float, *, decay: float) -> dict[str, object]:
    trained = [parameter for parameter in parameters if parameter.requires_grad]
    return {"params": trained, "peak": peak, "weight_decay": decay}
