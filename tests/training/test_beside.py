"""Statements beside others: the label of degree still holds, and what no longer does is gone."""

import pandas as pd

from training.beside import beside

PRAISE = [f"praise number {number}" for number in range(40)]
COMPLAINTS = [f"far too few, {number}" for number in range(40)]


def rows(texts: list[str], degree: str | None, **given: str) -> pd.DataFrame:
    frame = pd.DataFrame({"text": texts, "degree": degree, "lang": "en", "split": "train", "source": "own"})
    frame = frame.assign(sentiment="negative", subject="own:x", english=texts, weight=1.0, **given)
    return frame.assign(topics=[["content"]] * len(texts))


def test_a_complaint_keeps_its_label_and_stands_beside_one_that_complains_of_nothing() -> None:
    given = pd.concat([rows(PRAISE, "none"), rows(COMPLAINTS, "too_little")], ignore_index=True)
    found = beside(given, share=1.0, seed=1)
    assert found.degree.tolist() == given.degree.tolist()
    assert found.weight.tolist() == given.weight.tolist()
    for before, after in zip(given.text, found.text, strict=True):
        rest = after.replace(before, "", 1).strip()
        assert before in after
        assert rest in PRAISE
    assert found[["sentiment", "topics", "subject", "english"]].isna().all(axis=None)
    complaints = found[found.degree == "too_little"].text
    assert 0 < complaints.str.startswith("far too few").sum() < len(complaints)


def test_only_the_share_is_changed_and_the_draw_is_the_seed_s() -> None:
    given = pd.concat([rows(PRAISE, "none"), rows(COMPLAINTS, "too_little")], ignore_index=True)
    found = beside(given, share=0.25, seed=1)
    changed = found.text != given.text
    assert 5 < changed.sum() < 40
    pd.testing.assert_frame_equal(found[~changed], given[~changed])
    pd.testing.assert_frame_equal(beside(given, share=0.25, seed=1), found)
    assert beside(given, share=0.25, seed=2).text.tolist() != found.text.tolist()


def test_what_has_no_label_of_degree_or_judges_stays_as_it_is() -> None:
    given = pd.concat(
        [
            rows(PRAISE, "none"),
            rows(["a"], None),
            rows(["b"], "none", split="dev"),
            rows(["c"], "none", lang="sw"),
        ],
        ignore_index=True,
    )
    found = beside(given, share=1.0, seed=1)
    pd.testing.assert_frame_equal(found.iloc[40:], given.iloc[40:])


def test_own_texts_stand_beside_own_ones_in_their_language() -> None:
    parts = [
        rows([f"own {n}" for n in range(30)], "none"),
        rows([f"public {n}" for n in range(30)], "none", source="read"),
        rows([f"句子{n}" for n in range(30)], "none", lang="zh"),
    ]
    found = beside(pd.concat(parts, ignore_index=True), share=1.0, seed=1)
    assert found.text[:30].str.count("own").eq(2).all()
    assert found.text[30:60].str.count("public").eq(2).all()
    assert found.text[60:].str.fullmatch(r"句子\d+，句子\d+").all()
