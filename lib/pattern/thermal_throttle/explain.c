#include "join/phrase.h"
#include "pattern/thermal_throttle/thermal.h"

void
thermal_explain_field(struct buf *b, uint16_t field)
{
	buf_key(b, "field");
	buf_chr(b, '"');
	thermal_put_field(b, field);
	buf_chr(b, '"');
}

void
thermal_explain_reasons(struct buf *b, unsigned r)
{
	char before = '[';

	buf_key(b, "reasons");
	for (size_t i = 0; i < REASONS; i++)
		if (r & thermal_reasons[i].bit) {
			buf_chr(b, before);
			buf_json(b, thermal_reasons[i].name);
			before = ',';
		}
	buf_chr(b, ']');
}

struct buf *
thermal_explain_open(const struct thermal *w, struct str what, const struct gpu_series *g)
{
	struct buf *b = w->d->explain, *id = w->d->spare;

	phrase_open(b, what);
	phrase_str(b, "node", name(w, g->node));
	id->n = 0;
	thermal_put_gpu(id, w, g);
	phrase_str(b, "gpu_id", buf_str(id));
	return b;
}

void
thermal_explain_others(const struct thermal *w, const struct gpu_series *g)
{
	struct slice of = g->of[MASK];
	uint64_t count = 0;
	unsigned seen = 0, never = 0, m;
	int64_t first = 0, last = 0;
	struct buf *b;

	for (size_t i = 0; i < REASONS; i++)
		if (!thermal_reasons[i].counts || (thermal_reasons[i].bit == POWER_BRAKE && !w->c->power))
			never |= thermal_reasons[i].bit;
	for (size_t i = 0; i < of.n; i++) {
		m = (unsigned)(of.s[i].value & 0xffff) & never;
		if (!m || thermal_reasons_of(of.s[i].value, HEAT))
			continue;
		seen |= m;
		first = count++ ? first : of.s[i].e.t;
		last = of.s[i].e.t;
	}
	if (!count)
		return;
	b = thermal_explain_open(w, S("slowdown that is not thermal"), g);
	thermal_explain_reasons(b, seen);
	phrase_int(b, "samples", (int64_t)count);
	phrase_time(b, "first", first);
	phrase_time(b, "last", last);
	phrase_close(b, seen & POWER_BRAKE ? S("only thermal throttling is reported; use --power to report the HW power brake") : S("only thermal throttling is reported"));
}
