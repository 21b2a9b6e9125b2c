"""The `kinfold` command itself: which commands there are, and how each one ends."""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any

import typer
import typer.core

from kinfold.terms.errors import InputError, KinfoldError, NotPermitted

DONE, FOUND, USAGE, FAULT = 0, 1, 2, 3

# Each command's name, the module that holds it, and the line shown in the list.
COMMANDS: dict[str, tuple[str, str]] = {
    "load": ("load", "Take files in: SSDA903, CIN census, the daily feed, the Standard Safeguarding Dataset, Annex A"),
    "child": ("child", "Show one child as the page shows it, to a named user"),
    "synthetic": ("synthetic", "Build an invented council, region or England as real files, or check it"),
    "demo": ("demo", "Build the demonstration: an invented council with people to sign in as"),
    "faults": ("faults", "Make an emulated service of the demonstration slow, down or wrong, and well again"),
    "serve": ("serve", "Serve the pages and the API"),
    "worker": ("worker", "Do background jobs"),
    "migrate": ("migrate", "Make or update the tables and the database's own guards"),
    "rebuild": ("rebuild", "Make the index tables again from the facts"),
    "doctor": ("doctor", "Check this installation and say what to put right"),
    "backup": ("backup", "Write an encrypted backup"),
    "restore": ("restore", "Bring a backup back, and replay erasures made since"),
    "audit": ("audit", "Verify the audit chains, cut a month, list who looked"),
    "people": ("people", "Add a council, accounts, roles and API clients"),
    "keep": ("keep", "Say where a kind of fact is kept: here or in another system, from a day"),
    "due": ("duties", "Say when a duty falls due, with its arithmetic and source"),
    "clocks": ("duties", "List the clocks that run, for a child or for all"),
    "duties": ("duties", "List the catalogue of statutory duties"),
    "match": ("identity", "Match a file of people against a register"),
    "snapshot": ("identity", "Write a large register as a snapshot to match against"),
    "dedupe": ("identity", "Find which rows of a file are the same person"),
    "pairs": ("pairs", "Look for records of one council that may be the same child"),
    "register": ("register", "Issue and check the identifiers of one council's children"),
    "retrain": ("retrain", "Train the weights of matching again with what people decided"),
    "market": ("market", "The register of providers: settings, owners, ownership, scores, exits"),
    "manage": ("manage", "Run one of Django's own management commands"),
}


class Lazy(typer.core.TyperGroup):
    """A group whose commands are imported only when they are run."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the commands whose rooms are installed, in the order above."""
        return [name for name, (module, _) in COMMANDS.items() if _exists(module)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import and return one command."""
        if cmd_name not in COMMANDS or not _exists(COMMANDS[cmd_name][0]):
            return None
        if ctx.resilient_parsing or _asking_for_help(ctx):
            return _Listed(cmd_name, COMMANDS[cmd_name][1])
        module = importlib.import_module(f"kinfold.command.{COMMANDS[cmd_name][0]}")
        return typer.main.get_command(getattr(module, f"{cmd_name}_app"))


class _Listed(typer.core.TyperCommand):
    """A command as the list shows it, without importing it."""

    def __init__(self, name: str, line: str) -> None:
        super().__init__(name, help=line, short_help=line)


def _exists(module: str) -> bool:
    return os.path.exists(os.path.join(os.path.dirname(__file__), f"{module}.py"))


def _asking_for_help(ctx: typer.Context) -> bool:
    return ctx.parent is None and not (set(sys.argv[1:]) - {"--help", "-h"})


app = typer.Typer(
    cls=Lazy,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a traceback's locals could hold personal data
    help="Open software for England's children's social care.",
)


@app.callback(invoke_without_command=True)
def root(version: bool = typer.Option(False, "--version", help="Show the version and stop.")) -> None:
    """Open software for England's children's social care."""
    if version:
        from kinfold import __version__

        print(__version__)
        raise typer.Exit()


def start_service() -> None:
    """Make Django ready. Commands that need the tables call it first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kinfold.service.config.settings")
    import django

    django.setup()


def answer(document: Any, *, as_json: bool, text: str = "", code: int = DONE) -> None:
    """Print a command's answer, as one JSON document or as text, and end with `code`."""
    if as_json:
        print(json.dumps(document, ensure_ascii=False, indent=2, default=str))
    elif text:
        print(text)
    if code:
        raise typer.Exit(code)


def _ended(error: BaseException) -> int:
    match error:
        case typer.Exit():
            return error.exit_code
        case typer.Abort() | KeyboardInterrupt():
            print("Stopped. Run the same command again to go on.", file=sys.stderr)
            return FAULT
        case typer.TyperException():
            # what was typed does not fit the command; typer's own errors know how to say so
            getattr(error, "show", lambda: print(error, file=sys.stderr))()
            return USAGE
        case NotPermitted():
            return _say("You may not see this, or it does not exist. The attempt has been recorded.", "not_permitted")
        case InputError():
            return _say(str(error), "refused")
        case KinfoldError():
            return _say(str(error), "refused")
        case SystemExit():
            return error.code if isinstance(error.code, int) else FAULT
    # only the kind of error and where: an exception's text could hold personal data
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else ""
    print(f"A fault of ours: {type(error).__name__} at {where}. Nothing was half done.", file=sys.stderr)
    return FAULT


def _say(message: str, code: str) -> int:
    if "--json" in sys.argv:
        print(json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False))
    print(message, file=sys.stderr)
    return FOUND


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        code = app(standalone_mode=False)
    except BaseException as error:
        code = _ended(error)
    sys.exit(code if isinstance(code, int) else DONE)
