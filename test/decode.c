/*
 * decode - print the records that dialects yield from standard input, one JSON
 * line each, sorted by content: the input of patterns.
 * With an operand, exposition text is read, too.
 * A test program, used by `make corpus`.
 */
#include <unistd.h>

#include "base/diag.h"
#include "input/text/eviction.h"
#include "input/text/aer.h"
#include "input/dialect/dialect.h"
#include "event/metric.h"
#include "input/stream.h"

static struct events ev;

static void
str(struct buf *b, const char *key, uint32_t id)
{
	if (!id)
		return;
	buf_key(b, key);
	buf_json(b, idx_at(&ev.names, id));
}

static void
header(struct buf *b, const char *kind, const struct event *e)
{
	buf_chr(b, '{');
	buf_key(b, "record");
	buf_json(b, str_of(kind));
	if (e->t != NO_TIME) {
		buf_key(b, "time");
		buf_chr(b, '"');
		time_put(b, e->t);
		buf_chr(b, '"');
	}
	str(b, "node", e->node);
	str(b, "uid", e->uid);
}

static void
gpu(struct buf *b, const char *key, struct pci p)
{
	if (!p.known)
		return;
	buf_key(b, key);
	buf_chr(b, '"');
	pci_put(b, p);
	buf_chr(b, '"');
}

static void
hex(struct buf *b, const char *key, uint32_t v)
{
	if (!v)
		return;
	buf_key(b, key);
	buf_chr(b, '"');
	buf_hex(b, v, 8);
	buf_chr(b, '"');
}

static void
flag(struct buf *b, const char *key, bool on)
{
	if (!on)
		return;
	buf_key(b, key);
	buf_add(b, S("true"));
}

static void
number(struct buf *b, const char *key, int64_t n, bool known)
{
	if (!known)
		return;
	buf_key(b, key);
	buf_i64(b, n);
}

/* Properties in the loss's text: separate members, as in verdicts. */
static void
eviction(struct buf *b, const struct loss *l)
{
	const struct eviction_text t = {
		.reason = idx_at(&ev.names, l->reason),
		.note = idx_at(&ev.names, l->note),
		.offenders = idx_at(&ev.names, l->offenders),
		.source = l->source,
	};
	struct eviction_use top;
	struct eviction e;

	eviction_parse(&t, &e);
	buf_key(b, "eviction_kind");
	buf_json(b, eviction_kind_name(e.kind));
	buf_key(b, "pressure");
	buf_json(b, pressure_name(e.pressure));
	number(b, "threshold", e.threshold, e.threshold >= 0);
	number(b, "available", e.available, e.available >= 0);
	if (!eviction_top(&t, &top))
		return;
	if (top.name.n) {
		buf_key(b, "container");
		buf_json(b, top.name);
	}
	number(b, "used", top.used, top.used >= 0);
	number(b, "request", top.request, top.request >= 0);
}

