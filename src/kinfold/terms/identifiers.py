"""
Numbers that name a child, a worker, a school or a home: is it well formed, and how is it written?

For each sort of number there is `is_x(text)`, which takes it exactly as written, and
`normalise_x(raw)`, which forgives spaces and case and returns the one written form, or None. Well
formed does not mean that the number was ever given out.
"""

from __future__ import annotations

import re

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"  # the check letters, in the order of the remainder; no I, O or S
_UPN = re.compile(rf"[{_UPN_LETTERS}][0-9]{{11}}[0-9{_UPN_LETTERS}]")
_UPN_UNKNOWN = re.compile(r"UN[1-7]")
_URN = re.compile(r"(?:SC[0-9]{5,6}|[0-9]{5,7})")
_ULN = re.compile(r"[1-9][0-9]{9}")
_SWE = re.compile(r"SW[0-9]{1,10}")
# Districts that ended (NPT in Newport, W1V and its like in London) are in the directory still, and in old records.
_POSTCODE = re.compile(
    r"(?:GIR 0AA|(?:NPT|[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]|[A-HK-Y][0-9][0-9ABEHMNPRV-Y]|[0-9][A-HJKMNPR-Y]))"
    r" [0-9][ABD-HJLNP-UW-Z]{2})"
)


def _squeezed(raw: object) -> str:
    """Return the text in capitals without spaces, hyphens, or the ".0" a spreadsheet adds to a number."""
    text = "" if raw is None else str(raw)
    return re.sub(r"[\s\-‐-―]+", "", text).removesuffix(".0").upper()


def upn_check_letter(twelve: str) -> str:
    """
    Return the check letter that belongs before the twelve characters after it.

    The last may be a letter (a temporary number), which counts as its place in the list of letters.
    Source: Department for Education, unique pupil numbers guide: (sum of place x value) mod 23, places 2 to 13.
    """
    values = [int(c) if c.isdigit() else _UPN_LETTERS.index(c) for c in twelve]
    return _UPN_LETTERS[sum(place * value for place, value in enumerate(values, start=2)) % 23]


def is_upn(text: str) -> bool:
    """Return whether `text` is a well-formed unique pupil number, permanent or temporary, its check letter right."""
    return bool(_UPN.fullmatch(text)) and upn_check_letter(text[1:]) == text[0]


def normalise_upn(raw: str | None) -> str | None:
    """Return the unique pupil number as 13 capitals and digits, or None if it is not one."""
    text = _squeezed(raw)
    return text if is_upn(text) else None


def has_upn_shape(text: str) -> bool:
    """Return whether `text` has the shape of a unique pupil number; the SSDA903 return does not check the letter."""
    return bool(re.fullmatch(r"[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]", text))


def is_upn_unknown_reason(text: str) -> bool:
    """Return whether `text` is one of UN1 to UN7, which stand in a number's place where it is not known."""
    return bool(_UPN_UNKNOWN.fullmatch(text))


def nhs_check_digit(nine: str) -> int | None:
    """
    Return the check digit of nine digits, or None where there is none and the number is never given out.

    Source: NHS Data Dictionary, NHS number: 11 - (sum of digit x weight 10 to 2) mod 11; 11 counts as 0, 10 as none.
    """
    remainder = 11 - sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    return {11: 0, 10: None}.get(remainder, remainder)


def is_nhs_number(text: str) -> bool:
    """Return whether `text` is ten digits with a right check digit. One digit ten times over is refused."""
    if not re.fullmatch(r"[0-9]{10}", text) or len(set(text)) == 1:
        return False
    return nhs_check_digit(text[:9]) == int(text[9])


def normalise_nhs_number(raw: str | None) -> str | None:
    """Return the NHS number as ten digits without spaces, or None if it is not one."""
    text = _squeezed(raw)
    return text if is_nhs_number(text) else None


def is_uln(text: str) -> bool:
    """
    Return whether `text` is a unique learner number with the right check digit.

    Source: Learning Records Service: 10 - (sum of digit x weight 10 to 2) mod 11 is the tenth digit.
    """
    if not _ULN.fullmatch(text):
        return False
    remainder = sum(int(digit) * weight for digit, weight in zip(text[:9], range(10, 1, -1), strict=True)) % 11
    return remainder != 0 and 10 - remainder == int(text[9])


def normalise_uln(raw: str | None) -> str | None:
    """Return the unique learner number as ten digits, or None if it is not one."""
    text = _squeezed(raw)
    return text if is_uln(text) else None


def is_swe_number(text: str) -> bool:
    """Return whether `text` is a Social Work England registration number: SW and digits."""
    return bool(_SWE.fullmatch(text))


def normalise_swe_number(raw: str | None) -> str | None:
    """Return the registration number as SW and digits, or None. A bare number is taken to lack its SW."""
    text = _squeezed(raw)
    text = f"SW{text}" if re.fullmatch(r"[0-9]{1,10}", text) else text
    return text if is_swe_number(text) else None


def is_urn(text: str) -> bool:
    """
    Return whether `text` can be the unique reference number of a setting.

    Schools have 5 to 7 digits, social care settings SC and 5 or 6 digits, newer ones 7 digits.
    """
    return bool(_URN.fullmatch(text))


def normalise_urn(raw: str | int | None) -> str | None:
    """Return the setting's number with SC in capitals, as Ofsted writes it, or None. XXXXXXX is not a number: None."""
    text = _squeezed(raw)
    return text if is_urn(text) else None


def is_postcode(text: str) -> bool:
    """
    Return whether `text` is written as a full United Kingdom postcode: capitals, one space before the last three.

    Source: Royal Mail, Programmers' Guide to the Postcode Address File: which letters stand at which place.
    """
    return bool(_POSTCODE.fullmatch(text))


def normalise_postcode(raw: str | None) -> str | None:
    """Return the postcode as "SW1A 1AA", or None if it cannot be a full postcode."""
    text = _squeezed(raw)
    spaced = f"{text[:-3]} {text[-3:]}"
    return spaced if is_postcode(spaced) else None
