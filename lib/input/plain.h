/*
 * plain - lines of plain log text: read by the text readers, with time and host from
 * the stamps in front of them.  Lines without a year wait for the end of the input,
 * when the year is known.  Of several lines within one, as between carriage returns or
 * in a string, each with a stamp is dated by it.  Headers name the node of the lines
 * below them (clush -b, dshbak -c: a name between lines of dashes; Ansible:
 * "gpu-7 | CHANGED | rc=0 >>", "changed: [gpu-7] =>"; "=== gpu-7 ===" and the like
 * (banner.h); pssh -i: "[1] 03:20:00 [SUCCESS] gpu-7"; Salt:
 * "gpu-7:", its lines indented; Grafana's "Common labels: {…}"), or their minute
 * (dmesg -H).
 * Layer input: includes event, stamps, text.
 */
#ifndef PLAIN_H
#define PLAIN_H

#include "base/sift.h"
#include "event/event.h"
#include "input/text/stamps.h"
#include "input/text/text.h"

struct plain {
	struct stamps_clock clock;
	int64_t near;  /* stamps without a year get the year nearest to this, or NO_TIME */
	bool wait;     /* if near is NO_TIME: lines without a year wait for plain_end
	                * (false: get no time); lines since boot wait for the file's end */
	const struct sift *screen; /* NULL: every line is read */
	struct origin file; /* origin of the lines according to the input's name */
	struct buf line;    /* the current line, cleaned */
	struct buf waiting; /* waiting lines: a struct waiting and its bytes each */
	struct origin o;    /* of the previous line, whose number is last */
	struct buf spoke;   /* host of the previous line */
	struct pci named;   /* device of the previous line */
	uint64_t last;
	struct {                  /* the header above the lines of a node or minute */
		struct buf text;  /* its text, including the current line */
		size_t own;       /* bytes of the current line at the end of text */
		struct buf host;  /* the node it names, or empty */
		struct stamp minute;
		struct buf of;    /* host in front of the minute */
		struct buf mark;  /* text of the minute */
		unsigned dashes;  /* lines read of a name between dashes */
		bool indented;    /* the file has names with indented lines below */
		bool program;     /* lines are from a program other than the kernel */
		bool gave_host, gave_minute; /* used for the previous line */
		bool of_file;     /* the host is from the file's name */
		unsigned level;   /* rank of the banner that named it, or 0 */
		bool banners;     /* the file has banners */
		bool task;        /* an Ansible task named it */
	} header;
	struct {                  /* stamps in seconds since boot, in the current file */
		size_t from;      /* offset of its first waiting line */
		uint64_t boots;   /* number of boots so far */
		int64_t last;     /* the last stamp */
		struct buf host;  /* in all files: a host with such stamps */
		struct buf other; /* in all files: another one */
	} boot;
	struct {                  /* stamps without a zone, in the current file */
		int64_t last;     /* the latest one */
		struct buf host;  /* its host */
		uint64_t line;    /* line where they go back by an hour, or 0 */
	} fell;
	struct buf alone; /* plain_alone */
	uint64_t undated[STAMP_FULL + 1]; /* lines whose records have no time, by
	                                   * kind of stamp */
	uint64_t zoneless;  /* lines dated as if their stamps were in UTC */
};

/* Begin an input; file: origin according to its name, whose host is used like a header's. */
void plain_begin(struct plain *p, const struct origin *file);
/* Read line number n of an input.  True if the next line is needed as well. */
bool plain_read(struct plain *p, struct events *ev, struct str line, uint64_t n);
/* Are a message's own stamps better than the time of its record, when it was collected?
 * If they are earlier by so little that no zone explains it, or by more than any; and
 * those of several lines, which were not written at once. */
bool plain_dates(const struct plain *p, struct str message, const struct origin *o);
/* Read a message from another record that has no time, or a worse one. */
void plain_message(struct plain *p, struct events *ev, struct str message, const struct origin *o);
/* End the input: read the lines that waited. */
void plain_end(struct plain *p, struct events *ev);
/* Header lines above the line just read, except those already returned; each ends in a
 * newline.  Valid until the next line. */
struct str plain_above(struct plain *p);
/* The line just read, prefixed with node and minute from headers or the file's name,
 * and with the rank (-1: unset), so that it can be read without the rest of the input:
 * "HOST: LINE", or an object if the line cannot be read behind a label.
 * Valid until the next call. */
struct str plain_alone(struct plain *p, const struct events *ev, struct str line, int64_t rank);
/* If several hosts have stamps since boot, of which only one is known: two of the hosts. */
bool plain_hosts(const struct plain *p, struct str *one, struct str *other);
/* Append hints on how to date and place lines without time or node; or nothing. */
void plain_notice(const struct plain *p, const struct events *ev, struct buf *b);
void plain_free(struct plain *p);

#endif
