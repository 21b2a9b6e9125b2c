"""
What a company says in place of naming an owner: that there is none, that it cannot tell, that it need not; each with its days.

The companies register has these as statements and exemptions, the ownership standard as a reason where an owner would stand. What each
code means, and its words, stand in `disclosures.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from kinfold.market.ownership.graph import held_on
from kinfold.market.values import day_of

SOURCE = "Companies House, persons with significant control"
_PARTNERSHIP = "-partnership"
_EXEMPT = "subjectExemptFromDisclosure"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """
    What `subject` says of its owners, from `start` up to, not on, `end`, in `words`.

    `reason` is the ownership standard's code for why nobody is named, `code` the publisher's own, empty where it has none.
    """

    subject: str
    reason: str
    words: str
    code: str = ""
    start: date | None = None
    end: date | None = None
    source: str = ""

    def holds_on(self, day: date) -> bool:
        """Return whether this is said on `day`; what has no dates is taken to be."""
        return held_on(self.start, self.end, day)


@cache
def _lists() -> Mapping[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("disclosures.toml").read_text(encoding="utf-8"))


def reason_words(reason: str) -> str:
    """Return a reason of the ownership standard in words; one that is not known as it stands."""
    return str(_lists()["reasons"].get(reason, reason))


def hides_nobody(reason: str) -> bool:
    """Return whether a reason says that there is no owner to name, or that none need be: then nobody stands in the graph for it."""
    return reason in _lists()["nobody"]["reasons"]


def statement_of(subject: str, data: Mapping[str, Any]) -> Disclosure | None:
    """
    Return what a statement of the companies register says; None where it leaves nobody unnamed.

    A code that is not known is kept as its own words. Raises KeyError where there is no code.
    """
    code = str(data["statement"])
    if code in _lists()["named"]["codes"]:
        return None
    known = _lists()["statements"].get(code.removesuffix(_PARTNERSHIP), {"reason": "unknown", "words": code})
    words = known["words"].format(
        body="partnership" if code.endswith(_PARTNERSHIP) else "company",
        name=data.get("linked_psc_name") or "A registrable person",
    )
    return Disclosure(subject, known["reason"], words, code, day_of(data.get("notified_on")), day_of(data.get("ceased_on")), SOURCE)  # fmt: skip


def exemptions_of(subject: str, data: Mapping[str, Any]) -> Iterator[Disclosure]:
    """Yield each time for which a company is exempt from naming who controls it; a kind without a time is one that holds still."""
    for name, one in data["exemptions"].items():
        code = str(one.get("exemption_type") or name.replace("_", "-"))
        words = _lists()["exemptions"].get(code, {"words": code})["words"]
        for time in one.get("items") or [{}]:
            begun, ended = day_of(time.get("exempt_from")), day_of(time.get("exempt_to"))
            yield Disclosure(subject, _EXEMPT, words, code, begun, ended, SOURCE)
