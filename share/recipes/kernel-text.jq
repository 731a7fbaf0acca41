# Kernel lines in text as JSON lines for the filters: of nvidia-bug-report.log,
# sosreport, journalctl without -o json, /var/log/kern.log.
#	zcat nvidia-bug-report.log.gz | jq -nRcf kernel-text.jq | xid-correlate - events.json
# "Oct 27 08:49:11 dgx-a02 kernel: NVRM: ..." has no year and no zone: the year
# is that of a line "Date: ..." before it, as nvidia-bug-report prints it, or
# $YEAR; the zone is $ZONE, +02:00 or like that, or UTC.  Lines that cannot be
# dated are kept without a time, so that the filters count them.
def month: {Jan: 1, Feb: 2, Mar: 3, Apr: 4, May: 5, Jun: 6, Jul: 7, Aug: 8, Sep: 9, Oct: 10, Nov: 11, Dec: 12}[.];
def two: tostring | if length < 2 then "0" + . else . end;
foreach inputs as $line ({year: $ENV.YEAR, month: 12};
	.out = null
	| if ($line | test("^Date: ")) then
		.report = true
		| .year = ([$line | scan("[0-9]{4}")] | last)
		| .month = ($line | [scan("[A-Z][a-z]{2}") | month | numbers] | last) // 12
	else
		($line | capture("^(?<m>[A-Z][a-z]{2}) +(?<d>[0-9]+) (?<t>[0-9:]{8}) (?<node>[^ ]+) kernel: (?<message>.*)") // null) as $l
		| if $l and ($l.m | month) and (.year | not) then
			.out = {node: $l.node, message: $l.message}
		elif $l and ($l.m | month) then
			# behind the report's month: of the year before
			((.year | tonumber) - (if ($l.m | month) > .month then 1 else 0 end)) as $year
			| .out = {
				time: "\($year)-\($l.m | month | two)-\($l.d | two)T\($l.t)\($ENV.ZONE // "Z")",
				node: $l.node, message: $l.message
			}
		elif ($line | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[^ ]+ [^ ]+ kernel: ")) then
			.out = {message: $line}
		elif (.report | not) and ($line | test("^\\[ *[0-9]+\\.[0-9]+\\] .*(NVRM: Xid|AER: )")) then
			# dmesg's, which a report has in dated form, too
			.out = {message: $line}
		else . end
	end;
	.out // empty)
