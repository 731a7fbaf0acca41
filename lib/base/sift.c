#include "base/sift.h"

#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define HAVE_AVX2 1
#else
#define HAVE_AVX2 0
#endif

/* Rough frequency of a byte in logs of all kinds. */
static unsigned
commonness(unsigned char c)
{
	static const struct {
		struct str bytes;
		unsigned n;
	} classes[] = {
		{STR_INIT(" \"02e"), 48}, {STR_INIT("14:"), 32}, {STR_INIT("356789acdilmnoprst,._"), 20},
		{STR_INIT("-bfgkuEIMNOST[]"), 10}, {STR_INIT("=/APCR\n"), 6}, {STR_INIT("vyhxDFGLUY\\|';+(){}"), 3},
	};

	for (size_t i = 0; i < NELEM(classes); i++)
		if (memchr(classes[i].bytes.p, c, classes[i].bytes.n))
			return classes[i].n;
	return 1;
}

/* Frequency of the bytes that match position k of a bin's marks; and the
 * increase for each further half-byte, 0 if it is already present. */
struct pass {
	uint64_t sum, by_high[16], by_low[16];
	bool high[16], low[16];
	uint64_t odd_high, odd_low; /* bitmaps of the odd ones with a matching half-byte */
};

/* Four bytes that are no mark but pass a bin, as each of them occurs in one of
 * its marks; and their weight, in units of load. */
struct odd {
	char at[SIFT_MARK];
	uint64_t weight;
};
enum { ODD = 64, TRIED = 4, BINS = SIFT_SETS * SIFT_BINS, NO_BIN = 255 };

struct binning {
	uint16_t common[256];        /* frequency of bytes */
	uint64_t all;                /* sum of common */
	unsigned char *gram;         /* frequency of marks in a sample, by hash; or NULL */
	unsigned char at[SIFT_WORDS][TRIED], tried[SIFT_WORDS]; /* candidate offsets of the marks */
	unsigned char bin[SIFT_WORDS]; /* per word; NO_BIN: none yet */
	struct odd odd[ODD];
	size_t nodd;
	uint64_t with_high[SIFT_MARK][16], with_low[SIFT_MARK][16]; /* odd ones, by half-bytes */
	struct pass pass[BINS][SIFT_MARK];
	uint64_t load[BINS]; /* frequency of matches per bin */
};

/* Hash of four bytes, below SIFT_HASHES. */
static inline uint32_t
hash(const char *mark)
{
	uint32_t v;

	memcpy(&v, mark, sizeof(v));
	return v * UINT32_C(2654435761) >> 17;
}

/* The bytes of a possible mark at i: fewer if the word is short. */
static struct str
mark_at(struct str w, size_t i)
{
	return str_head(str_from(w, i), SIFT_MARK);
}

/* Frequency of a mark: in the sample, and of its bytes. */
static uint64_t
rarity(struct binning *g, struct str mark)
{
	uint64_t bytes = 1;

	for (size_t k = 0; k < mark.n; k++)
		bytes *= g->common[(unsigned char)mark.p[k]];
	return (uint64_t)(g->gram && mark.n == SIFT_MARK ? g->gram[hash(mark.p)] : 0) << 56 | bytes;
}

static uint64_t
pass_with(const struct binning *g, const struct pass *p, unsigned char c)
{
	unsigned h = c >> 4, l = c & 15;

	return p->sum + p->by_high[h] + p->by_low[l] + (p->high[h] || p->low[l] ? 0 : g->common[c]);
}

static void
pass_add(struct binning *g, unsigned bin, size_t k, unsigned char c)
{
	unsigned h = c >> 4, l = c & 15;
	struct pass *p = &g->pass[bin][k];

	p->sum = pass_with(g, p, c);
	for (unsigned i = 0; i < 16 && !p->high[h]; i++)
		p->by_low[i] += p->low[i] ? 0 : g->common[h << 4 | i];
	for (unsigned i = 0; i < 16 && !p->low[l]; i++)
		p->by_high[i] += p->high[i] ? 0 : g->common[i << 4 | l];
	p->by_high[h] = p->by_low[l] = 0;
	p->high[h] = p->low[l] = true;
	p->odd_high |= g->with_high[k][h];
	p->odd_low |= g->with_low[k][l];
}

