/*
 * answer - signs in an API's response that it is incomplete (one page of several, a
 * query that ended early, a failed shard) or an error.
 * Sources: Kubernetes' API concepts (chunks), AWS' and Google's conventions of
 * pages, CloudWatch Logs' GetQueryResults, Elasticsearch's search API, Splunk's
 * search/jobs/export, Loki's HTTP API, Azure Monitor's partial errors, Datadog's
 * logs API, OData 4.01, Trino's client protocol.
 * Layer input: includes reader.
 */
#ifndef ANSWER_H
#define ANSWER_H

#include "input/reader.h"

struct answer {
	enum answer_is {
		ANSWER_ALL,  /* no such sign */
		ANSWER_PAGE, /* further pages follow */
		ANSWER_PART, /* records may be missing */
	} is;
	struct str member; /* path of the member that shows it; constant */
	struct str value;  /* its text */
	struct str remedy; /* what to do; constant */
	/* for pages, and values after one: */
	struct str kind;   /* `kind` of a Kubernetes list, or empty */
	int64_t more;
	bool list;         /* it contains a list, as every page does */
	int64_t total;     /* hits found by a search */
	uint64_t hits;     /* hits in the response; 0: not from a search */
};

/* Check the current value, which must be whole or the last part of a document; behind:
 * a page preceded it.  Strings that are not constant live as long as the value. */
struct answer answer_look(struct reader *r, bool behind);

/* For a current value without records: "query failed: …" if it is an API's error, or
 * NULL.  The text lives as long as the value. */
const char *answer_error(struct reader *r);

#endif
