#include "join/phrase.h"
#include "pattern/nccl_hang/nccl.h"

enum { EVIDENCE_MAX = 64 };

/* Limit of lists that many verdicts of one group would repeat with --all. */
enum { LIST_MAX = 64 };

enum { HOSTS_WIDTH = 160 }; /* bytes after which no further host is named */

/* At most max bytes of s, including "..." if it is cut. */
static void
put_short(struct buf *b, struct str s, size_t max)
{
	if (s.n <= max)
		buf_plain(b, s);
	else
		phrase_head(b, s, max - 3);
}

/* "TENSOR_PARALLEL (pg 6)": the group's description and name. */
static void
put_group(const struct job *a, struct buf *b, const struct grp *g)
{
	if (g->desc) {
		put_short(b, name(a, g->desc), 48);
		buf_add(b, S(" ("));
	}
	buf_add(b, g->name ? S("pg ") : S("unnamed pg"));
	put_short(b, name(a, g->name), 32);
	if (g->desc)
		buf_chr(b, ')');
}

/* All data for the texts and members of a finding. */
struct hang_report {
	const struct job *a;
	const struct hang *f;
	const struct collective *c;   /* a hanging one of the finding: the first begun */
	const struct collective *at;  /* one with the finding's number */
	uint32_t *hanging, *waiting, *silent, *suspected; /* ranks */
	size_t nhanging, nwaiting, nsilent, nsuspected;
	uint32_t *here; /* waiting ranks that wait in the finding's own group */
	size_t nhere;
	size_t heard; /* members with a record or log line */
	size_t blocked; /* ranks of the incident that wait in any group */
	bool ended;     /* suspected ranks ended for their own reason */
	uint32_t how;
};

static struct str
diagnosis(const struct hang_report *r, size_t culprit)
{
	if (r->f->word.n)
		return r->f->word;
	return nccl_diagnosis[r->a->member[r->f->culprit[culprit]].is];
}

static uint32_t
host_of(const struct job *a, const struct member *c)
{
	return a->state[c->state].node;
}

/* Does a member wait for others?  Culprits do not, except in logs, where ranks whose
 * calls differ wait for each other. */
static bool
is_waiting(const struct hang_report *r, const struct member *c, bool waits)
{
	const struct hang *f = r->f;
	size_t lo = 0;

	if (waits && c->pend && c->pend->source != FROM_RECORDER && str_eq(f->word, S("mismatch")))
		return true;
	SORT_BISECT(lo, f->nculprit, i, r->a->member[f->culprit[i]].rank < c->rank);
	return waits && (lo == f->nculprit || r->a->member[f->culprit[lo]].rank != c->rank);
}

/* Add a member: that waits, or that hangs in p (or NULL). */
static void
take(struct hang_report *r, const struct member *c, const struct collective *p, bool waits)
{
	if (is_waiting(r, c, waits))
		r->waiting[r->nwaiting++] = nccl_shown(r->a, c->rank);
	if (!p)
		return;
	r->hanging[r->nhanging++] = nccl_shown(r->a, c->rank);
	if (!r->c || nccl_begun_before(p, r->c))
		r->c = p;
}

/* Count the ranks of an incident that wait, except culprits. */
static void
count_blocked(struct hang_report *r)
{
	const struct job *a = r->a;

	if (!r->f->in) {
		r->blocked = r->nwaiting;
		return;
	}
	EACH_MEMBER(a, r->f->in, c)
		a->state[c->state].counted = false;
	EACH_MEMBER(a, r->f->in, c) {
		struct rank_state *w = &a->state[c->state];
		bool waits = !w->counted && is_waiting(r, c, c->is == WAITING);

		w->counted |= waits;
		r->blocked += waits;
	}
}

/* Gather the silent ranks of an incident. */
static void
gather_silent(struct hang_report *r)
{
	const struct job *a = r->a;
	size_t n = 0;

	EACH_MEMBER(a, r->f->in, c)
		n += c->is == SILENT;
	r->silent = mem_new(a->d->mem, uint32_t, n);
	EACH_MEMBER(a, r->f->in, c)
		if (c->is == SILENT)
			r->silent[r->nsilent++] = c->rank;
	sort(r->silent, r->nsilent, sizeof(*r->silent), sort_u32, NULL, a->d->spare);
	r->nsilent = sort_unique(r->silent, r->nsilent, sizeof(*r->silent), sort_u32, NULL);
}

/* Does the finding list a group's ranks: those of its own group, of groups with
 * a culprit, and of all groups if records are missing and it has no culprit? */
