#include "pattern/pcie_aer/pcie.h"
#include "join/evidence.h"
#include "join/phrase.h"
#include "join/tenant.h"

/* 10^-3 bytes per second as "12.6 GB/s", "7.07 GB/s". */
static void
put_rate(struct buf *b, int64_t v)
{
	static const struct {
		int64_t one;
		struct str unit;
	} units[] = {
		{INT64_C(1000000000000), STR_INIT(" GB/s")},
		{INT64_C(1000000000), STR_INIT(" MB/s")},
		{INT64_C(1000000), STR_INIT(" kB/s")},
	};

	for (size_t i = 0; i < NELEM(units); i++)
		if (v >= units[i].one) {
			if (v < 10 * units[i].one)
				buf_fixed(b, v / (units[i].one / 100), 2);
			else
				buf_fixed(b, v / (units[i].one / 10), 1);
			buf_add(b, units[i].unit);
			return;
		}
	buf_i64(b, v / 1000);
	buf_add(b, S(" B/s"));
}

static void
put_percent(struct buf *b, int64_t share)
{
	buf_fixed(b, (share + 5000) / 10000, 0);
	buf_chr(b, '%');
}

/* "3 fatal AER errors (SDES, DLP)", "3 AER errors, worst fatal" */
static void
put_reports(struct buf *b, const struct pcie_finding *f, size_t names)
{
	if (f->at_least)
		buf_add(b, S("at least "));
	buf_u64(b, f->count);
	buf_chr(b, ' ');
	if (!f->mixed) {
		buf_add(b, aer_severity_name(f->severity));
		buf_chr(b, ' ');
	}
	buf_add(b, f->count == 1 ? S("AER error") : S("AER errors"));
	if (f->mixed) {
		buf_add(b, S(", worst "));
		buf_add(b, aer_severity_name(f->severity));
	}
	for (size_t i = 0; i < f->nerror && i < names; i++) {
		buf_add(b, i ? S(", ") : S(" ("));
		buf_add(b, f->error[i].name);
	}
	if (f->nerror && names)
		buf_add(b, f->nerror > names ? S(", ...)") : S(")"));
}

/* "Gen5 x8", as far as known */
static void
put_lanes(struct buf *b, int64_t width, int64_t gen)
{
	if (gen) {
		buf_add(b, S("Gen"));
		buf_i64(b, gen);
	}
	if (width) {
		buf_add(b, gen ? S(" x") : S("x"));
		buf_i64(b, width);
	}
}

static void
put_link(struct buf *b, const struct link_state *l)
{
	if (l->gone) {
		buf_add(b, S("link down: x0 (maximum "));
		put_lanes(b, l->max_width, l->max_gen);
	} else {
		buf_add(b, S("link at "));
		put_lanes(b, l->width, l->gen);
		buf_add(b, S(" (maximum "));
		put_lanes(b, l->width ? l->max_width : 0, l->gen ? l->max_gen : 0);
	}
	buf_chr(b, ')');
}

static void
put_replays(struct buf *b, const struct bad_sample *h)
{
	buf_i64(b, h->growth);
	buf_add(b, S(" replays in "));
	buf_fixed(b, h->span / 1000000000, 0);
	buf_add(b, S(" s (limit for "));
	if (h->link.width || h->link.gen)
		put_lanes(b, h->link.width, h->link.gen);
	else
		buf_add(b, S("the fastest link"));
	buf_add(b, S(": "));
	buf_i64(b, h->limit);
	buf_add(b, S("/min)"));
}

void
pcie_put_trouble(const struct pcie_join *j, struct buf *b, const struct bad_sample *h)
{
	switch (h->what) {
	case COLLAPSE:
		buf_add(b, S("throughput down "));
		put_percent(b, h->ratio);
		buf_add(b, S(" to "));
		put_rate(b, point_at(j, h->at).value);
		buf_add(b, S(" (baseline "));
		put_rate(b, h->baseline);
		buf_chr(b, ')');
		break;
	case DEGRADED:
		put_link(b, &h->link);
		break;
	case REPLAYS:
		put_replays(b, h);
		break;
	case LOST:
		buf_add(b, S("GPU has fallen off the bus (Xid 79)"));
		break;
	}
}

/*
 * "PCIe link failing on gpu-7 GPU 0000:3b:00.0: 12 corrected AER errors
 * (BadTLP), throughput down 62% to 4.8 GB/s (baseline 12.6 GB/s); 2026-…Z"
 */
