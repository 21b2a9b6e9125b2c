"""
The project's own documents as pages: Markdown in, GOV.UK markup out. Raw HTML in a document is shown, never obeyed.

A long document is shown a part at a time, cut at its headings, so that every page stays small. A link to another
document leads to its page; a link to a file of the code, which no page shows, stays as its words.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER = Path(__file__).resolve().parents[5] / "docs"
# The four kinds of documents, and the decisions, in the order in which they are listed.
SECTIONS = (
    ("tutorials", "Learn"),
    ("how-to", "Do something"),
    ("reference", "Look something up"),
    ("explanation", "Understand"),
    ("decisions", "Why it was built so"),
)
LARGEST_PART = 16_000  # characters of Markdown; with its markup a page stays under 100 KB
_CLASSES = {
    "h2": "govuk-heading-m", "h3": "govuk-heading-s", "h4": "govuk-heading-s", "p": "govuk-body",
    "ul": "govuk-list govuk-list--bullet", "ol": "govuk-list govuk-list--number", "a": "govuk-link",
    "table": "govuk-table kinfold-table", "thead": "govuk-table__head", "tbody": "govuk-table__body",
    "tr": "govuk-table__row", "th": "govuk-table__header", "td": "govuk-table__cell", "blockquote": "govuk-inset-text",
}  # fmt: skip
_ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "th": "columnheader", "td": "cell"}
_HEADING = re.compile(r"^(#{1,4}) (?:<a id=\"([\w-]+)\"></a>)?(.+?)\s*$")
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
AddressOf = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One document: its name, such as "how-to/load-files", and its title."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Part:
    """What one page shows of a document: the heading it begins with, and its Markdown."""

    title: str
    text: str


def documents(folder: Path = FOLDER) -> list[tuple[str, list[Entry]]]:
    """Return the documents in `folder` by section, in order of title; empty where there is no such folder."""
    found = []
    for name, label in SECTIONS:
        entries = [Entry(f"{name}/{path.stem}", _title_of(path)) for path in (folder / name).glob("*.md")]
        by = "name" if name == "decisions" else "title"
        if entries:
            found.append((label, sorted(entries, key=lambda entry: str(getattr(entry, by)))))
    return found


def _title_of(path: Path) -> str:
    with path.open(encoding="utf-8") as lines:
        return next((line[2:].strip() for line in lines if line.startswith("# ")), path.stem)


def document(name: str, folder: Path = FOLDER) -> tuple[Entry, list[Part]] | None:
    """Return the document `name` in its parts, or None when `folder` has none. Only names that are listed are read."""
    known = {entry.name: entry for _, entries in documents(folder) for entry in entries}
    if name not in known:
        return None
    path = folder / f"{name}.md"
    return known[name], list(_parts(path, path.stat().st_mtime_ns))


@lru_cache(maxsize=64)
def _parts(path: Path, changed: int) -> tuple[Part, ...]:
    lines = path.read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("# "))
    if len(text) <= LARGEST_PART:
        return (Part("", text),)
    return tuple(_small(_cut(text, "## ", "Beginning")))


def _cut(text: str, mark: str, first: str) -> Iterator[Part]:
    """Yield the parts of a text that begin with a heading of the rank of `mark`, and what stands before the first."""
    title, lines = first, list[str]()
    for line in text.splitlines():
        if line.startswith(mark):
            if any(one.strip() for one in lines):
                yield Part(title, "\n".join(lines))
            title, lines = _plain_heading(line)[1], []
        lines.append(line)
    yield Part(title, "\n".join(lines))


def _small(parts: Iterator[Part]) -> Iterator[Part]:
    """Yield the parts, those that are too long cut again at their headings of the third rank."""
    for part in parts:
        pieces = [""]
        for piece in _cut(part.text, "### ", part.title):
            if pieces[-1] and len(pieces[-1]) + len(piece.text) > LARGEST_PART:
                pieces.append("")
            pieces[-1] += piece.text + "\n"
        for number, text in enumerate(pieces, 1):
            yield Part(f"{part.title} ({number} of {len(pieces)})" if len(pieces) > 1 else part.title, text)


def _plain_heading(line: str) -> tuple[str, str]:
    """Return the anchor and the words of a heading's line."""
    found = _HEADING.match(line)
    if found is None:
        return "", line
    words = found[3].replace("`", "")
    return found[2] or "-".join(re.sub(r"[^\w\s-]", "", words.lower()).split()), words


