/*
 * answer - what the answer of an API says itself of being less than all: that it
 * is one page of several, that the query ended early, that a shard failed; or that
 * it is an error.
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
		ANSWER_ALL,  /* it says nothing like that */
		ANSWER_PAGE, /* others follow: of so many things, if it says that */
		ANSWER_PART, /* records may be missing */
	} is;
	struct str member; /* that says so, a path; constant */
	struct str value;  /* what it says, and */
	struct str remedy; /* what to do; constant */
	/* of a page, and of what is behind one: */
	struct str kind;   /* Kubernetes' word for its things, or empty */
	int64_t more;
	bool list;         /* it has things, as any page has */
	int64_t total;     /* hits that a search found, and */
	uint64_t hits;     /* those in the answer; 0: it is none of a search */
};

/* The same of the current value, which is whole or the last part of a document,
 * and behind a page or not.  Texts that are not constant live as long as it. */
struct answer answer_look(struct reader *r, bool behind);

/* Of a current value that gave no record: "query failed: …" if it is an API's error,
 * or NULL. It lives as long as the value. */
const char *answer_error(struct reader *r);

#endif