static struct str
headline(const struct pcie_join *j, const struct pcie_finding *f)
{
	static const struct {
		size_t node, names;
	} room[] = {{63, 3}, {63, 1}, {63, 0}, {24, 0}, {8, 0}};
	struct buf *b = j->d->scratch;

	PHRASE_TRIES(b, room, i) {
		buf_add(b, f->bad && f->bad->what != LOST ? S("PCIe link failing on ") : S("PCIe link failed on "));
		if (f->u->node) {
			phrase_short(b, name(j, f->u->node), room[i].node);
			buf_chr(b, ' ');
		}
		buf_add(b, S("GPU "));
		pci_put(b, f->u->gpu);
		buf_add(b, S(": "));
		put_reports(b, f, room[i].names);
		if (f->bad) {
			buf_add(b, S(", "));
			pcie_put_trouble(j, b, f->bad);
		}
		phrase_ending(b, f->bad ? f->bad->t : f->report->t);
	}
	return verdict_keep(j->d->out, b);
}

/* A reset does not recover a GPU that is gone. */
static bool
needs_power(const struct pcie_finding *f)
{
	return f->severity == AER_FATAL || (f->bad && is_gone(f->bad));
}

static struct str
remediation(const struct pcie_join *j, const struct pcie_finding *f)
{
	struct buf *b = j->d->scratch;

	b->n = 0;
	phrase_where(b, name(j, f->u->node), S("GPU"), f->u->gpu);
	if (f->port.known) {
		buf_add(b, S(" behind port "));
		pci_put(b, f->port);
	}
	buf_add(b, S(": "));
	if (needs_power(f))
		buf_add(b, S("Drain the node and power-cycle it; jobs that used this GPU are lost. If the errors come back, "
			     "reseat the GPU, riser and cables; if that does not help, replace them."));
	else if (f->severity >= AER_UNCORRECTED)
		buf_add(b, S("Drain the node, reset the GPU and restart the jobs that used it; PCIe transactions were lost. If "
			     "the errors continue, reseat the GPU, riser and cables; if that does not help, replace them."));
	else
		buf_add(b, S("Move jobs off the GPU, drain the node and reset the GPU to retrain the link. If "
			     "the errors continue, reseat the GPU, riser and cables; if that does not help, replace them."));
	if (f->bad && f->bad->what == DEGRADED) {
		buf_add(b, S(" Verify that the link comes back at "));
		put_lanes(b, f->bad->link.max_width, f->bad->link.max_gen);
		buf_chr(b, '.');
	}
	if (!f->bad)
		buf_add(b, S(" Not confirmed by throughput or link data; inspect the GPU first."));
	return verdict_keep(j->d->out, b);
}

/* Errors per minute, in hundredths; shorter times count as a minute. */
static int64_t
per_minute(const struct pcie_finding *f)
{
	int64_t ms = time_diff(f->last, f->first) / 1000000;
	uint64_t n = f->count < 1000000000 ? f->count : 1000000000;

	if (ms < 60000)
		ms = 60000;
	return (int64_t)((n * 6000000 + (uint64_t)ms / 2) / (uint64_t)ms);
}

static void
link_items(struct verdicts *vs, const struct link_state *l)
{
	const struct {
		const char *name;
		int64_t v;
	} members[] = {
		{"width", l->width}, {"max_width", l->max_width}, {"gen", l->gen}, {"max_gen", l->max_gen},
	};

	if (!l->width && !l->gen && !l->gone)
		return;
	verdict_open(vs, "link", ITEM_OBJECT);
	for (size_t i = 0; i < NELEM(members); i++)
		if (members[i].v || (l->gone && i == 0))
			verdict_int(vs, members[i].name, members[i].v);
	verdict_close(vs);
}

/* ---- evidence ---- */

static void
add_evidence(const struct pcie_join *j, const struct pcie_finding *f, struct str kind, uint32_t uid, struct str what, int64_t t)
{
	struct verdicts *vs = j->d->out;

	evidence_add(vs, kind, &(struct source){name(j, uid), name(j, f->u->node), phrase_pci(vs, j->d->spare, f->u->gpu), what, t}, j->d->scratch);
}

static void
report_evidence(const struct pcie_join *j, const struct pcie_finding *f)
{
	const struct report *r = f->report;
	struct str text = name(j, r->text);
	struct buf *b = j->d->scratch;
	bool any = false;

	b->n = 0;
	if (text.n) {
		buf_add(b, text);
	} else {
		buf_add(b, aer_severity_name(r->severity));
		buf_add(b, S(" PCIe error"));
		if (r->layer) {
			buf_add(b, S(", "));
			buf_add(b, aer_layer_name(r->layer));
		}
	}
	for (unsigned bit = 0; bit < 32; bit++) {
		const struct aer_bit *known = r->bits >> bit & 1 ? aer_bit(r->severity == AER_CORRECTED, bit) : NULL;

		if (!known)
			continue;
		buf_add(b, any ? S(", ") : S(" ["));
		buf_add(b, known->name);
		any = true;
	}
	buf_add(b, any ? S("]") : S(""));
	add_evidence(j, f, S("pcie_aer"), r->uid, S("aer"), r->t);
}

