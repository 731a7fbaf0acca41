#include "input/lines.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define HAVE_AVX2 1
#else
#define HAVE_AVX2 0
#endif

/* Class of the first byte of a line, or of the first after a bracket. */
enum { TEXT = 0, BLANK = 1, OPENS = 2, OTHER = 4 };
static const unsigned char first[256] = {
	/* not printable, except blanks and bytes of UTF-8 */
	OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, BLANK, OTHER, OTHER, OTHER, BLANK, OTHER, OTHER,
	OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER,
	[' '] = BLANK, ['"'] = OTHER, ['['] = OPENS, ['{'] = OPENS, [']'] = OTHER, ['}'] = OTHER,
};

/* Is the line at p text, judging by its beginning? */
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

	while (is_text(s.p + at, s.p + s.n) && (nl = memchr(s.p + at, '\n', s.n - at))) {
		at = (size_t)(nl - s.p) + 1;
		++*n;
	}
	return at;
}

#if HAVE_AVX2
enum { STEP = 128 };

/* Mask of the bytes at p that begin lines: a newline precedes them. */
__attribute__((target("avx2"))) static inline __m256i
begin_lines(const char *p)
{
	return _mm256_cmpeq_epi8(_mm256_loadu_si256((const void *)(p - 1)), _mm256_set1_epi8('\n'));
}

/* Mask of the bytes at p that may not begin text: all that do not, and few others: Y, _
 * and y, which share bits with brackets, and non-ASCII bytes. */
__attribute__((target("avx2"))) static inline __m256i
are_odd(const char *p)
{
	const __m256i c = _mm256_loadu_si256((const void *)p), last = _mm256_set1_epi8('"');
	const __m256i brackets = _mm256_cmpeq_epi8(_mm256_or_si256(c, _mm256_set1_epi8(0x26)), _mm256_set1_epi8(0x7f));

	return _mm256_or_si256(brackets, _mm256_cmpgt_epi8(_mm256_add_epi8(last, _mm256_set1_epi8(1)), c));
}

/* The same, except for a blank or bracket that is followed by a byte not in that mask. */
__attribute__((target("avx2"))) static inline __m256i
are_odder(const char *p)
{
	const __m256i c = _mm256_loadu_si256((const void *)p), blank = _mm256_cmpeq_epi8(c, _mm256_set1_epi8(' '));
	const __m256i opens = _mm256_cmpeq_epi8(_mm256_or_si256(c, _mm256_set1_epi8(' ')), _mm256_set1_epi8('{'));

	return _mm256_andnot_si256(_mm256_andnot_si256(are_odd(p + 1), _mm256_or_si256(blank, opens)), are_odd(p));
}

__attribute__((target("avx2"))) static inline __m256i
odd_of(const char *p, __m256i begin, bool often)
{
	return _mm256_and_si256(begin, often ? are_odder(p) : are_odd(p));
}

/*
 * Number of bytes from p on, in steps of STEP, in which no line begins with a byte in the
 * mask; adds the number of these lines to *n.  odd: such a line begins in the next step.
 */
__attribute__((target("avx2"), always_inline)) static inline size_t
skip(const char *p, size_t len, bool often, uint64_t *n, bool *odd)
{
	enum { TIMES = 63 }; /* a byte of the sum counts up to 255 */
	const __m256i zero = _mm256_setzero_si256();
	uint64_t lines[4];
	size_t at = 0;

	for (*odd = false; at + STEP <= len && !*odd;) {
		size_t to = len - at < STEP * TIMES ? len : at + STEP * TIMES;
		__m256i sum = zero;

		for (; at + STEP <= to; at += STEP) {
			__m256i a = begin_lines(p + at), b = begin_lines(p + at + 32), c = begin_lines(p + at + 64), d = begin_lines(p + at + 96);
			__m256i any = _mm256_or_si256(
				_mm256_or_si256(odd_of(p + at, a, often), odd_of(p + at + 32, b, often)),
				_mm256_or_si256(odd_of(p + at + 64, c, often), odd_of(p + at + 96, d, often)));

			if (!_mm256_testz_si256(any, any)) {
				*odd = true;
				break;
			}
			sum = _mm256_sub_epi8(sum, _mm256_add_epi8(_mm256_add_epi8(a, b), _mm256_add_epi8(c, d)));
		}
		_mm256_storeu_si256((void *)lines, _mm256_sad_epu8(sum, zero));
		*n += lines[0] + lines[1] + lines[2] + lines[3];
	}
	return at;
}

/* Like lines_text_plain, except for the end of s; most branches are never taken. */
__attribute__((target("avx2"))) static size_t
text_avx2(struct str s, uint64_t *n)
{
	const char *end = s.p + s.n;
	size_t i = 1, line = 0;
	bool odd, often = false; /* lines begin with bytes in the mask although they are text */

	if (!is_text(s.p, end))
		return 0;
	while (i + STEP < s.n) {
		i += often ? skip(s.p + i, s.n - i - 1, true, n, &odd) : skip(s.p + i, s.n - i - 1, false, n, &odd);
		if (!odd)
			break;
		for (size_t to = i + STEP; i < to; i++) {
			*n += s.p[i - 1] == '\n';
			if (s.p[i - 1] == '\n' && !is_text(s.p + i, end))
				return i;
		}
		often = true;
	}
	for (line = i - 1; line && s.p[line - 1] != '\n';)
		line--;
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
