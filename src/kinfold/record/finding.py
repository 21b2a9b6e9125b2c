"""What a reader of the record is warned about: a fact kept as reported that does not fit with another."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing that does not fit.

    `code` is a stable word for machines, `kind` the kind it is about, `message` a sentence for the person who
    can put it right, without names, and `facts` the public identifiers of the facts concerned.
    """

    code: str
    kind: str
    message: str
    facts: tuple[UUID, ...]