static void
bad_evidence(const struct pcie_join *j, const struct pcie_finding *f)
{
	static const struct str basis[] = {
		[NO_BASIS] = STR_INIT(""),
		[GIVEN] = STR_INIT("; the baseline is given by the record"),
		[SIBLINGS] = STR_INIT("; the baseline is the median of the node's other GPUs"),
		[OWN] = STR_INIT("; the baseline is its median before the errors"),
	};
	static const struct str what[] = {
		STR_INIT("pcie-rate"), STR_INIT("pcie-link"), STR_INIT("pcie-replays"), STR_INIT("xid-79"),
	};
	const struct bad_sample *h = f->bad;
	struct point p = h->xid ? (struct point){.uid = h->xid->e.uid} : point_at(j, h->at);
	struct buf *b = j->d->scratch;

	b->n = 0;
	if (h->what == COLLAPSE) {
		buf_add(b, S("PCIe "));
		buf_add(b, name(j, p.direction));
		buf_add(b, p.direction ? S(" ") : S(""));
	}
	if (h->xid && h->xid->text)
		buf_add(b, name(j, h->xid->text));
	else
		pcie_put_trouble(j, b, h);
	buf_add(b, basis[h->basis]);
	add_evidence(j, f, h->what == COLLAPSE ? S("hw_io_collapse") : S("hw_link_degraded"), p.uid, what[h->what], h->t);
}

void
pcie_emit(const struct pcie_join *j, const struct pcie_finding *f)
{
	struct verdicts *vs = j->d->out;
	struct verdict *v = verdict_add(vs);
	struct str gpu;

	v->headline = headline(j, f);
	v->remediation = remediation(j, f);
	v->final_at = f->final_at;
	v->confidence = f->bad ? S("full") : S("partial");
	if (!f->bad)
		v->missing = S("hw_io_collapse");
	gpu = phrase_pci(vs, j->d->scratch, f->u->gpu);
	v->id = phrase_id(vs, j->d->scratch, name(j, f->u->node), gpu, f->first);
	v->action = needs_power(f) ? ACTION_POWER_CYCLE : ACTION_RESET_GPU;
	verdict_str(vs, "gpu_id", gpu);
	verdict_str(vs, "gpu_uuid", name(j, f->uuid));
	verdict_str(vs, "gpu_serial", name(j, gpus_serial(&j->d->settled->gpus, f->u->node, f->first, f->u->gpu, f->uuid)));
	verdict_str(vs, "node", name(j, f->u->node));
	tenant_members(j->ev, &(struct gpu){.e.node = f->u->node, .gpu = f->u->gpu}, f->first, vs);
	verdict_str(vs, "port", phrase_pci(vs, j->d->scratch, f->port));
	verdict_str(vs, "severity", aer_severity_name(f->severity));
	verdict_str(vs, "aer_type", aer_layer_name(f->layer));
	if (f->nerror)
		verdict_open(vs, "errors", ITEM_LIST);
	for (size_t i = 0; i < f->nerror; i++) {
		verdict_open(vs, NULL, ITEM_OBJECT);
		verdict_str(vs, "name", f->error[i].name);
		verdict_int(vs, "count", (int64_t)f->error[i].n);
		verdict_close(vs);
	}
	if (f->nerror)
		verdict_close(vs);
	verdict_int(vs, "aer_count", (int64_t)f->count);
	if (f->at_least)
		verdict_bool(vs, "aer_count_at_least", true);
	verdict_time(vs, "first", f->first);
	verdict_time(vs, "last", f->last);
	verdict_fixed(vs, "aer_per_minute", per_minute(f) > INT64_MAX / 10000000 ? INT64_MAX / 10000000 : per_minute(f), 2);
	if (f->rate) {
		struct point p = point_at(j, f->rate->at);

		verdict_int(vs, "bytes_per_second", p.value / 1000);
		verdict_int(vs, "baseline_bytes_per_second", f->rate->baseline / 1000);
		verdict_fixed(vs, "drop_ratio", (f->rate->ratio + 50) / 100, 4);
		verdict_str(vs, "direction", name(j, p.direction));
	}
	link_items(vs, &f->link);
	if (f->bad)
		verdict_seconds(vs, "delay_seconds", time_diff(f->bad->t, f->report->t));
	verdict_time(vs, "resolved_at", f->back);
	report_evidence(j, f);
	if (f->bad)
		bad_evidence(j, f);
}
