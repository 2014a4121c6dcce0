#!/usr/bin/env bash
# Runs every fuzz target of the module, each for the time given (default 10s).
# An input that fails is kept in that package's testdata/fuzz: commit it.
set -euo pipefail
cd "$(dirname "$0")/.."
go="${GO:-go}"
fuzztime="${1:-10s}"
log="$(mktemp)"
trap 'rm -f "$log"' EXIT

# go test itself sometimes fails with nothing but "context deadline exceeded" when
# its time is up (golang/go#75804); a finding always names its input.
timed_out() {
  grep -q 'context deadline exceeded' "$log" && ! grep -q 'Failing input' "$log"
}

for package in $("$go" list ./...); do
  dir="$("$go" list -f '{{.Dir}}' "$package")"
  targets="$(grep -hoE '^func Fuzz[A-Za-z0-9_]*' "$dir"/*_test.go 2>/dev/null | awk '{print $2}' || true)"
  for target in $targets; do
    echo "== $package $target"
    # Minimizing by time would leave none for fuzzing.
    "$go" test -run '^$' -fuzz "^$target\$" -fuzztime "$fuzztime" -fuzzminimizetime 20x "$package" |& tee "$log" || timed_out
  done
done
