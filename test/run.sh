#!/bin/sh
# usage: O=build test/run.sh C-test...
# Run every suite, each of which prints TAP, and end with "N passed, N failed".
# With VALGRIND=1 the C tests and the golden cases run under valgrind.
# SANITIZED=1 leaves out suites that start thousands of programs: under a
# sanitizer each start takes a tenth of a second, and the fuzz targets cover the
# same code (--select, --key, --follow) in one process, with every seed.
: "${O:?folder of the built programs}"
cd "$(dirname "$0")/.." || exit 2
LC_ALL=C
export LC_ALL O
tap=$O/tap
rm -rf "$tap" && mkdir -p "$tap" || exit 2
scenarios=30 suites='golden/*.bats'
[ -n "$SANITIZED" ] && scenarios=3 suites='golden/cli.bats golden/faults.bats golden/packed.bats'
run=
[ -n "$VALGRIND" ] && run='valgrind -q --leak-check=full --show-leak-kinds=all --errors-for-leak-kinds=all --error-exitcode=99'

suite() { # suite NAME COMMAND...: a suite that ends badly counts as a failure
	name=$1
	shift
	"$@" >"$tap/$name" 2>&1 || grep -q '^not ok' "$tap/$name" ||
		echo "not ok - $name ended with status $?" >>"$tap/$name"
	grep -E -q '^(not )?ok' "$tap/$name" || echo "not ok - $name ran no test" >>"$tap/$name"
	awk -v name="$name" '/^ok/ { ok++ } /^not ok/ { bad++ }
		END { printf "  TEST %s: %d passed%s\n", name, ok, bad ? ", " bad " failed" : "" }' "$tap/$name"
}

# The bats files wait more than they compute: in parallel with the rest.
if [ -z "$VALGRIND" ]; then
	for f in $suites; do
		suite "$(basename "$f")" "${BATS:-bats}" --tap "$f"
	done &
fi
for t; do
	name=${t#"$O"/}
	seeds=
	case $name in *_fuzz)
		seeds=${name##*/}
		seeds=$(find "testdata/fuzz/${seeds%_fuzz}" -type f | sort)
	esac
	# shellcheck disable=SC2086 # run and seeds are words
	suite "$(echo "$name" | tr / .)" $run "$t" $seeds
done
# shellcheck disable=SC2086
suite golden $run "$O/golden-replay"
if [ -z "$VALGRIND" ]; then
	if [ -z "$SANITIZED" ]; then
		suite schema test/schema.sh
		suite incidents python3 test/incidents.py --check
		suite fleet python3 test/fleet.py "$O"
	fi
	suite properties python3 test/properties.py -n="$scenarios" "$O"
	suite oracle python3 test/oracle.py -n="$scenarios" "$O"
	suite faults "$O/faults"
	suite killed "$O/killed" "$O/golden-replay"
	suite adversarial "$O/adversarial"
	suite clusters "$O/clusters" 616
	# it builds the copy anew, whatever this is a build of
	[ "$O" != build ] || suite toy test/toy.sh
fi
wait
awk '
	/^ok/ { ok++ }
	/^not ok/ { bad++; on = 1; print FILENAME ": " $0; next }
	/^(ok|1\.\.)/ { on = 0 }
	on && /^ *#/ || on && /^ / || on && /^==/ { print }
	END { printf "%d passed, %d failed\n", ok, bad; exit bad > 0 }
' "$tap"/*
