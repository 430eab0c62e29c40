#!/usr/bin/env bash
# Judges the templates with cfn-lint and `sam validate --lint`, builds the app with `sam build`, and starts what was
# built. The tools come from Python's registry into an environment of their own, which later runs find in the cache.
# Where the registry cannot be reached, nothing is checked, and a line says so.
set -euo pipefail
cd "$(dirname "$0")/.."

CFN_LINT=1.58.0
SAM=1.170.0
# sam validate asks for a region; no call is made to it.
export AWS_DEFAULT_REGION=us-east-1 SAM_CLI_TELEMETRY=0

tools="${XDG_CACHE_HOME:-$HOME/.cache}/sysmon-lake/cfn-lint-$CFN_LINT-sam-$SAM"
if [ ! -e "$tools/complete" ]; then
  rm -rf "$tools"
  if ! python3 -m venv "$tools"; then
    echo "TEMPLATES NOT CHECKED: python3 with its module venv is needed" >&2
    exit 0
  fi
  if ! "$tools/bin/pip" --disable-pip-version-check --retries 1 --timeout 20 download --quiet --no-deps \
    --dest "$tools/reach" "cfn-lint==$CFN_LINT"; then
    echo "TEMPLATES NOT CHECKED: Python's registry cannot be reached, so there is no cfn-lint and no sam" >&2
    exit 0
  fi
  "$tools/bin/pip" --disable-pip-version-check install --quiet "cfn-lint==$CFN_LINT" "aws-sam-cli==$SAM"
  touch "$tools/complete"
fi

step() {
  echo "== $*"
  "$@"
}
for template in template.yaml ASLCustomSourceGlueRole.yaml tables.yaml tables.native.yaml; do
  step "$tools/bin/cfn-lint" "$template"
  step "$tools/bin/sam" validate --lint --template "$template"
done

build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
step "$tools/bin/sam" build --no-cached --build-dir "$build"
step npx node scripts/start-built-functions.ts "$build"
SAM_BUILD_FOLDER="$build" step npm test -- tests/integration/function-payloads.test.ts
