#include "join/report.h"
#include "join/settle.h"

#include "base/num.h"
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

/* ---- what else a report has ---- */

#define N3 "{3}[Hardware Error]:   "
#define DEV3 N3 "device_id: 0000:3b:00.0"
#define SEV3(word) "{3}[Hardware Error]: event severity: " word
#define COR3(bits) N3 "aer_cor_status: " bits ", aer_cor_mask: 0x00000000"
#define UNC3(bits) N3 "aer_uncor_status: " bits ", aer_uncor_mask: 0x00000000"
#define TRACE "aer_event: 0000:3b:00.0 PCIe Bus Error: severity=Corrected, Bad TLP, TLP Header=Not available"
#define DPC P "DPC: containment event, status:0x1f01 source:0x0000"
#define LAYER G "aer_layer=Transaction Layer, aer_agent=Requester ID"
#define UNCOR(bits) "aer_uncor_severity: " bits
#define SUP(n) "aer_ratelimit: " n " callbacks suppressed"

/* A line; its number in the row, from 1, is its uid. */
struct told {
	int64_t us;
	const char *text, *node, *boot;
};

/* clang-format off */
static const struct {
	const char *name;
	struct told in[20];
	/* "node microseconds device severity layer bits uid vVENDOR dDRIVER [<port] [boot] [other] [limited] [+suppressed]|" each */
	const char *out;
} rows_told[] = {
	{"the head names the report", {{0, ANN, "n", ""}, {9, HEAD, "n", ""}, {12, STAT("00000040"), "n", ""}},
		"n 9 0000:3b:00.0 1 2 40 2 v10de d2 <0000:3a:01.0|"},
	{"the status word rather than the tracepoint's copy", {{0, STAT("00000040"), "n", ""}, {5, TRACE, "n", ""}}, "n 0 0000:3b:00.0 1 0 40 1 v10de d2|"},
	{"though that was first", {{0, TRACE, "n", ""}, {5, STAT("00000041"), "n", ""}}, "n 5 0000:3b:00.0 1 0 41 2 v10de d2|"},
	{"whose bits do not replace the word's", {{0, STAT("00000041"), "n", ""}, {5, TRACE, "n", ""}}, "n 0 0000:3b:00.0 1 0 41 1 v10de d2|"},
	{"the tracepoint's copy rather than the announcement", {{0, ANN, "n", ""}, {5, TRACE, "n", ""}}, "n 5 0000:3b:00.0 1 0 40 2 v0 d0 <0000:3a:01.0|"},
	{"or the containment", {{0, DPC, "n", ""},
		{5, "aer_event: 0000:3a:01.0 PCIe Bus Error: severity=Uncorrected, non-fatal, Completion Timeout, TLP Header=Not available", "n", ""}},
		"n 5 0000:3a:01.0 3 0 4000 2 v0 d1|"},
	{"the tracepoint's fatal error is the containment's", {{0, DPC, "n", ""},
		{5, "aer_event: 0000:3a:01.0 PCIe Bus Error: severity=Fatal, Completion Timeout, TLP Header=Not available", "n", ""}},
		"n 5 0000:3a:01.0 4 0 4000 2 v0 d1|"},
	{"its corrected error is not", {{0, DPC, "n", ""},
		{5, "aer_event: 0000:3a:01.0 PCIe Bus Error: severity=Corrected, Bad TLP, TLP Header=Not available", "n", ""}},
		"n 0 0000:3a:01.0 4 0 0 1 v0 d1|n 5 0000:3a:01.0 1 0 40 2 v0 d0|"},
	{"fatal bits without a status word say nothing", {{0, DPC, "n", ""}, {1, P UNCOR("0x00000010"), "n", ""}}, "n 0 0000:3a:01.0 4 0 0 1 v0 d1|"},
	{"contained, but none of its bits is fatal",
		{{0, DPC, "n", ""}, {1, P "aer_status: 0x00004010, aer_mask: 0x00000000", "n", ""}, {2, P UNCOR("0x00000020"), "n", ""}},
		"n 1 0000:3a:01.0 3 0 4010 2 v0 d1|"},
	{"the severity that a line names is not that of its bits",
		{{0, FATAL, "n", ""}, {1, STAT("00000010"), "n", ""}, {2, G UNCOR("0x00000020"), "n", ""}}, "n 0 0000:3b:00.0 4 2 10 1 v10de d2|"},
	{"not even if it is corrected", {{0, HEAD, "n", ""}, {1, STAT("00000040"), "n", ""}, {2, G UNCOR("0x00000040"), "n", ""}},
		"n 0 0000:3b:00.0 1 2 40 1 v10de d2|"},
	{"a layer without a status word says nothing", {{0, ANN, "n", ""}, {1, LAYER, "n", ""}}, "n 0 0000:3b:00.0 1 0 0 1 v0 d0 <0000:3a:01.0|"},
	{"the first layer stays", {{0, STAT("00000040"), "n", ""}, {1, LAYER, "n", ""}, {2, HEAD, "n", ""}}, "n 2 0000:3b:00.0 1 3 40 3 v10de d2|"},
	{"the boot, from any line", {{0, ANN, "n", "b1"}, {9, HEAD, "n", ""}}, "n 9 0000:3b:00.0 1 2 0 2 v0 d2 <0000:3a:01.0 b1|"},
	{"the driver, from any line", {{0, HEAD, "n", ""}, {1, "0000:3b:00.0: device [10de:2330] error status/mask=00000040/0000e000", "n", ""}},
		"n 0 0000:3b:00.0 1 2 40 1 v10de d2|"},
	{"one device on two nodes is two", {{0, ANN, "n", ""}, {1, HEAD, "m", ""}}, "n 0 0000:3b:00.0 1 0 0 1 v0 d0 <0000:3a:01.0|m 1 0000:3b:00.0 1 2 0 2 v0 d2|"},

	{"the same status in other words, at the head's time", {{0, HEAD, "n", ""}, {0, STAT("00000040"), "n", ""}, {0, G "aer_status: 0x00000040, aer_mask: 0x0000e000", "n", ""}},
		"n 0 0000:3b:00.0 1 2 40 1 v10de d2|"},
	{"with another mask it is another", {{0, HEAD, "n", ""}, {0, STAT("00000040"), "n", ""}, {0, G "aer_status: 0x00000040, aer_mask: 0x00000000", "n", ""}},
		"n 0 0000:3b:00.0 1 0 40 2 v10de d2|n 0 0000:3b:00.0 1 2 40 1 v0 d2|"},
	{"with other bits, too", {{0, HEAD, "n", ""}, {0, STAT("00000040"), "n", ""}, {0, STAT("00000080"), "n", ""}},
		"n 0 0000:3b:00.0 1 2 40 1 v10de d2|n 0 0000:3b:00.0 1 0 80 3 v10de d2|"},
	{"and later than the head", {{0, HEAD, "n", ""}, {5, STAT("00000040"), "n", ""}, {5, G "aer_status: 0x00000040, aer_mask: 0x0000e000", "n", ""}},
		"n 0 0000:3b:00.0 1 2 40 1 v0 d2|n 5 0000:3b:00.0 1 0 40 2 v10de d2|"},
	{"the same head in other words", {{0, HEAD, "n", ""}, {0, "0000:3b:00.0: PCIe Bus Error: severity=Corrected, type=Data Link Layer, (Receiver ID)", "n", ""}},
		"n 0 0000:3b:00.0 1 2 0 2 v0 d2|"},
	{"a head at another time is another", {{0, HEAD, "n", ""}, {1, HEAD, "n", ""}}, "n 0 0000:3b:00.0 1 2 0 1 v0 d2|n 1 0000:3b:00.0 1 2 0 2 v0 d2|"},
	{"a second announcement, too", {{0, ANN, "n", ""}, {0, MANY, "n", ""}}, "n 0 0000:3b:00.0 1 0 0 1 v0 d0 <0000:3a:01.0|n 0 0000:3b:00.0 1 0 0 2 v0 d0 <0000:3a:01.0|"},

	{"of nine open reports the oldest gets no more lines",
		{{1, ANN, "n", ""}, {2, ANN, "n", ""}, {3, ANN, "n", ""}, {4, ANN, "n", ""}, {5, ANN, "n", ""}, {6, ANN, "n", ""}, {7, ANN, "n", ""}, {8, ANN, "n", ""},
			{9, ANN, "n", ""}, {11, HEAD, "n", ""}, {12, HEAD, "n", ""}, {13, HEAD, "n", ""}, {14, HEAD, "n", ""}, {15, HEAD, "n", ""},
			{16, HEAD, "n", ""}, {17, HEAD, "n", ""}, {18, HEAD, "n", ""}, {19, HEAD, "n", ""}},
		"n 1 0000:3b:00.0 1 0 0 1 v0 d0 <0000:3a:01.0|n 11 0000:3b:00.0 1 2 0 10 v0 d2 <0000:3a:01.0|n 12 0000:3b:00.0 1 2 0 11 v0 d2 <0000:3a:01.0|"
		"n 13 0000:3b:00.0 1 2 0 12 v0 d2 <0000:3a:01.0|n 14 0000:3b:00.0 1 2 0 13 v0 d2 <0000:3a:01.0|n 15 0000:3b:00.0 1 2 0 14 v0 d2 <0000:3a:01.0|"
		"n 16 0000:3b:00.0 1 2 0 15 v0 d2 <0000:3a:01.0|n 17 0000:3b:00.0 1 2 0 16 v0 d2 <0000:3a:01.0|n 18 0000:3b:00.0 1 2 0 17 v0 d2 <0000:3a:01.0|"
		"n 19 0000:3b:00.0 1 2 0 18 v0 d2|"},

	{"in order of time, not of their first lines", {{0, ANN, "n", ""}, {5, ANN, "n", ""}, {9, HEAD, "n", ""}, {12, PHYS, "n", ""}},
		"n 9 0000:3b:00.0 1 2 0 3 v0 d2 <0000:3a:01.0|n 12 0000:3b:00.0 1 1 0 4 v0 d2 <0000:3a:01.0|"},
	{"then of severity", {{0, P "AER: Uncorrectable (Fatal) error message received from 0000:3b:00.0", "n", ""}, {1, ANN, "n", ""}, {9, HEAD, "n", ""}, {9, FATAL, "n", ""}},
		"n 9 0000:3b:00.0 1 2 0 3 v0 d2 <0000:3a:01.0|n 9 0000:3b:00.0 4 2 0 4 v0 d2 <0000:3a:01.0|"},
	{"then of bits", {{0, ANN, "n", ""}, {1, ANN, "n", ""}, {9, HEAD, "n", ""}, {9, PHYS, "n", ""}, {10, STAT("00000040"), "n", ""}, {10, STAT("00000080"), "n", ""}},
		"n 9 0000:3b:00.0 1 1 40 4 v10de d2 <0000:3a:01.0|n 9 0000:3b:00.0 1 2 80 3 v10de d2 <0000:3a:01.0|"},
	{"then of the port", {{0, "pcieport 0000:3a:02.0: AER: Correctable error message received from 0000:3b:00.0", "n", ""}, {1, ANN, "n", ""},
		{9, HEAD, "n", ""}, {9, PHYS, "n", ""}},
		"n 9 0000:3b:00.0 1 1 0 4 v0 d2 <0000:3a:01.0|n 9 0000:3b:00.0 1 2 0 3 v0 d2 <0000:3a:02.0|"},
	{"then of the text", {{0, ANN, "n", ""}, {1, ANN, "n", ""}, {9, HEAD, "n", ""}, {9, PHYS, "n", ""}},
		"n 9 0000:3b:00.0 1 2 0 3 v0 d2 <0000:3a:01.0|n 9 0000:3b:00.0 1 1 0 4 v0 d2 <0000:3a:01.0|"},

	{"according to firmware a display controller", {{0, N3 "vendor_id: 0x10de, device_id: 0x2330", "n", ""}, {0, N3 "class_code: 030200", "n", ""}, {2, DEV3, "n", ""}},
		"n 2 0000:3b:00.0 1 0 0 3 v10de d0|"},
	{"according to firmware another device", {{0, N3 "vendor_id: 0x10de, device_id: 0x2330", "n", ""}, {2, DEV3, "n", ""}}, "n 2 0000:3b:00.0 1 0 0 2 v10de d0 other|"},
	{"the class belongs to another number",
		{{0, N3 "vendor_id: 0x10de, device_id: 0x2330", "n", ""}, {0, "{4}[Hardware Error]:   class_code: 030200", "n", ""}, {2, DEV3, "n", ""}},
		"n 2 0000:3b:00.0 1 0 0 3 v10de d0 other|"},
	{"without the vendor nothing is known", {{0, N3 "class_code: 030200", "n", ""}, {2, DEV3, "n", ""}}, "n 2 0000:3b:00.0 1 0 0 2 v0 d0|"},
	{"each number its own frame", {{0, "{2}[Hardware Error]: event severity: recoverable", "n", ""}, {0, SEV3("fatal"), "n", ""}, {0, "{4}[Hardware Error]: event severity: corrected", "n", ""},
		{2, "{2}[Hardware Error]:   device_id: 0000:3c:00.0", "n", ""}, {2, DEV3, "n", ""}, {2, "{4}[Hardware Error]:   device_id: 0000:3d:00.0", "n", ""}},
		"n 2 0000:3b:00.0 4 0 0 5 v0 d0|n 2 0000:3c:00.0 3 0 0 4 v0 d0|n 2 0000:3d:00.0 1 0 0 6 v0 d0|"},
	{"each node its own numbers", {{0, SEV3("fatal"), "m", ""}, {0, SEV3("recoverable"), "n", ""}, {0, SEV3("fatal"), "o", ""}, {2, DEV3, "n", ""}},
		"n 2 0000:3b:00.0 3 0 0 4 v0 d0|"},
	{"a frame a second before", {{0, SEV3("fatal"), "n", ""}, {1000000, DEV3, "n", ""}}, "n 1000000 0000:3b:00.0 4 0 0 2 v0 d0|"},
	{"a frame a second after", {{0, DEV3, "n", ""}, {1000000, SEV3("fatal"), "n", ""}}, "n 0 0000:3b:00.0 4 0 0 1 v0 d0|"},
	{"a frame more than a second after", {{0, DEV3, "n", ""}, {1000001, SEV3("fatal"), "n", ""}}, "n 0 0000:3b:00.0 1 0 0 1 v0 d0|"},
	{"an earlier frame with the same number", {{0, SEV3("fatal"), "n", ""}, {5000000, SEV3("recoverable"), "n", ""}, {5000002, DEV3, "n", ""}},
		"n 5000002 0000:3b:00.0 3 0 0 3 v0 d0|"},
	{"the worst of several severities", {{0, SEV3("fatal"), "n", ""}, {1, N3 "Error 0, type: corrected", "n", ""}, {2, DEV3, "n", ""}}, "n 2 0000:3b:00.0 4 0 0 3 v0 d0|"},
	{"in either order", {{0, SEV3("corrected"), "n", ""}, {1, N3 "Error 0, type: fatal", "n", ""}, {2, DEV3, "n", ""}}, "n 2 0000:3b:00.0 4 0 0 3 v0 d0|"},
	{"status words of both classes: a corrected error", {{0, SEV3("corrected"), "n", ""}, {2, DEV3, "n", ""}, {3, UNC3("0x00000010"), "n", ""}, {4, COR3("0x00000040"), "n", ""}},
		"n 2 0000:3b:00.0 1 0 40 2 v0 d0|"},
	{"an uncorrected one", {{0, SEV3("recoverable"), "n", ""}, {2, DEV3, "n", ""}, {3, COR3("0x00000040"), "n", ""}, {4, UNC3("0x00000010"), "n", ""}},
		"n 2 0000:3b:00.0 3 0 10 2 v0 d0|"},
	{"not known which", {{2, DEV3, "n", ""}, {3, COR3("0x00000040"), "n", ""}, {4, UNC3("0x00000010"), "n", ""}}, "n 2 0000:3b:00.0 3 0 10 1 v0 d0|"},
	{"only bits of corrected errors", {{2, DEV3, "n", ""}, {3, COR3("0x00000040"), "n", ""}}, "n 2 0000:3b:00.0 1 0 40 1 v0 d0|"},
	{"only bits of uncorrected errors", {{2, DEV3, "n", ""}, {3, UNC3("0x00000010"), "n", ""}}, "n 2 0000:3b:00.0 3 0 10 1 v0 d0|"},
	{"firmware masks bits, too", {{2, DEV3, "n", ""}, {3, N3 "aer_cor_status: 0x00000041, aer_cor_mask: 0x00000040", "n", ""}}, "n 2 0000:3b:00.0 1 0 1 1 v0 d0|"},
	{"the kernel's status word replaces firmware's", {{2, DEV3, "n", ""}, {3, COR3("0x00000040"), "n", ""}, {4, STAT("00000080"), "n", ""}},
		"n 4 0000:3b:00.0 1 0 80 3 v10de d2|"},

	{"reports that were not printed", {{0, SUP("30"), "n", ""}, {5, HEAD, "n", ""}, {9, HEAD, "n", ""}}, "n 5 0000:3b:00.0 1 2 0 2 v0 d2 limited +30|n 9 0000:3b:00.0 1 2 0 3 v0 d2|"},
	{"at the same time", {{0, HEAD, "n", ""}, {0, SUP("30"), "n", ""}}, "n 0 0000:3b:00.0 1 2 0 1 v0 d2 limited +30|"},
	{"a second before", {{0, SUP("30"), "n", ""}, {1000000, HEAD, "n", ""}}, "n 1000000 0000:3b:00.0 1 2 0 2 v0 d2 limited +30|"},
	{"not more than a second before", {{0, SUP("30"), "n", ""}, {1000001, HEAD, "n", ""}}, "n 1000001 0000:3b:00.0 1 2 0 2 v0 d2|"},
	{"not after it", {{0, HEAD, "n", ""}, {1, SUP("30"), "n", ""}}, "n 0 0000:3b:00.0 1 2 0 1 v0 d2|"},
	{"of which of two devices is not known", {{0, SUP("30"), "n", ""}, {5, HEAD, "n", ""}, {5, "0000:3c:00.0: PCIe Bus Error: severity=Corrected, type=Physical Layer", "n", ""}},
		"n 5 0000:3b:00.0 1 2 0 2 v0 d2 limited|n 5 0000:3c:00.0 1 1 0 3 v0 d0 limited|"},
	{"of the one that reports next", {{0, SUP("30"), "n", ""}, {6, HEAD, "n", ""}, {5, "0000:3c:00.0: PCIe Bus Error: severity=Corrected, type=Physical Layer", "n", ""}},
		"n 6 0000:3b:00.0 1 2 0 2 v0 d2|n 5 0000:3c:00.0 1 1 0 3 v0 d0 limited +30|"},
	{"two numbers are added", {{0, SUP("30"), "n", ""}, {1, SUP("12"), "n", ""}, {5, HEAD, "n", ""}}, "n 5 0000:3b:00.0 1 2 0 3 v0 d2 limited +42|"},
	{"as far as they go", {{0, SUP("4294967290"), "n", ""}, {1, SUP("30"), "n", ""}, {5, HEAD, "n", ""}}, "n 5 0000:3b:00.0 1 2 0 3 v0 d2 limited +4294967295|"},
	{"of another node", {{0, SUP("30"), "m", ""}, {0, SUP("30"), "o", ""}, {5, HEAD, "n", ""}}, "n 5 0000:3b:00.0 1 2 0 3 v0 d2|"},
	{"of each node", {{5, HEAD, "m", ""}, {5, HEAD, "n", ""}, {0, SUP("30"), "n", ""}, {0, SUP("31"), "m", ""}},
		"m 5 0000:3b:00.0 1 2 0 1 v0 d2 limited +31|n 5 0000:3b:00.0 1 2 0 2 v0 d2 limited +30|"},
	{"a copy that did not name the node", {{0, SUP("30"), "fallback", ""}, {0, SUP("30"), "", ""}, {5, HEAD, "fallback", ""}},
		"fallback 5 0000:3b:00.0 1 2 0 3 v0 d2 limited +30|"},
	{"and another number between the two", {{0, SUP("30"), "fallback", ""}, {0, SUP("30"), "", ""}, {0, SUP("31"), "", ""}, {5, HEAD, "fallback", ""}},
		"fallback 5 0000:3b:00.0 1 2 0 4 v0 d2 limited +61|"},
	{"so is one of a report's lines", {{5, HEAD, "", ""}, {5, HEAD, "fallback", ""}, {6, STAT("00000040"), "fallback", ""}, {6, STAT("00000040"), "", ""}},
		"fallback 5 0000:3b:00.0 1 2 40 1 v10de d2|"},
};
/* clang-format on */

