/*
 * reader - what dialects read with: the value at hand and what stands around
 * it, look-up of texts and times under their usual names, JSON within strings.
 * It calls no dialect: dialect/table.c, which calls all, hands values to them.
 * Layer input: includes event, json, plain, sift, text.
 */
#ifndef READER_H
#define READER_H

#include "base/sift.h"
#include "event/event.h"
#include "input/plain.h"
#include "input/text/text.h"
#include "json/value.h"

/* What an OTLP resource was asked, and said: many records look there. */
struct reader_asked {
	int at;        /* its token */
	size_t n;
	struct str name[32], text[32];
	struct value v[32];
	int labels_at; /* the same of all its labels */
	void *labels;  /* a struct series */
};

struct reader {
	struct events *ev;
	int64_t boot_time;  /* what dmesg's seconds count from; NO_TIME: unknown */
	int64_t scrape_time; /* of measurements that carry none, or NO_TIME */

	struct str file;    /* the operand's name, as given; empty: standard input */
	struct origin named; /* what that name says of lines of a log */
	int64_t written;    /* when the operand was last changed, or 0 */
	int64_t rank;       /* out: the rank of the last value if only the file's
	                     * name has it, or -1 */
	const char *why;    /* out: why the last value could not be used, a
	                     * message that lives as long as it, or NULL */
	struct str remark;  /* out: a notice about it, that lives as long, or empty */
	bool answered;      /* out: no record of it is missed, whatever it claims:
	                     * others' words, a measurement without a value */

	const struct sift *screen; /* JSON in a string that has one of its words
	                            * is read, too; NULL: none is */
	void (*any)(struct reader *r, struct value v); /* hands v to the dialects */

	struct plain *plain; /* dates messages that have only their stamps; or NULL */

	struct json json;   /* the current value */
	struct json inner;  /* the JSON in one of its strings */
	struct mem mem;     /* scratch with the lifetime of the current value */
	struct {              /* cached for the shape of the current value (json.h) */
		uint64_t shape;
		size_t dialect; /* for table.c: earlier dialects reject this shape */
		bool takes;     /* whether this dialect may accept it */
		uint32_t named; /* for answer.c: its rows for what it has, */
		bool fine;      /* and it has no member by which errors are known */
		size_t kind;    /* for flat.c: the record's kind, from 1; 0: unknown */
		bool entry;     /* for flightrec_entry.c: the value is an entry */
		int field[16];  /* for flightrec_entry.c: the places of its fields */
	} known;
	struct origin base; /* for things inside an OTLP record */
	int64_t observed;   /* when that was observed, or NO_TIME */
	struct {               /* for envelope.c: what the last line stood in, */
		int at;        /* outside in, by token, */
		struct origin o; /* and what that says; */
		bool hosts;      /* its members have the names of hosts */
	} path[2 * (JSON_DEPTH + 1)];
	size_t npath, outer; /* outer: those of the value around the inner one */
	bool inside;         /* the inner one is being read */
	struct {
		int at;  /* an object that was last asked whether members have dots in */
		bool is; /* their names; -1: none was; of the value, of the inner one */
	} dotted[2];
	struct reader_asked asked[2]; /* the OTLP resource at hand: of the value, of the inner one */
};

void reader_free(struct reader *r);

/* Is v the whole current value, and is something cached for its shape? */
static inline bool
reader_knows(const struct reader *r, struct value v)
{
	return v.j == &r->json && v.at == 0 && r->known.shape;
}

/*
 * Records read from here on depend on v and what is around it, but not on other
 * elements of the arrays that contain v.  Unless a dialect calls this, they depend
 * on the whole value (table.c).
 */
static inline void
reader_at(struct reader *r, struct value v)
{
	if (v.j == &r->json)
		r->ev->trail.at = (uint32_t)v.at;
}

/* ---- for dialects ---- */

/* Text of the first non-empty path in "a/b|c|d". */
struct str reader_text(struct reader *r, struct value v, struct str paths);
/* Is a text a time (time_guess) of a clock that was set? */
bool reader_is_time(struct str text, int64_t *t);
/* Time of the first of them that is one; NO_TIME if none. */
int64_t reader_time(struct reader *r, struct value v, struct str paths);
/* Read the JSON object that a string is, if it is one that may matter; what it
 * does not say itself is as in o.  Objects in its strings are objects. */
bool reader_inner(struct reader *r, struct value string, const struct origin *o);
/* The same of the text of an object. */
bool reader_object(struct reader *r, struct str text, const struct origin *o);
/* Add the records of a message: of all lines in it that a text reader knows. */
static inline void
reader_message(struct reader *r, struct str message, const struct origin *o)
{
	r->answered |= o->program;
	if (o->t == NO_TIME && r->plain)
		plain_message(r->plain, r->ev, message, o);
	else
		text_read(r->ev, message, o);
}
/* An attribute of an OTLP resource, and its text (id_cut); text may be NULL. */
struct value reader_resource(struct reader *r, struct value resource, struct str name, struct str *text);
/* Both as one text, of the second what counts (id_cut); a NUL ends it that is not
 * part of it. */
struct str reader_joined(struct reader *r, struct str a, struct str b);
/* An interned string. */
uint32_t reader_name(struct reader *r, struct str s);
/* An interned identity (events_id). */
static inline uint32_t
reader_id(struct reader *r, struct str s)
{
	return events_id(r->ev, s);
}
/* A text to be shown (events_note). */
static inline uint32_t
reader_note(struct reader *r, struct str s)
{
	return events_note(r->ev, s);
}

/* Members that usually name the node or the time of a log record; kube_nodes:
 * those that have Kubernetes' name of it, not a host's that may have relayed it. */
extern const struct str usual_nodes, usual_times, kube_nodes;

/* Does v say whether another program than the kernel wrote the line, by any
 * shipper's name for that? */
bool reader_program(struct reader *r, struct value v, bool *program);

#endif
