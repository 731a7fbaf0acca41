#include "input/text/aer.h"

#include "base/num.h"
#include "input/text/stamps.h"
#include "input/text/text.h"

#define COR(bit, layer, name, old, daemon) \
	{bit, true, layer, STR_INIT(name), STR_INIT(old), STR_INIT(daemon)}
#define UNC(bit, layer, name, old, daemon) \
	{bit, false, layer, STR_INIT(name), STR_INIT(old), STR_INIT(daemon)}

/* The bits; the daemon's name only if it differs from the kernel's old one. */
static const struct aer_bit bits[] = {
	COR(0, AER_PHYSICAL, "RxErr", "Receiver Error", ""),
	COR(6, AER_LINK, "BadTLP", "Bad TLP", ""),
	COR(7, AER_LINK, "BadDLLP", "Bad DLLP", ""),
	COR(8, AER_LINK, "Rollover", "RELAY_NUM Rollover", "REPLAY_NUM Rollover"),
	COR(12, AER_LINK, "Timeout", "Replay Timer Timeout", ""),
	COR(13, AER_TRANSACTION, "NonFatalErr", "Advisory Non-Fatal", "Advisory Non-Fatal Error"),
	COR(14, AER_TRANSACTION, "CorrIntErr", "Corrected Internal Error", ""),
	COR(15, AER_TRANSACTION, "HeaderOF", "Header Log Overflow", ""),
	UNC(0, AER_TRANSACTION, "Undefined", "Undefined", ""), /* before PCIe 1.1: Training */
	UNC(4, AER_LINK, "DLP", "Data Link Protocol", ""),
	UNC(5, AER_LINK, "SDES", "Surprise Down Error", "Surprise Link Down"),
	UNC(12, AER_TRANSACTION, "TLP", "Poisoned TLP", ""),
	UNC(13, AER_TRANSACTION, "FCP", "Flow Control Protocol", ""),
	UNC(14, AER_TRANSACTION, "CmpltTO", "Completion Timeout", ""),
	UNC(15, AER_TRANSACTION, "CmpltAbrt", "Completer Abort", ""),
	UNC(16, AER_TRANSACTION, "UnxCmplt", "Unexpected Completion", ""),
	UNC(17, AER_TRANSACTION, "RxOF", "Receiver Overflow", ""),
	UNC(18, AER_TRANSACTION, "MalfTLP", "Malformed TLP", ""),
	UNC(19, AER_TRANSACTION, "ECRC", "ECRC", ""),
	UNC(20, AER_TRANSACTION, "UnsupReq", "Unsupported Request", ""),
	UNC(21, AER_TRANSACTION, "ACSViol", "ACS Violation", ""),
	UNC(22, AER_TRANSACTION, "UncorrIntErr", "Uncorrectable Internal Error", "Uncorrected Internal"),
	UNC(23, AER_TRANSACTION, "BlockedTLP", "MC Blocked TLP", ""),
	UNC(24, AER_TRANSACTION, "AtomicOpBlocked", "AtomicOp Egress Blocked", ""),
	UNC(25, AER_TRANSACTION, "TLPBlockedErr", "TLP Prefix Blocked Error", "TLP Prefix Blocked"),
	UNC(26, AER_TRANSACTION, "PoisonTLPBlocked", "Poisoned TLP Egress Blocked", "Poisoned TLP Egrees Blocked"),
};

const struct aer_bit *
aer_bit(bool correctable, unsigned bit)
{
	for (size_t i = 0; i < NELEM(bits); i++)
		if (bits[i].correctable == correctable && bits[i].bit == bit)
			return &bits[i];
	return NULL;
}

const struct aer_bit *
aer_bit_named(struct str name)
{
	for (size_t i = 0; i < NELEM(bits); i++)
		if (str_ieq(name, bits[i].name) || str_ieq(name, bits[i].old) ||
		    (bits[i].daemon.n && str_ieq(name, bits[i].daemon)))
			return &bits[i];
	return NULL;
}

uint32_t
aer_known(bool correctable)
{
	uint32_t known = 0;

	for (size_t i = 0; i < NELEM(bits); i++)
		if (bits[i].correctable == correctable)
			known |= UINT32_C(1) << bits[i].bit;
	return known;
}

