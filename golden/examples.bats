#!/usr/bin/env bats
# The examples of the manual pages and the recipes of the README run, as they
# stand, on the incident under testdata.  What a cluster has and a test machine
# has not (journalctl, kubectl, ssh, dmesg, mail) is played by stubs.
bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	R=$PWD
	PATH=$(cd "${O:-build}" && pwd):$BATS_TEST_TMPDIR/bin:$PATH
	mkdir -p "$BATS_TEST_TMPDIR/bin" "$BATS_TEST_TMPDIR/work" && cd "$BATS_TEST_TMPDIR" || return 1
	stub journalctl 'cat journal.json'
	stub kubectl 'case "$*" in *watch*|*-w*) cat watch.json ;; *) cat events.json ;; esac'
	stub ssh 'shift; exec "$@"'
	stub mail 'cat'
	stub dmesg 'echo "{\"dmesg\":[{\"pri\":4,\"time\":17.2,\"msg\":\"NVRM: Xid (PCI:0000:3b:00): 79, GPU has fallen off the bus.\"}]}"'
	cd work && cp "$R"/testdata/incidents/xid79/*.json . && mkdir -p golden && cp -r "$R/golden/xid-correlate" golden/
	cp "$R"/testdata/incidents/nccl-loader/* . && cp -r "$R/testdata" .. && cp -r "$R/testdata" .
}
stub() {
	printf '#!/bin/sh\n%s\n' "$2" >"$BATS_TEST_TMPDIR/bin/$1" && chmod +x "$BATS_TEST_TMPDIR/bin/$1"
}
runs() { # runs COMMAND: something comes out, and no error
	run bash -c "$1"
	[ "$status" -le 1 ] && ! [[ $output == *"not found"* || $output == *"No such file"* || $output == *usage:* ]] ||
		{ echo "$1: status $status"; echo "$output"; return 1; }
}

@test "every example of the manual pages runs" {
	n=0
	for page in "$R"/man/*.1; do
		while IFS= read -r line; do
			runs "${line//\\(dq/\"}" || { echo "$page"; return 1; }
			n=$((n + 1))
		done < <(sed -n 's/^\.Dl \$ //p' "$page")
	done
	[ $n -ge 8 ]
}
@test "the examples of xid-correlate(1) say what they promise" {
	run -0 bash -c "$(sed -n 's/^\.Dl \$ //p' "$R/man/xid-correlate.1" | sed -n 2p)"
	[ "${#lines[@]}" = 2 ] && [[ ${lines[0]} == *'"xid_code":79'*'llama-pretrain-worker-4'* ]]
	run -0 bash -c "$(sed -n 's/^\.Dl \$ //p' "$R/man/xid-correlate.1" | sed -n 5p)"
	[ "${#lines[@]}" = 2 ] && [[ ${lines[0]} == *'"delay_seconds":52.8'* ]]
}
@test "the examples of nccl-hang(1) say what they promise" {
	run -0 bash -c "$(sed -n 's/^\.Dl \$ //p' "$R/man/nccl-hang.1" | sed -n 1p)"
	[[ ${lines[0]} == "all_reduce 412 of TENSOR_PARALLEL (2) hangs: never joined by rank 6; 3 wait"* ]]
	run -0 bash -c "$(sed -n 's/^\.Dl \$ //p' "$R/man/nccl-hang.1" | sed -n 3p | sed 's/\\(dq/"/g')"
	[ "$output" = '"culprit_ranks":[6]
"culprit_hosts":["dgx-b07"]' ]
}
@test "every recipe of the README runs" {
	n=0
	while IFS= read -r -d $'\001' block; do
		[ -n "$block" ] || continue
		runs "set -e; $block" || return 1
		n=$((n + 1))
	done < <(awk '/^## /{ on = /^## Recipes/ } on && /^```/{ if (code) printf "\001"; code = /^```sh/; next } on && code' "$R/README.md")
	[ $n -ge 5 ]
}
