#!/bin/sh
# usage: bench/check.sh [-u | -m FILE]
# The gates.  Hard: no bench in registry.tsv may ask the heap for more than its
# ceilings say, and none may be without a measurement.  Regression: none may be
# more than 10 % worse than baseline.tsv in allocations, bytes or instructions
# (callgrind's count, which depends on no clock).  Status 1 if a gate is broken.
# A detector's figures are of one pass; a pipeline's are of a run over
# 4 MB, less one over 2 MB, so that fixed buffers do not count; its records are
# lines, its allocations those of the whole run, and its bytes those beside the
# distinct strings: of these the bytes themselves, not the index over them.  A
# document is a pipeline of one value: its records are each 512 bytes.  A page is
# of one job's incident: its records are the ranks, its bytes all that is held, and
# it must be one incident that has all of them.
#   -u       write baseline.tsv anew
#   -m FILE  judge these measurements, in the baseline's form, instead
# REGISTRY and BASELINE name other files.
cd "$(dirname "$0")/.." || exit 2
O=${O:-build}
registry=${REGISTRY:-bench/registry.tsv} baseline=${BASELINE:-bench/baseline.tsv}
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT

instructions() { # instructions COMMAND...: what callgrind counts
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null |
		sed -n 's/.*Collected : *//p'
}
detector() { # records, allocations, bytes and instructions of one pass
	"$O/bench/detectors" "$1" 20 >"$tmp/row" || return
	few=$(instructions "$O/bench/detectors" "$1" 2)
	many=$(instructions "$O/bench/detectors" "$1" 6)
	awk -F'\t' -v i=$(((many - few) / 4)) '{ printf "%s\t%s\t%s\t%s\n", $2, $4, $5, i }' "$tmp/row"
}
run() { # run PROGRAM FILE: lines, allocations, bytes at most beside the strings'
	"$O/$1" -q --stats "$2" 2>&1 >/dev/null |
		sed 's/.*"lines":\([0-9]*\),.*"allocations":\([0-9]*\),"peak_bytes":\([0-9]*\),"string_bytes":\([0-9]*\),.*/\1 \2 \3 \4/' |
		awk '{ print $1, $2, $3 - $4 }'
}
pipeline() {
	program=${1%%/*} what=${1##*/}
	"$O/bench/gen" "$what" 2M >"$tmp/2M" && "$O/bench/gen" "$what" 4M >"$tmp/4M" || return
	few=$(run "$program" "$tmp/2M")
	many=$(run "$program" "$tmp/4M")
	[ "$few" ] && [ "$many" ] || return
	i2=$(instructions "$O/$program" -q "$tmp/2M")
	i4=$(instructions "$O/$program" -q "$tmp/4M")
	echo "$few $many" | awk -v i=$((i4 - i2)) '{ printf "%d\t%d\t%d\t%s\n", $4 - $1, $5, ($6 > $3 ? $6 - $3 : 0), i }'
}
document() { # one document: a record is 512 bytes of it
	pipeline "$1" | awk -F'\t' '{ printf "%d\t%d\t%d\t%s\n", 2 * 1024 * 1024 / 512, $2, $3, $4 }'
}
page() {
	"$O/bench/gen" "${1##*/}" 7M >"$tmp/job" || return
	"$O/${1%%/*}" -q "$tmp/job" >"$tmp/incidents" && [ "$(wc -l <"$tmp/incidents")" -eq 1 ] &&
		grep -q '"ranks_blamed":\[1096,.*"ranks_waiting":"0-1095,1104-4095"' "$tmp/incidents" || return
	"$O/${1%%/*}" -q -o html --stats "$tmp/job" 2>&1 >/dev/null |
		sed 's/.*"allocations":\([0-9]*\),"peak_bytes":\([0-9]*\),.*/4096\t\1\t\2/' >"$tmp/row"
	printf '%s\t%s\n' "$(cat "$tmp/row")" "$(instructions "$O/${1%%/*}" -q -o html "$tmp/job")"
}

measure() {
	command -v valgrind >/dev/null || { echo 'bench/check.sh: no valgrind' >&2; exit 2; }
	grep -v '^#' "$registry" | while IFS='	' read -r bench kind _; do
		row=$("$kind" "$bench" 2>/dev/null)
		printf '%s\t%s\n' "$bench" "$row"
	done
}
case $1 in
-m) cp "$2" "$tmp/now" || exit 2 ;;
*) measure >"$tmp/now" || exit ;;
esac
if [ "$1" = -u ]; then
	{
		echo '# bench	records	allocations	bytes	instructions; by bench/check.sh -u'
		cat "$tmp/now"
	} >"$baseline"
	exit
fi
awk -F'\t' '
	/^#/ { next }
	FILENAME == ARGV[1] { base[$1] = $0; next }
	FILENAME == ARGV[2] { allocs[$1] = $3; bytes[$1] = $4; order[++n] = $1; next }
	{ now[$1] = $0 }
	function worse(what, was, is) {
		printf "%s\t%s\t%s", what, was, is
		if (is + 0 > was * 1.1) { printf "\tWORSE"; bad = 1 }
		printf "\n"
	}
	END {
		if (n == 0) { print "no bench is registered"; bad = 1 }
		for (i = 1; i <= n; i++) {
			b = order[i]
			split(now[b], is, "\t")
			if (is[2] + 0 == 0 || is[5] + 0 == 0) { print b "\tNOT MEASURED"; bad = 1; continue }
			if (is[3] / is[2] > allocs[b] + 0 || is[4] / is[2] > bytes[b] + 0) {
				printf "%s\tOVER ITS CEILING: %g allocations, %g bytes per record\n", b, is[3] / is[2], is[4] / is[2]
				bad = 1
			}
			if (!(b in base)) { print b "\tNO BASELINE"; bad = 1; continue }
			split(base[b], was, "\t")
			worse(b "\tallocations", was[3], is[3])
			worse(b "\tbytes", was[4], is[4])
			worse(b "\tinstructions", was[5], is[5])
		}
		exit bad
	}
' "$baseline" "$registry" "$tmp/now"
