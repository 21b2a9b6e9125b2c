"""
Each defect that was found in the Department's two pilots, and each fault that others may have, with the tests that hold
Kinfold to doing better.

Source: project page on identity, 1.7 (matching) and 3.5 (find and fetch); the numbers are theirs.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
MATCHING = "unit/outside/demographic_service/test_matching_and_reconciling.py"
PLANS = "unit/outside/demographic_service/test_search_and_plans.py"
CLIENT = "unit/outside/demographic_service/test_client_and_emulator.py"
CACHE = "unit/outside/demographic_service/test_budget_breaker_and_cache.py"
NORMAL = "unit/identity/test_normalise.py"
FINDING = "integration/sharing/test_find_and_fetch.py"
LEASES = "integration/sharing/test_leases_and_tokens.py"
AT_ONCE = "integration/sharing/test_leases_at_once.py"
ASKS = "integration/sharing/test_asks_api.py"
GUARD = "integration/api/test_guard.py"
TOKENS = "integration/api/test_tokens.py"
ELSEWHERE = "integration/sharing/test_revocation_elsewhere.py"
LOGS = "integration/operations/test_logs.py"

DEFECTS = {
    "matching 1: an outage is answered as no match": (
        (MATCHING, "test_an_outage_is_an_error_by_every_plan_and_never_none"),
        (MATCHING, "test_an_outage_half_way_is_an_error_too"),
        (CLIENT, "test_an_outage_is_never_nobody"),
        ("integration/identity/test_register.py", "test_while_the_service_is_away_nothing_is_marked"),
    ),
    "matching 2: it asks on after a confident hit": (
        (MATCHING, "test_our_plan_stops_at_the_first_answer_that_is_sure"),
        (MATCHING, "test_how_many_questions_each_plan_takes_for_a_child_who_is_there"),
    ),
    "matching 3: a postcode without its space is dropped": (
        (NORMAL, "test_a_postcode_is_the_same_with_and_without_its_space"),
    ),
    "matching 4 and 5: questions that the service refuses": (
        (PLANS, "test_our_plan_never_asks_what_the_service_would_refuse_nor_anything_twice"),
        (PLANS, "test_the_pilots_second_and_fifth_strategies_ask_what_the_service_refuses"),
    ),
    "matching 6: the number of a search can be turned back into the child": (
        (CACHE, "test_the_hash_needs_the_key_and_knows_where_each_part_ends"),
    ),
    "matching 7: the log has the whole postcode": (
        (LOGS, "test_every_message_in_the_source_is_fixed_text_with_listed_fields"),
        (GUARD, "test_nothing_of_a_person_is_in_the_log"),
    ),
    "matching 8: the stand-in of the service has no numbers and no rules of its own": (
        (CLIENT, "test_a_search_finds_whom_the_contract_says"),
        (CLIENT, "test_numbers_that_are_not_there_or_not_numbers"),
    ),
    "matching 9: a comparison without a day passes": ((CLIENT, "test_the_emulator_refuses_in_the_services_words"),),
    "matching 10: a house number counts only at the beginning of the line": (
        (NORMAL, "test_a_house_number_is_found_wherever_it_stands_in_the_line"),
    ),
    "matching 11: the documents say something else than the code": (
        (PLANS, "test_each_plan_names_rules_that_exist"),
        ("unit/docs/test_docs.py", "test_a_generated_page_says_what_the_code_says"),
    ),
    "finding 1: one purpose for everything": (
        (FINDING, "test_a_custodian_that_no_agreement_lets_us_ask_is_not_asked_and_says_so"),
        (
            "unit/sharing/test_writing_and_schemas.py",
            "test_what_a_purpose_needs_is_in_the_form_and_the_rest_is_dropped",
        ),
    ),
    "finding 2: a fault looks as if nothing were held": (
        (FINDING, "test_every_custodian_comes_to_an_end_of_its_own"),
        ("unit/sharing/test_writing_and_schemas.py", "test_a_custodian_is_in_one_state"),
    ),
    "finding 3: what was fetched cannot be joined to what was asked, nor to whom": (
        (FINDING, "test_every_step_stands_in_the_chain_with_its_purpose_and_nobodys_particulars"),
        (ASKS, "test_who_the_system_acts_for_and_the_trace_stand_beside_every_step"),
    ),
    "finding 4: a refusal by policy is told as a wrong sign-in, and faults of others as our own": (
        (ASKS, "test_a_sealed_record_and_an_unknown_one_are_one_answer"),
        (FINDING, "test_a_system_that_sends_another_form_ends_as_a_fault"),
    ),
    "finding 5: each poll reads three days of work": (
        (AT_ONCE, "test_a_look_for_work_walks_the_index_of_what_is_open"),
    ),
    "finding 6: renewals pile up without end": (
        (LEASES, "test_a_lease_is_renewed_from_now_and_not_for_ever"),
        ("unit/sharing/test_writing_and_schemas.py", "test_renewals_do_not_stack"),
    ),
    "finding 7: the NHS number stands in the log": ((GUARD, "test_nothing_of_a_person_is_in_the_log"),),
    "finding 8: a question that fails takes back an earlier match": (
        (MATCHING, "test_an_outage_after_a_sure_answer_takes_nothing_back"),
    ),
    "finding 9: one key for many, compared letter by letter": (
        (TOKENS, "test_a_wrong_secret_is_answered_as_an_unknown_client"),
        (TOKENS, "test_a_client_may_sign_instead_of_sending_a_secret_once"),
        ("integration/api/test_daily_feed.py", "test_anothers_supplier_key_does_not_fit"),
    ),
    "finding 10: nothing is forgotten, nobody is kept apart, nobody is held back": (
        (FINDING, "test_what_ended_long_ago_is_forgotten_and_what_holds_is_not"),
        (FINDING, "test_a_sealed_record_is_asked_about_by_nobody"),
        (GUARD, "test_too_many_calls_are_429_with_how_long_to_wait"),
    ),
}


FAULTS = {
    "the national service is down": ((CLIENT, "test_while_the_service_is_down_it_is_left_alone"),),
    "the national service is slow": ((CLIENT, "test_an_answer_that_comes_too_late_is_no_answer"),),
    "the national service has had enough": ((CLIENT, "test_a_429_holds_everybody_for_as_long_as_the_service_says"),),
    "the national service answers wrongly": (
        (MATCHING, "test_an_answer_about_somebody_else_is_weighed_and_not_believed"),
        ("integration/identity/test_register.py", "test_what_the_service_says_of_a_number_is_how_it_stands"),
    ),
    "the national service answers by half": (
        (CLIENT, "test_an_outage_is_never_nobody"),
        (CLIENT, "test_a_wrong_answer_is_not_remembered"),
    ),
    "a custodian is silent": ((FINDING, "test_every_custodian_comes_to_an_end_of_its_own"),),
    "a custodian sends another form": (
        (FINDING, "test_a_record_of_another_form_is_refused_with_each_mistake_and_nothing_is_kept"),
    ),
    "a lease is used again": ((LEASES, "test_only_the_lease_in_force_answers"),),
    "a clock is wrong": (
        (CLIENT, "test_a_clock_that_is_six_minutes_wrong_gets_no_token"),
        (ELSEWHERE, "test_a_head_made_by_a_clock_that_is_behind_is_the_later_one"),
    ),
    "a token is forged": (
        (LEASES, "test_a_forged_token_takes_no_work"),
        (TOKENS, "test_an_assertion_signed_with_another_key_gets_no_token"),
    ),
    "a token has run out": (
        (TOKENS, "test_a_spent_token_opens_nothing"),
        (LEASES, "test_an_expired_token_is_fetched_anew_and_a_wrong_secret_is_not"),
    ),
    "a token is for something else": (
        (LEASES, "test_a_token_does_what_its_scope_says"),
        (GUARD, "test_a_token_without_the_scope_is_403"),
    ),
    "a revocation overtakes a record on its way": (
        (FINDING, "test_a_revocation_stops_a_record_on_its_way_and_empties_one_that_came"),
        (ELSEWHERE, "test_another_process_is_told_no_within_a_second_of_a_revocation"),
    ),
}


@cache
def names_in(file: str) -> frozenset[str]:
    """Return the names of a file's tests."""
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("wrong", [*DEFECTS, *FAULTS])
def test_each_defect_of_the_pilots_and_each_fault_of_others_has_its_tests(wrong: str) -> None:
    for file, name in (DEFECTS | FAULTS)[wrong]:
        assert name in names_in(file), f"{file} has no test {name}"
