"""A register on disk answers as the one in memory, a damaged one is refused, and changes over it hold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from kinfold.identity.bulk import match_all, match_in
from kinfold.identity.columns import columns_of
from kinfold.identity.generator import Plan, World, invent, stock_from
from kinfold.identity.index import Register
from kinfold.identity.overlay import laid_over
from kinfold.identity.score import shipped_model
from kinfold.identity.snapshot import MANIFEST, Snapshot, is_snapshot, open_snapshot, write_snapshot
from kinfold.terms.errors import InputError

NAMES = Path(__file__).parents[3] / "src" / "kinfold" / "synthetic" / "names.toml"
ADA = {"given": "Ada", "family": "Quillfeather", "dob": "2012-03-04", "sex": "F", "postcode": "LS1 1AA"}


@pytest.fixture(scope="module")
def world() -> World:
    return invent(Plan(2_000, 300, seed=77), stock_from(NAMES, wide=False, seed=77))


@pytest.fixture(scope="module")
def folder(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("snapshots") / "council"
    assert write_snapshot(folder, world.register.iter_slices(700)) == 2_000
    return folder


@pytest.fixture
def snapshot(folder: Path) -> Snapshot:
    return open_snapshot(folder)


def test_a_snapshot_has_the_arrays_of_a_register_in_memory(snapshot: Snapshot, world: World) -> None:
    register = Register(columns_of(world.register))

    assert np.array_equal(snapshot.register.filed, register.filed)
    assert np.array_equal(snapshot.register.namesakes, register.namesakes)
    assert list(snapshot.ids) == world.register["unique_id"].to_list()


def test_a_snapshot_gives_every_answer_that_the_file_gives(snapshot: Snapshot, world: World) -> None:
    by_file = match_all(world.register, world.queries, shipped_model())

    by_snapshot = match_in(snapshot.register, snapshot.ids, world.queries, shipped_model())

    assert by_snapshot.answers.equals(by_file.answers)


def best(snapshot: Snapshot, changes: list[dict[str, str]]) -> str | None:
    register, ids = laid_over(snapshot, pl.DataFrame(changes))
    answers = match_in(register, ids, pl.DataFrame([{"unique_id": "Q", **ADA}]), shipped_model()).answers
    found: str | None = answers["best_id"][0] if answers["decision"][0] == "match" else None
    return found


@pytest.mark.parametrize("row", ["R7", "N1"])
def test_who_is_new_or_changed_is_found_as_they_are_now(snapshot: Snapshot, row: str) -> None:
    assert best(snapshot, [{"unique_id": "N0", "given": "Zebedee"}]) is None
    assert best(snapshot, [{"unique_id": "N0", "given": "Zebedee"}, {"unique_id": row, **ADA}]) == row


def test_who_is_gone_is_found_no_more(snapshot: Snapshot, world: World) -> None:
    child = world.register.row(0, named=True)
    asked = pl.DataFrame([{**child, "unique_id": "Q"}])
    register, ids = laid_over(snapshot, pl.DataFrame([{"unique_id": child["unique_id"]}]))

    assert match_in(snapshot.register, snapshot.ids, asked, shipped_model()).answers["best_id"][0] == child["unique_id"]
    assert match_in(register, ids, asked, shipped_model()).answers["best_id"][0] != child["unique_id"]


def test_a_changed_byte_a_missing_file_and_another_format_are_refused(folder: Path, tmp_path: Path) -> None:
    def copied(name: str) -> Path:
        copy = tmp_path / name
        copy.mkdir()
        for file in folder.iterdir():
            (copy / file.name).write_bytes(file.read_bytes())
        return copy

    changed, short, other = copied("changed"), copied("short"), copied("other")
    kept = bytearray((changed / "table.bin").read_bytes())
    kept[1_000] ^= 1
    (changed / "table.bin").write_bytes(kept)
    (short / "filed.bin").unlink()
    (other / MANIFEST).write_text((other / MANIFEST).read_text().replace('"format": 1', '"format": 0'))

    with pytest.raises(InputError, match=r"damaged: table\.bin"):
        open_snapshot(changed)
    with pytest.raises(InputError, match=r"damaged: filed\.bin"):
        open_snapshot(short)
    with pytest.raises(InputError, match="another version"):
        open_snapshot(other)
    with pytest.raises(InputError, match="not a snapshot"):
        open_snapshot(tmp_path)


def test_a_snapshot_is_written_whole_or_not_at_all(tmp_path: Path, folder: Path) -> None:
    def broken() -> pl.DataFrame:
        raise InputError("The file is cut short.")

    with pytest.raises(InputError, match="cut short"):
        write_snapshot(tmp_path / "new", (broken() for _ in range(1)))
    with pytest.raises(InputError, match="there already"):
        write_snapshot(folder, [])

    assert not list(tmp_path.iterdir())
    assert not is_snapshot(tmp_path / "new")


def test_nobody_is_a_register_too(tmp_path: Path) -> None:
    write_snapshot(tmp_path / "empty", [pl.DataFrame({"unique_id": []}, schema={"unique_id": pl.String})])
    found = open_snapshot(tmp_path / "empty")

    answers = match_in(found.register, found.ids, pl.DataFrame([{"unique_id": "Q", **ADA}]), shipped_model()).answers

    assert answers["decision"].to_list() == ["none"]
