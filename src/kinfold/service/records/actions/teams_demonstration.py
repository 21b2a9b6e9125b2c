"""An invented multi-agency child protection team for the demonstration: its members, one place empty, one decision."""

from __future__ import annotations

from datetime import date, timedelta

from kinfold.care.child_protection_team import DECISION, View
from kinfold.service.records.actions.child_protection_teams import add_member, end_member, give_view, set_up
from kinfold.service.records.actions.incidents_demonstration import BECAUSE, children_of, reader_of
from kinfold.service.records.actions.services import keep
from kinfold.service.records.models import Holder, Thing
from kinfold.service.records.reads.child_protection_teams import teams
from kinfold.service.records.reads.reader import Reader

NAME = "Harbour multi-agency child protection team"
SINCE, LEFT, DECIDED = 200, 12, 30
# Agency, practitioner, whom they work for, who nominated them.
MEMBERS = (
    ("education", "Ruth Ansell", "Education safeguarding service", "the council"),
    ("social work", "Hamid Noor", "Children’s services", "the council"),
    ("health", "Dr Lena Osei", "Harbour Community Health Trust", "the integrated care board"),
    ("police", "Sergeant Col Brennan", "Harbour Constabulary", "the chief constable"),
    ("other", "Bea Whitlock", "Harbour Domestic Abuse Service", "the council, after asking the partners"),
)
VIEWS = (
    View("social work", "Hamid Noor", "Children’s services", "agrees", ""),
    View("health", "Dr Lena Osei", "Harbour Community Health Trust", "agrees", ""),
    View("police", "Sergeant Col Brennan", "Harbour Constabulary", "disagrees",
         "Bail conditions keep him away from the home, so enquiries alone would do for now."),
    View("other", "Mrs Adeyemi", "Larch Primary School", "agrees", "She has come to school in fear twice this month."),
)  # fmt: skip


def add_teams(holder: Holder, *, today: date) -> int:
    """Set up the invented team of an invented council once; return how many. Its police place has just come free."""
    manager, worker, children = (
        reader_of(holder, "team_manager"),
        reader_of(holder, "social_worker"),
        children_of(holder),
    )
    if manager is None or worker is None or not children or teams(manager):
        return 0
    uid = set_up(manager, name=NAME, since=today - timedelta(days=SINCE))
    for agency, who, organisation, nominated in MEMBERS:
        said = {"agency": agency, "practitioner": who, "organisation": organisation, "nominated_by": nominated}
        fact = add_member(manager, uid, since=today - timedelta(days=SINCE), said=said)
        if agency == "police":
            left = fact
    _decide(worker, children[-1], Thing.objects.get(uid=uid), today)
    end_member(manager, uid, left, last=today - timedelta(days=LEFT), reason="Moved to another force")
    return 1


def _decide(worker: Reader, child: Thing, team: Thing, today: date) -> None:
    said = {"matter": "Whether to hold a child protection conference", "choice": "Hold a conference within 15 working days",
            "contribution_only": False}  # fmt: skip
    fact = keep(
        worker, child, kind=DECISION, values=said, day=today - timedelta(days=DECIDED), because=BECAUSE, party=team
    )
    for view in VIEWS:
        give_view(worker, str(child.uid), fact, view=view)
