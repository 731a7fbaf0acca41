#include "base/num.h"
#include "incident/story.h"

bool
fact_is_aftermath(const struct fact *f)
{
	for (const struct fact *c = f; c; c = c->cause)
		if (c->kind == FACT_WATCHDOG || c->late || (c->kind == FACT_ENDED && c->cause && c->cause->kind == FACT_HANG))
			return true;
	return f->kind == FACT_XID && f->cause && f->cls > XID_UNKNOWN && (f->cause->kind == FACT_LOST || f->cause->kind == FACT_ENDED);
}

/* A carrier: a cordon or node pressure is not reported as a root; the first pod lost
 * to it is, with its other effects below. */
static bool
is_carrier(const struct fact *f)
{
	return f && (f->kind == FACT_CORDON || f->kind == FACT_PRESSURE);
}

/* The carrier that a fact is an effect of, or NULL; *top: the fact directly below it. */
static struct fact *
carrier_of(struct fact *f, struct fact **top)
{
	for (; f->cause; f = f->cause)
		if (is_carrier(f->cause)) {
			*top = f;
			return f->cause;
		}
	return NULL;
}

/* The lead of a carrier: the first pod lost to it, or else one lost further down, or
 * else the fact on the way to a hang. */
static void
find_leads(struct facts *fs)
{
	struct fact *carrier, *top;

	for (size_t i = 0; i < fs->n; i++) {
		struct fact *f = &fs->f[i];

		if (is_carrier(f->cause) && f->kind == FACT_LOST && !f->cause->lead)
			f->cause->lead = f;
	}
	for (size_t i = 0; i < fs->n; i++)
		if (fs->f[i].kind == FACT_LOST && (carrier = carrier_of(&fs->f[i], &top)) && !carrier->lead)
			carrier->lead = &fs->f[i];
	for (size_t i = 0; i < fs->n; i++)
		if (fs->f[i].kind == FACT_HANG && (carrier = carrier_of(&fs->f[i], &top)) && !carrier->lead)
			carrier->lead = top;
}

static void
lower_carriers(struct facts *fs)
{
	find_leads(fs);
	for (size_t i = 0; i < fs->n; i++) {
		struct fact *f = &fs->f[i], *first = f->lead;

		if (is_carrier(f->cause) && f->cause->lead)
			f->cause = f->cause->lead;
		if (!is_carrier(f) || !first)
			continue;
		first->lo = num_min(first->lo, f->lo);
		first->planned |= f->kind == FACT_CORDON;
		if (f->kind == FACT_CORDON)
			fact_share(fs, first, f);
	}
	for (size_t i = 0; i < fs->n; i++)
		if (is_carrier(&fs->f[i]) && fs->f[i].lead)
			fs->f[i].lead->cause = NULL;
}

/* Add a program's own Xid to its pod's failure as the reason. */
static void
tell_fault(struct facts *fs, struct fact *end, const struct fact *xid)
{
	const struct xid_info *info = catalog_find(xid->code);
	struct buf *b = fs->d->spare;

	if (end->kind != FACT_ENDED || end->cause || end->remedy.n || end->oom || end->gpu_memory || fact_is_stopped(end) ||
	    xid->cls != XID_APPLICATION || xid->lo > time_add(end->at, SECOND) || !info)
		return;
	b->n = 0;
	buf_add(b, S("Its program faulted on a GPU (Xid "));
	buf_u64(b, xid->code);
	buf_add(b, S("). "));
	buf_add(b, info->todo);
	end->remedy = mem_str(fs->d->mem, buf_str(b));
	end->action = (uint8_t)catalog_action(info, (struct str){0});
	fact_share(fs, end, xid);
}

/* Clean-up after an end, and pods that end after their job's watchdogs, are counted,
 * not reported one by one. */
static void
fold_aftermath(struct facts *fs)
{
	for (size_t i = 0; i < fs->n; i++) {
		struct fact *f = &fs->f[i], *to = NULL;

		if ((f->kind == FACT_XID && fact_is_aftermath(f)) ||
		    (f->kind == FACT_ENDED && f->cause && ((f->cause->kind == FACT_ENDED && f->causes) || f->cause->how == LOST_LIMIT || f->cause->named)))
			to = f->cause;
		else if (f->kind == FACT_ENDED && fact_is_aftermath(f) && f->cause->lead)
			to = f->cause->lead;
		else if (f->kind == FACT_ENDED && fact_is_aftermath(f))
			f->cause->lead = f;
		while (to && to->gone)
			to = to->gone;
		if (to && f->kind == FACT_XID)
			tell_fault(fs, to, f);
		if (to) {
			to->folded += f->folded + 1;
			to->hi = num_max(to->hi, f->hi);
			to->gpu_pod |= f->gpu_pod;
			f->gone = to;
		}
	}
	for (size_t i = 0; i < fs->n; i++)
		while (fs->f[i].cause && fs->f[i].cause->gone)
			fs->f[i].cause = fs->f[i].cause->gone;
}

static bool
is_incident(const struct facts *fs, const struct fact *f)
{
	switch (f->kind) {
	case FACT_XID:
		return f->cls == XID_HARDWARE || f->pattern.n || ((f->cls == XID_UNKNOWN || f->cls == XID_APPLICATION) && f->followed);
	case FACT_NOTREADY:
		return f->followed || f->named; /* named: a launcher lost its tasks there */
	case FACT_ENDED:
		return f->gpu_pod || f->followed;
	case FACT_HANG:
		/* if the rank they wait for is unknown, count one */
		return f->ranks->waiting.n + f->ranks->blamed.n + str_eq(f->detail, S("unknown")) >= fs->c->min_ranks;
	case FACT_LINK:
	case FACT_STORAGE:
	case FACT_PANIC:
	case FACT_REBOOT:
		return f->followed;
	case FACT_CORDON:
	case FACT_PRESSURE:
	case FACT_WATCHDOG:
		return false;
	case FACT_LOST:
		return f->pattern.n || f->how != LOST_LIMIT || f->followed;
	default:
		return true;
	}
}

bool
root_is_reported(const struct facts *fs, const struct fact *root)
{
	return fs->c->all || is_incident(fs, root);
}

static int
root_cmp(const void *x, const void *y, const void *ctx)
{
	const struct fact *a = *(struct fact *const *)x, *b = *(struct fact *const *)y;

	(void)ctx;
	return a->root != b->root ? SORT_ORDER(a->root, b->root) : SORT_ORDER(a, b);
}

/* A node NotReady during a manual reboot, without further effects. */
static bool
is_mere_reboot(const struct fact *f)
{
	return f->kind == FACT_NOTREADY && !f->followed && f->cause && f->cause->kind == FACT_REBOOT;
}

struct fact **
roots_find(struct facts *fs, size_t *n)
{
	struct fact **f = mem_new(fs->d->mem, struct fact *, fs->n);

	lower_carriers(fs);
	fold_aftermath(fs);
	*n = 0;
	for (size_t i = 0; i < fs->n; i++) {
		struct fact *x = &fs->f[i];

		for (x->root = x; x->root->cause; x->root = x->root->cause)
			;
		if (x->gone)
			continue;
		if (x->cause && x->kind != FACT_NOTREADY)
			x->cause->followed = true;
		f[(*n)++] = x;
	}
	for (size_t i = 0; i < *n; i++)
		if (f[i]->kind == FACT_NOTREADY && f[i]->cause && !is_mere_reboot(f[i]))
			f[i]->cause->followed = true;
	sort(f, *n, sizeof(struct fact *), root_cmp, NULL, fs->d->spare);
	return f;
}
