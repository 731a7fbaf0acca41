/*
 * decode - print the records that the dialects make of standard input, one
 * JSON line each, in order of content: what a filter sees before it judges.
 * A test program: `make corpus` counts with it.
 */
#include <unistd.h>

#include "base/diag.h"
#include "input/input.h"
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
number(struct buf *b, const char *key, int64_t n)
{
	buf_key(b, key);
	buf_i64(b, n);
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
gpu(struct buf *b, struct pci p)
{
	if (!p.known)
		return;
	buf_key(b, "gpu");
	buf_chr(b, '"');
	pci_put(b, p);
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

#define EACH(T, x, kind) \
	for (const struct T *x = ev.list[kind].p, *x##_end = ev.list[kind].n ? x + ev.list[kind].n : x; x < x##_end; x++)

static void
print(struct buf *b)
{
	static const char *const from[] = {"event", "object", "cancel"};

	EACH(xid, x, EVENT_XID) {
		header(b, x->nvswitch ? "sxid" : "xid", &x->e);
		buf_key(b, "code");
		buf_u64(b, x->code);
		gpu(b, x->gpu);
		str(b, "uuid", x->uuid);
		str(b, "boot", x->boot);
		flag(b, "fatal", x->fatal);
		flag(b, "detail", x->detail);
		flag(b, "bare", x->bare);
		flag(b, "to_none", x->to_none);
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
		buf_key(b, "from");
		buf_json(b, str_of(from[l->from]));
		buf_add(b, S("}\n"));
	}
	EACH(place, p, EVENT_PLACE) {
		header(b, "placement", &p->e);
		str(b, "namespace", p->ns);
		str(b, "pod", p->name);
		str(b, "pod_uid", p->pod_uid);
		buf_add(b, S("}\n"));
	}
	EACH(gpu, g, EVENT_GPU) {
		header(b, "gpu", &g->e);
		gpu(b, g->gpu);
		str(b, "uuid", g->uuid);
		buf_add(b, S("}\n"));
	}
	EACH(collective, c, EVENT_COLLECTIVE) {
		header(b, "collective", &c->e);
		number(b, "rank", c->rank);
		str(b, "group", c->group);
		number(b, "seq", c->seq);
		str(b, "pg_id", c->pg);
		str(b, "op", c->op);
		str(b, "shape", c->shape);
		str(b, "stack", c->stack);
		if (c->started != NO_TIME)
			number(b, "started", c->started);
		if (c->seen != NO_TIME)
			number(b, "seen", c->seen);
		flag(b, "running", c->running);
		flag(b, "dump", c->dump);
		buf_add(b, S("}\n"));
	}
	EACH(done, d, EVENT_DONE) {
		header(b, "completed", &d->e);
		number(b, "rank", d->rank);
		str(b, "group", d->group);
		number(b, "from", d->from);
		number(b, "to", d->to);
		buf_add(b, S("}\n"));
	}
	EACH(progress, p, EVENT_PROGRESS) {
		header(b, "progress", &p->e);
		number(b, "rank", p->rank);
		str(b, "group", p->group);
		if (p->enqueued >= 0)
			number(b, "enqueued", p->enqueued);
		if (p->completed >= 0)
			number(b, "completed", p->completed);
		flag(b, "p2p", p->p2p);
		flag(b, "open", p->open);
		if (p->open && p->peer != UINT32_MAX)
			number(b, "peer", p->peer);
		flag(b, "dump", p->dump);
		buf_add(b, S("}\n"));
	}
	EACH(team, t, EVENT_TEAM) {
		header(b, "process_group", &t->e);
		str(b, "group", t->group);
		str(b, "desc", t->desc);
		str(b, "ranks", t->ranks);
		buf_add(b, S("}\n"));
	}
	EACH(recovery, r, EVENT_RECOVERY) {
		header(b, "recovery", &r->e);
		gpu(b, r->gpu);
		str(b, "uuid", r->uuid);
		str(b, "boot", r->boot);
		flag(b, "reboot", r->reboot);
		buf_add(b, S("}\n"));
	}
}

int
main(void)
{
	struct out out = {.fd = STDOUT_FILENO}, err = {.fd = STDERR_FILENO};
	struct diag d = {.to = &err, .prog = S("decode")};
	struct reader r = {.ev = &ev, .boot_time = NO_TIME};
	struct stream s = {0};
	struct stream_item it;
	enum stream_what what;
	int status = EX_FINE;

	ev.wants = ~0u;
	ev.since = ev.until = NO_TIME;
	stream_open(&s, STDIN_FILENO, 1 << 30, NULL, &out);
	while ((what = stream_next(&s, &it)) != STREAM_END) {
		if (what == STREAM_ERROR)
			return EX_FAIL;
		if (what == STREAM_VALUE) {
			reader_read(&r, it.text);
			continue;
		}
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
