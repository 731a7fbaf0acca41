#include "join/topology.h"

#include "base/num.h"
#include "base/sort.h"

static int
by_port(const void *x, const void *y, const void *ctx)
{
	const struct below *a = x, *b = y;
	int d = pci_cmp(a->port, b->port);

	(void)ctx;
	return d ? d : pci_cmp(a->gpu, b->gpu);
}

static int
by_gpu(const void *x, const void *y, const void *ctx)
{
	const struct below *a = x, *b = y;
	int d = pci_cmp(a->gpu, b->gpu);

	(void)ctx;
	return d ? d : pci_cmp(a->port, b->port);
}

/* By name, or by number, as printed by lspci -n and -nn: base class 03 is a
 * display controller, 12 a processing accelerator. */
static bool
is_gpu(struct str what)
{
	static const struct str names[] = {
		STR_INIT("3D controller"),
		STR_INIT("VGA compatible controller"),
		STR_INIT("Display controller"),
		STR_INIT("Processing accelerators"),
		STR_INIT("03"),
		STR_INIT("12"),
	};

	for (size_t i = 0; i < NELEM(names); i++)
		if (str_starts(what, names[i]))
			return true;
	return what.n == 0;
}

/* "3b:00.0", the form of all parts of a path except the first. */
static bool
eat_part(struct str *s, struct pci *p)
{
	struct str t = *s;

	if (!pci_eat(&t, p) || s->n - t.n != sizeof("3b:00.0") - 1)
		return false;
	*s = t;
	return true;
}

/* The path at the start of *s: its devices, outermost first. */
static const char *
eat_path(struct str *s, struct pci path[TOPOLOGY_DEPTH + 1], size_t *n)
{
	uint32_t domain;

	if (!pci_eat(s, &path[0]))
		return "not a line of lspci -D -PP";
	domain = path[0].domain;
	for (*n = 1; str_eat(s, S("/")); path[(*n)++].domain = domain) {
		if (*n > TOPOLOGY_DEPTH)
			return "a path of more than 32 ports";
		if (!eat_part(s, &path[*n]))
			return "not a path of lspci -PP, which has bus:device.function in each part";
	}
	if (s->n && !str_starts(*s, S(" ")))
		return "not a line of lspci -D -PP";
	return NULL;
}

static const char *
read_lines(struct topology *t, struct str text, struct mem *m, uint64_t *line)
{
	struct str rest = text, s;
	struct pci path[TOPOLOGY_DEPTH + 1];
	size_t n, cap = 0;
	const char *why;

	for (*line = 1; str_cut(&rest, '\n', &s); ++*line) {
		/* lspci -v prints further, indented lines */
		if (str_trim(s).n == 0 || str_starts(s, S("#")) || str_starts(s, S("\t")) || str_starts(s, S(" ")))
			continue;
		s = str_trim(s);
		why = eat_path(&s, path, &n);
		if (why)
			return why;
		if (!is_gpu(str_trim(s)))
			continue;
		for (size_t i = 0; i + 1 < n; i++) {
			t->by_port = mem_extend(m, t->by_port, t->n, &cap, sizeof(*t->by_port));
			t->by_port[t->n++] = (struct below){path[i], path[n - 1]};
		}
	}
	return NULL;
}

const char *
topology_parse(void *topology, struct str text, struct mem *m, uint64_t *line)
{
	struct topology *t = topology;
	struct buf scratch = {0};
	const char *why;
	size_t same = 0;

	*t = (struct topology){0};
	why = read_lines(t, text, m, line);
	if (why)
		return why;
	sort(t->by_port, t->n, sizeof(*t->by_port), by_port, NULL, &scratch);
	t->n = sort_unique(t->by_port, t->n, sizeof(*t->by_port), by_port, NULL);
	for (size_t i = 1; i < t->n; i++) {
		same = pci_cmp(t->by_port[i].port, t->by_port[i - 1].port) == 0 ? same + 1 : 0;
		if (same >= TOPOLOGY_WIDTH)
			why = "more than 64 GPUs below one port";
	}
	t->by_gpu = mem_new(m, struct below, t->n);
	for (size_t i = 0; i < t->n; i++)
		t->by_gpu[i] = t->by_port[i];
	sort(t->by_gpu, t->n, sizeof(*t->by_gpu), by_gpu, NULL, &scratch);
	buf_free(&scratch);
	return why;
}

static size_t
range(const struct below *b, size_t n, struct below key, sort_cmp *cmp, bool port, const struct below **first)
{
	size_t lo = 0, from;

	*first = b;
	if (n == 0)
		return 0;
	SORT_BISECT(lo, n, i, cmp(&b[i], &key, NULL) < 0);
	from = lo;
	while (lo < n && pci_cmp(port ? b[lo].port : b[lo].gpu, port ? key.port : key.gpu) == 0)
		lo++;
	*first = b + from;
	return lo - from;
}

size_t
topology_of_port(const struct topology *t, struct pci port, const struct below **first)
{
	return range(t->by_port, t->n, (struct below){.port = port}, by_port, true, first);
}

size_t
topology_of_gpu(const struct topology *t, struct pci gpu, const struct below **first)
{
	return range(t->by_gpu, t->n, (struct below){.gpu = gpu}, by_gpu, false, first);
}
