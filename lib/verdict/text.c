#include "verdict/verdict.h"

static void
value(struct para *p, const struct item *it)
{
	char tmp[64];
	struct buf b = {.p = tmp, .cap = sizeof(tmp)};

	switch (it->kind) {
	case ITEM_STR:
		para_words(p, it->s);
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
	para_word(p, buf_str(&b));
}

/* Number of consecutive integers from it on. */
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
	para_word(p, buf_str(&b));
}

/* Limits for long lists: objects or evidence (one or more lines each); values or ranges
 * of numbers; bytes of numbers (a line) and of names (two lines).  A list is cut only if
 * more than MANY elements are left. */
enum { LINES_SHOWN = 2, VALUES_SHOWN = 8, NUMBERS_WIDTH = 36, NAMES_WIDTH = 112, MANY = 6 };
/* If one object or piece of evidence has more bytes, only that is shown. */
enum { WIDE = 160 };
/* In verdicts of more lines than a screen, members share lines, and one object is shown. */
enum { SCREEN = 40 };

/* Is a list cut after shown elements in width bytes, if the next one is of this kind? */
static bool
is_enough(enum item_kind kind, size_t shown, size_t width, bool dense)
{
	if (kind == ITEM_OBJECT)
		return shown >= (dense ? 1 : LINES_SHOWN) || width > WIDE;
	return shown >= VALUES_SHOWN || width > (kind == ITEM_STR ? NAMES_WIDTH : NUMBERS_WIDTH);
}

/* Number of elements in a list from it on; *at: index of its end. */
static size_t
rest_of(const struct item *it, size_t *at)
{
	size_t n = 0, depth = 0, i = 0;

	for (; depth || it[i].kind != ITEM_END; i++) {
		n += depth == 0;
		if (it[i].kind == ITEM_LIST || it[i].kind == ITEM_OBJECT)
			depth++;
		else if (it[i].kind == ITEM_END)
			depth--;
	}
	*at = i;
	return n;
}

/* "and 12 more" */
static void
more(struct para *p, size_t n)
{
	char tmp[32];
	struct buf b = {.p = tmp, .cap = sizeof(tmp)};

	buf_u64(&b, n);
	para_word(p, S("and"));
	para_word(p, buf_str(&b));
	para_word(p, S("more"));
}

/* May a member share a line with others? */
static bool
is_flat(const struct item *it)
{
	return it->kind != ITEM_OBJECT && !(it->kind == ITEM_LIST && it[1].kind == ITEM_OBJECT);
}

/*
 * Put members, one "  name: value" per line or, if dense, "name: value; name: value".
 * In lists, "16-23" stands for 16 to 23.  Lists of objects have one line per object,
 * "name value, name value"; other lists are on one line.
 */
