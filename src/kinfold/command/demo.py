"""`kinfold demo`: an invented council, loaded through the same doors, open on this machine alone."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import typer

from kinfold.command.line import answer, start_service

demo_app = typer.Typer(add_completion=False)


@demo_app.command()
def demo(
    scale: str = typer.Option("council", help="council, region or england."),
    seed: int = typer.Option(1, help="The same seed gives the same people."),
    port: int = typer.Option(8000, help="The port to answer on, on this machine alone."),
    build_only: bool = typer.Option(False, "--build-only", help="Build it and stop."),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document when it is built."),
) -> None:
    """
    Build the demonstration and open it. Every child, family and council in it is invented.

    Example: kinfold demo --port 8123
    """
    os.environ["KINFOLD_DEMO"] = "1"
    start_service()
    from django.conf import settings

    from kinfold.service.records.actions import demonstration
    from kinfold.service.records.models import Load
    from kinfold.service.records.setting_up import migrate_all

    migrate_all()
    demonstration.mark_as_invented()
    if not settings.DEMO:  # settings are read once: begin again, now that the mark stands beside the tables
        os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606 -- the same program again
    folder = Path(settings.DATA) / "invented"
    if not Load.objects.filter(state="done", door="standard_safeguarding_dataset").exists():
        _say(f"Inventing a {scale}: families, workers, schools, homes")
        _invent(scale, seed, folder)
        _say("Loading its files through the same doors as a council's")
        _load(folder, first=True)
    _add_personas()
    if build_only:
        _load(folder, first=False)
        _add_cases()
        _add_sharing()
        answer({"built": True, "loads": Load.objects.count()}, as_json=as_json, text="The demonstration is built.")
        return
    # the rest of the files arrive while the first pages are already open
    address = f"http://127.0.0.1:{port}"
    beside = [sys.executable, "-m", "kinfold.command.demo_rest", str(folder), address, str(os.getpid())]
    rest = subprocess.Popen(beside)  # noqa: S603 -- our own words
    _say(f"Open http://127.0.0.1:{port}/ and choose who to be. Stop with Ctrl-C.")
    try:
        _serve(port)
    finally:
        rest.terminate()


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _invent(scale: str, seed: int, folder: Path) -> None:
    from kinfold.synthetic import invent

    for made in invent(scale, seed, folder, today=datetime.now(UTC).date(), mistakes=True):
        _say(f"  {made.folder.name}: {made.children:,} children")


def _load(folder: Path, *, first: bool) -> None:
    """Load the invented files: first the dataset with names, families and workers, then everything else."""
    from kinfold.files.received import Incoming
    from kinfold.service.records.actions import receiving

    today = datetime.now(UTC).date()
    for council in sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")):
        code = council.name.split("-")[0]
        wanted = [path for path in sorted(council.iterdir()) if path.is_dir() and not path.name.startswith(".")]
        dataset = [path for path in wanted if path.name == "standard_safeguarding_dataset"]
        chosen = dataset if first else [path for path in wanted if path not in dataset]
        for path in chosen:
            receiving.receive(
                [[Incoming(f"{council.name}/{path.name}", path)]], by="demonstration", today=today, council=code
            )


def _add_personas() -> None:
    from kinfold.service.records.actions import demonstration
    from kinfold.service.records.models import Holder

    for holder in Holder.objects.filter(sort="council").order_by("code")[:2]:
        demonstration.add_personas(holder, today=datetime.now(UTC).date())


def _add_cases() -> None:
    """Add the invented cases of home education, serious incidents and corporate parenting to the councils one can be."""
    from kinfold.service.records.actions.incidents_demonstration import add_cases
    from kinfold.service.records.models import Holder

    for holder in Holder.objects.filter(sort="council").order_by("code")[:2]:
        add_cases(holder, today=datetime.now(UTC).date())


def _add_sharing() -> None:
    """Add six other organisations with agreements to the first council one can be, and children whom they know."""
    from kinfold.service.records.actions.agreements_demonstration import add_sharing
    from kinfold.service.records.models import Holder

    holder = Holder.objects.filter(sort="council").order_by("code").first()
    if holder is not None:
        add_sharing(holder, today=datetime.now(UTC).date())


def _serve(port: int) -> None:
    from kinfold.service.config.server import Serving, serve

    serve(Serving(port=port, workers=2, with_worker=True))