/* ---- words ---- */

/* Words of kernels up to 6.7 and later, the tracepoint, CPER and others; a prefix of
 * another word comes after it. */
static const struct {
	struct str word;
	enum aer_severity severity;
} severities[] = {
	{STR_INIT("Corrected"), AER_CORRECTED},
	{STR_INIT("Correctable"), AER_CORRECTED},
	{STR_INIT("Uncorrected (Non-Fatal)"), AER_NONFATAL},
	{STR_INIT("Uncorrectable (Non-Fatal)"), AER_NONFATAL},
	{STR_INIT("Uncorrected (Fatal)"), AER_FATAL},
	{STR_INIT("Uncorrectable (Fatal)"), AER_FATAL},
	{STR_INIT("Uncorrected, non-fatal"), AER_NONFATAL},
	{STR_INIT("uncorrected_nonfatal"), AER_NONFATAL},
	{STR_INIT("uncorrectable_nonfatal"), AER_NONFATAL},
	{STR_INIT("uncorrected_fatal"), AER_FATAL},
	{STR_INIT("uncorrectable_fatal"), AER_FATAL},
	{STR_INIT("Uncorrected"), AER_UNCORRECTED},
	{STR_INIT("Uncorrectable"), AER_UNCORRECTED},
	{STR_INIT("recoverable"), AER_NONFATAL},
	{STR_INIT("nonfatal"), AER_NONFATAL},
	{STR_INIT("non-fatal"), AER_NONFATAL},
	{STR_INIT("non_fatal"), AER_NONFATAL},
	{STR_INIT("fatal"), AER_FATAL},
};

bool
aer_severity_of(struct str word, enum aer_severity *severity)
{
	word = str_trim(word);
	for (size_t i = 0; i < NELEM(severities); i++)
		if (str_ieq(word, severities[i].word)) {
			*severity = severities[i].severity;
			return true;
		}
	return false;
}

static bool
eat_severity(struct str *s, enum aer_severity *severity)
{
	for (size_t i = 0; i < NELEM(severities); i++)
		if (str_ieq(str_head(*s, severities[i].word.n), severities[i].word)) {
			*severity = severities[i].severity;
			*s = str_from(*s, severities[i].word.n);
			return true;
		}
	return false;
}

struct str
aer_severity_name(enum aer_severity severity)
{
	return severity == AER_FATAL ? S("fatal") : severity >= AER_UNCORRECTED ? S("nonfatal") : S("corrected");
}

static const struct {
	struct str name, word;
	enum aer_layer layer;
} layers[] = {
	{STR_INIT("Physical Layer"), STR_INIT("physical"), AER_PHYSICAL},
	{STR_INIT("Data Link Layer"), STR_INIT("data link"), AER_LINK},
	{STR_INIT("Transaction Layer"), STR_INIT("transaction"), AER_TRANSACTION},
	{STR_INIT("Inaccessible"), STR_INIT("Unaccessible"), AER_INACCESSIBLE},
	/* as attributes spell them */
	{STR_INIT("physical_layer"), STR_INIT("phy"), AER_PHYSICAL},
	{STR_INIT("data_link_layer"), STR_INIT("data_link"), AER_LINK},
	{STR_INIT("transaction_layer"), STR_INIT("transaction"), AER_TRANSACTION},
};

bool
aer_layer_of(struct str word, enum aer_layer *layer)
{
	word = str_trim(word);
	for (size_t i = 0; i < NELEM(layers); i++)
		if (str_ieq(word, layers[i].name) || str_ieq(word, layers[i].word)) {
			*layer = layers[i].layer;
			return true;
		}
	return false;
}

struct str
aer_layer_name(enum aer_layer layer)
{
	for (size_t i = 0; i < NELEM(layers); i++)
		if (layers[i].layer == layer)
			return layers[i].name;
	return (struct str){0};
}

/* ---- lines ---- */

