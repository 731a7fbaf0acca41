#!/usr/bin/env bats
# Real failures of the system; test/faults.c makes each call fail in turn.
bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	B=$(cd "${O:-build}" && pwd)
	T=$BATS_TEST_TMPDIR
}
many() { # 300 Xids with lost pods: more output than one write
	local i
	for i in $(seq 300); do
		echo "{\"kernelevents.xid\":79,\"gpu.id\":\"0000:3b:00.0\",\"k8s.node.name\":\"n$i\",\"time\":1790000000000000000}"
		echo "{\"k8s.event.reason\":\"Evicted\",\"k8s.pod.name\":\"p$i\",\"k8s.node.name\":\"n$i\",\"time\":1790000001000000000}"
	done
}
is_head_of() { # is_head_of FILE FILE: a proper prefix
	[ "$(wc -c <"$1")" -lt "$(wc -c <"$2")" ] && cmp -n "$(wc -c <"$1")" "$1" "$2"
}

@test "a file system fills up: correct output up to there, one message, status 2" {
	local rc=0
	[ "$(id -u)" = 0 ] && mkdir "$T/small" && mount -t tmpfs -o size=128k none "$T/small" 2>/dev/null || skip "cannot mount a tmpfs"
	many >"$T/in"
	"$B/xid-correlate" "$T/in" >"$T/all"
	"$B/xid-correlate" "$T/in" >"$T/small/out" 2>"$T/err" || rc=$?
	cp "$T/small/out" "$T/part" && umount "$T/small"
	[ $rc = 2 ] && [ "$(cat "$T/err")" = "xid-correlate: (stdout): No space left on device" ] &&
	[ "$(wc -c <"$T/part")" = 131072 ] && is_head_of "$T/part" "$T/all"
}
@test "the file size limit of a process is reached: the same" {
	local rc=0
	many >"$T/in"
	"$B/xid-correlate" "$T/in" >"$T/all"
	(ulimit -f 100; trap '' XFSZ; "$B/xid-correlate" "$T/in" >"$T/part" 2>"$T/err") || rc=$?
	[ $rc = 2 ] && [ "$(cat "$T/err")" = "xid-correlate: (stdout): File too large" ] && is_head_of "$T/part" "$T/all"
}
@test "FIFOs and devices are read like files" {
	many >"$T/in" && mkfifo "$T/fifo"
	cat "$T/in" >"$T/fifo" &
	"$B/xid-correlate" "$T/fifo" /dev/null >"$T/got"
	wait
	"$B/xid-correlate" "$T/in" | cmp - "$T/got"
}
@test "no file descriptors left" {
	run -2 bash -c "'$B/xid-correlate' testdata/incidents/xid79/*.json <&- >&- 2>&-"
}
@test "no memory: a message, status 2" {
	(ulimit -v 20000 && "$B/xid-correlate" --version) >"$T/out" 2>&1 || skip "this build needs much memory"
	head -c 40000000 /dev/zero | tr '\0' x >"$T/in"
	run -2 bash -c "ulimit -v 20000; '$B/xid-correlate' '$T/in'"
	[ "$output" = "out of memory" ]
}
@test "a folder or nothing as the file of an option" {
	run -2 "$B/xid-correlate" --rules="$T" /dev/null
	[ "$output" = "xid-correlate: $T: Is a directory" ]
	run -2 "$B/pcie-aer" --topology="$T/none" /dev/null
	[ "$output" = "pcie-aer: $T/none: No such file or directory" ]
}
@test "an endless file as the value of an option" {
	run -2 timeout 10 "$B/xid-correlate" --rules=/dev/zero /dev/null
	[ "$output" = "xid-correlate: /dev/zero: larger than 16M" ]
	yes '# of no use' | head -c 16777216 >"$T/rules"
	run -0 "$B/xid-correlate" -q --rules="$T/rules" testdata/incidents/xid79/journal.json
	echo >>"$T/rules"
	run -2 "$B/xid-correlate" -q --rules="$T/rules" testdata/incidents/xid79/journal.json
}
@test "files of 3 GB, and files dated far in the past or future, are opened" {
	local when d
	truncate -s 3G "$T/rules"
	touch -d 2100-01-01 "$T/rules"
	run -2 "$B/xid-correlate" --rules="$T/rules" /dev/null
	[ "$output" = "xid-correlate: $T/rules: larger than 16M" ]
	# the time a dump was written is unknown if it cannot be represented
	d=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
	cp testdata/incidents/nccl-loader/nccl_trace_rank_* "$d"
	for when in 10000000000000 -10000000000000; do
		touch -d @$when "$d"/*
		[ "$(stat -c %Y "$d/nccl_trace_rank_0")" = $when ] || { rm -r "$d"; skip "no file system for such times"; }
		"$B/nccl-hang" -q "$d"/* >"$T/$when" || break
	done
	rm -r "$d"
	[ -s "$T/$when" ] && cmp "$T/10000000000000" "$T/-10000000000000"
}
@test "output is the same in the sandbox of SECURITY.md" {
	command -v bwrap >/dev/null || skip "no bwrap"
	bwrap --ro-bind / / --unshare-all true || skip "bwrap cannot make namespaces here"
	cat testdata/incidents/xid79/*.json >"$T/journal.json"
	"$B/xid-correlate" <"$T/journal.json" >"$T/out"
	jailed=$(sed -n 's/^ *\(bwrap .* xid-correlate <journal.json\)$/\1/p' SECURITY.md)
	cd "$T" && (PATH=$B:$PATH; eval "$jailed") >"$T/jailed"
	[ -s "$T/out" ] && cmp "$T/out" "$T/jailed"
}
@test "programs are hardened: PIE, full RELRO, non-executable stack" {
	command -v readelf >/dev/null || skip "no readelf"
	for p in cmd/*.c; do
		p=$B/$(basename "$p" .c)
		readelf -hW "$p" | grep -q 'Type: *DYN' && readelf -dW "$p" | grep -q 'FLAGS_1.*NOW' &&
		readelf -lW "$p" | grep -q GNU_RELRO && readelf -lW "$p" | grep 'GNU_STACK' | grep -qv E || { echo "$p"; return 1; }
	done
}
