"""
What the database itself refuses, as one list, for both databases.

Altering a table on SQLite silently drops its triggers, so the list is installed again after every migration
and checked at start-up and by `kinfold doctor`: each guard by its name and by what it does.

- facts, commits, audit entries and the regulator's cases are append-only: the one update is `known_to`, from empty to a value, once;
- nothing is deleted from them, and on PostgreSQL nothing truncated;
- on PostgreSQL every fact row is checked against the reader (row-level security, forced on the owner too).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Model

from kinfold.service.records.models import (
    FACT_TABLES,
    AuditCut,
    AuditEntry,
    Commit,
    Erasure,
    HomeVacancy,
    HomeWorkforce,
    MarketCase,
    MarketLine,
    OwnerMatch,
    SameAs,
)

VERSIONED = [model._meta.db_table for model in FACT_TABLES.values()]
CLOSABLE = [*VERSIONED, SameAs._meta.db_table]
_APPENDED: tuple[type[Model], ...] = (
    AuditEntry,
    AuditCut,
    Commit,
    Erasure,
    HomeVacancy,
    HomeWorkforce,
    MarketCase,
    MarketLine,
    OwnerMatch,
)
SEALED = [model._meta.db_table for model in _APPENDED]


def _columns(table: str) -> list[str]:
    """Return the columns as the models declare them: asking SQLite for them takes half a second, and readiness asks."""
    those: tuple[type[Model], ...] = (*FACT_TABLES.values(), SameAs)
    model = next(one for one in those if one._meta.db_table == table)
    return [str(field.column) for field in model._meta.concrete_fields]


def _sqlite() -> dict[str, str]:
    guards: dict[str, str] = {}
    for table in CLOSABLE:
        erasable = {"known_to", "payload", "ref"} if table in VERSIONED else {"known_to"}
        others = ", ".join(f'"{name}"' for name in _columns(table) if name not in erasable)
        guards[f"{table}_append_only"] = (
            f'create trigger {table}_append_only before update of {others} on "{table}" '
            f"begin select raise(abort, 'kinfold: facts are append-only'); end"
        )
        guards[f"{table}_closes_once"] = (
            f'create trigger {table}_closes_once before update of known_to on "{table}" when old.known_to is not null '
            f"begin select raise(abort, 'kinfold: a version closes once'); end"
        )
        guards[f"{table}_keeps"] = (
            f'create trigger {table}_keeps before delete on "{table}" '
            f"begin select raise(abort, 'kinfold: facts are never deleted'); end"
        )
    for table in VERSIONED:
        erased = (
            "exists (select 1 from erasure e where e.fact = lower("
            "substr(old.fact,1,8)||'-'||substr(old.fact,9,4)||'-'||substr(old.fact,13,4)||'-'||substr(old.fact,17,4)"
            "||'-'||substr(old.fact,21)))"
        )
        guards[f"{table}_erasing_ref"] = (
            f'create trigger {table}_erasing_ref before update of ref on "{table}" '
            f"when not (new.ref is old.ref or (new.ref is null and {erased})) "
            "begin select raise(abort, 'kinfold: a reference is emptied only by a recorded erasure'); end"
        )
        guards[f"{table}_erasing"] = (
            f'create trigger {table}_erasing before update of payload on "{table}" '
            "when not (new.payload = '{}' and exists (select 1 from erasure e where e.fact = lower("
            "substr(old.fact,1,8)||'-'||substr(old.fact,9,4)||'-'||substr(old.fact,13,4)||'-'||substr(old.fact,17,4)"
            "||'-'||substr(old.fact,21)))) "
            "begin select raise(abort, 'kinfold: a payload is emptied only by a recorded erasure'); end"
        )
    for table in SEALED:
        guards[f"{table}_no_update"] = (
            f'create trigger {table}_no_update before update on "{table}" '
            f"begin select raise(abort, 'kinfold: append-only'); end"
        )
        guards[f"{table}_no_delete"] = (
            f'create trigger {table}_no_delete before delete on "{table}" '
            f"begin select raise(abort, 'kinfold: append-only'); end"
        )
    return guards


def _pg_closes(name: str, also: str = "") -> str:
    """Return a function that lets `known_to` close once and refuses every other change but what `also` allows."""
    return f"""
create or replace function {name}() returns trigger language plpgsql as $$
declare kept record;
begin
  kept := old;
  if old.known_to is null and new.known_to is not null then
    kept.known_to := new.known_to;
  end if;{also}
  if kept is distinct from new then
    raise exception 'kinfold: facts are append-only; only known_to closes, once';
  end if;
  return new;
