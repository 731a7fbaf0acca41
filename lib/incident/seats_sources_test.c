/*
 * Places of ranks from each source (seats.c): --ranks, records, lines of NCCL and launchers.
 * Pods and records are in test_facts.h's notation, then, behind "|", lines that name ranks:
 * "init|line|task RANK[-RANK] node= host= pod=NAMESPACE/NAME world=N gpu=BUS".
 */
#include "incident/story.h"
#include "incident/test_facts.h"

#include "base/test.h"

static void
add_line(struct made *m, struct str rest)
{
	static const char *const from[] = {"init", "line", "task"};
	struct rank_at r = {.e.t = 0};
	struct str word, name, first;
	uint32_t last = 0;

	if (!made_next(&rest, &word))
		return;
	r.from = made_index(word, from, NELEM(from));
	while (made_next(&rest, &word)) {
		struct str value = word;

		if (!memchr(word.p, '=', word.n)) {
			str_cut(&value, '-', &first);
			r.rank = made_number(first);
			last = made_number(value.p ? value : first);
			continue;
		}
		str_cut(&value, '=', &name);
		if (str_eq(name, S("node")))
			r.e.node = events_node(&m->ev, value);
		else if (str_eq(name, S("host")))
			r.host = idx_add(&m->ev.names, value);
		else if (str_eq(name, S("world")))
			r.world = made_number(value);
		else if (str_eq(name, S("gpu")))
			r.gpu = made_gpu(value);
		else if (str_cut(&value, '/', &first)) {
			r.ns = idx_add(&m->ev.names, first);
			r.pod = idx_add(&m->ev.names, value);
		}
	}
	for (; r.rank <= last; r.rank++)
		events_add(&m->ev, EVENT_RANK, &r);
}

static const struct {
	const char *records, *hand; /* text of --ranks */
	const char *seats;
} rows[] = {
	/* by hand */
	{"", "0-1\ta\n# b\n\n2\tb\tx/p\t0000:07:00.0", "0 a hand; 1 a hand; 2 b x/p 0000:07:00.0 hand"},
	{"", "3\ta\t\n4\ta\tx/p\t", "3 a hand; 4 a x/p hand"},
	{"", "1\tb\n0\tb\tx/q\n0\tb\tx/p\n0\ta", "0 a hand; 0 b x/p hand; 0 b x/q hand; 1 b hand"}, /* in order of names */
	/* hosts of records; a host may be a pod */
	{"call 0 node=a; call 1 node=a; call 0 node=a", "", "0 a record; 1 a record"},
	{"call 1 node=a; dump 1 node=b; call 1 node=b", "", "1 a record; 1 b record"},
	{"call 0 node=a; call 0 node=b; call 1 node=b; call 2", "", "0 a record; 0 b record; 1 b record"},
	{"dump 3 node=a; dump 4 node=a; dump 4 node=b", "", "3 a record; 4 a record; 4 b record"},
	{"pod x/p node=n job=x/j; call 0 node=p", "", "0 n x/p x/j record"},
	{"pod x/p node=n job=x/j gpus=8; call 0 node=n", "", "0 n x/p x/j record"},
	{"pod x/p node=n job=x/j; call 0 node=n", "", "0 n record"},
	/* NCCL's lines: of the job's largest communicator */
	{"|init 0-1 node=a world=4 gpu=7; init 2-3 node=b world=4", "", "0 a 0000:07:00.0 init; 1 a 0000:07:00.0 init; 2 b init; 3 b init"},
	{"|init 0 node=a world=4; init 0 node=b world=2; init 1 node=c world=8", "", "1 c init"},
	{"pod x/p node=a job=x/j; pod x/q node=b job=x/k|init 0 pod=x/p world=4; init 0 pod=x/q world=2", "", "0 a x/p x/j init; 0 b x/q x/k init"},
	{"pod x/p node=a job=x/j|init 0 node=n host=p world=4", "", "0 a x/p x/j init"},
	{"|init 0 host=h world=4", "", "0 h init"},
	{"|init 0 world=4", "", ""},
	/* lines of a container: no more ranks than it has GPUs, or eight; a launcher's log has those of all */
	{"|line 0-7 node=a", "", "0 a line; 1 a line; 2 a line; 3 a line; 4 a line; 5 a line; 6 a line; 7 a line"},
	{"|line 0-8 node=a", "", ""},
	{"|line 0-8 node=a; line 9 node=b", "", "9 b line"},
	{"pod x/p node=a job=x/j gpus=2|line 0-1 pod=x/p", "", "0 a x/p x/j line; 1 a x/p x/j line"},
	{"pod x/p node=a job=x/j gpus=2|line 0-2 pod=x/p", "", ""},
	{"pod x/p node=a job=x/j gpus=2; pod x/q node=a job=x/j gpus=2|line 0-1 pod=x/p; line 2-3 pod=x/q", "",
		"0 a x/p x/j line; 1 a x/p x/j line; 2 a x/q x/j line; 3 a x/q x/j line"},
	{"|line 0-4 node=a; line 0-4 node=b", "", "0 a line; 0 b line; 1 a line; 1 b line; 2 a line; 2 b line; 3 a line; 3 b line; 4 a line; 4 b line"},
	/* launchers name a task's host */
	{"|task 0-9 node=a", "", "0 a init; 1 a init; 2 a init; 3 a init; 4 a init; 5 a init; 6 a init; 7 a init; 8 a init; 9 a init"},
};

