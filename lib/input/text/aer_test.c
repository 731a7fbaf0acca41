#include "input/text/aer.h"
#include "input/text/text.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/test.h"
#include "base/test_edge.h"

#define PORT "pcieport 0000:3a:01.0: "
#define GPU "nvidia 0000:3b:00.0: "
#define UNCOR "pcieport 0000:3a:01.0: DPC: containment event, "

/* clang-format off */

/* A line and its contents: part, device, port, severity, layer, status, mask, vendor,
 * driver, number; - or 0 if unset. */
static const struct {
	const char *line, *want;
} one[] = {
	/* announcements, of all generations */
	{PORT "AER: Corrected error received: id=3b00", "announced 0000:3b:00.0 0000:3a:01.0 1 0 0 0 0 0 0"},
	{PORT "AER: Multiple Corrected error received: id=3a08", "announced 0000:3a:01.0 - 1 0 0 0 0 1 0"},
	{"aer 0000:3a:01.0:pcie002: AER: Uncorrected (Fatal) error received: id=3b07", "announced 0000:3b:00.7 0000:3a:01.0 4 0 0 0 0 0 0"},
	{"pcieport 10000:e0:06.0: AER: Corrected error received: id=e1ff", "announced 00010000:e1:1f.7 00010000:e0:06.0 1 0 0 0 0 0 0"},
	{PORT "AER: Corrected error received: 0000:3b:00.0", "announced 0000:3b:00.0 0000:3a:01.0 1 0 0 0 0 0 0"},
	{PORT "AER: Corrected error received: 0000:3b:00.0 ", "announced 0000:3b:00.0 0000:3a:01.0 1 0 0 0 0 0 0"},
	{PORT "AER: Uncorrected (Non-Fatal) error received: 0000:3b:00.0", "announced 0000:3b:00.0 0000:3a:01.0 3 0 0 0 0 0 0"},
	{PORT "AER: Correctable error message received from 0000:3b:00.0", "announced 0000:3b:00.0 0000:3a:01.0 1 0 0 0 0 0 0"},
	{PORT "AER: Multiple Uncorrectable (Fatal) error message received from 0000:3a:01.0", "announced 0000:3a:01.0 - 4 0 0 0 0 1 0"},
	{PORT "AER: Correctable error message received from 0000:3b:00.0 (no details found", "announced 0000:3b:00.0 0000:3a:01.0 1 0 0 0 0 0 0"},
	/* heads */
	{GPU "PCIe Bus Error: severity=Corrected, type=Physical Layer, id=3b00(Receiver ID)", "head 0000:3b:00.0 - 1 1 0 0 0 2 0"},
	{GPU "PCIe Bus Error: severity=Uncorrected (Non-Fatal), type=Unaccessible, id=3b00(Unregistered Agent ID)", "head 0000:3b:00.0 - 3 4 0 0 0 2 0"},
	{GPU "AER: PCIe Bus Error: severity=Corrected, type=Data Link Layer, (Transmitter ID)", "head 0000:3b:00.0 - 1 2 0 0 0 2 0"},
	{GPU "PCIe Bus Error: severity=Uncorrectable (Fatal), type=Transaction Layer, (Requester ID)", "head 0000:3b:00.0 - 4 3 0 0 0 2 0"},
	{GPU "PCIe Bus Error: severity=Uncorrectable (Non-Fatal), type=Inaccessible, (Unregistered Agent ID)", "head 0000:3b:00.0 - 3 4 0 0 0 2 0"},
	{GPU "PCIe Bus Error: severity=Uncorrectable (Fatal)", "head 0000:3b:00.0 - 4 0 0 0 0 2 0"},
	{"cxl_pci 0000:0d:00.0: CXL Bus Error: severity=Correctable, type=Physical Layer, (Receiver ID)", "head 0000:0d:00.0 - 1 1 0 0 0 0 0"},
	{"0000:3b:00.0: PCIe Bus Error: severity=Corrected, type=Physical Layer, (Receiver ID)", "head 0000:3b:00.0 - 1 1 0 0 0 0 0"},
	{"vfio-pci 0000:3b:00.1: PCIe Bus Error: severity=Corrected, type=Moon Layer, (Receiver ID)", "head 0000:3b:00.1 - 1 0 0 0 0 0 0"},
	{PORT "PCIe Bus Error: severity=Corrected, type=Data Link Layer, (Receiver ID)", "head 0000:3a:01.0 - 1 2 0 0 0 1 0"},
	/* status words */
	{GPU "  device [10de:2330] error status/mask=00001041/0000e000", "status 0000:3b:00.0 - 0 0 1041 e000 10de 2 0"},
	{GPU "device [10de:2330] error status/mask=00001041/0000e000", "status 0000:3b:00.0 - 0 0 1041 e000 10de 2 0"},
	{GPU "AER:   device [10de:2330] error status/mask=ffffffff/00000000", "status 0000:3b:00.0 - 0 0 ffffffff 0 10de 2 0"},
	{"   device [10de:2330] error status/mask=00000001/00002000", "status - - 0 0 1 2000 10de 0 0"},
	{GPU "aer_status: 0x00000041, aer_mask: 0x0000e000", "status 0000:3b:00.0 - 0 0 41 e000 0 2 0"},
	{"0000:04:00.0: aer_status: 0x00000041, aer_mask: 0x00000000", "status 0000:04:00.0 - 0 0 41 0 0 0 0"},
	{GPU "aer_uncor_severity: 0x00462030", "uncor 0000:3b:00.0 - 0 0 462030 0 0 2 0"},
	{GPU "aer_layer=Data Link Layer, aer_agent=Receiver ID", "layer 0000:3b:00.0 - 0 2 0 0 0 2 0"},
	/* containment: reason in bits 2:1, further reason in 6:5 */
	{UNCOR "status:0x1f01 source:0x0000", "contained 0000:3a:01.0 - 2 0 0 0 0 1 0"},
	{UNCOR "status:0x1f01 source:0x3b00", "contained 0000:3a:01.0 - 2 0 0 0 0 1 0"},
	{UNCOR "status:0x1f03 source:0x3b00", "contained 0000:3b:00.0 0000:3a:01.0 3 0 0 0 0 0 0"},
	{UNCOR "status:0x1f05 source:0x3b01", "contained 0000:3b:00.1 0000:3a:01.0 4 0 0 0 0 0 0"},
	{UNCOR "status:0x1f05 source:0x0000", "contained 0000:3a:01.0 - 4 0 0 0 0 1 0"},
	{UNCOR "status:0x1f07 source:0x0000", "contained 0000:3a:01.0 - 2 0 0 0 0 1 0"},
	{UNCOR "status:0x1f01: unmasked uncorrectable error detected", "contained 0000:3a:01.0 - 2 0 0 0 0 1 0"},
	{UNCOR "status:0x1f05, ERR_FATAL received from 0000:3b:00.0", "contained 0000:3b:00.0 0000:3a:01.0 4 0 0 0 0 0 0"},
	{"dpc 0000:3a:01.0:pcie010: DPC containment event, status:0x1f03 source:0x3b00", "contained 0000:3b:00.0 0000:3a:01.0 3 0 0 0 0 0 0"},
	/* firmware */
	{"aer_ratelimit: 30 callbacks suppressed", "suppressed - - 0 0 1e 0 0 0 0"},
	{"[  280.383143] aer_ratelimit: 5000000000 callbacks suppressed", "suppressed - - 0 0 ffffffff 0 0 0 0"},
	{"{1}[Hardware Error]:   vendor_id: 0x10de, device_id: 0x2330", "vendor - - 0 0 0 0 10de 0 1"},
	{"{1}[Hardware Error]:   class_code: 030200", "display - - 0 0 0 0 0 0 1"},
	{"{1}[Hardware Error]:   class_code: 000203", "display - - 0 0 0 0 0 0 1"},
	{"{1}[Hardware Error]: event severity: corrected", "severity - - 1 0 0 0 0 0 1"},
	{"{12}[Hardware Error]: event severity: recoverable", "severity - - 3 0 0 0 0 0 12"},
	{"{1}[Hardware Error]:  Error 0, type: fatal", "severity - - 4 0 0 0 0 0 1"},
	{"[Hardware Error]: event severity: fatal", "severity - - 4 0 0 0 0 0 0"},
	{"{1}[Hardware Error]:   device_id: 0000:3b:00.0", "device 0000:3b:00.0 - 0 0 0 0 0 0 1"},
	{"{1}[Hardware Error]:   aer_uncor_status: 0x00040000, aer_uncor_mask: 0x00100000", "cper 0000:00:00.0 - 2 0 40000 100000 0 0 1"},
	{"{1}[Hardware Error]:   aer_cor_status: 0x00001000, aer_cor_mask: 0x0000e000", "cper 0000:00:00.0 - 1 0 1000 e000 0 0 1"},
	/* numbers at their limits */
	{PORT "AER: Corrected error received: id=ffff", "announced 0000:ff:1f.7 0000:3a:01.0 1 0 0 0 0 0 0"},
	{UNCOR "status:0x1f05 source:0xffff", "contained 0000:ff:1f.7 0000:3a:01.0 4 0 0 0 0 0 0"},
	{UNCOR "status:0x1f05 source:0x10000", "contained 0000:3a:01.0 - 4 0 0 0 0 1 0"},
	{UNCOR "status:0x1f47 source:0x3b00", "contained 0000:3a:01.0 - 2 0 0 0 0 1 0"},
	{UNCOR "status:0x1f23 source:0x3b00", "contained 0000:3b:00.0 0000:3a:01.0 3 0 0 0 0 0 0"},
	{UNCOR "status:0x1f09 source:0x3b00", "contained 0000:3a:01.0 - 2 0 0 0 0 1 0"},
	{UNCOR "status:0x1f03, ERR_NONFATAL received from nobody", "contained 0000:3a:01.0 - 3 0 0 0 0 1 0"},
	{GPU "device [ffff:2330] error status/mask=00001041/0000e000", "status 0000:3b:00.0 - 0 0 1041 e000 ffff 2 0"},
	{"{1}[Hardware Error]:   vendor_id: 0xffff, device_id: 0x2330", "vendor - - 0 0 0 0 ffff 0 1"},
	{"{4294967295}[Hardware Error]: event severity: fatal", "severity - - 4 0 0 0 0 0 4294967295"},
	{"aer_ratelimit: 4294967294 callbacks suppressed", "suppressed - - 0 0 fffffffe 0 0 0 0"},
	{"aer_ratelimit: 4294967295 callbacks suppressed", "suppressed - - 0 0 ffffffff 0 0 0 0"},
	{"aer_ratelimit: 4294967296 callbacks suppressed", "suppressed - - 0 0 ffffffff 0 0 0 0"},
	{"aer_ratelimit: 1 callbacks suppressed", "suppressed - - 0 0 1 0 0 0 0"},
	{"1234567890123456789012345678901234567890 0000:3b:00.0: PCIe Bus Error: severity=Corrected", "head 0000:3b:00.0 - 1 0 0 0 0 0 0"},
	{"{1}[Hardware Error]:   class_code: 030000", "display - - 0 0 0 0 0 0 1"},
	{"{1}[Hardware Error]:   class_code: 000003", "display - - 0 0 0 0 0 0 1"},
	{"{1}[Hardware Error]:   class_code: 00ff03", "display - - 0 0 0 0 0 0 1"},
	/* drivers, with a colon after the device or without */
	{"nvidia-nvswitch 0000:c1:00.0: PCIe Bus Error: severity=Corrected", "head 0000:c1:00.0 - 1 0 0 0 0 3 0"},
	{"nvidia 0000:3b:00.0 PCIe Bus Error: severity=Corrected", "head 0000:3b:00.0 - 1 0 0 0 0 2 0"},
	{"nvidia 0000:0d:00.0 CXL Bus Error: severity=Corrected", "head 0000:0d:00.0 - 1 0 0 0 0 2 0"},
	/* tracepoint and rasdaemon */
	{"0000:3b:00.0 (GH100 - vendor_id: 0xffff device_id: 0x2330) Malformed TLP Corrected", "traced 0000:3b:00.0 - 1 0 0 0 ffff 0 0"},
	{"0000:3b:00.0 (GH100 - vendor_id: 0x10de device_id: 0x2330) Receiver Error, Malformed TLP Corrected", "traced 0000:3b:00.0 - 1 0 1 0 10de 0 0"},
	{"0000:3b:00.0 (GH100 - vendor_id: 0x10de device_id: 0x2330) Receiver Error Uncorrected (Fatal)", "traced 0000:3b:00.0 - 4 0 0 0 10de 0 0"},
	{"aer_event: 0000:3b:00.0 PCIe Bus Error: severity=Corrected, Receiver Error|Bad TLP, TLP Header=Not available", "traced 0000:3b:00.0 - 1 0 41 0 0 0 0"},
	{"aer_event: 0000:3b:00.0 PCIe Bus Error: severity=Corrected, Receiver Error, Bad TLP, TLP Header=Not available", "traced 0000:3b:00.0 - 1 0 41 0 0 0 0"},
	{"aer_event: 0000:3b:00.0 PCIe Bus Error: severity=Fatal, Malformed TLP, TLP Header={0x1,0x2,0x3,0x4}", "traced 0000:3b:00.0 - 4 0 40000 0 0 0 0"},
	{"aer_event: 0000:0d:00.0 CXL Bus Error: severity=Uncorrected, non-fatal, Uncorrectable Internal Error, TLP Header=Not available", "traced 0000:0d:00.0 - 3 0 400000 0 0 0 0"},
	{"aer_event: 0000:3b:00.0 PCIe Bus Error: severity=Corrected, Malformed TLP", "traced 0000:3b:00.0 - 1 0 0 0 0 0 0"},
	{"2026-03-04 05:06:07 +0000 0000:3b:00.0 (GH100 - vendor_id: 0x10de device_id: 0x2330) Surprise Link Down Uncorrected (Fatal)", "traced 0000:3b:00.0 - 4 0 20 0 10de 0 0"},
	{"0000:3b:00.0 (GH100 - vendor_id: 0x10de device_id: 0x2330) Receiver Error, Bad TLP TLP Header: 00000001 Corrected", "traced 0000:3b:00.0 - 1 0 41 0 10de 0 0"},
	{"0000:3b:00.0 (GH100 - vendor_id: 0x10de device_id: 0x2330) Bad TLP Corrected \r", "traced 0000:3b:00.0 - 1 0 40 0 10de 0 0"},
	/* after stamps */
	{"[256236.078154] " GPU "PCIe Bus Error: severity=Corrected, type=Physical Layer, (Receiver ID)", "head 0000:3b:00.0 - 1 1 0 0 0 2 0"},
	{"Sep  4 22:52:24 n7 kernel: [11889.9] " GPU "PCIe Bus Error: severity=Corrected, type=Physical Layer", "head 0000:3b:00.0 - 1 1 0 0 0 2 0"},
	{"<4>[    9.1] " GPU "PCIe Bus Error: severity=Corrected, type=Physical Layer", "head 0000:3b:00.0 - 1 1 0 0 0 2 0"},
};

