#!/usr/bin/env bats
# The examples of the manual pages and the recipes of the README run, unchanged,
# on the incident under testdata.  Stubs replace commands that a test machine lacks
# (journalctl, kubectl, ssh, dmesg, mail).  The first lines of output are in
# examples.out.
bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	R=$PWD
	B=$(cd "${O:-build}" && pwd)
	PATH=$B:$BATS_TEST_TMPDIR/bin:$PATH
	mkdir -p "$BATS_TEST_TMPDIR/bin" "$BATS_TEST_TMPDIR/work" && cd "$BATS_TEST_TMPDIR" || return 1
	# copies: recipes write files with these names
	I=$R/testdata/incidents
	stub journalctl "cat '$I/xid79/journal.json' '$I/hbm/kernel.json'"
	stub kubectl "case \"\$*\" in *name) echo pod/node-logs-1 ;; exec*) shift 5; exec \"\$1\" \"\$2\" '$I/xid79/journal.json' ;; *watch*|*-w*) cat '$I/xid79/watch.json' ;; *) cat '$I/xid79/events.json' ;; esac"
	stub ssh 'shift; exec "$@"'
	stub mail 'cat'
	stub parallel 'while case $1 in -S) shift ;; [!-]*) break ;; esac; do shift; done; [ "$1" != ::: ] || shift; for c; do sh -c "$c"; done'
	stub srun 'shift; exec "$@"'
	stub hostname 'echo dgx-b06'
	stub nvidia-smi 'echo "timestamp, uuid, clocks_event_reasons.active"; echo "2026/05/14 02:20:00.123, GPU-1c49b7c7, 0x0000000000000020"'
	stub dmesg 'echo "{\"dmesg\":[{\"pri\":4,\"time\":17.2,\"msg\":\"NVRM: Xid (PCI:0000:3b:00): 79, GPU has fallen off the bus.\"}]}"'
	cd work && cp "$R"/testdata/incidents/evicted/{nodes,pods}.json "$R"/testdata/incidents/xid79/*.json . && mkdir -p golden && cp -r "$R/golden/xid-correlate" golden/
	cp "$R/testdata/incidents/thermal-node/metrics.json" clocks.json
	cp "$R/testdata/incidents/thermal-node/limits.json" .
	stub curl "case \"\$*\" in *CLOCK*|*THERMAL*) cat '$I/thermal-node/metrics.json' ;; *) cat '$I/hbm/dcgm.json' ;; esac"
	cp "$R"/testdata/incidents/hbm/* .
	stub lspci "cat '$R/testdata/incidents/pcie/topology.txt'"
	cp "$R"/testdata/incidents/pcie/* .
	cp "$R"/testdata/incidents/nccl-loader/* .
	inquest *.json >incidents-2026-05.jsonl 2>/dev/null
	cp "$R/share/recipes/smi-csv.jq" .
	ln -s "$R/share" . && cp -r "$R/testdata" .. && cp -r "$R/testdata" .
}
stub() {
	printf '#!/bin/sh\n%s\n' "$2" >"$BATS_TEST_TMPDIR/bin/$1" && chmod +x "$BATS_TEST_TMPDIR/bin/$1"
}
dl() { # the examples of a page, one per line
	awk '/^\.Bd/ { bd = 1 } /^\.Ed/ { bd = 0 }
		/^\.Dl / || bd && (more || /^\$ /) {
			sub(/^\.Dl /, "")
			if (!more && !sub(/^\$ /, "")) next
			more = sub(/\\e$/, "")
			gsub(/\\\(dq/, "\""); gsub(/\\&/, "")
			printf "%s%s", $0, more ? "" : "\n"
		}' "$1"
}
blocks() { # the README's recipes, each ended by a NUL
	awk '/^## / { on = /^## (Recipes|From one laptop)/ } on && /^```/ { if (code) printf "%c", 0; code = /^```sh/; next } on && code' "$R/README.md"
}
runs() { # runs COMMAND: prints the first lines of its output; fails if empty or on error
	run --separate-stderr bash -c "$1"
	# shellcheck disable=SC2154
	[ "$status" -le 1 ] && ! [[ $output$stderr == *"not found"* || $output$stderr == *"No such file"* || $stderr == *"try '"* ]] ||
		{ echo "$1: status $status"; echo "$output$stderr"; return 1; }
	printf '%s\n' "${lines[@]}" | head -n 4 | cut -c -100
}

@test "every example of the manual pages and recipe of the README prints what examples.out shows" {
	# UPDATE=1 writes it; then read the diff
	said=$BATS_TEST_TMPDIR/said
	for page in "$B"/man/*.[157]; do
		while IFS= read -r line; do
			printf '$ %s\n' "$line" && runs "$line" || { { echo "$page:"; tail "$said"; } >&2; return 1; }
		done < <(dl "$page")
	done >"$said"
	while IFS= read -r -d '' block; do
		printf '$ %s\n' "$block" && runs "set -e; $block" || { tail "$said" >&2; return 1; }
	done < <(blocks) >>"$said"
	[ "$(grep -c '^\$ ' "$said")" -ge 60 ] || return 1
	[ ! "$UPDATE" ] || cp "$said" "$R/golden/examples.out"
	diff "$R/golden/examples.out" "$said"
}
@test "the examples of xid-correlate(1) print what the page shows" {
	run -0 bash -c "$(dl "$B/man/xid-correlate.1" | sed -n 2p)"
	[ "$(grep -c '"xid_code"' <<<"$output")" = 2 ] && [[ ${lines[0]} == *'"xid_code":79'*'llama-pretrain-worker-4'* ]] || return 1
	run -0 bash -c "$(dl "$B/man/xid-correlate.1" | sed -n 5p)"
	[ "$(grep -c '"xid_code"' <<<"$output")" = 2 ] && [[ ${lines[0]} == *'"delay_seconds":52.8'* ]] || return 1
}
@test "the examples of thermal(1) print what the page shows" {
	run -0 bash -c "$(dl "$B/man/thermal.1" | sed -n 1p)"
	[[ ${lines[0]} == "Thermal throttling on dgx-b06: 6 of 8 GPUs for "* ]] || return 1
	run -0 bash -c "$(dl "$B/man/thermal.1" | sed -n 2p)"
	[ "${#lines[@]}" = 1 ] && [[ ${lines[0]} == *'"scope":"node","node":"dgx-b06"'* ]] || return 1
}
@test "the examples of hbm-ecc(1) print what the page shows" {
	for n in 1 3 4; do
		run bash -c "$(dl "$B/man/hbm-ecc.1" | sed -n ${n}p)"
		[[ $output == *dgx-b07*Xid\ 48* ]] || return 1
	done
}
@test "the examples of pcie-aer(1) print what the page shows" {
	example() { run -0 bash -c "$(dl "$B/man/pcie-aer.1" | sed -n "$1p")"; }
	example 1 && [[ ${lines[0]} == "PCIe link failing on dgx-b02"*"0000:5d:00.0"* ]] && [ "$(grep -c '^PCIe link fail' <<<"$output")" = 2 ] || return 1
	example 2 && [ "${#lines[@]}" = 2 ] && [[ ${lines[0]} == *'"aer_count":10,'* ]] || return 1
	example 3 && [[ $output == *'"kind":"hw_link_degraded"'* && $output != *drop_ratio* ]] || return 1
	example 4 && [[ $output == *"no measurements"* ]] || return 1
	example 5 && [[ $output == *'"why":"throughput: no baseline: '* ]] || return 1
}
@test "the examples of nccl-hang(1) print what the page shows" {
	run -0 bash -c "$(dl "$B/man/nccl-hang.1" | sed -n 1p)"
	[[ ${lines[0]} == "Rank 46 never joined all_reduce #412 of TENSOR_PARALLEL (pg 6); 63 ranks waiting"* ]] || return 1
	run -0 bash -c "$(dl "$B/man/nccl-hang.1" | sed -n 3p)"
	[ "$output" = '"culprit_ranks":[46]
"culprit_hosts":["dgx-b06"]' ]
}
recipe() { # recipe WORD: the README's block of commands that contains WORD
	awk -v word="$1" '/^```/{ if (index(code, word)) printf "%s", code; code = ""; on = /^```sh/; next } on { code = code $0 "\n" }' "$R/README.md"
}
@test "README: inquest prints about the incident what the README shows" {
	run -0 --separate-stderr inquest -o text journal.json events.json
	awk '/^    \$ inquest -o text/ { on = 1; next } on && !/^    / { exit } on { print substr($0, 5) }' "$R/README.md" >shown
	[ "$(wc -l <shown)" -gt 10 ] && [[ $output == *"$(cat shown)"* ]] || diff <(echo "$output") shown
}
@test "README: from a cluster's Events and the kernel log to the Xid" {
	run -0 bash -c "$(recipe '--since=-1h; kubectl')"
	[[ $output == *"Xid 79"*dgx-a02*llama-pretrain-worker-4* && $output == *"dgx-a03"* ]] || return 1
	stub journalctl 'case "$*" in *short-iso*) echo "2026-05-14T03:12:00+00:00 dgx-a02 kernel: NVRM: Xid (PCI:0000:3b:00): 79, pid=1, GPU has fallen off the bus." ;; esac'
	run -0 bash -c "$(recipe short-iso)"
	[[ $output == *"Xid 79"*dgx-a02*llama-pretrain-worker-4* ]]
}
@test "README: from pod logs to the rank" {
	kept='[PG ID 0 PG GUID 0(default_pg) Rank %d] '
	stub kubectl "$(for rank in 0 1 3; do
		# shellcheck disable=SC2059
		printf "echo '[pod/llama-$rank/main] 2026-05-14T03:12:0${rank}Z [rank$rank]:[E514 03:12:00.0 ProcessGroupNCCL.cpp:607] ${kept}Watchdog caught collective operation timeout: WorkNCCL(SeqNum=7, OpType=ALLREDUCE, NumelIn=1, NumelOut=1, Timeout(ms)=600000) ran for 600000 milliseconds before timing out.'\n" $rank
	done
	# shellcheck disable=SC2059
	printf "echo '[pod/llama-2/main] 2026-05-14T03:12:04Z [rank2]:[E514 03:12:00.0 ProcessGroupNCCL.cpp:1785] ${kept}Received a dump signal due to a collective timeout from another rank. Last enqueued NCCL work: 6, last completed NCCL work: 6.'\n" 2)"
	run -0 bash -c "$(recipe job-name=llama)"
	[[ ${lines[0]} == *"ank 2 "* && $output == *"culprit_ranks: 2"$'\n'* ]]
}
@test "README: a post-mortem over several nodes" {
	run -0 bash -c "$(recipe 'for node in')"
	[[ $output == *"GPU 0000:3b:00.0"*llama-pretrain-worker-4* ]] && head -c 15 incident.html | grep -q '<!DOCTYPE html>'
}
