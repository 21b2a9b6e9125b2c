"""`kinfold pairs`: records of one council that may be the same child."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from kinfold.command.line import answer, start_service
from kinfold.command.progress import Bar

pairs_app = typer.Typer(add_completion=False)


@pairs_app.command()
def pairs(
    council: str = typer.Option(..., "--council", help="The council's code."),
    decisions: Path = typer.Option(
        None, help="Write what people decided to this file, for training: how well points agreed, no names, no numbers."
    ),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document."),
) -> None:
    """
    Look for records that may be the same child; people decide about them on the page "Same child?".

    Example: kinfold pairs --council 990 --decisions decisions.json
    """
    start_service()
    from kinfold.service.records.actions.identity import find_pairs
    from kinfold.service.records.reads.accounts import holder_with_code
    from kinfold.service.records.reads.identity import decided_pairs
    from kinfold.service.records.setting_up import ready

    ready()
    holder = holder_with_code(council)
    with Bar() as bar:
        waiting = find_pairs(holder.pk, progress=lambda done, out_of: bar.move("Comparing", done, out_of))
    decided = decided_pairs(holder.pk)
    if decisions is not None:
        rows = [[list(levels), same, count] for (levels, same), count in sorted(decided.items())]
        decisions.write_text(json.dumps(rows), encoding="utf-8")
    said = {"waiting": waiting, "decided": decided.total()}
    text = f"{waiting:,} pairs wait for somebody to decide; {decided.total():,} are decided."
    answer(said, as_json=as_json, text=text)
