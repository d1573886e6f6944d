"""What a browser would show of HTML; plain words that look a little like it stay; no text takes long."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.fields import readable
from data.markup import without_markup

SHOWN = [
    ("<p>Too few.</p><p>Too&nbsp;late<br>by far</p>", "Too few.\nToo late\nby far"),
    ('<div dir="ltr">Hi<div>two</div><div><br></div><div>three</div></div>', "Hi\ntwo\n\nthree"),
    ("<html><head><title>Mail</title><style>p {color: red}</style></head><body>Late</body></html>", "Late"),
    ('<STYLE type="text/css">td {x: y}</style ><table><tr><td>a</td><td>b</td></tr></table>', "a b"),
    ("<!DOCTYPE html><!-- <p>hidden</p> --><ul><li>one</li><li>two</li></ul>", "one\ntwo"),
    ("<!--[if mso]><p>hidden</p><![endif]-->late<![if !mso]> again<![endif]>", "late again"),
    ('<p class="MsoNormal">Late<o:p></o:p></p><p><o:p>&nbsp;</o:p></p>', "Late"),
    ("<p>A mail program\nbreaks\nits lines</p>\n<p>here</p>", "A mail program breaks its lines\nhere"),
    ("Break one\nand <b>two</b>, un<i>believ</i>able", "Break one\nand two, unbelievable"),
    ('<img alt="a > b" src=x>late<td nowrap>today', "late today"),
    ("Tom &amp; Jerry &lt;3 it&#39;s 5&euro;", "Tom & Jerry <3 it's 5€"),
    ("Liefer&shy;ung &#8203;spät", "Lieferung spät"),
    ("&lt;p&gt;escaped &amp;amp; again&lt;/p&gt;", "escaped & again"),
    ("<p>&nbsp;</p><br/>", ""),
    ("<p>to <name> or <anna@example.com>, <https://example.com/a></p>", "to <name> or <anna@example.com>, <https://example.com/a>"),
    ("<p>all of <style>it stays", "all of <style>it stays"),
    ('<p>all of <style type="x">it stays', "all of it stays"),
    ("<head><title>x</title></head><header>Hi</header>late", "Hi\nlate"),
    ("<p>a <style>x</style it stays", "a <style>x</style it stays"),
    ('<!DOCTYPE html>\n<span>broken\nlines</span><p>two</p>\nthree', "broken lines\ntwo\nthree"),
    ("<p>x <!-- all of it stays", "x all of it stays"),
    ("<style>p {x: y}</style><p>Late</p>", "Late"),
    ("<html>\n<head><title>Mail</title></head><body>Late</body></html>", "Late"),
    ("<!doctype html><title>Mail</title>Late", "Late"),
    # Words that somebody wrote, whatever is around them.
    ("<review><title>Broke after a day</title><body>The lid leaks.</body></review>",
     "<review>\nBroke after a day\nThe lid leaks.\n</review>"),
    ("<title>Nie wieder</title>", "Nie wieder"),
    ("<html><head><title>Nie wieder</title><style>p {x: y}</style></head><body></body></html>", "Nie wieder"),
    ("<html><head><style>p {x: y}</style></head><body>&nbsp;</body></html>", ""),
    ("<p><script>bad app</script></p>", "bad app"),
    ("<script>bad app</script>", "bad app"),
    ("&lt;script&gt;the app is bad&lt;/script&gt;", "the app is bad"),
    ("&lt;html&gt;&lt;head&gt;so &lt;title&gt;bad&lt;/title&gt;&lt;/head&gt;", "so\nbad"),
    ("Never use &lt;!-- comments --&gt; here", "Never use comments --> here"),
    ("The <title> tag is missing. Where is it?</title>", "The\ntag is missing. Where is it?"),
    ("My <head> hurts, my </head> does", "My\nhurts, my\ndoes"),
    ("Your editor strips <script>alert(1)</script> from <b>my</b> posts", "Your editor strips alert(1) from my posts"),
    ("<title cm>Love it {Pos}</title cm>", "Love it {Pos}"),
    ("<p>Size <S> too <u>small</u>, send it to <address></p>", "Size <S> too small, send it to <address>"),
    ('<a href="x">here</a> <a name="x"> <input disabled/>', "here"),
    ("&amp;amp;amp;amp;lt;", "<"),
]  # fmt: skip
STAYS = [
    "I <3 it, a < b, 5>3, <- here ->, >_<, <>",
    "a <b and c> d, see <p. 5>, if x<a and a>y",
    "sent to <address> at <time>, <name> said <title>, my <data>",
    "<anna@example.com> <https://example.com/p> <mailto:anna@example.com> <tag:b>",
    "AT&T, R&D; Q&A; &, &&, &;, B&Q;",
    "https://example.com/?a=1&copy=2&times=3&lt=4&notes;",
    "it was so <p late",
    "  spaces  and\n\n\n\nlines stay \f as they are ",
    "<script> nobody closes",
    "My <a> key and <b> key are stuck",
    "Size <S> too small, <b> ok",
    "I ordered size <s> but got <m>",
    "press <i> then <q> to quit, <u> or <big>",
    "sound <small> room",
]
HOSTILE = [
    *(
        "<",
        "</",
        "<!",
        "<!--",
        "<!-- a --!>",
        "<![if",
        "<?xml ",
        "<a ",
        '<a "',
        "<a b='",
        "<a b=c ",
        "<a/",
        '<a\t="',
    ),
    *(
        "<p",
        "<p <",
        "</p ",
        "<p>",
        "<br>",
        "<p> \n",
        " ",
        " \n",
        "\f",
        "<p>\f",
        "<o:",
        "<script>",
        "<script></",
        "<script>",
        "<head>",
        "<title>",
    ),
    *("<style></style", "<style></style>", "<title>x</t", "&lt;", "&lt;p&gt;"),
    *("&", "&#", "&#1", "&#1;", "&amp", "&amp;", "amp;"),
]


@pytest.mark.parametrize(("text", "shown"), SHOWN)
def test_what_a_browser_shows(text: str, shown: str) -> None:
    assert without_markup(text) == shown


@pytest.mark.parametrize("text", STAYS)
def test_plain_words_stay(text: str) -> None:
    assert without_markup(text) == text


@given(st.text(alphabet=st.characters(exclude_characters="<&")))
def test_a_text_without_a_bracket_or_ampersand_stays(text: str) -> None:
    assert without_markup(text) == text


WORDS = st.lists(st.from_regex(r"[a-zäđก-ฮ]{1,9}", fullmatch=True), min_size=1, max_size=8)
TAGS = st.sampled_from(
    ["<p>", "</p>", "<br />", "<td>", "<p class='x y'>", "<o:p>", "<!-- no -->", '<img alt="a>">']
)


@given(WORDS, st.lists(TAGS, min_size=8, max_size=8))
def test_no_word_is_lost_between_tags(words: list[str], tags: list[str]) -> None:
    marked = "".join(f"{tag} {word}" for word, tag in zip(words, tags, strict=False))
    assert without_markup(marked).split() == words


@pytest.mark.parametrize("rounds", range(1, 9))
def test_what_was_read_once_is_not_read_again(rounds: int) -> None:
    text = "<p>Late &lt;3</p>" + "&" + "amp;" * (rounds - 1) + "lt;b"
    assert without_markup(without_markup(text)) == without_markup(text) == "Late <3\n<b"


def test_code_that_is_long_is_looked_through_once() -> None:
    text = "<p>" + "<script>" * 50_000 + "</script>"  # blank without it
    assert without_markup(text) == ""


PIECES = st.sampled_from(
    [*HOSTILE, "<style>", "</style>", "<div>", ">", "-->", "&#0;", "&#xD800;", "&nbsp;", "word", "\n", '"']
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_anything_between_tags_can_be_read_and_kept(text: str) -> None:
    shown = without_markup(text)
    assert shown == readable(shown)
    assert len(shown) <= len(text)
    assert re.findall("word", text)[: len(re.findall("word", shown))] == re.findall("word", shown)


@pytest.mark.parametrize("part", HOSTILE)
@pytest.mark.parametrize("before", ["", "<p>", "<style>", "<!--"])
def test_a_hostile_text_of_400_000_characters_comes_to_an_end(part: str, before: str) -> None:
    text = before + part * (400_000 // len(part))  # in steps that grow with its square: hours
    assert len(without_markup(text)) <= len(text)
