"""For monitoring: is the process alive, is it ready, and numbers in Prometheus's text form. Nothing about a person."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from ipaddress import ip_address

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from kinfold import __version__
from kinfold.service.config.counting import BUCKETS, COUNTER, Counts, alive
from kinfold.service.config.operations import metrics_token
from kinfold.service.records.health import not_ready
from kinfold.service.records.measures import Measures, measure
from kinfold.service.web.page import page
from kinfold.terms.errors import NotPermitted

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
# A proxy says whom it speaks for: then the address of the connection is the proxy's, not the asker's.
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via")


@page("healthz")
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process is alive."""
    return alive()


@page("readyz")
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer whether requests can be served: 503 with the stable names of what is not ready."""
    lacking = [check.name for check in not_ready()]
    answer = {"ready": not lacking, "not_ready": lacking}
    return JsonResponse(answer, status=503 if lacking else 200, headers={"Cache-Control": "no-store"})


@page("metrics")
def metrics(request: HttpRequest) -> HttpResponse:
    """Show the numbers to this machine, or to who has the token. To others there is no such page."""
    if not (_has_token(request) or _is_this_machine(request)):
        raise NotPermitted("The metrics are for this machine, or for who has the token")
    lines = [*_requests(COUNTER.total()), *_state(measure(timezone.now()))]
    return HttpResponse("\n".join(lines) + "\n", content_type=PROMETHEUS, headers={"Cache-Control": "no-store"})


def _has_token(request: HttpRequest) -> bool:
    token = metrics_token()
    said = request.headers.get("Authorization", "")
    return bool(token) and hmac.compare_digest(said.encode(), f"Bearer {token}".encode())


def _is_this_machine(request: HttpRequest) -> bool:
    if any(request.headers.get(name) for name in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _quoted(**labels: str) -> str:
    def escaped(text: str) -> str:
        return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

    return ",".join(f'{name}="{escaped(value)}"' for name, value in labels.items())


def _head(name: str, kind: str, words: str) -> list[str]:
    return [f"# HELP {name} {words}", f"# TYPE {name} {kind}"]


def _requests(counts: Counts) -> Iterator[str]:
    yield from _head("kinfold_requests_total", "counter", "Requests answered, by route, method and status.")
    for (route, method, status), number in sorted(counts.requests.items()):
        yield f"kinfold_requests_total{{{_quoted(route=route, method=method, status=status)}}} {number}"
    name = "kinfold_request_seconds"
    yield from _head(name, "histogram", "How long requests took, by route.")
    for route, within in sorted(counts.buckets.items()):
        so_far = 0
        for bound, number in zip([*map(str, BUCKETS), "+Inf"], within, strict=True):
            so_far += number
            yield f"{name}_bucket{{{_quoted(route=route, le=bound)}}} {so_far}"
        yield f"{name}_sum{{{_quoted(route=route)}}} {counts.seconds.get(route, 0.0):.6f}"
        yield f"{name}_count{{{_quoted(route=route)}}} {so_far}"


def _state(now: Measures) -> Iterator[str]:
    yield from _head("kinfold_info", "gauge", "The version that answers.")
    yield f"kinfold_info{{{_quoted(version=__version__)}}} 1"
    for name, words, states in (
        ("kinfold_jobs", "Background jobs, by state.", now.jobs),
        ("kinfold_loads", "Loads, by state.", now.loads),
    ):
        yield from _head(name, "gauge", words)
        for state, number in states.items():
            yield f"{name}{{{_quoted(state=state)}}} {number}"
    gauges: tuple[tuple[str, str, float | None], ...] = (
        ("kinfold_jobs_stuck", "Running jobs whose lease ran out and nobody took again.", now.stuck_jobs),
        (
            "kinfold_job_waiting_seconds",
            "How long the longest-waiting due job has waited.",
            now.oldest_waiting_job or 0,
        ),
        ("kinfold_quarantined_rows", "Rows of loads that wait to be put right.", now.quarantined_rows),
        ("kinfold_audit_links", "Links in all audit chains.", now.audit_links),
        ("kinfold_audit_last_link_age_seconds", "Age of the newest audit link.", now.audit_last_link_age),
        ("kinfold_audit_links_since_cut", "Audit links after the last signed head.", now.audit_links_since_cut),
        ("kinfold_backup_age_seconds", "Age of the last backup made here.", now.backup_age),
    )
    for name, words, value in gauges:
        if value is not None:
            yield from _head(name, "gauge", words)
            yield f"{name} {value}" if isinstance(value, int) else f"{name} {value:.3f}"
