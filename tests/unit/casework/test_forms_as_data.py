"""Every form is whole: declared fields of declared kinds, few questions, and a form or a page for every kind."""

from __future__ import annotations

import pytest

from kinfold.access.matrix import ROUTES
from kinfold.access.roles import ROLES
from kinfold.access.slices import slice_of
from kinfold.casework import MOST_QUESTIONS, STAGES, Form, How, forms, read_forms
from kinfold.record.declare import KINDS, Word, declare_all
from kinfold.terms.errors import SettingError

declare_all()
FORMS = [pytest.param(form, id=form.name) for form in forms().values()]
# Kinds that people record on a page of their own, by the route of that page.
ELSEWHERE = {
    "allocation": "allocate", "cover": "cover", "group_details": "family", "post_holder": "people",
    "service_offered": "casework_hubs", "child_protection_team_member": "protection_team_member_new",
    "note": "note_write", "minutes": "note_write", "assessment_text": "note_write", "chronology": "note_write",
    "life_story_page": "note_write", "meeting_pack": "note_write", "letter": "note_write", "court_report": "note_write",
    "legal_advice": "note_write", "photograph": "upload_paper", "attachment": "upload_paper",
    "home_education_request": "home_education", "home_education_consent": "home_education",
    "home_education_step": "home_education", "school_deregistration": "home_education",
    "children_not_in_school_entry": "home_education",
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_forms_fields_are_declared_fields_of_declared_kinds(form: Form) -> None:
    for one in form.writes:
        assert set(one.set) <= set(KINDS[one.kind].fields)
    for question in form.questions:
        for kind, name in question.targets:
            assert name in KINDS[kind].fields


@pytest.mark.parametrize("form", FORMS)
def test_a_form_asks_at_most_seven_questions_that_are_not_already_known(form: Form) -> None:
    assert len(form.not_known) <= MOST_QUESTIONS


@pytest.mark.parametrize("form", FORMS)
def test_a_form_answers_every_field_that_its_kinds_need(form: Form) -> None:
    for one in form.writes:
        if one.how is not How.NEW:
            continue
        needed = {spec.name for spec in KINDS[one.kind].fields.values() if spec.required}
        required = {name for q in form.questions if q.required for kind, name in q.targets if kind == one.kind}
        assert needed <= required | set(one.set)


@pytest.mark.parametrize("form", FORMS)
def test_what_a_form_leads_to_is_a_form_and_its_approval_is_somebodys_to_give(form: Form) -> None:
    assert set(form.next) <= set(forms())
    if form.approval:
        assert any(form.approval.decision in role.decides for role in ROLES.values())
        assert form.approval.regulation in KINDS["approval"].fields["regulation"].choices


def test_every_kind_of_casework_and_care_that_people_record_has_a_form_or_a_page_of_its_own() -> None:
    made = set().union(*(form.kinds for form in forms().values()))
    wanted = {kind.name for kind in KINDS.values() if kind.family in ("casework", "care") and kind.word is not Word.TIE}

    assert wanted - made - set(ELSEWHERE) == set()
    assert {f"web:{route}" for route in ELSEWHERE.values()} <= set(ROUTES)


@pytest.mark.parametrize("form", [one for one in FORMS if one.values[0].decides])
def test_every_decision_asks_what_the_child_and_the_family_think_or_leads_to_the_form_that_does(form: Form) -> None:
    asked = {name for question in form.questions for _, name in question.targets} | {q.name for q in form.questions}
    child, family = asked & {"own_words", "view_of_child"}, asked & {"family_words", "view_of_family"}

    assert (child and family) or "views_of_a_decision" in form.next


@pytest.mark.parametrize("role", sorted(ROLES))
def test_whoever_writes_the_facts_of_a_form_writes_what_the_child_says_in_it(role: str) -> None:
    for form in forms().values():
        kinds = form.kinds - {"childs_own_words", "familys_own_words"}
        if kinds and kinds != form.kinds and all(ROLES[role].writes_slice(slice_of(kind)) for kind in kinds):
            assert ROLES[role].writes_slice("own_words"), form.name


@pytest.mark.parametrize("form", [one for one in FORMS if one.values[0].together])
def test_a_form_for_several_children_asks_each_for_their_own_words_and_whether_they_were_seen(form: Form) -> None:
    own = {question.name for question in form.questions if question.each}
    personal = {"seen", "seen_alone", "child_seen", "child_seen_alone", "view_of_child", "own_words"}

    assert {q.name for q in form.questions} & personal <= own
    assert form.about == "child"


def test_every_stage_has_a_form() -> None:
    assert {form.stage for form in forms().values()} == set(STAGES)


BROKEN = """
stage = "front_door"

[[form]]
name = "contact"
title = "Contact"
why = "Because."
writes = ["contact"]

[[form]]
name = "second"
title = "Second"
why = "Because."
writes = [{writes}]
{rest}
"""


@pytest.mark.parametrize(
    ("writes", "rest", "said"),
    [
        pytest.param('"contct"', "", "no kind is declared under the name contct", id="no such kind"),
        pytest.param('"contact"', 'questions = [{ field = "outcme", ask = "?" }]', "no field outcme", id="no such field"),
        pytest.param('"contact"', 'question = []', "nothing reads question", id="a misspelt key"),
        pytest.param('{ kind = "contact", how = "end" }', "", "cannot end", id="an event does not end"),
        pytest.param('{ kind = "decision", set = { matter = "tea" } }', "", "cannot be tea", id="not a choice"),
        pytest.param('{ kind = "contact", when = "x = 1" }', "", "which the form does not ask", id="a lost condition"),
        pytest.param('"contact"', 'questions = [{ field = "reason", ask = "?", known = "nobody" }]', "`known` is", id="known"),
        pytest.param('"contact"', 'party = { ask = "Who?" }', "names nobody else", id="no party"),
        pytest.param('"contact"', 'most = [{ field = "x", total = 1, when = "day = 1", because = "?" }]',
                     "`most` names x", id="most of nothing asked"),
        pytest.param('"contact"', 'most = [{ field = "day", total = 1, because = "?" }]', "`most` says", id="most always"),
    ],
)  # fmt: skip
def test_a_form_that_is_not_whole_is_refused_with_file_and_line(writes: str, rest: str, said: str) -> None:
    text = BROKEN.replace("{writes}", writes).replace("{rest}", rest)

    with pytest.raises(SettingError) as refused:
        read_forms(text, file="broken.toml")

    assert said in str(refused.value)
    assert "broken.toml, line 10, second" in str(refused.value)


def test_a_file_that_is_not_toml_is_refused_with_its_name() -> None:
    with pytest.raises(SettingError, match=r"broken\.toml"):
        read_forms("stage = ", file="broken.toml")
