"""The papers of one person's record: the list, one paper with its versions, its file, and an author's own drafts."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from kinfold.access.slices import slice_of
from kinfold.access.things import Decision, Thing
from kinfold.access.words import Label, Sort, Verb
from kinfold.record.declare import KINDS, Kind, Word
from kinfold.service.records.actions.receiving import kept_folder
from kinfold.service.records.models import Draft, KeptFile, PaperFact
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.child_fact import NOTHING, fact_of, open_person, version_mark
from kinfold.service.records.reads.fact import FactHistory, Told
from kinfold.service.records.reads.person import Entry, Whole, whole
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.service.records.sealing import unseal
from kinfold.terms.errors import NotPermitted

# Kinds of paper that are typed in, in the order in which they are offered.
TYPED = (
    "note", "childs_own_words", "familys_own_words", "letter", "minutes", "assessment_text", "chronology", "life_story_page",
    "meeting_pack", "court_report", "legal_advice",
)  # fmt: skip
# Kinds of paper whose file may be attached.
ATTACHED = (
    "attachment", "photograph", "letter", "minutes", "assessment_text", "childs_own_words", "life_story_page",
    "meeting_pack", "court_report",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper as it stands now: what it says, its file where it has one, and what a change must name."""

    history: FactHistory
    fact: str
    newest: Told
    mark: str
    day: date | None
    values: dict[str, Any]
    file: KeptFile | None
    may_change: bool

    @property
    def kind(self) -> Kind:
        """Return the declared kind."""
        return self.history.kind

    @property
    def withdrawn(self) -> bool:
        """Return whether the paper was withdrawn."""
        return self.newest.version.status == "void"

    @property
    def title(self) -> str:
        """Return the title, or what kind of paper it is."""
        return str(self.values.get("title") or self.kind.label)

    @property
    def words(self) -> str:
        """Return the text, its sections one after the other."""
        return words_of(self.values)


def words_of(values: dict[str, Any]) -> str:
    """Return the text of a paper's values."""
    sections = values.get("sections") or ()
    texts = [str(part.get("words") or "") for part in sections if isinstance(part, dict)]
    return "\n\n".join(text for text in [*texts, str(values.get("text") or "")] if text)


def papers_of(reader: Reader, uid: str) -> tuple[Whole, list[Entry]]:
    """Return a person's record and its papers, newest first; record the View."""
    document = whole(reader, uid, action="papers")
    papers = document.of_word(Word.PAPER)
    return document, sorted(papers, key=lambda entry: (entry.since or date.min, entry.fact), reverse=True)


def paper_of(reader: Reader, uid: str, fact: str) -> Paper:
    """Return one paper of a person, and record the View. Raises NotPermitted for any other."""
    history = fact_of(reader, uid, Word.PAPER.value, fact)
    newest = history.versions[0]
    values = {told.field: told.value for told in newest.fields if told.field in history.kind.fields}
    row, thing = open_person(reader, uid, action="paper")
    asked = thing_of_kind(thing, history.kind, newest.version.label)
    return Paper(
        history=history, fact=fact, newest=newest, mark=version_mark("paper", newest.version.id),
        day=newest.version.valid_from, values=values, file=_file(row.held_by_id, dict(newest.version.payload)),
        may_change=newest.version.status != "void" and bool(reader.decide(Verb.WRITE, asked)),
    )  # fmt: skip


def thing_of_kind(thing: Thing, kind: Kind, label: str) -> Thing:
    """Return a paper of a kind, under a label, of the person `thing`, as the rule of access takes it."""
    labels = thing.labels | ({Label(label)} if label != Label.OPEN.value else frozenset())
    sort = Sort.PAPER if kind.word is Word.PAPER else Sort.FACT
    return Thing(
        sort=sort, held_by=thing.held_by, person=thing.person, labels=frozenset(labels), named=thing.named,
        slice=slice_of(kind.name),
    )  # fmt: skip


def kinds_to_write(reader: Reader, row: ThingRow, names: tuple[str, ...]) -> list[Kind]:
    """Return the kinds of paper the reader may write about a person and read back, in the order of `names`."""
    thing = reader.thing(row)
    found = []
    for name in names:
        asked = thing_of_kind(thing, KINDS[name], KINDS[name].label_default)
        if reader.decide(Verb.WRITE, asked) and reader.reads(asked):
            found.append(KINDS[name])
    return found


def _file(held_by: int, payload: dict[str, Any]) -> KeptFile | None:
    mark = payload.get("file_sha256")
    if not mark:
        return None
    return KeptFile.objects.filter(held_by_id=held_by, sha256=mark, erased_at__isnull=True).defer("content").first()


def file_of(reader: Reader, uid: str, fact: str) -> tuple[KeptFile, Iterator[bytes]]:
    """Return a paper's file and its bytes, and record the View. Raises NotPermitted where there is none to see."""
    row, thing = open_person(reader, uid, action="file of a paper")
    with as_system():
        version = PaperFact.objects.filter(fact=fact, known_to__isnull=True, subject=row.pk).first()
    if version is None:
        paper = paper_of(reader, uid, fact)  # a joined Person's paper; refuses and records as any other
        kept, decision = paper.file, reader.reads(thing)
    else:
        decision = _insist_on_paper(reader, thing, version)
        kept = _file(row.held_by_id, version.payload)
    if kept is None:
        raise NotPermitted(NOTHING)
    reader.looked(row.held_by_id, "file of a paper", [uid], because=decision.because)
    return kept, contents(kept)


def _insist_on_paper(reader: Reader, thing: Thing, version: PaperFact) -> Decision:
    """Return why the whole of a paper may be read: a file has no parts that could be masked."""
    asked = thing_of_kind(thing, KINDS[version.kind], version.label)
    return reader.insist(Verb.READ_NARRATIVE, asked, action="file of a paper")


def contents(kept: KeptFile) -> Iterator[bytes]:
    """Yield the bytes of a kept file. Raises NotPermitted where it was erased."""
    if kept.on_disk:
        with (kept_folder(kept.held_by_id) / kept.sha256).open("rb") as source:
            yield from unseal(kept.held_by_id, source)
        return
    sealed = KeptFile.objects.values_list("content", flat=True).get(pk=kept.pk)
    if sealed is None:
        raise NotPermitted(NOTHING)
    yield from unseal(kept.held_by_id, io.BytesIO(bytes(sealed)))


def draft_of(reader: Reader, form: str, about: str) -> Draft | None:
    """Return the reader's own draft of a form, if there is one."""
    return Draft.objects.filter(account=reader.account, form=form, about=about).first()


def drafts_about(reader: Reader, uid: str) -> list[Draft]:
    """Return the reader's own unfinished notes about a person, newest first."""
    return list(Draft.objects.filter(account=reader.account, form="paper", about__startswith=uid).order_by("-at"))
