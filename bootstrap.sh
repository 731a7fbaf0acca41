#!/bin/sh
# Install what is missing, configure, run make "$@".
usage() {
	cat <<'END'
usage: ./bootstrap.sh [OPTION]... demo
       ./bootstrap.sh [OPTION]... [MAKE-WORD]...

Install what is missing for what is asked, configure, and then
  demo         build, and run inquest on a recorded incident
  check        build, run all tests; ends in "N passed, N failed"
  other words  make with these words: all, asan, lint, install DESTDIR=..., -j8

      --help            print this and exit
      --no-install      install nothing: alone, list what is missing, status 1
                        if anything is; with words, continue if the build can
      --with-jsmn=DIR   folder that holds jsmn.h, where it has no package
      --prefix=DIR, --enable-werror, ...
                        these go to ./configure, see ./configure --help

Packages come from apt, dnf, apk, pacman or brew, with sudo unless run by root.
Nothing else uses the network. CC, CFLAGS, CPPFLAGS and LDFLAGS are honored.
END
}

# What we need, and the packages that have it. "-": there is none.
packages='
need		apt-get			dnf			apk		pacman			brew
cc		gcc,libc6-dev		gcc			gcc,musl-dev	gcc			gcc
make		make			make			make		make			make
autoconf	autoconf		autoconf		autoconf	autoconf		autoconf
jsmn.h		libjsmn-dev		jsmn-devel		-		-			jsmn
zlib.h		zlib1g-dev		zlib-devel		zlib-dev	zlib			zlib
zstd.h		libzstd-dev		libzstd-devel		zstd-dev	zstd			zstd
lzma.h		liblzma-dev		xz-devel		xz-dev		xz			xz
bats		bats			bats			bats		bats			bats-core
jsonschema	python3-jsonschema	python3-jsonschema	py3-jsonschema	python-jsonschema	-
jq		jq			jq			jq		jq			jq
mandoc		mandoc			mandoc			mandoc		mandoc			mandoc
bwrap		bubblewrap		bubblewrap		bubblewrap	bubblewrap		-
parallel	parallel		parallel		parallel	parallel		parallel
xmllint		libxml2-utils		libxml2			libxml2-utils	libxml2			libxml2
chromium	chromium		chromium		chromium	chromium		-
xz		xz-utils		xz			xz		xz			xz
zstd		zstd			zstd			zstd		zstd			zstd
yq		yq			yq			yq		yq			yq
sanitizers	gcc,libc6-dev		libasan,libubsan	-		gcc			gcc
clang		clang			clang			clang		clang			llvm
m32		gcc-multilib		glibc-devel.i686,libgcc.i686	-	lib32-glibc,lib32-gcc-libs	-
shellcheck	shellcheck		ShellCheck		shellcheck	shellcheck		shellcheck
valgrind	valgrind		valgrind		valgrind	valgrind		-
dpkg-shlibdeps	dpkg-dev		dpkg-dev		dpkg-dev	dpkg			-
git		git			git			git		git			git
libfuzzer	clang,libclang-rt-dev	clang,compiler-rt	clang,compiler-rt	clang,compiler-rt	llvm
clang-tidy	clang-tidy		clang-tools-extra	clang-extra-tools	clang		llvm
cppcheck	cppcheck		cppcheck		cppcheck	cppcheck		cppcheck
lintian		lintian			-			-		-			-
seccomp		python3-seccomp		-			-		-			-
'

say() {
	printf 'bootstrap: %s\n' "$*" >&2
}
die() {
	say "$*"
	exit 1
}
run() { # run COMMAND...: show it, keep its output for when it fails
	printf '+ %s\n' "$*" >&2
	"$@" >"$log" 2>&1 </dev/null || {
		status=$?
		cat "$log" >&2
		say "status $status from: $*"
		return "$status"
	}
}
as_root() {
	if [ "$manager" = brew ] || [ "$(id -u)" -eq 0 ]; then
		run "$@"
	else
		run sudo "$@"
	fi
}

