#!/bin/bash
# usage: test/check-dask.sh [SIZE]
# "make check-dask": share/recipes/fleet.py on SIZE (200M) of synthetic logs of
# 512 nodes, with a Dask scheduler and two workers that are started here, on the
# loopback interface, in a folder that is removed; the same with
# concurrent.futures and with GNU parallel.  All must print what one process
# prints.  Prints TAP, and the time of each and the memory of its largest
# process.  Needs Debian's python3-distributed; parallel for its test.
# shellcheck disable=SC2016,SC2317 # text for other shells; functions called by
# a trap
cd "$(dirname "$0")/.." || exit 2
python=
for p in python3 /usr/bin/python3; do
	[ "$python" ] || ! "$p" -c 'import distributed' 2>/dev/null || python=$p
done
[ "$python" ] || { echo "1..0 # SKIP no distributed: apt install python3-distributed"; exit 0; }
B=$(realpath "${O:-build}") size=${1:-200M}
PATH=$B:$PATH
T=$(mktemp -d) pids=()
export TMPDIR=$T
stop() {
	# a worker whose scheduler is gone may not end by itself
	kill -KILL "${pids[@]}" 2>/dev/null
	wait 2>/dev/null
	rm -rf "$T"
}
trap stop EXIT
trap 'exit 1' INT TERM

# eight parts of kernel logs and Events, and a tenth as much of counters
case $size in
*G) mb=$((${size%G} * 1000)) ;;
*M) mb=${size%M} ;;
*) echo "check-dask: SIZE must end in M or G" >&2; exit 2 ;;
esac
mkdir "$T/logs"
for ((i = 1; i <= 8; i++)); do
	"$B/bench/gen" journal $((mb / 9 + 1))M "$i" >"$T/logs/journal.$i"
	"$B/bench/gen" hbm-ecc $((mb / 140 + 1))M "$i" >"$T/logs/counters.$i"
	"$B/bench/gen" pcie-aer $((mb / 140 + 1))M "$i" >"$T/logs/rates.$i"
done

number=0 failed=0
# measure NAME COMMAND...: its output without what each input held
measure() {
	local name=$1
	shift
	"$python" - "$T/$name" "$@" <<-'END'
		import resource, subprocess, sys, time
		began = time.monotonic()
		with open(sys.argv[1], "wb") as out:
		    status = subprocess.run(sys.argv[2:], stdout=out, check=False).returncode
		spent = resource.getrusage(resource.RUSAGE_CHILDREN)
		print(f"# {sys.argv[1].rsplit('/', 1)[1]}: {time.monotonic() - began:.1f} s, {spent.ru_utime + spent.ru_stime:.1f} s of the processor, "
		      f"{spent.ru_maxrss / 1000:.0f} MB, status {status}")
	END
	sed -i 's/"coverage":{.*},"evidence_trail"/"evidence_trail"/' "$T/$name"
}
same() { # same NAME WHAT
	number=$((number + 1))
	if [ -s "$T/one" ] && cmp -s "$T/one" "$T/$1"; then
		echo "ok $number - $2"
	else
		echo "not ok $number - $2"
		failed=1
	fi
}

echo 1..3
measure one inquest -q "$T"/logs/*
echo "# $mb MB, $(wc -l <"$T/one") incidents"
measure futures "$python" share/recipes/fleet.py --workers=2 "$T"/logs/*
same futures "concurrent.futures, two workers"

"$python" -m distributed.cli.dask_scheduler --host 127.0.0.1 --port 0 --no-dashboard --scheduler-file "$T/scheduler" >"$T/log" 2>&1 &
pids+=($!)
for w in 1 2; do
	"$python" -m distributed.cli.dask_worker --scheduler-file "$T/scheduler" --name $w --nthreads 1 --no-nanny --no-dashboard \
		--host 127.0.0.1 --local-directory "$T/worker$w" >"$T/log$w" 2>&1 &
	pids+=($!)
done
for ((i = 0; i < 300; i++)); do
	[ ! -s "$T/scheduler" ] || break
	sleep 0.2
done
address=$(sed -n 's/.*"address": *"\(tcp:[^"]*\)".*/\1/p' "$T/scheduler" | head -n 1)
measure dask timeout 3000 "$python" share/recipes/fleet.py --dask="$address" "$T"/logs/*
same dask "Dask, a scheduler and two workers"

if command -v parallel >/dev/null; then
	measure parallel sh -c 'parallel -j2 --no-notice -k inquest --select {} ::: "$0"/logs/* | inquest -q' "$T"
	same parallel "GNU parallel selects, one process links"
else
	echo "ok $((number + 1)) - GNU parallel # SKIP no parallel"
fi
exit $failed