static const char *const none[] = {
	"",
	GPU,
	GPU "AER: can't recover (no error_detected callback)",
	GPU "AER:   TLP Header: 0x40000001 0x0000000c 0x8808000c 0x00000000",
	GPU "   [ 0] RxErr                  (First)",
	"    [ 6] BadTLP",
	PORT "AER: device recovery failed",
	PORT "AER: Root Port link has been reset (0)",
	PORT "AER: found no error details for 0000:3b:00.0",
	PORT "AER: enabled with IRQ 31",
	PORT "AER: can't find device of ID3b00",
	PORT "AER: Corrected error received: id=13b00",
	PORT "AER: Corrected error received: id=",
	PORT "AER: Corrected error received: gpu",
	PORT "AER: Corrected error sent: 0000:3b:00.0",
	PORT "AER: Corrected reports received: 0000:3b:00.0",
	PORT "AER: Corrected",
	PORT "AER: Mild error received: 0000:3b:00.0",
	PORT "Corrected error received: 0000:3b:00.0",
	PORT "DPC: unmasked uncorrectable error detected",
	PORT "DPC: error containment capabilities: Int Msg #0, RPExt+",
	UNCOR "status:0x1f27 source:0x0000", /* software */
	UNCOR "status: source:0x0000",
	"AER: PCIe Bus Error: severity=Corrected, type=Physical Layer, (Receiver ID)",
	"PCIe Bus Error: severity=Corrected, type=Physical Layer, (Receiver ID)",
	"saw nvidia 0000:3b:00.0: PCIe Bus Error: severity=Corrected, type=Physical Layer, (Receiver ID)",
	"nvidia 0000:3b:00.0 PCIe error: severity=Corrected",
	"nvidia 3b: PCIe Bus Error: severity=Corrected",
	GPU "PCIe Bus Error: severity=, type=Physical Layer",
	GPU "device [10de:2330] error status/mask=00001041",
	GPU "device [10de:2330] error status/mask=000010411/0000e000",
	GPU "device [10de] error status/mask=00001041/0000e000",
	GPU "device [110de:2330] error status/mask=00001041/0000e000",
	GPU "aer_status: 0x00000041",
	GPU "aer_status: 0x00000041, aer_layer: 0x0000e000",
	GPU "aer_status: 41 aer_mask: 0x0000e000",
	GPU "aer_layer=Moon Layer, aer_agent=Receiver ID",
	"{1}[Hardware Error]:   section_type: PCIe error",
	"{1}[Hardware Error]: event severity: info",
	"{x}[Hardware Error]: event severity: corrected",
	"{99999999999}[Hardware Error]: event severity: corrected",
	"{1}[Hardware Error]:   device_id: gpu",
	"0000:3b:00.0 (GH100 - vendor_id: 0x10de device_id: 0x2330) Receiver Error",
	"0000:3b:00.0 (GH100 - vendor_id: 0x10de device_id: 0x2330",
	"0000:3b:00.0 (GH100) Receiver Error Corrected",
	"aer_ratelimit: 0 callbacks suppressed",
	"{1}[Hardware Error]:   class_code: 068000",
	"{1}[Hardware Error]:   class_code: 03",
	"{1}[Hardware Error]:   class_code: 03000",
	"{1}[Hardware Error]:   class_code: 000300",
	"{1}[Hardware Error]:   aer_cor_status: 0x00000000, aer_cor_mask: 0x0000e000",
	"{1}[Hardware Error]:   aer_uncor_status: 0x00000000, aer_uncor_mask: 0x00100000",
	"{1}[Hardware Error]:  Error x, type: fatal",
	"{1}[Hardware Error]:  Error 0, kind: fatal",
	"{4294967296}[Hardware Error]: event severity: fatal",
	"{1[Hardware Error]: event severity: fatal",
	"12345678901234567890123456789012345678901 0000:3b:00.0: PCIe Bus Error: severity=Corrected",
	"0000:3b:00.0 (GH100 - vendor_id: 0x110de device_id: 0x2330) Receiver Error Corrected",
	PORT "AER: Corrected error received: id=10000",
	PORT "DPC:containment event, status:0x1f03 source:0x3b00",
	GPU "aer_uncor_severity: none",
	"{1}[Hardware Error]:   vendor_id: 0x110de, device_id: 0x2330",
	"aer_ratelimit: many callbacks suppressed",
	"aer_ratelimit: 30 callbacks suppressed by hand",
	"net_ratelimit: 30 callbacks suppressed",
	"NVRM: Xid (PCI:0000:3b:00): 79, GPU has fallen off the bus.",
};

