# Verdicts as messages for a Slack incoming webhook, one line each:
#	xid-correlate ... | jq -cf slack.jq |
#	while read -r m; do curl -sS -H 'Content-Type: application/json' -d "$m" "$SLACK_WEBHOOK"; done
def plain: gsub("&"; "&amp;") | gsub("<"; "&lt;") | gsub(">"; "&gt;");
{text: ("*" + (.headline | plain) + "*\n" + (.remediation | plain))}