static void
put_told(struct buf *b, const struct events *ev, const struct report *r)
{
	const struct str uid = idx_at(&ev->names, r->uid);

	buf_add(b, idx_at(&ev->names, r->node));
	buf_chr(b, ' ');
	buf_i64(b, (r->t - T0) / 1000);
	buf_chr(b, ' ');
	pci_put(b, r->dev);
	buf_chr(b, ' ');
	buf_u64(b, r->severity);
	buf_chr(b, ' ');
	buf_u64(b, r->layer);
	buf_chr(b, ' ');
	buf_hex(b, r->bits, 1);
	buf_chr(b, ' ');
	buf_add(b, uid);
	buf_add(b, S(" v"));
	buf_hex(b, r->vendor, 1);
	buf_add(b, S(" d"));
	buf_u64(b, r->driver);
	if (r->port.known) {
		buf_add(b, S(" <"));
		pci_put(b, r->port);
	}
	if (r->boot) {
		buf_chr(b, ' ');
		buf_add(b, idx_at(&ev->names, r->boot));
	}
	if (r->other)
		buf_add(b, S(" other"));
	if (r->limited)
		buf_add(b, S(" limited"));
	if (r->suppressed) {
		buf_add(b, S(" +"));
		buf_u64(b, r->suppressed);
	}
	buf_chr(b, '|');
}

