"""Keeping, sharing and dropping saved lists. A saved list is a question: it holds nobody's data."""

from __future__ import annotations

from django.utils import timezone

from kinfold.service.records.models import SavedList
from kinfold.service.records.reads.questions import Question, as_data
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.sight import uids_in
from kinfold.terms.errors import InputError, NotPermitted

MOST = 200


def save_list(reader: Reader, *, name: str, question: Question, shared: bool) -> str:
    """
    Keep a question under a name, for the reader alone or shared within their council; return its public id.

    A list of the reader's own with that name is replaced. Raises InputError for no name or too many lists.
    """
    called = " ".join(name.split())
    if not called:
        raise InputError("Give the list a name.")
    if len(called) > 120:
        raise InputError("The name must be 120 characters or fewer.")
    mine = SavedList.objects.filter(account=reader.account)
    row = mine.filter(name=called).first()
    if row is None:
        if mine.count() >= MOST:
            raise InputError(f"You have {MOST} saved lists. Delete one first.")
        row = SavedList(account=reader.account, name=called)
    row.question, row.shared, row.at = as_data(question), shared, timezone.now()
    row.held_by_id = reader.account.held_by_id
    row.save()
    return str(row.uid)


def delete_list(reader: Reader, uid: str) -> None:
    """Drop one of the reader's own saved lists. Raises NotPermitted for any other."""
    gone, _ = SavedList.objects.filter(uid__in=uids_in([uid]), account=reader.account).delete()
    if not gone:
        raise NotPermitted("There is nothing here that you can open.")