/* clang-format on */

static const char *const parts[] = {
	[AER_SUPPRESSED] = "suppressed", [AER_CPER_SEVERITY] = "severity", [AER_CPER_STATUS] = "cper", [AER_CPER_VENDOR] = "vendor", [AER_CPER_DISPLAY] = "display", [AER_CPER_DEVICE] = "device",
	[AER_ANNOUNCED] = "announced", [AER_CONTAINED] = "contained", [AER_HEAD] = "head",
	[AER_STATUS] = "status", [AER_UNCOR] = "uncor", [AER_LAYER] = "layer", [AER_TRACED] = "traced",
	[AER_FLAT] = "flat",
};

static void
put(struct buf *b, const struct aer_line *l)
{
	const uint64_t hex[] = {l->status, l->mask, l->vendor};

	buf_add(b, str_of(parts[l->part]));
	buf_chr(b, ' ');
	if (l->part == AER_CPER_STATUS)
		buf_add(b, S("0000:00:00.0"));
	else if (l->dev.known)
		pci_put(b, l->dev);
	else
		buf_chr(b, '-');
	buf_chr(b, ' ');
	if (l->port.known)
		pci_put(b, l->port);
	else
		buf_chr(b, '-');
	buf_chr(b, ' ');
	buf_u64(b, l->severity);
	buf_chr(b, ' ');
	buf_u64(b, l->layer);
	for (size_t i = 0; i < NELEM(hex); i++) {
		buf_chr(b, ' ');
		buf_hex(b, hex[i], 1);
	}
	buf_chr(b, ' ');
	buf_u64(b, l->driver);
	buf_chr(b, ' ');
	buf_u64(b, l->cper);
}