static void
test_told(void)
{
	struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
	struct buf b = {0};

	for (size_t i = 0; i < NELEM(rows_told); i++) {
		struct mem m = {0};
		struct reports rs;

		TEST(rows_told[i].name);
		events_reset(&ev);
		for (size_t n = 0; n < NELEM(rows_told[i].in) && rows_told[i].in[n].text; n++) {
			const struct told *l = &rows_told[i].in[n];
			struct origin o = {.t = T0 + l->us * 1000, .node = str_of(l->node), .boot = str_of(l->boot)};

			b.n = 0;
			buf_u64(&b, n + 1);
			o.uid = buf_str(&b);
			text_read(&ev, str_of(l->text), &o);
		}
		events_sort(&ev);
		settle(&ev, S("fallback"), &m);
		rs = reports_tie(&ev, &ev.scratch, &m);
		b.n = 0;
		for (size_t n = 0; n < rs.n; n++) {
			uint64_t of = 0;

			put_told(&b, &ev, &rs.r[n]);
			CHECK(num_u64(idx_at(&ev.names, rs.r[n].uid), &of) && of > 0 &&
			      str_eq(idx_at(&ev.names, rs.r[n].text), str_of(rows_told[i].in[of - 1].text)));
		}
		CHECK(str_eq(buf_str(&b), str_of(rows_told[i].out)));
		if (!str_eq(buf_str(&b), str_of(rows_told[i].out)))
			printf("# %.*s\n", (int)b.n, b.p ? b.p : "");
		mem_free(&m);
	}
	events_free(&ev);
	buf_free(&b);
}

