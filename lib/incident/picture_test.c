/*
 * Pictures (picture.c): lanes, the time axis, marks, bars and links, each as the numbers of
 * its elements.  Incidents are in test_page.h's notation.  The time axis is 726 wide, from
 * 260 on; a step of it is log10(1 + ms) + 0.6 wide, in proportion.
 */
#include "incident/test_page.h"

#include "base/test.h"

/* Is b this text?  Otherwise prints both. */
static bool
is_text(const char *of, const struct buf *b, const char *want)
{
	if (str_eq(buf_str(b), str_of(want)))
		return true;
	printf("# %s\n# is:  %.*s\n# not: %s\n", of, (int)b->n, b->p ? b->p : "", want);
	return false;
}

/* The numbers of an element's attributes, its path, or its text. */
static void
put_element(struct buf *b, struct str tag, struct str text)
{
	struct str rest = tag, name, value;

	if (b->n)
		buf_add(b, S("; "));
	while (str_cut(&rest, '"', &name) && str_cut(&rest, '"', &value))
		if (!str_listed(S(" class=, marker-end="), name)) {
			buf_add(b, value);
			buf_chr(b, ' ');
		}
	if (text.n)
		buf_add(b, text);
	else if (b->n)
		b->n--;
}

/* The elements of a class. */
static void
put_class(struct buf *b, struct str svg, const char *class)
{
	struct buf want = {0};
	size_t at;

	buf_add(&want, S("class=\""));
	buf_add(&want, str_of(class));
	buf_chr(&want, '"');
	while ((at = str_find(svg, S("<"))) < svg.n) {
		struct str tag, text;

		svg = str_from(svg, at + 1);
		str_cut(&svg, '>', &tag);
		text = str_head(svg, str_find(svg, S("<")));
		if (str_has(tag, buf_str(&want)))
			put_element(b, tag, str_ends(tag, S("/")) ? S("") : text);
	}
	buf_free(&want);
}

static void
draw(struct buf *b, const char *incident)
{
	struct paged p;

	paged_make(&p, incident);
	incident_picture(b, &p.i, 1);
	paged_free(&p);
}

static bool
drawn(const char *incident, const char *class, const char *want)
{
	struct buf svg = {0}, b = {0};
	bool good;

	draw(&svg, incident);
	put_class(&b, buf_str(&svg), class);
	good = is_text(incident, &b, want);
	buf_free(&svg);
	buf_free(&b);
	return good;
}

