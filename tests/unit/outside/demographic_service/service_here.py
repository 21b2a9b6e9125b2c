"""The emulator on this machine's loopback, and a client that is allowed to ask it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from kinfold.identity.rarity import Rarity
from kinfold.identity.score import shipped_model
from kinfold.outside.demographic_service.breaker import Breaker
from kinfold.outside.demographic_service.budget import SharedBudget
from kinfold.outside.demographic_service.client import Client
from kinfold.outside.demographic_service.emulator.people import People, scenarios
from kinfold.outside.demographic_service.emulator.server import addresses, running
from kinfold.outside.demographic_service.emulator.service import Emulator
from kinfold.outside.demographic_service.matching import Judge
from kinfold.outside.demographic_service.remembered import Remembered
from kinfold.outside.demographic_service.token import Signer, Tokens
from kinfold.outside.demographic_service.transport import sender

API_KEY, KEY_ID = "invented-application", "test-1"
JUDGE = Judge(shipped_model(), Rarity(size=1_000_000))


@cache
def keys() -> tuple[bytes, bytes]:
    """Return (private, public) in PEM."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return (
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
        private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
    )


@dataclass
class Here:
    emulator: Emulator
    client: Client
    pauses: list[float]
    signer: Signer


@contextmanager
def service(folder: Path, *, per_second: float = 1_000.0, seconds: float = 5.0) -> Iterator[Here]:
    emulator = Emulator(People().add(scenarios()), {API_KEY: {KEY_ID: keys()[1]}})
    emulator.knobs.per_second = per_second
    pauses: list[float] = []
    with running(emulator) as host:
        base, token_url = addresses(host)
        signer = Signer(api_key=API_KEY, key_id=KEY_ID, private_key=keys()[0], token_url=token_url)
        send = sender(seconds)
        client = Client(
            base,
            Tokens(signer, send),
            send,
            SharedBudget(folder / "budget.sqlite3", per_second=10_000, burst=1_000),
            Remembered(b"a key of this test"),
            Breaker(failures=5, rest=30.0),
            pause=pauses.append,
        )
        yield Here(emulator, client, pauses, signer)
