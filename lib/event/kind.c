#include "event/kind.h"

/* The first non-zero of the comparisons. */
static int
first_of(const int *d, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (d[i])
			return d[i];
	return 0;
}
#define FIRST_OF(...) \
	first_of((const int[]){__VA_ARGS__}, sizeof((const int[]){__VA_ARGS__}) / sizeof(int))

#define ORDER(m) SORT_ORDER(a->m, b->m)
#define NAME(m) idx_cmp(names, a->m, b->m)

/* Records that have a uid first. */
static int
uid_cmp(const struct idx *names, const struct event *a, const struct event *b)
{
	return FIRST_OF((a->uid == 0) - (b->uid == 0), NAME(uid));
}

static int
xid_same(const void *x, const void *y, const void *ctx)
{
	const struct xid *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;

	if (a->e.t != b->e.t)
		return ORDER(e.t);
	return FIRST_OF(NAME(e.node), ORDER(nvswitch), pci_cmp(a->gpu, b->gpu), ORDER(code), NAME(text));
}

int
xid_cmp(const void *x, const void *y, const void *ctx)
{
	const struct xid *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;
	int d = xid_same(x, y, ctx);

	return d ? d : FIRST_OF(ORDER(concluded), uid_cmp(names, &a->e, &b->e), -NAME(boot), -NAME(uuid));
}

static int
loss_same(const void *x, const void *y, const void *ctx)
{
	const struct loss *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;

	if (a->e.t != b->e.t)
		return ORDER(e.t);
	return FIRST_OF(NAME(ns), NAME(name), NAME(pod_uid), ORDER(from), NAME(reason), NAME(e.node),
			NAME(note), NAME(offenders), ORDER(source), ORDER(started), NAME(requested_by));
}

int
loss_cmp(const void *x, const void *y, const void *ctx)
{
	const struct loss *a = x, *b = y;
	int d = loss_same(x, y, ctx);

	return d ? d : uid_cmp(&((const struct events *)ctx)->names, &a->e, &b->e);
}

/* Placements are looked up by pod, whose order is irrelevant: by string number. */
static int
placement_same(const void *x, const void *y, const void *ctx)
{
	const struct placement *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;

	return FIRST_OF(ORDER(ns), ORDER(name), NAME(e.uid), ORDER(e.t), NAME(e.node), ORDER(from), ORDER(created), ORDER(ready),
		ORDER(daemonset));
}

static int
gpu_same(const void *x, const void *y, const void *ctx)
{
	const struct gpu *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;

	return FIRST_OF(NAME(e.node), pci_cmp(a->gpu, b->gpu), NAME(uuid), ORDER(index), ORDER(kernel), NAME(serial), ORDER(e.t));
}

static int
sample_same(const void *x, const void *y, const void *ctx)
{
	const struct sample *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;
	int d;

	if (a->e.node != b->e.node && (d = NAME(e.node)))
		return d;
	if ((d = pci_cmp(a->gpu, b->gpu)) || (a->uuid != b->uuid && (d = NAME(uuid))))
		return d;
	if (a->index != b->index)
		return ORDER(index);
	if (a->field != b->field)
		return ORDER(field);
	return a->e.t != b->e.t ? ORDER(e.t) : FIRST_OF(ORDER(delta), ORDER(start), ORDER(value), NAME(e.uid));
}

int
aer_same(const void *x, const void *y, const void *ctx)
{
	const struct aer *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;

	if (a->e.t != b->e.t)
		return ORDER(e.t);
	return FIRST_OF(NAME(e.node), pci_cmp(a->dev, b->dev), NAME(uuid), ORDER(part), ORDER(severity),
			ORDER(layer), ORDER(status), ORDER(mask), ORDER(cper), pci_cmp(a->port, b->port),
			ORDER(vendor), ORDER(driver), NAME(text));
}

int
aer_cmp(const void *x, const void *y, const void *ctx)
{
	const struct aer *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;
	int d = aer_same(x, y, ctx);

	return d ? d : FIRST_OF(uid_cmp(names, &a->e, &b->e), -NAME(boot));
}

