"""The API, version 1: the same things as the pages, under the same rule of access."""

from kinfold.service.api.v1.application import api

__all__ = ["api"]
