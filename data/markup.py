"""HTML out of texts: what a browser would show of a mail or a rich cell, and nothing of how it would look.

Only what is HTML goes: "<3", "a < b", "<name>" and "AT&T" are words. ``html.parser`` is not used: in the versions of
Python that we support it takes quadratic time for "<a <a <a ...", and which words it loses behind an unclosed tag
depends on the version.
"""

import html
import re
from collections.abc import Mapping
from functools import cache
from html.entities import html5
from pathlib import Path
from typing import Final

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
_ROUNDS: Final = 3
"""Exports escape what was escaped before: "&amp;nbsp;", "&lt;br&gt;"."""


def without_markup(text: str) -> str:
    """``text`` without tags, comments, styles and scripts, its entities as characters; maybe blank.

    Blocks and ``<br>`` become line breaks, cells of tables are parted by a space. What is no HTML stays as it is.
    """
    for _ in range(_ROUNDS):
        if "<" not in text and "&" not in text:
            break
        bare = _without_tags(text)
        shown = _unescaped(bare)
        if bare != text:
            shown = _tidied(shown)
        if shown == text:
            break
        text = shown
    return text


def _without_tags(text: str) -> str:
    tags = [tag for tag in _TAG.finditer(text) if _is_tag(tag)]
    if not any(map(_is_sure, tags)):
        return text
    if not text[: tags[0].start()].strip() and any(_name(tag) in _html()["blocks"] for tag in tags):
        text = text.replace("\n", " ")  # HTML from its first character on: its own line breaks are for nobody
    pieces: list[str] = []
    position, ends = 0, _Ends(text)
    for tag in tags:
        if tag.start() >= position:  # not in what is dropped
            pieces += [text[position : tag.start()], _instead(tag)]
            position = ends.behind(tag)
    return "".join([*pieces, text[position:]])


def _name(tag: re.Match[str]) -> str:
    return (tag["name"] or "").lower()


def _is_tag(tag: re.Match[str]) -> bool:
    name = _name(tag)
    if not name or name.startswith(_OFFICE):
        return True
    # "a <b and c> d" has no tag: short names are none with words behind them.
    return name in _html()["all"] and (
        len(name) > 1 or "=" in tag["rest"] or not tag["rest"].strip(" \t\r\n/")
    )


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

    def __init__(self, text: str) -> None:
        self._text = text
        self._missing: set[str] = set()

    def behind(self, tag: re.Match[str]) -> int:
        """Offset of what is shown next. Where a style or comment has no end, its words stay: none may be lost."""
        if tag["comment"]:
            return self._found("-->", tag.end())
        if _name(tag) in _html()["dropped"] and not tag["end"]:
            return self._found(rf"</{_name(tag)}(?:\s[^<>]*+)?>", tag.end())
        return tag.end()

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
