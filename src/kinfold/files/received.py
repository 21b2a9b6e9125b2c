"""
What arrives at the door: paths, folders and zip archives, opened safely and with bounds.

Nothing here knows a format. `arrivals` turns what was handed in into `ArrivedFile`s that can be read
again and again, and says in plain words why a file cannot be taken in.
"""

from __future__ import annotations

import io
import lzma
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from kinfold.files.corrections import OfFile
from kinfold.files.first_look import FirstLook, Sort, first_look, start_of_text
from kinfold.record.claim import ReceivedFile
from kinfold.terms.errors import FileRefused

MEBIBYTE = 1024 * 1024
# What operating systems leave in folders and archives; never anybody's data.
_LITTER = frozenset({"__macosx", "thumbs.db", "desktop.ini"})
# What opening, unpacking and decoding raise for a file that is damaged.
READING_ERRORS = (
    OSError,
    EOFError,
    ValueError,  # wrong characters among them
    RuntimeError,
    NotImplementedError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)
_SPOOL_IN_MEMORY = 16 * MEBIBYTE


class Incoming(NamedTuple):
    """One thing handed in: its name as the person knows it, and where it lies now (a file or a folder)."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one delivery may hold. Sizes in bytes, after unpacking."""

    file_bytes: int = 250 * MEBIBYTE
    delivery_bytes: int = 1024 * MEBIBYTE
    rows: int = 5_000_000
    files: int = 5_000
    line_bytes: int = MEBIBYTE
    field_characters: int = 20_000
    record_bytes: int = 8 * MEBIBYTE  # one XML record, such as one child with everything in it
    # Statutory files shrink 10 to 60 times; a bomb shrinks more than 1,000 times.
    zip_ratio: int = 200


@dataclass(frozen=True, slots=True)
class ArrivedFile:
    """
    One file that can be read, again and again.

    `name` is what messages call it; `folder` groups the files of one set; `sort` is what its first
    bytes say it is. `members` is the way into archives: names from the outside in. `corrections` are
    what a person put right of its rows: doors lay them over what they read.
    """

    name: str
    folder: str
    path: Path
    size: int
    sha256: str
    sort: Sort
    encoding: str | None
    lines: int
    longest_line: int = 0
    notes: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    corrections: OfFile = field(default_factory=dict, compare=False, repr=False)

    @property
    def received(self) -> ReceivedFile:
        """Return what a Delivery keeps of the file."""
        return ReceivedFile(name=self.name, sha256=self.sha256, size=self.size)

    def open(self) -> IO[bytes]:
        """Return the file's bytes as a new stream. Raises FileRefused when it can no longer be read."""
        try:
            return _open_member(self.path, self.members)
        except READING_ERRORS as error:
            raise _refused(self.name, "unreadable", "cannot be read", "Check the file and send it again.") from error

    def open_text(self) -> IO[str]:
        """Return the file's text as a new stream, line endings as they are."""
        return io.TextIOWrapper(self.open(), encoding=self.encoding or "utf-8", newline="")

    def head(self, size: int = 65_536) -> bytes:
        """Return the first `size` bytes."""
        with self.open() as stream, _damage_refused(self.name):
            return stream.read(size)

    def head_text(self) -> str:
        """Return the first characters of a text file."""
        return start_of_text(self.head(), self.encoding)

    def refused(self, code: str, what: str, fix: str) -> FileRefused:
        """Return the error that says `what` is wrong with this file and how to `fix` it."""
        return _refused(self.name, code, what, fix)


@dataclass(slots=True)
class Arrivals:
    """The files that can be read, and the refusals of those that cannot."""

    files: list[ArrivedFile] = field(default_factory=list)
    refused: list[FileRefused] = field(default_factory=list)


def arrivals(incoming: Sequence[Incoming], limits: Limits | None = None) -> Arrivals:
    """
    Return every file handed in, folders and archives opened, each inspected once.

    A file that cannot be read is refused by itself. Raises FileRefused when the whole delivery is too large.
    """
    limits = limits or Limits()
    found = Arrivals()
    total = 0
    for item in incoming:
        for located in _located(item, found):
            try:
                for file in _opened(located, limits):
                    found.files.append(file)
                    total += file.size
                    _check_delivery(file.name, files=len(found.files), size=total, limits=limits)
            except FileRefused as error:
                if error.code == "delivery_too_large":
                    raise
                found.refused.append(error)
    return found


