"""Writing a version of the weights, with its training report, as the TOML that `score.read_model` reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kinfold.identity.compare import COMPARISONS
from kinfold.identity.score import Model

_FIRST = """\
# Weights by which two records are judged to be the same child. Natural logarithms of odds: a weight of 0.7 doubles
# the odds, one of -0.7 halves them. Trained by `kinfold retrain`: a file is never edited, a new version is trained.
"""


def written(model: Model) -> str:
    """Return a model as the text of its file."""
    lines = [_FIRST, f'version = "{model.version}"', f"start = {model.start:.4f}", ""]
    for comparison, weights in zip(COMPARISONS, model.weights, strict=True):
        lines.append(f"[weights.{comparison.name}]")
        lines += [f"{level.name} = {weight:.4f}" for level, weight in zip(comparison.levels, weights, strict=True)]
        lines.append("")
    lines += ["[calibration]", "# the share of calibration's pairs that were one child", f"prior = {model.prior:.4f}"]
    lines += ["# pairs of: sum of the weights, logarithm of the odds as it turned out"]
    lines += ["knots = [", *(f"  [{x:.4f}, {y:.4f}]," for x, y in model.knots), "]", ""]
    lines += ["[decision]", *(f"{key} = {value}" for key, value in model.decision.items()), ""]
    lines += _table("report", model.report)
    return "\n".join(lines) + "\n"


def _table(name: str, values: Mapping[str, Any]) -> list[str]:
    plain = {key: value for key, value in values.items() if not isinstance(value, Mapping)}
    lines = [f"[{name}]", *(f"{key} = {_said(value)}" for key, value in plain.items()), ""]
    for key, value in values.items():
        if isinstance(value, Mapping):
            lines += _table(f"{name}.{key}", value)
    return lines


def _said(value: object) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    return f"{value:.4f}" if isinstance(value, float) else str(value)
