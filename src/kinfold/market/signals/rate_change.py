"""
Has the rate of notifications of a group changed? A running sum that forgets quiet months and rings when they stop.

Counts of a month are taken as Poisson around what is expected: the rate of its kind of home, drawn to the group's own
past as far as there is one (gamma prior). The running sum (CUSUM, Page 1954, for a Poisson count) grows when
there are more than expected and falls back to nothing when not. Its limit is found by simulation: so many false alarms in
so many months of a group, not a figure from a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

from kinfold.market.policy import Pack

Numbers = npt.NDArray[np.float64]
_GROUPS_OF_TRIAL = 200


@dataclass(frozen=True, slots=True)
class Tuning:
    """
    How the running sum is tuned, as the policy pack says it.

    It is made to find a rate of `change` times the expected, and finds larger ones sooner; a group's own past is gone by up to `lag`
    months before; in `trial` months chance alone may ring `false_alarms` times.
    """

    change: float
    lag: int
    false_alarms: float
    trial: int

    @classmethod
    def of(cls, policy: Pack) -> Tuning:
        """Return the tuning of a policy pack."""
        names = ("signal_change", "signal_change_lag", "signal_change_false_alarms", "signal_change_trial")
        return cls(*(policy[name] for name in names))


@dataclass(frozen=True, slots=True)
class Baseline:
    """A kind of home's rate of notifications per place and month, as a gamma distribution over groups."""

    shape: float
    rate: float

    @property
    def mean(self) -> float:
        """Return the usual rate per place and month."""
        return self.shape / self.rate


@dataclass(frozen=True, slots=True)
class Alarm:
    """The month (counted from 0) in which the sum passed its limit, with what was seen and expected since it last was 0."""

    month: int
    since: int
    seen: int
    expected: float


def baseline_of(counts: Sequence[int], place_months: Sequence[float]) -> Baseline:
    """
    Return the baseline of a kind of home from each group's count over its place-months, by moments.

    Where groups differ no more than chance alone makes them, they are taken to be alike (a very narrow distribution).
    """
    seen, exposed = np.asarray(counts, dtype=np.float64), np.asarray(place_months, dtype=np.float64)
    if not len(seen) or exposed.sum() <= 0:
        raise ValueError("a baseline needs at least one group with places")
    # half a notification is added: where none was ever made the rate is small, not nought
    mean = (seen.sum() + 0.5) / exposed.sum()
    chance_alone = mean * exposed
    extra = float((((seen - chance_alone) ** 2 - chance_alone).sum()) / (exposed**2).sum())
    spread = max(extra, (0.02 * mean) ** 2)
    return Baseline(mean**2 / spread, mean / spread)


def expected_rates(counts: Sequence[int], places: Sequence[float], baseline: Baseline, *, lag: int) -> Numbers:
    """Return the rate expected in each month: the kind's, drawn to the group's own months up to `lag` months before."""
    seen, exposed = np.asarray(counts, dtype=np.float64), np.asarray(places, dtype=np.float64)
    past_seen, past_places = np.zeros(len(seen)), np.zeros(len(seen))
    past_seen[lag:] = np.cumsum(seen)[: max(len(seen) - lag, 0)]
    past_places[lag:] = np.cumsum(exposed)[: max(len(seen) - lag, 0)]
    return np.asarray((baseline.shape + past_seen) / (baseline.rate + past_places))


def running_sum(counts: Sequence[int] | Numbers, expected: Numbers, *, change: float) -> Numbers:
    """Return the sum at the end of each month; `expected` are counts, not rates."""
    sums, held = np.zeros(len(expected)), 0.0
    for month, (seen, usual) in enumerate(zip(counts, expected, strict=True)):
        held = max(0.0, held + float(seen) * log(change) - (change - 1) * float(usual))
        sums[month] = held
    return sums


def limit_for(expected: float, tuning: Tuning, *, seed: int = 1) -> float:
    """Return the limit that a group with `expected` notifications a month passes by chance as often as the tuning allows."""
    chance = np.random.default_rng(seed)
    size = (_GROUPS_OF_TRIAL, tuning.trial)
    steps = chance.poisson(max(expected, 1e-6), size=size) * log(tuning.change) - (tuning.change - 1) * expected
    held, peak = np.zeros(_GROUPS_OF_TRIAL), np.zeros(size)
    for month in range(tuning.trial):
        held = np.maximum(0, held + steps[:, month])
        peak[:, month] = held
    low, high = 0.0, float(peak.max()) + 1
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _alarms(peak, middle) > tuning.false_alarms else (low, middle)
    return high


def _alarms(peak: Numbers, limit: float) -> float:
    """Return how often the months that are tried pass the limit from below."""
    above = peak >= limit
    return float((above[:, 1:] & ~above[:, :-1]).sum(axis=1).mean())


def first_alarm(counts: Sequence[int], places: Sequence[float], baseline: Baseline, tuning: Tuning) -> Alarm | None:
    """Return the first alarm of a group's months, None where there is none. Months without places expect nothing."""
    expected = expected_rates(counts, places, baseline, lag=tuning.lag) * np.asarray(places, dtype=np.float64)
    sums = running_sum(counts, expected, change=tuning.change)
    limit = limit_for(float(np.mean(expected)) if len(expected) else 0.0, tuning)
    passed = np.flatnonzero(sums >= limit)
    if not len(passed):
        return None
    month = int(passed[0])
    quiet = np.flatnonzero(sums[:month] == 0)
    since = int(quiet[-1]) + 1 if len(quiet) else 0
    return Alarm(month, since, int(sum(counts[since : month + 1])), round(float(expected[since : month + 1].sum()), 1))
