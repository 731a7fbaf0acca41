/*
 * stream - JSON values from lines.  The usual case is one value per line, without
 * overhead for the other case: a document, which is a value that spans lines, as printed
 * by kubectl, dmesg and flight recorders, or a very long line.  If a line is a valid
 * beginning of a value, the next lines belong to it until it closes.
 *
 * A large document is returned in parts, each a small document of the same kind: the
 * text around an array, and those of its elements (objects) that are complete and were
 * not in an earlier part.  Elements already returned are replaced by 0, which yields no
 * record.  The last part has the text after the array.  Memory is bounded by one element
 * and the text around it.
 *
 * A truncated or invalid document yields its complete elements and one rejected line,
 * where it breaks; reading resumes at that line.  But if a line only looked like the
 * beginning of a value, just that line is rejected and reading resumes at the next, so a
 * truncated line never swallows a good one.
 *
 * With a screen, a line that looks complete ({…} or […]) and contains none of its words
 * is skipped unparsed; the only effect is that it is not validated.  If line after line
 * has a word, most are no longer searched, so some values without one are returned.
 *
 * A line that does not begin like an object, or an array of objects, is text and never
 * rejected; the first line of an input is always returned, others if they have a word of
 * the screen.  Without a screen there is no text, unless all text is wanted: every line
 * must be a value.
 *
 * A keyed stream has a key and a tab before each value (event/key.h); its
 * values do not span lines.
 *
 * A value may begin on the line where another ends, as in concatenated files without a
 * final newline; but not if each line must be a value.
 *
 * Input made to be re-read repeatedly (nested beginnings that all fail) is re-read at
 * most 16 times on average; beyond that, each line is read by itself.
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
	struct sift *sift;       /* the screen; NULL: every line is validated */
	struct json *json;       /* gets the tokens of a value, but not its text;
	                          * NULL: not wanted */
	uint64_t clear;          /* no word of the screen begins before this offset */
	bool found;              /* a word begins at clear */
	uint64_t before;         /* total bytes of earlier streams */
	uint64_t learn;          /* the screen learns again after so many total bytes */
	unsigned hits;           /* consecutive lines that have a word, or may */
	uint64_t again;          /* bytes that had to be read again */
	uint64_t ntext;          /* lines of text so far */
	bool passed;             /* the kept bytes were skipped unparsed */
	/* set the following after stream_open: */
	struct idx *keys;        /* gets the keys of all lines, including skipped
	                          * ones; NULL: not wanted */
	bool keyed;              /* lines have keys */
	bool first;              /* return the value in line 1, whatever it contains */
	bool texts;              /* return all lines of text */
	bool next;               /* return the next line if it is text */
	bool text;               /* the next line is text, however it begins */
	uint64_t whole;          /* documents smaller than this, and than half of
	                          * max_line, are not split; default 1M */
	const struct sift *dumps; /* more than 1M of whole is used only if a document's
	                          * beginning has one of these words; NULL: always */
	uint64_t some;           /* bytes of elements in a part; default 256K */
	struct json_scan scan;
	struct json_doc doc;
	struct {                 /* the current document, whose bytes are kept */
		bool any;        /* there is one */
		bool given;      /* parts were returned, but not the last one */
		uint64_t whole;  /* as above, for this document */
		bool cut;        /* elements of an array were replaced by 0 */
		unsigned depth;  /* depth of that array */
		size_t hole;     /* offset of the 0 */
		uint64_t object[JSON_DEPTH / 64]; /* json_scan.object at the 0 */
		uint64_t began;  /* offset of the line with the 0 */
		bool done;       /* its end was found */
		bool passed;     /* it is too long and only validated */
		bool alone;      /* only its first line is used */
		bool longline;   /* its first line is longer than in.begun */
		bool gone;       /* the beginning of the current line is not kept */
		uint64_t first;  /* number of its first line */
		uint64_t lines;  /* newlines found in it so far */
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
	struct str text;  /* value, text, or rejected line (empty if too long); valid
	                   * until the next call */
	size_t open;      /* number of brackets at its end that were added to close a
	                   * part: more of the document follows; 0: none */
	size_t cut;       /* the same if the document is truncated or invalid there */
	uint64_t line;    /* number of its first line, from 1; of a rejected document,
	                   * of the line where it breaks */
	const char *why;  /* if rejected: a constant message */
	uint64_t at;      /* if rejected: the byte it is about, from 1, not counting a
	                   * byte-order mark; 0: the whole line */
};

/* Begin to read fd; tie (or NULL) is flushed before reads that may block. */
void stream_open(struct stream *s, int fd, uint64_t max_line, struct sift *sift, struct out *tie);
enum stream_what stream_next(struct stream *s, struct stream_item *it);
/* Bytes read so far. */
uint64_t stream_bytes(const struct stream *s);
/* End reading; keeps the buffer for the next stream_open. */
void stream_close(struct stream *s);
void stream_free(struct stream *s);

#endif
