#include "verdict/verdict.h"

#include <string.h>

enum { COLUMNS = 80 };

/* A paragraph in the making: words, broken at blanks before column 80. */
struct para {
	struct buf *b;
	size_t column, indent; /* where we are; where further lines begin */
	size_t room;           /* kept free for what sticks to words */
	bool open;             /* words follow each other without a blank */
};

/* Columns a text takes: code points, as nothing wider is told apart. */
static size_t
columns(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

static void
spaces(struct buf *b, size_t n)
{
	while (n--)
		buf_chr(b, ' ');
}

static struct para
begin(struct buf *b, size_t first, size_t indent)
{
	spaces(b, first);
	return (struct para){.b = b, .column = first, .indent = indent, .open = true};
}

static void
word(struct para *p, struct str s)
{
	struct buf *b = p->b;
	size_t at = b->n, width, gap = !p->open;
	bool fold = false;

	buf_plain(b, s);
	width = columns((struct str){b->p + at, b->n - at});
	if (gap && p->column + 1 + width + p->room > COLUMNS) {
		fold = true;
		gap = p->indent + 1;
		p->column = p->indent;
	} else {
		p->column += gap;
	}
	buf_room(b, gap);
	memmove(b->p + at + gap, b->p + at, b->n - at);
	memset(b->p + at, ' ', gap);
	if (fold)
		b->p[at] = '\n';
	b->n += gap;
	p->column += width;
	p->open = false;
}

static void
words(struct para *p, struct str s)
{
	struct str w;

	while (str_cut(&s, ' ', &w))
		if (w.n)
			word(p, w);
}

static void
end(struct para *p)
{
	buf_chr(p->b, '\n');
}

static void
value(struct para *p, const struct item *it)
{
	char tmp[64];
	struct buf b = {.p = tmp, .cap = sizeof(tmp)};

	switch (it->kind) {
	case ITEM_STR:
		words(p, it->s);
		return;
	case ITEM_INT:
		buf_i64(&b, it->n);
		break;
	case ITEM_SECONDS:
		buf_fixed(&b, it->n, 9);
		break;
	case ITEM_TIME:
		time_put(&b, it->n);
		break;
	case ITEM_BOOL:
		buf_add(&b, it->n ? S("yes") : S("no"));
		break;
	default:
		return;
	}
	word(p, buf_str(&b));
}

/* Stick s to the word before it. */
static void
stick(struct para *p, struct str s)
{
	buf_add(p->b, s);
	p->column += s.n;
}

/* How many whole numbers from it on follow each other. */
static size_t
run_of(const struct item *it, size_t n)
{
	size_t k = 1;

	while (it->kind == ITEM_INT && k < n && it[k].kind == ITEM_INT && it[k].n == it[k - 1].n + 1)
		k++;
	return k;
}

/* "16-23" */
static void
range(struct para *p, int64_t from, int64_t to)
{
	char tmp[48];
	struct buf b = {.p = tmp, .cap = sizeof(tmp)};

	buf_i64(&b, from);
	buf_chr(&b, '-');
	buf_i64(&b, to);
	word(p, buf_str(&b));
}

/*
 * "  name: value" a line; in a list "16-23" is all from 16 to 23.  A list of objects has a line for each, its members
 * as "name value, name value"; any other list is on one line.
 */
static void
items(struct buf *b, const struct item *it, size_t n)
{
	struct para p = {.b = b};
	enum item_kind before = ITEM_END;
	size_t depth = 0, run;

	for (; n; n--, before = it++->kind) {
		bool goes_on = depth && before != ITEM_LIST && before != ITEM_OBJECT;

		if (it->kind == ITEM_END) {
			if (--depth == 0)
				end(&p);
			continue;
		}
		if (depth == 0)
			p = begin(b, 2, 6);
		p.room = 1;
		if (it->kind == ITEM_OBJECT && depth) {
			end(&p);
			p = begin(b, 4, 8);
			p.room = 1;
		} else if (goes_on) {
			stick(&p, S(","));
		}
		if (it->name) {
			word(&p, str_of(it->name));
			if (depth == 0)
				stick(&p, S(":"));
		}
		run = depth && !it->name ? run_of(it, n) : 1;
		if (it->kind == ITEM_LIST || it->kind == ITEM_OBJECT) {
			depth++;
		} else if (run > 2) {
			range(&p, it->n, it[run - 1].n);
			n -= run - 1;
			it += run - 1;
		} else {
			value(&p, it);
		}
		if (depth == 0)
			end(&p);
	}
}

static void
paragraph(struct buf *b, size_t indent, struct str s)
{
	struct para p = begin(b, indent, indent);

	words(&p, s);
	end(&p);
}

/* A line "  name: value"; nothing for an empty value. */
static void
labelled(struct buf *b, struct str name, struct str v)
{
	struct para p;

	if (!v.n)
		return;
	p = begin(b, 2, 6);
	words(&p, name);
	words(&p, v);
	end(&p);
}

/* "(41 s later) " of evidence at t; nothing within half a millisecond. */
static void
later(struct para *p, int64_t cause, int64_t t)
{
	static const struct {
		uint64_t ns, below; /* of the unit; fewer of it than this */
		struct str name;
	} units[] = {
		{1000000, 1000, STR_INIT("ms")},
		{SECOND, 120, STR_INIT("s")},
		{60 * (uint64_t)SECOND, 120, STR_INIT("min")},
		{3600 * (uint64_t)SECOND, 48, STR_INIT("h")},
		{86400 * (uint64_t)SECOND, UINT64_MAX, STR_INIT("days")},
	};
	uint64_t d = t > cause ? (uint64_t)t - (uint64_t)cause : (uint64_t)cause - (uint64_t)t, n;
	char tmp[32];
	struct buf b = {.p = tmp, .cap = sizeof(tmp)};
	size_t i = 0;

	while ((n = d / units[i].ns + (d % units[i].ns >= units[i].ns / 2)) >= units[i].below)
		i++;
	if (n == 0)
		return;
	buf_chr(&b, '(');
	buf_u64(&b, n);
	word(p, buf_str(&b));
	word(p, units[i].name);
	word(p, t > cause ? S("later)") : S("earlier)"));
}

void
text_put(struct buf *b, const struct verdicts *vs, const struct verdict *v)
{
	struct para p;

	p = begin(b, 0, 0);
	if (vs->bold)
		buf_add(b, S("\033[1m"));
	words(&p, v->headline);
	if (vs->bold)
		buf_add(b, S("\033[m"));
	end(&p);
	paragraph(b, 2, v->remediation);
	labelled(b, S("action:"), action_name(v->action));
	labelled(b, S("id:"), v->id);
	if (v->confidence.n) {
		p = begin(b, 2, 6);
		p.room = 1;
		words(&p, S("confidence:"));
		words(&p, v->confidence);
		if (v->missing.n) {
			words(&p, S("(missing:"));
			words(&p, v->missing);
			stick(&p, S(")"));
		}
		end(&p);
	}
	items(b, vs->item + v->item, v->nitem);
	buf_add(b, S("  evidence:\n"));
	for (size_t i = 0; i < v->nev; i++) {
		const struct evidence *e = &vs->ev[v->ev + i];
		struct item t = {.kind = ITEM_TIME, .n = e->t};

		p = begin(b, 4, 8);
		value(&p, &t);
		later(&p, vs->ev[v->ev].t, e->t);
		words(&p, e->kind);
		words(&p, e->text);
		end(&p);
	}
	buf_chr(b, '\n');
}
