/*
 * text - the table of text readers.  A text reader recognizes one family of
 * lines that programs write to logs, and converts them to records; whatever
 * contains the lines (a journal entry, an OTLP body, any JSON string) passes
 * the message to all of them here.  A new text reader is one file and one name
 * in TEXT_READERS.
 * Layer text: includes event.
 */
#ifndef TEXT_H
#define TEXT_H

#include "base/sift.h"
#include "event/event.h"
#include "input/text/ras.h"
#include "input/text/stamps.h"

/* Context of a record, used where it has no value of its own.  Views; any may
 * be unset. */
struct origin {
	int64_t t;
	struct str node, uid, boot, ns; /* ns: of a pod */
	struct str pod; /* pod that wrote it */
	struct str job; /* its job, from its labels */
	uint32_t rank;  /* 1 + the rank that wrote the lines; 0: unknown */
	bool rank_of_file; /* rank is from the name of the file */
	bool rank_local;   /* rank may be local to its host */
	bool program; /* according to the log, written by a program other than the kernel */
	/* t and node are from the emitter or Kubernetes; otherwise from a
	 * collector, and the line's own stamp and header win */
	bool own_time, own_node;
	bool concluded; /* a node's condition or Event repeats the line */
};
#define NO_ORIGIN ((struct origin){.t = NO_TIME})

/* Time and host of a line, from the line itself or from its origin. */
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

/* A message that is being read by one reader. */
struct text {
	struct str rest;        /* remainder of the message */
	struct events *ev;      /* receives records; NULL: only look */
	const struct origin *o; /* NULL if ev is */
	struct pci named;       /* device named in earlier lines of the message */
	struct ras_report ras;  /* communicator of earlier lines */
	struct stamped *known;  /* stamps of a line, shared by all readers */
};

/*
 * Read the next line of its family in t->rest, which keeps the text after the
 * line, and add its records to t->ev.  False if there is none.
 */
typedef bool text_next(struct text *t);

struct text_reader {
	text_next *next;
	unsigned gives;             /* kinds of records: bits, 1 << enum event_kind */
	const struct word *words;   /* each line that yields the kind contains one of them */
	const struct word *claims;  /* strings only in lines to be read; each contains a word */
};

/* All text readers, in the order in which they get messages. */
#define TEXT_READERS(READER) READER(kernel) READER(aer) READER(watchdog) READER(ras) READER(where) READER(sign) \
	READER(kubelog)
#define TEXT_DECLARE(name) extern const struct text_reader name##_text;
TEXT_READERS(TEXT_DECLARE)

/* The same as a list, ended by NULL. */
extern const struct text_reader *const text_readers[];

/* The words of all text readers, and for each word the readers, as bits. */
struct text_words {
	struct sift sift;
	unsigned short readers[SIFT_WORDS];
};

/* For ev->words, of events that want these kinds (bits): readers skip messages that
 * contain none of their words. */
void text_words_init(struct text_words *w, unsigned wants);

/* Does a message contain a line that yields records which ev keeps? */
bool text_has(const struct events *ev, struct str message);
/* Add the records of a message to ev. *named: the device named so far, updated;
 * *known: cached stamps of its first line, if any. */
void text_go_on(struct events *ev, struct str message, const struct origin *o, struct pci *named, struct stamped *known);
/* The same for a complete message. */
void text_read(struct events *ev, struct str message, const struct origin *o);

#endif
