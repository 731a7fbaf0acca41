# usage: nm -APg OBJECT... | awk -f test/circles.awk [EXCEPTIONS] -
# No two files of the library may use each other, directly or through others.
# Prints the calls that close a circle.  EXCEPTIONS lists the folders, one per
# line, with known circles; a folder without any circle left is reported, too.
# Status 1 if anything is printed.
function folder(path) {
	sub(/\/[^\/]*$/, "", path)
	return path
}
FILENAME != "-" && FILENAME != "" {
	if ($0 !~ /^#/) known[$1] = 1
	next
}
{
	file = $1
	sub(/:$/, "", file)
	sub(/^.*\/lib\//, "lib/", file)
	sub(/\.o$/, ".c", file)
	if (!(file in seen)) {
		seen[file] = 1
		name[++n] = file
	}
	if ($3 == "U") uses[file, $2] = 1
	else home[$2] = file
}
END {
	for (pair in uses) {
		split(pair, part, SUBSEP)
		to = home[part[2]]
		if (to != "" && to != part[1]) {
			direct[part[1], to] = direct[part[1], to] " " part[2]
			leads[part[1], to] = 1
		}
	}
	for (k = 1; k <= n; k++)
		for (i = 1; i <= n; i++)
			if ((name[i], name[k]) in leads)
				for (j = 1; j <= n; j++)
					if ((name[k], name[j]) in leads) leads[name[i], name[j]] = 1
	for (i = 1; i <= n; i++)
		for (j = 1; j <= n; j++)
			if ((name[i], name[j]) in direct && (name[j], name[i]) in leads) {
				if (folder(name[i]) in known || folder(name[j]) in known) {
					found[folder(name[i])] = found[folder(name[j])] = 1
					continue
				}
				print name[i] ": circle: uses" direct[name[i], name[j]] " of " name[j]
				bad = 1
			}
	for (f in known)
		if (!(f in found)) {
			print f ": no circle any more: remove it from the exceptions"
			bad = 1
		}
	exit bad
}
