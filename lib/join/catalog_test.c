#include "join/catalog.h"

#include "base/test.h"

enum { LAST = 185, ROWS = 178, WHAT_MAX = 70, TODO_MAX = 240 };

#define HEADER "code\tname\tclass\taction\torigin\twhat\ttodo\n"

/* Worked out by hand from the spreadsheet's immediate action. */
/* clang-format off */
static const struct {
	uint32_t code;
	enum xid_class cls;
	struct str action;
} want[] = {
	{1, XID_UNKNOWN, STR_INIT("CONTACT_SUPPORT")},
	{8, XID_APPLICATION, STR_INIT("RESTART_APP")},
	{13, XID_APPLICATION, STR_INIT("RESTART_APP")},
	{14, XID_INFORMATIONAL, STR_INIT("IGNORE")},
	{31, XID_APPLICATION, STR_INIT("RESTART_APP")},
	{32, XID_APPLICATION, STR_INIT("RESTART_APP")},
	{37, XID_INFORMATIONAL, STR_INIT("IGNORE")},
	{39, XID_APPLICATION, STR_INIT("RESTART_APP")},
	{43, XID_CONSEQUENCE, STR_INIT("IGNORE")},
	{44, XID_INFORMATIONAL, STR_INIT("IGNORE")},
	{45, XID_CONSEQUENCE, STR_INIT("WORKFLOW_XID_45")},
	{46, XID_HARDWARE, STR_INIT("RESET_GPU")},
	{48, XID_HARDWARE, STR_INIT("WORKFLOW_XID_48")},
	{54, XID_HARDWARE, STR_INIT("CHECK_MECHANICALS")},
	{56, XID_UNKNOWN, STR_INIT("CONTACT_SUPPORT")},
	{61, XID_UNKNOWN, STR_INIT("CONTACT_SUPPORT")},
	{62, XID_HARDWARE, STR_INIT("RESET_GPU")},
	{63, XID_INFORMATIONAL, STR_INIT("IGNORE")},
	{64, XID_HARDWARE, STR_INIT("RESET_GPU")},
	{66, XID_INFORMATIONAL, STR_INIT("IGNORE")},
	{69, XID_APPLICATION, STR_INIT("RESTART_APP")},
	{74, XID_HARDWARE, STR_INIT("WORKFLOW_NVLINK_ERR")},
	{78, XID_APPLICATION, STR_INIT("UPDATE_SWFW")},
	{79, XID_HARDWARE, STR_INIT("RESTART_BM")},
	{80, XID_APPLICATION, STR_INIT("RESTART_APP")},
	{92, XID_INFORMATIONAL, STR_INIT("IGNORE")},
	{93, XID_INFORMATIONAL, STR_INIT("IGNORE")},
	{94, XID_HARDWARE, STR_INIT("RESTART_APP")},
	{95, XID_HARDWARE, STR_INIT("RESET_GPU")},
	{106, XID_INFORMATIONAL, STR_INIT("IGNORE")},
	{108, XID_INFORMATIONAL, STR_INIT("IGNORE")},
	{109, XID_HARDWARE, STR_INIT("RESET_GPU")},
	{110, XID_HARDWARE, STR_INIT("RESET_GPU")},
	{119, XID_HARDWARE, STR_INIT("RESET_GPU")},
	{120, XID_HARDWARE, STR_INIT("RESET_GPU")},
	{121, XID_INFORMATIONAL, STR_INIT("IGNORE")},
	{125, XID_UNKNOWN, STR_INIT("CONTACT_SUPPORT")},
	{135, XID_APPLICATION, STR_INIT("RESTART_APP")},
	{136, XID_HARDWARE, STR_INIT("RESET_GPU")},
	{137, XID_INFORMATIONAL, STR_INIT("IGNORE")},
	{140, XID_HARDWARE, STR_INIT("RESET_GPU")},
	{141, XID_INFORMATIONAL, STR_INIT("IGNORE")},
	{142, XID_UNKNOWN, STR_INIT("CONTACT_SUPPORT")},
	{143, XID_HARDWARE, STR_INIT("RESET_GPU")},
	{144, XID_HARDWARE, STR_INIT("WORKFLOW_NVLINK5_ERR")},
	{145, XID_HARDWARE, STR_INIT("WORKFLOW_NVLINK5_ERR")},
	{149, XID_HARDWARE, STR_INIT("WORKFLOW_NVLINK5_ERR")},
	{150, XID_HARDWARE, STR_INIT("WORKFLOW_NVLINK5_ERR")},
	{151, XID_HARDWARE, STR_INIT("RESTART_VM")},
	{152, XID_INFORMATIONAL, STR_INIT("IGNORE")},
	{154, XID_INFORMATIONAL, STR_INIT("XID_154")},
	{155, XID_HARDWARE, STR_INIT("RESET_GPU")},
	{156, XID_HARDWARE, STR_INIT("RESET_GPU")},
	{157, XID_INFORMATIONAL, STR_INIT("IGNORE")},
	{158, XID_HARDWARE, STR_INIT("RESET_GPU")},
	{159, XID_HARDWARE, STR_INIT("CHECK_UVM")},
	{160, XID_INFORMATIONAL, STR_INIT("IGNORE")},
	{161, XID_INFORMATIONAL, STR_INIT("IGNORE")},
	{162, XID_INFORMATIONAL, STR_INIT("")},
	{165, XID_INFORMATIONAL, STR_INIT("")},
	{167, XID_UNKNOWN, STR_INIT("")},
	{170, XID_UNKNOWN, STR_INIT("")},
	{171, XID_HARDWARE, STR_INIT("")},
	{172, XID_HARDWARE, STR_INIT("")},
	{173, XID_UNKNOWN, STR_INIT("")},
	{176, XID_UNKNOWN, STR_INIT("")},
	{177, XID_INFORMATIONAL, STR_INIT("")},
	{185, XID_UNKNOWN, STR_INIT("")},
};
/* clang-format on */

