"""The invented council of the papers' tests: what is asked about a family is what is written about it."""

from tests.integration.papers.conftest import web, world

__all__ = ["web", "world"]
