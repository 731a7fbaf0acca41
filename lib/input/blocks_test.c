#include "input/blocks.h"

#include "base/test.h"

#define N60 "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGH"
#define CURSOR "s=cb89;i=1;b=fdd4;m=5f5e100;t=651be6e835200;x=c271"

static struct blocks b;
static struct buf json;

/* Take the lines of a text, except blank ones, like streams; the last block as an
 * object. */
static struct str
read(struct str text)
{
	struct str line;

	json.n = 0;
	b.ansible = true;
	blocks_begin(&b);
	for (uint64_t n = 1; str_cut(&text, '\n', &line); n++) {
		bool begins = blocks_begins(&b, line, n);

		if (begins)
			blocks_begin(&b);
		if (line.n && !blocks_take(&b, line, n, begins))
			blocks_begin(&b);
	}
	if (b.form != BLOCKS_NONE)
		blocks_object(&b, &json);
	return buf_str(&json);
}

static const struct {
	struct str text, object;
} rows[] = {
	{STR_INIT("Thu 2026-05-14 03:10:00.000000 UTC [" CURSOR "]\n    _HOSTNAME=gpu-1\n    MESSAGE=NVRM: a\n            NVRM: b\n    PRIORITY=4\n"),
		STR_INIT("{\"__CURSOR\":\"" CURSOR "\",\"__REALTIME_TIMESTAMP\":\"1778728200000000\",\"_HOSTNAME\":\"gpu-1\",\"MESSAGE\":\"NVRM: a\\nNVRM: b\",\"PRIORITY\":\"4\"}")},
	{STR_INIT("Thu x [s=1]\n    A=1\nThu x [s=2]\n    B=2"), STR_INIT("{\"__CURSOR\":\"s=2\",\"B\":\"2\"}")},
	{STR_INIT("__CURSOR=s=1\n__REALTIME_TIMESTAMP=17\nMESSAGE=a=b\n"), STR_INIT("{\"__CURSOR\":\"s=1\",\"__REALTIME_TIMESTAMP\":\"17\",\"MESSAGE\":\"a=b\"}")},
	{STR_INIT("__CURSOR=s=1\nMESSAGE\n\x05\0\0\0\0\0\0\0a\nb=c\nX=1\n"), STR_INIT("{\"__CURSOR\":\"s=1\",\"MESSAGE\":\"a\\nb=c\",\"X\":\"1\"}")},
	/* a wrong size takes no more than the available bytes */
	{STR_INIT("__CURSOR=s=1\nMESSAGE\n\xff\xff\xff\xff\xff\xff\xff\xff""a\n"), STR_INIT("{\"__CURSOR\":\"s=1\",\"MESSAGE\":\"a\\n\"}")},
	{STR_INIT("__CURSOR=s=1\nMESSAGE\nabc\n"), STR_INIT("")},
	/* a report of ncclras, and part of one */
	{STR_INIT("Group     Comms     Nodes\n    0         1         2\n\nErrors\n======\n\n#0-0 (00000000000000ab) ERROR\n  Rank 1 reported System error\n"),
		STR_INIT("{\"ncclras\":\"Group     Comms     Nodes\\n    0         1         2\\nErrors\\n======\\n#0-0 (00000000000000ab) ERROR\\n  Rank 1 reported System error\\n\"}")},
	{STR_INIT("#0-0 (00000000000000ab) MISMATCH\n  7 ranks have status INIT\n"),
		STR_INIT("{\"ncclras\":\"#0-0 (00000000000000ab) MISMATCH\\n  7 ranks have status INIT\\n\"}")},
	{STR_INIT("#0-0 (00000000000000ab) MISMATCH\n2026-05-01 step 7\n"), STR_INIT("")},
	{STR_INIT("# 1 (a)\n"), STR_INIT("")},
	/* a process of torchrun; not if its lines are apart, or of two writers */
	{STR_INIT("  rank      : 11 (local_rank: 3)\n  exitcode  : -9 (pid: 4)\n"),
		STR_INIT("{\"torchrun\":\"  rank      : 11 (local_rank: 3)\\n  exitcode  : -9 (pid: 4)\\n\"}")},
	{STR_INIT("1:   rank      : 11 (local_rank: 3)\n1:   exitcode  : -9 (pid: 4)\n"),
		STR_INIT("{\"torchrun\":\"1:   rank      : 11 (local_rank: 3)\\n1:   exitcode  : -9 (pid: 4)\\n\"}")},
	{STR_INIT("  rank      : 11 (local_rank: 3)\n\n  exitcode  : -9 (pid: 4)\n"), STR_INIT("")},
	{STR_INIT("0:   rank      : 11 (local_rank: 3)\n1:   exitcode  : -9 (pid: 4)\n"), STR_INIT("")},
	/* without a cursor: the time is first, or any field after an empty line */
	{STR_INIT("__REALTIME_TIMESTAMP=17\nMESSAGE=a\n"), STR_INIT("{\"__REALTIME_TIMESTAMP\":\"17\",\"MESSAGE\":\"a\"}")},
	{STR_INIT("_TRANSPORT=kernel\nA=1\n\nB=2\nC=3"), STR_INIT("{\"B\":\"2\",\"C\":\"3\"}")},
	{STR_INIT("__CURSOR=s=1\n__REALTIME_TIMESTAMP=17\n"), STR_INIT("{\"__CURSOR\":\"s=1\",\"__REALTIME_TIMESTAMP\":\"17\"}")},
	/* other text, after a block or alone */
	{STR_INIT("__CURSOR=s=1\nA=1\n\nb\n"), STR_INIT("")},
	{STR_INIT("Thu x [s=1]\n    A=1\nMay 14 03:10:00 gpu-1 kernel: x\n"), STR_INIT("")},
	{STR_INIT("A=1\n"), STR_INIT("")},
	{STR_INIT("    [s=1]\n"), STR_INIT("")},
	/* Ansible: of a command, of a playbook with colors, an object without members, none */
	{STR_INIT("gpu-7 | SUCCESS => {\n    \"rc\": 0,\n    \"out\": [\n        \"a\"\n    ]\n}\n"),
		STR_INIT("{    \"rc\": 0,    \"out\": [        \"a\"    ],\"host\":\"gpu-7\"}")},
	{STR_INIT("\033[0;32mok: [gpu-7 -> localhost] => (item=x) => {\033[0m\n\033[0;32m    \"a\": \"b\"\033[0m\n\033[0;32m}\033[0m\n"),
		STR_INIT("{    \"a\": \"b\",\"host\":\"gpu-7\"}")},
	{STR_INIT("gpu-7 | UNREACHABLE! => {\n}\n"), STR_INIT("{\"host\":\"gpu-7\"}")},
	{STR_INIT("fatal: [gpu-7]: FAILED! => {\n    \"a\": 1,\n"),
		STR_INIT("{\"ansible\":\"fatal: [gpu-7]: FAILED! => {\\n    \\\"a\\\": 1,\\n\",\"host\":\"gpu-7\"}")},
	{STR_INIT("gpu-7 | SUCCESS => {\n    \"a\": 1\n}\ntext\n"), STR_INIT("")},
	{STR_INIT("gpu-7 | SUCCESS => {\n    \"a\": [\nMay 14 03:10:00 gpu-1 kernel: x\n"), STR_INIT("")},
	{STR_INIT("match x => {\n    a\n}\n"), STR_INIT("")},
	{STR_INIT("a | b => {\n    a\n}\n"), STR_INIT("")},
	{STR_INIT("gpu-7 | SUCCESS => {\"a\": 1}\n"), STR_INIT("")},
	{STR_INIT("a | A => x\n}\n"), STR_INIT("")}, {STR_INIT("ok: [] => {\n}\n"), STR_INIT("")},
	{STR_INIT("a | AZ => {\n}\n"), STR_INIT("{\"host\":\"a\"}")},
	{STR_INIT("a | A3 => {\n}\n"), STR_INIT("")}, {STR_INIT("a | A[ => {\n}\n"), STR_INIT("")}, {STR_INIT("a | A@ => {\n}\n"), STR_INIT("")},
	{STR_INIT("a | ! => {\n}\n"), STR_INIT("")}, {STR_INIT("a | A!! => {\n}\n"), STR_INIT("")}, {STR_INIT("a | A -> {\n}\n"), STR_INIT("")}, {STR_INIT(" | A => {\n}\n"), STR_INIT("")},
	{STR_INIT("a | A => {\n }\n"), STR_INIT("{\"host\":\"a\"}")}, {STR_INIT("a | A => {\n }\nx\n"), STR_INIT("")},
	{STR_INIT("ok: [a] => {\n}\n"), STR_INIT("{\"host\":\"a\"}")}, {STR_INIT("changed: [a] => {\n}\n"), STR_INIT("{\"host\":\"a\"}")},
	{STR_INIT("failed: [a] => {\n}\n"), STR_INIT("{\"host\":\"a\"}")}, {STR_INIT("skipping: [a] => {\n}\n"), STR_INIT("{\"host\":\"a\"}")},
	{STR_INIT("unreachable: [a] => {\n}\n"), STR_INIT("{\"host\":\"a\"}")}, {STR_INIT("included: [a] => {\n}\n"), STR_INIT("")}, {STR_INIT("ok: a] => {\n}\n"), STR_INIT("")},
	{STR_INIT("ok: [a] => (item=x) {\n}\n"), STR_INIT("")}, {STR_INIT("ok: [] => {\n}\n"), STR_INIT("")}, {STR_INIT("ok: [a] -> {\n}\n"), STR_INIT("")},
	{STR_INIT("\033[1mok: [a] => {\033[0m\n\033[0;1}\033[0m\n}\n"), STR_INIT("")},
	/* names of fields: up to 64 capital letters, digits and _ */
	{STR_INIT("__CURSOR=s\n" N60 "ABCD=1\n"), STR_INIT("{\"__CURSOR\":\"s\",\"" N60 "ABCD\":\"1\"}")},
	{STR_INIT("__CURSOR=s\n" N60 "ABCDE=1\n"), STR_INIT("")}, {STR_INIT("__CURSOR=s\nA[=1\n"), STR_INIT("")}, {STR_INIT("__CURSOR=s\nA@=1\n"), STR_INIT("")},
	{STR_INIT("__CURSOR=s\na=1\n"), STR_INIT("")}, {STR_INIT("__CURSOR=s\n=1\n"), STR_INIT("")}, {STR_INIT("__CURSOR=s\n_AZ09=1\n"), STR_INIT("{\"__CURSOR\":\"s\",\"_AZ09\":\"1\"}")},
	/* sizes of values */
	{STR_INIT("__CURSOR=s\nA\n\0\0\0\0\0\0\0\0\nB=1\n"), STR_INIT("{\"__CURSOR\":\"s\",\"A\":\"\",\"B\":\"1\"}")},
	{STR_INIT("__CURSOR=s\nA\n\1\0\0\0\0\0\0\0x\nB=1\n"), STR_INIT("{\"__CURSOR\":\"s\",\"A\":\"x\",\"B\":\"1\"}")},
	{STR_INIT("__CURSOR=s\nA\n\3\0\0\0\0\0\0\0x\ny\nB=1\n"), STR_INIT("{\"__CURSOR\":\"s\",\"A\":\"x\\ny\",\"B\":\"1\"}")},
	{STR_INIT("__CURSOR=s\nA\n\0\0\0\0\0\0\0\nB=1\n"), STR_INIT("")}, {STR_INIT("__CURSOR=s\nA\n\n\0\0\0\0\0\0\0\0\n"), STR_INIT("")},
	/* cursors: after at most 80 bytes */
	{STR_INIT(N60 "ABCDEFGHIJKLMNOPQRST [s=1]\n    A=1\n"), STR_INIT("{\"__CURSOR\":\"s=1\",\"A\":\"1\"}")},
	{STR_INIT(N60 "ABCDEFGHIJKLMNOPQRSTU [s=1]\n    A=1\n"), STR_INIT("")}, {STR_INIT("x [s=1\n    A=1\n"), STR_INIT("")}, {STR_INIT("x [t=1]\n    A=1\n"), STR_INIT("")},
	{STR_INIT("x [s=1;t=10;u=3]\n    A=1\n"), STR_INIT("{\"__CURSOR\":\"s=1;t=10;u=3\",\"__REALTIME_TIMESTAMP\":\"16\",\"A\":\"1\"}")},
	{STR_INIT("x [s=1;t=x]\n    a\n    A=1\n   B=2\n"), STR_INIT("")}, {STR_INIT("x [s=1]\n    a\n    A=1\n"), STR_INIT("{\"__CURSOR\":\"s=1\",\"A\":\"1\"}")},
	/* ncclras: a head of more than 24 bytes, then only lines of its own */
	{STR_INIT("#0-0 (000000000000) ERROR\n"), STR_INIT("{\"ncclras\":\"#0-0 (000000000000) ERROR\\n\"}")}, {STR_INIT("#0-0 (00000000000) ERROR\n"), STR_INIT("")},
	{STR_INIT("#x-0 (000000000000) ERROR\n"), STR_INIT("")}, {STR_INIT("Group  \n"), STR_INIT("")}, {STR_INIT("x  Comms  \n"), STR_INIT("")},
	{STR_INIT("#0-0 (000000000000) ERROR\n  x\n"), STR_INIT("")}, {STR_INIT("#0-0 (000000000000) ERROR\n 7\n"), STR_INIT("")}, {STR_INIT("#0-0 (000000000000) ERROR\n  \n"), STR_INIT("")},
};

