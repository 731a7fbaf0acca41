# usage: cd man && awk -f join.awk PAGE
# Print the page with each line ".so FILE" replaced by the file's lines.
function put(file,   line, ok) {
	while ((ok = (getline line < file)) > 0)
		if (sub(/^\.so /, "", line))
			put(line)
		else
			print line
	if (ok < 0) {
		print ARGV[1] ": cannot read " file >"/dev/stderr"
		exit 1
	}
	close(file)
}
BEGIN { put(ARGV[1]) }
