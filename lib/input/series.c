#include "input/series.h"

#include "base/num.h"

/* Better names before others with the same meaning. */
static const struct {
	struct str name;
	enum series_label is;
} keys[] = {
	{STR_INIT("__name__"), LABEL_NAME},
	{STR_INIT("Hostname"), LABEL_HOST},
	{STR_INIT("hostname"), LABEL_HOST},
	{STR_INIT("k8s.node.name"), LABEL_HOST},
	{STR_INIT("k8s_node_name"), LABEL_HOST},
	{STR_INIT("kubernetes_node"), LABEL_HOST},
	{STR_INIT("kubernetes_node_name"), LABEL_HOST},
	{STR_INIT("node"), LABEL_HOST},
	{STR_INIT("node_name"), LABEL_HOST},
	{STR_INIT("nodename"), LABEL_HOST},
	{STR_INIT("exported_node"), LABEL_HOST},
	{STR_INIT("host.name"), LABEL_HOST},
	{STR_INIT("host_name"), LABEL_HOST},
	{STR_INIT("host"), LABEL_HOST},
	{STR_INIT("instance"), LABEL_INSTANCE},
	{STR_INIT("server.address"), LABEL_INSTANCE},
	{STR_INIT("service.instance.id"), LABEL_INSTANCE},
	{STR_INIT("net.host.name"), LABEL_INSTANCE},
	{STR_INIT("pod"), LABEL_POD},
	{STR_INIT("namespace"), LABEL_NAMESPACE},
	{STR_INIT("exported_pod"), LABEL_TENANT},
	{STR_INIT("exported_namespace"), LABEL_TENANT_NAMESPACE},
	{STR_INIT("pci_bus_id"), LABEL_PCI},
	{STR_INIT("gpu.id"), LABEL_PCI},
	{STR_INIT("gpu_id"), LABEL_PCI},
	{STR_INIT("pci.id"), LABEL_PCI},
	{STR_INIT("pci.bus_id"), LABEL_PCI},
	{STR_INIT("gpu_bus_id"), LABEL_PCI},
	{STR_INIT("hw.id"), LABEL_PCI},
	{STR_INIT("hw_id"), LABEL_PCI},
	{STR_INIT("UUID"), LABEL_UUID},
	{STR_INIT("uuid"), LABEL_UUID},
	{STR_INIT("gpu.uuid"), LABEL_UUID},
	{STR_INIT("gpu_uuid"), LABEL_UUID},
	{STR_INIT("gpu"), LABEL_INDEX},
	{STR_INIT("hw.gpu.index"), LABEL_INDEX},
	{STR_INIT("gpu.index"), LABEL_INDEX},
	{STR_INIT("gpu.number"), LABEL_INDEX},
	{STR_INIT("gpu_index"), LABEL_INDEX},
	{STR_INIT("index"), LABEL_INDEX},
	{STR_INIT("DCGM_FI_DEV_SERIAL"), LABEL_SERIAL},
	{STR_INIT("DCGM_FI_DEV_BOARD_SERIAL"), LABEL_SERIAL},
	{STR_INIT("hw.serial_number"), LABEL_SERIAL},
	{STR_INIT("hw_serial_number"), LABEL_SERIAL},
	{STR_INIT("gpu.serial"), LABEL_SERIAL},
	{STR_INIT("gpu_serial"), LABEL_SERIAL},
	{STR_INIT("serial"), LABEL_SERIAL},
	{STR_INIT("GPU_I_ID"), LABEL_MIG},
	{STR_INIT("gpu_i_id"), LABEL_MIG},
	{STR_INIT("error.type"), LABEL_TYPE},
	{STR_INIT("error_type"), LABEL_TYPE},
	{STR_INIT("gpu.error.type"), LABEL_TYPE},
	{STR_INIT("error.subtype"), LABEL_SUBTYPE},
	{STR_INIT("error_subtype"), LABEL_SUBTYPE},
	{STR_INIT("error.persistence"), LABEL_PERSISTENCE},
	{STR_INIT("error_persistence"), LABEL_PERSISTENCE},
	{STR_INIT("gpu.clock.violation"), LABEL_VIOLATION},
};

