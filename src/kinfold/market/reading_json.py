"""A JSON object from a file that a person named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kinfold.files.received import Limits
from kinfold.terms.errors import FileRefused, InputError

LINE_FAULTS = (ValueError, KeyError, TypeError, IndexError, AttributeError)
_SUCH_AS = '{"interest_cover": 1.4}'


def json_object(path: Path) -> dict[str, Any]:
    """Return the object in a file. Raises FileRefused where it is not there, too large or no JSON object."""
    try:
        if path.stat().st_size > Limits().record_bytes:
            raise FileRefused(f"{path.name} is too large for one provider's figures.", file=path.name)
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise FileRefused(f"{path.name} is not there. Check the path.", file=path.name) from None
    except OSError as error:
        raise FileRefused(f"{path.name} cannot be read ({error.strerror}). Check the path.", file=path.name) from error
    except ValueError as error:
        raise FileRefused(
            f"{path.name} is no JSON: {not_json(error)}. Write an object, such as {_SUCH_AS}.", file=path.name
        ) from error
    if not isinstance(found, dict):
        raise FileRefused(f"{path.name} must be a JSON object, such as {_SUCH_AS}.", file=path.name)
    return found


def not_json(error: ValueError) -> str:
    """Return in words where a text stops being JSON, without what it says there."""
    if isinstance(error, json.JSONDecodeError):
        return "it is empty" if not error.doc.strip() else f"it breaks off at line {error.lineno}, column {error.colno}"
    return "it is not written in UTF-8"


def line_fault(error: Exception) -> str:
    """Return in words why one line of a file of JSON objects could not be taken in; `error` is one of LINE_FAULTS or says it itself."""
    match error:
        case json.JSONDecodeError():
            return "it is no JSON object"
        case KeyError():
            return f"it has no {error.args[0]}"
        case InputError():
            return str(error)
        case _:
            return "something in it is not of the sort that the format has there"
