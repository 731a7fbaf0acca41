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
	unsigned color; /* 0: where the terminal is, 1: always, 2: never */
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
	struct sift *dumps; /* a document with one of these words is read in one piece; or NULL */
	struct stream stream;
	struct plain plain; /* lines of text */
	struct blocks blocks; /* records of several lines of text */
	struct csv csv; /* rows of a table in text */
	struct buf columns; /* names of columns, of a table whose rows are arrays of JSON */
	struct buf range; /* the series of promtool's lines "64 @[…]" */
	struct partials partials; /* lines that a container runtime split */
	struct {                 /* a block or a pickle, as JSON */
		struct buf json;
		struct mem mem;
	} pickle;
	struct buf way; /* of --key: tokens around a record */
	struct {              /* --follow: */
		int64_t now;  /* the newest time of the records, or the clock's, if live */
		int64_t due;  /* a verdict may be final then; NO_TIME: nothing is pending */
		bool live;    /* records arrive as they are made */
		int64_t ahead; /* with live: time minus CLOCK_MONOTONIC, ns, whatever the clock does */
		unsigned warned; /* bit by row of left_out (judge.c): a message was printed */
		uint64_t work; /* records judged, repeats included */
		struct mem mem;
	} follow;
	void *page; /* where the pattern's own formats write, or NULL */
	uint64_t printed; /* verdicts */
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
		struct sift *claims; /* of what the filter wants */
		uint64_t n, line;    /* of the current operand: number of lines; the first */
		struct str claim, how; /* the claim of the first; why it is not read, if known */
		uint64_t total;
		bool open, gave; /* inside a document; a part of it gave a record */
		bool foreign, any_foreign; /* the current operand, or any, is output of
		                            * another program (foreign.h) */
		struct str other;    /* name of such output, if the operand has nothing else */
		uint64_t other_line; /* the line where other begins */
		struct quoted {
			uint64_t n, line; /* lines of text that quote a claim; the first: */
			struct str claim, name;
		} quoted;
	} unread;
	struct answers {
		bool said;       /* a notice said that the current operand is incomplete */
		struct page {
			bool on; /* the last page of a list names another */
			struct str member, remedy; /* as in struct answer */
			char kind[64];
			size_t nkind;
			int64_t more;
			uint64_t line;
		} page, first;   /* of the current operand; of the first one that ends so */
		struct str name; /* name of the operand of first */
		uint64_t pages;  /* number of operands that end so */
		struct hits {    /* of search answers with one total: */
			int64_t total;
			uint64_t given, line; /* hits in the input; line of the first answer */
			struct str name; /* name of its operand */
		} hits[8];
	} answers;
};

/* One run of the pattern, and its explanations and notice. */
struct judgement {
	struct buf explain, notice, scratch;
	struct settled settled;
	struct detection d;
};

/* ---- read.c ---- */

/* Open for reading; -1 after a message. */
int run_open(struct run *r, const char *name);
/* Read all operands, or standard input; messages and status are r's. */
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
 * With --select, print the value that was just read, if it gave records since
 * there were `before`, or if keep is set; with --key, if its records have several
 * keys, the part that each key needs.  NULL, or why it cannot be printed, a constant
 * message.
 */
const char *run_select(struct run *r, struct str line, uint64_t before, bool keep);

/* ---- judge.c ---- */

/* The clock's time, ns since 1970. */
int64_t run_clock(void);
/* Settle the records, which are sorted, and add their verdicts; m holds what
 * they need. */
void run_judge(struct run *r, struct judgement *j, struct follow *follow, struct mem *m);
void judgement_free(struct judgement *j);
/* Print a verdict; ctx is the run. */
void run_put(void *ctx, const struct verdict *v);
/* Print the verdicts that have become final before `to`, in the order in which they
 * did; record when the next one will.  INT64_MAX is the end of the input, which makes
 * all verdicts final. */
void run_put_final(struct run *r, int64_t to);
/* With --follow: before a value is read, time passes; after it, records were
 * added: print what is final by now. */
void run_tick(struct run *r);
void run_follow(struct run *r);
/* The first record that is left out for its time is reported when it comes,
 * with its line; their number at the end. */
void run_left_out(struct run *r, struct str name, uint64_t line);
void run_left_out_total(struct run *r);
/* Before a read: if records come as they are made, time passes without any. */
void run_wait(struct run *r);

/* ---- unread.c ---- */

/* Once, when options are set. */
void run_claims(struct run *r);
/* Number of records read so far, kept or not. */
uint64_t run_records(const struct run *r);
/* Does a line without a record hold a claim that is no quote?  Then it is
 * counted. */
bool run_unread(struct run *r, struct str name, struct str text, uint64_t line);
/* The same of a line of text; quotes of a claim are counted separately. */
bool run_unread_line(struct run *r, struct str name, struct str text, uint64_t line);
/* Notices: on the current operand; on all. */
void run_unread_total(struct run *r, struct str name);
void run_uncounted_total(struct run *r);
void run_quoted_total(struct run *r);
/* Of --explain: a line on the quotes, if there are any. */
void run_quoted_explain(struct run *r, struct buf *b);

/* ---- answers.c ---- */

/* After a value with records, or the last part of a document that had some: does
 * it say that it is incomplete?  whole: it is no document's part. */
void run_answer(struct run *r, struct str name, uint64_t line, bool whole);
/* At the end of an operand. */
void run_answers_end(struct run *r, struct str name);
/* A notice, on all operands. */
void run_pages_total(struct run *r);

/* ---- stats.c ---- */

/* "records":{"xid":{"count":…,"first":…,"last":…},…} */
void run_coverage(struct run *r, struct buf *b);
/* --stats, of a run that began then, on the monotonic clock. */
void run_stats(struct run *r, int64_t began);

#endif
