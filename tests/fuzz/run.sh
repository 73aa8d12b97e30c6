#!/bin/sh
# run.sh PROGRAM CORPUS WORK: runs a fuzz program on its corpus and on what it makes of it. What it
# finds goes to WORK, not into the corpus; an input that breaks something is WORK-crash-<hash>.
set -eu
program=$1 corpus=$2 work=$3
if [ -n "${LATCHKEY_FUZZ_SECONDS:-}" ]; then
  limits="-max_total_time=$LATCHKEY_FUZZ_SECONDS"
else
  limits="-runs=20000 -max_total_time=5 -seed=1"
fi
mkdir -p "$work"
# shellcheck disable=SC2086  # Two options, not one.
exec "$program" $limits -timeout=10 -max_len=8192 -artifact_prefix="$work-" "$work" "$corpus"
