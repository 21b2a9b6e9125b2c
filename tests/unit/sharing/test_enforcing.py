from __future__ import annotations

from datetime import date

import pytest

from kinfold.sharing.agreements import Agreement, Mode, OrganisationSort, Purpose, RecordType, Request, Rule, by_holder
from kinfold.sharing.enforcing import FRESH_SECONDS, Enforcer, Head
from kinfold.sharing.policy import Policy, compiled

DIRECTORY = {"council": OrganisationSort.LOCAL_AUTHORITY, "police": OrganisationSort.POLICE}
RULE = Rule(
    allows=True, modes=frozenset(Mode), record_types=frozenset(RecordType), purposes=frozenset(Purpose),
    sorts=frozenset({OrganisationSort.POLICE}),
)  # fmt: skip
OPEN = compiled(by_holder([Agreement(holder="council", defaults=(RULE,))]), DIRECTORY)
REVOKED = compiled(by_holder([Agreement(holder="council", defaults=(RULE,), version=2, revoked=True)]), DIRECTORY)
STORE = {policy.digest: policy for policy in (OPEN, REVOKED)}
ASK = Request(
    holder="council", asker="police", mode=Mode.CONTENT, record_type=RecordType.PERSONAL, purpose=Purpose.SAFEGUARDING,
    on=date(2026, 6, 1),
)  # fmt: skip


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_revocation_is_in_force_within_a_second() -> None:
    heads, clock = [Head(1, OPEN.digest)], Clock()
    enforcer = Enforcer(lambda: heads[-1], STORE.__getitem__, clock=clock)
    assert enforcer.allows(ASK)

    heads.append(Head(2, REVOKED.digest))
    clock.now += FRESH_SECONDS

    assert FRESH_SECONDS < 1
    assert not enforcer.allows(ASK)
    assert enforcer.digest == REVOKED.digest


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(OSError("the database is away"), id="no head to be had"),
        pytest.param(Head(3, "unheard of"), id="a policy that nobody has"),
    ],
)
def test_what_cannot_be_told_is_no_and_is_yes_again_when_it_can(broken: Head | OSError) -> None:
    heads: list[Head | OSError] = [Head(1, OPEN.digest)]
    clock = Clock()

    def read() -> Head:
        if isinstance(last := heads[-1], OSError):
            raise last
        return last

    enforcer = Enforcer(read, STORE.__getitem__, clock=clock)
    assert enforcer.allows(ASK)

    heads.append(broken)
    clock.now += FRESH_SECONDS
    assert not enforcer.allows(ASK)
    heads.append(Head(4, OPEN.digest))

    assert enforcer.allows(ASK)


def test_a_policy_that_is_not_the_one_named_opens_nothing() -> None:
    def load(_: str) -> Policy:
        return OPEN

    assert not Enforcer(lambda: Head(1, REVOKED.digest), load).allows(ASK)


def test_an_older_head_than_was_seen_opens_nothing() -> None:
    clock, heads = Clock(), [Head(2, REVOKED.digest), Head(1, OPEN.digest)]
    enforcer = Enforcer(lambda: heads.pop(0) if len(heads) > 1 else heads[0], STORE.__getitem__, clock=clock)
    enforcer.allows(ASK)

    clock.now += FRESH_SECONDS

    assert not enforcer.allows(ASK)


def test_the_head_is_read_once_for_many_decisions() -> None:
    read: list[int] = []

    def head() -> Head:
        read.append(1)
        return Head(1, OPEN.digest)

    enforcer = Enforcer(head, STORE.__getitem__, clock=Clock())
    for _ in range(1_000):
        assert enforcer.allows(ASK)

    assert len(read) == 1
