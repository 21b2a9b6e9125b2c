"""`kinfold market` as a person runs it. Every body here is invented."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

FILE = """Provider level as at 31 March 2024
URN,Provision type,Registration date,Registration status,Local authority,Sector,Places,Organisation which owns the provider
SC900001,Children's home,01/02/2010,Active,Birmingham,Private,4,Tarnholt Care Ltd
SC900002,Children's home,01/02/2010,Active,Coventry,Private,3,Tarnholt Care Limited
SC900003,Children's home,01/02/2010,Active,Solihull,Private,REDACTED,Brindle Homes Ltd
SC900004,Children's home,01/02/2010,Active,Birmingham,Voluntary,20,The Fennawold Trust
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("market")
    (place / "providers.csv").write_text(FILE, encoding="utf-8")
    assert run(place, "load", str(place / "providers.csv"), "--json")["settings"] == 4
    return place


def run(folder: Path, *words: str, code: int = 0) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", "from kinfold.command import main; main()", "market", *words],
        capture_output=True, text=True, env={**os.environ, "KINFOLD_DATA": str(folder)}, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr + done.stdout
    return json.loads(done.stdout)


def test_totals_groups_and_an_exit(folder: Path) -> None:
    register = run(folder, "register", "--on", "2024-03-31", "--json")
    groups = run(folder, "groups", "--on", "2024-03-31", "--json")
    exit_ = run(folder, "exit", "tarnholt care", "--json")

    assert register["on"] == "2024-03-31"
    assert {(row["sector"], row["region"], row["settings"], row["places"]) for row in register["totals"]} == {
        ("Private", "West Midlands", 3, 7), ("Voluntary", "West Midlands", 1, 20),
    }  # fmt: skip
    assert next((row["key"], row["settings"]) for row in groups["groups"]) == ("tarnholt care", 2)
    assert exit_["homes_leaving"] == 2
    assert [row["suitability"] for row in exit_["curve"]] == [1.0, 0.5, 0.25, 0.1]


def test_what_cannot_be_answered_is_said_and_leaves_with_one(folder: Path) -> None:
    assert (
        "the first is of 31 March 2024"
        in run(folder, "register", "--on", "2010-01-01", "--json", code=1)["error"]["message"]
    )
    assert "No owner is called" in run(folder, "exit", "nobody", "--json", code=1)["error"]["message"]


def test_a_score_has_reasons_and_bad_figures_are_told(folder: Path) -> None:
    (folder / "ratios.json").write_text(
        '{"interest_cover": -2, "quick_ratio": 0.2, "turnover_growth": 0.7}', encoding="utf-8"
    )
    (folder / "wrong.json").write_text("[1]", encoding="utf-8")

    found = run(folder, "score", str(folder / "ratios.json"), "--json")

    assert found["band"] == "red"
    assert found["reasons"][0]["lost"] > 0
    assert "not proven" in found["caveat"]
    assert (
        "must be a JSON object"
        in run(folder, "score", str(folder / "wrong.json"), "--json", code=1)["error"]["message"]
    )


def test_statements_go_in_and_out_unchanged_and_are_answered_three_ways(folder: Path) -> None:
    statements = [
        {"statementId": "s1", "recordId": "co", "recordType": "entity", "statementDate": "2025-01-01", "kept": {"x": [1]},
         "recordDetails": {"isComponent": False, "entityType": {"type": "registeredEntity"}, "name": "Tarnholt Care Ltd"}},
        {"statementId": "s2", "recordId": "p", "recordType": "person", "statementDate": "2025-01-01",
         "recordDetails": {"isComponent": False, "personType": "anonymousPerson"}},
        {"statementId": "s3", "recordId": "r", "recordType": "relationship", "statementDate": "2025-01-01",
         "recordDetails": {"isComponent": False, "subject": "co", "interestedParty": "p",
                           "interests": [{"type": "shareholding", "share": {"exact": 80}}]}},
    ]  # fmt: skip
    (folder / "in.json").write_text(json.dumps(statements), encoding="utf-8")

    run(folder, "bods", "in", str(folder / "in.json"), "--json")
    again = run(folder, "bods", "in", str(folder / "in.json"), "--json")
    run(folder, "bods", "out", str(folder / "out.json"), "--json")
    found = run(folder, "owners", "co", "--json")

    assert (again["statements"], again["new"]) == (3, 0)
    assert json.loads((folder / "out.json").read_text(encoding="utf-8")) == statements
    assert found["control"]["by"]["uid"] == "p"
    assert found["economic_interest"]["owners"][0]["low"] == 0.8
    assert found["registered"] == []
    assert any("who this is has not been said" in text for text in found["not_known"])


def test_a_grid_of_penalties_is_checked_and_kept_and_one_without_a_source_is_refused(folder: Path) -> None:
    whole = folder / "grid.toml"
    whole.write_text('source = "Invented"\n[[base]]\nseverity = "low"\nculpability = "low"\npence = 100\n')
    without = folder / "without.toml"
    without.write_text("daily_pence = 5\n")

    assert run(folder, "penalty-grid", str(whole), "--json") == {"source": "Invented", "base": 1, "factors": []}
    assert "does not say its source" in run(folder, "penalty-grid", str(without), "--json", code=1)["error"]["message"]


