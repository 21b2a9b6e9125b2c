from __future__ import annotations

import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from kinfold.sharing.agreements import Agreement, Mode, OrganisationSort, Purpose, RecordType, Request, Rule, by_holder
from kinfold.sharing.enforcing import FRESH_SECONDS, Enforcer, Head, HeadFile
from kinfold.sharing.policy import Policy, compiled
from kinfold.terms.errors import SettingError

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


def test_a_revocation_is_in_force_within_a_second(tmp_path: Path) -> None:
    head, clock = HeadFile(tmp_path / "head.json"), Clock()
    head.write(Head(1, OPEN.digest))
    enforcer = Enforcer(head.read, STORE.__getitem__, clock=clock)
    assert enforcer.allows(ASK)

    head.write(Head(2, REVOKED.digest))
    clock.now += FRESH_SECONDS

    assert FRESH_SECONDS < 1
    assert not enforcer.allows(ASK)
    assert enforcer.digest == REVOKED.digest


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param("", id="empty"),
        pytest.param("{", id="half written"),
        pytest.param('{"number": "one"}', id="not a head"),
        pytest.param('{"number": 3, "digest": "unheard of"}', id="a policy that nobody has"),
        pytest.param(None, id="no file"),
    ],
)
def test_what_cannot_be_told_is_no_and_is_yes_again_when_it_can(tmp_path: Path, broken: str | None) -> None:
    file, clock = tmp_path / "head.json", Clock()
    head = HeadFile(file)
    head.write(Head(1, OPEN.digest))
    enforcer = Enforcer(head.read, STORE.__getitem__, clock=clock)
    assert enforcer.allows(ASK)

    if broken is None:
        file.unlink()
    else:
        file.write_text(broken)
    clock.now += FRESH_SECONDS
    assert not enforcer.allows(ASK)
    head.write(Head(4, OPEN.digest))

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


def test_another_process_revokes_and_this_one_obeys(tmp_path: Path) -> None:
    head = HeadFile(tmp_path / "head.json")
    head.write(Head(1, OPEN.digest))
    enforcer = Enforcer(head.read, STORE.__getitem__, fresh=0.05)
    assert enforcer.allows(ASK)

    script = (
        "import sys; from pathlib import Path; from kinfold.sharing.enforcing import Head, HeadFile;"
        "HeadFile(Path(sys.argv[1])).write(Head(2, sys.argv[2]))"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "head.json"), REVOKED.digest], check=True)
    until = time.monotonic() + 60  # how soon is for `make bench`
    while enforcer.allows(ASK) and time.monotonic() < until:
        pass

    assert not enforcer.allows(ASK)


def test_a_head_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="cannot be read"):
        HeadFile(tmp_path / "none").read()
