#include "event/identity.h"

#include "base/test.h"

/* clang-format off */

/* Whole addresses and their canonical form; "no string": invalid. */
static const struct {
	struct str text, canon;
} pci[] = {
	/* NVRM's Xid, SXid, lspci, sysfs, nvidia-smi, DCGM, journald */
	{STR_INIT("PCI:0000:3b:00"), STR_INIT("0000:3b:00.0")},
	{STR_INIT("PCI:0000:3b:00.0"), STR_INIT("0000:3b:00.0")},
	{STR_INIT("0000:3b:00"), STR_INIT("0000:3b:00.0")},
	{STR_INIT("0000:3b:00.0"), STR_INIT("0000:3b:00.0")},
	{STR_INIT("00000000:3B:00.0"), STR_INIT("0000:3b:00.0")},
	{STR_INIT("00000000:3B:00"), STR_INIT("0000:3b:00.0")},
	{STR_INIT("3b:00.0"), STR_INIT("0000:3b:00.0")},
	{STR_INIT("+pci:0000:3b:00.0"), STR_INIT("0000:3b:00.0")},
	{STR_INIT("PCI:3b:00"), STR_INIT("0000:3b:00.0")},
	{STR_INIT("PCI:3b:00.1"), STR_INIT("0000:3b:00.1")},
	{STR_INIT("pci:0000:3b:00.0"), STR_INIT("0000:3b:00.0")},
	/* every part at its limits, and impossible devices */
	{STR_INIT("0000:00:00.0"), STR_INIT("0000:00:00.0")},
	{STR_INIT("0000:ff:1f.7"), STR_INIT("0000:ff:1f.7")},
	{STR_INIT("ffff:01:00.0"), STR_INIT("ffff:01:00.0")},
	{STR_INIT("FFFFFFFF:01:00.0"), STR_INIT("ffffffff:01:00.0")},
	{STR_INIT("0000:00:20.0"), STR_INIT("0000:00:20.0")},
	{STR_INIT("0001:ab:cd"), STR_INIT("0001:ab:cd.0")},
	{STR_INIT("0000:3b:00.1"), STR_INIT("0000:3b:00.1")},
	{STR_INIT("0000:00:1e.0"), STR_INIT("0000:00:1e.0")},
	{STR_INIT("0000:10:1c.0"), STR_INIT("0000:10:1c.0")},
	/* domains: a superchip's, and those above ffff with 8 digits */
	{STR_INIT("0009:01:00"), STR_INIT("0009:01:00.0")},
	{STR_INIT("0018:01:00"), STR_INIT("0018:01:00.0")},
	{STR_INIT("10000:e0:06.0"), STR_INIT("00010000:e0:06.0")},
	{STR_INIT("00010000:E0:06.0"), STR_INIT("00010000:e0:06.0")},
	{STR_INIT("10003:00:00.0"), STR_INIT("00010003:00:00.0")},
	/* not addresses */
	{STR_INIT(""), {NULL, 0}},
	{STR_INIT("PCI:"), {NULL, 0}},
	{STR_INIT("invalid"), {NULL, 0}},
	{STR_INIT("3b"), {NULL, 0}},
	{STR_INIT("3b:00"), {NULL, 0}},
	{STR_INIT("12:30"), {NULL, 0}},
	{STR_INIT("0000:3b:"), {NULL, 0}},
	{STR_INIT("0000::00.0"), {NULL, 0}},
	{STR_INIT(":3b:00.0"), {NULL, 0}},
	{STR_INIT("0000:3b:00.8"), {NULL, 0}},
	{STR_INIT("0000:3b:00.a"), {NULL, 0}},
	{STR_INIT("0000:3b:100.0"), {NULL, 0}},
	{STR_INIT("0000:100:00.0"), {NULL, 0}},
	{STR_INIT("100000000:3b:00.0"), {NULL, 0}},
	{STR_INIT("0000:3b:00."), {NULL, 0}},
	{STR_INIT("0000:3b:00.00"), {NULL, 0}},
	{STR_INIT("0000:3b:00.0:0"), {NULL, 0}},
	{STR_INIT("0000:3b:00.0x"), {NULL, 0}},
	{STR_INIT("0000:3b:00 GPU-I:05"), {NULL, 0}},
	{STR_INIT("0000-3b-00.0"), {NULL, 0}},
	{STR_INIT("0000:3g:00.0"), {NULL, 0}},
	{STR_INIT("0000:3b:00.0\0"), {NULL, 0}},
	{STR_INIT("GPU-3b000000-0000-0000-0000-000000000000"), {NULL, 0}},
	{STR_INIT("0"), {NULL, 0}},
};

