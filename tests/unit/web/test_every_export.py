"""Every table that leaves as a file leaves through the one writer that no spreadsheet program runs anything of."""

from __future__ import annotations

import re
from pathlib import Path

SERVICE = Path(__file__).parents[3] / "src" / "kinfold" / "service"
WRITER = SERVICE / "web" / "table_files.py"
WRITES_TABLES = re.compile(r"csv\.(writer|DictWriter)|xlsxwriter|openpyxl|text/csv")


def test_no_page_or_call_writes_a_table_file_of_its_own() -> None:
    own = [
        str(path.relative_to(SERVICE))
        for path in sorted(SERVICE.rglob("*.py"))
        if path != WRITER and WRITES_TABLES.search(path.read_text())
    ]

    assert own == [], "write tables with web/table_files.py: it keeps a text from being taken for a formula"


def test_the_writer_itself_is_found_by_this_search() -> None:
    assert WRITES_TABLES.search(WRITER.read_text())
