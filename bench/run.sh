#!/bin/bash
# usage: bench/run.sh [SIZE]
# Throughput against the tools a user would reach for, on made-up input of SIZE
# (300M) in the page cache, one core: medians of five, the runs interleaved so
# that the machine's mood meets all alike.  Ratios are ours to theirs.
cd "$(dirname "$0")/.." || exit 2
O=${O:-build} size=${1:-300M} runs=${RUNS:-5}
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
TIMEFORMAT=%R
ms() { # ms COMMAND...: wall time, milliseconds; to a file: grep stops early on /dev/null
	{ time "$@" >"$tmp/out" 2>&1; } 2>&1 | awk '{ printf "%d\n", $1 * 1000 }'
}
median() { sort -n | sed -n "$(((runs + 1) / 2))p"; }

compare() { # compare INPUT OURS, then lines "NAME<TAB>TARGET<TAB>COMMAND" on stdin
	local input=$1 ours=$2 i n name target command
	local -a names targets commands
	while IFS='	' read -r name target command; do
		command -v "${command%% *}" >/dev/null || { echo "no ${command%% *} here: $name left out"; continue; }
		names+=("$name") targets+=("$target") commands+=("$command")
	done
	cat "$input" >/dev/null
	for ((i = 0; i < runs; i++)); do
		ms bash -c "$ours" >>"$tmp/ours"
		for n in "${!names[@]}"; do ms bash -c "${commands[n]}" >>"$tmp/$n"; done
	done
	local us bytes them
	us=$(median <"$tmp/ours") bytes=$(stat -c %s "$input")
	printf '%-44s %6d ms %7d MB/s\n' "$ours" "$us" $((bytes / 1000 / us))
	for n in "${!names[@]}"; do
		them=$(median <"$tmp/$n")
		printf '  %-42s %6d ms   %s x its speed (target %s)\n' "${names[n]}" "$them" \
			"$(awk "BEGIN { printf \"%.2f\", $them / $us }")" "${targets[n]}"
	done
	rm -f "$tmp"/ours "$tmp"/[0-9]*
}

"$O/bench/gen" journal "$size" >"$tmp/journal"
compare "$tmp/journal" "$O/xid-correlate -q $tmp/journal" <<END
grep -c -e NVRM -e Evicted	1.0, aim 2	grep -c -e NVRM -e Evicted $tmp/journal
wc -l	-	wc -l $tmp/journal
jq, the selection alone	25	jq -c 'select((.MESSAGE // "" | test("NVRM")) or .reason == "Evicted")' $tmp/journal
END
