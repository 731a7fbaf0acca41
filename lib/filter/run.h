/*
 * run - the state of one filter run, shared by filter.c (options, control flow),
 * read.c (files, lines, pickles, messages about them), folder.c (files below a
 * folder), answers.c (answers of APIs that are incomplete), select.c
 * (--select), judge.c (verdicts; --follow) and stats.c (--stats).
 * Layer top: may include everything.
 */
#ifndef RUN_H
#define RUN_H

#include "base/meter.h"
#include "filter/filter.h"
#include "input/answer.h"
#include "input/blocks.h"
#include "input/csv.h"
#include "input/partial.h"
#include "input/wrapped.h"
#include "input/plain.h"
#include "input/stream.h"

#define MINUTE (60 * SECOND)

struct common {
	bool exit_code, explain, stats, strict, quiet, exposition;
	bool select, key, keyed, follow, progress;
	unsigned format; /* of formats in judge.c */
	struct str node, timezone;
	uint64_t year;
	struct opt_when since, until;
	unsigned color; /* 0: on terminals, 1: always, 2: never */
	int64_t skew, boot_time, scrape_time, lateness;
	uint64_t max_line;
};

/* Files of a folder that are not read. */
enum skipped { SKIPPED_SPECIAL, SKIPPED_BINARY, SKIPPED };

struct run {
	const struct pattern *p;
	struct filter_io *io;
	struct common opt;
	void *config;
	struct diag diag;
	struct mem mem; /* lives as long as the run */
	struct events ev;
	struct reader reader;
	struct sift *sift;
	struct text_words words; /* of text readers */
	struct look look; /* of text */
	struct sift *dumps; /* documents that contain one of these words are read in one piece; or NULL */
	struct stream stream;
	struct plain plain; /* lines of text */
	struct blocks blocks; /* records of several lines of text */
	struct csv csv; /* rows of a table in text */
	struct buf columns; /* column names of a table whose rows are JSON arrays */
	struct buf range; /* the series that promtool's lines "64 @[…]" belong to */
	struct partials partials; /* lines split by a container runtime */
	struct wrapped wrapped;   /* watchdog lines that a terminal wrapped */
	bool parted; /* the current line separates pieces that would otherwise be joined */
	struct {                 /* a block or pickle, converted to JSON */
		struct buf json;
		struct mem mem;
	} pickle;
	struct buf way; /* of --key: tokens around a record */
	struct {              /* for --follow */
		int64_t now;  /* newest time of the records, or the clock's if live */
		int64_t due;  /* a verdict may become final at this time; NO_TIME: nothing is pending */
		bool live;    /* records arrive as they happen */
		int64_t ahead; /* if live: time minus CLOCK_MONOTONIC, ns, unaffected by clock changes */
		unsigned warned; /* bit by row of left_out (judge.c): a message was printed */
		uint64_t work; /* records judged, repeats included */
		struct mem mem;
	} follow;
	void *page; /* state of the pattern's own formats, or NULL */
	uint64_t printed; /* number of verdicts */
	uint64_t found;   /* verdicts that -e counts */
	struct meter meter;
	struct verdicts verdicts;
	int status;
	bool stop;
	struct {         /* the current operand, if it is a folder */
		bool on;
		uint64_t n[SKIPPED];        /* files that were skipped */
		const char *first[SKIPPED]; /* the first of them */
	} folder;
	uint64_t lines, bytes, rejected, remarks;
	uint64_t text_lines; /* lines of log text */
	struct unread {
		struct sift *claims; /* claims for the kinds that the filter wants */
		uint64_t n, line;    /* of the current operand: number of lines; the first */
		struct str claim, how; /* the claim of the first; why it is not read, if known */
		uint64_t total;
		bool open, gave; /* inside a document; a part of it yielded a record */
		bool foreign, any_foreign; /* the current operand, any operand
		                            * is output of another program
		                            * (foreign.h) */
		struct str other;    /* name of such output, if the operand has nothing else */
		uint64_t other_line; /* the line where other begins */
		bool other_is_json;  /* it is a value of another kind */
		uint64_t before;     /* records of the operands before the current one */
		struct quoted {
			uint64_t n, line; /* lines of text that quote a claim; the first */
			struct str claim, name;
		} quoted;
	} unread;
	struct answers {
		bool said;       /* a notice already reported that the current operand is incomplete */
		struct page {
			bool on; /* the last page of a list names a further page */
			struct str member, remedy; /* as in struct answer */
			char kind[64];
			size_t nkind;
			int64_t more;
			uint64_t line;
		} page, first;   /* of the current operand; of the first operand that ends this way */
		struct str name; /* name of the operand of first */
		uint64_t pages;  /* number of operands that end this way */
		struct hits {    /* of search answers with one total */
			int64_t total;
			uint64_t given, line; /* hits in the input; line of the first answer */
			struct str name; /* name of its operand */
		} hits[8];
	} answers;
};

