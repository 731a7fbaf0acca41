#include "input/text/hostname.h"

enum { HOST_MAX = 253 };

/* Words before a number, which make no host's name. */
static const struct str others[] = {
	/* parts of programs and of procedures */
	STR_INIT("run"), STR_INIT("step"), STR_INIT("test"), STR_INIT("phase"), STR_INIT("stage"), STR_INIT("attempt"), STR_INIT("epoch"),
	STR_INIT("rank"), STR_INIT("part"), STR_INIT("pass"), STR_INIT("round"), STR_INIT("iter"), STR_INIT("iteration"), STR_INIT("trial"),
	STR_INIT("try"), STR_INIT("retry"), STR_INIT("job"), STR_INIT("task"), STR_INIT("case"), STR_INIT("section"), STR_INIT("day"),
	STR_INIT("week"), STR_INIT("batch"), STR_INIT("boot"), STR_INIT("cycle"), STR_INIT("loop"), STR_INIT("level"), STR_INIT("layer"),
	STR_INIT("page"), STR_INIT("table"), STR_INIT("item"), STR_INIT("option"), STR_INIT("version"), STR_INIT("release"),
	STR_INIT("build"), STR_INIT("error"), STR_INIT("issue"), STR_INIT("xid"), STR_INIT("exit"), STR_INIT("code"), STR_INIT("pid"),
	STR_INIT("line"), STR_INIT("sample"), STR_INIT("set"), STR_INIT("group"), STR_INIT("pod"), STR_INIT("container"),
	STR_INIT("thread"), STR_INIT("default"), STR_INIT("rack"), STR_INIT("row"), STR_INIT("room"), STR_INIT("zone"), STR_INIT("cluster"),
	/* devices */
	STR_INIT("gpu"), STR_INIT("nvidia"), STR_INIT("nvswitch"), STR_INIT("nvlink"), STR_INIT("cuda"), STR_INIT("eth"), STR_INIT("ib"),
	STR_INIT("mlx"), STR_INIT("nvme"), STR_INIT("sd"), STR_INIT("md"), STR_INIT("disk"), STR_INIT("cpu"), STR_INIT("core"),
	STR_INIT("socket"), STR_INIT("numa"), STR_INIT("card"), STR_INIT("dev"), STR_INIT("device"), STR_INIT("slot"), STR_INIT("port"),
	STR_INIT("link"), STR_INIT("lane"), STR_INIT("bank"), STR_INIT("dimm"), STR_INIT("bus"), STR_INIT("tty"), STR_INIT("ttys"),
	STR_INIT("gb"), STR_INIT("gh"), STR_INIT("rtx"), STR_INIT("sm"), STR_INIT("pci"), STR_INIT("mc"), STR_INIT("mce"),
	/* logs */
	STR_INIT("log"), STR_INIT("dmesg"), STR_INIT("kern"), STR_INIT("kernel"), STR_INIT("kmsg"), STR_INIT("syslog"),
	STR_INIT("messages"), STR_INIT("journal"), STR_INIT("journalctl"), STR_INIT("console"), STR_INIT("sel"), STR_INIT("events"),
	STR_INIT("stdout"), STR_INIT("stderr"), STR_INIT("out"), STR_INIT("err"), STR_INIT("file"), STR_INIT("output"),
	/* programs and formats */
	STR_INIT("python"), STR_INIT("nccl"), STR_INIT("ipv"), STR_INIT("ext"), STR_INIT("sha"), STR_INIT("utf"),
}, endings[] = {
	STR_INIT(".log"), STR_INIT(".txt"), STR_INIT(".out"), STR_INIT(".err"), STR_INIT(".gz"), STR_INIT(".xz"), STR_INIT(".zst"),
	STR_INIT(".json"), STR_INIT(".jsonl"), STR_INIT(".csv"), STR_INIT(".tar"), STR_INIT(".sh"), STR_INIT(".py"), STR_INIT(".yaml"),
	STR_INIT(".yml"), STR_INIT(".service"), STR_INIT(".cpp"), STR_INIT(".go"), STR_INIT(".so"),
};

/* "20260514", "2026-05-14" */
static bool
has_date(struct str word)
{
	size_t n = 0;

	for (size_t i = 0; i <= word.n; i++) {
		if (i < word.n && char_digit(word.p[i])) {
			n++;
			continue;
		}
		if (n == 8 || (n == 4 && str_starts(str_from(word, i - 4), S("20")) && i < word.n && word.p[i] == '-'))
			return true;
		n = 0;
	}
	return false;
}

/* "7", "12" and "0", as in gpu7, but not "07" or "-7" */
static bool
is_device_number(struct str number)
{
	return number.n == 1 || (number.n == 2 && char_digit(number.p[0]) && number.p[0] != '0');
}

/* Is it a number behind a word of others? */
static bool
is_other(struct str word, struct str number)
{
	for (size_t i = 0; i < NELEM(others); i++)
		if (str_ieq(word, others[i]))
			return !str_eq(others[i], S("gpu")) || is_device_number(number);
	return false;
}

/* Does the last label of a name with dots begin with a letter, and is it no ending of a
 * file's name? */
static bool
ends_well(struct str word)
{
	size_t at = word.n;

	for (size_t i = 0; i < NELEM(endings); i++)
		if (str_ends(word, endings[i]))
			return false;
	while (at && word.p[at - 1] != '.')
		at--;
	return (!at || char_letter(word.p[at])) && (char_letter(word.p[word.n - 1]) || char_digit(word.p[word.n - 1]));
}

bool
hostname_is(struct str word)
{
	size_t letters = 0;
	struct str number;
	bool digit = false, only = true;

	while (letters < word.n && char_letter(word.p[letters]))
		letters++;
	number = str_from(word, letters);
	for (size_t i = 0; i < number.n; i++) {
		bool is = char_digit(number.p[i]);

		if (!is && !char_letter(number.p[i]) && number.p[i] != '-' && number.p[i] != '.' && number.p[i] != '_')
			return false;
		digit |= is;
		only &= !char_letter(number.p[i]);
	}
	if (letters < 2 || !digit || word.n > HOST_MAX || str_starts(word, S("nvme")))
		return false;
	return !has_date(word) && ends_well(word) && !(only && is_other(str_head(word, letters), number));
}
