/*
 * smi - many measurements of one GPU in one object: rows of nvidia-smi's CSV, unchanged
 * (csv.h) or from Miller or jq, with its query names; telegraf's JSON records from its
 * plugins nvidia_smi and prometheus; records of metricbeat's module prometheus and of
 * CloudWatch's agent; and Vector's metrics.
 * Sources: nvidia-smi --help-query-gpu; telegraf's documentation, output format
 * json and these plugins; metricbeat's prometheus/collector/_meta/data.json;
 * CloudWatch's embedded metric format; Vector's data model, metrics.
 */
#include "input/dialect/dialect.h"
#include "input/series.h"

/* "power.draw [W]" without the unit, which the name implies. */
static struct str
column(struct str name)
{
	size_t unit = str_find(name, S(" ["));

	return unit < name.n && str_ends(name, S("]")) ? str_head(name, unit) : name;
}

/* A cell "1980 MHz" without the unit. */
static struct str
cell(struct str text)
{
	static const struct str units[] = {STR_INIT(" MHz"), STR_INIT(" W"), STR_INIT(" C"), STR_INIT(" us"), STR_INIT(" %")};

	for (size_t i = 0; i < NELEM(units); i++)
		if (str_ends(text, units[i]))
			return str_head(text, text.n - units[i].n);
	return text;
}

/* Add a measurement of the GPU in the labels. */
static bool
measured(struct reader *r, const struct series *s, struct str name, int64_t t, struct str text)
{
	struct measure m;

	if (!series_measure(r, s, name, &m))
		return false;
	series_add(r, &m, t, text);
	series_end(r, &m);
	return true;
}

static bool
row(struct reader *r, struct value v)
{
	struct series s = {0};
	bool any = false;
	int64_t t;

	series_label(&s, S("host"), r->base.node);
	series_labels(r, &s, v);
	t = reader_time(r, v, usual_times);
	t = t == NO_TIME ? r->base.t : t;
	t = t == NO_TIME ? r->scrape_time : t;
	for (struct value e = value_first(v); value_ok(e); e = value_next(v, e)) {
		struct str name = column(value_name(e, &r->mem));

		if (str_has(name, S(".")) || str_starts(name, S("DCGM_FI_")))
			any |= measured(r, &s, name, t, cell(value_text(value_of_member(e), &r->mem)));
	}
	return any;
}

/* {"name":…,"tags":{…},"fields":{…},"timestamp":…}: a field is named after its metric, or
 * after the type of the metric in the record's name. */
static bool
telegraf(struct reader *r, struct value v)
{
	static const struct str kinds[] = {STR_INIT("gauge"), STR_INIT("counter"), STR_INIT("value"), STR_INIT("untyped")};
	struct str name = value_text(value_get(v, S("name")), &r->mem);
	struct value fields = value_get(v, S("fields"));
	struct series s = {0};
	bool any = false;
	int64_t t;

	series_labels(r, &s, value_get(v, S("tags")));
	t = reader_time(r, v, usual_times);
	for (struct value e = value_first(fields); value_ok(e); e = value_next(fields, e)) {
		struct str field = value_name(e, &r->mem), text = value_text(value_of_member(e), &r->mem);

		for (size_t i = 0; i < NELEM(kinds); i++)
			if (str_eq(field, kinds[i]))
				field = name;
		if (str_eq(name, S("nvidia_smi")))
			field = metric_dotted(field);
		any |= measured(r, &s, field, t, text);
	}
	return any;
}

static bool
is_telegraf(struct value v)
{
	return value_is_object(value_get(v, S("fields"))) && value_is_object(value_get(v, S("tags"))) &&
	       value_is_string(value_get(v, S("name")));
}

/* {"@timestamp":…,"prometheus":{"labels":{…},"metrics":{…}}}; with the setting use_types
 * {"prometheus":{"labels":{…},"DCGM_FI_DEV_GPU_TEMP":{"value":…}}} */
static bool
metricbeat(struct reader *r, struct value v)
{
	struct value metrics = value_at(v, S("prometheus/metrics"));
	bool typed = !value_is_object(metrics), any = false;
	struct series s = {0};
	int64_t t;

	series_labels(r, &s, value_at(v, S("prometheus/labels")));
	t = reader_time(r, v, usual_times);
	metrics = typed ? value_get(v, S("prometheus")) : metrics;
	for (struct value e = value_first(metrics); value_ok(e); e = value_next(metrics, e)) {
		struct value one = value_of_member(e);

		any |= measured(r, &s, value_name(e, &r->mem), t, typed ? reader_text(r, one, S("value|counter")) : value_text(one, &r->mem));
	}
	return any;
}

