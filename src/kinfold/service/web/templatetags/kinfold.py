"""The small words of templates: days, ages, codes, counts; blocks such as details and tabs; drawings and fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from kinfold.access.matrix import ROUTES, may_reach
from kinfold.service.web.drawings import spark
from kinfold.service.web.drawings.figure import figure_of
from kinfold.service.web.drawings.words import age_on as years_on
from kinfold.service.web.drawings.words import age_words, count_words, day_words, listed
from kinfold.service.web.forms import errors_of
from kinfold.terms.codes import code_set

register = template.Library()


# ---- words
@register.filter
def day(value: Any, unknown: str = "") -> str:
    """Return a day such as "4 March 2026"; `unknown` where there is none."""
    if isinstance(value, datetime):
        value = local(value).date()
    return day_words(value, unknown=unknown) if isinstance(value, date) else unknown


@register.filter
def moment(value: Any, unknown: str = "") -> str:
    """Return a moment such as "4 March 2026 at 3:14pm", by the clock of England."""
    if not isinstance(value, datetime):
        return unknown
    here = local(value)
    half = "am" if here.hour < 12 else "pm"
    return f"{day_words(here.date())} at {here.hour % 12 or 12}:{here.minute:02d}{half}"


def local(value: datetime) -> datetime:
    """Return the moment by the service's own clock; one without a zone is taken as it stands."""
    return timezone.localtime(value) if timezone.is_aware(value) else value


@register.filter
def iso(value: Any) -> str:
    """Return a day or moment as machines write it, for `datetime` and for sorting; empty where there is none."""
    return value.isoformat() if isinstance(value, date) else ""


@register.filter
def reaches(reader: Any, route: str) -> bool:
    """Say whether somebody's role reaches a route of the pages; a page without a reader shows what anybody reaches."""
    rule = ROUTES.get(f"web:{route}")
    if rule is None:
        return False
    return rule.without_sign_in if not reader else bool(may_reach(reader.actor, rule))


@register.filter
def age_on(born: Any, on: Any) -> str:
    """Return an age in words on the day `on`: "7 years", "11 months", "not yet born"; empty where not known."""
    return age_words(born, on) if isinstance(born, date) and isinstance(on, date) else ""


@register.filter
def years(born: Any, on: Any) -> int | None:
    """Return an age in whole years on the day `on`, None where not known or not yet born."""
    return years_on(born, on) if isinstance(born, date) and isinstance(on, date) else None


@register.filter
def elided(values: Iterable[Any] | None, most: int = 3) -> str:
    """Return a list as in a sentence, cut after `most`: "A, B, C and 4 more"."""
    names = [str(value) for value in values or ()]
    if len(names) > most:
        names = [*names[:most], f"{len(names) - most:,} more"]
    return listed(names)


@register.filter
def code_label(code: Any, name: str) -> str:
    """Return the label of a code of the set `name`; several are joined; empty where there is none."""
    if code is None or code == "":
        return ""
    labels = code_set(name).label
    return ", ".join(labels(str(c)) for c in code) if isinstance(code, list | tuple) else labels(str(code))


@register.filter
def plural(count: int | None, nouns: str) -> str:
    """Return a count with its noun, `nouns` being "child,children" or "plan": "1 child", "1,204 children"."""
    one, _, many = nouns.partition(",")
    return count_words(count or 0, one, many)


@register.filter
def thousands(value: Any) -> str:
    """Return a whole number with commas."""
    return f"{value:,}" if isinstance(value, int) else str(value)


@register.filter
def yes_no(value: Any) -> str:
    """Return Yes, No, or "Not known" for None."""
    return "Not known" if value is None else "Yes" if value else "No"


@register.filter
def lines(value: Any) -> list[Any]:
    """Return a list as it is and anything else as a list of one, for values shown one below the other."""
    return list(value) if isinstance(value, list | tuple) else [value]


# ---- the page
@register.simple_tag
def asset(path: str) -> str:
    """Return the address of a built file. Never raises: an error page must be shown even where the build is missing."""
    try:
        return static(f"built/{path}")
    except (ValueError, ImproperlyConfigured):
        return f"{settings.STATIC_URL}built/{path}"


@register.simple_tag
def field(bound: forms.BoundField, size: str = "", heading: bool = False, hint: bool = True) -> SafeString:
    """Show a field with its label in `size` s, m, l or xl; with `heading`, the label is the page's heading."""
    if not hint:
        bound.help_text = ""
    context = {"field": bound, "size": size, "heading": heading}
    return mark_safe(bound.form.render(bound.template_name, context))  # noqa: S308  (a template's own output)


@register.inclusion_tag("components/error_summary.html")
def error_summary(*those: Any) -> dict[str, Any]:
    """Show everything wrong with the forms, each linked to its field; nothing where nothing is."""
    return {"errors": errors_of(*(f for f in those if isinstance(f, forms.BaseForm)))}


