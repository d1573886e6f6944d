"""Texts as edits name them, by digest or by phrase, each looked at once however many edits there are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from mining.edits import digest_of, plain

Bools = NDArray[np.bool_]


class NamedTexts:
    """n texts in which edits look for theirs.

    Args:
        texts: Of the statements.
        digests: All that any of the edits names.
    """

    def __init__(self, texts: Sequence[str], digests: Iterable[str]) -> None:
        self._texts = texts
        self._plain: dict[int, str] = {}
        self._rows: dict[str, list[int]] = defaultdict(list)
        wanted = frozenset(digests)
        for row, text in enumerate(texts if wanted else ()):
            digest = digest_of(text)
            if digest in wanted:
                self._rows[digest].append(row)

    def named(self, digests: Iterable[str], phrases: Sequence[str], among: Bools) -> Bools:
        """(n,) which of the texts are ``among`` those that are asked for, and have one of the digests or phrases.

        Args:
            digests: Some of those that were given.
            phrases: As ``plain`` gives them.
            among: (n,) the texts that are asked for.
        """
        found = np.zeros(len(self._texts), dtype=bool)
        for digest in digests:
            found[self._rows.get(digest, [])] = True
        found &= among
        if phrases:
            for row in np.flatnonzero(among & ~found).tolist():
                found[row] = self._holds(row, phrases)
        return found

    def _holds(self, row: int, phrases: Sequence[str]) -> bool:
        if row not in self._plain:
            self._plain[row] = plain(self._texts[row])
        return any(phrase in self._plain[row] for phrase in phrases)