/* Firmware's lines with one number: this many, and the worst severity last. */
static unsigned
severity_behind(size_t n)
{
	struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
	struct mem m = {0};
	struct reports rs;
	unsigned severity;

	for (size_t i = 0; i <= n; i++) {
		const struct origin o = {.t = T0 + (int64_t)i};

		text_read(&ev, i == n ? S(DEV3) : i + 1 == n ? S(SEV3("fatal")) : S(SEV3("corrected")), &o);
	}
	events_sort(&ev);
	settle(&ev, (struct str){0}, &m);
	rs = reports_tie(&ev, &ev.scratch, &m);
	severity = rs.n == 1 ? rs.r->severity : AER_UNKNOWN;
	mem_free(&m);
	events_free(&ev);
	return severity;
}

/* Whole records, as collectors write them. */
static void
test_flat(void)
{
	static const struct {
		const char *name;
		struct {
			int us; /* -1: no time */
			int part, severity, bus, port; /* 0: unset */
			uint32_t status;
		} in[3];
		const char *out;
	} rows_flat[] = {
		{"a record is a report", {{0, AER_FLAT, AER_CORRECTED, 0x3b, 0, 0x40}}, "0 0000:3b:00.0 1 0 40|"},
		{"the kernel's head of the same time is its own", {{0, AER_FLAT, AER_CORRECTED, 0x3b, 0, 0x40}, {0, AER_HEAD, AER_CORRECTED, 0x3b, 0, 0}}, "0 0000:3b:00.0 1 0 40|"},
		{"an earlier one is not", {{5, AER_FLAT, AER_CORRECTED, 0x3b, 0, 0x40}, {0, AER_HEAD, AER_CORRECTED, 0x3b, 0, 0}}, "0 0000:3b:00.0 1 0 0|5 0000:3b:00.0 1 0 40|"},
		{"nor a later one", {{0, AER_FLAT, AER_CORRECTED, 0x3b, 0, 0x40}, {5, AER_HEAD, AER_CORRECTED, 0x3b, 0, 0}}, "0 0000:3b:00.0 1 0 40|5 0000:3b:00.0 1 0 0|"},
		{"it has the time of the head, not of the announcement",
			{{0, AER_ANNOUNCED, AER_CORRECTED, 0x3b, 0, 0}, {5, AER_HEAD, AER_CORRECTED, 0x3b, 0, 0}, {5, AER_FLAT, AER_CORRECTED, 0x3b, 0, 0x40}}, "5 0000:3b:00.0 1 0 40|"},
		{"a status word after it is of another report", {{0, AER_FLAT, AER_CORRECTED, 0x3b, 0, 0x40}, {5, AER_STATUS, 0, 0x3b, 0, 0x80}}, "0 0000:3b:00.0 1 0 40|5 0000:3b:00.0 1 0 80|"},
		{"the word's bits stay", {{0, AER_STATUS, 0, 0x3b, 0, 0x80}, {0, AER_FLAT, AER_CORRECTED, 0x3b, 0, 0x40}}, "0 0000:3b:00.0 1 0 80|"},
		{"of two ports the first", {{0, AER_ANNOUNCED, AER_CORRECTED, 0x3b, 0x3a, 0}, {0, AER_FLAT, AER_CORRECTED, 0x3b, 0x39, 0x40}}, "0 0000:3b:00.0 1 0 40 <0000:3a:00.0|"},
		{"the port, from any record", {{0, AER_ANNOUNCED, AER_CORRECTED, 0x3b, 0, 0}, {0, AER_FLAT, AER_CORRECTED, 0x3b, 0x39, 0x40}}, "0 0000:3b:00.0 1 0 40 <0000:39:00.0|"},
		{"without a time or a device only counted",
			{{-1, AER_FLAT, AER_CORRECTED, 0x3b, 0, 0x40}, {0, AER_FLAT, AER_CORRECTED, 0, 0, 0x40}, {1, AER_FLAT, AER_CORRECTED, 0, 0, 0x40}}, "1 without time, 2 unnamed"},
		{"firmware's lines name no device", {{-1, AER_CPER_SEVERITY, AER_FATAL, 0, 0, 0}, {0, AER_CPER_SEVERITY, AER_FATAL, 0, 0, 0}, {-1, AER_CPER_DEVICE, 0, 0x3b, 0, 0}},
			"1 without time"},
	};
	struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
	struct buf b = {0};

	for (size_t i = 0; i < NELEM(rows_flat); i++) {
		struct mem m = {0};
		struct reports rs;

		TEST(rows_flat[i].name);
		events_reset(&ev);
		for (size_t n = 0; n < 3 && rows_flat[i].in[n].part; n++) {
			const int bus = rows_flat[i].in[n].bus, port = rows_flat[i].in[n].port, us = rows_flat[i].in[n].us;

			events_add(&ev, EVENT_AER,
				   &(struct aer){
					   .e.t = us < 0 ? NO_TIME : T0 + us * 1000,
					   .dev = {.bus = (uint8_t)bus, .known = bus != 0},
					   .port = {.bus = (uint8_t)port, .known = port != 0},
					   .part = (uint8_t)rows_flat[i].in[n].part,
					   .severity = (uint8_t)rows_flat[i].in[n].severity,
					   .status = rows_flat[i].in[n].status,
				   });
		}
		events_sort(&ev);
		settle(&ev, (struct str){0}, &m);
		rs = reports_tie(&ev, &ev.scratch, &m);
		b.n = 0;
		put(&b, &rs);
		if (rs.timeless) {
			buf_u64(&b, rs.timeless);
			buf_add(&b, S(" without time"));
		}
		if (rs.unnamed) {
			buf_add(&b, S(", "));
			buf_u64(&b, rs.unnamed);
			buf_add(&b, S(" unnamed"));
		}
		CHECK(str_eq(buf_str(&b), str_of(rows_flat[i].out)));
		if (!str_eq(buf_str(&b), str_of(rows_flat[i].out)))
			printf("# %.*s\n", (int)b.n, b.p ? b.p : "");
		mem_free(&m);
	}
	events_free(&ev);
	buf_free(&b);
}

