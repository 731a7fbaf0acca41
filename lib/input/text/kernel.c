#include "input/text/kernel.h"

#include "base/num.h"
#include "input/text/stamps.h"
#include "input/text/text.h"

static const struct str reset_marker = STR_INIT("GPU reset executed: ");

/* ---- lines ---- */

/* Does a code end here, at ", …" or the end of the line? */
static bool
code_ends(struct str s)
{
	return s.n == 0 || (!char_letter(*s.p) && !char_digit(*s.p));
}

static bool
eat_code(struct str *s, uint32_t *code)
{
	uint64_t n;

	if (!num_eat(s, &n) || n == 0 || n > 999999 || !code_ends(*s))
		return false;
	*code = (uint32_t)n;
	return true;
}

/* "(PCI:0000:01:00 GPU-I:05): " or, in old drivers, "(0000:03:00): "; one fixture has
 * no parentheses. */
static bool
eat_address(struct str *s, struct pci *gpu)
{
	struct str in;
	bool paren = str_eat(s, S("("));

	if (!pci_eat(s, gpu))
		return false;
	if (paren && (!str_eat_to(s, ')', &in) || (in.n && !str_starts(in, S(" GPU-I:")))))
		return false;
	if (!str_eat(s, S(":")))
		return false;
	str_eat_blanks(s);
	return true;
}

static bool
xid(struct str s, struct kernel *k)
{
	/* the oldest drivers name no GPU: "NVRM: Xid: 13, ..." */
	if (str_eat(&s, S(": ")))
		return k->kind = KERNEL_XID, eat_code(&s, &k->code);
	str_eat_blanks(&s);
	if (!eat_address(&s, &k->gpu) || !eat_code(&s, &k->code))
		return false;
	k->kind = KERNEL_XID;
	if (k->code == 154)
		k->recovered = str_eq(kernel_action(s), S("None"));
	k->nonfatal = kernel_nonfatal(k->code, s);
	return true;
}

static bool
sxid(struct str s, struct kernel *k)
{
	uint64_t n;

	if (!num_eat(&s, &n) || !str_eat(&s, S(": SXid ")) || !eat_address(&s, &k->gpu) ||
	    !eat_code(&s, &k->code))
		return false;
	k->kind = KERNEL_SXID;
	k->fatal = str_starts(s, S(", Fatal"));
	k->detail = str_starts(s, S(", Severity")) || str_starts(s, S(", Data"));
	return true;
}

/* "GPU reset executed: GPU-…, success: true"; older tools omit success */
static bool
reset(struct str s, struct kernel *k)
{
	size_t n = uuid_len(s);

	k->kind = KERNEL_RESET;
	k->uuid = str_head(s, n);
	return n && !str_has(s, S("success: false"));
}

/* "GPU Board Serial Number: 1653723052734", for some boards "[N/A]" or empty; in old
 * drivers "GPU is on Board 0324113028123." */
static bool
serial(struct str s, struct kernel *k)
{
	k->kind = KERNEL_GPU;
	k->serial = serial_of(s);
	return k->serial.n != 0;
}

static bool
nvrm(struct str s, struct kernel *k)
{
	static const struct str off = STR_INIT("fallen off the bus");
	size_t n;

	str_eat_blanks(&s);
	if (str_eat(&s, S("Xid")))
		return xid(s, k);
	if (str_starts(s, S("loading NVIDIA"))) {
		k->kind = KERNEL_LOAD;
		return true;
	}
	k->code = 79;
	k->code_implied = true;
	k->kind = KERNEL_XID;
	if (str_starts(s, off))
		return true;
	if (str_eat(&s, S("The NVIDIA GPU "))) {
		if (!pci_eat(&s, &k->gpu))
			return false;
		if (!str_has(s, off))
			k->kind = KERNEL_NAMED;
		return true;
	}
	if (!str_eat(&s, S("GPU ")))
		return false;
	if (str_eat(&s, S("Board Serial Number:")) || str_eat(&s, S("is on Board ")))
		return serial(s, k);
	str_eat(&s, S("at "));
	if (!pci_eat(&s, &k->gpu) || !str_eat(&s, S(": ")))
		return false;
	if (str_starts(s, S("GPU has fallen off the bus")))
		return true;
	if (str_eat(&s, S("GPU serial number is ")))
		return serial(s, k);
	n = uuid_len(s);
	k->uuid = str_head(s, n);
	k->kind = KERNEL_GPU;
	return n != 0;
}

