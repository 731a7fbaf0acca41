#include "input/dialect/flat.h"

#include "base/num.h"

struct str
flat_get(const struct flat *f, struct str name)
{
	return value_text(value_get(f->attrs, name), &f->r->mem);
}

struct str
flat_scoped(const struct flat *f, struct str name)
{
	struct str s = flat_get(f, name);

	if (s.n == 0)
		reader_resource(f->r, f->resource, name, &s);
	return s;
}

int64_t
flat_time(const struct flat *f)
{
	struct str s = flat_get(f, S("time"));
	int64_t t;

	if (s.n && (num_i64(s, &t) ? t != NO_TIME : time_parse(s, &t)))
		return t;
	return f->t != NO_TIME ? f->t : reader_time(f->r, f->attrs, usual_times);
}

struct str
flat_node(const struct flat *f)
{
	struct str node = flat_scoped(f, S("k8s.node.name"));

	if (node.n == 0)
		node = flat_scoped(f, S("host.name"));
	return node.n ? node : f->r->base.node;
}

struct event
flat_header(const struct flat *f, struct str node, struct str uid)
{
	return (struct event){
		.t = flat_time(f),
		.node = events_node(f->r->ev, node),
		.uid = reader_id(f->r, uid),
	};
}

void
flat_gpu(const struct flat *f, struct pci *gpu, struct str *uuid)
{
	struct str id = flat_scoped(f, S("gpu.id"));

	*uuid = flat_scoped(f, S("gpu.uuid"));
	if (!pci_parse(id, gpu) && id.n && uuid_len(id) == id.n)
		*uuid = id;
}