static const struct {
	const char *incident, *class, *elements;
} rows[] = {
	/* a lane per place, causes above: switches, GPUs, nodes, pods, ranks, watchdogs */
	{"waiting=0-2; watchdog at=6; hang ranks=4 at=5; lost pod=x/p node=a gpu=g at=4; notready node=a at=3; xid node=a gpu=g at=2; sxid node=a gpu=g at=1", "e",
		"232 70 a NVSwitch; 232 102 a GPU g; 232 134 a; 232 166 x/p; 232 198 rank 4 (blamed); 232 230 3 ranks waiting; 232 262 watchdogs"},
	{"waiting=7; hang at=5 ranks=1-2,4", "e", "232 70 ranks 1-2, 4 (blamed); 232 102 1 rank waiting"},
	{"; hang at=5 ranks=1,3,5,7", "e", "232 70 ranks 1, 3 and 2 more (blamed)"},
	{"; hang at=5", "e", "232 70 ranks"},
	/* one lane for a place, another for a place of another kind */
	{"; xid node=a gpu=g at=1; pcie node=a gpu=g at=2; xid node=a gpu=h at=3; xid node=b gpu=g at=4", "e",
		"232 70 a GPU g; 232 102 a GPU h; 232 134 b GPU g"},
	{"; xid node=a at=1; xid node=b at=2; xid node=b at=3; xid node=a at=4", "e", "232 70 a; 232 102 b"},
	{"; lost pod=a at=1; notready node=a at=2", "e", "232 70 a; 232 102 a"},
	{"; xid gpu=g at=1", "e", "232 70 GPU g"},
	/* without a place: an Xid is of a node that has no name; others are of several */
	{"; xid at=1", "e", "232 70 an unnamed node"},
	{"root={'nodes':['a','b']}; xid at=1", "e", "232 70 several nodes"},
	{"root={'nodes':['a','b']}; notready at=1", "e", "232 70 several nodes"},
	{"; notready at=1", "e", "232 70 several nodes"},
	/* a long name keeps its end: pods differ there; 34 bytes at most */
	{"; lost pod=0123456789012345678901234567890123 at=1", "e", "232 70 0123456789012345678901234567890123"},
	{"; lost pod=01234567890123456789012345678901234 at=1", "e", "232 70 \xe2\x80\xa6" "4567890123456789012345678901234"},
	{"; lost pod=0123\xc3\xa9" "67890123456789012345678901234 at=1", "e", "232 70 \xe2\x80\xa6\xc3\xa9" "67890123456789012345678901234"},
	{"; lost pod=012\xc3\xa9" "567890123456789012345678901234 at=1", "e", "232 70 \xe2\x80\xa6" "567890123456789012345678901234"},

	/* the time axis: times in order, equal ones once */
	{"; xid node=a at=5", "tick", "260 260 46 80"},
	{"; xid node=a at=1000; xid node=b at=1000; xid node=a at=0", "tick", "260 260 46 112; 986 986 46 112"},
	{"; xid node=a at=0; xid node=a at=1023; xid node=a at=2046", "tick", "260 260 46 80; 623 623 46 80; 986 986 46 80"},
	/* 1 ms: 0.301 + 0.6; 1023 ms: 3.010 + 0.6; so 0.901 / 4.511 of 726 is 145 */
	{"; xid node=a at=0; xid node=a at=1; xid node=a at=1024", "tick", "260 260 46 80; 405 405 46 80; 986 986 46 80"},
	/* 9 ms: 1 + 0.6, as far as it is computed; 99 ms: 2 + 0.6 */
	{"; xid node=a at=0; xid node=a at=9; xid node=a at=108", "tick", "260 260 46 80; 536.5 536.5 46 80; 986 986 46 80"},
	/* less than a ms: 0 + 0.6 */
	{"; xid node=a at=0; xid node=a at=1970-01-01T00:00:00.0009Z; xid node=a at=1023", "tick", "260 260 46 80; 363.4 363.4 46 80; 986 986 46 80"},
	/* a time is written if the one before leaves 58.8 */
	{"; xid node=a at=0; xid node=a at=15; xid node=a at=1073741838; xid node=a at=2147483661; xid node=a at=2147483664", "tick",
		"260 260 46 102; 318.8 318.8 46 102; 632.8 632.8 46 102; 946.8 946.8 46 102"},
	{"; xid node=a", "tick", ""},
	{"; xid node=a", "label", "270 70 1 Xid"},
	/* the start of a fact, its end, that of a hang, and the end of all are times, too */
	{"; pcie node=a since=0 at=1023 until=2046", "tick", "260 260 46 80; 623 623 46 80; 986 986 46 80"},
	{"resolved=1023; xid node=a at=0", "tick", "260 260 46 80; 986 986 46 80"},
	{"last=1023; xid node=a at=0", "tick", "260 260 46 80"},
	{"last=1023; hang at=0", "tick", "260 260 46 80; 986 986 46 80"},
	{"last=1023 resolved=2046; hang at=0", "tick", "260 260 46 80; 986 986 46 80"},
	/* seconds, rounded down; before 1970, too */
	{"; xid node=a at=61999; xid node=a at=-1", "m c", "260 27 23:59:59; 986 27 00:01:01"},
	{"; xid node=a at=-86400000; xid node=a at=86399999", "m c", "260 27 00:00:00; 986 27 23:59:59"},
	/* the length of a step, where it is wide enough for its text */
	{"; xid node=a at=0; xid node=a at=1; xid node=a at=1024", "c s", "332.5 43 +1 ms; 695.5 43 +1 s"},

	/* a mark of the fact's shape, at its time, in its lane; its label on the right, unless there is no room */
	{"; xid node=a at=0; lost pod=x/p at=1023", "mark", "M0-6 6 5H-6Z translate(260 66); M0-6 6 0 0 6-6 0Z translate(986 98)"},
	{"; pcie node=a at=0; watchdog at=0", "mark", "M0-6 6 5H-6Z translate(260 66); M-2-6H2V-2H6V2H2V6H-2V2H-6V-2H-2Z translate(260 98)"},
	{"; heat node=a at=0; hang at=0; cordon node=a at=0; other node=b at=0", "mark",
		"M-5-5H5V5H-5Z translate(260 66); M-2-6H2V-2H6V2H2V6H-2V2H-6V-2H-2Z translate(260 152); M-6 0-3-5H3L6 0 3 5H-3Z translate(260 88); "
		"M-6 0-3-5H3L6 0 3 5H-3Z translate(260 120)"},
	{"; xid node=a at=0 code=79; other node=a at=1023", "label", "270 70 1 Xid 79; 996 70 2 fact"},
	{"; xid node=a at=0; xid node=a at=1023 code=123456", "label", "270 70 1 Xid; 996 70 2 Xid 123456"},
	{"; xid node=a at=0; xid node=a at=1023 code=1234567", "label", "270 70 1 Xid"},
	{"; xid node=a at=0; xid node=a at=1023 code=1234567", "label e", "976 70 2 Xid 1234567"},
	/* in the next row, if another's label is there: of 6.6 a letter, to 6 before the mark */
	{"; xid node=a at=0 code=12345678901234; xid node=a at=1; xid node=b at=1024", "label", "270 70 1 Xid 12345678901234; 415 92 2 Xid; 996 124 3 Xid"},
	{"; xid node=a at=0 code=123456789012; xid node=a at=1; xid node=b at=1024", "label", "270 70 1 Xid 123456789012; 415 70 2 Xid; 996 102 3 Xid"},
	{"; xid node=a at=0; xid node=a at=0; xid node=a at=0; xid node=a at=0; xid node=a at=0; xid node=a at=0; xid node=a at=0", "label",
		"270 70 1 Xid; 270 92 2 Xid; 270 114 3 Xid; 270 136 4 Xid; 270 158 5 Xid; 270 180 6 Xid; 270 180 7 Xid"},
	{"; xid node=a at=0; xid node=a at=0; xid node=b at=0", "lane", "240 52 836 50; 240 106 836 28"},
	{"; xid node=a at=0; xid node=a at=0; xid node=b at=0", "e", "232 70 a; 232 124 b"},
	/* by time, whatever the order of steps; a label on the left needs room there */
	{"; xid node=a at=1; xid node=a at=0 code=12345678901234; xid node=b at=1024", "label", "415 92 1 Xid; 270 70 2 Xid 12345678901234; 996 124 3 Xid"},
	{"; xid node=a at=0; xid node=a at=1023; xid node=a at=2046 code=12345678901234567", "label", "270 70 1 Xid; 633 70 2 Xid"},
	{"; xid node=a at=0; machine_check node=a at=1023 code=12345678901234567; xid node=a at=2046 code=12345678901234567", "label e", "976 92 3 Xid 12345678901234567"},

	/* as closely as it fits, to a tenth of a pixel */
	{"; xid node=a at=0 code=12345678; xid node=a at=1; xid node=b at=16384", "label", "270 70 1 Xid 12345678; 384.4 70 2 Xid; 996 102 3 Xid"},
	{"; xid node=a at=0; machine_check node=a at=268435456 code=12345678; xid node=b at=1; xid node=b at=268435459", "label",
		"270 70 1 Xid; 917.6 70 2 machine check 12345678; 328.7 102 3 Xid; 996 102 4 Xid"},
	/* a label on the left takes no room on the right: only its mark does, 6 and 6 more */
	{"; xid node=b at=0; machine_check node=a at=1023 code=123456789012; xid node=a at=1970-01-01T00:00:01.0235Z", "label", "270 70 1 Xid; 996 102 3 Xid"},
	{"; xid node=b at=0; xid node=b at=1023; xid node=b at=2046; xid node=b at=3069; xid node=b at=4092; xid node=b at=5115; xid node=b at=6138; "
		"machine_check node=a at=7161; xid node=a at=1970-01-01T00:00:07.1615Z", "label",
		"270 70 1 Xid; 371.3 70 2 Xid; 472.6 70 3 Xid; 573.9 70 4 Xid; 675.2 70 5 Xid; 776.5 70 6 Xid; 877.8 70 7 Xid; 996 124 9 Xid"},
	/* no label is longer than 40 bytes */
	{"; machine_check node=a n=12345678 at=0 code=12345678901234567", "label", "270 70 12345678 machine check 12345678901234567"},
	{"; machine_check node=a n=123456789 at=0 code=12345678901234567", "label", "270 70 123456789 machine check 1234567890123456\xe2\x80\xa6"},

	/* bars: what lasts, from its start to its end; open, if it happened once in that time */
	{"; pcie node=a since=0 at=1023", "bar", "260 62 726 8"},
	{"; pcie node=a since=0 at=1023", "open", ""},
	{"; notready node=a since=0 at=1023", "open", "260 62 726 8"},
	{"; notready node=a since=0 at=1023", "bar", ""},
	{"; xid node=a at=0 until=1023", "bar", "260 62 726 8"},
	{"; xid node=a since=0 at=1023 until=2046", "bar", "623 62 363 8"},
	/* a hang, to the incident's end; its waiting ranks, from the first hang to the first watchdog */
	{"last=1023 waiting=0-1; hang at=0", "bar", "260 63 726 6"},
	{"last=1023 waiting=0-1; hang at=0", "bar wait", "260 91.5 726 13"},
	{"last=1023; hang at=0", "bar wait", ""},
	{"last=1023 waiting=0-1; xid node=a at=0", "bar wait", ""},
	{"last=2046 resolved=1023 waiting=0-1; hang at=0", "bar wait", "260 91.5 726 13"},
	{"last=2046 waiting=0-1; hang at=0; watchdog at=1023", "bar wait", "260 91.5 363 13"},
	{"last=2046 waiting=0-1; hang at=0; watchdog at=2046; watchdog at=1023", "bar wait", "260 91.5 363 13"},
	{"last=1023 waiting=0-1; hang at=0; watchdog at=2046", "bar wait", "260 91.5 363 13"},
	{"last=2046 waiting=0-1; hang at=1023 ranks=1; hang at=0 ranks=1", "bar wait", "260 91.5 726 13"},
	{"last=2046 waiting=0-1; hang at=0 ranks=1; hang at=1023 ranks=1", "bar wait", "260 91.5 726 13"},

	/* links: in one lane straight, from the label's end or, if that is too far, from the mark */
	{"; xid node=a at=0; xid node=a at=1 from=1 strength=causes; xid node=b at=1024", "link", "M303 66H396"},
	{"; xid node=a at=0; xid node=a at=1 from=1 strength=precedes; xid node=b at=1024", "link precedes", "M303 66H396"},
	{"; xid node=a at=0; xid node=a at=1 from=1 strength=precedes; xid node=b at=1024", "link", ""},
	{"; xid node=a at=0 code=12345678901; xid node=a at=1 from=1 strength=causes; xid node=b at=1024", "link", "M382.2 66H396"},
	{"; xid node=a at=0 code=123456789012; xid node=a at=1 from=1 strength=causes; xid node=b at=1024", "link", "M266 66H396"},
	{"; xid node=a at=0 code=7; xid node=a at=3 from=1 strength=causes; xid node=b at=4; xid node=b at=536870915", "link", "M316.2 66H327.3"},
	{"; xid node=a at=0 code=1234567890123; xid node=a at=15 from=1 strength=causes; xid node=b at=1048590", "link", "M266 66H406.4"},
	/* else a curve, downwards or up; a steep one between near marks */
	{"; xid node=a at=0; xid node=b at=0 from=1 strength=causes", "link", "M260 73C260 82 260 82 260 89"},
	{"; lost pod=x/p at=0; xid node=b at=0 from=1 strength=causes", "link", "M260 91C260 82 260 82 260 75"},
	{"; xid node=a at=0; xid node=b at=1023 from=1 strength=causes", "link", "M260 73C260 85.2 951 98 978 98"},
	{"; lost pod=x/p at=0; xid node=b at=1023 from=1 strength=causes", "link", "M260 91C260 78.8 951 66 978 66"},
	/* never to the left: from the earliest time, to a hang that began earlier straight down, or else to the mark */
	{"; notready node=a since=0 at=2046; lost pod=x/p at=1023 from=1 strength=causes", "link", "M260 73C260 85.2 588 98 615 98"},
	{"; notready node=a since=0 at=1023; lost pod=x/p at=1023 from=1 strength=causes", "link", "M986 73C986 82 986 82 986 89"},
	{"last=2046; notready node=a since=1023 at=2046; hang at=0 from=1 strength=causes", "link", "M623 73C623 82 623 82 623 89"},
	{"; notready node=a since=1023 at=2046; lost pod=x/p at=0 from=1 strength=causes", "link", "M260 73C260 82 260 82 260 89"},
	{"last=2046; notready node=a since=0 at=2046; hang at=1023 from=1 strength=causes", "link", "M260 73C260 85.2 588 98 615 98"},

	/* the end: what is folded, and when it was over */
	{"folded=1; xid node=a at=0", "s", "240 95 1 lesser fact is folded: repeats, clean-up, later ends. ; "
		"240 111 Time is not to scale: a step is as wide as the logarithm of its length, which is written above it. Times are UTC."},
	{"folded=12; xid node=a at=0", "s", "240 95 12 lesser facts are folded: repeats, clean-up, later ends. ; "
		"240 111 Time is not to scale: a step is as wide as the logarithm of its length, which is written above it. Times are UTC."},
	{"resolved=1023; xid node=a at=0", "end", "986 986 48 80"},
	{"resolved=1023; xid node=a at=0", "e s", "982 95 resolved 00:00:01.023"},
	{"; xid node=a at=0", "end", ""},
};

