#include "input/text/stamps.h"

#include "base/num.h"
#include "input/text/hostname.h"

/* Remove and return letters at the start of *s. */
static struct str
eat_letters(struct str *s)
{
	struct str w = {s->p, 0};

	while (w.n < s->n && char_letter(s->p[w.n]))
		w.n++;
	*s = str_from(*s, w.n);
	return w;
}

/* Remove the text up to the next blank, and blanks after it. */
static bool
eat_word(struct str *s, struct str *word)
{
	struct str t = *s;

	if (!str_eat_to(&t, ' ', word) || word->n == 0)
		return false;
	str_eat_blanks(&t);
	*s = t;
	return true;
}

/* ---- contents of stamps ---- */

/* Abbreviated names of months in en, de, fr, es, it and pt, in UTF-8 and Latin-1,
 * without the point that may follow. */
static const struct {
	struct str name;
	unsigned char month;
} months[] = {
	{STR_INIT("jan"), 1}, {STR_INIT("feb"), 2}, {STR_INIT("mar"), 3}, {STR_INIT("apr"), 4},
	{STR_INIT("may"), 5}, {STR_INIT("jun"), 6}, {STR_INIT("jul"), 7}, {STR_INIT("aug"), 8},
	{STR_INIT("sep"), 9}, {STR_INIT("oct"), 10}, {STR_INIT("nov"), 11}, {STR_INIT("dec"), 12},
	{STR_INIT("m\xc3\xa4r"), 3}, {STR_INIT("m\xe4r"), 3}, {STR_INIT("m\xc3\xa4rz"), 3}, {STR_INIT("m\xe4rz"), 3},
	{STR_INIT("mai"), 5}, {STR_INIT("juni"), 6}, {STR_INIT("juli"), 7}, {STR_INIT("sept"), 9}, {STR_INIT("okt"), 10},
	{STR_INIT("dez"), 12}, {STR_INIT("janv"), 1}, {STR_INIT("f\xc3\xa9vr"), 2}, {STR_INIT("f\xe9vr"), 2},
	{STR_INIT("mars"), 3}, {STR_INIT("avril"), 4}, {STR_INIT("avr"), 4}, {STR_INIT("juin"), 6},
	{STR_INIT("juil"), 7}, {STR_INIT("ao\xc3\xbbt"), 8}, {STR_INIT("ao\xfbt"), 8}, {STR_INIT("d\xc3\xa9""c"), 12},
	{STR_INIT("d\xe9""c"), 12}, {STR_INIT("ene"), 1}, {STR_INIT("abr"), 4}, {STR_INIT("ago"), 8}, {STR_INIT("dic"), 12},
	{STR_INIT("gen"), 1}, {STR_INIT("mag"), 5}, {STR_INIT("giu"), 6}, {STR_INIT("lug"), 7}, {STR_INIT("set"), 9},
	{STR_INIT("ott"), 10}, {STR_INIT("fev"), 2}, {STR_INIT("out"), 10},
};

/* A month by its name, or by its number before the character for month (zh, ja).  0: an
 * unknown name. */
static bool
read_month(struct str word, unsigned char *month)
{
	struct str name = word;
	uint64_t n;

	*month = 0;
	if (num_eat(&name, &n)) {
		*month = (unsigned char)n;
		return n >= 1 && n <= 12 && name.n && (unsigned char)*name.p >= 0x80;
	}
	if (str_ends(name, S(".")))
		name.n--;
	for (size_t i = 0; i < NELEM(months) && name.n; i++)
		if ((*name.p | 0x20) == *months[i].name.p && str_ieq(name, months[i].name))
			*month = months[i].month;
	for (size_t i = 0; i < name.n; i++)
		if (!char_letter(name.p[i]) && (unsigned char)name.p[i] < 0x80)
			return false;
	return name.n >= 2 && name.n <= 16;
}

/* "15:36:05" or "15:36:05.123456": ns since midnight. */
static bool
eat_clock(struct str *s, int64_t *ns)
{
	static const int64_t most[] = {23, 59, 60}, unit[] = {3600, 60, 1};
	struct str t = *s;
	int64_t sum = 0, scale = SECOND;

	for (size_t i = 0; i < 3; i++) {
		uint64_t n;

		if (t.n < 2 || !char_digit(t.p[0]) || !char_digit(t.p[1]) || (i < 2 && !str_starts(str_from(t, 2), S(":"))))
			return false;
		n = (uint64_t)(t.p[0] - '0') * 10 + (uint64_t)(t.p[1] - '0');
		if (n > (uint64_t)most[i])
			return false;
		sum += (int64_t)n * unit[i] * SECOND;
		t = str_from(t, i < 2 ? 3 : 2);
	}
	if (str_eat(&t, S(".")))
		for (; t.n && char_digit(*t.p); t = str_from(t, 1))
			sum += (*t.p - '0') * (scale /= 10);
	*ns = sum;
	*s = t;
	return true;
}

