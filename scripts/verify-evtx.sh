#!/usr/bin/env bash
# Compares the reader of binary event logs with the Rust library `evtx`, from Python's registry, field by field, over
# the logs given, those of ../shared/evtx, and one that is written here. `--bench` adds the ratio of their speeds.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet evtx==0.14.0
node scripts/write-evtx.ts "$folder/written.evtx"

logs=("$folder/written.evtx")
for log in ../shared/evtx/*.evtx; do [ -e "$log" ] && logs+=("$log"); done
node scripts/verify-evtx.ts "$folder/venv/bin/python" "${logs[@]}" "$@"
