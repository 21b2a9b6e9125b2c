"""Which format is it? Told from the content; what is none of them is refused with the nearest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from kinfold.files.received import ArrivedFile, Incoming, Limits
from kinfold.files.recognise import DOOR_MODULES, Door, Head, Options, doors, recognise
from kinfold.record.claim import Delivery, SubjectRecord
from kinfold.terms.errors import FileRefused

TODAY = date(2026, 6, 1)


def nobody() -> Iterator[SubjectRecord]:
    return iter(())


def delivery(door: str, files: Sequence[ArrivedFile], options: Options) -> Delivery:
    received = tuple(file.received for file in files)
    return Delivery(door, options.collection or "", None, frozenset(), True, received, nobody)


def a_door(name: str, *, column: str = "", root: str = "", a_set: bool = False, fails: str = "") -> Door:
    def looks_like(head: Head) -> bool:
        return (column in head.columns) if head.sort == "table" else bool(root) and head.root == root

    def open_it(files: Sequence[ArrivedFile], options: Options) -> Delivery:
        if fails:
            raise files[0].refused("broken", fails, "Mend it.")
        return delivery(name, files, options)

    tables = {"People": (column, "name", "town")} if column else {}
    expects = f"an XML file whose first element is {root}" if root else "CSV tables"
    return Door(name, f"The {name} format", expects, looks_like, open_it, a_set=a_set, tables=tables)


SETS = a_door("sets", column="number", a_set=True)
MESSAGES = a_door("messages", root="Message")


def written(folder: Path, **files: str) -> Incoming:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Incoming(folder.name, folder)


def test_tables_of_one_folder_are_one_delivery_and_each_document_is_one(tmp_path: Path) -> None:
    incoming = written(
        tmp_path,
        a_csv="number\n1\n",
        b_csv="number\n2\n",
        old__a_csv="number\n3\n",
        x_xml="<Message/>",
        y_xml="<Message/>",
    )

    found = recognise([incoming], today=TODAY, known=[SETS, MESSAGES])

    assert [(each.door, len(each.files)) for each in found] == [
        ("sets", 2),
        ("sets", 1),
        ("messages", 1),
        ("messages", 1),
    ]


def test_the_first_door_that_says_yes_gets_the_file(tmp_path: Path) -> None:
    incoming = written(tmp_path, a_csv="number\n1\n")

    found = recognise([incoming], today=TODAY, known=[a_door("first", column="number"), SETS])

    assert [each.door for each in found] == ["first"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(
            "name,town\nAda,York\n", "the nearest is People of The sets format, but it lacks number", id="a near table"
        ),
        pytest.param("a,b\n1,2\n", "none of its columns is one that we know", id="a far table"),
        pytest.param("<Other/>", "an XML file that begins with Other; The messages format is", id="XML"),
        pytest.param("{}", "it is a JSON file", id="JSON"),
        pytest.param("<", "does not begin as XML should", id="hardly XML"),
    ],
)
def test_a_file_of_no_format_is_refused_with_the_nearest(tmp_path: Path, text: str, words: str) -> None:
    incoming = written(tmp_path, file_txt=text)

    with pytest.raises(FileRefused) as caught:
        recognise([incoming], today=TODAY, known=[SETS, MESSAGES])

    assert caught.value.code == "not_recognised"
    assert words in str(caught.value)
    assert "The messages format" in caught.value.fix


def test_one_bad_file_does_not_keep_the_others_out(tmp_path: Path) -> None:
    incoming = written(tmp_path, a_csv="number\n1\n", b_csv="", c_xml="<Message/>")
    broken = a_door("messages", root="Message", fails="is broken")

    found = recognise([incoming], today=TODAY, known=[SETS, broken])

    assert [each.door for each in found] == ["sets"]
    assert [error.code for error in found.refused] == ["empty", "broken"]


def test_when_nothing_can_be_read_one_message_says_all(tmp_path: Path) -> None:
    incoming = written(tmp_path, a_csv="x\n1\n", b_csv="")

    with pytest.raises(FileRefused, match="None of these 2 files") as caught:
        recognise([incoming], today=TODAY, known=[SETS])

    assert "b.csv is empty" in str(caught.value)


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="There are no files here"):
        recognise([Incoming("empty", tmp_path)], today=TODAY, known=[SETS])


def test_the_doors_are_told_today_the_limits_and_the_options(tmp_path: Path) -> None:
    seen: list[Options] = []

    def open_it(files: Sequence[ArrivedFile], options: Options) -> Delivery:
        seen.append(options)
        return delivery("sets", files, options)

    door = Door("sets", "Sets", "CSV tables", SETS.looks_like, open_it)
    incoming = written(tmp_path, a_csv="number\n1\n")
    recognise([incoming], today=TODAY, limits=Limits(rows=7), options=Options(la_code="999"), known=[door])

    assert (seen[0].today, seen[0].limits.rows, seen[0].la_code) == (TODAY, 7, "999")


def test_every_format_has_a_door_of_its_own_name() -> None:
    assert [door.name for door in doors()] == [module.rpartition(".")[2] for module in DOOR_MODULES]
