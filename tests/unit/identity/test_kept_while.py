"""Spellings are kept while a piece of work lasts and never after it."""

from __future__ import annotations

import pytest

from kinfold.identity.kept_while import kept_now, kept_while_working, working
from kinfold.identity.name_keys import name_keys
from kinfold.identity.names import name_of
from kinfold.identity.normalise import particulars

ROW = {"given": "Rosalind", "family": "Applecote-Hart", "dob": "2012-03-14", "postcode": "S10 2AA", "nhs": "9990000018"}


def test_one_question_after_another_leaves_nothing_behind() -> None:
    particulars(ROW)
    name_keys("Rosalind Applecote-Hart")

    assert kept_now() == 0


def test_within_work_each_spelling_is_worked_out_once() -> None:
    with working():
        assert name_of("rosalind") is name_of("rosalind")
        particulars(ROW)
        with working():
            pass
        assert kept_now() > 0
    assert kept_now() == 0


def test_nothing_is_kept_after_work_that_failed() -> None:
    def fail() -> None:
        with working():
            particulars(ROW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert kept_now() == 0


def test_the_answers_are_the_same_with_and_without() -> None:
    alone = particulars(ROW)
    with working():
        assert particulars(ROW) == particulars(ROW) == alone


def test_an_empty_answer_is_worked_out_again_and_is_right() -> None:
    @kept_while_working
    def nothing(_: str) -> None:
        return None

    with working():
        assert nothing("a") is None
        assert nothing("a") is None
