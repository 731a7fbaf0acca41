#!/usr/bin/env bats
# inquest's formats: text, Markdown, HTML; and its lines as input.
bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	B=$(cd "${O:-build}" && pwd)
	T=$BATS_TEST_TMPDIR
}
inputs() { # files of each golden case without options and of each incident, one line each
	local d
	for d in golden/inquest/*/; do
		[ -f "$d/in" ] && [ -s "$d/out" ] && ! grep -qs . "$d/cmd" && echo "$d/in"
	done
	for d in testdata/incidents/*/; do
		echo "$d"*.json
	done
}

@test "incident lines yield the same bytes as their records in every format, also if pretty-printed" {
	n=0
	while read -r files; do
		# shellcheck disable=SC2086 # file names
		"$B/inquest" -q $files >"$T/lines"
		[ -s "$T/lines" ] || continue
		cat "$T/lines" >>"$T/all"
		form=$(sed -n "$((n % 5 + 1))p" <<<$'-o html\n-o text\n-o markdown\n-o jsonl\n--summary=gpu -o text')
		# shellcheck disable=SC2086
		"$B/inquest" -q $form $files >"$T/records" && "$B/inquest" -q $form "$T/lines" | cmp - "$T/records" || { echo "$form $files"; return 1; }
		n=$((n + 1))
	done < <(inputs)
	[ $n -gt 60 ] && "$B/inquest" -q "$T/all" >"$T/sorted" && jq . "$T/all" | "$B/inquest" -q | cmp - "$T/sorted"
}
@test "incident lines of several runs are printed in order, without duplicates" {
	for d in usual evicted link-down; do "$B/inquest" -q golden/inquest/$d/in; done >"$T/lines"
	"$B/inquest" -q "$T/lines" >"$T/want" && [ "$(wc -l <"$T/want")" = 3 ] &&
	tac "$T/lines" | cat - "$T/lines" | "$B/inquest" -q | cmp - "$T/want" &&
	# of two with the same id, the one from records wins
	sed 's/"confidence":"full"/"confidence":"partial"/' "$T/lines" | "$B/inquest" -q - golden/inquest/usual/in >"$T/both" &&
	[ "$(wc -l <"$T/both")" = 3 ] && [ "$(jq -r .confidence "$T/both" | sort | uniq -c | tr -s ' ' | tr '\n' ,)" = " 1 full, 2 partial," ]
}
@test "text: at most 80 columns except for single words" {
	while read -r files; do
		# shellcheck disable=SC2086
		! "$B/inquest" -q -o text $files | LC_ALL=C.UTF-8 grep -E '^.{81,}' | grep -E '^ *[^ ]+ ' || { echo "$files"; return 1; }
	done < <(inputs)
}
@test "html: XML, nothing loaded, no script, no text of the input in an attribute" {
	n=0
	while read -r files; do
		n=$((n + 1))
		# shellcheck disable=SC2086
		"$B/inquest" -q -o html $files >"$T/$n.html"
	done < <(inputs)
	cp golden/inquest/hostile-html/out "$T/hostile.html"
	cp golden/inquest/many-lanes/out "$T/many.html"
	! grep -El '<script|javascript:|@import|<(link|img|iframe|object|embed|base|form)[ />]' "$T"/*.html &&
	! grep -Eo ' (src|href|xlink:href|style|on[a-z]+)="[^#]' "$T"/*.html &&
	! grep -Po 'url\((?!#a[0-9]+\))' "$T"/*.html &&
	# attributes contain only numbers and our own words
	! grep -Pho '(?<=[ <])[a-z-]+="[^"]*(gpu-|dgx|train/|alert|&)[^"]*"' "$T"/*.html &&
	[ "$(grep -l "default-src 'none'; style-src 'unsafe-inline'" "$T"/*.html | wc -l)" = $((n + 2)) ] &&
	{ command -v xmllint >/dev/null || skip "no xmllint"; } && xmllint --noout "$T"/*.html
}
@test "html: at most 24 lanes, without duplicates" {
	for f in golden/inquest/{many-lanes,hostile-html,html}/out; do
		awk '/<svg/ { n = 0 } /class="lane"/ && ++n > 24 { bad = 1 } END { exit bad }' "$f" || { echo "$f"; return 1; }
	done
	grep -q '>18 more pods<' golden/inquest/many-lanes/out
}
@test "html: a browser opens pages and pictures, on screen and in print, without messages" {
	command -v chromium chromium-browser google-chrome >/dev/null || skip "no chromium"
	for d in usual dark-room many-lanes hostile-html nvswitch link-down; do
		"$B/inquest" -q -o html golden/inquest/$d/in >"$T/$d.html"
	done
	run -0 timeout 300 test/browser.py "$B/pages" "$T"/*.html
	[ -z "$output" ] && [ "$(find "$B/pages" -name '*.png' -size +10k | wc -l)" -ge 6 ] && [ "$(find "$B/pages" -name '*.pdf' -size +10k | wc -l)" -ge 6 ]
}
@test "html: a browser's messages fail the test" {
	command -v chromium chromium-browser google-chrome >/dev/null || skip "no chromium"
	sed 's|<h1>|<img src="http://192.0.2.1/x.png" alt=""/><h1 style="width:2000px">|' golden/inquest/html/out >"$T/loads.html"
	run -1 timeout 300 test/browser.py "$T/pages" "$T/loads.html"
	[[ $output == *"Content Security Policy"* ]] && [[ $output == *"wide"* ]]
}
@test "html: without incidents, the page states that" {
	echo '{}' | "$B/inquest" -q -o html | grep -q '<h1>No incidents</h1>'
}
@test "4,096 ranks on 512 nodes: four lanes, page in less than a second" {
	sed 's/"ranks_waiting":"[^"]*"/"ranks_waiting":"0-615,624-4095"/' golden/inquest/usual/out >"$T/line" && grep -q 4095 "$T/line" &&
	timeout 10 "$B/inquest" -q -o html "$T/line" >"$T/page" &&
	grep -q '>4088 ranks waiting<' "$T/page" && [ "$(grep -c 'class="lane"' "$T/page")" -le 6 ] &&
	[ "$("$B/inquest" -q -o html --stats "$T/line" 2>&1 >/dev/null | jq '.peak_bytes < 67108864 and .seconds < 1')" = true ]
}
@test "--summary: a month of verdict lines counts as the incidents made from them" {
	for f in xid-correlate pcie-aer pod-evicted; do
		"$B/$f" -q testdata/incidents/xid79/journal.json testdata/incidents/xid79/events.json
	done | "$B/inquest" -q --summary=gpu | jq -c '[.gpu_id, .incidents]' >"$T/rows"
	[ "$(cat "$T/rows")" = '["0000:3b:00.0",1]
[null,1]' ]
}
@test "README shows what inquest prints" {
	"$B/inquest" -q -o text testdata/incidents/xid79/journal.json testdata/incidents/xid79/events.json |
		sed -n '/^PCIe link/,/SURE/s/^/    /p' >"$T/want" && [ -s "$T/want" ] &&
	sed -n '/\$ inquest -o text/,/SURE/p' README.md | tail -n +2 | head -n "$(wc -l <"$T/want")" | diff - "$T/want"
}
