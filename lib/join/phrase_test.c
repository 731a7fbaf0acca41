#include "join/phrase.h"

#include "base/test.h"

static struct buf b;

static bool
is(const char *want)
{
	bool same = str_eq(buf_str(&b), str_of(want));

	if (!same)
		printf("# got %.*s\n", (int)b.n, b.p);
	b.n = 0;
	return same;
}

static const struct {
	int64_t ns;
	const char *text;
} delays[] = {
	{0, "at the same time"},
	{1, "0.000000001 s later"},
	{-999999, "0.000999999 s before"},
	{1000000, "0.001 s later"},
	{1499999, "0.001 s later"},
	{1500000, "0.002 s later"},
	{9999 * INT64_C(1000000), "9.999 s later"},
	{10 * SECOND, "10 s later"},
	{-41 * SECOND - SECOND / 2, "42 s before"},
	{INT64_MIN, "9223372036.854775807 s before"}, /* the absolute value is out of range */
	{INT64_MAX, "9223372036.854775807 s later"},
};

static const struct {
	size_t max;
	const char *in, *out;
} shorts[] = {
	{8, "worker-7", "worker-7"},
	{7, "worker-7", "...er-7"},
	{3, "worker-7", "..."},
	{0, "worker-7", "..."},
	{5, "a\xc3\xa4\xc3\xb6", "a\xc3\xa4\xc3\xb6"},
	{6, "aaa\xc3\xa4\xc3\xb6", "...\xc3\xb6"}, /* no partial characters */
	{9, "a\n", "a\\n"},
};

static void
test_pieces(void)
{
	static const size_t room[] = {300, 199, 4};
	struct pci gpu = {.known = true, .bus = 0x3b}, none = {0};
	char name[300];
	size_t tries = 0;

	TEST("cut at the end, at character boundaries");
	phrase_head(&b, S("gpu-7"), 5);
	CHECK(is("gpu-7"));
	phrase_head(&b, S("gpu-71"), 5);
	CHECK(is("gpu-7..."));
	phrase_head(&b, S("a\xc3\xa4\xc3\xb6"), 4);
	CHECK(is("a\xc3\xa4..."));
	TEST("unknown values are left out");
	phrase_on(&b, S(""), 9);
	phrase_in_brackets(&b, S(""));
	phrase_fact(&b, S(" The volume is "), S(""), 9);
	phrase_where(&b, S(""), S("GPU"), none);
	CHECK(is(""));
	phrase_on(&b, S("gpu-7"), 9);
	phrase_in_brackets(&b, S("of rack 2"));
	phrase_fact(&b, S(" The volume is "), S("scratch"), 5);
	CHECK(is(" on gpu-7 (of rack 2) The volume is ...ch."));
	phrase_where(&b, S("gpu-7"), S("GPU"), gpu);
	CHECK(is("Node gpu-7, GPU 0000:3b:00.0"));
	phrase_where(&b, S(""), S("NVSwitch"), gpu);
	CHECK(is("NVSwitch 0000:3b:00.0"));
	phrase_where(&b, S("gpu-7"), S("GPU"), none);
	CHECK(is("Node gpu-7"));
	phrase_pods(&b, 0, S("ns/pod"), 9);
	phrase_ending(&b, NO_TIME);
	CHECK(is("ns/pod; time unknown"));
	phrase_pods(&b, 3, S("ns/pod"), 9);
	phrase_ending(&b, 0);
	CHECK(is("3 pods (first ns/pod); 1970-01-01T00:00:00Z"));
	TEST("attempts at a headline end when it fits, or with the last one");
	memset(name, 'n', sizeof(name));
	PHRASE_TRIES(&b, room, i) {
		tries++;
		phrase_short(&b, (struct str){name, sizeof(name)}, room[i]);
	}
	CHECK(tries == 2 && b.n == 199);
	tries = 0;
	PHRASE_TRIES(&b, room, i) {
		tries++;
		phrase_short(&b, (struct str){name, sizeof(name)}, 300);
	}
	CHECK(tries == NELEM(room) && b.n == 300);
	b.n = 0;
}

static void
test_members(void)
{
	struct pci gpu = {.known = true, .bus = 0x3b}, none = {0};

	TEST("a line of --explain");
	phrase_open(&b, S("this"));
	phrase_str(&b, "a", S("x\"y"));
	phrase_str(&b, "empty", S(""));
	phrase_time(&b, "t", 0);
	phrase_time(&b, "never", NO_TIME);
	phrase_int(&b, "n", -3);
	phrase_seconds(&b, "s", 1500000000);
	phrase_gpu(&b, "gpu_id", gpu);
	phrase_gpu(&b, "no_gpu", none);
	phrase_close(&b, S("that"));
	CHECK(is("{\"explain\":\"this\",\"a\":\"x\\\"y\",\"t\":\"1970-01-01T00:00:00Z\",\"n\":-3,\"s\":1.5,"
		 "\"gpu_id\":\"0000:3b:00.0\",\"why\":\"that\"}\n"));
}

static void
test_kept(void)
{
	struct pci gpu = {.known = true, .bus = 0x3b};
	struct verdicts vs = {0};

	TEST("addresses live with the verdicts");
	CHECK(str_eq(phrase_pci(&vs, &b, gpu), S("0000:3b:00.0")));
	CHECK(phrase_pci(&vs, &b, (struct pci){0}).n == 0);
	verdicts_free(&vs);
}

int
main(void)
{
	TEST("delays");
	for (size_t i = 0; i < NELEM(delays); i++) {
		phrase_delay(&b, delays[i].ns);
		CHECK_ROW(i, is(delays[i].text));
	}
	TEST("cut at the start");
	for (size_t i = 0; i < NELEM(shorts); i++) {
		phrase_short(&b, str_of(shorts[i].in), shorts[i].max);
		CHECK_ROW(i, is(shorts[i].out));
	}
	TEST("counts, alone and in clauses");
	phrase_count(&b, 0, S("Xid"), S("Xids"));
	CHECK(is("no Xids"));
	phrase_count(&b, 1, S("Xid"), S("Xids"));
	CHECK(is("1 Xid"));
	phrase_clause(&b, 2, S("Xid"), S("Xids"));
	CHECK(is("2 Xids"));
	phrase_clause(&b, 2, S("Xid"), S("Xids"));
	phrase_clause(&b, 1, S("pod"), S("pods"));
	CHECK(is("2 Xids; 1 pod"));
	test_pieces();
	test_members();
	test_kept();
	buf_free(&b);
	return test_done();
}
