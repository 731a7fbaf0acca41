# Incidents (or verdicts) as messages for a Slack incoming webhook, a line for each id:
#	inquest ... | jq -scf slack.jq |
#	while read -r m; do curl -sS -H 'Content-Type: application/json' -d "$m" "$SLACK_WEBHOOK"; done
# Of several lines with one id the last counts: an incident that was resolved since.
def plain: gsub("&"; "&amp;") | gsub("<"; "&lt;") | gsub(">"; "&gt;");
reduce .[] as $v ({}; .[$v.id] = $v) | .[]
| {text: ("*" + (.headline | plain) + "*\n" + (.remediation | plain)
	+ ([.links[]?.what | "\n• " + plain] | add // "")
	+ (if .resolved_at then "\nresolved " + .resolved_at else "" end))}
