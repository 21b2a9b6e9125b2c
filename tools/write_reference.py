"""
Write the reference pages that are made from the code: kinds, duties, commands, roles and routes.

    python tools/write_reference.py            write them again
    python tools/write_reference.py --check    write nothing; say which are out of date, and leave with 1

Each page is worked out from the declarations alone, so the same code always gives the same text. Needs no database.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

import kinfold.record.kinds  # noqa: F401 -- declares every kind
from kinfold.access.matrix import RouteRule, load_routes
from kinfold.access.roles import ROLES, Role
from kinfold.access.tables import HERE
from kinfold.access.words import Installation
from kinfold.command.line import COMMANDS
from kinfold.duties import Duty, calendars_known_on, duty_catalogue
from kinfold.duties.table import markdown as cases_in_markdown
from kinfold.record.reference import kinds_reference

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "reference"
AGAIN = "Made by `python tools/write_reference.py`."


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")


def _table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    names = list(heads)
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    return [*lines, *("| " + " | ".join(_cell(value) for value in row) + " |" for row in rows)]


def _page(title: str, *parts: Iterable[str]) -> str:
    lines = [f"# {title}", ""]
    for part in parts:
        lines += [*part, ""]
    return "\n".join(lines).rstrip() + "\n"


# --- duties --------------------------------------------------------------------------------------


def duties_reference() -> str:
    """Return the catalogue of duties as one page: a table for each file of the catalogue."""
    catalogue = duty_catalogue()
    by_file: dict[str, list[Duty]] = {}
    for duty in catalogue:
        by_file.setdefault(Path(duty.file).stem, []).append(duty)
    opening = [
        f"The {len(catalogue)} duties of `src/kinfold/duties/catalogue/`, each with its source and how sure we are of",
        "it. `kinfold duties --json` gives every column. The rule's notation is explained in",
        f"[Add a duty](../how-to/add-a-duty.md). {AGAIN}",
    ]
    parts = [_duties_of(name, found) for name, found in by_file.items()]
    return _page("The catalogue of duties", opening, *parts)


def cases_reference() -> str:
    """Return the worked cases of every duty: the same cases that tests/unit/duties/test_proof_and_table.py runs."""
    return cases_in_markdown(duty_catalogue(), calendars_known_on(None))


def _duties_of(name: str, duties: Iterable[Duty]) -> list[str]:
    rows = (
        (f"`{d.id}`", d.label, d.deadline, f"`{d.rule.text}`", _source(d), d.commencement.value, d.sureness.value)
        for d in duties
    )
    heads = ("duty", "what", "by when", "rule", "source", "in force", "how sure")
    title = name.replace("_", " ")
    return [f"## {title[:1].upper()}{title[1:]}", "", *_table(heads, rows)]


def _source(duty: Duty) -> str:
    return f"[{duty.source.title}]({duty.source.href})" if duty.source.href else duty.source.title


# --- commands ------------------------------------------------------------------------------------


def commands() -> Iterator[tuple[str, Any]]:
    """Yield each command that is installed: what is typed, and typer's own object. Groups are followed."""
    for name, (module, _) in COMMANDS.items():
        if not (ROOT / "src" / "kinfold" / "command" / f"{module}.py").exists():
            continue
        found = importlib.import_module(f"kinfold.command.{module}")
        yield from _followed(f"kinfold {name}", typer.main.get_command(getattr(found, f"{name}_app")))


def _followed(typed: str, command: Any) -> Iterator[tuple[str, Any]]:
    inner: Mapping[str, Any] = getattr(command, "commands", {})
    if not inner or getattr(command, "invoke_without_command", False):
        yield typed, command
    for name, one in inner.items():
        yield from _followed(f"{typed} {name}", one)


def command_reference() -> str:
    """Return the page of the command line: each command with its words, its arguments and options, its example."""
    opening = [
        "Every command answers `--help`. Those with `--json` answer with one document on standard output. A command leaves",
        f"with 0 when it is done, 1 for findings or a refusal, 2 for wrong usage, 3 for a fault of ours. {AGAIN}",
    ]
    return _page("The command line", opening, *(_command_lines(typed, one) for typed, one in commands()))


