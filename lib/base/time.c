#include "base/time.h"

#include "base/num.h"

static int64_t
days_from_civil(int64_t y, unsigned m, unsigned d)
{
	int64_t era;
	unsigned yoe, doy, doe;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = (unsigned)(y - era * 400);
	doy = (153 * (m + (m > 2 ? -3u : 9u)) + 2) / 5 + d - 1;
	doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + doe - 719468;
}

static unsigned
month_days(unsigned y, unsigned m)
{
	static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);

	return m == 2 && leap ? 29 : days[m - 1];
}

/* Exactly n digits at the start of *s. */
static bool
eat_digits(struct str *s, size_t n, unsigned *v)
{
	unsigned u = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned d = i < s->n ? (unsigned char)(s->p[i] - '0') : 10;

		if (d > 9)
			return false;
		u = u * 10 + d;
	}
	*s = str_from(*s, n);
	*v = u;
	return true;
}

/* seconds * 10^9 + ns, checked. */
static bool
combine(int64_t seconds, int64_t ns, int64_t *out)
{
	int64_t bound = seconds < 0 ? INT64_MIN + 1 : INT64_MAX;

	if (seconds > INT64_MAX / SECOND || seconds < INT64_MIN / SECOND - 1)
		return false;
	if (seconds < 0) { /* towards 0, where the product fits */
		seconds++;
		ns -= SECOND;
	}
	seconds *= SECOND;
	if (ns < 0 ? seconds < bound - ns : bound > 0 && seconds > bound - ns)
		return false;
	*out = seconds + ns;
	return true;
}

/* Parse a zone at the start of *s: its offset in seconds. */
static bool
eat_zone(struct str *s, int64_t *offset)
{
	struct str t = *s;
	unsigned h, m = 0;
	bool neg;

	*offset = 0;
	if (str_eat(s, S("Z")) || str_eat(s, S("z")))
		return true;
	str_eat(&t, S(" "));
	if (str_eat(&t, S("UTC"))) {
		*s = t;
		return true;
	}
	neg = str_starts(t, S("-"));
	if ((!neg && !str_starts(t, S("+"))))
		return false;
	t = str_from(t, 1);
	if (!eat_digits(&t, 2, &h))
		return false;
	if (str_starts(t, S(":"))) {
		struct str minutes = str_from(t, 1);

		if (eat_digits(&minutes, 2, &m))
			t = minutes;
	} else {
		eat_digits(&t, 2, &m);
	}
	if (h > 23 || m > 59)
		return false;
	*offset = (h * 60 + m) * 60;
	if (neg)
		*offset = -*offset;
	str_eat(&t, S(" UTC"));
	*s = t;
	return true;
}

/* Parse date, time and fraction at the start of *s, as UTC. */
static bool
eat_civil(struct str *s, int64_t *seconds, int64_t *ns)
{
	unsigned y, mo, d, h, mi, sec;
	struct str t = *s, sep;
	int64_t unit = SECOND;

	if (!eat_digits(&t, 4, &y))
		return false;
	sep = str_starts(t, S("/")) ? S("/") : S("-");
	if (!str_eat(&t, sep) || !eat_digits(&t, 2, &mo) || !str_eat(&t, sep) || !eat_digits(&t, 2, &d))
		return false;
	if (!str_eat(&t, S("T")) && !str_eat(&t, S("t")) && !str_eat(&t, S(" ")))
		return false;
	if (!eat_digits(&t, 2, &h) || !str_eat(&t, S(":")) ||
	    !eat_digits(&t, 2, &mi) || !str_eat(&t, S(":")) ||
	    !eat_digits(&t, 2, &sec))
		return false;
	if (mo < 1 || mo > 12 || d < 1 || d > month_days(y, mo) || h > 23 || mi > 59 || sec > 60)
		return false;
	*seconds = days_from_civil(y, mo, d) * 86400 + (h * 60 + mi) * 60 + sec;
	*ns = 0;
	if (str_starts(t, S(".")) || str_starts(t, S(","))) {
		size_t i = 1;

		for (; i < t.n && char_digit(t.p[i]); i++)
			*ns += (t.p[i] - '0') * (unit /= 10);
		if (i == 1)
			return false;
		t = str_from(t, i);
	}
	*s = t;
	return true;
}