static bool
row_is(size_t row)
{
	static const char *const from[] = {"?", "hand", "record", "init", "line", "pod", "verdict"};
	struct made m;
	struct buf text = {0}, b = {0};
	struct str rest = str_of(rows[row].records), facts, one;
	bool good;

	str_cut(&rest, '|', &facts);
	buf_add(&text, facts);
	buf_chr(&text, '\0');
	good = made_facts(&m, text.p);
	m.c.seats = str_of(rows[row].hand);
	while (str_cut(&rest, ';', &one))
		add_line(&m, one);
	events_sort(&m.ev);
	seats_gather(&m.fs);
	for (size_t i = 0; i < m.fs.nseat; i++) {
		const struct seat *s = &m.fs.seat[i];

		buf_add(&b, i ? S("; ") : S(""));
		buf_u64(&b, s->rank);
		made_put_name(&b, &m, " ", s->node);
		made_put_name(&b, &m, " ", s->pod);
		made_put_name(&b, &m, " ", s->job);
		buf_add(&b, s->gpu.known ? S(" ") : S(""));
		if (s->gpu.known)
			pci_put(&b, s->gpu);
		buf_chr(&b, ' ');
		buf_add(&b, str_of(from[s->weak < NELEM(from) ? s->weak : 0]));
	}
	if (!good || !str_eq(buf_str(&b), str_of(rows[row].seats))) {
		printf("# %s\n# is:  %.*s\n# not: %s\n", rows[row].records, (int)b.n, b.p ? b.p : "", rows[row].seats);
		good = false;
	}
	made_free(&m);
	buf_free(&text);
	buf_free(&b);
	return good;
}

static const struct {
	const char *text;
	uint64_t line; /* of the error, or 0 */
} hands[] = {
	{"", 0}, {"0\ta", 0}, {"0\ta\n", 0}, {"0-7\ta\tx/p\t0000:3b:00.0", 0}, {"# x\n\n0\ta", 0}, {"0\ta\tp\t", 0}, {"3-3\ta", 0}, {"16777215\ta", 0},
	{"0", 1}, {"x\ta", 1}, {"0-\ta", 1}, {"3-2\ta", 1}, {"0-1x\ta", 1}, {"0x\ta", 1}, {"0\t", 1}, {"0\ta\tp\tzz", 1}, {"16777216\ta", 1}, {"0\ta\n1", 2},
	{"0\ta\n# x\n\nb", 4},
};

static bool
hand_is(size_t row)
{
	struct str to = {0};
	struct mem m = {0};
	uint64_t line;
	const char *wrong = seats_parse(&to, str_of(hands[row].text), &m, &line);
	bool good = hands[row].line ? wrong && str_eq(str_of(wrong), S("not rank[-rank], a tab and a node")) && line == hands[row].line :
				      !wrong && str_eq(to, str_of(hands[row].text));

	mem_free(&m);
	return good;
}

/* A hang takes what it is from the first one merged into it that blames any rank. */
static bool
merged_is(const char *facts, const char *detail, uint32_t folded)
{
	struct made m;
	bool good = made_facts(&m, facts);

	events_sort(&m.ev);
	seats_gather(&m.fs);
	seats_place(&m.fs);
	good &= m.fs.n == 1 && str_eq(m.fs.f[0].detail, str_of(detail)) && m.fs.f[0].folded == folded;
	if (!good)
		printf("# %s: %.*s %u\n", facts, (int)m.fs.f[0].detail.n, m.fs.f[0].detail.p, m.fs.f[0].folded);
	made_free(&m);
	return good;
}

int
main(void)
{
	TEST("places of each source");
	for (size_t i = 0; i < NELEM(rows); i++)
		CHECK_ROW(i, row_is(i));
	TEST("lines of --ranks");
	for (size_t i = 0; i < NELEM(hands); i++)
		CHECK_ROW(i, hand_is(i));
	TEST("hangs that are one are as the first that blames");
	CHECK(merged_is("hang waiting=0 blamed=1 detail=odd; hang waiting=2 blamed=3 detail=silent @1", "odd", 1));
	CHECK(merged_is("hang waiting=0 detail=odd; hang waiting=2 blamed=3 detail=silent folded=4 @1; hang waiting=5 blamed=6,7 detail=stalled @2", "silent", 6));
	CHECK(merged_is("hang waiting=0 detail=odd folded=2; hang waiting=1 detail=stalled @1", "odd", 3));
	return test_done();
}
