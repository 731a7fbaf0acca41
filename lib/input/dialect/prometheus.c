/*
 * prometheus - measurements in formats of Prometheus and related tools: responses of the
 * HTTP API (instant vectors and range matrices), single series of these from promtool,
 * jq and VictoriaMetrics' export, Google's time series, prom2json's families, and
 * exporters' text format.
 * Sources: Prometheus documentation, HTTP API and exposition formats;
 * OpenMetrics 1.0 (times in seconds, exemplars); prom2json's README;
 * VictoriaMetrics' /api/v1/export ("timestamps" in ms next to the values);
 * Cloud Monitoring's API v3, TimeSeries; dcgm-exporter's README (DCGM_EXP_*).
 */
#include <string.h>

#include "base/num.h"
#include "input/dialect/dialect.h"
#include "input/series.h"

/* [seconds, "value"] */
static void
point(struct reader *r, struct measure *m, struct value pair)
{
	struct value first = value_first(pair), second;
	int64_t t;

	if (!value_ok(first))
		return;
	second = value_next(pair, first);
	if (value_ok(second) && time_epoch(value_text(first, &r->mem), 0, &t))
		series_add(r, m, t, value_text(second, &r->mem));
}

/* Values and their times in ms. */
static void
points(struct reader *r, struct measure *m, struct value values, struct value times)
{
	struct value p = value_first(values), at = value_first(times);
	int64_t t;

	for (; value_ok(p) && value_ok(at); p = value_next(values, p), at = value_next(times, at))
		if (time_epoch(value_text(at, &r->mem), 3, &t))
			series_add(r, m, t, value_text(p, &r->mem));
}

/* Is a value of the series not 0? */
static bool
has_count(struct reader *r, struct value v)
{
	struct value list = value_get(v, S("values")), last = value_get(v, S("value"));
	int64_t n;

	for (struct value p = value_first(list); value_ok(p); p = value_next(list, p)) {
		struct value one = value_is_array(p) ? value_next(p, value_first(p)) : p;

		if (num_fixed(value_text(one, &r->mem), 0, &n) && n)
			return true;
	}
	last = value_is_array(last) ? value_next(last, value_first(last)) : last;
	return num_fixed(value_text(last, &r->mem), 0, &n) && n;
}

/* Set a remark on series with counts but without times, which are not read: an alternative. */
static void
see_counts(struct reader *r, struct value v, struct str name)
{
	bool xid = str_eq(name, S("DCGM_FI_DEV_XID_ERRORS")) || str_starts(name, S("DCGM_EXP_XID_ERRORS_"));
	bool clock = str_starts(name, S("DCGM_EXP_CLOCK_")) &&
		     str_has(value_text(value_at(v, S("metric/clock_event")), &r->mem), S("thermal"));

	if (events_want(r->ev, EVENT_SAMPLE) ? !clock : !xid)
		return;
	if (has_count(r, v))
		r->remark = xid ? S("Xids counted by DCGM, which does not say when they occurred: use the kernel log") :
				  S("clock events counted by DCGM, which does not say when they occurred: use DCGM_FI_DEV_CLOCKS_EVENT_REASONS");
}

static void
series(struct reader *r, struct value v)
{
	struct value labels = value_get(v, S("metric")), values = value_get(v, S("values"));
	struct value times = value_get(v, S("timestamps"));
	/* most series are not used: check only the name first */
	struct str name = value_text(value_get(labels, S("__name__")), &r->mem);
	struct series s = {0};
	struct measure m;
	int shift;

	see_counts(r, v, name);
	if (!events_want(r->ev, EVENT_SAMPLE))
		return;
	if (!metric_scaled(name, &shift) && !metric_reason(name) && !str_starts(name, S("hw")) && !str_starts(name, S("gpu")))
		return;
	reader_at(r, v);
	series_labels(r, &s, labels);
	if (!series_measure(r, &s, name, &m))
		return;
	point(r, &m, value_get(v, S("value")));
	if (value_is_array(times))
		points(r, &m, values, times);
	for (struct value p = value_first(values); value_ok(p); p = value_next(values, p))
		point(r, &m, p);
	series_end(r, &m);
}

