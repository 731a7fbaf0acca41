#!/usr/bin/env bats
# The incidents under testdata yield exactly what their stories in
# testdata/README.md show.  Expected values are worked out from the stories.
bats_require_minimum_version 1.5.0
load filters

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	B=$(cd "${O:-build}" && pwd)
	I=testdata/incidents
}
values() { # values FILTER MEMBERS [ARG...]: a line per verdict with the values of MEMBERS
	"$B/$1" -q "${@:3}" | python3 -c '
import json, sys
for line in sys.stdin:
    verdict = json.loads(line)
    print(*(verdict.get(name, "-") for name in sys.argv[1].split(",")))' "$2"
}
same() { # same WANT COMMAND...
	local want=$1
	run -0 "${@:2}"
	[ "$output" = "$want" ] || { echo "$output"; return 1; }
}

@test "hbm: a GPU whose counter sample comes 20 s after the kernel line, and one beyond repair" {
	same "\
dgx-b07 0000:9a:00.0 48 2 2 dram contained {'pending': True, 'failure': False, 'remapped_rows': 4} Drain and Reset -20 2026-05-14T02:35:10Z
dgx-b02 0000:3a:00.0 95 1 1 dram uncontained {'pending': False, 'failure': True, 'remapped_rows': 8} Node Reboot Required -54.75 -" \
		values hbm-ecc node,gpu_id,xid_code,ecc_delta,ecc_total,memory,containment,row_remap,recovery_action,delay_seconds,resolved_at $I/hbm/*.json
	run -0 "$B/hbm-ecc" -q $I/hbm/*.json
	[[ ${lines[0]} == *'"remediation":"Drain dgx-b07 and reset GPU 0000:9a:00.0 '* ]] || return 1
	[[ ${lines[1]} == *'"remediation":"Drain dgx-b02 and replace GPU 0000:3a:00.0'* ]]
}
@test "hbm: the exporter's output of 02:30 changes nothing" {
	run -0 "$B/hbm-ecc" -q $I/hbm/*.json
	same "$output" "$B/hbm-ecc" -q --exposition --scrape-time=2026-05-14T02:30:00Z $I/hbm/*
}
@test "pcie: a link that lost half its lanes, and one that replays" {
	local members=node,gpu_id,port,severity,errors,aer_count,aer_per_minute,bytes_per_second,baseline_bytes_per_second,drop_ratio,direction,link,resolved_at
	# 9 reports in 219 s are 2.47 a minute, 24 in 1035 s 1.39; before the first
	# there are fewer than 20 samples, so throughput has no baseline
	same "\
dgx-b02 0000:5d:00.0 0000:5a:01.0 corrected [{'name': 'BadTLP', 'count': 7}, {'name': 'BadDLLP', 'count': 2}] 9 2.47 - - - - {'width': 8, 'max_width': 16, 'gen': 5, 'max_gen': 5} 2026-05-14T02:33:20Z
dgx-b05 0000:db:00.0 0000:d8:01.0 corrected [{'name': 'Rollover', 'count': 6}, {'name': 'Timeout', 'count': 18}] 24 1.39 - - - - {'width': 16, 'max_width': 16, 'gen': 5, 'max_gen': 5} -" \
		values pcie-aer $members $I/pcie/*.json
	# 10 reports with the port's own
	same "\
0000:5d:00.0 [{'name': 'BadTLP', 'count': 7}, {'name': 'BadDLLP', 'count': 2}, {'name': 'Timeout', 'count': 1}] 10
0000:db:00.0 [{'name': 'Rollover', 'count': 6}, {'name': 'Timeout', 'count': 18}] 24" \
		values pcie-aer gpu_id,errors,aer_count --topology=$I/pcie/topology.txt $I/pcie/*.json
}
@test "xid79-fleet: two pods lost with their GPU, and one that was not" {
	same "\
dgx-c05 0000:3a:00.0 79 train/llm-7b-worker-4 NodeNotReady 50.599877 Node Reboot Required 2026-05-14T02:49:30Z
dgx-c05 0000:3a:00.0 79 train/eval-longctx-0 NodeNotReady 50.599877 Node Reboot Required 2026-05-14T02:49:30Z" \
		values xid-correlate node,gpu_id,xid_code,evicted_pod,reason,delay_seconds,recovery_action,resolved_at $I/xid79-fleet/*
	same "\
dgx-c05 llm-7b-worker-4 taint partial -
dgx-c05 eval-longctx-0 taint partial -
dgx-c03 cache-warm-2 node_pressure full 40" \
		values pod-evicted node,pod_name,eviction_kind,confidence,delay_seconds $I/xid79-fleet/*
}
@test "nccl-loader: records and dumps name the rank in its data loader" {
	local members=pg_name,collective_seq_id,diagnosis,culprit_ranks,waiting_ranks,group_size,blocked_groups
	same "6 412 never_joined [46] [40, 41, 42, 43, 44, 45, 47] - 9" values nccl-hang $members $I/nccl-loader/*.json
	same "6 412 never_joined [46] [40, 41, 42, 43, 44, 45, 47] 8 9" values nccl-hang $members $I/nccl-loader/nccl_trace_rank_*
	# the collective its group waits for, without records of the rank itself
	run -0 values nccl-hang diagnosis,culprit_ranks,silent_ranks $(ls $I/nccl-loader/nccl_trace_rank_* | grep -v _46$)
	[ "$output" = "silent [46] [46]" ]
}
@test "no filter reports incidents of other patterns" {
	local dir filter own n=0
	for dir in $I/*; do
		for filter in $(filters); do
			own=$(known "$filter" 3) || return 1
			[[ " $own " != *" ${dir##*/} "* ]] || continue
			run -0 --separate-stderr "$B/$filter" -qe "$dir"/*.json
			[ -z "$output$stderr" ] || { echo "$filter on $dir: $output$stderr"; return 1; }
			n=$((n + 1))
		done
	done
	[ $n -ge 40 ]
}
