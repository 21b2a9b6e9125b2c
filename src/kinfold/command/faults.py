"""`kinfold faults`: what is made to go wrong with the emulated services of the demonstration."""

from __future__ import annotations

import os
from pathlib import Path

import typer

from kinfold.command.line import answer, start_service

faults_app = typer.Typer(add_completion=False)


@faults_app.command()
def faults(
    system: str = typer.Argument("", help="national, the code of an organisation such as vale-police, or all."),
    fault: str = typer.Argument("", help="What it does from now on, such as down; well makes it well again."),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document."),
) -> None:
    """
    Make an emulated service of the demonstration go wrong, or well again. Without arguments: what each does now.

    Example: kinfold faults national down
    """
    os.environ["KINFOLD_DEMO"] = "1"
    start_service()
    from django.conf import settings

    from kinfold.outside import faults as store
    from kinfold.terms.errors import InputError

    if not settings.DEMO:
        raise InputError(
            "There is no demonstration in this folder: faults are turned only in what `kinfold demo` made."
        )
    folder = Path(settings.DATA)
    if system and not fault:
        known = store.NATIONAL_FAULTS if system == store.ALL else store.faults_of(system)
        raise InputError(f"Say what {system} does from now on: {', '.join(known)}.")
    now = store.turn(folder, system, fault) if system else store.turned(folder)
    lines = [f"{one}: {does}, it {store.faults_of(one)[does]}" for one, does in now.items()]
    if not system:
        lines.append(f"The national service can be: {', '.join(store.NATIONAL_FAULTS)}.")
        lines.append(f"An organisation can be: {', '.join(store.CUSTODIAN_FAULTS)}.")
    answer(now, as_json=as_json, text="\n".join(lines))
