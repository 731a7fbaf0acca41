# shellcheck shell=bash
# What bats files share: the filters, and what test/filters.tsv says of each.

filters() { # their names, one a line; inquest is none, it runs them all
	local f
	for f in cmd/*.c; do
		f=${f##*/} f=${f%.c}
		case $f in golden-replay|inquest) ;; *) echo "$f" ;; esac
	done
}
known() { # known FILTER COLUMN: of test/filters.tsv; fails if the filter has no row
	awk -F'\t' -v f="$1" -v c="$2" '$1 == f { print $c; n++ } END { exit !n }' test/filters.tsv ||
		{ echo "test/filters.tsv: no row for $1" >&2; return 1; }
}
input() { # files in which the filter finds something
	known "$1" 2
}
