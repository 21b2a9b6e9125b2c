"""A whole invented England, or a shelf of councils' folders, is loaded as it lies: each council's files are its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kinfold.service.records.actions import receiving
from kinfold.service.records.models import Holder, Load
from kinfold.synthetic.beside import FOLDER
from tests.integration.loads.conftest import RETURN

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


def _written(folder: Path, files: dict[str, str] = RETURN) -> None:
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_text(content)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Return a folder with two invented councils in it, and beside their files what only the inventor knows."""
    for council in ("990-quillmere", "Z97-brindleholt"):
        _written(tmp_path / "shelf" / council / "ssda903" / "2025-26")
        _written(tmp_path / "shelf" / council / FOLDER, {"truth.json": "{}"})
    _written(tmp_path / "shelf" / FOLDER, {"world.json": "{}", "settings.csv": "URN,Name\n"})
    return tmp_path / "shelf"


def _names(paths: list[Path]) -> list[list[str]]:
    return [[item.name for item in group] for group in receiving.incoming_of(paths)]


def test_a_folder_of_councils_is_opened_a_council_at_a_time(shelf: Path) -> None:
    one_by_one = sorted(path for path in shelf.iterdir() if not path.name.startswith("."))

    assert _names([shelf]) == [["990-quillmere"], ["Z97-brindleholt"]]
    assert _names(one_by_one) == [["990-quillmere"], ["Z97-brindleholt"]]


@pytest.mark.parametrize(
    ("files", "groups"),
    [
        (["a/b/x.csv", "c/d/x.csv"], [["a"], ["c"]]),
        (["2024-25/x.csv", "2025-26/x.csv"], [["files"]]),
        (["x.csv", "990-a/b/x.csv"], [["files"]]),
        (["330/x.csv", "331-elsewhere/x.csv"], [["330"], ["331-elsewhere"]]),
        (["x.csv"], [["files"]]),
    ],
)
def test_which_folders_are_shelves(tmp_path: Path, files: list[str], groups: list[list[str]]) -> None:
    for name in files:
        path = tmp_path / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("CHILD\n1\n")

    assert _names([tmp_path / "files"]) == groups


@pytest.mark.parametrize(
    ("folder", "code"),
    [("330-birmingham", "330"), ("330", "330"), ("z97-brindleholt", "Z97"), ("2024-25", None), ("399-nowhere", None)],
)
def test_a_folder_is_named_by_its_councils_code(folder: str, code: str | None) -> None:
    assert receiving.code_named(folder) == code


def test_every_invented_council_is_loaded_into_its_own_record(shelf: Path) -> None:
    received = receiving.receive(receiving.incoming_of([shelf]), by="test", today=TODAY)

    assert received.refused == []
    assert sorted(Holder.objects.values_list("code", flat=True)) == ["990", "Z97"]
    assert list(Load.objects.order_by("pk").values_list("held_by__code", "rows")) == [("990", 8), ("Z97", 8)]


def test_a_real_councils_files_are_not_taken_for_an_invented_one(shelf: Path, council: Holder) -> None:
    (shelf / "Z97-brindleholt").rename(shelf / "330-birmingham")

    with pytest.raises(receiving.InputError, match="add --council 990"):
        receiving.receive(receiving.incoming_of([shelf]), by="test", today=TODAY)