/* "Aug 10 15:36:05", without a year. */
static bool
eat_day(struct str *s, struct stamp *at)
{
	struct str t = *s, word;
	uint64_t day;
	int64_t ns;

	*at = (struct stamp){0};
	if (!eat_word(&t, &word) || !num_eat(&t, &day) || day < 1 || day > 31 || !str_starts(t, S(" ")) ||
	    !read_month(word, &at->month))
		return false;
	str_eat_blanks(&t);
	if (!eat_clock(&t, &ns))
		return false;
	at->kind = at->month ? STAMP_YEARLESS : STAMP_MONTH;
	at->day = (unsigned char)day;
	at->ns = ns;
	*s = t;
	return true;
}

/* "Sun Feb 23 16:24:18 2025" in a bracket, in some locale. */
static bool
read_ctime(struct str in, struct stamp *at)
{
	struct str word, t = in;
	uint64_t year;

	if (!eat_word(&t, &word) || (!eat_day(&t, at) && (t = in, !eat_day(&t, at))) || !str_eat(&t, S(" ")) ||
	    !num_eat(&t, &year) || t.n || year > 9999)
		return false;
	if (at->kind == STAMP_MONTH)
		return true;
	at->kind = STAMP_NONE;
	if (time_civil((int64_t)year, at->month, at->day, at->ns / SECOND, &at->ns))
		at->kind = STAMP_ZONELESS;
	return true;
}

/* "May 4 05:11", "May14 05:11", printed by dmesg -H before the first line of a
 * minute. */
static bool
read_minute(struct str in, struct stamp *at)
{
	char full[40];
	size_t day = in.n < 10 ? 0 : in.n - 6; /* offset of its number */

	while (day && char_digit(in.p[day - 1]))
		day--;
	if (!day || in.n + 4 > sizeof(full))
		return false;
	memcpy(full, in.p, day);
	full[day] = ' ';
	memcpy(full + day + 1, in.p + day, in.n - day);
	memcpy(full + in.n + 1, ":00", 3);
	in = (struct str){full, in.n + 4};
	return eat_day(&in, at) && in.n == 0;
}

/* ---- prefixes of lines ---- */

struct line {
	struct str rest;
	struct stamps *s;
	struct stamp last; /* the last stamp read outside a bracket */
	bool stamped, plain, repeated;
};

bool
stamps_is_old(int64_t local, int64_t carried)
{
	return time_diff(carried, local) > 15 * 3600 * SECOND;
}

/*
 * A stamp was read: the last one of the most complete kind wins, as it is the writer's,
 * unless a host follows another.  So does one without a zone that no zone could bring near
 * the carrier's: what dmesg prints of days ago.
 */
static bool
found(struct line *l, struct str rest, struct stamp at, bool plain)
{
	bool old = at.kind == STAMP_ZONELESS && l->s->at.kind == STAMP_FULL && stamps_is_old(at.ns, l->s->at.ns);

	l->rest = rest;
	l->last = at;
	l->stamped = true;
	l->plain = plain;
	if (at.kind > l->s->at.kind || at.kind == STAMP_FULL || old)
		l->s->at = at;
	if (at.kind == STAMP_FULL && l->s->around == NO_TIME)
		l->s->around = at.ns;
	return true;
}

/* A host followed the last stamp: together they are a syslog header. */
static void
head(struct line *l, struct str host)
{
	l->s->host = str_head(host, str_find(host, S("/")));
	if (l->last.kind >= STAMP_MONTH)
		l->s->at = l->last;
}

/* "[  123.456789]", "[  123.456789 <    0.000010>]", "[    T4]", "[...]",
 * "[Sun Feb 23 16:24:18 2025]", "[2026-05-14T03:12:00.4Z]:" */
static bool
eat_bracket(struct line *l)
{
	struct str t = l->rest, in, clock;
	struct stamp at = {0};
	bool digit;
	int64_t ns;

	if (!str_eat(&t, S("[")) || !str_eat_to(&t, ']', &in) || in.n > 40)
		return false;
	digit = str_eq(in, S("..."));
	for (size_t i = 0; i < in.n; i++)
		digit |= char_digit(in.p[i]);
	if (!digit)
		return false;
	in = clock = str_trim(str_head(in, str_find(in, S(" <"))));
	if (in.n && char_digit(*in.p) && str_has(in, S(".")) && num_fixed(in, 9, &ns)) {
		at = (struct stamp){.kind = STAMP_BOOT, .ns = ns};
	} else if (time_eat(&clock, &ns) && !clock.n) {
		at = (struct stamp){.kind = STAMP_FULL, .ns = ns};
		str_eat(&t, S(":"));
	} else if (clock = in, time_eat_local(&clock, &ns) && !clock.n) {
		at = (struct stamp){.kind = STAMP_ZONELESS, .ns = ns};
	} else if (read_minute(in, &at)) {
		l->s->minute = true;
	} else {
		l->s->relative |= str_starts(in, S("+"));
		read_ctime(in, &at);
	}
	return found(l, t, at, false);
}

/* "2026-05-14T03:12:00.401223+02:00 ", or without a zone */
static bool
eat_iso(struct line *l)
{
	struct str t = l->rest;
	struct stamp at = {.kind = STAMP_FULL};
	bool comma;

	if (!time_eat(&t, &at.ns)) {
		at.kind = STAMP_ZONELESS;
		if (!time_eat_local(&t, &at.ns) || !str_starts(t, S(" ")))
			return false;
	}
	/* dmesg prints a comma and no host */
	comma = str_has((struct str){l->rest.p, (size_t)(t.p - l->rest.p)}, S(","));
	return found(l, t, at, !comma);
}