/* n steps; each # is their number, from 0. */
static struct buf
steps(const char *before, size_t n, const char *each)
{
	struct buf b = {0};

	buf_add(&b, str_of(before));
	for (size_t i = 0; i < n; i++)
		for (const char *p = each; *p; p++)
			if (*p == '#')
				buf_u64(&b, i);
			else
				buf_chr(&b, *p);
	return b;
}

static struct buf
joined(struct buf a, struct buf b)
{
	buf_add(&a, buf_str(&b));
	buf_free(&b);
	return a;
}

/* Does the class begin or end so; has it n elements? */
static bool
has(struct buf incident, const char *class, size_t n, const char *begin, const char *end)
{
	struct buf svg = {0}, b = {0};
	size_t found = 0;
	struct str s;
	bool good;

	buf_chr(&incident, '\0');
	draw(&svg, incident.p);
	put_class(&b, buf_str(&svg), class);
	s = buf_str(&b);
	for (size_t i = 0; i < s.n; i++)
		found += s.p[i] == ';';
	found += s.n > 0;
	good = found == n && str_starts(s, str_of(begin)) && str_ends(s, str_of(end));
	if (!good)
		printf("# %zu: %.*s\n", found, (int)b.n, b.p ? b.p : "");
	buf_free(&incident);
	buf_free(&svg);
	buf_free(&b);
	return good;
}

