#include "input/answer.h"

#define PAGES STR_INIT("fetch the rest, unless it is here")
#define AGAIN STR_INIT("repeat the query, for a shorter time if need be")

static const struct row {
	struct str member; /* a path */
	struct str sibling; /* a member that must also be present, or empty */
	struct str says;   /* list of its texts; empty: anything but false and 0 */
	struct str remedy;
	bool page;
} rows[] = {
	{STR_INIT("metadata/continue"), STR_INIT("kind"), STR_INIT(""), STR_INIT("use kubectl get -o json, which fetches all"), true},
	{STR_INIT("nextToken"), STR_INIT(""), STR_INIT(""), PAGES, true},
	{STR_INIT("NextToken"), STR_INIT(""), STR_INIT(""), PAGES, true},
	{STR_INIT("nextPageToken"), STR_INIT(""), STR_INIT(""), PAGES, true},
	{STR_INIT("nextLink"), STR_INIT(""), STR_INIT(""), PAGES, true},
	{STR_INIT("@odata.nextLink"), STR_INIT(""), STR_INIT(""), PAGES, true},
	{STR_INIT("nextUri"), STR_INIT(""), STR_INIT(""), PAGES, true},
	{STR_INIT("meta/page/after"), STR_INIT("data"), STR_INIT(""), PAGES, true},
	{STR_INIT("truncated"), STR_INIT(""), STR_INIT("true"), AGAIN, false},
	{STR_INIT("isTruncated"), STR_INIT(""), STR_INIT("true"), AGAIN, false},
	{STR_INIT("IsTruncated"), STR_INIT(""), STR_INIT("true"), AGAIN, false},
	{STR_INIT("timed_out"), STR_INIT(""), STR_INIT("true"), AGAIN, false},
	{STR_INIT("terminated_early"), STR_INIT(""), STR_INIT("true"), STR_INIT("repeat the query without terminate_after"), false},
	{STR_INIT("_shards/failed"), STR_INIT(""), STR_INIT(""), AGAIN, false},
	{STR_INIT("_clusters/skipped"), STR_INIT(""), STR_INIT(""), AGAIN, false},
	{STR_INIT("_clusters/failed"), STR_INIT(""), STR_INIT(""), AGAIN, false},
	{STR_INIT("is_partial"), STR_INIT(""), STR_INIT("true"), AGAIN, false},
	{STR_INIT("isPartial"), STR_INIT(""), STR_INIT("true"), AGAIN, false},
	{STR_INIT("preview"), STR_INIT(""), STR_INIT("true"), STR_INIT("export with preview=false when the search is done"), false},
	{STR_INIT("status"), STR_INIT("statistics"), STR_INIT("Scheduled,Running,Failed,Cancelled,Timeout,Unknown"),
		STR_INIT("get the results when the status is Complete"), false},
	{STR_INIT("meta/status"), STR_INIT("data"), STR_INIT("timeout"), AGAIN, false},
	{STR_INIT("error/code"), STR_INIT("tables"), STR_INIT(""), AGAIN, false},
	{STR_INIT("warnings"), STR_INIT("data"), STR_INIT(""), AGAIN, false},
};

/* Is it a single record, of which nothing can be missing? */
static bool
is_flat(struct value v)
{
	for (struct value m = value_first(v); value_ok(m); m = value_next(v, m)) {
		struct value in = value_of_member(m);

		if (value_is_array(in) || value_is_object(in))
			return false;
	}
	return true;
}

/* Is this name the first in the path? */
static bool
begins(struct str path, struct str name)
{
	return name.n && path.p[0] == name.p[0] && str_starts(path, name) && (path.n == name.n || path.p[name.n] == '/');
}

static bool
has_list(struct value v)
{
	for (struct value m = value_first(v); value_ok(m); m = value_next(v, m))
		if (value_is_array(value_of_member(m)))
			return true;
	return false;
}

/* The text of a row's member, or of a list's first element; empty if the row does not apply. */
static struct str
said(struct reader *r, struct value v, const struct row *row)
{
	struct value at = value_at(v, row->member);
	struct str text;

	if (row->sibling.n && !value_ok(value_get(v, row->sibling)))
		return (struct str){0};
	text = value_text(value_is_array(at) ? value_first(at) : at, &r->mem);
	if (row->says.n ? !str_listed(row->says, text) : str_listed(S("false,0"), text))
		return (struct str){0};
	return text;
}

/* In Grafana's response, the error of the first failed query: {"results":{"A":{"error":"x"}}} */
static struct str
query_error(struct reader *r, struct value v)
{
	struct value results = value_get(v, S("results"));
	struct str text = {0};

	if (value_is_object(results))
		for (struct value m = value_first(results); value_ok(m) && !text.n; m = value_next(results, m))
			text = value_text(value_get(value_of_member(m), S("error")), &r->mem);
	return text;
}

/* Elasticsearch: {"hits":{"total":{"value":312,"relation":"eq"},"hits":[…]}}; before 7 "total":312 */
static void
count_hits(struct value v, struct answer *a)
{
	struct value hits = value_get(v, S("hits")), list = value_get(hits, S("hits")), total = value_get(hits, S("total"));

	if (!value_i64(value_is_object(total) ? value_get(total, S("value")) : total, &a->total))
		return;
	for (struct value e = value_first(list); value_is_array(list) && value_ok(e); e = value_next(list, e))
		a->hits++;
}

