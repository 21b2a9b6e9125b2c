"""
Children who arrive under no number that we know: are they children whom we know?

Asked while a file is taken in, once a batch, after the join by numbers. A child is joined to one we hold only when the
matcher's decision is `match` (sure, with a margin over everybody else), nobody else in the batch is the same one, no
number speaks against it, and the source does not itself name both. Everything less than that is a question
for a person, in the list "Same child?". Joined or asked, the child has a record of its own: joining is a link, and can
be undone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kinfold.identity.columns import columns_of
from kinfold.identity.decide import Answer, Decision, Matcher
from kinfold.identity.index import Register
from kinfold.identity.normalise import particulars
from kinfold.identity.score import Model, probability, shipped_model
from kinfold.record.claim import Key, SubjectRecord
from kinfold.service.records import audit
from kinfold.service.records.actions.access import carry_restrictions
from kinfold.service.records.clock_marks import clocks_may_change
from kinfold.service.records.commits import Change
from kinfold.service.records.loading.resolve import SHARED
from kinfold.service.records.models import Commit, Load, LoadedSubject, Pair, SameAs, Thing
from kinfold.service.records.reads.register_people import children, is_legal, name_of_payload
from kinfold.service.records.tables import fetch, in_chunks, placeholders

BY = "the register"
# So many of those who may be the child are put to a person.
MOST_ASKED = 3


@dataclass(frozen=True, slots=True)
class _Proposal:
    """What the matcher says of one child who arrived."""

    record: SubjectRecord
    arrived: int
    answer: Answer
    known: tuple[int, ...]  # the Person of each candidate of the answer, in its order


class Proposals:
    """What one load asks of the register. The children known before it are fetched when the first question comes up."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._model: Model = shipped_model()
        self._matcher: Matcher | None = None
        self._persons: list[int] = []
        # nobody was known before a first load: then there is nothing to ask, however many arrive
        self._taken_back = Load.objects.filter(held_by=load.held_by_id, state=Load.State.TAKEN_BACK).exists()
        self._anybody = bool(fetch("select 1 from person_index where held_by = %s and sort = 'child' limit 1",
                                   [load.held_by_id]))  # fmt: skip

    def make(
        self, change: Change, arrived: Mapping[Key, int], records: Sequence[SubjectRecord], subjects: Mapping[Key, int]
    ) -> None:
        """
        Join or ask about the children of a batch that have just been given a record (`arrived`, by their key).

        `subjects` are all of the batch. Whom only loads have named that were taken back arrives anew with this one.
        """
        if not self._anybody:
            return
        arrived = {**arrived, **self._arrived_anew(subjects)} if self._taken_back else arrived
        if not arrived:
            return
        proposals = [one for record in records if (one := self._proposal(record, arrived)) is not None]
        if proposals:
            joined, asked = _sorted(proposals, self._against(proposals))
            _write(change, joined, asked, self._model)

    def _proposal(self, record: SubjectRecord, arrived: Mapping[Key, int]) -> _Proposal | None:
        if record.subject not in arrived:
            return None
        person = particulars(_row(record))
        if person.says_nothing or not (person.given or person.family or person.nhs):
            return None  # a return without names: a day and a sex are shared by many
        answer = self._register().match(person)
        if answer.decision not in (Decision.MATCH, Decision.POTENTIAL, Decision.MANY):
            return None
        known = tuple(self._persons[candidate.row] for candidate in answer.candidates)
        return _Proposal(record, arrived[record.subject], answer, known)

    def _arrived_anew(self, subjects: Mapping[Key, int]) -> dict[Key, int]:
        ours = {key: subject for key, subject in subjects.items() if key.sort == "child"}
        known: set[int] = set()
        for chunk in in_chunks(sorted(set(ours.values()))):
            named = LoadedSubject.objects.filter(subject__in=chunk).exclude(load=self._load.pk)
            joined = SameAs.objects.filter(person__in=chunk, known_to__isnull=True)
            known.update(named.values_list("subject_id", flat=True), joined.values_list("person_id", flat=True))
        return {key: subject for key, subject in ours.items() if subject not in known}

    def _register(self) -> Matcher:
        if self._matcher is None:
            ours = LoadedSubject.objects.filter(load=self._load.pk).values_list("subject_id", flat=True)
            people = children(self._load.held_by_id, leave_out=set(ours))
            self._persons = [int(text) for text in people["unique_id"].to_list()]
            self._matcher = Matcher(Register(columns_of(people)), self._model)
        return self._matcher

    def _against(self, proposals: Sequence[_Proposal]) -> set[int]:
        """Return the children who arrived of whom something forbids to join them unasked to the best candidate."""
        best = {one.arrived: one.known[0] for one in proposals}
        wanted = Counter(best.values())
        same_source = self._named_by_the_source(set(best.values()))
        numbers = _numbers_of(self._load.held_by_id, set(best.values()))
        return {
            one.arrived
            for one in proposals
            if wanted[one.known[0]] > 1
            or one.known[0] in same_source
            or _other_number(one.record, numbers.get(one.known[0], {}))
        }

    def _named_by_the_source(self, persons: set[int]) -> set[int]:
        """Return those whom this door names by a number of their own: to it they are two children."""
        found: set[int] = set()
        for chunk in in_chunks(sorted(persons)):
            rows = LoadedSubject.objects.filter(held_by=self._load.held_by_id, door=self._load.door, subject__in=chunk)
            found.update(rows.values_list("subject_id", flat=True))
        return found


