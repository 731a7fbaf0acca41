#!/usr/bin/env bats
# Folders as operands: exactly the files below them.
bats_require_minimum_version 1.5.0
load filters

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	B=$(cd "${O:-build}" && pwd)
	T=$BATS_TEST_TMPDIR
	mkdir -p "$T/dump/b/c" "$T/dump/a" "$T/empty"
}


@test "each filter prints for a folder what it prints for its files, compressed or not" {
	for f in $(filters); do
		rm -rf "$T/dump" && n=0
		for i in $(input "$f"); do
			n=$((n + 1))
			mkdir -p "$T/dump/$n" && cp "$i" "$T/dump/$n"
		done
		gzip -r "$T/dump"
		[ "$("$B/$f" -q $(input "$f"))" = "$("$B/$f" -q "$T/dump/")" ] && [ -n "$("$B/$f" -q "$T/dump")" ] || { echo "$f"; return 1; }
	done
}
@test "inquest reads folders" {
	cp testdata/bundle/* "$T/dump/b"
	[ "$("$B/inquest" -q testdata/bundle/*)" = "$("$B/inquest" -q "$T/dump")" ]
}
@test "files are read recursively, in order of names" {
	for i in b/2 b/1 a.log a/9 b/c/3; do
		echo '{"kernelevents.xid":79,"n":"'$i'"}' >"$T/dump/$i"
	done
	[ "$("$B/xid-correlate" -s "$T/dump" | sed 's/.*"n":"//; s/"}//' | tr '\n' ' ')" = "a/9 a.log b/1 b/2 b/c/3 " ]
}
@test "links, special files and binaries are skipped with a notice" {
	echo '{"kernelevents.xid":79}' >"$T/xid"
	ln -s "$T/xid" "$T/dump/link" && ln -s "$T" "$T/dump/up" && mkfifo "$T/dump/pipe" && cp "$B/xid-correlate" "$T/dump/a/core"
	printf '\0\0\0{"kernelevents.xid":78}\n' >"$T/dump/padded"
	run -0 --separate-stderr "$B/xid-correlate" -s "$T/dump"
	[ "$output" = '{"kernelevents.xid":78}' ] &&
	[[ $stderr == *"$T/dump: 3 links or special files were left out, first $T/dump/link"* ]] &&
	[[ $stderr == *"$T/dump: 1 binary file was left out: $T/dump/a/core"* ]] || return 1
	run -0 --separate-stderr "$B/xid-correlate" -q -s "$T/dump"
	[ -z "$stderr" ]
}
@test "a folder without files, and one that cannot be read" {
	run -0 --separate-stderr "$B/xid-correlate" "$T/empty"
	[[ $stderr == *"$T/empty: no file in this folder"* ]] || return 1
	[ "$(id -u)" != 0 ] || skip "root may read everything"
	chmod 0 "$T/dump/a"
	run -2 "$B/xid-correlate" "$T/dump"
	[[ $output == *"$T/dump/a: Permission denied"* ]]
}
