#include "base/mem.h"

#include <setjmp.h>
#include <stddef.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/test.h"

#if defined(__SANITIZE_ADDRESS__)
#define ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ASAN 1
#endif
#endif
#ifndef ASAN
#define ASAN 0
#endif

enum { LOTS = 5000 };

struct odd {
	char c[7];
};

static jmp_buf back;

static void
no_memory(void)
{
	longjmp(back, 1);
}

/* Does f(m) call mem_oom? */
static bool
fails(void (*f)(struct mem *m), struct mem *m)
{
	void (*before)(void) = mem_oom;
	volatile bool failed = true;

	mem_oom = no_memory;
	if (setjmp(back) == 0) {
		f(m);
		failed = false;
	}
	mem_oom = before;
	return failed;
}

static void
get_all(struct mem *m)
{
	mem_get(m, 1, SIZE_MAX);
}

static void
get_nearly_all(struct mem *m)
{
	mem_get(m, 1, SIZE_MAX - 16);
}

static void
get_all_the_other_way(struct mem *m)
{
	mem_get(m, SIZE_MAX, 1);
}

static void
get_twice_all(struct mem *m)
{
	mem_get(m, SIZE_MAX, 2);
}

/* The product wraps to 8. */
static void
get_wrapped(struct mem *m)
{
	mem_new(m, uint64_t, SIZE_MAX / 8 + 2);
}

static void
get_wrapped_to_zero(struct mem *m)
{
	mem_get(m, (size_t)1 << (sizeof(size_t) * 4), (size_t)1 << (sizeof(size_t) * 4));
}

static void
bytes_all(struct mem *m)
{
	mem_bytes(m, SIZE_MAX);
}

static void
bytes_nearly_all(struct mem *m)
{
	mem_bytes(m, SIZE_MAX - 16);
}

static void
more_than_all(struct mem *m)
{
	size_t cap = SIZE_MAX / 16 + 1; /* times 16 wraps to 0 */

	(void)m;
	mem_more(NULL, cap, &cap, 8);
}

static void
grow_too_far(struct mem *m)
{
	(void)m;
	mem_grow(NULL, 0, SIZE_MAX / 4);
}

static void (*const failing[])(struct mem *m) = {
	get_all,
	get_nearly_all,
	get_all_the_other_way,
	get_twice_all,
	get_wrapped,
	get_wrapped_to_zero,
	bytes_all,
	bytes_nearly_all,
	more_than_all,
	grow_too_far, /* last: AddressSanitizer stops the program instead */
};

static bool
all_are(const char *p, size_t n, char c)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != c)
			return false;
	return true;
}

static bool
aligned(const void *p)
{
	return (uintptr_t)p % _Alignof(max_align_t) == 0;
}

static void
test_objects(void)
{
	struct mem m = {0};
	unsigned char *got[LOTS];
	size_t bad = 0, skew = 0;

	TEST("objects are zeroed, aligned and disjoint, whatever came before");
	for (size_t round = 0; round < 3; round++) {
		for (size_t i = 0; i < LOTS; i++) {
			size_t n = i % 97;

			memset(mem_bytes(&m, i % 3), 0xff, i % 3);
			got[i] = mem_get(&m, 1, n);
			bad += !got[i] || !all_are((char *)got[i], n, 0);
			skew += !aligned(got[i]);
			memset(got[i], (int)(i & 0xff), n);
		}
		for (size_t i = 0; i < LOTS; i++)
			bad += !all_are((char *)got[i], i % 97, (char)(i & 0xff));
		mem_reset(&m);
	}
	CHECK(bad == 0);
	CHECK(skew == 0);

	TEST("mem_new: count objects of a type");
	{
		struct odd *o = mem_new(&m, struct odd, 3);
		max_align_t *a = mem_new(&m, max_align_t, 1);

		CHECK(all_are(o[0].c, 3 * sizeof(*o), 0));
		memset(o, 1, 3 * sizeof(*o));
		CHECK(aligned(a));
		CHECK(all_are((char *)a, sizeof(*a), 0));
		CHECK(all_are(o[0].c, 3 * sizeof(*o), 1));
	}

	TEST("zero objects or bytes: not NULL");
	CHECK(mem_get(&m, 0, 0));
	CHECK(mem_get(&m, 8, 0));
	CHECK(mem_get(&m, 0, SIZE_MAX));
	CHECK(mem_bytes(&m, 0));

	TEST("objects larger than a block");
	{
		size_t n = 9 * 1024 * 1024 + 1;
		char *p = mem_get(&m, n, 1), *q = mem_get(&m, 1, 1);

		CHECK(all_are(p, n, 0));
		p[0] = p[n - 1] = 1;
		CHECK(*q == 0);
	}
	mem_free(&m);
	CHECK(!m.blk);
}

