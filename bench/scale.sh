#!/bin/bash
# usage: [FILTER=NAME] bench/scale.sh [EVENTS [SIZE]]
# How cost grows: 10^4 to EVENTS (10000000) events of each filter, or of one and
# nothing else, all of them relevant, medians of five, through a pipe; a flood; a dump of SIZE (10G) with some 9,000
# relevant records; 4,096 ranks' flight recorders.  Time is the processor's, of
# the filter alone; memory is what it asked the heap for, at most.
cd "$(dirname "$0")/.." || exit 2
O=${O:-build} most=${1:-10000000} size=${2:-10G}
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
TIMEFORMAT='%U %S'

# run FILTER, of standard input: "seconds bytes verdicts bytes-beside-strings"
run() {
	{ time "$O/$1" -q --stats >/dev/null 2>"$tmp/stats"; } 2>"$tmp/time"
	{
		cat "$tmp/time"
		sed 's/.*"verdicts":\([0-9]*\),.*"peak_bytes":\([0-9]*\),"string_bytes":\([0-9]*\),.*/\2 \1 \3/' "$tmp/stats"
	} | tr '\n' ' ' | awk '{ print $1 + $2, $3, $4, $3 - $5 }'
}
# run_of FILTER WHAT LINES: the same; the median of five
run_of() {
	local i
	for ((i = 0; i < 5; i++)); do
		"$O/bench/gen" "$2" 1000000M 2>/dev/null | head -n "$3" | run "$1"
	done | sort -n | sed -n 3p
}

printf '%-22s %10s %12s %14s %14s %10s\n' input events 'us per event' 'B per event' 'beside strings' verdicts
for f in ${FILTER:-cmd/*.c}; do
	f=$(basename "$f" .c)
	[ "$f" != golden-replay ] || continue
	for ((n = 10000; n <= most; n *= 10)); do
		run_of "$f" "$f" $n | awk -v f="$f" -v n=$n '{ printf "%-22s %10d %12.2f %14.0f %14.0f %10d\n", f, n, $1 * 1e6 / n, $2 / n, $4 / n, $3 }'
	done
done
[ -z "$FILTER" ] || exit 0
for ((n = 8000; n <= 800000; n *= 10)); do
	for w in flood storm; do
		run_of xid-correlate $w $n | awk -v f="xid-correlate, $w" -v n=$n '{ printf "%-22s %10d %12.2f %14.1f %14.1f %10d\n", f, n, $1 * 1e6 / n, $2 / n, $4 / n, $3 }'
	done
done
"$O/bench/gen" dump "$size" | run xid-correlate |
	awk -v s="$size" '{ printf "xid-correlate, dump of %s: %.1f s, %.1f MB, %d verdicts (target 32 MB)\n", s, $1, $2 / 1e6, $3 }'
"$O/clusters" -b 4096 2000 | run nccl-hang |
	awk '{ printf "nccl-hang, 4,096 ranks of 2,000 entries: %.1f s, %.1f MB, %d verdicts (target 30 s)\n", $1, $2 / 1e6, $3 }'
