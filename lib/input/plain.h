/*
 * plain - lines of log text, as they are: read by the text readers, with time
 * and host from the stamps in front of them.  A line without a year waits for
 * the end of the input, which shows the year.  Headers name the node of the lines
 * below them (clush -b, dshbak -c: a name between lines of dashes; Ansible:
 * "gpu-7 | CHANGED | rc=0 >>"; pssh -i: "[1] 03:20:00 [SUCCESS] gpu-7"; Salt:
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
	int64_t near;  /* stamps without a year are nearest to it; or NO_TIME, then */
	bool wait;     /* lines without a year wait for plain_end, or they have no
	                * time; those that count from a boot wait for the file's end */
	const struct sift *screen; /* NULL: every line is looked at */
	struct origin file; /* what the input's name says of its lines */
	struct buf line;    /* the one at hand, cleaned */
	struct buf waiting; /* struct waiting and its bytes, each */
	struct origin o;    /* of the line before, whose number is last: */
	struct buf spoke;   /* its host, */
	struct pci named;   /* and device */
	uint64_t last;
	struct {                  /* what stands above the lines of one node or */
		struct buf text;  /* minute: all of it, of which */
		size_t own;       /* these last bytes are the line at hand, */
		struct buf host;  /* and what it says */
		struct stamp minute;
		struct buf of;    /* the host in front of it */
		struct buf mark;  /* the minute as it stands there */
		unsigned dashes;  /* lines read of a name between dashes */
		bool indented;    /* the file has names, and below each its lines */
		bool program;     /* it says that another than the kernel wrote them */
		bool gave_host, gave_minute; /* to the line before */
		bool of_file;     /* the host is that of the file's name */
	} header;
	struct {                  /* seconds since boot, of the file at hand: */
		size_t from;      /* its lines that wait begin there; */
		uint64_t boots;   /* boots so far, and */
		int64_t last;     /* the last stamp */
		struct buf host;  /* of all files: whose they are, and */
		struct buf other; /* another host that has some */
	} boot;
	struct {                  /* stamps without a zone, of the file at hand: */
		int64_t last;     /* the latest, of */
		struct buf host;  /* this host; and */
		uint64_t line;    /* where they fall back by an hour, or 0 */
	} fell;
	struct buf alone; /* plain_alone */
	uint64_t undated[STAMP_FULL + 1]; /* lines that gave records without a
	                                   * time, by what their stamps say */
	uint64_t zoneless;  /* lines dated as if their stamps were in UTC */
};

/* An input begins, of whose lines its name says this; a host is as in a header. */
void plain_begin(struct plain *p, const struct origin *file);
/* Read line number n of an input.  True if the next line matters as well. */
bool plain_read(struct plain *p, struct events *ev, struct str line, uint64_t n);
/* Read a message that something else carries, which does not say when it was. */
void plain_message(struct plain *p, struct events *ev, struct str message, const struct origin *o);
/* The input is read: read the lines that waited. */
void plain_end(struct plain *p, struct events *ev);
/* What stands above the line just read and has not been asked for; each ends in a
 * newline.  Valid until the next line. */
struct str plain_above(struct plain *p);
/* The line just read, with what headers and its file's name said of it in front,
 * and that it is a rank's, or -1: it says the same where no other line of the
 * input is beside it.  Valid until the next call. */
struct str plain_alone(struct plain *p, struct str line, int64_t rank);
/* Several hosts count from the one boot that is given: two of them, or false. */
bool plain_hosts(const struct plain *p, struct str *one, struct str *other);
/* What would date and place the lines that have no time or node, a clause each, or nothing. */
void plain_notice(const struct plain *p, const struct events *ev, struct buf *b);
void plain_free(struct plain *p);

#endif