/* Blanks and a year of four digits, before a blank or a colon. */
static bool
eat_year(struct str *s, int64_t *year)
{
	struct str t = *s, digits;
	uint64_t n;

	str_eat_blanks(&t);
	digits = t;
	if (!num_eat(&t, &n) || t.p - digits.p != 4 || !(str_starts(t, S(" ")) || str_starts(t, S(":"))))
		return false;
	*year = (int64_t)n;
	*s = t;
	return true;
}

/* "05-14 03:12:00", from stern --timestamps=short */
static bool
eat_numbers(struct str *s, struct stamp *at)
{
	struct str t = *s;
	uint64_t month, day;

	*at = (struct stamp){.kind = STAMP_YEARLESS};
	if (!num_eat(&t, &month) || t.p - s->p != 2 || !str_eat(&t, S("-")) || !num_eat(&t, &day) || t.p - s->p != 5 ||
	    month < 1 || month > 12 || day < 1 || day > 31 || !str_eat(&t, S(" ")) || !eat_clock(&t, &at->ns))
		return false;
	at->month = (unsigned char)month;
	at->day = (unsigned char)day;
	*s = t;
	return true;
}

/* "Aug 10 15:36:05 "; with a year see eat_dated */
static bool
eat_syslog(struct line *l)
{
	struct str t = l->rest, rest;
	struct stamp at;
	int64_t year;

	if ((!eat_day(&t, &at) && !eat_numbers(&t, &at)) || !str_starts(t, S(" ")))
		return false;
	rest = t;
	return !eat_year(&rest, &year) && found(l, t, at, true);
}

/* "May 14", with the year after it or after the clock */
static bool
eat_date(struct str *s, struct stamp *at, int64_t *year)
{
	struct str t = *s, word;
	uint64_t day;

	if (eat_day(s, at))
		return eat_year(s, year);
	if (!eat_word(&t, &word) || !num_eat(&t, &day) || day < 1 || day > 31 || !eat_year(&t, year) || !read_month(word, &at->month))
		return false;
	at->day = (unsigned char)day;
	str_eat_blanks(&t);
	if (!eat_clock(&t, &at->ns))
		return false;
	*s = t;
	return true;
}

/* "May 14 2026 05:11:02.401 UTC: " from network devices, "Thu May 14 05:11:02 2026 "
 * from asctime */
static bool
eat_dated(struct line *l)
{
	struct str t = l->rest, word;
	struct stamp at = {0};
	int64_t year, ns;

	if (!eat_date(&t, &at, &year) && (t = l->rest, !eat_word(&t, &word) || word.n != 3 || !eat_date(&t, &at, &year)))
		return false;
	if (!time_civil(year, at.month, at.day, at.ns / SECOND, &ns))
		return false;
	at.ns = ns + at.ns % SECOND;
	at.kind = str_eat(&t, S(" UTC")) || str_eat(&t, S(" GMT")) ? STAMP_FULL : STAMP_ZONELESS;
	str_eat(&t, S(":"));
	return str_starts(t, S(" ")) && found(l, t, at, true);
}

/* "Wed 2026-03-04 05:06:07 UTC " from journalctl -o short-full */
static bool
eat_full(struct line *l)
{
	struct str t = l->rest, zone;
	struct stamp at = {.kind = STAMP_FULL};

	while (t.n && *t.p != ' ' && !char_digit(*t.p))
		t = str_from(t, 1);
	if (t.p - l->rest.p > 16 || !str_eat(&t, S(" ")))
		return false;
	if (!time_eat(&t, &at.ns)) {
		at.kind = STAMP_ABBREV;
		if (!time_eat_local(&t, &at.ns) || !str_eat(&t, S(" ")) || (zone = eat_letters(&t)).n == 0)
			return false;
		if (str_eq(zone, S("GMT")))
			at.kind = STAMP_FULL;
	}
	return str_starts(t, S(" ")) && found(l, t, at, true);
}

/* "1737434504.283302 " from journalctl -o short-unix; less than three years is time
 * since boot */
static bool
eat_seconds(struct line *l)
{
	struct str t = l->rest;
	struct stamp at = {.kind = STAMP_BOOT};
	uint64_t n, fraction;

	if (!num_eat(&t, &n) || !str_eat(&t, S(".")) || !num_eat(&t, &fraction) || !str_starts(t, S(" ")) ||
	    !num_fixed((struct str){l->rest.p, (size_t)(t.p - l->rest.p)}, 9, &at.ns))
		return false;
	if (n >= 100000000)
		at.kind = STAMP_FULL;
	return found(l, t, at, true);
}

/* "<3>"; with octet counting (RFC 6587) "123 <3>" */
static bool
eat_level(struct line *l)
{
	struct str t = l->rest;
	uint64_t n;

	if (num_eat(&t, &n) && !str_eat(&t, S(" ")))
		return false;
	if (!str_eat(&t, S("<")) || !num_eat(&t, &n) || !str_eat(&t, S(">")))
		return false;
	l->rest = t;
	return true;
}