bool
time_eat(struct str *s, int64_t *ns)
{
	struct str t = *s;
	int64_t sec, frac, offset;

	if (!eat_civil(&t, &sec, &frac) || !eat_zone(&t, &offset) ||
	    !combine(sec - offset, frac, ns))
		return false;
	*s = t;
	return true;
}

bool
time_eat_local(struct str *s, int64_t *ns)
{
	struct str t = *s;
	int64_t sec, frac;

	if (!eat_civil(&t, &sec, &frac) || !combine(sec, frac, ns))
		return false;
	*s = t;
	return true;
}

bool
time_civil(int64_t y, unsigned m, unsigned d, int64_t second, int64_t *ns)
{
	return y >= 0 && y <= 9999 && m >= 1 && m <= 12 && d >= 1 && d <= month_days((unsigned)y, m) &&
	       combine(days_from_civil(y, m, d) * 86400 + second, 0, ns);
}

int64_t
time_year(int64_t ns)
{
	int64_t y = 1970 + ns / SECOND / 31556952;

	while (ns / SECOND < days_from_civil(y, 1, 1) * 86400)
		y--;
	while (ns / SECOND >= days_from_civil(y + 1, 1, 1) * 86400)
		y++;
	return y;
}

bool
time_parse(struct str s, int64_t *ns)
{
	int64_t sec, frac, offset = 0;

	return eat_civil(&s, &sec, &frac) && (s.n == 0 || eat_zone(&s, &offset)) &&
	       s.n == 0 && combine(sec - offset, frac, ns);
}

bool
time_epoch(struct str s, unsigned digits, int64_t *ns)
{
	int64_t v;

	if (!num_fixed(s, 9 - digits, &v) || v == NO_TIME)
		return false;
	*ns = v;
	return true;
}

bool
time_guess(struct str s, int64_t *ns)
{
	int64_t whole;

	if (!num_fixed(s, 0, &whole))
		return time_parse(s, ns);
	if (whole < 0)
		whole = whole == INT64_MIN ? INT64_MAX : -whole;
	return time_epoch(s, whole < INT64_C(100000000000) ? 0 : whole < INT64_C(100000000000000) ? 3
							 : whole < INT64_C(100000000000000000)       ? 6
												     : 9,
			  ns);
}

static void
put_digits(struct buf *b, int64_t v, unsigned n)
{
	char *p = buf_room(b, n);

	b->n += n;
	for (; n; n--, v /= 10)
		p[n - 1] = (char)('0' + v % 10);
}

void
time_put(struct buf *b, int64_t ns)
{
	int64_t sec = ns / SECOND, frac = ns % SECOND, day, rest, era, y;
	unsigned doe, yoe, doy, mp;

	if (frac < 0) {
		frac += SECOND;
		sec--;
	}
	day = sec / 86400;
	rest = sec % 86400;
	if (rest < 0) {
		rest += 86400;
		day--;
	}
	day += 719468;
	era = (day >= 0 ? day : day - 146096) / 146097;
	doe = (unsigned)(day - era * 146097);
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	y = (int64_t)yoe + era * 400 + (mp >= 10);
	put_digits(b, y, 4);
	buf_chr(b, '-');
	put_digits(b, mp < 10 ? mp + 3 : mp - 9, 2);
	buf_chr(b, '-');
	put_digits(b, doy - (153 * mp + 2) / 5 + 1, 2);
	buf_chr(b, 'T');
	put_digits(b, rest / 3600, 2);
	buf_chr(b, ':');
	put_digits(b, rest / 60 % 60, 2);
	buf_chr(b, ':');
	put_digits(b, rest % 60, 2);
	if (frac) {
		unsigned n = 9;

		while (frac % 1000 == 0) {
			frac /= 1000;
			n -= 3;
		}
		buf_chr(b, '.');
		put_digits(b, frac, n);
	}
	buf_chr(b, 'Z');
}
