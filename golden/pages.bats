#!/usr/bin/env bats
# The contents of the manual pages in sections 5 and 7 are true.
bats_require_minimum_version 1.5.0
load filters

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	R=$PWD
	B=$(cd "${O:-build}" && pwd)
	T=$BATS_TEST_TMPDIR
}

@test "inquest-input(5): each filter reads from each example what the page shows" {
	n=0
	awk -v dir="$T" -f test/examples.awk "$B/man/inquest-input.5" >"$T/list"
	while read -r i filter words; do
		options='' kinds=''
		for w in $words; do
			case $w in *=*) kinds="$kinds $w" ;; *) options="$options $w" ;; esac
		done
		# shellcheck disable=SC2086
		said=$("$B/$filter" -q --stats $options "$T/$i" 2>&1) || { echo "$i $filter: $said"; return 1; }
		for k in $kinds; do
			[[ $said == *"\"${k%=*}\":{\"count\":${k#*=},"* ]] || { echo "$i $filter $k: $said"; return 1; }
		done
		n=$((n + 1))
	done <"$T/list"
	[ $n -ge 20 ] && [ $n -ge "$(grep -c '^\.Bd' "$B/man/inquest-input.5")" ]
}
@test "inquest-input(5): each dialect and text reader has a tested example" {
	rows() { sed -n "/^#define $1/,/[^\\\\]\$/p" "$2" | grep -o "$3([a-z_]*" | sed 's/.*(//'; }
	want=$({ rows DIALECTS lib/input/dialect/dialect.h DIALECT && rows TEXT_READERS lib/input/text/text.h READER; } | sort)
	got=$(awk '/^\.\\" try / { tried = 1; next } /^\.\\" of / && tried { print $3; next } { tried = 0 }' "$B/man/inquest-input.5" | sort)
	[ "$(wc -l <<<"$want")" -ge 20 ] && diff <(echo "$want") <(echo "$got")
}
@test "inquest-input(5): every attribute that makes a record flat is in the page" {
	n=0
	for gate in $(sed -n '/^} kinds\[\] = {/,/^};/s/.*{STR_INIT("\([a-z0-9_.]*\)").*/\1/p' lib/input/dialect/flat.c); do
		grep -q "^\.Sy $gate" "$B/man/inquest-input.5" || { echo "$gate"; return 1; }
		n=$((n + 1))
	done
	[ $n -ge 11 ]
}
@test "inquest-verdict(5): members of each pattern equal its schema's, in that order" {
	n=0
	for schema in man/schema/*.json; do
		name=$(jq -r '.properties["pattern.name"].const // empty' "$schema")
		[ "$name" ] || continue
		want=$(jq -r '.properties | keys_unsorted[]' "$schema" |
			grep -vxE 'pattern.id|pattern.name|id|headline|remediation|action|confidence|missing_layers|evidence_trail')
		got=$(awk -v name="$name," '/^\.S[sh]/ { on = $2 != "" && $3 == name; next } on && /^\.Va/' "$B/man/inquest-verdict.5" |
			tr ' ' '\n' | grep '[a-z]' | grep -v Va)
		[ "$got" = "$want" ] || { echo "$name"; diff <(echo "$got") <(echo "$want"); return 1; }
		n=$((n + 1))
	done
	[ $n = $(($(filters | wc -l) + 1)) ] # plus the one of incidents
}
@test "inquest-verdict(5): the kinds of evidence are those of the schemas" {
	[ "$(awk '/^\.Ss/ { on = /Kinds/ } on && /^\.It Cm/ { print $3 }' "$B/man/inquest-verdict.5")" = \
	  "$(jq -r '.["$defs"].evidence.properties.kind.enum[]' man/schema/verdict.schema.json)" ]
}
@test "inquest(7): commands of the tour print the output shown" {
	mkdir "$T/work" && cd "$T/work" && cp "$R"/testdata/incidents/{xid79,nccl-loader}/* . && n=0
	while IFS= read -r line; do
		case $line in
		'.Dl '*)
			command+=${line#.Dl }
			case $command in
			*'\e') command=${command%'\e'}; continue ;;
			*for*ssh* | '$ kubectl'*) ;;
			*) said=$(PATH=$B:$PATH bash -c "${command#$ }" 2>&1) ;;
			esac
			command= ;;
		'.\" prints') shown=1 ;;
		.Ed) shown= ;;
		.Bd* | '\&...') ;;
		*)	[ "$shown" ] || continue
			grep -qxF -e "$line" <<<"$said" || { echo "not printed: $line"; return 1; }
			n=$((n + 1)) ;;
		esac
	done <"$B/man/inquest.7"
	[ $n -ge 13 ]
}
@test "inquest(7) lists exactly the existing pages" {
	for p in "$B"/man/*.[157]; do
		p=${p##*/}
		[ "$p" = inquest.7 ] || grep -q "^\.Xr ${p%.*} ${p##*.}" "$B/man/inquest.7" || { echo "$p"; return 1; }
	done
	while read -r _ name section _; do
		[ -f "$B/man/$name.$section" ] || { echo "$name($section)"; return 1; }
	done < <(grep '^\.Xr' "$B/man/inquest.7")
}
@test "pages are complete; each common part is in at least two pages" {
	! grep '^\.so' "$B"/man/*.[157] || return 1
	for part in man/common/*.mdoc; do
		[ "$(grep -l "^\.so ${part#man/}\$" man/*.[157] | wc -l)" -ge 2 ] || { echo "$part"; return 1; }
	done
}
@test "a page that includes a missing part is not built" {
	printf '.so common/none.mdoc\n' >"$T/page.1"
	run -1 awk -f man/join.awk "$T/page.1"
	[ "$output" = "$T/page.1: cannot read common/none.mdoc" ]
}
@test "README.md names every filter and every recipe" {
	for f in $(filters); do
		grep -q "^| \`$f\` | " README.md || { echo "$f"; return 1; }
	done
	for f in share/recipes/*; do
		grep -q "^|.* \`${f##*/}\`.* | " README.md || { echo "$f"; return 1; }
	done
	! grep -En 'inquest:[0-9.]+' share/recipes/* | grep -vF ":$(cat VERSION)"
}
