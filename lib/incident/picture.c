/*
 * A picture of an incident: time from left to right, a lane per node, GPU, pod ...,
 * causes above.  All lengths are integers in tenths of a pixel, so that the output is
 * the same everywhere; no text is measured: a character is 6.6 pixels wide.
 */
#include "base/sort.h"
#include "incident/page.h"

enum {
	STEPS_MAX = 200, LANES_MAX = 24, ROWS_MAX = 6,
	WIDTH = 10800, LEFT = 2400, RIGHT = 10760, /* the lanes' ends */
	FIRST_X = 2600, LAST_X = 9860, /* the time axis; leaves space for a label */
	TOP = 520, ROW = 220, ROOM = 60, GAP = 40, /* heights of lanes */
	LETTER = 66, RADIUS = 60,
	LANE_MAX = 34, LABEL_MAX = 40, TITLE_MAX = 400, DESC_MAX = 1500,
};

enum lane_kind { LANE_ROOM, LANE_GPU, LANE_NODE, LANE_POD, LANE_BLAMED, LANE_WAITING, LANE_WATCHDOG, LANE_KINDS };

struct lane {
	enum lane_kind kind;
	struct str label;
	size_t folded; /* number of lanes it stands for, or 0 */
	bool linked;
	int64_t y;
	size_t rows;
	int64_t end[ROWS_MAX]; /* x from which each row is free */
};

struct mark {
	const struct incident_step *s;
	size_t lane, row;
	int64_t x, to; /* its position; right end of its bar and label */
	bool left;     /* its label is on the left */
};

struct drawing {
	struct buf *b;
	const struct incident *i;
	uint64_t number;
	struct buf t; /* scratch */
	struct lane *lane;
	size_t nlane;
	struct mark *mark; /* one per step */
	size_t nmark;
	int64_t *time, *x; /* ascending */
	size_t ntime;
	int64_t end, bottom; /* x at which lasting facts end; y of the lanes' end */
};

/* ---- looks of facts ---- */

static const struct symbol {
	struct str fact, word;
	const char *shape;
} symbols[] = {
#define TRIANGLE "M0-6 6 5H-6Z"
#define SQUARE "M-5-5H5V5H-5Z"
#define HEXAGON "M-6 0-3-5H3L6 0 3 5H-3Z"
#define DIAMOND "M0-6 6 0 0 6-6 0Z"
#define CROSS "M-2-6H2V-2H6V2H2V6H-2V2H-6V-2H-2Z"
	{STR_INIT("pcie"), STR_INIT("PCIe errors"), TRIANGLE},
	{STR_INIT("hbm"), STR_INIT("memory error"), SQUARE},
	{STR_INIT("heat"), STR_INIT("hot"), SQUARE},
	{STR_INIT("xid"), STR_INIT("Xid"), TRIANGLE},
	{STR_INIT("sxid"), STR_INIT("SXid"), TRIANGLE},
	{STR_INIT("link"), STR_INIT("link down"), TRIANGLE},
	{STR_INIT("storage"), STR_INIT("storage hangs"), TRIANGLE},
	{STR_INIT("machine_check"), STR_INIT("machine check"), TRIANGLE},
	{STR_INIT("panic"), STR_INIT("panic"), TRIANGLE},
	{STR_INIT("reboot"), STR_INIT("reboot"), HEXAGON},
	{STR_INIT("notready"), STR_INIT("NotReady"), HEXAGON},
	{STR_INIT("cordon"), STR_INIT("cordoned"), HEXAGON},
	{STR_INIT("pressure"), STR_INIT("pressure"), HEXAGON},
	{STR_INIT("lost"), STR_INIT("lost"), DIAMOND},
	{STR_INIT("ended"), STR_INIT("failed"), DIAMOND},
	{STR_INIT("hang"), STR_INIT("hang"), CROSS},
	{STR_INIT("watchdog"), STR_INIT("fire"), CROSS},
}, other_symbol = {{0}, STR_INIT("fact"), HEXAGON};

static const struct symbol *
symbol_of(const struct incident_step *s)
{
	for (size_t i = 0; i < NELEM(symbols); i++)
		if (str_eq(symbols[i].fact, s->fact))
			return &symbols[i];
	return &other_symbol;
}

static bool
is_fact(const struct incident_step *s, struct str fact)
{
	return str_eq(s->fact, fact);
}