def _command_lines(typed: str, command: Any) -> list[str]:
    words, _, example = (command.help or "").partition("Example:")
    lines = [f"## {typed}", "", *words.strip().splitlines()]
    rows = [(_as_typed(one), getattr(one, "help", None) or "", _default(one)) for one in command.params]
    if rows:
        lines += ["", *_table(("you write", "what it is", "left out"), rows)]
    if example:
        lines += ["", "```", example.strip(), "```"]
    return lines


def _as_typed(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"`{parameter.name.upper()}`"
    return ", ".join(f"`{option}`" for option in parameter.opts)


def _default(parameter: Any) -> str:
    if parameter.required:
        return "it must be given"
    default = parameter.default
    if default is None or isinstance(default, bool | list | tuple) or str(default) == "":
        return ""
    return f"`{default}`"


# --- access --------------------------------------------------------------------------------------


def roles_reference() -> str:
    """Return the page of the roles: one table of how far each goes, and what each must not do."""
    opening = [
        f"The {len(ROLES)} roles of `src/kinfold/access/roles.toml`. What a role is not given it has not. The words are",
        f"explained at the head of that file; [Who may see what](../explanation/access.md) says how they are used. {AGAIN}",
    ]
    heads = ("role", "name", "exists in", "scope", "search", "facts", "free text", "break-glass")
    rows = (
        (one.label, f"`{one.name}`", _places(one.installations), one.scope, one.search.value, one.chronology.value,
         one.narrative.value, one.break_glass.value)
        for one in ROLES.values()
    )  # fmt: skip
    refusals = ["## What each role must not do", "", *_table(("role", "must not"), map(_refusals, ROLES.values()))]
    return _page("The roles", opening, ["## How far each role goes", "", *_table(heads, rows)], refusals)


def _refusals(one: Role) -> tuple[str, str]:
    return one.label, "; ".join(dict.fromkeys(rule.text for rule in one.must_not)) or "nothing beyond the rules for all"


def _places(installations: frozenset[Installation]) -> str:
    return "all" if installations == frozenset(Installation) else ", ".join(sorted(one.value for one in installations))


def routes_reference() -> str:
    """Return the page of the routes: every page and call of the API, and the roles that may reach it."""
    opening = [
        "Every page (`web:`) and call of the API (`api:`), from `src/kinfold/access/routes*.toml`. A route that is not",
        f"here answers nobody. To reach a route opens no record: each record is asked for again. {AGAIN}",
    ]
    return _page("The routes", opening, *map(_routes_in, sorted(HERE.glob("routes*.toml"))))


def _routes_in(path: Path) -> list[str]:
    """Return the section of one file of routes: its topic is in the file's name."""
    topic = path.stem.removeprefix("routes").strip("_").replace("_", " ") or "home, search and the child"
    heads = ("route", "what it is", "it may at most", "to a", "for", "exists in")
    rows = (
        (f"`{one.name}`", one.label, f"`{one.verb.value}`", f"`{one.sort.value}`", _reached_by(one),
         _places(one.installations))
        for one in sorted(load_routes(path).values(), key=lambda rule: rule.name)
    )  # fmt: skip
    title = "API" if topic == "api" else topic.capitalize()
    return [f"## {title}", "", *_table(heads, rows)]


def _reached_by(rule: RouteRule) -> str:
    if rule.roles == frozenset(ROLES):
        return "everyone"
    if rule.roles == frozenset(ROLES) - {"public"}:
        return "everyone signed in"
    return ", ".join(sorted(ROLES[name].label for name in rule.roles))


PAGES: Mapping[str, Callable[[], str]] = {
    "kinds.md": kinds_reference,
    "duties.md": duties_reference,
    "duty-cases.md": cases_reference,
    "command-line.md": command_reference,
    "roles.md": roles_reference,
    "routes.md": routes_reference,
}


def out_of_date(folder: Path = FOLDER) -> list[str]:
    """Return the names of the pages whose file is missing or says something else than the code."""
    return [name for name, text in PAGES.items() if not _says(folder / name, text())]


def _says(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check say which are out of date. Returns the exit code."""
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    old = out_of_date()
    if arguments:
        print("\n".join(old) or "Every reference page is up to date.")
        return 1 if old else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in old:
        (FOLDER / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"written: docs/reference/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
