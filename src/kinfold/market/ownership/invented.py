"""Invented chains of ownership above invented owners: funds, families, charities, circles, what nobody has said. None is real."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy

from kinfold.market.ownership.disclosures import Disclosure, statement_of
from kinfold.market.ownership.graph import Entity, Interest

SOURCE = "invented"
REGISTERED = "invented persons with significant control"
_SINCE = date(2019, 4, 1)
_ABROAD = ("LU", "JE", "US", "NL")


def invented_chains(owners: Sequence[str], *, seed: int) -> tuple[list[Entity], list[Interest]]:
    """
    Return entities and interests above each named owner: one of five shapes in turn, so that each can be seen.

    A family; a fund abroad through two companies; a charity; two companies that own part of one another; a chain whose end nobody
    has named. The same owners and seed give the same chains.
    """
    chance = numpy.random.default_rng(seed)
    entities: list[Entity] = []
    interests: list[Interest] = []
    for number, name in enumerate(owners):
        provider = Entity(
            f"invented-provider-{number}",
            name,
            country="GB",
            form="private limited company",
            tax_residence="GB",
            source=SOURCE,
        )
        entities.append(provider)
        _SHAPES[number % len(_SHAPES)](provider, number, chance, entities, interests)
    return entities, interests


def _held(owner: Entity, subject: Entity, low: float, high: float, kind: str = "shares") -> Interest:
    return Interest(owner.uid, subject.uid, kind, low, high, _SINCE, None, SOURCE)


def _above(provider: Entity, part: str, name: str, **said: str | None) -> Entity:
    known = {"sort": "entity", "country": "GB", "tax_residence": "GB", "form": None, **said}
    return Entity(f"{provider.uid}-{part}", name, source=SOURCE, **known)  # type: ignore[arg-type]


def _family(
    provider: Entity, number: int, chance: numpy.random.Generator, entities: list[Entity], interests: list[Interest]
) -> None:
    share = float(chance.integers(51, 80)) / 100
    first, second = (
        _above(provider, part, f"{name} Invented-{number}", sort="person") for part, name in (("a", "Ada"), ("b", "Bo"))
    )
    entities += [first, second]
    interests += [_held(first, provider, share, share), _held(second, provider, 1 - share, 1 - share)]
    interests += [
        Interest(
            one.uid,
            provider.uid,
            "other",
            low,
            high,
            _SINCE,
            None,
            REGISTERED,
            f"right-to-share-surplus-assets-{int(low * 100)}-to-{int(high * 100)}-percent",
        )
        for one, low, high in ((first, 0.5, 0.75), (second, 0.25, 0.5))
    ]


def _fund(
    provider: Entity, number: int, chance: numpy.random.Generator, entities: list[Entity], interests: list[Interest]
) -> None:
    holding = _above(provider, "holding", f"{provider.name} Holdings")
    middle = _above(provider, "middle", f"Midway {number} Ltd", tax_residence=None)
    abroad = _ABROAD[int(chance.integers(len(_ABROAD)))]
    fund = _above(
        provider,
        "fund",
        f"Invented Fund {number} LP",
        sort="arrangement",
        country=abroad,
        tax_residence=None,
        form="fund",
    )
    entities += [holding, middle, fund]
    interests += [_held(holding, provider, 1, 1), _held(holding, provider, 0, 1, "board"), _held(middle, holding, 0.75, 1),
                  _held(fund, middle, 0.72, 0.72)]  # fmt: skip


def _charity(
    provider: Entity, number: int, chance: numpy.random.Generator, entities: list[Entity], interests: list[Interest]
) -> None:
    charity = _above(provider, "charity", f"Invented Trust {number}", form="charity")
    entities.append(charity)
    interests.append(_held(charity, provider, 1, 1))


def _circle(
    provider: Entity, number: int, chance: numpy.random.Generator, entities: list[Entity], interests: list[Interest]
) -> None:
    holding = _above(provider, "holding", f"{provider.name} Holdings")
    person = _above(provider, "a", f"Cy Invented-{number}", sort="person", tax_residence=None)
    entities += [holding, person]
    interests += [
        _held(holding, provider, 0.9, 0.9),
        _held(provider, holding, 0.2, 0.2),
        _held(person, holding, 0.8, 0.8),
    ]


def _unnamed(
    provider: Entity, number: int, chance: numpy.random.Generator, entities: list[Entity], interests: list[Interest]
) -> None:
    holding = _above(provider, "holding", f"Far {number} Ltd", country="VG", tax_residence=None)
    nobody = Entity(f"{provider.uid}-nobody", None, sort="anonymous", status="no reason was given", source=SOURCE)
    entities += [holding, nobody]
    interests += [_held(holding, provider, 0.5, 0.75), _held(nobody, holding, 0.25, 1)]


_SHAPES = (_family, _fund, _charity, _circle, _unnamed)


def invented_disclosures(owners: Sequence[str]) -> list[Disclosure]:
    """Return what the charities above `invented_chains` of these owners say: that nobody is registrable, as such bodies do."""
    data = {"statement": "no-individual-or-entity-with-signficant-control", "notified_on": _SINCE.isoformat()}
    charities = [
        f"invented-provider-{number}-charity"
        for number in range(len(owners))
        if _SHAPES[number % len(_SHAPES)] is _charity
    ]
    found = (statement_of(uid, data) for uid in charities)
    return [replace(one, source=SOURCE) for one in found if one is not None]


def invented_operators() -> tuple[list[Entity], list[Interest]]:
    """Return two companies that run settings without registration, and the one person who owns both: for the demonstration."""
    person = Entity("invented-operator-owner", "Ivo Fell", sort="person", country="GB", source=SOURCE)
    companies = [
        Entity(f"invented-operator-{number}", name, country="GB", form="private limited company", source=SOURCE)
        for number, name in enumerate(("Fell Care Ltd", "Mere House Ltd"))
    ]
    return [person, *companies], [
        _held(person, one, share, share) for one, share in zip(companies, (1.0, 0.6), strict=True)
    ]