/* Counters whose attributes define what they count. */
static const struct str error_names[] = {
	STR_INIT("hw.errors"), STR_INIT("hw_errors"), STR_INIT("hw_errors_total"), STR_INIT("gpu.dcgm.ecc_errors"),
};

static void
take(struct series *s, enum series_label is, const struct labelled *l)
{
	struct labelled *best = &s->label[is], *second = &s->second;

	if (best->rank == 0 || l->rank <= best->rank) {
		if (is == LABEL_HOST && l->rank != best->rank && !str_eq(l->text, best->text))
			*second = *best;
		*best = *l;
	} else if (is == LABEL_HOST && !str_eq(l->text, best->text) && (second->rank == 0 || l->rank <= second->rank)) {
		*second = *l;
	}
}

void
series_label(struct series *s, struct str name, struct str text)
{
	if (text.n == 0)
		return;
	for (unsigned i = 0; i < NELEM(keys); i++) {
		if (!str_eq(name, keys[i].name))
			continue;
		take(s, keys[i].is, &(struct labelled){id_cut(text), i + 1});
		return;
	}
}

void
series_labels(struct reader *r, struct series *s, struct value v)
{
	for (struct value e = value_first(v); value_ok(e); e = value_next(v, e))
		series_label(s, value_name(e, &r->mem), value_text(value_of_member(e), &r->mem));
}

/* The host of "host:port", "[host]:port" or "http://host:port/path". */
static struct str
host_of(struct str s)
{
	struct str head = {0};
	size_t scheme = str_find(s, S("://"));

	if (scheme < s.n)
		s = str_from(s, scheme + 3);
	str_cut(&s, '/', &head);
	s = head;
	if (str_eat(&s, S("["))) {
		str_cut(&s, ']', &head);
		return head;
	}
	scheme = str_find(s, S(":"));
	if (scheme < s.n && str_find(str_from(s, scheme + 1), S(":")) < s.n - scheme - 1)
		return s; /* an IPv6 address without a port */
	return str_head(s, scheme);
}

static bool
is_address(struct str host)
{
	bool address = host.n != 0;

	for (size_t i = 0; i < host.n; i++)
		address &= (unsigned char)(host.p[i] - '0') < 10 || host.p[i] == '.';
	return address || str_find(host, S(":")) < host.n;
}

/* The node of a series.  An exporter in a pod without its node's name in its
 * configuration reports the pod's name as the host: use the next best label, or else the
 * scrape address, which may be the pod's.  *scraped: it is such an address, or a name
 * made up for a pod or container. */
static struct str
node_of(const struct series *s, bool *scraped)
{
	struct str host = s->label[LABEL_HOST].text, pod = s->label[LABEL_POD].text;

	*scraped = false;
	if (host.n && str_eq(host, pod))
		host = s->second.text;
	if (host.n && !str_eq(host, pod)) {
		*scraped = node_is_made(host);
		return host;
	}
	host = host_of(s->label[LABEL_INSTANCE].text);
	*scraped = is_address(host) || node_is_made(host);
	return host;
}

/* nvidia_gpu_exporter omits "GPU-": prepend it if text is 8-4-4-4-12 digits, not
 * all 0. */
static struct str
with_gpu(struct reader *r, struct str text)
{
	static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	struct buf b = {.cap = sizeof(shape) + 4};
	bool zero = true;
	uint64_t digit;

	if (text.n != sizeof(shape) - 1)
		return text;
	for (size_t i = 0; i < text.n; i++) {
		if (shape[i] == '-' ? text.p[i] != '-' : !num_hex((struct str){text.p + i, 1}, &digit))
			return text;
		zero &= shape[i] == '-' || digit == 0;
	}
	if (zero)
		return text;
	b.p = mem_bytes(&r->mem, b.cap);
	buf_add(&b, S("GPU-"));
	buf_add(&b, text);
	return buf_str(&b);
}

/* Identify the GPU by a number, address or UUID, in a label of any name. */
static void
identify(struct reader *r, struct sample *s, struct str text)
{
	uint64_t n;

	text = with_gpu(r, text);

	if (num_u64(text, &n)) {
		if (n < INT16_MAX && s->index < 0)
			s->index = (int16_t)n;
	} else if (text.n && uuid_len(text) == text.n) {
		if (!s->uuid)
			s->uuid = reader_id(r, text);
	} else if (!s->gpu.known) {
		pci_parse(text, &s->gpu);
	}
}

