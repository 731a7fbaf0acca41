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
@test "slack: a message for each verdict, its markup escaped" {
	run -0 bash -c "xid-correlate '$I'/xid79/{journal,events}.json | jq -cf '$R/slack.jq'"
	[ "${#lines[@]}" = 2 ] && [[ ${lines[0]} == '{"text":"*Xid 79 '*'*\nNode dgx-a02, GPU 0000:3b:00.0: Drain'* ]] &&
	[ "$(echo '{"headline":"<&>","remediation":"a"}' | jq -cf "$R/slack.jq")" = '{"text":"*&lt;&amp;&gt;*\na"}' ]
}
@test "alertmanager: one request, labels that are known" {
	run -0 bash -c "xid-correlate '$I'/xid79/{journal,events}.json | jq -scf '$R/alertmanager.jq'"
	[ "$(jq length <<<"$output")" = 2 ] &&
	[ "$(jq -c '.[1] | .labels, .startsAt, .endsAt' <<<"$output")" = \
'{"alertname":"inquest_xid_correlation","node":"dgx-a02","gpu":"0000:3b:00.0","pod":"llama-pretrain-worker-5","namespace":"train"}
"2026-05-14T03:12:00.401223Z"
"2026-05-14T03:41:12.000103Z"' ] &&
	thermal -q "$I/thermal-room/metrics.json" | jq -scf "$R/alertmanager.jq" | jq -c '.[].labels' | grep -qxF '{"alertname":"inquest_thermal_throttle"}'
}
@test "ci-incidents keeps incidents, and finds the verdict that changed" {
	run -0 "$R/ci-incidents" "$T/kept" xid-correlate dgx-a02 "$I/xid79/journal.json" testdata/packed/events.json.zst
	run -0 "$R/ci-incidents" "$T/kept" && [[ $output == *"ok 1 - xid-correlate/dgx-a02"* ]] &&
	[ -s "$T/kept/xid-correlate/dgx-a02/out" ] &&
	sed -i 's/dgx-a02/dgx-a09/' "$T/kept/xid-correlate/dgx-a02/out" &&
	run -1 "$R/ci-incidents" "$T/kept" && run -2 "$R/ci-incidents" && [[ $output == usage:* ]]
}
@test "kernel-text: year, zone and node of lines that carry little" {
	run -0 bash -c "gzip -cd testdata/bundle/nvidia-bug-report.log.gz | ZONE=+02:00 jq -nRcf '$R/kernel-text.jq'"
	[ "${#lines[@]}" = 3 ] &&
	[[ ${lines[1]} == '{"time":"2026-05-14T03:12:00+02:00","node":"dgx-a02","message":"NVRM: Xid (PCI:0000:3b:00): 79, '* ]] &&
	[[ ${lines[2]} == '{"time":"2025-12-31T23:59:59+02:00",'* ]] && # behind the report's month
	[ "$(echo 'Jan  2 03:04:05 a kernel: NVRM: x' | YEAR=2024 jq -nRcf "$R/kernel-text.jq")" = \
		'{"time":"2024-01-02T03:04:05Z","node":"a","message":"NVRM: x"}' ] &&
	[ -z "$(echo 'Jan  2 03:04:05 a kernel: NVRM: x' | jq -nRcf "$R/kernel-text.jq")" ] &&
	[ "$(echo '2026-05-14T03:12:00Z a kernel: NVRM: x' | jq -nRcf "$R/kernel-text.jq")" = '{"message":"2026-05-14T03:12:00Z a kernel: NVRM: x"}' ]
}
@test "post-mortem: every filter over a support bundle" {
	run -0 --separate-stderr "$R/post-mortem" testdata/bundle
	[ "$(grep -c '^Xid 79 ' <<<"$output")" = 2 ] && [[ $output == *"MemoryPressure on dgx-a03 evicted monitoring/prometheus-0"* ]] &&
	[[ $stderr == *"nccl-hang: no flight-recorder records: nothing to judge"* ]] &&
	run -0 --separate-stderr "$R/post-mortem" "$I/nccl-loader" && [[ $output == *"never joined by rank 46"* ]] &&
	mkdir "$T/empty" && run -0 "$R/post-mortem" "$T/empty" && [ -z "$output" ]
}
@test "post-mortem: objects in YAML" {
	command -v yq >/dev/null || skip "no yq"
	mkdir "$T/b" && cp testdata/bundle/dgx-a03.yaml "$T/b" &&
	echo '{"k8s.event.reason":"Evicted","k8s.pod.name":"web-1","k8s.node.name":"dgx-a03","k8s.event.note":"The node was low on resource: memory.","time":"2026-05-14T03:08:30Z"}' >"$T/b/e.json" &&
	run -0 --separate-stderr "$R/post-mortem" "$T/b" && [[ $output == "MemoryPressure on dgx-a03 evicted web-1 16 s later"* ]]
}
