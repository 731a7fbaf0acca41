#!/usr/bin/env bats
# Compressed input: the files under testdata/packed, and damaged ones.
bats_require_minimum_version 1.5.0
load filters

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	B=$(cd "${O:-build}" && pwd)
	T=$BATS_TEST_TMPDIR
	P=testdata/packed
	I=testdata/incidents/xid79
}
compiled_with() { # compiled_with LIBRARY...
	local l
	for l; do
		grep -q "HAVE_$l" "$B/pack.mk" || skip "compiled without $l"
	done
}

@test "gzip, zstd and xz by content: files, standard input, mixtures" {
	compiled_with zlib zstd lzma
	want=$("$B/xid-correlate" $I/journal.json $I/events.json)
	[ -n "$want" ] &&
	[ "$want" = "$("$B/xid-correlate" $P/journal.json.2.gz $P/events.json.zst)" ] &&
	[ "$want" = "$("$B/xid-correlate" $P/events.json.xz $I/journal.json)" ] &&
	[ "$want" = "$("$B/xid-correlate" --strict $P/events.json.xz - <$P/journal.json.2.gz)" ] &&
	[ "$want" = "$(cat $P/journal.json.2.gz $P/events.json.zst | "$B/xid-correlate")" ] &&
	cp $P/events.json.zst "$T/journal.gz" &&
	[ "$want" = "$("$B/xid-correlate" $I/journal.json "$T/journal.gz")" ]
}
@test "every filter reads them" {
	compiled_with zstd
	for f in $(filters); do
		run -0 --separate-stderr "$B/$f" -q --stats $P/events.json.zst
		[[ $stderr == *"\"bytes\":$(wc -c <$I/events.json),"* ]] || return 1
	done
}
@test "without a library: its name, status 2, other files are still read" {
	want=$("$B/xid-correlate" $I/journal.json $I/events.json)
	for pair in zlib:journal.json.2.gz zstd:events.json.zst lzma:events.json.xz; do
		grep -q "HAVE_${pair%:*}" "$B/pack.mk" && continue
		run -2 --separate-stderr "$B/xid-correlate" $P/"${pair#*:}" $I/journal.json $I/events.json
		[ "$output" = "$want" ] && [[ $stderr == *"$P/${pair#*:}: "*" data cannot be read: compiled without ${pair%:*}" ]] || return 1
	done
	# a format that no library here decompresses
	printf 'BZh91AY&SY' >"$T/x.bz2"
	run -2 --separate-stderr "$B/xid-correlate" "$T/x.bz2" $I/journal.json $I/events.json
	[ "$output" = "$want" ] && [ "$stderr" = "xid-correlate: $T/x.bz2: bzip2 data cannot be read: unpack it with bzip2 -d" ]
}
@test "cut short: reported with its last line, earlier lines are used, status 3" {
	compiled_with zlib
	# 17 lines, including the Xid 79, and part of one
	head -c 2000 $P/journal.json.2.gz >"$T/cut.gz"
	run -3 --separate-stderr "$B/xid-correlate" -q "$T/cut.gz" $I/events.json
	[ "${#lines[@]}" = 2 ] && [[ ${lines[0]} == *'"xid_code":79'* ]] &&
	[ "$stderr" = "xid-correlate: $T/cut.gz:18: not JSON: string without end at byte 467
xid-correlate: $T/cut.gz:18: gzip data ends too early" ]
}
@test "corrupt: the same; --strict stops there" {
	compiled_with zlib
	(head -c -8 $P/journal.json.2.gz; printf '\0\0\0\0'; tail -c 4 $P/journal.json.2.gz) >"$T/bad.gz"
	run -3 --separate-stderr "$B/xid-correlate" -q "$T/bad.gz" $I/events.json
	[ "${#lines[@]}" = 2 ] && [ "$stderr" = "xid-correlate: $T/bad.gz:32: gzip data is corrupt" ] &&
	run -3 --separate-stderr "$B/xid-correlate" -q --strict "$T/bad.gz" $I/events.json
	[ -z "$output" ]
}
@test "other data after it: the same" {
	compiled_with zlib
	cat $P/journal.json.2.gz $I/events.json >"$T/mixed"
	run -3 --separate-stderr "$B/xid-correlate" -q "$T/mixed"
	[ -z "$output" ] && [ "$stderr" = "xid-correlate: $T/mixed:32: gzip data is followed by something else" ]
}
@test "nccl-hang: a compressed pickle is an operand like a plain one" {
	compiled_with lzma
	D=testdata/incidents/nccl-loader
	others=$(ls $D/nccl_trace_rank_* | grep -v '_46$')
	[ "$("$B/nccl-hang" $D/nccl_trace_rank_*)" = "$("$B/nccl-hang" $others $P/nccl_trace_rank_46.xz)" ] &&
	[ "$("$B/nccl-hang" $D/nccl_trace_rank_*)" != "$("$B/nccl-hang" $others)" ] &&
	head -c 1000 $P/nccl_trace_rank_46.xz >"$T/nccl_trace_rank_46.xz" &&
	run -3 --separate-stderr "$B/nccl-hang" -q $others "$T/nccl_trace_rank_46.xz"
	[ "$stderr" = "nccl-hang: $T/nccl_trace_rank_46.xz: xz data ends too early" ]
}
@test "20 MB of zstd's skippable frames are read quickly" {
	compiled_with zstd
	printf 'P*M\030\0\0\0\0%.0s' {1..1000} >"$T/frames"
	for i in {1..2500}; do cat "$T/frames"; done >"$T/skip.zst"
	run -0 timeout 20 "$B/xid-correlate" -q --stats "$T/skip.zst"
}
@test "a decompression bomb takes little memory" {
	compiled_with zlib
	# 200 members of a million empty lines each
	head -c 1000000 /dev/zero | tr '\0' '\n' | gzip -n >"$T/member"
	for i in $(seq 200); do cat "$T/member"; done >"$T/bomb.gz"
	run -0 --separate-stderr "$B/xid-correlate" -q --stats "$T/bomb.gz"
	[[ $stderr == *'"lines":200000000,'* ]] && [ "$(sed 's/.*"peak_bytes":\([0-9]*\).*/\1/' <<<"$stderr")" -lt 2000000 ]
}
@test "no memory to decompress: reported as such, not as a fault of the file" {
	compiled_with lzma
	(ulimit -v 20000 && "$B/xid-correlate" --version) >"$T/out" 2>&1 || skip "this build needs much memory"
	# as much as the uncompressed file needs; xz -6 needs 8M more
	for ((kb = 2000; kb < 20000; kb += 500)); do
		(ulimit -v $kb; "$B/xid-correlate" -q $I/events.json) >"$T/out" 2>&1 && break
	done
	run -2 bash -c "ulimit -v $kb; '$B/xid-correlate' -q $P/events.json.xz"
	[ "$output" = "out of memory" ]
}
