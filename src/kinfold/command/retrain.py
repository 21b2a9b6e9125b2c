"""`kinfold retrain`: new weights from invented children and from what people decided."""

from __future__ import annotations

from dataclasses import asdict, replace
from importlib.resources import as_file, files
from pathlib import Path

import typer

from kinfold.command.line import answer
from kinfold.terms.errors import InputError

retrain_app = typer.Typer(add_completion=False)


@retrain_app.command()
def retrain(
    decisions: Path = typer.Option(..., help="What people decided, as `kinfold pairs --decisions` writes it."),
    out: Path = typer.Option(..., help="Where to write the new weights, with their report."),
    version: str = typer.Option(..., help="The new version's name."),
    people: int = typer.Option(200_000, help="How many invented children to learn among."),
    queries: int = typer.Option(60_000, help="How many look-ups to learn from."),
    seed: int = typer.Option(100, help="The same seed gives the same weights."),
    despite: str = typer.Option(
        "", help="Why weights that fail their test are written all the same. Kept in the report."
    ),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document."),
) -> None:
    """
    Train the weights again, with people's decisions about real pairs, and write them as a new version with its report.

    Nothing is put to use: compare the report with that of the version in use, then give the file to `--weights`.
    Weights that fail their test, or find children of one origin of name less often than others, are not written.

    Example: kinfold retrain --decisions decisions.json --out weights-3.toml --version 3
    """
    from kinfold.identity.pairs import decisions_in
    from kinfold.identity.release import held_back
    from kinfold.identity.score import read_model, shipped_model
    from kinfold.identity.train import agreement, tested, trained
    from kinfold.identity.weights_file import written

    if out.exists():
        raise InputError(f"{out.name} is there already. A version is never overwritten: give another name.")
    decided = decisions_in(decisions)
    with as_file(files("kinfold.synthetic") / "names.toml") as names:
        model = trained(names, people=people, queries=queries, seed=seed, version=version, decided=decided)
        measured = tested(model, names, people=people, queries=max(500, queries // 6), seed=seed + 9_000)
    before, after = agreement(shipped_model(), decided), agreement(model, decided)
    report = {
        **model.report,
        "agreement_with_people_before": before,
        "agreement_with_people": after,
        "test": {label: asdict(one) for label, one in measured.items()},
    }
    reasons = held_back(report)
    if reasons and not despite:
        raise InputError(
            f"The new weights are not written: {' '.join(reasons)} Learn from more decisions or more people; "
            "--despite REASON writes them to be looked into."
        )
    report |= {"held_back": " ".join(reasons), "written_despite": despite} if reasons else {}
    out.write_text(written(replace(model, report=report)), encoding="utf-8")
    kept = read_model(out)
    said = {
        "version": kept.version,
        "digest": kept.digest,
        "decided": decided.total(),
        "before": before,
        "after": after,
        "held_back": reasons,
    }
    text = (
        f"Weights {kept.version} ({kept.digest}) learnt from {decided.total():,} decisions and {queries:,} invented "
        "look-ups."
    )
    if decided:
        text += f" They agree with {after:.1%} of the decisions; those in use agree with {before:.1%}."
    answer(said, as_json=as_json, text=text)
