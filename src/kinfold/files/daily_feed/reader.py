"""Reading a daily feed: one look through the whole file first, then a child at a time."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from kinfold.files.corrections import LEFT_OUT, OfFile, laid_over_object
from kinfold.files.daily_feed.layout import PARTS, Fault, faults_of
from kinfold.files.daily_feed.objects import RowNumbers, count_rows
from kinfold.files.daily_feed.stream import Refuse, Repeats, items
from kinfold.files.daily_feed.to_record import DOOR, DOOR_KINDS, subject_of
from kinfold.files.problems import Trouble, problem, shown
from kinfold.files.received import ArrivedFile
from kinfold.files.recognise import Head, Options
from kinfold.record.claim import Delivery, Place, Problem, ReceivedFile, SubjectRecord
from kinfold.terms.errors import FileRefused


def looks_like_daily_feed(head: Head) -> bool:
    """Return whether the file begins as a feed does: JSON, and a child's number near its beginning."""
    return head.sort == "json" and '"la_child_id"' in head.text


def open_daily_feed(files: Sequence[ArrivedFile], options: Options) -> Delivery:
    """
    Return the feed in `files` (one JSON file) as a delivery: partial, as each call of the feed is.

    Raises FileRefused when the file is not sound JSON or breaks off.
    """
    if len(files) != 1:
        raise files[1].refused("too_many_files", "came with another feed", "Load one file at a time, oldest first.")
    file = files[0]
    source = _Source(file.received, file.open_text, file.refused, options.limits.record_bytes, file.corrections)
    return _delivery(source, options, [*file.notes])


def open_payload(body: bytes, options: Options, *, name: str = "call") -> Delivery:
    """
    Return the body of one call of the feed as a delivery; `name` is what messages call it.

    Raises FileRefused when the body is not sound JSON in UTF-8. How many children one call may carry is the
    endpoint's to check (`layout.MOST_CHILDREN_IN_A_CALL`).
    """

    def refuse(code: str, what: str, fix: str) -> FileRefused:
        return FileRefused(f"{name} {what}. {fix}", file=name, code=code, fix=fix)

    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refuse("not_text", "is not in UTF-8", "Send the body as UTF-8.") from None
    received = ReceivedFile(name, hashlib.sha256(body).hexdigest(), len(body))
    source = _Source(received, lambda: io.StringIO(text), refuse, options.limits.record_bytes)
    return _delivery(source, options, [])


def check_payload(children: Sequence[Any]) -> list[Fault]:
    """
    Return everything in which a call's children break the contract; an empty list where nothing does.

    `children` is the parsed body. A fault's field begins with the child's position: `[3].child_details.sex`.
    Codes and the order of dates are no part of the contract: the reading quarantines those.
    """
    faults: list[Fault] = []
    for position, child in enumerate(children):
        faults.extend(_faults_within(child, "child", f"[{position}]"))
    return faults


def _faults_within(thing: Any, name: str, pointer: str) -> Iterator[Fault]:
    part = PARTS[name]
    for fault in faults_of(thing, part):
        yield fault._replace(field=f"{pointer}.{fault.field}".rstrip("."))
    if type(thing) is not dict:
        return
    for field_, inner in part.objects.items():
        if type(thing.get(field_)) is dict:
            yield from _faults_within(thing[field_], inner, f"{pointer}.{field_}")
    for field_, inner in part.lists.items():
        if type(thing.get(field_)) is list:
            for position, each in enumerate(thing[field_]):
                yield from _faults_within(each, inner, f"{pointer}.{field_}[{position}]")


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the text of a feed comes from; it can be read again and again."""

    received: ReceivedFile
    open_text: Callable[[], IO[str]]
    refuse: Refuse
    largest: int
    corrections: OfFile = field(default_factory=dict)


@dataclass(slots=True)
class _FirstLook:
    rows: int = 0
    children: int = 0
    repeats: Repeats = field(default_factory=Repeats)


def _first_look(source: _Source, *, glance: bool) -> _FirstLook:
    """Return how many rows there are, having seen that the text is sound to its end (unless at a glance)."""
    look, seen = _FirstLook(), set[str]()
    with source.open_text() as stream:
        for item in items(stream, source.refuse, largest=source.largest, repeats=look.repeats):
            number = _number_of(item.value)
            look.rows += count_rows(item.value) if number and number not in seen else 1
            look.children += 1
            seen.add(number)
            if glance:
                break
    return look


def _delivery(source: _Source, options: Options, notes: list[str]) -> Delivery:
    look = _first_look(source, glance=options.glance)
    if look.repeats.objects:
        notes.append(
            f"{source.received.name}: {look.repeats.objects:,} objects name a field twice; the last value was used."
        )
    if not look.children:
        notes.append(f"{source.received.name} has no children in it.")
    delivery = Delivery(
        door=DOOR,
        collection="",
        window=None,
        kinds=DOOR_KINDS,
        full=bool(options.full),
        files=(source.received,),
        read=lambda: iter(()),
        la_code=options.la_code,
        extracted_at=options.extracted_at,
        expected_rows=None if options.glance else look.rows,
        notes=notes,
    )
    delivery.read = lambda: _subjects(source, delivery)
    return delivery


def _subjects(source: _Source, delivery: Delivery) -> Iterator[SubjectRecord]:
    delivery.problems.clear()
    delivery.orphan_rows = 0
    seen: dict[str, int] = {}
    rows = RowNumbers()
    with source.open_text() as stream:
        for item in items(stream, source.refuse, largest=source.largest):
            own = source.corrections.get(("child", rows.last.get("child", 0) + 1))
            if own == LEFT_OUT:
                rows.next("child")
                rows.pass_over(item.value, PARTS["child"])
                continue
            if own and type(item.value) is dict:
                laid_over_object(item.value, own, PARTS["child"].checks, {})
            number = _number_of(item.value)
            if not number or number in seen:
                delivery.problems.append(_unusable(item.value, item.number, seen.get(number), rows))
                delivery.orphan_rows += 1
                rows.pass_over(item.value, PARTS["child"])
                continue
            seen[number] = item.number
            digest = hashlib.blake2b(item.text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
            yield subject_of(item.value, number=item.number, digest=digest, rows=rows, corrections=source.corrections)


def _number_of(child: Any) -> str:
    """Return the child's number, or "" where it has none by which it could be known."""
    if type(child) is not dict:
        return ""
    number = child.get("la_child_id")
    is_sound = isinstance(number, str) and PARTS["child"].checks["la_child_id"](number) is None
    return str(number) if is_sound else ""


def _unusable(child: Any, number: int, first: int | None, rows: RowNumbers) -> Problem:
    """Return the one Problem of a child that cannot be told apart, with everything it holds."""
    place = Place(0, "child", rows.next("child"))
    said = child.get("la_child_id") if type(child) is dict else child
    original = {"la_child_id": shown(str(said))} if said is not None else {}
    if first is not None:
        what = f"child {number}: {shown(str(said))} is in the file already, as child {first}"
        return problem(place, Trouble("duplicate", what, "Send each child once in a file.", "la_child_id"), original)
    faults = [fault for fault in faults_of(child, PARTS["child"]) if fault.field in ("la_child_id", "")]
    fault = faults[0]
    trouble = Trouble(fault.code, f"child {number}: {fault.message}; nothing of it was read", fault.fix, "la_child_id")
    return problem(place, trouble, original)