/* "kern  :warn  : ", "kern: warning: " */
static bool
eat_facility(struct line *l)
{
	struct str t = l->rest;

	for (int i = 0; i < 2; i++) {
		struct str word = eat_letters(&t);

		if (i == 0 ? !str_eq(word, S("kern")) : word.n == 0)
			return false;
		str_eat_blanks(&t);
		if (!str_eat(&t, S(":")))
			return false;
		str_eat_blanks(&t);
	}
	l->rest = t;
	return true;
}

/* "6.8.0-31-generic,": the kernel release, prepended by netconsole */
static void
eat_release(struct str *s)
{
	struct str t = *s, release;

	if (str_cut(&t, ',', &release) && t.p && release.n <= 64 && memchr(release.p, '.', release.n) && !memchr(release.p, ' ', release.n))
		*s = t;
}

/* "4,1834,11706732233,-;" from /dev/kmsg */
static bool
eat_kmsg(struct line *l)
{
	struct str t = l->rest, flags;
	struct stamp at = {.kind = STAMP_BOOT};
	uint64_t n = 0; /* the third number: microseconds since boot */

	eat_release(&t);
	for (int i = 0; i < 3; i++)
		if (!num_eat(&t, &n) || !str_eat(&t, S(",")))
			return false;
	if (!str_eat_to(&t, ';', &flags) || flags.n > 20 || n > INT64_MAX / 1000)
		return false;
	at.ns = (int64_t)n * 1000;
	return found(l, t, at, false);
}

/* "relay-1 " between two stamps: a relay put its own header before the line; before the
 * kernel's seconds it is the host that received them by netconsole */
static bool
eat_relay(struct line *l)
{
	struct stamps other = NO_STAMPS;
	struct line t = {.rest = l->rest, .s = &other};
	struct str name, rest;

	if (!l->plain || !eat_word(&t.rest, &name))
		return false;
	rest = t.rest;
	if (!eat_syslog(&t) && !eat_dated(&t) && !eat_iso(&t) && !eat_full(&t) && !(eat_bracket(&t) && other.at.kind == STAMP_BOOT))
		return false;
	head(l, name);
	l->rest = rest;
	return true;
}

/* "kernel:", or with pid 0 */
static bool
eat_tag(struct str *s)
{
	return str_eat(s, S("kernel:")) || str_eat(s, S("kernel[0]:"));
}

/* "kernel: " or, after a stamp, "gpu-node-a kernel: ", or without the colon; a facility
 * and a level, "kern.warning", may be in between */
static bool
eat_kernel(struct line *l)
{
	struct str t = l->rest, name, level;

	if (eat_tag(&l->rest))
		return true;
	if (!l->stamped || !eat_word(&t, &name))
		return false;
	if (str_starts(name, S("kern.")) && eat_tag(&t)) { /* OpenWrt's logread prints no host */
		l->rest = t;
		return true;
	}
	if (str_starts(t, S("kern.")))
		eat_word(&t, &level);
	if (!eat_tag(&t) && !(l->plain && str_eat(&t, S("kernel "))))
		return false;
	head(l, name);
	l->rest = t;
	return true;
}

/* The usual "gpu-node-a kernel: " after a stamp; of prefixes that begin with a letter,
 * only this one has "kernel" as its second word. */
static bool
eat_host_kernel(struct line *l)
{
	struct str t = l->rest, name;

	return l->stamped && !str_starts(t, S("kernel")) && eat_word(&t, &name) && str_starts(t, S("kernel")) && eat_kernel(l);
}

/* "I0514 03:12:00.123456    2023 event.go:389] " from klog and glog, or "I20260514 …":
 * always from a program. */
static bool
eat_klog(struct line *l)
{
	struct str t = l->rest, place;
	struct stamp at = {.kind = STAMP_YEARLESS};
	uint64_t n, day;
	int64_t ns;
	size_t digits;

	if (t.n < 2 || !strchr("IWEF", *t.p) || !char_digit(t.p[1]))
		return false;
	t = str_from(t, 1);
	digits = str_find(t, S(" "));
	if ((digits != 4 && digits != 8) || !num_eat(&t, &n) || !str_eat(&t, S(" ")) || !eat_clock(&t, &ns))
		return false;
	day = n % 10000;
	at.month = (unsigned char)(day / 100);
	at.day = (unsigned char)(day % 100);
	at.ns = ns;
	if (digits == 8 && time_civil((int64_t)(n / 10000), at.month, at.day, ns / SECOND, &at.ns)) {
		at.kind = STAMP_ZONELESS;
		at.ns += ns % SECOND;
	}
	str_eat_blanks(&t);
	if (at.month < 1 || at.month > 12 || at.day < 1 || at.day > 31 || !num_eat(&t, &n) || !str_eat(&t, S(" ")) ||
	    !str_eat_to(&t, ']', &place) || !str_has(place, S(":")) || memchr(place.p, ' ', place.n))
		return false;
	l->s->program = true;
	return found(l, t, at, false);
}

/* "[E514 03:12:00.123456789 ProcessGroupNCCL.cpp:616] " from PyTorch, the month with one
 * or two digits */