/* Load of a bin with the mark added. */
static uint64_t
load_with(const struct binning *g, unsigned bin, struct str mark)
{
	uint64_t load = 1, odd = UINT64_MAX;

	for (size_t k = 0; k < mark.n; k++)
		load *= pass_with(g, &g->pass[bin][k], (unsigned char)mark.p[k]);
	for (size_t k = mark.n; k < SIFT_MARK; k++)
		load *= g->all;
	for (size_t k = 0; k < mark.n && g->nodd && odd; k++) {
		const struct pass *p = &g->pass[bin][k];
		unsigned char c = (unsigned char)mark.p[k];

		odd &= (p->odd_high | g->with_high[k][c >> 4]) & (p->odd_low | g->with_low[k][c & 15]);
	}
	for (odd = g->nodd ? odd : 0; odd; odd &= odd - 1)
		load += g->odd[__builtin_ctzll(odd)].weight;
	return load;
}

/* Candidate offsets for the mark of word w: its rarest bytes, or, if several
 * are not in the sample, one of the rarest of those. */
static void
rank(struct binning *g, size_t w, struct str word)
{
	const size_t places = word.n < SIFT_MARK ? 1 : word.n - SIFT_MARK + 1;
	uint64_t rare[SIFT_LONGEST] = {0};

	for (size_t i = 0; i < places; i++)
		rare[i] = rarity(g, mark_at(word, i));
	for (g->tried[w] = 0; g->tried[w] < TRIED; g->tried[w]++) {
		size_t at = 0;

		for (size_t i = 1; i < places; i++)
			at = rare[i] < rare[at] ? i : at;
		if (g->tried[w] && (!g->gram || rare[at] >> 56))
			break;
		rare[at] = UINT64_MAX;
		g->at[w][g->tried[w]] = (unsigned char)at;
	}
}

/* Choose the mark of word w and its bin so that the load grows least. */
static unsigned
choose(struct sift *f, struct binning *g, size_t w)
{
	uint64_t least = UINT64_MAX;
	unsigned bin = 0;

	for (unsigned t = 0; t < g->tried[w]; t++)
		for (unsigned b = 0; b < (f->both ? BINS : SIFT_BINS); b++) {
			uint64_t more = load_with(g, b, mark_at(f->word[w], g->at[w][t])) - g->load[b];

			if (more >= least)
				continue;
			least = more;
			f->at[w] = g->at[w][t];
			bin = b;
		}
	return bin;
}

/* Let c match the k-th byte of the mark of word w. */
static void
allow(struct sift *f, size_t w, unsigned bin, size_t k, unsigned char c)
{
	unsigned char bit = (unsigned char)(1u << bin % SIFT_BINS);
	unsigned set = bin / SIFT_BINS;

	f->mark[k][c] |= UINT64_C(1) << w % 64;
	f->low[set][k][c & 15] |= bit;
	f->high[set][k][c >> 4] |= bit;
}

/* Store the hash of a mark; for a short one, with each possible next byte. */
static void
note(struct sift *f, struct str mark)
{
	char m[SIFT_MARK] = {0};

	memcpy(m, mark.p, mark.n);
	for (unsigned c = 0; c < (mark.n < SIFT_MARK ? 256 : 1); c++) {
		m[SIFT_MARK - 1] = mark.n < SIFT_MARK ? (char)c : m[SIFT_MARK - 1];
		f->hashed[hash(m) / 8] |= (unsigned char)(1u << hash(m) % 8);
	}
}