static int
rate_same(const void *x, const void *y, const void *ctx)
{
	const struct rate *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;
	int d;

	if (a->e.node != b->e.node && (d = NAME(e.node)))
		return d;
	if ((d = pci_cmp(a->gpu, b->gpu)) || (a->uuid != b->uuid && (d = NAME(uuid))))
		return d;
	if (a->direction != b->direction)
		return NAME(direction);
	return a->e.t != b->e.t ? ORDER(e.t) : FIRST_OF(ORDER(value), ORDER(baseline));
}

static int
rate_cmp(const void *x, const void *y, const void *ctx)
{
	const struct rate *a = x, *b = y;
	int d = rate_same(x, y, ctx);

	return d ? d : uid_cmp(&((const struct events *)ctx)->names, &a->e, &b->e);
}

static int
recovery_same(const void *x, const void *y, const void *ctx)
{
	const struct recovery *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;

	return FIRST_OF(ORDER(e.t), NAME(e.node), pci_cmp(a->gpu, b->gpu), NAME(uuid), ORDER(reboot),
			NAME(boot));
}

static int
condition_same(const void *x, const void *y, const void *ctx)
{
	const struct condition *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;

	if (a->e.t != b->e.t)
		return ORDER(e.t);
	return FIRST_OF(NAME(e.node), ORDER(pressure), ORDER(on), ORDER(taint), NAME(reason), ORDER(last), NAME(note));
}

int
condition_cmp(const void *x, const void *y, const void *ctx)
{
	const struct condition *a = x, *b = y;
	int d = condition_same(x, y, ctx);

	return d ? d : uid_cmp(&((const struct events *)ctx)->names, &a->e, &b->e);
}

/* By group, rank and collective.  Of several records of one collective the
 * relevant one comes first: the most advanced state, then the latest. */
static int
collective_same(const void *x, const void *y, const void *ctx)
{
	const struct collective *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;

	if (a->group != b->group)
		return NAME(group);
	if (a->rank != b->rank)
		return ORDER(rank);
	if (a->seq != b->seq)
		return ORDER(seq);
	return FIRST_OF(-ORDER(running), -ORDER(e.t), -ORDER(started), NAME(op), NAME(shape), NAME(stack),
			NAME(pg), NAME(e.node), ORDER(dump), -ORDER(seen));
}

/* Of equal records of several files the one of the first is kept. */
static int
collective_cmp(const void *x, const void *y, const void *ctx)
{
	const struct collective *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;
	int d = collective_same(x, y, ctx);

	return d ? d : NAME(e.uid);
}

static int
completed_same(const void *x, const void *y, const void *ctx)
{
	const struct completed *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;

	if (a->group != b->group)
		return NAME(group);
	if (a->rank != b->rank)
		return ORDER(rank);
	return a->from != b->from ? ORDER(from) : FIRST_OF(ORDER(to), ORDER(e.t), NAME(e.node));
}

static int
completed_cmp(const void *x, const void *y, const void *ctx)
{
	const struct completed *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;
	int d = completed_same(x, y, ctx);

	return d ? d : NAME(e.uid);
}

static int
progress_same(const void *x, const void *y, const void *ctx)
{
	const struct progress *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;

	return FIRST_OF(NAME(group), ORDER(rank), ORDER(p2p), ORDER(open), ORDER(dump), ORDER(part), ORDER(whole), ORDER(peer),
			ORDER(enqueued), ORDER(completed), ORDER(retires), ORDER(numberless), ORDER(began), NAME(ranks), NAME(e.node),
			NAME(e.uid));
}

static int
process_group_same(const void *x, const void *y, const void *ctx)
{
	const struct process_group *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;

	return FIRST_OF(NAME(group), NAME(ranks), NAME(desc));
}

static int
watchdog_same(const void *x, const void *y, const void *ctx)
{
	const struct watchdog *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;

	return FIRST_OF(ORDER(part), NAME(group), ORDER(rank), ORDER(local), ORDER(seq), ORDER(enqueued), ORDER(completed),
			ORDER(ran), ORDER(e.t), ORDER(clock), ORDER(other), NAME(ranks), NAME(op), NAME(shape), NAME(desc), ORDER(size),
			ORDER(timeout_ms), ORDER(process_local), ORDER(repeat), ORDER(thinned), NAME(e.node), NAME(writer));
}