static bool
eat_torch(struct line *l)
{
	struct str t = l->rest, place;
	struct stamp at = {.kind = STAMP_YEARLESS};
	uint64_t day;

	if (!str_eat(&t, S("[")) || !t.n || !strchr("IWEF", *t.p))
		return false;
	t = str_from(t, 1);
	if (!num_eat(&t, &day) || !str_eat(&t, S(" ")) || !eat_clock(&t, &at.ns) || !str_eat(&t, S(" ")) ||
	    !str_eat_to(&t, ']', &place) || !str_has(place, S(":")) || day < 101 || day > 1231 || day % 100 < 1 ||
	    day % 100 > 31)
		return false;
	at.month = (unsigned char)(day / 100);
	at.day = (unsigned char)(day % 100);
	l->s->program = true;
	return found(l, t, at, false);
}

/* "[rank3]:" and "[default3]:" from torchrun; "(Worker pid=7, ip=10.0.0.1) " from
 * Ray */
static bool
eat_worker(struct line *l)
{
	struct str t = l->rest, in;
	uint64_t n;

	if (str_eat(&t, S("("))) {
		if (!str_eat_to(&t, ')', &in) || !str_has(in, S(" pid=")))
			return false;
	} else if ((!str_eat(&t, S("[rank")) && !str_eat(&t, S("[default"))) || !num_eat(&t, &n) || !str_eat(&t, S("]:"))) {
		return false;
	}
	l->s->program = true;
	l->rest = t;
	return true;
}

/* "gpu-7 kubelet[2023]: " after a stamp, before klog's own */
static bool
eat_component(struct line *l)
{
	struct str name, tag;
	struct line t = *l;

	if (!l->plain || !eat_word(&t.rest, &name) || !eat_word(&t.rest, &tag) || !str_ends(tag, S(":")) || !eat_klog(&t))
		return false;
	head(l, name);
	*l = t;
	return true;
}

/* One parameter of structured data or one label: name="text". */
static bool
eat_quoted(struct str *s, struct str *name, struct str *text)
{
	struct str t = *s;
	size_t n = 0;

	if (!str_eat_to(&t, '=', name) || name->n == 0 || name->n > 64 || !str_eat(&t, S("\"")))
		return false;
	while (n < t.n && t.p[n] != '"')
		n += t.p[n] == '\\' ? 2 : 1;
	if (n >= t.n)
		return false;
	*text = str_head(t, n);
	*s = str_from(t, n + 1);
	return true;
}

/* "[id name="text" …][…]" or "-" */
static bool
eat_structured(struct str *s)
{
	struct str name, text;
	bool any = str_eat(s, S("-"));

	for (; str_eat(s, S("[")); any = true) {
		while (s->n && *s->p != ' ' && *s->p != ']')
			*s = str_from(*s, 1);
		while (str_eat(s, S(" ")))
			if (!eat_quoted(s, &name, &text))
				return false;
		if (!str_eat(s, S("]")))
			return false;
	}
	return any && str_eat(s, S(" "));
}

/* "1 2026-03-04T05:06:07Z gpu-7 kernel - - - ", after "<4>" (RFC 5424) */
static bool
eat_rfc5424(struct line *l)
{
	struct str t = l->rest, name, app, process, id;
	struct stamp at = {.kind = STAMP_FULL};

	if (!str_eat(&t, S("1 ")) || !time_eat(&t, &at.ns) || !str_eat(&t, S(" ")) || !eat_word(&t, &name) ||
	    !eat_word(&t, &app) || !eat_word(&t, &process) || !eat_word(&t, &id) || !eat_structured(&t))
		return false;
	str_eat(&t, S("\xef\xbb\xbf"));
	found(l, t, at, false);
	if (!str_eq(name, S("-")))
		head(l, name);
	l->s->program |= !str_eq(app, S("kernel")) || (!str_eq(process, S("-")) && !str_eq(process, S("0")));
	return true;
}

/* "stdout F ", logged by container runtimes after the time */
static bool
eat_stream(struct line *l)
{
	struct str t = l->rest;

	if (!l->stamped || (!str_eat(&t, S("stdout ")) && !str_eat(&t, S("stderr "))) ||
	    (!str_eat(&t, S("F ")) && !str_eat(&t, S("P "))))
		return false;
	l->rest = t;
	return true;
}

/* Labels with the node, and labels with the author. */
static const struct str node_labels = STR_INIT("node,nodename,node_name,hostname,host"),
			speaker_labels = STR_INIT("transport,_TRANSPORT,syslog_identifier,SYSLOG_IDENTIFIER");

/* "{hostname="gpu-7", transport="kernel"} ", printed by logcli after the time */
static bool
eat_labels(struct line *l)
{
	struct str t = l->rest, name, text, host = {0};
	bool program = false;

	if (!l->stamped || !str_eat(&t, S("{")))
		return false;
	while (!str_eat(&t, S("}"))) {
		str_eat(&t, S(","));
		str_eat_blanks(&t);
		if (!eat_quoted(&t, &name, &text))
			return false;
		if (str_listed(node_labels, name))
			host = text;
		if (str_listed(speaker_labels, name))
			program |= !str_eq(text, S("kernel"));
	}
	if (host.n && !l->s->host.n)
		l->s->host = host;
	l->s->program |= program;
	l->rest = t;
	return true;
}

