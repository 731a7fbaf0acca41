/*
 * measurements - metrics in OTLP/JSON, written by the Collector's file exporter: one
 * ExportMetricsServiceRequest per line, many points each.  Gauges and sums are read,
 * deltas as increases in their interval; histograms are not.
 * Source: opentelemetry-proto, metrics.proto and its JSON mapping.
 */
#include "input/dialect/dialect.h"
#include "input/series.h"

enum { DELTA = 1 };          /* AGGREGATION_TEMPORALITY_DELTA */
enum { NO_RECORDED_VALUE = 1 }; /* DataPointFlags */

static int64_t
time_in(struct reader *r, struct value point, struct str name)
{
	int64_t t;

	return time_epoch(value_text(value_get(point, name), &r->mem), 9, &t) && t != 0 ? t : NO_TIME;
}

static void
point(struct reader *r, struct value p, struct str name, const struct series *around, bool sum, bool delta)
{
	static const struct str numbers[] = {STR_INIT("asInt"), STR_INIT("asDouble")};
	struct series own = {0};
	struct measure m;
	struct str text = {0};
	int64_t flags;

	if (value_i64(value_get(p, S("flags")), &flags) && (flags & NO_RECORDED_VALUE))
		return;
	reader_at(r, p);
	series_labels(r, &own, value_otlp(value_get(p, S("attributes"))));
	/* the resource supplies labels that the point lacks */
	for (size_t i = 0; i < LABELS; i++)
		if (own.label[i].rank == 0)
			own.label[i] = around->label[i];
	if (!series_measure(r, &own, name, &m))
		return;
	for (size_t i = 0; i < NELEM(numbers) && text.n == 0; i++)
		text = value_text(value_get(p, numbers[i]), &r->mem);
	m.sample.delta = delta;
	/* a scraped counter is older than the start that its receiver sets, the first
	 * scrape */
	if (delta || (sum && !str_starts(name, S("DCGM_FI_"))))
		m.sample.start = time_in(r, p, S("startTimeUnixNano"));
	series_add(r, &m, time_in(r, p, S("timeUnixNano")), text);
	series_end(r, &m);
}

static void
metric(struct reader *r, struct value v, const struct series *around)
{
	struct str name = value_text(value_get(v, S("name")), &r->mem);
	struct value sum = value_get(v, S("sum")), body = value_ok(sum) ? sum : value_get(v, S("gauge"));
	struct value points = value_get(body, S("dataPoints"));
	int64_t kind = 0;

	if (!metric_named(name) && !str_starts(name, S("hw")) && !str_starts(name, S("gpu")))
		return;
	if (value_ok(sum) && !value_i64(value_get(sum, S("aggregationTemporality")), &kind))
		kind = str_has(value_text(value_get(sum, S("aggregationTemporality")), &r->mem), S("DELTA")) ? DELTA : 0;
	for (struct value p = value_first(points); value_ok(p); p = value_next(points, p))
		point(r, p, name, around, value_ok(sum), kind == DELTA);
}

static bool
by_shape(struct value v)
{
	return value_ok(value_get(v, S("resourceMetrics")));
}

static bool
read(struct reader *r, struct value v)
{
	struct value all = value_get(v, S("resourceMetrics")), scopes, list;
	struct series around;

	/* not only for the identity of GPUs: such input is much larger than a log */
	if (!events_want(r->ev, EVENT_SAMPLE))
		return true;
	for (struct value rm = value_first(all); value_ok(rm); rm = value_next(all, rm)) {
		around = (struct series){0};
		series_labels(r, &around, value_otlp(value_at(rm, S("resource/attributes"))));
		scopes = value_get(rm, S("scopeMetrics"));
		for (struct value sm = value_first(scopes); value_ok(sm); sm = value_next(scopes, sm)) {
			list = value_get(sm, S("metrics"));
			for (struct value m = value_first(list); value_ok(m); m = value_next(list, m))
				metric(r, m, &around);
		}
	}
	return true;
}

const struct dialect measurements_dialect = {.by_shape = by_shape, .read = read, .words = metric_words};