/* An address at the start, and the remainder. */
static const struct {
	struct str text, canon, rest;
} eaten[] = {
	{STR_INIT("PCI:0000:3b:00): 79"), STR_INIT("0000:3b:00.0"), STR_INIT("): 79")},
	{STR_INIT("PCI:0000:3b:00 GPU-I:05): 79"), STR_INIT("0000:3b:00.0"), STR_INIT(" GPU-I:05): 79")},
	{STR_INIT("0000:18:00.0: GPU has"), STR_INIT("0000:18:00.0"), STR_INIT(": GPU has")},
	{STR_INIT("0000:18:00: GPU-1"), STR_INIT("0000:18:00.0"), STR_INIT(": GPU-1")},
	{STR_INIT("3b:00.0 VGA"), STR_INIT("0000:3b:00.0"), STR_INIT(" VGA")},
	{STR_INIT("0000:3b:00"), STR_INIT("0000:3b:00.0"), STR_INIT("")},
	{STR_INIT(" 0000:3b:00.0"), {NULL, 0}, STR_INIT(" 0000:3b:00.0")},
	{STR_INIT("(PCI:0000:3b:00)"), {NULL, 0}, STR_INIT("(PCI:0000:3b:00)")},
	{STR_INIT("PCI:invalid"), {NULL, 0}, STR_INIT("PCI:invalid")},
	{STR_INIT(""), {NULL, 0}, STR_INIT("")},
};

/* In ascending order, all different. */
static const struct pci ordered[] = {
	{0},
	{.known = 1},
	{.known = 1, .fn = 1},
	{.known = 1, .dev = 1},
	{.known = 1, .dev = 1, .fn = 7},
	{.known = 1, .dev = 31, .fn = 7},
	{.known = 1, .bus = 1},
	{.known = 1, .bus = 255, .dev = 31},
	{.known = 1, .domain = 1},
	{.known = 1, .domain = 0xffff, .bus = 2},
	{.known = 1, .domain = 0x10000},
	{.known = 1, .domain = 0xffffffff},
};

static const struct {
	struct str text;
	size_t n;
} uuids[] = {
	{STR_INIT("GPU-0a1b2c3d-0000-1111-2222-333344445555"), 40},
	{STR_INIT("GPU-0a1b2c3d-0000-1111-2222-333344445555, success: true"), 40},
	{STR_INIT("GPU-0A1B2C3D-0000-1111-2222-333344445555\n"), 40},
	{STR_INIT("MIG-0a1b2c3d-0000-1111-2222-333344445555"), 40},
	{STR_INIT("GPU-7"), 5},
	{STR_INIT("GPU-"), 0},
	{STR_INIT("GPU-xyz"), 0},
	{STR_INIT("GPU"), 0},
	{STR_INIT("gpu-7"), 0},
	{STR_INIT(" GPU-7"), 0},
	{STR_INIT("0a1b2c3d-0000-1111-2222-333344445555"), 0},
	{STR_INIT(""), 0},
};