static void
test_strings(void)
{
	struct mem m = {0};
	char text[] = "a\0b";
	struct str s = mem_str(&m, (struct str){text, 3});

	TEST("mem_str: a copy, NUL bytes included");
	CHECK(s.p != text);
	memset(text, 'x', 3);
	CHECK(str_eq(s, S("a\0b")));
	CHECK(mem_str(&m, S("")).n == 0);
	CHECK(mem_str(&m, (struct str){0}).n == 0);
	mem_free(&m);
}

static void
test_reset(void)
{
	struct mem m = {0};
	uint64_t held = mem_count.bytes, before, calls;

	TEST("an empty arena can be reset and freed repeatedly");
	mem_reset(&m);
	mem_free(&m);
	mem_free(&m);
	CHECK(!m.blk);
	CHECK(mem_count.bytes == held);

	TEST("mem_reset keeps only the newest block, the largest");
	for (size_t i = 0; i < LOTS; i++)
		mem_bytes(&m, 1000);
	before = mem_count.bytes;
	mem_reset(&m);
	CHECK(mem_count.bytes < before);
	if (!ASAN) {
		CHECK(m.blk);
		CHECK(mem_count.bytes > held);
		/* blocks double: the last one is about half */
		calls = mem_count.calls;
		mem_bytes(&m, (before - held) / 3);
		CHECK(mem_count.calls == calls);
	}

	TEST("the kept block is reused");
	calls = mem_count.calls;
	for (size_t i = 0; i < LOTS; i++) {
		mem_bytes(&m, 10000);
		mem_reset(&m);
	}
	if (!ASAN)
		CHECK(mem_count.calls == calls);

	TEST("mem_free frees everything");
	mem_bytes(&m, 1000);
	mem_free(&m);
	CHECK(!m.blk);
	CHECK(mem_count.bytes == held);
	CHECK(*(char *)mem_get(&m, 1, 1) == 0);
	mem_free(&m);
	CHECK(mem_count.bytes == held);
}

static void
test_touched(void)
{
	enum { HEAD = 64 }; /* maximal overhead of a block */
	struct mem m = {0};
	uint64_t held = mem_count.bytes, peak = mem_count.peak;

	TEST("arenas count the bytes they returned, once");
	for (size_t i = 0; i < 10; i++) {
		mem_bytes(&m, 1000);
		mem_reset(&m);
	}
	mem_bytes(&m, 1000);
	CHECK(mem_count.bytes >= held + 1000 && mem_count.bytes <= held + 1000 + HEAD);
	if (!ASAN) {
		mem_bytes(&m, 500);
		CHECK(mem_count.bytes >= held + 1500 && mem_count.bytes <= held + 1500 + HEAD);
		mem_bytes(&m, peak);
		CHECK(mem_count.peak > peak);
	}
	mem_free(&m);
	CHECK(mem_count.bytes == held);
}

static void
test_count(void)
{
	struct mem_count c = mem_count;
	char *p = mem_grow(NULL, 0, 100);

	TEST("mem_grow counts, and keeps the contents");
	CHECK(mem_count.calls == c.calls + 1);
	CHECK(mem_count.bytes == c.bytes + 100);
	memset(p, 'x', 100);
	p = mem_grow(p, 100, 100000000);
	CHECK(mem_count.calls == c.calls + 2);
	CHECK(mem_count.bytes == c.bytes + 100000000);
	CHECK(mem_count.peak >= c.bytes + 100000000);
	CHECK(all_are(p, 100, 'x'));
	p = mem_grow(p, 100000000, 50);
	CHECK(mem_count.bytes == c.bytes + 50);
	CHECK(all_are(p, 50, 'x'));

	TEST("mem_trim frees the end, without allocating");
	p = mem_grow(p, 50, 100000000);
	p = mem_trim(p, 100000000, 50);
	CHECK(mem_count.bytes == c.bytes + 50);
	CHECK(mem_count.calls == c.calls + 4);
	CHECK(all_are(p, 50, 'x'));

	TEST("mem_give decreases bytes, not the peak");
	mem_give(p, 50);
	CHECK(mem_count.bytes == c.bytes);
	CHECK(mem_count.calls == c.calls + 4);
	CHECK(mem_count.peak >= c.bytes + 100000000);
	mem_give(NULL, 0);
	CHECK(mem_count.bytes == c.bytes);
}

