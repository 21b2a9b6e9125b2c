"""The tests of the published duties write an invented person's facts as the duties room's own tests do."""

from tests.unit.duties.conftest import calendars, catalogue, fact

__all__ = ["calendars", "catalogue", "fact"]
