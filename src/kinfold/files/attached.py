"""
Documents and photographs that people attach: what they are by their content, and made safe to keep.

What a file is called says nothing: its first bytes decide, against a short list. Anything a browser could run
(a web page, a drawing in XML, a script, a document with macros) is refused with a sentence that says what to do.
A photograph loses what a camera wrote into it besides the picture: above all the place where it was taken.
"""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kinfold.terms.errors import FileRefused

LARGEST = 20_000_000  # bytes; a scanned report of some hundred pages
LARGEST_UNPACKED = 200_000_000
MOST_PARTS = 5_000
LONGEST_NAME = 120

PDF, JPEG, PNG, WEBP, TEXT = "application/pdf", "image/jpeg", "image/png", "image/webp", "text/plain"
_OFFICE = "application/vnd.openxmlformats-officedocument."
WORD, SHEET, SLIDES = _OFFICE + "wordprocessingml.document", _OFFICE + "spreadsheetml.sheet", (
    _OFFICE + "presentationml.presentation"
)  # fmt: skip
OPEN_TEXT = "application/vnd.oasis.opendocument.text"
EXTENSIONS = {
    PDF: "pdf", JPEG: "jpg", PNG: "png", WEBP: "webp", TEXT: "txt", WORD: "docx", SHEET: "xlsx", SLIDES: "pptx",
    OPEN_TEXT: "odt",
}  # fmt: skip
IMAGES = frozenset({JPEG, PNG, WEBP})
ALLOWED_WORDS = "PDF, Word, Excel, PowerPoint, OpenDocument text, plain text, JPEG, PNG or WebP"
_MAIN_PART = {"word/document.xml": WORD, "xl/workbook.xml": SHEET, "ppt/presentation.xml": SLIDES}
# What begins a file that a browser may take for a page or a drawing, whatever it is called.
_RUNNABLE = re.compile(
    rb"<\s*(!doctype|html|head|body|script|svg|iframe|object|embed|\?xml|\?php|%|math|style|meta|link|img)|#!\s*/|^mz",
    re.IGNORECASE,
)
_PDF_RUNS = re.compile(rb"/(JavaScript|JS|Launch|RichMedia|XFA)\b")


@dataclass(frozen=True, slots=True)
class Attached:
    """A file made safe: its name with the right ending, what it is, its bytes, and what was taken out of it."""

    name: str
    media_type: str
    content: bytes
    removed: tuple[str, ...] = ()


def make_safe(name: str, content: bytes) -> Attached:
    """
    Return an attached file as it is kept.

    Raises FileRefused, with what to do, for one that is empty, too large, of no allowed sort, or that could run.
    """
    if not content:
        raise FileRefused("The file is empty. Choose the file again.", code="empty")
    if len(content) > LARGEST:
        raise FileRefused(
            f"The file is larger than {LARGEST // 1_000_000} MB. Split it, or scan it at a lower quality.",
            code="too_big",
        )
    media_type = sniff(content)
    _refuse_what_runs(media_type, content)
    kept, removed = STRIPPERS.get(media_type, _as_it_is)(content)
    return Attached(safe_name(name, media_type), media_type, kept, removed)


def sniff(content: bytes) -> str:
    """Return the media type that the first bytes prove. Raises FileRefused when it is none of those allowed."""
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content)
    if _is_text(content):
        return TEXT
    raise _not_allowed()


def _not_allowed() -> FileRefused:
    return FileRefused(f"The file must be {ALLOWED_WORDS}. Save it as one of these and try again.", code="not_allowed")


