# usage: awk -v dir=DIR -f test/examples.awk PAGE
# Write each example of a manual page that follows a comment '.\" try FILTER
# [OPTION]... KIND=N...' to DIR/n, and print for each such comment: n and its
# words.
/^\.\\" try / {
	if (!said++)
		n++
	sub(/^\.\\" try /, "")
	print n, $0
	next
}
said && /^\.Bd -literal/ { on = 1; next }
on && /^\.Ed/ { on = said = 0 }
on {
	gsub(/\\e/, "\\")
	gsub(/\\&/, "")
	print >(dir "/" n)
}
