"""
A file of people matched against a register, and a file searched for people who are in it twice.

The answers are those of single look-ups. What a whole file adds is its own share of matches: where nearly all the
queries are in the register, or hardly any, the odds of each are moved to fit (`prior_shift`).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from kinfold.identity.batch import Engine, records, scored
from kinfold.identity.blocking import exchanged, stretches_within
from kinfold.identity.cluster import clustered
from kinfold.identity.columns import Columns, columns_of, month_first_in
from kinfold.identity.compare import are_another_day
from kinfold.identity.decide import Answer, Decision, Matcher, Searchable
from kinfold.identity.index import Register
from kinfold.identity.kept_while import settled, working
from kinfold.identity.normalise import particulars
from kinfold.identity.pairwise import fields_of, levels_of_pairs, scores_of
from kinfold.identity.score import Model, probability

Progress = Callable[[int, int], None]
Rows = npt.NDArray[np.uint32]
ANSWER = {
    "unique_id": pl.String,
    "best_id": pl.String,
    "probability": pl.Float64,
    "decision": pl.String,
    "runner_up_id": pl.String,
    "runner_up_probability": pl.Float64,
    "reasons": pl.String,
}
CLUSTER = {"unique_id": pl.String, "cluster_id": pl.String, "cluster_size": pl.Int64, "probability": pl.Float64}
# Enough to know the share of matches to a hundredth.
_SAMPLE = 4_000
# No file moves the odds of a pair by more than this (20 to 1): a file can be odd.
_FURTHEST_SHIFT = 3.0
_TOLD_EVERY = 1_000
# The columns that are read into a code, what they are kept as, and how they should be written.
_READ_AS = (
    ("dob", "born", "Write a day as 2015-03-09."),
    ("postcode", "postcode", "Write a whole postcode, such as LS1 4AP."),
    ("nhs", "nhs", "Write the ten digits; one that fails its own check is not used."),
)
_NAMED = 5  # rows named in a note
# Below this logarithm of odds two rows that share keys are taken to be two people.
_APART = -2.0


@dataclass(slots=True)
class Matched:
    """The answers (one row for each query, in order), how many of each decision, and what was noticed."""

    answers: pl.DataFrame
    counts: dict[str, int]
    notes: list[str] = field(default_factory=list)
    shift: float = 0.0


def match_all(
    register: pl.DataFrame, queries: pl.DataFrame, model: Model, *, progress: Progress | None = None
) -> Matched:
    """Return the answer to each query, whatever the state of its row; a row that cannot be looked up is an `error`."""
    with working():
        columns = columns_of(register)
        notes = _notes("The register", register) + _unread(register, columns)
        matcher = Matcher(Register(columns), model)
        return _matched(matcher, register["unique_id"].to_list(), queries, notes, progress)


def match_in(
    register: Searchable, ids: Sequence[str], queries: pl.DataFrame, model: Model, *, progress: Progress | None = None
) -> Matched:
    """Return the same in a register that is ready for look-ups (a snapshot, say). `ids` are its rows' own numbers."""
    with working():
        return _matched(Matcher(register, model), ids, queries, [], progress)


def _matched(
    matcher: Matcher, ids: Sequence[str], queries: pl.DataFrame, notes: list[str], progress: Progress | None
) -> Matched:
    model = matcher.model
    month_first = month_first_in(queries)
    if month_first:
        notes.append("The queries' dates of birth are read month first: many could not be days otherwise.")
    matcher.shift = prior_shift(list(_sampled(queries, matcher, month_first=month_first)), model.prior)
    found = {name: list[Any]() for name in ANSWER}
    unread = defaultdict[str, list[str]](list)
    with settled():
        for number, row in enumerate(queries.iter_rows(named=True), start=1):
            for problem in _add(found, row, matcher, ids, month_first=month_first):
                unread[problem].append(row["unique_id"])
            if progress and number % _TOLD_EVERY == 0:
                progress(number, queries.height)
    counts = Counter(found["decision"])
    in_order = {decision.value: counts.get(decision.value, 0) for decision in Decision}
    notes = notes + _notes("The queries", queries)
    notes += [f"Of the queries, {problem} in {_named(rows)}: looked up without it." for problem, rows in unread.items()]
    return Matched(pl.DataFrame(found, schema=ANSWER), in_order, notes, matcher.shift)


