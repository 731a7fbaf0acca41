/*
 * stream - JSON values from lines.  One value per line is the usual case and
 * pays nothing for the other: a document, a value that spans lines, as kubectl,
 * dmesg and flight recorders print them, or a line that is long.  When a line is
 * a proper beginning of a value, the next lines belong to it until it closes.
 *
 * A large document comes in parts, each a small document of the same kind: what
 * stands around an array, and of its elements, the objects in it, those that
 * are complete and were in no part before.  Of the array that stands around
 * them 0 stays, an element that no record comes from.  The last part has what stands
 * behind.  Memory is bounded by an element and what stands around it.
 *
 * A document that breaks off or is broken gives what was complete and one
 * rejected line, the one where it breaks, and reading resumes at that.  But when
 * a line only looked like the beginning of a value, it alone is rejected and
 * reading resumes at the next, so that a truncated line never swallows a good
 * one.
 *
 * With a screen, a line that looks whole ({…} or […]) and holds none of its
 * words is passed over unparsed, which changes nothing but that such a line
 * is not checked.  Where line after line has a word, most are no longer
 * searched, so that some values without one come through.
 *
 * A line that begins like no object and no array of such is text, and never
 * rejected; the first line of an input comes in any case, others if they have a
 * word of the screen.  Without a screen there is no text, unless all of it is
 * wanted: every line has to be a value.
 *
 * A keyed stream has a key and a tab before each value (input/key.h); its
 * values do not span lines.
 *
 * A value may begin in the line in which another ends, as in files without a
 * newline at their end that are joined; not where each line has to be a value.
 *
 * An input made to be re-read over and over (nested beginnings that all
 * fail) is re-read at most 16 times over on average; beyond that, lines
 * stand alone.
 * Layer input: includes json, sift.
 */
#ifndef STREAM_H
#define STREAM_H

#include "base/idx.h"
#include "base/io.h"
#include "base/sift.h"
#include "json/json.h"

struct stream {
	struct in in;
	struct sift *sift;       /* NULL: every line is checked */
	struct json *json;       /* gets the tokens of a value, but not its text;
	                          * NULL: they are not wanted */
	uint64_t clear;          /* no word begins before this offset, */
	bool found;              /* and one does there */
	uint64_t before;         /* bytes of the streams before; the screen learns */
	uint64_t learn;          /* again behind so many bytes of all */
	unsigned hits;           /* lines in a row that have a word, or may */
	uint64_t again;          /* bytes that had to be read again */
	uint64_t ntext;          /* lines of text so far */
	bool passed;             /* what is kept was passed over unparsed */
	struct idx *keys;        /* gets the keys of all lines, also of those that are
	                          * passed over; NULL: not wanted; to be set after
	                          * stream_open, as are */
	bool keyed;              /* lines have keys; */
	bool first;              /* the value in line 1 is wanted, whatever it holds; */
	bool texts;              /* all lines of text are wanted, and */
	bool next;               /* the next line is, if it is text, and */
	bool text;               /* it is, whatever it begins like; */
	uint64_t whole;          /* documents that are smaller, and half of
	                          * max_line, come in one piece; 1M; */
	const struct sift *dumps; /* more than 1M only where the first of it
	                          * has a word of this; NULL: any; and */
	uint64_t some;           /* so many bytes of elements make a part; 256K */
	struct json_scan scan;
	struct json_doc doc;
	struct {                 /* of the document at hand, which is what is kept: */
		bool any;        /* there is one */
		bool given;      /* parts of it were, and the last was not */
		uint64_t whole;  /* as above, for this one */
		bool cut;        /* an array was emptied: it has depth, and */
		unsigned depth;  /* at hole stands the 0 */
		size_t hole;     /* and around it is open what json_scan.object had then */
		uint64_t object[JSON_DEPTH / 64];
		uint64_t began;  /* offset of the line in which that is */
		bool done;       /* the check has seen its end */
		bool passed;     /* it is too long, and only checked */
		bool alone;      /* only its first line counts */
		bool longline;   /* its first line is longer than in.begun */
		bool gone;       /* the beginning of the line at hand is not kept */
		uint64_t first;  /* number of its first line, and how many newlines */
		uint64_t lines;  /* the check has seen of it */
	} at;
	struct buf part;
};

enum stream_what {
	STREAM_END,
	STREAM_VALUE,
	STREAM_TEXT,   /* a line that does not begin like JSON */
	STREAM_REJECT,
	STREAM_ERROR, /* see errno */
};

struct stream_item {
	struct str key;   /* if the stream is keyed */
	struct str text;  /* the value, the text; or the line rejected, unless it was too
	                   * long; dies at the next call */
	size_t open;      /* so many brackets at its end close a part: more of the
	                   * document will follow */
	uint64_t line;    /* number of its first line, from 1; or of the one where
	                   * it is broken */
	const char *why;  /* rejected: a constant message, and */
	uint64_t at;      /* the byte it is about, from 1, behind a byte-order mark;
	                   * 0 if it is the line */
};

/* Read fd; tie is flushed before reads that may block, may be NULL. */
void stream_open(struct stream *s, int fd, uint64_t max_line, struct sift *sift, struct out *tie);
enum stream_what stream_next(struct stream *s, struct stream_item *it);
/* Bytes read so far. */
uint64_t stream_bytes(const struct stream *s);
/* Keeps its buffer for the next stream_open. */
void stream_close(struct stream *s);
void stream_free(struct stream *s);

#endif