/* "[pod/name/container] " from kubectl logs --prefix */
static bool
eat_pod(struct line *l)
{
	struct str t = l->rest, in;

	if (!str_eat(&t, S("[pod/")) || !str_eat_to(&t, ']', &in))
		return false;
	l->rest = t;
	return true;
}

/* "message repeated 7 times: [ … ]" from rsyslog */
static bool
eat_repeated(struct line *l)
{
	struct str t = l->rest;
	uint64_t n;

	if (!str_eat(&t, S("message repeated ")) || !num_eat(&t, &n) || !str_eat(&t, S(" times: [")))
		return false;
	l->rest = t;
	l->repeated = true;
	return true;
}

/* A tab, or the blank that plain.c made of it. */
static bool
eat_tab(struct str *s)
{
	return str_eat(s, S("\t")) || str_eat(s, S(" "));
}

/* "1778728320401", a tab and the same as a date: Grafana's logs downloaded as text */
static bool
eat_download(struct line *l)
{
	struct str t = l->rest;
	struct stamp at = {.kind = STAMP_FULL};
	uint64_t ms;

	return num_eat(&t, &ms) && t.p - l->rest.p == 13 && eat_tab(&t) && time_eat(&t, &at.ns) && eat_tab(&t) &&
	       found(l, t, at, false);
}

/* "7\t2026-05-14T03:12:00Z\t2026-05-14T03:12:01Z\t77\tgpu-7\t192.0.2.7\tKern\tWarning\tkernel\t",
 * a row of Papertrail's archives: times when written and received */
static bool
eat_archived(struct line *l)
{
	struct str t = l->rest, cell, host = {0};
	struct stamp at = {.kind = STAMP_FULL};
	uint64_t id;
	int64_t received;

	if (!num_eat(&t, &id) || !str_eat(&t, S("\t")) || !time_eat(&t, &at.ns) || !str_eat(&t, S("\t")) ||
	    !time_eat(&t, &received) || !str_eat(&t, S("\t")) || !num_eat(&t, &id) || !str_eat(&t, S("\t")))
		return false;
	for (unsigned i = 0; i < 5; i++) { /* the sender's name and address, facility, severity, program */
		if (!str_eat_to(&t, '\t', &cell))
			return false;
		host = i ? host : cell;
	}
	found(l, t, at, false);
	head(l, host);
	l->s->program |= !str_eq(cell, S("kernel"));
	return true;
}

static bool
eat_stamp(struct line *l)
{
	return eat_iso(l) || eat_download(l) || eat_seconds(l) || eat_syslog(l) || eat_dated(l) || eat_bracket(l) || eat_full(l);
}

/* Does a stamp begin here, or another prefix that only carriers add? */
static bool
goes_on(struct str s)
{
	struct stamps other = NO_STAMPS;
	struct line l = {.rest = s, .s = &other};

	str_eat_blanks(&l.rest);
	return eat_worker(&l) || eat_torch(&l) || (eat_stamp(&l) && (other.relative || other.at.kind != STAMP_NONE)) || eat_facility(&l) ||
	       eat_level(&l) || eat_klog(&l);
}

/* ---- prefixes only at the start of a line ---- */

static bool
is_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!char_digit(s.p[i]))
			return false;
	return s.n > 0;
}

bool
stamps_is_host(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!char_letter(name.p[i]) && !char_digit(name.p[i]) && !strchr("-._", name.p[i]))
			return false;
	return name.n && !is_digits(name) && !str_eq(name, S("kernel"));
}

/* A host's name was read. */
static bool
named(struct line *l, struct str name, struct str rest)
{
	l->s->host = name;
	l->rest = rest;
	return true;
}

/* "gpu-7: " from pdsh and clush, a number from srun, before other prefixes */
static bool
eat_label(struct line *l)
{
	struct str t = l->rest, name;

	if (!eat_word(&t, &name) || !str_ends(name, S(":")) || !goes_on(t))
		return false;
	name.n--;
	if (!is_digits(name) && !stamps_is_host(name))
		return false;
	l->s->task = is_digits(name);
	if (!l->s->task)
		l->s->host = name;
	l->rest = t;
	return true;
}

/* "/var/log/kern.log:1234:" from grep -Hn, before a stamp */
static bool
eat_place(struct line *l)
{
	struct str t = l->rest, name;
	uint64_t n;

	if (num_eat(&t, &n) && str_eat(&t, S(":")) && goes_on(t)) {
		l->rest = t;
		return true;
	}
	t = l->rest;
	if (!str_eat_to(&t, ':', &name) || name.n == 0 || memchr(name.p, ' ', name.n) || memchr(name.p, '[', name.n))
		return false;
	if (!goes_on(t) && (!num_eat(&t, &n) || !str_eat(&t, S(":")) || !goes_on(t)))
		return false;
	l->rest = t;
	return true;
}

