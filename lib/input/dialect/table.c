#include <string.h>

#include "input/dialect/dialect.h"
#include "input/foreign.h"

#define DIALECT_ADDRESS(name) &name##_dialect,
const struct dialect *const dialects[] = {DIALECTS(DIALECT_ADDRESS) NULL};

/* Wrappers to be opened: around a list or a single value. */
static const struct {
	struct str path;
	struct str sibling; /* a member that must also be present, or empty */
	bool frames;       /* the wrapper has time and node */
} wrappers[] = {
	{STR_INIT("items"), STR_INIT(""), false},            /* Kubernetes List */
	{STR_INIT("object"), STR_INIT("type"), false},       /* Kubernetes watch */
	{STR_INIT("event"), STR_INIT("verb"), false},        /* heptio eventrouter */
	{STR_INIT("responseObject"), STR_INIT("verb"), false}, /* Kubernetes audit */
	{STR_INIT("requestObject"), STR_INIT("verb"), false},
	{STR_INIT("kubernetes/event"), STR_INIT(""), false}, /* metricbeat */
	{STR_INIT("dmesg"), STR_INIT(""), false},            /* util-linux dmesg --json */
	{STR_INIT("_source"), STR_INIT(""), false},          /* Elasticsearch hit */
	{STR_INIT("fields"), STR_INIT("_index"), false},     /* the same without its source */
	{STR_INIT("hits/hits"), STR_INIT(""), false},        /* Elasticsearch response */
	{STR_INIT("events"), STR_INIT(""), false},           /* tools that list events */
	{STR_INIT("jsonPayload"), STR_INIT("logName"), true}, /* Google Cloud Logging */
	{STR_INIT("event"), STR_INIT("sourcetype"), true},  /* Splunk's HTTP event collector */
	{STR_INIT("data"), STR_INIT("specversion"), true},  /* CloudEvents */
	{STR_INIT("data"), STR_INIT("cloudEventsVersion"), true}, /* Oracle's audit */
	{STR_INIT("logContent"), STR_INIT("datetime"), true}, /* Oracle's log search */
	{STR_INIT("gpus"), STR_INIT("query_time"), true},    /* gpustat --json */
	{STR_INIT("tables"), STR_INIT(""), false},           /* Azure Monitor */
	{STR_INIT("timeSeries"), STR_INIT(""), false},       /* Google's Cloud Monitoring */
};

static bool
has_word(const struct str *word, size_t n, struct str text)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(word[i], text))
			return true;
	return false;
}

/* Add a word, unless it is already present. */
static size_t
add_word(struct str text, struct str *word, size_t n, size_t max)
{
	if (n < max && !has_word(word, n, text))
		word[n++] = text;
	return n;
}

/* Add the words of a list that yield wanted kinds. */
static size_t
add_words(const struct word *list, unsigned wants, struct str *word, size_t n, size_t max)
{
	for (; list && list->gives; list++)
		if (list->gives & wants)
			n = add_word(list->text, word, n, max);
	return n;
}

size_t
dialect_words(unsigned wants, struct str *word, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; dialects[i]; i++)
		n = add_words(dialects[i]->words, wants, word, n, max);
	for (size_t i = 0; text_readers[i]; i++)
		n = add_words(text_readers[i]->words, wants, word, n, max);
	for (const struct foreign *f = foreigns; f->mark.n; f++)
		if (f->gives & wants && f->where != FOREIGN_IN_FIRST)
			n = add_word(f->mark, word, n, max);
	return n;
}

size_t
dialect_claims(unsigned wants, struct str *claim, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; dialects[i]; i++)
		n = add_words(dialects[i]->claims, wants, claim, n, max);
	for (size_t i = 0; text_readers[i]; i++)
		n = add_words(text_readers[i]->claims, wants, claim, n, max);
	return n;
}

/* The kinds of records that a word of a list yields. */
static unsigned
given_by(const struct word *list, struct str word)
{
	unsigned gives = 0;

	for (; list && list->gives; list++)
		if (str_eq(list->text, word))
			gives |= list->gives;
	return gives;
}

