"""Partials, pages and small words: what they show, and that it is safe."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.template import engines
from django.template.loader import get_template, render_to_string
from lxml import html as lxml_html

from kinfold.service.web import components
from kinfold.service.web.components import Cell, Column, Link, Progress, SummaryRow, Table, Tag, TimelineEntry
from kinfold.service.web.drawings.timeline import Bar, Lane, Story

WEB = Path(components.__file__).parent
TEMPLATES = sorted(p.relative_to(WEB / "templates").as_posix() for p in (WEB / "templates").rglob("*.html"))
FIXTURES = Path(__file__).parents[3] / "node_modules" / "govuk-frontend" / "dist" / "govuk" / "components"


def shown(template: str, **context: Any) -> str:
    return engines["django"].from_string("{% load kinfold %}" + template).render(context)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_can_be_read_and_has_no_style_or_script_of_its_own(name: str) -> None:
    source = (WEB / "templates" / name).read_text()

    get_template(name)

    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:", source)
    inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", source)
    assert all("nonce=" in attributes or "application/json" in attributes for attributes in inline)


def test_a_button_takes_no_name_from_the_page_around_it() -> None:
    """A page about a child has `name`: as a button's name it would stand in the address of every question asked by GET."""
    html = shown('{% include "components/button.html" with text="Go on" href="" %}', name="Robin Quill", value="9")

    assert "Robin" not in html
    assert "value=" not in html


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "500"])
def test_an_error_page_needs_nothing_to_be_shown(code: str) -> None:
    html = render_to_string(f"{code}.html")

    assert html.count("<h1") == 1
    assert "nonce" not in html


def test_a_page_carries_the_nonce_and_the_skip_link_and_one_main() -> None:
    html = render_to_string("404.html", {"csp_nonce": "abc"})

    assert '<script nonce="abc">' in html
    assert 'href="#main-content"' in html
    assert html.count('id="main-content"') == 1


def test_the_demonstration_is_loudly_marked_on_every_page() -> None:
    assert "Every child, family and council here is invented" in render_to_string("404.html", {"demo": True})
    assert "invented" not in render_to_string("404.html", {"demo": False})


def _normal(markup: str) -> list[Any]:
    """Return markup as nested tags, attributes and words, without the spaces between."""

    def walk(node: Any) -> list[Any]:
        attributes = sorted((k, " ".join(v.split())) for k, v in node.attrib.items())
        words = [" ".join(text.split()) for text in [node.text or "", *(c.tail or "" for c in node)]]
        return [node.tag, attributes, [w for w in words if w], [walk(c) for c in node]]

    return [walk(node) for node in lxml_html.fragments_fromstring(markup)]


PARITY = [
    ("tag", "default", '{% include "components/tag.html" with text="Alpha" %}'),
    ("tag", "grey", '{% include "components/tag.html" with text="Grey" colour="grey" %}'),
    (
        "inset-text",
        "default",
        "{% inset %}It can take up to 8 weeks to register a lasting power of attorney if there are no mistakes "
        "in the application.{% endinset %}",
    ),
    ("warning-text", "default", "{% warning %}You can be fined up to £5,000 if you don’t register.{% endwarning %}"),
    ("back-link", "default", '{% include "components/back.html" with href="#" text="Back" %}'),
]


@pytest.mark.parametrize(("component", "example", "ours"), PARITY)
def test_our_partials_give_the_design_system_s_markup(component: str, example: str, ours: str) -> None:
    file = FIXTURES / component / "fixtures.json"
    if not file.exists():
        pytest.skip("the front-end packages are not installed: python tools/build_frontend.py")
    theirs = {f["name"]: f for f in json.loads(file.read_text())["fixtures"]}
    if example not in theirs:
        pytest.skip(f"the installed {component} has no example called {example}")

    if "text" in theirs[example]["options"] and component == "warning-text":
        ours = "{% warning %}" + theirs[example]["options"]["text"] + "{% endwarning %}"
    if component == "inset-text":
        ours = "{% inset %}" + theirs[example]["options"]["text"] + "{% endinset %}"

    assert _normal(shown(ours)) == _normal(theirs[example]["html"])


@pytest.mark.parametrize("sort", [None, "none"])
def test_a_table_keeps_its_roles_and_names_its_cells_for_a_narrow_screen(sort: str | None) -> None:
    columns = [Column("Name", sort=sort), Column("Born"), Column("What you can do", quiet=True)]
    rows = [[Cell("Ava", href="/c/1"), Cell("6 May 2014", order="2014-05-06"), Cell("Visit", href="/v", about="Ava")]]

    html = shown('{% include "components/table.html" %}', table=Table("Children", columns, rows))

    assert 'data-label="Born"' in html
    assert 'data-sort-value="2014-05-06"' in html
    assert html.count('role="columnheader"') == 3
    assert ("moj-sortable-table" in html) == (sort is not None)
    # else the browser would sort by the address in the link: by nothing that anybody can see
    assert ('data-sort-value="Ava"' in html) == (sort is not None)


@pytest.mark.parametrize(
    ("route", "linked"),
    [
        pytest.param("", True, id="a link for everybody"),
        pytest.param("duties", True, id="a page that anybody reaches"),
        pytest.param("organisation", False, id="a page that this reader's role does not reach"),
    ],
)
def test_a_cell_is_a_link_only_for_those_who_reach_where_it_leads(route: str, linked: bool) -> None:
    table = Table("Homes", [Column("Home")], [[Cell("Tarn House", href="/x/", route=route)]])

    assert ('href="/x/"' in shown('{% include "components/table.html" %}', table=table)) == linked


