"""
The companies register's bulk files: company data (CSV) and persons with significant control (a JSON object a line).

A line that cannot be read is counted and said, never a reason to stop. Days of birth are not published and names of
people are kept as the register has them.
"""

from __future__ import annotations

import csv
import io
import json
import lzma
import re
import tomllib
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import IO, Any

from kinfold.files.received import MEBIBYTE, Limits, check_archive
from kinfold.market.owners import company_number_in, owner_key
from kinfold.market.ownership.disclosures import SOURCE, Disclosure, exemptions_of, statement_of
from kinfold.market.ownership.graph import Entity, Interest
from kinfold.market.reading_json import LINE_FAULTS, line_fault
from kinfold.market.values import day_of
from kinfold.terms.errors import FileRefused

SCHEME = "GB-COH"
# The bounds of every archive; but the whole register, unpacked, is 12 GB and read a line at a time.
REGISTERS = Limits(file_bytes=16 * 1024 * MEBIBYTE, delivery_bytes=16 * 1024 * MEBIBYTE)
# People type the country freely: "England & Wales", "United Kingdom (England)", "U.K.", "Companies House, Cardiff".
_UNITED_KINGDOM = re.compile(
    r"\b(england|wales|scotland|northern ireland|united kingdom|great britain|uk|gb|companies house)\b"
)
_NO_NUMBER = frozenset({"00000000", "12345678", "99999999"})  # typed where a number was asked for and none was known
_COMPANY = re.compile(r"(?:[A-Z]{2}[0-9]{6}|[0-9]{1,8})")


@dataclass(slots=True)
class Imported:
    """What a file gave: entities, interests, what companies say in place of naming an owner, and what could not be read."""

    entities: list[Entity] = field(default_factory=list)
    interests: list[Interest] = field(default_factory=list)
    disclosures: list[Disclosure] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def company_uid(number: str) -> str:
    """Return the identifier of a company by its number, brought to eight characters as the register has it."""
    cleaned = number.strip().upper()
    return f"{SCHEME}-{cleaned.zfill(8)}"


@contextmanager
def _texts(path: Path) -> Iterator[list[Iterator[str]]]:
    """
    Yield the lines of a file, or of each member of a ZIP, as the register publishes them.

    Raises FileRefused for one that cannot be read, a ZIP that would grow beyond bounds or points outside itself, and a
    line longer than any of the register's.
    """
    if not path.is_file():
        raise FileRefused(f"{path.name} is not there. Check the path.", file=path.name)
    if not zipfile.is_zipfile(path):
        with path.open(encoding="utf-8-sig", newline="", errors="replace") as stream:
            yield [_lines(path, stream)]
        return
    with _unpacked(path) as packed:
        names = [one for one in packed.namelist() if one.lower().endswith((".csv", ".txt", ".json", ".jsonl"))]
        opened = (packed.open(name) for name in names)
        yield [
            _lines(path, io.TextIOWrapper(one, encoding="utf-8-sig", errors="replace", newline="")) for one in opened
        ]


