"""The child's page, made from the record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from kinfold.access.words import Label
from kinfold.casework.letter import label_of
from kinfold.record.combine import worded
from kinfold.record.declare import Word
from kinfold.record.doors import door_label
from kinfold.service.records.reads.papers import words_of
from kinfold.service.records.reads.person import Entry, Whole, in_words
from kinfold.service.web.components import Cell, Column, Link, SummaryRow, Table, Tag, TimelineEntry, pages
from kinfold.service.web.drawings.timeline import Bar, Dot, Lane, Story, story_rows
from kinfold.service.web.drawings.words import age_on, day_words
from kinfold.terms.places import distance_miles

# The lanes of the story, from the front door inwards.
LANES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Referral", ("referral_episode", "contact", "early_help")),
    ("Assessment", ("assessment",)),
    ("Protection", ("section_47_enquiry", "child_protection_plan", "initial_child_protection_conference",
                    "child_protection_review", "child_in_need_plan")),
    ("Court", ("pre_proceedings", "proceedings", "hearing")),
    ("Looked after", ("care_period",)),
    ("Legal status", ("legal_status",)),
    ("Home", ("placement",)),
    ("Reviews", ("looked_after_review",)),
    ("Missing", ("missing", "return_interview")),
    ("Visits", ("looked_after_visit", "child_protection_visit", "child_in_need_visit")),
    ("Leaving care", ("leaving_care", "care_leaver_contact")),
)  # fmt: skip
STATUS = (
    ("care_period", "Looked after", "blue"),
    ("child_protection_plan", "Child protection plan", "red"),
    ("child_in_need_plan", "Child in need plan", "teal"),
    ("section_47_enquiry", "Section 47 enquiry", "orange"),
    ("missing", "Missing", "red"),
    ("leaving_care", "Care leaver", "purple"),
)
QUIET = frozenset({"person_details", "name", "identifier", "disability", "address"})


# What keeps a paper's file and template, and tells a reader nothing.
BEHIND = frozenset({"file_sha256", "media_type", "template"})
LONGEST_WORDS = 400


def values_in_words(entry: Entry) -> str:
    """Return a fact's values as one line a person can read; what is withheld is said to be."""
    if entry.kind.word is Word.PAPER:
        return _paper_in_words(entry)
    if len(shown_ := [n for n, v in entry.values.items() if n in entry.kind.fields and v not in (None, "", [])]) == 1:
        return in_words(shown_[0], entry.kind, entry.values[shown_[0]])
    parts = [
        f"{label_of(entry.kind.fields[name].meaning)}: {in_words(name, entry.kind, value)}"
        for name, value in entry.values.items()
        if name in entry.kind.fields and value not in (None, "", [])
    ]
    if entry.hidden:
        parts.append("something here is withheld from you")
    return ". ".join(parts)


def _paper_in_words(entry: Entry) -> str:
    """Return a paper's title and how its words begin; all of it is on its own page."""
    said = {name: value for name, value in entry.values.items() if name not in BEHIND and name != "author"}
    words = ". ".join(text for name, value in said.items() if (text := in_words(name, entry.kind, value)))
    if entry.hidden:
        words = ". ".join(filter(None, (words, "something here is withheld from you")))
    return words if len(words) <= LONGEST_WORDS else f"{words[:LONGEST_WORDS].rsplit(' ', 1)[0]} …"


def short_words(entry: Entry) -> str:
    """Return the one or two values that say most, for a bar or a list."""
    said = [in_words(name, entry.kind, value) for name, value in entry.values.items()
            if name in entry.kind.fields and entry.kind.fields[name].codes and isinstance(value, str)]  # fmt: skip
    return ", ".join(dict.fromkeys(said[:2])) or entry.kind.label


def heading(document: Whole) -> dict[str, Any]:
    """Return what heads every page about a child."""
    today = date.today() if document.as_known_on is None else document.as_known_on  # noqa: DTZ011
    return {
        "document": document,
        "name": document.name or _unnamed(document),
        "age": _age(document, today),
        "child_href": reverse("child", args=[document.uid]),
        "crumbs": [Link("Home", reverse("home")), Link(document.name or "This child")],
        "sections": _sections(document),
    }


