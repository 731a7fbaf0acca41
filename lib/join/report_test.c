#include "join/report.h"
#include "join/settle.h"

#include "base/test.h"
#include "input/text/text.h"

#define P "pcieport 0000:3a:01.0: "
#define G "nvidia 0000:3b:00.0: "
#define ANN P "AER: Correctable error message received from 0000:3b:00.0"
#define MANY P "AER: Multiple Correctable error message received from 0000:3b:00.0"
#define HEAD G "PCIe Bus Error: severity=Correctable, type=Data Link Layer, (Receiver ID)"
#define PHYS G "PCIe Bus Error: severity=Correctable, type=Physical Layer, (Receiver ID)"
#define FATAL G "PCIe Bus Error: severity=Uncorrectable (Fatal), type=Data Link Layer, (Receiver ID)"
#define STAT(bits) G "  device [10de:2330] error status/mask=" bits "/0000e000"
#define T0 INT64_C(1772600767000000000)

struct line {
	int64_t us;
	const char *text;
};

/* clang-format off */
static const struct {
	const char *name;
	struct line in[10];
	const char *out; /* "microseconds device severity layer bits [<port]|" each */
} rows[] = {
	{"nothing", {{0}}, ""},
	{"the three lines of a report", {{0, ANN}, {9, HEAD}, {12, STAT("00000040")}}, "9 0000:3b:00.0 1 2 40 <0000:3a:01.0|"},
	{"each alone", {{0, ANN}}, "0 0000:3b:00.0 1 0 0 <0000:3a:01.0|"},
	{"only the head", {{0, HEAD}}, "0 0000:3b:00.0 1 2 0|"},
	{"only the status, of either class", {{0, STAT("00000040")}}, "0 0000:3b:00.0 1 0 40|"},
	{"bits of uncorrectable errors only", {{0, STAT("00000020")}}, "0 0000:3b:00.0 3 0 20|"},
	{"all at the same time", {{0, STAT("00000040")}, {0, HEAD}, {0, ANN}}, "0 0000:3b:00.0 1 2 40 <0000:3a:01.0|"},
	{"a second apart", {{0, ANN}, {1000000, HEAD}}, "1000000 0000:3b:00.0 1 2 0 <0000:3a:01.0|"},
	{"more than a second apart", {{0, ANN}, {1000001, HEAD}}, "0 0000:3b:00.0 1 0 0 <0000:3a:01.0|1000001 0000:3b:00.0 1 2 0|"},
	{"two reports", {{0, ANN}, {9, HEAD}, {12, STAT("00000040")}, {500, ANN}, {509, HEAD}, {512, STAT("00000080")}},
		"9 0000:3b:00.0 1 2 40 <0000:3a:01.0|509 0000:3b:00.0 1 2 80 <0000:3a:01.0|"},
	{"two announcements, one with details", {{0, ANN}, {500, ANN}, {509, HEAD}},
		"0 0000:3b:00.0 1 0 0 <0000:3a:01.0|509 0000:3b:00.0 1 2 0 <0000:3a:01.0|"},
	{"severities do not mix", {{0, ANN}, {9, FATAL}, {12, STAT("00000010")}},
		"0 0000:3b:00.0 1 0 0 <0000:3a:01.0|9 0000:3b:00.0 4 2 10|"},
	{"a status is added to the report with matching bits", {{0, HEAD}, {0, FATAL}, {1, STAT("00000020")}, {1, STAT("00000080")}},
		"0 0000:3b:00.0 1 2 80|0 0000:3b:00.0 4 2 20|"},
	{"several and one in the same second", {{0, MANY}, {0, ANN}, {0, HEAD}, {0, PHYS}, {0, STAT("00000001")}, {0, STAT("00000040")}},
		"0 0000:3b:00.0 1 1 1 <0000:3a:01.0|0 0000:3b:00.0 1 2 40 <0000:3a:01.0|"},
	{"masked bits are used only if there are no others", {{0, HEAD}, {1, STAT("00006040")}, {900, HEAD}, {901, STAT("00006000")}},
		"0 0000:3b:00.0 1 2 40|900 0000:3b:00.0 1 2 6000|"},
	{"another device is another report", {{0, ANN}, {1, P "PCIe Bus Error: severity=Correctable, type=Data Link Layer, (Transmitter ID)"}, {2, HEAD}},
		"1 0000:3a:01.0 1 2 0|2 0000:3b:00.0 1 2 0 <0000:3a:01.0|"},
	{"containment and the block after it", {{0, P "DPC: containment event, status:0x1f01 source:0x0000"},
		{9, P "PCIe Bus Error: severity=Uncorrected (Non-Fatal), type=Transaction Layer, (Receiver ID)"},
		{10, P "  device [8086:347a] error status/mask=00000020/00100000"}}, "9 0000:3a:01.0 3 3 20|"},
	{"containment without further lines is fatal", {{0, P "DPC: containment event, status:0x1f01 source:0x0000"}}, "0 0000:3a:01.0 4 0 0|"},
	{"containment does not belong to earlier corrected errors", {{0, P "PCIe Bus Error: severity=Corrected, type=Physical Layer, (Receiver ID)"},
		{100, P "DPC: containment event, status:0x1f01 source:0x0000"}}, "0 0000:3a:01.0 1 1 0|100 0000:3a:01.0 4 0 0|"},
	{"firmware's frame and the kernel's lines", {{0, "{3}[Hardware Error]: event severity: recoverable"}, {2, "{3}[Hardware Error]:   device_id: 0000:3b:00.0"},
		{40, G "aer_status: 0x00004000, aer_mask: 0x00000000"}, {41, G "aer_layer=Transaction Layer, aer_agent=Requester ID"}},
		"40 0000:3b:00.0 3 3 4000|"},
	{"some bits are fatal", {{40, G "aer_status: 0x00004010, aer_mask: 0x00004000"}, {41, G "aer_uncor_severity: 0x00000010"}}, "40 0000:3b:00.0 4 0 10|"},
	{"some bits are not fatal", {{40, G "aer_status: 0x00004010, aer_mask: 0x00000010"}, {41, G "aer_uncor_severity: 0x00000010"}}, "40 0000:3b:00.0 3 0 4000|"},
	{"a frame with another number", {{0, "{3}[Hardware Error]: event severity: fatal"}, {2, "{4}[Hardware Error]:   device_id: 0000:3b:00.0"}},
		"2 0000:3b:00.0 1 0 0|"},
	{"a frame at another time", {{0, "{3}[Hardware Error]: event severity: fatal"}, {1000001, "{3}[Hardware Error]:   device_id: 0000:3b:00.0"}},
		"1000001 0000:3b:00.0 1 0 0|"},
	{"firmware's status", {{0, "{3}[Hardware Error]: event severity: fatal"}, {2, "{3}[Hardware Error]:   device_id: 0000:3b:00.0"},
		{3, "{3}[Hardware Error]:   aer_uncor_status: 0x00000010, aer_uncor_mask: 0x00000000"}}, "2 0000:3b:00.0 4 0 10|"},
	{"of two firmware lines the first one", {{0, "{3}[Hardware Error]: event severity: fatal"}, {2, "{3}[Hardware Error]:   device_id: 0000:3b:00.0"},
		{3, "{3}[Hardware Error]:   aer_uncor_status: 0x00000010, aer_uncor_mask: 0x00000000"},
		{4, "{3}[Hardware Error]:   aer_uncor_status: 0x00004000, aer_uncor_mask: 0x00000000"}}, "2 0000:3b:00.0 4 0 10|"},
	{"details without a report", {{0, G "aer_layer=Transaction Layer, aer_agent=Requester ID"}, {1, G "aer_uncor_severity: 0x00000010"}}, ""},
	{"the tracepoint repeats the report", {{0, ANN}, {9, HEAD}, {12, STAT("00000040")}, {13, "aer_event: 0000:3b:00.0 PCIe Bus Error: severity=Corrected, Bad TLP, TLP Header=Not available"}},
		"9 0000:3b:00.0 1 2 40 <0000:3a:01.0|"},
	{"or alone", {{13, "aer_event: 0000:3b:00.0 PCIe Bus Error: severity=Corrected, Bad TLP, TLP Header=Not available"}}, "13 0000:3b:00.0 1 0 40|"},
};
/* clang-format on */

