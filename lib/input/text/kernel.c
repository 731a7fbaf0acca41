#include "input/text/kernel.h"

#include "base/num.h"
#include "input/text/text.h"

static const struct str reset_marker = STR_INIT("GPU reset executed: ");

static bool
is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

static bool
is_letter(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}

static void
eat_blanks(struct str *s)
{
	while (s->n && (*s->p == ' ' || *s->p == '\t'))
		*s = str_from(*s, 1);
}

/* Letters at the start of *s. */
static struct str
eat_word(struct str *s)
{
	struct str w = {s->p, 0};

	while (w.n < s->n && is_letter(s->p[w.n]))
		w.n++;
	*s = str_from(*s, w.n);
	return w;
}

/* ---- stamps ---- */

/* "[  123.456789]", "[    T4]", "[Sun Feb 23 16:24:18 2025]", "[...]" */
static bool
eat_bracket(struct str *s)
{
	struct str t = *s, in;
	bool digit;

	if (!str_eat(&t, S("[")) || !str_cut(&t, ']', &in) || !t.p || in.n > 40)
		return false;
	digit = str_eq(in, S("..."));
	for (size_t i = 0; i < in.n; i++)
		digit |= is_digit(in.p[i]);
	if (digit)
		*s = t;
	return digit;
}

/* "<3>" */
static bool
eat_level(struct str *s)
{
	struct str t = *s;
	uint64_t n;

	if (!str_eat(&t, S("<")) || !num_eat(&t, &n) || !str_eat(&t, S(">")))
		return false;
	*s = t;
	return true;
}

/* "kern  :warn  : " */
static bool
eat_facility(struct str *s)
{
	struct str t = *s;

	for (int i = 0; i < 2; i++) {
		if (eat_word(&t).n == 0)
			return false;
		eat_blanks(&t);
		if (!str_eat(&t, S(":")))
			return false;
		eat_blanks(&t);
	}
	*s = t;
	return true;
}

/* "4,1834,11706732233,-;" as /dev/kmsg has it */
static bool
eat_kmsg(struct str *s)
{
	struct str t = *s, flags;
	uint64_t n;

	for (int i = 0; i < 3; i++)
		if (!num_eat(&t, &n) || !str_eat(&t, S(",")))
			return false;
	if (!str_cut(&t, ';', &flags) || !t.p || flags.n > 20)
		return false;
	*s = t;
	return true;
}

/* "Aug 10 15:36:05 " */
static bool
eat_syslog(struct str *s)
{
	struct str t = *s;
	uint64_t n;

	if (eat_word(&t).n != 3)
		return false;
	eat_blanks(&t);
	if (!num_eat(&t, &n) || !str_eat(&t, S(" ")) || !num_eat(&t, &n) || !str_eat(&t, S(":")) ||
	    !num_eat(&t, &n) || !str_eat(&t, S(":")) || !num_eat(&t, &n) || !str_eat(&t, S(" ")))
		return false;
	*s = t;
	return true;
}

/* "kernel: " or, after a stamp, "gpu-node-a kernel: " */
static bool
eat_kernel(struct str *s, bool stamped, struct str *host)
{
	struct str t = *s, name;

	if (str_eat(s, S("kernel:")))
		return true;
	if (!stamped || !str_cut(&t, ' ', &name) || !t.p || name.n == 0)
		return false;
	eat_blanks(&t);
	if (!str_eat(&t, S("kernel:")))
		return false;
	*host = name;
	*s = t;
	return true;
}

/* "1737434504.283302 " as journalctl -o short-unix has it; what is below a
 * year counts from boot */
static bool
eat_seconds(struct str *s, int64_t *at)
{
	struct str t = *s;
	uint64_t n, fraction;

	if (!num_eat(&t, &n) || !str_eat(&t, S(".")) || !num_eat(&t, &fraction) || !str_starts(t, S(" ")))
		return false;
	if (n >= 100000000)
		time_epoch((struct str){s->p, (size_t)(t.p - s->p)}, 0, at);
	*s = t;
	return true;
}

/* A date and time without a zone, which say when only to who was there. */
static bool
eat_undated(struct str *s)
{
	struct str t = *s, word;
	int64_t ns;

	for (size_t i = 0; i < 2; i++) {
		if (!str_cut(&t, ' ', &word) || !t.p)
			return false;
		if (time_parse((struct str){s->p, (size_t)(word.p + word.n - s->p)}, &ns)) {
			*s = t;
			return true;
		}
	}
	return false;
}

/* "Wed 2026-03-04 05:06:07 UTC " as journalctl -o short-full has it; of other
 * zones it has the name alone, which says no time */
static bool
eat_full(struct str *s, int64_t *at)
{
	struct str t = *s;

	if (eat_word(&t).n != 3 || !str_eat(&t, S(" ")))
		return false;
	if (!time_eat(&t, at) && (!eat_undated(&t) || eat_word(&t).n == 0))
		return false;
	*s = t;
	return true;
}

/* "1 2026-03-04T05:06:07Z gpu-7 kernel - - - ", behind "<4>" (RFC 5424) */
static bool
eat_rfc5424(struct str *s, int64_t *at, struct str *host)
{
	struct str t = *s, name, app, word;
	int64_t ns;

	if (!str_eat(&t, S("1 ")) || !time_eat(&t, &ns) || !str_eat(&t, S(" ")) || !str_cut(&t, ' ', &name) ||
	    !str_cut(&t, ' ', &app) || !str_eq(app, S("kernel")))
		return false;
	for (int i = 0; i < 3; i++) /* process, message, and no structured data */
		if (!str_cut(&t, ' ', &word) || !t.p || !str_eq(word, S("-")))
			return false;
	str_eat(&t, S("\xef\xbb\xbf"));
	*at = ns;
	*host = name;
	*s = t;
	return true;
}