/* Lines inside a report of ncclras. */
static const char *const ras[] = {
	"==", "Errors", "Warnings", "DEAD", "INCOMPLETE", "TIMEOUT", "  Rank 7", "  Process 7", "  The missing rank", "  Communicator ranks have", "  Missing communicator data from",
	"  Initialization error", "  Asynchronous error", "  Encountered 7", "  [could not find it]", "    #  in group", "#1-0 (000000000000) ERROR", "  7 ranks",
};

static const struct {
	struct str text, left;
} cuts[] = {
	{STR_INIT("#0-0 (00000000000000ab) ERROR\n  Rank 1 -- GPU 1 managed by process 9 on node 10.0.0.1"),
		STR_INIT("#0-0 (00000000000000ab) ERROR\n  Rank 1 -- GPU 1 managed by process 9")},
	{STR_INIT("#0-0 (00000000000000ab) ERROR\n  Rank 1 -- GPU 1 managed by process 9 on node n1\n  Rank 2 -- GPU"),
		STR_INIT("#0-0 (00000000000000ab) ERROR\n  Rank 1 -- GPU 1 managed by process 9 on node n1\n  Rank 2 -- GPU\n")},
	{STR_INIT("#0-0 (00000000000000ab) ERROR\n  Process 9 on node n1 managing GPU 1"),
		STR_INIT("#0-0 (00000000000000ab) ERROR\n  Process 9 on node n1 managing GPU 1\n")},
	{STR_INIT("_HOSTNAME=a on node b"), STR_INIT("")},
};