def _office_type(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            _refuse_bombs(parts)
            if any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs")) for name in names):
                raise FileRefused(
                    "The document contains a program (macros). Save it without macros and try again.", code="runs"
                )
            if "mimetype" in names:
                with archive.open("mimetype") as said:
                    return OPEN_TEXT if said.read(100).decode("ascii", "replace").strip() == OPEN_TEXT else _refuse()
            return next((sort for main, sort in _MAIN_PART.items() if main in names), "") or _refuse()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise FileRefused(
            "The document is damaged. Open it, save it again and try once more.", code="damaged"
        ) from error


def _refuse() -> str:
    raise _not_allowed()


def _refuse_bombs(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise FileRefused("The document unpacks to far more than it should. It was not opened.", code="bomb")


def _is_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not any(unicodedata.category(letter) == "Cc" and letter not in "\t\n\r\f" for letter in text)


def _refuse_what_runs(media_type: str, content: bytes) -> None:
    if media_type == TEXT and _RUNNABLE.search(content[:65_536].lower().lstrip()):
        raise FileRefused(
            "The file is a web page, a drawing or a script. Print it to PDF and attach that instead.", code="runs"
        )
    if media_type == PDF and _PDF_RUNS.search(content):
        raise FileRefused(
            "The PDF contains a script or a form that runs. Print it to a new PDF and attach that.", code="runs"
        )


def safe_name(name: str, media_type: str) -> str:
    """Return a file's name without path, hidden letters or a false ending."""
    base = re.split(r"[\\/]", name)[-1]
    letters = [c for c in unicodedata.normalize("NFC", base) if unicodedata.category(c)[0] not in "CZ" or c == " "]
    stem = re.sub(r'[<>:"|?*]', "", "".join(letters)).strip(" .")
    stem = stem.rsplit(".", 1)[0] if "." in stem else stem
    return f"{stem[:LONGEST_NAME].strip(' .') or 'paper'}.{EXTENSIONS[media_type]}"


Stripped = tuple[bytes, tuple[str, ...]]
_TAKEN = ("what the camera or program wrote into it, such as the place and time",)


def _as_it_is(content: bytes) -> Stripped:
    return content, ()


def _damaged() -> FileRefused:
    return FileRefused("The picture is damaged. Open it, save it again and try once more.", code="damaged")


def strip_jpeg(content: bytes) -> Stripped:
    """
    Return a JPEG with the picture alone, and what was taken out.

    Kept are the tables, the frame, the scans, the colour profile and Adobe's colour mark; of the camera's notes only
    which way up the picture is. Whatever follows the picture's end is dropped. Raises FileRefused when damaged.
    """
    kept, turned, removed = [b"\xff\xd8"], 1, False
    try:
        for marker, segment, scan in _jpeg_segments(content):
            exif = marker == 0xE1 and segment[4:10] == b"Exif\x00\x00"
            turned = _turned(segment[10:]) or turned if exif else turned
            if _is_note(marker, segment):
                removed = True
                continue
            kept.append(segment + scan)
    except (struct.error, IndexError):
        raise _damaged() from None
    if turned != 1:
        kept.insert(1, _only_turned(turned))
    return b"".join([*kept, b"\xff\xd9"]), _TAKEN if removed else ()


def _is_note(marker: int, segment: bytes) -> bool:
    profile = marker == 0xE2 and segment[4:16] == b"ICC_PROFILE\x00"
    return marker == 0xFE or (0xE1 <= marker <= 0xEF and not profile and marker != 0xEE)


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield (marker, the segment with its marker and length, the scan that follows it) up to the end of the picture."""
    at = 2
    while True:
        if content[at] != 0xFF:
            raise _damaged()
        while content[at + 1] == 0xFF:
            at += 1
        marker = content[at + 1]
        if marker == 0xD9:
            return
        length = struct.unpack_from(">H", content, at + 2)[0]
        end = at + 2 + length
        if length < 2 or end > len(content):
            raise _damaged()
        after = _end_of_scan(content, end) if marker == 0xDA else end
        yield marker, content[at:end], content[end:after]
        at = after


def _end_of_scan(content: bytes, at: int) -> int:
    """Return where the scan that begins at `at` ends: at the next marker that is neither stuffing nor a restart."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise _damaged()
        if content[at + 1] != 0 and not 0xD0 <= content[at + 1] <= 0xD7:
            return at
        at += 2


def _turned(tiff: bytes) -> int:
    """Return which way up the picture is (1 to 8) from the camera's notes; 0 where they do not say."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return 0
    start = struct.unpack_from(f"{order}I", tiff, 4)[0]
    if start + 2 > len(tiff):
        return 0
    for entry in range(min(struct.unpack_from(f"{order}H", tiff, start)[0], 100)):
        place = start + 2 + entry * 12
        if place + 12 > len(tiff):
            return 0
        tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, place)
        if tag == 0x0112:
            return int(value) if 1 <= value <= 8 else 0
    return 0


def _only_turned(turned: int) -> bytes:
    tiff = b"MM\x00*\x00\x00\x00\x08" + struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, turned, 0, 0)
    body = b"Exif\x00\x00" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


# The parts of a PNG that make the picture; a note of any kind is not among them.
_PNG_KEPT = frozenset(
    {
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"cHRM",
        b"gAMA",
        b"iCCP",
        b"sBIT",
        b"sRGB",
        b"bKGD",
        b"pHYs",
        b"cICP",
    }
)


def strip_png(content: bytes) -> Stripped:
    """Return a PNG with the parts of the picture alone. Raises FileRefused when damaged."""
    kept, at, removed = [content[:8]], 8, False
    try:
        while True:
            length, name = struct.unpack_from(">I4s", content, at)
            end = at + 12 + length
            if end > len(content):
                raise _damaged()
            if name in _PNG_KEPT:
                kept.append(content[at:end])
            else:
                removed = True
            at = end
            if name == b"IEND":
                return b"".join(kept), _TAKEN if removed or at < len(content) else ()
    except struct.error:
        raise _damaged() from None


def strip_webp(content: bytes) -> Stripped:
    """Return a WebP picture without its notes. Raises FileRefused when damaged."""
    parts, at, removed = [], 12, False
    size = min(len(content), 8 + struct.unpack_from("<I", content, 4)[0]) if len(content) >= 12 else 0
    while at + 8 <= size:
        name, length = struct.unpack_from("<4sI", content, at)
        end = at + 8 + length + (length & 1)
        if at + 8 + length > len(content):
            raise _damaged()
        part = content[at:end]
        if name == b"VP8X" and length >= 1:
            part = part[:8] + bytes([part[8] & ~0x0C]) + part[9:]  # the two bits that promise notes
        if name in (b"EXIF", b"XMP "):
            removed = True
        else:
            parts.append(part)
        at = end
    if not parts:
        raise _damaged()
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body, _TAKEN if removed else ()


STRIPPERS: dict[str, Callable[[bytes], Stripped]] = {JPEG: strip_jpeg, PNG: strip_png, WEBP: strip_webp}
