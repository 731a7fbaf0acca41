# All incidents (or verdicts) as one request for Alertmanager's API, an alert for each id:
#	inquest ... | jq -scf alertmanager.jq |
#	curl -sS -H 'Content-Type: application/json' -d @- http://alertmanager:9093/api/v2/alerts
# Alertmanager takes alerts with the same labels as one: sent again, an incident
# is not a new alert, and resolved_at ends it.  "group_by: [id]" in its route
# makes a notification of each incident.
reduce .[] as $v ({}; .[$v.id] = $v) | map({
	labels: ({
		alertname: ("inquest_" + .["pattern.name"]), id,
		node: (.node // .root.node), gpu: (.gpu_id // .root.gpu_id),
		pod: (.pod_name // (.root.pod // "" | split("/")[1])),
		namespace: (.pod_namespace // (.root.pod // "" | split("/")[0]))
	} | with_entries(select(.value))),
	annotations: {summary: .headline, description: .remediation}
} + ({startsAt: (.first // .evidence_trail[0].timestamp), endsAt: .resolved_at} | with_entries(select(.value))))