def _sections(document: Whole) -> list[Link]:
    wanted = (("Story", "child"), ("Record something", "record_something"), ("What is due", "child_clocks"),
              ("Family", "family"), ("Who works with them", "child_allocations"), ("Papers", "papers"), ("Letters and packs", "casework_letters"),
              ("Bundle", "bundle"), ("Who else knows", "who_else"), ("Shared space", "shared_space"),
              ("Who has looked", "child_looks"), ("Rights", "child_rights"), ("Restriction", "restriction"))  # fmt: skip
    return [Link(label, reverse(name, args=[document.uid]), route=name) for label, name in wanted]


def _unnamed(document: Whole) -> str:
    """Return what stands in a name's place: it is kept from the reader, or nobody has told it."""
    return "Name withheld" if any(entry.hidden for entry in document.of("name")) else "Name not known"


def _age(document: Whole, today: date) -> str:
    if document.birth_date:
        if document.death_date:
            return f"Born {day_words(document.birth_date)}, died {day_words(document.death_date)}"
        return f"{age_on(document.birth_date, today)}, born {day_words(document.birth_date)}"
    if document.expected_birth_date:
        return f"Unborn, expected {day_words(document.expected_birth_date)}"
    withheld = any("birth_date" in entry.hidden for entry in document.of("person_details"))
    return "Date of birth withheld" if withheld else "Date of birth not known"


def statuses(document: Whole) -> list[Tag]:
    """Return that the record is restricted, for those who open it, and what is open now, the most pressing first."""
    kept_apart = [Tag("Restricted", "magenta")] if Label.RESTRICTED in document.labels else []
    return kept_apart + [Tag(words, colour) for kind, words, colour in STATUS if document.now(kind)]


def story(document: Whole, today: date) -> Story:
    """Return the drawing of the child's story."""
    lanes = []
    for label, kinds in LANES:
        entries = [entry for entry in document.of(*kinds) if entry.since is not None]
        bars = [Bar(e.since, e.until, short_words(e)) for e in entries if e.kind.word is Word.SPELL and e.since]
        dots = [Dot(e.since, e.kind.label, short_words(e)) for e in entries if e.kind.word is Word.EVENT and e.since]
        if bars or dots:
            lanes.append(Lane(label, bars, dots))
    return Story(f"The story of {document.name or 'this child'}", lanes, today, document.birth_date)


def told_of(document: Whole) -> list[Entry]:
    """Return what the story tells, newest first."""
    entries = [e for e in document.entries if e.kind.name not in QUIET and e.kind.word is not Word.TIE]
    return sorted(entries, key=lambda e: e.since or date.min, reverse=True)


def story_list(entries: Sequence[Entry]) -> list[TimelineEntry]:
    """Return a part of the story as a list, in the order given."""
    return [
        TimelineEntry(
            title=e.kind.label, when=e.since, until=e.until, text=values_in_words(e), by=provenance(e),
            href=_fact_address(e),
            tag=Tag("Now", "green") if e.ongoing else None,
        )
        for e in entries
    ]  # fmt: skip


def _fact_address(entry: Entry) -> str:
    """Return where an entry is read with its history; nothing where all of it is kept from the reader."""
    if entry.hidden and not entry.values:
        return ""
    return reverse("fact", args=[entry.kind.word.value, entry.fact])


def provenance(entry: Entry) -> str:
    """Return where a fact came from, in words."""
    doors = ", ".join(door_label(door) for door in entry.doors)
    return f"{doors} ({entry.where})" if entry.where and len(entry.doors) == 1 else doors


