#include "json/shape.h"

#include <string.h>

#include "json/lex.h"

/* Write the escape sequence at *p, part of a valid string, as UTF-8 at q, which
 * has room for 4 bytes. */
static size_t
escape(const char **p, const char *end, char *q)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *e = memchr(from, (*p)[1], 5);
	struct buf b = {.p = q, .cap = 4};
	int c, d = -1;

	if ((*p)[1] != 'u') {
		*q = e ? to[e - from] : (*p)[1];
		*p += 2;
		return 1;
	}
	c = hex4(*p + 2, end);
	*p += 6;
	if (c >= 0xd800 && c < 0xdc00 && end - *p >= 6 && (*p)[0] == '\\' && (*p)[1] == 'u')
		d = hex4(*p + 2, end);
	if (d >= 0xdc00 && d < 0xe000) {
		c = 0x10000 + ((c - 0xd800) << 10) + d - 0xdc00;
		*p += 6;
	} else if (c >= 0xd800 && c < 0xe000) {
		c = 0xfffd;
	}
	buf_utf8(&b, (uint32_t)c);
	return b.n;
}

struct str
json_unescape(const struct json *j, int i, struct mem *m)
{
	struct str s = json_raw(j, i);
	const char *p = s.p, *end = s.p + s.n;
	char *q, *start;

	if (j->tok[i].type != JSMN_STRING || s.n == 0 || !memchr(s.p, '\\', s.n))
		return s;
	q = start = mem_bytes(m, s.n); /* unescaping never lengthens */
	while (p < end)
		if (*p == '\\')
			q += escape(&p, end, q);
		else
			*q++ = *p++;
	return (struct str){start, (size_t)(q - start)};
}

/* The same for a string that has escapes. */
static bool
is_unescaped(struct str raw, struct str s)
{
	const char *p = raw.p, *end = raw.p + raw.n;
	size_t n, at = 0;
	char c[4];

	while (p < end) {
		n = 1;
		if (*p == '\\')
			n = escape(&p, end, c);
		else
			c[0] = *p++;
		if (n > s.n - at || memcmp(s.p + at, c, n) != 0)
			return false;
		at += n;
	}
	return at == s.n;
}

bool
json_is(const struct json *j, int i, struct str s)
{
	const jsmntok_t *t = &j->tok[i];
	size_t n = (size_t)(t->end - t->start);

	if (!j->escapes)
		return n == s.n && str_same(j->text.p + t->start, s.p, n);
	return n >= s.n && is_unescaped(json_raw(j, i), s);
}

/* json_find without the cache; *clash if another name has the same hash. */
static int
walk(const struct json *j, int i, struct str name, uint64_t hash, bool *clash)
{
	int found = -1, end = json_after(j, i);

	*clash = false;
	for (i++; i < end; i = json_after(j, i)) {
		if (j->name[i] != hash && j->name[i] != 0)
			continue;
		if (json_is(j, i, name))
			found = i + 1;
		else
			*clash = true;
	}
	return found;
}

int
json_find(const struct json *j, int i, struct str name, uint64_t hash)
{
	struct json_shape *h = j->shape ? j->own.shape[j->own.last[false]] : NULL;
	size_t slot = (hash >> 32 ^ (unsigned)i) % NELEM(h->asked);
	bool clash;
	int found;

	if (h && h->asked[slot].hash == hash && h->asked[slot].at == i) {
		found = h->asked[slot].found;
		if (found < 0 || json_is(j, found - 1, name))
			return found;
	}
	found = walk(j, i, name, hash, &clash);
	if (h && !clash) {
		h->asked[slot].hash = hash;
		h->asked[slot].at = i;
		h->asked[slot].found = found;
	}
	return found;
}
