"""
Invented registers and queries with the truth known: what the weights learn from, and what they are measured by.

The hard cases are made on purpose: twins, brothers and sisters who are not in the register, and strangers of one
name; and every way in which two records of a child come to differ. A seed gives the same people every time.
Training, calibration and test take different seeds and different stocks of names.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

import polars as pl

from kinfold.identity.names import name_of
from kinfold.identity.spoiling import ERRORS, Spoiler

# Of a hundred families, how many are named from each list of the stock of names.
ORIGINS = {
    "british": 62, "irish": 4, "eastern_european": 6, "pakistani": 6, "indian": 5, "bangladeshi": 3, "west_african": 4,
    "caribbean": 2, "somali": 2, "arabic": 2, "chinese": 1, "tamil": 1, "vietnamese": 1, "kurdish": 1,
}  # fmt: skip
CHILDREN_IN_FAMILY = (1, 1, 1, 2, 2, 2, 2, 3, 3, 4)
TWINS_SHARE = 0.016
# Who asks and is not in the register: a twin, a brother or sister, a stranger of one name, somebody who has nothing of it.
KINDS = ("twin", "sibling", "stranger", "absent")
CHILDREN_TO_A_POSTCODE = 7
_AREAS = "AL B BA BB BD BH BL BN BR BS CB CF CH CR CV DE DH DN E EN EX GL GU HD HP HU IP L LE LN LS M ME MK N NE NG NN NR OL OX PE PL PO PR RG S SE SK SO SR ST SW TN TS W WA WF WN WV YO".split()  # noqa: SIM905
_INWARD = "ABDEFGHJLNPQRSTUWXYZ"
_UNITS = [one + two for one in _INWARD for two in _INWARD]
_STREETS = "High Church Station Mill Park Victoria Green Albert Manor Queens Kings School North South Chapel York Grange Springfield Alexandra Windsor Stanley Broad Bridge Cross Meadow Orchard Hill Woodland Elm Oak Beech Cedar Maple Poplar Rowan Willow Hazel Ash Birch".split()  # noqa: SIM905
_ROADS = ("Road", "Street", "Lane", "Close", "Avenue", "Drive", "Way", "Gardens")
_BEGINNINGS = "Ash Black Brad Bram Brig Burn Car Chad Clay Cole Cran Dal Den East Elling Fair Farn Gains Hal Hart Haw Hey Hol Hors Kel Kirk Lang Led Lind Mars Mel Mid Nor Oak Pen Pres Rad Red Rod Ruth Sal Sed Shel Stain Sut Thorn Tun Wake Wal Wen Whit Wil Wood Wool Wrigh Yar".split()  # noqa: SIM905
_ENDINGS = "well ton ham ley worth field ford den by wick bury stead combe shaw more gate croft bridge land son man er house ing stone brook".split()  # noqa: SIM905
_SYLLABLES = "a ba da fa ga ha ja ka la ma na ra sa ta wa ya bi di ki li mi ni ri si ti bo do ko lo mo no ro so to bu du ku lu mu nu ru su tu che sha kha dee een ai ou".split()  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class NameStock:
    """The names of one origin, with the running totals of how common each is."""

    girls: Sequence[str]
    boys: Sequence[str]
    families: Sequence[str]
    girl_totals: Sequence[float]
    boy_totals: Sequence[float]
    family_totals: Sequence[float]


@dataclass(slots=True)
class Child:
    """One invented child, as the register has them."""

    number: int
    given: str
    middle: str
    family: str
    born: date
    sex: str
    postcode: str
    previous: str
    address: str
    nhs: str
    origin: str
    household: int


@dataclass(frozen=True, slots=True)
class World:
    """A register and queries against it. `queries` has also `truth`, `kind`, `errors` and `origin`."""

    register: pl.DataFrame
    queries: pl.DataFrame


@dataclass(slots=True)
class Plan:
    """
    How large a world to invent, and of what sort. `wide` adds the long tail of rare names;
    `errors` says how many times as many errors as `ERRORS` there are, and `area_codes` gives four digits for a district where
    a postcode would stand, as in other countries. `among_absent` says how many of those who are absent are twins,
    brothers and sisters, strangers of one name and nobody's, in the order of `KINDS`; as many of each where it says nothing.
    """

    people: int
    queries: int
    seed: int
    wide: bool = True
    absent: float = 0.2
    errors: float = 1.0
    columns: tuple[str, ...] = ("sex", "postcode", "postcode_prev", "address", "nhs", "middle")
    duplicates: float = 0.0
    area_codes: bool = False
    among_absent: tuple[float, ...] = ()


def stock_from(path: Path, *, wide: bool, seed: int) -> dict[str, NameStock]:
    """Return the stock of names in a file like `synthetic/names.toml`, with a tail of invented ones, long if `wide`."""
    with path.open("rb") as file:
        lists: dict[str, dict[str, str]] = tomllib.load(file)["lists"]
    chance = Random(seed)  # noqa: S311 - invented people need a repeatable generator, not a secret one
    return {origin: _stock(lists[origin], origin, chance, wide=wide) for origin in ORIGINS if origin in lists}


def _stock(names: Mapping[str, str], origin: str, chance: Random, *, wide: bool) -> NameStock:
    girls, boys, families = (names[key].split() for key in ("F", "M", "surnames"))
    tail = (3_000, 400) if wide else (300, 60)
    families = families + _tail(families, origin, chance, tail[0] if origin == "british" else tail[1])
    if wide:
        girls = girls + [_variant(chance.choice(girls), chance) for _ in range(len(girls) * 2)]
        boys = boys + [_variant(chance.choice(boys), chance) for _ in range(len(boys) * 2)]
    return NameStock(girls, boys, families, _totals(girls), _totals(boys), _totals(families))


def _tail(families: Sequence[str], origin: str, chance: Random, size: int) -> list[str]:
    if origin in ("british", "irish", "caribbean"):
        made = {chance.choice(_BEGINNINGS) + chance.choice(_ENDINGS) for _ in range(size)}
    else:
        made = {"".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))).title() for _ in range(size)}
    return sorted(made - set(families))


def _variant(name: str, chance: Random) -> str:
    ending = chance.choice(("a", "e", "ie", "ah", "yn", "leigh", "i", "o", "an", "en"))
    return name[: max(2, len(name) - chance.randint(0, 2))] + ending


def _totals(names: Sequence[str]) -> list[float]:
    # names fall off roughly as one over their rank; the first few less steeply
    return list(accumulate(1 / (rank + 8) for rank in range(len(names))))


class Inventor:
    """Invents households, one after another."""

    def __init__(self, plan: Plan, stock: Mapping[str, NameStock]) -> None:
        self.plan = plan
        self.stock = stock
        self.chance = Random(plan.seed)  # noqa: S311 - as above
        self.origins = list(stock)
        self.origin_totals = list(accumulate(ORIGINS[origin] for origin in self.origins))
        if plan.area_codes:
            self.postcodes = [str(code) for code in range(1000, 1000 + min(8_999, max(20, plan.people // 100)))]
        else:
            self.postcodes = self._postcodes(max(20, plan.people // CHILDREN_TO_A_POSTCODE))
        self.number = 0
        self.household = 0

    def _postcodes(self, many: int) -> list[str]:
        """Return postcodes as they are: some dozens to a sector and some sectors to a district, so that neighbours look alike."""
        chance = self.chance
        found: dict[str, None] = {}
        while len(found) < many:
            outward = f"{chance.choice(_AREAS)}{chance.randint(1, 28)}"
            for sector in chance.sample(range(10), chance.randint(2, 6)):
                units = chance.sample(_UNITS, chance.randint(20, 100))
                found |= dict.fromkeys(f"{outward} {sector}{unit}" for unit in units)
        return list(found)[:many]

    def given(self, origin: str, sex: str) -> str:
        """Return a given name of this origin."""
        stock = self.stock[origin]
        names, totals = (stock.girls, stock.girl_totals) if sex == "F" else (stock.boys, stock.boy_totals)
        return self.chance.choices(names, cum_weights=totals)[0]

    def surname(self, origin: str) -> str:
        """Return a family name of this origin; one in twenty-five is double-barrelled."""
        stock = self.stock[origin]
        names = self.chance.choices(stock.families, cum_weights=stock.family_totals, k=2)
        return "-".join(names) if self.chance.random() < 0.04 and names[0] != names[1] else names[0]

    def place(self) -> tuple[str, str]:
        """Return a postcode and an address in it."""
        chance = self.chance
        address = f"{chance.randint(1, 180)} {chance.choice(_STREETS)} {chance.choice(_ROADS)}"
        return chance.choice(self.postcodes), address

    def birth(self) -> date:
        """Return a day of birth of somebody between 0 and 24."""
        return date(2001, 1, 1) + timedelta(days=self.chance.randrange(24 * 365))

    def family(self) -> list[Child]:
        """Return the children of one household."""
        chance = self.chance
        origin = chance.choices(self.origins, cum_weights=self.origin_totals)[0]
        surname, (postcode, address) = self.surname(origin), self.place()
        previous = self.place()[0] if chance.random() < 0.3 else ""
        self.household += 1
        children: list[Child] = []
        for _ in range(chance.choice(CHILDREN_IN_FAMILY)):
            twin = bool(children) and chance.random() < TWINS_SHARE * 2
            born = children[-1].born if twin else self.birth()
            taken = {child.given for child in children}
            children.append(self.child(origin, surname, born, (postcode, previous, address), taken))
        return children

    def child(self, origin: str, surname: str, born: date, place: tuple[str, str, str], taken: set[str]) -> Child:
        """Return one child of a household, with a given name that no brother or sister has."""
        chance = self.chance
        sex = chance.choice("FM")
        given = self.given(origin, sex)
        for _ in range(40):
            if not _is_taken(given, taken):
                break
            given = self.given(origin, sex)
        middles = [self.given(origin, sex) for _ in range(chance.choice((0, 0, 1, 1, 1, 1, 2)))]
        self.number += 1
        return Child(
            self.number, given, " ".join(middles), surname, born, sex, place[0], place[1], place[2],
            _nhs(chance), origin, self.household,
        )  # fmt: skip


def _is_taken(given: str, taken: set[str]) -> bool:
    """Return whether a brother or sister has this name, or a form of it: nobody has both a Grace and a Gracie."""
    roots = name_of(given.lower()).roots
    return any(roots & name_of(other.lower()).roots for other in taken)


def _nhs(chance: Random) -> str:
    while True:
        nine = f"9{chance.randrange(10**8):08d}"
        check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(nine)) % 11
        if check != 10:
            return f"{nine}{0 if check == 11 else check}"


def invent(plan: Plan, stock: Mapping[str, NameStock]) -> World:
    """
    Return a register of `plan.people` children and `plan.queries` queries against it.

    `truth` is the register's number of the child, or "" for one of the share `absent`, of the kinds `among_absent`.
    """
    inventor = Inventor(plan, stock)
    children: list[Child] = []
    while len(children) < plan.people:
        children.extend(inventor.family())
    del children[plan.people :]
    spoiler = Spoiler(inventor, plan.errors)
    households: dict[int, set[str]] = defaultdict(set)
    for child in children:
        households[child.household].add(child.given)
    rows = [_query(children, households, inventor, spoiler, plan) for _ in range(plan.queries)]
    columns = ["unique_id", "given", "family", "dob", *plan.columns]
    register = _register(children, columns)
    queries = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String)) if rows else pl.DataFrame()
    if len(queries):
        queries = queries.with_columns(pl.format("Q{}", pl.int_range(pl.len())).alias("unique_id"))
        queries = queries.select([*columns, "truth", "kind", "errors", "origin"])
    return World(register, queries)


def duplicated(plan: Plan, stock: Mapping[str, NameStock]) -> pl.DataFrame:
    """Return a file of `plan.people` rows of whom the share `duplicates` are second records; `truth` says of whom."""
    inventor = Inventor(plan, stock)
    first = round(plan.people * (1 - plan.duplicates))
    children: list[Child] = []
    while len(children) < first:
        children.extend(inventor.family())
    del children[first:]
    spoiler = Spoiler(inventor, plan.errors)
    rows = [{**_row(child), "truth": str(child.number)} for child in children]
    for _ in range(plan.people - first):
        child = inventor.chance.choice(children)
        spoilt, _ = spoiler.spoilt(_row(child), child.origin)
        rows.append({**spoilt, "truth": str(child.number)})
    inventor.chance.shuffle(rows)
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String))
    return frame.with_columns(pl.format("D{}", pl.int_range(pl.len())).alias("unique_id"))


def _register(children: Sequence[Child], columns: Sequence[str]) -> pl.DataFrame:
    rows = [_row(child) for child in children]
    return pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String)).select(columns)


def _row(child: Child) -> dict[str, str]:
    return {
        "unique_id": f"R{child.number}",
        "given": child.given,
        "middle": child.middle,
        "family": child.family,
        "dob": child.born.isoformat(),
        "sex": child.sex,
        "postcode": child.postcode,
        "postcode_prev": child.previous,
        "address": child.address,
        "nhs": child.nhs if child.number % 10 else "",
    }


def _query(
    children: Sequence[Child], households: Mapping[int, set[str]], inventor: Inventor, spoiler: Spoiler, plan: Plan
) -> dict[str, str]:
    chance = inventor.chance
    child = chance.choice(children)
    row = _row(child)
    kind, truth = "true", row["unique_id"]
    if chance.random() < plan.absent:
        shares = plan.among_absent
        kind, truth = (chance.choices(KINDS, weights=shares)[0] if shares else chance.choice(KINDS)), ""
        row = _absent(kind, child, households[child.household], inventor)
    spoilt, errors = spoiler.spoilt(row, child.origin)
    return {**spoilt, "truth": truth, "kind": kind, "errors": " ".join(errors), "origin": child.origin}


def _absent(kind: str, child: Child, taken: set[str], inventor: Inventor) -> dict[str, str]:
    """Return somebody who is not in the register: of `child`'s household, of `child`'s name, or of nobody's."""
    chance = inventor.chance
    if kind == "absent":
        return _row(inventor.family()[0])
    born = child.born if kind == "twin" else inventor.birth()
    place = (child.postcode, child.previous, child.address)
    if kind == "stranger":
        postcode, address = inventor.place()
        place = (postcode, "", address)
    other = inventor.child(child.origin, child.family, born, place, taken)
    if kind == "twin" and chance.random() < 0.15:
        # parents who like names alike: the second begins as the first does
        for _ in range(60):
            name = inventor.given(child.origin, other.sex)
            if name[:1] == child.given[:1] and not _is_taken(name, taken):
                other.given = name
                break
    if kind == "stranger":
        other.given, other.sex = child.given, child.sex
    return _row(other)


__all__ = ["ERRORS", "Child", "Inventor", "NameStock", "Plan", "World", "duplicated", "invent", "stock_from"]