/* Put word w into a bin. */
static void
put(struct sift *f, struct binning *g, size_t w, unsigned bin)
{
	struct str mark = mark_at(f->word[w], f->at[w]);

	g->bin[w] = (unsigned char)bin;
	note(f, mark);
	for (size_t k = 0; k < mark.n; k++) {
		pass_add(g, bin, k, (unsigned char)mark.p[k]);
		allow(f, w, bin, k, (unsigned char)mark.p[k]);
	}
	for (size_t k = mark.n; k < SIFT_MARK; k++)
		for (unsigned c = 0; c < 256; c++) {
			pass_add(g, bin, k, (unsigned char)c);
			allow(f, w, bin, k, (unsigned char)c);
		}
	g->load[bin] = load_with(g, bin, mark);
}

/* Put the words without a bin into bins. */
static void
place(struct sift *f, struct binning *g)
{
	memset(f->hashed, 0, sizeof(f->hashed));
	memset(f->mark, 0, sizeof(f->mark));
	memset(f->low, 0, sizeof(f->low));
	memset(f->high, 0, sizeof(f->high));
	memset(g->pass, 0, sizeof(g->pass));
	memset(g->load, 0, sizeof(g->load));
	for (size_t w = 0; w < f->n; w++)
		if (g->bin[w] != NO_BIN)
			put(f, g, w, g->bin[w]);
	for (size_t w = 0; w < f->n; w++)
		if (g->bin[w] == NO_BIN)
			put(f, g, w, choose(f, g, w));
}

/* Place the words by frequency of bytes and marks. */
static void
place_all(struct sift *f, struct binning *g)
{
	g->all = 0;
	for (unsigned c = 0; c < 256; c++)
		g->all += g->common[c];
	memset(g->bin, NO_BIN, sizeof(g->bin));
	for (size_t w = 0; w < f->n; w++)
		rank(g, w, f->word[w]);
	place(f, g);
}

void
sift_init(struct sift *f, const struct str *word, size_t n)
{
	struct binning g = {.gram = NULL};

	for (unsigned c = 0; c < 256; c++)
		g.common[c] = (uint16_t)commonness((unsigned char)c);
	*f = (struct sift){.n = n < SIFT_WORDS ? n : SIFT_WORDS};
	for (size_t i = 0; i < f->n; i++) {
		f->word[i] = word[i];
		if (word[i].n > f->longest)
			f->longest = word[i].n;
		if (word[i].n < SIFT_MARK)
			f->short_words |= UINT64_C(1) << i % 64;
	}
	place_all(f, &g);
}

/* The words whose mark may be at p, one bit for each 64th word. */
static inline uint64_t
marked(const struct sift *f, const char *p)
{
	const unsigned char *u = (const unsigned char *)p;
	uint32_t h = hash(p);

	if (!(f->hashed[h / 8] >> h % 8 & 1))
		return 0;
	return f->mark[0][u[0]] & f->mark[1][u[1]] & f->mark[2][u[2]] & f->mark[3][u[3]];
}

/* The bits of words, and of the words found; or NULL: one word is enough. */
struct bits {
	const unsigned short *of;
	unsigned found;
};

/* The start of a word whose mark is at i and that is really present; s.n if
 * there is none. */
static size_t
look(const struct sift *f, struct str s, size_t i, uint64_t words, struct bits *bits)
{
	for (; words; words &= words - 1)
		for (size_t w = (size_t)__builtin_ctzll(words); w < f->n; w += 64) {
			if (f->at[w] > i || s.p[i - f->at[w]] != f->word[w].p[0] || !str_starts(str_from(s, i - f->at[w]), f->word[w]))
				continue;
			if (!bits)
				return i - f->at[w];
			bits->found |= bits->of[w];
		}
	return s.n;
}