def _add(
    found: dict[str, list[Any]], row: dict[str, Any], matcher: Matcher, ids: Sequence[str], *, month_first: bool
) -> tuple[str, ...]:
    """Add the answer about one row, and return what in it could not be read."""
    person = particulars(row, month_first=month_first)
    answer = matcher.match(person)
    reasons = matcher.reasons(answer)
    if person.problems:
        reasons = f"{reasons} In the query, {' and '.join(person.problems)}.".strip()
    values = (row["unique_id"], *_pair(answer, 0, ids), answer.decision.value, *_pair(answer, 1, ids), reasons)
    for column, value in zip(found.values(), values, strict=True):
        column.append(value)
    return person.problems


def _pair(answer: Answer, place: int, ids: Sequence[str]) -> tuple[str | None, float | None]:
    if len(answer.candidates) <= place:
        return None, None
    candidate = answer.candidates[place]
    return ids[candidate.row], candidate.probability


def _notes(whose: str, frame: pl.DataFrame) -> list[str]:
    notes = []
    blank = int((frame["unique_id"] == "").sum())
    if blank:
        notes.append(f"{whose} has {_rows(blank)} without a unique_id.")
    repeated = frame.height - blank - frame.filter(pl.col("unique_id") != "")["unique_id"].n_unique()
    if repeated > 0:
        notes.append(f"{whose} has {_rows(repeated)} whose unique_id another row has too.")
    return notes


def _unread(frame: pl.DataFrame, columns: Columns) -> list[str]:
    """Return, for each column in which something is written that cannot be read, which rows those are and what to do."""
    notes = []
    for column, kept, advice in _READ_AS:
        if column not in frame.columns:
            continue
        unread = frame.filter((pl.col(column) != "") & pl.Series(columns.table[kept] == 0))["unique_id"]
        if len(unread):
            notes.append(f"{column} could not be read in {_named(unread.to_list())}: compared without it. {advice}")
    return notes


