#!/bin/sh
# usage: O=build N=100 test/same-bytes.sh
# Build with each compiler, optimised and not, for 32 bits, and with clang's
# MemorySanitizer, as far as the machine has them; each must replay the golden cases, and say the same as the
# usual build about N random scenarios of each filter.
: "${O:?folder of the built programs}"
cd "$(dirname "$0")/.." || exit 2
make=${MAKE:-make}
mkdir -p "$O/same" || exit 2
bad=0
set -- "$O"

build() { # build NAME CC FLAGS [WORD-OF-MAKE]
	# shellcheck disable=SC2086 # flags are words
	if ! echo '#include <stdio.h>
int main(void) { return 0; }' | $2 $3 -x c -o "$O/same/try" - 2>/dev/null; then
		echo "skipped $1: $2 $3 does not build programs here"
		return
	fi
	echo "$1: $2 $3"
	$make -s O="$O/same/$1" CC="$2" CFLAGS="$3" ${4:+"$4"} all >"$O/same/$1.log" 2>&1 || {
		cat "$O/same/$1.log"
		bad=1
		return
	}
	"$O/same/$1/golden-replay" >"$O/same/$1.tap" || {
		grep '^not ok' "$O/same/$1.tap"
		bad=1
	}
	# large files are opened
	truncate -s 3G "$O/same/large"
	"$O/same/$1/xid-correlate" --rules="$O/same/large" /dev/null 2>&1 | grep -q 'larger than 16M' || {
		echo "not ok - $1: a file of 3 GB"
		bad=1
	}
	built="$built $O/same/$1"
}
built=
build gcc-O0 gcc '-O0'
build gcc-O3 gcc '-O3'
build clang-O0 clang '-O0'
build clang-O3 clang '-O3'
build gcc-m32 gcc '-m32 -O2'
# reads of what was never set; what unpacks was not built with it
build msan clang '-O1 -g -fsanitize=memory -fno-omit-frame-pointer' WITHOUT='zlib zstd lzma'
# shellcheck disable=SC2086 # folders are words
python3 test/properties.py -n="${N:-100}" "$@" $built >"$O/same/properties.tap" || bad=1
grep -A2 '^not ok' "$O/same/properties.tap"
grep -c '^ok.*: as ' "$O/same/properties.tap" | sed 's/$/ comparisons of a filter were equal/'
exit $bad
