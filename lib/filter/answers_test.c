#include <string.h>
#include <unistd.h>

#include "base/test.h"
#include "filter/run.h"
#include "input/dialect/dialect.h"

#define PODS(more) "{'kind':'PodList','items':[],'metadata':{'continue':'ab'" more "}}"
#define HITS(total, some) "{'hits':{'total':" total ",'hits':[" some "]}}"

/* Answers in files, and the messages about them.  "|" ends a file. */
static const struct {
	const char *answers[10], *says;
} rows[] = {
	{{"{'a':'b'}", "|"}, ""},
	/* one page of several */
	{{PODS(""), "|"}, "p: f1:1: the answer is one page, and \"metadata.continue\" names the next: use kubectl"},
	{{PODS(",'remainingItemCount':7"), "|"}, "p: f1:1: the answer is one page, and \"metadata.continue\" names the next (7 more items): use kubectl"},
	{{PODS(",'remainingItemCount':0"), "|"}, "p: f1:1: the answer is one page, and \"metadata.continue\" names the next: use kubectl"},
	{{"{'a':'b'}", PODS(""), "|", PODS(""), "|", "{'kind':'PodList','items':[],'metadata':{}}", "|"},
		"p: f1:2: the answer is one page, and \"metadata.continue\" names the next: use kubectl"},
	/* the next page follows, or one of another list */
	{{PODS(""), PODS(""), "{'kind':'PodList','items':[],'metadata':{}}", "|"}, ""},
	{{PODS(""), "{'kind':'NodeList','items':[],'metadata':{}}", "|"}, "p: f1:1: the answer is one page, and \"metadata.continue\" names the next: use kubectl"},
	{{PODS(""), PODS(""), "|"}, "p: f1:2: the answer is one page, and \"metadata.continue\" names the next: use kubectl"},
	{{PODS(""), "{'a':'b'}", "|"}, "p: f1:1: the answer is one page, and \"metadata.continue\" names the next: use kubectl"},
	{{"{'kind':'PodList','items':[],'metadata':{}}", "|"}, ""},
	/* some of the hits of a search */
	{{HITS("3", "{},{},{}"), "|"}, ""},
	{{HITS("4", "{},{},{}"), "|"}, "p: f1:1: the answer has 3 of 4 hits: fetch"},
	{{HITS("4", "{},{}"), HITS("4", "{},{}"), "|"}, ""},
	{{HITS("4", "{},{}"), "|", HITS("4", "{},{}"), "|"}, ""},
	{{HITS("4", "{}"), "|", HITS("4", "{},{}"), "|"}, "p: f1:1: the answer has 3 of 4 hits: fetch"},
	{{HITS("0", "{}"), HITS("-1", "{}"), "|"}, ""},
	{{HITS("1", "{},{}"), HITS("3", "{},{},{}"), "|", "{'a':'b'}", HITS("5", "{},{}"), "|"}, "p: f2:2: the answer has 2 of 5 hits: fetch"},
	/* an answer that says so, once in a file */
	{{"{'rows':[],'truncated':true}", "{'rows':[],'truncated':true}", "|"}, "p: f1:1: the answer says \"truncated\": true; records may be missing: "},
	{{"{'a':'b'}", "|", "{'_shards':{'failed':2},'hits':{}}", "|"}, "p: f2:1: the answer says \"_shards.failed\": 2; records may be missing: "},
};

static struct run r;

/* Read the answers of a row; all messages about them. */
static struct str
told(const char *const *answer, int fd, bool whole)
{
	static char text[4096];
	char file[] = "f1", json[200];
	uint64_t line = 0;
	ssize_t n;

	memset(&r.answers, 0, sizeof(r.answers));
	for (; *answer; answer++) {
		if (strcmp(*answer, "|") == 0) {
			run_answers_end(&r, str_of(file));
			file[1]++;
			line = 0;
			continue;
		}
		for (n = 0; (*answer)[n]; n++)
			json[n] = (char)((*answer)[n] == '\'' ? '"' : (*answer)[n]);
		reader_value_text(&r.reader, (struct str){json, (size_t)n});
		run_answer(&r, str_of(file), ++line, whole);
	}
	run_pages_total(&r);
	buf_chr(&r.diag.to->b, '\n'); /* so that there is something to read */
	out_flush(r.diag.to);
	n = read(fd, text, sizeof(text));
	return (struct str){text, n > 0 ? (size_t)n - 1 : 0};
}

int
main(void)
{
	const char *const searches[] = {HITS("11", "{}"), HITS("12", "{}"), HITS("13", "{}"), HITS("14", "{}"), HITS("15", "{}"), HITS("16", "{}"), HITS("17", "{}"),
		HITS("18", "{}"), HITS("19", "{}"), "|", NULL};
	struct out to;
	struct str all, line;
	uint64_t n = 0;
	int fd[2];

	CHECK(pipe(fd) == 0);
	to = (struct out){.fd = fd[1]};
	r.ev = (struct events){.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
	r.reader = (struct reader){.ev = &r.ev, .boot_time = NO_TIME, .scrape_time = NO_TIME};
	r.diag = (struct diag){.to = &to, .prog = S("p")};

	TEST("messages about incomplete answers");
	for (size_t i = 0; i < NELEM(rows); i++) {
		all = told(rows[i].answers, fd[0], true);
		CHECK_ROW(i, *rows[i].says ? str_starts(all, str_of(rows[i].says)) : all.n == 0);
		CHECK_ROW(i, str_find(all, S("\n")) + 1 >= all.n); /* one of them */
		if (*rows[i].says ? !str_starts(all, str_of(rows[i].says)) : all.n != 0)
			printf("# %.*s", (int)all.n, all.p);
	}

	TEST("files that end with a page");
	all = told((const char *const[]){PODS(""), "|", PODS(""), "|", PODS(""), "|", NULL}, fd[0], true);
	CHECK(str_starts(all, S("p: f1:1: ")) && str_ends(all, S("; other files that end so: 2\n")));
	all = told((const char *const[]){PODS(""), "|", PODS(""), "|", NULL}, fd[0], true);
	CHECK(str_ends(all, S("; other files that end so: 1\n")));

	TEST("eight searches are counted; parts of documents are not");
	all = told(searches, fd[0], true);
	while (str_eat_to(&all, '\n', &line))
		CHECK_ROW(n, str_has(line, S("the answer has 1 of 1")) && ++n);
	CHECK(n == 8);
	CHECK(told(searches, fd[0], false).n == 0);
	CHECK(told(rows[1].answers, fd[0], false).n > 0);

	TEST("nothing if messages are not wanted");
	r.opt.quiet = true;
	for (size_t i = 0; i < NELEM(rows); i++)
		CHECK_ROW(i, told(rows[i].answers, fd[0], true).n == 0);
	close(fd[0]);
	close(fd[1]);
	buf_free(&to.b);
	reader_free(&r.reader);
	events_free(&r.ev);
	mem_free(&r.mem);
	return test_done();
}