unsigned
dialect_claimed(struct str claim)
{
	unsigned gives = 0;

	for (size_t i = 0; dialects[i]; i++)
		gives |= given_by(dialects[i]->claims, claim);
	for (size_t i = 0; text_readers[i]; i++)
		gives |= given_by(text_readers[i]->claims, claim);
	return gives;
}

/* The value that v wraps, or one that is not ok; *base: its origin according to v. */
static struct value
unwrap(struct reader *r, struct value v, struct origin *base)
{
	struct value in;

	for (size_t i = 0; i < NELEM(wrappers); i++) {
		if (wrappers[i].sibling.n && !value_ok(value_get(v, wrappers[i].sibling)))
			continue;
		in = value_at(v, wrappers[i].path);
		if (!value_is_object(in) && !value_is_array(in))
			continue;
		if (base && wrappers[i].frames)
			envelope_learn(r, v, base);
		return in;
	}
	in.at = -1;
	return in;
}

/*
 * May dialect i accept v, by its shape?  Cached for values of v's shape if no earlier
 * dialect may.
 */
static bool
may_take(struct reader *r, size_t i, struct value v, bool known)
{
	bool may;

	known = known && i == r->known.dialect;
	if (known && r->known.takes)
		return true;
	may = !dialects[i]->by_shape || dialects[i]->by_shape(v);
	if (known) {
		r->known.takes = may;
		r->known.dialect += !may;
	}
	return may;
}

/* Read v itself; false if it is to be opened instead. */
static bool
read_object(struct reader *r, struct value v)
{
	bool known = reader_knows(r, v);

	for (size_t i = known ? r->known.dialect : 0; dialects[i]; i++) {
		if (dialects[i] == &envelope_dialect && value_ok(unwrap(r, v, NULL)))
			return false;
		if (may_take(r, i, v, known) && dialects[i]->read(r, v))
			break;
	}
	return true;
}

/* Read any value v. */
static void
read_any(struct reader *r, struct value v)
{
	struct {
		struct value list, next;
		struct origin base;
	} stack[JSON_DEPTH + 1];
	size_t n = 0;

	for (;;) {
		while (value_ok(v)) {
			if (value_is_array(v)) {
				stack[n].base = r->base;
				stack[n].list = v;
				stack[n++].next = value_first(v);
				break; /* its elements follow */
			}
			reader_at(r, v);
			if (!value_is_object(v) || read_object(r, v))
				break;
			v = unwrap(r, v, &r->base);
		}
		while (n && !value_ok(stack[n - 1].next))
			n--;
		if (n == 0)
			return;
		r->base = stack[n - 1].base;
		v = stack[n - 1].next;
		stack[n - 1].next = value_next(stack[n - 1].list, v);
	}
}

void
reader_value_parsed(struct reader *r, struct str text)
{
	uint64_t by_file = r->ev->by_file;

	mem_reset(&r->mem);
	r->json.text = text;
	if (r->known.shape != r->json.shape) {
		memset(&r->known, 0, sizeof(r->known));
		r->known.shape = r->json.shape;
	}
	r->base = NO_ORIGIN;
	r->base.rank = r->named.rank_local ? 0 : r->named.rank;
	r->base.rank_of_file = r->base.rank;
	r->observed = NO_TIME;
	r->npath = 0;
	r->asked[false].at = r->asked[false].labels_at = r->dotted[false].at = -1;
	r->why = NULL;
	r->remark = (struct str){0};
	r->answered = false;
	r->rank = -1;
	r->needs_file = false;
	r->any = read_any;
	read_any(r, value_of(&r->json));
	if (r->ev->by_file > by_file)
		r->rank = (int64_t)r->named.rank - 1;
}

void
reader_value_text(struct reader *r, struct str text)
{
	const char *why = json_parse(&r->json, text);

	reader_value_parsed(r, text);
	r->why = why ? why : r->why;
}
