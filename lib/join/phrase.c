#include "join/phrase.h"

void
phrase_short(struct buf *b, struct str s, size_t max)
{
	if (s.n > max) {
		buf_add(b, S("..."));
		s = str_from(s, s.n - (max > 3 ? max - 3 : 0));
		while (s.n && ((unsigned char)*s.p & 0xc0) == 0x80)
			s = str_from(s, 1);
	}
	buf_plain(b, s);
}

void
phrase_head(struct buf *b, struct str s, size_t max)
{
	struct str head = str_head(s, max);

	while (head.n && head.n < s.n && ((unsigned char)s.p[head.n] & 0xc0) == 0x80)
		head.n--;
	buf_plain(b, head);
	if (head.n < s.n)
		buf_add(b, S("..."));
}

bool
phrase_again(struct buf *b, size_t tried, size_t rooms)
{
	if (tried == rooms || (tried && b->n <= HEADLINE_MAX))
		return false;
	b->n = 0;
	return true;
}

void
phrase_on(struct buf *b, struct str node, size_t max)
{
	if (node.n == 0)
		return;
	buf_add(b, S(" on "));
	phrase_short(b, node, max);
}

void
phrase_in_brackets(struct buf *b, struct str s)
{
	if (s.n == 0)
		return;
	buf_add(b, S(" ("));
	buf_plain(b, s);
	buf_chr(b, ')');
}

void
phrase_fact(struct buf *b, struct str before, struct str s, size_t max)
{
	if (s.n == 0)
		return;
	buf_add(b, before);
	phrase_short(b, s, max);
	buf_chr(b, '.');
}

void
phrase_where(struct buf *b, struct str node, struct str device, struct pci at)
{
	if (node.n) {
		buf_add(b, S("Node "));
		phrase_short(b, node, PHRASE_NAME);
	}
	if (at.known) {
		buf_add(b, node.n ? S(", ") : S(""));
		buf_add(b, device);
		buf_chr(b, ' ');
		pci_put(b, at);
	}
}

void
phrase_pods(struct buf *b, uint32_t several, struct str pod, size_t max)
{
	if (several) {
		buf_u64(b, several);
		buf_add(b, S(" pods (first "));
	}
	phrase_short(b, pod, max);
	if (several)
		buf_chr(b, ')');
}

void
phrase_second(struct buf *b, int64_t t)
{
	time_put(b, time_diff(t, (t % SECOND + SECOND) % SECOND));
}

void
phrase_ending(struct buf *b, int64_t t)
{
	buf_add(b, S("; "));
	if (t == NO_TIME)
		buf_add(b, S("time unknown"));
	else
		phrase_second(b, t);
}

void
phrase_count(struct buf *b, uint64_t n, struct str one, struct str many)
{
	if (n == 0)
		buf_add(b, S("no"));
	else
		buf_u64(b, n);
	buf_chr(b, ' ');
	buf_add(b, n == 1 ? one : many);
}

void
phrase_delay(struct buf *b, int64_t ns)
{
	uint64_t u = time_apart(ns, 0), unit = 1;

	if (ns == 0) {
		buf_add(b, S("at the same time"));
		return;
	}
	if (u >= 1000000)
		unit = u >= 10 * SECOND ? SECOND : 1000000;
	u = (u + unit / 2) / unit * unit;
	buf_fixed(b, u > INT64_MAX ? INT64_MAX : (int64_t)u, 9);
	buf_add(b, ns < 0 ? S(" s before") : S(" s later"));
}

void
phrase_clause(struct buf *b, uint64_t n, struct str one, struct str many)
{
	if (b->n)
		buf_add(b, S("; "));
	phrase_count(b, n, one, many);
}

struct str
phrase_id(struct verdicts *vs, struct buf *b, struct str where, struct str what, int64_t t)
{
	b->n = 0;
	buf_add(b, vs->name);
	buf_chr(b, '/');
	buf_add(b, where.n ? where : S("-"));
	buf_chr(b, '/');
	if (what.n) {
		buf_add(b, what);
		buf_chr(b, '/');
	}
	if (t == NO_TIME)
		buf_chr(b, '-');
	else
		time_put(b, t);
	return verdict_keep(vs, b);
}

struct str
phrase_pci(struct verdicts *vs, struct buf *b, struct pci p)
{
	b->n = 0;
	pci_put(b, p);
	return b->n ? verdict_keep(vs, b) : (struct str){0};
}

void
phrase_open(struct buf *b, struct str what)
{
	buf_chr(b, '{');
	phrase_str(b, "explain", what);
}

void
phrase_close(struct buf *b, struct str why)
{
	phrase_str(b, "why", why);
	buf_add(b, S("}\n"));
}

void
phrase_str(struct buf *b, const char *key, struct str s)
{
	if (s.n == 0)
		return;
	buf_key(b, key);
	buf_json(b, s);
}

void
phrase_time(struct buf *b, const char *key, int64_t t)
{
	if (t == NO_TIME)
		return;
	buf_key(b, key);
	buf_chr(b, '"');
	time_put(b, t);
	buf_chr(b, '"');
}

void
phrase_int(struct buf *b, const char *key, int64_t n)
{
	buf_key(b, key);
	buf_i64(b, n);
}

void
phrase_seconds(struct buf *b, const char *key, int64_t ns)
{
	buf_key(b, key);
	buf_fixed(b, ns, 9);
}

void
phrase_gpu(struct buf *b, const char *key, struct pci p)
{
	if (!p.known)
		return;
	buf_key(b, key);
	buf_chr(b, '"');
	pci_put(b, p);
	buf_chr(b, '"');
}
