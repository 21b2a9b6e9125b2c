"""One backup, made once: nobody reads it without the passphrase, and it comes back elsewhere as it was or not at all."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kinfold.service.records import backups
from kinfold.terms.errors import InputError

from .conftest import Installation, quick_keys, read_whole


@pytest.fixture(autouse=True)
def _quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    quick_keys(monkeypatch)


@pytest.fixture
def backup(night: Any, tmp_path: Path) -> backups.Made:
    """Return a copy of the night's backup."""
    made: backups.Made = night[0]
    path = Path(shutil.copy(made.path, tmp_path / made.path.name))
    return replace(made, path=path)


def test_nothing_in_the_file_can_be_read_without_the_passphrase(backup: backups.Made) -> None:
    content = backup.path.read_bytes()

    assert b"Ashgrove" not in content
    assert b"person_fact" not in content
    assert oct(backup.path.stat().st_mode & 0o777) == "0o600"
    with pytest.raises(InputError, match="passphrase does not open"):
        read_whole(backup.path, "another passphrase altogether")


def test_the_restored_record_is_equal_row_for_row(backup: backups.Made, elsewhere: Installation) -> None:
    done = elsewhere.run("restore", str(backup.path), "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)

    made = elsewhere.run("backup", str(backup.path.with_name("second.kinfold-backup")), "--json")

    assert made.returncode == 0, made.stderr
    assert said["tables"] == backup.tables
    assert said["files"] == backup.files
    assert said["chains_verified"] == 1
    before, after = read_whole(backup.path), read_whole(backup.path.with_name("second.kinfold-backup"))
    grows = {"audit_entry", "audit_body", "audit_head"}  # the restore itself is one link
    assert {n: r for n, r in before["rows"].items() if n not in grows} == {
        n: r for n, r in after["rows"].items() if n not in grows
    }
    assert len(after["rows"]["audit_entry"]) == len(before["rows"]["audit_entry"]) + 1
    assert {n: c for n, c in before["files"].items() if n.startswith("received")} == {
        n: c for n, c in after["files"].items() if n.startswith("received")
    }
    checked = json.loads(elsewhere.run("doctor", "--json").stdout)
    states = {check["name"]: check["state"] for check in checked["checks"]}
    assert (states["guards"], states["audit"], states["keys"]) == ("ok", "ok", "ok")
    assert json.loads(elsewhere.run("audit", "verify", "--json").stdout)["whole"]

    twice = elsewhere.run("restore", str(backup.path), "--json")

    assert twice.returncode == 1
    assert "already holds a record" in json.loads(twice.stdout)["error"]["message"]


def test_a_missing_log_of_erasures_stops_the_restore(backup: backups.Made, elsewhere: Installation) -> None:
    done = elsewhere.run("restore", str(backup.path), "--erasures", "/nowhere/erasures.log", "--json")

    assert done.returncode == 1
    assert "would come back" in json.loads(done.stdout)["error"]["message"]


def test_a_backup_that_was_cut_off_or_changed_anywhere_is_refused(backup: backups.Made) -> None:
    content = backup.path.read_bytes()

    for cut in (0, 10, 60, 1000, -1, -200):
        backup.path.write_bytes(content[:cut])
        with pytest.raises(InputError, match=r"cut off|beginning is missing|not a backup"):
            read_whole(backup.path)
    for place in (3, 17, 20, 40, 52, 200, 5000, -1):
        backup.path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 or len(content) :])
        with pytest.raises(InputError):
            read_whole(backup.path)


def test_a_changed_backup_leaves_the_database_empty_and_a_whole_one_can_follow(
    backup: backups.Made, elsewhere: Installation
) -> None:
    broken = backup.path.with_name("broken.kinfold-backup")
    content = bytearray(backup.path.read_bytes())
    content[-20] ^= 1
    broken.write_bytes(bytes(content))

    refused = elsewhere.run("restore", str(broken), "--json")
    taken = elsewhere.run("restore", str(backup.path), "--json")

    assert refused.returncode == 1
    assert "changed or cut off" in json.loads(refused.stdout)["error"]["message"]
    assert taken.returncode == 0, taken.stderr
    assert not list(elsewhere.folder.glob("restoring-*"))


def test_a_key_that_differs_stops_the_restore(backup: backups.Made, elsewhere: Installation, night: Any) -> None:
    keys = elsewhere.folder / "keys"
    keys.mkdir(parents=True)
    (keys / f"{night[1]}.key").write_bytes(b"another key of this holder......")

    done = elsewhere.run("restore", str(backup.path), "--json")

    assert done.returncode == 1
    assert "is another than the one in the backup" in json.loads(done.stdout)["error"]["message"]
    assert (keys / f"{night[1]}.key").read_bytes() == b"another key of this holder......"
