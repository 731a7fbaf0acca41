#!/usr/bin/env bats
# The recipes that are installed with the filters run, and do what they say.
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

@test "cron-job says news once, and nothing without news" {
	stub journalctl "cat '$T/journal'"
	stub kubectl "cat '$I/xid79/events.json'"
	export SEEN=$T/seen
	head -n 1 "$I/xid79/journal.json" >"$T/journal"
	run -0 "$R/cron-job" && [ -z "$output" ] &&
	cp "$I/xid79/journal.json" "$T/journal" &&
	run -0 "$R/cron-job" && [ "$(grep -c '^Xid 79 .* took down train/llama-pretrain-worker-[45]' <<<"$output")" = 2 ] &&
	[ "$(grep -c '^  Node dgx-a02' <<<"$output")" = 2 ] && [ "${#lines[@]}" = 4 ] &&
	run -0 "$R/cron-job" && [ -z "$output" ]
}
@test "cron-job: a source that fails or is empty is said, and loses no news" {
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
	run -2 env SEEN="$T" "$R/cron-job" && rm -f "$SEEN" && stub xid-correlate 'exit 2' || return 1
	run -2 env PATH="$T/bin:$PATH" "$R/cron-job" && [ ! -e "$SEEN" ] && rm "$T/bin/xid-correlate" || return 1
	run -0 "$R/cron-job" && [ "${#lines[@]}" = 4 ] || return 1
	run -2 env -u SEEN "$R/cron-job" && [[ $output == *"SEEN must name"* ]]
}
@test "every recipe that is a program: --help, and what it does not take is named with status 2" {
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
	[ $n = 3 ] && run -2 "$R/post-mortem" && run -2 "$R/ci-incidents"
}
@test "slack: a message for each verdict, its markup escaped" {
	run -0 bash -c "xid-correlate -q '$I'/xid79/{journal,events}.json | jq -cf '$R/slack.jq'"
	[ "${#lines[@]}" = 2 ] && [[ ${lines[0]} == '{"text":"*Xid 79 '*'*\nNode dgx-a02, GPU 0000:3b:00.0: Drain'* ]] &&
	[ "$(echo '{"headline":"<&>","remediation":"a"}' | jq -cf "$R/slack.jq")" = '{"text":"*&lt;&amp;&gt;*\na"}' ]
}
@test "alertmanager: one request, labels that are known" {
	run -0 bash -c "xid-correlate -q '$I'/xid79/{journal,events}.json | jq -scf '$R/alertmanager.jq'"
	[ "$(jq length <<<"$output")" = 2 ] &&
	[ "$(jq -c '.[1] | .labels, .startsAt, .endsAt' <<<"$output")" = \
'{"alertname":"inquest_xid_correlation","node":"dgx-a02","gpu":"0000:3b:00.0","pod":"llama-pretrain-worker-5","namespace":"train"}
"2026-05-14T03:12:00.401223Z"
"2026-05-14T03:41:12.000103Z"' ] &&
	thermal -q "$I/thermal-room/metrics.json" | jq -scf "$R/alertmanager.jq" | jq -c '.[].labels' | grep -qxF '{"alertname":"inquest_thermal_throttle"}' &&
	# null is no time
	[ "$(echo '{"pattern.name":"p","headline":"h","remediation":"r","evidence_trail":[{}]}' | jq -scf "$R/alertmanager.jq")" = \
		'[{"labels":{"alertname":"inquest_p"},"annotations":{"summary":"h","description":"r"}}]' ]
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
	# what cannot be kept leaves nothing
	run -2 "$R/ci-incidents" "$T/kept" xid-correlate two "$T/a/j.json" "$T/none" && [ ! -e "$T/kept/xid-correlate/two" ] || return 1
	run -2 "$R/ci-incidents" "$T/kept" xid-correlate two "$T/a" && [ ! -e "$T/kept/xid-correlate/two" ] || return 1
	run -2 "$R/ci-incidents" "$T/kept" xid-corelate two "$T/a/j.json" && [[ $output == *"did you mean xid-correlate?"* ]] && [ ! -e "$T/kept/xid-corelate/two" ]
}
@test "ci-incidents: better wording is no change" {
	run -0 "$R/ci-incidents" "$T/kept" xid-correlate a "$I"/xid79/{journal,events}.json
	sed -i 's/"headline":"/&Was: /; s/"remediation":"/&Was: /' "$T/kept/xid-correlate/a/out" && run -0 "$R/ci-incidents" "$T/kept" &&
	sed -i 's/"xid_code":79/"xid_code":48/' "$T/kept/xid-correlate/a/out" && run -1 "$R/ci-incidents" "$T/kept" && [[ $output == *'member: "xid_code"'* ]]
}
@test "post-mortem: every filter over a support bundle" {
	run -0 --separate-stderr "$R/post-mortem" testdata/bundle
	[[ $output == "Xid 79 "*"took down 2"* ]] && [[ $output == *"MemoryPressure on dgx-a03 evicted monitoring/prometheus-0"* ]] &&
	[[ $stderr == *"nccl-hang: no flight-recorder records, watchdog lines or RAS reports: nothing to judge"* ]] &&
	run -0 --separate-stderr "$R/post-mortem" "$I/nccl-loader" && [[ $output == *"never joined by rank 46"* ]] &&
	mkdir "$T/empty" && run -2 "$R/post-mortem" "$T/empty" && [[ $output == *"no file that a filter reads"* ]] || return 1
	run -2 "$R/post-mortem" "$T/none" && [ "$output" = "post-mortem: $T/none: not a folder" ] || return 1
	run -2 "$R/post-mortem" "$I/xid79/journal.json" && [[ $output == *": not a folder" ]]
}
@test "post-mortem: *.log as JSON and as text, rotated, compressed" {
	mkdir "$T/b"
	for how in cat 'gzip -c' 'xz -c' 'zstd -qc'; do
		rm -f "$T/b"/*
		case $how in gzip*) end=.1.gz ;; xz*) end=.2.xz ;; zstd*) end=.zst ;; *) end=.3 ;; esac
		$how <"$I/xid79/events.json" >"$T/b/events.log$end"
		{ echo; cat "$I/xid79/journal.json"; } | $how >"$T/b/journal.log$end"
		run -0 --separate-stderr "$R/post-mortem" "$T/b" && [[ $output == "Xid 79 "*"took down 2"* ]] || { echo "$how: $output $stderr"; return 1; }
		echo 'May 14 03:12:00 dgx-a02 kernel: NVRM: Xid (PCI:0000:3b:00): 79, pid=1, GPU has fallen off the bus.' | $how >"$T/b/journal.log$end"
		YEAR=2026 run -0 --separate-stderr "$R/post-mortem" "$T/b" && [[ $output == "Xid 79 "*"took down 2"* ]] || { echo "text, $how: $output $stderr"; return 1; }
	done
	run -0 --separate-stderr "$R/post-mortem" "$T/b" && [[ $output == "Xid 79 "*"took down 2"* ]] && # the Events tell the year
	rm "$T/b"/events.* && run -0 --separate-stderr "$R/post-mortem" "$T/b" && [[ $stderr == *"--year=YYYY"* && $output != *"Xid 79"* ]]
}
@test "post-mortem: what is left out is named, status 3; a filter that fails, status 2" {
	mkdir "$T/b" && cp "$I"/xid79/*.json "$T/b" && head -c 100 testdata/bundle/nvidia-bug-report.log.gz >"$T/b/nvidia-bug-report.log.gz"
	run -3 --separate-stderr "$R/post-mortem" "$T/b" && [[ $output == "Xid 79 "*"took down 2"* ]] && [[ $stderr == *"nvidia-bug-report.log.gz"*": gzip data "* ]] || return 1
	rm "$T/b/nvidia-bug-report.log.gz" && cp testdata/bundle/dgx-a03.yaml "$T/b" && stub yq 'exit 1'
	PATH=$T/bin:$PATH run -3 --separate-stderr "$R/post-mortem" "$T/b" && [[ $stderr == *"dgx-a03.yaml: not all of it could be read"* ]] || return 1
	rm "$T/b/dgx-a03.yaml" && echo '{"broken' >"$T/b/x.json"
	run -3 --separate-stderr "$R/post-mortem" "$T/b" && [[ $stderr == *"x.json:1: not JSON"* ]] || return 1
	rm "$T/b/x.json" && cp "$I/xid79/events.json" "$T/b/$(printf 'a\nb.json')"
	run -3 --separate-stderr "$R/post-mortem" "$T/b" && [[ $stderr == *"names with line breaks are left out"* ]] || return 1
	rm "$T"/b/a* && stub thermal 'echo no memory >&2; exit 2'
	PATH=$T/bin:$PATH run -2 --separate-stderr "$R/post-mortem" "$T/b" && [[ $output == "Xid 79 "*"took down 2"* ]]
}
@test "post-mortem: objects in YAML" {
	command -v yq >/dev/null || skip "no yq"
	mkdir "$T/b" && cp testdata/bundle/dgx-a03.yaml "$T/b" &&
	echo '{"k8s.event.reason":"Evicted","k8s.pod.name":"web-1","k8s.node.name":"dgx-a03","k8s.event.note":"The node was low on resource: memory.","time":"2026-05-14T03:08:30Z"}' >"$T/b/e.json" &&
	run -0 --separate-stderr "$R/post-mortem" "$T/b" && [[ $output == "MemoryPressure on dgx-a03 evicted web-1 16 s later"* ]]
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