/* {"name":…,"tags":{…},"timestamp":…,"gauge":{"value":…}} */
static bool
vector(struct reader *r, struct value v)
{
	struct series s = {0};

	series_labels(r, &s, value_get(v, S("tags")));
	return measured(r, &s, value_text(value_get(v, S("name")), &r->mem), reader_time(r, v, usual_times),
			reader_text(r, v, S("gauge/value|counter/value")));
}

/* Names of columns in databases for a sample's metric and its
 * value. */
static const struct str sample_names = STR_INIT("__name__|metric|Name|MetricName|labels/__name__|metric/__name__"), sample_values = STR_INIT("value|Value|Val");

/* {"Name":…,"Val":…,"Tags":"{…}","TimeGenerated":…} of Azure's InsightsMetrics,
 * {"metric":…,"value":…,"tags":{…},"timestamp":…} of OpenTSDB,
 * {"MetricName":…,"Value":…,"Attributes":{…},"TimeUnix":…} of OpenTelemetry's exporter
 * to ClickHouse, {"name":…,"labels":{"__name__":…,…},"value":…,"timestamp":…} of
 * prometheus-kafka-adapter, and rows with labels as columns */
static bool
sample(struct reader *r, struct value v)
{
	static const struct str tags[] = {STR_INIT("ResourceAttributes"), STR_INIT("Attributes"), STR_INIT("tags"), STR_INIT("Tags"), STR_INIT("labels"), STR_INIT("metric")};
	struct series s = {0};

	/* read again with the object in place of the string */
	if (value_is_string(value_get(v, S("Tags"))) && !r->inside)
		return reader_object(r, json_raw(v.j, v.at), &r->base);
	series_label(&s, S("host"), reader_text(r, v, S("Computer")));
	series_labels(r, &s, v);
	for (size_t i = 0; i < NELEM(tags); i++)
		series_labels(r, &s, value_get(v, tags[i]));
	return measured(r, &s, reader_text(r, v, sample_names), reader_time(r, v, usual_times), reader_text(r, v, sample_values));
}

/* Does v have one of the members "a|b"? */
static bool
has_one(struct value v, struct str paths)
{
	struct str path;

	while (str_cut(&paths, '|', &path))
		if (value_ok(value_at(v, path)))
			return true;
	return false;
}

static bool
is_sample(struct value v)
{
	return has_one(v, sample_names) && has_one(v, sample_values);
}

static bool
is_metricbeat(struct value v)
{
	return value_is_object(value_at(v, S("prometheus/labels"))) || value_is_object(value_at(v, S("prometheus/metrics")));
}

static bool
is_vector(struct value v)
{
	return value_is_string(value_get(v, S("name"))) && value_is_object(value_get(v, S("tags"))) &&
	       (value_is_object(value_get(v, S("gauge"))) || value_is_object(value_get(v, S("counter"))));
}

static bool
is_row(struct value v)
{
	static const struct str gpus[] = {
		STR_INIT("uuid"), STR_INIT("pci.bus_id"), STR_INIT("index"), STR_INIT("gpu_uuid"), STR_INIT("gpu_bus_id"),
		STR_INIT("UUID"), STR_INIT("pci_bus_id"),
	};
	bool dated = value_ok(value_get(v, S("timestamp"))) || value_ok(value_get(v, S("Timestamp"))) ||
		     value_ok(value_get(v, S("pci.bus_id"))) || value_ok(value_get(v, S("gpu_bus_id"))) ||
		     value_ok(value_get(v, S("enforced.power.limit"))); /* from gpustat, dated by the object around it */

	for (size_t i = 0; i < NELEM(gpus) && dated; i++)
		if (value_ok(value_get(v, gpus[i])))
			return true;
	return false;
}

/* {"metrics":[…]}: several records of telegraf */
static bool
is_batch(struct value v)
{
	return is_telegraf(value_first(value_get(v, S("metrics"))));
}

static bool
by_shape(struct value v)
{
	return is_telegraf(v) || is_batch(v) || is_metricbeat(v) || is_vector(v) || is_row(v) || is_sample(v);
}

static bool
read(struct reader *r, struct value v)
{
	struct value list;
	bool any = false;

	/* not only for the identity of GPUs: such input is much larger than a log */
	if (!events_want(r->ev, EVENT_SAMPLE))
		return false;
	if (!is_batch(v))
		return is_telegraf(v) ? telegraf(r, v) : is_metricbeat(v) ? metricbeat(r, v) : is_vector(v) ? vector(r, v) : is_sample(v) ? sample(r, v) : row(r, v);
	list = value_get(v, S("metrics"));
	for (struct value e = value_first(list); value_ok(e); e = value_next(list, e))
		any |= is_telegraf(e) && telegraf(r, e);
	return any;
}

/* Its words are among those of prometheus.c. */
const struct dialect smi_dialect = {.by_shape = by_shape, .read = read};
