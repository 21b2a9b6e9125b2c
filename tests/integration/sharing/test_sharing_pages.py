"""The pages of sharing, each as those who use it see it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from kinfold.service.records.models import AgreementVersion, Ask, FetchLink, Pointer, SharingDecision
from kinfold.service.records.reads.looks import looks_for_family
from tests.integration.services.conftest import typed
from tests.integration.sharing.conftest import Sharing

pytestmark = pytest.mark.django_db


def asked(sharing: Sharing, web: Any) -> str:
    """Ask through the form and return the address of the ask."""
    said = {"purpose": "safeguarding", "because": "section 47 enquiry begun today"}
    answer = web.post(reverse("who_else_ask", args=[sharing.world.uid()]), said)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.url)


def test_a_worker_asks_sees_answers_come_and_opens_a_record(sharing: Sharing, worker_web: Any) -> None:
    panel = worker_web.get(reverse("who_else", args=[sharing.world.uid()])).content.decode()
    address = asked(sharing, worker_web)
    waiting = worker_web.get(address).content.decode()
    sharing.rounds()
    came = worker_web.get(address).content.decode()
    pointer = Pointer.objects.get(custodian__code="vale-schools")
    fetched = worker_web.post(reverse("ask_fetch", args=[Ask.objects.get().uid, pointer.uid]))
    on_its_way = worker_web.get(fetched.url).content.decode()
    sharing.round("vale-schools")
    record = worker_web.get(fetched.url)
    side_by_side = worker_web.get(address).content.decode()

    assert "has not asked anybody yet" in panel
    assert waiting.count("Waiting for them") == 6
    assert "Holds something" in came
    assert "tells that there is a record, not what it says" in came
    assert "On its way" in on_its_way
    assert "Whom to ring" in record.content.decode()
    assert "no-store" in record["Cache-Control"]
    assert "Side by side" in side_by_side
    assert "as each organisation wrote it down" in side_by_side


def test_a_revocation_is_seen_on_the_page_at_once(sharing: Sharing, worker_web: Any, web: Any) -> None:
    asked(sharing, worker_web)
    sharing.rounds()
    pointer = Pointer.objects.get(custodian__code="vale-schools")
    link = worker_web.post(reverse("ask_fetch", args=[Ask.objects.get().uid, pointer.uid])).url

    web("information_governance").post(reverse("agreement_revoke", args=["vale-schools"]), {"because": "A complaint"})
    sharing.round("vale-schools")
    after = worker_web.get(link)

    assert after.status_code == 410
    assert "The agreement changed while the record was on its way" in after.content.decode()
    assert FetchLink.objects.get().state == "stopped"


def test_the_family_reads_who_asked_and_who_was_told(sharing: Sharing, worker_web: Any) -> None:
    asked(sharing, worker_web)
    sharing.rounds()

    looks = looks_for_family(sharing.world.uid(), now=sharing.worker.now)

    assert {"Elmshire", "Vale Police", "Vale Schools Trust"} <= {look.organisation for look in looks}
    assert "section 47 enquiry begun today" in {look.reason for look in looks}


def test_a_decision_not_to_share_is_recorded_with_its_reasons(sharing: Sharing, worker_web: Any) -> None:
    address = reverse("may_i_share", args=[sharing.world.uid()])
    ask = "?purpose=crime_prevention&record_type=health&sharer=local_authority&to=vale-police"
    advice = worker_web.get(address + ask).content.decode()
    said = {"what": "Dates of appointments", "with_whom": "Vale Police", "shared": "no", "because": "Not needed for it",
            "told_family": ""}  # fmt: skip
    without = worker_web.post(address + ask, {**said, "because": ""}).content.decode()

    answer = worker_web.post(address + ask, said)

    assert "Crime and Disorder Act 1998, section 115" in advice
    assert "general knowledge of the law" in advice
    assert "Enter your reasons" in without
    assert answer.status_code == 302
    assert "Not needed for it" in worker_web.get(answer.url).content.decode()
    assert [(one.shared, one.told_family) for one in SharingDecision.objects.all()] == [(False, None)]


def test_the_page_of_an_ask_looks_again_less_often_as_it_grows_old_and_then_no_longer(
    sharing: Sharing, worker_web: Any
) -> None:
    address = asked(sharing, worker_web)
    young = worker_web.get(address).content.decode()
    Ask.objects.update(at=timezone.now() - timedelta(minutes=10))
    older = worker_web.get(address).content.decode()
    Ask.objects.update(at=timezone.now() - timedelta(hours=2))
    old = worker_web.get(address).content.decode()

    assert 'data-kinfold-refresh="3"' in young
    assert 'data-kinfold-refresh="15"' in older
    assert "data-kinfold-refresh" not in old
    assert "has not answered for an hour" in old
    assert "Look again now" in old


def test_may_i_share_this_with_housing_is_answered_for_housing(sharing: Sharing, worker_web: Any, web: Any) -> None:
    address = reverse("may_i_share", args=[sharing.world.uid()])
    ask = "?purpose=safeguarding&record_type=childrens_services&sharer=local_authority&to="
    empty = worker_web.get(address).content.decode()
    without = worker_web.get(address + ask).content.decode()

    said = worker_web.get(address + ask + "vale-homes").content.decode()
    web("information_governance").post(
        reverse("agreement_rule", args=["990"]),
        {**RULE, "record_types": ["childrens_services"], "purposes": ["safeguarding"], "sorts": ["housing"],
         "effect": "deny", "exception": "yes", "modes": ["existence", "content"]},
    )  # fmt: skip
    refused = worker_web.get(address + ask + "vale-homes").content.decode()
    somebody = worker_web.get(address + ask + "somebody-else").content.decode()

    assert "What our agreement says" not in empty
    assert "Select with whom it is shared" in without
    assert "local housing authority" in said
    assert 'value="Vale Homes"' in said  # the decision begins with whom it is about
    assert "(FD04" not in said
    assert "tells Vale Homes nothing of this for this purpose" in refused
    assert "What our agreement says" not in somebody
    assert "What the law says" in somebody


RULE = {
    "effect": "allow", "exception": "no", "modes": ["existence"], "record_types": ["crime_justice"],
    "purposes": ["family_help"], "sorts": ["local_authority"], "because": "Agreed by the partnership",
}  # fmt: skip


def test_an_agreement_is_written_in_a_form_compared_explained_and_revoked(sharing: Sharing, web: Any) -> None:
    governance = web("information_governance")
    why = "?holder=vale-police&asker=990&mode=existence&record_type=crime_justice&purpose=family_help"
    before = governance.get(reverse("agreement_why") + why).content.decode()

    governance.post(reverse("agreement_rule", args=["vale-police"]), RULE)
    page = governance.get(reverse("agreement", args=["vale-police"])).content.decode()
    change = governance.get(reverse("agreement_compare", args=["vale-police"]) + "?before=1&after=2").content.decode()
    after = governance.get(reverse("agreement_why") + why).content.decode()
    governance.post(reverse("agreement_rule_out", args=["vale-police", "rule", 1]), {"because": "Too wide"})
    again = governance.get(reverse("agreement_why") + why).content.decode()
    governance.post(reverse("agreement_revoke", args=["vale-police"]), {"because": "A complaint"})
    revoked = governance.get(reverse("agreement", args=["vale-police"])).content.decode()

    assert "It is refused" in before
    assert "for other purposes" in before
    assert "To help a family early" in page
    assert ">Told<" in change.replace("\n", "")
    assert "As they hold today" in change
    assert "It is allowed" in after
    assert "It is refused" in again
    assert "Revoked" in revoked
    assert list(
        AgreementVersion.objects.filter(organisation__code="vale-police")
        .order_by("version")
        .values_list("version", flat=True)
    ) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        pytest.param({"sorts": []}, "Choose sorts of organisation, or organisations by name", id="nobody"),
        pytest.param({"purposes": []}, "Select at least one purpose", id="no purpose"),
        pytest.param(typed("since", date(2026, 4, 1)) | typed("until", date(2026, 3, 1)), "Until must be after from", id="backwards"),
        pytest.param({"because": ""}, "Enter why you change the agreement", id="no reason"),
        pytest.param({"organisations": ["vale-homes"]}, "not both: make two lines", id="sorts and names"),
        pytest.param({"effect": ""}, "Answer “Does this line allow or refuse?”", id="neither allows nor refuses"),
    ],
)  # fmt: skip
def test_a_line_that_will_not_do_says_how_to_put_it_right(
    sharing: Sharing, web: Any, changed: dict[str, Any], words: str
) -> None:
    answer = web("information_governance").post(reverse("agreement_rule", args=["vale-police"]), {**RULE, **changed})

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert AgreementVersion.objects.filter(organisation__code="vale-police").count() == 1


def test_a_line_of_later_days_is_said_to_hold_then_and_is_compared_on_those_days(sharing: Sharing, web: Any) -> None:
    governance = web("information_governance")
    begins, ends = date(timezone.localdate().year + 1, 4, 1), date(timezone.localdate().year + 1, 7, 1)
    later = {**RULE, **typed("since", begins), **typed("until", ends), "reason": "Pilot of the partnership"}

    added = governance.post(reverse("agreement_rule", args=["vale-police"]), later, follow=True).content.decode()
    compared = governance.get(reverse("agreement_compare", args=["vale-police"]))
    none = governance.get(reverse("agreement_compare", args=["vale-police"]) + "?before=0&after=1").content.decode()

    assert f"It holds from 1 April {begins.year} until 1 July {ends.year}." in added
    assert "It is in force now" not in added
    assert "Ground: Pilot of the partnership." in added
    captions = [(table.caption, len(table.rows)) for table in compared.context["tables"]]
    assert captions == [("As they hold today", 0), (f"From 1 April {begins.year}", 1), (f"From 1 July {ends.year}", 0)]
    assert "Both tell the same." in compared.content.decode()
    assert "From no agreement to version 1" in none


def test_a_refusal_is_explained_with_the_line_that_decides_and_a_way_to_it(sharing: Sharing, web: Any) -> None:
    governance = web("information_governance")
    refuses = {**RULE, "effect": "deny", "exception": "yes", "sorts": [], "organisations": ["vale-homes"]}
    governance.post(reverse("agreement_rule", args=["vale-police"]), refuses)

    page = governance.get(
        reverse("agreement_why")
        + "?holder=vale-police&asker=vale-homes&mode=existence&record_type=crime_justice&purpose=family_help"
    ).content.decode()

    assert "It is refused" in page
    assert "Vale Homes are not told that there is a record" in page
    assert reverse("agreement", args=["vale-police"]) in page


@pytest.mark.parametrize("name", ["agreement_rule", "agreement_revoke"])
def test_a_form_of_an_agreement_leads_back_to_it(sharing: Sharing, web: Any, name: str) -> None:
    page = web("information_governance").get(reverse(name, args=["vale-police"])).content.decode()

    assert f'class="govuk-back-link" href="{reverse("agreement", args=["vale-police"])}"' in page


def test_an_organisation_is_added_and_tells_nobody_anything_yet(sharing: Sharing, web: Any) -> None:
    governance = web("information_governance")
    said = {"name": "Vale Voices", "code": "vale-voices", "sort": "voluntary", "record_types": ["personal"]}

    answer = governance.post(reverse("organisation_add"), said)
    again = governance.post(reverse("organisation_add"), said).content.decode()

    assert "tells nobody anything" in governance.get(answer.url).content.decode()
    assert "of that short name already" in again


def test_a_worker_looks_after_no_agreements(sharing: Sharing, worker_web: Any) -> None:
    assert worker_web.get(reverse("agreements")).status_code == 403
    assert worker_web.get(reverse("unusual_looks")).status_code == 403


def test_often_at_one_record_stands_on_the_page_of_unusual_looking(sharing: Sharing, worker_web: Any, web: Any) -> None:
    before = web("information_governance").get(reverse("unusual_looks")).content.decode()
    for _ in range(20):
        sharing.worker.looked(sharing.world.holder.pk, "child page", [sharing.world.uid()])

    page = web("information_governance").get(reverse("unusual_looks")).content.decode()

    assert "Nothing unusual was counted" in before
    assert "somebody looked at one record 20 times or more" in before
    assert "Often at one record" in page
    assert "Social worker" in page
    assert "Asha Lind" in page
    assert "Robin Quill" in page


def test_an_ask_of_another_organisation_is_not_there(sharing: Sharing, worker_web: Any, web: Any) -> None:
    made = sharing.ask()
    account = sharing.world.accounts["social_worker"]
    account.organisation = "Vale Police"
    account.save()

    assert worker_web.get(reverse("ask", args=[made.uid])).status_code == 404
