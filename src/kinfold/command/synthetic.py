"""`kinfold synthetic`: an invented council, region or England, written as the files that councils really send."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import typer

from kinfold.command.line import answer

synthetic_app = typer.Typer(add_completion=False, invoke_without_command=True, no_args_is_help=False)


@synthetic_app.callback()
def synthetic(
    context: typer.Context,
    scale: str = typer.Option("council", help="council, region or england."),
    seed: int = typer.Option(1, help="The same seed gives the same files."),
    out: Path = typer.Option(Path("invented"), help="The folder to write into."),
    mistakes: bool = typer.Option(False, "--mistakes", help="Add known bad rows, listed in mistakes.json."),
    processes: int = typer.Option(1, help="How many processes to use."),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document."),
) -> None:
    """
    Write an invented council, region or England as real files. Nobody in it is real.

    Example: kinfold synthetic --scale region --seed 7 --out invented
    """
    if context.invoked_subcommand is not None:
        return
    from kinfold.synthetic import invent

    made = []
    for one in invent(scale, seed, out, mistakes=mistakes, processes=processes, today=datetime.now(UTC).date()):
        made.append({"la_code": one.la_code, "folder": str(one.folder), "children": one.children})
        print(f"{one.folder.name}: {one.children:,} children", file=sys.stderr)
    text = f"{len(made)} council{'s' if len(made) > 1 else ''} written to {out}. Load them with: kinfold load {out}"
    answer({"scale": scale, "seed": seed, "councils": made}, as_json=as_json, text=text)


@synthetic_app.command("check")
def check(
    out: Path = typer.Argument(Path("invented"), help="The folder an invented council, region or England is in."),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document."),
) -> None:
    """
    Set the invented figures, counted back from the written files, beside the published ones.

    Example: kinfold synthetic check invented
    """
    from kinfold.synthetic import check as check_figures

    figures = check_figures(out)
    lines = [
        f"{'ok ' if f.ok else 'OUT'}  {f.name}: published {f.published:g}, invented {f.invented:.4g}, "
        f"tolerance {f.tolerance:g}  ({f.source})"
        for f in figures
    ]
    rows = [
        {"name": f.name, "published": f.published, "invented": f.invented, "tolerance": f.tolerance, "ok": f.ok,
         "source": f.source}
        for f in figures
    ]  # fmt: skip
    answer(rows, as_json=as_json, text="\n".join(lines), code=0 if all(f.ok for f in figures) else 1)
