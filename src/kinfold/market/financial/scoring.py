"""From a document to a score: ratios as given, or worked out from a submission whose figures are checked first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from kinfold.market.financial.arithmetic import ratios
from kinfold.market.financial.scorecard import Scored, score, shipped_card
from kinfold.market.financial.submission import faults, figures_of
from kinfold.terms.errors import InputError


def score_document(told: Mapping[str, Any], *, base_rate: float) -> tuple[Scored, list[dict[str, Any]]]:
    """
    Return the score of a document and what does not fit in its figures.

    The document is ratios by name, `{"ratios": {...}}`, or `{"figures": {...}}` of a submission, with `segments` if it has them.
    """
    card = shipped_card()
    if "figures" in told:
        if not isinstance(told["figures"], Mapping):
            raise InputError("`figures` must be an object of figures by name.")
        figures = figures_of(told["figures"])
        segments = told.get("segments")
        known = {one.name for one in card.ratios}
        values = {name: value for name, value in ratios(figures).items() if name in known}
        return score(values, card, base_rate=base_rate), [asdict(one) for one in faults(figures, segments)]
    values = told.get("ratios", told)
    if not isinstance(values, Mapping):
        raise InputError("`ratios` must be an object of ratios by name.")
    return score(values, card, base_rate=base_rate), []
