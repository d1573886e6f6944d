"""What a mining leaves in the register: what it found under each id, and what became of the others."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mining.changed_causes import changes_of
from mining.corpus import Corpus
from mining.edits import digest_of
from mining.matching import Cluster
from mining.recognition import Recognition, cluster_of
from mining.register import MINING, MinedStatement, Register, RegisteredCause
from mining.results import Cause

Ints = NDArray[np.int64]


def remember(register: Register, recognition: Recognition, corpus: Corpus, causes: Sequence[Cause]) -> None:
    """Write a mining into the register.

    Args:
        register: That ``recognition`` was made with, still in the same transaction.
        recognition: Of this mining.
        corpus: What was mined.
        causes: The listed causes, as the mining named them.
    """
    number = register.last_mining + 1
    found = _found(corpus, recognition)
    entries = _with_clusters(recognition, number) | _carved(corpus, recognition, found, number)
    for cause_id, statements in found.items():
        entry = entries.get(cause_id) or recognition.before[cause_id]
        entries[cause_id] = replace(
            entry,
            people=corpus.count_people(statements),
            statements=len(statements),
            first_at=entry.first_at or register.at,
            last_at=register.at,
            found=number,
        )
    for cause in causes:
        entries[cause.id] = replace(entries[cause.id], label=cause.label)
    held = _held(corpus, recognition, found, register)
    for change in changes_of(register.log(), held, frozenset(recognition.keys), recognition.gate):
        details = asdict(change)
        register.append(MINING, "changed", details.pop("cause"), details)
    for kind, cause_id, details in _changes(recognition, entries, frozenset(found), register.last_mining):
        if kind in ("born", "split"):
            details = {**details, "members": sorted(held[cause_id])}
        register.append(MINING, kind, cause_id, details)
    for entry in entries.values():
        register.put(entry)
    register.put_mining(
        recognition.identity.model,
        len(causes),
        sorted(set(recognition.keys)),
        _statements(corpus, recognition),
    )


def _statements(corpus: Corpus, recognition: Recognition) -> Iterator[MinedStatement]:
    places = [*recognition.index.places, None]
    for statement, place in zip(corpus.statements, recognition.places.tolist(), strict=True):
        yield MinedStatement(statement.id, digest_of(statement.text), places[place])


def _found(corpus: Corpus, recognition: Recognition) -> dict[str, Ints]:
    """Statements of each cause with enough people, hidden ones too."""
    return {
        cause: rows
        for cause, rows in recognition.members.items()
        if corpus.count_people(rows) >= recognition.gate
    }


def _held(
    corpus: Corpus, recognition: Recognition, found: Mapping[str, Ints], register: Register
) -> Mapping[str, Set[str]]:
    """Keys of the messages in each found cause, with those that people took out of it: they know of that change."""
    held = {
        cause: {recognition.keys[i] for i in corpus.message[statements]}
        for cause, statements in found.items()
    }
    whole = {cause: set(keys) for cause, keys in held.items()}
    for cause_id, cluster in zip(recognition.ids, recognition.clusters, strict=True):
        whole.get(cause_id, set()).update(cluster.members)
    for edit in register.edits():
        if edit.kind == "split":
            whole.get(edit.cause, set()).update(held.get(edit.details["new"], ()))
    return whole


def _with_clusters(recognition: Recognition, number: int) -> dict[str, RegisteredCause]:
    """Causes that clusters were matched to, with what the clusters hold."""
    entries = {}
    for cause_id, cluster in zip(recognition.ids, recognition.clusters, strict=True):
        known = recognition.before.get(cause_id) or RegisteredCause.waiting(cause_id, ())
        entries[cause_id] = replace(
            _holding(known, cluster, recognition, number), contexts=(cluster.context,)
        )
    return entries


def _carved(
    corpus: Corpus, recognition: Recognition, found: Mapping[str, Ints], number: int
) -> dict[str, RegisteredCause]:
    """Causes that a split carved out of a cluster, with what they hold: a later mining may find them by itself."""
    index = recognition.index
    carved = {index.places[step.target] for step in index.steps if step.kind == "split"}
    entries = {}
    for cause_id in sorted(carved & set(found) - set(recognition.ids)):
        cluster = cluster_of(corpus, found[cause_id], "", recognition.keys)
        entries[cause_id] = _holding(recognition.before[cause_id], cluster, recognition, number)
    return entries


def _holding(
    cause: RegisteredCause, cluster: Cluster, recognition: Recognition, number: int
) -> RegisteredCause:
    return replace(
        cause,
        matched=number,
        model=recognition.identity.model,
        embedding=cluster.embedding,
        topics=cluster.topics,
        members=cluster.members,
    )


def _changes(
    recognition: Recognition,
    entries: Mapping[str, RegisteredCause],
    found: frozenset[str],
    last_mining: int,
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Kind, cause and details of everything that changed since the last mining, in the order of the ids."""
    before, merged = recognition.before, recognition.standing.merged
    there = {cause.id for cause in before.values() if last_mining and cause.found == last_mining}
    for cause_id in sorted((found | there) - merged.keys()):
        if cause_id in found - there:
            entry = entries[cause_id]
            details = {"people": entry.people, "statements": entry.statements}
            yield _arrival(recognition, cause_id, there & found, details)
        elif cause_id in there - found:
            entry = before[cause_id]
            details = {"people": entry.people, "statements": entry.statements}
            yield _departure(recognition, cause_id, found, details)


def _arrival(
    recognition: Recognition, cause_id: str, stayed: set[str], details: dict[str, Any]
) -> tuple[str, str, dict[str, Any]]:
    """Returned, or split off a cause that is still there, or born."""
    known = recognition.before.get(cause_id)
    if known is not None and known.found:
        return "returned", cause_id, {**details, "last_at": known.last_at}
    if cause_id in recognition.ids:
        row = recognition.ids.index(cause_id)
        for column, other in enumerate(recognition.before):
            shared = int(recognition.overlap.shared[row, column])
            if other in stayed and 2 * shared > int(recognition.overlap.cluster[row, column]):
                return "split", cause_id, {**details, "from": other, "shared": shared}
    return "born", cause_id, details


def _departure(
    recognition: Recognition, cause_id: str, found: frozenset[str], details: dict[str, Any]
) -> tuple[str, str, dict[str, Any]]:
    """Merged into another cause, where that holds most of its feedback, or retired."""
    column = list(recognition.before).index(cause_id)
    for row, own in enumerate(recognition.ids):
        shared = int(recognition.overlap.shared[row, column])
        into = recognition.standing.merged.get(own, own)
        if into in found - {cause_id} and 2 * shared > int(recognition.overlap.cause[column]):
            return "merged", cause_id, {**details, "into": into, "shared": shared}
    return "retired", cause_id, details
