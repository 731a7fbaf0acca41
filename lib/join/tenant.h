/*
 * tenant - which pod had a GPU, by the labels of the GPU's measurements
 * (DCGM's exporter names the pod of the kubelet's pod-resources API).
 * Layer join: includes event, verdict/verdict.h.
 */
#ifndef TENANT_H
#define TENANT_H

#include "event/event.h"
#include "verdict/verdict.h"

/* The pod, but for exporters and collectors, that had a node's GPU at t: by the
 * GPU's address, else its UUID, else its number.  NULL if none is known, or
 * several had. */
const struct tenant *tenant_at(const struct events *ev, const struct gpu *gpu, int64_t t);

/* Add the members pod_name and pod_namespace, if that pod is known. */
void tenant_members(const struct events *ev, const struct gpu *gpu, int64_t t, struct verdicts *vs);

#endif
