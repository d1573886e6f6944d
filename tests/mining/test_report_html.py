import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining import report_html
from mining.periods import Background, Calendar, Moments
from mining.report_html import TEMPLATES, page, write_html
from mining.results import Mining
from mining.trends import trends_of
from tests.mining.report_world import MODEL, SCRIPT, empty_world, wilson, world

VOID = {"meta", "link", "br", "col"}
HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [SCRIPT, '"><svg onload=x>', "' onmouseover='x", "{{ 7*7 }}{% x %}", "</style>", "&lt;b&gt;"]
    ),
)


class Outline(HTMLParser):
    """Tags with their attributes, in order, and the visible text; complains of tags that do not close."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def skeleton(self) -> list[tuple[str, tuple[str, ...]]]:
        return [(tag, tuple(attributes)) for tag, attributes in self.tags]

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


@pytest.fixture(scope="module")
def outline() -> Outline:
    return Outline(page(world(), MODEL))


def everywhere(text: str) -> Mining:
    """The world with ``text`` in every place that a stranger can fill."""
    mining = world()
    first = mining.oppositions[2]
    assert first.segment is not None
    example = replace(first.sides[0].examples[0], text=text, feedback_id=text, language=text)
    side = replace(first.sides[0], examples=(example,), members=(text,), languages={text: 3})
    opposition = replace(
        first,
        label=text,
        sides=(side, first.sides[1]),
        segment=replace(first.segment, column=text, value=text),
    )
    cause = replace(
        mining.causes[0],
        label=text,
        labels={"en": text, f"x-{text}": f"{text}!"},
        examples=(example,),
        members=(text,),
    )
    return replace(
        mining,
        causes=(cause,),
        oppositions=(opposition,),
        unassigned={text: 2},
        data=replace(mining.data, languages={text: 40}, sources={text: 40}, ratings={text: 4}),
    )


def test_the_first_thing_said_is_the_first_opposition(outline: Outline) -> None:
    said = outline.text
    assert "examples: 96 people ask for more, 85 ask for less" in said
    assert said.index("Where people pull in opposite directions") < said.index("What people speak of")
    assert "whoever serves one makes it worse for the other" in said


def test_two_oppositions_of_one_cause_point_at_each_other() -> None:
    mining = world()
    first, *others = mining.oppositions
    assert first.kind == "degree"
    other = replace(next(o for o in others if o.kind == "sentiment"), cause_id=first.cause_id)
    text = page(replace(mining, oppositions=(first, other)), MODEL)
    for opposition in (first, other):
        place = f"{opposition.cause_id}-{opposition.kind}"
        assert text.count(f'id="{place}"') == 1
        assert text.count(f'href="#{place}"') == 2  # from the overview, and from the other one
    assert f"On 1 of the {len(mining.causes)} causes" in text


def test_every_opposition_shows_k_of_n_an_interval_and_both_voices(outline: Outline) -> None:
    for opposition in world().oppositions:
        for side in opposition.sides:
            assert f"{side.share.k} of {side.share.n} people" in outline.text
            assert side.examples[0].text in outline.text
    assert "53 % (46–60 %)" in outline.text


def test_each_interval_of_what_goes_with_an_outcome_says_where_it_is_from() -> None:
    """400 resamples are behind two of the four, and of many levels behind the differences, which have others of few."""
    mining = world()
    assert mining.drivers is not None
    for yes_no, method in ((False, "a bootstrap by person"), (True, "Newcombe’s")):
        foot = Outline(page(replace(mining, drivers=replace(mining.drivers, yes_no=yes_no)), MODEL)).text
        assert "adjusted R², its interval by the delta method;" in foot
        assert "brackets of parts and ranks: 95 % of 400 resamples of people;" in foot
        assert f"interval of the difference: {method}." in foot


def test_how_often_a_person_counts_in_a_trend_is_told_for_weeks_too() -> None:
    """Of a product of four months the periods are weeks, in which one person may count several times a month."""
    rng = np.random.default_rng(0)
    everybody = Moments(rng.integers(0, 60, 600), 738_000 + rng.integers(0, 120, 600))
    own = Moments(everybody.person[:180], everybody.day[:180])
    [found] = trends_of([own], [Background(everybody)], gate=6, significance=0.05)
    assert found is not None
    weekly = found[0]
    assert weekly.unit == "week"
    assert sum(point.people for point in weekly.points) > Calendar.months(own.day).people(own).sum()
    mining = world()
    cause = replace(mining.causes[0], timing=replace(mining.causes[0].timing, trend=weekly))
    text = Outline(page(replace(mining, causes=(cause, *mining.causes[1:])), MODEL)).text
    assert "counts once in each month, or in each week where fewer than six months hold messages" in text


def test_hostile_text_is_shown_and_never_becomes_markup(outline: Outline) -> None:
    assert SCRIPT in outline.text
    assert [tag for tag, _ in outline.tags].count("script") == 1
    assert not any(tag == "img" for tag, _ in outline.tags)
    assert not any(name.startswith("on") for _, attributes in outline.tags for name in attributes)


@settings(max_examples=40, deadline=None)
@given(HOSTILE)
def test_no_text_changes_the_shape_of_the_page(text: str) -> None:
    assert (
        Outline(page(everywhere(text), MODEL)).skeleton == Outline(page(everywhere("plain"), MODEL)).skeleton
    )


def test_the_page_asks_the_network_for_nothing(outline: Outline) -> None:
    for _, attributes in outline.tags:
        for name in ("src", "href", "action", "poster", "data"):
            assert (attributes.get(name) or "#").startswith(("#", "data:,"))
    for source in ("report.css", "report.js"):
        text = (TEMPLATES / source).read_text(encoding="utf-8")
        assert not re.search(r"url\(|@import|https?:|fetch|XMLHttpRequest|innerHTML|eval", text)


def test_the_policy_names_the_only_style_and_script_by_hash() -> None:
    html = page(world(), MODEL)
    policy = next(
        a["content"] for _, a in Outline(html).tags if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    for tag in ("style", "script"):
        (source,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "style=" not in html


def test_only_our_own_two_files_skip_escaping() -> None:
    templates = [path.read_text(encoding="utf-8") for path in sorted(TEMPLATES.glob("*.j2"))]
    unescaped = [found for text in templates for found in re.findall(r"\{\{[^}]*\|\s*safe\b[^}]*\}\}", text)]
    assert unescaped == ["{{ css | safe }}", "{{ script | safe }}"]
    assert not any("autoescape" in text for text in templates)


def test_quotes_are_isolated_and_bear_their_language(outline: Outline) -> None:
    quotes = [attributes for tag, attributes in outline.tags if tag == "blockquote"]
    assert len(quotes) > 20
    assert all(quote["dir"] == "auto" and quote["lang"] for quote in quotes)


def test_drawings_and_links_point_at_names_that_exist_once(outline: Outline) -> None:
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in outline.tags:
        for name in ("aria-labelledby", "aria-describedby"):
            assert set((attributes.get(name) or "").split()) <= set(ids)
        href = attributes.get("href") or ""
        assert not href.startswith("#") or href[1:] in ids
    drawings = [attributes for tag, attributes in outline.tags if tag == "svg"]
    assert all("aria-hidden" in d or "aria-labelledby" in d or "aria-label" in d for d in drawings)


def test_the_key_tells_why_both_sides_may_pass_the_half() -> None:
    mining = world()
    first = mining.oppositions[0]
    wide = tuple(replace(side, share=wilson(side.people, 100)) for side in first.sides)
    shared = replace(mining, oppositions=(replace(first, sides=wide), *mining.oppositions[1:]))
    reason = "Who says both counts on each side, so both may pass the half"
    assert reason in page(shared, MODEL)
    assert "96 ask for more, 85 ask for less, 81 of them say both" in page(shared, MODEL)
    assert reason not in page(mining, MODEL)


def test_an_anecdote_gets_no_percentage(outline: Outline) -> None:
    row = outline.text[outline.text.index("taille des caractères") :][:120]
    assert "9 of 2,133" in row
    assert "%" not in row


def test_causes_of_a_small_file_get_no_percentage_and_no_dot_before_none() -> None:
    mining = world()
    text = page(gated(mining, mining.data.people + 1), MODEL)
    table = text.split('id="causes-table"')[1].split("</table>")[0]
    assert table.count("of 2,133</span>") == len(mining.causes)
    assert any(cause.grade != "anecdote" for cause in mining.causes)


def test_thin_and_unknown_languages_are_named(outline: Outline) -> None:
    assert "Fewer than 30 people wrote in Arabic, or through social" in outline.text
    assert "not trained on Hebrew and Korean" in outline.text


@pytest.mark.parametrize(
    ("languages", "advised"),
    [
        ({"lv": 150, "ru": 45, "cs": 3, "uk": 3}, "in Czech and Ukrainian"),
        ({"lv": 150, "ru": 45, "cs": 3, "uk": 2}, "in Czech"),
        ({"lv": 150, "ru": 45, "cs": 2, "uk": 1}, None),
        ({"lv": 400, "ru": 150, "cs": 5, "uk": 6}, "in Ukrainian"),
    ],
)
def test_nobody_is_told_to_ask_in_a_language_that_hardly_anybody_seems_to_write(
    languages: dict[str, int], advised: str | None
) -> None:
    few = replace(
        without_sources(empty_world()), data=replace(empty_world().data, people=sum(languages.values()))
    )
    text = Outline(page(replace(few, data=replace(few.data, languages=languages)), MODEL)).text
    assert ("ask there" in text) == (advised is not None)
    assert f"Fewer than 30 people wrote {advised}: ask there" in text or advised is None


def test_texts_of_no_told_language_are_not_a_language() -> None:
    data = empty_world().data
    assert replace(data, languages={"lv": 3, "und": 2}).told_languages == 1
    assert replace(data, languages={"und": 2}).told_languages == 1


@pytest.mark.parametrize(
    ("languages", "people", "told"),
    [
        ({"hi": 84, "en": 3, "da": 2, "sw": 1}, 86, 2),
        ({"lv": 400, "ru": 150, "cs": 5}, 555, 2),
        ({"lv": 2, "en": 1}, 3, 2),
    ],
)
def test_a_language_of_hardly_anybody_is_not_counted(
    languages: dict[str, int], people: int, told: int
) -> None:
    assert replace(empty_world().data, languages=languages, people=people).told_languages == told


def test_an_empty_mining_still_makes_a_page() -> None:
    text = Outline(page(empty_world(), MODEL)).text
    assert "Nothing yet that enough people say" in text
    assert "1 person wrote 1 message in 1 language." in text


def without_oppositions(mining: Mining) -> Mining:
    return replace(mining, oppositions=())


def without_sources(mining: Mining) -> Mining:
    return replace(mining, data=replace(mining.data, sources={}, languages={}, ratings={}))


@pytest.mark.parametrize("change", [without_oppositions, without_sources])
def test_missing_parts_leave_a_whole_page(change: Callable[[Mining], Mining]) -> None:
    assert Outline(page(change(world()), MODEL)).text


def test_causes_of_no_one_subject_stand_behind_the_others_and_say_so() -> None:
    mining = world()
    first, *others = mining.causes
    vague = replace(first, label="thanks", topics=("other",))
    html = page(replace(mining, causes=(vague, *others)), MODEL)
    table = html[html.index('id="causes-table"') :]
    assert table.count("(no one subject)") == 1
    assert table.index("<bdi>thanks</bdi>") > table.index(f"<bdi>{others[-1].label}</bdi>")
    assert 'aria-sort="descending"' not in table
    assert 'aria-sort="descending"' in page(mining, MODEL)


def test_a_mining_of_thousands_of_causes_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_html, "SHOWN_CAUSES", 3)
    monkeypatch.setattr(report_html, "SHOWN_OPPOSITIONS", 2)
    text = Outline(page(world(), MODEL)).text
    assert "8 smaller causes are in report.json" in text
    assert "3 more oppositions are in report.json" in text


def test_the_same_mining_gives_the_same_bytes_and_broken_letters_are_written(tmp_path: Path) -> None:
    first, second = tmp_path / "a.html", tmp_path / "b.html"
    write_html(first, world(), MODEL)
    write_html(second, world(), MODEL)
    assert first.read_bytes() == second.read_bytes()
    write_html(first, everywhere("half \ud83d a pair"), MODEL)
    assert "half" in first.read_text(encoding="utf-8")


def test_the_overview_is_left_out_where_there_is_nothing_to_compare(outline: Outline) -> None:
    alone = Outline(page(replace(world(), oppositions=world().oppositions[:1]), MODEL))
    for made, expected in ((outline, 1), (alone, 0)):
        assert [a.get("class") for tag, a in made.tags if tag == "table"].count("glance") == expected


def test_the_grey_of_a_strip_is_not_said_to_be_all_who_take_no_side(outline: Outline) -> None:
    assert "there are more of them where somebody is on two sides, who counts on each" in outline.text


def test_messages_outside_of_the_months_told_of_are_told() -> None:
    mining = world()
    assert "months in a row" not in Outline(page(mining, MODEL)).text
    late = replace(mining, data=replace(mining.data, untimed=1))
    assert "parts from all others: 1 message outside of them counts" in Outline(page(late, MODEL)).text


def test_the_gate_of_a_share_is_that_of_the_mining() -> None:
    """Eight of nineteen people are a share where the mining says so; 96 of 181 are none where it says that."""
    shown = {gate: Outline(page(gated(world(), gate), MODEL)).text for gate in (19, 30, 182)}
    told = {
        gate: [words in text for words in ("42 % (23–64 %)", "53 % (46–60 %)")]
        for gate, text in shown.items()
    }
    assert told == {19: [True, True], 30: [False, True], 182: [False, False]}
    assert all(f"Below {gate} people no percentage is shown" in text for gate, text in shown.items())


def gated(mining: Mining, people: int) -> Mining:
    return replace(mining, settings={**mining.settings, "share_people": people})
