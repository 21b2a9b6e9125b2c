"""Authorities, postcodes, distances, outlines and the invented councils."""

from __future__ import annotations

import json
import multiprocessing
import re
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest

from kinfold.terms import places
from kinfold.terms.errors import InputError, SettingError
from kinfold.terms.postcodes import PostcodeFile, build_postcode_file, data_folder, postcode_file, postcode_path


@pytest.mark.parametrize(
    ("postcode", "la_code", "elsewhere"),
    [
        ("SW1A 1AA", "213", "213"),
        ("sw1a1aa", "213", "213"),
        ("B1 1BB", "330", "330"),
        ("CF10 1EP", None, "WAL"),
        ("EH1 1YZ", None, "SCO"),
        ("BT1 5GS", None, "NIR"),
        ("S1 2HH", "373", "373"),
        ("S70 2TA", "370", "370"),
        ("ZZ99 9ZZ", None, None),
        ("not a postcode", None, None),
    ],
)
def test_a_postcode_lies_in_its_authority(postcode, la_code, elsewhere):
    assert places.authority_of(postcode) == la_code
    assert places.placement_authority(postcode) == elsewhere


def test_a_grid_reference_is_in_metres_and_northern_ireland_has_none():
    assert places.grid_reference("SW1A 1AA") == (529090, 179645)
    assert places.grid_reference("BT1 5GS") is None
    assert places.grid_reference("") is None


@pytest.mark.parametrize(
    ("one", "other", "miles"),
    [
        ((0, 0), (0, 0), 0.0),
        ((0, 0), (1609, 0), 1.0),
        ((400000, 300000), (403000, 304000), 3.1),
        ((0, 0), (0, 160930), 100.0),
    ],
)
def test_distance_follows_the_departments_rule(one, other, miles):
    assert places.miles_between(one, other) == miles


def test_distance_between_postcodes_is_the_same_both_ways_and_none_where_one_is_unknown():
    there = places.distance_miles("SW1A 1AA", "M1 1AE")

    assert there == places.distance_miles("M1 1AE", "SW1A 1AA")
    assert there is not None
    assert 160 < there < 170
    assert places.distance_miles("SW1A 1AA", "ZZ99 9ZZ") is None
    assert places.distance_miles("SW1A 1AA", "BT1 5GS") is None


