"""
The model card of a version of the weights: what it was trained on, how well it does, what each point weighs.

Beside the page of text stands Splink's own chart of the same weights, as a Vega-Lite document that any viewer draws.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from kinfold.identity.batch import linker_over
from kinfold.identity.compare import COMPARISONS
from kinfold.identity.release import held_back, origins_behind
from kinfold.identity.score import Model

# What a figure of the test is called, and whether more of it is better.
FIGURES = {
    "queries": "Queries",
    "candidate_recall": "Of those who are there, found among the candidates",
    "recall_at_999": "Recall where 999 of 1,000 matches are right",
    "match_precision": "Of the matches said, right",
    "match_recall": "Of those who are there, matched without a person",
    "twin_false_matches": "Twins who are not there, matched to the one who is",
    "sibling_false_matches": "The same of brothers and sisters",
    "stranger_false_matches": "The same of strangers of one name",
}
SETS = {"wide": "Full records", "narrow": "Name, day, sex and postcode alone"}


def write_card(model: Model, folder: Path) -> tuple[Path, Path]:
    """Write a version's card and its chart of weights into a folder, and return both files."""
    folder.mkdir(parents=True, exist_ok=True)
    card, chart = folder / f"weights-{model.version}.md", folder / f"weights-{model.version}.json"
    card.write_text("\n".join(_lines(model)) + "\n", encoding="utf-8")
    chart.write_text(json.dumps(_chart(model), ensure_ascii=False) + "\n", encoding="utf-8")
    return card, chart


def _chart(model: Model) -> Mapping[str, Any]:
    drawn = linker_over(pl.DataFrame([{"unique_id": "a"}, {"unique_id": "b"}]), model).visualisations
    chart: Mapping[str, Any] = drawn.match_weights_chart().chart_dict
    return chart


def _lines(model: Model) -> Iterator[str]:
    report = model.report
    yield f"# Weights {model.version}"
    yield ""
    yield f"By these weights two records are judged to be one child. Digest `{model.digest}`; it stands in every audit entry."
    yield ""
    yield (
        f"Learnt from {report.get('pairs', 0):,} pairs of {report.get('people', 0):,} invented people "
        f"(seed {report.get('seed')}), {report.get('decided_pairs', 0):,} of them decided by people. Tested on people of "
        "other seeds and names. No real child was in any of it; records of real councils err in ways of their own."
    )
    yield ""
    yield (
        f"Splink's chart of the weights, in base 2: [weights-{model.version}.json](weights-{model.version}.json) (Vega-Lite). "
        "Only the weights are learnt; m and u in it are two numbers of that ratio and say nothing by themselves."
    )
    yield ""
    yield from _release(report)
    tests = report.get("test", {})
    yield from _table("How well it does", ["", *SETS.values()], _figures(tests))
    for key, title in (
        ("by_error", "Found, by what is wrong with the query"),
        ("by_origin", "Matched, by origin of name"),
    ):
        names = sorted({name for one in tests.values() for name in one.get(key, {})})
        rows = [
            [name.replace("_", " "), *[_share(tests.get(one, {}).get(key, {}).get(name)) for one in SETS]]
            for name in names
        ]
        yield from _table(title, ["", *SETS.values()], rows)
    rows = [
        [comparison.name, level.words, f"{weight:+.2f}"]
        for comparison, weights in zip(COMPARISONS, model.weights, strict=True)
        for level, weight in zip(comparison.levels, weights, strict=True)
    ]
    yield from _table("What each point weighs", ["Point", "They have", "Weight"], rows)


def _release(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield whether the version may be put to use, and which origins of name are behind beyond chance."""
    reasons = held_back(report)
    yield (
        "**May be put to use.** It passes every limit of `identity/release.toml`."
        if not reasons
        else (f"**May not be put to use.** {' '.join(reasons)}")
    )
    for name, words in SETS.items():
        figures = report.get("test", {}).get(name, {})
        behind = [f"{origin} by {gap:.1%}" for origin, gap in origins_behind(figures).items() if gap >= 0.0005]
        yield ""
        yield f"{words}: {'behind the whole beyond chance: ' + ', '.join(behind) if behind else 'no origin of name is behind the whole beyond chance'}."


def _figures(tests: Mapping[str, Mapping[str, Any]]) -> list[list[str]]:
    return [[words, *[_share(tests.get(one, {}).get(name)) for one in SETS]] for name, words in FIGURES.items()]


def _share(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:.2%}"


def _table(title: str, head: list[str], rows: list[list[str]]) -> Iterator[str]:
    yield from ("", f"## {title}", "", f"| {' | '.join(head)} |", f"|{'---|' * len(head)}")
    for row in rows:
        yield f"| {' | '.join(row)} |"