/* Reports of devices at these addresses, and how many are of one. */
static void
test_of(void)
{
	static const struct {
		uint32_t node;
		uint8_t bus, dev, fn;
	} at[] = {{1, 0x3a, 31, 7}, {1, 0x3b, 0, 0}, {1, 0x3b, 0, 1}, {1, 0x3b, 0, 7}, {1, 0x3b, 1, 0}, {2, 0x3b, 0, 3}, {2, 0x3c, 0, 0}, {2, 0x3c, 0, 0}};
	static const struct {
		uint32_t node;
		uint8_t bus, dev, fn;
		size_t first, n;
	} asked[] = {
		{1, 0x3b, 0, 0, 1, 3}, {1, 0x3b, 0, 5, 1, 3}, {1, 0x3b, 1, 7, 4, 1}, {1, 0x3a, 31, 0, 0, 1}, {1, 0x3c, 0, 0, 0, 0}, {1, 0x3a, 0, 0, 0, 0},
		{2, 0x3b, 0, 0, 5, 1}, {2, 0x3c, 0, 0, 6, 2}, {2, 0x3d, 0, 0, 0, 0}, {3, 0x3b, 0, 0, 0, 0}, {0, 0x3b, 0, 0, 0, 0},
	};
	struct report r[NELEM(at)] = {{0}};
	const struct reports rs = {.r = r, .n = NELEM(at)};

	TEST("the reports of all functions of a device, and of no other");
	for (size_t i = 0; i < NELEM(at); i++) {
		r[i].node = at[i].node;
		r[i].dev = (struct pci){.bus = at[i].bus, .dev = at[i].dev, .fn = at[i].fn, .known = 1};
	}
	for (size_t i = 0; i < NELEM(asked); i++) {
		const struct pci dev = {.bus = asked[i].bus, .dev = asked[i].dev, .fn = asked[i].fn, .known = 1};
		const struct report *first;
		size_t n = reports_of(&rs, asked[i].node, dev, &first);

		CHECK_ROW(i, n == asked[i].n && (!n || first == r + asked[i].first));
	}
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
	test_told();
	TEST("sixty-four of firmware's lines are examined");
	CHECK(severity_behind(64) == AER_FATAL && severity_behind(65) == AER_CORRECTED);
	test_flat();
	test_of();
	return test_done();
}
