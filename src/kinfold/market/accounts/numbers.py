"""Numbers as pages print them, in the formats that a tag may name (the transformation registry of inline XBRL)."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from kinfold.terms.errors import InputError

# Which character stands before the decimals, by the format's name without its dashes; a format that is not here is not read.
_POINTS = {"": ".", "numdotdecimal": ".", "numcommadot": ".", "numspacedot": ".", "numcommadecimal": ",", "numdotcomma": ",",
           "numspacecomma": ",", "numdash": "."}  # fmt: skip
_NOTHING = frozenset({"zerodash", "numdash", "fixedzero", "nocontent", "fixedempty", "fixeddash"})
_MOST_SCALE = 18
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f]+")
_WHOLE = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")


def number_of(text: str, *, format_: str = "", scale: str = "0", negative: bool = False) -> Decimal:
    """
    Return a printed number as its tag means it: read in its format, times ten to `scale`, below nothing where `negative`.

    A dash is nothing where the format says so. Raises InputError for what is no number in its format.
    """
    kind = format_.replace("-", "").casefold()
    printed = _SPACES.sub("", text)
    if kind in _NOTHING and printed in ("", "-", "–", "—", "0"):
        return Decimal(0)
    if kind not in _POINTS:
        raise InputError(f"the format {format_} is not known")
    point = _POINTS[kind]
    digits = printed.replace("," if point == "." else ".", "").replace(point, ".").replace("'", "")
    if not _WHOLE.fullmatch(digits):
        # a minus belongs to the tag's sign, brackets to the page: neither is part of a number in any format
        raw = printed.removeprefix("-")
        if kind or not _WHOLE.fullmatch(raw):
            raise InputError(f"“{text.strip()[:40]}” is no number")
        digits, negative = raw, negative != printed.startswith("-")
    try:
        power = int(scale)
        if abs(power) > _MOST_SCALE:
            raise InputError(f"the scale {scale} is too large")
        value = Decimal(digits).scaleb(power)
    except (ValueError, InvalidOperation):
        raise InputError(f"the scale {scale[:20]} is no whole number") from None
    return -value if negative and value else value
