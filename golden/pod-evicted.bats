#!/usr/bin/env bats
# Features of pod-evicted that other filters do not have.
bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	B=$(cd "${O:-build}" && pwd)
	T=$BATS_TEST_TMPDIR
	I=testdata/incidents/evicted
}

@test "the incident equals the output of its generator" {
	run -0 python3 test/incidents_evicted.py "$T/again"
	diff -r "$T/again" $I
}
@test "the incident: evicted pods, causes and end" {
	run -0 --separate-stderr "$B/pod-evicted" $I/events.json $I/nodes.json $I/pods.json $I/journal.json
	[ "$(sed 's/.*"confidence":"\([a-z]*\)".*"pod_name":"\([^"]*\)".*"eviction_kind":"\([a-z_]*\)".*/\2 \3 \1/' <<<"$output")" = "\
shuffle-writer-0 node_pressure full
resnet-eval-7 node_pressure full
shuffle-writer-1 node_pressure full
tokenize-2 local_limit partial
loader-3 node_pressure full
notebook-ada node_pressure full
compact-5 node_pressure partial
llama-rank-4 api partial
llama-rank-5 api partial
llama-rank-12 taint partial" ]
	[ "$(grep -o '"resolved_at":"[^"]*"' <<<"$output" | cut -d'"' -f4 | uniq -c | tr -s ' \n' ' ')" = \
	  " 3 2026-06-02T14:19:40Z 1 2026-06-02T14:32:12Z 1 2026-06-02T14:44:02Z " ]
	[ -z "$stderr" ]
}
@test "all four files, in any order, duplicated, or as a watch: the same verdicts" {
	local want all="$I/events.json $I/nodes.json $I/pods.json $I/journal.json"
	want=$("$B/pod-evicted" $all)
	[ -n "$want" ] &&
	[ "$want" = "$("$B/pod-evicted" $I/journal.json $I/pods.json $I/nodes.json $I/events.json)" ] &&
	[ "$want" = "$("$B/pod-evicted" $all $all)" ]
	python3 - $I >"$T/watch" <<-'PY'
		import json, sys
		for name in "events", "nodes", "pods":
		    for item in json.load(open(f"{sys.argv[1]}/{name}.json"))["items"]:
		        print(json.dumps({"type": "ADDED", "object": item}))
	PY
	for n in 1 2 3; do
		[ "$want" = "$(cat "$T/watch" "$T/watch" $I/journal.json | shuf --random-source=<(yes $n) | "$B/pod-evicted")" ] || return 1
	done
}
@test "the order of a case's lines, and their repetition, change no byte" {
	local d n=0
	for d in golden/pod-evicted/*/; do
		[ -f "$d/in" ] && [ -f "$d/out" ] && [ ! -s "$d/rc" ] && ! grep -q . "$d/cmd" || continue
		[ "$(wc -l <"$d/in")" -gt 1 ] && ! grep -q '^ ' "$d/in" || continue
		# not with column names in line 1, or a line in two parts
		[[ $d != */csv/ && $d != */log-partial-lines/ ]] || continue
		for s in 1 2 3; do
			cmp -s "$d/out" <(cat "$d/in" "$d/in" | shuf --random-source=<(yes $s) | "$B/pod-evicted" -q) || { echo "$d"; return 1; }
		done
		n=$((n + 1))
	done
	[ $n -ge 90 ]
}
@test "-x output does not depend on order" {
	local d=golden/pod-evicted/explain
	for s in 1 2 3; do
		diff <(grep -v coverage $d/err) <(shuf --random-source=<(yes $s) $d/in | "$B/pod-evicted" -qx --full-only 2>&1 >/dev/null | grep -v coverage) || return 1
	done
}
@test "all times an hour later: the verdicts an hour later" {
	local d n=0
	for d in golden/pod-evicted/text-*/ golden/pod-evicted/resolved-*/; do
		grep -q 'T22:' "$d/in" && continue
		grep -q '"__REALTIME\|"since\|-otext\|-o text' "$d/in" "$d/cmd" && continue
		diff <(sed 's/T21:/T22:/g' "$d/out") <(sed 's/T21:/T22:/g' "$d/in" | "$B/pod-evicted" -q) || { echo "$d"; return 1; }
		n=$((n + 1))
	done
	[ $n -ge 20 ]
}
