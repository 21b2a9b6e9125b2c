"""A child's modules with what a person has put right laid over them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kinfold.files.cin_census.layout import MODULES
from kinfold.files.cin_census.to_record import Block
from kinfold.files.corrections import OfFile

_IDENTIFIERS = "ChildIdentifiers"
# The table under which a child that cannot be told apart is shown, as one row.
CHILD = "Child"
_BETWEEN_CODES = re.compile(r"[\s,;]+")


def put_right(blocks: Sequence[Block], corrections: OfFile, *, line: int) -> tuple[list[Block], list[str]]:
    """
    Return a child's modules as corrected, and what was corrected, for the child's digest.

    `line` is the child's own. A module left out leaves those inside it, in its place.
    """
    noted: list[str] = []
    made = _corrected(blocks, corrections, noted)
    whole = corrections.get((CHILD, line))
    if whole:
        noted.append(repr((CHILD, line, sorted(whole.items()))))
        made = _with_identifiers(made, whole, line)
    return made, noted


def _corrected(blocks: Sequence[Block], corrections: OfFile, noted: list[str]) -> list[Block]:
    made: list[Block] = []
    for block in blocks:
        inner = _corrected(block.blocks, corrections, noted)
        said = corrections.get((MODULES[block.module].element, block.line))
        if said is None:
            made.append(replace(block, blocks=inner))
            continue
        noted.append(repr((block.module, block.line, sorted(said.items()))))
        made += [replace(_laid_over(block, said), blocks=inner)] if said else inner
    return made


def _laid_over(block: Block, said: Mapping[str, str]) -> Block:
    values, lists = dict(block.values), dict(block.lists)
    for name, item in MODULES[block.module].items.items():
        if name not in said:
            continue
        text = said[name].strip()
        if item.shape == "codes":
            lists[name] = [code for code in _BETWEEN_CODES.split(text) if code]
        else:
            values[name] = text
    return replace(block, values=values, lists=lists, repeated=[name for name in block.repeated if name not in said])


def _with_identifiers(blocks: Sequence[Block], said: Mapping[str, str], line: int) -> list[Block]:
    """Return the modules with the child's identifiers corrected; a child without any gets them."""
    if not any(block.module == _IDENTIFIERS for block in blocks):
        blocks = [Block(_IDENTIFIERS, line), *blocks]
    return [_laid_over(block, said) if block.module == _IDENTIFIERS else block for block in blocks]


def number_in(blocks: Sequence[Block]) -> str:
    """Return the child's number as its identifiers have it; "" where they have none."""
    numbers = (block.values.get("LAchildID", "") for block in blocks if block.module == _IDENTIFIERS)
    return next((number for number in numbers if number), "")