static bool
has_word(struct str s)
{
	for (const struct word *w = aer_text.words; w->gives; w++)
		if (str_has(s, w->text))
			return true;
	return false;
}

/* The table of drivers/pci/pcie/aer.c, written again from the specification: layer and
 * bits of each class. */
static void
test_bits(void)
{
	static const uint32_t cor = 0x0000f1c1, unc = 0x07fff031;
	unsigned n = 0;

	TEST("the bits of the specification, and no others, have names");
	CHECK(aer_known(true) == cor);
	CHECK(aer_known(false) == unc);
	for (unsigned c = 0; c < 2; c++)
		for (unsigned i = 0; i < 32; i++) {
			const struct aer_bit *b = aer_bit(c, i);

			CHECK_ROW(i, (b != NULL) == ((c ? cor : unc) >> i & 1));
			if (!b)
				continue;
			n++;
			CHECK_ROW(i, b->bit == i && b->correctable == c);
			CHECK_ROW(i, aer_bit_named(b->name) == b);
			CHECK_ROW(i, aer_bit_named(b->old) == b);
			CHECK_ROW(i, !b->daemon.n || aer_bit_named(b->daemon) == b);
		}
	CHECK(n == 8 + 18);
	CHECK(!aer_bit(true, 32) && !aer_bit(false, 1));
	CHECK(!aer_bit_named(S("")) && !aer_bit_named(S("Bad")));
	CHECK(aer_bit_named(S("badtlp"))->bit == 6);
	TEST("the layers of bits");
	CHECK(aer_bit(true, 0)->layer == AER_PHYSICAL);
	CHECK(aer_bit(true, 12)->layer == AER_LINK && aer_bit(false, 5)->layer == AER_LINK);
	CHECK(aer_bit(true, 13)->layer == AER_TRANSACTION && aer_bit(false, 20)->layer == AER_TRANSACTION);
}

