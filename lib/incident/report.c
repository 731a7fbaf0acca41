#include "incident/page.h"
#include "incident/story.h"
#include "join/phrase.h"

static struct str
keep(const struct facts *fs, struct buf *b)
{
	return verdict_keep(fs->d->out, b);
}

static void
put_id(const struct facts *fs, struct buf *b, const struct fact *f, int64_t first)
{
	time_put(b, first);
	buf_chr(b, '/');
	buf_add(b, f->node ? facts_name(fs, f->node) : S("-"));
	buf_chr(b, '/');
	if (f->gpu.known)
		pci_put(b, f->gpu);
	else if (f->pod)
		buf_add(b, facts_name(fs, f->pod));
	else
		buf_chr(b, '-');
	buf_chr(b, '/');
	buf_add(b, fact_word(f));
}

static void
list_ids(const struct facts *fs, const char *key, const struct ids *x, bool always)
{
	struct verdicts *vs = fs->d->out;

	if (!x->n && !always)
		return;
	verdict_open(vs, key, ITEM_LIST);
	for (size_t i = 0; i < x->n; i++)
		verdict_str(vs, NULL, facts_name(fs, x->id[i]));
	verdict_close(vs);
}

/* Is a fact on one node?  For a hang: the node of the blamed ranks. */
static bool
at_one(const struct fact *f)
{
	return f->kind == FACT_HANG ? f->nnode == 1 && f->ranks->blamed.n : f->nnode <= 1;
}

static void
put_root(const struct facts *fs, const char *key, const struct fact *f)
{
	struct verdicts *vs = fs->d->out;
	struct buf *b = fs->d->spare;

	verdict_open(vs, key, ITEM_OBJECT);
	verdict_str(vs, "pattern", fact_signal(fs, f));
	if (at_one(f))
		verdict_str(vs, "node", facts_name(fs, f->node));
	verdict_str(vs, "gpu_id", phrase_pci(vs, b, f->gpu));
	verdict_str(vs, "gpu_uuid", facts_name(fs, f->uuid));
	verdict_str(vs, "gpu_serial", facts_name(fs, f->serial));
	if (f->kind == FACT_LOST || f->kind == FACT_ENDED)
		verdict_str(vs, "pod", facts_name(fs, f->pod));
	if (f->kind == FACT_HANG && f->ranks->npod == 1 && f->ranks->blamed.n)
		verdict_str(vs, "pod", facts_name(fs, f->ranks->pods[0]));
	if (f->kind == FACT_HANG && f->ranks->blamed.n == 1)
		verdict_int(vs, "rank", f->ranks->blamed.r[0]);
	if (f->kind == FACT_HEAT || (f->kind != FACT_HANG && f->nnode > 1)) {
		verdict_str(vs, "scope", f->kind == FACT_HEAT ? f->detail : S("room"));
		verdict_open(vs, "nodes", ITEM_LIST);
		for (size_t i = 0; i < f->nnode; i++)
			verdict_str(vs, NULL, facts_name(fs, f->nodes[i]));
		verdict_close(vs);
	}
	if (f->kind == FACT_HANG)
		verdict_str(vs, "diagnosis", f->detail);
	if (f->kind == FACT_LOST)
		verdict_str(vs, "eviction_kind", f->detail);
	verdict_time(vs, "time", f->lo);
	verdict_close(vs);
}