def _row(record: SubjectRecord) -> dict[str, Any]:
    """Return what a source says of a child, under the columns of `kinfold match`."""
    row: dict[str, Any] = {}
    homes: list[tuple[str, str]] = []
    for claim in record.claims:
        said = claim.payload
        if claim.kind == "person_details":
            row |= {"dob": said.get("birth_date") or "", "sex": said.get("sex") or ""}
        elif claim.kind == "name" and claim.valid_to is None and ("given" not in row or is_legal(said)):
            row |= dict(zip(("given", "middle", "family"), name_of_payload(said), strict=True))
        elif claim.kind == "address" and said.get("postcode"):
            homes.append((str(claim.valid_to or "9999"), str(said["postcode"])))
    homes.sort(reverse=True)
    row |= dict(zip(("postcode", "postcode_prev"), (postcode for _, postcode in homes), strict=False))
    row["nhs"] = next((value for sort, value in record.identifiers if sort == "nhs_number"), "")
    return row


def _numbers_of(held_by: int, persons: set[int]) -> dict[int, dict[str, set[str]]]:
    found: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for chunk in in_chunks(sorted(persons)):
        rows = fetch(
            f"select thing, sort, value from identifier_key where held_by = %s and thing in ({placeholders(len(chunk))})",
            [held_by, *chunk],
        )
        for thing, sort, value in rows:
            found[thing][sort].add(value)
    return found


def _other_number(record: SubjectRecord, held: Mapping[str, set[str]]) -> bool:
    """Say whether both sides have a number that identifies a person, and not the same one."""
    return any(sort in SHARED and held.get(sort) and value not in held[sort] for sort, value in record.identifiers)


def _sorted(proposals: Iterable[_Proposal], against: set[int]) -> tuple[list[_Proposal], list[_Proposal]]:
    """Return (those to be joined, those to be asked about)."""
    joined: list[_Proposal] = []
    asked: list[_Proposal] = []
    for one in proposals:
        sure = one.answer.decision is Decision.MATCH and one.arrived not in against
        (joined if sure else asked).append(one)
    return joined, asked


def _write(change: Change, joined: Sequence[_Proposal], asked: Sequence[_Proposal], model: Model) -> None:
    SameAs.objects.bulk_create(
        SameAs(
            person_id=one.arrived, kept_id=one.known[0], held_by_id=change.held_by, known_from=change.number, by=BY,
            because=f"{change.because}; alike beyond doubt ({_chance(one, 0):.4f}, weights {model.version})"[:500],
        )
        for one in joined
    )  # fmt: skip
    rows = [_pair(change, one, 0, model, decision=Pair.Decision.SAME) for one in joined]
    rows += [
        _pair(change, one, place, model, decision=Pair.Decision.OPEN)
        for one in asked
        for place in range(min(MOST_ASKED, len(one.known)))
        if place == 0 or _chance(one, place) >= model.decision["potential"]
    ]
    Pair.objects.bulk_create(rows, 500, ignore_conflicts=True)
    carry_restrictions(change, [(one.arrived, one.known[0]) for one in joined])
    clocks_may_change(change.held_by, {person for one in joined for person in (one.arrived, one.known[0])})
    _tell(change, joined, model)


def _chance(one: _Proposal, place: int) -> float:
    return probability(one.answer.candidates[place].score.total)


def _pair(change: Change, one: _Proposal, place: int, model: Model, *, decision: str) -> Pair:
    first, second = sorted((one.arrived, one.known[place]))
    done = decision == Pair.Decision.SAME
    return Pair(
        held_by_id=change.held_by, first_id=first, second_id=second, probability=round(_chance(one, place), 6),
        levels=list(one.answer.candidates[place].score.levels), model=model.digest, found_at=change.at,
        decision=decision, decided_by=BY if done else "", decided_at=change.at if done else None,
        kept_id=one.known[place] if done else None,
    )  # fmt: skip


def _tell(change: Change, joined: Sequence[_Proposal], model: Model) -> None:
    """Write each joining to the audit, by whom it concerns."""
    uids: dict[int, str] = {}
    for chunk in in_chunks(sorted({person for one in joined for person in (one.arrived, one.known[0])})):
        uids.update({pk: str(uid) for pk, uid in Thing.objects.filter(pk__in=chunk).values_list("pk", "uid")})
    audit.append(
        change.held_by,
        [{"actor": BY, "action": "joined records", "persons": [uids[one.arrived], uids[one.known[0]]],
          "reason": change.because, "body": {"probability": f"{_chance(one, 0):.4f}", "model": model.digest}}
         for one in joined],
        at=change.at,
    )  # fmt: skip


def part_what_it_joined(load: Load, change: Change) -> int:
    """Undo the joins that a load which is taken back had proposed and made, and return how many."""
    made = Commit.objects.filter(held_by=load.held_by_id, load=load.pk).values("number")
    links = list(
        SameAs.objects.filter(held_by=load.held_by_id, by=BY, known_to__isnull=True, known_from__in=made)
        .select_related("person", "kept")
    )  # fmt: skip
    SameAs.objects.filter(pk__in=[link.pk for link in links]).update(known_to=change.number)
    for link in links:
        first, second = sorted((link.person_id, link.kept_id))
        Pair.objects.filter(first=first, second=second, decided_by=BY).delete()
    audit.append(
        change.held_by,
        [{"actor": change.by, "action": "parted records", "persons": [str(link.person.uid), str(link.kept.uid)],
          "reason": "the load that joined them is taken back"} for link in links],
        at=change.at,
    )  # fmt: skip
    clocks_may_change(change.held_by, {person for link in links for person in (link.person_id, link.kept_id)})
    return len(links)