static void
check_many(void)
{
	static const char gpu[] = "; xid node=a gpu=# at=#", node[] = "; notready node=# at=#", same[] = "; xid node=a at=#";

	TEST("a time is written where the one before leaves room: 58.8; a step's length, if it is wider than its text: 33");
	CHECK(has(steps("", 13, same), "m c", 13, "260 27", "986 27 00:00:00"));
	CHECK(has(steps("", 14, same), "m c", 7, "260 27 00:00:00; 371.6 27", "930.1 27 00:00:00"));
	CHECK(has(steps("", 22, same), "c s", 21, "277.2 43 +1 ms; ", " +1 ms"));
	CHECK(has(steps("", 23, same), "c s", 0, "", ""));

	TEST("24 lanes at most: of the most frequent kind, the last ones are one");
	CHECK(has(steps("", 24, gpu), "e", 24, "232 70 a GPU 0; ", "232 806 a GPU 23"));
	CHECK(has(steps("", 25, gpu), "e", 24, "232 70 a GPU 0; ", "232 774 a GPU 22; 232 806 2 more GPUs"));
	CHECK(has(joined(steps("", 24, gpu), steps("", 1, node)), "e", 24, "232 70 a GPU 0; ", "232 742 a GPU 21; 232 774 2 more GPUs; 232 806 0"));
	CHECK(has(joined(steps("; sxid node=a at=0", 24, gpu), steps("", 1, node)), "e", 24, "232 70 a NVSwitch; 232 102 a GPU 0; ",
		"232 742 a GPU 20; 232 774 3 more GPUs; 232 806 0"));
	CHECK(has(joined(steps("", 12, gpu), steps("", 14, node)), "e", 24, "232 70 a GPU 0; ", "232 774 10; 232 806 3 more nodes"));
	CHECK(has(joined(steps("", 13, gpu), steps("", 13, node)), "e", 24, "232 70 a GPU 0; ", "232 774 11; 232 806 12"));
	CHECK(has(joined(steps("", 100, gpu), steps("", 100, node)), "e", 24, "232 70 100 more GPUs; 232 102 0; ", "232 774 21; 232 806 78 more nodes"));
	CHECK(has(steps("", 30, "; lost pod=# at=#"), "e", 24, "", " 7 more pods"));
	CHECK(has(steps("", 30, "; hang ranks=# at=#"), "e", 24, "", " 7 more groups of ranks"));
	CHECK(has(steps("", 30, "; sxid node=# at=#"), "e", 24, "", " 7 more switches"));
	TEST("in such a lane marks are in their place, without labels and with one link");
	CHECK(has(joined(steps("", 25, "; xid node=a gpu=# at=0"), steps("", 1, node)), "mark", 26, "M0-6 6 5H-6Z translate(260 66); ",
		"M0-6 6 5H-6Z translate(260 770); M0-6 6 5H-6Z translate(260 770); M0-6 6 5H-6Z translate(260 770); M-6 0-3-5H3L6 0 3 5H-3Z translate(260 802)"));
	CHECK(has(joined(steps("", 25, "; xid node=a gpu=# at=0"), steps("", 1, node)), "label", 23, "270 70 1 Xid; ", "270 742 22 Xid; 270 806 26 NotReady"));
	CHECK(has(steps("; sxid node=a at=0", 25, "; xid node=a gpu=# at=0 from=1 strength=causes"), "link", 23, "M260 73C", " 793"));
	CHECK(has(joined(steps("; notready node=a at=0", 0, ""), steps("", 24, "; xid node=a gpu=# at=0")), "mark", 25, "M-6 0-3-5H3L6 0 3 5H-3Z translate(260 802); ",
		"M0-6 6 5H-6Z translate(260 738); M0-6 6 5H-6Z translate(260 770); M0-6 6 5H-6Z translate(260 770)"));
	CHECK(has(joined(steps("last=9 waiting=1", 30, "; xid node=a gpu=# at=0"), steps("", 1, "; hang at=0")), "bar wait", 1, "260 795.5 726 13", ""));
	TEST("200 steps at most; how many more there are");
	CHECK(has(steps("", 200, same), "mark", 200, "", ""));
	CHECK(has(steps("", 201, same), "mark", 200, "", ""));
	CHECK(has(steps("", 200, "; xid node=a at=0"), "s", 2, "240 205; ", ""));
	CHECK(has(steps("", 202, "; xid node=a at=0"), "s", 2, "240 205 2 more are in the table.; ", ""));
	CHECK(has(steps("waiting=1", 200, "; lost pod=# at=0"), "e", 24, "", "178 more pods; 232 806 1 rank waiting"));
}

