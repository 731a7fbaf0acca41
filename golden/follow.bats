#!/usr/bin/env bats
# --follow while input continues, and --progress on a terminal.
bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	B=$(cd "${O:-build}" && pwd)
	T=$BATS_TEST_TMPDIR
}
xid() { # xid SECONDS: an Xid at that time
	printf '{"kernelevents.xid":79,"gpu.id":"0000:3b:00.0","k8s.node.name":"gpu-7","time":"%s000000000"}\n' "$1"
}
lost() {
	printf '{"k8s.event.reason":"Evicted","k8s.pod.name":"%s","k8s.pod.uid":"u","k8s.event.uid":"e","k8s.node.name":"gpu-7","time":"%s000000000"}\n' "$2" "$1"
}
await() { # await FILE: it becomes non-empty within ten seconds
	local n
	for n in $(seq 100); do
		[ -s "$1" ] && return 0
		sleep .1
	done
	return 1
}

peak() { # peak FILTER [OPTION]...: peak memory in bytes while it follows
	"$B/$1" -qf --stats "${@:2}" 2>&1 >"$T/verdicts" | sed 's/.*"peak_bytes":\([0-9]*\).*/\1/'
}
@test "--follow: a verdict is printed before the input ends, as time passes without records" {
	local now out
	now=$(date +%s)
	mkfifo "$T/in"
	"$B/xid-correlate" -f --lateness=4s <"$T/in" >"$T/out" 2>"$T/err" &
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
@test "--follow: for old records the time of the next one decides, not the clock" {
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
	a=$(hours 2 | peak xid-correlate)
	[ "$(wc -l <"$T/verdicts")" -gt 7100 ]
	b=$(hours 8 | peak xid-correlate)
	[ "$(wc -l <"$T/verdicts")" -gt 28700 ]
	echo "two hours: $a bytes; eight: $b"
	[ "$b" -lt $((a + a / 10)) ]
}
counter() { # counter SECONDS VALUE [FIELD]
	printf '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"%s","Hostname":"gpu-7","pci_bus_id":"00000000:3B:00.0"},"values":[[%s,"%s"]]}]}}\n' "${3:-DCGM_FI_DEV_ECC_DBE_VOL_TOTAL}" "$1" "$2"
}
@test "--follow: memory errors are reported once, before the input ends, without waiting for a later repair" {
	local t=1790200000
	{ counter $t 0; xid $((t + 10)) | sed s/79/94/; counter $((t + 30)) 1; } >"$T/in"
	# final at 10 s + 10 min + 5 min
	{ cat "$T/in"; counter $((t + 910)) 1; } | "$B/hbm-ecc" -f --lateness=0s --stats 2>"$T/stats" >"$T/out"
	(cat "$T/in"; counter $((t + 912)) 1; for n in $(seq 100); do [ -s "$T/early" ] && break; sleep .1; done; echo "$n" >"$T/n"
		counter $((t + 36000)) 1 DCGM_FI_DEV_MEMORY_UNREPAIRABLE_FLAG) | "$B/hbm-ecc" -f --lateness=0s >"$T/early"
	[ "$(cat "$T/n")" -lt 100 ] && cmp "$T/out" "$T/early" && [ "$(wc -l <"$T/early")" = 1 ]
	grep -q '"remediation":"Restart the affected application' "$T/early"
	{ cat "$T/in"; counter $((t + 36000)) 1 DCGM_FI_DEV_MEMORY_UNREPAIRABLE_FLAG; } | "$B/hbm-ecc" | grep -q '"remediation":"Drain gpu-7 and replace'
}
@test "--follow: memory is bounded by the window, with counters too" {
	hours() { # HOURS: a counter of one of 7 GPUs grows every 10 s; an Xid every minute
		awk -v n=$((360 * $1)) 'BEGIN { for (i = 0; i < n; i++) {
			t = 1790200000 + 10 * i
			printf "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"__name__\":\"DCGM_FI_DEV_ECC_DBE_VOL_TOTAL\",\"Hostname\":\"gpu-7\",\"UUID\":\"GPU-%d\",\"pci_bus_id\":\"0000:%d0:00.0\"},\"values\":[[%d,\"%d\"]]}]}}\n", i % 7, i % 7, t, i
			if (i % 6 == 0) printf "{\"kernelevents.xid\":48,\"gpu.id\":\"0000:%d0:00.0\",\"k8s.node.name\":\"gpu-7\",\"time\":\"%d000000000\"}\n", i % 7, t } }'
	}
	a=$(hours 8 | peak hbm-ecc)
	[ "$(wc -l <"$T/verdicts")" -gt 400 ]
	b=$(hours 32 | peak hbm-ecc)
	[ "$(wc -l <"$T/verdicts")" -gt 1800 ]
	echo "eight hours: $a bytes; 32: $b"
	[ "$b" -lt $((a + a / 10)) ]
}
collective() { # collective RANK NUMBER STATE CREATED [COMPLETED]
	printf '{"nccl.rank":%s,"nccl.fr.process_group":"g","nccl.fr.collective_seq_id":%s,"nccl.fr.profiling_name":"nccl:all_reduce","nccl.fr.state":"%s","nccl.fr.time_created_ns":%s000000000%s}\n' \
		"$1" "$2" "$3" "$4" "${5:+,\"nccl.fr.time_discovered_completed_ns\":${5}000000000}"
}
@test "--follow: hanging ranks, which no longer log, are reported" {
	local now out
	now=$(date +%s)
	mkfifo "$T/in"
	"$B/nccl-hang" -f --lateness=1s <"$T/in" >"$T/out" 2>"$T/err" &
	exec 9>"$T/in"
	(collective 2 3 completed $((now - 299)) "$now"; collective 0 4 started $((now - 299)); collective 1 4 started $((now - 298))) >&9
	await "$T/out" || { cat "$T/err"; exec 9>&-; return 1; }
	[ $(($(date +%s) - now)) -ge 3 ] || { exec 9>&-; return 1; }
	out=$(cat "$T/out")
	[[ $out == *'"culprit_ranks":[2],"hanging_ranks":[0,1]'* ]] || { exec 9>&-; return 1; }
	(collective 0 4 completed $((now - 299)) $((now + 4)); collective 1 4 completed $((now - 298)) $((now + 4))) >&9
	exec 9>&-
	wait
	[ "$(cat "$T/out")" = "$out" ] && [ ! -s "$T/err" ]
}
@test "--follow: only unfinished collectives are kept in memory" {
	steps() { # STEPS of 16 ranks, one per second
		awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) for (r = 0; r < 16; r++) for (k = 0; k < 2; k++)
			printf "{\"nccl.rank\":%d,\"nccl.fr.process_group\":\"g\",\"nccl.fr.collective_seq_id\":%d,\"nccl.fr.profiling_name\":\"nccl:all_reduce\",\"nccl.fr.state\":\"%s\",\"nccl.fr.time_created_ns\":%d000000000,\"nccl.fr.pg_id\":\"%d\"}\n", r, i, k ? "completed" : "started", 1790000000 + i, i }'
	}
	a=$(steps 2000 | peak nccl-hang)
	b=$(steps 8000 | peak nccl-hang)
	[ ! -s "$T/verdicts" ]
	echo "2000 steps: $a bytes; 8000: $b"
	[ "$b" -lt $((a + a / 10)) ]
	dumps() { # STEPS of 16 ranks, each of which writes a whole dump
		awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) for (r = 0; r < 16; r++)
			printf "{\"rank\":%d,\"version\":\"2.9\",\"pg_config\":{\"g\":{\"name\":\"g\",\"ranks\":\"\"}},\"pg_status\":{\"0\":{\"last_enqueued_collective\":%d,\"last_completed_collective\":%d}},\"entries\":[{\"pg_id\":0,\"process_group\":[\"g\",\"\"],\"collective_seq_id\":%d,\"profiling_name\":\"nccl:all_reduce\",\"state\":\"completed\",\"time_created_ns\":%d000000000}]}\n", r, i, i, i, 1790000000 + i }'
	}
	a=$(dumps 2000 | peak nccl-hang)
	b=$(dumps 8000 | peak nccl-hang)
	[ ! -s "$T/verdicts" ]
	echo "2000 dumps: $a bytes; 8000: $b"
	[ "$b" -lt $((a + a / 10)) ]
}
@test "--follow: memory is bounded during a long-running episode" {
	hours() { # HOURS: throughput of 4 GPUs every 20 s, one of them degraded and reported
		awk -v n=$((180 * $1)) 'BEGIN { for (i = 0; i < n; i++) for (g = 0; g < 4; g++) {
			t = 1790200000 + 20 * i
			printf "{\"metric.name\":\"DCGM_FI_PROF_PCIE_TX_BYTES\",\"value\":%.0f,\"gpu.id\":\"0000:%db:00.0\",\"k8s.node.name\":\"gpu-7\",\"time\":\"%d000000000\"}\n", g ? 12e9 + i : 4e9, g, t
			if (!g) printf "{\"kernelevents.pcie_aer.severity\":\"corrected\",\"gpu.id\":\"0000:0b:00.0\",\"k8s.node.name\":\"gpu-7\",\"time\":\"%d000000000\"}\n", t } }'
	}
	a=$(hours 12 | peak pcie-aer --siblings)
	[ "$(wc -l <"$T/verdicts")" = 24 ]
	b=$(hours 48 | peak pcie-aer --siblings)
	[ "$(wc -l <"$T/verdicts")" = 96 ]
	echo "twelve hours: $a bytes; 48: $b"
	[ "$b" -lt $((a + a / 10)) ]
}
@test "the README's recipe to follow two sources splits no line" {
	local now recipe
	parallel --version 2>/dev/null | grep -q '^GNU' || skip "no GNU parallel"
	now=$(date +%s)
	mkdir "$T/bin"
	# in pieces, like buffered output
	awk -v t=$((now - 5)) 'BEGIN { for (i = 0; i < 700; i++) {
		x = sprintf("%*s", i % 5 * 1500, "")
		printf "{\"kernelevents.xid\":79,\"gpu.id\":\"0000:3b:00.0\",\"k8s.node.name\":\"n%d\",\"kernelevents.message\":\"%s\",\"time\":\"%d000000000\"}\n", i, x, t }}' >"$T/kernel"
	awk -v t=$((now - 3)) 'BEGIN { for (i = 0; i < 700; i++) {
		x = sprintf("%*s", i % 5 * 1500, "")
		printf "{\"k8s.event.reason\":\"Evicted\",\"k8s.pod.name\":\"p%d\",\"k8s.event.note\":\"%s\",\"k8s.node.name\":\"n%d\",\"time\":\"%d000000000\"}\n", i, x, i, t }}' >"$T/events"
	printf '#!/bin/sh\ndd bs=4096 status=none <%s/kernel\nsleep 2\n' "$T" >"$T/bin/journalctl"
	printf '#!/bin/sh\ndd bs=4096 status=none <%s/events\nsleep 2\n' "$T" >"$T/bin/kubectl"
	printf '#!/bin/sh\nexec dd bs=4096 status=none\n' >"$T/bin/jq"
	chmod +x "$T/bin"/*
	recipe=$(sed -n '/^parallel -j0/,/xid-correlate -f$/p' README.md)
	(PATH=$T/bin:$B:$PATH HOME=$T; eval "$recipe") >"$T/out" 2>"$T/err"
	cat "$T/err"
	[ "$(wc -l <"$T/out")" = 700 ] && ! grep -q 'not JSON' "$T/err"
}
@test "--follow: memory is bounded on nodes that are always or never throttled" {
	hours() { # HOURS: every 30 s two GPUs of a node, one throttled, and 20 nodes without
		awk -v n=$((120 * $1)) 'BEGIN { for (i = 0; i < n; i++) for (g = 0; g < 22; g++)
			printf "{\"hw.gpu.clocks_event_reasons\":%d,\"hw.temperature\":%d,\"gpu.id\":\"0000:%db:00.0\",\"k8s.node.name\":\"gpu-%d\",\"time\":\"%d000000000\"}\n", g ? 0 : 32, 60 + i % 7, g % 2, g < 2 ? 0 : g, 1790200000 + 30 * i }'
	}
	a=$(hours 12 | peak thermal)
	[ "$(wc -l <"$T/verdicts")" = 24 ]
	b=$(hours 48 | peak thermal)
	[ "$(wc -l <"$T/verdicts")" = 96 ]
	echo "twelve hours: $a bytes; 48: $b"
	[ "$b" -lt $((a + a / 10)) ]
}
@test "--follow: a counter missing for 25 minutes is recognized, hours after the last throttling" {
	# two nodes each minute; the second one's counter reads 0 from minute 401 to 424
	awk 'BEGIN { for (i = 0; i < 460; i++) for (n = 1; n < 3; n++)
		printf "{\"hw.gpu.thermal_violation_ns\":%.0f,\"gpu.id\":\"0000:3b:00.0\",\"k8s.node.name\":\"gpu-%d\",\"time\":\"%d000000000\"}\n", (n == 1 ? 999e9 : i > 400 && i < 425 ? 0 : 900e9), n, 1790200000 + 60 * i }' >"$T/in"
	for l in 0s 1m 100000h; do
		[ -z "$("$B/thermal" -qf --lateness=$l "$T/in")" ] || return 1
	done
	# a stream that begins while it is missing has no such knowledge
	[ -n "$(tail -n 100 "$T/in" | "$B/thermal" -qf)" ]
}
@test "--follow: a record dated years ahead suppresses no verdict, live or replayed" {
	local now i
	now=$(date +%s)
	mkfifo "$T/in"
	"$B/xid-correlate" -f --lateness=1s <"$T/in" >"$T/out" 2>"$T/err" &
	exec 9>"$T/in"
	(xid $((now - 2)); lost $((now - 1)) a) >&9
	xid $((now + 100000000)) >&9
	(xid $((now + 1)) | sed s/gpu-7/gpu-8/; lost $((now + 2)) b | sed s/gpu-7/gpu-8/) >&9
	for i in $(seq 100); do [ "$(wc -l <"$T/out")" = 2 ] && break; sleep .1; done
	exec 9>&-
	wait
	cat "$T/err"
	[ "$(wc -l <"$T/out")" = 2 ] && [ "$i" -lt 100 ] && [ "$(sed -n 1p "$T/err")" = "xid-correlate: (stdin):3: a record is dated more than a minute ahead of the clock and was left out" ]
	for i in 0 1 2 3 4 5 6 7 8 9; do
		xid $((1790000000 + 60 * i)) | sed "s/gpu-7/gpu-$i/"
		lost $((1790000001 + 60 * i)) p$i | sed "s/gpu-7/gpu-$i/"
		[ $i != 3 ] || xid 1890000000 | sed s/gpu-7/bad/
	done >"$T/replay"
	run -0 --separate-stderr "$B/xid-correlate" -f "$T/replay"
	[ "${#lines[@]}" = 10 ] && [ -z "$stderr" ]
}
@test "--follow: dumps without a timestamp are dropped after a while, with a notice" {
	dumps() { # COLLECTIVES that hang, without a timestamp
		seq "$1" | sed 's/.*/{"nccl.rank":1,"nccl.fr.process_group":"g&","nccl.fr.collective_seq_id":&,"nccl.fr.profiling_name":"nccl:all_reduce","nccl.fr.state":"started"}/'
	}
	dumps 5 | "$B/nccl-hang" -f >"$T/out" 2>"$T/err"
	printf '%s\n' "nccl-hang: (stdin):1: a collective has no timestamp and was left out; run without --follow to include it" \
		"nccl-hang: 5 collectives have no timestamp and were left out; run without --follow to include them" | cmp - <(head -n 2 "$T/err")
	[ ! -s "$T/out" ]
}
@test "--follow: placements of pods are dropped after a week" {
	pods() { # DAYS of 2000 pods each
		awk -v n=$((2000 * $1)) 'BEGIN { for (i = 0; i < n; i++)
			printf "{\"kind\":\"Event\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"p%d.1\",\"namespace\":\"train\",\"uid\":\"e%d\"},\"involvedObject\":{\"kind\":\"Pod\",\"namespace\":\"train\",\"name\":\"p%d\",\"uid\":\"u%d\"},\"reason\":\"Evicted\",\"message\":\"The node was low on resource: memory. \",\"source\":{\"component\":\"kubelet\",\"host\":\"gpu-7\"},\"lastTimestamp\":\"%s\"}\n", i, i, i, i, strftime("%Y-%m-%dT%H:%M:%SZ", 1790000000 + int(i * 43.2), 1) }'
	}
	a=$(pods 10 | peak xid-correlate)
	b=$(pods 30 | peak xid-correlate)
	echo "ten days: $a bytes; thirty: $b"
	[ "$b" -lt $((a + a / 10)) ]
}
@test "--progress: drawn only on a terminal, erased at the end" {
	run --separate-stderr "$B/xid-correlate" -q --progress testdata/incidents/xid79/journal.json
	[ -z "$stderr" ]
	script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip "script(1) is missing, or finds no terminal in /dev/pts"
	run script -qec "(cat testdata/incidents/xid79/journal.json; sleep .6; echo '{}'; sleep .6; echo '{\"'; sleep .6) | '$B/xid-correlate' -q --progress" /dev/null </dev/null
	[[ $output == *$'\r\033[K'"xid-correlate: "*" kB, "*"B/s"*$'\r\033[K'"xid-correlate: (stdin):"*": not JSON: "*$'\r\033[K' ]]
}
line() { # line SECONDS RANK TEXT: of a pod's log
	printf '%s [rank%d]:[E514 03:12:00.000000000 ProcessGroupNCCL.cpp:1] %s\n' "$(date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ)" "$2" "$3"
}
@test "--follow: a watchdog's hang in a live pod log is reported --lateness after its first line, and once" {
	local now work='[Rank 0] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=7, OpType=ALLREDUCE, NumelIn=1, NumelOut=1, Timeout(ms)=600000) ran for 600000 milliseconds before timing out.'
	now=$(date +%s)
	mkfifo "$T/in"
	"$B/nccl-hang" -f --lateness=4s <"$T/in" >"$T/out" 2>"$T/err" &
	exec 9>"$T/in"
	line "$now" 0 "$work" >&9
	line "$now" 1 "${work/Rank 0/Rank 1}" >&9
	await "$T/out" || { cat "$T/err"; exec 9>&-; return 1; }
	[[ $(<"$T/out") == *'ranks 0, 1 wait'* ]] || { exec 9>&-; return 1; }
	line "$((now + 5))" 2 "$work" >&9
	exec 9>&-
	wait
	[ "$(wc -l <"$T/out")" = 1 ] && [ ! -s "$T/err" ]
}
@test "--follow: more lines of watchdogs about progress need no more memory" {
	progress() { # progress LINES
		awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "{\"time\":\"%d\",\"message\":\"[rank%d]:[I] [PG ID 0 PG GUID 0(default_pg) Rank %d] NCCL Work update periodically: last enqueued NCCL work: %d, last completed NCCL work: %d\"}\n", 1790200000 + i, i % 8, i % 8, i, i }'
	}
	a=$(progress 10000 | peak nccl-hang)
	b=$(progress 40000 | peak nccl-hang)
	echo "10000 lines: $a bytes; 40000: $b"
	[ "$b" -lt $((a + a / 10)) ]
}
@test "nccl-hang --follow: the clock advances, whatever --now is" {
	local t i now
	mkfifo "$T/in"
	for now in clock 2026-01-01; do
		: >"$T/out"
		"$B/nccl-hang" -f --now=$now --threshold=2s --lateness=1s <"$T/in" >"$T/out" &
		exec 9>"$T/in"
		t=$(date +%s)
		for i in 0 1; do
			printf '{"nccl.rank":%d,"nccl.fr.pg_id":"g","nccl.fr.collective_seq_id":5,"nccl.fr.time_created_ns":%d000000000}\n' $i "$t"
		done >&9
		for i in $(seq 300); do [ -s "$T/out" ] && break; sleep .1; done
		exec 9>&-
		wait
		[ "$i" -lt 300 ] && [[ $(<"$T/out") == *'"age_basis":"now"'* ]]
	done
}