def _named(rows: Sequence[str]) -> str:
    more = " and others" if len(rows) > _NAMED else ""
    return f"{_rows(len(rows))} (unique_id {', '.join(rows[:_NAMED])}{more})"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _sampled(queries: pl.DataFrame, matcher: Matcher, *, month_first: bool) -> Iterator[float]:
    """Yield the score of every candidate of a few thousand queries taken evenly from the file."""
    step = max(1, queries.height // _SAMPLE)
    for row in queries.gather_every(step).iter_rows(named=True):
        answer = matcher.match(particulars(row, month_first=month_first))
        yield from (candidate.score.total for candidate in answer.candidates)


def prior_shift(totals: Sequence[float], prior: float) -> float:
    """
    Return what to add to every logarithm of odds, so that as many pairs are matches as their probabilities say.

    The rule is that of expectation and maximisation for a changed share of classes: the share is set to the mean of
    the probabilities, they are worked out again with it, and so on until nothing moves.

    Source: Saerens, Latinne and Decaestecker (2002), Neural Computation 14(1).
    """
    if len(totals) < 200:
        return 0.0
    odds: npt.NDArray[np.float64] = np.exp(np.clip(np.array(totals), -30, 30))
    share = prior
    for _ in range(200):
        moved = odds * (share / (1 - share)) * ((1 - prior) / prior)
        renewed = float(np.clip(np.mean(moved / (1 + moved)), 1e-4, 1 - 1e-4))
        if abs(renewed - share) < 1e-6:
            break
        share = renewed
    shift = math.log(share / (1 - share)) - math.log(prior / (1 - prior))
    return max(-_FURTHEST_SHIFT, min(_FURTHEST_SHIFT, shift))


@dataclass(slots=True)
class Deduplicated:
    """For each row its cluster; how many rows, clusters, and rows that are somebody's second or later record."""

    clusters: pl.DataFrame
    counts: dict[str, int]
    notes: list[str] = field(default_factory=list)


def dedupe_all(
    people: pl.DataFrame,
    model: Model,
    *,
    engine: Engine | None = None,
    do_not_link: Sequence[tuple[int, int]] = (),
    progress: Progress | None = None,
) -> Deduplicated:
    """
    Return which rows of a file are one person. A cluster is named by the `unique_id` of its first row.

    The pairs are scored in arrays in this process, or by Splink where an `engine` for it is given: to the same scores.
    `probability` is that of the row's surest link within its cluster; empty for a row that is alone.
    """
    with working():
        register = Register(columns_of(people))
    notes = _notes("The file", people) + _unread(people, register.columns)
    judged = _judged(register, model, engine, progress)
    labels = clustered(people.height, judged.links, apart=judged.apart_within(people.height), do_not_link=do_not_link)
    return Deduplicated(_clusters(people, labels, judged.links), _cluster_counts(labels), notes)


@dataclass(slots=True)
class _Judged:
    """The pairs that seem to be one person, as (score, row, row), and those that seem to be two, as arrays of rows."""

    links: list[tuple[float, int, int]] = field(default_factory=list)
    apart: list[tuple[Rows, Rows]] = field(default_factory=list)

    def apart_within(self, rows: int) -> list[tuple[int, int]]:
        """Return those that seem to be two and that links, one after another, would put together."""
        groups = np.array(clustered(rows, self.links))
        return [
            pair
            for left, right in self.apart
            for together in (groups[left] == groups[right],)
            for pair in zip(left[together].tolist(), right[together].tolist(), strict=True)
        ]


def _judged(register: Register, model: Model, engine: Engine | None, progress: Progress | None) -> _Judged:
    """Return what the model says of every pair worth comparing, a stretch of pairs after another."""
    found, limit = _Judged(), _logit(model.decision["same_person"])
    table, fields = records(register) if engine else None, fields_of(register)
    for left, right in chain(stretches_within(register), [exchanged(register)]):
        totals = (
            scored(table, (left, right), model, engine=engine) if engine else scores_of(fields, (left, right), model)
        )
        linked, apart = np.flatnonzero(totals >= limit), totals < _APART
        # one name with two days of birth is a question for a person here too
        linked = linked[~are_another_day(levels_of_pairs(fields, left[linked], right[linked]))]
        found.links += zip(totals[linked].tolist(), left[linked].tolist(), right[linked].tolist(), strict=True)
        found.apart.append((left[apart].astype(np.uint32), right[apart].astype(np.uint32)))
        if progress and len(left):
            progress(int(left[-1]), len(register))
    return found


def _clusters(people: pl.DataFrame, labels: list[int], links: list[tuple[float, int, int]]) -> pl.DataFrame:
    ids = people["unique_id"].to_list()
    sizes = Counter(labels)
    surest: dict[int, float] = {}
    for total, one, two in links:
        if labels[one] == labels[two]:
            surest[one] = max(total, surest.get(one, total))
            surest[two] = max(total, surest.get(two, total))
    found = {
        "unique_id": ids,
        "cluster_id": [ids[label] for label in labels],
        "cluster_size": [sizes[label] for label in labels],
        "probability": [probability(surest[row]) if row in surest else None for row in range(len(labels))],
    }
    return pl.DataFrame(found, schema=CLUSTER)


def _cluster_counts(labels: list[int]) -> dict[str, int]:
    sizes = Counter(labels)
    return {
        "rows": len(labels),
        "people": len(sizes),
        "second_records": len(labels) - len(sizes),
        "people_with_several": sum(size > 1 for size in sizes.values()),
    }


def _logit(share: float) -> float:
    return math.log(share / (1 - share))