def placements(document: Whole) -> Table:
    """Return the child's homes in care, with how far each is from home."""
    rows = []
    for entry in document.of("placement")[: -LATEST - 1 : -1]:
        here, home = entry.values.get("postcode"), entry.values.get("home_postcode")
        miles = distance_miles(home, here) if here and home else entry.values.get("distance_miles")
        rows.append(
            [
                Cell(in_words("placement_type", entry.kind, entry.values.get("placement_type")) or "Not told"),
                Cell(day_words(entry.since) if entry.since else "", order=str(entry.since)),
                Cell(day_words(entry.until) if entry.until else "now", order=str(entry.until or "9999")),
                Cell(entry.party_name or entry.values.get("urn") or ""),
                Cell("withheld" if "postcode" in entry.hidden else here or ""),
                Cell(f"{miles:g} miles" if miles is not None else "not known", order=f"{miles or -1:09.1f}"),
            ]
        )
    columns = [Column("Home"), Column("From", sort="none"), Column("Until", sort="none"), Column("Who or URN"),
               Column("Postcode"), Column("From home", numeric=True, sort="none")]  # fmt: skip
    return Table("Placements, with distance from home", columns, rows,
                 empty="No placement is recorded. The SSDA903 return would fill this.")  # fmt: skip


def who_is_who(document: Whole) -> Table:
    """Return the people of the child's life: ties first, then those who work with them."""
    rows: list[list[Cell]] = []
    for entry in document.of_word(Word.TIE):
        inward = entry.version.version.subject != _subject(document)
        label = getattr(entry.kind, "inverse", "") if not inward else entry.kind.label
        rows.append([_person_cell(document, entry), Cell(label or entry.kind.label), Cell(_since(entry)),
                     Cell(values_in_words(entry))])  # fmt: skip
    for entry in document.of("allocation")[: -LATEST - 1 : -1]:
        role = in_words("role", entry.kind, entry.values.get("role")) or "Social worker"
        rows.append([Cell(entry.party_name or "A worker"), Cell(role), Cell(_since(entry)), Cell("")])
    columns = [Column("Who"), Column("How"), Column("When"), Column("More")]
    return Table("Who is who", columns, rows,
                 empty="Nobody is recorded yet. The Standard Safeguarding Dataset, or a form here, would fill this.")  # fmt: skip


def _subject(document: Whole) -> int | None:
    own = next((e for e in document.entries if e.kind.word is not Word.TIE), None)
    return own.version.version.subject if own else None


def _person_cell(document: Whole, entry: Entry) -> Cell:
    named = next((n for n in document.people.values() if n.uid == entry.party), None)
    if named is None:
        return Cell("Somebody whose record you cannot open")
    return Cell(named.name or "Name not known", href=reverse("child", args=[named.uid]) if named.opens else "")


def _since(entry: Entry) -> str:
    since = f"from {day_words(entry.since)}" if entry.since else ""
    return f"{since} until {day_words(entry.until)}".strip() if entry.until else since


def details(document: Whole) -> list[SummaryRow]:
    """Return who the child is: what the reader may see of it."""
    rows = []
    for entry in document.of("person_details", "disability"):
        for name, value in entry.values.items():
            spec = entry.kind.fields.get(name)
            if spec and name not in ("birth_date",) and value not in (None, "", []):
                rows.append(SummaryRow(spec.meaning, in_words(name, entry.kind, value), note=_difference(entry, name)))
    names = [" ".join(v for k in ("forename", "middle_names", "surname") if (v := e.values.get(k))) for e in
             document.of("name")]  # fmt: skip
    if len(set(names)) > 1:
        rows.insert(0, SummaryRow("Names", list(dict.fromkeys(n for n in names if n))))
    for entry in document.of("address"):
        where = "Withheld from you" if entry.hidden and not entry.values.get("postcode") else ", ".join(
            str(v) for k in ("address_lines", "postcode") if (v := entry.values.get(k)))  # fmt: skip
        rows.append(SummaryRow("Address" if entry.until is None else "Earlier address", where, note=_since(entry)))
    return rows


def _difference(entry: Entry, name: str) -> str:
    found = next((d for d in entry.version.differences if d.field == name), None)
    if found is None:
        return ""
    spec = entry.kind.fields.get(name)
    return "Sources differ: " + "; ".join(f"{door_label(s.door)} says {worded(spec, s.value)}" for s in found.said)


