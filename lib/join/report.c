#include "join/report.h"

#include "base/num.h"

/* Lines of one report are printed within microseconds, firmware's and the
 * kernel's about the same error within milliseconds; stamps in whole seconds
 * may differ by one. */
static const int64_t TIE = SECOND;

enum {
	OPEN_MAX = 8,  /* reports of a device that may still get lines */
	CPER_LOOK = 64 /* firmware lines examined per device */
};

#define BIT(part) (1u << (part))

/* A report that is being assembled. */
struct open {
	int64_t first;
	unsigned parts;   /* BIT of each of its parts */
	unsigned best;    /* the lowest rank_of its parts so far */
	uint32_t status, mask, fatal; /* fatal: mask of fatal bits */
	struct report r;
};

struct tying {
	const struct events *ev;
	const struct aer *all; /* all lines, as sorted */
	uint32_t *x;           /* indices of lines, by device, then as sorted */
	size_t n;
	const struct aer **cper; /* lines without a device, by node, number, time */
	size_t ncper;
	const struct aer **silent; /* lines with the number of unprinted reports, by node and time */
	size_t nsilent;
	struct open open[OPEN_MAX]; /* of the current device, oldest first */
	size_t nopen;
	struct reports *out;
};

/* Which part sets time, text and identity of the report: 0 is the most detailed. */
static unsigned
rank_of(unsigned part)
{
	static const uint8_t order[] = {
		AER_HEAD, AER_FLAT, AER_STATUS, AER_TRACED, AER_CONTAINED, AER_ANNOUNCED, AER_CPER_DEVICE,
	};
	unsigned i = 0;

	while (i < NELEM(order) && order[i] != part)
		i++;
	return i;
}

static bool
agree(unsigned a, unsigned b)
{
	return a == b || a == AER_UNKNOWN || b == AER_UNKNOWN || (a == AER_UNCORRECTED && b != AER_CORRECTED) ||
	       (b == AER_UNCORRECTED && a != AER_CORRECTED);
}

/* May a report of this severity have these bits? */
static bool
fits(unsigned severity, uint32_t status)
{
	return severity == AER_UNKNOWN || !(status & ~aer_known(severity == AER_CORRECTED));
}

static void
finish(struct tying *k, const struct open *o)
{
	struct report *r = k->out->r ? &k->out->r[k->out->n] : NULL;
	uint32_t bits = o->status & ~o->mask;

	k->out->n++;
	if (!r)
		return;
	*r = o->r;
	r->bits = bits ? bits : o->status;
	if (r->severity == AER_UNKNOWN && o->parts & BIT(AER_UNCOR))
		r->severity = AER_UNCORRECTED;
	if (r->severity == AER_UNCORRECTED && o->parts & BIT(AER_UNCOR))
		r->severity = r->bits & o->fatal ? AER_FATAL : AER_NONFATAL;
	if (r->severity == AER_UNCORRECTED) /* containment takes the link down */
		r->severity = o->parts & BIT(AER_CONTAINED) ? AER_FATAL : AER_NONFATAL;
	if (r->severity == AER_UNKNOWN)
		r->severity = fits(AER_CORRECTED, o->status) ? AER_CORRECTED : AER_NONFATAL;
}

static void
close_all(struct tying *k)
{
	for (size_t i = 0; i < k->nopen; i++)
		finish(k, &k->open[i]);
	k->nopen = 0;
}

static struct open *
begin(struct tying *k, const struct aer *x)
{
	struct open *o;

	if (k->nopen == OPEN_MAX) {
		finish(k, &k->open[0]);
		for (size_t i = 1; i < OPEN_MAX; i++)
			k->open[i - 1] = k->open[i];
		k->nopen--;
	}
	o = &k->open[k->nopen++];
	*o = (struct open){.first = x->e.t, .best = UINT32_MAX};
	o->r = (struct report){.dev = x->dev, .node = x->e.node, .uuid = x->uuid};
	return o;
}

/* Is the line a copy, from another source, of one that the report has? */
static bool
is_copy(const struct open *o, const struct aer *x)
{
	if (x->e.t != o->r.t || !(o->parts & BIT(x->part)))
		return false;
	if (x->part == AER_STATUS)
		return x->status == o->status && x->mask == o->mask;
	return x->part == AER_HEAD && x->severity == o->r.severity && x->layer == o->r.layer;
}

static bool
takes(const struct open *o, const struct aer *x)
{
	if (is_copy(o, x))
		return true;
	if (o->parts & BIT(x->part) || !agree(o->r.severity, x->severity))
		return false;
	switch (x->part) {
	case AER_STATUS:
		return fits(o->r.severity, x->status) && !(o->parts & BIT(AER_FLAT));
	case AER_UNCOR:
	case AER_LAYER:
		return o->parts & BIT(AER_STATUS);
	case AER_HEAD:
		return !(o->parts & BIT(AER_FLAT));
	case AER_TRACED:
		return true;
	case AER_FLAT:
		return o->r.t == x->e.t;
	default: /* first lines of a report */
		return false;
	}
}

