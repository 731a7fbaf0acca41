/*
 * series - what the labels of a measurement say: which one it is and of which
 * GPU.  Exporters, Prometheus and OpenTelemetry name the same things in many
 * ways; the better name counts, wherever it stands.
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
	LABEL_HOST,        /* the node, as its exporter or a scrape label says */
	LABEL_INSTANCE,    /* where it was scraped, host:port */
	LABEL_POD,
	LABEL_NAMESPACE,   /* of that pod */
	LABEL_TENANT,      /* the pod that has the GPU, where the exporter's own is another label */
	LABEL_TENANT_NAMESPACE,
	LABEL_PCI,         /* an address, or what else an id may be */
	LABEL_UUID,
	LABEL_INDEX,
	LABEL_SERIAL,      /* of the board */
	LABEL_MIG,         /* number of a MIG instance */
	LABEL_TYPE, LABEL_SUBTYPE, LABEL_PERSISTENCE, /* of errors */
	LABEL_VIOLATION,   /* why clocks were lowered */
	LABELS,
};

/* Start from {0}. */
struct series {
	struct labelled {
		struct str text;
		unsigned rank; /* of the name it came by: 1 is best */
	} label[LABELS], second; /* second: the next best LABEL_HOST, of another text */
};

/* Note a label; of two that mean the same the better name wins, of equal
 * names the later. Empty texts say nothing. */
void series_label(struct series *s, struct str name, struct str text);
/* All members of an object, or attributes. */
void series_labels(struct reader *r, struct series *s, struct value v);

struct measure {
	const struct metric *m;
	int64_t reason;       /* the texts say whether this bit is set (metric_active); or 0 */
	int shift;            /* the texts count 10^shift of the metric's unit */
	bool wanted;          /* the field is; else the series only has the GPU's names */
	struct sample sample; /* without time, value and start */
	struct str pod, ns;   /* that has the GPU, as the labels say */
	struct str serial;    /* the GPU's, or empty */
	int64_t first, last;  /* times of the values that were added */
	bool any;
};

/* What a series of this name measures; false if no pattern uses it or it
 * names no GPU. */
bool series_measure(struct reader *r, const struct series *s, struct str name, struct measure *m);
/* Add a value; false if the text is none. */
bool series_add(struct reader *r, struct measure *m, int64_t t, struct str text);
/* After the last: add who the GPU is. */
void series_end(struct reader *r, const struct measure *m);

#endif
