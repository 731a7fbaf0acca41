/*
 * str - counted byte strings.  A struct str is a view: it owns nothing and
 * may hold any byte, NUL included.  Letters are ASCII letters: no locale.
 * Layer base: includes nothing of ours.
 */
#ifndef STR_H
#define STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *p; /* n bytes, not NUL-terminated; NULL means "no string" */
	size_t n;      /* length in bytes */
};

/* A view of a string literal, without its NUL; STR_INIT for statics. */
/* clang-format off */
#define STR_INIT(lit) {(lit), sizeof(lit) - 1}
/* clang-format on */
#define S(lit) ((struct str)STR_INIT(lit))

/* Number of elements of an array. */
#define NELEM(a) (sizeof(a) / sizeof((a)[0]))

/* A view of a C string; NULL gives "no string". */
struct str str_of(const char *z);

/* memcmp(p, q, n) == 0, for names, which are short and usually equal when compared. */
static inline bool
str_same(const char *p, const char *q, size_t n)
{
	uint64_t a = 0, b = 0; /* silences cppcheck, which ignores memcpy */
	size_t i = 0;

	if (n < 8) {
		while (i < n && p[i] == q[i])
			i++;
		return i == n;
	}
	do {
		memcpy(&a, p + i, 8);
		memcpy(&b, q + i, 8);
		i += 8;
	} while (a == b && i + 8 < n);
	if (a == b) {
		memcpy(&a, p + n - 8, 8);
		memcpy(&b, q + n - 8, 8);
	}
	return a == b;
}

/* Bytewise equality. "No string" equals the empty string. */
static inline bool
str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
/* The same, ignoring case. */
bool str_ieq(struct str a, struct str b);

/* Bytewise order (memcmp), a proper prefix first; returns <0, 0 or >0. */
int str_cmp(struct str a, struct str b);

/* s without its first n bytes; empty if it is shorter. */
static inline struct str
str_from(struct str s, size_t n)
{
	if (n > s.n)
		n = s.n;
	return n ? (struct str){s.p + n, s.n - n} : s;
}
/* The first n bytes of s, or all of it. */
static inline struct str
str_head(struct str s, size_t n)
{
	return (struct str){s.p, n < s.n ? n : s.n};
}
/* s without blanks, tabs, CR and LF at either end. */
struct str str_trim(struct str s);

/* Is c a decimal digit, or an ASCII letter? */
static inline bool
char_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}
static inline bool
char_letter(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}

/* Inline because most prefixes are literals: compared without a call. */
static inline bool
str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}
static inline bool
str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_starts(str_from(s, s.n - suffix.n), suffix);
}
/* If *s starts with prefix, remove it there and return true. */
static inline bool
str_eat(struct str *s, struct str prefix)
{
	if (!str_starts(*s, prefix))
		return false;
	*s = str_from(*s, prefix.n);
	return true;
}

/* Remove blanks and tabs at the start of *s. */
static inline void
str_eat_blanks(struct str *s)
{
	while (s->n && (*s->p == ' ' || *s->p == '\t'))
		*s = str_from(*s, 1);
}

/* Offset of the first needle in s; s.n if there is none; 0 if needle is empty. */
size_t str_find(struct str s, struct str needle);
/* The same, ignoring case. */
size_t str_ifind(struct str s, struct str needle);
bool str_has(struct str s, struct str needle);

/*
 * Split *rest at the first sep: *head gets what precedes it, *rest what
 * follows.  False, with *head untouched, once *rest is "no string".
 * "a,,b" yields "a" "" "b"; "" yields one empty head.
 */
bool str_cut(struct str *rest, char sep, struct str *head);
/* Remove the text before the first sep, which becomes *head, and sep.  False,
 * with both untouched, if there is none. */
bool str_eat_to(struct str *s, char sep, struct str *head);

/* Is s, as a whole, an element of the comma-separated list? */
bool str_listed(struct str list, struct str s);

/*
 * Hash for in-memory tables (SipHash-1-3, Aumasson and Bernstein 2012); never
 * use it for output order.  With a key unknown to the writer of the input
 * (str_hash_key), collisions cannot be provoked.
 */
uint64_t str_hash(struct str s);
extern uint64_t str_hash_key[2]; /* zero until a program sets it */

/*
 * A quick hash of the length of s and the bytes at its ends.  Collisions are
 * easy to provoke: only for caches with one entry per slot.  Never 0.
 */
static inline uint64_t
str_ends_hash(struct str s)
{
	uint64_t a = 0, b = 0;
	uint32_t c, d;

	if (s.n >= 8) {
		memcpy(&a, s.p, 8);
		memcpy(&b, s.p + s.n - 8, 8);
	} else if (s.n >= 4) {
		memcpy(&c, s.p, 4);
		memcpy(&d, s.p + s.n - 4, 4);
		a = c;
		b = d;
	} else if (s.n) {
		a = (unsigned char)s.p[0];
		b = (unsigned char)s.p[s.n / 2] << 8 | (unsigned char)s.p[s.n - 1];
	}
	a = (a + s.n) * UINT64_C(0x9e3779b97f4a7c15);
	b = (b ^ a >> 32) * UINT64_C(0xd6e8feb86659fd93);
	return (a ^ b ^ b >> 32) | 1;
}

/* Number of items in "0,1,2". */
static inline size_t
str_items(struct str s)
{
	size_t n = s.n != 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == ',';
	return n;
}

#endif