class _Located(NamedTuple):
    name: str
    folder: str
    path: Path


def _located(item: Incoming, found: Arrivals) -> Iterator[_Located]:
    """Yield the plain files of one incoming thing. Links and devices inside a folder are not followed."""
    if item.path.is_dir():
        for path in sorted(item.path.rglob("*")):
            inside = path.relative_to(item.path)
            if path.is_dir() or path.is_symlink() or _is_litter(inside.parts):
                continue
            name = PurePosixPath(item.name, *inside.parts)
            yield _Located(str(name), str(name.parent), path)
    elif not item.path.exists():
        found.refused.append(_refused(item.name, "not_found", "is not there", "Check the name and the folder."))
    else:
        yield _Located(item.name, str(PurePosixPath(item.name).parent), item.path)


def _opened(located: _Located, limits: Limits) -> Iterator[ArrivedFile]:
    name, folder, path = located
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise _refused(name, "not_a_file", "is not an ordinary file", "Send a file, a folder or a zip archive.")
        _check_size(name, status.st_size, limits)
        with path.open("rb") as stream:
            seen = first_look(stream, name=name)
    except OSError as error:
        raise _refused(name, "unreadable", "cannot be opened", "Check that you may read it.") from error
    packed = zipfile.is_zipfile(path)
    if seen.sort == "archive" and not packed:
        raise _refused(name, "damaged_archive", "is a zip archive cut short", "Pack it again and send it again.")
    if seen.sort in ("archive", "workbook") and packed:
        with _archive(name, path) as archive:
            check_archive(name, archive, limits)
            if seen.sort == "archive":
                yield from _members(name, folder, path, archive, (), limits)
                return
    yield _arrived(name, folder, path, (), seen)


def _members(
    name: str,
    folder: str,
    path: Path,
    archive: zipfile.ZipFile,
    above: tuple[str, ...],
    limits: Limits,
) -> Iterator[ArrivedFile]:
    """Yield the files inside an archive. A folder in the archive, or the archive itself, is one set."""
    for info in sorted(archive.infolist(), key=lambda each: each.filename):
        inside = PurePosixPath(info.filename.replace("\\", "/"))
        if info.is_dir() or _is_litter(inside.parts):
            continue
        member_name = f"{name}/{inside}"
        members = (*above, info.filename)
        with _damage_refused(member_name), archive.open(info) as stream:
            seen = first_look(stream, name=member_name)
        if seen.sort == "archive":
            yield from _nested(member_name, folder, path, members, limits)
        else:
            yield _arrived(member_name, str(PurePosixPath(member_name).parent), path, members, seen)


def _nested(name: str, folder: str, path: Path, members: tuple[str, ...], limits: Limits) -> Iterator[ArrivedFile]:
    if len(members) > 1:
        raise _refused(
            name, "nested_archive", "is an archive in an archive in an archive", "Unpack it once and send the files."
        )
    with _damage_refused(name), zipfile.ZipFile(_spooled(path, members[0])) as archive:
        check_archive(name, archive, limits)
        yield from _members(name, folder, path, archive, members, limits)


def _open_member(path: Path, members: tuple[str, ...]) -> IO[bytes]:
    """Return the stream at the end of `members`."""
    if not members:
        return path.open("rb")
    *archives, last = members
    if not archives:
        return zipfile.ZipFile(path).open(last)
    return zipfile.ZipFile(_spooled(path, archives[0])).open(last)


def _spooled(path: Path, member: str) -> IO[bytes]:
    """Return an archive that lies in an archive, unpacked to a nameless spool: seeking in it is then cheap."""
    spool: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_SPOOL_IN_MEMORY)  # noqa: SIM115  the reader closes it
    with zipfile.ZipFile(path) as archive, archive.open(member) as inner:
        while chunk := inner.read(MEBIBYTE):
            spool.write(chunk)
    spool.seek(0)
    return spool


