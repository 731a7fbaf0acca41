/*
 * key - which shard of a fleet's records a record belongs to.  A pattern sets
 * which kinds of its records are correlated by node, and which every shard
 * needs; the others must be in one shard.  Shards that hold all records of
 * their keys, plus those of key "*", together yield the verdicts of the whole.
 *
 * The key of a node is the common part of its names (node_label), at most 63
 * bytes of it (RFC 1035, 2.3.4), with bytes other than letters, digits, '.',
 * '_' and '-' written as %xx; no node is "-".  Longer labels with the same
 * beginning share a key, which is safe: keys may be coarse.
 * Layer event: includes identity, base.
 */
#ifndef KEY_H
#define KEY_H

#include "base/buf.h"

#define KEY_ACROSS S("-") /* key of records correlated across nodes */
#define KEY_EVERY S("*")

/* Kinds of records, bit by enum event_kind (input/event.h). */
struct keys {
	unsigned by_node; /* key: the node's */
	unsigned every;   /* key: "*"; of all others: "-" */
	unsigned scraped; /* key: "*" for records whose node is only the scrape
	                   * address, and for records that map it to the GPU's
	                   * own node */
	unsigned across;  /* key: "-" in addition to the node's: also correlated across nodes; */
	const uint16_t *across_fields; /* of samples only these fields, ended by 0; NULL: none */
};

/* The key of a record of kind k, by canonical node name or none.  scraped: the
 * node is only the scrape address, or k maps such an address to a node. */
void key_put(struct buf *b, struct keys keys, unsigned k, struct str node, bool scraped);
/* The key of records correlated by node. */
void key_put_node(struct buf *b, struct str node);

#endif
