/*
 * test_records - for *_test.c: records as text.  Kinds in the order of enum event_kind,
 * records separated by "; ", members that are set:
 *   xid @T node=N uid=U boot=B gpu=PCI uuid=G code=C nvswitch fatal detail implied
 *       recovered nonfatal concluded {text}
 *   loss @T node=N uid=U pod=NS/NAME (UID) REASON kubelet|other|unknown cancel {note} [offenders]
 *   place @T node=N uid=U pod=NS/NAME event|scheduled|killing
 *   gpu @T node=N gpu=PCI uuid=G index=I kernel serial=S
 *   recovery @T node=N boot=B gpu=PCI uuid=G driver|kernel
 *   condition @T..LAST node=N uid=U REASON memory|disk|pid|unknown on|off {note}
 *   node @T node=N uid=U ready|notready|cordoned|uncordoned|removed kubelet|unreachable {note}
 *   rank @T node=N pod=NS/NAME R/WORLD host=H gpu=PCI init|line|task
 *   timeout @T node=N pod=NS/NAME rank=R seq=S after=NS
 *   sign @T node=N uid=U pod=NS/NAME KIND over nccl {text}
 * T is in nanoseconds.
 * Layer text: includes input/text/eviction.h, event/event.h.
 */
#ifndef TEST_RECORDS_H
#define TEST_RECORDS_H

#include "event/event.h"
#include "input/text/eviction.h"

struct recorded {
	const struct events *ev;
	struct buf *b;
};

static inline struct str
recorded_name(const struct recorded *r, uint32_t id)
{
	return idx_at(&r->ev->names, id);
}

static inline void
recorded_number(const struct recorded *r, const char *before, int64_t n)
{
	buf_add(r->b, str_of(before));
	buf_i64(r->b, n);
}

/* before, the text and behind, if the text is set */
static inline void
recorded_text(const struct recorded *r, const char *before, uint32_t id, const char *behind)
{
	if (id == 0)
		return;
	buf_add(r->b, str_of(before));
	buf_add(r->b, recorded_name(r, id));
	buf_add(r->b, str_of(behind));
}

static inline void
recorded_flag(const struct recorded *r, const char *name, unsigned is)
{
	if (is == 0)
		return;
	buf_chr(r->b, ' ');
	buf_add(r->b, str_of(name));
	if (is > 1)
		recorded_number(r, "=", is);
}

static inline void
recorded_pci(const struct recorded *r, struct pci p)
{
	if (!p.known)
		return;
	buf_add(r->b, S(" gpu="));
	pci_put(r->b, p);
	if (p.known != 1)
		recorded_number(r, "!", p.known);
}

static inline void
recorded_pod(const struct recorded *r, uint32_t ns, uint32_t name)
{
	if (ns == 0 && name == 0)
		return;
	buf_add(r->b, S(" pod="));
	buf_add(r->b, recorded_name(r, ns));
	recorded_text(r, "/", name, "");
}

static inline void
recorded_begin(const struct recorded *r, const char *kind, const struct event *e)
{
	buf_add(r->b, r->b->n ? S("; ") : S(""));
	buf_add(r->b, str_of(kind));
	if (e->t != NO_TIME)
		recorded_number(r, " @", e->t);
}

static inline void
recorded_event(const struct recorded *r, const struct event *e)
{
	recorded_text(r, " node=", e->node, "");
	recorded_text(r, " uid=", e->uid, "");
}

static inline void
recorded_xid(const struct recorded *r, const struct xid *x)
{
	recorded_begin(r, "xid", &x->e);
	recorded_event(r, &x->e);
	recorded_text(r, " boot=", x->boot, "");
	recorded_pci(r, x->gpu);
	recorded_text(r, " uuid=", x->uuid, "");
	recorded_number(r, " code=", x->code);
	recorded_flag(r, "nvswitch", x->nvswitch);
	recorded_flag(r, "fatal", x->fatal);
	recorded_flag(r, "detail", x->detail);
	recorded_flag(r, "implied", x->code_implied);
	recorded_flag(r, "recovered", x->recovered);
	recorded_flag(r, "nonfatal", x->nonfatal);
	recorded_flag(r, "concluded", x->concluded);
	recorded_text(r, " {", x->text, "}");
}

static inline void
recorded_loss(const struct recorded *r, const struct loss *l)
{
	static const char *const by[] = {"kubelet", "other", "unknown"};

	recorded_begin(r, "loss", &l->e);
	recorded_event(r, &l->e);
	recorded_pod(r, l->ns, l->name);
	recorded_text(r, " (", l->pod_uid, ")");
	recorded_text(r, " ", l->reason, "");
	recorded_flag(r, by[l->source], 1);
	recorded_flag(r, "object", l->from == LOSS_OBJECT);
	recorded_flag(r, "cancel", l->from == LOSS_CANCEL);
	if (l->started != NO_TIME)
		recorded_number(r, " started=", l->started);
	recorded_text(r, " {", l->note, "}");
	recorded_text(r, " [", l->offenders, "]");
}

