from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.sharing.agreements import (
    Agreement,
    Mode,
    OrganisationSort,
    Purpose,
    RecordType,
    Request,
    Rule,
    by_holder,
    decided,
)
from kinfold.sharing.comparing import Change, changes
from kinfold.sharing.policy import CELLS, compiled, digest_of

DAYS = [date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)]
ASKED_ON = [date(2025, 12, 31), date(2026, 3, 31), *DAYS, date(2030, 1, 1)]
DIRECTORY = {
    "council": OrganisationSort.LOCAL_AUTHORITY,
    "clinic": OrganisationSort.HEALTH,
    "hospital": OrganisationSort.HEALTH,
    "police": OrganisationSort.POLICE,
}
ORGANISATIONS = [*DIRECTORY, "unheard-of"]


def some(of: type) -> st.SearchStrategy[frozenset]:  # type: ignore[type-arg]
    return st.frozensets(st.sampled_from(list(of)), min_size=1)  # type: ignore[call-overload]


RULES = st.builds(
    Rule,
    allows=st.booleans(),
    modes=some(Mode),
    record_types=some(RecordType),
    purposes=some(Purpose),
    sorts=st.frozensets(st.sampled_from(OrganisationSort), max_size=3),
    organisations=st.frozensets(st.sampled_from(ORGANISATIONS), max_size=2),
    since=st.sampled_from([None, *DAYS]),
    until=st.sampled_from([None, *DAYS]),
)
AGREEMENTS = st.builds(
    Agreement,
    holder=st.sampled_from(["council", "clinic"]),
    version=st.integers(1, 3),
    defaults=st.lists(RULES, max_size=3).map(tuple),
    exceptions=st.lists(RULES, max_size=4).map(tuple),
    revoked=st.sampled_from([False, False, False, True]),
)
REQUESTS = st.builds(
    Request,
    holder=st.sampled_from(["council", "clinic", "unheard-of"]),
    asker=st.sampled_from(ORGANISATIONS),
    mode=st.sampled_from(Mode),
    record_type=st.sampled_from(RecordType),
    purpose=st.sampled_from(Purpose),
    on=st.sampled_from(ASKED_ON),
)


@given(st.lists(AGREEMENTS, max_size=3), st.lists(REQUESTS, min_size=1, max_size=20))
def test_the_compiled_policy_answers_as_the_agreements_walked_line_by_line(
    written: list[Agreement], requests: list[Request]
) -> None:
    agreements = by_holder(written)
    policy = compiled(agreements, DIRECTORY)

    for request in requests:
        assert policy.allows(request) == decided(agreements, DIRECTORY, request).allowed


@given(st.lists(AGREEMENTS, max_size=3), st.lists(AGREEMENTS, max_size=3), REQUESTS)
def test_what_would_change_is_what_the_two_versions_answer_differently(
    old: list[Agreement], new: list[Agreement], request: Request
) -> None:
    before, after = compiled(by_holder(old), DIRECTORY), compiled(by_holder(new), DIRECTORY)
    cell = (request.holder, request.mode, request.record_type, request.purpose)
    sort = DIRECTORY.get(request.asker)
    named = {name for one in (before, after) if (held := one.holders.get(request.holder)) for name in held.named}
    asker = request.asker if request.asker in named else sort

    found = {
        (change.holder, change.mode, change.record_type, change.purpose): change.allowed
        for change in changes(before, after, on=request.on)
        if change.asker == asker
    }

    was, is_ = before.allows(request), after.allows(request)
    assert found.get(cell) == (is_ if was != is_ else None)


ALLOWS_POLICE = Rule(
    allows=True, modes=frozenset(Mode), record_types=frozenset({RecordType.CHILDRENS_SERVICES}),
    purposes=frozenset({Purpose.SAFEGUARDING}), sorts=frozenset({OrganisationSort.POLICE}), reason="section 47",
)  # fmt: skip
ASK = Request(
    holder="council", asker="police", mode=Mode.CONTENT, record_type=RecordType.CHILDRENS_SERVICES,
    purpose=Purpose.SAFEGUARDING, on=date(2026, 6, 1),
)  # fmt: skip


