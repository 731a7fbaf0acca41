#!/usr/bin/env bats
# --follow while the input goes on, and --progress on a terminal.
bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	B=$(cd "${O:-build}" && pwd)
	T=$BATS_TEST_TMPDIR
}
xid() { # xid SECONDS: of the clock
	printf '{"kernelevents.xid":79,"gpu.id":"0000:3b:00.0","k8s.node.name":"gpu-7","time":"%s000000000"}\n' "$1"
}
lost() {
	printf '{"k8s.event.reason":"Evicted","k8s.pod.name":"%s","k8s.pod.uid":"u","k8s.event.uid":"e","k8s.node.name":"gpu-7","time":"%s000000000"}\n' "$2" "$1"
}
await() { # await FILE: it gets something to say within ten seconds
	local n
	for n in $(seq 100); do
		[ -s "$1" ] && return 0
		sleep .1
	done
	return 1
}

@test "--follow: a verdict is there before the input ends, for time passes where nothing is said" {
	local now out
	now=$(date +%s)
	mkfifo "$T/in"
	"$B/xid-correlate" -f --lateness=1s <"$T/in" >"$T/out" 2>"$T/err" &
	exec 9>"$T/in"
	xid $((now - 2)) >&9
	lost "$now" a >&9
	await "$T/out" || { cat "$T/err"; exec 9>&-; return 1; }
	out=$(cat "$T/out")
	[[ $out == *'"pod_name":"a"'* ]]
	exec 9>&-
	wait
	[ "$(cat "$T/out")" = "$out" ] && [ ! -s "$T/err" ]
}
@test "--follow: of old records the next one's time decides, not the clock" {
	mkfifo "$T/in"
	"$B/xid-correlate" -f --lateness=1s <"$T/in" >"$T/out" 2>"$T/err" &
	exec 9>"$T/in"
	(xid 1790200000; lost 1790200010 a) >&9
	sleep 2
	[ ! -s "$T/out" ] || { exec 9>&-; return 1; }
	xid 1790200013 >&9
	await "$T/out" || { exec 9>&-; return 1; }
	exec 9>&-
	wait
	[ "$(wc -l <"$T/out")" = 1 ]
}
@test "--follow: memory is bounded by the window" {
	hours() { # HOURS with an Xid and one of 700 pods lost a second
		awk -v n=$((3600 * $1)) 'BEGIN { for (i = 0; i < n; i++) {
			t = 1790200000 + i
			printf "{\"kernelevents.xid\":79,\"gpu.id\":\"0000:3b:00.0\",\"k8s.node.name\":\"gpu-%d\",\"kernelevents.message\":\"no %d\",\"time\":\"%d000000000\"}\n", i % 50, i, t
			printf "{\"k8s.event.reason\":\"Evicted\",\"k8s.pod.name\":\"p%d\",\"k8s.pod.uid\":\"u%d\",\"k8s.event.uid\":\"e%d\",\"k8s.node.name\":\"gpu-%d\",\"time\":\"%d000000000\"}\n", i % 700, i % 700, i, (i + 25) % 50, t } }'
	}
	peak() { "$B/xid-correlate" -f --stats 2>&1 >"$T/verdicts" | sed 's/.*"peak_bytes":\([0-9]*\).*/\1/'; }
	a=$(hours 2 | peak)
	[ "$(wc -l <"$T/verdicts")" -gt 7100 ]
	b=$(hours 8 | peak)
	[ "$(wc -l <"$T/verdicts")" -gt 28700 ]
	echo "two hours: $a bytes; eight: $b"
	[ "$b" -lt $((a + a / 10)) ]
}
@test "--progress: drawn on a terminal, wiped at the end; nowhere else" {
	run --separate-stderr "$B/xid-correlate" -q --progress testdata/incidents/xid79/journal.json
	[ -z "$stderr" ]
	command -v script >/dev/null || skip "no script(1)"
	run script -qec "(cat testdata/incidents/xid79/journal.json; sleep .6; echo '{}'; sleep .6; echo nonsense; sleep .6) | '$B/xid-correlate' -q --progress" /dev/null </dev/null
	[[ $output == *$'\r\033[K'"xid-correlate: "*" kB, "*"B/s"*$'\r\033[K'"xid-correlate: (stdin):"*": not JSON: "*$'\r\033[K' ]]
}