static bool
is_about(const struct hang_report *r, const struct grp *g)
{
	const struct hang *f = r->f;
	bool about = g == f->g || str_eq(f->word, S("unknown"));

	for (size_t i = 0; i < f->nculprit && !about && !f->word.n; i++)
		about = &r->a->grp[r->a->member[f->culprit[i]].grp] == g;
	return about;
}

/* Sort n ranks, remove duplicates; returns their number. */
static size_t
sort_ranks(const struct hang_report *r, uint32_t *rank, size_t n)
{
	sort(rank, n, sizeof(*rank), sort_u32, NULL, r->a->d->spare);
	return sort_unique(rank, n, sizeof(*rank), sort_u32, NULL);
}

static void
gather_ranks(struct hang_report *r)
{
	const struct job *a = r->a;
	const struct hang *f = r->f;
	size_t from, to, most;

	nccl_items(a, f->g, f->seq, &from, &to);
	for (size_t i = from; i < to; i++)
		if (!r->at || a->item[i].c->rank < r->at->rank)
			r->at = a->item[i].c;
	most = f->in ? 0 : to - from;
	for (size_t i = 0; f->in && i < f->in->n; i++)
		most += a->grp[f->in->grp[i]].to - a->grp[f->in->grp[i]].from;
	r->hanging = mem_new(a->d->mem, uint32_t, most);
	r->waiting = mem_new(a->d->mem, uint32_t, most);
	if (f->in) {
		for (size_t i = 0; i < f->in->n; i++) {
			const struct grp *g = &a->grp[f->in->grp[i]];

			for (size_t k = g->from; k < g->to && is_about(r, g); k++) {
				const struct member *c = &a->member[k];

				take(r, c, c->hung ? c->pend : NULL, c->is == WAITING);
			}
		}
		r->here = mem_new(a->d->mem, uint32_t, f->g->to - f->g->from);
		for (size_t k = f->g->from; k < f->g->to; k++)
			if (is_waiting(r, &a->member[k], a->member[k].is == WAITING))
				r->here[r->nhere++] = nccl_shown(a, a->member[k].rank);
		r->nwaiting = sort_ranks(r, r->waiting, r->nwaiting);
		r->nhanging = sort_ranks(r, r->hanging, r->nhanging);
		gather_silent(r);
		return;
	}
	/* only this collective's items, so that work is limited by its records */
	for (size_t i = from; i < to; i++)
		if (a->item[i].hung)
			take(r, &a->member[a->item[i].member], a->item[i].c, true);
	r->silent = f->g->quiet;
	r->nsilent = f->g->silent;
}

/* Is the finding based only on logs? */
static bool
is_from_log(const struct hang_report *r)
{
	return r->f->g->sources && !(r->f->g->sources & 1u << FROM_RECORDER);
}

/* Is a collective's number known?  Not for a barrier, nor with PyTorch before 1.13. */
static bool
is_numbered(const struct job *a, const struct collective *c)
{
	if (c->numberless)
		return false;
	return c->source == FROM_RECORDER || c->seq > 0 || (c->group && !str_eq(name(a, c->op), S("monitoredBarrier")));
}

static bool
has_number(const struct hang_report *r)
{
	return !r->at || is_numbered(r->a, r->at);
}

/* Is this the finding's diagnosis? */
static bool
is_word(const struct hang_report *r, struct str word)
{
	return str_eq(r->f->word, word);
}

/* Suspect members of its group without records that are not culprits. */
static void
suspect_members(struct hang_report *r)
{
	const struct job *a = r->a;
	const struct grp *g = r->f->g;
	size_t k = 0;

	r->suspected = mem_new(a->d->mem, uint32_t, g->to - g->from);
	for (size_t i = g->from; i < g->to; i++) {
		const struct member *c = &a->member[i];

		while (k < r->f->nculprit && a->member[r->f->culprit[k]].rank < c->rank)
			k++;
		if (!c->spoke && !(k < r->f->nculprit && r->f->culprit[k] == i) && (is_from_log(r) || c->is == UNHEARD))
			r->suspected[r->nsuspected++] = c->rank;
	}
}

/* Drop suspects that wait elsewhere, unless all of them do. */
static void
drop_waiting(struct hang_report *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->nsuspected; i++)
		n += !nccl_hangs_beside(r->a, r->suspected[i], r->f->g);
	if (n == 0 && !r->f->nculprit)
		return;
	n = 0;
	for (size_t i = 0; i < r->nsuspected; i++)
		if (!nccl_hangs_beside(r->a, r->suspected[i], r->f->g))
			r->suspected[n++] = r->suspected[i];
	r->nsuspected = n;
}

