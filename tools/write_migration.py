"""
Write the first migration again from the models: `python tools/write_migration.py`. Only before the first release.

Django writes each index and constraint as a step of its own and draws every table anew for each of them: seconds of
every first run and of every test. Here they stand within the table they belong to.
"""

from __future__ import annotations

import importlib
import os
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "src" / "kinfold" / "service" / "records" / "migrations"


def main() -> None:
    """Write 0001_initial.py; whatever was there is replaced."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kinfold.service.config.settings")
    import django
    from django.core.management import call_command
    from django.db.migrations import Migration
    from django.db.migrations.writer import MigrationWriter

    for old in FOLDER.glob("0*.py"):
        old.unlink()
    django.setup()
    call_command("makemigrations", "records", skip_checks=True, verbosity=0)
    importlib.invalidate_caches()
    written: type[Migration] = importlib.import_module("kinfold.service.records.migrations.0001_initial").Migration
    migration = written("0001_initial", "records")
    migration.operations = folded(migration.operations)
    (FOLDER / "0001_initial.py").write_text(MigrationWriter(migration, include_header=False).as_string())
    print(f"0001_initial.py: {len(written.operations)} steps written as {len(migration.operations)}")


def folded(operations: list) -> list:  # type: ignore[type-arg]  # Django's operations have no common type in its stubs
    """Return the operations with each index and constraint moved into the table it belongs to."""
    from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel

    tables = {one.name_lower: one for one in operations if isinstance(one, CreateModel)}
    late = {one.model_name_lower for one in operations if isinstance(one, AddField)}  # their fields come afterwards
    kept = []
    for one in operations:
        if isinstance(one, AddIndex) and one.model_name_lower not in late:
            tables[one.model_name_lower].options.setdefault("indexes", []).append(one.index)
        elif isinstance(one, AddConstraint) and one.model_name_lower not in late:
            tables[one.model_name_lower].options.setdefault("constraints", []).append(one.constraint)
        else:
            kept.append(one)
    return kept


if __name__ == "__main__":
    main()
