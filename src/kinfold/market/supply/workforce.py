"""
Those who work in children's homes, as a yearly census asks it: the manager, qualifications, vacancies and turnover, home by home.

No layout of the Department's census was at hand: this one is the project's own, with counts of people and no person. Rates:

- vacancy: posts that are vacant, of all posts (staff and vacant posts);
- turnover: staff who left in the twelve months, of the staff in the middle (those on the day, and those a year before, halved);
- qualified: staff with the Level 3 Diploma for residential childcare, of all staff;
- agency: agency workers, of staff and agency workers together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kinfold.market.policy import Pack
from kinfold.market.supply.sheet import Field, Filled, FilledRow, Refusal

FIELDS = (
    Field("urn", "Home (URN)", "urn", needed=True), Field("day", "Census day", "day", needed=True),
    Field("manager", "Manager in post?", "yes_no", needed=True), Field("manager_registered", "Manager registered?", "yes_no"),
    Field("manager_since", "Manager since", "day"), Field("manager_qualified", "Manager has Level 5?", "yes_no", about="Diploma in leadership and management for residential childcare, or its equal."),
    Field("staff", "Care staff in post", "number", needed=True, about="People, not hours; without agency workers and the manager."),
    Field("level_3", "Of them with Level 3", "number", needed=True, about="Diploma for residential childcare, or its equal."),
    Field("studying", "Of them working towards it", "number"), Field("vacant", "Vacant posts", "number", needed=True),
    Field("joined", "Joined in twelve months", "number", needed=True), Field("left", "Left in twelve months", "number", needed=True),
    Field("agency", "Agency workers on the day", "number"),
)  # fmt: skip
COUNTS = ("staff", "level_3", "studying", "vacant", "joined", "left", "agency")


def checked(file: Filled, *, today: date, own: Iterable[str] | None, known: Iterable[str]) -> Filled:
    """
    Return a file with what does not fit together in its rows put to what must be put right.

    `own` are the numbers that whoever sends it may speak for (None: all), `known` those of the register.
    """
    refusals, seen = list(file.refusals), dict[tuple[str, str], int]()
    mine, registered = (set(own) if own is not None else None), set(known)
    for row in file.rows:
        for name, message in _faults(row.said, today):
            refusals.append(Refusal(file.name, row.number, _heading(name), message))
        urn, day = str(row.said.get("urn", "")), str(row.said.get("day", ""))
        if urn and mine is not None and urn not in mine:
            refusals.append(Refusal(file.name, row.number, _heading("urn"), f"{urn} is not one of your homes."))
        elif urn and urn not in registered:
            refusals.append(
                Refusal(
                    file.name,
                    row.number,
                    _heading("urn"),
                    f"{urn} is no children’s home of the register. Correct the number.",
                )
            )
        if urn and (urn, day) in seen:
            refusals.append(
                Refusal(
                    file.name,
                    row.number,
                    _heading("urn"),
                    f"{urn} stands in row {seen[urn, day]} already. Leave one row for each home.",
                )
            )
        seen.setdefault((urn, day), row.number)
    return Filled(file.name, file.rows, tuple(refusals), file.unread)


def _heading(name: str) -> str:
    return next(one.heading for one in FIELDS if one.name == name)


def _faults(said: Mapping[str, Any], today: date) -> list[tuple[str, str]]:
    """Return what does not fit in one row, by field, with what to do."""
    found: list[tuple[str, str]] = []
    if said.get("day") and date.fromisoformat(said["day"]) > today:
        found.append(("day", "The census day is still to come. Enter one that has been."))
    staff, known = said.get("staff"), {name: said.get(name) or 0 for name in COUNTS}
    if staff is not None and known["level_3"] + known["studying"] > staff:
        found.append(
            (
                "level_3",
                f"{known['level_3']} with Level 3 and {known['studying']} working towards it are more than {staff} staff. Correct one of them.",
            )
        )
    if staff is not None and known["joined"] > staff + known["left"]:
        found.append(
            (
                "joined",
                f"{known['joined']} joined and {known['left']} left, which leaves more than {staff} staff. Correct one of them.",
            )
        )
    if said.get("manager") is False:
        found += [(name, "There is no manager in post. Leave this empty, or say that there is one.")
                  for name in ("manager_since", "manager_registered", "manager_qualified") if said.get(name)]  # fmt: skip
    if said.get("manager_since") and said.get("day") and said["manager_since"] > said["day"]:
        found.append(("manager_since", "This is after the census day. Correct one of the two days."))
    return found


@dataclass(frozen=True, slots=True)
class Home:
    """What was said of one home on a census day, with its owner's group, region and sector as the register has them."""

    urn: str
    name: str
    group: str
    owner: str
    region: str
    sector: str
    said: Mapping[str, Any]

    @property
    def day(self) -> date:
        """Return the census day."""
        return date.fromisoformat(self.said["day"])