end $$"""


_PG_CLOSES = _pg_closes("kinfold_closes_once")
_PG_FACT_CLOSES = _pg_closes(
    "kinfold_fact_closes_once",
    also="""
  if new.payload = '{}'::jsonb and exists (select 1 from erasure e where e.fact = old.fact::text) then
    kept.payload := new.payload;
    if new.ref is null then
      kept.ref := new.ref;
    end if;
  end if;""",
)
_PG_REFUSES = """
create or replace function kinfold_refuses() returns trigger language plpgsql as $$
begin raise exception 'kinfold: append-only'; end $$"""
# Written as one array read once a query, so that it costs nothing measurable (docs/decisions/0006).
_PG_WALL = """
create policy kinfold_wall on {table} using (
  (select current_setting('kinfold.reader', true)) = 'system'
  or exists (
    select 1 from reach r
    where r.actor = (select nullif(current_setting('kinfold.actor', true), '')::bigint)
      and r.held_by = {table}.held_by
      and (r.person = {table}.subject or r.person is null)
      and r.from_date <= current_date and (r.until_date is null or r.until_date > current_date))
  or exists (
    select 1 from grant_held g
    where g.account_id = (select nullif(current_setting('kinfold.reader', true), '')::bigint)
      and g.person = {table}.subject and g.from_at <= now() and g.until_at > now())
) with check ((select current_setting('kinfold.reader', true)) = 'system')"""


def _postgresql() -> dict[str, str]:
    guards: dict[str, str] = {}
    for table in CLOSABLE:
        function = "kinfold_fact_closes_once" if table in VERSIONED else "kinfold_closes_once"
        guards[f"{table}_append_only"] = (
            f"create trigger {table}_append_only before update on {table} for each row execute function {function}()"
        )
    for table in SEALED:
        guards[f"{table}_no_update"] = (
            f'create trigger {table}_no_update before update on "{table}" for each row execute function kinfold_refuses()'
        )
    for table in [*CLOSABLE, *SEALED]:
        guards[f"{table}_keeps"] = (
            f'create trigger {table}_keeps before delete on "{table}" for each row execute function kinfold_refuses()'
        )
        guards[f"{table}_no_truncate"] = (
            f'create trigger {table}_no_truncate before truncate on "{table}" '
            f"for each statement execute function kinfold_refuses()"
        )
    return guards


def wanted() -> dict[str, str]:
    """Return each trigger's name and the statement that makes it, for the database in use."""
    return _sqlite() if connection.vendor == "sqlite" else _postgresql()


def _mark(statement: str) -> str:
    """Return what tells a guard's definition from another one, whatever its spacing."""
    functions = "" if connection.vendor == "sqlite" else _PG_CLOSES + _PG_FACT_CLOSES + _PG_REFUSES
    return hashlib.sha256(" ".join(f"{functions}{statement}".split()).casefold().encode()).hexdigest()[:32]


def _held() -> dict[str, str]:
    """Return the triggers the database has, with the mark of each one's definition (PostgreSQL: kept as its comment)."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("select name, sql from sqlite_master where type = 'trigger'")
            return {name: _mark(sql) for name, sql in cursor.fetchall()}
        cursor.execute("select tgname, obj_description(oid, 'pg_trigger') from pg_trigger where not tgisinternal")
        return {name: mark or "" for name, mark in cursor.fetchall()}


def present() -> set[str]:
    """Return the names of the triggers the database has."""
    return set(_held())


def missing() -> list[str]:
    """Return the guards that are not there, or are not the code's; an empty list is what start-up wants to see."""
    held = _held()
    lacking = sorted(name for name, statement in wanted().items() if held.get(name) != _mark(statement))
    if connection.vendor == "postgresql":
        walled = _walls()
        lacking += [f"{table} row-level security" for table in VERSIONED
                    if walled.get(table) != _mark(_PG_WALL.format(table=table))]  # fmt: skip
    return lacking


def _walls() -> dict[str, str]:
    """Return the tables behind row-level security with the mark of each one's policy (PostgreSQL)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname, obj_description(p.oid, 'pg_policy') from pg_policy p join pg_class c on c.oid = p.polrelid "
            "where p.polname = 'kinfold_wall' and c.relrowsecurity and c.relforcerowsecurity"
        )
        return {table: mark or "" for table, mark in cursor.fetchall()}


def install() -> None:
    """Make every guard that is missing, and anew each that is not the code's. Safe to run at any time."""
    held = _held()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _install_walls(cursor)
        for name, statement in wanted().items():
            if held.get(name) == _mark(statement):
                continue
            if name in held:
                _drop(cursor, name)
            cursor.execute(statement)
            if connection.vendor == "postgresql":
                cursor.execute(f'comment on trigger "{name}" on "{_table_of(name)}" is \'{_mark(statement)}\'')


def _install_walls(cursor: Any) -> None:
    for function in (_PG_CLOSES, _PG_FACT_CLOSES, _PG_REFUSES):
        cursor.execute(function)
    for table in VERSIONED:
        wall = _PG_WALL.format(table=table)
        cursor.execute(f"alter table {table} enable row level security")
        cursor.execute(f"alter table {table} force row level security")
        cursor.execute(f"drop policy if exists kinfold_wall on {table}")
        cursor.execute(wall)
        cursor.execute(f"comment on policy kinfold_wall on {table} is '{_mark(wall)}'")


def _table_of(name: str) -> str:
    """Return the table that a guard of ours stands on: its name without what it does."""
    for suffix in ("_append_only", "_closes_once", "_keeps", "_erasing_ref", "_erasing", "_no_update", "_no_delete",
                   "_no_truncate"):  # fmt: skip
        name = name.removesuffix(suffix)
    return name


def _drop(cursor: Any, name: str) -> None:
    on = f' on "{_table_of(name)}"' if connection.vendor == "postgresql" else ""
    cursor.execute(f'drop trigger "{name}"{on}')


@contextmanager
def lifted() -> Iterator[None]:
    """Take the triggers away for the length of a block: only a test database's clean-up and `restore` may."""
    with connection.cursor() as cursor:
        for name in present() & set(wanted()):
            _drop(cursor, name)
    try:
        yield
    finally:
        install()