static const struct {
	struct str text, serial;
} serials[] = {
	{STR_INIT("1653723052734"), STR_INIT("1653723052734")},
	{STR_INIT("12:34"), STR_INIT("")}, {STR_INIT("12/34"), STR_INIT("")}, {STR_INIT("0"), STR_INIT("")}, {STR_INIT("09"), STR_INIT("09")}, {STR_INIT("a-1Z"), STR_INIT("a-1Z")},
	{STR_INIT("1@"), STR_INIT("")}, {STR_INIT("1["), STR_INIT("")}, {STR_INIT("1`"), STR_INIT("")}, {STR_INIT("1{"), STR_INIT("")}, {STR_INIT("1a"), STR_INIT("1a")}, {STR_INIT("-"), STR_INIT("")},
	{STR_INIT(" 1653723052734. "), STR_INIT("1653723052734")},
	{STR_INIT("17946256XXXXX"), STR_INIT("17946256XXXXX")},
	{STR_INIT("MT2147X-1"), STR_INIT("MT2147X-1")},
	{STR_INIT("0000000000000"), {NULL, 0}},
	{STR_INIT("0"), {NULL, 0}},
	{STR_INIT(""), {NULL, 0}},
	{STR_INIT("."), {NULL, 0}},
	{STR_INIT("N/A"), {NULL, 0}},
	{STR_INIT("[N/A]"), {NULL, 0}},
	{STR_INIT("Unknown"), {NULL, 0}},
	{STR_INIT("<<<NULL>>>"), {NULL, 0}},
	{STR_INIT("123 456"), {NULL, 0}},
	{STR_INIT("1234567890123456789012345678901234567890123456789012345678901234"),
		STR_INIT("1234567890123456789012345678901234567890123456789012345678901234")},
	{STR_INIT("12345678901234567890123456789012345678901234567890123456789012345"), {NULL, 0}},
};

static const struct {
	struct str name, canon;
} canon[] = {
	{STR_INIT("gpu-7"), STR_INIT("gpu-7")},
	{STR_INIT("GPU-7.Cluster.LOCAL"), STR_INIT("gpu-7.cluster.local")},
	{STR_INIT("AZ[\\]^_`az{"), STR_INIT("az[\\]^_`az{")},
	{STR_INIT("  gpu-7\t\r\n"), STR_INIT("gpu-7")},
	{STR_INIT("\xc3\x84"), STR_INIT("\xc3\x84")},
	{STR_INIT("10.0.0.7"), STR_INIT("10.0.0.7")},
	{STR_INIT(" "), STR_INIT("")},
	{STR_INIT(""), STR_INIT("")},
};

static const struct {
	struct str name, label;
} labels[] = {
	{STR_INIT("gpu-7"), STR_INIT("gpu-7")},
	{STR_INIT("gpu-7.cluster.local"), STR_INIT("gpu-7")},
	{STR_INIT("10.0.0.7"), STR_INIT("10.0.0.7")},
	{STR_INIT("10.0.0.7.example"), STR_INIT("10")},
	{STR_INIT("7.cluster.local"), STR_INIT("7")},
	{STR_INIT("ip-10-0-0-7.ec2.internal"), STR_INIT("ip-10-0-0-7")},
	{STR_INIT(""), STR_INIT("")},
};

static const struct {
	struct str a, b;
	bool same;
} nodes[] = {
	{STR_INIT("gpu-7"), STR_INIT("gpu-7"), true},
	{STR_INIT("gpu-7"), STR_INIT("gpu-7.cluster.local"), true},
	{STR_INIT("gpu-7.cluster.local"), STR_INIT("gpu-7.cluster.local"), true},
	{STR_INIT("gpu-7.cluster.local"), STR_INIT("gpu-7.other.local"), false},
	{STR_INIT("gpu-7.cluster"), STR_INIT("gpu-7.cluster.local"), false},
	{STR_INIT("gpu-7"), STR_INIT("gpu-77"), false},
	{STR_INIT("gpu-7"), STR_INIT("gpu-77.cluster.local"), false},
	{STR_INIT("gpu-7"), STR_INIT("x.gpu-7"), false},
	{STR_INIT("10.0.0.7"), STR_INIT("10.0.0.7"), true},
	{STR_INIT("10"), STR_INIT("10.0.0.7"), false},
	{STR_INIT("10.0.0.7"), STR_INIT("10.0.0.8"), false},
	{STR_INIT("10"), STR_INIT("10.cluster.local"), true},
	/* no name equals no name, and no other */
	{STR_INIT(""), STR_INIT(""), true},
	{STR_INIT(""), STR_INIT("gpu-7"), false},
	{STR_INIT(""), STR_INIT(".cluster.local"), false},
};
/* clang-format on */

static int
sign(int d)
{
	return (d > 0) - (d < 0);
}

