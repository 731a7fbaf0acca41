/*
 * story - the facts of one root, and what they amount to: from roots.c, which
 * finds the facts to report, to report.c, which writes a verdict of each story.  What is in a story lives in the detection's arena.
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
	const struct story *previous; /* of the same part, and */
	uint32_t nth;                 /* how many of it there are by now */
	struct ids related;           /* numbers of others, from 1 */
};

static inline struct str
facts_name(const struct facts *fs, uint32_t id)
{
	return idx_at(fs->names, id);
}

/* ---- roots.c ---- */

/* Find the root of each fact; all that are reported, by root; *n: their number. */
struct fact **roots_find(struct facts *fs, size_t *n);
/* Is a root an incident, or are all roots wanted? */
bool root_is_reported(const struct facts *fs, const struct fact *root);
/* Is f an effect of a watchdog, or the end of a pod that waited, and so clean-up? */
bool fact_is_aftermath(const struct fact *f);

/* ---- words.c ---- */

/* A fact's kind in one word; its pattern, or "signal:...", which the arena has. */
struct str fact_word(const struct fact *f);
struct str fact_signal(const struct facts *fs, const struct fact *f);
/* Was it stopped from outside?  The shell's code for SIGTERM. */
bool fact_is_stopped(const struct fact *f);
/* Was a pod killed, and not for its memory limit?  That of SIGKILL. */
bool fact_is_killed(const struct fact *f);
/* What happened where: "NodeNotReady on gpu-7". */
void fact_put(struct buf *b, const struct facts *fs, const struct fact *f);
/* "0-15,24-31" */
void ranks_put(struct buf *b, struct ranks r);

/* ---- story.c ---- */

/* Make a story of its facts, which have one root: their order, who had part in it,
 * its kind, its confidence.  removed: nodes that are gone already. */
void story_make(struct story *s, const struct ids *removed);
/* Might one of its facts have had another story's cause? */
bool story_has_rival(const struct story *s);

/* ---- advice.c ---- */

/* What is to be done of a root, as one word; of a story, as sentences. */
enum action story_action(const struct fact *root);
void story_advice(const struct story *s, struct verdict *v);

/* ---- related.c ---- */

/* Number the stories of one part (a GPU, else a node and kind), which are in their order. */
void stories_number(struct facts *fs, struct story *all, size_t n);
/* Of each story the others on its nodes or of its jobs within an hour, as far as
 * they are among the nearest. */
void stories_relate(struct facts *fs, struct story *all, size_t n);
/* Members of the newest verdict about both, for story i. */
void story_put_related(const struct story *all, size_t i);

#endif