/* "prometheus.googleapis.com/DCGM_FI_DEV_GPU_TEMP/gauge" */
static struct str
google_name(struct str type)
{
	struct str domain, name = {0};

	str_cut(&type, '/', &domain);
	str_cut(&type, '/', &name);
	return name;
}

static bool
is_google(struct value v)
{
	return value_is_array(value_get(v, S("points"))) && value_is_string(value_at(v, S("metric/type")));
}

/* {"metric":{"type":…,"labels":{…}},"resource":{"labels":{…}},"points":[{"interval":{…},"value":{"doubleValue":…}}]} */
static void
google(struct reader *r, struct value v)
{
	struct value points = value_get(v, S("points"));
	struct series s = {0};
	struct measure m;

	series_labels(r, &s, value_at(v, S("resource/labels")));
	series_labels(r, &s, value_at(v, S("metric/labels")));
	if (!series_measure(r, &s, google_name(value_text(value_at(v, S("metric/type")), &r->mem)), &m))
		return;
	reader_at(r, v);
	for (struct value p = value_first(points); value_ok(p); p = value_next(points, p))
		series_add(r, &m, reader_time(r, p, S("interval/endTime")), reader_text(r, p, S("value/doubleValue|value/int64Value")));
	series_end(r, &m);
}

/* {"name":…,"type":…,"metrics":[{"labels":{…},"value":…,"timestamp_ms":…}]} */
static void
family(struct reader *r, struct value v, struct value metrics)
{
	struct str name = value_text(value_get(v, S("name")), &r->mem);
	struct series s;
	struct measure m;
	int64_t t;

	for (struct value e = value_first(metrics); value_ok(e); e = value_next(metrics, e)) {
		s = (struct series){0};
		reader_at(r, e);
		series_labels(r, &s, value_get(e, S("labels")));
		if (!series_measure(r, &s, name, &m))
			continue;
		if (!time_epoch(value_text(value_get(e, S("timestamp_ms")), &r->mem), 3, &t))
			t = r->scrape_time;
		series_add(r, &m, t, value_text(value_get(e, S("value")), &r->mem));
		series_end(r, &m);
	}
}

static bool
has_series(struct value list)
{
	struct value e = value_first(list);

	while (value_ok(e) && !value_is_object(e))
		e = value_next(list, e);
	return value_is_object(value_get(e, S("metric")));
}

/* Is it a single element of data.result? */
static bool
is_series(struct value v)
{
	return value_is_object(value_get(v, S("metric"))) && (value_is_array(value_get(v, S("value"))) ||
		value_is_array(value_get(v, S("values"))));
}

/* The result of a response, or of its data alone. */
static struct value
result_of(struct value v)
{
	struct value result = value_at(v, S("data/result"));

	return value_is_array(result) ? result : value_get(v, S("result"));
}

/* {"status":"error","errorType":"timeout","error":"query timed out"} */
static bool
is_failure(struct value v)
{
	return value_ok(value_get(v, S("status"))) && value_ok(value_get(v, S("errorType"))) &&
	       value_ok(value_get(v, S("error")));
}

/* A response may contain warnings that it is incomplete. */
static void
see_warnings(struct reader *r, struct value v)
{
	struct str warning = value_text(value_first(value_get(v, S("warnings"))), &r->mem);

	if (warning.n)
		r->remark = reader_joined(r, S("the query's warning: "), warning);
	else if (str_eq(value_text(value_get(v, S("isPartial")), &r->mem), S("true")))
		r->remark = S("the query's answer is partial");
}

static bool
by_shape(struct value v)
{
	return is_failure(v) || is_series(v) || is_google(v) || value_is_array(result_of(v)) ||
	       (value_is_array(value_get(v, S("metrics"))) && value_is_string(value_get(v, S("name"))) &&
		value_is_string(value_get(v, S("type"))));
}