/* By node and firmware's number. */
static int
number_cmp(const struct aer *a, const struct aer *b)
{
	int d = SORT_ORDER(a->e.node, b->e.node);

	return d ? d : SORT_ORDER(a->cper, b->cper);
}

/* Data from firmware lines with the number of the line that began the report: the
 * severity is the frame's, if set, and the bits are those of its class. */
static void
ask_firmware(const struct tying *k, struct open *o, const struct aer *x)
{
	const struct aer *word[2] = {NULL}; /* status words, by whether they are of corrected errors */
	unsigned framed = AER_UNKNOWN;
	bool display = false;
	size_t lo = 0;
	int d;

	SORT_BISECT(lo, k->ncper, i, (d = number_cmp(k->cper[i], x)) < 0 || (d == 0 && time_diff(x->e.t, k->cper[i]->e.t) > TIE));
	for (size_t i = 0; i < CPER_LOOK && lo + i < k->ncper; i++) {
		const struct aer *c = k->cper[lo + i], **w = &word[c->severity == AER_CORRECTED];

		if (number_cmp(c, x) != 0 || time_diff(c->e.t, x->e.t) > TIE)
			break;
		if (c->part == AER_CPER_VENDOR)
			o->r.vendor = c->vendor;
		else if (c->part == AER_CPER_DISPLAY)
			display = true;
		else if (c->part == AER_CPER_SEVERITY)
			framed = c->severity > framed ? c->severity : framed;
		else if (!*w)
			*w = c;
	}
	o->r.other = o->r.vendor && !display;
	if (framed == AER_UNKNOWN && (word[false] || word[true]))
		framed = word[false] ? AER_UNCORRECTED : AER_CORRECTED;
	o->r.severity = (uint8_t)framed;
	x = word[framed == AER_CORRECTED];
	if (x) {
		o->status = x->status;
		o->mask = x->mask;
	}
}

static void
tie(struct tying *k, const struct aer *x)
{
	struct open *o = NULL;
	struct report *r;

	for (size_t i = k->nopen; i-- && !o;)
		if (time_diff(x->e.t, k->open[i].first) <= TIE && takes(&k->open[i], x))
			o = &k->open[i];
	if (!o) {
		if (x->part == AER_UNCOR || x->part == AER_LAYER)
			return;
		o = begin(k, x);
	}
	r = &o->r;
	if (rank_of(x->part) < o->best) {
		o->best = rank_of(x->part);
		r->t = x->e.t;
		r->uid = x->e.uid;
		r->text = x->text;
	}
	if (x->severity > r->severity)
		r->severity = x->severity;
	if (x->layer && !r->layer)
		r->layer = x->layer;
	if (x->port.known && !r->port.known)
		r->port = x->port;
	if (x->vendor)
		r->vendor = x->vendor;
	if (x->driver > r->driver)
		r->driver = x->driver;
	if (x->boot)
		r->boot = x->boot;
	if (x->part == AER_UNCOR)
		o->fatal = x->status;
	else if (x->part == AER_STATUS || (x->status && !(o->parts & BIT(AER_STATUS)))) {
		o->status = x->status;
		o->mask = x->mask;
	}
	o->parts |= BIT(x->part);
	if (x->part == AER_CPER_DEVICE)
		ask_firmware(k, o, x);
}

/* All lines; without room for the reports they are only counted. */
static void
tie_all(struct tying *k)
{
	k->out->n = 0;
	for (size_t i = 0; i < k->n; i++) {
		const struct aer *x = &k->all[k->x[i]], *before = i ? &k->all[k->x[i - 1]] : x;

		if (x->e.node != before->e.node || pci_cmp(x->dev, before->dev) != 0)
			close_all(k);
		tie(k, x);
	}
	close_all(k);
}

static int
device_cmp(const void *x, const void *y, const void *ctx)
{
	const struct tying *k = ctx;
	const struct aer *a = &k->all[*(const uint32_t *)x], *b = &k->all[*(const uint32_t *)y];
	int d = SORT_ORDER(a->e.node, b->e.node);

	d = d ? d : pci_cmp(a->dev, b->dev);
	return d ? d : aer_cmp(a, b, k->ev);
}

static int
device_same(const void *x, const void *y, const void *ctx)
{
	const struct tying *k = ctx;
	const struct aer *a = &k->all[*(const uint32_t *)x], *b = &k->all[*(const uint32_t *)y];
	int d = SORT_ORDER(a->e.node, b->e.node);

	d = d ? d : pci_cmp(a->dev, b->dev);
	return d ? d : aer_same(a, b, k->ev);
}

static int
cper_cmp(const void *x, const void *y, const void *ctx)
{
	const struct aer *a = *(const struct aer *const *)x, *b = *(const struct aer *const *)y;
	int d = number_cmp(a, b);

	return d ? d : aer_cmp(a, b, ctx);
}

