"""HTML out of texts: what a browser would show of a mail or a rich cell, and nothing of how it would look.

Only what is HTML goes: "<3", "a < b", "<name>" and "AT&T" are words. ``html.parser`` is not used: in the versions of
Python that we support it takes quadratic time for "<a <a <a ...", and which words it loses behind an unclosed tag
depends on the version.
"""

import html
import re
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from functools import cache
from html.entities import html5
from pathlib import Path
from typing import Final

from data.visible import is_blank

_FILE: Final = Path(__file__).with_name("html_tags.yaml")
_OFFICE: Final = ("m:", "o:", "st1:", "v:", "w:", "x:")  # what Outlook and Word add
# No part can be read in two ways, and none but a comment goes over the next "<": one pass, whatever the text.
_TAG: Final = re.compile(
    r"""<(?:
        (?P<comment>!--)
        | (?P<end>/?) (?P<name>[a-z][a-z0-9]{0,11}(?::[a-z][a-z0-9]{0,19})?)
          (?P<rest>(?:[\s/](?:[^<>"']|"[^"<]*+"|'[^'<]*+')*+)?+|[\s/][^<>]*+) >
        | (?:!doctype|!\[(?:if|endif)|\?xml)\b[^<>]*+ >
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_UNSEEN: Final = str.maketrans({"\u00a0": " ", "\u00ad": None, "\u200b": None})  # of entities, for layout
_BLANKS: Final = re.compile(r"[^\S\n]+")
_OUTER_BLANK: Final = re.compile(r" ?\n ?")
_GAP: Final = re.compile(r"\n{3,}")
_ROUNDS: Final = 8
"""Exports escape what was escaped before: "&amp;nbsp;", "&lt;br&gt;"."""
_DOCUMENT: Final = re.compile(r"<(?:html|!doctype)\b", re.IGNORECASE)


def without_markup(text: str) -> str:
    """``text`` without tags, comments, styles and scripts, its entities as characters; maybe blank.

    Blocks and ``<br>`` become line breaks, cells of tables are parted by a space. What is no HTML stays as it is.
    Until nothing changes, but eight times at most: what was escaped more often stays escaped.
    """
    for number in range(_ROUNDS):
        if "<" not in text and "&" not in text:
            break
        # What somebody escaped was to be seen: then tags alone go, and not what they hold.
        bare = _without_tags(text, _Dropping.USUAL if number == 0 else _Dropping.NOTHING)
        if number == 0 and bare != text and is_blank(_unescaped(bare)):
            bare = _without_tags(text, _Dropping.CODE)
        shown = _unescaped(bare)
        if bare != text:
            shown = _tidied(shown)
        if shown == text:
            break
        text = shown
    return text


class _Dropping(Enum):
    """What goes with the tags around it: all that no browser shows, of it only what is code, or nothing."""

    USUAL = auto()
    CODE = auto()
    NOTHING = auto()


def _without_tags(text: str, dropping: _Dropping) -> str:
    found = list(_TAG.finditer(text))
    closed = frozenset(_name(tag) for tag in found if tag["end"])
    tags = [tag for tag in found if _is_tag(tag, closed)]
    if not any(map(_is_sure, tags)):
        return text
    if not text[: tags[0].start()].strip() and any(_name(tag) in _html()["blocks"] for tag in tags):
        text = text.replace("\n", " ")  # HTML from its first character on: its own line breaks are for nobody
    pieces: list[str] = []
    position, ends = 0, _Ends(text, tags, dropping)
    for tag in tags:
        if tag.start() >= position:  # not in what is dropped
            pieces += [text[position : tag.start()], _instead(tag)]
            position = ends.behind(tag)
    return "".join([*pieces, text[position:]])


def _name(tag: re.Match[str]) -> str:
    return (tag["name"] or "").lower()


def _is_tag(tag: re.Match[str], closed: frozenset[str]) -> bool:
    """Whether it is one of HTML, and no word between brackets; ``closed`` are the names of all end tags."""
    name = _name(tag)
    if not name or name.startswith(_OFFICE):
        return True
    if name not in _html()["all"]:
        return False
    bare = not tag["rest"].strip(" \t\r\n/")
    # "a <b and c> d" has no tag: short names are none with words behind them.
    if len(name) == 1 and not bare and "=" not in tag["rest"]:
        return False
    told = name in closed or "=" in tag["rest"] or tag["rest"].rstrip().endswith("/")
    return told or name not in _html()["words"]


def _is_sure(tag: re.Match[str]) -> bool:
    return _name(tag) not in _html()["words"] or bool(tag["end"]) or "=" in tag["rest"]


def _instead(tag: re.Match[str]) -> str:
    name = _name(tag)
    if name == "br":
        return "\n"
    if name in _html()["blocks"]:
        return "\f"
    return " " if name in _html()["cells"] else ""


class _Ends:
    """Where tags end, with what is dropped behind them; an end that is not there is looked for once."""

    def __init__(self, text: str, tags: Sequence[re.Match[str]], dropping: _Dropping) -> None:
        self._text = text
        self._dropping = dropping
        self._missing: set[str] = set()
        self._kept_to = 0
        self._begin = len(text) - len(text.lstrip())
        self._document = next((tag.start() for tag in tags if _DOCUMENT.match(tag[0])), len(text))
        heads = (tag.start() for tag in tags if _name(tag) == "head" and self._is_head(tag))
        self._head = next(heads, len(text))
        # "Your editor strips <script>alert(1)</script>" shows no page.
        layout = _html()["blocks"] - _html()["dropped"]
        self._is_page = any(not _name(tag) or _name(tag) in layout for tag in tags)

    def behind(self, tag: re.Match[str]) -> int:
        """Offset of what is shown next. Where a style or comment has no end, its words stay: none may be lost."""
        if self._dropping is _Dropping.NOTHING:
            return tag.end()
        if tag["comment"]:
            return self._found("-->", tag.end())
        if tag["end"] or tag.end() < self._kept_to or not self._drops(tag):
            return tag.end()
        end = self._found(rf"</{_name(tag)}(?:\s[^<>]*+)?>", tag.end())
        if self._dropping is _Dropping.CODE and "{" not in self._text[tag.end() : end]:
            self._kept_to = end
            return tag.end()
        return end

    def _drops(self, tag: re.Match[str]) -> bool:
        name = _name(tag)
        if name not in _html()["dropped"]:
            return False
        if name == "head":
            return self._dropping is _Dropping.USUAL and self._is_head(tag)
        if name == "title":
            return self._dropping is _Dropping.USUAL and tag.start() > min(self._document, self._head)
        return self._is_page or "=" in tag["rest"]

    def _is_head(self, tag: re.Match[str]) -> bool:
        """Whether a document has begun above the tag ``<head>``, or begins with it."""
        return tag.start() > self._document or tag.start() == self._begin

    def _found(self, end: str, position: int) -> int:
        if end in self._missing:
            return position
        found = re.compile(end, re.IGNORECASE).search(self._text, position)
        if found is None:
            self._missing.add(end)
            return position
        return found.end()


def _tidied(text: str) -> str:
    """Blanks as a browser shows them; "\\f" stands for the edge of a block, which is a line break if none is there."""
    lines: list[str] = []
    for block in text.split("\f"):
        part = _OUTER_BLANK.sub("\n", _BLANKS.sub(" ", block))
        if part.strip(" "):
            lines.append(part.strip(" ").removesuffix("\n"))
    return _GAP.sub("\n\n", "\n".join(lines)).strip()


def _unescaped(text: str) -> str:
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(entity: re.Match[str]) -> str:
    written = entity[0]
    # html.unescape reads the beginning of a name, too: "&notes;" is no entity.
    character = html.unescape(written) if written[1] == "#" else html5.get(written[1:], written)
    return character.translate(_UNSEEN)


@cache
def _html() -> Mapping[str, frozenset[str]]:
    """Names of tags by what becomes of them, and ``all`` of them."""
    import yaml

    lists: dict[str, str] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    names = {kind: frozenset(tags.split()) for kind, tags in lists.items()}
    return {**names, "all": frozenset().union(*names.values())}