static void
test_more(void)
{
	size_t cap = 0, moves = 0, was;
	unsigned *a = NULL;
	struct mem_count c = mem_count;

	TEST("mem_more: room for one more, doubled when full");
	for (unsigned i = 0; i < 100000; i++) {
		was = cap;
		a = mem_more(a, i, &cap, sizeof(*a));
		CHECK_ROW(i, cap > i);
		if (cap != was) {
			moves++;
			CHECK_ROW(i, was == i && (was == 0 || cap == 2 * was));
		}
		a[i] = i;
	}
	for (unsigned i = 0; i < 100000; i++)
		CHECK_ROW(i, a[i] == i);
	CHECK(moves <= 18);
	CHECK(mem_count.calls == c.calls + moves);
	CHECK(mem_count.bytes == c.bytes + cap * sizeof(*a));

	TEST("mem_more: a large array grows by a quarter");
	for (unsigned i = 100000; i < 2000000; i++) {
		was = cap;
		a = mem_more(a, i, &cap, sizeof(*a));
		if (cap != was)
			CHECK_ROW(i, was == i && cap == (was * sizeof(*a) < 512 * 1024 ? 2 * was : was + was / 4));
		a[i] = i;
	}
	for (unsigned i = 0; i < 2000000; i++)
		CHECK_ROW(i, a[i] == i);
	mem_give(a, cap * sizeof(*a));
	CHECK(mem_count.bytes == c.bytes);
}

static void
test_extend(void)
{
	size_t cap = 0, was;
	struct mem m = {0};
	unsigned *a = NULL, *old;

	TEST("mem_extend: the same in an arena; the old copy remains");
	for (unsigned i = 0; i < 10000; i++) {
		was = cap;
		old = a;
		a = mem_extend(&m, a, i, &cap, sizeof(*a));
		CHECK_ROW(i, cap > i && (cap == was || (i == was && (was == 0 || cap == 2 * was))));
		CHECK_ROW(i, (a == old) == (cap == was));
		CHECK_ROW(i, i == 0 || old[i - 1] == i - 1);
		a[i] = i;
		mem_bytes(&m, 1);
	}
	for (unsigned i = 0; i < 10000; i++)
		CHECK_ROW(i, a[i] == i);
	mem_free(&m);

	TEST("mem_extend: the newest object grows in place");
	cap = 0;
	for (unsigned i = 0; i < 10000; i++) {
		was = cap;
		old = a;
		a = mem_extend(&m, a, i, &cap, sizeof(*a));
		/* 16 KiB, the first block size, hold 4096 */
		CHECK_ROW(i, i == 0 || i >= 4096 || ASAN || a == old);
		for (size_t k = i; k < cap && cap != was; k++)
			CHECK_ROW(k, a[k] == 0);
		a[i] = i + 1;
	}
	for (unsigned i = 0; i < 10000; i++)
		CHECK_ROW(i, a[i] == i + 1);
	mem_free(&m);
}

static void
test_oom(void)
{
	struct mem m = {0};
	size_t n = NELEM(failing) - ASAN;

	TEST("overflow and exhaustion call mem_oom, on an empty arena");
	for (size_t i = 0; i < n; i++) {
		CHECK_ROW(i, fails(failing[i], &m));
		mem_free(&m);
	}

	TEST("overflow and exhaustion call mem_oom, on a used one");
	mem_bytes(&m, 3);
	for (size_t i = 0; i < n; i++)
		CHECK_ROW(i, fails(failing[i], &m));
	mem_free(&m);
}

static void
test_oom_default(void)
{
	int fd[2], status = 0;
	char text[200];
	ssize_t n = 0, r;
	pid_t child;

	TEST("by default: a message, exit 2");
	fflush(stdout);
	CHECK(pipe(fd) == 0);
	child = fork();
	if (child == 0) {
		dup2(fd[1], STDERR_FILENO);
		close(fd[0]);
		close(fd[1]);
		mem_oom();
		_exit(0);
	}
	close(fd[1]);
	while ((r = read(fd[0], text + n, sizeof(text) - (size_t)n)) > 0)
		n += r;
	close(fd[0]);
	CHECK(waitpid(child, &status, 0) == child);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 2);
	CHECK(str_find((struct str){text, (size_t)n}, S("memory")) < (size_t)n);
	CHECK(n > 0 && text[n - 1] == '\n');
}

int
main(void)
{
	test_objects();
	test_strings();
	test_reset();
	test_touched();
	test_count();
	test_more();
	test_extend();
	test_oom();
	test_oom_default();
	return test_done();
}