/* Suspect ranks that have not reached a send or receive with a peer and wait
 * nowhere. */
static void
suspect_absent(struct hang_report *r)
{
	const struct job *a = r->a;
	size_t most = 0;

	EACH_MEMBER(a, r->f->in, c)
		most += 2;
	r->suspected = mem_new(a->d->mem, uint32_t, most);
	EACH_MEMBER(a, r->f->in, c) {
		const struct rank_state *w = &a->state[c->state];

		for (int k = 0; k < 2 && w->open < w->open_to; k++) {
			uint32_t rank = a->open[w->open].absent[k];

			if (rank != UINT32_MAX && !nccl_is_held(a, rank) && !nccl_hangs_beside(a, rank, NULL))
				r->suspected[r->nsuspected++] = rank;
		}
	}
	r->nsuspected = sort_ranks(r, r->suspected, r->nsuspected);
}

/* May a rank be a member of a group? */
static bool
may_be_of(const struct job *a, const struct grp *g, uint32_t rank)
{
	bool found = !g->ranks;

	for (size_t i = g->from; i < g->to && !found; i++)
		found = a->member[i].rank == rank;
	return found;
}

/* Suspect ranks that ended for their own reason and wait for nothing. */
static void
suspect_ended(struct hang_report *r)
{
	const struct job *a = r->a;

	r->suspected = mem_new(a->d->mem, uint32_t, a->nend);
	for (size_t i = 0; i < a->nend; i++)
		if (may_be_of(a, r->f->g, a->end[i].rank) && !nccl_hangs_beside(a, a->end[i].rank, NULL)) {
			r->how = r->nsuspected ? 0 : a->end[i].how;
			r->suspected[r->nsuspected++] = a->end[i].rank;
		}
	r->ended = r->nsuspected;
}

/* If all ranks reported and most wait: suspect those that hang nowhere. */
static void
suspect_idle(struct hang_report *r)
{
	const struct job *a = r->a;

	if (2 * a->nidle > r->nwaiting)
		return;
	r->suspected = mem_new(a->d->mem, uint32_t, a->nidle);
	for (size_t i = 0; i < a->nidle; i++)
		r->suspected[r->nsuspected++] = a->idle[i];
}

/* Suspect members inferred from their neighbors' numbers, unless they wait elsewhere. */
static void
suspect_lacking(struct hang_report *r)
{
	const struct job *a = r->a;

	r->suspected = mem_new(a->d->mem, uint32_t, a->nlack);
	for (size_t i = 0; i < a->nlack; i++)
		if (a->lack[i].group == r->f->g->name)
			r->suspected[r->nsuspected++] = a->lack[i].rank;
}

static void
gather_suspected(struct hang_report *r)
{
	const struct job *a = r->a;
	const struct grp *g = r->f->g;
	bool unknown = is_word(r, S("unknown")), many;

	for (size_t i = g->from; i < g->to; i++)
		r->heard += a->member[i].spoke;
	if (unknown && !a->mingled)
		suspect_ended(r);
	if (r->ended)
		return;
	if (unknown && !g->ranks && !a->mingled)
		suspect_lacking(r);
	/* members of a group from a flight recorder have records or are silent */
	if (r->nsuspected == 0 && has_number(r) && (!g->ranks || (unknown && is_from_log(r) && r->nsilent)))
		r->nsuspected = nccl_holes(a, &r->suspected, &many);
	if (r->nsuspected == 0 && (g->ranks || !has_number(r)) && g->sources != 1u << FROM_RECORDER)
		suspect_members(r);
	drop_waiting(r);
	if (unknown && r->nsuspected == 0 && r->f->in)
		suspect_absent(r);
	if (unknown && r->nsuspected == 0 && r->f->in && !a->thinned && !a->mingled)
		suspect_idle(r);
	for (size_t i = 0; i < r->nsuspected; i++)
		r->suspected[i] = nccl_shown(a, r->suspected[i]);
}

static void
put_op(const struct hang_report *r, struct buf *b)
{
	struct str op = r->at ? nccl_op(name(r->a, r->at->op)) : (struct str){0};

	put_short(b, op.n ? op : S("collective"), 40);
	if (!has_number(r))
		return;
	buf_add(b, S(" #"));
	buf_i64(b, r->f->seq);
}

/* ---- sentences ---- */

