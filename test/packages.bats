#!/usr/bin/env bats
# "make check-packages": the results of make static and make deb.
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

# jail PROFILE COMMAND...: in an empty root with the programs and the incidents,
# both read-only, as nobody, without a network or capabilities, with a seccomp profile
jail() {
	/usr/bin/python3 - "$1" "$BATS_TEST_TMPDIR/bpf" <<-'END' || return 1
		import json, seccomp, sys
		profile = seccomp.SyscallFilter(seccomp.ERRNO(1))
		for rule in json.load(open(sys.argv[1]))["syscalls"]:
		    for name in rule["names"]:
		        profile.add_rule(seccomp.ALLOW, name)
		profile.export_bpf(open(sys.argv[2], "wb"))
	END
	shift
	bwrap --unshare-all --as-pid-1 --uid 65534 --gid 65534 --cap-drop ALL --ro-bind "$B/static" /bin --ro-bind testdata/incidents /in \
		--remount-ro / --seccomp 9 "$@" 9<"$BATS_TEST_TMPDIR/bpf"
}
@test "image: each static program says the same alone in an empty root, under seccomp.json and without privileges" {
	P=share/recipes/seccomp.json
	{ command -v bwrap && /usr/bin/python3 -c 'import seccomp'; } >/dev/null 2>&1 || skip "no bwrap, or no python3-seccomp"
	bwrap --unshare-all --ro-bind / / true 2>/dev/null || skip "bwrap may not make namespaces here"
	n=0
	for p in cmd/*.c; do
		p=$(basename "$p" .c)
		[ "$p" != golden-replay ] || continue
		for i in testdata/incidents/*/; do
			files=("$i"*)
			want=0 is=0
			"$B/$p" -q "${files[@]}" >"$BATS_TEST_TMPDIR/want" 2>/dev/null || want=$?
			jail $P "/bin/$p" -q "${files[@]/#testdata\/incidents//in}" >"$BATS_TEST_TMPDIR/is" 2>/dev/null || is=$?
			[ $want = $is ] && cmp "$BATS_TEST_TMPDIR/want" "$BATS_TEST_TMPDIR/is" || { echo "$p $i: $want $is"; return 1; }
			[ ! -s "$BATS_TEST_TMPDIR/is" ] || n=$((n + 1))
		done
	done
	[ $n -ge 10 ] || { echo "$n with verdicts"; return 1; }
	# it holds: without one of the calls nothing is read
	jq '.syscalls[].names -= ["openat"]' $P >"$BATS_TEST_TMPDIR/less" &&
	run ! jail "$BATS_TEST_TMPDIR/less" /bin/inquest -q /in/xid79/journal.json && [[ $output == *"Operation not permitted"* ]]
}
