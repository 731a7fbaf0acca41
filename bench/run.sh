#!/bin/bash
# usage: bench/run.sh [SIZE [SIZE-OF-DUMPS]]
# Throughput against the tools a user would reach for, on made-up input of SIZE
# (300M) in the page cache, one core.  Time is the processor's, user and
# system, as other programs do not disturb it much; each tool runs right after
# ours, and ratios are medians of five such pairs (RUNS): how many times as
# fast as the tool the filter is.
cd "$(dirname "$0")/.." || exit 2
O=${O:-build} size=${1:-300M} runs=${RUNS:-5}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/bench-XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT
TIMEFORMAT='%U %S'
pin=$(command -v taskset >/dev/null && echo 'taskset -c 0')

cpu() { # cpu COMMAND: milliseconds; to a file: grep stops early on /dev/null
	{ time bash -c "exec $pin env $1" >"$tmp/out" 2>&1; } 2>&1 | awk '{ printf "%d\n", ($1 + $2) * 1000 + 0.5 }'
}
median() { sort -n | sed -n "$(((runs + 1) / 2))p"; }

compare() { # compare TITLE INPUT OURS, then lines "NAME<TAB>TARGET<TAB>COMMAND"
	local title=$1 input=$2 ours=$3 i us them name target command
	printf '%s, %d MB: %s\n' "$title" $(($(stat -c %s "$input") / 1000000)) "${ours//"$tmp"\//}"
	cat "$input" >/dev/null
	while IFS='	' read -r name target command; do
		us=${command#LC_ALL=C } us=${us%% *}
		command -v "$us" >/dev/null || { echo "  $us is not here: $name left out"; continue; }
		: >"$tmp/pairs"
		for ((i = 0; i < runs; i++)); do
			us=$(cpu "$ours") them=$(cpu "$command")
			awk -v a="$us" -v b="$them" 'BEGIN { print (a > 0 ? b / a : 0), a, b }' >>"$tmp/pairs"
		done
		printf '  %-26s %6d ms, ours %6d ms: %6.2f x its speed (target %s)\n' "$name" \
			"$(cut -d' ' -f3 "$tmp/pairs" | median)" "$(cut -d' ' -f2 "$tmp/pairs" | median)" \
			"$(cut -d' ' -f1 "$tmp/pairs" | median)" "$target"
	done
}

echo "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), $(date -u +%F); $runs pairs each"
"$O/bench/gen" journal "$size" >"$tmp/in"
compare 'kernel journals and Events, 1 % relevant' "$tmp/in" "$O/xid-correlate -q $tmp/in" <<END
grep -c -e NVRM -e Evicted	1.0, aim 2	grep -c -e NVRM -e Evicted $tmp/in
wc -l	-	wc -l $tmp/in
jq, the selection alone	25	jq -c 'select((.MESSAGE // "" | test("NVRM")) or .reason == "Evicted")' $tmp/in
END
"$O/bench/screen" xid-correlate >"$tmp/words"
"$O/bench/gen" kernel-text "$size" >"$tmp/in"
compare 'kernel text, 1 % relevant' "$tmp/in" "$O/xid-correlate -q $tmp/in" <<END
grep -c -F, the same words	1.0	LC_ALL=C grep -c -F -f $tmp/words $tmp/in
grep -c -E, three words	1.0	LC_ALL=C grep -c -E 'NVRM|Xid|Evicted' $tmp/in
grep -c, two words	1.0	LC_ALL=C grep -c -e NVRM -e Evicted $tmp/in
wc -l	-	wc -l $tmp/in
END
"$O/bench/screen" nccl-hang >"$tmp/words"
"$O/bench/gen" training-text "$size" >"$tmp/in"
compare 'training logs, 0.01 % relevant' "$tmp/in" "$O/nccl-hang -q $tmp/in" <<END
grep -c -F, the same words	1.0	LC_ALL=C grep -c -F -f $tmp/words $tmp/in
grep -c, two words	1.0	LC_ALL=C grep -c -e WorkNCCL -e watchdog $tmp/in
wc -l	-	wc -l $tmp/in
END
"$O/bench/gen" nccl-hang "$size" >"$tmp/in"
compare 'flat collectives, every line relevant' "$tmp/in" "$O/nccl-hang -q $tmp/in" <<END
jsmn alone	0.6	$O/bench/jsmn <$tmp/in
wc -l	0.1	wc -l $tmp/in
END
"$O/bench/gen" recorders "${2:-1G}" >"$tmp/in"
compare 'flight-recorder dumps of 16 ranks' "$tmp/in" "$O/nccl-hang -q $tmp/in" <<END
jq, parsing them	10	jq -n 'reduce inputs as \$d (0; . + 1)' $tmp/in
jsmn alone	-	$O/bench/jsmn <$tmp/in
wc -l	-	wc -l $tmp/in
END
"$O/bench/gen" pods "${2:-1G}" >"$tmp/in"
compare 'a pretty List of pods' "$tmp/in" "$O/pod-evicted -q $tmp/in" <<END
jq, parsing it	15	jq -n 'reduce inputs as \$d (0; . + 1)' $tmp/in
END
: >"$tmp/in"
best=$(for ((i = 0; i < 20; i++)); do "$O/xid-correlate" -q --stats "$tmp/in" 2>&1 | sed 's/.*"seconds":\([0-9.]*\).*/\1/'; done | sort -n | head -n 1)
start=$({ TIMEFORMAT=%R; time for ((i = 0; i < 100; i++)); do "$O/xid-correlate" -q "$tmp/in"; done; } 2>&1 | awk '{ print $1 * 10 }')
echo "empty input: $start ms from start to exit, $best s of it in the run (target 2 ms)"