int
main(void)
{
	TEST("blocks as objects");
	for (size_t i = 0; i < NELEM(rows); i++) {
		CHECK_ROW(i, str_eq(read(rows[i].text), rows[i].object));
		if (!str_eq(buf_str(&json), rows[i].object))
			printf("# %.*s\n", (int)json.n, json.p);
	}
	TEST("lines of a report");
	for (size_t i = 0; i < NELEM(ras); i++) {
		blocks_begin(&b);
		CHECK_ROW(i, blocks_take(&b, S("#0-0 (000000000000) ERROR"), 1, true));
		CHECK_ROW(i, !blocks_begins(&b, str_of(ras[i]), 2) && blocks_take(&b, str_of(ras[i]), 2, false));
		CHECK_ROW(i, b.first == 1 && b.last == 2);
	}

	TEST("a host's name that may be cut");
	for (size_t i = 0; i < NELEM(cuts); i++) {
		read(cuts[i].text);
		blocks_cut(&b);
		CHECK_ROW(i, str_eq(b.form == BLOCKS_RAS ? buf_str(&b.raw) : S(""), cuts[i].left));
	}

	TEST("files that may have Ansible's objects");
	CHECK(blocks_may_be_ansible(S("PLAY [gpus] ***"), true) && !blocks_may_be_ansible(S("PLAY [gpus] ***"), false));
	CHECK(blocks_may_be_ansible(S("\033[0;32mok: [gpu-7] => {\033[0m"), true));
	CHECK(blocks_may_be_ansible(S("gpu-7 | CHANGED | rc=0 >>"), false));
	CHECK(blocks_may_be_ansible(S("$ ansible all -m shell -a dmesg"), true));
	CHECK(!blocks_may_be_ansible(S("May 14 03:12:00 gpu-7 kernel: x"), true));
	CHECK(blocks_may_be_ansible(S("\033[0;32mok: [gpu-7] => {\033[0m"), false) && blocks_may_be_ansible(S("gpu-7 | FAILED! => {"), false));
	CHECK(blocks_may_be_ansible(S("changed: [gpu-7] => "), false) && !blocks_may_be_ansible(S("a => "), false));
	CHECK(!blocks_may_be_ansible(S("a => {"), false) && !blocks_may_be_ansible(S("x >>"), false));
	TEST("the host above a result in YAML");
	struct str host;

	CHECK(blocks_is_result(S("changed: [gpu-7] =>"), &host) && str_eq(host, S("gpu-7")));
	CHECK(blocks_is_result(S("ok: [gpu-7] => (item=dmesg) =>"), &host) && str_eq(host, S("gpu-7")));
	CHECK(blocks_is_result(S("fatal: [gpu-7]: FAILED! =>"), &host) && str_eq(host, S("gpu-7")));
	CHECK(blocks_is_result(S("ok: [gpu-7 -> gpu-8] =>"), &host) && !host.n);
	CHECK(!blocks_is_result(S("ok: [gpu-7]"), &host) && !blocks_is_result(S("gpu-7 =>"), &host));
	blocks_free(&b);
	buf_free(&json);
	return test_done();
}