/* ---- lanes ---- */

static enum lane_kind
lane_of(const struct incident_step *s)
{
	if (is_fact(s, S("watchdog")))
		return LANE_WATCHDOG;
	if (is_fact(s, S("hang")))
		return LANE_BLAMED;
	if (is_fact(s, S("sxid")))
		return LANE_ROOM;
	if (s->pod.n)
		return LANE_POD;
	if (s->gpu.n)
		return LANE_GPU;
	return s->node.n || (is_fact(s, S("xid")) && !s->shared) ? LANE_NODE : LANE_ROOM;
}

static void
put_lane_label(struct buf *b, const struct incident_step *s, enum lane_kind kind)
{
	switch (kind) {
	case LANE_GPU:
		buf_add(b, s->node);
		buf_add(b, s->node.n ? S(" GPU ") : S("GPU "));
		buf_add(b, s->gpu);
		break;
	case LANE_NODE:
		buf_add(b, s->node.n ? s->node : S("an unnamed node"));
		break;
	case LANE_POD:
		buf_add(b, s->pod);
		break;
	case LANE_BLAMED:
		if (s->ranks.n) {
			buf_add(b, ranks_count(s->ranks) == 1 ? S("rank ") : S("ranks "));
			ranks_say(b, s->ranks, 2);
			buf_add(b, S(" (blamed)"));
		} else {
			buf_add(b, S("ranks"));
		}
		break;
	case LANE_WATCHDOG:
		buf_add(b, S("watchdogs"));
		break;
	default:
		buf_add(b, s->node.n ? s->node : S("several nodes"));
		if (s->node.n)
			buf_add(b, S(" NVSwitch"));
	}
}

static size_t
lane_add(struct drawing *d, enum lane_kind kind, struct str label)
{
	for (size_t i = 0; i < d->nlane; i++)
		if (d->lane[i].kind == kind && str_eq(d->lane[i].label, label))
			return i;
	d->lane[d->nlane] = (struct lane){.kind = kind, .label = mem_str(d->i->mem, label), .rows = 1};
	return d->nlane++;
}

/* By kind, then in order of appearance. */
static void
order_lanes(struct drawing *d)
{
	struct lane *to = mem_new(d->i->mem, struct lane, d->nlane);
	size_t *now = mem_new(d->i->mem, size_t, d->nlane), n = 0;

	for (enum lane_kind k = 0; k < LANE_KINDS; k++)
		for (size_t i = 0; i < d->nlane; i++)
			if (d->lane[i].kind == k) {
				now[i] = n;
				to[n++] = d->lane[i];
			}
	for (size_t i = 0; i < d->nmark; i++)
		d->mark[i].lane = now[d->mark[i].lane];
	d->lane = to;
}

/* If there are too many lanes, merge the last ones of the most frequent kind. */
static void
fold_lanes(struct drawing *d)
{
	while (d->nlane > LANES_MAX) {
		size_t many[LANE_KINDS] = {0}, first[LANE_KINDS] = {0}, most = 0, drop, to;

		for (size_t i = 0; i < d->nlane; i++)
			if (!many[d->lane[i].kind]++)
				first[d->lane[i].kind] = i;
		for (size_t k = 1; k < LANE_KINDS; k++)
			most = many[k] > many[most] ? k : most;
		drop = d->nlane - LANES_MAX + 1;
		drop = drop < many[most] ? drop : many[most];
		to = first[most] + many[most] - drop;
		d->lane[to].folded = drop;
		for (size_t i = 0; i < d->nmark; i++) {
			size_t *at = &d->mark[i].lane;

			*at = *at < to ? *at : *at < to + drop ? to : *at - drop + 1;
		}
		for (size_t i = to + drop; i < d->nlane; i++)
			d->lane[i - drop + 1] = d->lane[i];
		d->nlane -= drop - 1;
	}
}

