"""`kinfold retrain`: new weights from invented children and from what people decided."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kinfold.command.line import answer
from kinfold.command.progress import Bar
from kinfold.terms.errors import InputError

if TYPE_CHECKING:
    from kinfold.identity.score import Model

retrain_app = typer.Typer(add_completion=False)


@retrain_app.command()
def retrain(
    out: Path = typer.Option(..., help="Where to write the new weights, with their report."),
    version: str = typer.Option(..., help="The new version's name."),
    decisions: Path | None = typer.Option(
        None, help="What people decided of real pairs, as `kinfold pairs --decisions` writes it, to learn from too."
    ),
    people: int = typer.Option(200_000, help="How many invented children to learn among."),
    queries: int = typer.Option(60_000, help="How many look-ups to learn from."),
    seed: int = typer.Option(100, help="The same seed gives the same weights."),
    card: Path | None = typer.Option(None, help="A folder for the model card, with a chart of the weights."),
    despite: str = typer.Option(
        "", help="Why weights that fail their test are written all the same. Kept in the report."
    ),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document."),
) -> None:
    """
    Train the weights again, with people's decisions about real pairs, and write them as a new version with its report.

    Nothing is put to use: compare the report with that of the version in use, then give the file to `--weights`.
    Weights that fail their test, or find children of one origin of name less often than others, are not written.

    Example: kinfold retrain --decisions decisions.json --out weights-3.toml --version 3 --card .
    """
    from kinfold.identity.generator import Plan
    from kinfold.identity.model_card import write_card
    from kinfold.identity.pairs import decisions_in
    from kinfold.identity.score import read_model
    from kinfold.identity.train import candidate
    from kinfold.identity.weights_file import written

    if out.exists():
        raise InputError(f"{out.name} is there already. A version is never overwritten: give another name.")
    if not out.parent.is_dir():
        raise InputError(f"There is no folder {out.parent}. Make it, or write the weights elsewhere.")
    decided = decisions_in(decisions) if decisions else None
    plan = Plan(people, queries, seed)
    with as_file(files("kinfold.synthetic") / "names.toml") as names, Bar() as bar:
        model = candidate(plan, names, version=version, decided=decided, progress=bar.move)
    out.write_text(written(_releasable(model, despite)), encoding="utf-8")
    kept = read_model(out)
    if card:
        write_card(kept, card)
    _tell(kept, as_json=as_json)


def _releasable(model: Model, despite: str) -> Model:
    """Return the weights, or refuse them if they failed their test and nobody says why they are wanted all the same."""
    reasons = model.report["held_back"]
    if reasons and not despite:
        raise InputError(
            f"The new weights are not written: {reasons} Learn from more decisions or more people; "
            "--despite REASON writes them to be looked into."
        )
    return replace(model, report=dict(model.report) | ({"written_despite": despite} if reasons else {}))


def _tell(kept: Model, *, as_json: bool) -> None:
    report = kept.report
    said = {
        "version": kept.version,
        "digest": kept.digest,
        "decided": report["decided_pairs"],
        "before": report.get("agreement_with_people_before"),
        "after": report.get("agreement_with_people"),
        "held_back": report["held_back"],
    }
    text = (
        f"Weights {kept.version} ({kept.digest}) learnt from {said['decided']:,} decisions and {report['queries']:,} "
        "invented look-ups."
    )
    if said["decided"]:
        text += f" They agree with {said['after']:.1%} of the decisions; those in use agree with {said['before']:.1%}."
    answer(said, as_json=as_json, text=text)
