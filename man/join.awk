# usage: cd man && awk -v version=VERSION -f join.awk PAGE
# Print the page with its release in the footer (.Os), each line ".so FILES"
# replaced by the files' lines (FILES may be a pattern), ".filters" by a list
# item for each filter's page, which says what its .Nd says, and ".commands" by
# a reference to each page of section 1.  A line ".follows LINE" is LINE in pages
# that have had the option -f, and nothing in others.
function fail(file) {
	print ARGV[1] ": cannot read " file >"/dev/stderr"
	exit 1
}
function each(files, what,   file, list) {
	list = "LC_ALL=C ls " files " 2>/dev/null"
	while ((list | getline file) > 0)
		if (what == "text") put(file)
		else refer(file, what)
	if (close(list)) fail(files)
}
function refer(page, what,   line, name) {
	name = page
	sub(/\..*/, "", name)
	if (what == "commands") print ".Xr " name " 1 ,"
	else if (name != "golden-replay")
		while ((getline line <page) > 0)
			if (sub(/^\.Nd say /, "", line)) print ".It Xr " name " 1\n" line
	close(page)
}
function put(file,   line, ok) {
	while ((ok = (getline line < file)) > 0) {
		follows = follows || line ~ /^\.It Fl f , Fl Fl follow/
		if (sub(/^\.so /, "", line)) each(line, "text")
		else if (line ~ /^\.(filters|commands)$/) each("*.1", substr(line, 2))
		else if (sub(/^\.follows /, "", line)) { if (follows) print line }
		else print line == ".Os" && version ? line " inquest " version : line
	}
	if (ok < 0) fail(file)
	close(file)
}
BEGIN { put(ARGV[1]) }
