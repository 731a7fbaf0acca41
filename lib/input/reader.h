/*
 * reader - services for dialects: the current value and its surroundings, look-up of
 * texts and times under their usual names, JSON within strings.  It calls no dialect:
 * dialect/table.c passes values to them.
 * Layer input: includes event, json, plain, sift, text.
 */
#ifndef READER_H
#define READER_H

#include "base/sift.h"
#include "event/event.h"
#include "input/plain.h"
#include "input/text/text.h"
#include "json/value.h"

/* A cache of an OTLP resource's attributes, which many records look up. */
struct reader_asked {
	int at;        /* its token */
	size_t n;
	struct str name[32], text[32];
	struct value v[32];
	int labels_at; /* token of the resource that labels are from */
	void *labels;  /* a struct series */
};

struct reader {
	struct events *ev;
	int64_t boot_time;  /* start of dmesg's seconds; NO_TIME: unknown */
	int64_t scrape_time; /* of measurements without a time, or NO_TIME */

	struct str file;    /* the operand's name, as given; empty: standard input */
	struct origin named; /* origin of log lines according to that name */
	int64_t written;    /* when the operand was last changed, or 0 */
	int64_t rank;       /* out: the rank of the last value if only the file's
	                     * name has it, or -1 */
	bool needs_file;    /* out: the last value names no host, so that its file's name counts */
	const char *why;    /* out: why the last value could not be used, a
	                     * message that lives as long as it, or NULL */
	size_t open;        /* brackets that were added to close the value: it is a part of
	                     * a document; 0: it is complete */
	bool part;          /* out: it is a part of a flight recorder's dump, and does not say so */
	struct str remark;  /* out: a notice about it with the same lifetime, or empty */
	bool answered;      /* out: that it yields no record is correct, despite its
	                     * claims: a quoted line, a measurement without a value */

	const struct sift *screen; /* strings with JSON and one of these words are
	                            * read, too; NULL: none */
	void (*any)(struct reader *r, struct value v); /* passes v to the dialects */

	struct plain *plain; /* dates messages that have only stamps; or NULL */

	struct json json;   /* the current value */
	struct json inner;  /* the JSON in one of its strings */
	struct mem mem;     /* scratch with the lifetime of the current value */
	struct {              /* cached for the shape of the current value (json.h) */
		uint64_t shape;
		size_t dialect; /* for table.c: earlier dialects reject this shape */
		bool takes;     /* whether this dialect may accept it */
		uint32_t named; /* for answer.c: rows whose members it has */
		bool fine;      /* for answer.c: it has no member of an error */
		size_t kind;    /* for flat.c: the record's kind, from 1; 0: unknown */
		bool entry;     /* for flightrec_entry.c: the value is an entry */
		int field[16];  /* for flightrec_entry.c: the places of its fields */
	} known;
	struct origin base; /* for values inside an OTLP record */
	int64_t observed;   /* when that record was observed, or NO_TIME */
	struct {               /* for envelope.c: objects around the last line, outermost first */
		int at;        /* its token */
		struct origin o; /* origin according to it */
		bool hosts;      /* its members' names are hosts */
	} path[2 * (JSON_DEPTH + 1)];
	size_t npath, outer; /* outer: number of those outside the inner value */
	bool inside;         /* the inner one is being read */
	struct {                /* cached for one object of the value, of the inner one */
		int at;  /* token of the object, or -1 */
		bool is; /* names of its members contain dots */
	} dotted[2];
	struct reader_asked asked[2]; /* for the value; for the inner one */
};

void reader_free(struct reader *r);

/* Is v the whole current value, and is something cached for its shape? */
static inline bool
reader_knows(const struct reader *r, struct value v)
{
	return v.j == &r->json && v.at == 0 && r->known.shape;
}

/*
 * Records read from here on depend on v and the values around it, but not on other
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
/* Is a text a time (time_guess), not from an unset clock? */
bool reader_is_time(struct str text, int64_t *t);
/* Time of the first path that has one, or NO_TIME. */
int64_t reader_time(struct reader *r, struct value v, struct str paths);
/* Read the JSON object in a string, if it may be relevant; o supplies what it lacks.
 * Objects in its own strings are read as objects. */
bool reader_inner(struct reader *r, struct value string, const struct origin *o);
/* The same for the text of an object. */
bool reader_object(struct reader *r, struct str text, const struct origin *o);
/* Add the records of all lines in a message that a text reader recognizes. */
static inline void
reader_message(struct reader *r, struct str message, const struct origin *o)
{
	r->answered |= o->program;
	if (r->plain && (o->t == NO_TIME || plain_dates(r->plain, message, o)))
		plain_message(r->plain, r->ev, message, o);
	else
		text_read(r->ev, message, o);
}
/* An attribute of an OTLP resource, and its text (id_cut); text may be NULL. */
struct value reader_resource(struct reader *r, struct value resource, struct str name, struct str *text);
/* Concatenation of a and the significant part of b (id_cut), followed by a NUL that is
 * not counted. */
struct str reader_joined(struct reader *r, struct str a, struct str b);
/* An interned string. */
uint32_t reader_name(struct reader *r, struct str s);
/* An interned identity (events_id). */
static inline uint32_t
reader_id(struct reader *r, struct str s)
{
	return events_id(r->ev, s);
}
/* A text for display (events_note). */
static inline uint32_t
reader_note(struct reader *r, struct str s)
{
	return events_note(r->ev, s);
}

/* Members that usually contain the node or time of a log record; kube_nodes: those with
 * Kubernetes' node name, not that of a relaying host. */
extern const struct str usual_nodes, usual_times, kube_nodes;

/* Does v contain, under any shipper's name for it, whether a program other than the
 * kernel wrote the line?  *program: it did. */
bool reader_program(struct reader *r, struct value v, bool *program);

#endif