def test_an_empty_table_says_what_would_fill_it() -> None:
    table = Table("Papers", [Column("Title")], [], empty="The daily feed fills this.")

    assert "The daily feed fills this." in shown('{% include "components/table.html" %}', table=table)


def test_text_from_the_record_is_escaped_in_every_partial() -> None:
    bad = "<img src=x onerror=alert(1)>"
    html = shown(
        '{% include "components/table.html" %}{% include "components/summary_list.html" %}'
        '{% include "components/timeline.html" %}{% include "components/empty.html" with text=bad %}'
        '{% include "components/progress.html" %}'
        "{% details bad %}{{ bad }}{% enddetails %}{% own_words bad %}{{ bad }}{% endown_words %}{% redacted bad %}{% masked bad %}"
        '{% include "components/breadcrumbs.html" %}{% tabs bad %}{% tab "a" bad %}{{ bad }}{% endtab %}{% endtabs %}',
        bad=bad,
        table=Table(bad, [Column(bad)], [[Cell(bad, order=bad, tag=Tag(bad))]]),
        rows=[SummaryRow(bad, [bad], [Link(bad, "/x", about=bad)], note=bad)],
        entries=[TimelineEntry(bad, date(2026, 3, 4), by=bad, text=bad)],
        progress=Progress(bad, 1, 2, said=bad),
        crumbs=[Link(bad, "/")],
    )

    assert "<img" not in html
    assert "&lt;img" in html


def test_tabs_are_links_to_their_parts_and_do_not_leak_into_the_next_ones() -> None:
    one = '{% tabs %}{% tab "a" "A" %}first{% endtab %}{% tab "b" "B" %}second{% endtab %}{% endtabs %}'

    html = shown(one + one.replace('"a"', '"c"').replace('"b"', '"d"'))

    for key in "abcd":
        assert html.count(f'href="#{key}"') == 1
        assert html.count(f'id="{key}"') == 1


def test_a_drawing_comes_with_its_sentence_and_its_table() -> None:
    story = Story("Ava’s story", [Lane("Care", [Bar(date(2020, 1, 1), None, "Looked after")])], date(2026, 3, 4))

    html = shown('{% drawing story csv="/story.csv" %}', story=story)

    assert html.count("<svg") == 2
    assert "now Looked after since 1 January 2020" in html
    assert '<td role="cell" data-label="What"' in html
    assert 'href="/story.csv"' in html


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ day_|day }}", "4 March 2026"),
        ('{{ none|day:"not known" }}', "not known"),
        ("{{ noon|moment }}", "4 March 2026 at 12:05pm"),
        ("{{ summer|moment }}", "1 July 2026 at 1:00am"),
        ("{{ summer|day }}", "1 July 2026"),
        ("{{ born|age_on:day_ }}", "11 years"),
        ("{{ day_|age_on:born }}", "not yet born"),
        ("{{ born|years:day_ }}", "11"),
        ("{{ names|elided }}", "A, B, C and 2 more"),
        ("{{ names|elided:5 }}", "A, B, C, D and E"),
        ('{{ 1|plural:"child,children" }}', "1 child"),
        ('{{ 1204|plural:"child,children" }}', "1,204 children"),
        ('{{ "N1"|code_label:"category_of_need" }}', "Abuse or neglect"),
        ('{{ none|code_label:"category_of_need" }}', ""),
        ("{{ none|yes_no }}", "Not known"),
        ('{% address "/list" page=2 sort="" %}', "/list?page=2"),
    ],
)
def test_small_words(template: str, expected: str) -> None:
    context = {
        "day_": date(2026, 3, 4),
        "born": date(2014, 5, 6),
        "noon": datetime(2026, 3, 4, 12, 5, tzinfo=UTC),
        "summer": datetime(2026, 7, 1, 0, 0, tzinfo=UTC),
        "names": list("ABCDE"),
        "none": None,
    }

    assert shown(template, **context) == expected


@pytest.mark.parametrize(
    ("page", "last", "expected"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (4, 7, [1, 2, 3, 4, 5, 6, 7]),
        (7, 42, [1, None, 6, 7, 8, None, 42]),
        (42, 42, [1, None, 41, 42]),
    ],
)
def test_pages_show_the_first_the_last_and_the_neighbours(page: int, last: int, expected: list[int | None]) -> None:
    assert list(components.elided_pages(page, last)) == expected


@pytest.mark.parametrize(
    ("page", "said"), [(1, "Showing 1 to 20 of 45 children"), (9, "Showing 41 to 45 of 45 children")]
)
def test_a_page_past_the_end_is_the_last_page(page: int, said: str) -> None:
    result = components.pages(page=page, size=20, total=45, address=lambda n: f"?page={n}", noun="children")

    assert result.said == said


@pytest.mark.parametrize(
    ("done", "total", "percent"), [(0, 0, 0), (0, 9, 0), (999, 1000, 99), (1000, 1000, 100), (5, 3, 100)]
)
def test_progress_is_a_hundred_only_when_all_is_done(done: int, total: int, percent: int) -> None:
    assert Progress("Loading", done, total).percent == percent


def test_work_under_way_is_looked_at_again_and_finished_work_is_not() -> None:
    template = '{% include "components/refresh.html" %}{% include "components/progress.html" %}'

    running = shown(template, progress=Progress("Loading", 1, 2, refresh=5))
    finished = shown(template, progress=Progress("Loading", 2, 2))

    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in running
    assert 'data-kinfold-refresh="5"' in running
    assert "refresh" not in finished


def test_a_tag_s_colour_must_be_one_of_the_design_system_s() -> None:
    with pytest.raises(ValueError, match="beige"):
        Tag("State", "beige")
