"""
Shares drawn together: a group with 2 of 3 homes below good is not worse than one with 40 of 100 until there is more to go on.

Counts k of n are taken as beta-binomial over all groups. The rate of a group is then known as a beta distribution,
from which come its middle, an interval, and the chance that it is more than so many times the usual rate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import exp, lgamma, log, log1p

_SMALL = 1e-12
_GRID_MEANS = tuple(i / 200 for i in range(1, 200))
_GRID_CORRELATIONS = (
    0.001,
    0.003,
    0.006,
    0.01,
    0.02,
    0.03,
    0.045,
    0.06,
    0.08,
    0.1,
    0.13,
    0.16,
    0.2,
    0.26,
    0.34,
    0.45,
    0.6,
)


@dataclass(frozen=True, slots=True)
class Prior:
    """What groups are like in general: a beta distribution. `correlation` is how alike homes of one group are."""

    alpha: float
    beta: float

    @property
    def mean(self) -> float:
        """Return the usual rate."""
        return self.alpha / (self.alpha + self.beta)

    @property
    def correlation(self) -> float:
        """Return how alike two homes of one group are, 0 for not at all."""
        return 1 / (self.alpha + self.beta + 1)


def fitted(counts: Sequence[tuple[int, int]]) -> Prior:
    """
    Return the prior under which the counts (k, n) are likeliest. Groups of one tell of the mean only.

    Raises ValueError where there is no group with n of at least 1.
    """
    many = Counter((k, n) for k, n in counts if n > 0)
    if not many:
        raise ValueError("there is no group with anything counted")
    mean, correlation = max(
        ((m, c) for m in _GRID_MEANS for c in _GRID_CORRELATIONS), key=lambda at: _likelihood(many, *at)
    )
    means, correlations = (mean - 0.005, mean + 0.005), (correlation / 2, min(correlation * 2, 0.95))
    for _ in range(3):
        mean = _best(partial(_likelihood, many, correlation=correlation), *means)
        correlation = _best(partial(_likelihood, many, mean), *correlations)
    size = 1 / correlation - 1
    return Prior(mean * size, (1 - mean) * size)


def _likelihood(many: Counter[tuple[int, int]], mean: float, correlation: float) -> float:
    mean = min(max(mean, 1e-6), 1 - 1e-6)
    size = 1 / correlation - 1
    a, b = mean * size, (1 - mean) * size
    whole = lgamma(a + b) - lgamma(a) - lgamma(b)
    return sum(
        times * (lgamma(k + a) + lgamma(n - k + b) - lgamma(n + a + b) + whole) for (k, n), times in many.items()
    )


def _best(value: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function with one top is highest, by golden section."""
    golden = 0.6180339887498949
    one, other = high - golden * (high - low), low + golden * (high - low)
    at_one, at_other = value(one), value(other)
    for _ in range(25):
        if at_one > at_other:
            high, other, at_other = other, one, at_one
            one = high - golden * (high - low)
            at_one = value(one)
        else:
            low, one, at_one = one, other, at_other
            other = low + golden * (high - low)
            at_other = value(other)
    return (low + high) / 2


@dataclass(frozen=True, slots=True)
class Rate:
    """A group's rate: k of n, drawn towards the usual rate, with an interval and the chance that it is much above it."""

    k: int
    n: int
    expected: float
    middle: float
    low: float
    high: float
    above: float


def rate_of(k: int, n: int, prior: Prior, *, times: float, width: float) -> Rate:
    """Return the rate of a group; `above` is the chance that it is more than `times` the usual rate, `width` the interval's."""
    a, b = k + prior.alpha, n - k + prior.beta
    limit = min(prior.mean * times, 1.0)
    tail = (1 - width) / 2
    return Rate(
        k, n, n * prior.mean, a / (a + b), quantile(a, b, tail), quantile(a, b, 1 - tail),
        1 - beta_below(a, b, limit),
    )  # fmt: skip


def beta_below(a: float, b: float, x: float) -> float:
    """Return the chance that a beta-distributed value is below x (the regularised incomplete beta function)."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    # the fraction converges fast on this side only; the other is its mirror
    if x < (a + 1) / (a + b + 2):
        return min(1.0, front * _fraction(a, b, x) / a)
    return max(0.0, 1 - front * _fraction(b, a, 1 - x) / b)


def _fraction(a: float, b: float, x: float) -> float:
    """Return the continued fraction of the incomplete beta function (Lentz's method)."""
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > _SMALL else _SMALL)
    result = d
    for m in range(1, 400):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 + term * d
            d = 1 / (d if abs(d) > _SMALL else _SMALL)
            c = 1 + term / c
            c = c if abs(c) > _SMALL else _SMALL
            step = c * d
            result *= step
        if abs(step - 1) < 1e-14:
            break
    return result


def quantile(a: float, b: float, share: float) -> float:
    """Return the value below which a beta-distributed value lies with the chance `share`."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if beta_below(a, b, middle) < share else (low, middle)
    return (low + high) / 2
