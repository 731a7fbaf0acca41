#!/usr/bin/env bats
# -o text and --help: human-readable, as wide as the terminal or else at most 80
# columns; bold only if wanted.
bats_require_minimum_version 1.5.0
load filters

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	B=$(cd "${O:-build}" && pwd)
	I=testdata/incidents/xid79
}
too_wide() { # lines over 80 columns that could be broken at a blank
	LC_ALL=C.UTF-8 grep -E '^.{81,}' | grep -E '^ *[^ ]+ '
}
on_terminal() { # on_terminal [NAME=VALUE]...: the filter's first line
	script -qec "env -u NO_COLOR TERM=xterm $* $B/xid-correlate -q -o text $I/journal.json $I/events.json" /dev/null </dev/null | head -n 1
}

@test "at most 80 columns except for single words, in every golden case" {
	n=0
	for d in golden/*/*/; do
		f=${d#golden/} f=${f%%/*}
		[ -f "$d/in" ] && [ -s "$d/out" ] && ! grep -q . "$d/cmd" || continue
		"$B/$f" -q -o text "$d/in" >"$BATS_TEST_TMPDIR/text" 2>/dev/null || :
		! too_wide <"$BATS_TEST_TMPDIR/text" || { echo "$d"; return 1; }
		n=$((n + $(grep -c . "$BATS_TEST_TMPDIR/text")))
	done
	[ $n -gt 1000 ]
}
@test "the same for the incidents" {
	for d in testdata/incidents/*/; do
		for f in $(filters); do
			! "$B/$f" -q -o text "$d"/* 2>/dev/null | too_wide || { echo "$f $d"; return 1; }
		done
	done
}
has_terminal() {
	script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip "script(1) is missing, or finds no terminal in /dev/pts"
}
@test "text and --help are as wide as the terminal, from 40 to 132 columns, and 80 elsewhere" {
	has_terminal
	widest() { # widest COLUMNS SETTING PROGRAM [ARGUMENT]...: the longest line with a blank to break at
		script -qec "stty cols $1; env -u COLUMNS -u NO_COLOR TERM=dumb $2 $B/${*:3}" /dev/null </dev/null | tr -d '\r' |
			awk '/^ *[^ ]+ .* / && !/^  ID /{ if (length($0) > n) n = length($0) } END { print n }'
	}
	local text="-q -o text $I/journal.json $I/events.json" p n
	for p in "xid-correlate $text" "inquest $text" 'inquest --help'; do
		n=$(widest 120 '' "$p") && [ "$n" -gt 100 ] && [ "$n" -le 120 ] || { echo "120: $n: $p"; return 1; }
		n=$(widest 60 '' "$p") && [ "$n" -gt 50 ] && [ "$n" -le 60 ] || { echo "60: $n: $p"; return 1; }
		n=$(widest 60 COLUMNS=100 "$p") && [ "$n" -gt 80 ] && [ "$n" -le 100 ] || { echo "COLUMNS: $n: $p"; return 1; }
		n=$(widest 60 COLUMNS=x "$p") && [ "$n" -le 60 ] || { echo "COLUMNS=x: $n: $p"; return 1; }
		n=$(widest 500 '' "$p") && [ "$n" -gt 110 ] && [ "$n" -le 132 ] || { echo "500: $n: $p"; return 1; }
		n=$(widest 60 COLUMNS=0 "$p") && [ "$n" -gt 50 ] && [ "$n" -le 60 ] || { echo "COLUMNS=0: $n: $p"; return 1; }
		# single words may be longer
		[ "$(widest 9 '' "$p")" = "$(widest 40 '' "$p")" ] || { echo "9: $p"; return 1; }
		n=$(widest 0 '' "$p") && [ "$n" -gt 70 ] && [ "$n" -le 80 ] || { echo "0: $n: $p"; return 1; }
		# shellcheck disable=SC2086
		cmp <(COLUMNS=120 "$B/"$p) <("$B/"$p) || { echo "$p"; return 1; }
	done
}
@test "headlines are bold only on a terminal" {
	has_terminal
	bold=$'\e[1mXid 79 '
	[[ $(on_terminal) == "$bold"* ]] && [[ $(on_terminal NO_COLOR=) == "$bold"* ]] &&
	for off in NO_COLOR=1 TERM=dumb TERM=; do
		[[ $(on_terminal $off) == "Xid 79 "* ]] || { echo "$off"; return 1; }
	done
	! TERM=xterm "$B/xid-correlate" -q -o text $I/journal.json $I/events.json | grep -q $'\e'
}
@test "escapes in the input do not reach a terminal" {
	printf '%s\n' '{"kernelevents.xid":79,"gpu.id":"0000:3b:00.0","k8s.node.name":"a\u001b[31m\u009b","time":"2026-05-14T03:12:00Z","kernelevents.message":"NVRM: Xid (PCI:0000:3b:00): 79, \u001b]0;x\u0007\u202e"}' \
		'{"k8s.event.reason":"Evicted","k8s.pod.name":"p\u001b[2J","k8s.node.name":"a\u001b[31m\u009b","time":"2026-05-14T03:12:41Z"}' >"$BATS_TEST_TMPDIR/in"
	run -0 --separate-stderr "$B/xid-correlate" -o text "$BATS_TEST_TMPDIR/in"
	[[ $output == *'(41 s later) pod_event'* ]] && [[ $output == *'\u001b[2J'* ]] && ! grep -P '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80\xae' <<<"$output"
}
@test "hidden characters are escaped in verdicts, paragraphs, explanations and messages" {
	local hidden c n
	export LC_ALL=C.UTF-8
	hidden=$(printf %b '\u00ad\u034f\u061c\u115f\u17b4\u180e\u200b\u202e\u2066\u3164\ufe0f\ufeff\uffa0\ufff9\U110bd\U1d173\Ue0001\Ue0041\Ue0100')
	cd "$BATS_TEST_TMPDIR"
	printf '%s\n' '{"kernelevents.xid":79,"gpu.id":"0000:3b:00.0","k8s.node.name":"a","time":"2026-05-14T03:12:00Z"}' \
		'{"k8s.event.reason":"Evicted","k8s.pod.name":"p'"$hidden"'","k8s.node.name":"a","time":"2026-05-14T03:12:41Z"}' \
		'{"k8s.event.reason":"Evicted","k8s.pod.name":"q'"$hidden"'","k8s.node.name":"b","time":"2026-05-14T03:12:41Z"}' >in
	for o in jsonl text; do
		"$B/xid-correlate" -x -o $o in >$o 2>$o.explain
		"$B/xid-correlate" -o $o "not$hidden" 2>$o.error || [ $? = 2 ]
	done
	for n in jsonl text jsonl.explain text.error; do
		grep -q '\\u00ad.*\\udb40\\udd00' $n || { echo "$n"; cat $n; return 1; }
		while read -rn1 c; do
			! grep -qF "$c" $n || { printf '%s holds %q\n' $n "$c"; return 1; }
		done < <(printf %s "$hidden")
	done
}
@test "a hang of 4,096 ranks, many hosts and scattered ranks missing: at most 40 lines" {
	awk 'BEGIN {
		for (r = 0; r < 4096; r++) ranks = ranks (r ? ", " : "") r
		for (f = 0; f < 16; f++) stack = stack (f ? "," : "") "{\"name\":\"fn" f "\",\"filename\":\"module_" f ".py\",\"line\":" f "}"
		for (r = 0; r < 4096; r++) {
			if (r % 97 == 0)
				continue
			e = "{\"pg_id\":0,\"process_group\":[\"0\",\"default_pg\"],\"profiling_name\":\"nccl:all_reduce\",\"frames\":[" stack "],"
			printf "{\"rank\":%d,\"hostname\":\"gpu-a%04d\",\"version\":\"2.9\",\"pg_config\":{\"0\":{\"name\":\"0\",\"desc\":\"default_pg\",\"ranks\":\"[%s]\"}},\"pg_status\":{},\"entries\":[", r, r / 8, ranks
			printf "%s\"collective_seq_id\":5,\"state\":\"completed\",\"time_created_ns\":1790000000000000000}", e
			if (r % 101 != 7)
				printf ",%s\"collective_seq_id\":6,\"state\":\"started\",\"time_created_ns\":1790000001000000000}", e
			print "]}"
		} }' | "$B/nccl-hang" -q -o text >"$BATS_TEST_TMPDIR/text"
	grep -q 'hanging_ranks: 1-6, 8-96, 98-107, 109-193, 195-208, 210-290 and 3[0-9]* more' "$BATS_TEST_TMPDIR/text"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/text")" -le 40 ]
}
@test "the same with hosts and pods of 200 bytes, stuck and silent ranks, ranks that never joined" {
	awk 'BEGIN {
		wide = sprintf("%185s", "")
		gsub(/ /, "h", wide)
		for (r = 0; r < 4096; r++) {
			host = sprintf("gpu-a%04d-%s", r / 8, wide)
			line = sprintf("{\"time\":\"2026-08-15T10:11:00Z\",\"k8s.pod.name\":\"trainer-%04d-%s\",\"k8s.node.name\":\"%s\",\"message\":\"", r / 8, wide, host)
			print line host ":9:10 [0] NCCL INFO comm 0x55 rank " r " nranks 4096 cudaDev 0 busId 1000 commId 0x77 - Init COMPLETE\"}"
			if (r % 97 == 0)
				continue
			line = line "[rank" r "]:[E815 10:11:00.1 ProcessGroupNCCL.cpp:616] "
			tag = "[PG ID 0 PG GUID 0(default_pg) Rank " r "] "
			if (r % 101 == 7) {
				print line tag "Received a dump signal due to a collective timeout from  rank 1 and we will try our best. Last enqueued NCCL work: 5, last completed NCCL work: 5.\"}"
				continue
			}
			at = r % 103 == 9 ? 5 : 6
			print line "Watchdog caught collective operation timeout: WorkNCCL(SeqNum=" at ", OpType=ALLREDUCE, NumelIn=32, NumelOut=32, Timeout(ms)=600000) ran for 600050 milliseconds before timing out.\"}"
			print line tag " failure detected by watchdog at work sequence id: " at " PG status: last enqueued work: 6, last completed work: " at - 1 "\"}"
			print line tag "First PG on this rank to signal dumping.\"}"
		} }' >"$BATS_TEST_TMPDIR/in"
	run -0 --separate-stderr "$B/nccl-hang" -q -o text "$BATS_TEST_TMPDIR/in"
	[ "${#lines[@]}" -le 39 ] && [[ $output == "Ranks 9, 112, "*"stuck on device, ranks 7, 108, "*"never joined"* ]] &&
	[[ $output == *" group_size: 4096; world_size: 4096;"* ]] && [[ $output == *" silent_ranks: 0, 97, "* ]] &&
	grep -vE '^ {4,}(gpu-a|trainer-)' <<<"$output" | awk 'length > 80 { exit 1 }'
}
