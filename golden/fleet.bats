#!/usr/bin/env bats
# From one laptop to a fleet: three hosts, each a network namespace with its own
# network, journal and sshd, queried by GNU parallel over ssh from a fourth.
# Needs root, ip netns, sshd and parallel; cleans up after itself.
bats_require_minimum_version 1.5.0

NODES=(dgx-a01 dgx-a02 dgx-a03)

missing() { # the reason if it cannot run here
	[ "$(id -u)" = 0 ] || { echo "not root"; return; }
	local need
	for need in ip sshd ssh ssh-keygen parallel; do
		command -v "$need" >/dev/null || { echo "no $need"; return; }
	done
	ip netns add "inquest-$$-try" 2>/dev/null || { echo "no network namespaces"; return; }
	ip netns del "inquest-$$-try"
}
setup_file() {
	local i n
	PATH=$PATH:/usr/sbin
	why=$(missing)
	export why
	[ -z "$why" ] || return 0
	cd "$BATS_TEST_DIRNAME/.." || return 1
	export R=$PWD
	export T=$BATS_FILE_TMPDIR N=inquest-$$
	export I=$R/testdata/incidents/xid79
	B=$(cd "${O:-build}" && pwd)
	export B
	chmod 755 "$T"
	if mkdir /run/sshd 2>/dev/null; then : >"$T/made"; fi
	mkdir -p "$T/bin" "$T/laptop"
	printf '#!/bin/sh\ncat "%s/$NODE.json"\n' "$T" >"$T/bin/journalctl"
	printf '#!/bin/sh\nexec %s -F "%s/config" "$@"\n' "$(command -v ssh)" "$T" >"$T/laptop/ssh"
	chmod +x "$T/bin/journalctl" "$T/laptop/ssh"
	ssh-keygen -qt ed25519 -N '' -f "$T/key"
	ip netns add "$N-laptop"
	ip -n "$N-laptop" link add br0 type bridge
	ip -n "$N-laptop" addr add 10.99.0.254/24 dev br0
	ip -n "$N-laptop" link set br0 up
	for i in 1 2 3; do
		n=${NODES[i - 1]}
		grep "\"_HOSTNAME\":\"$n\." "$I/journal.json" >"$T/$n.json"
		ip netns add "$N-$n"
		ip -n "$N-laptop" link add "v$i" type veth peer name eth0 netns "$N-$n"
		ip -n "$N-laptop" link set "v$i" master br0 up
		ip -n "$N-$n" addr add "10.99.0.$i/24" dev eth0
		ip -n "$N-$n" link set eth0 up
		printf 'Host %s\nHostName 10.99.0.%d\n' "$n" "$i" >>"$T/config"
		cat >"$T/$n.sshd" <<-END
			HostKey $T/key
			AuthorizedKeysFile $T/key.pub
			PidFile $T/$n.pid
			StrictModes no
			PermitRootLogin yes
			UsePAM yes
			MaxStartups 100
			SetEnv NODE=$n PATH=$T/bin:$B:/usr/bin:/bin
		END
		ip netns exec "$N-$n" "$(command -v sshd)" -f "$T/$n.sshd" 3>&- 4>&-
	done
	cat >>"$T/config" <<-END
		Host *
		StrictHostKeyChecking no
		UserKnownHostsFile /dev/null
		LogLevel ERROR
		User root
		IdentityFile $T/key
	END
	for n in "${NODES[@]}"; do
		for i in $(seq 50); do
			laptop ssh -n "$n" true 2>"$T/err" && break
			sleep .1
		done
		[ "$i" -lt 50 ] || { cat "$T/err"; return 1; }
	done
}
teardown_file() {
	local n
	[ -z "$why" ] || return 0
	for n in "${NODES[@]}"; do
		[ ! -s "$T/$n.pid" ] || kill "$(cat "$T/$n.pid")" || :
		ip netns del "$N-$n" || :
	done
	ip netns del "$N-laptop" || :
	[ ! -e "$T/made" ] || rmdir /run/sshd
}
setup() {
	[ -z "$why" ] || skip "$why"
}
laptop() { # laptop COMMAND...: on the fourth host
	ip netns exec "$N-laptop" env HOME="$T" PARALLEL_HOME="$T/laptop" "PATH=$T/laptop:$B:$PATH" "$@"
}
ask() { # ask COMMAND: run it on all nodes at once
	laptop parallel --will-cite --nonall -S "$(IFS=,; echo "${NODES[*]}")" "$1"
}

@test "three hosts, each with its own journal" {
	run -0 --separate-stderr ask 'journalctl -k -o json | wc -l'
	[ "$(sort -n <<<"$output" | xargs)" = "4 8 20" ]
}
@test "lines selected on nodes and analyzed centrally yield the verdicts of all records" {
	want=$("$B/xid-correlate" "$I/journal.json" "$I/events.json")
	ask 'journalctl -k -o json | xid-correlate --select' >"$T/lines"
	[ "$(wc -l <"$T/lines")" -lt "$(wc -l <"$I/journal.json")" ] &&
	[ -n "$want" ] && [ "$("$B/xid-correlate" "$T/lines" "$I/events.json")" = "$want" ]
}
@test "so do keyed lines, shuffled into two shards and analyzed separately" {
	want=$("$B/xid-correlate" "$I/journal.json" "$I/events.json" | sort)
	(ask 'journalctl -k -o json | xid-correlate --select --key'
	"$B/xid-correlate" --select --key "$I/events.json") >"$T/keyed"
	for n in 0 1; do
		awk -F'\t' -v n=$n '$1 == "*" || substr($1, 7) % 2 == n' "$T/keyed" >"$T/shard$n"
		[ -s "$T/shard$n" ] || return 1
		"$B/xid-correlate" -q --keyed "$T/shard$n" >>"$T/verdicts"
	done
	[ "$(sort "$T/verdicts")" = "$want" ]
}
