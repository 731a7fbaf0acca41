#include "base/num.h"
#include "join/evidence.h"
#include "join/phrase.h"
#include "join/tenant.h"
#include "pattern/hbm_ecc/hbm.h"

enum { ROWS_MAX = 512 }; /* rows that can be remapped (A100 and later) */

/* Location of the errors: from counters, or else from Xids and their lines. */
static struct str
memory(const struct hbm_join *j, const struct hbm_incident *v)
{
	static const uint32_t codes[] = {48, 94, 95, 160, 161};
	/* "FB DED" etc. are units of the driver's error containment; poison
	 * consumed by a core or an engine may come from either memory */
	static const struct str dram[] = {
		STR_INIT("framebuffer"), STR_INIT("DRAM"), STR_INIT("FB DED"), STR_INIT("DED CBC"), STR_INIT("FBPA"),
		STR_INIT("Repairing Channel"),
	}, sram[] = {
		STR_INIT("SRAM"), STR_INIT("LTC Data"), STR_INIT("LTC TAG"), STR_INIT("LTC CBC"), STR_INIT("LTS"),
	};

	if (v->count[DRAM].n || v->count[SRAM].n)
		return v->count[DRAM].n >= v->count[SRAM].n ? S("dram") : S("sram");
	if (v->count[ROWS].n || v->count[PAGES].n || hbm_says(j, v, 171) || hbm_says(j, v, 63) || hbm_says(j, v, 64) ||
	    hbm_says(j, v, 177))
		return S("dram");
	if (hbm_says(j, v, 172))
		return S("sram");
	for (size_t i = 0; i < NELEM(codes); i++) {
		if (hbm_last_with(j, v, codes[i], dram, NELEM(dram)))
			return S("dram");
		if (hbm_last_with(j, v, codes[i], sram, NELEM(sram)))
			return S("sram");
	}
	return S("unknown");
}

static bool
is_confirmed(const struct hbm_incident *v)
{
	return v->x->code != 0;
}

static void
put_gpu(const struct hbm_join *j, struct buf *b, const struct hbm_incident *v)
{
	if (v->who.gpu.known) {
		buf_add(b, S("GPU "));
		pci_put(b, v->who.gpu);
	} else {
		phrase_short(b, name(j, v->x->uuid), 48); /* "GPU-…" */
	}
}

/* "gpu-7 GPU 0000:3b:00.0" */
static void
put_where(const struct hbm_join *j, struct buf *b, const struct hbm_incident *v, size_t room)
{
	struct str node = name(j, v->who.node);

	phrase_short(b, node, room);
	buf_add(b, node.n ? S(" ") : S(""));
	put_gpu(j, b, v);
}

static void
put_errors(struct buf *b, const struct hbm_incident *v, struct str memory)
{
	static const struct str what[COUNTS][2] = {
		[ROWS] = {STR_INIT(" row remapped for uncorrectable errors"), STR_INIT(" rows remapped for uncorrectable errors")},
		[PAGES] = {STR_INIT(" page retired for double-bit errors"), STR_INIT(" pages retired for double-bit errors")},
	};

	buf_i64(b, v->n);
	if (what[v->by][0].n) {
		buf_add(b, what[v->by][v->n != 1]);
		return;
	}
	buf_add(b, S(" uncorrectable "));
	if (str_eq(memory, S("dram")))
		buf_add(b, S("DRAM "));
	else if (str_eq(memory, S("sram")))
		buf_add(b, S("SRAM "));
	buf_add(b, v->n == 1 ? S("ECC error") : S("ECC errors"));
}

/*
 * "Memory failing on gpu-7 GPU 0000:3b:00.0: 2 uncorrectable DRAM ECC errors,
 * confirmed by Xid 48 (what); 2026-…Z".
 */
static struct str
headline(const struct hbm_join *j, const struct hbm_incident *v, struct str memory)
{
	static const struct {
		size_t node;
		bool what;
	} room[] = {{63, true}, {63, false}, {24, false}, {4, false}};
	struct buf *b = j->d->scratch;

	PHRASE_TRIES(b, room, i) {
		buf_add(b, S("Memory failing on "));
		put_where(j, b, v, room[i].node);
		buf_add(b, S(": "));
		put_errors(b, v, memory);
		if (is_confirmed(v)) {
			buf_add(b, S(", confirmed by Xid "));
			buf_u64(b, v->x->code);
			if (room[i].what)
				phrase_in_brackets(b, v->info->what);
		} else {
			buf_add(b, S(", confirmed by no Xid"));
		}
		phrase_ending(b, v->x->e.t);
	}
	return verdict_keep(j->d->out, b);
}

