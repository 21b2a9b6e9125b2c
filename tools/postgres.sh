#!/usr/bin/env bash
# A throw-away PostgreSQL for tests and benchmarks: `eval "$(tools/postgres.sh start)"`, then `tools/postgres.sh stop`.
# The application's role is an ordinary one, so that row-level security holds as it does in production.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd | cksum | cut -d' ' -f1)   # two checkouts do not stop each other's server
folder=${KINFOLD_POSTGRES_DIR:-${TMPDIR:-/tmp}/kinfold-postgres-$UID-$root}
binaries=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
[ -n "$binaries" ] || binaries=$(dirname "$(command -v initdb 2>/dev/null || echo /none/initdb)")
[ -x "$binaries/initdb" ] || { echo "no PostgreSQL server found: install it with 'apt-get install postgresql'" >&2; exit 3; }
as() { if [ "$UID" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }   # PostgreSQL refuses to run as root
case ${1:-} in
start)
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  [ -d "$folder/data" ] && { cd /; as "$binaries/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true; }
  rm -rf "$folder"; mkdir -p "$folder"; if [ "$UID" = 0 ]; then chown postgres "$folder"; fi
  cd "$folder"
  as "$binaries/initdb" -D "$folder/data" -U keeper -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
  as "$binaries/pg_ctl" -D "$folder/data" -w -l "$folder/log" -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder -c fsync=${KINFOLD_POSTGRES_FSYNC:-off} -c shared_buffers=512MB -c jit=off -c max_wal_size=4GB" start >/dev/null
  as "$binaries/psql" -q -h 127.0.0.1 -p "$port" -U keeper -d postgres -c "create role kinfold login createdb nosuperuser nobypassrls" -c "create database kinfold owner kinfold"
  echo "export KINFOLD_TEST_POSTGRES=postgresql://kinfold@127.0.0.1:$port/kinfold" ;;
stop) cd /; if [ -d "$folder/data" ]; then as "$binaries/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null; fi; rm -rf "$folder" ;;
*) echo "use: tools/postgres.sh start|stop" >&2; exit 2 ;;
esac
