"""A backup is whole or refused, holds nothing readable, and comes back as it was, without what was erased since."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection

from kinfold.service.records import backups, erasure_log
from kinfold.service.records.backup_tables import NOT_KEPT_APPS, NOT_KEPT_TABLES, kept_tables
from kinfold.service.records.commits import writing
from kinfold.service.records.models import Erasure, IdentifierKey, LoadedSubject, PersonFact, PersonIndex, Thing
from kinfold.service.records.restoring import restore
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError

from .conftest import PASSPHRASE, Installation, quick_keys, read_whole

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 5, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    quick_keys(monkeypatch)


@pytest.fixture
def backup(council: int, tmp_path: Path) -> backups.Made:
    """Return a backup of the council."""
    return backups.write_backup(tmp_path / "night.kinfold-backup", passphrase=PASSPHRASE.encode(), now=NOW)


def erase(held_by: int, fact: UUID | str) -> Erasure:
    """Erase by law what has a name, such as a fact, as the erasing action does."""
    with writing(held_by=held_by, by="one", because="erasure") as change:
        row = Erasure.objects.create(
            held_by=held_by, fact=str(fact), law="UK GDPR, article 17", proposed_by="one", approved_by="another",
            at=change.at,
        )  # fmt: skip
        erasure_log.carry_out(row)
        erasure_log.log_after_commit([row])
    return row


def test_every_table_is_kept_or_named_as_not_kept(db: None) -> None:
    kept = {table.name for table in kept_tables()}
    not_kept = {
        m._meta.db_table for m in apps.get_models(include_auto_created=True) if m._meta.app_label in NOT_KEPT_APPS
    }

    # what a database counts for itself, as SQLite does after a load, is not the service's
    there = {name for name in connection.introspection.table_names() if not name.startswith("sqlite_")}

    assert there - kept - not_kept - NOT_KEPT_TABLES == set()


def test_the_manifest_holds_counts_and_hashes_that_compare_with_nothing(backup: backups.Made, council: int) -> None:
    first = read_whole(backup.path)
    again = backups.write_backup(backup.path.with_name("again.kinfold-backup"), passphrase=PASSPHRASE.encode(), now=NOW)

    second = read_whole(again.path)

    assert first["rows"]["person_fact"] == second["rows"]["person_fact"]
    hashes = [tally.as_json()["hash"] for one in (first, second) for tally in one["tallies"]["tables"].values()]
    assert len(set(hashes)) == len(hashes), "the same rows have another hash in each backup"
    assert not any("Ashgrove" in json.dumps(one["about"]) for one in (first, second))


def test_what_was_erased_since_is_erased_again(
    backup: backups.Made, council: int, data: Path, elsewhere: Installation
) -> None:
    name = PersonFact.objects.filter(kind="name").order_by("pk").first()
    assert name is not None
    erase(council, name.fact)
    received = next((data / "received" / str(council)).iterdir())
    erase(council, f"received:{received.name}")
    assert not received.exists()
    copy = data.parent / "safe.log"
    copy.write_bytes(erasure_log.log_path().read_bytes())

    done = elsewhere.run("restore", str(backup.path), "--erasures", str(copy), "--json")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["erased_again"] == 2
    assert not list((elsewhere.folder / "received" / str(council)).glob("*"))
    second = backup.path.with_name("after.kinfold-backup")
    assert elsewhere.run("backup", str(second)).returncode == 0
    rows = read_whole(second)["rows"]
    column = [column for column, _ in read_whole(second)["about"]["tables"]["person_fact"]].index
    payloads = [r[column("payload")] for r in rows["person_fact"] if r[column("fact")] == str(name.fact)]
    assert payloads == ["{}"]
    assert len(rows["erasure"]) == 2
    indexed = {row[0]: row for row in rows["person_index"]}
    assert not any(f"Invented{1} " in str(value) for value in indexed[name.subject_id])


def test_a_restore_over_a_record_is_refused_and_changes_nothing(backup: backups.Made, council: int) -> None:
    before = PersonFact.objects.count()

    with pytest.raises(InputError, match="already holds a record"):
        restore(backup.path, passphrase=PASSPHRASE.encode(), now=NOW)

    assert PersonFact.objects.count() == before


def test_rows_that_name_rows_that_are_missing_are_refused(
    council: int, tmp_path: Path, elsewhere: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = [table for table in kept_tables() if table.name != "thing"]
    monkeypatch.setattr(backups, "kept_tables", lambda: tables)
    made = backups.write_backup(tmp_path / "partial.kinfold-backup", passphrase=PASSPHRASE.encode(), now=NOW)

    done = elsewhere.run("restore", str(made.path), "--json")

    assert done.returncode == 1
    assert "rows that are not in it" in json.loads(done.stdout)["error"]["message"]


def test_backups_wait_for_no_writer_and_see_one_moment(council: int, tmp_path: Path) -> None:
    seen: list[int] = []

    def write_meanwhile(label: str, done: int, out_of: int | None) -> None:
        if label == "tables" and done == 1:
            with writing(held_by=council, by="somebody", because="meanwhile") as change:
                seen.append(change.number)

    path = tmp_path / "meanwhile.kinfold-backup"
    made = backups.write_backup(path, passphrase=PASSPHRASE.encode(), now=NOW, progress=write_meanwhile)

    rows = read_whole(path)["rows"]
    assert len(seen) == 1
    assert made.tables["commit"] == len(rows["commit"])
    column = [column for column, _ in read_whole(path)["about"]["tables"]["commit"]].index("number")
    assert max(row[column] for row in rows["commit"]) < seen[0]


def test_a_backup_is_never_written_over_and_old_ones_are_removed_by_number(council: int, tmp_path: Path) -> None:
    key = PASSPHRASE.encode()
    days = [NOW.replace(day=day) for day in (3, 4, 5)]
    for day in days:
        backups.write_backup(tmp_path / backups.default_name(day), passphrase=key, now=day)

    with pytest.raises(InputError, match="never written over"):
        backups.write_backup(tmp_path / backups.default_name(days[0]), passphrase=key, now=days[0])
    removed = backups.remove_older(tmp_path, keep=2)

    assert [path.name for path in removed] == [backups.default_name(days[0])]
    assert backups.last_backup() == days[-1]


def test_a_restore_test_says_what_did_not_come_back(backup: backups.Made) -> None:
    from kinfold.service.records.restore_test import restore_test

    assert restore_test(backup, passphrase=PASSPHRASE.encode()) == []

    backup.tables["person_fact"] += 1

    assert restore_test(backup, passphrase=PASSPHRASE.encode()) == [
        f"person_fact: {backup.tables['person_fact']:,} rows were backed up and "
        f"{backup.tables['person_fact'] - 1:,} came back"
    ]


def test_the_log_of_erasures_bears_a_torn_line_and_catches_up(council: int, data: Path) -> None:
    facts = list(PersonFact.objects.filter(kind="name").order_by("pk").values_list("fact", flat=True)[:2])
    erase(council, facts[0])
    log = erasure_log.log_path()
    log.write_bytes(log.read_bytes()[:-30])
    erase(council, facts[1])

    added = erasure_log.catch_up()

    erased, unreadable = erasure_log.read_log()
    assert (added, unreadable) == (1, [1])
    assert {one.fact for one in erased} == {str(fact) for fact in facts}
    assert erasure_log.catch_up() == 0
    assert PersonIndex.objects.filter(name="").count() == 2


def test_an_erasure_of_an_unknown_form_is_refused(council: int) -> None:
    with pytest.raises(InputError, match="Nothing knows how to erase"):
        erasure_log.carry_out(erasure_log.Erased(council, "", "voice:7", "law", "a", "b", NOW.isoformat()))


def test_a_person_who_was_destroyed_is_not_found_again_after_a_restore(council: int) -> None:
    person = Thing.objects.filter(sort="child").order_by("pk")[0]
    before = IdentifierKey.objects.filter(thing=person).count()

    with as_system():
        erasure_log.replay(
            [erasure_log.Erased(council, str(person.uid), f"person:{person.uid}", "law", "a", "b", NOW.isoformat())]
        )

    assert before > 0
    assert not IdentifierKey.objects.filter(thing=person).exists()
    assert not LoadedSubject.objects.filter(subject=person).exists()
    assert PersonIndex.objects.get(pk=person.pk).la_child_id == ""