static void
test_words(void)
{
	static const struct {
		struct str word;
		enum aer_severity severity;
	} rows[] = {
		{STR_INIT("corrected"), AER_CORRECTED}, {STR_INIT("Correctable"), AER_CORRECTED},
		{STR_INIT("nonfatal"), AER_NONFATAL}, {STR_INIT("Non-Fatal"), AER_NONFATAL},
		{STR_INIT("Uncorrected (Non-Fatal)"), AER_NONFATAL}, {STR_INIT("Uncorrectable (Fatal)"), AER_FATAL},
		{STR_INIT("fatal"), AER_FATAL}, {STR_INIT(" FATAL "), AER_FATAL}, {STR_INIT("uncorrectable"), AER_UNCORRECTED},
	};
	enum aer_severity s;
	enum aer_layer l;

	TEST("words of severity");
	for (size_t i = 0; i < NELEM(rows); i++)
		CHECK_ROW(i, aer_severity_of(rows[i].word, &s) && s == rows[i].severity);
	CHECK(!aer_severity_of(S("Corrected error"), &s) && !aer_severity_of(S(""), &s));
	CHECK(str_eq(aer_severity_name(AER_UNKNOWN), S("corrected")) && str_eq(aer_severity_name(AER_NONFATAL), S("nonfatal")) &&
	      str_eq(aer_severity_name(AER_FATAL), S("fatal")) && str_eq(aer_severity_name(AER_UNCORRECTED), S("nonfatal")));
	TEST("words of layer");
	CHECK(aer_layer_of(S("Data Link Layer"), &l) && l == AER_LINK);
	CHECK(aer_layer_of(S("data_link"), &l) && l == AER_LINK);
	CHECK(aer_layer_of(S("physical"), &l) && l == AER_PHYSICAL);
	CHECK(aer_layer_of(S(" Transaction Layer\t"), &l) && l == AER_TRANSACTION);
	CHECK(!aer_layer_of(S("Layer"), &l) && !aer_layer_of(S(""), &l));
	CHECK(str_eq(aer_layer_name(AER_INACCESSIBLE), S("Inaccessible")) && aer_layer_name(AER_NO_LAYER).n == 0);
}