/* " of TENSOR_PARALLEL (pg 6)" after the collective. */
static void
put_where(const struct hang_report *r, struct buf *b)
{
	put_op(r, b);
	buf_add(b, S(" of "));
	put_group(r->a, b, r->f->g);
	if (r->a->named) {
		buf_add(b, S(" in "));
		put_short(b, name(r->a, r->a->named), 48);
	}
}

/* "Rank 46 never joined all_reduce #412 of TENSOR_PARALLEL (pg 6)" */
static void
put_culprits(const struct hang_report *r, struct buf *b)
{
	static const struct str words[] = {
		[SILENT] = STR_INIT(" silent"),
		[NEVER_JOINED] = STR_INIT(" never joined"),
		[STUCK_ON_DEVICE] = STR_INIT(" stuck on device"),
	};
	const struct culprit_tally *t = r->f->tally;
	size_t kinds = 0;

	for (enum diagnosis is = STUCK_ON_DEVICE; is >= SILENT; is--) {
		if (t->of[is].n == 0)
			continue;
		buf_add(b, kinds++ ? S(", ") : S(""));
		nccl_put_some(b, &t->of[is]);
		buf_add(b, words[is]);
	}
	buf_add(b, kinds > 1 ? S(": ") : t->of[NEVER_JOINED].n ? S(" ") : S(" in "));
	put_where(r, b);
	*b->p = 'R';
}

static void
put_stalled(const struct hang_report *r, struct buf *b)
{
	size_t size = r->f->g->to - r->f->g->from;

	put_where(r, b);
	buf_add(b, S(" stalled: "));
	if (r->nhanging < size) {
		buf_u64(b, r->nhanging);
		buf_add(b, S(" of the "));
		buf_u64(b, size);
		buf_add(b, S(" ranks that joined never completed it"));
	} else if (size == 2) {
		buf_add(b, S("both ranks joined and neither completed it"));
	} else {
		buf_add(b, S("all "));
		buf_u64(b, size);
		buf_add(b, S(" ranks joined and none completed it"));
	}
}

/* "rank 3 ended (torch.OutOfMemoryError)" */
static void
put_ended(const struct hang_report *r, struct buf *b)
{
	nccl_put_ranks(b, r->suspected, r->nsuspected);
	buf_add(b, S(" ended"));
	if (!r->how)
		return;
	buf_add(b, S(" ("));
	put_short(b, name(r->a, r->how), 48);
	buf_chr(b, ')');
}

static struct str
headline(const struct hang_report *r)
{
	const struct job *a = r->a;
	struct buf *b = a->d->scratch;
	bool waits = false;

	b->n = 0;
	if (is_word(r, S("stalled"))) {
		put_stalled(r, b);
	} else if (is_word(r, S("unknown"))) {
		put_where(r, b);
		buf_add(b, S(" hangs, "));
		if (r->ended)
			put_ended(r, b);
		else
			buf_add(b, S("the missing rank is unknown"));
		buf_add(b, S(": "));
		nccl_put_ranks(b, r->nhere ? r->here : r->waiting, r->nhere ? r->nhere : r->nwaiting);
		buf_add(b, S(" waiting"));
		waits = true;
	} else {
		if (r->f->word.n) {
			buf_add(b, is_word(r, S("mismatch")) ? S("Mismatched calls of ") : S("Deadlock of "));
			nccl_put_some(b, &r->f->tally->all);
			buf_add(b, S(" in "));
			put_where(r, b);
		} else {
			put_culprits(r, b);
		}
		if (r->blocked) {
			buf_add(b, S("; "));
			buf_u64(b, r->blocked);
			buf_add(b, r->blocked == 1 ? S(" rank waiting") : S(" ranks waiting"));
			waits = true;
		}
	}
	if (nccl_begun(r->c) != NO_TIME) {
		buf_add(b, waits ? S(" since ") : S("; since "));
		phrase_second(b, nccl_begun(r->c));
	}
	if (r->nhere && r->nhere < r->nwaiting && is_word(r, S("unknown"))) {
		buf_add(b, S("; "));
		buf_u64(b, r->nwaiting - r->nhere);
		buf_add(b, r->nwaiting - r->nhere == 1 ? S(" more rank in ") : S(" more ranks in "));
		buf_u64(b, r->f->in->n - 1);
		buf_add(b, r->f->in->n == 2 ? S(" other group") : S(" other groups"));
	}
	if (b->n > HEADLINE_MAX) {
		b->n = HEADLINE_MAX - 3;
		while (((unsigned char)b->p[b->n] & 0xc0) == 0x80)
			b->n--;
		buf_add(b, S("..."));
	}
	return verdict_keep(a->d->out, b);
}

