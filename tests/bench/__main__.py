"""
`make bench`: how fast, how much memory, and how both grow. Figures go to standard output as one table and as JSON.

    load     a region's SSDA903 and CIN files (14 councils), then the same files again, into SQLite
    pages    search and the child's page, one reader, at the size of what was loaded
    council  the same for one council (a quick look)

`BENCH="load council" SCALE=council` chooses. PostgreSQL is measured where KINFOLD_DATABASE_URL names one.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SCALE = os.environ.get("SCALE", "region")


def measured(command: list[str], environment: dict[str, str]) -> dict[str, Any]:
    """Run a command as a whole process and return its seconds, its memory in MB and what it answered as JSON."""
    started = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr[-2000:])
    return {
        "seconds": round(time.perf_counter() - started, 1),
        "cpu_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
        "peak_mb": round(after.ru_maxrss / 1024),
        "answer": json.loads(done.stdout) if done.stdout.startswith("{") else {},
    }


def load_region() -> list[dict[str, Any]]:
    """Invent the files, load them, load them again."""
    folder = Path(tempfile.mkdtemp(prefix="kinfold-bench-"))
    environment = {**os.environ, "KINFOLD_DATA": str(folder / "data"), "KINFOLD_LOG_LEVEL": "ERROR"}
    kinfold = str(Path(sys.executable).with_name("kinfold"))
    try:
        invented = folder / "invented"
        made = measured([kinfold, "synthetic", "--scale", SCALE, "--out", str(invented), "--json"], environment)
        for council in invented.iterdir():
            for extra in ("standard_safeguarding_dataset", "daily_feed", "annex_a"):
                shutil.rmtree(council / extra, ignore_errors=True)
        measured([kinfold, "migrate"], environment)
        paths = [str(path) for path in sorted(invented.iterdir()) if path.is_dir()]
        rows = [_row(f"invent a {SCALE}", made)]
        for label in (f"load a {SCALE}'s SSDA903 and CIN files", "the same files again"):
            total: dict[str, Any] = {"seconds": 0.0, "cpu_seconds": 0.0, "peak_mb": 0, "rows": 0, "children": 0}
            for path in paths:
                code = Path(path).name.split("-")[0]
                one = measured([kinfold, "load", path, "--council", code, "--json"], environment)
                total["seconds"] += one["seconds"]
                total["cpu_seconds"] += one["cpu_seconds"]
                total["peak_mb"] = max(total["peak_mb"], one["peak_mb"])
                total["rows"] += one["answer"].get("rows", 0)
                total["children"] += one["answer"].get("children", 0)
            total["children_a_second"] = round(total["children"] / max(total["seconds"], 0.1))
            rows.append(_row(label, total))
        return rows
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _row(label: str, figures: dict[str, Any]) -> dict[str, Any]:
    return {"what": label, **{key: value for key, value in figures.items() if key != "answer"}}


def pages() -> list[dict[str, Any]]:
    """Time search and the child's page in process, for a director of the council with the most children."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kinfold.service.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db.models import Count
    from django.test import Client

    from kinfold.service.records.models import Account, Holder, PersonIndex
    from kinfold.service.records.scope import as_system

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.DEMO = True  # nobody is asked for a second factor while pages are timed
    with as_system():
        holder = Holder.objects.annotate(n=Count("personindex")).order_by("-n").first()
        account = _director(holder) if holder else None
        people = list(
            PersonIndex.objects.filter(held_by=holder, sort="child")
            .exclude(name="")
            .values_list("person__uid", "name", "birth_date")[:3000]
        )
        everyone = PersonIndex.objects.count()
    if account is None or not people:
        raise SystemExit("Nothing is loaded in KINFOLD_DATA: run `kinfold demo --build-only` there first.")
    client = Client()
    client.force_login(Account.objects.get(pk=account.pk), "django.contrib.auth.backends.ModelBackend")
    step = max(1, len(people) // 150)
    chosen = people[::step][:150]
    return [
        _timed("search by a misspelt name", everyone, chosen, lambda p: client.post("/search/", {"q": _slip(p[1])})),
        _timed("search by date of birth", everyone, chosen, lambda p: client.post("/search/", {"q": str(p[2])})),
        _timed("a child's page", everyone, chosen, lambda p: client.get(f"/children/{p[0]}/")),
        _timed("what is due for a child", everyone, chosen, lambda p: client.get(f"/children/{p[0]}/due/")),
    ]


def _director(holder: Any) -> Any:
    from kinfold.service.records.actions import people
    from kinfold.service.records.models import Account

    email = f"bench@{holder.code.lower()}.invalid"
    found = Account.objects.filter(email=email).first()
    if found is None:
        found = people.add_account(email=email, name="Bench", holder=holder, by="bench", today=date(2020, 1, 1))
        people.give_role(
            account=found, role="director_of_childrens_services", by="bench", because="bench", today=date(2020, 1, 1)
        )
    return found


def _slip(name: str) -> str:
    return name[:2] + name[3:] if len(name) > 4 else name


def _timed(label: str, people: int, chosen: list[Any], call: Callable[[Any], Any]) -> dict[str, Any]:
    call(chosen[0])
    times, size = [], 0
    for one in chosen:
        started = time.perf_counter()
        answer = call(one)
        times.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200, answer.status_code
        size = max(size, len(answer.content))
    cuts = statistics.quantiles(times, n=100)
    return {"what": label, "people": people, "p50_ms": round(cuts[49], 1), "p95_ms": round(cuts[94], 1),
            "largest_kb": round(size / 1000)}  # fmt: skip


BENCHES: dict[str, Callable[[], list[dict[str, Any]]]] = {"load": load_region, "pages": pages}


def main() -> None:
    """Run the benches named, or all, and print a table and a JSON document."""
    wanted = [name for name in sys.argv[1:] if name in BENCHES] or list(BENCHES)
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors, {datetime.now(UTC):%Y-%m-%d}")
    rows = [row for name in wanted for row in BENCHES[name]()]
    for row in rows:
        print("; ".join(f"{key} {value}" for key, value in row.items()))
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
