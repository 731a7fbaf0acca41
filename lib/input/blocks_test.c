#include "input/blocks.h"

#include "base/test.h"

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
	{STR_INIT("match x => {\n    a\n}\n"), STR_INIT("")},
	{STR_INIT("a | b => {\n    a\n}\n"), STR_INIT("")},
	{STR_INIT("gpu-7 | SUCCESS => {\"a\": 1}\n"), STR_INIT("")},
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
	blocks_free(&b);
	buf_free(&json);
	return test_done();
}
