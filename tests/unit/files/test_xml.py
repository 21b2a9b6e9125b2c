"""XML from strangers: nothing outside the file is opened, nothing inside it explodes."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from kinfold.files import xml
from kinfold.files.received import ArrivedFile, Incoming, Limits, arrivals
from kinfold.terms.errors import FileRefused

BILLION_LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE Message [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<Message><Child>&c;</Child></Message>"""
EXTERNAL = """<?xml version="1.0"?>
<!DOCTYPE Message [<!ENTITY x SYSTEM "file:///etc/hostname">]><Message><Child>&x;</Child></Message>"""
HIDDEN_DOCTYPE = f"<!--{'x' * 70_000}--><!DOCTYPE Message [<!ENTITY a 'b'>]><Message><Child>&a;</Child></Message>"


def arrived(tmp_path: Path, content: bytes) -> ArrivedFile:
    path = tmp_path / "file.xml"
    path.write_bytes(content)
    (file,) = arrivals([Incoming(path.name, path)]).files
    return file


def texts(file: ArrivedFile, limits: Limits | None = None) -> list[tuple[int, str]]:
    found = xml.records(file, root="Message", tags=("Child",), limits=limits)
    return [(element.sourceline, element.text) for element in found]


def test_records_come_one_by_one_with_their_lines(tmp_path: Path) -> None:
    file = arrived(tmp_path, b"<Message>\n<Child>one</Child>\n<Children><Child>two</Child></Children>\n</Message>")

    assert texts(file) == [(2, "one"), (3, "two")]


def test_a_namespace_does_not_hide_the_records(tmp_path: Path) -> None:
    file = arrived(tmp_path, b'<Message xmlns="urn:x"><Child>one</Child></Message>')

    assert xml.root_name(file) == "Message"
    assert [text for _, text in texts(file)] == ["one"]


def test_lines_are_told_beyond_the_sixty_five_thousandth(tmp_path: Path) -> None:
    file = arrived(tmp_path, b"<Message>\n" + b"<Child>x</Child>\n" * 70_000 + b"</Message>")

    assert texts(file)[-1] == (70_001, "x")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(BILLION_LAUGHS.encode(), "doctype", id="billion laughs"),
        pytest.param(EXTERNAL.encode(), "doctype", id="external entity"),
        pytest.param(HIDDEN_DOCTYPE.encode(), "doctype", id="document type behind a long comment"),
        pytest.param(BILLION_LAUGHS.replace('<?xml version="1.0"?>\n', "").encode("utf-16"), "doctype", id="in UTF-16"),
        pytest.param(b"<Message><Child>one</Chi", "not_well_formed", id="cut short"),
        pytest.param(b"<Message><Child>one</Message>", "not_well_formed", id="wrong end tag"),
        pytest.param(b"<Other><Child>one</Child></Other>", "wrong_root", id="another root"),
        pytest.param(b"<Message>" + b"<a>" * 5_000 + b"</Message>", "not_well_formed", id="too deep"),
        pytest.param(b"<", "not_well_formed", id="one sign"),
    ],
)
def test_dangerous_and_broken_files_are_refused(tmp_path: Path, content: bytes, code: str) -> None:
    file = arrived(tmp_path, content)

    with pytest.raises(FileRefused) as caught:
        texts(file)

    assert caught.value.code == code
    assert "file.xml" in str(caught.value)


def test_a_record_too_large_for_memory_is_refused(tmp_path: Path) -> None:
    file = arrived(tmp_path, b"<Message><Child>" + b"<a/>\n" * 500_000 + b"</Child></Message>")

    with pytest.raises(FileRefused) as caught:
        texts(file, Limits(record_bytes=1_000_000))

    assert caught.value.code == "record_too_large"


def test_a_file_that_says_utf_8_and_is_windows_1252_is_read_with_a_note(tmp_path: Path) -> None:
    content = '<?xml version="1.0" encoding="utf-8"?><Message><Child>Zoë</Child></Message>'
    file = arrived(tmp_path, content.encode("windows-1252"))

    assert [text for _, text in texts(file)] == ["Zoë"]
    assert file.notes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_byte_order_mark_does_no_harm(tmp_path: Path, encoding: str) -> None:
    mark = codecs.BOM_UTF8 if encoding == "utf-8" else b""
    file = arrived(tmp_path, mark + "<Message><Child>one</Child></Message>".encode(encoding))

    assert [text for _, text in texts(file)] == ["one"]


def test_a_small_file_is_read_whole_and_as_safely(tmp_path: Path) -> None:
    root = xml.whole(arrived(tmp_path, b"<Message><Header> x </Header></Message>"))

    assert xml.text_of(root, "Header") == "x"
    assert xml.text_of(root, "Nothing") == ""
    with pytest.raises(FileRefused):
        xml.whole(arrived(tmp_path, EXTERNAL.encode()))
