#!/usr/bin/env bash
# A second judge of the DynamoDB adapter: its tests against DynamoDB Local, from Maven's registry. DynamoDB Local
# listens on every address, so it and the tests run in a network of their own that has only the loopback.
# Where Java, Maven or such a network cannot be had, nothing is checked, and a line says so.
set -euo pipefail
cd "$(dirname "$0")/.."

VERSION=2.5.2
PORT=18000

if [ "${1:-}" != --inside ]; then
  for tool in java mvn unshare ip; do
    if ! command -v "$tool" > /dev/null; then
      echo "DYNAMODB LOCAL NOT ASKED: $tool is needed" >&2
      exit 0
    fi
  done
  if ! unshare --map-root-user --net ip link set lo up 2> /dev/null; then
    echo "DYNAMODB LOCAL NOT ASKED: no network of its own can be made here" >&2
    exit 0
  fi
  tools="${XDG_CACHE_HOME:-$HOME/.cache}/sysmon-lake/dynamodb-local-$VERSION"
  if [ ! -e "$tools/complete" ]; then
    rm -rf "$tools" && mkdir -p "$tools"
    cat > "$tools/pom.xml" << POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>local</groupId><artifactId>dynamodb-local</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.amazonaws</groupId><artifactId>DynamoDBLocal</artifactId><version>$VERSION</version></dependency>
  </dependencies>
</project>
POM
    if ! mvn --quiet --batch-mode --file "$tools/pom.xml" dependency:copy-dependencies "-DoutputDirectory=$tools/lib"; then
      echo "DYNAMODB LOCAL NOT ASKED: Maven's registry cannot be reached" >&2
      exit 0
    fi
    # SQLite's library is looked for without its version.
    for library in "$tools"/lib/libsqlite4java-linux-*-*.so; do cp "$library" "${library%-*}.so"; done
    touch "$tools/complete"
  fi
  exec unshare --map-root-user --net "$0" --inside "$tools"
fi

tools=$2
ip link set lo up
# It writes a file into the folder that it starts in.
(
  cd "$tools"
  exec java "-Djava.library.path=$tools/lib" -cp "$tools/lib/*" \
    com.amazonaws.services.dynamodbv2.local.main.ServerRunner -inMemory -disableTelemetry -port $PORT
) > "$tools/log" 2>&1 &
server=$!
trap 'kill $server' EXIT
for _ in $(seq 60); do
  if (exec 3<> /dev/tcp/127.0.0.1/$PORT) 2> /dev/null; then break; fi
  if ! kill -0 $server; then
    echo "DynamoDB Local does not start; see $tools/log" >&2
    exit 1
  fi
  sleep 0.5
done
DYNAMODB_ENDPOINT_PORT=$PORT npm test -- tests/join/dynamodb-process-table
