/*
 * tenant - which pod used a GPU, from the labels of the GPU's metrics
 * (dcgm-exporter names the pod of the kubelet's pod-resources API).
 * Layer join: includes event, verdict/verdict.h.
 */
#ifndef TENANT_H
#define TENANT_H

#include "event/event.h"
#include "verdict/verdict.h"

/* The pod, not an exporter or collector, that used a node's GPU at t, found by
 * the GPU's address, or else its UUID, or else its index.  NULL if unknown or
 * ambiguous. */
const struct tenant *tenant_at(const struct events *ev, const struct gpu *gpu, int64_t t);

/* Add the members pod_name and pod_namespace, if the pod is known. */
void tenant_members(const struct events *ev, const struct gpu *gpu, int64_t t, struct verdicts *vs);

#endif
