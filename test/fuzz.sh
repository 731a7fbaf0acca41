#!/bin/sh
# usage: O=build T=60 test/fuzz.sh TARGET...
# Run each target's libFuzzer for T seconds, from the seeds in
# testdata/fuzz/<target> and what earlier runs found in $O/corpus; print runs
# and seconds, and add them to $O/fuzz.tsv.
: "${O:?folder of the built programs}"
status=0
for path; do
	t=${path##*/}
	mkdir -p "$O/corpus/$t"
	"$O/fuzz/${path}_libfuzz" -max_total_time="${T:-60}" -max_len="${LEN:-8192}" -timeout=20 -rss_limit_mb=2048 \
		-dict="testdata/fuzz/$t.dict" -artifact_prefix="$O/crash-$t-" \
		"$O/corpus/$t" "testdata/fuzz/$t" >"$O/corpus/$t.log" 2>&1 || {
		tail -n 40 "$O/corpus/$t.log"
		echo "fuzz: $t failed; what made it fail is in $O/crash-$t-*"
		status=1
	}
	sed -n 's/^Done \([0-9]*\) runs in \([0-9]*\) second.*/'"$t"'\t\1\t\2/p' "$O/corpus/$t.log" | tee -a "$O/fuzz.tsv"
done
exit $status
