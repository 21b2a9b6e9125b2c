"""
Give each process of tests its own folder and database, before the settings are read.

Several processes run at once, and two checkouts on one machine may; none must find what another has written.
"""

import os
import tempfile
from pathlib import Path

data = Path(os.environ.get("KINFOLD_DATA") or tempfile.mkdtemp(prefix="kinfold-test-"))
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    data = data / worker
    data.mkdir(parents=True, exist_ok=True)
    os.environ["KINFOLD_TEST_NAME"] = os.environ.get("KINFOLD_TEST_NAME", "all") + worker
os.environ["KINFOLD_DATA"] = str(data)