/* Messages logged on n7, and the devices and texts of their records. */
static const struct {
	const char *message, *says;
} records[] = {
	/* a line without a device is about the one in the line before it, if there is one */
	{GPU "PCIe Bus Error: severity=Corrected\n  device [10de:2330] error status/mask=1/2\n  device [10de:2330] error status/mask=3/4",
		"head 0000:3b:00.0 - 1 0 0 0 0 2 0; status 0000:3b:00.0 - 0 0 1 2 10de 0 0; status 0000:3b:00.0 - 0 0 3 4 10de 0 0; "},
	{PORT "AER: Corrected error received: 0000:3b:00.0\n  device [10de:2330] error status/mask=1/2",
		"announced 0000:3b:00.0 0000:3a:01.0 1 0 0 0 0 0 0; status 0000:3b:00.0 - 0 0 1 2 10de 0 0; "},
	{"  device [10de:2330] error status/mask=1/2", ""},
	{GPU "PCIe Bus Error: severity=Corrected\n{1}[Hardware Error]: event severity: fatal\n  device [10de:2330] error status/mask=1/2",
		"head 0000:3b:00.0 - 1 0 0 0 0 2 0; severity - - 4 0 0 0 0 0 1; "},
	{"{1}[Hardware Error]:   device_id: 0000:3b:00.0\nx\n{1}[Hardware Error]:   aer_cor_status: 0x00001000, aer_cor_mask: 0x0000e000",
		"device 0000:3b:00.0 - 0 0 0 0 0 0 1; cper 0000:00:00.0 - 1 0 1000 e000 0 0 1; "},
	{"aer_ratelimit: 30 callbacks suppressed", "suppressed - - 0 0 1e 0 0 0 0; "},
	{GPU "aer_layer=Data Link Layer, aer_agent=Receiver ID", "layer 0000:3b:00.0 - 0 2 0 0 0 2 0; "},
};

