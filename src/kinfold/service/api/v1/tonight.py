"""Where the council's children in care are on a night: with whom, how far, since when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Query, Router, Schema

from kinfold.access.things import day_of
from kinfold.service.api.v1.guard import needs
from kinfold.service.api.v1.shapes import Asked, Day, Page, Paging
from kinfold.service.records.reads import tonight as reads
from kinfold.terms.errors import InputError

router = Router(tags=["Tonight"])


class InCare(Schema):
    """
    A child in care on the night.

    `withheld`: where the child lives is not for you. `placed` false: nobody has recorded where. `doubt`: a newer file
    says that the child had left care by this day.
    """

    id: UUID
    name: str
    la_child_id: str
    date_of_birth: date | None
    in_care_since: date | None
    placed: bool
    withheld: bool
    there_since: date | None
    placement_type: str
    provider: str
    setting: str
    setting_id: UUID | None
    urn: str
    miles_from_home: float | None
    area: str
    area_name: str
    inside: bool | None = Field(description="In the council's own area; null where that is not known")
    doubt: date | None
    home_doubt: date | None


class TonightPage(Page):
    """The children in care on the night whom you may list, by name."""

    night: date
    as_known_on: date | None
    as_known_at: datetime | None
    children: list[InCare]


class Night(Paging):
    """Which night, and as known when."""

    on: Day | None = Field(None, description="The night, today's when left out")
    as_known_on: Day | None = Field(None, description="As known at the end of this day; now when left out")


@router.get("/tonight", operation_id="tonight", response={200: TonightPage}, summary="Where our children are tonight")
@needs("records.read")
def tonight(request: Asked, night: Annotated[Night, Query()]) -> dict[str, Any]:
    """List every child in care on the night whom you may list. Who is not listed is not counted."""
    today = day_of(request.auth.now)
    for day in (night.on, night.as_known_on):
        if day is not None and day > today:
            raise InputError("The day must be today or in the past.")
    found = reads.tonight(request.auth, day=night.on or today, known_on=night.as_known_on)
    shown = found.rows[night.offset : night.offset + night.limit]
    reads.say_shown(request.auth, shown)
    return {
        "night": found.day, "as_known_on": found.known_on, "as_known_at": found.known_at, "total": len(found.rows),
        "limit": night.limit, "offset": night.offset, "children": [_shown(row) for row in shown],
    }  # fmt: skip


def _shown(row: reads.InCare) -> dict[str, Any]:
    return {
        "id": row.uid, "name": row.name, "la_child_id": row.la_child_id, "date_of_birth": row.birth_date,
        "in_care_since": row.in_care_since, "placed": row.placed, "withheld": row.withheld, "there_since": row.since,
        "placement_type": row.placement_type, "provider": row.provider, "setting": row.setting,
        "setting_id": row.setting_uid or None, "urn": row.urn, "miles_from_home": row.miles, "area": row.area,
        "area_name": row.area_name, "inside": row.inside, "doubt": row.doubt,
        "home_doubt": row.home_doubt,
    }  # fmt: skip