/* Class for each action, for all codes except the listed ones. */
static const struct {
	struct str action;
	enum xid_class cls;
} grades[] = {
	{STR_INIT("RESET_GPU"), XID_HARDWARE},
	{STR_INIT("RESTART_BM"), XID_HARDWARE},
	{STR_INIT("RESTART_VM"), XID_HARDWARE},
	{STR_INIT("CHECK_MECHANICALS"), XID_HARDWARE},
	{STR_INIT("CHECK_UVM"), XID_HARDWARE},
	{STR_INIT("WORKFLOW_XID_48"), XID_HARDWARE},
	{STR_INIT("WORKFLOW_NVLINK_ERR"), XID_HARDWARE},
	{STR_INIT("WORKFLOW_NVLINK5_ERR"), XID_HARDWARE},
	{STR_INIT("CONTACT_SUPPORT"), XID_UNKNOWN},
	{STR_INIT(""), XID_UNKNOWN},
	{STR_INIT("RESTART_APP"), XID_APPLICATION},
	{STR_INIT("UPDATE_SWFW"), XID_APPLICATION},
	{STR_INIT("WORKFLOW_XID_45"), XID_CONSEQUENCE},
	{STR_INIT("IGNORE"), XID_INFORMATIONAL},
	{STR_INIT("XID_154"), XID_INFORMATIONAL},
};

static const struct {
	uint32_t code;
	enum xid_class cls;
	const char *why;
} exceptions[] = {
	{43, XID_CONSEQUENCE, "IGNORE, as the clean-up of an earlier error"},
	{94, XID_HARDWARE, "RESTART_APP, but the memory is faulty"},
	{162, XID_INFORMATIONAL, "no action: power smoothing is back"},
	{163, XID_INFORMATIONAL, "no action: the sheet says that no reset is required"},
	{164, XID_INFORMATIONAL, "no action: the sheet says to watch"},
	{165, XID_INFORMATIONAL, "no action: the GPU works on without power smoothing"},
	{171, XID_HARDWARE, "no action of its own: it adds to a 48"},
	{172, XID_HARDWARE, "no action of its own: it adds to a 48"},
	{177, XID_INFORMATIONAL, "no action: a repair that worked, as 63"},
};

static bool
is_graded(const struct xid_info *x)
{
	for (size_t i = 0; i < NELEM(exceptions); i++)
		if (exceptions[i].code == x->code)
			return exceptions[i].cls == x->cls;
	for (size_t i = 0; i < NELEM(grades); i++)
		if (str_eq(x->action, grades[i].action))
			return grades[i].cls == x->cls;
	return false;
}