static size_t
find_from(const struct sift *f, struct str s, size_t i, struct bits *bits)
{
	uint64_t words;
	size_t at;

	for (; i + SIFT_MARK <= s.n; i++) {
		words = marked(f, s.p + i);
		if (words && (at = look(f, s, i, words, bits)) < s.n)
			return at;
	}
	return f->short_words && i + SIFT_MARK - 1 <= s.n ? look(f, s, i, f->short_words, bits) : s.n;
}

size_t
sift_find_plain(const struct sift *f, struct str s)
{
	return find_from(f, s, 0, NULL);
}

unsigned
sift_all_plain(const struct sift *f, const unsigned short of[SIFT_WORDS], struct str s)
{
	struct bits bits = {.of = of};

	find_from(f, s, 0, &bits);
	return bits.found;
}

#if HAVE_AVX2
__attribute__((target("avx2"))) static inline __m256i
table(const unsigned char of[16])
{
	return _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)of));
}

/* Tables of the bytes of marks, for one set of bins. */
struct tables {
	__m256i low[SIFT_MARK], high[SIFT_MARK];
};

__attribute__((target("avx2"))) static inline struct tables
tables_of(const struct sift *f, size_t set)
{
	const unsigned char (*low)[16] = f->low[set], (*high)[16] = f->high[set];

	return (struct tables){
		{table(low[0]), table(low[1]), table(low[2]), table(low[3])},
		{table(high[0]), table(high[1]), table(high[2]), table(high[3])},
	};
}

/* 32 bytes, loaded once: for two uses, compilers load them twice. */
__attribute__((target("avx2"))) static inline __m256i
load(const char *p)
{
	__m256i c = _mm256_loadu_si256((const void *)p);

	__asm__("" : "+x"(c));
	return c;
}

/* Bins in which each of the 32 bytes at p can be at this position of a mark; none for a
 * byte that is not ASCII, as a shuffle gives 0 for it. */
__attribute__((target("avx2"))) static inline __m256i
bins(__m256i low, __m256i high, const char *p)
{
	__m256i c = load(p);

	return _mm256_and_si256(
		_mm256_shuffle_epi8(low, c),
		_mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(c, 4), _mm256_set1_epi8(15))));
}

/* The same for the last position, where a short word lets any byte match. */
__attribute__((target("avx2"))) static inline __m256i
last_bins(__m256i low, __m256i high, const char *p)
{
	const __m256i nibble = _mm256_set1_epi8(15);
	__m256i c = load(p);

	return _mm256_and_si256(
		_mm256_shuffle_epi8(low, _mm256_and_si256(c, nibble)),
		_mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(c, 4), nibble)));
}

__attribute__((target("avx2"))) static inline __m256i
begins_in(const struct tables *t, const char *p)
{
	return _mm256_and_si256(
		_mm256_and_si256(bins(t->low[0], t->high[0], p), bins(t->low[1], t->high[1], p + 1)),
		_mm256_and_si256(bins(t->low[2], t->high[2], p + 2), last_bins(t->low[3], t->high[3], p + 3)));
}

/* Which of the 32 positions from p on may begin a mark: nonzero bytes.
 * Unrolled by hand, because compilers do not. */
__attribute__((target("avx2"))) static inline __m256i
begins(const struct tables *one, const struct tables *other, const char *p)
{
	return other ? _mm256_or_si256(begins_in(one, p), begins_in(other, p)) : begins_in(one, p);
}

__attribute__((target("avx2"))) static inline unsigned
nonzero(__m256i v)
{
	return ~(unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, _mm256_setzero_si256()));
}

/* Of the positions from i on with a bit in some, the first one in a word: the
 * word's start, or s.n. */
static size_t
find_some(const struct sift *f, struct str s, size_t i, uint64_t some, struct bits *bits)
{
	for (; some; some &= some - 1) {
		size_t k = i + (size_t)__builtin_ctzll(some), at;
		uint64_t words = marked(f, s.p + k);

		if (words && (at = look(f, s, k, words, bits)) < s.n)
			return at;
	}
	return s.n;
}