static void
put(struct buf *b, const struct reports *rs)
{
	for (size_t i = 0; i < rs->n; i++) {
		const struct report *r = &rs->r[i];

		buf_i64(b, (r->t - T0) / 1000);
		buf_chr(b, ' ');
		pci_put(b, r->dev);
		buf_chr(b, ' ');
		buf_u64(b, r->severity);
		buf_chr(b, ' ');
		buf_u64(b, r->layer);
		buf_chr(b, ' ');
		buf_hex(b, r->bits, 1);
		if (r->port.known) {
			buf_add(b, S(" <"));
			pci_put(b, r->port);
		}
		buf_chr(b, '|');
	}
}

/* The reports of a row's lines when they arrive in another order, some twice. */
static void
run(struct buf *b, const struct line *in, size_t n, size_t turn, bool back)
{
	struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
	struct mem m = {0};
	struct reports rs;

	for (size_t i = 0; i < n + turn; i++) {
		const struct line *l = &in[(back ? n + turn - i : i + turn) % n];
		const struct origin o = {.t = T0 + l->us * 1000, .node = S("n7")};

		text_read(&ev, str_of(l->text), &o);
	}
	events_sort(&ev);
	settle(&ev, (struct str){0}, &m);
	rs = reports_tie(&ev, &ev.scratch, &m);
	b->n = 0;
	put(b, &rs);
	mem_free(&m);
	events_free(&ev);
}

int
main(void)
{
	struct buf b = {0};

	for (size_t i = 0; i < NELEM(rows); i++) {
		size_t n = 0;

		TEST(rows[i].name);
		while (n < NELEM(rows[i].in) && rows[i].in[n].text)
			n++;
		for (size_t turn = 0; turn <= n; turn++)
			for (int back = 0; back < 2; back++) {
				if (n)
					run(&b, rows[i].in, n, turn, back);
				CHECK_ROW(i, str_eq(buf_str(&b), str_of(rows[i].out)));
			}
		if (!str_eq(buf_str(&b), str_of(rows[i].out)))
			printf("# %.*s\n", (int)b.n, b.p ? b.p : "");
	}
	buf_free(&b);
	return test_done();
}
