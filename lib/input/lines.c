#include "input/lines.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define HAVE_AVX2 1
#else
#define HAVE_AVX2 0
#endif

/* What the first byte of a line says, or the first behind a bracket. */
enum { TEXT = 0, BLANK = 1, OPENS = 2, OTHER = 4 };
static const unsigned char first[256] = {
	/* what is not printed, but for blanks and bytes of UTF-8 */
	OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, BLANK, OTHER, OTHER, OTHER, BLANK, OTHER, OTHER,
	OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER,
	[' '] = BLANK, ['"'] = OTHER, ['['] = OPENS, ['{'] = OPENS, [']'] = OTHER, ['}'] = OTHER,
};

/* Is the line that begins there text, without a look at its end? */
static inline bool
is_text(const char *p, const char *end)
{
	unsigned kind = TEXT;

	while (p < end && (kind = first[(unsigned char)*p]) == BLANK)
		p++;
	if (p < end && kind == OPENS)
		for (p++; p < end && (kind = first[(unsigned char)*p]) == BLANK;)
			p++;
	return p < end && kind == TEXT;
}

size_t
lines_text_plain(struct str s, uint64_t *n)
{
	const char *nl;
	size_t at = 0;

	while (at < s.n && is_text(s.p + at, s.p + s.n) && (nl = memchr(s.p + at, '\n', s.n - at))) {
		at = (size_t)(nl - s.p) + 1;
		++*n;
	}
	return at;
}

#if HAVE_AVX2
__attribute__((target("avx2"))) static size_t
text_avx2(struct str s, uint64_t *n)
{
	const __m256i newline = _mm256_set1_epi8('\n');
	const char *end = s.p + s.n;
	size_t line = 0;
	uint64_t lines = 0;

	for (size_t i = 0; i + 64 <= s.n; i += 64) {
		__m256i a = _mm256_cmpeq_epi8(newline, _mm256_loadu_si256((const void *)(s.p + i)));
		__m256i b = _mm256_cmpeq_epi8(newline, _mm256_loadu_si256((const void *)(s.p + i + 32)));
		uint64_t ends = (uint64_t)(unsigned)_mm256_movemask_epi8(b) << 32 | (unsigned)_mm256_movemask_epi8(a);

		for (; ends; ends &= ends - 1) {
			if (first[(unsigned char)s.p[line]] != TEXT && !is_text(s.p + line, end))
				goto done;
			line = i + (unsigned)__builtin_ctzll(ends) + 1;
			lines++;
		}
	}
done:
	*n += lines;
	return line;
}
#endif

size_t
lines_text(struct str s, uint64_t *n)
{
#if HAVE_AVX2
	if (s.n >= 64 && __builtin_cpu_supports("avx2")) {
		size_t at = text_avx2(s, n);

		return at + lines_text_plain(str_from(s, at), n);
	}
#endif
	return lines_text_plain(s, n);
}