/* Read one line of a message; false if it is not one of ours. */
static bool
line(struct str s, struct kernel *k, struct stamped *known)
{
	struct stamps stamps;

	stamps_eat_known(&s, &stamps, known);
	*k = (struct kernel){.t = stamps.at.kind == STAMP_FULL ? stamps.at.ns : NO_TIME, .host = stamps.host, .text = s};
	/* other programs quote these lines; but reset tools log as themselves */
	if (stamps.program && !str_starts(s, reset_marker))
		return false;
	if (str_eat(&s, S("NVRM:")))
		return nvrm(s, k);
	if (str_eat(&s, S("nvidia-nvswitch")))
		return sxid(s, k);
	if (str_eat(&s, reset_marker))
		return reset(s, k);
	k->kind = KERNEL_LOAD;
	k->start = true;
	return str_starts(s, S("Linux version "));
}

static bool
next_line(struct str *message, struct kernel *k, struct stamped *known)
{
	struct str s;

	while (str_cut(message, '\n', &s)) {
		struct str rest = *message, more;

		if (!line(s, k, known))
			continue;
		/* a wrapped line continues in indented lines that do not begin another */
		while (str_starts(rest, S(" ")) && str_cut(&rest, '\n', &more)) {
			struct kernel other;
			struct str t = str_trim(more);

			if (line(t, &other, known) || str_starts(other.text, S("NVRM:")))
				break;
			k->text.n = (size_t)(more.p + more.n - k->text.p);
			*message = rest;
		}
		k->text = str_trim(k->text);
		return true;
	}
	return false;
}

bool
kernel_next(struct str *message, struct kernel *k)
{
	return next_line(message, k, &(struct stamped){0});
}

/* The next word, up to a blank. */
static bool
next_word(struct str *s, struct str *word)
{
	str_eat_blanks(s);
	return s->n && str_cut(s, ' ', word);
}

/* "(0x0409a0c2" or " 0x00000008)" */
static bool
next_register(struct str *s, uint64_t *v)
{
	struct str word;

	if (!next_word(s, &word))
		return false;
	str_eat(&word, S("("));
	if (str_ends(word, S(")")))
		word.n--;
	return str_eat(&word, S("0x")) && num_hex(word, v);
}

bool
kernel_nonfatal(uint32_t code, struct str s)
{
	struct str last = {0}, word, says = {0}, registers = {0};
	uint64_t info = 0, status = 0;

	if (code < 144 || code > 150)
		return false;
	/* "RLW_RXPIPE Nonfatal XC0 i0 Link 13 (0x0409a0c2 0x00000008 …)" */
	for (; next_word(&s, &word); last = word)
		if (str_starts(word, S("XC"))) {
			says = last;
			registers = s;
		}
	if (!str_ieq(says, S("Nonfatal")) && !str_ieq(says, S("Non-fatal")))
		return false;
	registers = str_from(registers, str_find(registers, S("(0x")));
	if (code != 145 || !next_register(&registers, &info) || !next_register(&registers, &status))
		return true;
	return !(status & 7) || ((info & 0x7ff) != 0x4c2 && (info & 0xff) != 0x86);
}

uint32_t
kernel_previous(struct str s)
{
	static const struct str by = STR_INIT("caused by previous Xid ");
	uint64_t code;

	s = str_from(s, str_find(s, by));
	return str_eat(&s, by) && num_eat(&s, &code) && code <= 999999 ? (uint32_t)code : 0;
}