/* Why the GPU must be replaced; empty if a reset or reboot is enough. */
static struct str
beyond_repair(const struct hbm_join *j, const struct hbm_incident *v)
{
	if (v->no_spare)
		return S("no spare row is left for remapping (Xid 64)");
	if (v->failure > 0)
		return S("row remapping failed");
	if (hbm_says(j, v, 161))
		return S("no spare is left for a faulty memory channel or L2 slice (Xid 161)");
	if (v->rows >= ROWS_MAX)
		return S("all of its 512 spare rows are used");
	if (v->unrepairable > 0)
		return S("its memory is marked as unrepairable");
	if (v->exceeded > 0)
		return S("its SRAM errors exceed the threshold, and SRAM cannot be remapped");
	return (struct str){0};
}

/* Did one of its Xids ask for a reset before further work?  Otherwise
 * uncontained errors may do harm. */
static bool
needs_reset(const struct hbm_join *j, const struct hbm_incident *v)
{
	static const uint32_t resets[] = {48, 95, 140, 171, 172};

	for (size_t i = 0; i < NELEM(resets); i++)
		if (hbm_says(j, v, resets[i]))
			return true;
	return !is_confirmed(v) && v->by != ROWS && v->by != PAGES;
}

/* Did an Xid report a repair, begun or attempted, which a reset completes? */
static bool
is_repaired(const struct hbm_join *j, const struct hbm_incident *v)
{
	return !is_confirmed(v) || hbm_says(j, v, 63) || hbm_says(j, v, 64) || hbm_says(j, v, 160) || hbm_says(j, v, 177);
}

static enum action
action(const struct hbm_join *j, const struct hbm_incident *v)
{
	if (beyond_repair(j, v).n)
		return ACTION_REPLACE_GPU;
	if (v->reboot)
		return ACTION_REBOOT_NODE;
	if (needs_reset(j, v))
		return ACTION_RESET_GPU;
	if (hbm_says(j, v, 94))
		return ACTION_RESTART_JOB;
	if (is_repaired(j, v))
		return ACTION_RESET_GPU;
	return catalog_action(v->info, v->asked);
}

/* "Drain gpu-7 and reset GPU 0000:3b:00.0 …" */
static void
drain(const struct hbm_join *j, struct buf *b, const struct hbm_incident *v, struct str why)
{
	struct str node = name(j, v->who.node);

	buf_add(b, S("Drain "));
	if (node.n)
		phrase_short(b, node, PHRASE_NAME);
	else
		buf_add(b, S("the node"));
	if (why.n) {
		buf_add(b, S(" and replace "));
		put_gpu(j, b, v);
		buf_add(b, S(": "));
		buf_add(b, why);
		buf_chr(b, '.');
		return;
	}
	if (v->reboot)
		buf_add(b, S(" and reboot it before anything runs on "));
	else
		buf_add(b, S(" and reset "));
	put_gpu(j, b, v);
	buf_add(b, v->reboot ? S(" again") : S(" before anything runs on it again"));
	buf_add(b, S("; jobs that ran on it may have used corrupted data. If it recurs, run the field diagnostic and replace the GPU."));
}

static struct str
remediation(const struct hbm_join *j, const struct hbm_incident *v)
{
	struct str why = beyond_repair(j, v);
	struct buf *b = j->d->scratch;

	b->n = 0;
	if (why.n || needs_reset(j, v)) {
		drain(j, b, v, why);
	} else if (hbm_says(j, v, 94)) {
		buf_add(b, S("Restart the affected application on "));
		put_where(j, b, v, PHRASE_NAME);
		buf_add(b, S("; other applications on the GPU are unaffected. "));
		buf_add(b, v->reboot ? S("Reboot the node once it is drained.") : S("Reset the GPU once it is drained."));
	} else if (v->reboot || is_repaired(j, v)) {
		buf_add(b, S("Let the jobs on "));
		put_where(j, b, v, PHRASE_NAME);
		buf_add(b, v->reboot ? S(" finish, then reboot the node.") : S(" finish, then reset the GPU."));
		if (hbm_says(j, v, 64) && v->pending <= 0)
			buf_add(b, S(" If Xid 64 comes back after that, replace the GPU."));
	} else {
		put_where(j, b, v, PHRASE_NAME);
		buf_add(b, S(": "));
		buf_plain(b, v->info->todo);
	}
	if (v->pending > 0 && !why.n)
		buf_add(b, v->reboot ? S(" A row remap is pending; the reboot completes it.") :
				       S(" A row remap is pending; the reset completes it."));
	if (!is_confirmed(v))
		buf_add(b, S(" No Xid confirms it; read the node's kernel log first."));
	phrase_fact(b, S(" Recovery action reported by the driver (Xid 154): "), v->asked, SIZE_MAX);
	return verdict_keep(j->d->out, b);
}

/* ---- evidence ---- */