static void
put_links(const struct story *s)
{
	const struct facts *fs = s->fs;
	struct verdicts *vs = fs->d->out;
	struct buf *b = fs->d->spare;
	struct str last = {0};

	verdict_open(vs, "chain", ITEM_LIST);
	for (size_t i = 0; i < s->n; i++) {
		struct str one = fact_signal(fs, s->f[i]);

		if (!str_eq(one, last))
			verdict_str(vs, NULL, one);
		last = one;
	}
	verdict_close(vs);
	verdict_open(vs, "links", ITEM_LIST);
	for (size_t i = 0; i < s->n; i++) {
		const struct fact *f = s->f[i];

		verdict_open(vs, NULL, ITEM_OBJECT);
		verdict_int(vs, "n", f->number);
		verdict_str(vs, "pattern", f->pattern);
		verdict_str(vs, "fact", fact_word(f));
		b->n = 0;
		fact_put(b, fs, f);
		verdict_str(vs, "what", keep(fs, b));
		if (f->kind == FACT_XID || f->kind == FACT_SXID)
			verdict_int(vs, "xid_code", f->code);
		if (at_one(f))
			verdict_str(vs, "node", facts_name(fs, f->node));
		verdict_str(vs, "gpu_id", phrase_pci(vs, b, f->gpu));
		if (f->kind == FACT_LOST || f->kind == FACT_ENDED)
			verdict_str(vs, "pod", facts_name(fs, f->pod));
		if (f->ranks && f->ranks->blamed.n) {
			b->n = 0;
			ranks_put(b, f->ranks->blamed);
			verdict_str(vs, "ranks", keep(fs, b));
		}
		verdict_time(vs, "at", f->at);
		if (f->lo < f->at)
			verdict_time(vs, "not_before", f->lo);
		if (f->hi > f->at && (f->kind == FACT_HEAT || f->kind == FACT_PCIE || f->kind == FACT_LINK || f->kind == FACT_STORAGE))
			verdict_time(vs, "until", f->hi);
		if (f->cause) {
			verdict_int(vs, "from", f->cause->number);
			verdict_str(vs, "rule", f->rule ? str_of(f->rule->id) : S("C16"));
			verdict_str(vs, "strength", f->causes ? S("causes") : S("precedes"));
			verdict_seconds(vs, "delay_seconds", time_diff(f->at, f->cause->at));
		}
		if (f->folded)
			verdict_int(vs, "folded", f->folded);
		verdict_close(vs);
	}
	verdict_close(vs);
}

static void
put_competing(const struct story *s)
{
	struct verdicts *vs = s->fs->d->out;
	struct fact **said;
	size_t n = 0;

	if (!story_has_rival(s))
		return;
	for (size_t i = 0; i < s->n; i++)
		n += s->f[i]->nrival;
	said = mem_new(s->fs->d->mem, struct fact *, n);
	n = 0;
	verdict_open(vs, "competing", ITEM_LIST);
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->f[i]->nrival; k++) {
			struct fact *r = s->f[i]->rival[k]->root;
			bool again = r == s->root;

			for (size_t j = 0; j < n && !again; j++)
				again = said[j] == r;
			if (again)
				continue;
			said[n++] = r;
			verdict_open(vs, NULL, ITEM_OBJECT);
			put_root(s->fs, "root", r);
			verdict_str(vs, "why", s->f[i]->ranks && (s->f[i]->ranks->unplaced || s->f[i]->ranks->assumed) ? S("placement unknown") : r->lo > s->root->lo ? S("later") : S("less direct"));
			verdict_close(vs);
		}
	verdict_close(vs);
}

/* ": ns/pod lost", ": 3 pods hit"; if the root is itself a pod's: ": 2 more pods lost". */
static bool
put_pods(struct buf *b, const struct story *s)
{
	bool of_pod = (s->root->kind == FACT_LOST || s->root->kind == FACT_ENDED) && s->root->pod, lost = false;
	size_t n = s->pods.n - (of_pod && ids_has(s->fs, &s->pods, s->root->pod));

	if (!n || s->root->kind == FACT_HANG)
		return false;
	/* a pod without records of its ranks may still run, or have ended because it waited */
	for (size_t i = 0; i < s->n; i++)
		lost |= (s->f[i]->kind == FACT_LOST || s->f[i]->kind == FACT_ENDED) && !fact_is_aftermath(s->f[i]);
	buf_add(b, S(": "));
	if (n == 1 && !of_pod)
		phrase_short(b, facts_name(s->fs, s->pods.id[0]), 50);
	else if (!of_pod)
		phrase_count(b, n, S("pod"), S("pods"));
	else
		phrase_count(b, n, S("more pod"), S("more pods"));
	buf_add(b, lost ? S(" lost") : S(" hit"));
	return true;
}

