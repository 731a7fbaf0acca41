#!/bin/sh
# usage: O=build N=100 test/same-bytes.sh
# Build with each compiler, optimized and not, for 32 bits, and with clang's
# MemorySanitizer, as far as available.  Each build must pass the golden cases,
# and print the same as the default build for N random scenarios of each filter.
: "${O:?folder of the built programs}"
cd "$(dirname "$0")/.." || exit 2
make=${MAKE:-make}
mkdir -p "$O/same" || exit 2
bad=0
set -- "$O"

build() { # build NAME CC FLAGS [WORD-OF-MAKE]...
	# shellcheck disable=SC2086 # flags are words
	if ! echo '#include <stdio.h>
int main(void) { return 0; }' | $2 $3 -x c -o "$O/same/try" - 2>/dev/null || ! "$O/same/try" 2>/dev/null; then
		echo "skipped $1: programs of $2 $3 do not build or run here"
		return
	fi
	echo "$1: $2 $3"
	name=$1 cc=$2 flags=$3
	shift 3
	$make -s O="$O/same/$name" CC="$cc" CFLAGS="$flags" "$@" all >"$O/same/$name.log" 2>&1 || {
		cat "$O/same/$name.log"
		bad=1
		return
	}
	"$O/same/$name/golden-replay" >"$O/same/$name.tap" || {
		grep '^not ok' "$O/same/$name.tap"
		bad=1
	}
	# large files are opened
	truncate -s 3G "$O/same/large"
	"$O/same/$name/xid-correlate" --rules="$O/same/large" /dev/null 2>&1 | grep -q 'larger than 16M' || {
		echo "not ok - $name: a file of 3 GB"
		bad=1
	}
	built="$built $O/same/$name"
}
built=
build gcc-O0 gcc '-O0'
build gcc-O3 gcc '-O3'
build clang-O0 clang '-O0'
build clang-O3 clang '-O3'
build gcc-m32 gcc '-m32 -O2'
# reads of uninitialized memory; decompression libraries are not instrumented
build msan clang '-O1 -g -fsanitize=memory -fno-omit-frame-pointer' WITHOUT='zlib zstd lzma' \
	CPPFLAGS="$CPPFLAGS -D_XOPEN_SOURCE=700 -include test/msan.h"
# shellcheck disable=SC2086 # folders are words
python3 test/properties.py -n="${N:-100}" "$@" $built >"$O/same/properties.tap" || bad=1
grep -A2 '^not ok' "$O/same/properties.tap"
grep -c '^ok.*: as ' "$O/same/properties.tap" | sed 's/$/ comparisons of a filter were equal/'
exit $bad
