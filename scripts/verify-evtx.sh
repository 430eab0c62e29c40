#!/usr/bin/env bash
# Compares the reader of binary event logs with the Rust library `evtx`, from Python's registry, field by field, over
# those of ../shared/evtx, two that are written here, and the logs given. `--bench` adds the ratio of their speeds.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if ! python3 -m venv "$folder/venv"; then
  echo "EVTX NOT JUDGED: python3 with its module venv is needed" >&2
  exit 0
fi
if ! "$folder/venv/bin/pip" --disable-pip-version-check --retries 1 --timeout 20 install --quiet evtx==0.14.0; then
  echo "EVTX NOT JUDGED: Python's registry cannot be reached" >&2
  exit 0
fi
export PATH="$PWD/node_modules/.bin:$PATH"
node scripts/verify-evtx-sample.ts "$folder"

logs=("$folder/written.evtx" "$folder/full.evtx")
for log in ../shared/evtx/*.evtx; do [ -e "$log" ] && logs+=("$log"); done
node scripts/verify-evtx.ts "$folder/venv/bin/python" "${logs[@]}" "$@"
