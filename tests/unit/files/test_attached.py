"""What may be attached, and that a photograph does not say where it was taken."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.files.attached import (
    JPEG,
    LARGEST,
    PDF,
    PNG,
    TEXT,
    WEBP,
    WORD,
    make_safe,
    safe_name,
    strip_jpeg,
)
from kinfold.terms.errors import FileRefused

PLACE = b"GPS 51.5014 -0.1419"


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def exif(turned: int = 1) -> bytes:
    tiff = b"MM\x00*\x00\x00\x00\x08" + struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, turned, 0, 0) + PLACE
    return segment(0xE1, b"Exif\x00\x00" + tiff)


def jpeg(*notes: bytes) -> bytes:
    picture = segment(0xDB, b"\x00" * 65) + segment(0xDA, b"\x01\x01\x00\x00?\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
    return b"\xff\xd8" + segment(0xE0, b"JFIF\x00") + b"".join(notes) + picture + b"\xff\xd9"


def png(*notes: tuple[bytes, bytes]) -> bytes:
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), *notes,
             (b"IDAT", zlib.compress(b"\x00\x00")), (b"IEND", b"")]  # fmt: skip
    made = [struct.pack(">I", len(b)) + n + b + struct.pack(">I", zlib.crc32(n + b)) for n, b in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


def webp(*notes: tuple[bytes, bytes]) -> bytes:
    parts = [(b"VP8X", bytes([0x0C]) + b"\x00" * 9), (b"VP8 ", b"pict"), *notes]
    body = b"WEBP" + b"".join(n + struct.pack("<I", len(b)) + b + b"\x00" * (len(b) & 1) for n, b in parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def office(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type", "ending"),
    [
        pytest.param(b"%PDF-1.7\n%%EOF", PDF, "pdf", id="a PDF"),
        pytest.param(jpeg(), JPEG, "jpg", id="a photograph"),
        pytest.param(png(), PNG, "png", id="a picture of a screen"),
        pytest.param(webp(), WEBP, "webp", id="a WebP picture"),
        pytest.param(b"Visited today. All well.\n", TEXT, "txt", id="plain text"),
        pytest.param(office("[Content_Types].xml", "word/document.xml"), WORD, "docx", id="a Word document"),
    ],
)
def test_what_a_file_is_follows_from_its_content_not_its_name(content: bytes, media_type: str, ending: str) -> None:
    kept = make_safe("anything.exe", content)

    assert kept.media_type == media_type
    assert kept.name == f"anything.{ending}"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(b"a" * (LARGEST + 1), "too_big", id="too large"),
        pytest.param(b"<!doctype html><script>alert(1)</script>", "runs", id="a web page"),
        pytest.param(b"\xef\xbb\xbf  <svg onload='x'>", "runs", id="a drawing that runs"),
        pytest.param(b"Hello <script>x</script>", "runs", id="text with a script in it"),
        pytest.param(b"#!/bin/sh\nrm -rf /", "runs", id="a shell script"),
        pytest.param(b"%PDF-1.7 /OpenAction << /S /JavaScript /JS (x) >>", "runs", id="a PDF that runs"),
        pytest.param(b"MZ\x90\x00\x03", "not_allowed", id="a program"),
        pytest.param(b"GIF89a\x00\x00", "not_allowed", id="another sort of picture"),
        pytest.param(office("word/document.xml", "word/vbaProject.bin"), "runs", id="a document with macros"),
        pytest.param(office("classes/Main.class"), "not_allowed", id="an archive"),
        pytest.param(b"PK\x03\x04broken", "damaged", id="a damaged document"),
        pytest.param(jpeg()[:40], "damaged", id="half a photograph"),
        pytest.param(png()[:20], "damaged", id="half a picture"),
    ],
)
def test_what_could_harm_is_refused_with_what_to_do(content: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        make_safe("harmless.pdf", content)

    assert refused.value.code == code
    assert len(str(refused.value).split()) > 4


def test_a_zip_bomb_is_not_opened() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\x00" * 201_000_000)

    with pytest.raises(FileRefused) as refused:
        make_safe("report.docx", out.getvalue())

    assert refused.value.code == "bomb"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(jpeg(exif()), id="a camera's notes"),
        pytest.param(jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + PLACE)), id="a program's notes"),
        pytest.param(jpeg(segment(0xFE, PLACE)), id="a comment"),
        pytest.param(jpeg(segment(0xE2, b"MPF\x00" + PLACE)), id="a second picture's notes"),
        pytest.param(jpeg() + PLACE, id="after the end of the picture"),
        pytest.param(png((b"eXIf", PLACE)), id="a PNG's camera notes"),
        pytest.param(png((b"tEXt", b"Place\x00" + PLACE)), id="a PNG's text"),
        pytest.param(png() + PLACE, id="after the end of a PNG"),
        pytest.param(webp((b"EXIF", PLACE)), id="a WebP's camera notes"),
        pytest.param(webp((b"XMP ", PLACE)), id="a WebP's program notes"),
    ],
)
def test_a_photograph_does_not_say_where_it_was_taken(content: bytes) -> None:
    kept = make_safe("photo", content)

    assert PLACE not in kept.content
    assert make_safe("photo", kept.content).content == kept.content


def test_a_photograph_stays_the_right_way_up() -> None:
    kept, removed = strip_jpeg(jpeg(exif(turned=6)))

    assert removed
    assert struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0) in kept


def test_the_picture_itself_is_not_touched() -> None:
    assert strip_jpeg(jpeg())[0] == jpeg()


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        pytest.param("../../etc/passwd", "passwd.pdf", id="a path"),
        pytest.param("C:\\Users\\me\\report.final.pdf", "report.final.pdf", id="a Windows path"),
        pytest.param("invoice\u202efdp.exe", "invoicefdp.pdf", id="letters that turn the name round"),
        pytest.param('a"b\r\nSet-Cookie: x.pdf', "abSet-Cookie x.pdf", id="a header in the name"),
        pytest.param("...", "paper.pdf", id="no name"),
        pytest.param("x" * 400 + ".pdf", "x" * 120 + ".pdf", id="a very long name"),
    ],
)
def test_a_name_is_made_safe(given_name: str, kept: str) -> None:
    assert safe_name(given_name, PDF) == kept


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\x00\x00\x00WEBP", b"PK\x03\x04"]),
)
def test_any_bytes_are_kept_or_refused_and_nothing_else(content: bytes, start: bytes) -> None:
    try:
        kept = make_safe("x", start + content)
    except FileRefused:
        return
    assert kept.media_type