static const struct {
	struct str name;
	bool made;
} made[] = {
	{STR_INIT("dcgm-exporter-x2x4z"), true}, {STR_INIT("a-bcdfg"), true}, {STR_INIT("-zzzzz"), true},
	{STR_INIT("dcgm-exporter-x2x4a"), false}, {STR_INIT("gpu-node1"), false}, {STR_INIT("dcgm_x2x4z"), false},
	{STR_INIT("x2x4z"), false}, {STR_INIT("dcgm-exporter-2x4z"), false}, {STR_INIT("dcgm-exporter-0"), false},
	{STR_INIT("0123456789ab"), true}, {STR_INIT("0123456789a"), false}, {STR_INIT("0123456789abc"), false},
	{STR_INIT("0123456789ag"), false}, {STR_INIT("gpu-7"), false}, {STR_INIT(""), false},
};

int
main(void)
{
	struct buf b = {0};

	TEST("addresses in every spelling, the whole string");
	for (size_t i = 0; i < NELEM(pci); i++) {
		struct pci p = {0};

		CHECK_ROW(i, pci_parse(pci[i].text, &p) == (pci[i].canon.p != NULL));
		CHECK_ROW(i, p.known == (pci[i].canon.p != NULL));
		b.n = 0;
		pci_put(&b, p);
		CHECK_ROW(i, str_eq(buf_str(&b), pci[i].canon));
	}

	TEST("the parts of an address");
	{
		struct pci p = {0};

		CHECK(pci_parse(S("PCI:000d:a1:1f.7"), &p));
		CHECK(p.domain == 13 && p.bus == 161 && p.dev == 31 && p.fn == 7 && p.known == 1);
	}

	TEST("an address at the start of a string");
	for (size_t i = 0; i < NELEM(eaten); i++) {
		struct str s = eaten[i].text;
		struct pci p = {0};

		CHECK_ROW(i, pci_eat(&s, &p) == (eaten[i].canon.p != NULL));
		CHECK_ROW(i, str_eq(s, eaten[i].rest));
		b.n = 0;
		pci_put(&b, p);
		CHECK_ROW(i, str_eq(buf_str(&b), eaten[i].canon));
	}

	TEST("printed addresses can be parsed");
	for (size_t i = 1; i < NELEM(ordered); i++) {
		struct pci p = {0};

		b.n = 0;
		pci_put(&b, ordered[i]);
		CHECK_ROW(i, pci_parse(buf_str(&b), &p) && pci_cmp(p, ordered[i]) == 0);
	}

	TEST("order of addresses");
	for (size_t i = 0; i < NELEM(ordered); i++)
		for (size_t k = 0; k < NELEM(ordered); k++)
			CHECK_ROW(i, sign(pci_cmp(ordered[i], ordered[k])) == sign((int)i - (int)k));

	TEST("UUIDs");
	for (size_t i = 0; i < NELEM(uuids); i++)
		CHECK_ROW(i, uuid_len(uuids[i].text) == uuids[i].n);

	TEST("serial numbers");
	for (size_t i = 0; i < NELEM(serials); i++)
		CHECK_ROW(i, str_eq(serial_of(serials[i].text), serials[i].serial));

	TEST("canonical node names");
	for (size_t i = 0; i < NELEM(canon); i++) {
		char q[64];

		CHECK_ROW(i, str_eq(node_canon(canon[i].name, q), canon[i].canon));
	}

	TEST("names made up for pods and containers");
	for (size_t i = 0; i < NELEM(made); i++)
		CHECK_ROW(i, node_is_made(made[i].name) == made[i].made);

	TEST("labels");
	for (size_t i = 0; i < NELEM(labels); i++)
		CHECK_ROW(i, str_eq(node_label(labels[i].name), labels[i].label));

	TEST("one node or two, both ways");
	for (size_t i = 0; i < NELEM(made); i++)
		CHECK_ROW(i, node_is_made(made[i].name) == made[i].made);
	for (size_t i = 0; i < NELEM(nodes); i++) {
		CHECK_ROW(i, node_same(nodes[i].a, nodes[i].b) == nodes[i].same);
		CHECK_ROW(i, node_same(nodes[i].b, nodes[i].a) == nodes[i].same);
		/* names of one node have the same label */
		if (nodes[i].same)
			CHECK_ROW(i, str_eq(node_label(nodes[i].a), node_label(nodes[i].b)));
	}

	buf_free(&b);
	return test_done();
}