# The column of this machine's package manager.
package() { # package NEED
	printf '%s\n' "$packages" | while read -r need apt dnf apk pacman brew; do
		[ "$need" = "$1" ] || continue
		case $manager in
		apt-get) echo "$apt" ;;
		dnf) echo "$dnf" ;;
		apk) echo "$apk" ;;
		pacman) echo "$pacman" ;;
		brew) echo "$brew" ;;
		esac
	done | sed 's/^-$//; s/,/ /g'
}
install() { # install PACKAGE...
	case $manager in
	apt-get) as_root env LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@" ;;
	dnf) as_root dnf install -y "$@" ;;
	apk) as_root apk add "$@" ;;
	pacman) as_root pacman -S --needed --noconfirm "$@" ;;
	brew) as_root brew install "$@" ;;
	esac
}
refresh() { # package lists; old ones may do
	case $manager in
	apt-get) as_root apt-get -o DPkg::Lock::Timeout=300 update ;;
	apk) as_root apk update ;;
	pacman) as_root pacman -Sy ;;
	esac
}

gnu_make() {
	for make in "${MAKE:-make}" gmake; do
		"$make" --version 2>/dev/null | grep -q '^GNU Make' && return
	done
	return 1
}
preprocess() { # preprocess HEADER
	# shellcheck disable=SC2046,SC2086 # flags are words
	echo "#include <$1>" | ${CC:-cc} $CPPFLAGS $(sed -n 's/^CPPFLAGS = //p' config.mk 2>/dev/null) -E -x c - >/dev/null 2>&1
}
has() { # has NEED
	case $1 in
	cc) preprocess stdio.h ;;
	make) gnu_make ;;
	autoconf)
		# shellcheck disable=SC3013 # -nt is POSIX now
		{ [ -f configure ] && ! [ configure.ac -nt configure ] && ! [ VERSION -nt configure ]; } || command -v autoconf
		;;
	# a folder named by hand is for ./configure to judge
	jsmn.h) case $options in *--with-jsmn*) ;; *) preprocess jsmn.h ;; esac ;;
	*.h)
		case $options in
		*--without-"${1%.h}"*) ;;
		*) preprocess "$1" ;;
		esac
		;;
	jsonschema) # as in test/schema.sh
		for python in python3 /usr/bin/python3; do
			"$python" -c 'from jsonschema import Draft202012Validator' && break
		done
		;;
	sanitizers) echo 'int main(void) { return 0; }' | ${CC:-cc} -fsanitize=address,undefined -x c -o "$log.out" - && rm "$log.out" ;;
	m32) # other machines have no such thing
		[ "$(uname -m)" != x86_64 ] || {
			printf '#include <stdio.h>\nint main(void) { return 0; }\n' | gcc -m32 -x c -o "$log.out" - && rm "$log.out"
		}
		;;
	libfuzzer) # with the sanitizers
		echo 'int LLVMFuzzerTestOneInput(const char *p, long n) { return p && n < 0; }' |
			clang -fsanitize=fuzzer,address,undefined -x c -o "$log.out" - && rm "$log.out"
		;;
	seccomp) /usr/bin/python3 -c 'import seccomp' ;;
	*) command -v "$1" ;;
	esac >/dev/null 2>&1
}
lacking() { # lacking NEED...: those missing, each once
	list=''
	for need; do
		case "$list " in *" $need "*) continue ;; esac
		has "$need" || list="$list $need"
	done
	printf '%s' "$list"
}

needed() { # needed NEED...: those that the build and most tests cannot do without
	for need; do
		case $need in
		zlib.h | zstd.h | lzma.h | bwrap | parallel | xmllint | chromium | lintian | seccomp) ;;
		*) printf ' %s' "$need" ;;
		esac
	done
}

how_to_get() { # how_to_get NEED: where no package has it
	case $1 in
	jsmn.h) say 'jsmn.h: get this one file from https://github.com/zserge/jsmn,' \
		"then: ./bootstrap.sh --with-jsmn=DIR $words" ;;
	jsonschema) say 'jsonschema: python3 -m pip install jsonschema' ;;
	*) say "$1: install it by hand" ;;
	esac
}