def anchors(parts: Sequence[Part]) -> dict[str, int]:
    """Return in which part, counted from 1, each heading of a document stands, by its anchor."""
    found: dict[str, int] = {}
    for number, part in enumerate(parts, 1):
        for line in part.text.splitlines():
            if line.startswith("#"):
                found.setdefault(_plain_heading(line)[0], number)
    return found


def as_html(part: Part, *, name: str, parts: Sequence[Part], address_of: AddressOf) -> SafeString:
    """
    Return a part as markup.

    `address_of` gives the page of a document by its name, or "" when there is none.
    """
    lines = part.text.splitlines()
    ids = {number: _plain_heading(line)[0] for number, line in enumerate(lines) if line.startswith("#")}
    text = "\n".join(_HEADING.sub(r"\1 \3", line) if number in ids else line for number, line in enumerate(lines))
    where = anchors(parts) if len(parts) > 1 else {}
    tokens = list(_dressed(_MARKDOWN.parse(text), ids))
    for token in tokens:
        if token.children:
            token.children = list(_linked(token.children, name, where, address_of))
    # safe: the renderer escapes everything that the document holds
    html: SafeString = mark_safe(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))  # noqa: S308
    return html


def _dressed(tokens: list[Token], ids: dict[int, str]) -> Iterator[Token]:
    """Yield the tokens with GOV.UK's classes, anchors on headings, and each cell with its column's name."""
    heads: list[str] = []
    column, in_head = 0, False
    for place, token in enumerate(tokens):
        if token.type in ("fence", "code_block"):
            yield from _code(token)
            continue
        if token.nesting == 1:
            _dress(token, ids)
            in_head = token.tag == "thead" or (in_head and token.tag != "tbody")
            if token.tag == "thead":
                heads = []
            column = 0 if token.tag == "tr" else column
            if token.tag in ("th", "td"):
                if in_head:
                    heads.append(tokens[place + 1].content)
                else:
                    token.attrSet("data-label", heads[column] if column < len(heads) else "")
                column += 1
        yield token


def _dress(token: Token, ids: dict[int, str]) -> None:
    token.attrs.pop("style", None)  # the content security policy refuses it
    if token.tag in _CLASSES:
        token.attrJoin("class", _CLASSES[token.tag])
    if token.tag in _ROLES:
        token.attrSet("role", _ROLES[token.tag])
    if token.tag == "th":
        token.attrSet("scope", "col")
    if token.type == "heading_open" and token.map and ids.get(token.map[0]):
        token.attrSet("id", ids[token.map[0]])


def _code(token: Token) -> Iterator[Token]:
    """Yield a block of code as lines that wrap: a block that scrolls sideways is of no use on a telephone."""
    opening = Token("paragraph_open", "p", 1, block=True)
    opening.attrSet("class", "govuk-body")
    inner = Token("inline", "", 0, children=[])
    for line in token.content.rstrip("\n").split("\n"):
        bare = line.lstrip(" ")
        piece = Token("code_inline", "code", 0, content="\u00a0" * (len(line) - len(bare)) + bare)
        inner.children = [*(inner.children or []), piece, Token("hardbreak", "br", 0)]
    yield from (opening, inner, Token("paragraph_close", "p", -1, block=True))


def _linked(children: list[Token], name: str, where: dict[str, int], address_of: AddressOf) -> Iterator[Token]:
    """Yield the tokens of a line, each link leading to a page or, where there is none, left out around its words."""
    dropped = False
    for token in children:
        if token.type == "link_open":
            target = _target(str(token.attrGet("href") or ""), name, where, address_of)
            dropped = not target
            if dropped:
                continue
            token.attrSet("href", target)
            token.attrJoin("class", _CLASSES["a"])
        elif token.type == "link_close" and dropped:
            dropped = False
            continue
        yield token


def _target(href: str, name: str, where: dict[str, int], address_of: AddressOf) -> str:
    if href.startswith(("https://", "http://", "mailto:")):
        return href
    path, _, anchor = href.partition("#")
    if not path:
        return f"?part={where[anchor]}#{anchor}" if anchor in where else href
    found = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
    address = address_of(found.removesuffix(".md")) if found.endswith(".md") else ""
    return f"{address}#{anchor}" if address and anchor else address
