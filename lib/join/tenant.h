/*
 * tenant - which pod had a GPU, by the labels of the GPU's measurements
 * (DCGM's exporter names the pod of the kubelet's pod-resources API).
 * Layer join: includes event.
 */
#ifndef TENANT_H
#define TENANT_H

#include "event/event.h"

#define TENANT_KNOWN (120 * SECOND) /* a label counts for so long after it */

/* The pod, but for exporters and collectors, that had a node's GPU at t; NULL if none is known, or several had. */
const struct tenant *tenant_at(const struct events *ev, uint32_t node, struct pci gpu, int64_t t);

#endif