/* Remove at most 8 hexadecimal digits, optionally after "0x", from the start of *s. */
static bool
eat_hex(struct str *s, uint32_t *v)
{
	struct str t = *s;
	uint64_t u, all = 0;
	size_t n = 0;

	str_eat(&t, S("0x"));
	while (n < t.n && num_hex((struct str){t.p + n, 1}, &u)) {
		all = all << 4 | u;
		if (++n > 8)
			return false;
	}
	if (n == 0)
		return false;
	*v = (uint32_t)all;
	*s = str_from(t, n);
	return true;
}

/* A requester id: bus, device, function in 16 bits, in the domain of near. */
static struct pci
requester(uint32_t id, struct pci near)
{
	return (struct pci){
		.domain = near.domain,
		.bus = (uint8_t)(id >> 8),
		.dev = id >> 3 & 0x1f,
		.fn = id & 7,
		.known = 1,
	};
}

/* Set the source of an error reported by port l->dev: the port itself, or another
 * device, whose port it then is. */
static void
name_source(struct aer_line *l, struct pci source)
{
	if (pci_cmp(l->dev, source) == 0)
		return;
	l->port = l->dev;
	l->dev = source;
	l->driver = AER_DRIVER_OTHER; /* the line's driver was the port's */
}

/* "Multiple Corrected error received: 0000:03:04.0", "… received: id=00e0",
 * "Correctable error message received from 0000:03:04.0" */
static bool
announced(struct str s, struct aer_line *l)
{
	struct pci source;
	uint32_t id;

	str_eat(&s, S("Multiple "));
	str_eat_blanks(&s);
	if (!eat_severity(&s, &l->severity))
		return false;
	str_eat_blanks(&s);
	if (!str_eat(&s, S("error ")))
		return false;
	if (!str_eat(&s, S("received:")) && !str_eat(&s, S("message received from")))
		return false;
	str_eat_blanks(&s);
	if (str_eat(&s, S("id="))) {
		if (!eat_hex(&s, &id) || id > 0xffff)
			return false;
		source = requester(id, l->dev);
	} else if (!pci_eat(&s, &source)) {
		return false;
	}
	l->part = AER_ANNOUNCED;
	name_source(l, source);
	return true;
}

/*
 * ", status:0x1f01 source:0x3b00", "status:0x1f05, ERR_FATAL received from
 * 0000:3b:00.0", "status:0x1f01: unmasked uncorrectable error detected".
 * Bits 2:1 of the status: an error of the port itself, ERR_NONFATAL, ERR_FATAL, or see
 * bits 6:5, where 1 is a software trigger.
 */
static bool
contained(struct str s, struct aer_line *l)
{
	static const struct str source = STR_INIT("source:"), from = STR_INIT("received from ");
	uint32_t status, id;
	struct pci p;
	size_t at;

	str_eat(&s, S(","));
	str_eat_blanks(&s);
	if (!str_eat(&s, S("status:")) || !eat_hex(&s, &status))
		return false;
	l->part = AER_CONTAINED;
	l->severity = AER_UNCORRECTED;
	switch (status >> 1 & 3) {
	case 1:
		l->severity = AER_NONFATAL;
		break;
	case 2:
		l->severity = AER_FATAL;
		break;
	case 3:
		if ((status >> 5 & 3) == 1)
			return false;
		break;
	}
	at = str_find(s, source);
	if (at < s.n) {
		s = str_from(s, at + source.n);
		if (l->severity != AER_UNCORRECTED && eat_hex(&s, &id) && id && id <= 0xffff)
			name_source(l, requester(id, l->dev));
		return true;
	}
	at = str_find(s, from);
	s = str_from(s, at + from.n);
	if (pci_eat(&s, &p))
		name_source(l, p);
	return true;
}

/* "severity=Corrected, type=Physical Layer, (Receiver ID)" */
static bool
head(struct str s, struct aer_line *l)
{
	struct str word;

	l->part = AER_HEAD;
	if (!eat_severity(&s, &l->severity))
		return false;
	str_eat(&s, S(","));
	str_eat_blanks(&s);
	if (str_eat(&s, S("type=")) && str_cut(&s, ',', &word))
		aer_layer_of(word, &l->layer);
	return true;
}

