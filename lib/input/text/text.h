/*
 * text - the table of text readers.  A text reader knows one family of lines
 * that programs write to their logs, and turns them into records; whatever
 * carries the lines (a journal, an OTLP body, any JSON string) hands the
 * message to all of them here.  A new text reader is one file and one name in
 * TEXT_READERS.
 * Layer text: includes event.
 */
#ifndef TEXT_H
#define TEXT_H

#include "base/sift.h"
#include "event/event.h"
#include "input/text/ras.h"
#include "input/text/stamps.h"

/* What a record does not state itself, from around it. Views; any may be unset. */
struct origin {
	int64_t t;
	struct str node, uid, boot, ns; /* ns: of a pod */
	struct str pod; /* whose container wrote it, */
	struct str job; /* and of which job, by its labels */
	uint32_t rank;  /* 1 + the rank that wrote the lines; 0: unknown */
	bool rank_of_file; /* the name of the file says so, */
	bool rank_local;   /* and may have a number among the ranks of its host */
	bool program; /* the log names another program than the kernel as author */
	/* t and node are the emitter's or Kubernetes' word; else they are a
	 * collector's, and the line's own stamp and header win */
	bool own_time, own_node;
	bool concluded; /* a node's condition or Event repeats the line */
};
#define NO_ORIGIN ((struct origin){.t = NO_TIME})

/* When and where a line was written, that says t and host itself or not. */
static inline int64_t
origin_time(const struct origin *o, int64_t t)
{
	return o->t == NO_TIME || (t != NO_TIME && !o->own_time) ? t : o->t;
}

static inline struct str
origin_node(const struct origin *o, struct str host)
{
	return o->node.n == 0 || (host.n && !o->own_node) ? host : o->node;
}

/* A message being read by one reader. */
struct text {
	struct str rest;        /* of the message: what is left to read */
	struct events *ev;      /* where records go; NULL: only look */
	const struct origin *o; /* NULL when ev is */
	struct pci named;       /* the device that earlier lines of the message named */
	struct ras_report ras;  /* the communicator that they were about */
	struct stamped *known;  /* stamps of a line, for all readers */
};

/*
 * Read the next line of its family in t->rest, which keeps what follows the
 * line, and add its records to t->ev.  False when there is none left.
 */
typedef bool text_next(struct text *t);

struct text_reader {
	text_next *next;
	unsigned gives;             /* kinds of records, bit by enum event_kind */
	const struct word *words;   /* one of them is in each line that gives the kind */
	const struct word *claims;  /* only a line to be read has one; each contains a word */
};

/* Every text reader, in the order in which messages are handed to them. */
#define TEXT_READERS(READER) READER(kernel) READER(aer) READER(watchdog) READER(ras) READER(where) READER(sign) \
	READER(kubelog)
#define TEXT_DECLARE(name) extern const struct text_reader name##_text;
TEXT_READERS(TEXT_DECLARE)

/* The same as a list, ended by NULL. */
extern const struct text_reader *const text_readers[];

/* The words of all text readers, and of each word the readers, bit by bit. */
struct text_words {
	struct sift sift;
	unsigned short readers[SIFT_WORDS];
};

/* To be ev->words: a reader need not look at messages that have none of its words. */
void text_words_init(struct text_words *w);

/* Does a message hold a line that gives records which ev keeps? */
bool text_has(const struct events *ev, struct str message);
/* Add the records of a message to ev; *named is the device that was named by
 * what came before in it, and after; *known the stamps of its first line, if any
 * are known. */
void text_go_on(struct events *ev, struct str message, const struct origin *o, struct pci *named, struct stamped *known);
/* The same of a message from its beginning. */
void text_read(struct events *ev, struct str message, const struct origin *o);

#endif