static int
ras_same(const void *x, const void *y, const void *ctx)
{
	const struct ras *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;

	return FIRST_OF(ORDER(hash), ORDER(e.t), ORDER(part), NAME(op), ORDER(count), ORDER(rank), ORDER(n), NAME(ranks),
			NAME(word), ORDER(size), ORDER(pid), NAME(e.node));
}

static int
node_word_cmp(const void *x, const void *y, const void *ctx)
{
	const struct node_word *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;

	return FIRST_OF(ORDER(e.t), NAME(e.node), ORDER(state), ORDER(lapse), NAME(note), uid_cmp(names, &a->e, &b->e));
}

static int
pod_cmp(const void *x, const void *y, const void *ctx)
{
	const struct pod *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;

	return FIRST_OF(NAME(ns), NAME(name), ORDER(e.t), NAME(e.uid), NAME(e.node), NAME(job), ORDER(ended), ORDER(index),
			ORDER(procs), ORDER(gpus), ORDER(code), ORDER(oom), ORDER(worker), ORDER(master), ORDER(assumed), ORDER(succeeded),
			NAME(address));
}

static int
rank_cmp(const void *x, const void *y, const void *ctx)
{
	const struct rank_at *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;

	return FIRST_OF(ORDER(rank), ORDER(from), ORDER(world), ORDER(e.t), NAME(e.node), NAME(host), NAME(ns), NAME(pod),
			pci_cmp(a->gpu, b->gpu));
}

static int
timeout_cmp(const void *x, const void *y, const void *ctx)
{
	const struct timeout *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;

	return FIRST_OF(ORDER(e.t), ORDER(rank), ORDER(seq), ORDER(after), NAME(e.node), NAME(ns), NAME(pod));
}

static int
verdict_line_cmp(const void *x, const void *y, const void *ctx)
{
	const struct verdict_line *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;

	return FIRST_OF(ORDER(e.t), NAME(line));
}

int
gpu_time_cmp(const void *x, const void *y, const void *ctx)
{
	const struct gpu *a = x, *b = y;
	int d = SORT_ORDER(a->e.node, b->e.node);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->e.t, b->e.t);
	return d ? d : pci_cmp(a->gpu, b->gpu);
}

int
tenant_gpu_cmp(const void *x, const void *y, const void *ctx)
{
	const struct tenant *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;
	int d = FIRST_OF(NAME(e.node), pci_cmp(a->gpu, b->gpu));

	return d || a->gpu.known ? d : FIRST_OF(NAME(uuid), ORDER(index));
}

static int
tenant_cmp(const void *x, const void *y, const void *ctx)
{
	const struct tenant *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;

	return FIRST_OF(tenant_gpu_cmp(x, y, ctx), ORDER(e.t), ORDER(last), NAME(ns), NAME(name), NAME(uuid), ORDER(index),
			ORDER(scraped));
}

static int
sign_cmp(const void *x, const void *y, const void *ctx)
{
	const struct sign *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;

	return FIRST_OF(ORDER(e.t), NAME(e.node), ORDER(of), ORDER(over), NAME(text), ORDER(named), NAME(pod), NAME(ns), uid_cmp(names, &a->e, &b->e));
}

