# usage: awk -f test/layers.awk FILES
# Every header names its layer, the folder below lib, in its first comment; a
# file may include its own layer and those allowed for it; a pattern includes no
# other pattern.
BEGIN {
	allow["base"] = " base "
	allow["json"] = " base json "
	allow["event"] = " base event "
	allow["text"] = " base json event text "
	allow["input"] = " base json event text input "
	allow["dialect"] = " base json event text input dialect "
	allow["verdict"] = " base verdict "
	allow["join"] = " base event text verdict join "
	allow["pattern"] = " base event text input verdict join pattern "
	allow["incident"] = " base json event verdict join pattern incident "
	allow["top"] = " base json event text input dialect verdict join pattern incident top "
}
# The folder of a pattern.
function own(path) {
	return match(path, /^lib\/pattern\/[^\/]+\//) ? substr(path, RSTART, RLENGTH) : ""
}
function room(path) {
	if (path ~ /^cmd\// || path ~ /^lib\/filter\//) return "top"
	if (path ~ /^lib\/input\/(text|dialect)\//) { split(path, part, "/"); return part[3] }
	if (path ~ /^lib\/[^\/]*\//) { split(path, part, "/"); return part[2] }
	return "top"
}
FNR == 1 { head = "" }
FILENAME ~ /\.h$/ && FNR < 40 && match($0, /Layer [a-z]+:/) {
	named[FILENAME] = substr($0, RSTART + 6, RLENGTH - 7)
	if (named[FILENAME] != room(FILENAME)) {
		print FILENAME ": says layer " named[FILENAME] " but lies in " room(FILENAME)
		bad = 1
	}
}
FILENAME ~ /\.h$/ { header[FILENAME] = 1 }
/^#include "/ {
	split($0, quoted, "\"")
	used = room("lib/" quoted[2])
	# tests feed whatever they need
	if (FILENAME !~ /_(test|fuzz)\.c$/ && index(allow[room(FILENAME)], " " used " ") == 0) {
		print FILENAME ":" FNR ": layer " room(FILENAME) " includes " used
		bad = 1
	}
	if (own(FILENAME) && own("lib/" quoted[2]) && own(FILENAME) != own("lib/" quoted[2])) {
		print FILENAME ":" FNR ": a pattern includes another"
		bad = 1
	}
}
END {
	for (h in header)
		if (!(h in named) && h !~ /test\.h$/) {
			print h ": names no layer"
			bad = 1
		}
	exit bad
}
