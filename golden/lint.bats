#!/usr/bin/env bats
# Checks of make lint on the library's structure fail on planted faults.
bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	R=$PWD
	T=$BATS_TEST_TMPDIR
}
plant() { # plant FILE LINE...
	mkdir -p "$T/$(dirname "$1")" && printf '%s\n' "${@:2}" >"$T/$1"
}
layers() { # check the planted files
	# shellcheck disable=SC2046 # names without blanks
	(cd "$T" && awk -f "$R/test/layers.awk" $(find lib -name '*.[ch]' | LC_ALL=C sort))
}
circles() { # circles [EXCEPTIONS]: check the planted files, compiled
	(cd "$T" && find lib -name '*.c' | while read -r f; do ${CC:-cc} -c -o "${f%.c}.o" "$f" || return; done &&
		find lib -name '*.o' | LC_ALL=C sort | xargs nm -APg | awk -f "$R/test/circles.awk" "$@" -)
}

@test "layers: a module includes only what its table allows, a pattern no other one" {
	plant lib/base/a.h '/* Layer base: alone. */'
	plant lib/event/b.h '/* Layer event: includes base. */' '#include "base/a.h"'
	plant lib/pattern/one/c.h '/* Layer pattern: includes event. */' '#include "event/b.h"'
	plant lib/pattern/one/c.c '#include "pattern/one/c.h"'
	run -0 layers
	plant lib/base/d.c '#include "event/b.h"'
	run -1 layers
	[ "$output" = "lib/base/d.c:1: layer base includes event" ] && rm "$T/lib/base/d.c"
	plant lib/pattern/two/e.c '#include "pattern/one/c.h"'
	run -1 layers
	[ "$output" = "lib/pattern/two/e.c:1: a pattern includes another" ] && rm "$T/lib/pattern/two/e.c"
	plant lib/base/f.h '/* nothing */'
	run -1 layers
	[ "$output" = "lib/base/f.h: names no layer" ]
}
@test "circles: two files that call each other, and a cycle of three" {
	plant lib/base/a.c 'int b(void);' 'int a(void) { return b(); }'
	plant lib/base/b.c 'int b(void) { return 1; }'
	run -0 circles
	plant lib/base/b.c 'int a(void);' 'int b(void) { return a(); }'
	run -1 circles
	[ "$output" = "lib/base/a.c: circle: uses b of lib/base/b.c
lib/base/b.c: circle: uses a of lib/base/a.c" ] || return 1
	plant lib/base/b.c 'int c(void);' 'int b(void) { return c(); }'
	plant lib/json/c.c 'int a(void);' 'int c(void) { return a(); }'
	run -1 circles
	[ "${#lines[@]}" = 3 ]
}
@test "circles: a table with a function depends on its file" {
	plant lib/base/a.c 'int b(void);' 'int (*const a[])(void) = {b};'
	plant lib/base/b.c 'extern int (*const a[])(void);' 'int b(void) { return a[0](); }'
	run -1 circles
	[ "${#lines[@]}" = 2 ]
}
@test "circles: an exception applies to its folder, and only while it has a cycle" {
	echo lib/base >"$T/known"
	plant lib/base/a.c 'int b(void);' 'int a(void) { return b(); }'
	plant lib/base/b.c 'int a(void);' 'int b(void) { return a(); }'
	run -0 circles "$T/known"
	plant lib/json/c.c 'int d(void);' 'int c(void) { return d(); }'
	plant lib/json/d.c 'int c(void);' 'int d(void) { return c(); }'
	run -1 circles "$T/known"
	[[ $output == "lib/json/c.c: "*"lib/json/d.c: "* && $output != *lib/base* ]] || return 1
	plant lib/base/b.c 'int b(void) { return 1; }'
	rm "$T/lib/json"/*
	run -1 circles "$T/known"
	[ "$output" = "lib/base: no circle any more: remove it from the exceptions" ]
}
