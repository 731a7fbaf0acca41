#!/bin/bash
# "make check-slurm": the README's srun recipe on a Slurm of two nodes that is
# started here, on the loopback interface, in a folder that is removed; nothing
# else on this machine is changed.  Ranks are placed by SLURM_PROCID and by
# scontrol show hostnames.  Both must give the result of the same files
# locally.  Needs Debian's slurm-wlm and munge, and root.  Prints TAP.
# shellcheck disable=SC2016,SC2317 # text for other shells; functions called by
# a trap
cd "$(dirname "$0")/.." || exit 2
PATH=$PATH:/usr/sbin
skip() {
	echo "1..0 # SKIP $1"
	exit 0
}
for p in munged slurmctld slurmd srun scontrol; do
	command -v $p >/dev/null || skip "no $p: apt install slurm-wlm munge"
done
[ "$(id -u)" = 0 ] || skip "slurmd wants to be root"
[ -d /sys/fs/cgroup ] || skip "slurmd wants /sys: mount -t sysfs sys /sys"
B=$(realpath "${O:-build}") I=$PWD/golden/inquest/hang-ranks-option
nodes=(gpu-6 gpu-7)
T=$(mktemp -d) pids=()
stop() {
	kill "${pids[@]}" 2>/dev/null
	wait
	rm -rf "$T"
}
trap stop EXIT
trap 'exit 1' INT TERM
chmod 755 "$T"

# start NAME COMMAND...: in the foreground of a child, with its output in a log
start() {
	local log=$T/$1.log
	shift
	"$@" >"$log" 2>&1 &
	pids+=($!)
}
# await COMMAND...: until it succeeds, at most half a minute
await() {
	for ((i = 0; i < 150; i++)); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.2
	done
	echo "Bail out! no answer: $*"
	tail -n 5 "$T"/*.log | sed 's/^/# /'
	exit 1
}
free_port() {
	local p
	for ((p = $1; p < $1 + 500; p++)); do
		(: </dev/tcp/127.0.0.1/$p) 2>/dev/null || { echo $p; return; }
	done
}

mkdir "$T/state" "$T/spool" "$T/munge" "$T/bin"
chmod 755 "$T/munge"
head -c 1024 /dev/urandom >"$T/munge/key"
chmod 600 "$T/munge/key"
ctl=$(free_port 26817)
{
	cat <<-END
		ClusterName=check
		SlurmctldHost=$(hostname -s)(127.0.0.1)
		SlurmctldPort=$ctl
		SlurmUser=root
		SlurmdUser=root
		AuthInfo=socket=$T/munge/socket
		StateSaveLocation=$T/state
		SlurmdSpoolDir=$T/spool/%n
		SlurmctldPidFile=$T/slurmctld.pid
		SlurmdPidFile=$T/slurmd-%n.pid
		SlurmdParameters=config_overrides
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		JobAcctGatherType=jobacct_gather/none
		MpiDefault=none
		MailProg=/bin/true
		ReturnToService=2
		PartitionName=check Nodes=ALL Default=YES
	END
	port=$ctl
	for n in "${nodes[@]}"; do
		port=$(free_port $((port + 1)))
		echo "NodeName=$n NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=$port CPUs=1"
	done
} >"$T/slurm.conf"
export SLURM_CONF=$T/slurm.conf

# output of journalctl on each node, and a part missing on one
cat >"$T/bin/journalctl" <<-END
	#!/bin/sh
	exec cat "$T/journal.\$SLURMD_NODENAME"
END
chmod 755 "$T/bin/journalctl"
for n in "${nodes[@]}"; do
	grep "\"_HOSTNAME\":\"$n\"" "$I/in" >"$T/journal.$n"
done
grep -v '"_HOSTNAME"' "$I/in" >"$T/dumps"

start munged munged --foreground --force --key-file="$T/munge/key" --socket="$T/munge/socket" \
	--pid-file="$T/munge/pid" --log-file="$T/munge/log" --seed-file="$T/munge/seed"
await test -S "$T/munge/socket"
start slurmctld slurmctld -D
await scontrol ping
for n in "${nodes[@]}"; do
	start "slurmd-$n" slurmd -D -N "$n"
done
await sh -c '[ "$(sinfo -h -t idle -o %D)" = 2 ]'

number=0 failed=0
# is WHAT WANTED FOUND
is() {
	number=$((number + 1))
	if [ -n "$2" ] && [ "$2" = "$3" ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		diff <(echo "$2") <(echo "$3") | cut -c1-300 | sed 's/^/# /'
		failed=1
	fi
}
export PATH=$T/bin:$B:$PATH
printf '0-1\tgpu-6\n2-3\tgpu-7\n' >"$T/placed.tsv"
want=$(inquest -q --ranks="$T/placed.tsv" "$I/in")
cd "$T" || exit 2
echo 1..5

recipe=$(sed -n "s/^srun.*journalctl.*/&/p" "$OLDPWD/README.md")
timeout 60 salloc -Q -N2 sh -c "$recipe"
is "README: lines selected on two nodes by srun give what both journals give" \
	"$(cat journal.* | inquest -q)" "$(inquest -q lines.json)"
timeout 60 srun -Q -N2 --ntasks-per-node=1 --overcommit sh -c 'printf "%s\t%s\n" "$SLURM_PROCID" "$SLURMD_NODENAME"' | sort -n >tasks.tsv
is "SLURM_PROCID: each node has one task" "$(printf '%s\n' "${nodes[@]}")" "$(cut -f 2 tasks.tsv)"
timeout 60 srun -Q -N2 --ntasks-per-node=2 --overcommit sh -c 'printf "%s\t%s\n" "$SLURM_PROCID" "$SLURMD_NODENAME"' | sort -n >ranks.tsv
is "SLURM_PROCID: two ranks a node, as --ranks, place the hang" "$want" "$(inquest -q --ranks=ranks.tsv lines.json dumps)"
timeout 60 salloc -Q -N2 sh -c 'scontrol show hostnames' >hosts
awk '{ printf "%d-%d\t%s\n", 2 * (NR - 1), 2 * NR - 1, $1 }' hosts >blocks.tsv
is "scontrol show hostnames, two ranks a node, places the hang" "$want" "$(inquest -q --ranks=blocks.tsv lines.json dumps)"
grep -v gpu-6 lines.json >some.json
is "scontrol show hostnames as --expect: the node whose journal is not there is named" \
	"1" "$(inquest --expect=hosts some.json 2>&1 >/dev/null | grep -c gpu-6)"
exit $failed
