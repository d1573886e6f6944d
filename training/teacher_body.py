"""The teacher's transformer under the token embeddings of an encoder of ours."""

from collections.abc import Mapping

from torch import Tensor, nn

from data.errors import CheckpointError
from models.network import Network

POSITIONS = 256


def put_on_body(network: Network, teacher: Mapping[str, Tensor]) -> None:
    """Load the teacher's weights into the encoder in place, all but the token embeddings.

    Raises:
        CheckpointError: The encoder has another shape.
    """
    state = {name: value for name, value in teacher.items() if "word_embeddings" not in name}
    positions = "embeddings.position_embeddings.weight"
    state[positions] = state[positions][:POSITIONS]
    own = network.encoder.state_dict()
    other = [name for name, value in state.items() if name not in own or own[name].shape != value.shape]
    if other:
        raise CheckpointError(f"the encoder has not the teacher's shape: {other[0]} differs")
    network.encoder.load_state_dict(state, strict=False)


def token_embeddings(network: Network) -> Tensor:
    """(pieces, width) weights of the encoder's token embeddings."""
    layer = network.encoder.get_input_embeddings()
    assert isinstance(layer, nn.Embedding)  # noqa: S101
    return layer.weight
