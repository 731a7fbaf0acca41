/*
 * points - time series with their points in a list: query responses of Datadog and
 * OpenTSDB.
 * Sources: Datadog's API reference, query timeseries points; DataDog/
 * integrations-core, dcgm (metrics.py: its names of DCGM's fields); OpenTSDB's
 * HTTP API, /api/query.
 */
#include "base/num.h"
#include "input/dialect/dialect.h"
#include "input/series.h"

/* ---- Datadog ---- */

/* Gauges of its check dcgm; its counters are per interval, which depends on the
 * query. */
static const struct {
	struct str name, dcgm;
	bool mask; /* a bit mask, whose average is meaningless */
} gauges[] = {
	{STR_INIT("dcgm.temperature"), STR_INIT("DCGM_FI_DEV_GPU_TEMP"), false},
	{STR_INIT("dcgm.mem.temperature"), STR_INIT("DCGM_FI_DEV_MEMORY_TEMP"), false},
	{STR_INIT("dcgm.sm_clock"), STR_INIT("DCGM_FI_DEV_SM_CLOCK"), false},
	{STR_INIT("dcgm.power_usage"), STR_INIT("DCGM_FI_DEV_POWER_USAGE"), false},
	{STR_INIT("dcgm.gpu_utilization"), STR_INIT("DCGM_FI_DEV_GPU_UTIL"), false},
	{STR_INIT("dcgm.slowdown_temperature"), STR_INIT("DCGM_FI_DEV_SLOWDOWN_TEMP"), false},
	{STR_INIT("dcgm.clock_throttle_reasons"), STR_INIT("DCGM_FI_DEV_CLOCK_THROTTLE_REASONS"), true},
};

static bool
is_datadog(struct value v)
{
	return value_is_array(value_get(v, S("pointlist"))) && value_is_string(value_get(v, S("metric")));
}

/* Is each point a measurement?  Datadog combines all in an interval into one, by default
 * their average. */
static bool
is_measured(struct reader *r, struct value v)
{
	enum { INTERVAL = 15 }; /* seconds between two, by default */
	struct str query = reader_text(r, v, S("expression")), aggregate = reader_text(r, v, S("aggr"));
	int64_t interval;

	if (!str_listed(S("max,min"), aggregate))
		return false;
	return str_has(query, S(".rollup(max,")) || str_has(query, S(".rollup(min,")) ||
	       (value_i64(value_get(v, S("interval")), &interval) && interval > 0 && interval <= INTERVAL);
}

/* "gpu:4,host:gpu-7" */
static void
scope(struct series *s, struct str tags)
{
	struct str tag, name;

	while (str_cut(&tags, ',', &tag))
		if (str_cut(&tag, ':', &name) && tag.p)
			series_label(s, name, tag);
}

/* [[1778730020000.0, 64.0], …]: in ms */
static void
pairs(struct reader *r, struct measure *m, struct value list)
{
	for (struct value p = value_first(list); value_ok(p); p = value_next(list, p)) {
		struct value first = value_first(p);
		int64_t t;

		if (value_ok(first) && value_ok(value_next(p, first)) && time_guess(value_text(first, &r->mem), &t))
			series_add(r, m, t, value_text(value_next(p, first), &r->mem));
	}
}

static bool
datadog(struct reader *r, struct value v)
{
	struct str name = value_text(value_get(v, S("metric")), &r->mem);
	struct series s = {0};
	struct measure m;
	size_t i = 0;

	while (i < NELEM(gauges) && !str_eq(gauges[i].name, name))
		i++;
	if (i == NELEM(gauges))
		return false;
	if (gauges[i].mask && !is_measured(r, v)) {
		if (events_want_field(r->ev, METRIC_CLOCKS_EVENT))
			r->remark = S("reasons of throttling, of which Datadog may have made averages: query max:...{...} by {host,gpu}.rollup(max,60)");
		return false;
	}
	scope(&s, value_text(value_get(v, S("scope")), &r->mem));
	if (!series_measure(r, &s, gauges[i].dcgm, &m))
		return false;
	reader_at(r, v);
	pairs(r, &m, value_get(v, S("pointlist")));
	series_end(r, &m);
	return true;
}

/* ---- OpenTSDB ---- */

/* {"metric":…,"tags":{…},"dps":{"1778730020":0}}, or of "dps":[[1778730020,0]] */
static bool
is_opentsdb(struct value v)
{
	return value_is_string(value_get(v, S("metric"))) && value_is_object(value_get(v, S("tags"))) &&
	       (value_is_object(value_get(v, S("dps"))) || value_is_array(value_get(v, S("dps"))));
}

static bool
opentsdb(struct reader *r, struct value v)
{
	struct value points = value_get(v, S("dps"));
	struct series s = {0};
	struct measure m;
	int64_t t;

	series_labels(r, &s, value_get(v, S("tags")));
	if (!series_measure(r, &s, value_text(value_get(v, S("metric")), &r->mem), &m))
		return false;
	reader_at(r, v);
	if (value_is_array(points))
		pairs(r, &m, points);
	else
		for (struct value p = value_first(points); value_ok(p); p = value_next(points, p))
			if (time_guess(value_name(p, &r->mem), &t))
				series_add(r, &m, t, value_text(value_of_member(p), &r->mem));
	series_end(r, &m);
	return true;
}

/* ---- both ---- */

static bool
by_shape(struct value v)
{
	return is_datadog(v) || is_opentsdb(v) || is_datadog(value_first(value_get(v, S("series"))));
}

static bool
read(struct reader *r, struct value v)
{
	struct value list = value_get(v, S("series"));
	bool any = false;

	/* not only for the identity of GPUs: such input is much larger than a log */
	if (!events_want(r->ev, EVENT_SAMPLE))
		return false;
	if (is_opentsdb(v))
		return opentsdb(r, v);
	if (is_datadog(v))
		return datadog(r, v);
	for (struct value e = value_first(list); value_ok(e); e = value_next(list, e))
		any |= is_datadog(e) && datadog(r, e);
	return any;
}

/* its words and claims are among those of prometheus.c */
const struct dialect points_dialect = {.by_shape = by_shape, .read = read};
