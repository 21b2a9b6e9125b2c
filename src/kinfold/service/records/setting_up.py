"""Making the database ready: tables, shared cache, guards, and the holders an installation answers for."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.management import call_command

from kinfold.service.records import guards
from kinfold.service.records.models import Holder
from kinfold.terms.errors import InputError


def migrate_all() -> list[str]:
    """Bring the tables up to date and return the guards that could not be installed (none, when all is well)."""
    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("createcachetable", verbosity=0)
    guards.install()
    return guards.missing()


def add_holder(*, code: str, name: str, sort: str = "", since: date | None = None) -> Holder:
    """
    Return the holder with `code`, made if it is new: a council's in a council's installation, a region's in a region's.

    Raises InputError if the code has another name already.
    """
    defaults = {"name": name, "sort": sort or settings.INSTALLATION, "from_date": since}
    holder, made = Holder.objects.get_or_create(code=code, defaults=defaults)
    if not made and holder.name != name:
        raise InputError(f"The code {code} already belongs to {holder.name}. Use that council's name or another code.")
    return holder


def anothers_database() -> str:
    """
    Return why this installation must not open this database, with what to do; empty when it is its own.

    Each holder bears the sort of installation that answers for it, so a database of another's is known by its holders:
    a region never reads a council's tables, nor a regulator the Department's (architecture, "Whose record").
    """
    found = Holder.objects.exclude(sort=settings.INSTALLATION).order_by("pk").first()
    if found is None:
        return ""
    return (
        f"This is the database of a {found.sort} ({found.name}), and this installation is a {settings.INSTALLATION}. "
        "Set KINFOLD_DATABASE_URL and KINFOLD_DATA to its own, or correct KINFOLD_INSTALLATION."
    )


def ready() -> None:
    """
    Make the tables on first use on SQLite; elsewhere say what to run when they are missing or unguarded.

    Raises InputError, too, for a database that belongs to another sort of installation.
    """
    from django.db import connection

    existing = set(connection.introspection.table_names())
    if connection.vendor == "sqlite" and ("holder" not in existing or not Holder.objects.exists()):
        migrate_all()  # also where making them was interrupted the first time
        return
    if "holder" not in existing or guards.missing():
        raise InputError("The database is not ready. Run `kinfold migrate` first.")
    if anothers := anothers_database():
        raise InputError(anothers)
