# Rows of nvidia-smi's CSV as JSON lines for the filters, with this host as node.
#	nvidia-smi --query-gpu=timestamp,uuid,pci.bus_id,clocks_event_reasons.active,temperature.gpu --format=csv -l 30 |
#		HOST=$(hostname) jq -nRcf smi-csv.jq | thermal
# The stamps are local times without a zone, which the filters take as UTC: run
# nvidia-smi with TZ=UTC.
(input | split(", ")) as $names
| inputs | split(", ")
| select(length == ($names | length))
| [$names, .] | transpose | map({(.[0]): .[1]}) | add
| if $ENV.HOST then .host = $ENV.HOST else . end