static bool
listed(const struct str *list, size_t n, struct str s)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(list[i], s))
			return true;
	return false;
}

static const struct metric *
metric(const struct series *s, struct str name, int *shift)
{
	struct str why = s->label[LABEL_VIOLATION].text;

	if (listed(error_names, NELEM(error_names), name))
		return metric_errors(s->label[LABEL_TYPE].text, s->label[LABEL_SUBTYPE].text,
				     s->label[LABEL_PERSISTENCE].text);
	if (str_eq(name, S("gpu.dcgm.clock.throttle_duration.time"))) {
		*shift = 9;
		return str_eq(why, S("thermal")) ? metric_of(METRIC_THERMAL_VIOLATION) :
		       str_eq(why, S("power"))   ? metric_of(METRIC_POWER_VIOLATION) : NULL;
	}
	return metric_scaled(name, shift);
}

bool
series_used(struct str name)
{
	int shift;

	return metric_scaled(name, &shift) || metric_reason(name) || listed(error_names, NELEM(error_names), name);
}

bool
series_measure(struct reader *r, const struct series *s, struct str name, struct measure *m)
{
	static const enum series_label names[] = {LABEL_PCI, LABEL_UUID, LABEL_INDEX};
	struct sample *to = &m->sample;
	bool scraped, own = s->label[LABEL_TENANT].text.n == 0;

	*m = (struct measure){.sample = {.start = NO_TIME, .index = -1}};
	m->reason = metric_reason(name);
	m->m = m->reason ? metric_of(METRIC_CLOCKS_EVENT) : metric(s, name, &m->shift);
	if (!m->m)
		return false;
	m->wanted = events_want_field(r->ev, m->m->field);
	for (size_t i = 0; i < NELEM(names); i++)
		identify(r, to, s->label[names[i]].text);
	if (!to->gpu.known && !to->uuid && to->index < 0)
		return false;
	r->answered = true;
	to->e.node = events_node(r->ev, node_of(s, &scraped));
	to->scraped = scraped;
	m->pod = s->label[own ? LABEL_POD : LABEL_TENANT].text;
	m->ns = s->label[own ? LABEL_NAMESPACE : LABEL_TENANT_NAMESPACE].text;
	m->serial = serial_of(s->label[LABEL_SERIAL].text);
	to->e.uid = reader_id(r, s->label[LABEL_MIG].text);
	if (!to->e.uid && str_starts(idx_at(&r->ev->names, to->uuid), S("MIG-")))
		to->e.uid = to->uuid;
	to->field = m->m->field & SAMPLE_FIELD;
	return true;
}

bool
series_add(struct reader *r, struct measure *m, int64_t t, struct str text)
{
	struct sample *s = &m->sample;

	if (m->reason ? !metric_active(m->reason, text, &s->value) : !metric_shifted(m->m, text, m->shift, &s->value))
		return false;
	s->e.t = t;
	if (m->wanted)
		events_add(r->ev, EVENT_SAMPLE, s);
	if (!m->any || t < m->first)
		m->first = t;
	if (!m->any || t > m->last)
		m->last = t;
	m->any = true;
	return true;
}

void
series_end(struct reader *r, const struct measure *m)
{
	const struct sample *s = &m->sample;
	struct gpu g = {.e = {.t = m->first, .node = s->e.node}, .gpu = s->gpu, .uuid = s->uuid, .index = s->index,
			.scraped = s->scraped, .serial = reader_id(r, m->serial)};

	if (m->any && m->pod.n && events_want(r->ev, EVENT_TENANT))
		events_add(r->ev, EVENT_TENANT,
			   &(struct tenant){.e = {.t = m->first, .node = s->e.node}, .last = m->last, .gpu = s->gpu, .uuid = s->uuid,
					    .index = s->index, .scraped = s->scraped, .name = reader_id(r, m->pod), .ns = reader_id(r, m->ns)});
	if (!m->any || s->gpu.known + (s->uuid != 0) + (s->index >= 0) + (g.serial != 0) < 2)
		return;
	events_add(r->ev, EVENT_GPU, &g);
	g.e.t = m->last;
	if (m->first != m->last)
		events_add(r->ev, EVENT_GPU, &g);
}