static const struct {
	uint32_t code;
	bool nonfatal;
	struct str line;
	enum xid_class cls;
	enum action action;
} asked[] = {
	{145, true, STR_INIT("x"), XID_INFORMATIONAL, ACTION_NONE},
	{145, false, STR_INIT("x"), XID_HARDWARE, ACTION_RESET_GPU},
	{64, false, STR_INIT("64, Row Remapper: Error"), XID_HARDWARE, ACTION_RESET_GPU},
	{64, false, STR_INIT("64, a row that is already pending remapping"), XID_HARDWARE, ACTION_RESET_GPU},
	{64, false, STR_INIT("64, Row Remapper: Error: Bank full"), XID_HARDWARE, ACTION_REPLACE_GPU},
	{64, false, STR_INIT("64, remapping failed due to pending remaps"), XID_HARDWARE, ACTION_RESET_GPU},
	{64, false, STR_INIT("64, spares exhausted"), XID_HARDWARE, ACTION_REPLACE_GPU},
	{64, false, STR_INIT("64, All reserved rows for ECC errors used"), XID_HARDWARE, ACTION_REPLACE_GPU},
	{64, false, STR_INIT("64, the table is full"), XID_HARDWARE, ACTION_REPLACE_GPU},
	{64, false, STR_INIT("64, no spare row"), XID_HARDWARE, ACTION_REPLACE_GPU},
	{64, false, STR_INIT("64, HW limit reached"), XID_HARDWARE, ACTION_REPLACE_GPU},
	{63, false, STR_INIT(""), XID_INFORMATIONAL, ACTION_RESET_GPU},
	{177, false, STR_INIT("177, x"), XID_INFORMATIONAL, ACTION_RESET_GPU},
	{160, false, STR_INIT("160, Perform node reboot to activate repair."), XID_INFORMATIONAL, ACTION_REBOOT_NODE},
	{160, false, STR_INIT("160, Reset GPU to activate repair."), XID_INFORMATIONAL, ACTION_RESET_GPU},
	{161, false, STR_INIT("161, no more spare channels"), XID_INFORMATIONAL, ACTION_REPLACE_GPU},
	{161, false, STR_INIT(""), XID_INFORMATIONAL, ACTION_NONE},
	{79, false, STR_INIT("79, already pending"), XID_HARDWARE, ACTION_POWER_CYCLE},
};

/* The catalog's codes are consecutive except for the last one. */
static bool
listed(uint32_t code)
{
	return code >= 1 && (code <= 177 || code == LAST);
}

/* ASCII without control characters, so neither tab nor newline. */
static bool
plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < ' ' || s.p[i] > '~')
			return false;
	return true;
}

static size_t
lines(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '\n';
	return n;
}

static void
test_text(const struct xid_info *x)
{
	CHECK_ROW(x->code, x->name.n > 0 && plain(x->name));
	CHECK_ROW(x->code, plain(x->action));
	CHECK_ROW(x->code, x->origin.n > 0 && plain(x->origin));
	CHECK_ROW(x->code, x->what.n > 0 && x->what.n <= WHAT_MAX);
	CHECK_ROW(x->code, plain(x->what) && !str_ends(x->what, S(".")));
	CHECK_ROW(x->code, x->todo.n > 0 && x->todo.n <= TODO_MAX);
	CHECK_ROW(x->code, plain(x->todo) && str_ends(x->todo, S(".")));
	CHECK_ROW(x->code, x->todo.p[0] >= 'A' && x->todo.p[0] <= 'Z');
}

/* The first column contains 1, 2, ... */
static void
test_ascending(struct str all)
{
	struct buf b = {0};
	struct str line;

	CHECK(str_eat(&all, S(HEADER)));
	for (uint32_t i = 1; i <= LAST; i++) {
		if (!listed(i))
			continue;
		b.n = 0;
		buf_u64(&b, i);
		buf_chr(&b, '\t');
		CHECK_ROW(i, str_cut(&all, '\n', &line) &&
				     str_starts(line, buf_str(&b)));
	}
	CHECK(str_eq(all, S("")));
	buf_free(&b);
}

