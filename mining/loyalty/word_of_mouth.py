"""What is said of each cause in public without being asked: complaints against praise, by people.

Where nobody tells whether a message was asked for, it counts, and ``untold`` tells how many those are.

How many others hear of it, and how many of the upset do not come back, is not in any feedback. "Tells 9 to 15 others"
and "91 % do not come back" are often quoted, and come from other people's customers: they are assumptions, kept apart
from what was counted.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence

from data.private_sources import only_the_company_reads
from mining.evidence import grade_of, share_of
from mining.loyalty.results import Assumptions, WordOfMouth
from mining.loyalty.writers import Message, Writer
from mining.settings import SHARE_PEOPLE


def public_sources(writers: Sequence[Writer]) -> list[str]:
    """Sources of messages that, as far as is told, nobody asked for.

    Those whose name or channel says that only the company reads them are left out.
    """
    found = {
        message.source
        for writer in writers
        for message in writer.messages
        if message.source and not message.solicited and not _private(message.source, message.channel)
    }
    return sorted(found)


def _private(*names: str | None) -> bool:
    return any(only_the_company_reads(name) for name in names if name)


def is_public(message: Message, public: Collection[str]) -> bool:
    """Whether others can read the message and, as far as is told, nobody asked for it."""
    return message.source in public and not message.solicited


def untold(writers: Sequence[Writer], public: Collection[str]) -> int:
    """Messages in public of which nobody tells whether they were asked for."""
    return sum(
        is_public(message, public) and message.solicited is None
        for writer in writers
        for message in writer.messages
    )


def words_of_mouth(
    writers: Sequence[Writer], public: Collection[str], assumptions: Assumptions, gate: int = SHARE_PEOPLE
) -> list[WordOfMouth]:
    """Each cause that people took a side on in public, most complaints first; an anecdote below ``gate``."""
    told: dict[str, list[tuple[str, str, Message]]] = defaultdict(list)
    for writer in writers:
        for message in writer.messages:
            if is_public(message, public):
                for cause_id, side in message.said:
                    if side is not None:
                        told[cause_id].append((writer.person, side, message))
    found = [_word(cause, voices, assumptions, gate) for cause, voices in told.items()]
    return sorted(found, key=lambda each: (-each.complaint, -each.praise, each.cause_id))


def _word(
    cause_id: str, voices: Sequence[tuple[str, str, Message]], assumptions: Assumptions, gate: int
) -> WordOfMouth:
    praise = {person for person, side, _ in voices if side == "praise"}
    complaint = {person for person, side, _ in voices if side != "praise"}
    negative = share_of(len(complaint), len(complaint | praise))
    return WordOfMouth(
        cause_id=cause_id,
        complaint=len(complaint),
        praise=len(praise),
        both=len(complaint & praise),
        negative=negative,
        grade=grade_of(
            negative,
            negative.n,
            sources=len({message.source for _, _, message in voices}),
            periods=len({message.day.isoformat()[:7] for _, _, message in voices if message.day}),
            gate=gate,
            established_people=gate,
        ),
        told=(len(complaint) * assumptions.tell_low, len(complaint) * assumptions.tell_high),
        lost=round(len(complaint) * assumptions.gone),
    )
