#!/bin/sh
# usage: test/toy.sh
# Add another pattern, whose files are in test/toy, to a copy of the tree by
# exactly the steps of CONTRIBUTING.md ("Add a pattern"); its checks must pass
# there.  Prints TAP.
cd "$(dirname "$0")/.." || exit 2
top=$(mktemp -d) || exit 2
trap 'rm -rf "$top"' EXIT
tar --exclude=./build --exclude=./.git --exclude=./config.mk -cf - . | tar -xf - -C "$top" || exit 2
cp -R test/toy/. "$top" && cd "$top" || exit 2
unset MAKEFLAGS MFLAGS MAKELEVEL
O=build
export O
n=0

check() { # check TITLE COMMAND...
	n=$((n + 1))
	title=$1
	shift
	if "$@" >"$top/said" 2>&1; then
		echo "ok $n - a new pattern: $title"
	else
		echo "not ok $n - a new pattern: $title"
		tail -n 30 "$top/said" | sed 's/^/# /'
	fi
}
below() { # below LINE FILE ROW: put a row below the line that ends so
	ROW=$3 awk -v line="$1" '
		{ print }
		!done && length($0) >= length(line) && substr($0, length($0) - length(line) + 1) == line { print ENVIRON["ROW"]; done = 1 }
		END { exit !done }' "$2" >"$top/new" && cp "$top/new" "$2"
}
T='	'
wire() { # the rows
	below 'extern const struct pattern xid_correlation;' lib/pattern/pattern.h 'extern const struct pattern gpu_lost;' &&
		below 'filters[] = {' lib/filter/filters.c "$T&gpu_lost," &&
		below '} runs[] = {' test/faults.c "$T{&gpu_lost, \"golden/gpu-lost/usual/in\", {\"-x\"}}," &&
		below '} kinds[] = {' bench/gen.c "$T{STR_INIT(\"gpu-lost\"), fault, 1}," &&
		below '} benches[] = {' bench/detectors.c "$T{STR_INIT(\"gpu_lost\"), &gpu_lost, xid_window, NULL, 128}," &&
		below '|---|---|---|' README.md "| \`gpu-lost\` | \`gpu_lost\` (90) | which GPU has fallen off the bus |" &&
		sed -i 's/^for filter in xid-correlate/& gpu-lost/' share/recipes/post-mortem &&
		printf 'gpu_lost\tdetector\t0\t0\ngpu-lost/gpu-lost\tpipeline\t0.05\t300\n' >>bench/registry.tsv &&
		echo "gpu-lost${T}testdata/incidents/xid79/journal.json testdata/incidents/xid79/events.json${T}xid79 xid79-fleet${T}node" >>test/filters.tsv
}
goldens() {
	build/golden-replay -p gpu-lost && [ "$(build/golden-replay -p gpu-lost | grep -c ^ok)" = 2 ]
}
schema() {
	test/schema.sh >"$top/schema" || { grep -A1 '^not ok' "$top/schema"; return 1; }
	grep -q '^ok.*gpu_lost: rejected' "$top/schema" && grep -q '^ok.*golden/gpu-lost/usual' "$top/schema"
}
bench() { # its rows, measured once
	grep '^gpu' bench/registry.tsv >"$top/rows" &&
		REGISTRY=$top/rows BASELINE=$top/base bench/check.sh -u &&
		REGISTRY=$top/rows BASELINE=$top/base bench/check.sh -m "$top/base" &&
		cat "$top/base" >>bench/baseline.tsv && "${BATS:-bats}" golden/bench.bats
}

check 'its rows have their places' wire
check 'it builds' make -s -j2 CC="${CC:-cc}" CFLAGS='-O0 -w' WITHOUT='zlib zstd lzma' \
	all build/completions build/json-check build/bench/gen build/bench/detectors
check 'its golden cases pass' goldens
check 'its verdicts are valid, wrong ones are rejected' schema
check 'layers, circles and laws hold, and the manual is without warnings' make -s CC="${CC:-cc}" CFLAGS='-O0 -w' WITHOUT='zlib zstd lzma' lint
check 'it keeps what every filter owes its user' env FILTERS=gpu-lost "${BATS:-bats}" golden/contract.bats
check 'it is in the manual' "${BATS:-bats}" golden/pages.bats
check 'the shards of a fleet and --follow give its verdicts' python3 test/fleet.py build gpu-lost
if command -v valgrind >/dev/null; then
	check 'its benches are within their ceilings' bench
else
	n=$((n + 1))
	echo "ok $n - a new pattern: # SKIP no valgrind"
fi
echo "1..$n"
