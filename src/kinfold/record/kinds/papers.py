"""Papers: what was written or sent. A paper is evidence that hangs on facts; it is never the fact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from kinfold.record.declare import Sensitivity, called, event, field, paper, shared

NARRATIVE, LEGAL = Sensitivity.NARRATIVE, Sensitivity.LEGAL

# kind: (label, meaning)
_PAPERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "note": ("Case note", "What a worker wrote about what happened."),
        "minutes": ("Minutes", "The record of a meeting."),
        "assessment_text": (
            "Text of an assessment",
            "The written assessment; one text may serve several children, each with sections of their own.",
        ),
        "chronology": ("Chronology", "Significant events in a child's life, in order, with what they mean."),
        "photograph": ("Photograph", "A picture, with who took it and who agreed."),
        "life_story_page": ("Life story page", "A page that helps a child to understand their own story."),
        "meeting_pack": ("Meeting pack", "What is sent out before a conference or review."),
        "attachment": ("Attached file", "A file that came with something else."),
    }
)


@shared
class PaperContent:
    """What is kept of every paper; the file itself is sealed under the holder's key and named by its hash."""

    title: str | None = field("Title", sensitivity=NARRATIVE)
    sections: tuple[dict[str, Any], ...] | None = field(
        "The text in sections: heading, words, and the child each is about", sensitivity=NARRATIVE
    )
    author: str | None = field("Who wrote it")
    language: str | None = field("Language it is written in")
    template: str | None = field("Name and version of the template it was made from", longest=64)
    file_sha256: str | None = field("Hash of the sealed file", longest=64)
    media_type: str | None = field("Kind of file", longest=100)
    third_party_spans: tuple[dict[str, Any], ...] | None = field(
        "Parts about somebody else, to be left out when it is shared"
    )
    released_to_child_date: date | None = field("When the child was first allowed to see it")


def _declare_papers() -> None:
    for name, (label, meaning) in _PAPERS.items():
        cls = type(name.title().replace("_", ""), (PaperContent,), {"__doc__": meaning, "__module__": __name__})
        paper(name, label=label, family="casework", source="Kinfold record model, papers")(cls)


_declare_papers()


@paper(
    "childs_own_words",
    label="The child's own words",
    plural="Children's own words",
    family="casework",
    source="Children Act 1989, ss.17(4A), 20(6), 22(4) and 47(5A); UN Convention on the Rights of the Child, art. 12",
)
class ChildsOwnWords(PaperContent):
    """What a child said, wrote or drew, kept apart from what others made of it."""

    about_matter: str | None = field("What it is about")
    how_given: str | None = field("How", choices=("said", "written", "drawn", "signed", "through play", "advocate"))
    with_whom: str | None = field("Who was there")


@paper(
    "familys_own_words",
    label="The family's own words",
    plural="Families' own words",
    family="casework",
    source="Children Act 1989, ss.17, 22(4) and 47; Working Together to Safeguard Children",
)
class FamilysOwnWords(PaperContent):
    """What parents and others of the family said, kept apart from what professionals made of it."""

    about_matter: str | None = field("What it is about")


@paper(
    "letter",
    label="Letter",
    family="casework",
    source="Practice Direction 12A, letter before proceedings; Working Together",
    party="recipient",
)
class Letter(PaperContent):
    """A letter or message sent or received."""

    letter_type: str | None = field(
        "Which letter",
        choices=(
            "letter before proceedings", "letter of issue", "invitation", "outcome", "applicant told of decision",
            "appointment", "notice", "other",
        ),
    )  # fmt: skip
    direction: str | None = field("Sent or received", choices=("sent", "received"))
    sent_date: date | None = field("When it was sent")
    address_checked: bool | None = field("Whether the guard on concealed addresses passed it")


@paper(
    "court_report",
    label="Report to a court",
    plural="Reports to courts",
    family="casework",
    source="Children Act 1989, ss.7, 14A(8) and 37; Adoption and Children Act 2002, s.44(5)",
    ref="report_type",
    label_default="restricted",
)
class CourtReport(PaperContent):
    """A report that the council files with a court."""

    report_type: str | None = field(
        "Which report",
        required=True,
        choices=("section 7", "section 37", "special guardianship", "adoption", "statement", "other"),
    )
    filed_date: date | None = field("When it was filed")


@paper(
    "legal_advice",
    label="Legal advice",
    plural="Legal advice",
    family="casework",
    source="Legal professional privilege",
    label_default="privileged",
)
class LegalAdvice:
    """Advice of a lawyer, read only by lawyers and those who instruct them."""

    title: str | None = field("Title", sensitivity=LEGAL)
    text: str | None = field("Advice", sensitivity=LEGAL)
    adviser: str | None = field("Who advised", sensitivity=LEGAL)
    file_sha256: str | None = field("Hash of the sealed file", longest=64)


@paper(
    "submission_paper",
    label="Paper submitted",
    plural="Papers submitted",
    family="duties",
    source="Kinfold record model, papers",
    party="body it was submitted to",
)
class SubmissionPaper(PaperContent):
    """A return, notice or report as it was sent to another body, kept as it was sent."""

    submitted_date: date | None = field("When")
    receipt: str | None = field("Receipt number", longest=64)


@event(
    "voice_of_child",
    label="What the child told us",
    plural="What children told us",
    family="casework",
    source="Standard Safeguarding Dataset, voice of the child (draft)",
)
class VoiceOfChild:
    """A child answers five questions about their plan and their worker."""

    explained_worries: bool | None = field(
        "Somebody explained why people are worried", names=called(dataset="voch_explained_worries")
    )
    story_helps: bool | None = field(
        "The story with words and pictures helps to understand", names=called(dataset="voch_story_help_understand")
    )
    agrees_with_worker: bool | None = field(
        "Agrees with what the worker says must happen", names=called(dataset="voch_agree_worker")
    )
    plan_says_who_does_what: bool | None = field(
        "The plan tells everyone what to do to keep them safe", names=called(dataset="voch_plan_safe")
    )
    tablet_helps: bool | None = field(
        "Writing or drawing on the tablet helped", names=called(dataset="voch_tablet_help_explain")
    )