/* One run of the pattern, with its explanations and notice. */
struct judgement {
	struct buf explain, notice, scratch;
	struct settled settled;
	struct detection d;
};

/* ---- read.c ---- */

/* Open for reading; returns -1 after a message. */
int run_open(struct run *r, const char *name);
/* Read all operands, or standard input; messages and status go to r. */
void run_read(struct run *r, char *const files[]);

/* ---- folder.c ---- */

bool run_is_folder(struct run *r, const char *name);
/* Read all files below a folder, at any depth, in the order of their names. */
void run_folder(struct run *r, const char *folder, void (*read)(struct run *r, const char *path));
/* Is the current input a file of a folder, and binary? */
bool run_is_binary(struct run *r);
/* Count a file of the folder that is not read; path lives as long as the run. */
void run_skip(struct run *r, const char *path, enum skipped why);

/* ---- select.c ---- */

/*
 * With --select, print the value that was just read, if it yielded records
 * (there were `before` before it), or if keep is set; with --key, if its
 * records have several keys, only the part for each key.  Returns NULL, or why
 * it cannot be printed, a constant message.
 */
const char *run_select(struct run *r, struct str line, uint64_t before, bool keep);

/* ---- judge.c ---- */

/* The clock's time, ns since 1970. */
int64_t run_clock(void);
/* Settle the records, which are sorted, and add their verdicts; m holds scratch
 * data for them. */
void run_judge(struct run *r, struct judgement *j, struct follow *follow, struct mem *m);
void judgement_free(struct judgement *j);
/* Print a verdict; ctx is the run. */
void run_put(void *ctx, const struct verdict *v);
/* Print the verdicts that have become final before `to`, in the order in which they
 * did; record when the next one will.  INT64_MAX is the end of the input, which makes
 * all verdicts final. */
void run_put_final(struct run *r, int64_t to);
/* With --follow: run_tick before a value is read: time passes; run_follow after
 * it, when its records were added: prints the verdicts that are final now. */
void run_tick(struct run *r);
void run_follow(struct run *r);
/* The first record that is dropped because of its time is reported immediately,
 * with its line; their number at the end. */
void run_left_out(struct run *r, struct str name, uint64_t line);
void run_left_out_total(struct run *r);
/* Before a read: with live records, time passes even without input. */
void run_wait(struct run *r);

/* ---- unread.c ---- */

/* Call once, when options are set. */
void run_claims(struct run *r);
/* Number of records read so far, kept or not. */
uint64_t run_records(const struct run *r);
/* Does a line without a record contain a claim that is not quoted?  If so, it
 * is counted. */
bool run_unread(struct run *r, struct str name, struct str text, uint64_t line);
/* The same for a line of text; quoted claims are counted separately. */
bool run_unread_line(struct run *r, struct str name, struct str text, uint64_t line);
/* Notices: on the current operand; on all operands. */
void run_unread_total(struct run *r, struct str name);
void run_uncounted_total(struct run *r);
void run_quoted_total(struct run *r);
/* For --explain: a line on quoted claims, if there are any. */
void run_quoted_explain(struct run *r, struct buf *b);

/* ---- answers.c ---- */

/* After a value with records, or the last part of a document that had some:
 * does it show that the answer is incomplete?  whole: the value is not part of
 * a document. */
void run_answer(struct run *r, struct str name, uint64_t line, bool whole);
/* Call at the end of an operand. */
void run_answers_end(struct run *r, struct str name);
/* Print a notice on all operands. */
void run_pages_total(struct run *r);

/* ---- stats.c ---- */

/* "records":{"xid":{"count":…,"first":…,"last":…},…} */
void run_coverage(struct run *r, struct buf *b);
/* --stats of a run that began at a time of the monotonic clock. */
void run_stats(struct run *r, int64_t began);

#endif
