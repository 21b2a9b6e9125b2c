"""Which role a group of the directory gives, and what a file of groups must say."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinfold.access.directory import NEVER_BY_GROUP, GroupRule, read_groups, rules_for
from kinfold.access.roles import ROLES
from kinfold.access.words import Installation
from kinfold.service.config.sign_in import directory
from kinfold.terms.errors import SettingError

RULES = (
    GroupRule("Social Work", "social_worker", "990"),
    GroupRule("Team Leads", "team_manager", "990", "T12"),
    GroupRule("Analysts", "data_analyst", "991"),
)
NAMES = ("Social Work", " social work", "TEAM LEADS", "Analysts", "Everyone", "")
GOOD = '[[group]]\ngroup = "Social Work"\nrole = "social_worker"\ncouncil = "990"\n'


@pytest.mark.parametrize(
    ("groups", "council", "roles"),
    [
        pytest.param([], "", [], id="no group"),
        pytest.param(["Everyone"], "", [], id="no known group"),
        pytest.param(["SOCIAL WORK "], "", ["social_worker"], id="in other letters"),
        pytest.param(
            ["Team Leads", "Social Work"], "", ["social_worker", "team_manager"], id="two, in the file's order"
        ),
        pytest.param(["Analysts", "Social Work"], "", ["social_worker"], id="a starter joins the first council"),
        pytest.param(["Analysts", "Social Work"], "991", ["data_analyst"], id="whoever has an account stays in its"),
        pytest.param(["Social Work"], "991", [], id="a group of another council gives nothing"),
    ],
)
def test_groups_give_the_roles_of_the_file(groups: list[str], council: str, roles: list[str]) -> None:
    assert [rule.role for rule in rules_for(groups, RULES, council=council)] == roles


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.sampled_from(NAMES)), st.sampled_from(["", "990", "991", "992"]))
def test_no_group_that_the_file_does_not_name_gives_anything(groups: list[str], council: str) -> None:
    named = {rule.group.casefold() for rule in RULES}
    met = rules_for(groups, RULES, council=council)

    assert {rule.group.casefold() for rule in met} <= {group.strip().casefold() for group in groups} & named
    assert len({rule.council for rule in met}) <= 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("", "names no group", id="empty"),
        pytest.param("[[", "cannot be read", id="no TOML"),
        pytest.param(GOOD.replace("social_worker", "wizard"), "no role called wizard", id="an unknown role"),
        pytest.param(GOOD.replace("council", "concil"), "nothing reads concil; it lacks council", id="a misspelt key"),
        pytest.param(GOOD.replace('"990"', "990"), "a text in quotation marks", id="a number"),
        pytest.param(GOOD.replace("social_worker", "parent"), "cannot give the role parent", id="the family"),
        pytest.param(
            GOOD.replace("social_worker", "regional_analyst"), "cannot give the role", id="another installation's"
        ),
    ],
)
def test_a_file_of_groups_that_will_not_do_says_where(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "groups.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(SettingError, match=says):
        read_groups(path, Installation.COUNCIL)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"nowhere\.toml, which cannot be read"):
        read_groups(tmp_path / "nowhere.toml", Installation.COUNCIL)


def test_a_group_never_opens_a_familys_page() -> None:
    assert set(ROLES) >= NEVER_BY_GROUP


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        pytest.param({"KINFOLD_OIDC_ISSUER": "http://directory.example"}, "must start with https://", id="without TLS"),
        pytest.param({"KINFOLD_OIDC_ISSUER": "https://d.example"}, "KINFOLD_OIDC_CLIENT must be too", id="no client"),
        pytest.param(
            {"KINFOLD_OIDC_ISSUER": "https://d.example", "KINFOLD_OIDC_CLIENT": "k"},
            "KINFOLD_OIDC_GROUPS must be too", id="no groups",
        ),
    ],
)  # fmt: skip
def test_a_directory_that_cannot_be_trusted_is_refused_at_the_start(environment: dict[str, str], says: str) -> None:
    with pytest.raises(SettingError, match=says):
        directory(environment, "council")


def test_without_an_issuer_there_are_local_accounts_only() -> None:
    assert directory({"KINFOLD_OIDC_CLIENT": "left over"}, "council") is None
