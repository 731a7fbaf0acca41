#include "base/hostlist.h"

#include <string.h>

enum { NAME_MAX_BYTES = 255, DIGITS_MAX = 9 };

/* A number of at most DIGITS_MAX digits, its value; returns its width, or 0. */
static size_t
digits(struct str *s, uint32_t *value)
{
	size_t n = 0;

	*value = 0;
	while (n < s->n && n < DIGITS_MAX && char_digit(s->p[n]))
		*value = *value * 10 + (uint32_t)(s->p[n++] - '0');
	*s = str_from(*s, n);
	return n;
}

/* Write a number with a minimal width; returns its width. */
static size_t
number(char *to, uint32_t value, size_t width)
{
	size_t n = 1;

	for (uint32_t v = value; v >= 10; v /= 10)
		n++;
	n = n > width ? n : width;
	for (size_t i = n; i-- > 0; value /= 10)
		to[i] = (char)('0' + value % 10);
	return n;
}

/* Append the names that begin with the n bytes of name and continue with rest. */
static bool
put_names(struct buf *b, char name[NAME_MAX_BYTES + DIGITS_MAX], size_t n, struct str rest, size_t *left) /* NOLINT(misc-no-recursion): NAME_MAX_BYTES deep */
{
	size_t open = str_find(rest, S("[")), close = str_find(rest, S("]"));
	struct str ranges, one;

	if (n + open > NAME_MAX_BYTES || close < open || (close == rest.n && open < rest.n))
		return false;
	memcpy(name + n, rest.p, open);
	n += open;
	if (open == rest.n) {
		if (n == 0 || *left == 0)
			return false;
		--*left;
		buf_add(b, (struct str){name, n});
		buf_chr(b, '\n');
		return true;
	}
	ranges = (struct str){rest.p + open + 1, close - open - 1};
	if (!ranges.n)
		return false;
	while (str_cut(&ranges, ',', &one)) {
		uint32_t lo, hi;
		size_t width = digits(&one, &lo);

		hi = lo;
		if (!width || (str_eat(&one, S("-")) && !digits(&one, &hi)) || one.n || hi < lo)
			return false;
		for (; lo <= hi; lo++)
			if (!put_names(b, name, n + number(name + n, lo, width), str_from(rest, close + 1), left))
				return false;
	}
	return true;
}

bool
hostlist_is(struct str word)
{
	return str_find(word, S("[")) < word.n || str_find(word, S(",")) < word.n;
}

bool
hostlist_put(struct buf *b, struct str list, size_t *left)
{
	char name[NAME_MAX_BYTES + DIGITS_MAX];
	size_t from = 0;
	bool inside = false;

	for (size_t i = 0; i <= list.n; i++) {
		if (i == list.n || (list.p[i] == ',' && !inside)) {
			if (!put_names(b, name, 0, (struct str){list.p + from, i - from}, left))
				return false;
			from = i + 1;
		} else if (list.p[i] == '[' || list.p[i] == ']') {
			inside = list.p[i] == '[';
		}
	}
	return true;
}

const char *
hostlist_lines(struct str text, struct mem *m, struct str *lines, uint64_t *line)
{
	struct buf b = {0};
	struct str rest = text, one;
	size_t left = HOSTLIST_MAX;
	bool good = true;

	for (*line = 1; good && str_cut(&rest, '\n', &one); *line += good) {
		struct str word = str_trim(one);

		if (hostlist_is(word) && !memchr(word.p, ' ', word.n) && !memchr(word.p, '\t', word.n) && *word.p != '#') {
			good = hostlist_put(&b, word, &left);
		} else {
			buf_add(&b, one);
			buf_chr(&b, '\n');
		}
	}
	if (good)
		*lines = mem_str(m, buf_str(&b));
	buf_free(&b);
	return good ? NULL : "not a list of host names";
}