/* Bitmap of the 64 positions from p on that may begin a mark. */
__attribute__((target("avx2"))) static inline uint64_t
may_begin(const struct tables *one, const struct tables *other, const char *p)
{
	return (uint64_t)nonzero(begins(one, other, p + 32)) << 32 | nonzero(begins(one, other, p));
}

__attribute__((target("avx2"), always_inline)) static inline size_t
find_avx2(const struct sift *f, bool both, struct str s, struct bits *bits)
{
	enum { STEP = 32, SEEN = STEP + SIFT_MARK - 1 }; /* bytes examined per step */
	const struct tables one = tables_of(f, 0), two = tables_of(f, 1), *other = both ? &two : NULL;
	size_t i = 0, at;

	for (; i + STEP + SEEN <= s.n; i += 2 * STEP) {
		__m256i a = begins(&one, other, s.p + i), b = begins(&one, other, s.p + i + STEP), any = _mm256_or_si256(a, b);

		if (_mm256_testz_si256(any, any))
			continue;
		if ((at = find_some(f, s, i, (uint64_t)nonzero(b) << 32 | nonzero(a), bits)) < s.n)
			return at;
	}
	/* the remainder in two steps, which may overlap */
	for (int rest = 0; rest < 2 && s.n >= SEEN && i + SIFT_MARK <= s.n; rest++) {
		i = i + SEEN <= s.n ? i : s.n - SEEN;
		if ((at = find_some(f, s, i, nonzero(begins(&one, other, s.p + i)), bits)) < s.n)
			return at;
		i += STEP;
	}
	return find_from(f, s, i, bits);
}

/* A loop for each, as the tables of one set are as many as the machine's registers. */
__attribute__((target("avx2"))) static size_t
find_one(const struct sift *f, struct str s, struct bits *bits)
{
	return find_avx2(f, false, s, bits);
}

__attribute__((target("avx2"))) static size_t
find_both(const struct sift *f, struct str s, struct bits *bits)
{
	return find_avx2(f, true, s, bits);
}
#endif

static size_t
find(const struct sift *f, struct str s, struct bits *bits)
{
#if HAVE_AVX2
	if (__builtin_cpu_supports("avx2"))
		return f->both ? find_both(f, s, bits) : find_one(f, s, bits);
#endif
	return find_from(f, s, 0, bits);
}

size_t
sift_find(const struct sift *f, struct str s)
{
	return find(f, s, NULL);
}

unsigned
sift_all(const struct sift *f, const unsigned short of[SIFT_WORDS], struct str s)
{
	struct bits bits = {.of = of};

	find(f, s, &bits);
	return bits.found;
}

/* ---- learning from a sample ---- */

#if HAVE_AVX2
enum { SEEN = 256 };

/* Count four bytes that passed. */
static void
count(struct odd *seen, const char *p)
{
	uint32_t h = hash(p);

	for (unsigned i = 0; i < SEEN; i++) {
		struct odd *o = &seen[(h + i) % SEEN];

		if (o->weight && memcmp(o->at, p, SIFT_MARK) != 0)
			continue;
		memcpy(o->at, p, SIFT_MARK);
		o->weight++;
		return;
	}
}

/* Is a word's mark at p? */
static bool
has_mark(const struct sift *f, const char *p)
{
	for (uint64_t words = marked(f, p); words; words &= words - 1)
		for (size_t w = (size_t)__builtin_ctzll(words); w < f->n; w += 64)
			if (str_starts((struct str){p, SIFT_MARK}, mark_at(f->word[w], f->at[w])))
				return true;
	return false;
}

/* Remove the words from the bins that four bytes pass, so that they are placed
 * again. */
