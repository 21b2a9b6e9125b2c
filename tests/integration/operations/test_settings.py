"""Settings: every variable is on the page, what is dangerous is off, and TLS leaves nothing to complain about."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from django.test import Client

from .conftest import Installation

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "reference" / "settings.md"
VARIABLE = re.compile(r"KINFOLD_[A-Z][A-Z_]*[A-Z]")
# Between a server and what it starts; nobody sets them.
OURS = {"KINFOLD_PARENT"}
PRODUCTION = {
    "KINFOLD_TLS": "1", "KINFOLD_TRUSTED_PROXIES": "1", "KINFOLD_HOSTS": "kinfold.elmshire.example",
    "KINFOLD_SECRET_KEY": "an-invented-secret-key-0123456789-abcdefghijklmnopqrstuvwxyz",
}  # fmt: skip


def read_variables() -> set[str]:
    """Return every variable that the code reads or names."""
    found: set[str] = set()
    for path in (ROOT / "src" / "kinfold").rglob("*.py"):
        found |= set(VARIABLE.findall(path.read_text(encoding="utf-8")))
    return found - OURS


def told_variables() -> dict[str, list[str]]:
    """Return the variables of the page's tables, with the cells beside each."""
    rows = [line.strip("| ").split(" | ") for line in PAGE.read_text().splitlines() if line.startswith("| `KINFOLD_")]
    return {cells[0].strip("` "): cells[1:] for cells in rows}


def test_the_page_lists_every_variable_that_is_read_and_no_other() -> None:
    told = told_variables()
    build_only = {name for name in told if re.search(r"KINFOLD_(TEST|REQUIRE|CHROMIUM|POSTGRES)", name)}

    assert read_variables() - set(told) == set()
    assert set(told) - read_variables() - build_only == set()
    assert all(len(cells) == 2 and all(cell.strip() for cell in cells) for cells in told.values())


def test_the_deployment_check_has_nothing_to_say_behind_tls(tmp_path: Path) -> None:
    place = Installation(tmp_path / "data", "sqlite://", **PRODUCTION)

    done = place.run("manage", "check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("KINFOLD_TLS", "maybe", "KINFOLD_TLS must be 1 or 0"),
        ("KINFOLD_INSTALLATION", "village", "KINFOLD_INSTALLATION must be one of"),
        ("KINFOLD_DATABASE_URL", "mysql://x/y", "KINFOLD_DATABASE_URL must start with"),
        ("KINFOLD_SECRET_KEY", "short", "kinfold doctor --new-secret"),
        ("KINFOLD_TRUSTED_PROXIES", "-1", "KINFOLD_TRUSTED_PROXIES must be a whole number"),
        ("KINFOLD_MAX_UPLOAD_MB", "lots", "KINFOLD_MAX_UPLOAD_MB must be a whole number"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_write(tmp_path: Path, variable: str, value: str, said: str) -> None:
    done = Installation(tmp_path / "data", "sqlite://").run("doctor", **{variable: value})

    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"KINFOLD_BACKUP_KEY": ""}, "needs a passphrase"),
        ({"KINFOLD_BACKUP_KEY": "too short"}, "20 characters or more"),
        ({"KINFOLD_BACKUP_KEY": "", "KINFOLD_BACKUP_KEY_FILE": "/nowhere/key"}, "cannot be read"),
    ],
)
def test_a_backup_without_a_passphrase_says_how_to_give_one(
    tmp_path: Path, environment: dict[str, str], said: str
) -> None:
    done = Installation(tmp_path / "data", "sqlite://").run("backup", **environment)

    assert done.returncode == 1
    assert said in done.stderr


@pytest.mark.django_db
def test_every_page_comes_with_the_headers_that_protect_it() -> None:
    answer = Client().get("/accounts/login/")

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Server" not in answer.headers


@pytest.mark.django_db
def test_no_page_has_script_or_style_written_into_it() -> None:
    text = Client().get("/accounts/login/").content.decode()

    assert not re.search(r"<script(?![^>]*(nonce=|src=|type=.application/json))", text)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=", text)


def test_behind_tls_cookies_and_the_host_are_for_tls_only(tmp_path: Path) -> None:
    code = (
        "import django; django.setup(); from django.conf import settings as s; from django.test import Client; "
        "from kinfold.service.records.setting_up import migrate_all; migrate_all(); "
        "c = Client(HTTP_HOST='kinfold.elmshire.example'); r = c.get('/accounts/login/'); "
        "t = c.get('/accounts/login/', HTTP_X_FORWARDED_PROTO='https'); "
        "print(r.status_code, r.headers['Location'], t.headers['Strict-Transport-Security'], "
        "t.cookies['csrftoken']['secure'], s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY)"
    )
    import subprocess
    import sys

    place = Installation(tmp_path / "data", "sqlite://", **PRODUCTION)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env={**place.environment, "DJANGO_SETTINGS_MODULE": "kinfold.service.config.settings"},
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [
        "301", "https://kinfold.elmshire.example/accounts/login/", "max-age=31536000;", "includeSubDomains;", "preload",
        "True", "True", "True",
    ]  # fmt: skip


def test_no_variable_of_the_tests_own_machine_is_needed() -> None:
    assert "KINFOLD_DATA" in os.environ, "the tests set their own data folder"
