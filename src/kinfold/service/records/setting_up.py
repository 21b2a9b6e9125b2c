"""Making the database ready: tables, shared cache, guards, and the holders an installation answers for."""

from __future__ import annotations

from datetime import date

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


def add_holder(*, code: str, name: str, sort: str = "council", since: date | None = None) -> Holder:
    """Return the holder with `code`, made if it is new. Raises InputError if the code has another name already."""
    holder, made = Holder.objects.get_or_create(code=code, defaults={"name": name, "sort": sort, "from_date": since})
    if not made and holder.name != name:
        raise InputError(f"The code {code} already belongs to {holder.name}. Use that council's name or another code.")
    return holder


def ready() -> None:
    """Make the tables on first use on SQLite; elsewhere say what to run when they are missing or unguarded."""
    from django.db import connection

    existing = set(connection.introspection.table_names())
    if "holder" not in existing and connection.vendor == "sqlite":
        migrate_all()
        return
    if "holder" not in existing or guards.missing():
        raise InputError("The database is not ready. Run `kinfold migrate` first.")
