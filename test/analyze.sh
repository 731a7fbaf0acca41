#!/bin/sh
# Three static analyzers, as far as installed; no output means no findings.
# Exceptions and reasons: .clang-tidy, test/cppcheck.txt.
cd "$(dirname "$0")/.." || exit 2
bad=0
files() {
	find lib cmd -name '*.c' ! -name '*_test.c' ! -name '*_fuzz.c' | sort
}
# shellcheck disable=SC2086 # flags are words
set -- -D_POSIX_C_SOURCE=200809L '-DVERSION="x"' -Ilib $CPPFLAGS
files | xargs -P 2 -I '{}' "${GCC:-gcc}" -std=c11 -O2 "$@" -fanalyzer -Werror -c -o /dev/null '{}' || bad=1
files | xargs cppcheck --quiet --std=c11 -j 2 --enable=warning,performance,portability --inline-suppr \
	--suppressions-list=test/cppcheck.txt --error-exitcode=1 "$@" || bad=1
# it counts what it suppresses on stderr
files | xargs -P 2 -I '{}' clang-tidy --quiet '{}' -- -std=c11 "$@" 2>/dev/null || bad=1
exit $bad