uint32_t
kernel_action_number(struct str s)
{
	static const struct str to = STR_INIT(" to 0x");
	struct str digits;
	uint64_t n;

	s = str_from(s, str_find(s, S("recovery action changed")));
	s = str_from(s, str_find(s, to));
	return str_eat(&s, to) && str_cut(&s, ' ', &digits) && num_hex(digits, &n) && n <= UINT32_MAX ? (uint32_t)n : 0;
}

struct str
kernel_action(struct str s)
{
	size_t open;

	s = str_trim(s);
	if (!str_has(s, S("recovery action changed")) || !str_ends(s, S(")")))
		return (struct str){0};
	for (open = s.n; open && s.p[open - 1] != '('; open--)
		;
	return (struct str){s.p + open, s.n - open - 1};
}

/* ---- records ---- */

static void
add_xid(struct text *t, const struct event *e, const struct kernel *k)
{
	events_add(t->ev, EVENT_XID,
		   &(struct xid){
			   .e = *e,
			   .gpu = k->gpu.known ? k->gpu : t->named,
			   .code = k->code & XID_CODE,
			   .text = events_note(t->ev, k->text),
			   .boot = events_id(t->ev, t->o->boot),
			   .nvswitch = k->kind == KERNEL_SXID,
			   .fatal = k->fatal,
			   .detail = k->detail,
			   .code_implied = k->code_implied,
			   .recovered = k->recovered,
			   .nonfatal = k->nonfatal,
			   .concluded = t->o->concluded,
		   });
}

static void
add(struct text *t, const struct kernel *k)
{
	struct event e = {
		.t = origin_time(t->o, k->t),
		.node = events_node(t->ev, origin_node(t->o, k->host)),
		.uid = events_id(t->ev, t->o->uid),
	};
	uint32_t uuid = events_id(t->ev, k->uuid);

	switch (k->kind) {
	case KERNEL_XID:
	case KERNEL_SXID:
		add_xid(t, &e, k);
		break;
	case KERNEL_NAMED:
		t->named = k->gpu;
		/* fallthrough */
	case KERNEL_GPU:
		events_add(t->ev, EVENT_GPU,
			   &(struct gpu){.e = e, .gpu = k->gpu, .uuid = uuid, .index = -1, .kernel = 1,
					 .serial = events_id(t->ev, k->serial)});
		break;
	case KERNEL_LOAD:
	case KERNEL_RESET:
		events_add(t->ev, EVENT_RECOVERY,
			   &(struct recovery){
				   .e = e,
				   .uuid = uuid,
				   .boot = events_id(t->ev, t->o->boot),
				   .reboot = k->kind == KERNEL_LOAD ? 1 + k->start : 0,
			   });
		break;
	}
}

static bool
next(struct text *t)
{
	struct kernel k;

	/* other programs quote these lines; but reset tools log as themselves */
	if (t->o && t->o->program && !str_starts(t->rest, reset_marker))
		return false;
	if (!next_line(&t->rest, &k, t->known))
		return false;
	if (t->ev)
		add(t, &k);
	return true;
}

static const struct word words[] = {
	{STR_INIT("NVRM:"), 1u << EVENT_XID | 1u << EVENT_GPU},
	{STR_INIT(": SXid "), 1u << EVENT_XID},
	{STR_INIT("loading NVIDIA"), 1u << EVENT_RECOVERY},
	{STR_INIT("Linux version "), 1u << EVENT_RECOVERY},
	{STR_INIT("GPU reset executed"), 1u << EVENT_RECOVERY},
	{.gives = 0},
}, claims[] = {
	{STR_INIT("NVRM: Xid ("), 1u << EVENT_XID},
	{STR_INIT(": SXid ("), 1u << EVENT_XID},
	{.gives = 0},
};

const struct text_reader kernel_text = {
	.next = next,
	.gives = 1u << EVENT_XID | 1u << EVENT_GPU | 1u << EVENT_RECOVERY,
	.words = words,
	.claims = claims,
};
