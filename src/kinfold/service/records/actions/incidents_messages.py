"""Messages about serious incidents between a council's installation and the Panel's: signed, and checked on arrival."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from kinfold.care import messages
from kinfold.care.incidents import LOCAL, NATIONAL, REPLY
from kinfold.service.records.actions.facts import record_fact
from kinfold.service.records.actions.services import insist_on_writing, keep
from kinfold.service.records.audit_heads import signing_key
from kinfold.service.records.loading.resolve import known_things, remember
from kinfold.service.records.models import Thing
from kinfold.service.records.reads.incidents import IncidentPage
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.services import SAFEGUARDING
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError

# What a signature of ours is over, so that one made for another purpose never counts here.
PURPOSE = b"kinfold incident message\n"
SENDER, KEY, FACT = "message_sender", "message_key", "message_fact"


def signed(body: dict[str, Any], *, held_by: int) -> bytes:
    """Return a message as a file: the body, the holder's public key, and the signature over the body."""
    key = signing_key(held_by)
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    signature = key.sign(PURPOSE + messages.canonical(body))
    whole = {**body, "public_key": public.hex(), "signature": signature.hex()}
    return json.dumps(whole, indent=1, ensure_ascii=False, sort_keys=True).encode()


def opened(content: bytes, *, direction: str) -> messages.Message:
    """Return a message whose signature holds. Raises InputError for any other."""
    message, over = messages.read_message(content, direction=direction)
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(message.public_key))
        key.verify(bytes.fromhex(message.signature), PURPOSE + over)
    except (InvalidSignature, ValueError):
        raise InputError(
            "The message was changed after it was signed. Ask the sender for it again, and tell them of this one."
        ) from None
    return message


def trusted_sender(held_by: int, message: messages.Message, *, checked: bool, by: str) -> Thing:
    """
    Return the body that sent a message, made on its first one.

    The first message of a sender is taken only when somebody has `checked` the fingerprint with them; a later one
    under another key is refused. Raises InputError saying which.
    """
    with as_system():
        sender = known_things(held_by, [(SENDER, message.sender_code)])[SENDER, message.sender_code]
        holders_of_key = known_things(held_by, [(KEY, message.public_key)])[KEY, message.public_key]
        if sender and sender[0] in holders_of_key:
            return Thing.objects.get(pk=sender[0])
        if sender:
            raise InputError(
                f"{message.sender} signed this with another key than before ({message.fingerprint}). Do not use it: "
                "ring them on a number you know."
            )
        if not checked:
            raise InputError(
                f"This is the first message of {message.sender}. Ring them on a number you know, compare the "
                f"fingerprint of their key, {message.fingerprint}, and tick that you did."
            )
        return _new_sender(held_by, message, by)


def _new_sender(held_by: int, message: messages.Message, by: str) -> Thing:
    made = Thing.objects.create(word="body", sort="organisation", held_by_id=held_by)
    values = {"name": message.sender, "organisation_code": message.sender_code, "partner_type": "other"}
    record_fact(kind="partner_details", subject=made, values=values, by=by, because="first message received")
    remember(held_by, [(SENDER, message.sender_code, made.pk), (KEY, message.public_key, made.pk)])
    return made


def known_facts(held_by: int, message: messages.Message) -> list[str]:
    """Return the senders' ids of those facts of a message that were received before."""
    wanted = [(FACT, one.fact) for one in message.facts]
    with as_system():
        return [value for _, value in known_things(held_by, wanted)]


def received(held_by: int, facts: Iterable[messages.Carried], case: Thing) -> None:
    """Keep that these facts of a sender were received."""
    with as_system():
        remember(held_by, [(FACT, one.fact, case.pk) for one in facts])


def fingerprint_of(held_by: int) -> str:
    """Return the fingerprint of our own key, to be read out to whoever receives our first message."""
    raw = signing_key(held_by).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    return " ".join(raw[place : place + 4] for place in range(0, 32, 4))


def message_to_panel(reader: Reader, page: IncidentPage) -> bytes:
    """
    Return the case as a signed file for the Panel, without the child's name. The export is a View.

    Raises InputError before the incident is notified: until the director submits it, nothing leaves.
    """
    if not page.case.step("notification").is_finished:
        raise InputError("The director has not submitted the notification yet, so there is nothing to send.")
    who, row = page.opened.who, page.opened.row
    aware = page.case.incident.valid_from
    age = None
    if who.birth_date and aware:
        age = aware.year - who.birth_date.year - ((aware.month, aware.day) < (who.birth_date.month, who.birth_date.day))
    facts = [page.case.incident, *(one for one in page.case.facts if not _is_reply(one))]
    body = messages.body_of(
        facts, direction=messages.TO_PANEL, sender_code=row.held_by.code, sender=row.held_by.name, incident=page.fact,
        made_at=timezone.now(), age=age, sex=who.sex,
    )  # fmt: skip
    reader.looked(row.held_by_id, "message to the Panel", [who.uid], because="sent to the Panel")
    return signed(body, held_by=row.held_by_id)


def _is_reply(fact: Any) -> bool:
    return bool(fact.payload.get("step") == REPLY or fact.payload.get("matter") == NATIONAL)


def receive_reply(reader: Reader, page: IncidentPage, content: bytes, *, checked: bool) -> int:
    """
    Keep the Panel's reply and its decision on a national review; return how many facts were new.

    Raises InputError for a file that is no reply, is about another incident, or whose signature does not hold.
    """
    row = page.opened.row
    insist_on_writing(reader, row, SAFEGUARDING, "practice_review_step")
    message = opened(content, direction=messages.FROM_PANEL)
    if message.incident != page.fact:
        raise InputError("This reply is about another incident. Open that one and read it in there.")
    trusted_sender(row.held_by_id, message, checked=checked, by=str(reader.account.uid))
    new = messages.new_facts(message, known_facts(row.held_by_id, message))
    for one in new:
        if one.values.get("matter") == LOCAL:
            raise InputError("The Panel does not decide on a local review. Ask them for the reply again.")
        keep(reader, row, kind=one.kind, values={**one.values, "concerns": page.fact},
             day=one.valid_from or message.made_at.date(), because="the Panel replied")  # fmt: skip
    received(row.held_by_id, new, row)
    return len(new)
