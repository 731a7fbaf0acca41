/*
 * series - the metric and GPU of a measurement, from its labels.  Exporters, Prometheus
 * and OpenTelemetry have many names for the same label; the better name wins, in any
 * position.
 * Source: render_metrics.go and gpu_collector.go of dcgm-exporter, labels that
 * scrape configurations commonly add, OpenTelemetry's hardware conventions
 * and the dcgm receiver of its Collector.
 * Layer input: includes reader, metric.
 */
#ifndef SERIES_H
#define SERIES_H

#include "input/reader.h"
#include "event/metric.h"

enum series_label {
	LABEL_NAME,        /* of the metric */
	LABEL_HOST,        /* the node, from its exporter or a scrape label */
	LABEL_INSTANCE,    /* scrape address, host:port */
	LABEL_POD,
	LABEL_NAMESPACE,   /* of that pod */
	LABEL_TENANT,      /* the pod using the GPU, if LABEL_POD is the exporter's */
	LABEL_TENANT_NAMESPACE,
	LABEL_PCI,         /* an address, or another form of id */
	LABEL_UUID,
	LABEL_INDEX,
	LABEL_SERIAL,      /* of the board */
	LABEL_MIG,         /* number of a MIG instance */
	LABEL_TYPE, LABEL_SUBTYPE, LABEL_PERSISTENCE, /* of errors */
	LABEL_VIOLATION,   /* reason for lower clocks */
	LABELS,
};

/* Start from {0}. */
struct series {
	struct labelled {
		struct str text;
		unsigned rank; /* of the label's name: 1 is best */
	} label[LABELS], second; /* second: next best LABEL_HOST with a different text */
};

/* Add a label; of two with the same meaning the better name wins, or else the later
 * one.  Empty texts are ignored. */
void series_label(struct series *s, struct str name, struct str text);
/* Add all members of an object, or attributes. */
void series_labels(struct reader *r, struct series *s, struct value v);

struct measure {
	const struct metric *m;
	int64_t reason;       /* values show whether this bit is set (metric_active); or 0 */
	int shift;            /* values are in 10^shift of the metric's unit */
	bool wanted;          /* the field is; false: only the GPU's identity is used */
	struct sample sample; /* without time, value and start */
	struct str pod, ns;   /* the pod using the GPU, according to labels */
	struct str serial;    /* the GPU's, or empty */
	int64_t first, last;  /* times of the values added */
	bool any;
};

/* Does a pattern use series of this name? */
bool series_used(struct str name);
/* Set *m to the measure of a series with this name; false if no pattern uses it or it
 * does not identify a GPU. */
bool series_measure(struct reader *r, const struct series *s, struct str name, struct measure *m);
/* Add a value; false if the text is not a value. */
bool series_add(struct reader *r, struct measure *m, int64_t t, struct str text);
/* Call after the last value: adds the GPU's identity. */
void series_end(struct reader *r, const struct measure *m);

#endif