/* "stdout F " as container runtimes log behind the time */
static bool
eat_stream(struct str *s)
{
	struct str t = *s;

	if ((!str_eat(&t, S("stdout ")) && !str_eat(&t, S("stderr "))) || (!str_eat(&t, S("F ")) && !str_eat(&t, S("P "))))
		return false;
	*s = t;
	return true;
}

/* The longest stamp: a host name has 255 bytes (RFC 1035). */
enum { STAMP_MAX = 512 };

void
kernel_stamps(struct str *s, int64_t *at, struct str *host)
{
	bool stamped = false;

	for (;;) {
		struct str head;
		size_t n;

		eat_blanks(s);
		if (s->n == 0 || str_starts(*s, S("NVRM:")))
			return;
		/* each eater may look to the end: of a stamp, not of the line */
		head = str_head(*s, STAMP_MAX);
		n = head.n;
		if (eat_syslog(&head) || time_eat(&head, at) || eat_seconds(&head, at) || eat_undated(&head) ||
		    eat_bracket(&head) || eat_full(&head, at) || eat_rfc5424(&head, at, host))
			stamped = true;
		else if (!(stamped && eat_stream(&head)) && !eat_level(&head) && !eat_kmsg(&head) &&
			 !eat_kernel(&head, stamped, host) && !eat_facility(&head))
			return;
		*s = str_from(*s, n - head.n);
	}
}

/* ---- lines ---- */

/* ", …" or the end: what may follow a code */
static bool
code_ends(struct str s)
{
	return s.n == 0 || (!is_letter(*s.p) && !is_digit(*s.p));
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

/* "(PCI:0000:01:00 GPU-I:05): " or, of old, "(0000:03:00): "; a fixture has
 * it without parentheses. */
static bool
eat_address(struct str *s, struct pci *gpu)
{
	struct str in;
	bool paren = str_eat(s, S("("));

	if (!pci_eat(s, gpu))
		return false;
	if (paren) {
		if (!str_cut(s, ')', &in) || !s->p || (in.n && !str_starts(in, S(" GPU-I:"))))
			return false;
	}
	if (!str_eat(s, S(":")))
		return false;
	eat_blanks(s);
	return true;
}

static bool
xid(struct str s, struct kernel *k)
{
	/* the oldest drivers name no GPU: "NVRM: Xid: 13, ..." */
	if (str_eat(&s, S(": ")))
		return k->kind = KERNEL_XID, eat_code(&s, &k->code);
	eat_blanks(&s);
	if (!eat_address(&s, &k->gpu) || !eat_code(&s, &k->code))
		return false;
	k->kind = KERNEL_XID;
	if (k->code == 154)
		k->to_none = str_eq(kernel_action(s), S("None"));
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

/* "GPU reset executed: GPU-…, success: true"; older ones without success */
static bool
reset(struct str s, struct kernel *k)
{
	size_t n = uuid_len(s);

	k->kind = KERNEL_RESET;
	k->uuid = str_head(s, n);
	return n && !str_has(s, S("success: false"));
}

static bool
nvrm(struct str s, struct kernel *k)
{
	static const struct str off = STR_INIT("fallen off the bus");
	size_t n;

	eat_blanks(&s);
	if (str_eat(&s, S("Xid")))
		return xid(s, k);
	if (str_starts(s, S("loading NVIDIA"))) {
		k->kind = KERNEL_LOAD;
		return true;
	}
	k->code = 79;
	k->bare = true;
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
	str_eat(&s, S("at "));
	if (!pci_eat(&s, &k->gpu) || !str_eat(&s, S(": ")))
		return false;
	if (str_starts(s, S("GPU has fallen off the bus")))
		return true;
	n = uuid_len(s);
	k->uuid = str_head(s, n);
	k->kind = KERNEL_GPU;
	return n != 0;
}

/* One line of a message, which may or may not be one of ours. */
static bool
line(struct str s, struct kernel *k)
{
	*k = (struct kernel){.t = NO_TIME};
	kernel_stamps(&s, &k->t, &k->host);
	k->text = s;
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

bool
kernel_next(struct str *message, struct kernel *k)
{
	struct str s;

	while (str_cut(message, '\n', &s)) {
		struct str rest = *message, more;

		if (!line(s, k))
			continue;
		/* a wrapped line goes on in indented ones that begin nothing */
		while (str_starts(rest, S(" ")) && str_cut(&rest, '\n', &more)) {
			struct kernel other;
			struct str t = str_trim(more);

			if (line(t, &other) || str_starts(other.text, S("NVRM:")))
				break;
			k->text.n = (size_t)(more.p + more.n - k->text.p);
			*message = rest;
		}
		k->text = str_trim(k->text);
		return true;
	}
	return false;
}

/* The next word, which blanks end. */
static bool
next_word(struct str *s, struct str *word)
{
	eat_blanks(s);
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
			   .code = k->code,
			   .text = events_note(t->ev, k->text),
			   .boot = events_id(t->ev, t->o->boot),
			   .nvswitch = k->kind == KERNEL_SXID,
			   .fatal = k->fatal,
			   .detail = k->detail,
			   .bare = k->bare,
			   .to_none = k->to_none,
			   .nonfatal = k->nonfatal,
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
		events_add(t->ev, EVENT_GPU, &(struct gpu){.e = e, .gpu = k->gpu, .uuid = uuid, .index = -1, .kernel = 1});
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
	if (!kernel_next(&t->rest, &k))
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
