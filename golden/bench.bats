#!/usr/bin/env bats
# The gates of bench/check.sh can fail.  The baseline serves as the
# measurement: no bench is run here.
bats_require_minimum_version 1.5.0
load filters

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	T=$BATS_TEST_TMPDIR
	cp bench/baseline.tsv bench/registry.tsv "$T"
	export BASELINE=$T/baseline.tsv REGISTRY=$T/registry.tsv
}

# Lower a non-zero column of a baseline row by a fifth.
lower() { # lower BENCH COLUMN
	awk -F'\t' -v OFS='\t' -v b="$1" -v c="$2" '$1 == b && $c > 0 { $c = int($c / 1.2); n++ } { print } END { exit n != 1 }' \
		bench/baseline.tsv >"$BASELINE"
}

@test "gates: results equal to the baseline pass" {
	run -0 bench/check.sh -m bench/baseline.tsv
	[[ $output != *WORSE* ]]
}
@test "gates: a lower baseline fails, in each figure" {
	for c in 3 4 5; do
		lower xid-correlate/xid-correlate $c
		run -1 bench/check.sh -m bench/baseline.tsv
		[ "$(grep -c WORSE <<<"$output")" = 1 ]
	done
	lower pcie_aer 5
	run -1 bench/check.sh -m bench/baseline.tsv
	[[ $output == *"pcie_aer	instructions"*WORSE* ]]
}
@test "gates: a change of a tenth passes, a new allocation does not" {
	awk -F'\t' -v OFS='\t' '!/^#/ { $5 = int($5 * 1.09) } { print }' bench/baseline.tsv >"$T/now"
	run -0 bench/check.sh -m "$T/now"
	awk -F'\t' -v OFS='\t' '$1 == "nccl_hang" { $3 = 1; $4 = 1 } { print }' bench/baseline.tsv >"$T/now"
	run -1 bench/check.sh -m "$T/now"
	[[ $output == *"nccl_hang	OVER ITS CEILING"*"nccl_hang	allocations	0	1	WORSE"* ]]
}
@test "gates: exceeding a limit fails, even if no worse than the baseline" {
	sed -i 's|^\(xid-correlate/flood\t.*\t\).*|\12|' "$REGISTRY"
	awk -F'\t' -v OFS='\t' '$1 == "xid-correlate/flood" { $4 = 3 * $2 } { print }' bench/baseline.tsv >"$BASELINE"
	run -1 bench/check.sh -m "$BASELINE"
	[[ $output == *"xid-correlate/flood	OVER ITS CEILING"* && $output != *WORSE* ]]
}
@test "gates: a bench without a measurement or baseline fails" {
	sed 's/^thermal_throttle\t.*/thermal_throttle\t/' bench/baseline.tsv >"$T/now"
	run -1 bench/check.sh -m "$T/now"
	[[ $output == *"thermal_throttle	NOT MEASURED"* ]]
	sed '/^pod_evicted\t/d' bench/baseline.tsv >"$T/now"
	run -1 bench/check.sh -m "$T/now"
	[[ $output == *"pod_evicted	NOT MEASURED"* ]]
	sed -i '/^hbm_ecc\t/d' "$BASELINE"
	run -1 bench/check.sh -m bench/baseline.tsv
	[[ $output == *"hbm_ecc	NO BASELINE"* ]]
	: >"$REGISTRY"
	run -1 bench/check.sh -m bench/baseline.tsv
}
@test "gates: all patterns and all filters are registered" {
	ids=$(sed -n 's/^\t&\([a-z_]*\),.*/\1/p' lib/filter/filters.c | grep -vx inquest) # it runs the detectors of the others
	[ "$ids" ]
	for id in $ids; do
		grep -q "^$id	detector	0	0$" bench/registry.tsv
	done
	for f in $(filters); do
		grep -q "^$f/.*	pipeline	" bench/registry.tsv
	done
}
