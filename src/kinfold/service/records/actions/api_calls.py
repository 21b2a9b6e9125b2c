"""What is kept of a call so that it can be sent again, and how many calls a client has made in a minute."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from kinfold.service.records.models import IdempotencyKey
from kinfold.service.records.tables import fetch

KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Before:
    """What a key says: whether the call was made before, with another body, and what was answered."""

    made: bool
    same: bool
    status: int
    answer: dict[str, Any]


def claim_key(*, client: str, key: str, request_hash: str) -> Before:
    """
    Take a key for a call, inside the transaction that makes the call, or return what it was used for.

    A second call with the key waits in the database until the first is over, and then finds its answer.
    """
    now = timezone.now()
    IdempotencyKey.objects.filter(client=client, at__lt=now - KEPT_FOR).delete()
    row, new = IdempotencyKey.objects.get_or_create(
        client=client, key=key, defaults={"request_hash": request_hash, "at": now}
    )
    return Before(not new, row.request_hash == request_hash, row.status, row.answer)


def keep_answer(*, client: str, key: str, status: int, answer: dict[str, Any]) -> None:
    """Keep what was answered under a key, in the transaction that made the change."""
    IdempotencyKey.objects.filter(client=client, key=key).update(status=status, answer=answer)


def give_key_back(*, client: str, key: str) -> None:
    """Forget a key whose call changed nothing, so that it can be put right and sent again."""
    IdempotencyKey.objects.filter(client=client, key=key).delete()


def seconds_to_wait(who: str, *, most: int, window: int = 60) -> int:
    """
    Count a call by `who` and return 0, or how long to wait when it is one too many for the window.

    The count lies in the table of the shared cache, which is swept of what is over: all processes see it, and one
    statement adds to it, so that of calls in one instant each counts.
    """
    now = time.time()
    over = timezone.now().replace(microsecond=0) + timedelta(seconds=2 * window)
    key = f"calls:{who}:{int(now // window)}"[:255]
    made = fetch(_COUNTED, [key, connection.ops.adapt_datetimefield_value(over)])[0][0]
    return 0 if int(made) <= most else max(1, window - int(now % window))


_COUNTED = (
    "insert into shared_cache (cache_key, value, expires) values (%s, '1', %s) on conflict (cache_key) "
    "do update set value = cast(cast(shared_cache.value as integer) + 1 as text) returning value"
)