@contextmanager
def _unpacked(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP within the bounds that any archive has here. Raises FileRefused, naming it, for one out of them."""
    try:
        with zipfile.ZipFile(path) as packed:
            check_archive(path.name, packed, REGISTERS)
            yield packed
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError) as error:
        raise FileRefused(
            f"{path.name} is a broken ZIP. Fetch it again from the companies register.", file=path.name
        ) from error


def _lines(path: Path, stream: IO[str]) -> Iterator[str]:
    """Yield the lines of a stream, read piece by piece. Raises FileRefused for one that would fill the memory."""
    number = 0
    while line := stream.readline(REGISTERS.line_bytes + 1):
        number += 1
        if len(line) > REGISTERS.line_bytes:
            raise FileRefused(
                f"{path.name} line {number} is longer than a line of the companies register ever is. "
                "Fetch the file again from the companies register.",
                file=path.name,
            )
        yield line


Wanted = Callable[[str, str], bool]


def _every(number: str, name: str) -> bool:
    return True


def read_company_data(path: Path, wanted: Wanted = _every) -> Imported:
    """Return the companies of a BasicCompanyData file, or of a ZIP of it. Raises FileRefused where it has no column CompanyNumber."""
    found = Imported()
    with _texts(path) as streams:
        for stream in streams:
            _companies(path, stream, found, wanted)
    return found


def _companies(path: Path, stream: Iterator[str], found: Imported, wanted: Wanted) -> None:
    rows = csv.DictReader(stream)
    rows.fieldnames = [name.strip() for name in rows.fieldnames or []]
    if "CompanyNumber" not in rows.fieldnames:
        raise FileRefused(
            f"{path.name} has no column CompanyNumber. Load the register's BasicCompanyData file as it was published.",
            file=path.name,
        )
    for number, row in enumerate(_rows(path, rows), start=2):
        if not (row.get("CompanyNumber") or "").strip():
            found.problems.append(f"{path.name} row {number}: no company number")
            continue
        if wanted(company_uid(row["CompanyNumber"]), row.get("CompanyName") or ""):
            found.entities.append(_company(row))


def _rows(path: Path, rows: csv.DictReader[str]) -> Iterator[dict[str, str]]:
    """Yield the rows. Raises FileRefused, naming the line, where they are no table any more."""
    try:
        yield from rows
    except csv.Error as error:
        raise FileRefused(
            f"{path.name} line {rows.line_num + 1} is no row of a table ({error}). Fetch the file again from the companies "
            "register.",
            file=path.name,
        ) from error


def _company(row: Mapping[str, str]) -> Entity:
    number = row["CompanyNumber"].strip()
    return Entity(
        company_uid(number),
        name=(row.get("CompanyName") or "").strip() or None,
        sort="entity",
        country=country_code(row.get("CountryOfOrigin") or ""),
        numbers=((SCHEME, number.upper().zfill(8)),),
        form=(row.get("CompanyCategory") or "").strip() or None,
        status=(row.get("CompanyStatus") or "").strip() or None,
        source="Companies House, company data",
    )


def country_code(said: str) -> str | None:
    """Return GB for any way of saying the United Kingdom, the words themselves for another country, None for none."""
    words = said.strip()
    plain = words.casefold().replace(".", "").replace("&", "and")
    return ("GB" if _UNITED_KINGDOM.search(plain) and "new south wales" not in plain else words) or None


def read_significant_control(path: Path, wanted: Wanted = _every) -> Imported:
    """Return what the snapshot of persons with significant control says, one line each; a ZIP of it is read too."""
    found = Imported()
    with _texts(path) as streams:
        for number, line in enumerate((line for stream in streams for line in stream), start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
                is_total = str(record["data"].get("kind", "")).startswith("totals")  # the last line counts all others
                if not is_total and wanted(company_uid(record["company_number"]), ""):
                    _take(record["company_number"], record["data"], found)
            except LINE_FAULTS as error:
                found.problems.append(f"{path.name} line {number} was left out: {line_fault(error)}.")
    return found


def _take(company: str, data: Mapping[str, Any], found: Imported) -> None:
    subject = company_uid(company)
    kind = str(data.get("kind", ""))
    if "statement" in kind:
        said = statement_of(subject, data)
        found.disclosures += [said] if said else []
        return
    if kind == "exemptions":
        found.disclosures += exemptions_of(subject, data)
        return
    owner = _person_or_company(subject, kind, data)
    found.entities.append(owner)
    begun, ceased = day_of(data.get("notified_on")), day_of(data.get("ceased_on"))
    for nature in data.get("natures_of_control") or [""]:
        meaning = meaning_of_nature(nature)
        if meaning is None:
            found.problems.append(f"{subject}: nature of control not known: {nature or 'none given'}")
            meaning = {"kind": "other", "low": 0.0, "high": 1.0}
        found.interests.append(_interest(owner.uid, subject, meaning, begun, ceased, statement=nature))


def _interest(
    owner: str, subject: str, meaning: Mapping[str, Any], begun: date | None, ceased: date | None, *, statement: str
) -> Interest:
    return Interest(
        owner, subject, meaning["kind"], float(meaning["low"]), float(meaning["high"]), begun, ceased,
        SOURCE, statement,
    )  # fmt: skip


def _person_or_company(subject: str, kind: str, data: Mapping[str, Any]) -> Entity:
    told = data.get("identification") or {}
    name = str(data.get("name") or "").strip() or None
    if "super-secure" in kind:
        # their particulars are protected by law: there is somebody, and nobody is told who
        return Entity(f"{subject}-protected-{data.get('etag', '')}", sort="anonymous", source=SOURCE)
    if "individual" in kind:
        born = data.get("date_of_birth") or {}
        key = f"{(name or '').casefold()}|{born.get('year')}-{born.get('month')}"
        return Entity(
            f"person|{key}", name=name, sort="person", country=country_code(str(data.get("country_of_residence") or "")),
            source=SOURCE,
        )  # fmt: skip
    number = str(told.get("registration_number") or "").strip()
    country = country_code(str(told.get("country_registered") or "")) or country_code(
        str(told.get("place_registered") or "")
    )
    written = number.upper().replace(" ", "")
    if country == "GB" and _COMPANY.fullmatch(written) and written.zfill(8) not in _NO_NUMBER:
        return Entity(
            company_uid(written), name=name, country="GB", numbers=((SCHEME, written.zfill(8)),), source=SOURCE
        )
    return Entity(
        f"body|{(name or '').casefold()}|{country or ''}|{number}", name=name, country=country, source=SOURCE,
        numbers=(("register", number),) if number else (), form=str(told.get("legal_form") or "") or None,
    )  # fmt: skip


@cache
def _natures() -> Mapping[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("natures.toml").read_text(encoding="utf-8"))


@cache
def meaning_of_nature(nature: str) -> Mapping[str, Any] | None:
    """Return the kind and band of a nature of control, whatever it is held through; None for one that is not known."""
    known, said = _natures()["natures"], nature
    while said not in known:
        suffix = next((one for one in _natures()["suffixes"]["known"] if said.endswith(f"-{one}")), None)
        if suffix is None:
            return None
        said = said.removesuffix(f"-{suffix}")
    found: Mapping[str, Any] = known[said]
    return found


@dataclass(frozen=True, slots=True)
class Registered:
    """A registered person with significant control, as the register says it: never worked out."""

    owner: str
    natures: tuple[str, ...]
    since: date | None


def registered_persons(interests: Iterable[Interest], company: str, day: date) -> list[Registered]:
    """Return who is registered as having significant control of a company on a day."""
    held: dict[str, list[Interest]] = {}
    for one in interests:
        if one.subject == company and one.source.endswith("significant control") and one.holds_on(day):
            held.setdefault(one.owner, []).append(one)
    return [
        Registered(
            owner,
            tuple(sorted(one.statement for one in many)),
            min((one.start for one in many if one.start), default=None),
        )
        for owner, many in sorted(held.items())
    ]


def lines_of(paths: Iterable[Path], wanted: Wanted = _every) -> Iterator[Imported]:
    """Yield what each file gives of the companies that are `wanted` (by identifier and name): CSV is company data, else lines of JSON."""
    for path in paths:
        yield read_company_data(path, wanted) if _is_company_data(path) else read_significant_control(path, wanted)


def connected(paths: Sequence[Path], owners: Iterable[str]) -> Wanted:
    """
    Return which companies of bulk files are wanted: those that owners' names tell by number or name, and all who hold them, up to the top.

    The files are read once for this, and only who holds whom is kept of them: the register of all companies is too large for a memory.
    """
    names = list(owners)
    keys = {owner_key(name) for name in names}
    reached = {company_uid(number) for number in map(company_number_in, names) if number}
    for path in paths:
        if _is_company_data(path):
            # millions of names are asked once each: the ordinary function would remember them all
            reached |= {
                one.uid
                for one in read_company_data(
                    path, lambda uid, name: bool(name) and owner_key.__wrapped__(name) in keys
                ).entities
            }
    holders: dict[str, set[str]] = {}
    for path in paths:
        if not _is_company_data(path):
            _holders(path, holders)
    waiting = list(reached)
    while waiting:
        above = holders.get(waiting.pop(), set()) - reached
        reached |= above
        waiting += above
    return lambda uid, name: uid in reached


def _holders(path: Path, holders: dict[str, set[str]]) -> None:
    """Put into `holders` which companies hold each company; a line that cannot be read is said when it is taken in."""
    with _texts(path) as streams:
        for line in (line for stream in streams for line in stream if '"corporate-entity' in line):
            try:
                record = json.loads(line)
                owner = _person_or_company("", str(record["data"].get("kind", "")), record["data"])
                holders.setdefault(company_uid(record["company_number"]), set()).add(owner.uid)
            except LINE_FAULTS:
                continue


def _is_company_data(path: Path) -> bool:
    if path.suffix.lower() == ".csv" or not zipfile.is_zipfile(path):
        return path.suffix.lower() == ".csv"
    with _unpacked(path) as packed:
        return any(name.lower().endswith(".csv") for name in packed.namelist())