#define EACH(T, x, kind) \
	for (const struct T *x = ev.list[kind].p, *x##_end = ev.list[kind].n ? x + ev.list[kind].n : x; x < x##_end; x++)

static void
print(struct buf *b)
{
	static const char *const from[] = {"event", "object", "cancel"};
	static const char *const parts[] = {
		[AER_CPER_SEVERITY] = "cper severity", [AER_CPER_STATUS] = "cper status",
		[AER_CPER_DEVICE] = "cper device", [AER_ANNOUNCED] = "announced", [AER_CONTAINED] = "contained",
		[AER_HEAD] = "head", [AER_STATUS] = "status", [AER_UNCOR] = "uncor", [AER_LAYER] = "layer",
		[AER_TRACED] = "traced", [AER_FLAT] = "flat",
	};

	EACH(xid, x, EVENT_XID) {
		header(b, x->nvswitch ? "sxid" : "xid", &x->e);
		buf_key(b, "code");
		buf_u64(b, x->code);
		gpu(b, "gpu", x->gpu);
		str(b, "uuid", x->uuid);
		str(b, "boot", x->boot);
		flag(b, "fatal", x->fatal);
		flag(b, "detail", x->detail);
		flag(b, "bare", x->code_implied);
		flag(b, "to_none", x->recovered);
		str(b, "text", x->text);
		buf_add(b, S("}\n"));
	}
	EACH(loss, l, EVENT_LOSS) {
		header(b, "pod_loss", &l->e);
		str(b, "namespace", l->ns);
		str(b, "pod", l->name);
		str(b, "pod_uid", l->pod_uid);
		str(b, "reason", l->reason);
		str(b, "note", l->note);
		eviction(b, l);
		buf_key(b, "from");
		buf_json(b, str_of(from[l->from]));
		buf_add(b, S("}\n"));
	}
	EACH(placement, p, EVENT_PLACEMENT) {
		header(b, "placement", &(struct event){.t = p->e.t, .node = p->e.node});
		str(b, "namespace", p->ns);
		str(b, "pod", p->name);
		str(b, "pod_uid", p->e.uid);
		buf_add(b, S("}\n"));
	}
	EACH(gpu, g, EVENT_GPU) {
		header(b, "gpu", &g->e);
		gpu(b, "gpu", g->gpu);
		str(b, "uuid", g->uuid);
		number(b, "index", g->index, g->index >= 0);
		buf_add(b, S("}\n"));
	}
	EACH(sample, s, EVENT_SAMPLE) {
		const struct metric *m = metric_of(s->field);

		header(b, "sample", &s->e);
		gpu(b, "gpu", s->gpu);
		str(b, "uuid", s->uuid);
		number(b, "index", s->index, s->index >= 0);
		buf_key(b, "metric");
		buf_json(b, m->name);
		buf_key(b, "value");
		buf_fixed(b, s->value, m->digits);
		flag(b, "delta", s->delta);
		if (s->start != NO_TIME) {
			buf_key(b, "start");
			buf_chr(b, '"');
			time_put(b, s->start);
			buf_chr(b, '"');
		}
		buf_add(b, S("}\n"));
	}
	EACH(aer, a, EVENT_AER) {
		header(b, "aer", &a->e);
		buf_key(b, "part");
		buf_json(b, str_of(parts[a->part]));
		gpu(b, "dev", a->dev);
		gpu(b, "port", a->port);
		str(b, "uuid", a->uuid);
		str(b, "boot", a->boot);
		if (a->severity) {
			buf_key(b, "severity");
			buf_json(b, a->severity == AER_UNCORRECTED ? S("uncorrected") : aer_severity_name(a->severity));
		}
		if (a->layer) {
			buf_key(b, "layer");
			buf_json(b, aer_layer_name(a->layer));
		}
		hex(b, "status", a->status);
		hex(b, "mask", a->mask);
		hex(b, "vendor", a->vendor);
		hex(b, "cper", a->cper);
		if (a->driver) {
			buf_key(b, "driver");
			buf_json(b, a->driver == AER_DRIVER_PORT ? S("pcieport") : S("nvidia"));
		}
		str(b, "text", a->text);
		buf_add(b, S("}\n"));
	}
	EACH(rate, x, EVENT_RATE) {
		header(b, "rate", &x->e);
		gpu(b, "gpu", x->gpu);
		str(b, "uuid", x->uuid);
		str(b, "direction", x->direction);
		buf_key(b, "value");
		buf_fixed(b, x->value, 3);
		if (x->baseline != NO_TIME) {
			buf_key(b, "baseline");
			buf_fixed(b, x->baseline, 3);
		}
		buf_add(b, S("}\n"));
	}
	EACH(collective, c, EVENT_COLLECTIVE) {
		header(b, "collective", &c->e);
		number(b, "rank", c->rank, true);
		str(b, "group", c->group);
		number(b, "seq", c->seq, true);
		str(b, "pg_id", c->pg);
		str(b, "op", c->op);
		str(b, "shape", c->shape);
		str(b, "stack", c->stack);
		number(b, "started", c->started, c->started != NO_TIME);
		number(b, "seen", c->seen, c->seen != NO_TIME);
		flag(b, "running", c->running);
		flag(b, "dump", c->dump);
		buf_add(b, S("}\n"));
	}
	EACH(completed, d, EVENT_COMPLETED) {
		header(b, "completed", &d->e);
		number(b, "rank", d->rank, true);
		str(b, "group", d->group);
		number(b, "from", d->from, true);
		number(b, "to", d->to, true);
		buf_add(b, S("}\n"));
	}
	EACH(progress, p, EVENT_PROGRESS) {
		header(b, "progress", &p->e);
		number(b, "rank", p->rank, true);
		str(b, "group", p->group);
		number(b, "enqueued", p->enqueued, p->enqueued >= 0);
		number(b, "completed", p->completed, p->completed >= 0);
		flag(b, "p2p", p->p2p);
		flag(b, "open", p->open);
		number(b, "peer", p->peer, p->open && p->peer != UINT32_MAX);
		flag(b, "dump", p->dump);
		buf_add(b, S("}\n"));
	}
	EACH(process_group, t, EVENT_PROCESS_GROUP) {
		header(b, "process_group", &t->e);
		str(b, "group", t->group);
		str(b, "desc", t->desc);
		str(b, "ranks", t->ranks);
		buf_add(b, S("}\n"));
	}
	EACH(recovery, r, EVENT_RECOVERY) {
		header(b, "recovery", &r->e);
		gpu(b, "gpu", r->gpu);
		str(b, "uuid", r->uuid);
		str(b, "boot", r->boot);
		flag(b, "reboot", r->reboot);
		buf_add(b, S("}\n"));
	}
	EACH(condition, c, EVENT_CONDITION) {
		header(b, "node_condition", &c->e);
		buf_key(b, "pressure");
		buf_json(b, pressure_name(c->pressure));
		flag(b, "on", c->on);
		str(b, "reason", c->reason);
		str(b, "note", c->note);
		buf_add(b, S("}\n"));
	}
}

int
main(int argc, char *argv[])
{
	struct out out = {.fd = STDOUT_FILENO}, err = {.fd = STDERR_FILENO};
	struct diag d = {.to = &err, .prog = S("decode")};
	struct reader r = {.ev = &ev, .boot_time = NO_TIME, .scrape_time = NO_TIME};
	struct stream s = {0};
	struct stream_item it;
	enum stream_what what;
	int status = EX_FINE;

	(void)argv; /* any operand: exposition text is read, too */
	ev.wants = ~0u;
	ev.since = ev.until = NO_TIME;
	stream_open(&s, STDIN_FILENO, 1 << 30, NULL, &out);
	while ((what = stream_next(&s, &it)) != STREAM_END) {
		if (what == STREAM_ERROR)
			return EX_FAIL;
		if (what == STREAM_VALUE) {
			reader_value_text(&r, it.text);
			continue;
		}
		if (argc > 1 && it.text.n && exposition_read(&r, it.text, true) != EXPOSITION_NOT)
			continue;
		DIAG(&d, diag_u64(it.line), S(": "), str_of(it.why), S(" at byte "), diag_u64(it.at));
		status = EX_PARTIAL;
	}
	events_sort(&ev);
	print(&out.b);
	if (!out_flush(&out))
		status = EX_FAIL;
	stream_free(&s);
	reader_free(&r);
	events_free(&ev);
	buf_free(&out.b);
	buf_free(&err.b);
	return status;
}
