#!/usr/bin/env bash
# All tests: everything on SQLite, then what touches the database again on PostgreSQL. `--long` adds the nightly tier.
# A tool this machine lacks skips its tests by name; KINFOLD_REQUIRE=browser,postgres turns that into a failure.
set -uo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
marks="not long"
if [ "${1:-}" = --long ]; then
  marks="long or not long"
  export KINFOLD_NEW_EXAMPLES=1   # properties are tried on other examples each night
fi
export KINFOLD_DATA=${KINFOLD_TEST_DATA:-$(mktemp -d)}
failed=0
parallel=(-n auto --dist loadfile)   # one process a core, each with its own folder and database
untouched=(files synthetic documents)   # what no database decides is run once
$python -m pytest "${parallel[@]}" -m "$marks" || failed=1
if started=$(tools/postgres.sh start); then
  eval "$started"
  trap 'tools/postgres.sh stop' EXIT
  KINFOLD_DATABASE_URL=$KINFOLD_TEST_POSTGRES $python -m pytest "${parallel[@]}" tests/integration tests/journeys \
    "${untouched[@]/#/--ignore=tests/integration/}" -m "$marks" || failed=1
elif [[ ",${KINFOLD_REQUIRE:-}," == *,postgres,* ]]; then
  echo "PostgreSQL is required and was not found" >&2
  failed=1
else
  echo "SKIPPED: the tests on PostgreSQL (install it with 'apt-get install postgresql')"
fi
exit $failed