@pytest.mark.parametrize(
    ("agreement", "request_", "allowed", "words"),
    [
        pytest.param(Agreement(holder="council", defaults=(ALLOWS_POLICE,)), ASK, True, "section 47", id="a default"),
        pytest.param(Agreement(holder="clinic", defaults=(ALLOWS_POLICE,)), ASK, False, "no agreement", id="none"),
        pytest.param(Agreement(holder="council", defaults=(ALLOWS_POLICE,), revoked=True), ASK, False, "revoked",
                     id="revoked"),
        pytest.param(Agreement(holder="council", defaults=(ALLOWS_POLICE,)), replace(ASK, asker="nobody"), False,
                     "not in the directory", id="unknown asker"),
        pytest.param(Agreement(holder="council", defaults=(ALLOWS_POLICE,)),
                     replace(ASK, purpose=Purpose.STATISTICS), False, "for other purposes", id="another purpose"),
        pytest.param(Agreement(holder="council", defaults=(replace(ALLOWS_POLICE, modes=frozenset({Mode.EXISTENCE})),)),
                     ASK, False, "not what it says", id="existence alone"),
        pytest.param(Agreement(holder="council", defaults=(replace(ALLOWS_POLICE, until=date(2026, 6, 1)),)), ASK, False,
                     "not on 1 June 2026", id="over since that day"),
        pytest.param(Agreement(holder="council", defaults=(ALLOWS_POLICE,), exceptions=(
                     replace(ALLOWS_POLICE, allows=False, reason="an inquiry"),)), ASK, False, "an inquiry",
                     id="an exception beats a default"),
        pytest.param(Agreement(holder="council", exceptions=(replace(ALLOWS_POLICE, allows=True),
                     replace(ALLOWS_POLICE, allows=False))), ASK, False, "refuses", id="among exceptions no beats yes"),
        pytest.param(Agreement(holder="council", exceptions=(replace(ALLOWS_POLICE, allows=False),
                     replace(ALLOWS_POLICE, organisations=frozenset({"police"})))), ASK, True, "allows",
                     id="a named organisation beats its sort"),
        pytest.param(Agreement(holder="council", defaults=(replace(ALLOWS_POLICE, sorts=frozenset()),)), ASK, False,
                     "other organisations", id="a rule that names nobody fits nobody"),
    ],
)  # fmt: skip
def test_an_answer_says_which_rule_gave_it_or_what_alone_stands_in_the_way(
    agreement: Agreement, request_: Request, allowed: bool, words: str
) -> None:
    answer = decided(by_holder([agreement]), DIRECTORY, request_)

    assert answer.allowed == allowed
    assert words in answer.because
    assert compiled(by_holder([agreement]), DIRECTORY).allows(request_) == allowed


def test_the_latest_version_of_an_agreement_holds() -> None:
    versions = [Agreement(holder="council", version=2), Agreement(holder="council", defaults=(ALLOWS_POLICE,))]

    assert not compiled(by_holder(versions), DIRECTORY).allows(ASK)


def test_the_digest_is_of_what_is_agreed_and_not_of_its_order() -> None:
    two = [Agreement(holder="council", defaults=(ALLOWS_POLICE,)), Agreement(holder="clinic")]

    assert digest_of(by_holder(two), DIRECTORY) == digest_of(by_holder(two[::-1]), dict(reversed(DIRECTORY.items())))
    assert digest_of(by_holder(two), DIRECTORY) != digest_of(by_holder(two[:1]), DIRECTORY)


def test_a_change_names_who_would_be_told_more() -> None:
    before = compiled(by_holder([]), DIRECTORY)
    after = compiled(by_holder([Agreement(holder="council", defaults=(ALLOWS_POLICE,))]), DIRECTORY)

    assert list(changes(before, after, on=ASK.on)) == [
        Change("council", "police", mode, RecordType.CHILDRENS_SERVICES, Purpose.SAFEGUARDING, allowed=True)
        for mode in Mode
    ]
    assert len(CELLS) == 70
