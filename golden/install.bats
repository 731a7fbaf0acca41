#!/usr/bin/env bats
# Installation, and completions, which are generated from --help.
bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	B=$(cd "${O:-build}" && pwd)
	T=$BATS_TEST_TMPDIR
	C=$B/completions
}
options() { # options PROGRAM: the long options in its --help
	"$B/$1" --help | grep -oE '^  (-.,|   ) --[a-z-]+' | sed 's/.* --/--/' | sort
}
complete_bash() { # complete_bash WORD...: completions of the last word in bash
	local prog=$1
	# shellcheck disable=SC1090
	source "$C/bash/$prog"
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
	"_${prog//-/_}" "$prog" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
	echo "${COMPREPLY[*]}"
}

@test "each shell completes exactly the options of --help" {
	n=0
	for p in "$C"/bash/*; do
		p=${p##*/}
		want=$(options "$p")
		[ "$want" = "$(complete_bash "$p" -- | tr ' ' '\n' | sed 's/=$//' | sort)" ] &&
		[ "$want" = "$(grep -oE '^complete .*' "$C/fish/$p.fish" | sed 's/.* -l \([a-z-]*\).*/--\1/' | sort)" ] &&
		[ "$want" = "$(grep -oE '^	(.\(.*\{-[^}]*|--[a-z-]+)' "$C/zsh/_$p" | grep -oE -e '--[a-z-]+' | sort -u)" ] || { echo "$p"; return 1; }
		n=$((n + 1))
	done
	[ $n = "$(ls cmd/*.c | wc -l)" ]
}
@test "each shell completes the choices in --help of every option" {
	local n=0 p short long choices words
	for p in "$C"/bash/*; do
		p=${p##*/}
		while read -r short long choices; do
			words=${choices//|/ }
			[ "$(complete_bash "$p" "--$long" = '')" = "$words" ] && { [ "$short" = - ] || [ "$(complete_bash "$p" "$short" '')" = "$words" ]; } &&
			grep -q "^complete -c $p .*-l $long -x -a '$words'" "$C/fish/$p.fish" && grep -q "^	.*--$long=.*:$long:($words)" "$C/zsh/_$p" || { echo "$p --$long: $words"; return 1; }
			n=$((n + 1))
		done < <("$B/$p" --help | sed -nE 's/^  (-.|  )[, ] --([a-z-]+)=([a-z]+(\|[a-z]+)+).*/\1 \2 \3/p' | sed 's/^   */- /')
	done
	[ $n -ge 16 ]
}
@test "bash: options, choices in both spellings, files elsewhere" {
	[ "$(complete_bash xid-correlate --expl)" = --explain ] &&
	[ "$(complete_bash xid-correlate --form)" = --format= ] &&
	[ "$(complete_bash xid-correlate --format = '')" = "jsonl text" ] &&
	[ "$(complete_bash xid-correlate --format =)" = "jsonl text" ] &&
	[ "$(complete_bash xid-correlate --format = t)" = text ] &&
	[ "$(complete_bash xid-correlate -o j)" = jsonl ] &&
	[ "$(complete_bash xid-correlate --attribution gra)" = gravest ] &&
	[ -z "$(complete_bash xid-correlate jou)" ] && [ -z "$(complete_bash xid-correlate --rules ru)" ] &&
	[ -z "$(complete_bash golden-replay -p x)" ] && [ "$(complete_bash golden-replay --u)" = --update ] &&
	run -0 bash -c "source '$C/bash/thermal'; complete -p thermal" && [[ $output == *"-o default"*"-F _thermal thermal" ]]
}
@test "fish: options and choices" {
	command -v fish >/dev/null || skip "no fish"
	offers() { HOME=$T fish --no-config -c "source '$C/fish/xid-correlate.fish'; complete -C 'xid-correlate $1'" | cut -f1; }
	[ "$(offers --expl)" = --explain ] && [ "$(offers --attribution=g)" = --attribution=gravest ] && [ "$(offers '-o t')" = text ] &&
	for f in "$C"/fish/*; do fish -n "$f" || return 1; done
}
@test "zsh: options and choices" {
	command -v zsh >/dev/null || skip "no zsh"
	for f in "$C"/zsh/*; do zsh -n "$f" || return 1; done
	cat >"$T/ask" <<-'END'
		zmodload zsh/zpty
		zpty -b z "exec zsh -f -i"
		zpty -w z "PS1=; fpath=($C/zsh \$fpath); PATH=$B:\$PATH; autoload -Uz compinit; compinit -u -D; echo RE''ADY"
		zpty -r z said '*READY*'
		zpty -w -n z $'xid-correlate --attri\t'
		zpty -r z said '*--attribution*=*'
		zpty -w -n z $'gr\t'
		zpty -r z said '*gravest*'
		zpty -d z
	END
	C=$C B=$B HOME=$T timeout 20 zsh -f "$T/ask"
}
@test "make install puts everything in its place, and make uninstall takes it away" {
	run -0 make -s O="$B" install DESTDIR="$T/root" prefix=/usr
	for f in bin/xid-correlate bin/golden-replay share/man/man1/thermal.1 share/man/man5/inquest-input.5 share/man/man7/inquest.7 \
		share/inquest/schema/verdict.schema.json share/bash-completion/completions/hbm-ecc \
		share/zsh/site-functions/_nccl-hang share/fish/vendor_completions.d/pcie-aer.fish; do
		[ -s "$T/root/usr/$f" ] || { echo "$f"; return 1; }
	done
	[ "$("$T/root/usr/bin/xid-correlate" --version)" = "xid-correlate (inquest) $(cat VERSION)" ] &&
	run -0 make -s O="$B" uninstall DESTDIR="$T/root" prefix=/usr &&
	[ -z "$(find "$T/root" -type f)" ]
}
