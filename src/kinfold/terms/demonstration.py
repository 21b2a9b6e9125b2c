"""
Invented councils for demonstrations: invented names and reserved codes on real ground.

Invented facts attach only to invented bodies. Each of the 153 stands on the postcodes of one real
authority (`stands_on`), so that distances, neighbours and maps are true, and its name is no real place's.
The codes are 990 to 998 and then Z01, Z02, ...: the Department gives out neither, and 999 is left
alone because it means "not known" in the returns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from kinfold.terms.authorities import Authority, authorities
from kinfold.terms.errors import InputError

# The nine that get a code of digits lie side by side: a demonstration of one council or of one region uses these.
_FIRST_NINE = ("330", "331", "332", "333", "334", "335", "336", "937", "860")

# fmt: off
_BEGINNINGS = [
    "Quill", "Brindle", "Wren", "Fenna", "Tarn", "Sorrel", "Bramble", "Kestrel", "Linnet", "Pennow", "Rushen", "Saffer",
    "Teasel", "Umber", "Vesper", "Yarrow", "Cinder", "Drum", "Ember", "Feather", "Gossam", "Juniper", "Larkin",
    "Mallow", "Nettle", "Osier",
]
_ENDINGS = [
    "mere", "combe", "wold", "holt", "stead", "garth", "haven", "leigh", "thorpe", "fold", "worth", "croft", "marsh",
    "beck", "ridge", "water", "gate",
]
# fmt: on
_STYLES = {
    "County": "{} County Council",
    "London borough": "London Borough of {}",
    "City corporation": "{} Corporation",
    "Metropolitan district": "{} Metropolitan Borough Council",
    "Unitary authority": "{} Council",
}


@dataclass(frozen=True, slots=True)
class DemoAuthority:
    """One invented council. `stands_on` is the code of the real authority whose ground and postcodes it has."""

    la_code: str
    name: str
    full_name: str
    region: str
    kind: str
    stands_on: str

    @property
    def la_prefix(self) -> str:
        """Return three digits for numbers that need them, such as a pupil number: the code, or 999 for a Z code."""
        return self.la_code if self.la_code.isdigit() else "999"


@cache
def demo_authorities() -> Sequence[DemoAuthority]:
    """Return the 153 invented councils, one for each real authority, always the same and in order of code."""
    real = {found.la_code: found for found in authorities()}
    ordered = [real[code] for code in _FIRST_NINE] + [found for code, found in real.items() if code not in _FIRST_NINE]
    return tuple(_invented(number, ground) for number, ground in enumerate(ordered))


def _invented(number: int, ground: Authority) -> DemoAuthority:
    name = _name(number)
    return DemoAuthority(
        la_code=str(990 + number) if number < len(_FIRST_NINE) else f"Z{number - len(_FIRST_NINE) + 1:02}",
        name=name,
        full_name=_STYLES[ground.kind].format(name),
        region=ground.region,
        kind=ground.kind,
        stands_on=ground.la_code,
    )


def _name(number: int) -> str:
    """Return the name of an invented council. 26 beginnings and 17 endings share no factor: none recurs before 442."""
    return _BEGINNINGS[number % len(_BEGINNINGS)] + _ENDINGS[number % len(_ENDINGS)]


@cache
def _by_code() -> Mapping[str, DemoAuthority]:
    return {found.la_code: found for found in demo_authorities()}


def demo_authority(la_code: str) -> DemoAuthority:
    """Return the invented council with this code. Raises InputError if there is none."""
    try:
        return _by_code()[la_code]
    except KeyError:
        raise InputError(f"{la_code} is not the code of an invented council: 990 to 998, or Z01 to Z144") from None


def is_demo_code(la_code: str) -> bool:
    """Return whether a code is reserved for invented councils."""
    return la_code in _by_code()
