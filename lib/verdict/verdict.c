#include "verdict/verdict.h"

struct str
action_name(enum action a)
{
	static const struct str names[ACTIONS] = {
		[ACTION_NONE] = STR_INIT("none"),
		[ACTION_OBSERVE] = STR_INIT("observe"),
		[ACTION_COLLECT_LOGS] = STR_INIT("collect_logs"),
		[ACTION_RESTART_JOB] = STR_INIT("restart_job"),
		[ACTION_FIX_PROGRAM] = STR_INIT("fix_program"),
		[ACTION_RESET_GPU] = STR_INIT("reset_gpu"),
		[ACTION_REBOOT_NODE] = STR_INIT("reboot_node"),
		[ACTION_POWER_CYCLE] = STR_INIT("power_cycle"),
		[ACTION_DRAIN_NODE] = STR_INIT("drain_node"),
		[ACTION_INSPECT_HARDWARE] = STR_INIT("inspect_hardware"),
		[ACTION_REPLACE_GPU] = STR_INIT("replace_gpu"),
		[ACTION_CHECK_FABRIC] = STR_INIT("check_fabric"),
		[ACTION_FIX_CAPACITY] = STR_INIT("fix_capacity"),
		[ACTION_FIX_COOLING] = STR_INIT("fix_cooling"),
		[ACTION_FIX_POWER] = STR_INIT("fix_power"),
	};

	return names[a];
}

enum action
action_of(struct str name)
{
	for (enum action a = ACTION_NONE; a < ACTIONS; a++)
		if (str_eq(name, action_name(a)))
			return a;
	return ACTION_UNSET;
}

struct verdict *
verdict_add(struct verdicts *vs)
{
	if (vs->take && vs->n) {
		vs->take(vs->ctx, vs->v);
		verdicts_reset(vs);
	}
	vs->v = mem_more(vs->v, vs->n, &vs->vcap, sizeof(*vs->v));
	vs->v[vs->n] = (struct verdict){.item = vs->nitem, .ev = vs->nev};
	return &vs->v[vs->n++];
}

static void
add(struct verdicts *vs, struct item it)
{
	vs->item = mem_more(vs->item, vs->nitem, &vs->itemcap, sizeof(*vs->item));
	vs->item[vs->nitem++] = it;
	vs->v[vs->n - 1].nitem++;
}

void
verdict_str(struct verdicts *vs, const char *name, struct str s)
{
	if (s.n)
		add(vs, (struct item){name, ITEM_STR, 0, s});
}

void
verdict_int(struct verdicts *vs, const char *name, int64_t n)
{
	add(vs, (struct item){name, ITEM_INT, n, {0}});
}

void
verdict_seconds(struct verdicts *vs, const char *name, int64_t ns)
{
	add(vs, (struct item){name, ITEM_SECONDS, ns, {0}});
}

void
verdict_fixed(struct verdicts *vs, const char *name, int64_t n, unsigned digits)
{
	for (; digits < 9; digits++)
		n *= 10;
	verdict_seconds(vs, name, n);
}

void
verdict_time(struct verdicts *vs, const char *name, int64_t t)
{
	if (t != NO_TIME)
		add(vs, (struct item){name, ITEM_TIME, t, {0}});
}

void
verdict_bool(struct verdicts *vs, const char *name, bool yes)
{
	add(vs, (struct item){name, ITEM_BOOL, yes, {0}});
}

void
verdict_open(struct verdicts *vs, const char *name, enum item_kind kind)
{
	add(vs, (struct item){name, kind, 0, {0}});
}

void
verdict_close(struct verdicts *vs)
{
	add(vs, (struct item){NULL, ITEM_END, 0, {0}});
}

void
verdict_evidence(struct verdicts *vs, struct str kind, struct str uid, int64_t t, struct str text)
{
	vs->ev = mem_more(vs->ev, vs->nev, &vs->evcap, sizeof(*vs->ev));
	vs->ev[vs->nev++] = (struct evidence){kind, uid, text, t};
	vs->v[vs->n - 1].nev++;
}

struct str
verdict_keep(struct verdicts *vs, struct buf *b)
{
	struct str s = mem_str(&vs->mem, buf_str(b));

	b->n = 0;
	return s;
}

void
verdicts_reset(struct verdicts *vs)
{
	vs->n = vs->nitem = vs->nev = 0;
	mem_reset(&vs->mem);
}

void
verdicts_free(struct verdicts *vs)
{
	mem_give(vs->v, vs->vcap * sizeof(*vs->v));
	mem_give(vs->item, vs->itemcap * sizeof(*vs->item));
	mem_give(vs->ev, vs->evcap * sizeof(*vs->ev));
	mem_free(&vs->mem);
	*vs = (struct verdicts){0};
}
