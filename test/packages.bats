#!/usr/bin/env bats
# "make check-packages": what make static and make deb left.
bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	B=${O:-build}
	I=testdata/incidents/xid79
	want=$("$B/xid-correlate" $I/journal.json $I/events.json)
}

@test "static: each program is a PIE that needs nothing but the kernel, and says the same" {
	n=0
	for p in cmd/*.c; do
		p=$B/static/$(basename "$p" .c)
		! readelf -d "$p" | grep NEEDED && ! readelf -l "$p" | grep INTERP && readelf -hW "$p" | grep -q 'Type: *DYN' || { echo "$p"; return 1; }
		n=$((n + 1))
	done
	[ -n "$want" ] && [ "$want" = "$("$B/static/xid-correlate" $I/journal.json $I/events.json)" ]
}
@test "deb: programs, pages, completions, recipes; its sums and its dependencies are right" {
	deb=inquest_$(cat VERSION)_$(dpkg --print-architecture).deb
	T=$BATS_TEST_TMPDIR
	dpkg-deb -x "$deb" "$T/root" && dpkg-deb -e "$deb" "$T/control" &&
	[ "$want" = "$("$T/root/usr/bin/xid-correlate" $I/journal.json $I/events.json)" ] &&
	for f in man/man1/hbm-ecc.1.gz man/man5/inquest-input.5.gz man/man7/inquest.7.gz bash-completion/completions/thermal \
		inquest/recipes/cron-job inquest/schema/verdict.schema.json doc/inquest/copyright doc/inquest/changelog.gz; do
		[ -s "$T/root/usr/share/$f" ] || { echo "$f"; return 1; }
	done &&
	(cd "$T/root" && md5sum --quiet -c ../control/md5sums) &&
	[ "$(find "$T/root" -type f | wc -l)" = "$(wc -l <"$T/control/md5sums")" ] &&
	grep -q '^Depends: .*libc6' "$T/control/control" && ! grep -q @ <(grep -v ^Maintainer "$T/control/control")
}
@test "deb: lintian finds no error" {
	command -v lintian >/dev/null || skip "no lintian"
	run -0 lintian --allow-root --fail-on error inquest_"$(cat VERSION)"_*.deb
}
