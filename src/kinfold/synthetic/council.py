"""One invented council: its children in care and in need, its families, its movers and its workers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kinfold.synthetic.calibration import calibration
from kinfold.synthetic.chance import Weights, chance_for
from kinfold.synthetic.children import Nursery
from kinfold.synthetic.cutting import known_by
from kinfold.synthetic.days import birthday, working_day_on_or_after
from kinfold.synthetic.in_care import care_period_of, health_years, leaver_contacts
from kinfold.synthetic.market import ground_of
from kinfold.synthetic.movers import movers_into, movers_out
from kinfold.synthetic.need import Numbers, Outline, lead_into_care, outlines_of, referral_into_care, referral_of
from kinfold.synthetic.pathways import Pathway, band_at, draw_pathway, outline
from kinfold.synthetic.window import Window
from kinfold.synthetic.workers import Workforce
from kinfold.synthetic.world import CarePeriod, Child, Council, Referral
from kinfold.terms.places import DemoAuthority

_CLOSED = {"E11": "RC1", "E12": "RC1", "E2": "RC2", "E41": "RC3", "E45": "RC4", "E46": "RC4", "E47": "RC4", "E48": "RC4",
           "E3": "RC5", "E7": "RC6"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """How many distinct children a council's files carry in care and in need."""

    in_care: int
    in_need: int
    movers: int


def sizes_of(scale: str, councils: Sequence[DemoAuthority], seed: int) -> list[Size]:
    """Return the size of each council of a scale; together they make the scale's, and each differs from the next."""
    total = calibration()["sizes"][scale]
    chance = chance_for(seed, "sizes", scale)
    shares = [1.0 if len(councils) == 1 else chance.uniform(0.5, 1.5) for _ in councils]
    whole = sum(shares)
    movers = round(total["in_need"] / len(councils) * calibration()["moves_between_councils"]["share_of_children"])
    return [Size(round(total["in_care"] * s / whole), round(total["in_need"] * s / whole), movers) for s in shares]


