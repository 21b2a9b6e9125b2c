"""The encrypted file: its pieces cannot be swapped, dropped or added, and any content of any size comes back."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinfold.service.records.backup_file import PIECE, Decrypting, Encrypting, PartsWriter, read_parts
from kinfold.terms.errors import InputError

KEY = b"twenty characters and some more"


def encrypted(content: bytes, *sizes: int) -> bytes:
    """Return `content` encrypted, written in pieces of the given sizes."""
    out = BytesIO()
    writer = Encrypting(out, KEY, log2=10)
    view = BytesIO(content)
    for size in sizes:
        writer.write(view.read(size))
    writer.write(view.read())
    writer.close()
    return out.getvalue()


@settings(max_examples=30)
@given(
    size=st.sampled_from([0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 7]),
    cuts=st.lists(st.integers(0, PIECE), max_size=4),
)
def test_what_is_written_comes_back_however_it_was_written(size: int, cuts: list[int]) -> None:
    content = os.urandom(size)

    assert Decrypting(BytesIO(encrypted(content, *cuts)), KEY).readall() == content


@pytest.mark.parametrize("what", ["swapped", "dropped", "doubled", "ends after a whole piece"])
def test_pieces_keep_their_places(what: str) -> None:
    whole = encrypted(os.urandom(3 * PIECE + 5))
    sealed = PIECE + 16
    start = len(whole) - 3 * sealed - (5 + 16)
    head, one, two, three, last = (
        whole[:start], whole[start : start + sealed], whole[start + sealed : start + 2 * sealed],
        whole[start + 2 * sealed : start + 3 * sealed], whole[start + 3 * sealed :],
    )  # fmt: skip
    changed = {
        "swapped": head + two + one + three + last,
        "dropped": head + one + three + last,
        "doubled": head + one + one + two + three + last,
        "ends after a whole piece": head + one + two + three,
    }[what]

    with pytest.raises(InputError, match="changed or cut off"):
        Decrypting(BytesIO(changed), KEY).readall()


def test_two_files_of_one_content_share_no_bytes() -> None:
    first, second = encrypted(b"x" * 1000), encrypted(b"x" * 1000)

    assert first[18:] != second[18:]
    assert first[60:] != second[60:]


def test_parts_come_back_by_name_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "parts"
    parts = {"about.json": b"{}", "files/received/3/" + "a" * 64: os.urandom(3 * PIECE), "manifest.json": b"[]"}
    with path.open("wb") as out:
        writer = PartsWriter(out, KEY)
        for name, content in parts.items():
            writer.add(name, content)
        writer.close()

    with path.open("rb") as source:
        _, found = read_parts(source, KEY)
        assert {part.name: part.content.read() for part in found} == parts


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"KINFOLD-BACKUP-1\n", os.urandom(500)])
def test_what_is_no_backup_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(InputError, match="not a backup of Kinfold"):
        read_parts(BytesIO(content), KEY)


def test_a_header_cannot_ask_for_all_the_memory() -> None:
    whole = bytearray(encrypted(b"x"))
    whole[17] = 40

    with pytest.raises(InputError, match="changed"):
        Decrypting(BytesIO(bytes(whole)), KEY)
