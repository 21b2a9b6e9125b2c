"""An invented council, somebody who loads its files, and files with a row that cannot be used."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import Client

from kinfold.service.jobs.worker import Worker
from kinfold.service.records import scope
from kinfold.service.records.models import Account, Holder, Load, RoleHeld
from kinfold.service.records.setting_up import add_holder

HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n" + "".join(
    f"{number},1,01/01/2015,WBRI,,,\n" for number in ("C1", "C2", "C3")
)
EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
    "C1,01/05/2025,S,C2,N1,U1,PR1,,,,,,\n"
    "C2,31/02/2025,S,C2,N1,U1,PR1,,,,,,\n"
    "C3,01/06/2025,S,C2,N1,U1,PR1,,,,,,\n"
)
REVIEWS = "CHILD,DOB,REVIEW,REVIEW_CODE\nC1,01/01/2015,20/05/2025,PN1\n,01/01/2015,21/05/2025,=PN1()\n"
RETURN = {"header.csv": HEADER, "episodes.csv": EPISODES, "reviews.csv": REVIEWS}


@pytest.fixture(autouse=True)
def _kept_apart(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """
    Keep received files in a folder of the test's own.

    A request must not close the test's connection; after one, the test looks at the tables past the second wall again.
    """
    monkeypatch.setattr("kinfold.service.config.middleware.forget_reader", look_past_the_wall)
    settings.RECEIVED_FILES = tmp_path / "received"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


def look_past_the_wall() -> None:
    """Let the test itself read every row, where the database has a wall."""
    if connection.vendor == "postgresql":
        scope._tell("system", "0", local=False)


@pytest.fixture
def council(db: None) -> Holder:
    """Return an invented council."""
    return add_holder(code="990", name="Elmshire")


@pytest.fixture
def signed_in(council: Holder) -> Callable[..., Client]:
    """Return a function that signs somebody in with a role in a council."""

    def sign_in(role: str = "data_analyst", *, held_by: Holder | None = None, name: str = "Alex Data") -> Client:
        holder = held_by or council
        account = Account.objects.create_user(
            f"{name.replace(' ', '.')}@example.test", name=name, held_by=holder, organisation=holder.name
        )
        RoleHeld.objects.create(
            account=account, role=role, held_by=holder, from_date=date(2020, 1, 1), granted_by="test"
        )
        web = Client()
        web.force_login(account)
        session = web.session
        session["signed_in_by_directory"] = True
        session.save()
        web.account = account  # type: ignore[attr-defined]
        return web

    return sign_in


@pytest.fixture
def analyst(signed_in: Callable[..., Client]) -> Client:
    """Return a data analyst of the council, signed in."""
    return signed_in()


def named(name: str, content: str | bytes) -> io.BytesIO:
    """Return a file as a test client sends it."""
    stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
    stream.name = name
    return stream


def zipped(files: dict[str, str]) -> bytes:
    """Return files packed as a zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.fixture
def send() -> Callable[..., Any]:
    """Return a function that sends files from the page."""

    def sending(web: Client, files: dict[str, Any], **said: str) -> Any:
        sent = [named(name, content) for name, content in files.items()]
        return web.post("/files/", {"sent": sent, "scope": "", "collection": "2025-26", **said})

    return sending


def work() -> int:
    """Do every job that waits, as a worker does, and return how many there were."""
    # inside a test's own transaction the connection must stay open
    with mock.patch("kinfold.service.jobs.worker.close_old_connections"):
        return Worker().run(once=True)


@pytest.fixture
def loaded(analyst: Client, send: Callable[..., Any]) -> Load:
    """Return a load of the return, done."""
    send(analyst, RETURN)
    work()
    return Load.objects.get()