static void
test_records(void)
{
	struct events ev = {.since = NO_TIME, .until = NO_TIME, .wants = 1u << EVENT_AER};
	const struct origin o = {.t = 5, .node = S("n7"), .uid = S("u"), .boot = S("b"), .own_time = true, .own_node = true};
	struct buf b = {0};

	TEST("records");
	for (size_t i = 0; i < NELEM(records); i++) {
		b.n = 0;
		events_reset(&ev);
		text_read(&ev, str_of(records[i].message), &o);
		for (size_t k = 0; k < ev.list[EVENT_AER].n; k++) {
			const struct aer *a = (const struct aer *)ev.list[EVENT_AER].p + k;
			const struct aer_line l = {.part = a->part, .dev = a->dev, .port = a->port, .severity = a->severity, .layer = a->layer,
				.driver = a->driver, .status = a->status, .mask = a->mask, .cper = a->cper, .vendor = a->vendor};

			put(&b, &l);
			buf_add(&b, S("; "));
			CHECK_ROW(i, a->e.t == 5 && str_eq(idx_at(&ev.names, a->e.node), S("n7")) && str_eq(idx_at(&ev.names, a->e.uid), S("u")));
			CHECK_ROW(i, str_eq(idx_at(&ev.names, a->boot), S("b")) && str_has(str_of(records[i].message), idx_at(&ev.names, a->text)) && a->text);
		}
		CHECK_ROW(i, str_eq(buf_str(&b), str_of(records[i].says)));
		if (!str_eq(buf_str(&b), str_of(records[i].says)))
			printf("# got:  %.*s\n# want: %s\n", (int)b.n, b.p, records[i].says);
	}
	buf_free(&b);
	events_free(&ev);
}