static void
make_lanes(struct drawing *d)
{
	const struct incident *i = d->i;
	uint64_t waiting = ranks_count(i->waiting);

	d->lane = mem_new(i->mem, struct lane, STEPS_MAX + 1);
	d->mark = mem_new(i->mem, struct mark, STEPS_MAX);
	for (size_t k = 0; k < i->nstep && k < STEPS_MAX; k++) {
		enum lane_kind kind = lane_of(&i->step[k]);

		d->t.n = 0;
		put_lane_label(&d->t, &i->step[k], kind);
		d->mark[d->nmark++] = (struct mark){.s = &i->step[k], .lane = lane_add(d, kind, buf_str(&d->t))};
	}
	if (waiting) {
		d->t.n = 0;
		buf_u64(&d->t, waiting);
		buf_add(&d->t, waiting == 1 ? S(" rank waiting") : S(" ranks waiting"));
		lane_add(d, LANE_WAITING, buf_str(&d->t));
	}
	order_lanes(d);
	fold_lanes(d);
}

/* ---- time ---- */

/* Width of a step on the time axis: 1000 * (log10(1 + ms) + 0.6), by squaring. */
static int64_t
step_width(int64_t ns)
{
	uint64_t n = (uint64_t)ns / 1000000 + 1, log, bits = 0;

	while (n >> bits > 1)
		bits++;
	n = n << (63 - bits) >> 32; /* 31 fractional bits */
	log = bits;
	for (unsigned i = 0; i < 12; i++) {
		n = n * n >> 31;
		log = log << 1 | n >> 32;
		n >>= n >> 32;
	}
	return (int64_t)(log * 30103 / 100 / 4096) + 600;
}

static void
add_time(struct drawing *d, int64_t t)
{
	if (t != NO_TIME)
		d->time[d->ntime++] = t;
}

static void
make_times(struct drawing *d)
{
	const struct incident *i = d->i;
	int64_t all = 0, at = 0;

	d->time = mem_new(i->mem, int64_t, 3 * d->nmark + 2);
	for (size_t k = 0; k < d->nmark; k++) {
		const struct incident_step *s = d->mark[k].s;

		add_time(d, s->at);
		add_time(d, s->since);
		add_time(d, s->until);
		if (is_fact(s, S("hang")))
			d->end = i->resolved != NO_TIME ? i->resolved : i->last;
	}
	add_time(d, d->end);
	add_time(d, i->resolved);
	sort(d->time, d->ntime, sizeof(*d->time), sort_i64, NULL, &d->t);
	d->ntime = sort_unique(d->time, d->ntime, sizeof(*d->time), sort_i64, NULL);
	d->x = mem_new(i->mem, int64_t, d->ntime);
	for (size_t k = 1; k < d->ntime; k++)
		all += step_width(time_diff(d->time[k], d->time[k - 1]));
	for (size_t k = 0; k < d->ntime; k++) {
		if (k)
			at += step_width(time_diff(d->time[k], d->time[k - 1]));
		d->x[k] = FIRST_X + (all ? at * (LAST_X - FIRST_X) / all : 0);
	}
}

/* x of one of d's times. */
static int64_t
x_of(const struct drawing *d, int64_t t)
{
	size_t k = 0;

	SORT_BISECT(k, d->ntime, m, d->time[m] < t);
	return k < d->ntime ? d->x[k] : FIRST_X;
}

/* ---- places of marks ---- */

static void
put_label(struct buf *b, const struct mark *m)
{
	buf_i64(b, m->s->n);
	buf_chr(b, ' ');
	buf_add(b, symbol_of(m->s)->word);
	if (m->s->code) {
		buf_chr(b, ' ');
		buf_i64(b, m->s->code);
	}
}

static int
mark_cmp(const void *x, const void *y, const void *ctx)
{
	const struct mark *a = *(struct mark *const *)x, *b = *(struct mark *const *)y;
	int d = SORT_ORDER(a->x, b->x);

	(void)ctx;
	return d ? d : SORT_ORDER(a, b);
}

/* Place a mark in the next free row of its lane. */
static void
place(struct drawing *d, struct mark *m)
{
	struct lane *l = &d->lane[m->lane];
	int64_t from = m->x - RADIUS, to, width;

	if (l->folded)
		return;
	d->t.n = 0;
	put_label(&d->t, m);
	width = (int64_t)d->t.n * LETTER + 100;
	to = m->x + width;
	m->left = to > RIGHT;
	if (m->left) {
		to = m->x + RADIUS;
		from = m->x - width;
	}
	m->to = to;
	while (m->row < ROWS_MAX - 1 && l->end[m->row] > from)
		m->row++;
	l->end[m->row] = to + RADIUS;
	l->rows = m->row + 1 > l->rows ? m->row + 1 : l->rows;
}

