"""Edits of causes by people: what can be said, whether it can be done, and how things stand after all of them.

rename  the cause goes by a name of yours
merge   a cause becomes part of another one, also when later minings find it by itself
split   statements with a phrase, or named ones, leave a cause for a new one, and those more like them follow
cost    what one case of it costs, for the rank by weight
hide    the cause is left out of reports and answers; unhide brings it back
move    one statement, and every copy of its text, goes to another cause

How people read a statement that the model misread is an edit as well: ``mining.readings``.
"""

import hashlib
import unicodedata
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from data.errors import EditError, StandingError, UnknownIdError
from data.playbook import MOST
from mining.register import PEOPLE, LogEntry, MinedStatement, Register, RegisteredCause
from mining.results import Mining

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Standing:
    """How causes stand after all edits.

    Attributes:
        names: Cause id to the name that people gave it.
        hidden: Ids of hidden causes.
        merged: Id of each merged cause to the one that it became part of, at the end of the chain.
        costs: Cause id to what one case costs, in (0, 1e6].
    """

    names: Mapping[str, str]
    hidden: frozenset[str]
    merged: Mapping[str, str]
    costs: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


def standing_of(edits: Sequence[LogEntry]) -> Standing:
    """Play the edits, oldest first."""
    names: dict[str, str] = {}
    hidden: set[str] = set()
    merged: dict[str, str] = {}
    costs: dict[str, float] = {}
    for edit in edits:
        match edit.kind:
            case "rename":
                names[edit.cause] = edit.details["name"]
            case "split":
                if edit.details["name"]:
                    names[edit.details["new"]] = edit.details["name"]
            case "cost":
                costs[edit.cause] = edit.details["cost"]
            case "hide":
                hidden.add(edit.cause)
            case "unhide":
                hidden.discard(edit.cause)
            case "merge":
                into = edit.details["into"]
                merged = {cause: into if end == edit.cause else end for cause, end in merged.items()}
                merged[edit.cause] = into
    return Standing(names, frozenset(hidden), merged, costs)


def state_of(cause: RegisteredCause, standing: Standing, last_mining: int) -> str:
    """found, hidden, merged into another, waiting for its first mining, or retired."""
    if cause.id in standing.merged:
        return f"merged into {standing.merged[cause.id]}"
    if cause.id in standing.hidden:
        return "hidden"
    if not cause.found:
        return "waiting"
    return "found" if cause.found == last_mining else "retired"


def renamed(mining: Mining, names: Mapping[str, str]) -> Mining:
    """The mining with the names that people gave; labels by language stay as they were found."""
    causes = tuple(replace(cause, label=names.get(cause.id, cause.label)) for cause in mining.causes)
    oppositions = tuple(
        replace(opposition, label=names.get(opposition.cause_id, opposition.label))
        for opposition in mining.oppositions
    )
    return replace(mining, causes=causes, oppositions=oppositions)


def registered(register: Register, cause_id: str) -> RegisteredCause:
    """A cause of the register.

    Raises:
        UnknownIdError: There is none with this id.
    """
    found = register.cause(cause_id)
    if found is None:
        said = f"no cause {cause_id!r} in the register"
        raise UnknownIdError(
            f"{said}: `countervoice causes list --all` shows them",
            f"{said}: GET /v1/causes lists those of the last mining",
        )
    return found


def standing_cause(register: Register, cause_id: str) -> RegisteredCause:
    """A cause of the register that is no part of another.

    Raises:
        UnknownIdError: There is none with this id.
        StandingError: It was merged.
    """
    found = registered(register, cause_id)
    into = standing_of(register.edits()).merged.get(cause_id)
    if into is not None:
        raise StandingError(f"{cause_id} was merged into {into}: name {into}")
    return found


def mined_cause(register: Register, cause_id: str, mined: Container[str]) -> RegisteredCause:
    """A cause of the register that the last mining found; ``mined`` holds the causes of its statements.

    Raises:
        EditError: There is none with this id, it was merged, or that mining did not find it.
    """
    cause = standing_cause(register, cause_id)
    if cause_id not in mined:
        raise EditError(
            _why_not_mined(cause_id, state_of(cause, standing_of(register.edits()), register.last_mining))
        )
    return cause


def _why_not_mined(cause_id: str, state: str) -> str:
    match state:
        case "waiting":
            return f"{cause_id} is waiting for its first mining: mine, and say it then"
        case "hidden":
            return f"{cause_id} is hidden: the last mining left it out"
        case "retired":
            return f"{cause_id} is retired: the last mining did not find it"
    return f"{cause_id} is not in the mining in this folder: its register was made with another"


def rename(register: Register, cause: str, name: str) -> str:
    """Give a cause a name, and return it with single spaces.

    Raises:
        EditError: No such cause, or a name that is empty, too long or not one line.
    """
    held = standing_cause(register, cause).members
    name = _checked_name(name)
    register.append(PEOPLE, "rename", cause, {"name": name, "members": sorted(held)})
    return name


