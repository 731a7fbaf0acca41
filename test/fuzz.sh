#!/bin/sh
# usage: O=build T=60 test/fuzz.sh TARGET...
# Run each target's libFuzzer for T seconds – the target filter with each filter
# for T seconds – from the seeds in testdata/fuzz/<target> and what earlier runs
# found in $O/corpus; print runs and seconds, and add them to $O/fuzz.tsv.
# With RUNS=N it is N runs instead, the same ones every time.
: "${O:?folder of the built programs}"
status=0

fuzz() { # fuzz PATH [FILTER]
	t=${1##*/}
	name=$t${2:+-$2}
	mkdir -p "$O/corpus/$t"
	env ${2:+FILTER="$2"} "$O/fuzz/$1_libfuzz" ${RUNS:+-seed=1} ${RUNS:+-runs="$RUNS"} -max_total_time="${T:-60}" -max_len="${LEN:-8192}" -timeout=20 -rss_limit_mb=2048 \
		-dict="testdata/fuzz/$t.dict" -artifact_prefix="$O/crash-$name-" \
		"$O/corpus/$t" "testdata/fuzz/$t" >"$O/corpus/$name.log" 2>&1 || {
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