static bool
read(struct reader *r, struct value v)
{
	struct value result = result_of(v);
	/* not only for the identity of GPUs: such input is much larger than a log */
	bool wanted = events_want(r->ev, EVENT_SAMPLE);
	struct str type;

	if (is_series(v)) {
		series(r, v);
		return true;
	}
	if (is_google(v)) {
		if (wanted)
			google(r, v);
		return true;
	}
	if (is_failure(v)) {
		if (!str_eq(value_text(value_get(v, S("status")), &r->mem), S("error")))
			return false;
		if (wanted)
			r->why = reader_joined(r, S("query failed: "), value_text(value_get(v, S("error")), &r->mem)).p;
		return true;
	}
	if (value_is_array(result)) {
		type = reader_text(r, v, S("data/resultType|resultType"));
		/* in a part of a response, the type may still follow */
		if (type.n ? !str_eq(type, S("vector")) && !str_eq(type, S("matrix")) : !has_series(result))
			return false;
		for (struct value e = value_first(result); value_ok(e); e = value_next(result, e))
			series(r, e);
		if (wanted)
			see_warnings(r, v);
		return true;
	}
	if (wanted)
		family(r, v, value_get(v, S("metrics")));
	return true;
}

/* OTLP's words are in measurements.c; a claim is a name in quotes.  points.c reads some of
 * those of Datadog's check dcgm. */
static const struct word words[] = {
	{STR_INIT("\"errorType\""), 1u << EVENT_SAMPLE},
	{STR_INIT("\"isPartial\""), 1u << EVENT_SAMPLE},
	{STR_INIT("\"warnings\""), 1u << EVENT_SAMPLE},
	{STR_INIT("DCGM_EXP_"), 1u << EVENT_SAMPLE | 1u << EVENT_XID},
	{STR_INIT("DCGM_FI_DEV_XID"), 1u << EVENT_XID},
	{STR_INIT("\"dcgm."), 1u << EVENT_SAMPLE},
	{STR_INIT("\"DCGM Diagnostic"), 1u << EVENT_SAMPLE},
	{STR_INIT("\"DCGM GPU Diagnostic"), 1u << EVENT_SAMPLE},
	{STR_INIT("\"Health Monitor Report"), 1u << EVENT_SAMPLE},
	{.gives = 0},
}, claims[] = { /* the first ones are from dcgmi diag -j and health -c -j */
	{STR_INIT("\"DCGM Diagnostic"), 1u << EVENT_SAMPLE},
	{STR_INIT("\"DCGM GPU Diagnostic"), 1u << EVENT_SAMPLE},
	{STR_INIT("\"Health Monitor Report"), 1u << EVENT_SAMPLE},
	{STR_INIT("\"DCGM_FI_"), 1u << EVENT_SAMPLE},
	{STR_INIT(".DCGM_FI_"), 1u << EVENT_SAMPLE}, /* Graphite's paths */
	{STR_INIT("\"dcgm.clock_throttle_reasons"), 1u << EVENT_SAMPLE},
	{STR_INIT("\"dcgm.temperature"), 1u << EVENT_SAMPLE},
	{STR_INIT("\"dcgm.correctable_remapped_rows"), 1u << EVENT_SAMPLE},
	{STR_INIT("\"dcgm.uncorrectable_remapped_rows"), 1u << EVENT_SAMPLE},
	{.gives = 0},
};

const struct dialect prometheus_dialect = {.by_shape = by_shape, .read = read, .words = words, .claims = claims};

/* ---- text ---- */

static bool
is_name(char c, bool first)
{
	return char_letter(c) || c == '_' || c == ':' ||
	       (!first && char_digit(c));
}

static struct str
eat_name(struct str *s)
{
	struct str name = {s->p, 0};

	while (name.n < s->n && is_name(s->p[name.n], name.n == 0))
		name.n++;
	*s = str_from(*s, name.n);
	return name;
}

