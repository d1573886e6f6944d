"""The state folder: what a mining leaves behind for the service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from data.errors import OtherModelError, StateError
from data.records import Feedback
from mining.edits import renamed, standing_of
from mining.journal import JOURNAL_NAME, Journal, read_journal
from mining.kept_file import holds_something
from mining.register import REGISTER_NAME, read_register
from mining.results import Mining
from mining.settings import MiningSettings
from models.predictions import Floats, ModelInfo
from serving.rows import Span
from serving.store import StoredMining, read_store, write_store

if TYPE_CHECKING:
    from mining.edited_index import EditedIndex

STATE_NAME = "state"
STORE_NAME = "countervoice.db"
INDEX_NAME = "index"


@dataclass(frozen=True, slots=True)
class State:
    """A mining ready to be asked: its store and its rule of assignment."""

    stored: StoredMining
    index: "EditedIndex"


def write_state(
    folder: Path,
    mining: Mining,
    index: "EditedIndex",
    *,
    model: ModelInfo,
    created_at: str,
    own_ids: bool,
    feedback: Sequence[Feedback],
    embeddings: Mapping[Span, Floats],
) -> None:
    """Write a state into the new folder ``folder``, for the eyes of its owner only: it holds customers' words."""
    folder.mkdir(mode=0o700)
    index.save(folder / INDEX_NAME)
    write_store(
        folder / STORE_NAME,
        mining,
        model=model,
        created_at=created_at,
        own_ids=own_ids,
        feedback=feedback,
        embeddings=embeddings,
    )


def has_state(folder: Path) -> bool:
    """Whether there is a mining in ``folder``."""
    return (folder / STATE_NAME / STORE_NAME).is_file()


def find_state(folder: Path) -> Path:
    """The state in ``folder``, the one that ``countervoice mine --out`` was given.

    Raises:
        StateError: There is none.
    """
    if not has_state(folder):
        refuse_inside(folder)
        raise StateError(f"no mining in {folder}: run `countervoice mine FILE --out {folder}` first")
    return folder / STATE_NAME


def refuse_inside(folder: Path) -> None:
    """Check that ``folder`` is not the state of a mining, nor within it: the next mining removes all that lies there.

    Raises:
        StateError: It is.
    """
    place = folder.resolve()
    for each in (place, *place.parents):
        if each.name == STATE_NAME and has_state(each.parent):
            raise StateError(
                f"{folder} is the inside of a mining, which the next one replaces: name the folder around it, "
                f"{each.parent}"
            )


def register_in(folder: Path, register: Path | None) -> Path:
    """The register of causes: the one that is named, else that in ``folder``, which outlives its mining.

    Raises:
        StateError: None is named, and the folder has neither a register nor a mining.
    """
    if register is None and not holds_something(folder / REGISTER_NAME):
        find_state(folder)
    return register or folder / REGISTER_NAME


def journal_path(folder: Path) -> Path:
    """Where the journal of the mining in ``folder`` lies, where there is one."""
    return folder / STATE_NAME / JOURNAL_NAME


def journal_in(folder: Path) -> Journal:
    """The journal of the mining in ``folder``.

    Raises:
        StateError: There is no mining, or it was made by a version that kept no journal.
    """
    return read_journal(find_state(folder) / JOURNAL_NAME)


def settings_in(folder: Path) -> MiningSettings:
    """Of the last mining; a setting that this version does not know is left out.

    Raises:
        StateError: There is no mining.
    """
    return MiningSettings.from_dict(read_store(find_state(folder) / STORE_NAME).mining.settings)


def read_state(folder: Path, asked: ModelInfo | None = None) -> State:
    """Read the state in ``folder``, its causes under the names that people gave them since.

    Args:
        folder: The one that ``countervoice mine --out`` was given.
        asked: The model that is to be asked; None to leave open which one it is.

    Raises:
        OtherModelError: The mining was made with another model than ``asked``, whatever its index looks like.
        StateError: There is none, or it or the register beside it cannot be read.
    """
    from mining.edited_index import EditedIndex

    stored = stored_in(folder)
    if asked is not None:
        refuse_other_model(stored.model, asked)
    return State(stored, EditedIndex.load(find_state(folder) / INDEX_NAME))


def refuse_other_model(mined: ModelInfo, asked: ModelInfo) -> None:
    """Check that a mining is asked with the model that it was made with: vectors of another mean something else.

    Raises:
        OtherModelError: It is another one.
    """
    if mined.version != asked.version:
        raise OtherModelError(
            f"the mining was made with model {mined.name} {mined.version}, the one to serve is {asked.name} "
            f"{asked.version}: mine again with it, or give --model the first"
        )


def stored_in(folder: Path) -> StoredMining:
    """The mining in ``folder``, its causes under the names that people gave them since.

    Raises:
        StateError: There is none, or it or the register beside it cannot be read.
    """
    stored = read_store(find_state(folder) / STORE_NAME)
    names = names_in(folder / REGISTER_NAME)
    return replace(stored, mining=renamed(stored.mining, names), names=names)


def names_in(register: Path, *, wait_s: float | None = None) -> Mapping[str, str]:
    """Cause id to its name; none without a register, which may lie elsewhere.

    Raises:
        InUseError: Another process is writing to it, for longer than ``wait_s``.
        StateError: It cannot be read.
    """
    if not holds_something(register):
        return {}
    with read_register(register, wait_s=wait_s) as opened:
        return standing_of(opened.edits()).names
