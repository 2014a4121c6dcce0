#!/usr/bin/env bash
# Installs the system packages that the tests and checks need, where they are
# missing: on Debian and Ubuntu with apt-get, as root or by sudo. Elsewhere it
# says what to install.
set -euo pipefail

# command → Debian package, what for
needed="
gcc gcc the race detector
promtool prometheus the alert rules
haproxy haproxy the load balancer that is deployed
curl curl the README's tour
node nodejs the browser client
npm npm the tools that build the browser client and the page
chromium chromium the page in a real browser
redis-server redis-server what nodes share
redis-sentinel redis-sentinel failover outside a cluster
postgres postgresql the data that nodes share
"

# Debian keeps PostgreSQL's programs out of the PATH, in a folder per version.
for bin in /usr/lib/postgresql/*/bin; do
  PATH="$PATH:$bin"
done
# A browser that is named is the one to use.
if [[ -n "${CHROMIUM:-}" ]]; then
  needed=$(grep -v '^chromium ' <<<"$needed")
fi

missing=()
while read -r command package purpose; do
  [[ -z "$command" ]] && continue
  if ! command -v "$command" >/dev/null; then
    echo "missing: $command (Debian package $package), for $purpose" >&2
    missing+=("$package")
  fi
done <<<"$needed"
if ! printf '#include <stdlib.h>\n' | "${CC:-gcc}" -E - >/dev/null 2>&1; then
  echo "missing: the C library's headers (Debian package libc6-dev), for the race detector" >&2
  missing+=(libc6-dev)
fi
[[ ${#missing[@]} -eq 0 ]] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "Install these with your system's package manager, then try again." >&2
  exit 1
fi
as_root=()
if [[ $(id -u) -ne 0 ]]; then
  if ! command -v sudo >/dev/null; then
    echo "As root: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
