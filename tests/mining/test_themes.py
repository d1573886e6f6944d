"""Themes: many causes are read in groups, few are not."""

from io import StringIO

import jsonschema
import numpy as np
import pytest
from rich.console import Console

from mining.pipeline import mine
from mining.report_html import page
from mining.report_json import report_dict
from mining.report_terminal import print_report
from mining.results import Mining
from mining.settings import MiningSettings
from mining.themes import MOST_WITHOUT, theme_numbers
from models.predictions import ModelInfo
from tests.mining.worlds import Plan, build

MODEL = ModelInfo(name="test", version="0" * 12, languages=("en",))


@pytest.fixture(scope="module")
def mining() -> Mining:
    plans = [Plan(subject=subject, side="complaint", people=20) for subject in range(60)]
    world = build(plans, languages=("en",), dimension=128, spread=0.5)
    return mine(world.feedback, world.statements, world.predictions, MiningSettings(granularity=0.6))[0]


def test_every_cause_is_in_one_theme(mining: Mining) -> None:
    assert len(mining.causes) > MOST_WITHOUT
    named = [cause for theme in mining.themes for cause in theme.causes]
    assert sorted(named) == sorted(cause.id for cause in mining.causes)
    assert 5 < len(mining.themes) < 0.5 * len(mining.causes)
    people = [theme.people for theme in mining.themes]
    assert people == sorted(people, reverse=True)
    assert all(theme.label for theme in mining.themes)


def test_reports_show_the_themes(mining: Mining) -> None:
    report = report_dict(mining, MODEL)
    schema = {"type": "object", "required": ["themes"]}
    jsonschema.validate(report, schema)
    console = Console(file=StringIO(), width=100)
    print_report(console, mining)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "Themes" in shown
    assert f"{len(mining.themes)} themes" in page(mining, MODEL)


def test_groups_of_like_centres_become_themes() -> None:
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(11), 5)
    centres = np.eye(16)[groups] + 0.05 * rng.normal(size=(len(groups), 16))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    found = theme_numbers(centres)
    assert all(len(set(groups[found == number])) == 1 for number in found)
    jittered = theme_numbers(centres + 1e-7 * rng.normal(size=centres.shape))
    assert (found[:, None] == found).tolist() == (jittered[:, None] == jittered).tolist()


def test_few_causes_have_no_themes() -> None:
    world = build([Plan(subject=subject, side="complaint", people=20) for subject in range(3)])
    assert mine(world.feedback, world.statements, world.predictions)[0].themes == ()
