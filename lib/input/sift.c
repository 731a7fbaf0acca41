#include "input/sift.h"

#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define HAVE_AVX2 1
#else
#define HAVE_AVX2 0
#endif

/* How common a byte is in JSON logs, roughly; capitals are, in journald's. */
static unsigned
commonness(unsigned char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
		return 8;
	if (strchr("\" ,:_-.=/()", c))
		return 6;
	return c >= 'A' && c <= 'Z' ? 5 : 1;
}

/* How often a byte comes that may be the k-th of a bin's marks, and how much
 * more often with one half-byte more. */
struct pass {
	uint64_t sum, by_high[16], by_low[16];
	bool high[16], low[16];
};

struct binning {
	unsigned char common[256];
	struct pass pass[SIFT_BINS][SIFT_MARK];
	uint64_t load[SIFT_BINS]; /* what passes each bin */
	unsigned n;               /* bins that are used */
};

/* Where in a word its rarest three bytes are. */
static size_t
rarest(const struct binning *g, struct str w)
{
	size_t best = 0;
	unsigned least = ~0u;

	for (size_t i = 0; i + SIFT_MARK <= w.n; i++) {
		unsigned sum = 0;

		for (size_t k = 0; k < SIFT_MARK; k++)
			sum += g->common[(unsigned char)w.p[i + k]];
		if (sum < least) {
			least = sum;
			best = i;
		}
	}
	return best;
}

static uint64_t
pass_with(const struct binning *g, const struct pass *p, unsigned char c)
{
	bool high = !p->high[c >> 4], low = !p->low[c & 15];

	return p->sum + (high ? p->by_high[c >> 4] : 0) + (low ? p->by_low[c & 15] : 0) + (high && low ? g->common[c] : 0);
}

static void
pass_add(const struct binning *g, struct pass *p, unsigned char c)
{
	unsigned h = c >> 4, l = c & 15;

	p->sum = pass_with(g, p, c);
	for (unsigned i = 0; i < 16; i++) {
		p->by_low[i] += p->high[h] ? 0 : g->common[h << 4 | i];
		p->by_high[i] += p->low[l] ? 0 : g->common[i << 4 | l];
	}
	p->high[h] = p->low[l] = true;
}

/* The bin that by taking the mark lets the fewest more pass; it takes it. */
static unsigned
bin_for(struct binning *g, const char *mark)
{
	uint64_t least = UINT64_MAX, now = 0;
	unsigned best = 0;

	for (unsigned b = 0; b < g->n; b++) {
		uint64_t cost = 1;

		for (size_t k = 0; k < SIFT_MARK; k++)
			cost *= pass_with(g, &g->pass[b][k], (unsigned char)mark[k]);
		if (cost - g->load[b] < least) {
			least = cost - g->load[b];
			best = b;
			now = cost;
		}
	}
	g->load[best] = now;
	for (size_t k = 0; k < SIFT_MARK; k++)
		pass_add(g, &g->pass[best][k], (unsigned char)mark[k]);
	return best;
}

void
sift_init(struct sift *f, const struct str *word, size_t n)
{
	struct binning g = {.load = {0}};

	for (unsigned c = 0; c < 256; c++)
		g.common[c] = (unsigned char)commonness((unsigned char)c);
	*f = (struct sift){.n = n < SIFT_WORDS ? n : SIFT_WORDS};
	g.n = f->n > SIFT_MANY ? SIFT_BINS : SIFT_BINS / 2;
	for (size_t i = 0; i < f->n; i++) {
		unsigned bin;

		f->word[i] = word[i];
		f->at[i] = (unsigned char)rarest(&g, word[i]);
		if (word[i].n > f->longest)
			f->longest = word[i].n;
		bin = bin_for(&g, word[i].p + f->at[i]);
		for (size_t k = 0; k < SIFT_MARK; k++) {
			unsigned char c = (unsigned char)word[i].p[f->at[i] + k];

			f->mark[k][c] |= UINT64_C(1) << i % 64;
			f->low[bin / 8][k][c & 15] |= (unsigned char)(1u << bin % 8);
			f->high[bin / 8][k][c >> 4] |= (unsigned char)(1u << bin % 8);
		}
	}
}

/* The words whose mark may be at p, a bit for each 64th. */
static inline uint64_t
marked(const struct sift *f, const char *p)
{
	const unsigned char *u = (const unsigned char *)p;

	return f->mark[0][u[0]] & f->mark[1][u[1]] & f->mark[2][u[2]];
}

/* Of the words whose mark is at i, one that is really there: where it begins,
 * or s.n. */
static size_t
look(const struct sift *f, struct str s, size_t i, uint64_t words)
{
	for (; words; words &= words - 1)
		for (size_t w = (size_t)__builtin_ctzll(words); w < f->n; w += 64)
			if (f->at[w] <= i && s.p[i - f->at[w]] == f->word[w].p[0] && str_starts(str_from(s, i - f->at[w]), f->word[w]))
				return i - f->at[w];
	return s.n;
}

static size_t
find_from(const struct sift *f, struct str s, size_t i)
{
	uint64_t words;
	size_t at;

	for (; i + SIFT_MARK <= s.n; i++) {
		words = marked(f, s.p + i);
		if (words && (at = look(f, s, i, words)) < s.n)
			return at;
	}
	return s.n;
}

size_t
sift_find_plain(const struct sift *f, struct str s)
{
	return find_from(f, s, 0);
}

#if HAVE_AVX2
/* Which of the 32 bytes at p can be the k-th of a mark: their bins of a half. */
__attribute__((target("avx2"))) static inline __m256i
bins(const struct sift *f, const char *p, size_t half, size_t k)
{
	const __m256i nibble = _mm256_set1_epi8(15);
	__m256i low = _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)f->low[half][k]));
	__m256i high = _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)f->high[half][k]));
	__m256i c = _mm256_loadu_si256((const void *)p);

	return _mm256_and_si256(
		_mm256_shuffle_epi8(low, _mm256_and_si256(c, nibble)),
		_mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(c, 4), nibble)));
}

/* Where of these a mark may begin. */
__attribute__((target("avx2"))) static inline __m256i
begins(const struct sift *f, const char *p, size_t half)
{
	return _mm256_and_si256(_mm256_and_si256(bins(f, p, half, 0), bins(f, p + 1, half, 1)), bins(f, p + 2, half, 2));
}

/* two: of both halves, in code of its own, as few tables fit in registers. */
__attribute__((target("avx2"), always_inline)) static inline size_t
find_in(const struct sift *f, struct str s, bool two)
{
	uint64_t words;
	size_t i = 0, at;

	for (; i + 32 + SIFT_MARK - 1 <= s.n; i += 32) {
		__m256i hit = two ? _mm256_or_si256(begins(f, s.p + i, 0), begins(f, s.p + i, 1)) : begins(f, s.p + i, 0);
		unsigned some = ~(unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(hit, _mm256_setzero_si256()));

		for (; some; some &= some - 1) {
			size_t k = i + (unsigned)__builtin_ctz(some);

			words = marked(f, s.p + k);
			if (words && (at = look(f, s, k, words)) < s.n)
				return at;
		}
	}
	return find_from(f, s, i);
}

__attribute__((target("avx2"))) static size_t
find_avx2(const struct sift *f, struct str s)
{
	return f->n > SIFT_MANY ? find_in(f, s, true) : find_in(f, s, false);
}
#endif

size_t
sift_find(const struct sift *f, struct str s)
{
#if HAVE_AVX2
	if (__builtin_cpu_supports("avx2"))
		return find_avx2(f, s);
#endif
	return find_from(f, s, 0);
}
