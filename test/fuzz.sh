#!/bin/sh
# usage: O=build T=60 test/fuzz.sh TARGET...
# Run each target's libFuzzer for T seconds – the target filter with each filter
# for T seconds – from the seeds in testdata/fuzz/<target> and what earlier runs
# found in $O/corpus; print runs and seconds, and add them to $O/fuzz.tsv.
# With RUNS=N it is N runs from the seeds alone, the same ones every time: the order
# of folders, earlier finds and the addresses of memory, all of which steer libFuzzer,
# are kept out.  T then only ends what hangs.
: "${O:?folder of the built programs}"
status=0
# the command that keeps addresses fixed, where it may
fixed=
setarch -R true 2>/dev/null && fixed='setarch -R'

fuzz() { # fuzz PATH [FILTER]
	path=$1 filter=${2-}
	t=${path##*/}
	name=$t${filter:+-$filter}
	mkdir -p "$O/corpus/$t"
	if [ "${RUNS-}" ]; then
		find "testdata/fuzz/$t" -type f | LC_ALL=C sort | paste -s -d , - >"$O/corpus/$name.seeds"
		set -- -seed=1 -runs="$RUNS" -seed_inputs=@"$O/corpus/$name.seeds"
	else
		set -- "$O/corpus/$t" "testdata/fuzz/$t"
	fi
	env ${filter:+FILTER="$filter"} ${RUNS:+$fixed} "$O/fuzz/${path}_libfuzz" -max_total_time="${T:-60}" -max_len="${LEN:-8192}" -timeout=20 -rss_limit_mb=2048 \
		-dict="testdata/fuzz/$t.dict" -artifact_prefix="$O/crash-$name-" "$@" >"$O/corpus/$name.log" 2>&1 || {
		tail -n 40 "$O/corpus/$name.log"
		echo "fuzz: $name failed; what made it fail is in $O/crash-$name-*"
		status=1
	}
	sed -n 's/^Done \([0-9]*\) runs in \([0-9]*\) second.*/'"$name"'\t\1\t\2/p' "$O/corpus/$name.log" | tee -a "$O/fuzz.tsv"
}

for path; do
	if [ "$path" = lib/filter/filter ]; then
		for filter in cmd/*.c; do
			filter=$(basename "$filter" .c)
			[ "$filter" = golden-replay ] || fuzz "$path" "$filter"
		done
	else
		fuzz "$path"
	fi
done
exit $status
