"""Signals about groups of homes: shrunken rates, a scan over all groups, changes of rate, and the triage of them."""

from kinfold.market.signals.back_test import back_test
from kinfold.market.signals.scan import scan
from kinfold.market.signals.shrinkage import fitted, rate_of
from kinfold.market.signals.triage import triage

__all__ = ["back_test", "fitted", "rate_of", "scan", "triage"]
