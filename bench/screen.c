/*
 * screen - speed of the keyword screen on a file in memory, compared with other
 * ways to search for the same words:
 *	screen FILTER [FILE]
 * Without a file it prints the words.  Each way finds all places where a word
 * begins or, for Hyperscan, ends; prints way, MB/s (best of seven rounds) and
 * number of places.  Hyperscan only if built with HS=1 (make bench-screen).
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifdef HS
#include <hs/hs.h>
#endif

#include "filter/filter.h"
#include "input/dialect/dialect.h"

static struct str word[SIFT_WORDS];
static size_t nword;
static struct sift sift;

static uint64_t
count(struct str s, size_t (*find)(const struct sift *, struct str))
{
	uint64_t n = 0;
	size_t at;

	while ((at = find(&sift, s)) < s.n) {
		s = str_from(s, at + 1);
		n++;
	}
	return n;
}

static uint64_t
by_sift(struct str s)
{
	return count(s, sift_find);
}

static uint64_t
by_plain(struct str s)
{
	return count(s, sift_find_plain);
}

/* One pass per word. */
static uint64_t
by_find(struct str all)
{
	uint64_t n = 0;

	for (size_t i = 0; i < nword; i++) {
		struct str s = all;
		size_t at;

		while ((at = str_find(s, word[i])) < s.n) {
			s = str_from(s, at + 1);
			n++;
		}
	}
	return n;
}

#ifdef HS
static hs_database_t *db;
static hs_scratch_t *room;

static int
hit(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *n)
{
	(void)id, (void)from, (void)to, (void)flags;
	++*(uint64_t *)n;
	return 0;
}

static uint64_t
by_hyperscan(struct str s)
{
	uint64_t n = 0;

	if (hs_scan(db, s.p, (unsigned)s.n, 0, room, hit, &n) != HS_SUCCESS)
		exit(2);
	return n;
}

static void
compile(void)
{
	const char *p[SIFT_WORDS];
	unsigned flags[SIFT_WORDS], id[SIFT_WORDS];
	size_t len[SIFT_WORDS];
	hs_compile_error_t *e;

	for (unsigned i = 0; i < nword; i++) {
		p[i] = word[i].p;
		len[i] = word[i].n;
		flags[i] = 0;
		id[i] = i;
	}
	if (hs_compile_lit_multi(p, flags, id, len, (unsigned)nword, HS_MODE_BLOCK, NULL, &db, &e) != HS_SUCCESS ||
	    hs_alloc_scratch(db, &room) != HS_SUCCESS)
		exit(2);
}
#endif

static void
bench(const char *name, uint64_t (*way)(struct str), struct str text)
{
	double best = 1e9;
	uint64_t n = 0;

	for (int i = 0; i < 7; i++) {
		struct timespec a, b;
		double t;

		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
		n = way(text);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
		t = (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) * 1e-9;
		best = t < best ? t : best;
	}
	printf("%-28s %7.0f MB/s %9llu places\n", name, (double)text.n / best / 1e6, (unsigned long long)n);
}

int
main(int argc, char *argv[])
{
	struct buf text = {0};
	ssize_t n;
	int fd;

	if (argc < 2)
		return 2;
	for (const struct pattern *const *p = filters; *p; p++)
		if (str_eq((*p)->filter, str_of(argv[1])))
			nword = dialect_words((*p)->wants, word, SIFT_WORDS);
	for (size_t i = 0; i < nword && argc == 2; i++)
		printf("%.*s\n", (int)word[i].n, word[i].p);
	if (argc == 2)
		return nword == 0 ? 2 : 0;
	if (nword == 0 || (fd = open(argv[2], O_RDONLY)) < 0)
		return 2;
	while ((n = read(fd, buf_room(&text, 1 << 20), 1 << 20)) > 0)
		text.n += (size_t)n;
	sift_init(&sift, word, nword);
	bench("sift, unlearned", by_sift, buf_str(&text));
	sift_learn(&sift, str_head(buf_str(&text), 1 << 18), UINT64_MAX);
	bench("sift", by_sift, buf_str(&text));
	bench("sift, portable", by_plain, buf_str(&text));
	bench("str_find for each word", by_find, buf_str(&text));
#ifdef HS
	compile();
	bench("Hyperscan", by_hyperscan, buf_str(&text));
#endif
	printf("%zu words, %zu bytes\n", nword, text.n);
	return 0;
}
