"""
The file a backup is: encrypted in pieces, and inside it one stream of named parts.

AES-256-GCM in pieces of one mebibyte, as in sealing.py: each piece's nonce carries its number and the last piece
says so, so that pieces cannot be dropped, swapped or cut off unseen. The key is made from a passphrase by scrypt
with a salt of the file's own. Everything before the first piece is authenticated with every piece.
"""

from __future__ import annotations

import gzip
import hashlib
import hmac
import io
import os
import struct
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kinfold.terms.errors import InputError

MARK = b"KINFOLD-BACKUP-1\n"
PIECE = 1024 * 1024
TAG = 16
SALT = 16
PREFIX = 8
CHECK = 16
# 2^17 blocks of 8 take 128 MB and about half a second: the dearest that a small server bears.
SCRYPT_LOG2, SCRYPT_BLOCK = 17, 8
# What a changed header could ask for at most: 1 GB.
SCRYPT_LOG2_MOST = 20
LARGEST_PART = 64 * 1024 * 1024
_HEAD = struct.Struct(f">{len(MARK)}sB{SALT}s{PREFIX}s{CHECK}s")


class Readable(Protocol):
    """What can be read a piece at a time."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next piece; empty at the end."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What a passphrase and a salt make: the key of the pieces, that of the manifest's hashes, and a check."""

    pieces: bytes
    hashes: bytes
    check: bytes


def keys_from(passphrase: bytes, salt: bytes, *, log2: int = SCRYPT_LOG2) -> Keys:
    """Return the keys for one file. Its hashes are keyed too, so that they say nothing outside of it."""
    made = hashlib.scrypt(
        passphrase, salt=salt, n=2**log2, r=SCRYPT_BLOCK, p=1, maxmem=2**log2 * SCRYPT_BLOCK * 128 + 2**20, dklen=64
    )
    hashes = hmac.new(made[32:], b"hashes", hashlib.sha256).digest()
    return Keys(made[:32], hashes, hmac.new(made[32:], b"check", hashlib.sha256).digest()[:CHECK])


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + struct.pack(">I", number | (0x8000_0000 if last else 0))


class Encrypting(io.RawIOBase):
    """Takes what is written and writes it encrypted to `target`; `close` writes the last piece."""

    def __init__(self, target: IO[bytes], passphrase: bytes, *, log2: int = SCRYPT_LOG2) -> None:
        super().__init__()
        salt, self._prefix = os.urandom(SALT), os.urandom(PREFIX)
        self.keys = keys_from(passphrase, salt, log2=log2)
        self._head = _HEAD.pack(MARK, log2, salt, self._prefix, self.keys.check)
        self._target, self._cipher = target, AESGCM(self.keys.pieces)
        self._number, self._waiting = 0, bytearray()
        target.write(self._head)

    def writable(self) -> bool:
        """Return that it takes what is written."""
        return True

    def write(self, data: object) -> int:
        """Take some bytes and write the pieces that are full."""
        taken = bytes(data)  # type: ignore[call-overload]
        self._waiting += taken
        # one byte more than a piece must wait before a piece is known not to be the last
        while len(self._waiting) > PIECE:
            self._write_piece(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(taken)

    def _write_piece(self, piece: bytes, *, last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._prefix, self._number, last=last), piece, self._head))
        self._number += 1

    def close(self) -> None:
        """Write the last piece. A file without it is refused as cut off."""
        if not self.closed:
            self._write_piece(bytes(self._waiting), last=True)
        super().close()


class Decrypting(io.RawIOBase):
    """Reads what `Encrypting` wrote. Raises InputError for another passphrase, a changed or a cut-off file."""

    def __init__(self, source: IO[bytes], passphrase: bytes) -> None:
        super().__init__()
        self._head = source.read(_HEAD.size)
        if len(self._head) < _HEAD.size or not self._head.startswith(MARK):
            raise InputError("This is not a backup of Kinfold, or its beginning is missing.")
        _, log2, salt, self._prefix, check = _HEAD.unpack(self._head)
        if not 10 <= log2 <= SCRYPT_LOG2_MOST:
            raise InputError("This backup was changed after it was written. Nothing was restored.")
        self.keys = keys_from(passphrase, salt, log2=log2)
        if not hmac.compare_digest(check, self.keys.check):
            raise InputError("The passphrase does not open this backup. Use the one that was set when it was made.")
        self._source, self._cipher = source, AESGCM(self.keys.pieces)
        self._number, self._plain = 0, b""
        self._next = source.read(PIECE + TAG)

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill `buffer` from the next piece; 0 at the end, which only the true last piece makes."""
        room = memoryview(buffer)  # type: ignore[arg-type]
        while not self._plain and self._next:
            self._plain = self._piece()
        taken = min(len(room), len(self._plain))
        room[:taken], self._plain = self._plain[:taken], self._plain[taken:]
        return taken

    def _piece(self) -> bytes:
        piece, self._next = self._next, self._source.read(PIECE + TAG)
        try:
            plain = self._cipher.decrypt(_nonce(self._prefix, self._number, last=not self._next), piece, self._head)
        except InvalidTag:
            raise InputError(
                "This backup was changed or cut off after it was written. Nothing was restored. Use another copy."
            ) from None
        self._number += 1
        return plain


class PartsWriter:
    """Writes named parts into an encrypted file, compressed."""

    def __init__(self, target: IO[bytes], passphrase: bytes) -> None:
        self._encrypting = Encrypting(target, passphrase)
        self.keys = self._encrypting.keys
        self._zip = gzip.GzipFile(fileobj=self._encrypting, mode="wb", compresslevel=3, filename="", mtime=0)
        self._tar = tarfile.open(fileobj=self._zip, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115

    def add(self, name: str, content: bytes) -> None:
        """Add one part."""
        self.add_from(name, io.BytesIO(content), len(content))

    def add_from(self, name: str, source: Readable, size: int) -> None:
        """Add one part of `size` bytes read from `source`."""
        part = tarfile.TarInfo(name)
        part.size, part.mode = size, 0o600
        self._tar.addfile(part, source)

    def close(self) -> None:
        """Write what is left."""
        self._tar.close()
        self._zip.close()
        self._encrypting.close()


@dataclass(frozen=True, slots=True)
class Part:
    """One part as it is read: its name, size and a stream of its content."""

    name: str
    size: int
    content: Readable

    def all(self) -> bytes:
        """Return the whole content of a part that must be small. Raises InputError if it is not."""
        if self.size > LARGEST_PART:
            raise InputError("This backup has a part larger than Kinfold writes. Nothing was restored.")
        return self.content.read()


def read_parts(source: IO[bytes], passphrase: bytes) -> tuple[Keys, Iterator[Part]]:
    """Return a file's keys and its parts in order; each part must be read before the next is asked for."""
    decrypting = Decrypting(source, passphrase)
    return decrypting.keys, _parts(io.BufferedReader(decrypting, PIECE))


def _parts(stream: IO[bytes]) -> Iterator[Part]:
    try:
        unzipped = gzip.GzipFile(fileobj=stream, mode="rb")
        with tarfile.open(fileobj=unzipped, mode="r|") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isfile() else None
                if content is None:
                    raise InputError("This backup holds something that Kinfold does not write. Nothing was restored.")
                yield Part(member.name, member.size, content)
        for rest in (unzipped, stream):  # to the true end, so that a cut-off file is never taken for whole
            while rest.read(PIECE):
                pass
    except (tarfile.TarError, zlib.error, EOFError, OSError) as error:
        raise InputError("This backup cannot be read to its end. Nothing was restored. Use another copy.") from error
