"""What can go wrong between us and the service. None of these ever means that nobody was found."""

from __future__ import annotations

from kinfold.terms.errors import KinfoldError


class NoAnswer(KinfoldError):
    """
    The service did not answer: an outage, a time-out, our share of questions used up.

    `again_in` is in how many seconds to ask again, where that is known.
    """

    def __init__(self, message: str, *, again_in: float | None = None) -> None:
        super().__init__(message)
        self.again_in = again_in


class Refused(KinfoldError):
    """The service refused the question or us: `code` is its own word, `status` the HTTP status."""

    def __init__(self, message: str, *, code: str, status: int) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