static int
report_cmp(const void *x, const void *y, const void *ctx)
{
	const struct report *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;
	int d = SORT_ORDER(a->node, b->node);

	d = d ? d : pci_cmp(a->dev, b->dev);
	d = d ? d : SORT_ORDER(a->t, b->t);
	d = d ? d : SORT_ORDER(a->severity, b->severity);
	d = d ? d : SORT_ORDER(a->bits, b->bits);
	d = d ? d : pci_cmp(a->port, b->port);
	d = d ? d : idx_cmp(names, a->text, b->text);
	return d ? d : idx_cmp(names, a->uid, b->uid);
}

static int
silent_cmp(const void *x, const void *y, const void *ctx)
{
	const struct aer *a = *(const struct aer *const *)x, *b = *(const struct aer *const *)y;
	int d = SORT_ORDER(a->e.node, b->e.node);

	return d ? d : aer_cmp(a, b, ctx);
}

static int
silent_same(const void *x, const void *y, const void *ctx)
{
	const struct aer *a = *(const struct aer *const *)x, *b = *(const struct aer *const *)y;
	int d = SORT_ORDER(a->e.node, b->e.node);

	return d ? d : aer_same(a, b, ctx);
}

static int
turn_cmp(const void *x, const void *y, const void *ctx)
{
	const struct report *a = *(const struct report *const *)x, *b = *(const struct report *const *)y;
	int d = SORT_ORDER(a->node, b->node);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->t, b->t);
	return d ? d : SORT_ORDER(a, b);
}

/*
 * The kernel prints the number of suppressed reports of a device before that
 * device's next report.  If several devices report at that time, it is unknown
 * whose number it is.
 */
static void
count_suppressed(struct tying *k, struct buf *scratch, struct mem *m)
{
	struct reports *out = k->out;
	struct report **r = mem_new(m, struct report *, out->n);

	for (size_t i = 0; i < out->n; i++)
		r[i] = &out->r[i];
	sort(r, out->n, sizeof(*r), turn_cmp, NULL, scratch);
	for (size_t i = 0; i < k->nsilent; i++) {
		const struct aer *x = k->silent[i];
		size_t lo = 0, to;

		SORT_BISECT(lo, out->n, n, r[n]->node < x->e.node || (r[n]->node == x->e.node && r[n]->t < x->e.t));
		for (to = lo; to < out->n && r[to]->node == x->e.node && r[to]->t == r[lo]->t && time_diff(r[to]->t, x->e.t) <= TIE; to++)
			r[to]->limited = true;
		if (to == lo + 1)
			r[lo]->suppressed += (uint32_t)num_min(x->status, UINT32_MAX - r[lo]->suppressed);
	}
}

struct reports
reports_tie(const struct events *ev, struct buf *scratch, struct mem *m)
{
	const struct event_list *list = &ev->list[EVENT_AER];
	struct reports out = {0};
	struct tying k = {.ev = ev, .all = list->p, .x = mem_new(m, uint32_t, list->n), .out = &out};
	size_t unknown = 0;

	for (size_t i = 0; i < list->n; i++)
		unknown += !k.all[i].dev.known;
	k.cper = mem_new(m, const struct aer *, unknown);
	k.silent = mem_new(m, const struct aer *, unknown);
	for (size_t i = 0; i < list->n; i++) {
		const struct aer *x = &k.all[i];

		if (x->e.t == NO_TIME)
			out.timeless += x->part >= AER_CPER_DEVICE;
		else if (x->part == AER_SUPPRESSED)
			k.silent[k.nsilent++] = x;
		else if (!x->dev.known && x->part < AER_CPER_DEVICE)
			k.cper[k.ncper++] = x;
		else if (!x->dev.known)
			out.unnamed++;
		else
			k.x[k.n++] = (uint32_t)i;
	}
	sort(k.cper, k.ncper, sizeof(*k.cper), cper_cmp, ev, scratch);
	sort(k.x, k.n, sizeof(*k.x), device_cmp, &k, scratch);
	k.n = sort_unique(k.x, k.n, sizeof(*k.x), device_same, &k);
	tie_all(&k);
	out.r = mem_new(m, struct report, out.n);
	tie_all(&k);
	sort(out.r, out.n, sizeof(*out.r), report_cmp, ev, scratch);
	sort(k.silent, k.nsilent, sizeof(*k.silent), silent_cmp, ev, scratch);
	k.nsilent = sort_unique(k.silent, k.nsilent, sizeof(*k.silent), silent_same, ev);
	count_suppressed(&k, scratch, m);
	return out;
}

size_t
reports_of(const struct reports *rs, uint32_t node, struct pci dev, const struct report **first)
{
	const struct report *r = rs->r;
	size_t from = 0, to;
	struct pci last = dev;

	dev.fn = 0;
	last.fn = 7;
	SORT_BISECT(from, rs->n, i, r[i].node < node || (r[i].node == node && pci_cmp(r[i].dev, dev) < 0));
	*first = r + from;
	to = from;
	if (from < rs->n && r[from].node == node && pci_cmp(r[from].dev, last) <= 0) {
		SORT_BISECT(to, rs->n, i, r[i].node < node || (r[i].node == node && pci_cmp(r[i].dev, last) <= 0));
	}
	return to - from;
}
