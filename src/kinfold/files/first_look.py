"""
One pass over a file's bytes: how large, which fingerprint, which sort of file, in which encoding.

The pass keeps nothing but one chunk, so that a file of any size costs the same memory.
"""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass
from typing import IO, Literal

from kinfold.terms.errors import FileRefused

Sort = Literal["table", "xml", "json", "workbook", "archive"]

_CHUNK = 256 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# What the first part of a workbook's archive is called, by the programs that write them.
_OFFICE_PARTS = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/", b"customXml/", b"mimetype")
# First bytes of things people send by mistake, and what to say of them.
_NOT_OURS = {
    b"%PDF": ("is a PDF", "Send the data it was made from: CSV, XML, JSON or a workbook."),
    b"\x1f\x8b": ("is packed with gzip", "Unpack it, or pack it as a zip archive."),
    b"7z\xbc\xaf": ("is a 7-Zip archive", "Unpack it, or pack it as a zip archive."),
    b"Rar!": ("is a RAR archive", "Unpack it, or pack it as a zip archive."),
    b"\x89PNG": ("is a picture", "Send the data itself."),
    b"\xff\xd8\xff": ("is a picture", "Send the data itself."),
    b"PAR1": ("is a Parquet file", "Send CSV, XML, JSON or a workbook."),
    b"SQLite format 3": ("is a database", "Export its tables as CSV."),
}
WINDOWS_1252_NOTE = "is not in UTF-8; it was read as Windows-1252. Check names and words with accents."


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What one pass found. `lines` counts line breaks; `encoding` is None for workbooks and archives."""

    size: int
    sha256: str
    sort: Sort
    encoding: str | None
    lines: int
    longest_line: int
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Scan:
    size: int = 0
    lines: int = 0
    longest_line: int = 0
    unfinished: int = 0  # length of the line that the last chunk did not finish
    has_nul: bool = False
    is_utf8: bool = True
    is_windows_1252: bool = True

    def take(self, chunk: bytes, decoder: codecs.IncrementalDecoder, *, last: bool) -> None:
        self.size += len(chunk)
        pieces = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        self.longest_line = max(self.longest_line, self.unfinished + len(pieces[0]), max(map(len, pieces)))
        self.unfinished = len(pieces[-1]) + (self.unfinished if len(pieces) == 1 else 0)
        self.lines += len(pieces) - 1
        self.has_nul = self.has_nul or b"\0" in chunk
        if self.is_utf8:
            self.is_utf8 = _decodes(decoder, chunk, last=last)
        # These five bytes mean nothing in Windows-1252.
        self.is_windows_1252 = self.is_windows_1252 and not any(byte in chunk for byte in b"\x81\x8d\x8f\x90\x9d")


def first_look(stream: IO[bytes], *, name: str, line_bytes: int = 1024 * 1024) -> FirstLook:
    """
    Return what the bytes of `stream` say of themselves, reading it once.

    Raises FileRefused for what is none of the five sorts, holds NUL characters, or is in no encoding we know.
    """
    digest = hashlib.sha256()
    first = stream.read(_CHUNK)
    _check_is_ours(first, name)
    scan, decoder = _Scan(), codecs.getincrementaldecoder("utf-16" if _is_utf16(first) else "utf-8")()
    chunk = first
    while chunk:
        digest.update(chunk)
        following = stream.read(_CHUNK)
        scan.take(chunk, decoder, last=not following)
        chunk = following
    sort = _sort(first, name)
    encoding, notes = (None, ()) if sort in ("workbook", "archive") else _encoding(first, scan, sort, name)
    if sort == "table" and scan.longest_line > line_bytes:
        raise _refused(
            name, "line_too_long", "has a line longer than 1 MB", "Check that it is a table, one row a line."
        )
    return FirstLook(
        size=scan.size,
        sha256=digest.hexdigest(),
        sort=sort,
        encoding=encoding,
        lines=scan.lines + (1 if scan.unfinished else 0),
        longest_line=scan.longest_line,
        notes=notes,
    )


def start_of_text(raw: bytes, encoding: str | None) -> str:
    """Return the first characters that `raw` stands for; a character cut at the end is left out."""
    decoder = codecs.getincrementaldecoder(encoding or "utf-8")("replace")
    return decoder.decode(raw)


def _check_is_ours(first: bytes, name: str) -> None:
    if not first:
        raise _refused(name, "empty", "is empty", "Export it again and check that it has rows.")
    for magic, (what, fix) in _NOT_OURS.items():
        if first.startswith(magic):
            raise _refused(name, "not_data", what, fix)


def _sort(first: bytes, name: str) -> Sort:
    if first.startswith(_ZIP):
        name_length = int.from_bytes(first[26:28], "little")
        office = first[30 : 30 + name_length].startswith(_OFFICE_PARTS)
        return "workbook" if office or name.lower().endswith((".xlsx", ".xlsm", ".xlsb", ".ods")) else "archive"
    if first.startswith(_OLE):
        return "workbook"
    encoding = "utf-16" if _is_utf16(first) else "utf-8-sig"
    text = start_of_text(first[:4096], encoding).lstrip()
    if text.startswith("<"):
        return "xml"
    return "json" if text.startswith(("{", "[")) else "table"


def _encoding(first: bytes, scan: _Scan, sort: Sort, name: str) -> tuple[str, tuple[str, ...]]:
    if _is_utf16(first):
        if not scan.is_utf8:  # the decoder was UTF-16's
            raise _refused(name, "not_text", "is damaged: it says UTF-16 and is not", "Save it as UTF-8.")
        return "utf-16", ()
    if scan.has_nul:
        raise _refused(name, "nul_characters", "holds NUL characters, so it is not text", "Export it again as UTF-8.")
    if scan.is_utf8:
        return "utf-8-sig", ()
    if scan.is_windows_1252:
        return "windows-1252", (f"{name} {WINDOWS_1252_NOTE}",)
    raise _refused(name, "not_text", "is neither UTF-8, UTF-16 nor Windows-1252 text", "Save it as CSV UTF-8.")


def _is_utf16(first: bytes) -> bool:
    return first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, last: bool) -> bool:
    try:
        decoder.decode(chunk, last)
    except UnicodeDecodeError:
        return False
    return True


def _refused(name: str, code: str, what: str, fix: str) -> FileRefused:
    return FileRefused(f"{name} {what}. {fix}", file=name, code=code, fix=fix)