/* "kern.log-1234-" from grep -nC, before a stamp: a line next to one that matches */
static bool
eat_context(struct line *l)
{
	struct str name = str_head(l->rest, str_find(l->rest, S(" ")));

	for (size_t i = 1; i < name.n; i++) {
		struct str t = str_from(l->rest, i);
		uint64_t n;

		if (!str_eat(&t, S("-")) || !num_eat(&t, &n) || !str_eat(&t, S("-")) || !goes_on(t))
			continue;
		name = str_head(name, i);
		if (!str_has(name, S(".")) && !str_has(name, S("/")))
			return false;
		l->rest = t;
		return true;
	}
	return false;
}

/* "ops/dmesg-x7k2p[dmesg]: " from kail; not a program in syslog, which has a number in
 * brackets */
static bool
eat_kail(struct line *l)
{
	struct str t = l->rest, name, pod;

	if (!eat_word(&t, &name) || !str_ends(name, S("]:")) || !str_cut(&name, '[', &pod) || !str_has(pod, S("/")) ||
	    str_starts(pod, S("/")) || !name.n || !char_letter(*name.p) || memchr(name.p, '[', name.n))
		return false;
	l->rest = t;
	return true;
}

/* "gpu-7 | CHANGED | rc=0 | (stdout) " from ansible --one-line */
static bool
eat_ansible(struct line *l)
{
	struct str t = l->rest, name;
	size_t out;

	if (!eat_word(&t, &name) || !str_starts(t, S("| ")))
		return false;
	out = str_find(t, S(" (stdout) "));
	return out <= 40 && str_has(str_head(t, out), S("| rc=")) && named(l, name, str_from(t, out + 10));
}

/* "[gpu-7] out: " from Fabric */
static bool
eat_fabric(struct line *l)
{
	struct str t = l->rest, name;

	return str_eat(&t, S("[")) && str_eat_to(&t, ']', &name) && name.n && !memchr(name.p, ' ', name.n) && str_eat(&t, S(" out: ")) &&
	       named(l, name, t);
}

/* "[gpu-7] ", before a stamp */
static bool
eat_in_bracket(struct line *l)
{
	struct str t = l->rest, name;

	return str_eat(&t, S("[")) && t.n && char_letter(*t.p) && str_eat_to(&t, ']', &name) && str_eat(&t, S(" ")) &&
	       goes_on(t) && hostname_is(name) && named(l, name, t);
}

/* "gpu-7 login: " on a serial console, before other prefixes */
static bool
eat_login(struct line *l)
{
	struct str t = l->rest, name;

	return eat_word(&t, &name) && str_eat(&t, S("login: ")) && goes_on(t) && named(l, name, t);
}

/* Is it a valid Kubernetes name of a pod or container? */
static bool
is_pod_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!char_digit(name.p[i]) && !(name.p[i] >= 'a' && name.p[i] <= 'z') && name.p[i] != '-')
			return false;
	return true;
}

/* "kmsg-1  | " from docker compose; "kmsg-x7b2k reader " from stern, optionally after the
 * namespace; before other prefixes */
static bool
eat_container(struct line *l)
{
	struct str t = l->rest, name;

	for (int i = 0; i < 3 && eat_word(&t, &name) && is_pod_name(name); i++)
		if (i == 0 ? str_eat(&t, S("| ")) && goes_on(t) : goes_on(t)) {
			l->rest = t;
			return true;
		}
	return false;
}

/* Letters, digits, '-' and '.' (RFC 952), which container names have, too. */
static bool
is_host_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!char_letter(name.p[i]) && !char_digit(name.p[i]) && name.p[i] != '-' && name.p[i] != '.')
			return false;
	return true;
}

/* "gpu-7.b.net " from oc adm node-logs, a container's name or id from podman logs, before
 * a date and a time; not the day of the week */
static bool
eat_source(struct line *l)
{
	struct stamps other = NO_STAMPS;
	struct line t = {.rest = l->rest, .s = &other};
	struct str name, rest;

	if (eat_full(&t) || !eat_word(&t.rest, &name))
		return false;
	rest = t.rest;
	if (!is_host_name(name) || (!eat_syslog(&t) && (!eat_iso(&t) || other.at.kind != STAMP_FULL)))
		return false;
	l->rest = rest;
	return true;
}

/* "gpu-7 kernel: " with earlier prefixes removed, as in Graylog's messages; a word
 * without a digit is not a host */
static bool
eat_host_alone(struct line *l)
{
	struct str t = l->rest, name;
	bool digit = false;

	if (!eat_word(&t, &name) || !eat_tag(&t) || !is_host_name(name) || !char_letter(*name.p))
		return false;
	for (size_t i = 0; i < name.n; i++)
		digit |= char_digit(name.p[i]);
	return digit && named(l, name, t);
}

/* Classes of the first character of prefixes. */
enum { DIGIT = 1, LETTER = 2, OPEN = 4, OTHER = 8, ANY = 15 };

struct eater {
	bool (*eat)(struct line *l);
	unsigned first;
};