/* "device [8086:a110] error status/mask=00001000/00002000" */
static bool
status(struct str s, struct aer_line *l)
{
	uint32_t vendor, device;

	if (!eat_hex(&s, &vendor) || vendor > 0xffff || !str_eat(&s, S(":")) || !eat_hex(&s, &device) ||
	    !str_eat(&s, S("]")))
		return false;
	str_eat_blanks(&s);
	if (!str_eat(&s, S("error status/mask=")) || !eat_hex(&s, &l->status) || !str_eat(&s, S("/")) ||
	    !eat_hex(&s, &l->mask))
		return false;
	l->vendor = (uint16_t)vendor;
	l->part = AER_STATUS;
	return true;
}

/* "0x00000041, aer_mask: 0x0000e000" */
static bool
status_mask(struct str s, struct str mask, struct aer_line *l)
{
	str_eat_blanks(&s);
	if (!eat_hex(&s, &l->status) || !str_eat(&s, S(",")))
		return false;
	str_eat_blanks(&s);
	if (!str_eat(&s, mask))
		return false;
	str_eat_blanks(&s);
	return eat_hex(&s, &l->mask);
}

/* Bits of the names in a comma-separated list; only of the first one's class. */
static uint32_t
named_bits(struct str list, bool *correctable)
{
	struct str word;
	uint32_t set = 0;

	while (str_cut(&list, ',', &word)) {
		const struct aer_bit *b = aer_bit_named(str_trim(word));

		if (b && (!set || b->correctable == *correctable)) {
			set |= UINT32_C(1) << b->bit;
			*correctable = b->correctable;
		}
	}
	return set;
}

/* "severity=Corrected, Receiver Error, TLP Header=Not available", bits also
 * separated by "|" */
static bool
traced(struct str s, struct aer_line *l)
{
	struct str word;
	uint32_t set;
	bool correctable = false;

	l->part = AER_TRACED;
	if (!str_eat(&s, S("severity=")) || !eat_severity(&s, &l->severity))
		return false;
	while (str_cut(&s, '|', &word)) {
		set = named_bits(word, &correctable);
		if (correctable == (l->severity == AER_CORRECTED))
			l->status |= set;
	}
	if (correctable != (l->severity == AER_CORRECTED))
		l->status = 0;
	return true;
}

/* rasdaemon: "(name - vendor_id: 0x10de device_id: 0x2330) Receiver Error,
 * Bad TLP Corrected" */
static bool
daemon_line(struct str s, struct aer_line *l)
{
	static const struct str id = STR_INIT("vendor_id: 0x");
	struct str in, list;
	uint32_t vendor;
	bool correctable = false;
	size_t at;

	if (!str_eat_to(&s, ')', &in))
		return false;
	at = str_find(in, id);
	in = str_from(in, at + id.n);
	if (!eat_hex(&in, &vendor) || vendor > 0xffff)
		return false;
	l->part = AER_TRACED;
	l->vendor = (uint16_t)vendor;
	s = str_trim(s);
	for (size_t i = 0; i < NELEM(severities); i++)
		if (str_ends(s, severities[i].word)) {
			l->severity = severities[i].severity;
			list = str_trim(str_head(s, s.n - severities[i].word.n));
			at = str_find(list, S(" TLP Header:"));
			l->status = named_bits(str_head(list, at), &correctable);
			if (correctable != (l->severity == AER_CORRECTED))
				l->status = 0;
			return true;
		}
	return false;
}

/* "10de, device_id: 0x2330" */
static bool
cper_vendor(struct str s, struct aer_line *l)
{
	uint32_t vendor;

	if (!eat_hex(&s, &vendor) || vendor > 0xffff)
		return false;
	l->vendor = (uint16_t)vendor;
	return true;
}

/* "030200", or the other way round "000203": base class 3 */
static bool
is_display(struct str s)
{
	enum { DISPLAY = 3 };
	uint32_t class;

	return s.n >= 6 && eat_hex(&s, &class) && (class >> 16 == DISPLAY || (class & 0xff0000) + (class & 0xff) == DISPLAY);
}

