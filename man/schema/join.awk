# usage: awk -f join.awk SCHEMA...
# Print the last schema; its empty enumerations of pattern.id and pattern.name
# list what the others say.
match($0, /"pattern\.(id|name)": \{"const": "[^"]*"\}/) {
	split(substr($0, RSTART, RLENGTH), part, "\"")
	seen[part[2]] = seen[part[2]] (seen[part[2]] ? ", " : "") "\"" part[6] "\""
}
FILENAME == ARGV[ARGC - 1] {
	if (match($0, /"pattern\.(id|name)": \{"enum": \[\]/)) {
		split(substr($0, RSTART, RLENGTH), part, "\"")
		sub(/\[\]/, "[" seen[part[2]] "]")
	}
	print
}
