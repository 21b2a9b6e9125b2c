"""
Papers and received files, sealed with a key of their holder's.

AES-256-GCM in pieces of one mebibyte, so that a large file needs little memory. Each piece's nonce carries
its number and the last piece says so: pieces cannot be dropped, swapped or cut off unseen. Keys lie in
`keys/` beside the data, readable by the service's account alone; `kinfold backup` carries them encrypted.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from kinfold.terms.errors import StructureBroken

PIECE = 1024 * 1024
_MARK = b"KINFOLD1"


def key_file(held_by: int) -> Path:
    """Return where a holder's key lies."""
    return Path(settings.DATA) / "keys" / f"{held_by}.key"


@lru_cache(maxsize=64)
def _key(path: Path) -> bytes:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as out:
        key = AESGCM.generate_key(bit_length=256)
        out.write(key)
    return key


def keyed_hash(held_by: int, sha256: str) -> str:
    """Return a file's hash under the holder's key: two holders of one file share no hash."""
    return hmac.new(_key(key_file(held_by)), sha256.encode(), hashlib.sha256).hexdigest()


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + struct.pack(">I", number | (0x8000_0000 if last else 0))


def seal(held_by: int, source: IO[bytes], target: IO[bytes]) -> None:
    """Write `source` sealed into `target`."""
    cipher = AESGCM(_key(key_file(held_by)))
    prefix = os.urandom(8)
    target.write(_MARK + prefix)
    number = 0
    piece = source.read(PIECE)
    while True:
        following = source.read(PIECE)
        target.write(cipher.encrypt(_nonce(prefix, number, last=not following), piece, None))
        if not following:
            return
        number, piece = number + 1, following


def unseal(held_by: int, source: IO[bytes]) -> Iterator[bytes]:
    """Yield the pieces of a sealed file. Raises StructureBroken if it was changed or cut off."""
    head = source.read(len(_MARK) + 8)
    if head[: len(_MARK)] != _MARK:
        raise StructureBroken("A kept file is not sealed as it should be")
    cipher, prefix = AESGCM(_key(key_file(held_by))), head[len(_MARK) :]
    number, piece = 0, source.read(PIECE + 16)
    while True:
        following = source.read(PIECE + 16)
        try:
            yield cipher.decrypt(_nonce(prefix, number, last=not following), piece, None)
        except InvalidTag:
            raise StructureBroken("A kept file was changed or cut off") from None
        if not following:
            return
        number, piece = number + 1, following
