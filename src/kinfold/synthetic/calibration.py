"""The parameters of the invented England: one dated file of numbers with their sources, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def calibration() -> Mapping[str, Any]:
    """Return the whole of calibration.toml. Shares are of 1, tables of weights need not add up to anything."""
    text = files("kinfold.synthetic").joinpath("calibration.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def name_lists() -> Mapping[str, Any]:
    """Return the lists from which people are named, each a tuple of words: {"british": {"F": (...), ...}, ...}."""
    text = files("kinfold.synthetic").joinpath("names.toml").read_text("utf-8")
    read = tomllib.loads(text)
    lists = {name: {part: tuple(words.split()) for part, words in one.items()} for name, one in read["lists"].items()}
    settings = {part: tuple(words.split()) for part, words in read["settings"].items()}
    return {"groups": read["groups"], "lists": lists, "settings": settings}