/* Hosts, or else pods. */
static void
put_hosts(const struct hang_report *r, struct buf *b)
{
	const struct culprit_tally *t = r->f->tally;
	const uint32_t *at = t->nhost ? t->host : t->pod;
	size_t n = t->nhost ? t->nhost : t->npod, from = b->n, i;

	if (n == 0)
		return;
	buf_add(b, t->nhost ? S(" (on ") : n == 1 ? S(" (pod ") : S(" (pods "));
	for (i = 0; i < n && i < NAMED && b->n - from < HOSTS_WIDTH; i++) {
		if (i)
			buf_add(b, S(", "));
		put_short(b, name(r->a, at[i]), 64);
	}
	if (i < n)
		buf_add(b, S(" and others"));
	buf_chr(b, ')');
}

/* The ranks whose logs are missing. */
static void
put_fetch(const struct hang_report *r, struct buf *b)
{
	const struct job *a = r->a;

	if (r->ended) {
		buf_add(b, S("They most likely wait for a process that is gone: "));
		put_ended(r, b);
		buf_add(b, S("; see its log before that. "));
		return;
	}
	buf_add(b, S("These records do not show which rank is missing: get the logs or flight-recorder dumps of "));
	if (r->nsuspected)
		nccl_put_ranks(b, r->suspected, r->nsuspected);
	else
		buf_add(b, S("the group's other ranks"));
	if (a->nalarm && is_from_log(r)) {
		buf_add(b, S(", first those of "));
		nccl_put_ranks(b, a->alarm, a->nalarm);
		buf_add(b, S(", which raised the alarm (that does not make it the culprit)"));
	}
	buf_add(b, S(". "));
}

static struct str
remediation(const struct hang_report *r)
{
	static const struct {
		struct str before, todo;
	} by_is[] = {
		[SILENT] = {STR_INIT("No records from "),
			STR_INIT(": check that the process and its node are still up (kernel log, pod events), and collect the missing dump if they are. ")},
		[NEVER_JOINED] = {STR_INIT("The collective waits for "),
			STR_INIT(", which did not reach it or did not leave the NCCL call: check the stack (py-spy dump --native), data loader, storage and exceptions on that host; the other ranks' GPUs are blocked waiting. ")},
		[STUCK_ON_DEVICE] = {STR_INIT("The GPU did not complete the collective, which was launched, on "),
			STR_INIT(": check for Xids and NVLink or network errors there (xid-correlate), and drain the node if there are any. ")},
	};
	const struct job *a = r->a;
	const struct culprit_tally *t = r->f->tally;
	struct buf *b = a->d->scratch;
	size_t kinds = 0;

	b->n = 0;
	for (enum diagnosis is = SILENT; is <= STUCK_ON_DEVICE; is++)
		kinds += t->of[is].n > 0;
	if (is_word(r, S("mismatch"))) {
		buf_add(b, S("The calls differ in operation, sizes or dtype: compare the code of "));
		nccl_put_some(b, &t->all);
		put_hosts(r, b);
		buf_add(b, S(" with that of the other ranks at this collective; most likely a rank-dependent branch or tensor shape. "));
		if (r->f->open)
			buf_add(b, S("The calls of other members are not known and may show that the minority is another. "));
		else if (!r->f->sure)
			buf_add(b, S("If these logs are of two jobs, analyze each alone. "));
	} else if (is_word(r, S("deadlock"))) {
		buf_add(b, S("Deadlocked, because collectives of different process groups were issued in different orders: "));
		nccl_put_some(b, &t->all);
		put_hosts(r, b);
		buf_add(b, S(". Issue them in the same order on every rank. "));
	} else if (is_word(r, S("stalled"))) {
		buf_add(b, S("Every rank joined the collective"));
		if (r->nhanging < r->f->g->to - r->f->g->from) {
			buf_add(b, S(", but it was never completed by "));
			nccl_put_ranks(b, r->hanging, r->nhanging);
		} else {
			buf_add(b, S(" and none completed it"));
		}
		buf_add(b, S(": check the fabric between their hosts (InfiniBand or RoCE links and switches, NVLink, NVSwitch), not a single rank. "));
	}
	if (is_word(r, S("unknown")))
		put_fetch(r, b);
	for (enum diagnosis is = STUCK_ON_DEVICE; is >= SILENT && r->f->word.n == 0; is--) {
		if (t->of[is].n == 0)
			continue;
		buf_add(b, by_is[is].before);
		nccl_put_some(b, &t->of[is]);
		if (kinds == 1) /* otherwise they are not only this kind's */
			put_hosts(r, b);
		buf_add(b, by_is[is].todo);
	}
	buf_add(b, S("Then restart the job."));
	return verdict_keep(a->d->out, b);
}

