/*
 * Hangs that began together are merged, in time and memory that grow with their
 * number, not its square.
 */
#include "incident/incident.h"

#include "base/test.h"

struct placed {
	size_t n, blamed, waiting, folded; /* remaining hangs; of the first one */
	uint64_t bytes; /* memory used */
};

/* n hangs, `apart` ns between them, each of one rank that two others wait for. */
static struct placed
place_made(size_t n, int64_t apart)
{
	struct events ev = {0};
	struct mem mem = {0};
	struct buf scratch = {0}, spare = {0};
	struct inquest_config c = {.ahead = 2 * MINUTE, .before = 10 * MINUTE, .min_ranks = 2};
	struct detection d = {.ev = &ev, .names = &ev.names, .config = &c, .scratch = &scratch, .spare = &spare, .mem = &mem};
	struct facts fs = {.d = &d, .c = &c, .ev = &ev, .names = &ev.names};
	uint64_t before;
	struct placed p;

	for (uint32_t i = 0; i < n; i++) {
		struct fact *f = facts_add(&fs, FACT_HANG, (int64_t)i * apart, (int64_t)i * apart);

		f->detail = S("silent");
		f->ranks->blamed = (struct ranks){mem_new(&mem, uint32_t, 1), 1};
		f->ranks->blamed.r[0] = i;
		f->ranks->waiting = (struct ranks){mem_new(&mem, uint32_t, 2), 2};
		f->ranks->waiting.r[0] = i + 1;
		f->ranks->waiting.r[1] = i + 2;
	}
	before = mem_count.bytes;
	seats_place(&fs);
	p = (struct placed){fs.n, fs.f[0].ranks->blamed.n, fs.f[0].ranks->waiting.n, fs.f[0].folded, mem_count.bytes - before};
	mem_give(fs.f, fs.cap * sizeof(*fs.f));
	idx_free(&ev.names);
	mem_free(&mem);
	buf_free(&scratch);
	buf_free(&spare);
	return p;
}

int
main(void)
{
	enum { HANGS = 100 * 1000 };
	struct placed p;

	TEST("hangs within a minute are one: a rank blamed by any of them does not wait");
	p = place_made(3, SECOND);
	CHECK(p.n == 1);
	CHECK(p.blamed == 3);
	CHECK(p.waiting == 2);
	CHECK(p.folded == 2);
	TEST("a hang a minute after the first is merged, a later one is not");
	CHECK(place_made(2, MINUTE).n == 1);
	CHECK(place_made(2, MINUTE + 1).n == 2);
	CHECK(place_made(3, 31 * SECOND).n == 2);
	TEST("10^5 hangs that began together need a hundred bytes each");
	p = place_made(HANGS, SECOND / 10000);
	CHECK(p.n == 1);
	CHECK(p.blamed == HANGS);
	CHECK(p.waiting == 2);
	CHECK(p.bytes < 100 * HANGS);
	return test_done();
}