get() { # get NEED...
	missing=$(lacking "$@")
	[ "$missing" ] || return 0
	# shellcheck disable=SC2086 # needs are words
	needed=$(needed $missing)
	manager=
	for m in apt-get dnf apk pacman brew; do
		command -v $m >/dev/null 2>&1 && manager=$m && break
	done
	names=
	for need in $missing; do
		names="$names $(package "$need")"
	done
	# shellcheck disable=SC2086 # names are words
	set -- $names
	say "missing:$missing"
	[ $# -eq 0 ] || say "packages of $manager: $*"
	if [ $# -gt 0 ] && [ ! "$no_install" ]; then
		if [ "$manager" != brew ] && [ "$(id -u)" -ne 0 ]; then
			{ command -v sudo >/dev/null && sudo true; } ||
				{ [ "$needed" ] && die 'to install them you must be root or have sudo'; } ||
				{ say 'continuing without them: installing needs root or sudo' && return; }
		fi
		say "installing them with $manager"
		refresh || say 'going on with the package lists at hand'
		# a name that is unknown must not keep the others away; without a network all fail
		install "$@" || grep -q 'Unable to fetch' "$log" || for name; do
			install "$name"
		done
		# shellcheck disable=SC2086
		missing=$(lacking $missing)
	fi
	# shellcheck disable=SC2086
	[ "$no_install" ] && [ ! "$words" ] || missing=$(needed $missing)
	[ "$missing" ] || return 0
	for need in $missing; do
		if [ ! "$no_install" ] || [ ! "$(package "$need")" ]; then
			how_to_get "$need"
		fi
	done
	die "still missing:$missing"
}

setup() {
	# "make configure" runs autoconf only where configure is missing or old
	run "$make" configure || exit
	# shellcheck disable=SC2086,SC3013 # options are words; -nt is POSIX now
	if [ "$options" ] || [ ! -f config.mk ] || [ configure -nt config.mk ]; then
		run ./configure $options || exit
	fi
}

demo() {
	run "$make" -j"$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)" all || exit
	in=testdata/incidents/xid79
	inquest=$O/inquest
	out=$O/demo
	cat <<-END

		Three GPU nodes, their kernel journals and the cluster's Events of one night:
		  $in/journal.json  journalctl -k -o json
		  $in/events.json   kubectl get events -A -o json
		What broke, what came of it, and what is to be done first?

		\$ $inquest $in/journal.json $in/events.json >$out.jsonl
		\$ $inquest -o text $out.jsonl
	END
	"$inquest" "$in/journal.json" "$in/events.json" >"$out.jsonl" && "$inquest" -o text "$out.jsonl" || exit
	[ -s "$out.jsonl" ] || die 'the demo found no incident'
	printf '$ %s\n' "$inquest -o html $out.jsonl >$out.html"
	"$inquest" -o html "$out.jsonl" >"$out.html" || exit
	cat <<-END
		The page, with a time line of each incident: $(cd "$O" && pwd)/demo.html

		How to read it: an incident is what broke, and what came of it.
		  DO       what to do first; CORDON: the node to take out of use
		  1, 2, …  the facts, when each was seen or how much later than the one above,
		           and which fact it came from, by which rule
		  SURE     whether every link of the chain is sure, or what is missing
		$out.jsonl has the same as JSON, with the records that each fact rests on.
		One pattern alone, with all that its verdicts say: $O/xid-correlate -o text, ...
	END
}

cd "$(dirname "$0")" || exit
O=${O:-build}
log=$O/bootstrap.log
no_install=''
options=''
for arg; do
	shift
	case $arg in
	--help)
		usage
		exit
		;;
	--no-install) no_install=1 ;;
	--?*) options="$options $arg" ;;
	*) set -- "$@" "$arg" ;;
	esac
done
words=$*

if command -v brew >/dev/null 2>&1; then # the compiler may not look there
	: "${CPPFLAGS=-isystem $(brew --prefix)/include}"
	export CPPFLAGS
fi

needs='cc make autoconf jsmn.h zlib.h zstd.h lzma.h'
for word; do
	case $word in
	check | cover | asan) needs="$needs bats jsonschema mandoc jq bwrap parallel xmllint chromium xz zstd yq shellcheck" ;;
	esac
	case $word in
	asan) needs="$needs sanitizers" ;;
	lint) needs="$needs mandoc shellcheck" ;;
	memcheck | bench-check) needs="$needs valgrind" ;;
	same-bytes) needs="$needs clang m32" ;;
	analyze) needs="$needs clang-tidy cppcheck" ;;
	fuzz) needs="$needs libfuzzer" ;;
	dist | distcheck) needs="$needs git" ;;
	deb) needs="$needs dpkg-shlibdeps" ;;
	release) needs="$needs git jq dpkg-shlibdeps" ;;
	check-packages) needs="$needs bats dpkg-shlibdeps bwrap jq lintian seccomp" ;;
	esac
done
mkdir -p "$O" || exit
# shellcheck disable=SC2086 # needs are words
get $needs
if [ "$no_install" ] && [ ! "$words" ]; then
	say 'nothing is missing'
	exit
fi
gnu_make
setup
case $words in
demo) demo ;;
*) exec "$make" "$@" ;;
esac