def test_many_look_ups_agree_with_single_ones():
    whole = postcode_file()
    some = [_written(key) for key in whole.keys[:: whole.count // 10_000].tolist()]

    many = places.locate_many(some)
    singly = {postcode: places.locate(postcode) for postcode in some[:500]}

    assert len(many) == len(set(some)) >= 10_000
    assert all(many[postcode] == found for postcode, found in singly.items())


def _written(key: int) -> str:
    characters = ""
    for _ in range(7):
        key, place = divmod(key, 37)
        characters = " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[place] + characters
    return characters[:4].strip() + " " + characters[4:]


def test_every_authority_has_postcodes_and_every_english_postcode_with_a_district_has_an_authority():
    whole = postcode_file()

    english = [la for district, la in zip(whole.districts, whole.la_codes, strict=True) if district.startswith("E")]
    assert None not in english
    assert set(english) == {found.la_code for found in places.authorities()}


def _build(path: str) -> None:
    build_postcode_file(Path(path))


def test_two_processes_building_at_once_leave_one_whole_file(tmp_path):
    path = tmp_path / "postcodes.bin"
    context = multiprocessing.get_context("spawn")
    builders = [context.Process(target=_build, args=(str(path),)) for _ in range(2)]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join(120)

    assert [builder.exitcode for builder in builders] == [0, 0]
    assert [entry.name for entry in tmp_path.iterdir()] == ["postcodes.bin"]
    assert PostcodeFile(path).find("SW1A1AA") == places.locate("SW1A 1AA")


def test_a_file_cut_short_is_noticed_and_built_anew(tmp_path):
    path = postcode_path(tmp_path)
    path.parent.mkdir()
    postcode_file()
    path.write_bytes(postcode_path(data_folder()).read_bytes()[:100_000])

    with pytest.raises(ValueError, match="cut short"):
        PostcodeFile(path)
    assert postcode_file(tmp_path).find("SW1A 1AA") is not None


def test_a_folder_that_cannot_be_written_to_is_named_with_the_setting(tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("", encoding="utf-8")

    with pytest.raises(SettingError, match="KINFOLD_DATA"):
        postcode_file(in_the_way)


def test_there_are_153_authorities_in_nine_regions():
    found = places.authorities()

    assert len(found) == len({a.la_code for a in found}) == len({a.ons_code for a in found}) == 153
    assert len(places.regions()) == 9
    assert places.authority("330").name == "Birmingham"


@pytest.mark.parametrize(
    ("day", "count", "there", "gone"),
    [
        (date(2019, 3, 31), 152, "837", "839"),
        (date(2019, 4, 1), 151, "839", "837"),
        (date(2023, 3, 31), 152, "909", "942"),
        (date(2023, 4, 1), 153, "942", "909"),
    ],
)
def test_authorities_are_dated(day, count, there, gone):
    codes = {found.la_code for found in places.authorities(day)}

    assert len(codes) == count
    assert there in codes
    assert gone not in codes


def test_a_former_authority_names_its_successors_and_they_name_it():
    assert places.successors_of("928") == ("940", "941")
    assert places.successors_of("330") == ("330",)
    for found in places.authorities():
        for before in found.predecessors:
            assert found.la_code in places.authority(before).successors


@pytest.mark.parametrize(("ons_code", "la_code"), [("E08000038", "370"), ("E08000016", "370"), ("E10000006", "909")])
def test_older_and_newer_codes_of_one_area_name_one_authority(ons_code, la_code):
    assert places.authority_with_ons_code(ons_code).la_code == la_code


@pytest.mark.parametrize("ask", [places.authority, places.adjoining, places.demo_authority])
def test_a_code_that_is_nobodys_is_refused_in_words(ask):
    with pytest.raises(InputError, match="000 is not the"):
        ask("000")


def test_adjoining_goes_both_ways_and_never_to_oneself():
    for found in places.authorities():
        others = places.adjoining(found.la_code)
        assert found.la_code not in others
        assert all(found.la_code in places.adjoining(other) for other in others)
    assert places.adjoining("420") == frozenset()
    assert places.adjoining("330") == {"332", "333", "334", "335", "860", "885", "937"}


def test_outlines_cover_every_authority_within_the_viewbox_and_stay_small():
    outlines = places.authority_outlines()
    file = Path(places.__file__).with_name("outlines.json")
    kept = json.loads(file.read_text(encoding="utf-8"))
    left, top, width, height = map(int, kept["viewbox"].split())

    assert set(outlines) == {found.la_code for found in places.authorities()}
    for path in outlines.values():
        assert re.fullmatch(r"(M-?\d+ -?\d+l[-\d ]+z)+", path)
        for x, y in re.findall(r"M(-?\d+) (-?\d+)", path):
            assert left <= int(x) <= left + width
            assert top <= int(y) <= top + height
    assert file.stat().st_size < 120_000
    assert kept["note"] == "Generalised, derived from postcodes"


def test_invented_councils_stand_on_real_ground_under_reserved_codes():
    invented = places.demo_authorities()

    assert len(invented) == len({found.la_code for found in invented}) == len({found.name for found in invented}) == 153
    assert {found.stands_on for found in invented} == {found.la_code for found in places.authorities()}
    assert all(re.fullmatch(r"99[0-8]|Z\d{2,3}", found.la_code) for found in invented)
    assert not any(places.is_authority(found.la_code) for found in invented)
    assert invented == places.demo_authorities()
    assert places.is_demo_code("Z01")
    assert not places.is_demo_code("330")


def test_no_invented_council_bears_the_name_of_a_real_one_or_part_of_it():
    records = Path(str(find_spec("qlacref_authorities").origin)).with_name("records.json")
    districts = json.loads(records.read_text(encoding="utf-8"))
    real = {row[key].casefold() for row in districts for key in ("LTLA21NM", "UTLA21NM")}
    real |= {found.name.casefold() for found in places.authorities()}
    real |= {found.name.casefold() for found in places.authorities(date(2010, 1, 1))}

    for found in places.demo_authorities():
        assert not any(name in found.name.casefold() or found.name.casefold() in name for name in real)


def test_the_nine_councils_with_digits_for_a_code_make_one_connected_region():
    nine = {found.stands_on for found in places.demo_authorities() if found.la_code.isdigit()}
    reached, edge = {"330"}, ["330"]
    while edge:
        beside = (places.adjoining(edge.pop()) & nine) - reached
        reached |= beside
        edge += beside

    assert reached == nine