static void
make_places(struct drawing *d)
{
	struct mark **by_x = mem_new(d->i->mem, struct mark *, d->nmark);

	for (size_t k = 0; k < d->nmark; k++) {
		d->mark[k].x = x_of(d, d->mark[k].s->at);
		by_x[k] = &d->mark[k];
	}
	sort(by_x, d->nmark, sizeof(*by_x), mark_cmp, NULL, &d->t);
	for (size_t k = 0; k < d->nmark; k++)
		place(d, by_x[k]);
	d->bottom = TOP;
	for (size_t k = 0; k < d->nlane; k++) {
		d->lane[k].y = d->bottom;
		d->bottom += (int64_t)d->lane[k].rows * ROW + ROOM + GAP;
	}
}

static int64_t
y_of(const struct drawing *d, const struct mark *m)
{
	return d->lane[m->lane].y + ROOM / 2 + ROW / 2 + (int64_t)m->row * ROW;
}

/* ---- drawing ---- */

/* Append the template, each '@' replaced by a length in pixels from n (tenths). */
static void
draw(struct buf *b, const char *template, const int64_t *n)
{
	for (; *template; template++)
		if (*template == '@') {
			buf_fixed(b, *n++, 1);
		} else {
			buf_chr(b, *template);
		}
}
#define DRAW(d, template, ...) draw((d)->b, template, (const int64_t[]){__VA_ARGS__})

static void
text_end(struct drawing *d, size_t max)
{
	html_text(d->b, buf_str(&d->t), max);
	buf_add(d->b, S("</text>\n"));
}

static void
draw_head(struct drawing *d)
{
	const struct incident *i = d->i;
	struct buf *b = d->b;
	uint64_t n = d->number;

	DRAW(d, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 @ @\" role=\"img\" aria-labelledby=\"", WIDTH, d->bottom + 440);
	buf_chr(b, 't');
	buf_u64(b, n);
	buf_add(b, S(" d"));
	buf_u64(b, n);
	buf_add(b, S("\">\n<title id=\"t"));
	buf_u64(b, n);
	buf_add(b, S("\">"));
	html_text(b, i->headline, TITLE_MAX);
	buf_add(b, S("</title>\n<desc id=\"d"));
	buf_u64(b, n);
	buf_add(b, S("\">"));
	d->t.n = 0;
	for (size_t k = 0; k < d->nmark && d->t.n < DESC_MAX; k++) {
		const struct incident_step *s = d->mark[k].s;

		buf_add(&d->t, k ? S("; ") : S("Time line. "));
		buf_i64(&d->t, s->n);
		buf_add(&d->t, S(": "));
		time_say(&d->t, s->at);
		buf_chr(&d->t, ' ');
		what_say(&d->t, s);
		buf_add(&d->t, S(", "));
		why_say(&d->t, s);
	}
	html_text(b, buf_str(&d->t), DESC_MAX);
	buf_add(b, S("</desc>\n<defs><marker id=\"a"));
	buf_u64(b, n);
	buf_add(b, S("\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">"
		"<path d=\"M0 0 8 4 0 8Z\" class=\"head\"/></marker></defs>\n"));
}

/* Put at most the last max bytes: pod names differ at the end. */
static void
put_tail(struct buf *b, struct str s, size_t max)
{
	if (s.n > max) {
		buf_add(b, S("\xe2\x80\xa6"));
		s = str_from(s, s.n - max + 3);
		while (s.n && ((unsigned char)*s.p & 0xc0) == 0x80)
			s = str_from(s, 1);
	}
	buf_add(b, s);
}

static void
draw_lanes(struct drawing *d)
{
	static const struct str kinds[LANE_KINDS] = {
		[LANE_ROOM] = STR_INIT("switches"), [LANE_GPU] = STR_INIT("GPUs"), [LANE_NODE] = STR_INIT("nodes"), [LANE_POD] = STR_INIT("pods"),
		[LANE_BLAMED] = STR_INIT("groups of ranks"),
	};

	for (size_t k = 0; k < d->nlane; k++) {
		const struct lane *l = &d->lane[k];

		DRAW(d, "<rect x=\"@\" y=\"@\" width=\"@\" height=\"@\" class=\"lane\"/>\n", LEFT, l->y, RIGHT - LEFT, (int64_t)l->rows * ROW + ROOM);
		DRAW(d, "<text x=\"@\" y=\"@\" class=\"e\">", LEFT - 80, l->y + ROOM / 2 + ROW / 2 + 40);
		d->t.n = 0;
		if (l->folded) {
			buf_u64(&d->t, l->folded);
			buf_add(&d->t, S(" more "));
			buf_add(&d->t, kinds[l->kind]);
		} else {
			put_tail(&d->t, l->label, LANE_MAX);
		}
		text_end(d, LABEL_MAX);
	}
}

