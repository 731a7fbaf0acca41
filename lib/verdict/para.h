/*
 * para - a paragraph in the making: words, broken at blanks before column 80.
 * Layer verdict: includes base only.
 */
#ifndef PARA_H
#define PARA_H

#include "base/buf.h"

enum { PARA_COLUMNS = 80 };

struct para {
	struct buf *b;
	size_t column, indent; /* where we are; where further lines begin */
	size_t room;           /* kept free for what sticks to words */
	bool open;             /* words follow each other without a blank */
};

/* The first line begins behind so many blanks, further ones behind indent. */
struct para para_begin(struct buf *b, size_t first, size_t indent);
/* One word, hidden characters escaped; the blanks in it do not break. */
void para_word(struct para *p, struct str s);
/* What blanks part. */
void para_words(struct para *p, struct str s);
/* Stick s, plain ASCII, to the word before it. */
void para_stick(struct para *p, struct str s);
void para_end(struct para *p);

#endif