static enum action
action(const struct hang_report *r)
{
	if (is_word(r, S("mismatch")) || is_word(r, S("deadlock")))
		return ACTION_FIX_PROGRAM;
	if (is_word(r, S("stalled")))
		return ACTION_CHECK_FABRIC;
	if (r->f->tally->of[STUCK_ON_DEVICE].n)
		return ACTION_INSPECT_HARDWARE;
	return ACTION_COLLECT_LOGS;
}

/* ---- members ---- */

static void
rank_list(struct verdicts *vs, const char *what, const uint32_t *rank, size_t n)
{
	if (n == 0)
		return;
	verdict_open(vs, what, ITEM_LIST);
	for (size_t i = 0; i < n; i++)
		verdict_int(vs, NULL, rank[i]);
	verdict_close(vs);
}

/* Number of n elements that are listed. */
static size_t
listed(const struct hang_report *r, size_t n)
{
	return r->f->in || n < LIST_MAX ? n : LIST_MAX;
}

static void
omitted(const struct hang_report *r, const char *what, size_t n)
{
	if (n > listed(r, n))
		verdict_int(r->a->d->out, what, (int64_t)(n - listed(r, n)));
}

static void
culprit_list(const struct hang_report *r)
{
	const struct hang *f = r->f;
	struct verdicts *vs = r->a->d->out;
	size_t n = listed(r, f->nculprit);

	if (n == 0)
		return;
	verdict_open(vs, "culprits", ITEM_LIST);
	for (size_t i = 0; i < n; i++) {
		const struct member *c = &r->a->member[r->f->culprit[i]];

		verdict_open(vs, NULL, ITEM_OBJECT);
		verdict_int(vs, "rank", nccl_shown(r->a, c->rank));
		verdict_str(vs, "diagnosis", diagnosis(r, i));
		verdict_str(vs, "host", name(r->a, host_of(r->a, c)));
		if (c->pending >= 0 && (!c->pend || is_numbered(r->a, c->pend)))
			verdict_int(vs, "pending", c->pending);
		verdict_close(vs);
	}
	verdict_close(vs);
	verdict_open(vs, "culprit_ranks", ITEM_LIST);
	for (size_t i = 0; i < n; i++)
		verdict_int(vs, NULL, nccl_shown(r->a, r->a->member[f->culprit[i]].rank));
	verdict_close(vs);
	omitted(r, "culprits_omitted", f->nculprit);
}

static void
name_list(const struct hang_report *r, const char *what, const char *and_more, const uint32_t *of, size_t n)
{
	struct verdicts *vs = r->a->d->out;

	if (n == 0)
		return;
	verdict_open(vs, what, ITEM_LIST);
	for (size_t i = 0; i < listed(r, n); i++)
		verdict_str(vs, NULL, name(r->a, of[i]));
	verdict_close(vs);
	omitted(r, and_more, n);
}

static void
stack(const struct hang_report *r)
{
	const struct job *a = r->a;
	struct verdicts *vs = a->d->out;
	const struct collective *best = NULL;
	struct str s, line;

	if (r->f->nculprit) {
		const struct member *c = &a->member[r->f->culprit[0]];

		best = c->pend && c->pend->stack ? c->pend : a->state[c->state].traced;
	}
	if (!best && r->c->stack)
		best = r->c; /* a waiting rank's */
	if (!best)
		return;
	s = name(a, best->stack);
	verdict_open(vs, "stack", ITEM_LIST);
	while (str_cut(&s, '\n', &line))
		verdict_str(vs, NULL, line);
	verdict_close(vs);
}

/* Number of the incident's collectives in which a rank hangs. */
static int64_t
blocked(const struct job *a, const struct hung_groups *in)
{
	int64_t n = 0;

	for (size_t i = 0; i < in->n; i++) {
		const struct grp *g = &a->grp[in->grp[i]];
		int64_t seq = -1;

		for (size_t k = g->item; k < g->item + g->nitem; k++)
			if (a->item[k].hung && a->item[k].c->seq != seq) {
				seq = a->item[k].c->seq;
				n++;
			}
	}
	return n;
}

