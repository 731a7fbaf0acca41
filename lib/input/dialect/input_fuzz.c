/*
 * Arbitrary bytes through every dialect: a stream of lines and documents, read with
 * --max-line from 1 byte, in blocks from 16 bytes; and its objects as elements of many
 * kinds of documents, which yield the same records in parts as whole.  Reading twice
 * yields no more records than reading once.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/fuzz.h"
#include "input/dialect/dialect.h"
#include "input/stream.h"

static struct events new_events = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};

/* Parameters of a stream. */
struct how {
	uint64_t limit, whole, some;
	size_t block;
};

static void
read_all(struct reader *r, struct str all, const struct how *how)
{
	struct stream s = {.json = &r->json};
	struct stream_item it;
	enum stream_what what;
	size_t steps = 0;
	static int fd = -1;

	if (fd < 0) {
		char name[] = "/tmp/inquest-fuzz-XXXXXX";

		fd = mkstemp(name);
		unlink(name);
	}
	check(ftruncate(fd, 0) == 0 && pwrite(fd, all.p, all.n, 0) == (ssize_t)all.n);
	lseek(fd, 0, SEEK_SET);
	stream_open(&s, fd, how->limit, NULL, NULL);
	s.whole = how->whole;
	s.some = how->some;
	s.in.block = how->block;
	while ((what = stream_next(&s, &it)) == STREAM_VALUE || what == STREAM_REJECT) {
		check(++steps <= 3 * (all.n + 3));
		if (what == STREAM_VALUE)
			reader_value_parsed(r, it.text);
		else
			exposition_read(r, it.text, true);
	}
	check(what == STREAM_END);
	stream_close(&s);
	s.json = NULL;
	stream_free(&s);
}

/* Both ways of reading yield the same records. */
static void
same(struct str all, const struct how *one, const struct how *other)
{
	struct events ev = new_events;
	struct reader r = {.ev = &ev, .boot_time = 1790000000 * SECOND, .scrape_time = NO_TIME, .file = S("rank_3")};
	size_t had[EVENT_KINDS];

	read_all(&r, all, one);
	events_sort(&ev);
	for (unsigned k = 0; k < EVENT_KINDS; k++)
		had[k] = ev.list[k].n;
	read_all(&r, all, other);
	events_sort(&ev);
	for (unsigned k = 0; k < EVENT_KINDS; k++)
		check(ev.list[k].n == had[k]);
	reader_free(&r);
	events_free(&ev);
}

/* Text around elements. */
static const struct {
	struct str before, behind;
} kinds[] = {
	{STR_INIT("["), STR_INIT("]")},
	{STR_INIT("{\"apiVersion\":\"v1\",\"items\":["), STR_INIT("],\"kind\":\"List\",\"metadata\":{}}")},
	{STR_INIT("{\"kind\":\"PodList\",\"items\":[\n"), STR_INIT("\n]\n}")},
	{STR_INIT("{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":["), STR_INIT("]}}")},
	{STR_INIT("{\"resourceLogs\":["), STR_INIT("]}")},
	{STR_INIT("{\"resourceMetrics\":[\n"), STR_INIT("]}\n")},
	{STR_INIT("{\"hits\":{\"total\":7,\"hits\":["), STR_INIT("]},\"took\":3}")},
	{STR_INIT("{\"dmesg\":["), STR_INIT("]}")},
	{STR_INIT("{\"node\":\"gpu-7\",\"time\":\"2026-05-14T03:12:00Z\",\"lines\":["), STR_INIT("],\"n\":1}")},
	{STR_INIT("{\"a\":[{\"items\":["), STR_INIT("]}]}")},
};

/* Put the objects among lines as a document; returns the size of the largest. */
static size_t
put_document(struct buf *b, struct str lines, unsigned kind, const char *comma)
{
	struct str line;
	uint64_t at;
	bool any = false;
	size_t most = 0;

	buf_add(b, kinds[kind].before);
	while (lines.n && str_cut(&lines, '\n', &line)) {
		line = str_trim(line);
		if (!str_starts(line, S("{")) || json_check(line, &at))
			continue;
		if (any)
			buf_add(b, str_of(comma));
		any = true;
		buf_add(b, line);
		most = line.n > most ? line.n : most;
	}
	buf_add(b, kinds[kind].behind);
	return most;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str all = {(const char *)data, n};
	unsigned sum = (unsigned)n;
	struct how whole = {1 << 30, 1 << 30, 1, 0}, parts, any;
	struct buf b = {0};

	for (size_t i = 0; i < n; i++)
		sum = sum * 31 + data[i];
	any = (struct how){1 + sum / 7 % (n + 1), 1 + sum / 5 % (n + 1), 1 + sum % 99, 16 + sum / 3 % 99};
	same(all, &whole, &whole);
	same(all, &any, &any);
	/* an element is not split, as long as it is smaller than a document */
	parts = (struct how){1 << 30, 99 + sum / 11 % 999, 1 + sum / 13 % 999, 16 + sum / 17 % 999};
	parts.whole += put_document(&b, all, sum / 19 % NELEM(kinds), sum / 23 % 2 ? "," : ",\n");
	same(buf_str(&b), &whole, &parts);
	same(buf_str(&b), &parts, &whole);
	buf_free(&b);
	return 0;
}
