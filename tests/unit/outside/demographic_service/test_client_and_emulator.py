"""The client and the emulator over HTTP on this machine, with every fault that the emulator can have."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from kinfold.outside.demographic_service.emulator.service import BASE_PATH, Fault
from kinfold.outside.demographic_service.errors import NoAnswer, Refused
from kinfold.outside.demographic_service.search import Search
from kinfold.outside.demographic_service.token import Tokens
from kinfold.outside.demographic_service.transport import Reply, Request, sender
from kinfold.terms.errors import SettingError
from tests.unit.outside.demographic_service.service_here import API_KEY, Here, service

ROSALIND = Search(given=("Rosalind",), family="Applecote", born=(date(2012, 3, 14),))
NUMBER = "9990000018"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Here]:
    with service(tmp_path) as running:
        yield running


def raw(here: Here, path: str, **headers: str) -> Reply:
    token = Tokens(here.signer, here.client.send).token()
    given = {"Authorization": f"Bearer {token}", "X-Request-ID": str(uuid4()), **headers}
    url = f"{here.client.base_url}{path}"
    return here.client.send(Request(url, headers={name: value for name, value in given.items() if value}))


def code_of(reply: Reply) -> tuple[int, str, str]:
    said = json.loads(reply.body)["issue"][0]
    return reply.status, said["details"]["coding"][0]["code"], said.get("diagnostics", "")


def test_a_child_is_found_with_every_particular_that_a_search_shows(here: Here) -> None:
    (hit,) = here.client.search(ROSALIND).hits

    assert hit.score == 1
    assert hit.patient.nhs_number == NUMBER
    assert [name.family for name in hit.patient.names] == ["Applecote"]
    assert [home.postcode for home in hit.patient.homes] == ["ZZ1 1AA"]
    assert hit.patient.phones == ("01632960587",)
    assert hit.patient.practice == "Z99001"


def test_reading_by_number_shows_former_names_and_homes_as_well(here: Here) -> None:
    patient = here.client.patient("999 000 0018")

    assert patient is not None
    assert [name.family for name in patient.names] == ["Applecote", "Thornbury"]
    assert [home.ended for home in patient.homes] == [False, True]
    assert patient.version == "2"


@pytest.mark.parametrize(
    ("search", "found"),
    [
        pytest.param(replace(ROSALIND, family="APPLECOTE"), 1, id="case is nothing"),
        pytest.param(replace(ROSALIND, family="Applecoat"), 0, id="a literal search is literal"),
        pytest.param(replace(ROSALIND, family="Applecoat", fuzzy=True), 1, id="a fuzzy one hears the sound"),
        pytest.param(replace(ROSALIND, given=("Ro*",)), 1, id="a wildcard"),
        pytest.param(replace(ROSALIND, given=("Wr*",)), 0, id="a wildcard is for the first given name"),
        pytest.param(replace(ROSALIND, given=("Wren",)), 1, id="the second given name"),
        pytest.param(replace(ROSALIND, family="Thornbury"), 0, id="a former name without history"),
        pytest.param(replace(ROSALIND, family="Thornbury", history=True), 1, id="a former name with history"),
        pytest.param(replace(ROSALIND, family="Thornbury", fuzzy=True), 1, id="a fuzzy search has history always"),
        pytest.param(replace(ROSALIND, given=("Applecote",), family="Rosalind", fuzzy=True), 1, id="names exchanged"),
        pytest.param(replace(ROSALIND, postcode="ZZ94QQ"), 1, id="a former home, without its space"),
        pytest.param(replace(ROSALIND, postcode="ZZ8*"), 0, id="another home"),
        pytest.param(replace(ROSALIND, family="Thornbury", exact=True, history=True), 0, id="exact takes no former name"),
        pytest.param(
            Search(family="Applecote", born=(date(2012, 3, 14),), gender="female", postcode="ZZ1 1AA", fuzzy=True), 1,
            id="without a given name, by gender and home",
        ),
        pytest.param(
            replace(ROSALIND, born=(date(2011, 9, 14), date(2012, 9, 14))), 1, id="a range of days"
        ),
        pytest.param(Search(given=("Isolde",), family="Quenby", born=(date(2011, 11, 30),)), 1, id="restricted, by name"),
        pytest.param(
            Search(given=("Isolde",), family="Quenby", born=(date(2011, 11, 30),), postcode="ZZ3 3CC"), 0,
            id="restricted, never by home",
        ),
        pytest.param(
            Search(given=("Perran",), family="Tregarth", born=(date(2015, 12, 25),), postcode="ZZ9 9JJ"), 0,
            id="a hidden home finds nobody",
        ),
        pytest.param(Search(given=("Nobody",), family="Mistaken", born=(date(2010, 1, 1),)), 0, id="invalidated"),
    ],
)  # fmt: skip
def test_a_search_finds_whom_the_contract_says(here: Here, search: Search, found: int) -> None:
    assert len(here.client.search(search).hits) == found


def test_where_a_restricted_child_lives_is_not_shown(here: Here) -> None:
    patient = here.client.patient("9990000034")

    assert patient is not None
    assert (patient.restricted, patient.homes, patient.phones) == (True, (), ())


def test_two_of_one_name_are_too_many_for_an_application(here: Here) -> None:
    found = here.client.search(Search(given=("Alice",), family="Commonby", born=(date(2013, 9, 9),)))

    assert found.too_many
    assert found.hits == ()


def test_a_superseded_number_brings_the_one_that_holds(here: Here) -> None:
    patient = here.client.patient("9990000042")
    found = here.client.search(Search(given=("Tobias",), family="Fenwright", born=(date(2009, 5, 21),)))

    assert patient is not None
    assert patient.nhs_number == "9990000050"
    assert [hit.patient.nhs_number for hit in found.hits] == ["9990000050"]


def test_numbers_that_are_not_there_or_not_numbers(here: Here) -> None:
    assert here.client.patient("9990000123") is None
    assert here.client.patient("9990000069") is None
    with pytest.raises(Refused, match="check digit"):
        here.client.patient("9990000019")


@pytest.mark.parametrize(
    ("query", "status", "code", "words"),
    [
        pytest.param({}, 400, "UNSUPPORTED_SERVICE", "no search parameters", id="nothing"),
        pytest.param({"year": "1"}, 400, "ADDITIONAL_PROPERTIES", "('year' was unexpected)", id="unknown"),
        pytest.param({"family": "A"}, 400, "MISSING_VALUE", "'birth_date/birth_date_range_start/birth_date_range_end'",
                     id="no day"),
        pytest.param({"family": "A", "birthdate": "19570723"}, 400, "INVALID_VALUE",
                     "Invalid value - '19570723' in field 'birthdate'", id="a day in another form"),
        pytest.param({"family": "A", "birthdate": "eq"}, 400, "INVALID_VALUE",
                     "Invalid value - 'eq' in field 'birthdate'", id="no day behind the comparison"),
        pytest.param({"family": "A", "birthdate": ""}, 400, "INVALID_VALUE",
                     "Invalid value - '' in field 'birthdate'", id="an empty day"),
        pytest.param({"family": "A", "birthdate": "2012-03-14", "_max-results": "5"}, 403, "INVALID_VALUE",
                     "'5' in field '_max-results'", id="more than one"),
        pytest.param({"birthdate": "2012-03-14"}, 400, "INVALID_SEARCH_DATA", "did not meet the minimum", id="little"),
        pytest.param({"family": "A", "birthdate": "2012-03-14", "_fuzzy-match": "True"}, 400, "INVALID_SEARCH_DATA",
                     "A fuzzy search was requested", id="fuzzy with too little"),
        pytest.param({"family": "A", "birthdate": "2012-03-14", "_history": "yes"}, 400, "INVALID_VALUE",
                     "'yes' in field '_history'", id="not a switch"),
    ],
)  # fmt: skip
def test_the_emulator_refuses_in_the_services_words(
    here: Here, query: dict[str, str], status: int, code: str, words: str
) -> None:
    reply = raw(here, f"/Patient?{urlencode(query)}")

    assert code_of(reply)[:2] == (status, code)
    assert words in code_of(reply)[2]


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        pytest.param({"X-Request-ID": ""}, 400, "MISSING_VALUE", id="no number of the request"),
        pytest.param({"X-Request-ID": "seven"}, 400, "INVALID_VALUE", id="not a UUID"),
        pytest.param({"Authorization": ""}, 401, "ACCESS_DENIED", id="no token"),
        pytest.param({"Authorization": "Bearer made-up"}, 401, "ACCESS_DENIED", id="an invented token"),
    ],
)
def test_the_emulator_wants_its_headers(here: Here, headers: dict[str, str], status: int, code: str) -> None:
    assert code_of(raw(here, f"/Patient/{NUMBER}", **headers))[:2] == (status, code)


def test_an_answer_repeats_the_number_of_the_request_and_names_the_version(here: Here) -> None:
    number = str(uuid4())

    reply = raw(here, f"/Patient/{NUMBER}", **{"X-Request-ID": number})

    assert reply.headers["x-request-id"] == number
    assert reply.headers["etag"] == 'W/"2"'


def test_nobody_found_is_an_answer_without_an_entry(here: Here) -> None:
    reply = raw(here, "/Patient?" + urlencode(replace(ROSALIND, given=("Zebedee",)).parameters()))

    assert json.loads(reply.body)["total"] == 0
    assert "entry" not in json.loads(reply.body)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"api_key": "somebody-else"}, id="an unknown application"),
        pytest.param({"key_id": "test-9"}, id="an unknown key"),
        pytest.param({"token_url": "http://127.0.0.1:1/oauth2/token"}, id="meant for another service"),
    ],
)
def test_an_assertion_that_is_not_right_gets_no_token(here: Here, change: dict[str, str]) -> None:
    sent = here.client.send

    def to_the_emulator(request: Request) -> Reply:
        return sent(Request(here.signer.token_url, request.method, request.headers, request.body))

    with pytest.raises(Refused, match="Check the API key"):
        Tokens(replace(here.signer, **change), to_the_emulator).token()


def test_a_clock_that_is_six_minutes_wrong_gets_no_token(here: Here) -> None:
    here.emulator.knobs.seconds_ahead = 360

    with pytest.raises(Refused, match="clock"):
        here.client.search(ROSALIND)


def test_a_token_that_ended_is_got_again_without_anybody_noticing(here: Here) -> None:
    here.client.search(ROSALIND)
    here.client.remembered.forget()
    here.emulator._tokens.clear()

    assert len(here.client.search(ROSALIND).hits) == 1


WRONG_BODIES = [
    pytest.param(Fault(half=True), id="half of the answer"),
    pytest.param(Fault(200, body=b"<html>Sign in to the network</html>"), id="a page of somebody else's"),
    pytest.param(Fault(200, body=b"[]"), id="no object"),
    pytest.param(Fault(200, body=b'{"resourceType": "Patient", "id": "1"}'), id="another sort of answer"),
    pytest.param(Fault(200, body=b'{"resourceType": "Bundle", "total": 1}'), id="one counted and none named"),
    pytest.param(Fault(200, body=b'{"resourceType": "Bundle"}'), id="nobody counted and none named"),
    pytest.param(Fault(200, body=b'{"resourceType": "Bundle", "total": 1, "entry": [{}]}'), id="an empty entry"),
    pytest.param(Fault(404, body=b"not here"), id="a refusal that cannot be read"),
]
NO_ANSWERS = [Fault(503), Fault(408), Fault(dropped=True), *WRONG_BODIES]


@pytest.mark.parametrize("fault", [*NO_ANSWERS, Fault(500), Fault(429, "2")])
def test_one_fault_is_tried_again_and_answered(here: Here, fault: Fault) -> None:
    here.emulator.knobs.faults.append(fault)

    assert len(here.client.search(ROSALIND).hits) == 1
    assert here.client.counts.again == 1


@pytest.mark.parametrize("fault", [*NO_ANSWERS, Fault(429, "1"), Fault(401)])
def test_an_outage_is_never_nobody(here: Here, fault: Fault) -> None:
    here.emulator.knobs.down = fault

    with pytest.raises(NoAnswer):
        here.client.search(ROSALIND)


def test_a_wrong_answer_is_not_remembered(here: Here) -> None:
    here.emulator.knobs.faults.extend([Fault(half=True)] * 3)
    with pytest.raises(NoAnswer):
        here.client.search(ROSALIND)

    assert len(here.client.search(ROSALIND).hits) == 1


def test_a_429_holds_everybody_for_as_long_as_the_service_says(here: Here) -> None:
    here.emulator.knobs.faults.append(Fault(429, "7"))

    here.client.search(ROSALIND)

    assert max(here.pauses) == pytest.approx(7, abs=0.5)


def test_while_the_service_is_down_it_is_left_alone(here: Here) -> None:
    here.emulator.knobs.down = Fault(503)
    for _ in range(2):
        with pytest.raises(NoAnswer):
            here.client.search(ROSALIND)
    before = here.client.counts.requests

    with pytest.raises(NoAnswer, match="not asking"):
        here.client.search(replace(ROSALIND, fuzzy=True))

    assert here.client.counts.requests == before == 5


def test_an_answer_that_comes_too_late_is_no_answer(tmp_path: Path) -> None:
    with service(tmp_path, seconds=1.0) as here:
        here.client.tokens.token()
        here.emulator.knobs.latency = 2.5

        with pytest.raises(NoAnswer):
            here.client.search(ROSALIND)


def test_the_emulator_has_a_quota(tmp_path: Path) -> None:
    with service(tmp_path, per_second=2) as here:
        moment = here.emulator.clock()
        here.emulator.clock = lambda: moment
        replies = [raw(here, f"/Patient/{NUMBER}") for _ in range(4)]

    assert [reply.status for reply in replies][:2] == [200, 200]
    assert code_of(replies[-1])[1] == "TOO_MANY_REQUESTS"
    assert replies[-1].retry_after == 1


def test_the_same_question_at_the_same_time_is_asked_once(here: Here) -> None:
    here.emulator.knobs.latency = 0.05

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: here.client.search(ROSALIND), range(8)))

    assert {len(one.hits) for one in found} == {1}
    assert here.emulator.asked == 1


def test_only_https_is_spoken_beyond_this_machine() -> None:
    with pytest.raises(SettingError, match="https"):
        sender()(Request("http://demographics.example.org/Patient"))


def test_an_assertion_is_good_once(here: Here) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": here.signer.assertion(here.emulator.now()),
    }
    url = here.client.base_url.removesuffix(BASE_PATH) + "/oauth2/token"

    replies = [here.client.send(Request.form(url, form)) for _ in range(2)]

    assert [reply.status for reply in replies] == [200, 401]
    assert API_KEY not in replies[1].body.decode()
