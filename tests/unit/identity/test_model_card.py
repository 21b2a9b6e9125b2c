"""The card of the weights that Kinfold comes with is what its file says, with Splink's chart beside it."""

from __future__ import annotations

import json
from pathlib import Path

from kinfold.identity.compare import COMPARISONS
from kinfold.identity.model_card import write_card
from kinfold.identity.score import shipped_model

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference"


def test_the_card_in_the_reference_is_of_the_weights_in_use(tmp_path: Path) -> None:
    model = shipped_model()

    card, chart = write_card(model, tmp_path)

    assert (REFERENCE / card.name).read_text() == card.read_text()
    assert model.digest in card.read_text()
    drawn = json.loads(chart.read_text())
    assert "vega-lite" in drawn["$schema"]
    assert all(comparison.name in json.dumps(drawn) for comparison in COMPARISONS)
    assert json.loads((REFERENCE / chart.name).read_text())["$schema"] == drawn["$schema"]
