"""What the service does with feedback: redact, store, find, and erase wherever it lies."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from data.customers import author_key
from data.errors import DatabaseError
from data.own_words import own_words
from data.records import Feedback
from data.redaction import redact_feedback
from data.visible import is_blank
from mining.recovery.complainers import author_of
from serving.configuration import Configuration
from serving.database import feedback as kept_feedback
from serving.database.audit import record
from serving.database.authors import author_secret, is_pseudonym, pseudonym
from serving.database.connection import Database
from serving.database.erased import erased_among, keep_out, let_in, note_known_still
from serving.database.feedback import Kept, Outcome
from serving.database.jobs import begin_anew, drop_results
from serving.engine import Engine
from serving.exporting import Export, export_of
from serving.forgetting import forget_in_register, others_in, still_there
from serving.job_work import remove_all_files, remove_files
from serving.mined_words import mined_among, mined_by
from serving.recovery.forgetting import Elsewhere, forget_author

_NOTHING: Final[Mapping[str, str | None]] = MappingProxyType({})


class Keeper:
    """Keeps feedback in a database. Authors are pseudonyms even where ``settings`` keep texts as they come."""

    def __init__(self, database: Database, engine: Engine, settings: Configuration) -> None:
        self.database = database
        self.settings = settings
        self._engine = engine
        self._secret = author_secret(database)

    def prepared(self, message: Feedback) -> Kept:
        """``message`` as it would be kept."""
        author = None if message.author is None else pseudonym(message.author, self._secret)
        message = _own(message)  # first: markup hides personal data, "4111&nbsp;1111&nbsp;1111&nbsp;1111"
        cleaned, counts = redact_feedback(message) if self.settings.redact else (message, {})
        return Kept(replace(cleaned, author=author), counts)

    def same(self, kept: Kept, sent: Kept) -> bool:
        """Whether both are one message: what is kept was prepared by the rules and settings of its day."""
        is_redacted = self.settings.redact or bool(kept.redacted)
        first, second = (_today(each.feedback, is_redacted) for each in (kept, sent))
        return first == second

    def differing(self, sent: Sequence[Kept]) -> list[tuple[Kept, Kept]]:
        """What is kept under ids of ``sent`` with another content, each with what was sent."""
        return kept_feedback.differing(self.database, sent)

    def store(
        self, kept: Sequence[Kept], who: str, same: Mapping[str, Kept] = MappingProxyType({})
    ) -> tuple[Outcome, Mapping[str, int]]:
        """Store all of ``kept`` or none; what changed, and what was redacted.

        ``same`` is, by id, what is kept already and was found to be one message with what is stored now.

        Raises:
            ConflictError: An id is there, or twice among ``kept``, with another content.
            DatabaseError: The database cannot be used.
        """
        counts: Counter[str] = Counter()
        for message in kept:
            counts.update(message.redacted)
        return kept_feedback.store(self.database, kept, who, same), dict(counts)

    def find(self, feedback_id: str) -> tuple[Kept, datetime] | None:
        """One feedback and when it came, or None."""
        return kept_feedback.find(self.database, feedback_id)

    def erase(self, feedback_id: str, who: str, *, again: bool = False) -> bool:
        """Erase one feedback; whether it was kept. With ``again``, another may come under its id.

        What is not kept is taken out of the state folder, too: an erasure may have been killed before it came to that.

        Raises:
            DatabaseError: It lies somewhere still; the database has it, so that it can be erased again.
        """
        kept, _ = self._erased({feedback_id}, who, again=again)
        return bool(kept)

    def erase_all(self, ids: AbstractSet[str], who: str) -> int:
        """Erase the feedback ``ids`` in one pass; how many of them were kept, or in the mining in the state folder.

        Raises:
            DatabaseError: It lies somewhere still; the database has it, so that it can be erased again.
        """
        kept, mined = self._erased(ids, who)
        return len(mined.union(kept))

    def _erased(
        self, ids: AbstractSet[str], who: str, *, again: bool = False
    ) -> tuple[Collection[str], set[str]]:
        """Those of ``ids`` that were kept, and those that the mining had words of; all are in the audit log.

        What names a message, and no row of a file, does so when it is asked for again: what is kept out, and, as nobody
        knows that of what may come ``again``, whatever is.
        """
        action = "feedback.again" if again else "feedback.erase"
        with self.database.writing() as session:
            kept = kept_feedback.erase(session, ids)
            before = ids if again else erased_among(session, ids)
            try:
                mined = mined_among(self.settings.state, ids)
            except DatabaseError:  # a journal that fails shields no other file
                self._forget(session, ids, kept=kept, before=before)
                raise
            mined -= others_in(self.settings.state, mined, mined & before)
            for feedback_id in [*kept, *sorted(mined.difference(kept))]:
                record(session, who, action, feedback_id)
            self._forget(session, ids, kept=kept, before=before, mined=mined)
            if not again:
                keep_out(session, kept)
        self._sweep(bool(kept))
        return kept, mined

    def erase_author(self, author: str, who: str) -> int:
        """Erase all feedback of ``author``, by the name that it came with or is kept under.

        What is not kept is taken out of the mining in the state folder: it came from a file.

        Returns:
            How many were kept, or in that mining.

        Raises:
            DatabaseError: It lies somewhere still; the database has it, so that it can be erased again.
        """
        state, names, subject = self.settings.state, self._names(author), self._logged_as(author)
        with self.database.writing() as session:
            kept = kept_feedback.erase_author(session, names)
            if kept:
                self._forget(session, set(kept), kept=kept)
            mined = mined_by(state, names)  # of what was kept, the mining tells no author any more
            record(session, who, "author.erase", subject, len(kept) + len(mined))
            if mined:
                self._forget(session, mined, mined=mined)
            keep_out(session, kept)
            with still_there(state):
                forget_author(state, names)
        self._sweep(bool(kept))
        return len(kept) + len(mined)

    def erase_before(self, day: date, who: str) -> int:
        """Erase all feedback that is kept and was written before ``day``, in UTC; how many.

        Raises:
            DatabaseError: It lies somewhere still; the database has it, so that it can be erased again.
        """
        with self.database.writing() as session:
            kept = kept_feedback.erase_before(session, day)
            if kept:
                self._forget(session, set(kept), kept=kept)
            keep_out(session, kept)
            record(session, who, "retention.erase", day.isoformat(), len(kept))
        self._sweep(bool(kept))
        return len(kept)

    def lift(self, ids: AbstractSet[str], who: str) -> int:
        """Let erased feedback ``ids`` come again; how many of them were kept out."""
        with self.database.writing() as session:
            lifted = let_in(session, ids)
            for feedback_id in lifted:
                record(session, who, "erasure.lift", feedback_id)
        return len(lifted)

    def export(self, author: str, who: str) -> tuple[str, Export]:
        """The pseudonym of ``author``, by the name that came or is kept, and everything that is kept of them.

        Raises:
            DatabaseError: Not all of it can be read, or the audit log cannot take it.
        """
        subject = self._logged_as(author)
        found = export_of(self.database, self.settings.state, self._names(author), subject)
        with self.database.writing() as session:
            record(session, who, "author.export", subject, len(found.messages))
        return subject, found

    def _names(self, author: str) -> tuple[str, str]:
        """Under which an author may stand: as mining compares names, and the pseudonym."""
        return author_key(author), self.pseudonym(author)

    def _logged_as(self, author: str) -> str:
        """The pseudonym, which ``author`` may be already: the audit log has no names, nor hashes that tell them."""
        key, hidden = self._names(author)
        return key if is_pseudonym(key) else hidden

    def pseudonym(self, author: str) -> str:
        """The name under which the messages of ``author`` are kept."""
        return pseudonym(author, self._secret)

    def _forget(
        self,
        session: Session,
        ids: AbstractSet[str],
        *,
        kept: Mapping[str, str | None] = _NOTHING,
        before: Collection[str] = (),
        mined: Collection[str] = (),
    ) -> None:
        """Before the database forgets: where a file cannot, the database must know the feedback when it is asked again.

        Nor can a job publish what it had read meanwhile: the session holds the jobs. Of ``ids``, those that were
        ``kept`` or ``mined`` are noted where the register is in use: others would only stand there in clear. Those that
        were kept ``before`` are no rows of a file without ids either.
        """
        if kept:
            _out_of_jobs(session)
            remove_all_files(self.settings.state)
        authors = {author for author in kept.values() if author is not None}
        messages = {*kept, *before}
        elsewhere = Elsewhere(partial(self._named, authors), partial(self._heard_still, session))
        self._engine.forget(ids, kept=messages, elsewhere=elsewhere)
        if not forget_in_register(self.settings.state, ids, kept=messages):  # it will be tried again
            note_known_still(session, ids & {*kept, *mined}, messages)

    def _named(self, authors: AbstractSet[str], people: Collection[str]) -> set[str]:
        """Those of ``people``, keys of the ledger, who are one of ``authors``, as these are kept."""
        names = {key: name for key in people if authors and (name := author_of(key))}
        return {key for key, name in names.items() if not authors.isdisjoint(self._names(name))}

    def _heard_still(self, session: Session, people: Collection[str]) -> set[str]:
        """Those of ``people``, keys of the ledger, who have feedback that is kept, mined or not."""
        names = {name for key in people if (author := author_of(key)) for name in self._names(author)}
        return self._named(kept_feedback.authors_among(session, names), people)

    def _sweep(self, erased: bool) -> None:
        if erased:
            remove_files(self.settings.state)  # what a job wrote before it was taken from its worker
            self.database.empty_log()  # the supervisor tries again


def _today(message: Feedback, is_redacted: bool) -> Feedback:
    """``message`` as it would be kept today but for its author; once more, where it was prepared before."""
    own = _own(message)
    return redact_feedback(own)[0] if is_redacted else own


def _own(message: Feedback) -> Feedback:
    """``message`` without markup and quoted mail, as it would be read from a file; as it is where no word is left."""
    text = own_words(message.text).text
    return message if is_blank(text) else replace(message, text=text)


def _out_of_jobs(session: Session) -> None:
    """What was scored holds the words of what is erased, and what is being mined or scored has read them."""
    drop_results(session, "score", "feedback was erased")
    begin_anew(session)