static const struct eater at_start[] = {
	{eat_iso, DIGIT}, {eat_ansible, LETTER | DIGIT}, {eat_fabric, OPEN}, {eat_in_bracket, OPEN}, {eat_kail, LETTER | DIGIT}, {eat_login, ANY}, {eat_label, ANY}, {eat_place, ANY}, {eat_context, LETTER | OTHER}, {eat_container, LETTER | DIGIT | OTHER},
	{eat_host_alone, LETTER}, {eat_source, LETTER | DIGIT},
}, anywhere[] = {
	{eat_host_kernel, LETTER}, {eat_pod, OPEN}, {eat_worker, OPEN}, {eat_torch, OPEN}, {eat_syslog, LETTER | DIGIT | OTHER}, {eat_dated, LETTER}, {eat_rfc5424, DIGIT},
	{eat_level, DIGIT | OPEN}, {eat_kmsg, DIGIT}, {eat_archived, DIGIT}, {eat_download, DIGIT}, {eat_iso, DIGIT}, {eat_seconds, DIGIT}, {eat_bracket, OPEN},
	{eat_full, LETTER | OPEN | OTHER}, {eat_stream, LETTER}, {eat_labels, OPEN}, {eat_kernel, ANY}, {eat_relay, ANY}, {eat_facility, LETTER},
	{eat_repeated, LETTER}, {eat_klog, LETTER}, {eat_component, ANY},
};

static unsigned
first_of(char c)
{
	return char_digit(c) ? DIGIT : char_letter(c) ? LETTER : c == '[' || c == '(' || c == '{' || c == '<' ? OPEN : OTHER;
}

/* Maximum length of a prefix: a host name has 255 bytes (RFC 1035), labels more. */
enum { STAMP_MAX = 2048 };

static bool
eat_one(struct str *rest, struct line *l, const struct eater *list, size_t n)
{
	/* readers may search to the end of this, not of the line */
	struct str part = str_head(*rest, STAMP_MAX);
	unsigned first = first_of(*part.p);

	l->rest = part;
	for (size_t i = 0; i < n; i++)
		if (list[i].first & first && list[i].eat(l)) {
			*rest = str_from(*rest, part.n - l->rest.n);
			return true;
		}
	return false;
}

void
stamps_eat(struct str *s, struct stamps *to)
{
	struct line l = {.s = to};

	*to = NO_STAMPS;
	str_eat_blanks(s);
	if (s->n && !str_starts(*s, S("NVRM:")))
		eat_one(s, &l, at_start, NELEM(at_start));
	do
		str_eat_blanks(s);
	while (s->n && !str_starts(*s, S("NVRM:")) && eat_one(s, &l, anywhere, NELEM(anywhere)));
	if (l.repeated && str_ends(str_trim(*s), S("]")))
		s->n = str_trim(*s).n - 1;
}

void
stamps_eat_known(struct str *s, struct stamps *to, struct stamped *known)
{
	if (s->p != known->line.p || s->n != known->line.n) {
		known->line = known->rest = *s;
		stamps_eat(&known->rest, &known->s);
	}
	*s = known->rest;
	*to = known->s;
}

/* ---- times ---- */

/* The time in the year that makes it nearest to `near`. */
static int64_t
nearest(const struct stamp *at, int64_t near)
{
	int64_t year = time_year(near), best = NO_TIME, t;

	for (int64_t y = year - 1; y <= year + 1; y++)
		if (time_civil(y, at->month, at->day, at->ns / SECOND, &t) &&
		    (best == NO_TIME || time_apart(t, near) < time_apart(best, near)))
			best = t;
	/* 29 February exists only in leap years */
	if (best != NO_TIME && time_apart(best, near) > (uint64_t)(200 * 86400 * SECOND))
		return NO_TIME;
	return best == NO_TIME ? NO_TIME : best + at->ns % SECOND;
}

static int64_t
in_utc(int64_t t, int64_t zone)
{
	return t == NO_TIME ? NO_TIME : time_diff(t, zone);
}

int64_t
stamps_time(const struct stamps *s, const struct stamps_clock *c, int64_t near)
{
	const struct stamp *at = &s->at;
	int64_t t = NO_TIME;

	switch (at->kind) {
	case STAMP_NONE:
	case STAMP_EARLIER:
	case STAMP_MONTH:
		break;
	case STAMP_BOOT:
		if (c->boot != NO_TIME)
			return time_add(c->boot, at->ns);
		break;
	case STAMP_YEARLESS:
		near = s->around != NO_TIME ? s->around : near;
		if (c->year && time_civil(c->year, at->month, at->day, at->ns / SECOND, &t))
			t = in_utc(t + at->ns % SECOND, c->zone);
		else if (!c->year && near != NO_TIME)
			t = in_utc(nearest(at, near), c->zone);
		break;
	case STAMP_ABBREV:
		if (c->zoned)
			t = in_utc(at->ns, c->zone);
		break;
	case STAMP_ZONELESS:
		t = in_utc(at->ns, c->zone);
		break;
	case STAMP_FULL:
		t = at->ns;
		break;
	}
	return t < TIME_SET ? NO_TIME : t;
}

bool
stamps_zone(struct str s, int64_t *zone)
{
	static const char day[] = "2000-01-01T00:00:00";
	char at[sizeof(day) + 6];
	int64_t t;

	if (s.n == 0 || s.n > 6)
		return false;
	memcpy(at, day, sizeof(day) - 1);
	memcpy(at + sizeof(day) - 1, s.p, s.n);
	if (!time_parse((struct str){at, sizeof(day) - 1 + s.n}, &t))
		return false;
	*zone = TIME_SET - t;
	return true;
}
