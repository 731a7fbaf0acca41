#!/usr/bin/env bats
# golden-replay, json-check, and features of single filters.
bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	B=$(cd "${O:-build}" && pwd)
	T=$BATS_TEST_TMPDIR
	mkdir -p "$T/mine/xid-correlate" && cp -r golden/xid-correlate/usual "$T/mine/xid-correlate/one"
}

@test "golden-replay: equal bytes give ok and status 0" {
	run -0 "$B/golden-replay" "$T/mine"
	[ "${lines[0]}" = "TAP version 14" ] && [ "${lines[1]}" = "ok 1 - xid-correlate/one" ] && [ "${lines[2]}" = "1..1" ]
}
@test "golden-replay: a changed byte: not ok, line, member, both texts, status 1" {
	sed -i 's/"node":"gpu-7"/"node":"gpu-8"/' "$T/mine/xid-correlate/one/out"
	run -1 "$B/golden-replay" "$T/mine/xid-correlate/one"
	[[ $output == *"not ok 1 - xid-correlate/one"*"file: \"out\""*"line: 1"*"member: \"node\""*"expected: "*'gpu-8'*"actual: "*'gpu-7'* ]]
}
@test "golden-replay: a missing or extra line, stderr and status are also compared" {
	echo spare >>"$T/mine/xid-correlate/one/out"
	run -1 "$B/golden-replay" "$T/mine" && [[ $output == *"line: 2"*'expected: "spare"'* ]]
	: >"$T/mine/xid-correlate/one/out"
	run -1 "$B/golden-replay" "$T/mine" && [[ $output == *"line: 1"*'expected: ""'* ]]
	cp golden/xid-correlate/usual/out "$T/mine/xid-correlate/one/out"
	echo 1 >"$T/mine/xid-correlate/one/rc"
	run -1 "$B/golden-replay" "$T/mine" && [[ $output == *'file: "rc"'* ]]
	rm "$T/mine/xid-correlate/one/rc"
	echo x >"$T/mine/xid-correlate/one/err"
	run -1 "$B/golden-replay" "$T/mine" && [[ $output == *'file: "err"'* ]]
}
@test "golden-replay -u rewrites, then all is equal" {
	echo wrong >"$T/mine/xid-correlate/one/out" && echo 3 >"$T/mine/xid-correlate/one/rc"
	run -0 "$B/golden-replay" -u "$T/mine"
	diff -r golden/xid-correlate/usual "$T/mine/xid-correlate/one" &&
	run -0 "$B/golden-replay" "$T/mine"
}
@test "golden-replay -u reports files that it cannot rewrite or read" {
	mkdir "$T/mine/xid-correlate/one/err" && touch "$T/mine/xid-correlate/one/err/x"
	run -2 "$B/golden-replay" -u "$T/mine" && [[ $output == *"not ok 1 - "*'file: "err"'*'error: "Is a directory"'* ]] || return 1
	run -2 "$B/golden-replay" "$T/mine" && [[ $output == *'file: "err"'*'error: "Is a directory"'* ]]
}
@test "golden-replay: an input alone makes a case; a case without one is an error" {
	mkdir -p "$T/new/incidents/xid-correlate/a" "$T/new/incidents/xid-correlate/b" "$T/none/xid-correlate/c"
	cp golden/xid-correlate/usual/in "$T/new/incidents/xid-correlate/a/in"
	cp golden/xid-correlate/usual/in "$T/new/incidents/xid-correlate/b/in.json"
	echo notes >"$T/new/incidents/install.txt"
	run -0 "$B/golden-replay" -u "$T/new" && [[ $output == *"1..2" ]] &&
	cmp golden/xid-correlate/usual/out "$T/new/incidents/xid-correlate/a/out" &&
	cmp golden/xid-correlate/usual/out "$T/new/incidents/xid-correlate/b/out" &&
	run -2 "$B/golden-replay" "$T/none" && [[ $output == *"$T/none: no cases: "* ]]
}
@test "golden-replay: a folder named like an input is not one; a closed stdin is no error" {
	cp -r "$T/mine/xid-correlate/one" "$T/mine/xid-correlate/in-two"
	run -0 bash -c "'$B/golden-replay' '$T/mine' <&-"
	[[ ${lines[1]} == "ok 1 - xid-correlate/in-two" && ${lines[2]} == "ok 2 - xid-correlate/one" ]]
}
@test "golden-replay -p selects by filter, pattern or number" {
	for p in xid-correlate xid_correlation 16; do
		run -0 "$B/golden-replay" -p $p "$T/mine" && [[ $output == *"1..1" ]]
	done
	run -2 --separate-stderr "$B/golden-replay" -p nccl_hang "$T/mine" && [ "$stderr" = "golden-replay: no cases of nccl_hang" ]
}
@test "golden-replay -p: an unknown name is an error with a suggestion" {
	run -2 "$B/golden-replay" -p xid-corelate "$T/mine"
	[ "${lines[0]}" = "golden-replay: --pattern: unknown filter or pattern 'xid-corelate' (expected a name or a number, such as xid-correlate or 16); did you mean xid-correlate?" ] &&
	[ "${lines[1]}" = "try 'golden-replay --help'" ] || return 1
	run -2 "$B/golden-replay" -p hbm_ec "$T/mine" && [[ ${lines[0]} == *"; did you mean hbm_ecc?" ]] || return 1
	run -2 "$B/golden-replay" -p '' "$T/mine" && [[ $output == *"--pattern: invalid value '' (expected PATTERN)"* ]] || return 1
	run -2 "$B/golden-replay" -p 99 "$T/mine" && [[ ${lines[0]} == *": unknown filter or pattern '99' (expected a name or a number, such as xid-correlate or 16)" ]] || return 1
	mv "$T/mine/xid-correlate" "$T/mine/xid-corelate"
	run -2 "$B/golden-replay" "$T/mine" && [[ $output == *": unknown filter 'xid-corelate' (expected FILTER/CASE); did you mean xid-correlate?"* ]]
}
@test "golden-replay -i excludes members from the comparison at any depth" {
	local out=$T/mine/xid-correlate/one/out
	sed -i 's/"headline":"/&Old: /; s/"remediation":"[^"]*",//; s/"description":"/&Old: /g' "$out" && cp "$out" "$T/old"
	run -1 "$B/golden-replay" "$T/mine" && [[ $output == *'member: "headline"'*'old: "Old: Xid 79 '*'new: "Xid 79 '* ]] || return 1
	run -1 "$B/golden-replay" -i headline "$T/mine" && [[ $output == *'member: "remediation"'*'old: (none)'*'new: "Node gpu-7'* ]] || return 1
	run -1 "$B/golden-replay" -i headline,remediation "$T/mine" &&
	[[ $output == *'member: "evidence_trail[0].description"'*'old: "Old: NVRM'*'new: "NVRM'* ]] || return 1
	run -0 "$B/golden-replay" -i headline,remediation,description "$T/mine"
	# a file that differs only in these stays unchanged; others get all changes
	run -0 "$B/golden-replay" -u --ignore=headline,remediation,description "$T/mine" && cmp "$out" "$T/old" &&
	sed -i 's/"xid_code":79/"xid_code":78/' "$out" &&
	run -1 "$B/golden-replay" --ignore=headline,remediation,description "$T/mine" &&
	[[ $output == *'member: "xid_code"'*'old: 78'*'new: 79'* ]] &&
	run -0 "$B/golden-replay" -u -i headline,remediation,description "$T/mine" && cmp "$out" golden/xid-correlate/usual/out
}
@test "golden-replay -i: also in explanations; text, messages and status are compared in full" {
	local d=$T/mine/xid-correlate/one
	echo --explain >"$d/cmd" && "$B/golden-replay" -u "$T/mine" && sed -i 's/"nodes":1/"nodes":2/' "$d/err" && grep -q '"nodes":2' "$d/err" || return 1
	run -1 "$B/golden-replay" "$T/mine" && [[ $output == *'file: "err"'*'member: "nodes"'*'old: 2'*'new: 1'* ]] || return 1
	run -0 "$B/golden-replay" -i nodes "$T/mine"
	echo 1 >"$d/rc" && run -1 "$B/golden-replay" -i nodes "$T/mine" && [[ $output == *'file: "rc"'* ]] &&
	rm "$d/rc" && echo '-o text' >"$d/cmd" && run -0 "$B/golden-replay" -u "$T/mine" && sed -i 1s/Xid/XID/ "$d/out" &&
	run -1 "$B/golden-replay" -i headline "$T/mine" && [[ $output == *'file: "out"'*'line: 1'* ]]
}
@test "golden-replay -u does not write through symbolic links" {
	local d=$T/mine/xid-correlate/one f
	echo mine >"$T/victim"
	for f in out err rc; do
		rm -f "$d/$f" && ln -s "$T/victim" "$d/$f"
		run -2 "$B/golden-replay" -u "$T/mine"
		[[ $output == *"not ok 1 - "*"file: \"$f\""*'error: "is a symbolic link"'* ]] && [ "$(cat "$T/victim")" = mine ] && [ -L "$d/$f" ] || { echo "$f: $output"; return 1; }
		rm "$d/$f" && ln -s "$T/none" "$d/$f"
		run -2 "$B/golden-replay" -u "$T/mine" && [ ! -e "$T/none" ] && [ -L "$d/$f" ] || { echo "$f: to nothing"; return 1; }
		rm "$d/$f"
	done
	# compared files and inputs may be links
	mv "$d/out" "$T/out" && ln -s "$T/out" "$d/out" && mv "$d/in" "$T/in" && ln -s "$T/in" "$d/in" &&
	run -0 "$B/golden-replay" "$T/mine" && rm "$d/out" && run -0 "$B/golden-replay" -u "$T/mine" && cmp "$d/out" "$T/out"
}
@test "golden-replay skips linked folders with a notice" {
	mkdir "$T/other" && mv "$T/mine/xid-correlate" "$T/other" && echo old >"$T/other/xid-correlate/one/out" && ln -s "$T/other/xid-correlate" "$T/mine/xid-correlate"
	run -2 "$B/golden-replay" -u "$T/mine"
	[[ $output == *"$T/mine/xid-correlate: a symbolic link to a folder, which is left out"* && $output == *"no cases"* ]] || return 1
	rm "$T/mine/xid-correlate" && mkdir "$T/mine/xid-correlate" && ln -s "$T/other/xid-correlate/one" "$T/mine/xid-correlate/one"
	run -2 "$B/golden-replay" -u "$T/mine" && [[ $output == *"xid-correlate/one: a symbolic link"* ]] && [ "$(cat "$T/other/xid-correlate/one/out")" = old ] &&
	# a linked folder given as an operand is read
	ln -s "$T/other" "$T/named" && run -0 "$B/golden-replay" -u "$T/named" && cmp "$T/other/xid-correlate/one/out" golden/xid-correlate/usual/out
}
@test "golden-replay -u: a failed write leaves the old file and no other" {
	local d=$T/mine/xid-correlate/one
	echo --explain >"$d/cmd" && echo old >"$d/out" && chmod 640 "$d/out"
	run -2 bash -c "trap '' XFSZ; ulimit -f 0; '$B/golden-replay' -u '$T/mine' | cat"'; exit ${PIPESTATUS[0]}'
	[[ $output == *'file: "out"'*'error: "File too large"'* ]] && [ "$(cat "$d/out")" = old ] && [ "$(ls -A "$d" | tr '\n' ' ')" = "cmd in out " ] &&
	run -0 "$B/golden-replay" -u "$T/mine" && cmp "$d/out" golden/xid-correlate/usual/out && [ "$(stat -c %a "$d/out")" = 640 ]
}
@test "golden-replay: a FIFO or device is reported, not read" {
	local d=$T/mine/xid-correlate/one
	rm "$d/out" && mkfifo "$d/out"
	run -2 timeout 10 "$B/golden-replay" "$T/mine" && [[ $output == *'file: "out"'*'error: "is not a regular file"'* ]] || return 1
	run -2 timeout 10 "$B/golden-replay" -u "$T/mine" && [[ $output == *'file: "out"'*'error: "is not a regular file"'* ]] || return 1
	rm "$d/out" && rm -f "$d/cmd" && mkdir "$d/cmd"
	run -2 "$B/golden-replay" -u "$T/mine" && [[ $output == *'file: "cmd"'*'error: "Is a directory"'* ]] && [ ! -e "$d/out" ] || return 1
	rmdir "$d/cmd" && touch "$d/cmd" && rm "$d/in" && ln -s in "$d/in"
	run -2 "$B/golden-replay" -u "$T/mine" && [[ $output == *'file: "in"'*'error: "Too many levels of symbolic links"'* ]] && [ ! -e "$d/out" ]
}
@test "golden-replay: a case may have hundreds of inputs" {
	local d=$T/mine/xid-correlate/one n=0
	rm "$d/out" && while IFS= read -r line; do printf '%s\n' "$line" >"$d/in.$((n += 1))"; done <"$d/in" && : >"$d/in"
	for n in $(seq 100 400); do echo '{}' >"$d/in.$n"; done
	echo '{"broken' >"$d/in.999" && run -0 "$B/golden-replay" -u "$T/mine" && cmp "$d/out" golden/xid-correlate/usual/out && [[ $(cat "$d/err") == *"in.999:1: not JSON"* ]] &&
	[ "$(cat "$d/rc")" = 3 ]
}
@test "golden-replay: missing folder, unknown filter, bad option, full disk: status 2" {
	run -2 "$B/golden-replay" "$T/none" && [[ $output == *"No such file"* ]]
	mkdir -p "$T/mine/grep" && cp -r golden/xid-correlate/usual "$T/mine/grep/one"
	run -2 "$B/golden-replay" "$T/mine" && [[ $output == *"unknown filter 'grep' (expected FILTER/CASE)"* ]]
	run -2 "$B/golden-replay" --nope
	if [ -c /dev/full ]; then run -2 bash -c "'$B/golden-replay' >/dev/full"; fi
}
@test "golden-replay: many cases need few descriptors" {
	run -0 bash -c "ulimit -n 24; '$B/golden-replay' golden/xid-correlate | tail -n 1"
	[[ $output == 1..??* ]]
}
@test "golden-replay: --help lists the options of the man page" {
	run -0 "$B/golden-replay" --help
	[ "$(grep -oE '^  (-.,|   ) --[a-z-]+' <<<"$output" | sed 's/.* --/--/' | sort)" = \
	  "$(grep '^\.It.*Fl Fl' "$B/man/golden-replay.1" | sed 's/.*Fl Fl \([a-z-]*\).*/--\1/' | sort)" ]
}
@test "json-check: status 0 if valid, otherwise 1" {
	for good in '{}' ' [1,-0.5e+3,"\ud83d\ude00",null] ' '"x"' 0; do
		printf '%s' "$good" | "$B/json-check" || { echo "$good"; return 1; }
	done
	for bad in '' '{"a":1,}' '[1,,2]' '[01]' "$(printf '["\t"]')" '{} {}' '[1' 'nul'; do
		! printf '%s' "$bad" | "$B/json-check" 2>/dev/null || { echo "$bad"; return 1; }
	done
}
@test "xid-correlate --catalog: 178 codes as TSV, seven fields each" {
	run -0 "$B/xid-correlate" --catalog
	[ "${#lines[@]}" = 179 ] && ! awk -F'\t' 'NF != 7' <<<"$output" | grep .
}
@test "nccl-hang: a dump's age ends when its file was written" {
	local d=golden/nccl-hang/usual now
	mkdir "$T/d" && awk -v d="$T/d" '{ print >(d "/rank_" NR - 1 ".json") }' $d/in
	now=1790000000 # when the collective was created
	touch -d @$((now + 299)) "$T"/d/*
	run -0 --separate-stderr "$B/nccl-hang" "$T"/d/*
	[ -z "$output" ] && [[ $stderr == *"3 unfinished collective calls, none older than --threshold=300s (oldest: 299s)" ]] &&
	touch -d @$((now + 301)) "$T"/d/* &&
	[ "$("$B/nccl-hang" "$T"/d/*)" = "$(cat $d/out)" ] &&
	touch -d @$((now + 9999)) "$T"/d/* &&
	[ "$("$B/nccl-hang" "$T"/d/*)" = "$(cat $d/out)" ] &&
	# one dump is older; its collectives are too young, those of the others hang
	touch -d @$((now + 299)) "$T"/d/rank_0.json &&
	[[ $("$B/nccl-hang" "$T"/d/*) == *'"hanging_ranks":[1,3]'* ]]
}
@test "nccl-hang: --now=clock is the current time" {
	local t=$(($(date +%s) - 400))
	for r in 0 1; do
		printf '{"nccl.rank":%d,"nccl.fr.pg_id":"g","nccl.fr.collective_seq_id":5,"nccl.fr.time_created_ns":%d000000000}\n' $r $t
	done >"$T/in"
	[ -z "$("$B/nccl-hang" -q "$T/in")" ] &&
	[[ $("$B/nccl-hang" --now=clock "$T/in") == *'"hung_seconds":40'*'"age_basis":"now"'* ]]
}
@test "nccl-hang: a pickle longer than --max-line is reported and not read" {
	p=testdata/incidents/nccl-loader/nccl_trace_rank_0
	run -3 "$B/nccl-hang" -q --max-line=$(($(wc -c <$p) - 1)) $p
	[ "$output" = "nccl-hang: $p:1: longer than --max-line=$(($(wc -c <$p) - 1))" ]
}
@test "nccl-hang: 4096 dumps as operands need few descriptors" {
	mkdir "$T/d" && for r in $(seq 0 4095); do
		echo '{"version":"2.9","pg_config":{},"entries":[]}' >"$T/d/rank_$r"
	done
	ulimit -n 32
	run -0 --separate-stderr "$B/nccl-hang" --stats "$T"/d/*
	[[ $stderr == *'"progress":{"count":4096,'* ]]
}
@test "nccl-hang --select: a dump keeps its file's name and the rank in it, with or without leading blanks" {
	mkdir "$T/d" && for r in 0 1; do
		printf '%*s{"version":"2.9","pg_config":{},"entries":[]}\n' $((r * 3)) '' >"$T/d/rank_$r"
	done
	[ "$("$B/nccl-hang" -q --select "$T"/d/*)" = '{"rank":0,"file":"'"$T"'/d/rank_0","version":"2.9","pg_config":{},"entries":[]}
{"rank":1,"file":"'"$T"'/d/rank_1","version":"2.9","pg_config":{},"entries":[]}' ]
}
@test "nccl-hang: a pickle on standard input is not JSON; other filters read it as text" {
	run -3 "$B/nccl-hang" -q <testdata/incidents/nccl-loader/nccl_trace_rank_0
	[[ $output == "nccl-hang: (stdin):1: not JSON but a Python pickle: pass it as a FILE operand"* ]] &&
	run -0 "$B/xid-correlate" -q testdata/incidents/nccl-loader/nccl_trace_rank_0
	[ -z "$output" ]
}
@test "bootstrap.sh --no-install lists missing packages or builds without them; installs nothing" {
	mkdir -p "$T/bin" "$T/src" && cp bootstrap.sh VERSION configure.ac "$T/src" && touch "$T/src/config.mk" || return 1
	stub() { printf '#!/bin/sh\n%s\n' "$2" >"$T/bin/$1" && chmod +x "$T/bin/$1"; }
	for m in apt-get dnf apk pacman brew sudo; do
		stub $m "echo called $m; exit 1"
	done
	rm "$T/bin/brew"
	stub make 'case $1 in --version) echo GNU Make ;; *) echo "made $*" ;; esac'
	stub cc 'case $(cat) in *zlib.h*) exit 1 ;; esac'
	cd "$T/src" && PATH=$T/bin:$PATH && unset CC MAKE
	run -1 ./bootstrap.sh --no-install && [[ $output == *"missing: zlib.h"* && $output == *"still missing: zlib.h" && $output != *called* ]] || return 1
	run -0 ./bootstrap.sh --no-install all && [[ $output == *"missing: zlib.h"* && ${lines[-1]} == "made all" && $output != *called* ]] || return 1
	stub cc 'exit 1'
	run -1 ./bootstrap.sh --no-install all && [[ $output == *"still missing: cc jsmn.h" && $output != *made* && $output != *called* ]]
}
