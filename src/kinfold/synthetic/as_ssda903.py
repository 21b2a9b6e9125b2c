"""An invented council's children in care as the rows of one SSDA903 collection year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kinfold.synthetic.days import as_uk, birthday, day
from kinfold.synthetic.episodes import episodes_of
from kinfold.synthetic.world import CarePeriod, Child

Row = dict[str, str]

# The columns of each table in the order of the guide, by the usual name of its file.
COLUMNS: Mapping[str, Sequence[str]] = {
    "header": ["CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"],
    "episodes": (
        [
            "CHILD",
            "DECOM",
            "RNE",
            "LS",
            "CIN",
            "PLACE",
            "PLACE_PROVIDER",
            "DEC",
            "REC",
            "REASON_PLACE_CHANGE",
            "HOME_POST",
            "PL_POST",
            "URN",
        ]
    ),
    "reviews": ["CHILD", "DOB", "REVIEW", "REVIEW_CODE"],
    "uasc": ["CHILD", "SEX", "DOB", "DUC"],
    "oc2": [
        "CHILD",
        "DOB",
        "SDQ_SCORE",
        "SDQ_REASON",
        "CONVICTED",
        "HEALTH_CHECK",
        "IMMUNISATIONS",
        "TEETH_CHECK",
        "HEALTH_ASSESSMENT",
        "SUBSTANCE_MISUSE",
        "INTERVENTION_RECEIVED",
        "INTERVENTION_OFFERED",
    ],
    "oc3": ["CHILD", "DOB", "IN_TOUCH", "ACTIV", "ACCOM"],
    "ad1": ["CHILD", "DOB", "DATE_INT", "DATE_MATCH", "FOSTER_CARE", "NB_ADOPTR", "SEX_ADOPTR", "LS_ADOPTR"],
    "placed_adoption": ["CHILD", "DOB", "DATE_PLACED", "DATE_PLACED_CEASED", "REASON_PLACED_CEASED"],
    "prev_perm": ["CHILD", "DOB", "PREV_PERM", "LA_PERM", "DATE_PERM"],
    "missing": ["CHILD", "DOB", "MISSING", "MIS_START", "MIS_END"],
    "sw_episodes": ["CHILD", "DOB", "SW_ID", "SW_DECOM", "SW_DEC", "SW_REASON"],
    "dolo": ["CHILD", "DOB", "DOLO_START", "DOLO_END"],
}
_SINCE = {"sw_episodes": day(2023, 4, 1), "dolo": day(2026, 4, 1)}
_SEX_AS_LETTERS_SINCE = day(2024, 4, 1)


def tables_of(year_start: int) -> list[str]:
    """Return the tables that the collection year beginning on a day has, in the order of the guide."""
    return [table for table in COLUMNS if year_start >= _SINCE.get(table, 0)]


@dataclass(slots=True)
class Return903:
    """Builds the rows of one collection year `[start, end]`. `registrations` turns a worker's number into SW_ID."""

    start: int
    end: int
    registrations: Mapping[str, str]

    def rows_of(self, child: Child) -> Iterator[tuple[str, Row]]:
        """Yield `(table, row)` for everything the year's return says of a child; nothing if it does not concern them."""
        if child.birth is None:
            return
        periods = [p for p in child.care if p.start <= self.end and (p.end is None or p.end >= self.start)]
        leaver = list(self._leaver(child)) if not periods else []
        if not periods and not leaver:
            return
        who = {"CHILD": child.la_child_id, "DOB": as_uk(child.birth)}
        yield "header", self._header(child, in_care=bool(periods))
        for row in leaver:
            yield "oc3", who | row
        if not periods:
            return
        if child.unaccompanied:
            duc = as_uk(birthday(child.birth, 18))
            yield "uasc", {"CHILD": child.la_child_id, "SEX": self._sex(child), "DOB": who["DOB"], "DUC": duc}
        for period in periods:
            yield from (
                (table, (who if "DOB" in COLUMNS[table] else _only(who)) | row)
                for table, row in self._period(child, period)
            )
        for table, row in self._once(child, periods[-1]):
            yield table, who | row

    def _once(self, child: Child, last: CarePeriod) -> Iterator[tuple[str, Row]]:
        """Yield what a year says once of a child: health, permanence before, adoption, workers."""
        still = last.end is None or last.end > self.end
        for health in child.health:
            if health.year_end == self.end and still:
                yield "oc2", {
                    "SDQ_SCORE": "" if health.sdq is None else str(health.sdq), "SDQ_REASON": health.sdq_reason,
                    "CONVICTED": health.convicted, "HEALTH_CHECK": health.development, "IMMUNISATIONS": health.immunised,
                    "TEETH_CHECK": health.teeth, "HEALTH_ASSESSMENT": health.assessed, "SUBSTANCE_MISUSE": health.substance,
                    "INTERVENTION_RECEIVED": health.received, "INTERVENTION_OFFERED": health.offered,
                }  # fmt: skip
        if last.start >= self.start and last.before is not None:
            option, authority, then = last.before
            yield "prev_perm", {"PREV_PERM": option, "LA_PERM": authority, "DATE_PERM": as_uk(then)}
        yield from self._adoption(last)
        if self.start >= _SINCE["sw_episodes"]:
            for held in child.allocations:
                if held.start <= self.end and (held.end is None or held.end >= self.start):
                    yield "sw_episodes", {
                        "SW_ID": self.registrations[held.worker], "SW_DECOM": as_uk(held.start),
                        "SW_DEC": self._by_now(held.end), "SW_REASON": held.reason,
                    }  # fmt: skip

    def _header(self, child: Child, *, in_care: bool) -> Row:
        mother = child.sex == "F" and in_care
        is_mother = mother and child.mother_since is not None and child.mother_since <= self.end
        return {
            "CHILD": child.la_child_id, "SEX": self._sex(child), "DOB": as_uk(child.birth), "ETHNIC": child.ethnicity,
            "UPN": child.upn or child.upn_unknown, "MOTHER": ("1" if is_mother else "0") if mother else "",
            "MC_DOB": as_uk(child.mother_since) if is_mother else "",
        }  # fmt: skip

    def _sex(self, child: Child) -> str:
        """Return M or F, and 1 or 2 in the years before 2024-25."""
        if self.start >= _SEX_AS_LETTERS_SINCE:
            return child.sex
        return {"M": "1", "F": "2"}[child.sex]

    def _period(self, child: Child, period: CarePeriod) -> Iterator[tuple[str, Row]]:
        yield from self._episodes(period)
        for held in period.reviews:
            if self.start <= held <= self.end:
                yield "reviews", {"REVIEW": as_uk(held), "REVIEW_CODE": review_code(child, held)}
        for start, end, sort in period.missing:
            if start <= self.end and (end is None or end >= self.start):
                yield "missing", {"MISSING": sort, "MIS_START": as_uk(start), "MIS_END": self._by_now(end)}
        if self.start >= _SINCE["dolo"]:
            for start, end in period.deprived_of_liberty:
                if start <= self.end and (end is None or end >= self.start):
                    yield "dolo", {"DOLO_START": as_uk(start), "DOLO_END": self._by_now(end)}

    def _episodes(self, period: CarePeriod) -> Iterator[tuple[str, Row]]:
        for one in episodes_of(period):
            if one.start > self.end or (one.end is not None and one.end < self.start):
                continue
            ended = one.end is not None and one.end <= self.end
            placement = one.placement
            yield "episodes", {
                "DECOM": as_uk(one.start), "RNE": one.new_reason, "LS": one.status.code, "CIN": period.need,
                "PLACE": placement.kind, "PLACE_PROVIDER": placement.provider,
                "DEC": as_uk(one.end) if ended else "", "REC": one.ceased_reason if ended else "",
                "REASON_PLACE_CHANGE": one.change_reason if ended else "", "HOME_POST": period.home_postcode,
                "PL_POST": placement.spot.postcode, "URN": placement.urn,
            }  # fmt: skip

    def _adoption(self, period: CarePeriod) -> Iterator[tuple[str, Row]]:
        plan = period.adoption
        if plan is None or plan.decision > self.end or (plan.ceased is not None and plan.ceased < self.start):
            return
        ceased = plan.ceased if plan.ceased is not None and plan.ceased <= self.end else None
        yield "placed_adoption", {
            "DATE_PLACED": as_uk(plan.decision), "DATE_PLACED_CEASED": as_uk(ceased),
            "REASON_PLACED_CEASED": plan.ceased_reason if ceased else "",
        }  # fmt: skip
        if plan.adopted is not None and self.start <= plan.adopted <= self.end:
            yield "ad1", {
                "DATE_INT": as_uk(plan.decision), "DATE_MATCH": as_uk(plan.matched),
                "FOSTER_CARE": "1" if plan.by_foster_carer else "0", "NB_ADOPTR": plan.adopters,
                "SEX_ADOPTR": plan.adopters_sex, "LS_ADOPTR": plan.adopters_status,
            }  # fmt: skip

    def _leaver(self, child: Child) -> Iterator[Row]:
        for one in child.leaver:
            if self.start <= birthday(child.birth or 0, one.age) <= self.end:
                yield {"IN_TOUCH": one.in_touch, "ACTIV": one.activity, "ACCOM": f"{one.accommodation}{one.suitable}"}

    def _by_now(self, end: int | None) -> str:
        return as_uk(end) if end is not None and end <= self.end else ""


def _only(who: Row) -> Row:
    return {"CHILD": who["CHILD"]}


def review_code(child: Child, held: int) -> str:
    """Return how a child took part in a review: PN0 under four, else mostly there and speaking."""
    if child.birth is None or held < birthday(child.birth, 4):
        return "PN0"
    return ("PN1", "PN1", "PN1", "PN3", "PN5", "PN1", "PN2", "PN6", "PN7", "PN1", "PN4")[held * 7 % 11]