static void
draw_axis(struct drawing *d)
{
	int64_t free = 0;

	for (size_t k = 0; k < d->ntime; k++) {
		int64_t x = d->x[k];

		if (k) {
			d->t.n = 0;
			buf_chr(&d->t, '+');
			span_say(&d->t, time_diff(d->time[k], d->time[k - 1]));
			if (x - d->x[k - 1] > (int64_t)d->t.n * LETTER) {
				DRAW(d, "<text x=\"@\" y=\"@\" class=\"c s\">", (x + d->x[k - 1]) / 2, TOP - 90);
				text_end(d, LABEL_MAX);
			}
		}
		if (x < free)
			continue;
		DRAW(d, "<line x1=\"@\" x2=\"@\" y1=\"@\" y2=\"@\" class=\"tick\"/>\n", x, x, TOP - 60, d->bottom - GAP);
		DRAW(d, "<text x=\"@\" y=\"@\" class=\"m c\">", x, TOP - 250);
		d->t.n = 0;
		clock_say(&d->t, time_diff(d->time[k], (d->time[k] % SECOND + SECOND) % SECOND));
		text_end(d, LABEL_MAX);
		free = x + 8 * LETTER + RADIUS;
	}
}

static void
draw_bar(struct drawing *d, int64_t from, int64_t to, int64_t y, int64_t height, const char *class)
{
	if (to <= from)
		return;
	DRAW(d, "<rect x=\"@\" y=\"@\" width=\"@\" height=\"@\" class=\"", from, y - height / 2, to - from, height);
	buf_add(d->b, str_of(class));
	buf_add(d->b, S("\"/>\n"));
}

static void
draw_bars(struct drawing *d)
{
	int64_t began = INT64_MAX, ended = d->end;

	for (size_t k = 0; k < d->nmark; k++) {
		const struct mark *m = &d->mark[k];
		const struct incident_step *s = m->s;
		int64_t y = y_of(d, m);

		draw_bar(d, x_of(d, s->since), m->x, y, 80, step_lasts(s) ? "bar" : "open");
		if (s->until != NO_TIME)
			draw_bar(d, m->x, x_of(d, s->until), y, 80, "bar");
		if (is_fact(s, S("hang"))) {
			draw_bar(d, m->x, x_of(d, d->end), y, 60, "bar");
			began = s->at < began ? s->at : began;
		}
		if (is_fact(s, S("watchdog")) && s->at < ended)
			ended = s->at;
	}
	for (size_t k = 0; k < d->nlane && began != INT64_MAX; k++)
		if (d->lane[k].kind == LANE_WAITING)
			draw_bar(d, x_of(d, began), x_of(d, ended), d->lane[k].y + ROOM / 2 + ROW / 2, 130, "bar wait");
}

/* A link never goes left: from a cause that was noticed late it starts at the earliest
 * possible time; to a hang that began earlier it goes straight. */
static void
draw_link(struct drawing *d, const struct mark *from, const struct mark *to)
{
	int64_t x1 = from->x, x2 = to->x, y1 = y_of(d, from), y2 = y_of(d, to), down = y2 < y1 ? -1 : 1;

	if (x2 < x1)
		x1 = x_of(d, from->s->since);
	if (x2 < x1 && is_fact(to->s, S("hang")))
		x2 = x1;
	if (x2 < x1)
		x1 = x2;
	if (y1 == y2)
		DRAW(d, "<path d=\"M@ @H@", from->to + 200 < x2 ? from->to : x1 + RADIUS, y1, x2 - 90);
	else if (x2 - x1 < 300)
		DRAW(d, "<path d=\"M@ @C@ @ @ @ @ @", x1, y1 + down * 70, x1, (y1 + y2) / 2, x2, (y1 + y2) / 2, x2, y2 - down * 90);
	else
		DRAW(d, "<path d=\"M@ @C@ @ @ @ @ @", x1, y1 + down * 70, x1, y1 + (y2 - y1) * 6 / 10, x2 - 350, y2, x2 - 80, y2);
	buf_add(d->b, str_eq(to->s->strength, S("causes")) ? S("\" class=\"link\"") : S("\" class=\"link precedes\""));
	buf_add(d->b, S(" marker-end=\"url(#a"));
	buf_u64(d->b, d->number);
	buf_add(d->b, S(")\"/>\n"));
}

