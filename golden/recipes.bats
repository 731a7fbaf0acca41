#!/usr/bin/env bats
# The recipes installed with the filters work as described.
bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	PATH=$(cd "${O:-build}" && pwd):$BATS_TEST_TMPDIR/bin:$PATH
	T=$BATS_TEST_TMPDIR
	R=$PWD/share/recipes
	I=$PWD/testdata/incidents
	mkdir "$T/bin"
}
stub() { printf '#!/bin/sh\n%s\n' "$2" >"$T/bin/$1" && chmod +x "$T/bin/$1"; }

@test "cron-job prints an incident once, and nothing if there is no change" {
	stub journalctl "cat '$T/journal'"
	stub kubectl "cat '$T/events'"
	export SEEN=$T/seen
	# a node's first boot lines, no pod lost yet
	head -n 1 "$I/xid79/journal.json" >"$T/journal"
	jq -c '.items |= map(select(.reason == "Pulled" or .reason == "Scheduled"))' "$I/xid79/events.json" >"$T/events"
	run -0 "$R/cron-job" && [ -z "$output" ] || return 1
	# without the driver reload that resolves the incident
	grep -v 'dgx-a02.*Loading NVIDIA' "$I/xid79/journal.json" | jq -c 'select(.__REALTIME_TIMESTAMP < "1778728800000000")' >"$T/journal"
	cp "$I/xid79/events.json" "$T/events"
	run -0 "$R/cron-job" && [ "${#lines[@]}" = 4 ] && [[ ${lines[2]} == *0000:3b:00.0* && ${lines[3]} == "  Node dgx-a02"* ]] || return 1
	run -0 "$R/cron-job" && [ -z "$output" ] || return 1
	[ -z "$(inquest -q "$T/journal" "$T/events" | jq -r 'select(.root.node == "dgx-a02").resolved_at // empty')" ] &&
	cp "$I/xid79/journal.json" "$T/journal" &&
	[ -n "$(inquest -q "$T/journal" "$T/events" | jq -r 'select(.root.node == "dgx-a02").resolved_at // empty')" ] || return 1
	run -0 "$R/cron-job" && [ -z "$output" ] || { echo "resolved: $output"; return 1; }
	# its start is now outside the two hours: another id, the same facts
	grep -v 'AER\|PCIe' "$I/xid79/journal.json" >"$T/journal"
	[ "$(inquest -q "$T/journal" "$T/events" | jq -r 'select(.root.node == "dgx-a02").id')" = 2026-05-14T03:12:00.401223Z/dgx-a02/0000:3b:00.0/xid ] || return 1
	run -0 "$R/cron-job" && [ -z "$output" ] || { echo "without its root: $output"; return 1; }
	# another pod's loss is another incident
	jq -c '.items += [.items[] | select(.reason == "Evicted") | .involvedObject.name = "other-0" | .involvedObject.uid = "u" | .metadata.uid = "e"
		| .metadata.name = "other" | .source.host = "dgx-a09" | .involvedObject.namespace = "dev"]' "$I/xid79/events.json" >"$T/events"
	run -0 "$R/cron-job" && [ "${#lines[@]}" = 2 ] && [[ ${lines[0]} == *dev/other-0* ]]
}
@test "cron-job: a failed or empty source is reported, and no incident is missed" {
	cp "$I/xid79/journal.json" "$T/journal"
	stub journalctl "cat '$T/journal'"
	export SEEN=$T/seen
	for answer in : 'exit 1' 'echo "{\"items\":[]}"' 'echo "{\"items\":["' "cat '$I/xid79/events.json'; exit 1"; do
		stub kubectl "$answer"
		run -2 "$R/cron-job" && [[ $output == *"cron-job: "*events* ]] && [ ! -e "$SEEN" ] || { echo "$answer: $output"; return 1; }
	done
	stub kubectl "cat '$I/xid79/events.json'"
	stub journalctl 'exit 1'
	run -2 "$R/cron-job" && [ "$output" = "cron-job: no journal: journalctl failed" ] && [ ! -e "$SEEN" ] || return 1
	stub journalctl "cat '$T/journal'"
	stub jq 'case $1 in -r) exit 5 ;; esac; echo true'
	run -2 "$R/cron-job" && [ ! -s "$SEEN" ] && rm "$T/bin/jq" || return 1
	run -2 env SEEN="$T" "$R/cron-job" && rm -f "$SEEN" && stub inquest 'exit 2' || return 1
	run -2 env PATH="$T/bin:$PATH" "$R/cron-job" && [ ! -e "$SEEN" ] && rm "$T/bin/inquest" || return 1
	run -0 "$R/cron-job" && [ "${#lines[@]}" = 4 ] || return 1
	run -2 env -u SEEN "$R/cron-job" && [[ $output == *"SEEN must name"* ]]
}
@test "every recipe that is a program: --help; unknown arguments are reported with status 2" {
	n=0
	for r in "$R"/*; do
		[ -x "$r" ] || continue
		for help in -h --help; do
			run -0 --separate-stderr "$r" $help
			[[ $output == "usage: "*"${r##*/}"* && ${#lines[@]} -ge 4 && -z $stderr && $output != *"#"* ]] || { echo "$r $help: $output"; return 1; }
		done
		for args in --nope -x '-- a' '--help a' 'a b'; do
			# shellcheck disable=SC2086
			SEEN=$T/seen run -2 --separate-stderr "$r" $args
			[[ -z $output && $stderr == "usage: "* ]] || { echo "$r $args: $output $stderr"; return 1; }
		done
		n=$((n + 1))
	done
	[ $n = 4 ] && run -2 "$R/post-mortem" && run -2 "$R/ci-incidents"
}
@test "slack: a message for each incident, its markup escaped" {
	run -0 bash -c "inquest -q '$I'/xid79/{journal,events}.json | jq -scf '$R/slack.jq'"
	[ "${#lines[@]}" = 2 ] && [[ ${lines[1]} == '{"text":"*'*0000:3b:00.0*'*\nNode dgx-a02, GPU 0000:3b:00.0'*'\n• '*'Xid 79'*'\nresolved 2026-05-14T03:41:12.000103Z"}' ]] &&
	[ "$(echo '{"id":"a","headline":"<&>","remediation":"a"}' | jq -scf "$R/slack.jq")" = '{"text":"*&lt;&amp;&gt;*\na"}' ]
}
@test "alertmanager: one request, one alert per incident; the same incident starts no new one" {
	run -0 bash -c "inquest -q '$I'/xid79/{journal,events}.json | jq -scf '$R/alertmanager.jq'"
	[ "$(jq length <<<"$output")" = 2 ] &&
	[ "$(jq -c '.[1] | .labels, .startsAt, .endsAt' <<<"$output")" = \
'{"alertname":"inquest_incident","id":"2026-05-14T03:12:00.398870Z/dgx-a02/0000:3b:00.0/pcie","node":"dgx-a02","gpu":"0000:3b:00.0"}
"2026-05-14T03:12:00.398870Z"
"2026-05-14T03:41:12.000103Z"' ] && [ "$(jq -c '.[0].labels | .node, .gpu, .pod, .namespace' <<<"$output" | paste -sd ' ')" = '"dgx-a03" null "prometheus-0" "monitoring"' ] || return 1
	# before, its alert had the same labels and no end
	labels=$(jq -c '.[1].labels' <<<"$output")
	run -0 bash -c "jq -c 'select(.__REALTIME_TIMESTAMP < \"1778728800000000\")' '$I/xid79/journal.json' | inquest -q - '$I/xid79/events.json' | jq -scf '$R/alertmanager.jq'"
	[ "$(jq -c '.[1].labels' <<<"$output")" = "$labels" ] && [ "$(jq '.[1].endsAt' <<<"$output")" = null ] || return 1
	run -0 bash -c "xid-correlate -q '$I'/xid79/{journal,events}.json | jq -scf '$R/alertmanager.jq'"
	[ "$(jq -c '.[1] | .labels.alertname, .labels.pod, .startsAt' <<<"$output")" = \
'"inquest_xid_correlation"
"llama-pretrain-worker-5"
"2026-05-14T03:12:00.401223Z"' ] &&
	# null is not a time
	[ "$(echo '{"id":"a","pattern.name":"p","headline":"h","remediation":"r","evidence_trail":[{}]}' | jq -scf "$R/alertmanager.jq")" = \
		'[{"labels":{"alertname":"inquest_p","id":"a"},"annotations":{"summary":"h","description":"r"}}]' ]
}
@test "slack and alertmanager: the last line about an incident is used, in the position of the first" {
	printf '{"id":"%s","pattern.name":"p","headline":"%s","remediation":"r","evidence_trail":[{}]%s}\n' a one '' b two '' a one ',"resolved_at":"2026-05-14T03:41:12Z"' >"$T/lines"
	[ "$(jq -scf "$R/slack.jq" "$T/lines" | jq -r .text | paste -sd ' ')" = '*one* r resolved 2026-05-14T03:41:12Z *two* r' ] &&
	[ "$(jq -scf "$R/alertmanager.jq" "$T/lines" | jq -c 'map([.labels.id, .endsAt])')" = '[["a","2026-05-14T03:41:12Z"],["b",null]]' ]
}
@test "ci-incidents keeps incidents, and finds the verdict that changed" {
	run -0 "$R/ci-incidents" "$T/kept" xid-correlate dgx-a02 "$I/xid79/journal.json" testdata/packed/events.json.zst
	run -0 "$R/ci-incidents" "$T/kept" && [[ $output == *"ok 1 - xid-correlate/dgx-a02"* ]] &&
	[ -s "$T/kept/xid-correlate/dgx-a02/out" ] &&
	sed -i 's/dgx-a02/dgx-a09/g' "$T/kept/xid-correlate/dgx-a02/out" &&
	run -1 "$R/ci-incidents" "$T/kept" && run -2 "$R/ci-incidents" && [[ $output == usage:* ]]
}
@test "ci-incidents: files of one name are all kept; an incident is never overwritten" {
	mkdir "$T/a" "$T/b" && head -n 1 "$I/xid79/journal.json" >"$T/a/j.json" && tail -n +2 "$I/xid79/journal.json" >"$T/b/j.json" && echo '{}' >"$T/2.j.json"
	run -0 "$R/ci-incidents" "$T/kept" xid-correlate one "$T/2.j.json" "$T/a/j.json" "$T/b/j.json" "$I/xid79/events.json" &&
	[ "$(cat "$T"/kept/xid-correlate/one/in.* | sort)" = "$(cat "$T"/2.j.json "$T"/?/j.json "$I/xid79/events.json" | sort)" ] &&
	[ "$(jq -r .xid_code "$T/kept/xid-correlate/one/out" | sort -u)" = 79 ] && cp -r "$T/kept" "$T/before" || return 1
	run -2 "$R/ci-incidents" "$T/kept" xid-correlate one "$I/evicted/events.json" && [[ $output == *"File exists"* ]] && diff -r "$T/before" "$T/kept" || return 1
	# a failed write leaves no file
	run -2 "$R/ci-incidents" "$T/kept" xid-correlate two "$T/a/j.json" "$T/none" && [ ! -e "$T/kept/xid-correlate/two" ] || return 1
	run -2 "$R/ci-incidents" "$T/kept" xid-correlate two "$T/a" && [ ! -e "$T/kept/xid-correlate/two" ] || return 1
	run -2 "$R/ci-incidents" "$T/kept" xid-corelate two "$T/a/j.json" && [[ $output == *"did you mean xid-correlate?"* ]] && [ ! -e "$T/kept/xid-corelate/two" ]
}
@test "ci-incidents: a new wording is not a change" {
	run -0 "$R/ci-incidents" "$T/kept" xid-correlate a "$I"/xid79/{journal,events}.json
	run -0 "$R/ci-incidents" "$T/kept" inquest a "$I"/xid79/{journal,events}.json
	for text in headline remediation description what; do
		grep -q "\"$text\":" "$T"/kept/*/a/out && sed -i "s/\"$text\":\"/&Was: /g" "$T"/kept/*/a/out && run -0 "$R/ci-incidents" "$T/kept" || { echo "$text: $output"; return 1; }
	done
	sed -i 's/"xid_code":79/"xid_code":48/' "$T/kept/xid-correlate/a/out" && run -1 "$R/ci-incidents" "$T/kept" && [[ $output == *'member: "xid_code"'* ]]
}
xid79() { [[ $output == *"Xid 79"*llama-pretrain-worker-4* ]]; }
@test "post-mortem: inquest over a support bundle" {
	run -0 --separate-stderr "$R/post-mortem" testdata/bundle
	xid79 && [[ $output == *monitoring/prometheus-0* ]] &&
	run -0 --separate-stderr "$R/post-mortem" "$I/nccl-loader" && [[ $output == *"Rank 46"* ]] &&
	mkdir "$T/empty" && run -2 "$R/post-mortem" "$T/empty" && [[ $output == *"no file that inquest reads"* ]] || return 1
	run -2 "$R/post-mortem" "$T/none" && [ "$output" = "post-mortem: $T/none: not a folder" ] || return 1
	run -0 --separate-stderr "$R/post-mortem" testdata/bundle --format=html && [[ $output == "<!DOCTYPE html>"* ]] || return 1
	run -2 "$R/post-mortem" "$I/xid79/journal.json" && [[ $output == *": not a folder" ]]
}
@test "post-mortem: *.log as JSON and as text, rotated, compressed" {
	mkdir "$T/b"
	for how in cat 'gzip -c' 'xz -c' 'zstd -qc'; do
		rm -f "$T/b"/*
		case $how in gzip*) end=.1.gz ;; xz*) end=.2.xz ;; zstd*) end=.zst ;; *) end=.3 ;; esac
		$how <"$I/xid79/events.json" >"$T/b/events.log$end"
		{ echo; cat "$I/xid79/journal.json"; } | $how >"$T/b/journal.log$end"
		run -0 --separate-stderr "$R/post-mortem" "$T/b" && xid79 || { echo "$how: $output $stderr"; return 1; }
		echo 'May 14 03:12:00 dgx-a02 kernel: NVRM: Xid (PCI:0000:3b:00): 79, pid=1, GPU has fallen off the bus.' | $how >"$T/b/journal.log$end"
		run -0 --separate-stderr "$R/post-mortem" "$T/b" --year=2026 && xid79 || { echo "text, $how: $output $stderr"; return 1; }
	done
	run -0 --separate-stderr "$R/post-mortem" "$T/b" && xid79 && # the Events have the year
	rm "$T/b"/events.* && run -0 --separate-stderr "$R/post-mortem" "$T/b" && [[ $stderr == *"--year=YYYY"* && $output != *"Xid 79"* ]]
}
@test "post-mortem: skipped files are reported, status 3; inquest fails, status 2" {
	mkdir "$T/b" && cp "$I"/xid79/*.json "$T/b" && head -c 100 testdata/bundle/nvidia-bug-report.log.gz >"$T/b/nvidia-bug-report.log.gz"
	run -3 --separate-stderr "$R/post-mortem" "$T/b" && xid79 && [[ $stderr == *"nvidia-bug-report.log.gz"*": gzip data "* ]] || return 1
	rm "$T/b/nvidia-bug-report.log.gz" && cp testdata/bundle/dgx-a03.yaml "$T/b" && stub yq 'exit 1'
	PATH=$T/bin:$PATH run -3 --separate-stderr "$R/post-mortem" "$T/b" && [[ $stderr == *"dgx-a03.yaml: not all of it could be read"* ]] || return 1
	rm "$T/b/dgx-a03.yaml" && echo '{"broken' >"$T/b/x.json"
	run -3 --separate-stderr "$R/post-mortem" "$T/b" && [[ $stderr == *"x.json:1: not JSON"* ]] || return 1
	rm "$T/b/x.json" && cp "$I/xid79/events.json" "$T/b/$(printf 'a\nb.json')"
	run -3 --separate-stderr "$R/post-mortem" "$T/b" && [[ $stderr == *"names with line breaks are left out"* ]] || return 1
	rm "$T"/b/a* && stub inquest 'echo no memory >&2; exit 2'
	PATH=$T/bin:$PATH run -2 --separate-stderr "$R/post-mortem" "$T/b" && [ "$stderr" = "no memory" ]
}
@test "post-mortem: objects in YAML" {
	command -v yq >/dev/null || skip "no yq"
	mkdir "$T/b" && cp testdata/bundle/dgx-a03.yaml "$T/b" &&
	echo '{"k8s.event.reason":"Evicted","k8s.pod.name":"web-1","k8s.node.name":"dgx-a03","k8s.event.note":"The node was low on resource: memory.","time":"2026-05-14T03:08:30Z"}' >"$T/b/e.json" &&
	run -0 --separate-stderr "$R/post-mortem" "$T/b" && [[ $output == web-1*dgx-a03* ]]
}
@test "smi-csv.jq: rows of nvidia-smi's CSV are read" {
	{
		echo 'timestamp, uuid, pci.bus_id, clocks_event_reasons.active, temperature.gpu, clocks.current.sm [MHz]'
		for s in 00 30 60 90; do
			echo "2026/09/23 21:4$((7 + 10#$s / 60)):$(printf %02d $((10#$s % 60))).123, GPU-0a, 00000000:3B:00.0, 0x0000000000000020, 88, 990 MHz"
		done
		echo 'Unable to determine the device handle'
	} >"$T/smi.csv"
	HOST=gpu-7 run -0 bash -c "jq -nRcf '$R/smi-csv.jq' <'$T/smi.csv' | thermal -q" &&
	[ "$(jq -r '.node, .gpu_id, .first, .last, .max_temperature_c' <<<"$output" | paste -sd ' ')" = \
		"gpu-7 0000:3b:00.0 2026-09-23T21:47:00.123Z 2026-09-23T21:48:30.123Z 88" ]
}
objects() { yq -o=json . "$1" 2>/dev/null || yq -c . "$1"; } # two different programs are named yq
@test "manifests: nothing writable or privileged, only logs of the node; all explicitly set" {
	for m in "$R"/*.yaml; do
		objects "$m" | jq -e '
			(.spec.template // .spec.jobTemplate.spec.template).spec
			| .securityContext.runAsNonRoot and .securityContext.seccompProfile.type == "Localhost"
			and .automountServiceAccountToken == false
			and ([.hostNetwork, .hostPID, .hostIPC] | any | not)
			and all(.containers[]; .securityContext.allowPrivilegeEscalation == false
				and .securityContext.readOnlyRootFilesystem and .securityContext.capabilities.drop == ["ALL"]
				and .securityContext.privileged != true and .resources.limits.memory and all(.volumeMounts[]; .readOnly))
			and all(.volumes[]; .hostPath == null or .hostPath.path == "/var/log")' >"$T/is" && [ "$(cat "$T/is")" = true ] || { echo "$m"; return 1; }
	done
}
@test "manifests conform to Kubernetes' schema" {
	export NODE_PATH=$PWD/node_modules${NODE_PATH:+:$NODE_PATH}
	node -e 'require("kubernetes-models/v1")' 2>/dev/null || skip "no kubernetes-models: npm install --no-save kubernetes-models"
	for m in "$R"/*.yaml; do
		objects "$m" | node test/manifest.js || { echo "$m"; return 1; }
	done
	! objects "$R/cronjob.yaml" | sed 's/"readOnly": *true/"readOnly":"yes"/' | node test/manifest.js 2>/dev/null
}
@test "seccomp.json allows all that SECURITY.md's test allows, and no program but the filter" {
	sed -n 's/^\t{SYS_\([a-z0-9_]*\),.*/\1/p' test/jail.c | grep -v '^_llseek$\|mmap2\|64$' | sort -u >"$T/needs"
	jq -r '.syscalls[] | select(.action == "SCMP_ACT_ALLOW").names[]' "$R/seccomp.json" | sort >"$T/may"
	[ "$(wc -l <"$T/needs")" -ge 15 ] && [ -z "$(comm -23 "$T/needs" "$T/may")" ] || { comm -23 "$T/needs" "$T/may"; return 1; }
	[ "$(jq -r .defaultAction "$R/seccomp.json")" = SCMP_ACT_ERRNO ] && ! grep -qx 'socket\|connect\|clone\|clone3\|fork\|ptrace\|mount\|unlink.*\|rename.*' "$T/may"
}
@test "fleet.py: shards print what one process prints" {
	cp "$I"/xid79/{journal,events}.json "$I"/hbm/{kernel,dcgm}.json "$T"
	whole() { sed 's/"coverage":{.*},"evidence_trail"/"evidence_trail"/'; }
	inquest -q "$T"/*.json | whole >"$T/want" && [ -s "$T/want" ] &&
	"$R/fleet.py" --shards=3 --workers=2 --folder="$T" --inquest='inquest -q' "$T"/*.json | whole | diff "$T/want" - &&
	[ -z "$(find "$T" -name 'fleet.*')" ]
}
