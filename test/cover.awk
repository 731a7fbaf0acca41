#!/usr/bin/awk -f
# From gcov's summary: coverage per file, least first is left to sort(1), and
# the sum over all lines of lib; status 1 if that is below 95 %.
/^File / { file = $2; gsub(/'/, "", file) }
/^Lines executed:/ {
	if (file !~ /^lib\/.*\.c$/) next
	split($2, p, /[:%]/)
	lines = $NF
	hit += lines * p[2] / 100
	all += lines
	printf "%6.2f%% of %4d  %s\n", p[2], lines, file
	file = ""
}
END {
	if (all) printf "%6.2f%% of %4d lines of lib\n", 100 * hit / all, all
	exit !all || hit < .95 * all
}