int
main(void)
{
	const struct str sheet = S("Xid-Catalog.xlsx 2025-09-30");
	const struct str header = S("nverror.h 595.45.04");
	struct buf b = {0};

	TEST("every code from 1 to 177, and 185, is found");
	for (uint32_t i = 0; i <= LAST + 1; i++) {
		const struct xid_info *x = catalog_find(i);

		CHECK_ROW(i, listed(i) ? x && x->code == i : !x);
	}

	TEST("other codes are not found");
	CHECK(!catalog_find(999));
	CHECK(!catalog_find(UINT32_MAX));

	TEST("texts fit and are plain ASCII");
	for (uint32_t i = 1; i <= LAST; i++)
		if (catalog_find(i))
			test_text(catalog_find(i));

	TEST("class and action follow the spreadsheet");
	CHECK(NELEM(want) >= 40);
	for (size_t i = 0; i < NELEM(want); i++) {
		const struct xid_info *x = catalog_find(want[i].code);

		CHECK_ROW(want[i].code, x && x->cls == want[i].cls);
		CHECK_ROW(want[i].code, x && str_eq(x->action, want[i].action));
	}

	TEST("without a published action: no action, the header as origin");
	for (uint32_t i = 1; i <= LAST; i++) {
		const struct xid_info *x = catalog_find(i);

		if (!x)
			continue;
		CHECK_ROW(i, (x->action.n == 0) == (i >= 162));
		CHECK_ROW(i, str_eq(x->origin, i < 173 ? sheet : i < 177 ? header : S("lines of newer drivers")));
	}

	TEST("the class follows from the action");
	for (uint32_t i = 1; i <= LAST; i++)
		if (catalog_find(i))
			CHECK_ROW(i, is_graded(catalog_find(i)));

	TEST("informational codes drain no node, and hardware errors have a remediation");
	for (uint32_t i = 1; i <= LAST; i++) {
		const struct xid_info *x = catalog_find(i);

		if (!x)
			continue;
		CHECK_ROW(i, x->cls != XID_INFORMATIONAL || !str_starts(x->todo, S("Drain")));
		CHECK_ROW(i, x->cls != XID_HARDWARE || !str_starts(x->todo, S("Nothing")));
	}

	TEST("details in a line refine its code");
	for (size_t i = 0; i < NELEM(asked); i++) {
		struct xid_info x = *catalog_find(asked[i].code);

		catalog_line(&x, asked[i].nonfatal, asked[i].line);
		CHECK_ROW(i, x.cls == asked[i].cls);
		CHECK_ROW(i, catalog_action(&x, S("")) == asked[i].action);
		test_text(&x);
	}

	TEST("numbers in Xid 154");
	CHECK(catalog_asked(0) == ACTION_UNSET);
	CHECK(catalog_asked(1) == ACTION_RESET_GPU);
	CHECK(catalog_asked(2) == ACTION_REBOOT_NODE);
	CHECK(catalog_asked(3) == ACTION_DRAIN_NODE);
	CHECK(catalog_asked(4) == ACTION_RESET_GPU);
	CHECK(catalog_asked(5) == ACTION_CHECK_FABRIC);
	CHECK(catalog_asked(7) == ACTION_REBOOT_NODE);
	CHECK(catalog_asked(8) == ACTION_UNSET);

	TEST("class names in both directions");
	for (int i = XID_HARDWARE; i <= XID_NVSWITCH; i++) {
		enum xid_class c = i == 0 ? XID_NVSWITCH : XID_HARDWARE;
		struct str name = xid_class_name((enum xid_class)i);

		CHECK_ROW(i, xid_class_of(name, &c) && (int)c == i);
	}
	CHECK(str_eq(xid_class_name(XID_HARDWARE), S("hardware")));
	CHECK(str_eq(xid_class_name(XID_UNKNOWN), S("unknown")));
	CHECK(str_eq(xid_class_name(XID_APPLICATION), S("application")));
	CHECK(str_eq(xid_class_name(XID_CONSEQUENCE), S("consequence")));
	CHECK(str_eq(xid_class_name(XID_INFORMATIONAL), S("informational")));
	CHECK(str_eq(xid_class_name(XID_NVSWITCH), S("nvswitch")));

	TEST("unknown class names");
	{
		enum xid_class c = XID_CONSEQUENCE;

		CHECK(!xid_class_of(S(""), &c));
		CHECK(!xid_class_of((struct str){0}, &c));
		CHECK(!xid_class_of(S("Hardware"), &c));
		CHECK(!xid_class_of(S("hardwar"), &c));
		CHECK(!xid_class_of(S("hardware "), &c));
		CHECK(c == XID_CONSEQUENCE);
	}

	TEST("one row");
	catalog_put(&b, 79);
	CHECK(str_starts(buf_str(&b), S(HEADER
		"79\tROBUST_CHANNEL_GPU_HAS_FALLEN_OFF_THE_BUS\thardware\t"
		"RESTART_BM\tXid-Catalog.xlsx 2025-09-30\t"
		"GPU has fallen off the bus\tDrain ")));
	CHECK(str_ends(buf_str(&b), S(".\n")));
	CHECK(lines(buf_str(&b)) == 2);

	TEST("an unknown code: only the header");
	b.n = 0;
	catalog_put(&b, LAST + 1);
	CHECK(str_eq(buf_str(&b), S(HEADER)));

	TEST("0: all rows, ascending, without gaps");
	b.n = 0;
	catalog_put(&b, 0);
	CHECK(lines(buf_str(&b)) == ROWS + 1);
	test_ascending(buf_str(&b));

	TEST("put appends");
	b.n = 0;
	buf_add(&b, S("x"));
	catalog_put(&b, 999);
	CHECK(str_eq(buf_str(&b), S("x" HEADER)));

	buf_free(&b);
	return test_done();
}