class CouncilMaker:
    """Makes one council. Everything depends on the seed and the council's code alone."""

    def __init__(
        self,
        seed: int,
        council: DemoAuthority,
        size: Size,
        window: Window,
        beside: tuple[DemoAuthority, DemoAuthority] | None,
    ) -> None:
        self.seed, self.council, self.size, self.window, self.beside = seed, council, size, window, beside
        self.chance = chance_for(seed, "council", council.la_code)
        self.ground = ground_of(seed, council)
        self.numbers = Numbers(council.la_code)
        self.nursery = Nursery(seed, council, self.ground, window.today)
        self._again = Weights({"yes": calibration()["outcome"]["returns_to_care"], "no": 1})

    def make(self) -> Council:
        """Return the council with its whole history up to the window's last day."""
        children = self._in_care()
        need_count = sum(self._in_need_window(child) for child in children)
        children += self._moved(children)
        children += self._in_need(max(self.size.in_need - need_count, 0))
        children += self._adopted_again(children)
        kept = [child for child in children if known_by(child, self.window.today)]
        workforce = self._allocate(kept)
        population = round(self.size.in_care * calibration()["population"]["stock_of_distinct"]
                           / calibration()["population"]["in_care_per_10000"] * 10000)  # fmt: skip
        return Council(
            self.council.la_code, self.council.name, self.council.region, kept,
            [*workforce.workers, *workforce.advisers], workforce.teams, population, workforce.posts(),
        )  # fmt: skip

    def _in_need_window(self, child: Child) -> bool:
        first, last = self.window.need_from, self.window.last
        return any(r.made <= last and (r.closed or r.made) >= first for r in child.referrals)

    # -- children in care

    def _in_care(self) -> list[Child]:
        """Return children until the window holds as many in care as wanted, with the care leavers of the years before."""
        children: list[Child] = []
        counted = 0
        first = self.window.first - 18 * 366
        while counted < self.size.in_care:
            start = first + int(self.chance.random() * (self.window.today - first + 1))
            path = draw_pathway(self.chance, start)
            if path.end <= self.window.first and not self._leaver_in_window(path):
                continue
            for child in self._children_into_care(path):
                children.append(child)
                counted += any(
                    p.start <= self.window.last and (p.end or self.window.last) >= self.window.first for p in child.care
                )
        return children

    def _leaver_in_window(self, path: Pathway) -> bool:
        sixteen, leaves = birthday(path.birth, 16), birthday(path.birth, 21)
        return (
            path.end > sixteen
            and path.end - path.start > 91
            and leaves >= self.window.first
            and path.outcome == "stays"
        )

    def _children_into_care(self, path: Pathway) -> list[Child]:
        if path.unaccompanied:
            return [self._into_care(path, self.nursery.unaccompanied(path.birth), [])]
        child = self.nursery.child(path.birth, eldest_born=path.birth)
        made = [self._into_care(path, child, [])]
        together = calibration()["in_care"]["siblings_together"]
        if self.chance.random() < calibration()["need"]["twins_a_birth"]:
            twin = self.nursery.twin(child)
            made.append(self._into_care(outline(self.chance, birth=path.birth, start=path.start,
                                                band=band_at(path.birth, path.start)), twin, made[0].care))  # fmt: skip
        while len(made) < 4 and path.start - path.birth > 400 and self.chance.random() < together * 0.5:
            birth = path.birth - self.chance.choice((1, 1, -1)) * self.chance.randrange(330, 1500)
            if not birthday(birth, 18) - 60 > path.start > birth:
                break
            theirs = outline(self.chance, birth=birth, start=path.start, band=band_at(birth, path.start))
            made.append(
                self._into_care(theirs, self.nursery.child(birth, family=child.family, eldest_born=birth), made[0].care)
            )
        return made

    def _into_care(self, path: Pathway, child: Child, sibling: list[CarePeriod]) -> Child:
        chance = self.chance
        made = max(path.start - lead_into_care(chance, unaccompanied=path.unaccompanied), path.birth - 130)
        made = min(working_day_on_or_after(made), path.start)
        period = self._period(path, child, sibling)
        again = self._second_path(path, period)
        if chance.random() < 0.03 and period.end_reason == "E8":
            period.end_reason, child.death, again = "E2", period.end, None
        if period.end_reason in ("E2", "E11", "E12"):
            self._add_referral(child, made, period, gap=0)
        else:
            self._add_referral(
                child,
                made,
                period,
                gap=min(chance.randrange(0, 35), max((again.start if again else 10**9) - path.end - 1, 0)),
            )
        if again is not None:
            second = self._period(again, child, [])
            self._add_referral(
                child,
                working_day_on_or_after(max(again.start - 12, (child.referrals[-1].closed or 0) + 1)),
                second,
                gap=0,
            )
        health_years(chance, child, self.window.year_ends)
        child.leaver = leaver_contacts(chance, child, self.window.first, self.window.last)
        self._motherhood(child)
        return child

    def _period(self, path: Pathway, child: Child, sibling: list[CarePeriod]) -> CarePeriod:
        since = self.window.first - 200
        period = care_period_of(
            self.chance, self.numbers, self.ground, path, home=child.home, since=since,
            sibling=sibling[0].placements if sibling else [],
        )  # fmt: skip
        child.care.append(period)
        return period

    def _second_path(self, path: Pathway, period: CarePeriod) -> Pathway | None:
        """Return a second period of care for some children who went home, begun well before they were eighteen."""
        if not period.end_reason.startswith("E4") or self._again.choose(self.chance) == "no":
            return None
        start = working_day_on_or_after(path.end + self.chance.randrange(60, 700))
        if start > birthday(path.birth, 17):
            return None
        return outline(self.chance, birth=path.birth, start=start, band=band_at(path.birth, start))

    def _add_referral(self, child: Child, made: int, period: CarePeriod, *, gap: int) -> None:
        end = period.end or self.window.today
        made = min(made, period.start)
        referral = referral_into_care(
            self.chance, self.numbers, made=made, care_start=period.start, closed=end + gap, need=period.need,
            unaccompanied=child.unaccompanied,
        )  # fmt: skip
        referral.closure_reason = _CLOSED.get(period.end_reason, "RC7")
        for plan in referral.protection_plans:
            plan.end = min(plan.end or end, end)
        child.referrals.append(referral)
        child.first_seen = child.first_seen or made

    def _motherhood(self, child: Child) -> None:
        """Make a few girls in care mothers, while in care and not before fourteen."""
        last = child.care[-1]
        if child.sex != "F" or child.birth is None or last.end is None:
            return
        first = max(birthday(child.birth, 15), last.start + 30)
        if last.end - first > 90 and self.chance.random() < calibration()["in_care"]["mothers"] * 2.2:
            child.mother_since = first + int(self.chance.random() * (last.end - first))

    # -- children in need

    def _in_need(self, wanted: int) -> list[Child]:
        children: list[Child] = []
        counted = 0
        earliest = self.window.need_from - 9 * 365
        span = self.window.today - earliest + 1
        while counted < wanted:
            first = working_day_on_or_after(earliest + int(self.chance.random() * span))
            outlines = [o for o in outlines_of(self.chance, first) if o.made <= self.window.today]
            if not outlines or outlines[-1].closed < self.window.need_from:
                continue
            for child in self.nursery.siblings(self.chance, first):
                birth = child.birth or first
                mine = [o for o in outlines if o.made < birthday(birth, 18) and o.closed >= self.window.need_from - 400]
                child.referrals = self._referrals(mine, birth)
                child.first_seen = first
                children.append(child)
                counted += self._in_need_window(child)
        return children

    def _referrals(self, outlines: Sequence[Outline], birth: int) -> list[Referral]:
        found: list[Referral] = []
        for one in outlines:
            made = referral_of(self.chance, self.numbers, one, visits_from=self.window.visits_from)
            if found and found[-1].closed is not None and made.made <= found[-1].closed:
                continue
            found.append(made)
        return found

    # -- children who move and who are adopted

    def _moved(self, children: list[Child]) -> list[Child]:
        if self.beside is None:
            return []
        before, after = self.beside
        here = (self.seed, self.council, self.ground, self.numbers, self.window)
        return movers_out(*here, to=after, count=self.size.movers) + movers_into(
            *here, from_=before, count=self.size.movers
        )

    def _adopted_again(self, children: list[Child]) -> list[Child]:
        """Return some adopted children who came to notice later, as the new person the law makes of them."""
        found: list[Child] = []
        for child in children:
            last = child.care[-1] if child.care else None
            if (
                last is None
                or last.end_reason not in ("E11", "E12")
                or child.birth is None
                or self.chance.random() > 0.10
            ):
                continue
            first = working_day_on_or_after((last.end or 0) + self.chance.randrange(120, 900))
            if not self.window.need_from <= first <= self.window.today:
                continue
            again = self.nursery.adopted(child)
            again.referrals = self._referrals(outlines_of(self.chance, first)[:1], child.birth)
            again.first_seen = first
            found.append(again)
        return found

    # -- workers

    def _allocate(self, children: list[Child]) -> Workforce:
        """Give every episode of need its workers and return the workforce, sized by the cases open today."""
        cases = sum(1 for c in children for r in c.referrals if r.closed is None and not r.no_further_action)
        workforce = Workforce(
            self.chance,
            la_code=self.council.la_code,
            open_cases=cases,
            first_day=self.window.first - 400,
            today=self.window.today,
        )
        for child in children:
            pace = 1.05 if child.care else 0.9
            for referral in child.referrals:
                if referral.no_further_action:
                    continue
                start = max(referral.made, self.window.first - 400)
                if referral.closed is not None and referral.closed <= start:
                    continue
                held = workforce.allocate(start, referral.closed, pace)
                child.allocations += held
                referral.worker = held[-1].worker
                referral.team = workforce.teams[hash_of(referral.number) % len(workforce.teams)].number
        return workforce


def hash_of(number: str) -> int:
    """Return a number's digits as a whole number: a repeatable way to spread records over teams."""
    return int("".join(c for c in number if c.isdigit()) or "0")
