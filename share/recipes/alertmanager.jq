# All verdicts as one request for Alertmanager's API:
#	xid-correlate ... | jq -scf alertmanager.jq |
#	curl -sS -H 'Content-Type: application/json' -d @- http://alertmanager:9093/api/v2/alerts
map({
	labels: ({
		alertname: ("inquest_" + .["pattern.name"]),
		node: .node, gpu: .gpu_id, pod: .pod_name, namespace: .pod_namespace
	} | with_entries(select(.value))),
	annotations: {summary: .headline, description: .remediation}
} + ({startsAt: .evidence_trail[0].timestamp, endsAt: .resolved_at} | with_entries(select(.value))))
