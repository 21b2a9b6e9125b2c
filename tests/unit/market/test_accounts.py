"""Accounts tagged as XBRL: scale, sign, formats, several contexts, broken and hostile files. Every company is invented."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.files.received import Incoming, arrivals
from kinfold.market.accounts.numbers import number_of
from kinfold.market.accounts.reading import Accounts, read_accounts
from kinfold.market.accounts.store import accounts_under, load_accounts, measures_of
from kinfold.terms.errors import FileRefused, InputError

TODAY = date(2026, 5, 1)
NAMESPACES = (
    'xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL" xmlns:xbrli="http://www.xbrl.org/2003/instance" '
    'xmlns:xbrldi="http://xbrl.org/2006/xbrldi" xmlns:core="http://xbrl.frc.org.uk/fr/core" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
MEMBER = '<xbrli:segment><xbrldi:explicitMember dimension="core:MaturitiesOrExpirationPeriodsDimension">core:WithinOneYear</xbrldi:explicitMember></xbrli:segment>'
IDENTIFIER = '<xbrli:identifier scheme="http://www.companieshouse.gov.uk/">09900001</xbrli:identifier>'


def context(name: str, ended: str, begun: str = "", segment: str = "", identifier: str = IDENTIFIER) -> str:
    period = (f"<xbrli:startDate>{begun}</xbrli:startDate><xbrli:endDate>{ended}</xbrli:endDate>" if begun
              else f"<xbrli:instant>{ended}</xbrli:instant>")  # fmt: skip
    return (f'<xbrli:context id="{name}"><xbrli:entity>{identifier}{segment}</xbrli:entity>'
            f"<xbrli:period>{period}</xbrli:period></xbrli:context>")  # fmt: skip


CONTEXTS = (
    context("now", "2025-03-31") + context("then", "2024-03-31") + context("year", "2025-03-31", "2024-04-01")
    + context("within", "2025-03-31", segment=MEMBER)
)  # fmt: skip
UNIT = '<xbrli:unit id="GBP"><xbrli:measure>iso4217:GBP</xbrli:measure></xbrli:unit>'


def page(*tags: str, contexts: str = CONTEXTS, unit: str = UNIT, name: str = "Tarn Care Ltd") -> str:
    return (
        f"<html {NAMESPACES}><body><div style='display:none'><ix:header><ix:hidden>"
        f'<ix:nonNumeric name="bus:EntityCurrentLegalOrRegisteredName" contextRef="year">{name}</ix:nonNumeric></ix:hidden>'
        f"<ix:resources>{contexts}{unit}</ix:resources></ix:header></div><p>{''.join(tags)}</p></body></html>"
    )


def tag(name: str, text: str, context_: str = "now", **more: str) -> str:
    said = " ".join(f'{key.rstrip("_").replace("xsi_", "xsi:")}="{value}"' for key, value in more.items())
    return f'<ix:nonFraction name="core:{name}" contextRef="{context_}" unitRef="GBP" decimals="0" {said}>{text}</ix:nonFraction>'


def read(folder: Path, text: str, name: str = "Prod_09900001_20250331.html") -> Accounts:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    found = arrivals([Incoming(name, file)])
    assert not found.refused
    return read_accounts(found.files[0])


@pytest.mark.parametrize(
    ("text", "more", "value"),
    [
        pytest.param("1,234,567", {"format": "ixt:numdotdecimal"}, "1234567", id="commas"),
        pytest.param("1,234.5", {"format": "ixt2:num-dot-decimal"}, "1234.5", id="a newer name of the format"),
        pytest.param("1.234,5", {"format": "ixt:numcommadecimal"}, "1234.5", id="a decimal comma"),
        pytest.param("12.3", {"scale": "3"}, "12300", id="in thousands"),
        pytest.param("12.34", {"scale": "6"}, "12340000", id="in millions"),
        pytest.param("25", {"scale": "-2"}, "0.25", id="a percentage"),
        pytest.param("450", {"sign": "-"}, "-450", id="below nothing by its sign"),
        pytest.param("(<b>450</b>)".replace("(", "").replace(")", ""), {"sign": "-", "scale": "3"}, "-450000", id="sign and scale, with a tag inside"),
        pytest.param("1 234", {"format": "ixt:numspacedot"}, "1234", id="spaces"),
        pytest.param("–", {"format": "ixt:zerodash"}, "0", id="a dash for nothing"),
        pytest.param("-", {"format": "ixt:fixed-zero", "sign": "-"}, "0", id="nothing has no sign"),
        pytest.param("7<ix:exclude>(note 3)</ix:exclude>5", {}, "75", id="what is excluded is none of it"),
        pytest.param("99", {"xsi_nil": "true"}, None, id="said to be nil"),
        pytest.param("twelve", {}, None, id="words"),
        pytest.param("(450)", {}, None, id="brackets inside the tag are not in any format"),
        pytest.param("12", {"format": "ixt:numwordsen"}, None, id="a format that is not known"),
        pytest.param("12", {"scale": "99"}, None, id="a scale beyond belief"),
        pytest.param("12", {"scale": "x"}, None, id="a scale that is no number"),
        pytest.param("12", {"context_": "nowhere"}, None, id="a context that is not there"),
    ],
)  # fmt: skip
def test_a_tag_means_its_number_in_its_format_scale_and_sign(
    text: str, more: dict[str, str], value: str | None, tmp_path: Path
) -> None:
    found = read(tmp_path, page(tag("CashBankOnHand", text, **more), tag("Equity", "1")))
    figures = {one.concept: one.value for one in found.figures}

    assert figures["Equity"] == 1
    assert figures.get("CashBankOnHand") == (Decimal(value) if value is not None else None)
    assert bool(found.problems) == (value is None and "xsi_nil" not in more)


@given(st.decimals(min_value=0, max_value=10**12, places=2), st.booleans())
def test_what_is_printed_with_commas_reads_back_the_same(value: Decimal, negative: bool) -> None:
    read_back = number_of(f"{value:,}", format_="numdotdecimal", negative=negative)

    assert read_back == (-value if negative else value)


@pytest.mark.parametrize("text", ["", "1.2.3", "£12", "1e5", "--1", "٣"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        number_of(text, format_="numdotdecimal")


def test_each_figure_keeps_its_period_and_members_and_a_contradiction_is_left_out(tmp_path: Path) -> None:
    found = read(tmp_path, page(
        tag("CashBankOnHand", "10", "now"), tag("CashBankOnHand", "7", "then"), tag("CashBankOnHand", "10", "now"),
        tag("TurnoverRevenue", "90", "year"), tag("Creditors", "5", "within"), tag("Equity", "3"), tag("Equity", "4"),
    ))  # fmt: skip
    said = {
        (one.concept, one.context.begun, one.context.ended, one.context.members): one.value for one in found.figures
    }

    assert (found.company, found.name, found.made_up_to) == ("09900001", "Tarn Care Ltd", date(2025, 3, 31))
    assert said == {
        ("CashBankOnHand", None, date(2025, 3, 31), ()): 10,
        ("CashBankOnHand", None, date(2024, 3, 31), ()): 7,
        ("TurnoverRevenue", date(2024, 4, 1), date(2025, 3, 31), ()): 90,
        ("Creditors", None, date(2025, 3, 31), (("MaturitiesOrExpirationPeriodsDimension", "WithinOneYear"),)): 5,
    }
    assert found.problems == ["Equity of 2025-03-31 is said twice with different values: it is left out"]


def test_an_instance_by_itself_is_read_as_a_page_is(tmp_path: Path) -> None:
    text = (f'<xbrli:xbrl {NAMESPACES}>{CONTEXTS}{UNIT}<core:CashBankOnHand contextRef="now" unitRef="GBP" decimals="0">-12</core:CashBankOnHand>'
            '<core:UKCompaniesHouseRegisteredNumber contextRef="year">SC123</core:UKCompaniesHouseRegisteredNumber></xbrli:xbrl>')  # fmt: skip
    found = read(tmp_path, text, "a.xml")

    assert found.figures[0].value == -12
    assert found.company == "000SC123"


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(page(tag("Equity", "1"))[:-30], "not well", id="breaks off"),
        pytest.param(BOMB + page(tag("Equity", "1")), "DOCTYPE", id="a bomb of entities"),
        pytest.param(OUTSIDE + page(tag("Equity", "&a;")), "DOCTYPE", id="a file from outside"),
        pytest.param("<html><body>Accounts</body></html>", "which company", id="a page without tags"),
        pytest.param(page(), "no tagged figure", id="no figures"),
        pytest.param(page(tag("Equity", "x")), "no number", id="only figures that cannot be read"),
        pytest.param(page(tag("Equity", "1"), contexts=context("now", "soon")), "which company", id="a day that is none"),
        pytest.param(page(tag("Equity", "1"), unit=""), "unit", id="no unit"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_and_stops_no_other(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=said):
        read(tmp_path, text)

    (tmp_path / "whole.html").write_text(page(tag("Equity", "5")), encoding="utf-8")
    done = load_accounts(accounts_under([tmp_path]), today=TODAY, folder=tmp_path / "data")
    assert (done["accounts"], len(done["refused"])) == (1, 1)
    assert [one.value for one in measures_of("9900001", folder=tmp_path / "data")] == [5]


def test_accounts_are_kept_with_their_source_and_what_later_ones_restate_is_said(tmp_path: Path) -> None:
    old = page(tag("CashBankOnHand", "7", "then"), contexts=CONTEXTS)
    new = page(tag("CashBankOnHand", "10", "now"), tag("CashBankOnHand", "6", "then"), tag("Creditors", "5", "within"),
               tag("Creditors", "9", "now"))  # fmt: skip
    archive, data = tmp_path / "Accounts_Bulk.zip", tmp_path / "data"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("Prod_2025.html", new)
        packed.writestr("Prod_2024.html", old)

    for _ in range(2):  # loading again changes nothing
        done = load_accounts([archive], today=TODAY, folder=data)
    found = {(one.name, one.ended.year): one for one in measures_of("09900001", folder=data)}

    assert (done["accounts"], done["companies"], done["figures"]) == (2, 1, 5)
    assert {key: one.value for key, one in found.items()} == {
        ("cash", 2025): 10,
        ("cash", 2024): 6,
        ("creditors_within_a_year", 2025): 5,
    }
    assert (found["cash", 2024].before, found["cash", 2025].before) == (7, None)
    assert "Prod_2025.html" in found["cash", 2025].source
    assert measures_of("1", folder=data) == []
    with pytest.raises(FileRefused, match="None of these files"):
        load_accounts([tmp_path / "not there.html"], today=TODAY, folder=data)


MATURITY, CURRENT = "MaturitiesOrExpirationPeriodsDimension", "FinancialInstrumentCurrentNon-currentDimension"


def segment(**members: str) -> str:
    said = "".join(
        f'<xbrldi:explicitMember dimension="core:{name}">core:{member}</xbrldi:explicitMember>'
        for name, member in members.items()
    )
    return f"<xbrli:segment>{said}</xbrli:segment>"


@pytest.mark.parametrize(
    ("ways", "name", "value"),
    [
        pytest.param([({MATURITY: "WithinOneYear"}, "5")], "creditors_within_a_year", 5, id="by maturity"),
        pytest.param([({CURRENT: "CurrentFinancialInstruments"}, "5")], "creditors_within_a_year", 5, id="as current"),
        pytest.param([({CURRENT: "CurrentFinancialInstruments", MATURITY: "WithinOneYear"}, "5")], "creditors_within_a_year", 5, id="as both"),
        pytest.param([({CURRENT: "Non-currentFinancialInstruments"}, "5")], "creditors_after_a_year", 5, id="as not current"),
        pytest.param([({CURRENT: "CurrentFinancialInstruments"}, "3"), ({MATURITY: "WithinOneYear"}, "5")], "creditors_within_a_year", 5, id="maturity counts first"),
        pytest.param([({MATURITY: "WithinOneYear"}, "5"), ({CURRENT: "CurrentFinancialInstruments"}, "3")], "creditors_within_a_year", 5, id="in either order"),
        pytest.param([({"BusinessSegmentsDimension": "Segment1"}, "5")], "creditors_within_a_year", None, id="of a segment: not looked at"),
    ],
)  # fmt: skip
def test_what_is_owed_is_found_in_each_way_that_filed_accounts_say_it(
    ways: list[tuple[dict[str, str], str]], name: str, value: int | None, tmp_path: Path
) -> None:
    contexts = CONTEXTS + "".join(
        context(f"way{number}", "2025-03-31", segment=segment(**one)) for number, (one, _) in enumerate(ways)
    )
    text = page(
        tag("Equity", "1"),
        *(tag("Creditors", said, f"way{number}") for number, (_, said) in enumerate(ways)),
        contexts=contexts,
    )
    (tmp_path / "a.html").write_text(text, encoding="utf-8")
    load_accounts(accounts_under([tmp_path]), today=TODAY, folder=tmp_path / "data")
    (found, *others) = [one for one in measures_of("09900001", folder=tmp_path / "data") if one.name == name] or [None]

    assert (found.value if found else None, others) == (value, [])
    assert found is None or found.before is None