/* Remove a quoted string from the start of *s; *text: unescaped. */
static bool
eat_quoted(struct reader *r, struct str *s, struct str *text)
{
	struct buf b = {0};
	size_t end;

	if (!str_eat(s, S("\"")))
		return false;
	for (end = 0; end < s->n && s->p[end] != '"'; end++)
		if (s->p[end] == '\\') {
			b.cap = s->n;
			end++;
		}
	if (end >= s->n)
		return false;
	*text = str_head(*s, end);
	*s = str_from(*s, end + 1);
	if (!b.cap)
		return true;
	b.p = mem_bytes(&r->mem, text->n);
	for (size_t i = 0; i < text->n; i++) {
		char c = text->p[i];

		if (c == '\\') /* another character follows, or the string would not have ended */
			c = text->p[++i] == 'n' ? '\n' : text->p[i];
		b.p[b.n++] = c;
	}
	*text = buf_str(&b);
	return true;
}

/* {name="text", …} */
static bool
eat_labels(struct reader *r, struct str *s, struct series *to)
{
	struct str name, text;

	if (!str_eat(s, S("{")))
		return true;
	for (;;) {
		str_eat_blanks(s);
		if (str_eat(s, S("}")))
			return true;
		name = eat_name(s);
		str_eat_blanks(s);
		if (name.n == 0 || !str_eat(s, S("=")))
			return false;
		str_eat_blanks(s);
		if (!eat_quoted(r, s, &text))
			return false;
		series_label(to, name, text);
		str_eat_blanks(s);
		if (!str_eat(s, S(",")) && !str_starts(*s, S("}")))
			return false;
	}
}

/* Only digits, a point and an exponent, not a time or date? */
static bool
is_digits(struct str s)
{
	size_t n = 0;

	while (n < s.n && strchr("0123456789.eE+-", s.p[n]) && s.p[n])
		n++;
	return s.n && n == s.n && char_digit(s.p[0]);
}

static bool
is_number(struct str s)
{
	int64_t v;

	str_eat(&s, S("-"));
	str_eat(&s, S("+"));
	return num_fixed(s, 0, &v) || str_ieq(s, S("NaN")) || str_ieq(s, S("Inf")) || str_ieq(s, S("Infinity")) ||
	       is_digits(s); /* beyond int64 */
}

enum exposition
exposition_read(struct reader *r, struct str line, bool add)
{
	struct str rest = str_trim(line), name, value, time = {0};
	struct series s = {0};
	struct measure m;
	int64_t t = r->scrape_time;
	bool promtool;

	if (str_starts(rest, S("#")))
		return EXPOSITION_COMMENT;
	name = eat_name(&rest);
	str_eat_blanks(&rest);
	if ((name.n == 0 && !str_starts(rest, S("{__name__="))) || !eat_labels(r, &rest, &s))
		return EXPOSITION_NOT;
	if (name.n == 0) /* promtool tsdb dump */
		name = s.label[LABEL_NAME].text;
	str_eat_blanks(&rest);
	promtool = str_eat(&rest, S("=> "));
	if (!str_cut(&rest, ' ', &value) || !is_number(value))
		return EXPOSITION_NOT;
	str_eat_blanks(&rest);
	if (promtool) { /* promtool query instant: "=> 64 @[1778728200.123]" */
		if (!str_eat(&rest, S("@[")) || !str_cut(&rest, ']', &time) || !time_epoch(time, 0, &t))
			return EXPOSITION_NOT;
	} else if (rest.n && *rest.p != '#') {
		str_cut(&rest, ' ', &time);
		/* milliseconds; OpenMetrics writes seconds with a point */
		if (!time_epoch(time, str_has(time, S(".")) ? 0 : 3, &t))
			return EXPOSITION_NOT;
	}
	if (add && series_measure(r, &s, name, &m)) {
		series_add(r, &m, t, value);
		series_end(r, &m);
	}
	mem_reset(&r->mem);
	return EXPOSITION_SAMPLE;
}
