#!/usr/bin/env bash
# A second judge of `register`: its tests with moto as Glue and STS. moto comes from Python's registry into an environment
# of its own, which later runs find in the cache. It has no Security Lake, which stays the tests' own.
# Where the registry cannot be reached, nothing is checked, and a line says so.
set -euo pipefail
cd "$(dirname "$0")/.."

MOTO=5.2.5

tools="${XDG_CACHE_HOME:-$HOME/.cache}/sysmon-lake/moto-$MOTO"
if [ ! -e "$tools/complete" ]; then
  rm -rf "$tools"
  if ! python3 -m venv "$tools"; then
    echo "MOTO NOT ASKED: python3 with its module venv is needed" >&2
    exit 0
  fi
  if ! "$tools/bin/pip" --disable-pip-version-check --retries 1 --timeout 20 download --quiet --no-deps \
    --dest "$tools/reach" "moto==$MOTO"; then
    echo "MOTO NOT ASKED: Python's registry cannot be reached" >&2
    exit 0
  fi
  "$tools/bin/pip" --disable-pip-version-check install --quiet "moto[server,glue,sts]==$MOTO"
  touch "$tools/complete"
fi

# A free port: nobody else's server is taken for moto.
port=$("$tools/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
log=$(mktemp)
"$tools/bin/moto_server" --host 127.0.0.1 --port "$port" > "$log" 2>&1 &
server=$!
trap 'kill "$server" 2> /dev/null || true; wait "$server" 2> /dev/null || true; rm -f "$log"' EXIT
for _ in $(seq 60); do
  if (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then break; fi
  if ! kill -0 "$server" 2> /dev/null; then
    echo "moto does not start:" >&2
    cat "$log" >&2
    exit 1
  fi
  sleep 0.5
done
# One worker: the test files share the server, and each empties it.
MOTO_ENDPOINT="http://127.0.0.1:$port" npm test -- --runInBand tests/register
