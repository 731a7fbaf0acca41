# usage: awk -f test/layers.awk FILES
# Every header names its layer in its first comment; a file may include its own
# layer and those below:  base <- input <- verdict, pattern <- top.
BEGIN {
	# pattern knows verdict.h; verdict's writers know neither input nor pattern
	allow["base"] = " base "
	allow["input"] = " base input "
	allow["verdict"] = " base verdict "
	allow["pattern"] = " base input verdict pattern "
	allow["top"] = " base input verdict pattern top "
}
function layer(path) {
	if (path ~ /^cmd\//) return "top"
	if (path ~ /^lib\/filter\//) return "top"
	if (path ~ /^lib\/[^\/]*\//) { split(path, part, "/"); return part[2] }
	return "top"
}
FNR == 1 { head = "" }
FILENAME ~ /\.h$/ && FNR < 40 && match($0, /Layer [a-z]+:/) {
	named[FILENAME] = substr($0, RSTART + 6, RLENGTH - 7)
	if (named[FILENAME] != layer(FILENAME) && named[FILENAME] != "top") {
		print FILENAME ": says layer " named[FILENAME] " but lies in " layer(FILENAME)
		bad = 1
	}
}
FILENAME ~ /\.h$/ { header[FILENAME] = 1 }
/^#include "/ {
	split($0, quoted, "\"")
	used = layer("lib/" quoted[2])
	if (index(allow[layer(FILENAME)], " " used " ") == 0) {
		print FILENAME ":" FNR ": layer " layer(FILENAME) " includes " used
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
