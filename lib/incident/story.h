/*
 * story - the facts of one root, and their summary.  roots.c finds the facts to
 * report; report.c writes one verdict per story.  Everything in a story lives in
 * the detection's arena.
 * Layer incident: includes join, pattern/pattern.h.
 */
#ifndef INCIDENT_STORY_H
#define INCIDENT_STORY_H

#include "incident/incident.h"

/* The facts of one incident, in the order of the story. */
struct story {
	struct facts *fs;
	struct fact *root;
	struct fact **f;
	size_t n;
	int64_t first, last;
	struct ids nodes, pods, jobs, cordon, gpus, innocent;
	struct fact *hang;
	struct str kind, missing;
	bool full;
	struct str id;
	const struct story *previous; /* on the same GPU (or node), or NULL */
	uint32_t nth;                 /* its number among those, from 1 */
	struct ids related;           /* numbers of other stories, from 1 */
};

static inline struct str
facts_name(const struct facts *fs, uint32_t id)
{
	return idx_at(fs->names, id);
}

/* ---- roots.c ---- */

/* Find the root of each fact.  Returns the facts to report, by root; *n: their number. */
struct fact **roots_find(struct facts *fs, size_t *n);
/* Is a root an incident, or is --all set? */
bool root_is_reported(const struct facts *fs, const struct fact *root);
/* Is f clean-up: an effect of a watchdog, or the end of a pod that waited? */
bool fact_is_aftermath(const struct fact *f);

/* ---- words.c ---- */

/* A fact's kind in one word; its pattern, or "signal:..." (in the arena). */
struct str fact_word(const struct fact *f);
struct str fact_signal(const struct facts *fs, const struct fact *f);
/* Was it stopped from outside (exit code of SIGTERM)? */
bool fact_is_stopped(const struct fact *f);
/* Was a pod killed (exit code of SIGKILL), but not for its memory limit? */
bool fact_is_killed(const struct fact *f);
/* Did SIGABRT end it (its exit code), without an Xid of its program to explain it?  Watchdogs do
 * that, and failed checks. */
bool fact_is_aborted(const struct fact *f);
/* Append a fact and its place: "NodeNotReady on gpu-7". */
void fact_put(struct buf *b, const struct facts *fs, const struct fact *f);
/* Append "0-15,24-31". */
void ranks_put(struct buf *b, struct ranks r);

/* ---- story.c ---- */

/* Make a story of facts with one root: order them; find its nodes, pods and jobs,
 * its kind and confidence.  removed: nodes that no longer exist. */
void story_make(struct story *s, const struct ids *removed);
/* Is a fact, as a root, a reason to cordon its node? */
bool fact_breaks_node(const struct fact *f);
/* Does one of its facts have a possible cause in another story? */
bool story_has_rival(const struct story *s);

/* ---- advice.c ---- */

/* What to do: one word for a root; sentences for a story. */
enum action story_action(const struct fact *root);
void story_advice(const struct story *s, struct verdict *v);

/* ---- related.c ---- */

/* Number the stories of each GPU, or else of each node and kind; all is in order. */
void stories_number(struct facts *fs, struct story *all, size_t n);
/* Find for each story the nearest others within an hour on its nodes or of its
 * jobs. */
void stories_relate(struct facts *fs, struct story *all, size_t n);
/* Add both results for story i to the newest verdict. */
void story_put_related(const struct story *all, size_t i);

#endif
