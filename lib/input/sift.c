#include "input/sift.h"

#include <string.h>

static unsigned
pair(const char *p)
{
	return (unsigned)(unsigned char)p[0] << 8 | (unsigned char)p[1];
}

void
sift_init(struct sift *f, const struct str *word, size_t n)
{
	f->n = n < SIFT_WORDS ? n : SIFT_WORDS;
	f->shortest = 255;
	f->longest = 0;
	for (size_t i = 0; i < f->n; i++) {
		f->word[i] = word[i];
		if (word[i].n < f->shortest)
			f->shortest = word[i].n;
		if (word[i].n > f->longest)
			f->longest = word[i].n;
	}
	memset(f->shift, (int)f->shortest - 1, sizeof(f->shift));
	for (size_t i = 0; i < f->n; i++)
		for (size_t k = 0; k + 2 <= f->shortest; k++) {
			unsigned char *to = &f->shift[pair(word[i].p + k)];

			if (f->shortest - 2 - k < *to)
				*to = (unsigned char)(f->shortest - 2 - k);
		}
}

size_t
sift_find(const struct sift *f, struct str s)
{
	size_t back = f->shortest - 2, i = back;

	while (i + 2 <= s.n) {
		unsigned char shift = f->shift[pair(s.p + i)];

		if (shift) {
			i += shift;
			continue;
		}
		for (size_t w = 0; w < f->n; w++)
			if (str_starts(str_from(s, i - back), f->word[w]))
				return i - back;
		i++;
	}
	return s.n;
}
