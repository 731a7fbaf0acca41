# usage: PROGRAM --help | awk -v prog=PROGRAM -v shell=bash|zsh|fish -f completions.awk
# Completions for PROGRAM from its --help, which comes from the option tables.
/^  (-.,|   ) --/ {
	n++
	key[n] = $1 ~ /^-.,$/ ? substr($1, 2, 1) : ""
	name[n] = $1 ~ /^--/ ? $1 : $2
	sub(/^--/, "", name[n])
	if (match(name[n], /[[=].*/)) { # =ARG, or [=ARG]
		arg[n] = substr(name[n], RSTART)
		name[n] = substr(name[n], 1, RSTART - 1)
	}
	maybe[n] = sub(/^\[=/, "", arg[n]) && sub(/\]$/, "", arg[n])
	sub(/^=/, "", arg[n])
	if (arg[n] ~ /\|/) {
		words[n] = arg[n]
		gsub(/\|/, " ", words[n])
	}
	text[n] = length($0) > 28 ? substr($0, 29) : ""
	if (substr($0, 28, 1) != " ") # the text begins in the next line
		text[n] = ""
	next
}
n && /^$/ { exit }
n { sub(/^ +/, ""); text[n] = text[n] (text[n] == "" ? "" : " ") $0 }
function quoted(s, more) { # for single quotes, and a backslash before each of more
	if (more)
		gsub("[" more "]", "\\\\&", s)
	gsub(/'/, "'\\''", s)
	return s
}
function bash(  i, all, name_) {
	name_ = "_" prog
	gsub(/-/, "_", name_)
	print "# bash completion for " prog
	print name_ "()\n{"
	print "\tlocal cur=${COMP_WORDS[COMP_CWORD]} opt=${COMP_WORDS[COMP_CWORD - 1]}"
	print "\tCOMPREPLY=()"
	print "\tif [ \"$cur\" = = ]; then"
	print "\t\tcur="
	print "\telif [ \"$opt\" = = ]; then"
	print "\t\topt=${COMP_WORDS[COMP_CWORD - 2]}"
	print "\tfi"
	print "\tcase $opt in"
	for (i = 1; i <= n; i++) {
		all = all (key[i] ? " -" key[i] : "") " --" name[i] (arg[i] && !maybe[i] ? "=" : "")
		if (words[i])
			print "\t" (key[i] ? "-" key[i] " | " : "") "--" name[i] ") COMPREPLY=($(compgen -W '" words[i] "' -- \"$cur\")); return ;;"
		else if (arg[i] && !maybe[i])
			print "\t" (key[i] ? "-" key[i] " | " : "") "--" name[i] ") return ;;"
	}
	print "\tesac"
	print "\tcase $cur in"
	print "\t-*)"
	print "\t\tCOMPREPLY=($(compgen -W '" substr(all, 2) "' -- \"$cur\"))"
	print "\t\t[[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null"
	print "\t\t;;"
	print "\tesac\n}"
	print "complete -o default -F " name_ " " prog
}
function zsh(  i, long, what) {
	print "#compdef " prog "\n\n_arguments -s -S \\"
	for (i = 1; i <= n; i++) {
		long = "--" name[i]
		what = "'[" quoted(text[i], "]:[") "]"
		if (arg[i])
			what = what (maybe[i] ? "::" : ":") quoted(words[i] ? name[i] : arg[i], ":") ":" \
				(words[i] ? "(" words[i] ")" : arg[i] == "FILE" ? "_files" : " ")
		what = what "' \\"
		if (key[i])
			print "\t'(-" key[i] " " long ")'{-" key[i] (arg[i] ? "+," : ",") long (arg[i] ? (maybe[i] ? "=-" : "=") : "") "}" what
		else
			print "\t" long (arg[i] ? (maybe[i] ? "=-" : "=") : "") what
	}
	print "\t'*:file:_files'"
}
function fish(  i) {
	print "# fish completion for " prog
	for (i = 1; i <= n; i++)
		print "complete -c " prog (key[i] ? " -s " key[i] : "") " -l " name[i] \
			(words[i] ? " -x -a '" words[i] "'" : arg[i] == "FILE" ? " -r" : arg[i] && !maybe[i] ? " -x" : "") \
			" -d '" quoted(text[i], "\\\\") "'"
}
END {
	if (shell == "bash") bash()
	if (shell == "zsh") zsh()
	if (shell == "fish") fish()
}
