"""
Every error Kinfold raises on purpose.

    KinfoldError
    ├── InputError          the person can put it right: the message is written for them
    │   ├── FileRefused     a whole file cannot be taken in (wrong format, too big, unsafe)
    │   ├── EditConflict    somebody else changed the same fact first; both versions are kept
    │   └── SettingError    a setting is missing or wrong; names the setting and how to set it
    ├── NotPermitted        recorded, and shown without detail
    ├── NoRuleInForce       no source covers the date asked about
    └── StructureBroken     the record's structure would be broken; the database refuses too

Anything else is our fault and reaches the log without names, numbers or free text about a person.
"""


class KinfoldError(Exception):
    """The root of every error raised on purpose."""


class InputError(KinfoldError):
    """Something the person can put right. The message is shown to them as it stands."""


class FileRefused(InputError):
    """
    A whole file cannot be taken in.

    `file` is its name, `code` a stable word for machines, `fix` what to do about it.
    """

    def __init__(self, message: str, *, file: str = "", code: str = "refused", fix: str = "") -> None:
        super().__init__(message)
        self.file = file
        self.code = code
        self.fix = fix


class EditConflict(InputError):
    """Somebody else changed the same fact first. Nothing was overwritten; show both side by side."""


class SettingError(InputError):
    """A setting is missing or wrong. The message names it and says how to set it."""


class NotPermitted(KinfoldError):
    """The rule of access said no. Recorded with its reason, shown without it."""


class NoRuleInForce(KinfoldError):
    """No source covers the date asked about."""


class StructureBroken(KinfoldError):
    """The record's structure would be broken."""
