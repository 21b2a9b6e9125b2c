"""What the documents say is there: commands, options, files, make targets, variables, links, and the generated pages."""

from __future__ import annotations

import importlib.util
import re
import shlex
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
TOP = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "GLOSSARY.md", "CHANGELOG.md", "changelog.d/README.md")
DOCUMENTS = [ROOT / name for name in TOP] + sorted((ROOT / "docs").rglob("*.md"))
every_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())

LINK = re.compile(r"\]\(([^()\s]+)\)")
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
FENCE = re.compile(r"^ *```[^\n]*\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
PLACE = re.compile(
    r"(?<![\w/.-])(?:src|tests|tools|docs|requirements|changelog\.d|\.ci)/[\w./*-]*|\.importlinter|pyproject\.toml"
)
VARIABLE = re.compile(r"\bKINFOLD_[A-Z][A-Z_]*[A-Z]\b")
WITH_OTHER_OPTIONS = ("kinfold manage",)  # hands what follows to Django


def _load_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("write_reference", ROOT / "tools" / "write_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["write_reference"] = module
    spec.loader.exec_module(module)
    return module


tool = _load_tool()
COMMANDS: dict[str, Any] = dict(tool.commands())
PAGES: list[str] = list(tool.PAGES)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _code(path: Path) -> Iterator[str]:
    """Yield each line of a document's code: its blocks and its spans."""
    text = _text(path)
    for block in FENCE.findall(text):
        yield from (line.strip() for line in block.splitlines() if line.strip())
    yield from SPAN.findall(FENCE.sub("", text))


def _wrong_with(typed: str) -> str | None:
    """Return what is wrong with a `kinfold` command as it is typed, or None."""
    words = shlex.split(typed)
    names = [name for name in COMMANDS if words[: len(name.split())] == name.split()]
    if not names:
        return f"there is no such command: {typed}"
    name = max(names, key=len)
    known = {option for one in COMMANDS[name].params for option in getattr(one, "opts", ())} | {"--help"}
    unknown = [word for word in words if word.startswith("-") and word.partition("=")[0] not in known]
    return f"{name} has no {unknown[0]}" if unknown and name not in WITH_OTHER_OPTIONS else None


def _commands_in(path: Path) -> Iterator[str]:
    for line in _code(path):
        bare = re.sub(r"^(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?", "", line)
        if re.match(r"kinfold [a-z]", bare):
            yield bare


def _anchors(path: Path) -> set[str]:
    found = set(re.findall(r'<a id="([\w-]+)">', _text(path)))
    for line in _text(path).splitlines():
        if line.startswith("#"):
            words = re.sub(r"<[^>]+>", "", line.lstrip("# ")).replace("`", "").lower()
            found.add("-".join(re.sub(r"[^\w\s-]", "", words).split()))
    return found


@every_document
def test_every_internal_link_leads_somewhere(path: Path) -> None:
    broken = []
    for href in LINK.findall(FENCE.sub("", _text(path))):
        if href.startswith(("https://", "http://", "mailto:")):
            continue
        name, _, anchor = href.partition("#")
        target = (path.parent / name).resolve() if name else path
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.append(href)

    assert broken == []


@every_document
def test_every_file_that_is_named_exists(path: Path) -> None:
    named = {found.rstrip(".") for line in _code(path) for found in PLACE.findall(line)}

    assert [name for name in sorted(named) if not list(ROOT.glob(name.rstrip("/")))] == []


@every_document
def test_every_command_and_option_that_is_named_exists(path: Path) -> None:
    wrong = [problem for typed in _commands_in(path) if (problem := _wrong_with(typed))]

    assert wrong == []


@every_document
def test_every_make_target_that_is_named_exists(path: Path) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", _text(ROOT / "Makefile"), re.MULTILINE))

    named = {found for line in _code(path) for found in re.findall(r"^make ([a-z][a-z-]*)", line)}

    assert named - targets == set()


@cache
def _source() -> str:
    """Return everything that could read a variable: the package, the tools, what runs the tests."""
    files = [*(ROOT / "src" / "kinfold").rglob("*.py"), *(ROOT / "tools").iterdir(), ROOT / ".ci" / "run",
             ROOT / "tests" / "conftest.py"]  # fmt: skip
    return "\n".join(_text(path) for path in files if path.is_file())


@every_document
def test_every_variable_that_is_named_is_read_somewhere(path: Path) -> None:
    known = set(VARIABLE.findall(_source()))

    assert set(VARIABLE.findall(_text(path))) - known == set()


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_says_what_the_code_says(name: str) -> None:
    path = ROOT / "docs" / "reference" / name

    assert path.exists(), "Run python tools/write_reference.py"
    assert _text(path) == tool.PAGES[name](), "Run python tools/write_reference.py"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_example_of_a_command_names_real_options(name: str) -> None:
    example = (COMMANDS[name].help or "").partition("Example:")[2].strip()

    assert example.startswith(name)
    assert _wrong_with(example) is None


def test_every_word_of_the_glossary_has_its_source() -> None:
    rows = [line.strip("| ").split(" | ") for line in _text(ROOT / "GLOSSARY.md").splitlines() if line.startswith("| ")]

    words = [row[0] for row in rows[1:]]
    assert len(words) >= 80
    assert all(len(row) == 3 and all(row) for row in rows)
    assert words == sorted(set(words), key=str.lower), "in order, each once"


def test_the_rooms_that_are_said_to_be_empty_are_empty() -> None:
    said = (
        _text(ROOT / "docs" / "explanation" / "one-child.md")
        .partition("are empty packages today:")[2]
        .partition(".")[0]
    )

    rooms = re.findall(r"`(\w+)`", said)
    full = [room for room in rooms if len(list((ROOT / "src" / "kinfold" / room).glob("*.py"))) > 1]
    assert rooms
    assert full == [], "docs/explanation/one-child.md says that they are empty"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        pytest.param("kinfold load a.csv --council 990", None, id="right"),
        pytest.param("kinfold load a.csv --counsel 990", "kinfold load has no --counsel", id="no such option"),
        pytest.param("kinfold fetch", "there is no such command: kinfold fetch", id="no such command"),
        pytest.param("kinfold people add-council 990 Elmshire", None, id="a command in a group"),
    ],
)
def test_a_wrong_command_would_be_found(line: str, problem: str | None) -> None:
    assert _wrong_with(line) == problem
