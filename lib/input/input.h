/*
 * input - from one JSON value to typed records.  A value's dialect is told by
 * its shape; lists, watch envelopes and search hits are opened and each thing
 * inside is read on its own.  What no dialect knows is searched for kernel
 * lines (envelope).  A new dialect is one file and one row in input.c's table.
 * Layer input: includes everything of its layer.
 */
#ifndef INPUT_H
#define INPUT_H

#include "event/event.h"
#include "input/sift.h"
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
	struct str reasons; /* pod losses, comma list; empty: the usual ones */

	struct str file;    /* the operand's name, as given, or none; */
	int64_t written;    /* when the operand was last changed, or 0 */
	int64_t rank;       /* out: the rank that only the file's name told of
	                     * the last value, or -1 */
	const char *why;    /* out: why the last value could not be used, a
	                     * constant message, or NULL */
	bool by_text;       /* out: a dialect looked at text to tell whether the
	                     * value is one of its own */

	const struct sift *screen; /* words that matter: JSON in a string that
	                            * has one is read, too; NULL: none is */

	struct json json;   /* the value at hand, and */
	struct json inner;  /* the one in its string, and */
	struct mem mem;     /* what lives as long as they */
	struct {              /* of the shape of the value at hand (json.h), from values before it: */
		uint64_t shape;
		size_t dialect; /* those before this one take no such value; */
		size_t kind;    /* as a flat record its kind, from 1; 0: not known */
		bool entry;     /* as a flight recorder's entry, */
		int field[16];  /* where its fields are */
	} known;
	struct origin base; /* for things inside an OTLP record */
	int64_t observed;   /* when that was observed, or NO_TIME */
	struct {               /* envelope's: what the last line stood in, */
		int at;        /* outside in, by token, */
		struct origin o; /* and what that says */
	} path[2 * (JSON_DEPTH + 1)];
	size_t npath, outer; /* outer: those of the value around the inner one */
	bool inside;         /* the inner one is being read */
	struct reader_asked asked[2]; /* the OTLP resource at hand: of the value, of the inner one */
};

/* Read one value; text is JSON (json_scan said so). */
void reader_read(struct reader *r, struct str text);
/* The same of a value whose tokens r->json has already. */
void reader_take(struct reader *r, struct str text);
void reader_free(struct reader *r);

/*
 * A dialect: recognises a value and reads it, or returns false and touches
 * nothing.  The value's shape tells which, or else it sets by_text.
 */
typedef bool dialect_read(struct reader *r, struct value v);
dialect_read otlp_read, measurements_read, prometheus_read, flightrec_read, kubernetes_read, journald_read, dmesg_read, flat_read,
	envelope_read;

/* What a line is in the text format that exporters expose to Prometheus. */
enum exposition { EXPOSITION_NOT, EXPOSITION_COMMENT, EXPOSITION_SAMPLE };
/* Tell, and with add keep what a sample measures. Not during reader_read. */
enum exposition exposition_read(struct reader *r, struct str line, bool add);

/* Is v all of the value at hand, and may something be known of such? */
static inline bool
reader_knows(const struct reader *r, struct value v)
{
	return v.j == &r->json && v.at == 0 && r->known.shape;
}

/*
 * What is read from here on is told by v and what is around it; of the arrays
 * that v stands in, other elements do not matter.  Where no dialect says more,
 * that is the whole value of its own (reader_value).
 */
static inline void
reader_at(struct reader *r, struct value v)
{
	if (v.j == &r->json)
		r->ev->trail.at = (uint32_t)v.at;
}

/* Read whatever v is: used by dialects that carry others. */
void reader_value(struct reader *r, struct value v);

/* ---- for dialects ---- */

/* Text of the first of "a/b|c|d" that is there and not empty. */
struct str reader_text(struct reader *r, struct value v, struct str paths);
/* Time of the first of them that is one (time_guess); NO_TIME if none. */
int64_t reader_time(struct reader *r, struct value v, struct str paths);
/* Read the JSON object that a string is, if it is one that may matter; what it
 * does not say itself is as in o.  Strings in it are only strings. */
bool reader_inner(struct reader *r, struct value string, const struct origin *o);
/* Add the records of a message: of all lines in it that a text reader knows. */
static inline void
reader_message(struct reader *r, struct str message, const struct origin *o)
{
	text_read(r->ev, message, o);
}
/* Add a sample, and what it tells of which GPU is which. Without any
 * identity of a GPU, nothing. */
void reader_sample(struct reader *r, const struct sample *s);
/* An attribute of an OTLP resource, and its text (id_cut); text may be NULL. */
struct value reader_resource(struct reader *r, struct value resource, struct str name, struct str *text);
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

/*
 * A flat record at hand.  One with several gate attributes is of the kind
 * that comes first in flat.c's table.
 */
struct flat {
	struct reader *r;
	struct value attrs, resource; /* resource: of its OTLP resource, or not ok */
	struct str body;              /* text and time that stand beside them */
	int64_t t;
};
typedef void flat_read_kind(const struct flat *f);

flat_read_kind flightrec_flat;

/* An attribute's text; the record's own, and else its resource's. */
struct str flat_get(const struct flat *f, struct str name);
struct str flat_scoped(const struct flat *f, struct str name);
/* `time` is RFC 3339 or epoch ns; then what stands beside; else NO_TIME. */
int64_t flat_time(const struct flat *f);
/* k8s.node.name, else host.name; may be empty. */
struct str flat_node(const struct flat *f);
/* gpu.id, an address or a UUID, and gpu.uuid; *gpu is left alone if neither. */
void flat_gpu(const struct flat *f, struct pci *gpu, struct str *uuid);
/* Time, node and uid of the record. */
struct event flat_header(const struct flat *f, struct str node, struct str uid);

/* A flat record: attributes, those of its OTLP resource (or not ok), and the
 * text and time that stand beside them. False if it has no gate attribute. */
bool flat_record(struct reader *r, struct value attrs, struct value resource, struct str body, int64_t t);

/* What an Event about a pod says, in any dialect. Empty: not said. */
struct pod_event {
	struct str reason, note;
	struct str name, ns, pod_uid;
	struct str uid;      /* of the Event */
	struct str node;
	int64_t first, last; /* when it happened first and last; or NO_TIME */
	struct str offenders; /* annotations (input/eviction.h) */
	bool foreign;         /* somebody other than the kubelet said it */
};
/* Add the losses, cancellations and placements that it tells. */
void pod_event_add(struct reader *r, const struct pod_event *p);
/* The same of an Event about the node p->node: the transition that it tells. */
void node_event_add(struct reader *r, const struct pod_event *p);
/* Is this the reason of such an Event? */
bool is_node_event(struct str reason);
/* A node's condition, in any dialect: status is a word, True or False. */
struct node_condition {
	struct str type, status, note, uid;
	uint32_t node;
	int64_t t; /* of its last transition */
};
void node_condition_add(struct reader *r, const struct node_condition *c);

/* Members that usually name the node or the time of a log record. */
extern const struct str usual_nodes, usual_times;

/* ---- the screen's words of each dialect, ended by "no string" ---- */
extern const struct str flat_words[], kubernetes_words[], pressure_words[], envelope_words[], flightrec_words[];

#endif
