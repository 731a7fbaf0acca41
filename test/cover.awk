#!/usr/bin/awk -f
# From gcov's summary: coverage of lines and branches per file, to be sorted by
# sort(1), and the totals of lib; status 1 if that of lines is below 95 %. A
# branch is covered when it was taken: out of memory and failed writes are
# branches, too.
/^File / { file = $2; gsub(/'/, "", file); if (file !~ /^lib\/.*\.c$/) file = "" }
/^$/ { file = "" } # the sum of all files stands behind one
/^Lines executed:/ && file {
	lines = part($2)
	hit += lines * $NF / 100
	all += $NF
	row[file] = sprintf("%6.2f%% of %4d lines", lines, $NF)
}
/^Taken at least once:/ && file {
	taken = part($4)
	went += taken * $NF / 100
	ways += $NF
	row[file] = row[file] sprintf(", %6.2f%% of %4d branches", taken, $NF)
}
function part(s) { # part("executed:97.50%")
	sub(/.*:/, "", s)
	return s + 0
}
END {
	for (file in row)
		print row[file] "  " file
	if (all)
		printf "%6.2f%% of %4d lines, %6.2f%% of %4d branches of lib\n", 100 * hit / all, all, ways ? 100 * went / ways : 0, ways
	exit !all || hit < .95 * all
}
