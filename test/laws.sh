#!/bin/sh
# Rules that grep can check: functions allowed in one place only, and banned
# ones.
cd "$(dirname "$0")/.." || exit 2
bad=0
law() { # law MESSAGE PATTERN FILES...
	what=$1 pattern=$2
	shift 2
	[ $# -gt 0 ] || return 0
	if grep -nE "(^|[^A-Za-z0-9_])($pattern) *\\(" "$@" /dev/null; then
		echo "law: $what"
		bad=1
	fi
}
all=$(find lib cmd -name '*.[ch]' ! -name '*_test.c' ! -name '*_fuzz.c' ! -name test.h ! -name 'test_*.h' ! -name fuzz.h)
but() { # all files but these
	echo "$all" | grep -vxE "$1"
}
# shellcheck disable=SC2046,SC2086 # file names have no blanks here
{
	law 'malloc and free are asked for in base/mem only' 'malloc|calloc|realloc|free|strdup' $(but 'lib/base/mem\.c')
	law 'printf and exit belong to base/diag and base/opt' '[a-z]*printf|exit|_exit|abort|perror|puts|putc|fputs' $(but 'lib/base/(diag|opt|mem)\.c')
	law 'banned everywhere' 'strcpy|strcat|strncpy|strncat|sprintf|atoi|atol|strtol|strtoul|strtod|strtok|gets|setlocale|alloca' $all
	law 'no network, no other program' 'socket|connect|bind|getaddrinfo|system|popen|fork|vfork|exec[lv][pe]*|posix_spawnp?' $all
	law 'files are opened for reading; golden-replay alone writes' 'creat|fopen|rename|unlink|unlinkat|mkdir|truncate|ftruncate|mkstemp' $(but 'lib/filter/replay\.c')
	law 'TZ and the locale decide nothing' 'localtime|mktime|ctime|asctime|strftime|strptime' $all
	law 'the environment decides nothing but how text looks on a terminal' 'getenv' $(but 'lib/filter/filter\.c')
}
# shellcheck disable=SC2046
if grep -nE 'O_(WRONLY|RDWR|CREAT|APPEND)' $(but 'lib/filter/replay\.c') /dev/null; then
	echo 'law: files are opened for reading; golden-replay alone writes'
	bad=1
fi
if grep -nwE 'nobody|somebody|everybody|anew' man/*.[157] man/*/*.mdoc README.md CONTRIBUTING.md SECURITY.md NEWS.md /dev/null; then
	echo 'law: texts name the rank, user or program'
	bad=1
fi
# shellcheck disable=SC2086
twice=$(cat $all | sed -nE 's/^\t?(static )?(const )?(struct|enum|union) ([a-z_0-9]+) \{.*/\4/p' | sort | uniq -d | tr "\n" " ")
if [ "$twice" ]; then
	echo "law: a tag means one thing in the program, for debuggers and ctags: $twice"
	bad=1
fi
while IFS='	' read -r file line rest; do
	[ "$rest" ] || continue
	sed 's/^[[:blank:]]*//' "$file" 2>/dev/null | grep -qxF -e "$line" || {
		echo "law: test/mutate.equivalent lists lines that exist: $file: $line"
		bad=1
	}
done <test/mutate.equivalent
for f in cmd/*.c; do
	n=$(wc -l <"$f")
	[ "$n" -le 60 ] || { echo "$f: $n lines; a filter is at most 60"; bad=1; }
done
exit $bad