static inline void
recorded_placement(const struct recorded *r, const struct placement *p)
{
	static const char *const from[] = {"event", "scheduled", "killing", "object"};

	recorded_begin(r, "place", &p->e);
	recorded_event(r, &p->e);
	recorded_pod(r, p->ns, p->name);
	recorded_flag(r, from[p->from], 1);
	if (p->created != NO_TIME)
		recorded_number(r, " created=", p->created);
	if (p->ready != NO_TIME)
		recorded_number(r, " ready=", p->ready);
}

static inline void
recorded_gpu(const struct recorded *r, const struct gpu *g)
{
	recorded_begin(r, "gpu", &g->e);
	recorded_event(r, &g->e);
	recorded_pci(r, g->gpu);
	recorded_text(r, " uuid=", g->uuid, "");
	if (g->index != -1)
		recorded_number(r, " index=", g->index);
	recorded_flag(r, "kernel", g->kernel);
	recorded_text(r, " serial=", g->serial, "");
}

static inline void
recorded_recovery(const struct recorded *r, const struct recovery *v)
{
	recorded_begin(r, "recovery", &v->e);
	recorded_event(r, &v->e);
	recorded_text(r, " boot=", v->boot, "");
	recorded_pci(r, v->gpu);
	recorded_text(r, " uuid=", v->uuid, "");
	recorded_flag(r, "driver", v->reboot == 1);
	recorded_flag(r, "kernel", v->reboot == 2);
}

static inline void
recorded_condition(const struct recorded *r, const struct condition *c)
{
	recorded_begin(r, "condition", &c->e);
	if (c->last != NO_TIME)
		recorded_number(r, "..", c->last);
	recorded_event(r, &c->e);
	recorded_text(r, " ", c->reason, "");
	buf_chr(r->b, ' ');
	buf_add(r->b, pressure_name(c->pressure));
	buf_add(r->b, c->on ? S(" on") : S(" off"));
	recorded_flag(r, "taint", c->taint);
	recorded_text(r, " {", c->note, "}");
}

static inline void
recorded_node(const struct recorded *r, const struct node_word *w)
{
	static const char *const states[] = {"ready", "notready", "cordoned", "uncordoned", "removed", "known"};

	recorded_begin(r, "node", &w->e);
	recorded_event(r, &w->e);
	recorded_flag(r, states[w->state], 1);
	recorded_flag(r, "kubelet", w->lapse == LAPSE_NOT_READY);
	recorded_flag(r, "unreachable", w->lapse == LAPSE_UNREACHABLE);
	recorded_text(r, " {", w->note, "}");
}

static inline void
recorded_rank(const struct recorded *r, const struct rank_at *a)
{
	static const char *const from[] = {"init", "line", "task"};

	recorded_begin(r, "rank", &a->e);
	recorded_event(r, &a->e);
	recorded_pod(r, a->ns, a->pod);
	recorded_number(r, " ", a->rank);
	recorded_number(r, "/", a->world);
	recorded_text(r, " host=", a->host, "");
	recorded_pci(r, a->gpu);
	recorded_flag(r, from[a->from], 1);
}

static inline void
recorded_timeout(const struct recorded *r, const struct timeout *t)
{
	recorded_begin(r, "timeout", &t->e);
	recorded_event(r, &t->e);
	recorded_pod(r, t->ns, t->pod);
	recorded_number(r, " rank=", t->rank);
	recorded_number(r, " seq=", t->seq);
	recorded_number(r, " after=", t->after);
}

static inline void
recorded_sign(const struct recorded *r, const struct sign *s)
{
	static const char *const of[] = {
		"link", "storage", "panic", "machine_check", "oom", "reboot", "ended", "node_lost", "preempted", "time_limit", "gpu_memory",
	};

	recorded_begin(r, "sign", &s->e);
	recorded_event(r, &s->e);
	recorded_pod(r, s->ns, s->pod);
	recorded_flag(r, of[s->of], 1);
	recorded_flag(r, "over", s->over);
	recorded_flag(r, "nccl", s->named);
	recorded_text(r, " {", s->text, "}");
}

/* The records of these kinds (bits) in ev, which live in b. */
static inline struct str
test_records(const struct events *ev, unsigned kinds, struct buf *b)
{
	const struct recorded r = {ev, b};

	b->n = 0;
	for (unsigned k = 0; k < EVENT_KINDS; k++)
		for (size_t i = 0; kinds >> k & 1 && i < ev->list[k].n; i++) {
			const void *e = events_at(ev, k, i);

			switch (k) {
			case EVENT_XID: recorded_xid(&r, e); break;
			case EVENT_LOSS: recorded_loss(&r, e); break;
			case EVENT_PLACEMENT: recorded_placement(&r, e); break;
			case EVENT_GPU: recorded_gpu(&r, e); break;
			case EVENT_RECOVERY: recorded_recovery(&r, e); break;
			case EVENT_CONDITION: recorded_condition(&r, e); break;
			case EVENT_NODE: recorded_node(&r, e); break;
			case EVENT_RANK: recorded_rank(&r, e); break;
			case EVENT_TIMEOUT: recorded_timeout(&r, e); break;
			case EVENT_SIGN: recorded_sign(&r, e); break;
			default: break;
			}
		}
	return buf_str(b);
}

#endif