def set_cost(register: Register, cause: str, cost: float) -> None:
    """Say what one case of a cause costs, in whatever unit all costs are in.

    Raises:
        EditError: No such cause, or a cost that is no amount.
    """
    standing_cause(register, cause)
    if not 0 < cost <= MOST:
        raise EditError(
            f"a cost of {cost:g} is none: give an amount above 0 and up to {MOST:,.0f}, in one unit for all causes"
        )
    register.append(PEOPLE, "cost", cause, {"cost": cost})


def merge(register: Register, cause: str, into: str) -> None:
    """Make ``cause`` part of ``into``.

    Raises:
        EditError: No such causes, or the same one twice.
    """
    standing_cause(register, cause)
    standing_cause(register, into)
    if cause == into:
        raise EditError(f"{cause} cannot be merged into itself: name two causes")
    register.append(PEOPLE, "merge", cause, {"into": into})


def split(
    register: Register, cause: str, *, phrases: Sequence[str], statements: Sequence[str], name: str = ""
) -> str:
    """Take what contains a phrase, or is named, out of ``cause``, and what is more like it than like the rest.

    Returns:
        The id of the new cause.

    Raises:
        EditError: No such cause or statement, or nothing to go by.
    """
    parent = standing_cause(register, cause)
    wanted = [plain(phrase) for phrase in phrases]
    if not all(wanted) or not (wanted or statements):
        said = "a split needs something to go by"
        raise EditError(
            f"{said}: --containing PHRASE or --statement ID", f"{said}: `containing` or `statements`"
        )
    texts = sorted({register.statement(statement).text for statement in statements})
    name = _checked_name(name) if name else ""
    new = register.new_id()
    register.put(RegisteredCause.waiting(new, parent.contexts))
    details = {"new": new, "phrases": wanted, "texts": texts, "statements": list(statements), "name": name}
    register.append(PEOPLE, "split", cause, details)
    return new


def hide(register: Register, cause: str) -> None:
    """Leave a cause out of reports and answers.

    Raises:
        EditError: No such cause, or it is hidden.
    """
    standing_cause(register, cause)
    if cause in standing_of(register.edits()).hidden:
        raise StandingError(f"{cause} is hidden already")
    register.append(PEOPLE, "hide", cause, {})


def unhide(register: Register, cause: str) -> None:
    """Bring a hidden cause back.

    Raises:
        EditError: No such cause, or it is not hidden.
    """
    standing_cause(register, cause)
    if cause not in standing_of(register.edits()).hidden:
        raise StandingError(f"{cause} is not hidden")
    register.append(PEOPLE, "unhide", cause, {})


def move(register: Register, statement: str, cause: str) -> str | None:
    """Move a statement, and every copy of its text in the contexts of that cause, to ``cause``.

    Returns:
        The cause that it would be in at the next mining without this move, by the moves and the mining before it.

    Raises:
        EditError: No such statement or cause, or it is there already.
    """
    standing_cause(register, cause)
    found = register.statement(statement)
    place = _moved(register).get(found.text, found.cause)
    if place == cause:
        raise StandingError(f"{found.id} is in {cause} already, or will be at the next mining")
    details = {"statement": found.id, "text": found.text, "from": place}
    register.append(PEOPLE, "move", cause, details)
    return place


def places_after_edits(register: Register) -> Callable[[MinedStatement], str | None]:
    """Where each statement of the last mining is after the moves and merges since, splits aside."""
    moved, merged = _moved(register), standing_of(register.edits()).merged

    def place(statement: MinedStatement) -> str | None:
        found = moved.get(statement.text, statement.cause)
        return merged.get(found, found) if found else None

    return place


def waits(entry: LogEntry, mined_at: str) -> bool:
    """Whether an entry of the log is an edit that waits for the next mining; a name does not."""
    return entry.actor == PEOPLE and entry.kind != "rename" and entry.at >= mined_at


def digest_of(text: str) -> str:
    """16 hex digits of the SHA-256 of a text: the register knows statements again without keeping what they say."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def plain(text: str) -> str:
    """The text as phrases are looked for in it: compatible forms and cases alike, spaces single."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _moved(register: Register) -> Mapping[str, str]:
    """Digest of each text that was moved since the last mining to the cause that it was moved to last."""
    mined_at = register.mined_at
    return {
        edit.details["text"]: edit.cause
        for edit in register.edits()
        if edit.kind == "move" and waits(edit, mined_at)
    }


def _checked_name(name: str) -> str:
    single = " ".join(name.split())
    if not single or len(single) > LONGEST_NAME or not single.isprintable():
        raise EditError(f"a name is one line of 1 to {LONGEST_NAME} printable characters")
    return single
