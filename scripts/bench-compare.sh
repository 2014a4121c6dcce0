#!/usr/bin/env bash
# Measures bin/parley against the server of another revision, in runs that take
# turns: scripts/bench-compare.sh REVISION [flags of bin/bench]
set -euo pipefail
cd "$(dirname "$0")/.."

base=${1:-}
if [[ -z $base ]]; then
  echo 'which revision? make bench-compare BASE=v1.0.0' >&2
  exit 2
fi
shift

folder=$(mktemp -d)
trap 'git worktree remove --force "$folder/tree" 2>/dev/null || true; rm -rf "$folder"' EXIT
git worktree add --quiet --detach "$folder/tree" "$base"
(cd "$folder/tree" && CGO_ENABLED=0 "${GO:-go}" build -trimpath -o "$folder/parley" ./cmd/parley)

bin/bench -parley bin/parley -base "$folder/parley" "$@"
