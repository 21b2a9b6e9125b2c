"""What arrives: bounded, safe, and refused in words that say what to do."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from kinfold.files.received import Arrivals, Incoming, Limits, arrivals
from kinfold.terms.errors import FileRefused

TABLE = "CHILD,DOB\nA1,01/02/2015\n"


def arrive(path: Path, limits: Limits | None = None) -> Arrivals:
    return arrivals([Incoming(path.name, path)], limits)


def refusal(path: Path, limits: Limits | None = None) -> FileRefused:
    found = arrive(path, limits)
    assert not found.files
    assert len(found.refused) == 1
    return found.refused[0]


def zip_of(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def zip_bytes(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        pytest.param(TABLE.encode(), "utf-8-sig", id="UTF-8"),
        pytest.param(b"\xef\xbb\xbf" + TABLE.encode(), "utf-8-sig", id="UTF-8 with a byte order mark"),
        pytest.param(TABLE.encode("utf-16"), "utf-16", id="UTF-16 little-endian"),
        pytest.param(b"\xfe\xff" + TABLE.encode("utf-16-be"), "utf-16", id="UTF-16 big-endian"),
        pytest.param("CHILD,NOTE\nA1,Zoë Brontë\n".encode("windows-1252"), "windows-1252", id="Windows-1252"),
    ],
)
def test_text_is_read_whatever_its_encoding(tmp_path: Path, content: bytes, encoding: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)

    (file,) = arrive(path).files

    assert file.encoding == encoding
    with file.open_text() as stream:
        assert stream.read().startswith("CHILD,")


def test_windows_1252_is_read_with_a_note_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes("CHILD,NOTE\nA1,Zoë\n".encode("windows-1252"))

    (file,) = arrive(path).files

    assert "Windows-1252" in file.notes[0]
    with file.open_text() as stream:
        assert "Zoë" in stream.read()


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        pytest.param(b"", "empty", "is empty", id="empty"),
        pytest.param(b"CHILD,DOB\n1,\x00\n", "nul_characters", "NUL", id="NUL bytes"),
        pytest.param(b"CHILD,DOB\n1,\x81\n", "not_text", "neither UTF-8", id="no known encoding"),
        pytest.param(b"\xff\xfe\x00\xd8\x00", "not_text", "UTF-16", id="damaged UTF-16"),
        pytest.param(b"%PDF-1.7 ...", "not_data", "is a PDF", id="PDF"),
        pytest.param(b"\x1f\x8b\x08\x00", "not_data", "gzip", id="gzip"),
        pytest.param(b"PK\x03\x04 and then nothing", "damaged_archive", "cut short", id="truncated zip"),
        pytest.param(b"CHILD\n" + b"9" * 1_100_000, "line_too_long", "longer than 1 MB", id="one endless line"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(tmp_path: Path, content: bytes, code: str, words: str) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(content)

    error = refusal(path)

    assert error.code == code
    assert error.file == "odd.csv"
    assert words in str(error)
    assert error.fix


def test_a_file_larger_than_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as stream:
        stream.truncate(900 * 1024 * 1024)  # sparse: no block is written, and none may be read

    error = refusal(path)

    assert error.code == "file_too_large"
    assert "900 MB" in str(error)


def test_a_delivery_larger_than_the_limit_is_refused_as_a_whole(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.csv").write_text(TABLE)

    with pytest.raises(FileRefused, match="2 files") as caught:
        arrive(tmp_path, Limits(files=2))

    assert caught.value.code == "delivery_too_large"


def test_a_folder_is_opened_with_its_folders_and_without_litter(tmp_path: Path) -> None:
    (tmp_path / "last").mkdir()
    for name in ("header.csv", "last/header.csv", ".DS_Store", "Thumbs.db"):
        (tmp_path / name).write_text(TABLE)

    files = arrivals([Incoming("given", tmp_path)]).files

    assert [(file.name, file.folder) for file in files] == [
        ("given/header.csv", "given"),
        ("given/last/header.csv", "given/last"),
    ]


def test_a_link_inside_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text(TABLE)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "link.csv").symlink_to(tmp_path / "secret.csv")

    assert not arrive(tmp_path / "folder").files


def test_a_path_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nothing.csv").code == "not_found"


def test_a_zip_is_opened_one_level_down_and_its_files_can_be_read_again_and_again(tmp_path: Path) -> None:
    inner = zip_bytes({"header.csv": TABLE.encode()})
    path = zip_of(tmp_path / "set.zip", {"uasc.csv": TABLE.encode(), "year/inner.zip": inner, "__MACOSX/x": b"x"})

    files = arrive(path).files

    assert [file.name for file in files] == ["set.zip/uasc.csv", "set.zip/year/inner.zip/header.csv"]
    for file in files * 2:
        with file.open_text() as stream:
            assert stream.read() == TABLE


def bomb(path: Path) -> Path:
    return zip_of(path, {"header.csv": b"0" * 40_000_000})


def traversal(path: Path) -> Path:
    return zip_of(path, {"../../etc/header.csv": TABLE.encode()})


def absolute(path: Path) -> Path:
    return zip_of(path, {"/etc/header.csv": TABLE.encode()})


def windows_path(path: Path) -> Path:
    return zip_of(path, {"..\\..\\header.csv": TABLE.encode()})


def drive(path: Path) -> Path:
    return zip_of(path, {"C:/header.csv": TABLE.encode()})


def nested_twice(path: Path) -> Path:
    innermost = zip_bytes({"header.csv": TABLE.encode()})
    return zip_of(path, {"b.zip": zip_bytes({"c.zip": innermost})})


def locked(path: Path) -> Path:
    zip_of(path, {"header.csv": TABLE.encode()})
    raw = bytearray(path.read_bytes())
    raw[6] |= 1  # the local header's flag
    raw[raw.index(b"PK\x01\x02") + 8] |= 1  # the central directory's
    path.write_bytes(raw)
    return path


def damaged(path: Path) -> Path:
    zip_of(path, {"header.csv": bytes(range(65, 91)) * 400})
    raw = bytearray(path.read_bytes())
    raw[60:70] = b"\xff" * 10
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (bomb, "zip_bomb"),
        (traversal, "unsafe_path"),
        (absolute, "unsafe_path"),
        (windows_path, "unsafe_path"),
        (drive, "unsafe_path"),
        (nested_twice, "nested_archive"),
        (locked, "locked_archive"),
        (damaged, "damaged_archive"),
    ],
)
def test_a_dangerous_archive_is_refused_before_it_is_unpacked(tmp_path: Path, make: object, code: str) -> None:
    assert callable(make)
    path = make(tmp_path / "set.zip")

    assert refusal(path).code == code


def test_many_small_bombs_together_are_refused_by_their_sum(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "set.zip", {f"{number}.csv": TABLE.encode() * 100 for number in range(20)})

    with pytest.raises(FileRefused) as caught:
        arrive(path, Limits(delivery_bytes=20_000))

    assert caught.value.code == "delivery_too_large"


def test_a_workbook_is_one_file_and_not_an_archive(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "book", {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})

    (file,) = arrive(path).files

    assert file.sort == "workbook"


def test_a_workbook_that_is_a_bomb_is_refused(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "book.xlsx", {"[Content_Types].xml": b"<Types/>", "xl/a.xml": b" " * 40_000_000})

    assert refusal(path).code == "zip_bomb"