static void
empty_bins(const struct sift *f, struct binning *g, const char *at)
{
	unsigned bins[SIFT_SETS];

	for (size_t set = 0; set < SIFT_SETS; set++) {
		bins[set] = ~0u;
		for (size_t k = 0; k < SIFT_MARK; k++)
			bins[set] &= (unsigned)(f->low[set][k][at[k] & 15] & f->high[set][k][(unsigned char)at[k] >> 4]);
	}
	for (size_t w = 0; w < f->n; w++)
		if (g->bin[w] != NO_BIN && bins[g->bin[w] / SIFT_BINS] >> g->bin[w] % SIFT_BINS & 1)
			g->bin[w] = NO_BIN;
}

static void
add_odd(struct binning *g, const struct odd *o)
{
	uint64_t bit = UINT64_C(1) << g->nodd % ODD;

	if (g->nodd == ODD)
		return;
	g->odd[g->nodd++] = *o;
	for (size_t k = 0; k < SIFT_MARK; k++) {
		g->with_high[k][(unsigned char)o->at[k] >> 4] |= bit;
		g->with_low[k][o->at[k] & 15] |= bit;
	}
}

/* Number of positions in a text that pass the bins without being a mark;
 * frequent ones are recorded in odd. 0 if there are none. */
__attribute__((target("avx2"))) static uint64_t
find_odd(const struct sift *f, struct binning *g, struct str text)
{
	enum { OFTEN = 16384 };
	const struct tables one = tables_of(f, 0), two = tables_of(f, 1), *other = f->both ? &two : NULL;
	struct odd seen[SEEN] = {{.weight = 0}};
	const uint64_t once = g->all * g->all / (text.n + 1) * g->all * g->all;
	uint64_t n = 0;
	bool any = false;

	for (size_t i = 0; i + 64 + SIFT_MARK <= text.n; i += 64)
		for (uint64_t some = may_begin(&one, other, text.p + i); some; some &= some - 1) {
			const char *p = text.p + i + (size_t)__builtin_ctzll(some);

			if (has_mark(f, p))
				continue;
			count(seen, p);
			n++;
		}
	for (unsigned i = 0; i < SEEN; i++) {
		if (seen[i].weight <= text.n / OFTEN)
			continue;
		any = true;
		empty_bins(f, g, seen[i].at);
		seen[i].weight *= once;
		add_odd(g, &seen[i]);
	}
	return any ? n : 0;
}

/* Try other bins for words in bins with a high load; keep the best result. */
static void
improve(struct sift *f, struct binning *g, struct str text, uint64_t rounds)
{
	enum { ROUNDS = 16 };
	struct sift best = *f;
	uint64_t least = rounds ? find_odd(f, g, text) : 0, n;

	for (unsigned i = 0; least && i < rounds && i < ROUNDS; i++) {
		place(f, g);
		n = find_odd(f, g, text);
		if (n >= least)
			continue;
		best = *f;
		least = n;
	}
	*f = best;
}
#endif

void
sift_learn(struct sift *f, struct str text, uint64_t read)
{
	/* of so many words one set of bins lets much pass; two take longer to fill, too */
	enum { SAMPLE = 64 * 1024, MANY = 128, MUCH = 4 * 1024 * 1024 };
	const struct str sample = str_head(text, SAMPLE);
	unsigned char grams[SIFT_HASHES] = {0};
	struct binning g = {.gram = grams};
	uint32_t seen[256] = {0};

	for (size_t i = 0; i + SIFT_MARK <= sample.n; i++) {
		unsigned char *n = &grams[hash(sample.p + i)];

		*n = (unsigned char)(*n + (*n < UINT8_MAX));
		seen[(unsigned char)sample.p[i]]++;
	}
	for (unsigned c = 0; c < 256; c++)
		g.common[c] = (uint16_t)(1 + seen[c] * UINT64_C(4096) / (sample.n + 1));
	f->both = f->n > MANY && read >= MUCH;
	place_all(f, &g);
#if HAVE_AVX2
	if (__builtin_cpu_supports("avx2"))
		improve(f, &g, text, read / (32768 * (uint64_t)(f->n + 1)));
#endif
	(void)read;
}