@register.simple_tag
def split_messages(those: Iterable[Any]) -> dict[str, list[Any]]:
    """Return the messages as `done` and `other`; asking also marks them as shown."""
    every = list(those)
    done = [m for m in every if getattr(m, "level_tag", "") == "success"]
    return {"done": done, "other": [m for m in every if m not in done]}


@register.simple_tag(takes_context=True)
def error_prefix(context: Context) -> str:
    """Return "Error: " for the title of a page whose `form` has errors."""
    form = context.get("form")
    return "Error: " if isinstance(form, forms.BaseForm) and form.is_bound and form.errors else ""


@register.simple_tag
def address(path: str, query: Mapping[str, Any] | None = None, **changed: Any) -> str:
    """Return `path` with the query, changed: a value of None or "" leaves the name out."""
    from django.http import QueryDict

    kept = QueryDict(mutable=True)
    for name, value in (query or {}).items():
        kept.setlist(name, query.getlist(name)) if isinstance(query, QueryDict) else kept.update({name: value})
    for name, value in changed.items():
        kept.pop(name, None)
        if value not in (None, ""):
            kept[name] = str(value)
    return f"{path}?{kept.urlencode()}" if kept else path


@register.inclusion_tag("components/drawing.html")
def drawing(
    subject: Any, table_label: str = "See this as a table", csv: str = "", table_href: str = ""
) -> dict[str, Any]:  # fmt: skip
    """
    Show a drawing with its sentence and, folded away, its table; `csv` is the address of the table as a file.

    A table too long to stand beside the drawing has an address of its own, `table_href`.
    """
    figure = figure_of(subject)
    return {
        "figure": figure,
        "wide": mark_safe(figure.wide),  # noqa: S308  (escaped by drawings/svg.py)
        "narrow": mark_safe(figure.narrow) if figure.narrow else "",  # noqa: S308
        "labelled_rows": []
        if table_href
        else [
            [(heading, cell, index in figure.table.numeric) for index, (heading, cell) in enumerate(pairs)]
            for pairs in (zip(figure.table.headings, row, strict=True) for row in figure.table.rows)
        ],
        "table_href": table_href,
        "table_label": table_label,
        "csv": csv,
    }


@register.simple_tag
def sparkline(subject: spark.Spark) -> SafeString:
    """Show a line small enough for a table's cell."""
    return format_html('<span class="kinfold-spark">{}</span>', mark_safe(figure_of(subject).wide))  # noqa: S308


# ---- blocks
@register.simple_block_tag
def details(content: str, summary: str, opened: bool = False) -> SafeString:
    """Fold content away under a summary."""
    return SafeString(
        render_to_string("components/details.html", {"summary": summary, "content": content, "open": opened})
    )


@register.simple_block_tag
def inset(content: str) -> SafeString:
    """Set content apart."""
    return SafeString(render_to_string("components/inset.html", {"content": content}))


@register.simple_block_tag
def warning(content: str) -> SafeString:
    """Warn of what follows if somebody does or does not do something."""
    return SafeString(render_to_string("components/warning.html", {"content": content}))


@register.simple_block_tag
def notification(content: str, title: str = "Important", success: bool = False, key: str = "notice") -> SafeString:
    """Tell the reader something that is not about this page alone."""
    context = {"content": content, "title": title, "success": success, "key": key}
    return SafeString(render_to_string("components/notification.html", context))


@register.simple_block_tag
def own_words(content: str, who: str, on: Any = None, how: str = "") -> SafeString:
    """Show a child's own words: whose, when, and how they were given."""
    context = {"content": content, "who": who, "on": day(on), "iso": iso(on), "how": how}
    return SafeString(render_to_string("components/own_words.html", context))


@register.simple_block_tag(takes_context=True)
def tab(context: Context, content: str, key: str, label: str) -> str:
    """Keep one tab for the `tabs` around it."""
    kept: Any = context.render_context.setdefault("kinfold_tabs", [])
    kept.append({"key": key, "label": label, "content": content})
    return ""


@register.simple_block_tag(takes_context=True)
def tabs(context: Context, content: str, title: str = "Contents") -> SafeString:
    """Show the tabs inside; without a script, links to each part one below the other."""
    kept = context.render_context.get("kinfold_tabs", [])
    context.render_context["kinfold_tabs"] = []
    return SafeString(render_to_string("components/tabs.html", {"title": title, "tabs": kept}))


@register.simple_tag
def redacted(why: str = "about somebody else") -> SafeString:
    """Show that something was left out and why. What was left out is never handed to a template."""
    return format_html('<span class="kinfold-redacted">removed: {}</span>', conditional_escape(why))


@register.simple_tag
def masked(what: str = "Address withheld") -> SafeString:
    """Show that something is held but not for this reader."""
    return format_html('<span class="kinfold-masked">{}</span>', what)
