"""
Cost, fee and margin from a placement to the group, screens for profit under another name, and a cap tried on a return.

A cap's saving is never given by itself: first whether the provider could go on, then what its exit would cost and what fewer
places would, and only then what would be left. Level, form and base are left to regulations (Care Standards Act 2000, s.30ZK).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kinfold.market.policy import Pack
from kinfold.market.profit import WEEKS_IN_A_YEAR, Adjustments, Cap, Effect, Provider, effect_of, profit_bases
from kinfold.terms.errors import InputError

Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Level:
    """Children and money of one level: fees and costs in pounds a week for a child; None where they are not known."""

    name: str
    children: int
    fee: float | None
    cost: float | None

    @property
    def margin(self) -> float | None:
        """Return profit as a share of the fee; None where either is not known."""
        return None if self.fee is None or self.cost is None or not self.fee else 1 - self.cost / self.fee


def home_levels(said: Said) -> list[Level]:
    """Return each home of a return: its mean fee a week by the sheet of placements, its cost a child and week by the sheet of homes."""
    fees: dict[str, list[float]] = {}
    for one in said.get("placements", ()):
        if one["fee"] is not None:
            fees.setdefault(one["urn"], []).append(one["fee"])
    return [
        Level(
            home["urn"], home["children"], _mean(fees.get(home["urn"], [])),
            home["costs"] / WEEKS_IN_A_YEAR / home["children"] if home.get("costs") is not None and home["children"] else None,
        )
        for home in said.get("homes", ())
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Placement:
    """One placement of a return: its home, the council that placed, its fee a week, and what a child and week cost in that home."""

    urn: str
    council: str
    level: Level


def placement_levels(said: Said) -> list[Placement]:
    """Return every placement of a return, the dearest first; its cost is its home's for a child and week, as nobody tells a child's own."""
    costs = {one.name: one.cost for one in home_levels(said)}
    found = [
        Placement(one["urn"], str(one["council"]), Level(one["urn"], 1, one["fee"], costs.get(one["urn"])))
        for one in said.get("placements", ())
    ]
    return sorted(found, key=lambda one: (-(one.level.fee or 0), one.urn, one.council))


def company_levels(said: Said, owners: Mapping[str, str]) -> list[Level]:
    """
    Return each company of a group (`owners`: its name by number of a home): the means of its homes, each counted by its children.

    A mean is None where a home with children does not say the fee or the cost. Homes that the register does not know are left out.
    """
    parts: dict[str, list[Level]] = {}
    for one in home_levels(said):
        if one.name in owners:
            parts.setdefault(owners[one.name], []).append(one)
    return [
        Level(name, sum(one.children for one in homes), _weighed(homes, "fee"), _weighed(homes, "cost"))
        for name, homes in sorted(parts.items())
    ]


def _weighed(homes: Sequence[Level], part: str) -> float | None:
    lived_in = [one for one in homes if one.children]
    values = [getattr(one, part) for one in lived_in]
    if not lived_in or None in values:
        return None
    return float(
        sum(value * one.children for value, one in zip(values, lived_in, strict=True))
        / sum(one.children for one in lived_in)
    )


def group_level(said: Said) -> Level:
    """
    Return the whole group's children's homes: their turnover and their share of all costs, a child and week.

    Costs are shared out by turnover where homes are one segment of several. Unknown where no child lives in its homes.
    """
    figures, children = said["figures"], sum(one["children"] for one in said.get("homes", ()))
    turnover = figures["turnover"]
    homes = said.get("segments", {}).get("homes", turnover)
    if not children or not turnover:
        return Level("The group", children, None, None)
    costs = figures["operating_costs"] + figures.get("rent", 0.0) + figures.get("depreciation", 0.0)
    weeks = children * WEEKS_IN_A_YEAR
    return Level("The group", children, homes / weeks, costs * homes / turnover / weeks)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def adjustments_of(figures: Mapping[str, float], pack: Pack) -> Adjustments:
    """Return what is added back to operating profit: what goes to owners above what a stranger would ask."""
    got = figures.get
    interest = got("related_party_interest", 0.0) - got("related_party_debt", 0.0) * pack["market_interest"]
    rent = got("related_party_rent", 0.0) - figures["market_rent"] if "market_rent" in figures else 0.0
    return Adjustments(
        related_party_interest_above_market=max(interest, 0.0), related_party_rent_above_market=max(rent, 0.0),
        management_fees=got("management_fees", 0.0), goodwill_amortisation=got("goodwill_amortisation", 0.0),
        owners_pay_above_market=max(got("owners_pay", 0.0) - pack["owners_market_pay"], 0.0),
    )  # fmt: skip


def bases_of(figures: Mapping[str, float], pack: Pack) -> Mapping[str, float | None]:
    """Return profit on each base, side by side. Raises InputError where turnover or costs are missing."""
    got = figures.get
    if "turnover" not in figures or "operating_costs" not in figures:
        raise InputError("Profit needs turnover and operating costs. Ask the provider for them.")
    return profit_bases(
        turnover=figures["turnover"], operating_costs=figures["operating_costs"], rent=got("rent", 0.0), depreciation=got("depreciation", 0.0),
        interest=got("interest", 0.0), adjustments=adjustments_of(figures, pack),
        tangible_assets=got("fixed_assets", 0.0) - got("intangible_assets", 0.0),
        working_capital=got("current_assets", 0.0) - got("short_term_liabilities", 0.0),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Screen:
    """One question about profit under another name: the value, from where it is looked at, and whether it is; None: cannot be told."""

    what: str
    value: float | None
    limit: float
    unit: str
    because: str

    @property
    def raised(self) -> bool | None:
        """Return whether it is to be looked at, None where figures are missing."""
        return None if self.value is None else self.value >= self.limit


def screens(
    figures: Mapping[str, float], before: Said | None, segments: Mapping[str, float], pack: Pack
) -> list[Screen]:
    """Return every screen of a return; `before` is the return of an earlier period, for what has grown since."""
    then = before["figures"] if before else {}
    got = figures.get
    earnings = got("turnover", 0.0) - got("operating_costs", 0.0) - got("rent", 0.0)
    elsewhere, was = (_elsewhere(one, pack) for one in (segments, before.get("segments", {}) if before else {}))
    return [
        Screen("Rent to related parties over a valuation", _over(got("related_party_rent"), got("market_rent")), pack["screen_rent"], "times",
               "Profit can leave as rent."),
        Screen("Payments to related parties, of earnings", _over(got("related_party_payments"), earnings), pack["screen_related"], "share",
               "Profit can leave as charges."),
        Screen("Payments to related parties against the return before", _over(got("related_party_payments"), then.get("related_party_payments")),
               pack["screen_jump"], "times", "A jump after a cap was announced is what the Act’s test of main purpose asks about."),
        Screen("Pay of owners against the return before", _over(got("owners_pay"), then.get("owners_pay")), pack["screen_jump"], "times",
               "Profit can leave as pay."),
        Screen("Borrowings owed to related parties", _over(got("related_party_debt"), got("debt")), pack["screen_debt"], "share",
               "Debt pushed down to the provider turns profit into interest."),
        Screen("Growth of the share of turnover outside what a cap covers", None if elsewhere is None or was is None else elsewhere - was,
               pack["screen_shift"], "share", "Costs and prices can be moved to segments without a cap."),
    ]  # fmt: skip


def _elsewhere(segments: Mapping[str, float], pack: Pack) -> float | None:
    """Return the share of turnover outside the segments that a cap covers (s.30ZK); None without any."""
    whole = sum(segments.values())
    return None if not whole else 1 - sum(segments.get(one, 0.0) for one in pack["cap_segments"]) / whole


def _over(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole or whole < 0 else part / whole


@dataclass(frozen=True, slots=True)
class Tried:
    """
    A cap tried on a return, in the order in which it must be read: `effect` (viability first), `exit_cost` in the first year where the
    provider may go, `fewer` children's places by the supply response with what moving them costs, and only then `left` in pounds a year.
    """

    cap: Cap
    effect: Effect
    fewer: float
    supply_cost: float
    left: float


def tried(said: Said, cap: Cap, *, least_cover: float, exit_cost: float, move_cost: float, elasticity: float) -> Tried:
    """
    Return what a cap would do to a return's provider.

    `elasticity` is how many in a hundred places go for each one in a hundred off the price, 0 to -0.6. Raises InputError where fee or cost
    of a child and week are not known.
    """
    level, figures = group_level(said), said["figures"]
    if level.fee is None or level.cost is None:
        raise InputError(
            "A cap needs children in homes, turnover and costs. Ask the provider for a return with its homes filled in."
        )
    if not -1 <= elasticity <= 0:
        raise InputError("The supply response is from 0 (no place goes) to -1.")
    weeks = level.children * WEEKS_IN_A_YEAR
    debt = max(figures.get("debt", 0.0), 0.0)
    rate = figures.get("interest", 0.0) / debt if debt else 0.0
    provider = Provider(level.fee, level.cost, weeks, debt, rate)
    # who cannot go on already does not close because of a cap that changes nothing
    binds = cap.price_for(level.cost) < level.fee
    effect = effect_of(cap, provider, least_cover=least_cover, exit_cost=exit_cost if binds else 0.0)
    fewer = level.children * -elasticity * (1 - effect.price / level.fee)
    supply_cost = fewer * move_cost
    return Tried(cap, effect, fewer, supply_cost, effect.net_saving - supply_cost)
