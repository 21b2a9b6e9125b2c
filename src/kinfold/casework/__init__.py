"""
Casework: the forms by which people record what happens, as data, and the letters and packs made from the record.

The engine, for whoever writes a page of their own:

    from kinfold.casework import facts_of, form_named, read_answers, already_known

    form = form_named("contact")                      # casework/forms/*.toml, checked with file and line
    start = already_known(form, known, today=..., me="Asha Lind")      # {question: what stands there}
    answers = read_answers(form, raw, today=..., people=[uid], facts=[uid])   # raw: {question: [what was typed]}
    if answers.complete:
        facts = facts_of(form, answers, known, me="Asha Lind")         # [ToWrite], to be recorded by an action

A new form needs no code: a [[form]] table in a file of `forms/` (form_file.py shows the format). It is then listed on
a child's page "Record something", drawn, saved as it is typed, checked, approved where it says so, and recorded by
`service/records/actions/casework.py`. `known` is a list of `KnownFact`. This room knows no database and no clock.
"""

from kinfold.casework.answers import Answers, read_answers
from kinfold.casework.form import MOST_QUESTIONS, Approval, Form, How, Question, Raw, Shape, Writes
from kinfold.casework.form_file import read_forms
from kinfold.casework.known import KnownFact, already_known, as_typed, under_way
from kinfold.casework.making import ToWrite, facts_of
from kinfold.casework.most import over_the_most
from kinfold.casework.shelf import STAGES, form_named, forms

__all__ = [
    "MOST_QUESTIONS",
    "STAGES",
    "Answers",
    "Approval",
    "Form",
    "How",
    "KnownFact",
    "Question",
    "Raw",
    "Shape",
    "ToWrite",
    "Writes",
    "already_known",
    "as_typed",
    "facts_of",
    "form_named",
    "forms",
    "over_the_most",
    "read_answers",
    "read_forms",
    "under_way",
]
