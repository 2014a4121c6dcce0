#!/usr/bin/env bash
# Puts bin/parley under the load of a scenario: scripts/load.sh SCENARIO [flags of
# parley-load mixed]. The node is one of its own, on free ports, without limits, and
# its data goes when it ends. Reports: bin/load/. The exit code is the run's.
set -euo pipefail
cd "$(dirname "$0")/.."

scenario=$1
shift
name=$(basename "${scenario%.*}")
folder=$(mktemp -d)
node=
cleanup() {
  if [[ -n $node ]]; then
    kill -TERM "$node" 2>/dev/null || true
    wait "$node" || true
  fi
  rm -rf "$folder"
}
trap cleanup EXIT

PARLEY_HTTP_ADDR=127.0.0.1:0 PARLEY_ADMIN_ADDR=127.0.0.1:0 PARLEY_STORE_DSN="sqlite:$folder/parley.db" \
  PARLEY_LIMITS_ENABLED=false PARLEY_LOG_LEVEL=warn bin/parley serve >"$folder/out" 2>"$folder/err" &
node=$!

# at prints the URL on the line that begins with a word, once there is one.
at() {
  for _ in {1..300}; do
    if url=$(grep -m1 "^$1" "$folder/out" | grep -oE 'http://[^ ]+'); then
      echo "$url"
      return
    fi
    kill -0 "$node" 2>/dev/null || break
    sleep 0.1
  done
  echo 'the node did not start:' >&2
  cat "$folder/err" >&2
  return 1
}
url=$(at 'Parley is ready at')
admin=$(at 'Metrics')

mkdir -p bin/load
code=0
bin/parley-load mixed "$scenario" --url "$url" --admin "$admin" --json "bin/load/$name.json" --html "bin/load/$name.html" "$@" || code=$?
echo "reports: bin/load/$name.json bin/load/$name.html"
if [[ -s $folder/err ]]; then
  echo 'the node said:' >&2
  cat "$folder/err" >&2
fi
exit "$code"