def identifiers(document: Whole) -> list[SummaryRow]:
    """Return the numbers the child is known by."""
    rows = [SummaryRow("Council's number", document.la_child_id)] if document.la_child_id else []
    for entry in document.of("identifier"):
        if entry.values.get("value"):
            label = in_words("identifier_type", entry.kind, entry.values.get("identifier_type"))
            rows.append(SummaryRow(label or "Number", entry.values["value"], note=_since(entry)))
    return rows


# The story is told newest first, so many entries a page: every page stays under 100 KB, however long the history.
NEWEST = 25
# A longer table of the story has an address of its own.
FOLDED = 30
TABLE_ROWS = 80
# Of homes and workers the latest are listed beside the story, which has them all.
LATEST = 25


def page_of(document: Whole, *, today: date, number: int = 1) -> dict[str, Any]:
    """Return everything the child's page shows; `number` is the page of the story."""
    told = told_of(document)
    drawn = story(document, today)
    rows = sum(len(lane.bars) + len(lane.dots) for lane in drawn.lanes)
    story_pages = pages(
        page=number, size=NEWEST, total=len(told), noun="entries", address=lambda n: f"{_address(document, page=n)}#story-list"
    )  # fmt: skip
    first = (min(max(number, 1), max(-(-len(told) // NEWEST), 1)) - 1) * NEWEST
    return {
        **heading(document),
        "statuses": statuses(document),
        "story": drawn,
        "story_table": _address(document, table=1) if rows > FOLDED else "",
        "story_list": story_list(told[first : first + NEWEST]),
        "story_pages": story_pages,
        "placements": placements(document),
        "who_is_who": who_is_who(document),
        "details": details(document),
        "identifiers": identifiers(document),
        "plans": _list_of(document, Word.PLAN, "child_protection_plan", "child_in_need_plan")[:LATEST],
        "papers": _list_of(document, Word.PAPER)[:LATEST],
        "findings": document.findings[:20],
        "today": today,
        "words": own_words(document),
    }


def table_page_of(document: Whole, *, today: date, number: int = 1) -> dict[str, Any]:
    """Return the story as a table, a page of its rows."""
    rows = story_rows(story(document, today))
    last = max(-(-len(rows.rows) // TABLE_ROWS), 1)
    first = (min(max(number, 1), last) - 1) * TABLE_ROWS
    columns = [Column(label, numeric=place in rows.numeric) for place, label in enumerate(rows.headings)]
    return {
        **heading(document),
        "statuses": statuses(document),
        "table": Table("The story as a table", columns, rows.rows[first : first + TABLE_ROWS]),
        "pages": pages(
            page=number, size=TABLE_ROWS, total=len(rows.rows), noun="rows",
            address=lambda n: _address(document, table=1, page=n),
        ),
        "back": _address(document),
        "today": today,
    }  # fmt: skip


def _address(document: Whole, **asked: int) -> str:
    """Return the address of the child's page as it is asked about now, with what else is `asked`."""
    known = {"as_known_on": document.as_known_on.isoformat()} if document.as_known_on else {}
    query = urlencode({**known, **asked})
    path = reverse("child", args=[document.uid])
    return f"{path}?{query}" if query else path


def own_words(document: Whole) -> list[tuple[str, date | None]]:
    """Return the child's own latest words, each with its day: they stand first on the page, apart from all else."""
    said = [(words_of(entry.values), entry.since) for entry in document.of("childs_own_words")]
    return [one for one in reversed(said) if one[0]][:3]


def _list_of(document: Whole, word: Word, *kinds: str) -> list[TimelineEntry]:
    entries = [e for e in document.entries if e.kind.word is word or e.kind.name in kinds]
    return [
        TimelineEntry(title=e.kind.label, when=e.since, until=e.until, text=values_in_words(e), by=provenance(e),
                      href=_fact_address(e))
        for e in sorted(entries, key=lambda e: (e.since or date.min), reverse=True)
    ]  # fmt: skip
