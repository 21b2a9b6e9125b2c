"""
XML read safely: no external entities, no document type, no network, one record in memory at a time.

lxml's own limits hold besides (depth 256, no huge text). `records` feeds the parser in chunks, so a file
of any size costs the memory of its largest record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from lxml import etree

from kinfold.files.first_look import start_of_text
from kinfold.files.received import READING_ERRORS, ArrivedFile, Limits
from kinfold.terms.errors import FileRefused

Element = Any  # lxml's own type is private to it

_CHUNK = 64 * 1024
_HARDENED: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_DOCTYPE_FIX = "Export it again without a DOCTYPE line: statutory files have none."


def root_name(file: ArrivedFile) -> str | None:
    """Return the local name of the first element, or None when the file does not begin as XML does."""
    parser = etree.XMLPullParser(events=("start",), **_parser_options(file))
    try:
        parser.feed(file.head())
        for _, element in parser.read_events():
            return local_name(element)
    except etree.XMLSyntaxError:
        for _, element in parser.read_events():
            return local_name(element)
    return None


def local_name(element: Element) -> str:
    """Return an element's name without its namespace; "" for what is no element."""
    return _without_namespace(element.tag)


@lru_cache(maxsize=10_000)
def _without_namespace(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def text_of(element: Element, name: str) -> str:
    """Return the stripped text of the first child element of that local name; "" when there is none."""
    for child in element:
        if local_name(child) == name:
            return (child.text or "").strip()
    return ""


def records(file: ArrivedFile, *, root: str, tags: Sequence[str], limits: Limits | None = None) -> Iterator[Element]:
    """
    Yield each element named in `tags`, whole, in the order of the file; it is emptied when the next is asked for.

    `element.sourceline` is its line. Nested elements of the same tags are yielded inner first.
    Raises FileRefused for a DOCTYPE, another root, an oversized record, and for XML that is not well formed.
    """
    limits = limits or Limits()
    check_no_doctype(file)
    parser = etree.XMLPullParser(
        events=("start", "end"), tag=[f"{{*}}{name}" for name in (root, *tags)], **_parser_options(file)
    )
    wanted, seen_root, since = set(tags), False, 0
    for part in _fed(file, parser):
        since += part
        for event, element in parser.read_events():
            name = local_name(element)
            if not seen_root:
                _check_root(file, element, root)
                seen_root = True
            if event == "end" and name in wanted:
                since = 0
                yield element
                _forget(element)
        if since > limits.record_bytes:
            raise file.refused(
                "record_too_large",
                f"has a record larger than {limits.record_bytes // 1024 // 1024} MB",
                "Check its end tags.",
            )
    if not seen_root:
        raise file.refused("wrong_root", f"does not begin with {root}", "Check that it is the right file.")


def whole(file: ArrivedFile, *, largest: int = 16 * 1024 * 1024) -> Element:
    """Return the root of a small XML file, read at once and as safely. Raises FileRefused as `records` does."""
    if file.size > largest:
        raise file.refused("file_too_large", f"is larger than {largest // 1024 // 1024} MB", "Check the file.")
    check_no_doctype(file)
    with file.open() as stream:
        try:
            tree = etree.parse(stream, etree.XMLParser(**_parser_options(file)))
        except etree.XMLSyntaxError as error:
            raise _not_well_formed(file, error) from error
    _refuse_doctype(file, tree)
    return tree.getroot()


def check_no_doctype(file: ArrivedFile) -> None:
    """Raise FileRefused if the file's beginning declares a document type or an entity."""
    start = start_of_text(file.head(), file.encoding)
    if "<!DOCTYPE" in start or "<!ENTITY" in start:
        raise file.refused("doctype", "declares a document type (DOCTYPE), which can hide other files", _DOCTYPE_FIX)


def _fed(file: ArrivedFile, parser: Any) -> Iterator[int]:
    """Feed the parser a chunk at a time, yielding each chunk's size before its events are read."""
    with file.open() as stream:
        try:
            while chunk := stream.read(_CHUNK):
                parser.feed(chunk)
                yield len(chunk)
            parser.close()
        except etree.XMLSyntaxError as error:
            raise _not_well_formed(file, error) from error
        except READING_ERRORS as error:
            raise file.refused("unreadable", "breaks off before its end", "Send it again.") from error
    yield 0


def _parser_options(file: ArrivedFile) -> dict[str, Any]:
    # A file that says UTF-8 and is not would stop at its first accent.
    if file.encoding == "windows-1252":
        return {**_HARDENED, "encoding": "windows-1252"}
    return _HARDENED


def _check_root(file: ArrivedFile, element: Element, root: str) -> None:
    tree = element.getroottree()
    _refuse_doctype(file, tree)
    if local_name(tree.getroot()) != root:
        raise file.refused("wrong_root", f"does not begin with {root}", "Check that it is the right file.")


def _refuse_doctype(file: ArrivedFile, tree: Any) -> None:
    if tree.docinfo.doctype or tree.docinfo.internalDTD is not None:
        raise file.refused("doctype", "declares a document type (DOCTYPE), which can hide other files", _DOCTYPE_FIX)


def _forget(element: Element) -> None:
    """Free an element that has been read, and those before it."""
    element.clear(keep_tail=False)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _not_well_formed(file: ArrivedFile, error: Any) -> FileRefused:
    line = getattr(error, "lineno", None)
    where = f" at line {line}" if line else ""
    return file.refused("not_well_formed", f"is not well-formed XML{where}", "It may be cut short: export it again.")
