"""One form about several children of a family: whom it may be about as well, and each further child's part of it."""

from __future__ import annotations

from dataclasses import dataclass

from kinfold.casework import Answers, Form, How, Raw, ToWrite
from kinfold.casework.form import Question
from kinfold.casework.together import about_one, also_about, own_questions, own_raw, was_asked, whole_raw
from kinfold.record.declare import Word
from kinfold.service.records.models import FACT_TABLES, PersonIndex
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.casework import may_write
from kinfold.service.records.reads.casework_filling import Filling, filling_seen
from kinfold.service.records.reads.families import brothers_and_sisters
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.versions import one_person
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError


@dataclass(frozen=True, slots=True)
class Part:
    """A further child's part of a form: what the child answers themselves, and what the form says of all."""

    filling: Filling
    typed: Raw

    @property
    def uid(self) -> str:
        """Return the child's public id."""
        return self.filling.document.uid

    @property
    def name(self) -> str:
        """Return the child's name."""
        return self.filling.document.name or "Name not known"

    @property
    def asked(self) -> Form:
        """Return the part of the form that is asked of this child."""
        return about_one(self.filling.form, self.filling.known)

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return what is asked of this child."""
        return own_questions(self.filling.form, self.filling.known)

    @property
    def own(self) -> Raw:
        """Return what stands in this child's part."""
        return own_raw(self.filling.form, self.typed, self.uid, self.filling.known)

    @property
    def answers(self) -> Answers:
        """Return the whole form as it is answered for this child."""
        return self.filling.answers(whole_raw(self.filling.form, self.typed, self.uid, self.filling.known))

    @property
    def done(self) -> bool:
        """Return whether this child's part was asked and nothing is missing: an optional one is asked once, too."""
        asked = not self.questions or was_asked(self.filling.form, self.typed, self.uid)
        return asked and self.answers.complete

    def told(self) -> list[ToWrite]:
        """Return what the child's record would be told. Raises InputError, naming the child."""
        try:
            return self.filling.told(self.answers)
        except InputError as error:
            raise InputError(f"{self.name}: {error}") from None


def may_be_about(reader: Reader, one: Filling) -> list[tuple[str, str]]:
    """
    Return the other children of the family whom a form may be about as well: (public id, name).

    They are those whose record the reader writes the same in, and who have something to go on with where it needs that.
    """
    if not one.form.together:
        return []
    with as_system():
        near = brothers_and_sisters(one.row.pk)
        if one.form.main().how is not How.NEW:
            near = [row for row in near if _has_begun(row, one.form)]
        names = dict(PersonIndex.objects.filter(pk__in=[row.pk for row in near]).values_list("person_id", "name"))
    reader.prepare([row.pk for row in near])
    named = [(str(row.uid), names.get(row.pk) or "Name not known") for row in near if may_write(reader, row, one.form)]
    return sorted(named, key=lambda pair: pair[1])


def _has_begun(row: ThingRow, form: Form) -> bool:
    """Return whether a child has something that the form could change or end."""
    kind = form.main().declared
    going = FACT_TABLES[kind.word.value].objects.filter(
        subject__in=one_person(row.pk), kind=kind.name, known_to__isnull=True
    )
    if kind.word in (Word.SPELL, Word.PLAN):
        going = going.filter(valid_to__isnull=True)
    return going.exclude(status="void").exists()


def parts_of(reader: Reader, one: Filling, raw: Raw, *, writes: bool = True) -> list[Part]:
    """
    Return the part of each further child that a form is about, in the order chosen.

    Raises InputError where one was chosen about whom the reader may not write it, or no longer; with `writes` off, for
    somebody who approves it, only reading is asked, and NotPermitted is raised where they may not.
    """
    wanted = also_about(raw) if one.form.together else []
    if not wanted:
        return []
    with as_system():
        near = {str(row.uid): row for row in brothers_and_sisters(one.row.pk)}
    if any(uid not in near or (writes and not may_write(reader, near[uid], one.form)) for uid in wanted):
        raise InputError("You cannot record this about one of the other children any more. Choose them again.")
    return [Part(filling_seen(reader, near[uid], one.form), raw) for uid in wanted]