int
main(void)
{
	struct buf b = {0};
	struct aer_line l;
	struct str s;

	test_bits();
	test_words();

	TEST("one line each");
	for (size_t i = 0; i < NELEM(one); i++) {
		s = str_of(one[i].line);
		b.n = 0;
		CHECK_ROW(i, aer_next(&s, &l));
		put(&b, &l);
		CHECK_ROW(i, str_eq(buf_str(&b), str_of(one[i].want)));
		CHECK_ROW(i, has_word(str_of(one[i].line)));
		CHECK_ROW(i, !aer_next(&s, &l));
	}
	TEST("other lines");
	for (size_t i = 0; i < NELEM(none); i++) {
		s = test_edge(str_of(none[i]));
		CHECK_ROW(i, !aer_next(&s, &l));
	}
	TEST("every prefix of a line is safe to read");
	for (size_t i = 0; i < NELEM(one); i++)
		for (size_t n = 0; n <= strlen(one[i].line); n++) {
			s = test_edge((struct str){one[i].line, n});
			while (aer_next(&s, &l))
				;
		}
	TEST("several lines in a message");
	s = S("first\n" GPU "PCIe Bus Error: severity=Corrected, type=Physical Layer\r\n  device [10de:2330] error status/mask=1/0\n\n[ 0] RxErr");
	CHECK(aer_next(&s, &l) && l.part == AER_HEAD);
	CHECK(str_eq(l.text, S(GPU "PCIe Bus Error: severity=Corrected, type=Physical Layer")));
	CHECK(aer_next(&s, &l) && l.part == AER_STATUS && !l.dev.known);
	CHECK(!aer_next(&s, &l));
	TEST("time and host from stamps");
	s = S("2026-03-04T05:06:07.000008+00:00 n7 kernel: " GPU "PCIe Bus Error: severity=Corrected, type=Physical Layer");
	CHECK(aer_next(&s, &l) && l.t == INT64_C(1772600767000008000) && str_eq(l.host, S("n7")));
	s = S(GPU "PCIe Bus Error: severity=Corrected, type=Physical Layer");
	CHECK(aer_next(&s, &l) && l.t == NO_TIME && !l.host.p);
	test_records();
	buf_free(&b);
	return test_done();
}
