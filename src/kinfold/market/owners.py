"""
Owners by name: how the same company is spelled, and how concentrated a market is as far as names can tell.

A name understates concentration: companies of one parent have different names. What this gives is a floor; the
ownership graph closes the gap, and the page says how far.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import polars as pl

_NOT_WORD = re.compile(r"[^a-z0-9]+")
# "Priory Education Services Limited 06244880", "Disability Challengers 04300724, 1095134", "(09487106)"
_NUMBERS = re.compile(r"\(?\b(?:[a-z]{2}\d{6}|\d{6,8})\b\)?", re.IGNORECASE)
_FORMS = frozenset({"ltd", "limited", "llp", "plc", "cic", "lp", "inc"})
_APOSTROPHES = re.compile("['’‘`´]")
COMPANY_NUMBER = re.compile(r"\b(?:[A-Z]{2}\d{6}|\d{8})\b")


@cache
def owner_key(name: str) -> str:
    """
    Return an owner's name as it is compared: small letters, & as and, no legal form, no company number in brackets.

    Letters after an apostrophe stay with their word: Children's and Childrens agree. A name that is nothing but a
    legal form is left as it is.
    """
    lowered = _APOSTROPHES.sub("", _NUMBERS.sub(" ", name.casefold())).replace("&", " and ")
    words = _NOT_WORD.sub(" ", lowered).split()
    kept = [word for place, word in enumerate(words) if word not in _FORMS or place == 0]
    if kept[:1] == ["the"] and len(kept) > 1:
        kept = kept[1:]
    return " ".join(kept) or name.casefold().replace("/", " ").strip() or "no name"


def company_number_in(name: str) -> str | None:
    """Return the companies register's number that stands in an owner's name, if one does."""
    found = COMPANY_NUMBER.search(name.upper())
    return found[0] if found else None


def concentration(homes: pl.DataFrame, group: str) -> dict[str, Any]:
    """
    Return how concentrated a market is by a column that names each home's group.

    `homes` is one row per home; those without an owner count as groups of their own. `top_10_share` is in percent of all
    homes; `hhi` the sum of squared shares, from 0 to 1.
    """
    known = homes.filter(pl.col(group).is_not_null())
    sizes = known.group_by(group).len().sort("len", descending=True)["len"].to_list()
    sizes += [1] * (homes.height - known.height)
    total = sum(sizes)
    return {
        "homes": total,
        "owners": len(sizes) - (homes.height - known.height),
        "owner_not_published": homes.height - known.height,
        "single_home_owners": sizes.count(1),
        "top_10_homes": sum(sizes[:10]),
        "top_10_share": round(100 * sum(sizes[:10]) / total, 1) if total else None,
        "top_22_homes": sum(sizes[:22]),
        "hhi": round(sum((size / total) ** 2 for size in sizes), 5) if total else None,
    }


def groups(settings: pl.DataFrame) -> list[dict[str, Any]]:
    """
    Return one row per owner (by name), the one with the most settings first.

    `names` are its spellings. `judged` counts settings with an overall judgement and `below_good` those of them that
    requires improvement or are inadequate: a share without its denominator says nothing. Settings whose owner is not
    published belong to no group.
    """
    below = pl.col("overall").is_in(["Requires improvement to be good", "Adequate", "Inadequate"])
    found = (
        settings.filter(pl.col("owner_key").is_not_null())
        .group_by("owner_key")
        .agg(
            pl.col("owner").mode().sort().first().alias("group"),
            pl.col("owner").unique().sort().alias("names"),
            pl.col("sector").mode().sort().first(),
            pl.len().alias("settings"),
            pl.col("type").is_in(["Children's home"]).sum().alias("homes"),
            pl.col("places").sum(),
            pl.col("places").filter(pl.col("type") == "Children's home").sum().alias("home_places"),
            pl.col("la_code").drop_nulls().n_unique().alias("authorities"),
            pl.col("region").drop_nulls().n_unique().alias("regions"),
            pl.col("overall").is_not_null().sum().alias("judged"),
            below.sum().alias("below_good"),
            (pl.col("overall") == "Inadequate").sum().alias("inadequate"),
            (pl.col("status") == "Suspended").sum().alias("suspended"),
        )
        .sort("settings", "owner_key", descending=[True, False])
    )
    return found.rename({"owner_key": "key"}).to_dicts()