/* "Xid 79 (what) on gpu-7 GPU 0000:3b:00.0: ns/pod lost, 63 ranks waiting; 2026-…Z" */
static void
put_headline(const struct story *s, struct verdict *v)
{
	const struct facts *fs = s->fs;
	struct buf *b = fs->d->spare;
	bool named;

	b->n = 0;
	fact_put(b, fs, s->root);
	named = put_pods(b, s);
	if (s->hang && s->hang->ranks->waiting.n && !(s->hang == s->root && !s->hang->ranks->blamed.n)) {
		buf_add(b, named ? S(", ") : S(": "));
		buf_u64(b, s->hang->ranks->waiting.n);
		buf_add(b, s->hang->ranks->waiting.n == 1 ? S(" rank waiting") : S(" ranks waiting"));
	}
	phrase_ending(b, s->root->undated && s->n == 1 ? NO_TIME : s->first);
	v->headline = keep(fs, b);
}

static void
put_ranks_members(const struct story *s)
{
	enum { LISTED_MAX = 64 };
	struct verdicts *vs = s->fs->d->out;
	struct buf *b = s->fs->d->spare;
	const struct fact *h = s->hang;
	size_t n = h ? h->ranks->blamed.n : 0;

	verdict_open(vs, "ranks_blamed", ITEM_LIST);
	for (size_t i = 0; i < n && i < LISTED_MAX; i++)
		verdict_int(vs, NULL, h->ranks->blamed.r[i]);
	verdict_close(vs);
	if (n > LISTED_MAX)
		verdict_int(vs, "ranks_blamed_omitted", (int64_t)(n - LISTED_MAX));
	if (h && h->ranks->waiting.n) {
		b->n = 0;
		ranks_put(b, h->ranks->waiting);
		verdict_str(vs, "ranks_waiting", keep(s->fs, b));
	}
}

static int
evidence_cmp(const void *x, const void *y, const void *ctx)
{
	const struct evidence *a = x, *b = y;
	int d = SORT_ORDER(a->t, b->t);

	(void)ctx;
	d = d ? d : str_cmp(a->kind, b->kind);
	d = d ? d : str_cmp(a->uid, b->uid);
	return d ? d : str_cmp(a->text, b->text);
}

/* A piece of evidence for the newest verdict; if it has no uid, one is made of its
 * node, kind and time. */
static struct evidence
shown(const struct facts *fs, const struct fact_evidence *from)
{
	struct evidence e = {facts_name(fs, from->kind), facts_name(fs, from->uid), facts_name(fs, from->text), from->t};
	struct buf *b = fs->d->spare;

	if (!e.uid.n) {
		b->n = 0;
		buf_add(b, from->node ? facts_name(fs, from->node) : S("-"));
		buf_chr(b, '/');
		buf_add(b, e.kind);
		buf_chr(b, '/');
		time_put(b, from->t);
		e.uid = verdict_keep(fs->d->out, b);
	}
	return e;
}

enum { EVIDENCE_MAX = 64 };

/* all: space for the evidence of all facts. */
static void
put_evidence(const struct story *s, struct evidence *all)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n && n < EVIDENCE_MAX; i++) {
		struct evidence own[FACT_EVIDENCE_MAX];
		size_t nown = 0;

		for (const struct fact_evidence *e = s->f[i]->ev; e; e = e->next)
			own[nown++] = shown(s->fs, e);
		sort(own, nown, sizeof(*own), evidence_cmp, NULL, s->fs->d->spare);
		for (size_t k = 0; k < nown && n < EVIDENCE_MAX; k++) {
			size_t same = 0;

			while (same < n && evidence_cmp(&all[same], &own[k], NULL) != 0)
				same++;
			if (same == n)
				all[n++] = own[k];
		}
	}
	for (size_t i = 0; i < n; i++)
		verdict_evidence(s->fs->d->out, all[i].kind, all[i].uid, all[i].t, all[i].text);
}

/* Put the ids of the verdicts that report the story's facts. */
static void
put_said(const struct story *s)
{
	struct verdicts *vs = s->fs->d->out;
	bool open = false;

	for (size_t i = 0; i < s->n; i++) {
		struct fact *f = s->f[i];

		sort(f->said, f->nsaid, sizeof(*f->said), ids_cmp, s->fs->names, s->fs->d->spare);
		for (size_t k = 0; k < f->nsaid; k++) {
			if (!open)
				verdict_open(vs, "verdicts", ITEM_LIST);
			open = true;
			verdict_str(vs, NULL, facts_name(s->fs, f->said[k]));
		}
	}
	if (open)
		verdict_close(vs);
}

