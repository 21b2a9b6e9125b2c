"""`kinfold retrain`: weights that fail their test are not written, unless somebody says why they should be."""

from __future__ import annotations

import json
from pathlib import Path

from kinfold.identity.score import read_model
from tests.spec.identity.test_match_and_dedupe_commands import kinfold


def test_weights_tested_on_too_few_are_written_only_with_a_reason(tmp_path: Path) -> None:
    decisions, out = tmp_path / "decisions.json", tmp_path / "weights-9.toml"
    decisions.write_text("[]")
    asked = ("retrain", "--decisions", decisions, "--out", out, "--version", "9", "--people", 1500, "--queries", 400)

    refused = kinfold(*asked)
    written = kinfold(*asked, "--despite", "to be looked into", "--json")

    assert refused.returncode == 1
    assert "The new weights are not written" in refused.stderr
    assert "at least 2,000 is asked" in refused.stderr
    said = json.loads(written.stdout)
    assert said["held_back"]
    assert read_model(out).report["written_despite"] == "to be looked into"
    assert kinfold(*asked).stderr.startswith("weights-9.toml is there already")
