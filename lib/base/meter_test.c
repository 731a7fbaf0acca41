#include "base/meter.h"

#include "base/test.h"
#include "base/time.h"

static const struct {
	uint64_t bytes;
	int64_t ns;
	uint64_t share, total;
	struct str text;
} rows[] = {
	{0, 0, 0, 0, STR_INIT("0 B")},
	{999, SECOND, 0, 0, STR_INIT("999 B, 999 B/s")},
	{1000, SECOND / 2, 0, 0, STR_INIT("1 kB, 2 kB/s")},
	{1250000, 10 * SECOND, 1, 3, STR_INIT("1.2 MB, 125 kB/s, 33%")},
	{7000000000, SECOND / 4, 7000000000, 7000000000, STR_INIT("7 GB, 28 GB/s, 100%")},
	{1, 0, 0, 1, STR_INIT("1 B, 0%")},
	{1, -1, 1, 1, STR_INIT("1 B, 100%")},
	{999999, 1, 199, 200, STR_INIT("999.9 kB, 999.9 TB/s, 99%")},
	{1000000, SECOND, 1, 2, STR_INIT("1 MB, 1 MB/s, 50%")},
	{UINT64_C(1000000000000000), SECOND, 0, 0, STR_INIT("1 PB, 1 PB/s")},
	{UINT64_MAX, SECOND, 0, 5, STR_INIT("18446.7 PB, 18446.7 PB/s, 0%")},
};

int
main(void)
{
	struct buf b = {0};
	struct out out = {.fd = -1};
	struct diag d = {.to = &out, .prog = S("x")};
	struct meter p = {0};

	TEST("bytes, rate and share");
	for (size_t i = 0; i < NELEM(rows); i++) {
		b.n = 0;
		meter_put(&b, rows[i].bytes, rows[i].ns, rows[i].share, rows[i].total);
		CHECK_ROW(i, str_eq(buf_str(&b), rows[i].text));
	}

	TEST("no terminal");
	meter_begin(&p, &d, 5);
	meter_draw(&p, 1, -1);
	meter_next(&p, -1);
	meter_end(&p);
	CHECK(!p.diag && out.b.n == 0 && d.before.n == 0);
	buf_free(&b);
	return test_done();
}
