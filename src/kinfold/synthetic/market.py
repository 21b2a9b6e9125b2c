"""The whole of the invented England that is shared: the councils, a sample of real postcodes, and the register of settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy

from kinfold.synthetic.calibration import calibration
from kinfold.synthetic.chance import chance_for
from kinfold.synthetic.geography import Ground
from kinfold.synthetic.settings import Register, Setting, provider_of_home
from kinfold.synthetic.world import Spot
from kinfold.terms.places import DemoAuthority, demo_authorities
from kinfold.terms.postcodes import postcode_file

INSIDE_SAMPLE, OUTSIDE_SAMPLE = 500, 120
_ALPHABET = " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_REGION_COUNCILS = 14


def councils_of(scale: str) -> Sequence[DemoAuthority]:
    """Return the invented councils of a scale: one, the fourteen of its region, or all 153."""
    every = demo_authorities()
    if scale == "council":
        return every[:1]
    if scale == "region":
        return [one for one in every if one.region == every[0].region][:_REGION_COUNCILS]
    return every


def folder_of(council: DemoAuthority) -> str:
    """Return the name of a council's folder: its code and its name, 990-quillmere."""
    slug = "".join(c if c.isalnum() else "-" for c in council.name.lower())
    return f"{council.la_code}-{slug}"


@cache
def spots_of(seed: int) -> Mapping[str, Sequence[Spot]]:
    """Return a repeatable sample of real postcodes for each real authority, by its three-digit code."""
    directory = postcode_file()
    order = numpy.argsort(directory.areas, kind="stable")
    bounds = numpy.searchsorted(directory.areas[order], numpy.arange(len(directory.districts) + 1))
    places: dict[str, list[int]] = {}
    for area, la_code in enumerate(directory.la_codes):
        if la_code is not None:
            found = order[bounds[area] : bounds[area + 1]]
            places.setdefault(la_code, []).extend(found[directory.eastings[found] > 0].tolist())
    sampled: dict[str, Sequence[Spot]] = {}
    for la_code in sorted(places):
        chance = chance_for(seed, "spots", la_code)
        positions = sorted(places[la_code])
        chosen = chance.sample(positions, min(INSIDE_SAMPLE, len(positions)))
        sampled[la_code] = [_spot(directory, position) for position in chosen]
    return sampled


def _spot(directory: object, position: int) -> Spot:
    keys, eastings, northings = (getattr(directory, name) for name in ("keys", "eastings", "northings"))
    return Spot(_postcode(int(keys[position])), float(eastings[position]), float(northings[position]), False)


def _postcode(key: int) -> str:
    characters = []
    for _ in range(7):
        key, value = divmod(key, 37)
        characters.append(_ALPHABET[value])
    text = "".join(reversed(characters))
    return f"{text[:4].rstrip()} {text[4:]}"


@cache
def register_of(seed: int) -> Sequence[Setting]:
    """Return every setting of the invented England, the same at every scale."""
    market = calibration()["market"]
    chance = chance_for(seed, "register")
    register, settings, spots = Register(chance), [], spots_of(seed)
    every = demo_authorities()
    north_west = sum(one.region == "North West" for one in every)
    total = market["homes_a_council"] * len(every)
    for number, council in enumerate(every):
        ground = spots[council.stands_on]
        share = (
            market["north_west"] / north_west
            if council.region == "North West"
            else (1 - market["north_west"]) / (len(every) - north_west)
        )
        for sort, count in (("home", round(total * share)), ("supported", 7), ("secure", number % 10 == 0)):
            for _ in range(int(count)):
                provider = provider_of_home(chance) if sort == "home" else "PR1" if sort == "secure" else None
                provider = provider or chance.choices(("PR1", "PR4", "PR5"), (12, 70, 18))[0]
                settings.append(_setting(register, sort, provider, council, chance.choice(ground)))
        for sort, provider in _agencies(number):
            settings.append(_setting(register, sort, provider, council, chance.choice(ground)))
    return settings


def _agencies(number: int) -> list[tuple[str, str]]:
    """Return the fostering and adoption agencies of the council `number`: its own, and an independent one here and there."""
    own = [("fostering", "PR1"), ("adoption", "PR1")]
    return own + [("fostering", "PR5" if number % 9 == 0 else "PR4")] * (number % 3 == 0)


_CODES = {"home": "K2", "secure": "K1", "supported": "K3", "fostering": "U1,U2,U3,U4,U5,U6", "adoption": "A3,A4,A5,A6"}


def _setting(register: Register, sort: str, provider: str, council: DemoAuthority, spot: Spot) -> Setting:
    return register.register(
        sort,
        provider=provider,
        codes=_CODES[sort],
        la_code=council.la_code,
        region=council.region,
        council=council.full_name,
        spot=spot,
    )


def ground_of(seed: int, council: DemoAuthority) -> Ground:
    """Return the ground of one council: where its children live and may be placed."""
    spots = spots_of(seed)
    inside = [Spot(s.postcode, s.easting, s.northing, True) for s in spots[council.stands_on]]
    outside = [s for la_code, sample in spots.items() if la_code != council.stands_on for s in sample[:OUTSIDE_SAMPLE]]
    return Ground(council, inside, outside, register_of(seed))
