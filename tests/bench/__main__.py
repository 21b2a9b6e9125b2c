"""
`make bench`: how fast, how much memory, and each figure as a share of its limit. A table and one JSON document.

    load       a region's SSDA903 and CIN files read, loaded, and loaded again
    formats    one council's files in all five formats, a rate for each
    pages      search and the child's page, one reader, at the size of what is loaded in KINFOLD_DATA
    readers    50 readers at 60 requests a second on `kinfold serve`, at the size of what is loaded in KINFOLD_DATA
    due        the walls, proofs, timeliness and catalogue of the largest council of what is loaded in KINFOLD_DATA
    clocks     one child's, a wall of 20,000, everybody of what is loaded in KINFOLD_DATA, a night's change
    market     the register, the signals, ownership and an exit, on the publisher's files where they are beside the project
    identity   how well and fast children are told apart, the national service is asked and sharing is decided
    snapshot   look-ups in a register kept on disk as arrays, by another process; SCALE=england is fifteen million
    external   other people's labelled data, by the weights as shipped, beside Splink trained on it
    peers      one look-up beside Splink's compare_records, in turn and in one process
    match      FHIR $match through HTTP, at the size of what is loaded in KINFOLD_DATA
    audit      events a second into the audit's chain, in groups, on disk
    sharing    work that other organisations' systems pull: claims and completions a second, on disk
    revocation how soon an agreement that was revoked opens nothing in another process

`BENCH="load formats"` chooses, SCALE=council, region or england says of what size. KINFOLD_DATABASE_URL measures on
PostgreSQL, in the database it names, which must be empty; else SQLite is measured, in a folder of its own.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.bench import (
    clocks,
    due,
    external,
    identity,
    loads,
    market,
    matching,
    pages,
    peers,
    readers,
    sharing,
    snapshot,
)

BENCHES: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "load": loads.returns,
    "formats": loads.formats,
    "pages": pages.pages,
    "readers": readers.readers,
    "clocks": clocks.clocks,
    "due": due.due,
    "market": market.market,
    "identity": identity.identity,
    "snapshot": snapshot.snapshot,
    "external": external.external,
    "peers": peers.peers,
    "match": matching.matching,
    "audit": sharing.audit,
    "sharing": sharing.sharing,
    "revocation": sharing.revocation,
}


def _table(rows: list[dict[str, Any]]) -> str:
    """Return the figures a line each: what was measured, its figures, and its shares of the limits."""
    width = max((len(str(row["what"])) for row in rows), default=0)
    lines = []
    for row in rows:
        figures = [f"{name} {value:,}" if isinstance(value, (int, float)) else f"{name} {value}"
                   for name, value in row.items() if name not in ("what", "of_limit")]  # fmt: skip
        shares = [f"{name} {share:.0%}" for name, share in row.get("of_limit", {}).items()]
        lines.append(
            f"{row['what']:<{width}}  {'; '.join(figures)}" + (f"  [of limit: {'; '.join(shares)}]" * bool(shares))
        )
    return "\n".join(lines)


def main() -> None:
    """Run the benches named, or all, and print the table and the JSON document."""
    unknown = [name for name in sys.argv[1:] if name not in BENCHES]
    if unknown:
        raise SystemExit(f"There is no bench {unknown[0]}. Choose from {', '.join(BENCHES)}.")
    machine = f"{platform.machine()}, {os.cpu_count()} processors, {datetime.now(UTC):%Y-%m-%d}"
    rows = [row for name in sys.argv[1:] or BENCHES for row in BENCHES[name]()]
    print(f"{machine}\n{_table(rows)}")
    print(json.dumps({"machine": machine, "figures": rows}))


if __name__ == "__main__":
    main()