/* Put the sources and confidence of the finding. */
static void
sources(const struct hang_report *r)
{
	static const struct str sources_of[] = {
		[FROM_RECORDER] = STR_INIT("flight_recorder"),
		[FROM_WATCHDOG] = STR_INIT("watchdog"),
		[FROM_RAS] = STR_INIT("ras"),
	};
	struct verdicts *vs = r->a->d->out;

	if (!is_word(r, S("unknown")))
		verdict_str(vs, "certainty", r->f->sure ? S("sure") : S("suspected"));
	verdict_open(vs, "sources", ITEM_LIST);
	for (size_t i = 0; i < HANG_SOURCES; i++)
		if (r->f->g->sources >> i & 1)
			verdict_str(vs, NULL, sources_of[i]);
	verdict_close(vs);
}

/* "; at step, train.py:42": the innermost frame that is not PyTorch's own. */
static void
put_frame(struct buf *b, struct str stack)
{
	struct str line, first = str_head(stack, str_find(stack, S("\n"))), file;

	while (str_cut(&stack, '\n', &line))
		if (!str_has(line, S("torch/"))) {
			first = line;
			break;
		}
	if (first.n == 0)
		return;
	file = str_from(first, str_find(first, S(" (")) + 2);
	buf_add(b, S("; at "));
	put_short(b, str_head(first, str_find(first, S(" ("))), 64);
	if (file.n && file.p[file.n - 1] == ')') {
		buf_add(b, S(", "));
		put_short(b, str_head(file, file.n - 1), 128);
	}
}

/* Put how a rank ended, if it did. */
static void
put_end_of(const struct job *a, struct buf *b, uint32_t rank)
{
	size_t lo = 0;

	SORT_BISECT(lo, a->nend, i, a->end[i].rank < rank);
	if (lo == a->nend || a->end[lo].rank != rank)
		return;
	buf_add(b, S("; it ended with "));
	put_short(b, name(a, a->end[lo].how), 64);
}

/* Evidence: a rank's record, or that it has none. */
static void
evidence(const struct hang_report *r, const struct member *c, const struct collective *p, int64_t seq, bool calls)
{
	const struct job *a = r->a;
	const struct grp *g = &a->grp[c->grp];
	struct verdicts *vs = a->d->out;
	struct buf *b = a->d->scratch;
	struct str uid, shape, part;
	int64_t t;

	b->n = 0;
	buf_u64(b, nccl_shown(a, c->rank));
	buf_chr(b, '/');
	buf_add(b, name(a, g->name));
	buf_chr(b, '/');
	buf_i64(b, p ? p->seq : seq);
	uid = verdict_keep(vs, b);
	buf_add(b, S("rank "));
	buf_u64(b, nccl_shown(a, c->rank));
	if (host_of(a, c)) {
		buf_add(b, S(" on "));
		buf_add(b, name(a, host_of(a, c)));
	}
	buf_add(b, S(", "));
	put_group(a, b, g);
	buf_add(b, S(": "));
	if (p) {
		buf_plain(b, p->op ? nccl_op(name(a, p->op)) : S("collective"));
		if (is_numbered(a, p)) {
			buf_add(b, S(" #"));
			buf_i64(b, p->seq);
		}
		shape = name(a, p->shape);
		for (unsigned i = 0; calls && i < PARTS && str_cut(&shape, '|', &part); i++) {
			buf_add(b, part.n == 0 ? S("") : i == 2 ? S(" to ") : S(" "));
			put_short(b, part, 64);
		}
		buf_add(b, p->source != FROM_RECORDER ? (p->timed_out ? S(" timed out") : S(" not completed")) :
			p->running ? S(" started, not completed") : S(" scheduled, not completed"));
		if (c->is == STUCK_ON_DEVICE && !calls) {
			buf_add(b, S("; others are at #"));
			buf_i64(b, g->front);
		}
		put_frame(b, name(a, p->stack));
	} else if (c->spoke) {
		buf_add(b, S("has not joined #"));
		buf_i64(b, seq);
		if (c->done >= 0 || (c->completed >= 0 && !g->mixed)) {
			buf_add(b, S("; last completed #"));
			buf_i64(b, c->done > c->completed || g->mixed ? c->done : c->completed);
		}
	} else {
		buf_add(b, S("no records of this rank, which #"));
		buf_i64(b, seq);
		buf_add(b, S(" is waiting for"));
		put_end_of(r->a, b, c->rank);
	}
	t = p ? nccl_begun(p) : g->first;
	verdict_evidence(vs, S("nccl_record"), uid, t == INT64_MAX ? NO_TIME : t, verdict_keep(vs, b));
}

