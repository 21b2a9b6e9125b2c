"""Who is reading: an account with its roles, reach and grants, ready to be asked about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from kinfold.access.policy import may, reading
from kinfold.access.roles import ROLES
from kinfold.access.things import Actor, Decision, Grant, GrantSort, Reach, Thing, day_of
from kinfold.access.visible import ListTerms, list_terms
from kinfold.access.words import Installation, Label, Mark, ReachSort, Sort, Verb
from kinfold.record.declare import Word, kinds_of
from kinfold.service.records import audit
from kinfold.service.records.models import Account, PersonIndex, Restriction, RoleHeld
from kinfold.service.records.models import Grant as GrantRow
from kinfold.service.records.models import Reach as ReachRow
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.quick import quickly
from kinfold.service.records.scope import as_system, reading_as_system
from kinfold.service.records.tables import fetch
from kinfold.terms.errors import NotPermitted

# Ties that make somebody family, or as near as family: nobody opens the record of their own.
NOT_FAMILY = frozenset(
    {"alleged_perpetrator", "foster_carer", "friend", "independent_visitor", "must_not_know_address", "neighbour", "part_of",
     "prospective_adopter", "significant_professional", "support_carer", "works_for"}
)  # fmt: skip
OF_FAMILY = frozenset(name for name, role in ROLES.items() if role.own_record)
FAMILY_TIES = frozenset(
    kind.name for kind in kinds_of(Word.TIE) if kind.family == "identity" and kind.name not in NOT_FAMILY
)


@dataclass
class Reader:
    """
    An account at a moment. `reason` is what they gave when asked why.

    Made once a request. `decide` asks the rule; `listed` gives the persons that may stand in a list;
    `looked` records a View.
    """

    account: Account
    now: datetime = field(default_factory=timezone.now)
    reason: str = ""

    @cached_property
    def roles(self) -> list[RoleHeld]:
        """Return the roles the account holds today."""
        day = day_of(self.now)
        if not self.account.is_active or (self.account.left and self.account.left <= day):
            return []
        return quickly(RoleHeld, _HELD, [self.account.pk, day, day])

    @cached_property
    def holders(self) -> frozenset[int]:
        """Return the holders whose records the account may ask about."""
        found = {role.held_by_id for role in self.roles if role.held_by_id}
        if self.account.held_by_id and self.roles:
            found.add(self.account.held_by_id)
        return frozenset(found)

    @cached_property
    def role_names(self) -> tuple[str, ...]:
        """Return the roles' names in order."""
        return tuple(sorted({role.role for role in self.roles}))

    @property
    def role_label(self) -> str:
        """Return the roles as people say them."""
        return ", ".join(ROLES[name].label for name in self.role_names if name in ROLES) or "no role"

    @cached_property
    def actor(self) -> Actor:
        """Return the reader as the rule of access takes it."""
        return Actor(
            id=self.account.person_id or 0,
            roles=frozenset(self.role_names),
            holders=self.holders,
            person=self.account.person_id,
            organisation=self.account.held_by_id,
            reach=self._reach,
            grants=self._grants,
            family=self._family,
            installation=Installation(settings.INSTALLATION),
            reason=self.reason,
        )

    @cached_property
    def _whole(self) -> dict[int, list[Reach]]:
        found: dict[int, list[Reach]] = defaultdict(list)
        rows = fetch(
            "select held_by, actor, person, sort, from_date, until_date, because from reach where actor = %s "
            "and person is null",
            [self.account.person_id],
        )
        for row in rows:
            found[row[0]].append(_as_reach(row))
        return found

    @cached_property
    def _near(self) -> dict[int, list[Reach]]:
        return {}

    @cached_property
    def _here(self) -> dict[int, bool]:
        """Which of the persons asked about work here."""
        return {}

    @cached_property
    def _answers(self) -> dict[tuple[Verb | None, Thing], Decision]:
        """What the rule has said: its answer for one thing does not change while a page is made."""
        return {}

    def _reach(self, holder: int, person: int | None) -> Iterable[Reach]:
        if person is None:
            return self._whole.get(holder, [])
        if person not in self._near:
            self.prepare([person])
        return [row for row in self._near[person] if row.holder == holder]

    def prepare(self, persons: Sequence[int], *, children: bool = False) -> None:
        """Fetch the reach over many persons at once, before they are asked about one by one; `children`: none is adult."""
        for person in persons:
            self._near.setdefault(person, [])
        ids = ", ".join(str(int(person)) for person in persons)
        if not ids:
            return
        rows = fetch(
            f"select held_by, actor, person, sort, from_date, until_date, because from reach where actor = %s "
            f"and person in ({ids})",
            [self.account.person_id],
        )
        for row in rows:
            self._near[row[2]].append(_as_reach(row))
        if children:
            return
        here = colleagues().filter(person_id__in=persons).values_list("person_id", flat=True)
        self._here |= dict.fromkeys(persons, False) | {person: True for person in here if person}

    @cached_property
    def _grants(self) -> tuple[Grant, ...]:
        moment = connection.ops.adapt_datetimefield_value(self.now)
        rows = quickly(GrantRow, _GRANTED, [self.account.pk, moment, moment])
        return tuple(
            Grant(
                sort=GrantSort(row.sort),
                holder=row.held_by_id,
                actor=self.account.person_id or 0,
                persons=frozenset({row.person_id}),
                since=row.from_at,
                until=row.until_at,
                granted_by=self.account.person_id or 0 if row.sort == GrantSort.BREAK_GLASS else -1,
                reason=f"{row.reason}: {row.words}",
                subject=row.reason,
            )
            for row in rows
        )

    @cached_property
    def _family(self) -> frozenset[int]:
        if not self.account.person_id:
            return frozenset()
        # two walks along an index each: one condition with "or" reads every tie of the database
        mine = "known_to is null and status = 'final'"
        with reading_as_system():
            ties = fetch(
                f"select party, kind from tie_fact where subject = %s and {mine} "
                f"union all select subject, kind from tie_fact where party = %s and {mine}",
                [self.account.person_id, self.account.person_id],
            )
        return frozenset(other for other, kind in ties if kind in FAMILY_TIES and other) - {self.account.person_id}

    def thing(self, row: PersonIndex | ThingRow, *, sort: Sort | None = None, **rest: Any) -> Thing:
        """Return a person as the rule takes it, under today's labels."""
        person = row.person_id if isinstance(row, PersonIndex) else row.pk
        label = row.label if isinstance(row, PersonIndex) else _label_of(person)
        labels, named, ask = frozenset[Label](), frozenset[int](), ""
        if label != Label.OPEN:
            labels, named, ask = restrictions_on(person)
        known = Sort.CHILD if row.sort == "child" else Sort.ADULT
        return Thing(
            sort=sort or known,
            held_by=row.held_by_id,
            person=person,
            labels=labels,
            named=named,
            ask=ask,
            marks=self._marks(person, known),
            **rest,
        )

    def _marks(self, person: int, sort: Sort) -> frozenset[Mark]:
        """Return what the rule must know of a person: an adult may be a colleague."""
        if sort is Sort.CHILD:
            return frozenset()
        if person not in self._here:
            self._here[person] = colleagues().filter(person_id=person).exists()
        return frozenset({Mark.WORKS_HERE}) if self._here[person] else frozenset()

    def decide(self, verb: Verb, thing: Thing) -> Decision:
        """Return what the rule of access says."""
        asked = (verb, thing)
        said = self._answers.get(asked)
        if said is None:
            said = self._answers[asked] = may(self.actor, verb, thing, self.now)
        return said

    def reads(self, thing: Thing) -> Decision:
        """Return the widest reading the reader has of `thing`."""
        if (None, thing) not in self._answers:
            self._answers[None, thing] = reading(self.actor, thing, self.now)
        return self._answers[None, thing]

    def decide_break_glass(self, thing: Thing) -> Decision:
        """Return what the rule says of breaking the glass over `thing`."""
        return may(self.actor, Verb.BREAK_GLASS, thing, self.now)

    def insist(self, verb: Verb, thing: Thing, *, action: str) -> Decision:
        """Return the decision when it is yes. Otherwise record the refusal and raise NotPermitted."""
        decision = self.decide(verb, thing)
        if not decision:
            self.refused(action, thing, decision)
            raise NotPermitted(decision.shown)
        return decision

    def refused(self, action: str, thing: Thing, decision: Decision) -> None:
        """Record that something was asked for and refused."""
        if thing.held_by is None:
            return
        uid = uid_of(thing.person) if thing.person else ""
        self._say(thing.held_by, {"action": f"refused: {action}"[:48], "person": uid, "reason": decision.rule})

    def looked(self, held_by: int, action: str, persons: Sequence[str], *, because: str = "") -> None:
        """Record a View: one for a page about one person, one with the ids shown for a list."""
        said: audit.Said = {"action": action, "reason": because or self.reason}
        if len(persons) == 1:
            said["person"] = persons[0]
        else:
            said["persons"] = list(persons)
        self._say(held_by, said)

    def as_said(self) -> audit.Said:
        """Return who they are, as the audit has it."""
        return {
            "actor": str(self.account.uid),
            "organisation": self.account.organisation,
            "role": ", ".join(self.role_names)[:60],
        }

    def asserted(self) -> dict[str, Any]:
        """Return what whoever reads says of whom they act for; nothing, for somebody who signed in themselves."""
        return {}

    def _say(self, held_by: int, said: audit.Said) -> None:
        with as_system():
            audit.append(held_by, [{**self.as_said(), **said}], at=timezone.now())

    def listed(self, sort: str | None = "child") -> QuerySet[PersonIndex]:
        """
        Return the persons that may stand in a list shown to this reader.

        Those without a label by one join with the reach table; the few with one by asking the rule for each.
        """
        wanted = PersonIndex.objects.filter(held_by__in=self.holders)
        if sort:
            wanted = wanted.filter(sort=sort)
        reached = self._reached()
        labelled = list(wanted.filter(reached).exclude(label=Label.OPEN.value)[:2000])
        self.prepare([row.person_id for row in labelled])
        allowed = [row.pk for row in labelled if self.decide(Verb.READ_HEADLINE, self.thing(row))]
        return wanted.filter((Q(label=Label.OPEN.value) & reached) | Q(pk__in=allowed))

    def _reached(self) -> Q:
        """Return the condition that a person without a label may stand in a list of one of the reader's roles."""
        condition = Q(pk__in=[])
        for terms in list_terms(self.actor, self.now):
            if terms.needs_marks:
                continue  # released items are opened one by one, from their own page
            condition |= self._reached_as(terms)
        return condition

    def _reached_as(self, terms: ListTerms) -> Q:
        day = day_of(self.now)
        rows = ReachRow.objects.filter(
            actor_id=self.account.person_id, sort__in=[s.value for s in terms.sorts], from_date__lte=day
        ).filter(Q(until_date__isnull=True) | Q(until_date__gt=day))
        whole = set(rows.filter(person__isnull=True).values_list("held_by_id", flat=True))
        near = rows.filter(person=OuterRef("pk"), held_by=OuterRef("held_by"))
        condition = Q(held_by__in=whole & terms.holders)
        condition |= Q(Exists(near), held_by__in=terms.holders)
        for grant in terms.grants:
            opens = grant.sort is GrantSort.ACCESS or (
                grant.sort is GrantSort.BREAK_GLASS and len(grant.persons or ()) == 1
            )
            if opens and grant.holder in terms.holders:
                condition |= Q(held_by=grant.holder) & (Q(pk__in=grant.persons) if grant.persons else Q())
        if not terms.own_record:
            condition &= ~Q(pk__in=terms.family | {terms.person or 0})
        if terms.colleagues_hidden:
            condition &= ~Q(Exists(colleagues().filter(person=OuterRef("pk"))))
        return condition


