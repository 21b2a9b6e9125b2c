"""Ownership from the companies register's bulk files and FollowTheMoney. All companies and people are invented."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from kinfold.files.received import MEBIBYTE
from kinfold.market.ownership import Entity, Interest
from kinfold.market.ownership.bods import as_statements, understood
from kinfold.market.ownership.chain import owners_of
from kinfold.market.ownership.companies_house import (
    connected,
    country_code,
    lines_of,
    meaning_of_nature,
    read_company_data,
    read_significant_control,
    registered_persons,
)
from kinfold.market.ownership.follow_the_money import read_follow_the_money, written_follow_the_money
from kinfold.market.ownership.invented import invented_chains
from kinfold.market.ownership.matching import scored
from kinfold.market.policy import pack
from kinfold.terms.errors import FileRefused

TODAY = date(2026, 4, 1)


@pytest.mark.parametrize(
    ("nature", "kind", "low", "high"),
    [
        ("ownership-of-shares-25-to-50-percent", "shares", 0.25, 0.5),
        ("voting-rights-75-to-100-percent-as-trust", "votes", 0.75, 1.0),
        ("right-to-appoint-and-remove-directors-as-firm", "board", 0.0, 1.0),
        ("ownership-of-shares-50-to-75-percent-as-trust-registered-overseas-entity", "shares", 0.5, 0.75),
        ("significant-influence-or-control", "influence", 0.0, 1.0),
    ],
)
def test_a_nature_of_control_means_a_kind_and_a_band(nature: str, kind: str, low: float, high: float) -> None:
    assert meaning_of_nature(nature) == {"kind": kind, "low": low, "high": high}


def test_the_companies_registers_bulk_files(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text(
        "CompanyName, CompanyNumber,CompanyCategory,CompanyStatus,CountryOfOrigin\n"
        "TARNHOLT CARE LTD,9900002,Private Limited Company,Active,United Kingdom\n,,,,\n", encoding="utf-8")  # fmt: skip
    people = [
        {"company_number": "09900002", "data": {"kind": "individual-person-with-significant-control", "name": "Mr A Brindle",
         "natures_of_control": ["ownership-of-shares-25-to-50-percent"], "notified_on": "2016-04-06",
         "country_of_residence": "England", "date_of_birth": {"month": 5, "year": 1970}}},
        {"company_number": "09900002", "data": {"kind": "corporate-entity-person-with-significant-control", "name": "Fen Holdings",
         "natures_of_control": ["voting-rights-50-to-75-percent"], "notified_on": "2016-04-06", "ceased_on": "2020-01-01",
         "identification": {"registration_number": "77", "country_registered": "Jersey"}}},
        {"company_number": "09900002", "data": {"kind": "super-secure-person-with-significant-control", "etag": "e"}},
        {"company_number": "09900003", "data": {"kind": "persons-with-significant-control-statement",
         "statement": "no-individual-or-entity-with-signficant-control"}},
    ]  # fmt: skip
    (tmp_path / "psc.txt").write_text("\n".join([*map(json.dumps, people), "not json"]), encoding="utf-8")

    companies, control = read_company_data(tmp_path / "data.csv"), read_significant_control(tmp_path / "psc.txt")

    assert [(one.uid, one.country) for one in companies.entities] == [("GB-COH-09900002", "GB")]
    assert len(companies.problems) == 1
    assert [one.owner.split("|")[0] for one in registered_persons(control.interests, "GB-COH-09900002", TODAY)] == [
        "GB-COH-09900002-protected-e", "person",
    ]  # fmt: skip
    assert [(one.subject, one.code) for one in control.disclosures] == [
        ("GB-COH-09900003", "no-individual-or-entity-with-signficant-control")
    ]
    assert len(control.problems) == 2


def test_follow_the_money_goes_round(tmp_path: Path) -> None:
    entities = [
        Entity("a", "Ada Brindle", "person", "GB"),
        Entity("h", "Tarnholt Ltd", "entity", "GB", (("registrationNumber", "7"),)),
    ]
    interests = [Interest("a", "h", "shares", 0.4, 0.4, date(2020, 1, 1), None, "", "o1")]
    file = tmp_path / "x.ftm"
    file.write_text(written_follow_the_money(entities, interests) + "broken\n", encoding="utf-8")

    found = read_follow_the_money(file)

    assert [(one.uid, one.name, one.sort, one.country) for one in found.entities] == [
        (one.uid, one.name, one.sort, one.country) for one in entities
    ]
    assert [(one.owner, one.subject, one.low, one.high, one.start) for one in found.interests] == [
        ("a", "h", 0.4, 0.4, date(2020, 1, 1))
    ]
    assert len(found.problems) == 1


def test_what_another_form_said_of_form_nature_and_source_comes_back_from_statements() -> None:
    entities, interests = invented_chains(["Tarn Ltd", "Fell Ltd", "Wold Ltd", "Beck Ltd", "Rigg Ltd"], seed=1)
    found = understood(as_statements(entities, interests, TODAY))
    said = owners_of(found.entities, found.interests, "invented-provider-0", TODAY)
    fund = owners_of(found.entities, found.interests, "invented-provider-1", TODAY)

    assert {one.form for one in found.entities} >= {"charity", "fund"}
    assert next(one["natures"] for one in said["registered"]) == ["right-to-share-surplus-assets-50-to-75-percent"]
    assert fund["control"]["by"]["form"] == "fund"
    assert said["control"]["by"]["sort"] == "person"


@pytest.mark.parametrize(
    ("owner", "entity", "score"),
    [
        pytest.param(
            "Tarn Care Ltd 01234567", Entity("x", "Other", numbers=(("GB-COH", "01234567"),)), 1.0, id="number"
        ),
        pytest.param(
            "Tarn Care Ltd 01234567", Entity("x", "Tarn Care Ltd", numbers=(("GB-COH", "07654321"),)), 0.0, id="another"
        ),
        pytest.param("Tarn Care Ltd", Entity("x", "TARN CARE LIMITED"), 0.9, id="the same name"),
        pytest.param("Tarn Care Ltd", Entity("x", "Tarn Care Holdings Ltd"), 0.6, id="two words of three"),
        pytest.param("Tarn Care Ltd", Entity("x", "Brindle Homes"), 0.0, id="nothing in common"),
        pytest.param("Tarn Care Ltd", Entity("x"), 0.0, id="no name"),
    ],
)
def test_an_owner_is_scored_against_an_entity_and_a_name_alone_is_never_sure(
    owner: str, entity: Entity, score: float
) -> None:
    assert scored(owner, entity, pack("england", TODAY)).score == score


SNAPSHOT = [
    {"company_number": "09900001", "data": {
        "kind": "corporate-entity-person-with-significant-control", "name": "Fell Holdings Limited", "notified_on": "2016-04-06", "etag": "e1",
        "natures_of_control": ["ownership-of-shares-75-to-100-percent", "voting-rights-75-to-100-percent", "right-to-appoint-and-remove-directors"],
        "identification": {"legal_form": "Private Limited Company", "legal_authority": "Companies Act 2006", "country_registered": "England & Wales",
                           "place_registered": "Companies House, Cardiff", "registration_number": "9900002"},
    }},
    {"company_number": "09900002", "data": {
        "kind": "legal-person-person-with-significant-control", "name": "Tarn Fund", "notified_on": "2017-01-01", "etag": "e2",
        "natures_of_control": ["ownership-of-shares-50-to-75-percent-as-trust"], "identification": {"legal_form": "Fund", "legal_authority": "Jersey"},
    }},
    {"company_number": "OC900003", "data": {
        "kind": "individual-person-with-significant-control", "name": "Ida Voss", "notified_on": "2016-04-06", "etag": "e3",
        "date_of_birth": {"month": 4, "year": 1970}, "country_of_residence": "Scotland",
        "natures_of_control": ["right-to-share-surplus-assets-25-to-50-percent-as-firm-limited-liability-partnership",
                               "part-right-to-share-surplus-assets-25-to-50-percent-as-trust",
                               "registered-owner-as-nominee-person-england-wales-registered-overseas-entity"],
    }},
    {"company_number": "09900004", "data": {"kind": "exemptions", "etag": "e4", "exemptions": {"psc_exempt_as_trading_on_regulated_market": {}}}},
    {"company_number": "09900005", "data": {"kind": "persons-with-significant-control-statement", "statement": "no-individual-or-entity-with-signficant-control"}},
    {"company_number": "09900006", "data": {"kind": "super-secure-person-with-significant-control", "etag": "e6", "super_secure": True}},
    {"data": {"kind": "totals#persons-of-significant-control-snapshot", "persons_of_significant_control_count": 6}},
]  # fmt: skip


def test_the_companies_registers_snapshot_is_read_as_published_zipped(tmp_path: Path) -> None:
    zipped = tmp_path / "psc-snapshot-2026-04-01_1of31.zip"
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("psc-snapshot-2026-04-01_1of31.txt", "".join(json.dumps(one) + "\n" for one in SNAPSHOT))
    (found,) = lines_of([zipped])

    # what is protected has no natures: one interest of a kind that is not known, and said
    assert found.problems == ["GB-COH-09900006: nature of control not known: none given"]
    assert {one.uid for one in found.entities} >= {"GB-COH-09900002", "body|tarn fund||"}
    assert [(one.subject, one.code, one.reason) for one in found.disclosures] == [
        ("GB-COH-09900004", "psc-exempt-as-trading-on-regulated-market", "subjectExemptFromDisclosure"),
        ("GB-COH-09900005", "no-individual-or-entity-with-signficant-control", "noBeneficialOwners"),
    ]
    assert {(one.kind, one.low, one.high) for one in found.interests if one.subject == "GB-COH-OC900003"} == {
        ("other", 0.25, 0.5),
        ("other", 0.0, 1.0),
    }


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("England", "GB"), ("England & Wales", "GB"), ("United Kingdom (England)", "GB"), ("U.K.", "GB"), ("Companies House, Cardiff", "GB"), ("UK", "GB"),
        ("Northern Ireland", "GB"), ("Ireland", "Ireland"), ("New South Wales", "New South Wales"), ("Jersey", "Jersey"), ("Ukraine", "Ukraine"), ("", None),
    ],
)  # fmt: skip
def test_the_united_kingdom_is_known_however_it_is_typed(said: str, code: str | None) -> None:
    assert country_code(said) == code


@pytest.mark.parametrize("number", ["12345678", "00000000", "N/A", "see register", "1234567890"])
def test_what_stands_in_place_of_a_number_joins_no_companies(number: str, tmp_path: Path) -> None:
    told = {**SNAPSHOT[0]["data"], "identification": {"registration_number": number, "country_registered": "England"}}  # type: ignore[dict-item]
    (tmp_path / "a.txt").write_text(json.dumps({"company_number": "09900001", "data": told}), encoding="utf-8")
    (found,) = lines_of([tmp_path / "a.txt"])

    assert not any(one.uid.startswith("GB-COH") for one in found.entities)


def test_a_broken_zip_and_a_wrong_table_are_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Name,Number\nx,1\n", encoding="utf-8")

    with pytest.raises(FileRefused, match="no column CompanyNumber"):
        list(lines_of([tmp_path / "a.csv"]))


def zipped_as(folder: Path, member: str, content: bytes) -> Path:
    path = folder / "psc-snapshot-2026-04-01_1of31.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(member, content)
    return path


@pytest.mark.parametrize(
    ("member", "content", "said"),
    [
        pytest.param("a.txt", b" " * 3_000_000, "which would grow", id="a bomb"),
        pytest.param("../a.txt", b"{}\n", "points outside the archive", id="a way out of the folder"),
        pytest.param("a.txt", b"", "is empty", id="nothing in it"),
    ],
)
@pytest.mark.parametrize("read", [read_significant_control, read_company_data])
def test_a_zip_out_of_bounds_is_refused_before_it_is_unpacked(
    tmp_path: Path, member: str, content: bytes, said: str, read: Any
) -> None:
    path = zipped_as(tmp_path, member, content)

    with pytest.raises(FileRefused, match=said) as refused:
        read(path)
    assert path.name in str(refused.value)


def test_a_zip_whose_list_is_out_of_bounds_is_refused_by_the_command_too(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="which would grow"):
        list(lines_of([zipped_as(tmp_path, "a.csv", b" " * 3_000_000)]))


def test_a_member_cut_in_the_middle_is_a_broken_zip(tmp_path: Path) -> None:
    lines = "".join(json.dumps({**one, "mark": str(number)}) + "\n" for number in range(500) for one in SNAPSHOT)
    path = zipped_as(tmp_path, "a.txt", lines.encode())
    content = bytearray(path.read_bytes())
    content[200:260] = bytes(60)
    path.write_bytes(content)

    with pytest.raises(FileRefused, match=r"is a broken ZIP\. Fetch it again"):
        read_significant_control(path)


@pytest.mark.parametrize("zipped", [True, False])
def test_a_line_that_never_ends_fills_no_memory(tmp_path: Path, zipped: bool) -> None:
    chance = Random(1)
    line = "".join(chance.choices("abcdefghijklmnop", k=MEBIBYTE + 10)).encode()
    path = zipped_as(tmp_path, "a.txt", b"{}\n" + line) if zipped else tmp_path / "a.txt"
    if not zipped:
        path.write_bytes(b"{}\n" + line)

    with pytest.raises(FileRefused, match="line 2 is longer than a line of the companies register"):
        read_significant_control(path)


def test_a_field_that_no_table_has_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("CompanyName,CompanyNumber\nx,1\n" + "y" * 200_000 + ",2\n", encoding="utf-8")

    with pytest.raises(FileRefused, match=r"a\.csv line 3 is no row of a table"):
        read_company_data(tmp_path / "a.csv")


def test_company_data_is_read_from_its_zip(tmp_path: Path) -> None:
    header = "CompanyName, CompanyNumber,RegAddress.PostTown,CompanyCategory,CompanyStatus,CountryOfOrigin,DissolutionDate,IncorporationDate\n"
    zipped = tmp_path / "BasicCompanyData-2026-04-01-part1_7.zip"
    with zipfile.ZipFile(zipped, "w") as packed:
        packed.writestr(
            "BasicCompanyData-2026-04-01-part1_7.csv",
            header
            + '"TARN CARE LTD","09900001","QUILLMERE","Private Limited Company","Active","United Kingdom","","01/02/2010"\n',
        )
    (found,) = lines_of([zipped])

    assert [(one.uid, one.name, one.country, one.status) for one in found.entities] == [
        ("GB-COH-09900001", "TARN CARE LTD", "GB", "Active")
    ]


def test_companies_of_one_number_are_one_whoever_published_them() -> None:
    def entity(record: str, number: str) -> dict[str, Any]:
        details = {
            "entityType": {"type": "registeredEntity"},
            "name": record,
            "identifiers": [{"scheme": "GB-COH", "id": number}],
        }
        return {"statementId": record, "recordId": record, "recordType": "entity", "recordDetails": details}

    owns = {"statementId": "r", "recordId": "r", "recordType": "relationship",
            "recordDetails": {"subject": "their-record", "interestedParty": "top", "interests": [{"type": "shareholding", "share": {"exact": 100}}]}}  # fmt: skip
    found = understood(
        [entity("their-record", "09900001"), entity("GB-COH-09900001", "09900001"), entity("top", "09900009"), owns]
    )

    assert {one.uid for one in found.entities} == {"GB-COH-09900001", "top"}
    assert [(one.owner, one.subject) for one in found.interests] == [("top", "GB-COH-09900001")]
    assert len(found.raw) == 4  # what came in goes out


FTM = [
    {
        "id": "NK-1",
        "schema": "Company",
        "properties": {"name": ["Tarn Care Ltd"], "jurisdiction": ["gb"], "registrationNumber": ["9900001"]},
    },
    {
        "id": "NK-2",
        "schema": "Person",
        "properties": {"name": ["Ida Voss"], "country": ["gb"], "birthDate": ["1970-04"]},
    },
    {
        "id": "own-1",
        "schema": "Ownership",
        "properties": {"owner": ["NK-2"], "asset": ["NK-1"], "percentage": ["51%"], "startDate": ["2020"]},
    },
    {
        "id": "own-2",
        "schema": "Ownership",
        "properties": {"owner": ["NK-2"], "asset": ["NK-1"], "percentage": ["25-50"], "role": ["votes"]},
    },
    {"id": "dir-1", "schema": "Directorship", "properties": {"director": ["NK-2"], "organization": ["NK-1"]}},
    {"id": "s-1", "schema": "Sanction", "properties": {"entity": ["NK-2"]}},
]


def test_follow_the_money_goes_round_with_bands_votes_and_directorships(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text("".join(json.dumps(one) + "\n" for one in FTM), encoding="utf-8")
    found = read_follow_the_money(file)
    assert found.entities[0].numbers == (("GB-COH", "09900001"),)
    assert [(one.kind, one.low, one.high) for one in found.interests] == [
        ("shares", 0.51, 0.51),
        ("votes", 0.25, 0.5),
        ("other", 0.0, 0.0),
    ]

    file.write_text(written_follow_the_money(found.entities, found.interests), encoding="utf-8")
    again = read_follow_the_money(file)
    assert again.entities == found.entities
    assert [replace(one, statement="") for one in again.interests] == [
        replace(one, statement="") for one in found.interests
    ]
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileRefused, match="no file of text"):
        read_follow_the_money(file)


def test_of_the_files_of_all_companies_only_owners_and_who_holds_them_are_taken(tmp_path: Path) -> None:
    header = "CompanyName, CompanyNumber,CompanyCategory,CompanyStatus,CountryOfOrigin\n"
    rows = [
        ("TARN CARE LTD", "09900001"), ("FELL HOLDINGS LIMITED", "09900002"), ("TOP CO LTD", "09900003"), ("BRINDLE HOMES LIMITED", "09900004"),
        ("NOTHING TO DO WITH IT LTD", "09900009"),
    ]  # fmt: skip
    data, control = tmp_path / "BasicCompanyData.csv", tmp_path / "psc.txt"
    data.write_text(
        header
        + "".join(
            f'"{name}","{number}","Private Limited Company","Active","United Kingdom"\n' for name, number in rows
        ),
        encoding="utf-8",
    )
    holds = (("09900001", "09900002"), ("09900002", "09900003"), ("09900003", "09900001"), ("09900009", "09900002"))
    control.write_text("".join(json.dumps({"company_number": subject, "data": {
        "kind": "corporate-entity-person-with-significant-control", "name": owner, "natures_of_control": ["ownership-of-shares-75-to-100-percent"],
        "identification": {"registration_number": owner, "country_registered": "England"}}}) + "\n" for subject, owner in holds) + "broken\n", encoding="utf-8")  # fmt: skip
    wanted = connected([data, control], ["Tarn Care Ltd 09900001", "Brindle Homes Ltd", "Elsewhere Ltd"])
    read = list(lines_of([data, control], wanted))

    assert {one.uid[-1] for one in read[0].entities} == {"1", "2", "3", "4"}
    assert {(one.subject[-1], one.owner[-1]) for one in read[1].interests} == {("1", "2"), ("2", "3"), ("3", "1")}
    assert len(read[1].problems) == 1
