"""
The national demographic service as this installation asks it: by its own key, or in the demonstration an emulator.

KINFOLD_NATIONAL_URL and KINFOLD_NATIONAL_TOKEN_URL are the addresses that NHS England gives, KINFOLD_NATIONAL_API_KEY and
KINFOLD_NATIONAL_KEY_ID who asks, KINFOLD_NATIONAL_KEY_FILE the private key (PEM), KINFOLD_NATIONAL_ORGANISATION the ODS
code of the council where several share an application. Without an address nobody is asked.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

from kinfold.outside.demographic_service.budget import DEFAULT_PER_SECOND, SharedBudget
from kinfold.outside.demographic_service.client import Client
from kinfold.outside.demographic_service.emulator.people import Entry, People, from_rows, reserved_numbers, scenarios
from kinfold.outside.demographic_service.emulator.server import addresses, running
from kinfold.outside.demographic_service.emulator.service import Emulator
from kinfold.outside.demographic_service.remembered import Remembered
from kinfold.outside.demographic_service.token import Signer, Tokens
from kinfold.outside.demographic_service.transport import sender
from kinfold.outside.faults import turn_national
from kinfold.service.records.reads.register_people import children
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import SettingError
from kinfold.terms.identifiers import is_nhs_number

_NEEDED = (
    "KINFOLD_NATIONAL_TOKEN_URL",
    "KINFOLD_NATIONAL_API_KEY",
    "KINFOLD_NATIONAL_KEY_ID",
    "KINFOLD_NATIONAL_KEY_FILE",
)
_EMULATED = "demonstration"
# In the demonstration nobody else asks, so nobody waits.
_EMULATED_PER_SECOND = 2_000.0


@contextmanager
def national_service(held_by: int) -> Iterator[Client | None]:
    """Give the client of the national service for one holder's questions, or None where nothing is set up."""
    if settings.DEMO:
        with _emulated(held_by) as client:
            yield client
        return
    yield _client() if _said("KINFOLD_NATIONAL_URL") else None


def _said(name: str) -> str:
    return os.environ.get(name, "")


def _client() -> Client:
    missing = [name for name in _NEEDED if not _said(name)]
    if missing:
        raise SettingError(f"The national service has an address, but {', '.join(missing)} must be set too.")
    key = Path(_said("KINFOLD_NATIONAL_KEY_FILE"))
    if not key.is_file():
        raise SettingError("KINFOLD_NATIONAL_KEY_FILE names no file that can be read.")
    signer = Signer(api_key=_said("KINFOLD_NATIONAL_API_KEY"), key_id=_said("KINFOLD_NATIONAL_KEY_ID"), private_key=key.read_bytes(),
                    token_url=_said("KINFOLD_NATIONAL_TOKEN_URL"))  # fmt: skip
    return _asking(
        _said("KINFOLD_NATIONAL_URL").rstrip("/"),
        signer,
        per_second=DEFAULT_PER_SECOND,
        organisation=_said("KINFOLD_NATIONAL_ORGANISATION"),
    )


def _asking(base: str, signer: Signer, *, per_second: float, organisation: str = "") -> Client:
    send = sender()
    budget = SharedBudget(Path(settings.DATA) / f"national-{signer.key_id}.sqlite3", per_second=per_second)
    # answers are kept by a hash under a key of this process alone, and forgotten with it
    return Client(base, Tokens(signer, send), send, budget, Remembered(os.urandom(32)), organisation=organisation)


@contextmanager
def _emulated(held_by: int) -> Iterator[Client]:
    """Serve an emulator of the service on this machine for as long as it is asked; its people are the invented children."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    emulator = Emulator(_invented(held_by), {_EMULATED: {_EMULATED: public}})
    emulator.knobs.per_second = _EMULATED_PER_SECOND
    emulator.turns = partial(turn_national, folder=Path(settings.DATA))
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with running(emulator) as host:
        base, token_url = addresses(host)
        signer = Signer(api_key=_EMULATED, key_id=_EMULATED, private_key=pem, token_url=token_url)
        yield _asking(base, signer, per_second=_EMULATED_PER_SECOND)


def _invented(held_by: int) -> People:
    with as_system():
        rows = children(held_by).to_dicts()
    people = People().add(scenarios())
    taken = set(people.by_number)
    for row in rows:
        if not is_nhs_number(row["nhs"]) or row["nhs"] in taken:
            row["nhs"] = ""
        taken.add(row["nhs"])
    free = (number for number in reserved_numbers() if number not in taken)
    entries: list[Entry] = [entry for entry in from_rows(rows, free) if entry.patient.birth_date]
    return people.add(entries)
