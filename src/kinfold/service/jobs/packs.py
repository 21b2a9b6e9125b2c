"""The copy of a record that answers a subject access request, made in the background: data, page and PDF."""

from __future__ import annotations

import json

from django.template.loader import render_to_string

from kinfold.service.jobs.queue import Taken, progress
from kinfold.service.jobs.tasks import task
from kinfold.service.printing import can_print, pdf_of
from kinfold.service.records.actions.rights import keep_pack_file
from kinfold.service.records.models import Account
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.rights import PACK, for_rights, pack_of, request_of

TEMPLATE = "documents/access_pack.html"


@task(PACK)
def make_pack(job: Taken) -> str:
    """Make the pack of one request, as whoever asked for it to be made may see the record."""
    said = job.arguments
    reader = for_rights(Reader(Account.objects.get(uid=said["account"])))
    row, request = request_of(reader, said["person"], said["request"])
    progress(job, 0, 3, "gathering the record")
    pack = pack_of(reader, said["person"], request)
    context = {"pack": pack, "title": f"What {pack['held_by']} holds about {pack['name'] or 'you'}"}
    keep_pack_file(reader, row, request.fact, "json", _as_json(pack), "application/json")
    progress(job, 1, 3, "writing the page")
    page = render_to_string(TEMPLATE, context)
    keep_pack_file(reader, row, request.fact, "html", page.encode(), "text/html")
    progress(job, 2, 3, "printing")
    if not can_print():
        return f"{len(pack['items'])} items; no PDF, because WeasyPrint or Pango is not installed"
    keep_pack_file(reader, row, request.fact, "pdf", pdf_of(TEMPLATE, context), "application/pdf")
    return f"{len(pack['items'])} items"


def _as_json(pack: dict[str, object]) -> bytes:
    return json.dumps(pack, ensure_ascii=False, indent=1).encode()
