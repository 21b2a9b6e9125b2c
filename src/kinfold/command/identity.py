"""`kinfold match` and `kinfold dedupe`: is this the same child? Neither needs the service or a database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

import typer

from kinfold.command.line import answer
from kinfold.command.progress import Bar
from kinfold.terms.errors import InputError

match_app = typer.Typer(add_completion=False)
snapshot_app = typer.Typer(add_completion=False)
dedupe_app = typer.Typer(add_completion=False)

_WEIGHTS = typer.Option(None, "--weights", help="Another file of weights than the one that comes with Kinfold.")


class Where(StrEnum):
    """Where the pairs of a file are compared."""

    HERE = "here"
    DUCKDB = "duckdb"
    SPARK = "spark"


class _Reading:
    """The files that a command reads, and what was noticed in each: said on standard error, and kept for --json."""

    def __init__(self) -> None:
        self._notes: list[Any] = []

    def people(self, file: Path) -> Any:
        """Return the people of a file, and say at once what was noticed: matching a large file takes long."""
        from kinfold.identity.tables import read_people

        people = read_people(file, self._begun(file))
        self.say(self._notes[-1:])
        return people

    def parts(self, file: Path) -> Iterator[Any]:
        """Yield the people of a file, a part after another. What was noticed waits for `say`."""
        from kinfold.identity.tables import people_in_parts

        yield from people_in_parts(file, self._begun(file))

    def say(self, noticed: Sequence[Any] | None = None) -> None:
        """Say what was noticed on standard error: the answers themselves may be piped on."""
        for notes in self._notes if noticed is None else noticed:
            for sentence in notes.in_words():
                typer.echo(sentence, err=True)

    def documents(self) -> list[dict[str, Any]]:
        """Return what was noticed in each file, for a JSON answer."""
        return [notes.as_document() for notes in self._notes]

    def _begun(self, file: Path) -> Any:
        from kinfold.identity.reading_notes import ReadingNotes

        self._notes.append(ReadingNotes(file.name))
        return self._notes[-1]


@match_app.command()
def match(
    register: Path = typer.Option(
        ..., help="The people to find: CSV or Parquet, with a column unique_id; or what `kinfold snapshot` wrote."
    ),
    queries: Path = typer.Option(..., help="The people to look for: the same columns."),
    out: Path = typer.Option(..., help="Where to write the answers: CSV or Parquet."),
    changes: Path | None = typer.Option(
        None, help="Of a snapshot: who is new, changed or (a row with a unique_id alone) gone since it was written."
    ),
    weights: Path = _WEIGHTS,
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document."),
) -> None:
    """
    Match a file of people against a register, one answer for each query.

    Columns: unique_id, given, middle, family, dob, sex, postcode and, where you have them, address, postcode_prev, nhs.
    Common other headings (forename, surname, date_of_birth and so on) are read too; what was read as what, which columns
    were not read and which lines were mended is said on standard error, and in the JSON answer as `reading`.
    Answers: unique_id, best_id, probability, decision (match, potential, many, none, error), runner_up_id,
    runner_up_probability, reasons. Only `match` is certain enough to act on; `potential` and `many` need a person.

    Example: kinfold match --register register.parquet --queries new.csv --out answers.csv
    """
    from kinfold.identity.snapshot import is_snapshot
    from kinfold.identity.tables import check_out, write_answers

    check_out(out)
    _keep_what_is_read(out, register, queries, changes)
    model = _model(weights)
    if changes and not is_snapshot(register):
        raise InputError("--changes are changes to a snapshot: write one with `kinfold snapshot` and name its folder.")
    reading = _Reading()
    asked = reading.people(queries)
    matched, known = _matched(register, changes, asked, model, reading)
    write_answers(matched.answers, out)
    said: dict[str, Any] = {
        "queries": asked.height,
        "register": known,
        "decisions": matched.counts,
        "model": {"version": model.version, "digest": model.digest},
        "shift": round(matched.shift, 3),
        "notes": matched.notes,
        "reading": reading.documents(),
        "out": str(out),
    }
    answer(said, as_json=as_json, text=_match_in_words(said))


def _matched(register: Path, changes: Path | None, asked: Any, model: Any, reading: _Reading) -> tuple[Any, int]:
    """Return the answers, and how many people they were looked for among."""
    from kinfold.identity.bulk import match_all, match_in
    from kinfold.identity.overlay import laid_over
    from kinfold.identity.snapshot import is_snapshot, open_snapshot

    if is_snapshot(register):
        found = open_snapshot(register)
        searched, ids = laid_over(found, reading.people(changes)) if changes else (found.register, found.ids)
        with Bar() as bar:
            return match_in(searched, ids, asked, model, progress=partial(bar.move, "Matching")), len(ids)
    people = reading.people(register)
    with Bar() as bar:
        return match_all(people, asked, model, progress=partial(bar.move, "Matching")), people.height


@snapshot_app.command()
def snapshot(
    files: list[Path] = typer.Argument(..., help="The people of a register: CSV or Parquet, with a column unique_id."),
    out: Path = typer.Option(..., help="The folder to write; it must not be there yet."),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document."),
) -> None:
    """
    Write a large register as a snapshot, in which `kinfold match` looks up at once and with little memory.

    Columns: as for `kinfold match`. A snapshot holds names, days and homes as they were written: keep it as safe as the
    files it is made of.

    Example: kinfold snapshot england-1.parquet england-2.parquet --out england
    """
    from kinfold.identity.kept_while import working
    from kinfold.identity.snapshot import write_snapshot

    reading = _Reading()
    with Bar() as bar, working():
        parts = (part for file in files for part in reading.parts(file))
        rows = write_snapshot(out, parts, progress=lambda read: bar.move("Reading", read, read))
    reading.say()
    size = sum(file.stat().st_size for file in out.iterdir())
    said = {"people": rows, "bytes": size, "reading": reading.documents(), "out": str(out)}
    answer(said, as_json=as_json, text=f"{rows:,} people are in {out}, in {size / 1e6:,.0f} MB.")


@dedupe_app.command()
def dedupe(
    file: Path = typer.Argument(..., help="People: CSV or Parquet, with a column unique_id."),
    out: Path = typer.Option(..., help="Where to write the clusters: CSV or Parquet."),
    weights: Path = _WEIGHTS,
    engine: Where = typer.Option(
        Where.HERE, help="Where pairs are compared: here, or by Splink on DuckDB or on Spark. The answers are the same."
    ),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document."),
) -> None:
    """
    Find which rows of a file are the same person.

    Columns: as for `kinfold match`. Out: unique_id, cluster_id (the unique_id of the first row that is this person),
    cluster_size, probability (of the surest link; empty for a row that is alone).

    Example: kinfold dedupe children.csv --out clusters.csv
    """
    from kinfold.identity.bulk import dedupe_all
    from kinfold.identity.tables import check_out, write_answers

    check_out(out)
    _keep_what_is_read(out, file)
    model = _model(weights)
    reading = _Reading()
    people = reading.people(file)
    with Bar() as bar, _engine(engine) as place:
        found = dedupe_all(people, model, engine=place, progress=partial(bar.move, "Comparing pairs"))
    write_answers(found.clusters, out)
    said: dict[str, Any] = {
        **found.counts,
        "model": {"version": model.version, "digest": model.digest},
        "notes": found.notes,
        "reading": reading.documents(),
        "out": str(out),
    }
    answer(said, as_json=as_json, text=_dedupe_in_words(said))


@contextmanager
def _engine(where: Where) -> Iterator[Any]:
    from kinfold.identity.batch import OnDuckDB, spark_session

    if where is Where.SPARK:
        with spark_session() as place:
            yield place
    else:
        yield OnDuckDB() if where is Where.DUCKDB else None


def _keep_what_is_read(out: Path, *read: Path | None) -> None:
    """Raise InputError where the answers would be written over a file that they are worked out from."""
    for path in read:
        if path is not None and path.exists() and out.exists() and out.samefile(path):
            raise InputError(
                f"--out {out.name} is the file that is read: answers would take its place. Choose another."
            )


def _model(weights: Path | None) -> Any:
    from kinfold.identity.score import read_model, shipped_model

    if weights is None:
        return shipped_model()
    if not weights.is_file():
        raise InputError(f"There is no file of weights {weights.name}. Check the path.")
    return read_model(weights)


def _match_in_words(said: dict[str, Any]) -> str:
    counts = said["decisions"]
    lines = [
        f"{said['queries']:,} people looked for among {said['register']:,}: {counts['match']:,} matched, "
        f"{counts['potential']:,} for a person to decide, {counts['many']:,} with several that fit, "
        f"{counts['none']:,} not found, {counts['error']:,} that could not be looked up.",
        *said["notes"],
        f"Answers are in {said['out']}, by weights {said['model']['version']}.",
    ]
    return "\n".join(lines)


def _dedupe_in_words(said: dict[str, Any]) -> str:
    lines = [
        f"{said['rows']:,} rows are {said['people']:,} people; {said['people_with_several']:,} of them are there "
        f"more than once.",
        *said["notes"],
        f"Clusters are in {said['out']}, by weights {said['model']['version']}.",
    ]
    return "\n".join(lines)