static void
put_story(const struct story *all, size_t i, struct evidence *room)
{
	const struct story *s = &all[i];
	const struct facts *fs = s->fs;
	struct verdicts *vs = fs->d->out;
	struct verdict *v = verdict_add(vs);
	int64_t resolved = s->root->resolved;
	uint32_t folded = 0;

	v->final_at = INT64_MAX;
	put_headline(s, v);
	story_advice(s, v);
	v->confidence = s->full ? S("full") : S("partial");
	v->missing = s->missing;
	v->planned = kind_planned(s->kind);
	v->id = mem_str(&vs->mem, s->id);
	v->action = story_action(s->root);
	verdict_str(vs, "kind", s->kind);
	verdict_time(vs, "first", s->first);
	verdict_time(vs, "last", s->last);
	verdict_time(vs, "resolved_at", resolved);
	put_root(fs, "root", s->root);
	put_links(s);
	list_ids(fs, "nodes", &s->nodes, true);
	list_ids(fs, "pods", &s->pods, true);
	list_ids(fs, "jobs", &s->jobs, false);
	put_ranks_members(s);
	list_ids(fs, "gpus", &s->gpus, false);
	list_ids(fs, "cordon", &s->cordon, true);
	verdict_open(vs, "not_to_blame", ITEM_LIST);
	for (size_t k = 0; k < s->innocent.n; k++)
		if (!ids_has(fs, &s->nodes, s->innocent.id[k])) {
			verdict_open(vs, NULL, ITEM_OBJECT);
			verdict_str(vs, "what", facts_name(fs, s->innocent.id[k]));
			verdict_str(vs, "why", S("its ranks waited"));
			verdict_close(vs);
		}
	verdict_close(vs);
	put_competing(s);
	story_put_related(all, i);
	for (size_t k = 0; k < s->n; k++)
		folded += s->f[k]->folded;
	if (folded)
		verdict_int(vs, "folded", folded);
	put_said(s);
	coverage_report(fs, s->nodes.id, s->nodes.n, s->first, s->last);
	put_evidence(s, room);
}

static int
first_cmp(const void *x, const void *y, const void *ctx)
{
	const struct story *a = x, *b = y;
	int d = SORT_ORDER(a->first, b->first);

	(void)ctx;
	d = d ? d : str_cmp(a->id, b->id);
	return d ? d : fact_cmp(a->root, b->root, ctx);
}

void
incidents_report(struct facts *fs)
{
	struct story *all;
	struct evidence *room = mem_new(fs->d->mem, struct evidence, EVIDENCE_MAX);
	struct ids removed = {0};
	struct fact **f;
	size_t n = 0, nf;

	f = roots_find(fs, &nf);
	for (size_t i = 0; i < fs->n; i++)
		if (fs->f[i].kind == FACT_CORDON && fs->f[i].grave)
			ids_add(fs, &removed, fs->f[i].node);
	ids_sort(fs, &removed);
	for (size_t i = 0; i < nf; i++)
		n += f[i] == f[i]->root && root_is_reported(fs, f[i]);
	all = mem_new(fs->d->mem, struct story, n);
	n = 0;
	for (size_t i = 0, end; i < nf; i = end) {
		struct story *s = &all[n];
		struct buf *b = fs->d->spare;

		for (end = i; end < nf && f[end]->root == f[i]->root; end++)
			;
		if (!root_is_reported(fs, f[i]->root))
			continue;
		*s = (struct story){.fs = fs, .root = f[i]->root, .f = f + i, .n = end - i};
		story_make(s, &removed);
		b->n = 0;
		put_id(fs, b, s->root, s->first);
		s->id = mem_str(fs->d->mem, buf_str(b));
		n++;
	}
	sort(all, n, sizeof(*all), first_cmp, fs, fs->d->spare);
	stories_number(fs, all, n);
	stories_relate(fs, all, n);
	passed_gather(fs);
	for (size_t i = 0; i < n; i++) {
		passed_report(fs, all[i].first, all[i].id);
		put_story(all, i, room);
	}
	passed_report(fs, INT64_MAX, (struct str){0});
}