def colleagues() -> QuerySet[Account]:
    """Return the accounts of those who work here: a child or parent who opens their own page is no colleague."""
    roles = RoleHeld.objects.filter(account=OuterRef("pk"))
    family = Exists(roles.filter(role__in=OF_FAMILY)) & ~Exists(roles.exclude(role__in=OF_FAMILY))
    return Account.objects.filter(is_active=True).exclude(family)


_HELD = (
    "{columns} from role_held as it where account_id = %s and from_date <= %s "
    "and (until_date is null or until_date > %s) order by id"
)
_GRANTED = "{columns} from grant_held as it where account_id = %s and from_at <= %s and until_at > %s order by id"


def _as_reach(row: tuple[Any, ...]) -> Reach:
    held_by, actor, person, sort, since, until, because = row
    return Reach(
        holder=held_by, actor=actor, person=person, sort=ReachSort(sort), since=since, until=until,
        because=because,
    )  # fmt: skip


def _label_of(person: int) -> str:
    return PersonIndex.objects.filter(pk=person).values_list("label", flat=True).first() or Label.OPEN.value


def restrictions_on(person: int) -> tuple[frozenset[Label], frozenset[int], str]:
    """Return today's labels on a person, the actors named as allowed past them, and whom to ask."""
    rows = Restriction.objects.filter(person_id=person, until_at__isnull=True).prefetch_related("named")
    labels = frozenset(Label(row.label) for row in rows)
    named = frozenset(account.person_id for row in rows for account in row.named.all() if account.person_id)
    return labels, named, next((row.by for row in rows), "")


def uid_of(person: int) -> str:
    """Return the public id of a person."""
    return str(ThingRow.objects.values_list("uid", flat=True).get(pk=person))


def reader_named(name: str, *, now: datetime | None = None) -> Reader:
    """Return the reader for an e-mail address or public id, as the command line's `--as` names them."""
    found = Account.objects.filter(email__iexact=name).first()
    if found is None:
        found = Account.objects.filter(uid=name).first() if len(name) == 36 else None
    if found is None:
        raise NotPermitted("No such user")
    return Reader(found, now or timezone.now())
