#!/usr/bin/env bash
# Reads lakes with Trino, the engine under Athena, through the generated tables: scripts/verify-trino.ts. The server and
# the Hive connector come from Maven's registry into the cache, where later runs find them. Trino listens on the
# loopback alone, and is stopped at the end, whatever happens.
# Where Java, Maven or its registry cannot be had, nothing is verified, and a line says so.
set -euo pipefail
cd "$(dirname "$0")/.."

# The last one whose server Maven's registry has; without plugins, of which one is needed.
VERSION=476
JAVA_MIN=24

for tool in mvn tar unzip; do
  if ! command -v "$tool" > /dev/null; then
    echo "TRINO NOT ASKED: $tool is needed" >&2
    exit 0
  fi
done

java=
for candidate in "${JAVA_HOME:-/nowhere}/bin/java" "$(command -v java || true)" /usr/lib/jvm/*/bin/java; do
  [ -x "$candidate" ] || continue
  major=$("$candidate" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = //p')
  if [[ $major =~ ^[0-9]+$ ]] && [ "$major" -ge "$JAVA_MIN" ]; then
    java=$candidate
    break
  fi
done
if [ -z "$java" ]; then
  echo "TRINO NOT ASKED: Trino $VERSION needs Java $JAVA_MIN or newer" >&2
  exit 0
fi

tools="${XDG_CACHE_HOME:-$HOME/.cache}/sysmon-lake/trino-$VERSION"
if [ ! -e "$tools/complete" ]; then
  rm -rf "$tools" && mkdir -p "$tools/plugins"
  echo "fetching Trino $VERSION, some 450 MB"
  for artifact in "trino-server-core:$VERSION:tar.gz" "trino-hive:$VERSION:zip"; do
    if ! mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
      "-Dartifact=io.trino:$artifact" "-DoutputDirectory=$tools"; then
      echo "TRINO NOT ASKED: Maven's registry cannot be reached" >&2
      exit 0
    fi
  done
  tar -xzf "$tools/trino-server-core-$VERSION.tar.gz" -C "$tools"
  unzip -q "$tools/trino-hive-$VERSION.zip" -d "$tools/plugins"
  rm -rf "$tools/trino-server-core-$VERSION.tar.gz" "$tools/trino-hive-$VERSION.zip" \
    "$tools/trino-server-core-$VERSION/plugin"
  touch "$tools/complete"
fi

exec npx node scripts/verify-trino.ts "$java" "$tools/trino-server-core-$VERSION" "$tools/plugins"