static void
items(struct buf *b, struct look look, bool dense, const struct item *it, size_t n)
{
	struct para p = {.b = b};
	enum item_kind before = ITEM_END;
	size_t depth = 0, run, shown = 0, from = 0, left, end;
	bool shares = false; /* the next member goes on the same line */

	for (; n; n--, before = it++->kind) {
		bool goes_on = depth && before != ITEM_LIST && before != ITEM_OBJECT;

		if (it->kind == ITEM_STR && depth && it->name && str_eq(str_of(it->name), S("uid")))
			continue; /* only for programs */
		if (it->kind == ITEM_END) {
			if (--depth == 0 && !shares)
				para_end(&p);
			continue;
		}
		if (depth == 0) {
			if (shares && is_flat(it)) {
				para_stick(&p, S(";"));
			} else {
				if (shares)
					para_end(&p);
				p = para_begin(b, look, 2, 6);
			}
			shares = dense && is_flat(it);
			shown = 0;
		} else if (depth == 1 && !it->name && is_enough(it->kind, shown++, b->n - from, dense) && (left = rest_of(it, &end)) > MANY) {
			if (it->kind == ITEM_OBJECT) {
				para_end(&p);
				p = para_begin(b, look, 4, 8);
			}
			more(&p, left);
			n -= end - 1;
			it += end - 1;
			continue;
		}
		p.room = 1;
		if (it->kind == ITEM_OBJECT && depth) {
			para_end(&p);
			p = para_begin(b, look, 4, 8);
			p.room = 1;
		} else if (goes_on) {
			para_stick(&p, S(","));
		}
		if (it->name) {
			para_word(&p, str_of(it->name));
			if (depth == 0)
				para_stick(&p, S(":"));
			from = b->n;
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
		if (depth == 0 && !shares)
			para_end(&p);
	}
	if (shares)
		para_end(&p);
}

static void
paragraph(struct buf *b, struct look look, size_t indent, struct str s)
{
	struct para p = para_begin(b, look, indent, indent);

	para_words(&p, s);
	para_end(&p);
}

/* A line "  name: value"; nothing for an empty value. */
static void
labelled(struct buf *b, struct look look, struct str name, struct str v)
{
	struct para p;

	if (!v.n)
		return;
	p = para_begin(b, look, 2, 6);
	para_words(&p, name);
	para_words(&p, v);
	para_end(&p);
}

/* "(41 s later) " for evidence at t; nothing within half a millisecond. */
static void
later(struct para *p, int64_t cause, int64_t t)
{
	static const struct {
		uint64_t ns, below; /* length of the unit; used for fewer than this */
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
	para_word(p, buf_str(&b));
	para_word(p, units[i].name);
	para_word(p, t > cause ? S("later)") : S("earlier)"));
}

static void
put(struct buf *b, const struct verdicts *vs, const struct verdict *v, bool dense)
{
	struct para p;

	p = para_begin(b, vs->look, 0, 0);
	if (vs->look.bold)
		buf_add(b, S("\033[1m"));
	para_words(&p, v->headline);
	if (vs->look.bold)
		buf_add(b, S("\033[m"));
	para_end(&p);
	paragraph(b, vs->look, 2, v->remediation);
	labelled(b, vs->look, S("action:"), action_name(v->action));
	labelled(b, vs->look, S("id:"), v->id);
	if (v->confidence.n) {
		p = para_begin(b, vs->look, 2, 6);
		p.room = 1;
		para_words(&p, S("confidence:"));
		para_words(&p, v->confidence);
		if (v->missing.n) {
			para_words(&p, S("(missing:"));
			para_words(&p, v->missing);
			para_stick(&p, S(")"));
		}
		para_end(&p);
	}
	items(b, vs->look, dense, vs->item + v->item, v->nitem);
	buf_add(b, S("  evidence:\n"));
	for (size_t i = 0; i < v->nev; i++) {
		size_t left = v->nev - i;
		const struct evidence *e = &vs->ev[v->ev + i];
		struct item t = {.kind = ITEM_TIME, .n = e->t};

		p = para_begin(b, vs->look, 4, 8);
		if ((i >= (dense ? 1 : LINES_SHOWN) || (i && e[-1].text.n > WIDE)) && left > MANY) {
			more(&p, left);
			para_end(&p);
			break;
		}
		if (e->t != NO_TIME)
			value(&p, &t);
		if (e->t != NO_TIME && vs->ev[v->ev].t != NO_TIME)
			later(&p, vs->ev[v->ev].t, e->t);
		para_words(&p, e->kind);
		para_words(&p, e->text);
		para_end(&p);
	}
	buf_chr(b, '\n');
}

void
text_put(struct buf *b, const struct verdicts *vs, const struct verdict *v)
{
	size_t from = b->n, lines = 0;

	put(b, vs, v, false);
	for (size_t i = from; i < b->n; i++)
		lines += b->p[i] == '\n';
	if (lines <= SCREEN)
		return;
	b->n = from;
	put(b, vs, v, true);
}
