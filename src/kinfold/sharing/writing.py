"""An agreement written as the text that `reading.py` reads: what is kept of every version."""

from __future__ import annotations

import json
from collections.abc import Iterator

from kinfold.sharing.agreements import Agreement, Rule


def agreement_text(agreement: Agreement) -> str:
    """Return an agreement as TOML: the same agreement gives the same text, whatever the order of its sets."""
    lines = [f"holder = {_text(agreement.holder)}", f"version = {agreement.version}"]
    if agreement.revoked:
        lines.append("revoked = true")
    for what, rules in (("default", agreement.defaults), ("exception", agreement.exceptions)):
        for rule in rules:
            lines += ["", f"[[{what}]]", *_lines(rule)]
    return "\n".join(lines) + "\n"


def _lines(rule: Rule) -> Iterator[str]:
    yield f'effect = "{"allow" if rule.allows else "deny"}"'
    sets = {"modes": rule.modes, "record_types": rule.record_types, "purposes": rule.purposes, "sorts": rule.sorts,
            "organisations": rule.organisations}  # fmt: skip
    for name, words in sets.items():
        if words:
            yield f"{name} = [{', '.join(_text(str(word)) for word in sorted(words))}]"
    if rule.since:
        yield f"since = {rule.since.isoformat()}"
    if rule.until:
        yield f"until = {rule.until.isoformat()}"
    if rule.reason:
        yield f"reason = {_text(rule.reason)}"


def _text(said: str) -> str:
    # JSON's way of writing a line of text is also TOML's, but for the one character that TOML wants escaped
    return json.dumps(said, ensure_ascii=False).replace("\x7f", "\\u007F")
