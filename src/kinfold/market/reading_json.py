"""A JSON object from a file that a person named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kinfold.files.received import Limits
from kinfold.terms.errors import FileRefused


def json_object(path: Path) -> dict[str, Any]:
    """Return the object in a file. Raises FileRefused where it is not there, too large or no JSON object."""
    try:
        if path.stat().st_size > Limits().record_bytes:
            raise FileRefused(f"{path.name} is too large for one provider's figures.", file=path.name)
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise FileRefused(f"{path.name} is not there. Check the path.", file=path.name) from None
    except (OSError, ValueError) as error:
        raise FileRefused(f"{path.name} is no JSON ({error.__class__.__name__}).", file=path.name) from error
    if not isinstance(found, dict):
        raise FileRefused(f'{path.name} must be a JSON object, such as {{"interest_cover": 1.4}}.', file=path.name)
    return found