#define AT(type, member) offsetof(struct type, member)
const struct record_kind kinds[EVENT_KINDS] = {
	[EVENT_XID] = {STR_INIT("xid"), sizeof(struct xid), xid_cmp, xid_same, {AT(xid, text), AT(xid, uuid), AT(xid, boot)}},
	[EVENT_LOSS] = {STR_INIT("pod_loss"), sizeof(struct loss), loss_cmp, loss_same,
		{AT(loss, name), AT(loss, ns), AT(loss, pod_uid), AT(loss, reason), AT(loss, note), AT(loss, offenders),
		AT(loss, requested_by)}},
	[EVENT_PLACEMENT] = {STR_INIT("placement"), sizeof(struct placement), placement_same, placement_same,
		{AT(placement, name), AT(placement, ns)}},
	[EVENT_GPU] = {STR_INIT("gpu"), sizeof(struct gpu), gpu_same, gpu_same, {AT(gpu, uuid), AT(gpu, serial)}},
	[EVENT_SAMPLE] = {STR_INIT("sample"), sizeof(struct sample), sample_same, sample_same,
		{AT(sample, uuid)}},
	[EVENT_AER] = {STR_INIT("aer"), sizeof(struct aer), aer_cmp, aer_same, {AT(aer, text), AT(aer, uuid), AT(aer, boot)}},
	[EVENT_RATE] = {STR_INIT("rate"), sizeof(struct rate), rate_cmp, rate_same, {AT(rate, uuid), AT(rate, direction)}},
	[EVENT_COLLECTIVE] = {STR_INIT("collective"), sizeof(struct collective), collective_cmp, collective_same,
		{AT(collective, group), AT(collective, pg), AT(collective, op), AT(collective, shape), AT(collective, stack)}},
	[EVENT_COMPLETED] = {STR_INIT("completed"), sizeof(struct completed), completed_cmp, completed_same, {AT(completed, group)}},
	[EVENT_PROGRESS] = {STR_INIT("progress"), sizeof(struct progress), progress_same, progress_same,
		{AT(progress, group), AT(progress, ranks)}},
	[EVENT_PROCESS_GROUP] = {STR_INIT("process_group"), sizeof(struct process_group), process_group_same, process_group_same,
		{AT(process_group, group), AT(process_group, desc), AT(process_group, ranks)}},
	[EVENT_RAS] = {STR_INIT("ras"), sizeof(struct ras), ras_same, ras_same, {AT(ras, op), AT(ras, ranks), AT(ras, word)}},
	[EVENT_WATCHDOG] = {STR_INIT("watchdog"), sizeof(struct watchdog), watchdog_same, watchdog_same,
		{AT(watchdog, group), AT(watchdog, desc), AT(watchdog, op), AT(watchdog, shape), AT(watchdog, ranks),
			AT(watchdog, writer)}},
	[EVENT_NODE] = {STR_INIT("node_state"), sizeof(struct node_word), node_word_cmp, node_word_cmp, {AT(node_word, note)}},
	[EVENT_POD] = {STR_INIT("pod"), sizeof(struct pod), pod_cmp, pod_cmp,
		{AT(pod, name), AT(pod, ns), AT(pod, job), AT(pod, address)}},
	[EVENT_RANK] = {STR_INIT("rank"), sizeof(struct rank_at), rank_cmp, rank_cmp,
		{AT(rank_at, host), AT(rank_at, pod), AT(rank_at, ns)}},
	[EVENT_TIMEOUT] = {STR_INIT("timeout"), sizeof(struct timeout), timeout_cmp, timeout_cmp,
		{AT(timeout, pod), AT(timeout, ns)}},
	[EVENT_VERDICT] = {STR_INIT("verdict"), sizeof(struct verdict_line), verdict_line_cmp, verdict_line_cmp,
		{AT(verdict_line, line)}},
	[EVENT_SIGN] = {STR_INIT("sign"), sizeof(struct sign), sign_cmp, sign_cmp,
		{AT(sign, text), AT(sign, pod), AT(sign, ns)}},
	[EVENT_TENANT] = {STR_INIT("tenant"), sizeof(struct tenant), tenant_cmp, tenant_cmp, {AT(tenant, uuid), AT(tenant, name), AT(tenant, ns)}},
	[EVENT_RECOVERY] = {STR_INIT("recovery"), sizeof(struct recovery), recovery_same, recovery_same,
		{AT(recovery, uuid), AT(recovery, boot)}},
	[EVENT_CONDITION] = {STR_INIT("node_condition"), sizeof(struct condition), condition_cmp, condition_same,
		{AT(condition, reason), AT(condition, note)}},
};
