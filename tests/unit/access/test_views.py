"""The audit chain: whatever is changed, removed, swapped or inserted is found, and erasure leaves it whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from random import Random
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kinfold.access.views import (
    COVERED,
    FIRST,
    AuditEntry,
    Head,
    body_hash,
    canonical,
    covered_text,
    link,
    linked,
    salted,
    sign_head,
    verify,
    verify_head,
)
from kinfold.terms.errors import StructureBroken

BEGUN = datetime(2026, 1, 30, 9, 0, tzinfo=UTC)


def bodies_of(count: int) -> list[dict[str, Any]]:
    return [salted({"shown": [f"child {n}"], "purpose": "a visit"}, n.to_bytes(16, "big")) for n in range(1, count + 1)]


def a_chain(count: int, held_by: int = 1, days: int = 1) -> list[AuditEntry]:
    return linked(
        AuditEntry(
            held_by=held_by, seq=0, at=BEGUN + timedelta(days=days * n), actor=f"worker {n % 3}", action="opened",
            body_hash=body_hash(body), organisation="Invented Council", role="social_worker", person=f"person {n}",
        )
        for n, body in enumerate(bodies_of(count))
    )  # fmt: skip


chains = st.integers(2, 12).map(a_chain)
seeds = st.integers(0, 2**32).map(Random)


def head_of(entry: AuditEntry) -> Head:
    """Return the head of a chain that ends with this entry."""
    return Head(entry.held_by, f"{entry.at:%Y-%m}", entry.seq, entry.hash)


@given(chains)
def test_an_untouched_chain_holds(chain: list[AuditEntry]) -> None:
    assert verify(chain) == []
    assert [entry.seq for entry in chain] == list(range(1, len(chain) + 1))
    assert chain[0].previous == FIRST


def other_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    return value + 1 if isinstance(value, int) else value + "x"


@given(chains, st.text(), st.text())
def test_what_is_hashed_of_an_entry_is_its_canonical_form(chain: list[AuditEntry], actor: str, reason: str) -> None:
    for entry in (replace(one, actor=actor, reason=reason) for one in chain):
        covered = {name: getattr(entry, name) for name in COVERED}
        assert covered_text(**covered).encode(errors="surrogatepass") == canonical(covered)


@given(chains, seeds, st.sampled_from([*COVERED, "previous", "hash"]))
def test_a_changed_entry_is_found_where_it_stands(chain: list[AuditEntry], chance: Random, name: str) -> None:
    place = chance.randrange(len(chain))
    entry = chain[place]
    changed = [*chain]
    changed[place] = replace(entry, **{name: other_value(getattr(entry, name))})

    broken = verify(changed)

    assert broken
    # Another holder's number on the first entry makes the second the odd one out, but the first's hash tells first.
    assert broken[0].seq == entry.seq


@given(chains, seeds)
def test_an_entry_changed_with_its_hash_made_again_is_found_at_the_next(
    chain: list[AuditEntry], chance: Random
) -> None:
    place = chance.randrange(len(chain) - 1)
    forged = replace(chain[place], person="somebody else")
    forged = replace(forged, hash=link(forged.previous, forged))

    broken = verify([*chain[:place], forged, *chain[place + 1 :]])

    assert broken[0].seq == chain[place].seq + 1
    assert broken[0].fault == "previous"


@given(chains, seeds)
def test_a_removed_entry_is_found(chain: list[AuditEntry], chance: Random) -> None:
    place = chance.randrange(len(chain) - 1)

    broken = verify([*chain[:place], *chain[place + 1 :]])

    assert broken[0].seq == chain[place].seq


@given(chains)
def test_entries_cut_off_the_end_are_found_by_a_head_kept_elsewhere(chain: list[AuditEntry]) -> None:
    head = head_of(chain[-1])

    assert verify(chain[:-1]) == []
    assert [broken.fault for broken in verify(chain[:-1], until=head)] == ["head"]
    assert verify(chain, until=head) == []


@given(chains, seeds)
def test_swapped_entries_are_found(chain: list[AuditEntry], chance: Random) -> None:
    one, other = sorted(chance.sample(range(len(chain)), 2))
    swapped = [*chain]
    swapped[one], swapped[other] = swapped[other], swapped[one]

    assert verify(swapped)[0].seq == chain[one].seq


@given(chains, seeds)
def test_an_inserted_entry_is_found(chain: list[AuditEntry], chance: Random) -> None:
    place = chance.randrange(1, len(chain))
    extra = replace(chain[place - 1], action="never happened")
    (made,) = linked([extra], after=chain[place - 1])

    broken = verify([*chain[:place], made, *chain[place:]])

    assert broken[0].seq in (made.seq, made.seq + 1)


def test_an_entry_of_another_holder_is_found() -> None:
    chain = a_chain(3)
    (stranger,) = linked([replace(a_chain(1, held_by=2)[0])], after=chain[-1])

    assert [broken.fault for broken in verify([*chain, stranger])] == ["holder"]


def test_erasing_a_body_by_law_leaves_the_chain_whole() -> None:
    chain, bodies = a_chain(4), bodies_of(4)
    kept = {entry.seq: body for entry, body in zip(chain, bodies, strict=True) if entry.seq != 2}

    assert verify(chain, bodies=lambda entry: kept.get(entry.seq), erasures={2}) == []


def test_a_body_that_is_gone_without_an_erasure_is_found() -> None:
    chain, bodies = a_chain(4), bodies_of(4)
    kept = {entry.seq: body for entry, body in zip(chain, bodies, strict=True) if entry.seq != 2}

    broken = verify(chain, bodies=lambda entry: kept.get(entry.seq))

    assert [(b.seq, b.fault) for b in broken] == [(2, "content")]


def test_a_changed_body_is_found() -> None:
    chain, bodies = a_chain(4), bodies_of(4)
    bodies[2]["purpose"] = "a birthday"

    broken = verify(chain, bodies=lambda entry: bodies[entry.seq - 1])

    assert [(b.seq, b.fault) for b in broken] == [(3, "content")]
    assert broken[0].message == "The content of entry 3 was changed after it was written."


def test_later_months_are_checked_from_the_head_of_the_month_before() -> None:
    chain = a_chain(6)
    january, february = head_of(chain[1]), head_of(chain[5])

    assert verify(chain[2:], after=january, until=february) == []
    assert verify(chain[3:], after=january)[0].seq == 3


def test_a_head_is_signed_and_a_changed_head_is_not_believed() -> None:
    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    signed = sign_head(Head(1, "2026-01", 2, "ab" * 32), key)

    assert verify_head(signed, key.public_key())
    assert not verify_head(signed, other.public_key())
    assert not verify_head(replace(signed, head=replace(signed.head, seq=3)), key.public_key())


def test_one_moment_is_written_alike_in_every_time_zone() -> None:
    summer = timezone(timedelta(hours=1))
    moment = datetime(2026, 7, 1, 10, 0, 0, 5, tzinfo=summer)

    assert canonical({"at": moment}) == b'{"at":"2026-07-01T09:00:00.000005Z"}'
    assert canonical({"at": moment.astimezone(UTC)}) == canonical({"at": moment})


def test_the_order_of_keys_does_not_matter_and_letters_are_kept() -> None:
    assert canonical({"b": 1, "a": "Zoë"}) == '{"a":"Zoë","b":1}'.encode()
    assert canonical({"a": "Zoë", "b": 1}) == canonical({"b": 1, "a": "Zoë"})
    assert canonical([date(2026, 3, 4), UUID(int=7), None, True]) == (
        b'["2026-03-04","00000000-0000-0000-0000-000000000007",null,true]'
    )


@pytest.mark.parametrize(
    ("value", "where"),
    [
        pytest.param({"a": {"b": 0.1}}, r"float at \$\.a\.b", id="a float"),
        pytest.param({"a": [b"x"]}, r"bytes at \$\.a\[0\]", id="bytes"),
        pytest.param({"a": datetime(2026, 3, 4)}, r"time zone at \$\.a", id="a moment without its zone"),  # noqa: DTZ001
        pytest.param({1: "x"}, r"text for its keys at \$", id="a key that is not text"),
    ],
)
def test_what_cannot_be_written_alike_everywhere_is_refused_and_placed(value: Any, where: str) -> None:
    with pytest.raises(StructureBroken, match=where):
        canonical(value)


def test_two_like_bodies_hash_apart_by_their_salt() -> None:
    one, other = salted({"purpose": "a visit"}, b"1" * 16), salted({"purpose": "a visit"}, b"2" * 16)

    assert body_hash(one) != body_hash(other)


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(StructureBroken, match="16 random bytes"):
        salted({}, b"short")