ACCOUNTS = """<html xmlns:ix="http://www.xbrl.org/2013/inlineXBRL" xmlns:xbrli="http://www.xbrl.org/2003/instance"><ix:resources>
<xbrli:context id="c"><xbrli:entity><xbrli:identifier scheme="http://www.companieshouse.gov.uk/">09900001</xbrli:identifier></xbrli:entity>
<xbrli:period><xbrli:instant>2025-03-31</xbrli:instant></xbrli:period></xbrli:context>
<xbrli:unit id="u"><xbrli:measure>iso4217:GBP</xbrli:measure></xbrli:unit></ix:resources>
<p><ix:nonFraction name="core:Equity" contextRef="c" unitRef="u" scale="3" sign="-">12</ix:nonFraction></p></html>"""


def test_notifications_of_a_file_say_whose_rate_changed(tmp_path: Path) -> None:
    rows = [
        f"{group},2025-{month:02d}-01,{9 if group == 'A' and month > 6 else 1},40"
        for group in "ABCD"
        for month in range(1, 13)
    ]
    (tmp_path / "notified.csv").write_text("Group,Month,Notifications,Places\n" + "\n".join(rows), encoding="utf-8")

    found = run(tmp_path, "notifications", str(tmp_path / "notified.csv"), "--json")["groups"]

    assert [(one["group"], one["alarm"] is not None) for one in found] == [
        ("A", True),
        ("B", False),
        ("C", False),
        ("D", False),
    ]


def test_accounts_are_loaded_beside_the_register_and_a_broken_one_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(ACCOUNTS, encoding="utf-8")
    (tmp_path / "broken.html").write_text(ACCOUNTS[:-20], encoding="utf-8")
    (tmp_path / "provider_at_march_2024.csv").write_text(FILE, encoding="utf-8")

    said = run(tmp_path, "load", *(str(tmp_path / name) for name in ("a.html", "broken.html")), "--json")
    both = run(tmp_path, "load", str(tmp_path / "a.html"), str(tmp_path / "provider_at_march_2024.csv"), "--json")
    none = run(tmp_path, "load", str(tmp_path / "broken.html"), "--json", code=1)

    assert (said["accounts"]["accounts"], said["accounts"]["figures"], len(said["accounts"]["refused"])) == (1, 1, 1)
    assert "settings" not in said
    assert (both["settings"], both["accounts"]["companies"]) == (4, 1)
    assert "None of these files" in none["error"]["message"]


def test_owners_with_one_controller_are_one_group_as_on_the_pages(folder: Path) -> None:
    statements = [
        {"statementId": f"s-{name}", "recordId": name, "recordType": "entity", "recordDetails": {
            "entityType": {"type": "registeredEntity"}, "name": said, "identifiers": [{"scheme": "GB-COH", "id": number}] if number else [],
        }, "declarationSubject": name, "statementDate": "2024-01-01", "recordStatus": "new"}
        for name, said, number in (("a", "Tarnholt Care Ltd", "09900001"), ("b", "Brindle Homes Ltd", "09900002"), ("top", "Fell Holdings Ltd", ""))
    ] + [
        {"statementId": f"r-{name}", "recordId": f"r-{name}", "recordType": "relationship", "recordDetails": {
            "subject": name, "interestedParty": "top", "interests": [{"type": "votingRights", "directOrIndirect": "direct", "share": {"exact": 100}}],
        }, "declarationSubject": name, "statementDate": "2024-01-01", "recordStatus": "new"}
        for name in ("a", "b")
    ]  # fmt: skip
    place = folder / "joint"
    place.mkdir()
    file = FILE.replace("Tarnholt Care Ltd", "Tarnholt Care Ltd 09900001").replace(
        "Brindle Homes Ltd", "Brindle Homes Ltd 09900002"
    )
    (place / "providers.csv").write_text(
        file.replace("Tarnholt Care Limited", "Tarnholt Care Limited 09900001"), encoding="utf-8"
    )
    (place / "statements.json").write_text(json.dumps(statements), encoding="utf-8")
    run(place, "load", str(place / "providers.csv"), "--json")
    run(place, "bods", "in", str(place / "statements.json"), "--json")

    together = run(place, "groups", "--on", "2024-03-31", "--json")
    apart = run(place, "groups", "--on", "2024-03-31", "--by-name", "--json")
    exit_ = run(place, "exit", "Brindle Homes Ltd", "--json")

    assert [(row["key"], row["settings"]) for row in together["groups"]] == [
        ("tarnholt care", 3),
        ("fennawold trust", 1),
    ]
    assert together["brought_together"][0]["members"] == ["brindle homes", "tarnholt care"]
    assert [row["settings"] for row in apart["groups"]] == [2, 1, 1]
    assert exit_["homes_leaving"] == 2  # the third has no published places
    assert not list(place.glob("*.sqlite*"))  # no tables are made by asking


def test_how_well_the_signals_foretold_cannot_be_said_of_one_year(folder: Path) -> None:
    said = run(folder, "foretold", "--json", code=1)["error"]["message"]

    assert said.startswith("No two Marches in a row")
