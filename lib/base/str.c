#include "base/str.h"

#include <string.h>

uint64_t str_hash_key[2];

struct str
str_of(const char *z)
{
	return (struct str){z, z ? strlen(z) : 0};
}

static unsigned
lower(char c)
{
	unsigned u = (unsigned char)c;

	return u - 'A' < 26 ? u + 32 : u;
}

static bool
same_letters(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (lower(a[i]) != lower(b[i]))
			return false;
	return true;
}

bool
str_ieq(struct str a, struct str b)
{
	return str_eq(a, b) || (a.n == b.n && same_letters(a.p, b.p, a.n));
}

int
str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int d = n ? memcmp(a.p, b.p, n) : 0;

	return d ? d : (a.n > b.n) - (a.n < b.n);
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str
str_trim(struct str s)
{
	while (s.n && blank(s.p[s.n - 1]))
		s.n--;
	while (s.n && blank(*s.p))
		s = str_from(s, 1);
	return s;
}

size_t
str_find(struct str s, struct str needle)
{
	const char *p = s.p, *end, *hit;

	if (needle.n == 0)
		return 0;
	if (needle.n > s.n)
		return s.n;
	end = s.p + (s.n - needle.n) + 1;
	while (p < end && (hit = memchr(p, *needle.p, (size_t)(end - p)))) {
		if (memcmp(hit, needle.p, needle.n) == 0)
			return (size_t)(hit - s.p);
		p = hit + 1;
	}
	return s.n;
}

size_t
str_ifind(struct str s, struct str needle)
{
	if (needle.n == 0)
		return 0;
	for (size_t i = 0; i + needle.n <= s.n; i++)
		if (((s.p[i] ^ needle.p[0]) & ~0x20) == 0 && same_letters(s.p + i, needle.p, needle.n))
			return i;
	return s.n;
}

bool
str_has(struct str s, struct str needle)
{
	return needle.n == 0 || str_find(s, needle) < s.n;
}

bool
str_eat_to(struct str *s, char sep, struct str *head)
{
	const char *hit = s->n ? memchr(s->p, sep, s->n) : NULL;

	if (!hit)
		return false;
	*head = (struct str){s->p, (size_t)(hit - s->p)};
	*s = str_from(*s, head->n + 1);
	return true;
}

bool
str_cut(struct str *rest, char sep, struct str *head)
{
	if (!rest->p)
		return false;
	if (!str_eat_to(rest, sep, head)) {
		*head = *rest;
		*rest = (struct str){0};
	}
	return true;
}

bool
str_listed(struct str list, struct str s)
{
	struct str word;

	while (str_cut(&list, ',', &word))
		if (str_eq(word, s))
			return true;
	return false;
}

static uint64_t
rotl(uint64_t x, int b)
{
	return x << b | x >> (64 - b);
}

static void
sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotl(v[1], 13) ^ v[0];
	v[0] = rotl(v[0], 32);
	v[2] += v[3];
	v[3] = rotl(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotl(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotl(v[1], 17) ^ v[2];
	v[2] = rotl(v[2], 32);
}

/* The n bytes at p, one to eight, as a number of this machine. */
static uint64_t
word_at(const char *p, size_t n)
{
	uint64_t w = 0;

	memcpy(&w, p, n < 8 ? n : 8);
	return w;
}

uint64_t
str_hash(struct str s)
{
	uint64_t v[4] = {
		str_hash_key[0] ^ 0x736f6d6570736575u,
		str_hash_key[1] ^ 0x646f72616e646f6du,
		str_hash_key[0] ^ 0x6c7967656e657261u,
		str_hash_key[1] ^ 0x7465646279746573u,
	};
	uint64_t w;
	size_t i;

	for (i = 0; i + 8 <= s.n; i += 8) {
		w = word_at(s.p + i, 8);
		v[3] ^= w;
		sip_round(v);
		v[0] ^= w;
	}
	w = (uint64_t)s.n << 56;
	if (i < s.n)
		w |= word_at(s.p + i, s.n - i);
	v[3] ^= w;
	sip_round(v);
	v[0] ^= w;
	v[2] ^= 0xff;
	sip_round(v);
	sip_round(v);
	sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}