@contextmanager
def _damage_refused(name: str) -> Iterator[None]:
    """Turn what a damaged file raises into a refusal that names it."""
    try:
        yield
    except READING_ERRORS as error:
        what = "is damaged or packed in a way that cannot be read"
        raise _refused(name, "damaged_archive", what, "Pack it again.") from error


def _archive(name: str, path: Path) -> zipfile.ZipFile:
    with _damage_refused(name):
        return zipfile.ZipFile(path)


def check_archive(name: str, archive: zipfile.ZipFile, limits: Limits) -> None:
    """
    Refuse bombs, ways out of the folder and locked archives, from the archive's own list, before unpacking.

    Raises FileRefused naming `name` and the member. A member is never read beyond the size that the list says.
    """
    infos = archive.infolist()
    if len(infos) > limits.files:
        raise _refused(name, "too_many_files", f"holds {len(infos):,} files", f"Send at most {limits.files:,}.")
    unpacked = 0
    for info in infos:
        unpacked += info.file_size
        _check_member(name, info, limits)
    if unpacked > limits.delivery_bytes:
        raise _refused(
            name,
            "delivery_too_large",
            f"would unpack to {_megabytes(unpacked)}, more than the {_megabytes(limits.delivery_bytes)} allowed",
            "Send it in smaller parts.",
        )


def _check_member(name: str, info: zipfile.ZipInfo, limits: Limits) -> None:
    parts = PurePosixPath(info.filename.replace("\\", "/")).parts
    if ".." in parts or info.filename.startswith(("/", "\\")) or (parts and ":" in parts[0]):
        raise _refused(
            name,
            "unsafe_path",
            f"holds a file that points outside the archive ({info.filename[:80]})",
            "Pack it again.",
        )
    if info.flag_bits & 0x1:
        raise _refused(name, "locked_archive", "is locked with a password", "Send it without a password.")
    _check_size(f"{name}/{info.filename}", info.file_size, limits)
    if info.file_size > MEBIBYTE and info.file_size > limits.zip_ratio * max(info.compress_size, 1):
        raise _refused(
            name,
            "zip_bomb",
            f"holds {info.filename[:80]}, which would grow {info.file_size // max(info.compress_size, 1):,} times",
            "Send the file itself, not packed.",
        )


def _check_size(name: str, size: int, limits: Limits) -> None:
    if size == 0:
        raise _refused(name, "empty", "is empty", "Export it again and check that it has rows.")
    if size > limits.file_bytes:
        raise _refused(
            name,
            "file_too_large",
            f"is {_megabytes(size)}, more than the {_megabytes(limits.file_bytes)} allowed for one file",
            "Split it, for example by year, and send the parts.",
        )


def _check_delivery(name: str, *, files: int, size: int, limits: Limits) -> None:
    if size > limits.delivery_bytes or files > limits.files:
        raise _refused(
            name,
            "delivery_too_large",
            f"brings the delivery to {files:,} files and {_megabytes(size)}; "
            f"{limits.files:,} files and {_megabytes(limits.delivery_bytes)} are allowed",
            "Send it in smaller parts.",
        )


def _arrived(name: str, folder: str, path: Path, members: tuple[str, ...], seen: FirstLook) -> ArrivedFile:
    return ArrivedFile(
        name=name,
        folder=folder,
        path=path,
        size=seen.size,
        sha256=seen.sha256,
        sort=seen.sort,
        encoding=seen.encoding,
        lines=seen.lines,
        longest_line=seen.longest_line,
        notes=seen.notes,
        members=members,
    )


def _is_litter(parts: Sequence[str]) -> bool:
    return any((part.startswith(".") and part not in (".", "..")) or part.lower() in _LITTER for part in parts)


def _megabytes(size: int) -> str:
    return f"{size / MEBIBYTE:,.0f} MB"


def _refused(name: str, code: str, what: str, fix: str) -> FileRefused:
    return FileRefused(f"{name} {what}. {fix}", file=name, code=code, fix=fix)
