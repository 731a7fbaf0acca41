/*
 * para - a paragraph in the making: words, broken at blanks before the last
 * column.
 * Layer base: includes buf.
 */
#ifndef PARA_H
#define PARA_H

#include "base/buf.h"

enum { PARA_COLUMNS = 80, PARA_COLUMNS_MIN = 40, PARA_COLUMNS_MAX = 132 };

/* How text looks where it is read. */
struct look {
	size_t columns; /* of a line, PARA_COLUMNS_MIN to _MAX; or 0: PARA_COLUMNS */
	bool bold;      /* headlines, as terminals understand it */
};

struct para {
	struct buf *b;
	size_t columns;        /* of a line */
	size_t column, indent; /* where we are; where further lines begin */
	size_t room;           /* kept free for what sticks to words */
	bool open;             /* words follow each other without a blank */
};

/* The first line begins behind so many blanks, further ones behind indent. */
struct para para_begin(struct buf *b, struct look look, size_t first, size_t indent);
/* Blanks up to a column; no other comes before the next word. */
void para_pad(struct para *p, size_t column);
/* One word, hidden characters escaped; the blanks in it do not break. */
void para_word(struct para *p, struct str s);
/* What blanks part. */
void para_words(struct para *p, struct str s);
/* Stick s, plain ASCII, to the word before it. */
void para_stick(struct para *p, struct str s);
void para_end(struct para *p);

#endif