/* For culprits, the records they hang in; for others, those of the finding. */
static void
evidence_trail(const struct hang_report *r)
{
	const struct job *a = r->a;
	const struct hang *f = r->f;
	size_t from, to, n = 0;

	for (size_t i = 0; i < r->f->nculprit && i < EVIDENCE_MAX; i++) {
		const struct member *c = &a->member[f->culprit[i]];

		evidence(r, c, c->pend, f->in ? a->grp[c->grp].front : f->seq, is_word(r, S("mismatch")));
	}
	if (r->f->nculprit)
		return;
	nccl_items(a, f->g, f->seq, &from, &to);
	for (; from < to && n < EVIDENCE_MAX; from++)
		if (a->item[from].hung) {
			evidence(r, &a->member[a->item[from].member], a->item[from].c, f->seq, false);
			n++;
		}
	/* if no member hangs in the front: those that hang in earlier ones */
	for (size_t i = f->g->from; i < f->g->to && n < EVIDENCE_MAX && to == from && n == 0; i++)
		if (a->member[i].hung) {
			evidence(r, &a->member[i], a->member[i].pend, f->seq, false);
			break;
		}
}

void
nccl_emit(const struct hang *f)
{
	const struct job *a = f->job;
	struct hang_report r = {.a = a, .f = f};
	const struct grp *g = f->g;
	struct verdicts *vs = a->d->out;
	struct verdict *v;
	struct age age;
	size_t n;

	gather_ranks(&r);
	gather_suspected(&r);
	count_blocked(&r);
	v = verdict_add(vs);
	v->headline = headline(&r);
	v->remediation = remediation(&r);
	v->final_at = f->final_at;
	v->id = phrase_id(vs, a->d->scratch, name(a, g->name), (struct str){0}, nccl_begun(r.c));
	v->action = action(&r);
	verdict_str(vs, "job", name(a, a->named));
	verdict_str(vs, "pg_id", name(a, r.c->pg));
	verdict_str(vs, "pg_name", name(a, g->name));
	verdict_str(vs, "pg_desc", name(a, g->desc));
	if (has_number(&r))
		verdict_int(vs, "collective_seq_id", f->seq);
	if (r.at)
		verdict_str(vs, "op", name(a, r.at->op));
	verdict_str(vs, "diagnosis", f->nculprit ? diagnosis(&r, 0) : f->word);
	if (g->sources & ~(1u << FROM_RECORDER))
		sources(&r);
	culprit_list(&r);
	rank_list(vs, "hanging_ranks", r.hanging, r.nhanging);
	rank_list(vs, "waiting_ranks", r.waiting, r.nwaiting);
	rank_list(vs, "silent_ranks", r.silent, listed(&r, r.nsilent));
	omitted(&r, "silent_omitted", r.nsilent);
	rank_list(vs, "suspected_ranks", r.suspected, listed(&r, r.nsuspected));
	if (is_from_log(&r)) {
		rank_list(vs, "alarm_ranks", a->alarm, a->nalarm);
		if (r.c->rank >= SCOPED)
			verdict_str(vs, "rank_scope", S("group"));
	}
	if (is_word(&r, S("unknown")) || is_from_log(&r))
		verdict_int(vs, "heard", (int64_t)r.heard);
	if (g->ranks || g->size)
		verdict_int(vs, "group_size", g->ranks ? (int64_t)(g->to - g->from) : (int64_t)g->size);
	if (a->world)
		verdict_int(vs, "world_size", a->world);
	if (r.c->timeout_ms)
		verdict_seconds(vs, "timeout_seconds", r.c->timeout_ms * (SECOND / 1000));
	age = nccl_age(a, r.c);
	if (age.ns != NO_TIME && !str_eq(age.basis, S("dump")))
		verdict_seconds(vs, "hung_seconds", age.ns);
	verdict_str(vs, "age_basis", age.basis);
	verdict_time(vs, "since", nccl_begun(r.c));
	if (f->in) {
		verdict_int(vs, "blocked_ranks", (int64_t)r.blocked);
		verdict_int(vs, "blocked_collectives", blocked(a, f->in));
		verdict_int(vs, "blocked_groups", (int64_t)f->in->n);
	}
	name_list(&r, "culprit_hosts", "hosts_omitted", f->tally->host, f->tally->nhost);
	name_list(&r, "culprit_pods", "pods_omitted", f->tally->pod, f->tally->npod);
	stack(&r);
	n = f->nculprit ? f->nculprit : r.nhanging;
	if (n > EVIDENCE_MAX)
		verdict_int(vs, "evidence_omitted", (int64_t)n - EVIDENCE_MAX);
	evidence_trail(&r);
}
