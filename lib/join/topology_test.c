#include "join/topology.h"

#include "base/buf.h"
#include "base/test.h"

#define BAD "not a line of lspci -D -PP"
#define PATH "not a path of lspci -PP, which has bus:device.function in each part"

/* clang-format off */
static const struct {
	const char *text, *want; /* "port>gpu " each, by port; or the message */
	uint64_t line;           /* line of the message, or 0 */
} rows[] = {
	{"", "", 0},
	{"\n  \n# made by hand\n", "", 0},
	{"0000:3a:01.0/3b:00.0 3D controller: NVIDIA Corporation Device 2330 (rev a1)\n", "0000:3a:01.0>0000:3b:00.0 ", 0},
	{"0000:3a:01.0/3b:00.0 3D controller [0302]: x [10de:2330]", "0000:3a:01.0>0000:3b:00.0 ", 0},
	{"0000:3a:01.0/3b:00.0 0302: 10de:2330 (rev a1)", "0000:3a:01.0>0000:3b:00.0 ", 0},
	{"0000:3a:01.0/3b:00.0 VGA compatible controller: x\r\n", "0000:3a:01.0>0000:3b:00.0 ", 0},
	{"0000:3a:01.0/3b:00.0", "0000:3a:01.0>0000:3b:00.0 ", 0},
	{"0000:00:05.0 3D controller: passed through\n", "", 0},
	/* not GPUs */
	{"0000:3a:01.0/3b:00.1 Audio device: x\n0000:3a:01.0/3c:00.0 Bridge: x\n0000:00:01.0 PCI bridge: NVIDIA x", "", 0},
	/* switches in between; the domain of the first part is used for all */
	{"0009:40:01.0/41:00.0/42:02.0/43:00.0 3D controller: x",
		"0009:40:01.0>0009:43:00.0 0009:41:00.0>0009:43:00.0 0009:42:02.0>0009:43:00.0 ", 0},
	{"10000:e0:06.0/e1:00.0 3D controller: x", "00010000:e0:06.0>00010000:e1:00.0 ", 0},
	{"0000:3a:01.0/3b:00.0 3D controller: x\n\tSubsystem: y\n0000:3a:01.0/3b:00.0 3D controller: x\n0000:3a:01.0/03:00.0 3D controller: x",
		"0000:3a:01.0>0000:03:00.0 0000:3a:01.0>0000:3b:00.0 ", 0},
	/* lines that lspci does not print */
	{"0000:3a:01.0/00.0 3D controller: x", PATH, 1},
	{"\n0000:3a:01.0/0000:3b:00.0 3D controller: x", PATH, 2},
	{"0000:3a:01.0/3b:0.0 3D controller: x", PATH, 1},
	{"0000:3a:01.0/ 3D controller: x", PATH, 1},
	{"# x\n\ngpu0 3b:00.0\n", BAD, 3},
	{"0000:3a:01.0/3b:00.0: x", BAD, 1},
	{"3D controller: x", BAD, 1},
};
/* clang-format on */

static void
put(struct buf *b, const struct below *x, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		pci_put(b, x[i].port);
		buf_chr(b, '>');
		pci_put(b, x[i].gpu);
		buf_chr(b, ' ');
	}
}

static struct pci
pci(const char *s)
{
	struct pci p = {0};

	pci_parse(str_of(s), &p);
	return p;
}

int
main(void)
{
	struct topology t;
	struct buf b = {0}, many = {0};
	struct mem m = {0};
	const struct below *first;
	const char *why;
	uint64_t line;

	TEST("texts");
	for (size_t i = 0; i < NELEM(rows); i++) {
		line = 0;
		why = topology_parse(&t, str_of(rows[i].text), &m, &line);
		b.n = 0;
		if (why)
			buf_add(&b, str_of(why));
		else
			put(&b, t.by_port, t.n);
		CHECK_ROW(i, str_eq(buf_str(&b), str_of(rows[i].want)));
		CHECK_ROW(i, why ? line == rows[i].line : rows[i].line == 0);
	}
	TEST("ports above and GPUs below");
	CHECK(!topology_parse(&t, S("0000:40:01.0/41:00.0/43:00.0 3D controller: x\n0000:40:01.0/41:00.0/42:00.0 3D controller: y\n0000:40:02.0/44:00.0 3D controller: z"), &m, &line));
	CHECK(topology_of_port(&t, pci("0000:40:01.0"), &first) == 2 && pci_cmp(first[0].gpu, pci("0000:42:00.0")) == 0);
	CHECK(topology_of_port(&t, pci("0000:41:00.0"), &first) == 2 && pci_cmp(first[1].gpu, pci("0000:43:00.0")) == 0);
	CHECK(topology_of_port(&t, pci("0000:40:02.0"), &first) == 1);
	CHECK(topology_of_port(&t, pci("0000:40:03.0"), &first) == 0);
	CHECK(topology_of_port(&t, pci("0001:40:01.0"), &first) == 0);
	CHECK(topology_of_gpu(&t, pci("0000:43:00.0"), &first) == 2 && pci_cmp(first[0].port, pci("0000:40:01.0")) == 0);
	CHECK(topology_of_gpu(&t, pci("0000:44:00.0"), &first) == 1);
	CHECK(topology_of_gpu(&t, pci("0000:40:01.0"), &first) == 0);
	TEST("an empty topology");
	t = (struct topology){0};
	CHECK(topology_of_port(&t, pci("0000:40:01.0"), &first) == 0 && topology_of_gpu(&t, pci("0000:40:01.0"), &first) == 0);
	TEST("maximal depth, and one more");
	for (int deep = 32; deep <= 33; deep++) {
		b.n = 0;
		buf_add(&b, S("0000:00:01.0"));
		for (int i = 1; i <= deep; i++) {
			buf_chr(&b, '/');
			buf_hex(&b, (uint64_t)i, 2);
			buf_add(&b, S(":00.0"));
		}
		why = topology_parse(&t, buf_str(&b), &m, &line);
		CHECK(deep == 32 ? !why && t.n == 32 : why && str_eq(str_of(why), S("a path of more than 32 ports")));
	}
	TEST("maximal number, and one more");
	for (int i = 0; i < 65; i++) {
		buf_add(&many, S("0000:00:01.0/"));
		buf_hex(&many, (uint64_t)i + 1, 2);
		buf_add(&many, S(":00.0 3D controller: x\n"));
		if (i >= 63) {
			why = topology_parse(&t, buf_str(&many), &m, &line);
			CHECK(i == 63 ? !why && t.n == 64 : why && str_eq(str_of(why), S("more than 64 GPUs below one port")));
		}
	}
	mem_free(&m);
	buf_free(&b);
	buf_free(&many);
	return test_done();
}
