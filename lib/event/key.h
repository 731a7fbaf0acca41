/*
 * key - which shard of a fleet's records one belongs to.  A pattern says which
 * kinds of its records join by node, and which every shard needs; the rest
 * must come together.  Shards that hold all records of their keys, and those
 * of the key "*", give between them the verdicts of the whole.
 *
 * The key of a node is what its names have in common (node_label), at most 63
 * bytes of it (RFC 1035, 2.3.4), in which bytes other than letters, digits, '.',
 * '_' and '-' are written %xx; no node is "-".  Longer labels that begin alike
 * share a key: a coarser key is right, too.
 * Layer event: includes identity, base.
 */
#ifndef KEY_H
#define KEY_H

#include "base/buf.h"

#define KEY_ACROSS S("-") /* of what no single node joins */
#define KEY_EVERY S("*")

/* Kinds of records, bit by enum event_kind (input/event.h). */
struct keys {
	unsigned by_node; /* key: their node's */
	unsigned every;   /* key: "*"; of others: "-" */
	unsigned scraped; /* key: "*" for records whose node is only where they were
	                   * scraped, and for those that show the GPU's own node */
	unsigned across;  /* key: "-" as well as their node's: what joins nodes needs them, too, */
	const uint16_t *across_fields; /* and measurements of these fields, ended by 0; NULL: none */
};

/* The key of a record of kind k of a node, by its canonical name or none;
 * scraped: the node is only where it was scraped, or k shows where such a GPU is. */
void key_put(struct buf *b, struct keys keys, unsigned k, struct str node, bool scraped);
/* The key of what joins by node. */
void key_put_node(struct buf *b, struct str node);

#endif