enum { ROWS = NELEM(rows), LOOKED = 1 << 30, QUERIES = 1 << 29, HITS = 1 << 28 };

/* The rows whose members the value has, as bits, plus QUERIES: call query_error; HITS:
 * call count_hits. */
static uint32_t
rows_of(struct value v)
{
	uint32_t named = 0;

	for (struct value m = value_first(v); value_ok(m); m = value_next(v, m)) {
		struct str name = json_raw(m.j, m.at);

		for (size_t i = 0; i < ROWS; i++)
			if (begins(rows[i].member, name))
				named |= 1u << i;
		if (str_eq(name, S("results")))
			named |= QUERIES;
		if (str_eq(name, S("hits")))
			named |= HITS;
	}
	return named && !is_flat(v) ? named : 0;
}

struct answer
answer_look(struct reader *r, bool behind)
{
	struct value v = value_of(&r->json);
	struct answer a = {.more = 0};
	bool known = reader_knows(r, v);
	uint32_t named = known ? r->known.named : 0;

	if (!value_is_object(v))
		return a;
	if (!named)
		named = rows_of(v) | LOOKED;
	if (known)
		r->known.named = named;
	for (size_t i = 0; i < ROWS && named != LOOKED && !a.is; i++) {
		a.value = named >> i & 1 ? said(r, v, &rows[i]) : (struct str){0};
		if (!a.value.n)
			continue;
		a.is = rows[i].page ? ANSWER_PAGE : ANSWER_PART;
		a.member = rows[i].member;
		a.remedy = rows[i].remedy;
	}
	if (!a.is && named & QUERIES && (a.value = query_error(r, v)).n) {
		a.is = ANSWER_PART;
		a.member = S("results/error");
		a.remedy = S("repeat the query that failed");
	}
	if (named & HITS)
		count_hits(v, &a);
	if (a.is == ANSWER_PAGE || behind) {
		a.list = has_list(v);
		a.kind = reader_text(r, v, S("kind"));
		if (!value_i64(value_at(v, S("metadata/remainingItemCount")), &a.more))
			a.more = 0;
	}
	return a;
}

/* ---- errors ---- */

/* Errors: a member, which has one of some texts if these are given, next to another
 * member; the message is at the first of some paths. */
static const struct error {
	struct str in; /* the object: in a member, or first in its list; empty: the top */
	struct str member, says, sibling, message;
} errors[] = {
	{STR_INIT(""), STR_INIT("status"), STR_INIT("Failure"), STR_INIT("kind"), STR_INIT("message|reason")}, /* Kubernetes */
	{STR_INIT("object"), STR_INIT("status"), STR_INIT("Failure"), STR_INIT("kind"), STR_INIT("message|reason")},
	{STR_INIT(""), STR_INIT("status"), STR_INIT("error"), STR_INIT("error"), STR_INIT("error")}, /* Prometheus, Loki */
	{STR_INIT(""), STR_INIT("error/type"), STR_INIT(""), STR_INIT("status"), STR_INIT("error/reason|error/type")}, /* Elasticsearch */
	{STR_INIT(""), STR_INIT("error/code"), STR_INIT(""), STR_INIT("error"), STR_INIT("error/message")}, /* Azure, Google */
	{STR_INIT(""), STR_INIT("__type"), STR_INIT(""), STR_INIT("__type"), STR_INIT("message|Message|__type")}, /* AWS */
	{STR_INIT("messages"), STR_INIT("type"), STR_INIT("ERROR,FATAL"), STR_INIT("text"), STR_INIT("text")}, /* Splunk */
	{STR_INIT(""), STR_INIT("messageId"), STR_INIT(""), STR_INIT("statusCode"), STR_INIT("message")}, /* Grafana */
};

static struct str
error_text(struct reader *r, struct value v, const struct error *e)
{
	struct str text;

	if (e->in.n)
		v = value_get(v, e->in);
	if (value_is_array(v))
		v = value_first(v);
	text = reader_text(r, v, e->member);
	if (!text.n || (e->says.n && !str_listed(e->says, text)) || !value_ok(value_get(v, e->sibling)))
		return (struct str){0};
	return reader_text(r, v, e->message);
}

/* Does it have a member of an error? */
static bool
may_fail(struct value v)
{
	static const struct str names[] = {STR_INIT("status"), STR_INIT("error"), STR_INIT("object"), STR_INIT("__type"),
		STR_INIT("messages"), STR_INIT("messageId"), STR_INIT("results")};

	for (size_t i = 0; i < NELEM(names); i++)
		if (value_ok(value_get(v, names[i])))
			return true;
	return false;
}

const char *
answer_error(struct reader *r)
{
	struct value v = value_of(&r->json);
	bool known = reader_knows(r, v);
	struct str text;

	if (!value_is_object(v) || (known && r->known.fine))
		return NULL;
	if (!may_fail(v)) {
		r->known.fine = known;
		return NULL;
	}
	/* with a time, it is a program's log of an error */
	if (reader_time(r, v, usual_times) != NO_TIME)
		return NULL;
	text = query_error(r, v);
	for (size_t i = 0; i < NELEM(errors) && !text.n; i++)
		text = error_text(r, v, &errors[i]);
	return text.n ? reader_joined(r, S("query failed: "), text).p : NULL;
}
