"""How well look-ups do on a register and queries whose truth is known."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from kinfold.identity.columns import columns_of, month_first_in
from kinfold.identity.decide import Decision, Matcher
from kinfold.identity.index import Register
from kinfold.identity.kept_while import settled, working
from kinfold.identity.normalise import particulars
from kinfold.identity.score import Model


@dataclass(slots=True)
class Outcome:
    """One query: the truth ("" for absent), what was found, and how sure the model was."""

    truth: str
    best: str
    probability: float
    decision: Decision
    found: bool
    kind: str
    errors: tuple[str, ...]
    origin: str
    seconds: float
    of_processor: float

    @property
    def right(self) -> bool:
        """Return whether the best candidate is the child."""
        return bool(self.truth) and self.best == self.truth


@dataclass(slots=True)
class Figures:
    """
    What a run came to. Shares are from 0 to 1; times in milliseconds.

    `p50_ms` and `p99_ms` are by the clock, with whatever else the machine did meanwhile; `of_processor` are the same of
    the processor's time, in which a machine that is shared shows less.
    """

    queries: int = 0
    candidate_recall: float = 0.0
    first_right: float = 0.0
    best_f1: float = 0.0
    recall_at_99: float = 0.0
    recall_at_999: float = 0.0
    match_precision: float = 0.0
    match_recall: float = 0.0
    twin_false_matches: float = 0.0
    sibling_false_matches: float = 0.0
    stranger_false_matches: float = 0.0
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    p50_ms_of_processor: float = 0.0
    p99_ms_of_processor: float = 0.0
    by_error: dict[str, float] = field(default_factory=dict)
    by_origin: dict[str, float] = field(default_factory=dict)
    origin_queries: dict[str, int] = field(default_factory=dict)

    @property
    def origin_gap(self) -> float:
        """Return the largest difference in recall between two origins of name."""
        return max(self.by_origin.values(), default=0.0) - min(self.by_origin.values(), default=0.0)


def look_up_all(register: pl.DataFrame, queries: pl.DataFrame, model: Model) -> list[Outcome]:
    """Look up every query and return what came of each, in order. Times are of the look-up as a service does it."""
    with working():
        matcher = Matcher(Register(columns_of(register)), model)
        ids = register["unique_id"].to_list()
        row_of = {unique_id: row for row, unique_id in enumerate(ids)}
        with settled():
            return looked_up(matcher, queries, ids, row_of)


def looked_up(matcher: Matcher, queries: pl.DataFrame, ids: Sequence[str], row_of: Mapping[str, int]) -> list[Outcome]:
    """Look up every query; `ids` are the register's own numbers by row, `row_of` says where those of the truth are."""
    month_first = month_first_in(queries)
    return [_outcome(row, matcher, ids, row_of, month_first=month_first) for row in queries.iter_rows(named=True)]


def _outcome(
    row: dict[str, Any], matcher: Matcher, ids: Sequence[str], row_of: Mapping[str, int], *, month_first: bool
) -> Outcome:
    began, worked = time.perf_counter(), time.thread_time()
    person = particulars(row, month_first=month_first)
    answer = matcher.match(person)
    of_processor, seconds = time.thread_time() - worked, time.perf_counter() - began
    truth = row.get("truth") or ""
    best = answer.best
    return Outcome(
        truth=truth,
        best=ids[best.row] if best else "",
        probability=best.probability if best else 0.0,
        decision=answer.decision,
        found=bool(truth) and row_of.get(truth) in matcher.register.rows_like(person),
        kind=row.get("kind") or "",
        errors=tuple((row.get("errors") or "").split()),
        origin=row.get("origin") or "",
        seconds=seconds,
        of_processor=of_processor,
    )


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """Return the figures of a run."""
    true = [one for one in outcomes if one.truth]
    matched = [one for one in outcomes if one.decision is Decision.MATCH]
    times = sorted(one.seconds * 1_000 for one in outcomes)
    worked = sorted(one.of_processor * 1_000 for one in outcomes)
    curve = list(_curve(outcomes, len(true)))
    by_kind = {kind: [one for one in outcomes if one.kind == kind] for kind in ("twin", "sibling", "stranger")}
    return Figures(
        queries=len(outcomes),
        candidate_recall=_share(one.found for one in true),
        first_right=_share(one.right for one in true),
        best_f1=max((2 * p * r / (p + r) for p, r in curve if p + r), default=0.0),
        recall_at_99=max((r for p, r in curve if p >= 0.99), default=0.0),
        recall_at_999=max((r for p, r in curve if p >= 0.999), default=0.0),
        match_precision=_share(one.right for one in matched),
        match_recall=sum(one.right for one in matched) / max(len(true), 1),
        twin_false_matches=_share(one.decision is Decision.MATCH for one in by_kind["twin"]),
        sibling_false_matches=_share(one.decision is Decision.MATCH for one in by_kind["sibling"]),
        stranger_false_matches=_share(one.decision is Decision.MATCH for one in by_kind["stranger"]),
        p50_ms=times[len(times) // 2] if times else 0.0,
        p99_ms=times[int(len(times) * 0.99)] if times else 0.0,
        p50_ms_of_processor=worked[len(worked) // 2] if worked else 0.0,
        p99_ms_of_processor=worked[int(len(worked) * 0.99)] if worked else 0.0,
        by_error=_shares((error, one.found) for one in true for error in one.errors),
        by_origin=_shares((one.origin, one.right and one.decision is Decision.MATCH) for one in true),
        origin_queries=dict(Counter(one.origin for one in true)),
    )


def _curve(outcomes: Sequence[Outcome], true: int) -> Iterable[tuple[float, float]]:
    """Yield (precision, recall) as ever less certain answers are accepted; equal probabilities go together."""
    in_order = sorted((one for one in outcomes if one.best), key=lambda one: -one.probability)
    right = 0
    for taken, one in enumerate(in_order, start=1):
        right += one.right
        if taken == len(in_order) or in_order[taken].probability < one.probability:
            yield right / taken, right / max(true, 1)


def _share(flags: Iterable[bool]) -> float:
    found = list(flags)
    return sum(found) / len(found) if found else 0.0


def _shares(pairs: Iterable[tuple[str, bool]]) -> dict[str, float]:
    grouped: dict[str, list[bool]] = defaultdict(list)
    for name, flag in pairs:
        grouped[name].append(flag)
    return {name: round(_share(flags), 4) for name, flags in sorted(grouped.items()) if name}
