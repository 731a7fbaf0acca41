/*
 * blocks - makes one JSON object of a record that spans several lines.  Entries of
 * systemd's journal, as printed by journalctl -o verbose (a line with time and cursor,
 * then fields) or -o export (one field per line), become the object that -o json
 * prints.  Reports of ncclras, from the table of communicators on, become an object
 * with all lines in one string, and so do the lines with the rank and the exit code of a
 * process in torchrun's report, if they follow each other.  Objects that Ansible prints
 * for a host get the host as a member.
 * Sources: systemd's JOURNAL_EXPORT_FORMATS and src/shared/logs-show.c; NCCL's
 * src/ras/client_support.cc; PyTorch's torch/distributed/elastic/multiprocessing/errors;
 * Ansible's callbacks minimal, oneline and default.
 * Layer input: includes json.
 */
#ifndef BLOCKS_H
#define BLOCKS_H

#include "base/buf.h"

/* The current block. Start from {0}. */
struct blocks {
	enum { BLOCKS_NONE, BLOCKS_VERBOSE, BLOCKS_EXPORT, BLOCKS_RAS, BLOCKS_ANSIBLE, BLOCKS_TORCHRUN } form;
	struct buf raw;  /* its lines */
	uint64_t first;  /* number of its first line */
	uint64_t last;   /* number of its last line */
	bool named;      /* export: its last line was only a field's name */
	bool ansible;    /* in: Ansible's objects may occur */
	bool closed;     /* Ansible: its last line was "}" */
	uint64_t binary; /* export: bytes of the value still to come */
};

/* Does line number n begin a block?  If so, the current one is complete. */
bool blocks_begins(const struct blocks *b, struct str line, uint64_t n);
/* Take line number n, which begins a block or may continue the current one; false if
 * it does neither. */
bool blocks_take(struct blocks *b, struct str line, uint64_t n, bool begins);
/* May a file have Ansible's objects, by its first line of text, or by any line above a
 * result or with the beginning of one? */
bool blocks_may_be_ansible(struct str line, bool first);
/* "gpu-7 | SUCCESS => {…" or "ok: [gpu-7] => {…", as printed by Ansible: the host, and
 * what is after the arrow. */
bool blocks_is_ansible(struct str line, struct str *host, struct str *object);
/* "changed: [gpu-7] =>", above a result in YAML: the host; empty if another one ran the
 * task. */
bool blocks_is_result(struct str line, struct str *host);
/* The input ended within the last line: remove a host's name from the end of a report of
 * ncclras, because it may be cut. */
void blocks_cut(struct blocks *b);
/* Append the current block to json, as an object. */
void blocks_object(const struct blocks *b, struct buf *json);
/* Discard the current block. */
void blocks_begin(struct blocks *b);
void blocks_free(struct blocks *b);

#endif
