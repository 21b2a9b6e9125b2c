"""From the question to the record: who holds what, pulled under leases, fetched through a link, stopped by a revocation."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from kinfold.outside.custodians.client import Refused
from kinfold.service.records import audit
from kinfold.service.records.actions import agreements, fetching, finding_asks
from kinfold.service.records.models import Ask, AuditBody, AuditEntry, CustodianWork, FetchLink, Pointer
from kinfold.service.records.reads.fetching import fetched_of, opened, token_of
from kinfold.service.records.reads.finding_asks import AskPage, ask_page
from kinfold.sharing.agreements import Purpose, RecordType
from kinfold.sharing.finding import State
from kinfold.terms.errors import InputError, NotPermitted
from tests.integration.sharing.conftest import Sharing

pytestmark = pytest.mark.django_db


def states(page: AskPage) -> dict[str, State]:
    return {one.name: one.state for one in page.custodians}


def link_of(sharing: Sharing, made: Ask, code: str) -> FetchLink:
    pointer = Pointer.objects.get(custodian__code=code)
    return fetching.fetch(sharing.worker, made, str(pointer.uid))


def test_every_custodian_comes_to_an_end_of_its_own(sharing: Sharing) -> None:
    sharing.systems["harrow-health"].knobs.down = True
    sharing.systems["vale-homes"].entries.clear()
    sharing.systems["ashford-vale"].knobs.silent = True
    made = sharing.ask()
    before = states(ask_page(sharing.worker, str(made.uid)))

    sharing.rounds()
    for _ in range(4):
        CustodianWork.objects.filter(done_at__isnull=True).update(run_after=timezone.now(), lease_until=None)
        sharing.rounds()
    after = states(ask_page(sharing.worker, str(made.uid)))

    assert set(before.values()) == {State.WAITING}
    assert after == {
        "Vale Schools Trust": State.RECORDS, "Harrow Lane Health": State.TEMPORARY_ERROR, "Vale Police": State.RECORDS,
        "Vale Youth Justice Service": State.RECORDS, "Vale Homes": State.NONE, "Ashford Vale Council": State.WORKING,
    }  # fmt: skip
    CustodianWork.objects.filter(done_at__isnull=True).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert states(ask_page(sharing.worker, str(made.uid)))["Ashford Vale Council"] is State.NO_RESPONSE


def test_a_custodian_that_no_agreement_lets_us_ask_is_not_asked_and_says_so(sharing: Sharing) -> None:
    made = sharing.ask(Purpose.EDUCATION)
    page = ask_page(sharing.worker, str(made.uid))

    assert {one.name for one in page.custodians if one.state is not State.NOT_ASKED} == {"Vale Schools Trust"}
    assert CustodianWork.objects.count() == 1


def test_what_may_not_be_told_looks_as_nothing_and_is_never_kept(sharing: Sharing) -> None:
    made = sharing.ask()
    (work,) = sharing.clients["vale-police"].claim()
    agreement = agreements.read_agreement(agreements.latest_version(sharing.row("vale-police")).text)  # type: ignore[union-attr]
    refusal = replace(agreement.defaults[0], allows=False, sorts=frozenset(), organisations=frozenset({"990"}))
    agreements.write_agreement(
        sharing.governance,
        "vale-police",
        defaults=agreement.defaults,
        exceptions=[refusal],
        made_from=1,
        because="test",
    )
    held = [{"record_type": "crime_justice", "system": "Crime system", "record": "7"}]

    sharing.clients["vale-police"].answer(work["work"], work["lease"], "records", held)
    sharing.systems["vale-homes"].entries.clear()
    sharing.round("vale-homes")

    page = {one.name: one for one in ask_page(sharing.worker, str(made.uid)).custodians}
    denied, empty = page["Vale Police"], page["Vale Homes"]
    assert (denied.state, denied.records) == (empty.state, empty.records) == (State.NONE, ())
    assert not Pointer.objects.filter(custodian__code="vale-police").exists()
    said = [one for row in AuditBody.objects.all() for one in row.body.get("work", ())]
    assert {one["work"] for one in said if one.get("outcome") == "none"} == {
        str(one.uid) for one in CustodianWork.objects.filter(custodian__code__in=("vale-police", "vale-homes"))
    }


def test_a_sort_of_record_that_was_not_asked_about_is_dropped(sharing: Sharing) -> None:
    sharing.ask()
    (work,) = sharing.clients["vale-schools"].claim()
    held = [{"record_type": "health", "system": "Nurse", "record": "1"}]

    sharing.clients["vale-schools"].answer(work["work"], work["lease"], "records", held)

    assert not Pointer.objects.exists()


def test_a_record_comes_through_its_link_checked_and_cut_to_the_purpose(sharing: Sharing) -> None:
    made = sharing.ask(Purpose.FAMILY_HELP)
    sharing.rounds()
    link = link_of(sharing, made, "vale-schools")
    sharing.round("vale-schools")

    found = opened(sharing.worker, token_of(link))

    assert found.state == "received"
    whole = sharing.systems["vale-schools"].entries[0].payload
    assert {"status", "events"} <= set(found.payload) <= set(whole)
    assert "urn" not in found.payload
    assert {event["kind"] for event in found.payload["events"]} <= {"attendance", "meeting", "enrolment"}
    assert b"Robin" not in bytes(FetchLink.objects.get().sealed)


@pytest.mark.parametrize("how", ["another person", "another mark", "expired", "another version of the agreement"])
def test_a_link_opens_to_its_person_while_it_stands_and_to_nobody_else(sharing: Sharing, how: str) -> None:
    made = sharing.ask()
    sharing.rounds()
    link = link_of(sharing, made, "vale-schools")
    sharing.round("vale-schools")
    token = token_of(link)

    if how == "another person":
        with pytest.raises(NotPermitted):
            opened(sharing.governance, token)
        return
    if how == "another mark":
        with pytest.raises(NotPermitted):
            opened(sharing.worker, f"{uuid4().hex}:{token.partition(':')[2]}")
        return
    if how == "expired":
        FetchLink.objects.update(until=timezone.now())
    else:
        agreement = agreements.read_agreement(agreements.latest_version(sharing.row("vale-schools")).text)  # type: ignore[union-attr]
        agreements.write_agreement(
            sharing.governance, "vale-schools", defaults=agreement.defaults, exceptions=[], made_from=1, because="again"
        )
    found = opened(sharing.worker, token)
    assert found.ended
    assert not found.payload


def test_a_revocation_stops_a_record_on_its_way_and_empties_one_that_came(sharing: Sharing) -> None:
    made = sharing.ask()
    sharing.rounds()
    here, coming = link_of(sharing, made, "vale-schools"), link_of(sharing, made, "harrow-health")
    sharing.round("vale-schools")
    (work,) = sharing.clients["harrow-health"].claim()

    for code in ("vale-schools", "harrow-health"):
        agreements.revoke(sharing.governance, code, because="A complaint is looked into")
    with pytest.raises(Refused) as refused:
        sharing.clients["harrow-health"].give(
            work["work"], work["lease"], sharing.systems["harrow-health"].entries[0].payload
        )

    assert refused.value.status == 409
    assert {one.state for _, one in fetched_of(sharing.worker, made)} == {"stopped"}
    assert {bytes(link.sealed) for link in FetchLink.objects.all()} == {b""}
    for link in (here, coming):
        assert not opened(sharing.worker, token_of(link)).payload
    with pytest.raises(NotPermitted):
        link_of(sharing, made, "vale-schools")
    assert Ask.objects.get().policy != agreements.PolicyHead.objects.get().digest


def test_a_record_of_another_form_is_refused_with_each_mistake_and_nothing_is_kept(sharing: Sharing) -> None:
    made = sharing.ask()
    sharing.rounds()
    link = link_of(sharing, made, "vale-homes")
    (work,) = sharing.clients["vale-homes"].claim()

    with pytest.raises(Refused) as refused:
        sharing.clients["vale-homes"].give(
            work["work"], work["lease"], {"status": 7, "events": [{"date": "5 May", "kind": "gossip", "summary": "x"}]}
        )

    assert refused.value.status == 422
    assert {one["where"] for one in refused.value.errors} == {"/status", "/events/0/date", "/events/0/kind"}
    assert bytes(FetchLink.objects.get(pk=link.pk).sealed) == b""
    sharing.clients["vale-homes"].give(work["work"], work["lease"], {"status": "Tenancy", "events": []})
    assert opened(sharing.worker, token_of(link)).payload["status"] == "Tenancy"


def test_a_system_that_sends_another_form_ends_as_a_fault(sharing: Sharing) -> None:
    made = sharing.ask()
    sharing.rounds()
    link = link_of(sharing, made, "vale-police")
    sharing.systems["vale-police"].knobs.wrong_form = True

    sharing.round("vale-police")

    assert opened(sharing.worker, token_of(link)).state == "failed"


def test_a_second_ask_tells_at_once_what_the_first_found(sharing: Sharing) -> None:
    sharing.ask()
    sharing.rounds()
    sharing.systems["vale-schools"].entries.clear()

    again = sharing.ask()
    known = {one.name: one for one in ask_page(sharing.worker, str(again.uid)).custodians}["Vale Schools Trust"]
    sharing.round("vale-schools")
    later = {one.name: one for one in ask_page(sharing.worker, str(again.uid)).custodians}["Vale Schools Trust"]

    assert (known.state, [held.confirmed for held in known.records]) == (State.WAITING, [False])
    assert (later.state, later.records) == (State.NONE, ())


def test_the_same_question_still_open_is_the_same_ask(sharing: Sharing) -> None:
    assert sharing.ask().pk == sharing.ask().pk
    assert sharing.ask(Purpose.FAMILY_HELP).pk != sharing.ask().pk


def test_what_was_stopped_is_asked_no_longer(sharing: Sharing) -> None:
    made = sharing.ask()
    (work,) = sharing.clients["vale-homes"].claim()

    finding_asks.stop(sharing.worker, made)

    assert sharing.clients["vale-police"].claim() == []
    with pytest.raises(Refused):
        sharing.clients["vale-homes"].answer(work["work"], work["lease"], "none")
    assert set(states(ask_page(sharing.worker, str(made.uid))).values()) == {State.STOPPED}


def test_every_step_stands_in_the_chain_with_its_purpose_and_nobodys_particulars(sharing: Sharing) -> None:
    made = sharing.ask()
    sharing.rounds()
    link = link_of(sharing, made, "vale-schools")
    sharing.round("vale-schools")
    opened(sharing.worker, token_of(link))
    with pytest.raises(NotPermitted):
        fetching.fetch(sharing.worker, made, str(Pointer.objects.get(custodian__code="vale-youth-justice").uid))

    entries = list(AuditEntry.objects.filter(person=sharing.world.uid()).order_by("seq"))
    bodies = {row.seq: row.body for row in AuditBody.objects.all()}
    said = {entry.action: (entry, bodies[entry.seq]) for entry in entries}

    assert audit.verify_chain(sharing.world.holder.pk) == []
    for action in ("asked who holds what", "custodian asked what it holds", "custodian answered", "asked for a record",
                   "record received", "refused: fetch a record"):  # fmt: skip
        entry, body = said[action]
        body = {**body, **body["work"][0]} if isinstance(body.get("work"), list) else body
        assert entry.organisation
        assert entry.role
        assert entry.actor
        assert (body["ask"], body["purpose"], body["trace"]) == (str(made.uid), "safeguarding", made.trace)
        assert body["basis"]
        assert body["policy"]
    words = json.dumps([bodies, [(e.actor, e.organisation, e.role, e.action, e.reason) for e in entries]])
    assert not [one for one in ("Robin", "Quill", "2014-06-14", "9434765919", "A800000000001") if one in words]


def test_the_head_that_cannot_be_read_closes_every_door(sharing: Sharing) -> None:
    made = sharing.ask()
    sharing.rounds()
    agreements.PolicyHead.objects.all().delete()

    with pytest.raises(NotPermitted):
        link_of(sharing, made, "vale-schools")
    sharing.ask(Purpose.FAMILY_HELP)
    assert CustodianWork.objects.filter(ask__purpose="family_help").count() == 0


def test_what_an_agreement_no_longer_lets_be_told_is_no_longer_asked(sharing: Sharing) -> None:
    made = sharing.ask()
    agreements.write_agreement(
        sharing.governance, "vale-police", defaults=(), exceptions=(), made_from=1, because="A new one is written"
    )

    states = {one.name: one.state for one in ask_page(sharing.worker, str(made.uid)).custodians}
    assert states["Vale Police"] is State.STOPPED
    assert states["Vale Homes"] is State.WAITING
    assert sharing.clients["vale-police"].claim(10) == []


def test_a_sealed_record_is_asked_about_by_nobody(sharing: Sharing) -> None:
    with pytest.raises((NotPermitted, InputError)):
        finding_asks.ask(
            sharing.worker, sharing.world.uid("brother"), purpose=Purpose.SAFEGUARDING, basis="b", because="because"
        )


def test_somebody_of_an_organisation_without_a_place_here_asks_nobody(sharing: Sharing) -> None:
    account = sharing.world.accounts["social_worker"]
    account.organisation = "Somewhere else"
    account.save()

    with pytest.raises(InputError, match="no place"):
        sharing.ask()


def test_existence_alone_shows_that_there_is_a_record_and_opens_none(sharing: Sharing) -> None:
    made = sharing.ask()
    sharing.rounds()
    page = {one.name: one for one in ask_page(sharing.worker, str(made.uid)).custodians}

    assert [held.content for held in page["Vale Youth Justice Service"].records] == [False]
    assert page["Vale Youth Justice Service"].records[0].record_type is RecordType.CRIME_JUSTICE
    assert UUID(page["Vale Youth Justice Service"].records[0].uid)


def test_what_was_asked_about_a_record_goes_when_the_record_is_destroyed(sharing: Sharing) -> None:
    from kinfold.service.records import erasure_log

    made = sharing.ask()
    sharing.rounds()
    link_of(sharing, made, "vale-schools")
    sharing.round("vale-schools")

    erasure_log._forget_person(sharing.world.holder.pk, sharing.world.uid())

    assert [model.objects.count() for model in (FetchLink, Pointer, CustodianWork, Ask)] == [0, 0, 0, 0]
    assert audit.verify_chain(sharing.world.holder.pk) == []


def test_what_ended_long_ago_is_forgotten_and_what_holds_is_not(sharing: Sharing) -> None:
    old, now = sharing.ask(), timezone.now()
    sharing.rounds()
    link_of(sharing, old, "vale-schools")
    long_ago = now - timedelta(days=400)
    Ask.objects.update(at=long_ago, until=long_ago)
    Pointer.objects.exclude(custodian__code="vale-police").update(last_seen=long_ago)
    CustodianWork.objects.update(done_at=long_ago)
    recent = sharing.ask(Purpose.FAMILY_HELP)

    forgotten = finding_asks.forget_what_is_over(sharing.world.holder.pk, today=now.date())

    # the police named theirs again lately, so the question that it was last said to stays with it
    assert forgotten == 0
    assert [one.custodian.code for one in Pointer.objects.all()] == ["vale-police"]
    assert not FetchLink.objects.exists()
    Pointer.objects.update(last_seen=long_ago)
    assert finding_asks.forget_what_is_over(sharing.world.holder.pk, today=now.date()) == 1
    assert list(Ask.objects.all()) == [recent]
    assert CustodianWork.objects.filter(ask=recent).exists()
    assert audit.verify_chain(sharing.world.holder.pk) == []


def test_who_wrote_or_revoked_an_agreement_stands_in_the_chain_with_role_and_organisation(sharing: Sharing) -> None:
    agreements.revoke(sharing.governance, "vale-schools", because="A complaint is looked into")

    entry = AuditEntry.objects.get(action="agreement revoked")
    assert entry.role == "information_governance"
    assert entry.organisation == sharing.world.holder.name