@dataclass(frozen=True, slots=True)
class Summed:
    """Homes summed: how many, how many have a manager, a registered and a qualified one, and their counts of staff."""

    name: str
    homes: int
    managers: int
    registered: int
    qualified: int
    counts: Mapping[str, int]

    @property
    def manager_share(self) -> float | None:
        """Return the share of homes with a manager in post."""
        return _share(self.managers, self.homes)

    @property
    def qualified_share(self) -> float | None:
        """Return the share of staff with Level 3."""
        return _share(self.counts["level_3"], self.counts["staff"])

    @property
    def vacancy(self) -> float | None:
        """Return the share of posts that are vacant."""
        return _share(self.counts["vacant"], self.counts["staff"] + self.counts["vacant"])

    @property
    def turnover(self) -> float | None:
        """Return staff who left in the twelve months over the staff in the middle of them."""
        before = self.counts["staff"] - self.counts["joined"] + self.counts["left"]
        return _share(2 * self.counts["left"], self.counts["staff"] + before)

    @property
    def agency(self) -> float | None:
        """Return agency workers as a share of all who work there."""
        return _share(self.counts["agency"], self.counts["staff"] + self.counts["agency"])


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole > 0 else None


def summed(name: str, homes: Sequence[Home]) -> Summed:
    """Return homes summed."""
    said = [one.said for one in homes]

    def having(field: str) -> int:
        return sum(bool(one.get(field)) for one in said)

    counts = {field: sum(int(one.get(field) or 0) for one in said) for field in COUNTS}
    return Summed(
        name, len(homes), having("manager"), having("manager_registered"), having("manager_qualified"), counts
    )


def by(field: str, homes: Iterable[Home]) -> list[Summed]:
    """Return homes summed by a field of theirs (group, region or sector), in order of name."""
    parts: dict[str, list[Home]] = {}
    for one in homes:
        parts.setdefault(str(getattr(one, field)), []).append(one)
    return [summed(name, some) for name, some in sorted(parts.items())]


def to_look_at(home: Home, policy: Pack) -> list[str]:
    """Return what the regulations ask that a home's answer does not meet; a reason to ask, and no finding."""
    said, found = home.said, []
    if not said.get("manager"):
        found.append("No manager in post")
    elif said.get("manager_registered") is False:
        found.append("Manager not registered")
    years = int(policy["workforce_manager_years"])
    since = said.get("manager_since")
    if (
        said.get("manager_qualified") is False
        and since
        and (home.day - date.fromisoformat(since)).days > years * 365.25
    ):
        found.append(f"Manager without Level 5 after {years} years")
    return found


def rows_from(filled: Sequence[FilledRow]) -> list[tuple[str, dict[str, Any]]]:
    """Return what each row says, by the number of its home."""
    return [
        (str(row.said["urn"]), {name: value for name, value in row.said.items() if name != "urn"}) for row in filled
    ]