/* The text after "{1}[Hardware Error]:". */
static bool
cper(struct str s, struct aer_line *l)
{
	uint64_t n;

	str_eat_blanks(&s);
	if (str_eat(&s, S("device_id: ")))
		return l->part = AER_CPER_DEVICE, pci_eat(&s, &l->dev);
	if (str_eat(&s, S("vendor_id: 0x")))
		return l->part = AER_CPER_VENDOR, cper_vendor(s, l);
	if (str_eat(&s, S("class_code: ")))
		return l->part = AER_CPER_DISPLAY, is_display(s);
	/* since 6.13 both are printed for any error; the one without a bit is ignored */
	if (str_eat(&s, S("aer_cor_status:"))) {
		l->part = AER_CPER_STATUS;
		l->severity = AER_CORRECTED;
		return status_mask(s, S("aer_cor_mask:"), l) && l->status;
	}
	if (str_eat(&s, S("aer_uncor_status:"))) {
		l->part = AER_CPER_STATUS;
		l->severity = AER_UNCORRECTED;
		return status_mask(s, S("aer_uncor_mask:"), l) && l->status;
	}
	l->part = AER_CPER_SEVERITY;
	if (str_eat(&s, S("event severity: ")))
		return eat_severity(&s, &l->severity);
	if (!str_eat(&s, S("Error ")) || !num_eat(&s, &n) || !str_eat(&s, S(", type: ")))
		return false;
	return eat_severity(&s, &l->severity);
}

/* "aer_ratelimit: 30 callbacks suppressed", since 6.16 */
static bool
suppressed(struct str s, struct aer_line *l)
{
	uint64_t n;

	str_eat_blanks(&s);
	if (!num_eat(&s, &n) || !str_eq(s, S(" callbacks suppressed")))
		return false;
	l->part = AER_SUPPRESSED;
	l->status = n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
	return n > 0;
}

/* "{1}[Hardware Error]:", with the number or without */
static bool
eat_cper(struct str *s, uint32_t *n)
{
	struct str t = *s;
	uint64_t u = 0;

	if (str_eat(&t, S("{")) && (!num_eat(&t, &u) || u > UINT32_MAX || !str_eat(&t, S("}"))))
		return false;
	if (!str_eat(&t, S("[Hardware Error]:")))
		return false;
	*n = (uint32_t)u;
	*s = t;
	return true;
}

static bool
is_alnum(char c)
{
	return char_digit(c) || char_letter(c);
}

/* "pcieport 0000:00:1c.0:", "0000:04:00.0:", "aer 0000:00:1c.0:pcie002:" */
static bool
eat_device(struct str *s, struct aer_line *l)
{
	struct str t = *s, driver = {0};

	if (!pci_eat(&t, &l->dev)) {
		if (!str_eat_to(&t, ' ', &driver) || driver.n > 40)
			return false;
		str_eat_blanks(&t);
		if (!pci_eat(&t, &l->dev))
			return false;
	}
	if (str_eat(&t, S(":pcie"))) {
		driver = S("pcieport");
		while (t.n && is_alnum(*t.p))
			t = str_from(t, 1);
	}
	if (str_eq(driver, S("pcieport")))
		l->driver = AER_DRIVER_PORT;
	else if (str_eq(driver, S("nvidia")))
		l->driver = AER_DRIVER_NVIDIA;
	else if (str_eq(driver, S("nvidia-nvswitch")))
		l->driver = AER_DRIVER_NVSWITCH;
	if (!str_eat(&t, S(":")) && !str_starts(t, S(" (")) && !str_starts(t, S(" PCIe Bus")) &&
	    !str_starts(t, S(" CXL Bus")))
		return false;
	*s = t;
	return true;
}

