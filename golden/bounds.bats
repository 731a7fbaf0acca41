#!/usr/bin/env bats
# Input made to be slow: each once took time quadratic in the number of records;
# now it takes a second or two.  The limit is in CPU seconds, with a margin for
# sanitizers.
bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	B=$(cd "${O:-build}" && pwd)
}

# within N COMMAND...: COMMAND prints N verdicts in at most 15 CPU seconds
within() {
	n=$1
	shift
	run -0 --separate-stderr bash -c 'set -o pipefail; ulimit -t 15; "$@" | wc -l' - "$@"
	[ "$output" = "$n" ]
}

# xids_and_losses COUNT NODE GPU PLACE: COUNT Xids and COUNT evictions; awk
# expressions for the node and GPU of the i-th Xid and the node of the i-th eviction
xids_and_losses() {
	awk -v n="$1" 'BEGIN {
		for (i = 0; i < n; i++) {
			printf "{\"kernelevents.xid\":79,\"gpu.id\":\"%s\",\"k8s.node.name\":\"%s\",\"time\":%d000000000}\n", '"$3, $2"', 1790200000 + i % 30
			printf "{\"k8s.event.reason\":\"Evicted\",\"k8s.pod.name\":\"p%d\",\"k8s.node.name\":\"%s\",\"time\":%d000000000}\n", i, '"$4"', 1790200030 + i % 30
		}
	}'
}

@test "100,000 nodes that share a short host name" {
	xids_and_losses 100000 '"a.n" i' '"0000:3b:00.0"' '"a.n" i' | within 100000 "$B/xid-correlate" -q
}
@test "the same, with pods that have only the short name, which matches none of them" {
	xids_and_losses 30000 '"a.n" i' '"0000:3b:00.0"' '"a"' | within 0 "$B/xid-correlate" -q
}
@test "30,000 GPUs on a node, each with an Xid for each lost pod" {
	xids_and_losses 30000 '"a"' 'sprintf("%04x:%02x:00.0", i / 250, i % 250)' '"a"' |
		within 30000 "$B/xid-correlate" -q
}
@test "--explain for each of them: no match" {
	xids_and_losses 60000 '"a"' 'sprintf("%04x:%02x:00.0", i / 250, i % 250)' '"a"' |
		within 0 "$B/xid-correlate" -q --explain --window=0s
}