/* Is this part of the picture? */
static bool
has_text(const char *incident, const char *text)
{
	struct buf svg = {0};
	bool found;

	draw(&svg, incident);
	found = str_has(buf_str(&svg), str_of(text));
	if (!found)
		printf("# %s\n# %.*s\n", text, (int)svg.n, svg.p);
	buf_free(&svg);
	return found;
}

/* Are there just n bytes x behind this text, and then the sign for more? */
static bool
has_long(struct buf incident, size_t n, char x, const char *text)
{
	struct buf svg = {0}, want = {0};
	bool found;

	buf_chr(&incident, '\0');
	draw(&svg, incident.p);
	buf_add(&want, str_of(text));
	for (size_t i = 0; i < n; i++)
		buf_chr(&want, x);
	buf_add(&want, S("\xe2\x80\xa6<"));
	found = str_has(buf_str(&svg), buf_str(&want));
	buf_free(&incident);
	buf_free(&svg);
	buf_free(&want);
	return found;
}

int
main(void)
{
	TEST("lanes and the time axis");
	for (size_t i = 0; i < NELEM(rows); i++)
		CHECK_ROW(i, drawn(rows[i].incident, rows[i].class, rows[i].elements));
	check_many();
	TEST("the whole: its size, title, and description in words");
	CHECK(has_text("headline=H; xid node=a at=0 what=X; lost pod=x/p at=1000 what=L from=1 strength=causes rule=C2",
		" viewBox=\"0 0 1080 160\" role=\"img\" aria-labelledby=\"t1 d1\">\n<title id=\"t1\">H</title>\n<desc id=\"d1\">"
		"Time line. 1: 1970-01-01 00:00:00 X, root; 2: 1970-01-01 00:00:01 L, from 1, causes (C2)</desc>\n"));
	TEST("titles of 400 bytes, a description of 1500");
	CHECK(has_long(steps("headline=", 401, "x"), 400, 'x', "<title id=\"t1\">"));
	CHECK(has_long(steps("; xid node=a at=0 what=", 401, "x"), 400 - 20, 'x', "<g class=\"root\"><title>1970-01-01 00:00:00 "));
	CHECK(has_long(steps("; xid node=a at=0 what=", 1500, "x"), 1500 - 34, 'x', "<desc id=\"d1\">Time line. 1: 1970-01-01 00:00:00 "));
	TEST("a mark's text is its time and what happened; the root is marked");
	CHECK(has_text("; xid node=a at=0 what=X", "<g class=\"root\"><title>1970-01-01 00:00:00 X</title>"));
	CHECK(has_text("; xid node=a at=0 what=X; lost pod=x/p at=1 what=L from=1", "<g><title>1970-01-01 00:00:00.001 L</title>"));
	return test_done();
}
