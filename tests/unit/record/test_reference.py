"""The reference page is made from the declarations and leaves nothing out."""

from __future__ import annotations

from kinfold.record.declare import KINDS
from kinfold.record.reference import kinds_reference


def test_the_page_has_every_kind_and_field():
    page = kinds_reference()

    for kind in KINDS.values():
        assert f'### <a id="{kind.name}"></a>{kind.label}' in page
        assert kind.meaning in page
    assert page.count("\n| `") == sum(len(kind.fields) for kind in KINDS.values())


def test_every_link_on_the_page_leads_somewhere():
    page = kinds_reference()

    anchors = {part.split('"')[0] for part in page.split('<a id="')[1:]}
    links = {part.split(")")[0] for part in page.split("](#")[1:]}
    assert links <= anchors


def test_a_table_row_has_as_many_cells_as_its_heading():
    for line in kinds_reference().splitlines():
        if line.startswith("| `"):
            assert line.replace("\\|", "").count("|") == 7


def test_the_page_is_the_same_each_time():
    assert kinds_reference() == kinds_reference()