/* Draw links; into a merged lane only the first one. */
static void
draw_links(struct drawing *d)
{
	for (size_t k = 0; k < d->nmark; k++) {
		const struct mark *m = &d->mark[k];
		struct lane *l = &d->lane[m->lane];

		if (!m->s->cause || (l->folded && l->linked))
			continue;
		l->linked = true;
		draw_link(d, &d->mark[m->s->cause - d->i->step], m);
	}
}

static void
draw_mark(struct drawing *d, const struct mark *m)
{
	int64_t y = y_of(d, m);

	buf_add(d->b, m->s->from ? S("<g><title>") : S("<g class=\"root\"><title>"));
	d->t.n = 0;
	time_say(&d->t, m->s->at);
	buf_chr(&d->t, ' ');
	buf_add(&d->t, m->s->what);
	html_text(d->b, buf_str(&d->t), TITLE_MAX);
	buf_add(d->b, S("</title><path d=\""));
	buf_add(d->b, str_of(symbol_of(m->s)->shape));
	DRAW(d, "\" transform=\"translate(@ @)\" class=\"mark\"/>", m->x, y);
	if (!d->lane[m->lane].folded) {
		d->t.n = 0;
		put_label(&d->t, m);
		DRAW(d, m->left ? "<text x=\"@\" y=\"@\" class=\"label e\">" : "<text x=\"@\" y=\"@\" class=\"label\">",
			m->left ? m->x - 100 : m->x + 100, y + 40);
		text_end(d, LABEL_MAX);
	}
	buf_add(d->b, S("</g>\n"));
}

static void
draw_foot(struct drawing *d)
{
	const struct incident *i = d->i;
	struct str folded = value_text(value_get(i->v, S("folded")), i->mem);

	if (i->resolved != NO_TIME) {
		int64_t x = x_of(d, i->resolved);

		DRAW(d, "<line x1=\"@\" x2=\"@\" y1=\"@\" y2=\"@\" class=\"end\"/>\n<text x=\"@\" y=\"@\" class=\"e s\">",
			x, x, TOP - 40, d->bottom - GAP, x - 40, d->bottom + 110);
		d->t.n = 0;
		buf_add(&d->t, S("resolved "));
		clock_say(&d->t, i->resolved);
		text_end(d, LABEL_MAX);
	}
	DRAW(d, "<text x=\"@\" y=\"@\" class=\"s\">", LEFT, d->bottom + 110);
	d->t.n = 0;
	if (folded.n) {
		buf_add(&d->t, folded);
		buf_add(&d->t, str_eq(folded, S("1")) ? S(" lesser fact is") : S(" lesser facts are"));
		buf_add(&d->t, S(" folded: repeats, clean-up, later ends. "));
	}
	if (i->nstep > d->nmark) {
		buf_u64(&d->t, i->nstep - d->nmark);
		buf_add(&d->t, S(" more are in the table."));
	}
	text_end(d, TITLE_MAX);
	DRAW(d, "<text x=\"@\" y=\"@\" class=\"s\">", LEFT, d->bottom + 270);
	d->t.n = 0;
	buf_add(&d->t, S("Time is not to scale: a step is as wide as the logarithm of its length, which is written above it. Times are UTC."));
	text_end(d, TITLE_MAX);
	buf_add(d->b, S("</svg>"));
}

void
incident_picture(struct buf *b, const struct incident *i, uint64_t n)
{
	struct drawing d = {.b = b, .i = i, .number = n, .end = NO_TIME};

	make_lanes(&d);
	make_times(&d);
	make_places(&d);
	draw_head(&d);
	draw_lanes(&d);
	draw_axis(&d);
	draw_bars(&d);
	draw_links(&d);
	for (size_t k = 0; k < d.nmark; k++)
		draw_mark(&d, &d.mark[k]);
	draw_foot(&d);
	buf_free(&d.t);
}