static bool
line(struct str s, struct aer_line *l, struct stamped *known)
{
	bool device, trace, prefix;
	struct stamps stamps;
	struct str layer;

	stamps_eat_known(&s, &stamps, known);
	*l = (struct aer_line){.t = stamps.at.kind == STAMP_FULL ? stamps.at.ns : NO_TIME, .host = stamps.host};
	if (stamps.program)
		return false;
	l->text = str_trim(s);
	if (eat_cper(&s, &l->cper))
		return cper(s, l);
	if (str_eat(&s, S("aer_ratelimit:")))
		return suppressed(str_trim(s), l);
	trace = str_eat(&s, S("aer_event: "));
	device = eat_device(&s, l);
	str_eat_blanks(&s);
	if (device && str_eat(&s, S("(")))
		return daemon_line(s, l);
	prefix = str_eat(&s, S("AER:"));
	str_eat_blanks(&s);
	if (str_eat(&s, S("device [")))
		return status(s, l);
	if (!device)
		return false;
	if (str_eat(&s, S("PCIe Bus Error: ")) || str_eat(&s, S("CXL Bus Error: ")))
		return trace ? traced(s, l) : str_eat(&s, S("severity=")) && head(s, l);
	if (str_eat(&s, S("aer_status:")))
		return l->part = AER_STATUS, status_mask(s, S("aer_mask:"), l);
	if (str_eat(&s, S("aer_uncor_severity:")))
		return l->part = AER_UNCOR, str_eat_blanks(&s), eat_hex(&s, &l->status);
	if (str_eat(&s, S("aer_layer=")))
		return l->part = AER_LAYER, str_cut(&s, ',', &layer) && aer_layer_of(layer, &l->layer);
	if (prefix)
		return announced(s, l);
	if (str_eat(&s, S("DPC")) && (str_eat(&s, S(": ")) || str_eat(&s, S(" "))) &&
	    str_eat(&s, S("containment event")))
		return contained(s, l);
	return false;
}

static bool
next_line(struct str *message, struct aer_line *l, struct stamped *known)
{
	struct str s;

	while (str_cut(message, '\n', &s))
		if (line(s, l, known))
			return true;
	return false;
}

bool
aer_next(struct str *message, struct aer_line *l)
{
	return next_line(message, l, &(struct stamped){0});
}

/* ---- records ---- */

static void
add(struct text *t, const struct aer_line *l)
{
	events_add(t->ev, EVENT_AER,
		   &(struct aer){
			   .e = {
				   .t = origin_time(t->o, l->t),
				   .node = events_node(t->ev, origin_node(t->o, l->host)),
				   .uid = events_id(t->ev, t->o->uid),
			   },
			   .dev = l->dev,
			   .port = l->port,
			   .status = l->status,
			   .mask = l->mask,
			   .cper = l->cper,
			   .text = events_note(t->ev, l->text),
			   .boot = events_id(t->ev, t->o->boot),
			   .vendor = l->vendor,
			   .part = (uint8_t)l->part,
			   .severity = (uint8_t)l->severity,
			   .layer = (uint8_t)l->layer,
			   .driver = (uint8_t)l->driver,
		   });
}

static bool
next(struct text *t)
{
	struct aer_line l;

	if (t->o && t->o->program)
		return false;
	if (!next_line(&t->rest, &l, t->known))
		return false;
	if (!l.dev.known && l.part == AER_STATUS)
		l.dev = t->named;
	t->named = l.dev;
	/* a continuation line without a known device is useless */
	if (t->ev && (l.dev.known || l.part <= AER_CPER_DEVICE))
		add(t, &l);
	return true;
}

static const struct word words[] = {
	{STR_INIT("AER:"), 1u << EVENT_AER},
	{STR_INIT("Bus Error: severity="), 1u << EVENT_AER},
	{STR_INIT("error status"), 1u << EVENT_AER},
	{STR_INIT("aer_"), 1u << EVENT_AER},
	{STR_INIT("containment event"), 1u << EVENT_AER},
	{STR_INIT("[Hardware Error]"), 1u << EVENT_AER},
	{STR_INIT("vendor_id: 0x"), 1u << EVENT_AER},
	{.gives = 0},
}, claims[] = {
	{STR_INIT("PCIe Bus Error: severity="), 1u << EVENT_AER},
	{STR_INIT("error status/mask="), 1u << EVENT_AER},
	{.gives = 0},
};

const struct text_reader aer_text = {
	.next = next,
	.gives = 1u << EVENT_AER,
	.words = words,
	.claims = claims,
};