/* "uncorrectable ECC errors grew by 2 to 5 between … and …" */
static void
counter_evidence(const struct hbm_join *j, const struct hbm_incident *v, struct str gpu)
{
	static const struct str what[COUNTS] = {
		[ANY] = STR_INIT("uncorrectable ECC errors"),
		[DRAM] = STR_INIT("uncorrectable ECC errors in DRAM"),
		[SRAM] = STR_INIT("uncorrectable ECC errors in SRAM"),
		[ROWS] = STR_INIT("rows remapped for uncorrectable errors"),
		[PAGES] = STR_INIT("pages retired for double-bit errors"),
	};
	const struct metric *m = metric_of(hbm_count_field[v->by]);
	struct buf *b = j->d->scratch;

	b->n = 0;
	buf_add(b, what[v->by]);
	buf_add(b, S(" grew by "));
	buf_i64(b, v->n);
	if (v->total >= 0) {
		buf_add(b, S(" to "));
		buf_i64(b, v->total);
	}
	if (v->start != v->last) {
		buf_add(b, S(" between "));
		time_put(b, v->start);
		buf_add(b, S(" and "));
		time_put(b, v->last);
	}
	if (v->steps > 1) {
		buf_add(b, S(", in "));
		buf_u64(b, v->steps);
		buf_add(b, S(" steps"));
	}
	evidence_add(j->d->out, S("hw_error"), &(struct source){.where = name(j, v->who.node), .what = m->name, .which = gpu, .t = v->t}, b);
}

static void
kernel_evidence(const struct hbm_join *j, const struct hbm_incident *v, struct str gpu)
{
	evidence_xid(j->d->out, j->ev, v->x, gpu, S(""), j->d->scratch, j->d->spare);
}

static void
row_remap(const struct hbm_join *j, const struct hbm_incident *v)
{
	struct verdicts *vs = j->d->out;

	if (v->pending < 0 && v->failure < 0 && v->rows < 0)
		return;
	verdict_open(vs, "row_remap", ITEM_OBJECT);
	if (v->pending >= 0)
		verdict_bool(vs, "pending", v->pending > 0);
	if (v->failure >= 0)
		verdict_bool(vs, "failure", v->failure > 0);
	if (v->rows >= 0)
		verdict_int(vs, "remapped_rows", v->rows);
	verdict_close(vs);
}

void
hbm_emit(const struct hbm_join *j, const struct hbm_incident *v)
{
	struct verdicts *vs = j->d->out;
	struct verdict *out = verdict_add(vs);
	struct str where = memory(j, v), address, gpu;
	int64_t first = v->x->e.t < v->t ? v->x->e.t : v->t;

	out->headline = headline(j, v, where);
	out->remediation = remediation(j, v);
	/* the last counter step and the last Xid that may still belong to it */
	out->confidence = is_confirmed(v) ? (struct str){0} : S("partial");
	if (!is_confirmed(v))
		out->missing = S("kernel_event");
	out->final_at = time_add(v->x->e.t, hbm_reach(j->d).after);
	address = phrase_pci(vs, j->d->scratch, v->who.gpu);
	gpu = address.n ? address : name(j, v->x->uuid);
	out->id = phrase_id(vs, j->d->scratch, name(j, v->who.node), gpu, first);
	out->action = action(j, v);
	verdict_str(vs, "gpu_id", address);
	verdict_str(vs, "gpu_uuid", name(j, v->x->uuid));
	verdict_str(vs, "gpu_serial", name(j, gpus_serial(&j->d->settled->gpus, v->who.node, first, v->who.gpu, v->x->uuid)));
	verdict_str(vs, "node", name(j, v->who.node));
	tenant_members(j->ev, &(struct gpu){.e.node = v->who.node, .gpu = v->who.gpu, .uuid = v->x->uuid, .index = -1}, first, vs);
	if (is_confirmed(v))
		verdict_int(vs, "xid_code", v->x->code);
	verdict_str(vs, "xid_name", v->info->name);
	verdict_int(vs, "ecc_delta", v->n);
	if (v->total >= 0)
		verdict_int(vs, "ecc_total", v->total);
	verdict_str(vs, "memory", where);
	if (hbm_says(j, v, 95))
		verdict_str(vs, "containment", S("uncontained"));
	else if (hbm_says(j, v, 94))
		verdict_str(vs, "containment", S("contained"));
	row_remap(j, v);
	verdict_str(vs, "recovery_action", v->asked.n ? v->asked : v->info->action);
	verdict_time(vs, "first", first);
	verdict_time(vs, "last", num_max(v->x->e.t, v->last));
	if (is_confirmed(v))
		verdict_seconds(vs, "delay_seconds", time_diff(v->x->e.t, v->t));
	else
		verdict_time(vs, "since", v->start);
	verdict_time(vs, "resolved_at", v->resolved);
	if (v->x->e.t < v->t)
		kernel_evidence(j, v, gpu);
	counter_evidence(j, v, gpu);
	if (is_confirmed(v) && v->x->e.t >= v->t)
		kernel_evidence(j, v, gpu);
}
