#!/usr/bin/env python3
"""usage: test/properties.py [--filter=F] [--seed=S] [-n=N] [DIR...]

Properties for every input, tested on random scenarios of each filter: the order of
records, their repetition, their distribution over lines, documents and files, the
screen, CR LF, the locale, the time zone and the processor's extensions change no byte; a
node's verdicts depend only on its own records; and shifting all times shifts the
verdicts.  DIR has the programs, by default build; if there are several, all must print
the same.  Prints TAP; a failure contains its seed and leaves its two inputs in files.

A scenario is a list of items.  An item is generated for a start time of the scenario, so
that it can be shifted; items that can share a document (an answer of Prometheus, a List,
a batch of OTLP) name the kind of document.  Times are at the limits of windows and equal
more often than in reality.
"""
import json
import os
import re
import signal
import sys
import tempfile
import zlib
from datetime import datetime, timedelta, timezone

from incidents import Rng

SECOND = 10**9
MINUTE = 60 * SECOND
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
START = 1790200000 * SECOND
FILTERS = sorted(f[:-2] for f in os.listdir(os.path.join(os.path.dirname(__file__), "../cmd")) if f != "golden-replay.c")
GPUS = ("0000:1b:00.0", "0000:3b:00.0", "0001:1b:00.0", "0000:9a:00.0")


def rfc3339(t):
    """As few digits as are exact: 0, 3, 6 or 9."""
    text = (EPOCH + timedelta(seconds=t // SECOND)).strftime("%Y-%m-%dT%H:%M:%S")
    fraction = "%09d" % (t % SECOND)
    while fraction.endswith("000"):
        fraction = fraction[:-3]
    return text + ("." + fraction if fraction else "") + "Z"


def number(t):
    """Seconds with all their digits, which a float cannot hold."""
    return "@@%d.%09d@@" % (t // SECOND, t % SECOND)


def dump(value, **how):
    return re.sub('"@@([0-9.]*)@@"', r"\1", json.dumps(value, **how))


class Item:
    """shard: the piece it belongs to if the scenario is divided."""

    def __init__(self, shard, make, document="line"):
        self.shard, self.make, self.document = shard, make, document


# ---- documents: many records in one ----


def prometheus(samples, rng):
    series = {}
    for labels, t, value in samples:
        series.setdefault(dump(labels), []).append((t, value))
    points = [({**json.loads(k)}, sorted(v)) for k, v in series.items()]
    if rng.below(2) and all(len(v) == 1 for _, v in points):
        kind, result = "vector", [{"metric": k, "value": [number(v[0][0]), v[0][1]]} for k, v in points]
    else:
        kind, result = "matrix", [{"metric": k, "values": [[number(t), x] for t, x in v]} for k, v in points]
    return {"status": "success", "data": {"resultType": kind, "result": result}}


def kubernetes(objects, rng):
    if len(objects) == 1 and rng.below(3):
        kind = ("ADDED", "MODIFIED")[rng.below(2)]
        return objects[0] if rng.below(2) else {"type": kind, "object": objects[0]}
    return {"apiVersion": "v1", "kind": "List", "items": objects}


def attributes(pairs):
    def value(v):
        return {"intValue": str(v)} if isinstance(v, int) else {"stringValue": v}
    return [{"key": k, "value": value(v)} for k, v in pairs.items()]


def otlp_logs(records, _):
    return {"resourceLogs": [
        {"resource": {"attributes": attributes(resource)}, "scopeLogs": [{"logRecords": [record]}]}
        for resource, record in records]}


def otlp_metrics(points, _):
    result = []
    for resource, name, kind, point in points:
        data = {"dataPoints": [point]}
        if kind == "sum":
            data.update(aggregationTemporality=2, isMonotonic=True)
        result.append({
            "resource": {"attributes": attributes(resource)},
            "scopeMetrics": [{"metrics": [{"name": name, kind: data}]}]})
    return {"resourceMetrics": result}


DOCUMENTS = {"prom": prometheus, "k8s": kubernetes, "log": otlp_logs, "metric": otlp_metrics}


def values(items, t, rng=None):
    """The JSON values of the items when the scenario begins at t: one per item, or, with
    rng, in random order and many per document."""
    if not rng:
        rng = Rng(1)
        return [DOCUMENTS[i.document]([i.make(t)], rng) if i.document != "line" else i.make(t) for i in items]
    items = shuffled(items, rng)
    result, open_ = [], {}
    for item in items:
        if item.document == "line":
            result.append(item.make(t))
            continue
        batch = open_.setdefault(item.document, [])
        batch.append(item.make(t))
        if rng.below(4) == 0:
            result.append(DOCUMENTS[item.document](open_.pop(item.document), rng))
    result += [DOCUMENTS[document](batch, rng) for document, batch in open_.items()]
    return shuffled(result, rng)


def shuffled(list_, rng):
    list_ = list(list_)
    for i in range(len(list_) - 1, 0, -1):
        j = rng.below(i + 1)
        list_[i], list_[j] = list_[j], list_[i]
    return list_


# ---- scenarios ----


class Scenario:
    def __init__(self, seed):
        self.rng = Rng(seed)
        self.items = []
        self.args = ()
        self.serial = 0
        self.grain = self.pick(SECOND, 1000000, 1000, 1)
        self.mixed = self.chance(3)  # nodes by their short and their full names
        self.twins = self.chance(9)  # two nodes with one short name
        self.bare = self.chance(9)  # some records name no node
        self.nodes = 1 + self.rng.below(3)

    def pick(self, *choices):
        return choices[self.rng.below(len(choices))]

    def chance(self, n):
        """True once in n times."""
        return self.rng.below(n) == 0

    def next(self):
        self.serial += 1
        return self.serial

    def edge(self, *edges):
        """A limit, the nanosecond before or after it, or any value up to the last limit."""
        t = self.pick(*edges)
        return self.pick(t, t, t + self.grain, t - self.grain,
            self.rng.below(max(edges) // self.grain + 1) * self.grain)

    def twice(self, incident, node, gpu):
        """An incident; and often another one with the same random numbers, at the same
        times, on another GPU or node."""
        x = self.rng.x
        incident(node, gpu)
        if self.chance(2):
            y, self.rng.x = self.rng.x, x
            incident(*self.twin(node, gpu, y))
            self.rng.x = y

    def twin(self, node, gpu, dice):
        other = GPUS[(GPUS.index(gpu) + 1 + dice % 2) % 3]
        return (node, other) if dice // 2 % 2 or self.nodes == 1 else ((node + 1) % self.nodes, (gpu, other)[dice // 4 % 2])

    def add(self, node, make, document="line"):
        self.items.append(Item(node, make, document))

    def name(self, node):
        name = f"gpu-{node}"
        if self.bare and self.chance(3):
            return ""
        if self.twins and self.chance(3):
            return self.pick(name + ".hall.example", name + ".other.example")
        if self.mixed:
            return self.pick(name, name + ".hall.example", name.upper())
        return name

    def uuid(self, node, gpu):
        return "GPU-%08x-1111-2222-3333-%012x" % (node * 16 + GPUS.index(gpu), 7)

    def spell(self, gpu):
        return self.pick(gpu, gpu.upper(), "0000" + gpu.upper(), "PCI:" + gpu[:-2])

    # -- the kernel's lines

    def kernel(self, node, t, message, **members):
        """By journald, in OTLP, or in the envelope of an agent."""
        name, serial, bare = self.name(node), self.next(), self.chance(4)
        how = self.pick("log", "agent") if self.grain == 1 else self.pick("journald", "journald", "log", "agent")
        if members:
            how = "journald" # no other shape has boots and transports
            t -= t % 1000
        if how == "journald":
            self.add(node, lambda t0: {
                **({} if bare else {"__CURSOR": f"s=1;i={serial:x}"}),
                "__REALTIME_TIMESTAMP": str((t0 + t) // 1000), "_TRANSPORT": "kernel", "_HOSTNAME": name, **members,
                "MESSAGE": message})
        elif how == "log":
            self.add(node, lambda t0: ({"host.name": name}, {"timeUnixNano": str(t0 + t), "body": {"stringValue": message}}), "log")
        else:
            self.add(node, lambda t0: {"time": rfc3339(t0 + t), "host": name, "log": message})

    def xid(self, node, gpu, t, code):
        name, bus = self.name(node), gpu[:-2]
        words = {79: "GPU has fallen off the bus.", 154: "GPU recovery action changed from 0x0 (None) to 0x4 (Drain and Reset)"}
        if self.chance(4):
            gpu = self.spell(gpu)
            self.add(node, lambda t0: {
                "kernelevents.xid": code, "gpu.id": gpu, "k8s.node.name": name, "time": t0 + t})
            return
        words = words.get(code) or self.pick("pid=7, name=python3, Ch 00000008", "pid=7, name=python3, x")
        if self.chance(4):
            self.kernel(node, t - self.grain, f"NVRM: GPU at PCI:{bus}: {self.uuid(node, gpu)}")
            self.kernel(node, t, f"NVRM: GPU Board Serial Number: {self.pick('16', '', '0')}{node}{GPUS.index(gpu)}")
        self.kernel(node, t, f"NVRM: Xid (PCI:{bus}): {code}, {words}")

    def recovery(self, node, gpu, t):
        what = self.rng.below(4)
        if what == 0:
            self.kernel(node, t, f"GPU reset executed: {self.uuid(node, gpu)}")
            self.kernel(node, t - self.grain, f"NVRM: GPU at PCI:{gpu[:-2]}: {self.uuid(node, gpu)}")
        elif what == 1:
            self.kernel(node, t, "NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  570.124.06")
        elif what == 2:
            self.kernel(node, t, "Linux version 6.8.0-60-generic (builder@ci)")
        elif self.grain > 1:
            self.kernel(node, t - MINUTE, "talk", _BOOT_ID="a" * 32)
            self.kernel(node, t, "talk", _BOOT_ID="b" * 32)

    # -- Kubernetes

    def event(self, node, t, kind, involved, reason, note, uid=None):
        name, serial = self.name(node), uid or f"ev-{self.next()}"
        new = self.chance(3)
        whole, nameless = self.chance(2) and t % SECOND == 0, self.chance(3)
        pod = {"kind": "Pod", "namespace": "train", "name": involved, "uid": f"uid-{involved}"}
        about = pod if kind == "Pod" else {"kind": "Node", "name": name, "uid": name}

        def make(t0):
            when = rfc3339(t0 + t)
            event = {
                "kind": "Event", "apiVersion": "events.k8s.io/v1" if new else "v1",
                "metadata": {"name": f"{involved}.{serial}", "namespace": "train", **({} if nameless else {"uid": serial})},
                "reason": reason, "regarding" if new else "involvedObject": about, "note" if new else "message": note,
                "type": "Warning", "deprecatedSource" if new else "source": {"component": "kubelet", "host": name}}
            if whole:
                event["deprecatedLastTimestamp" if new else "lastTimestamp"] = when
            else:
                event["eventTime"] = when
            return event
        self.add(node, make, "k8s")

    def ready(self, node, t):
        """A node becoming ready or not, as an Event, its object or a flat record; or its
        taint."""
        name, how, status = self.name(node), self.rng.below(4), self.pick("True", "False", "Unknown", "Unknown")
        if how == 0:
            self.event(node, t, "Node", f"gpu-{node}", "NodeReady" if status == "True" else "NodeNotReady", "status is now")
        elif how == 1:
            self.add(node, lambda t0: {
                "k8s.node.condition.type": "Ready", "k8s.node.condition.status": status, "k8s.node.name": name, "time": t0 + t})
        elif how == 2:
            self.add(node, lambda t0: {
                "kind": "Node", "apiVersion": "v1", "metadata": {"name": name, "uid": name}, "spec": {},
                "status": {"conditions": [{"type": "Ready", "status": status, "lastTransitionTime": rfc3339(t0 + t)}]}}, "k8s")
        else:
            self.add(node, lambda t0: {
                "kind": "Node", "apiVersion": "v1", "metadata": {"name": name, "uid": name}, "status": {},
                "spec": {"taints": [{"key": "nvidia.com/gpu", "effect": "NoExecute", "timeAdded": rfc3339(t0 + t)}]}}, "k8s")

    def pod(self, node, t, pod, reason):
        """A Pod object that failed."""
        name = self.name(node)
        disrupted = self.chance(2)

        def make(t0):
            when = rfc3339(t0 + t)
            status = {"phase": "Failed", "reason": reason, "message": "The node was low on resource: memory. "}
            if disrupted:
                status["conditions"] = [{"type": "DisruptionTarget", "status": "True", "reason": "TerminationByKubelet",
                    "lastTransitionTime": when}]
            else:
                status["containerStatuses"] = [{"name": "c", "state": {"terminated": {"finishedAt": when}}}]
            return {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": pod, "namespace": "train", "uid": f"uid-{pod}"},
                "spec": {"nodeName": name}, "status": status}
        self.add(node, make, "k8s")

    def loss(self, node, t, pod, reasons, notes):
        name, reason, note, serial = self.name(node), self.pick(*reasons), self.pick(*notes), self.next()
        if reason == "TaintManagerEviction":
            note = f"Marking for deletion Pod train/{pod}"
        if self.chance(3):
            self.add(node, lambda t0: {
                "k8s.event.reason": reason, "k8s.pod.name": pod, "k8s.namespace.name": "train", "k8s.pod.uid": f"uid-{pod}",
                "k8s.event.uid": f"ev-{serial}", "k8s.event.note": note, "k8s.node.name": name, "time": t0 + t})
        else:
            self.event(node, t, "Pod", pod, reason, note)
        if self.chance(5):
            self.pod(node, t + self.pick(0, self.grain, MINUTE), pod, "Evicted")
        if reason == "TaintManagerEviction" and self.chance(3):
            self.event(node, t + self.pick(0, self.grain, -self.grain), "Pod", pod, reason, f"Cancelling deletion of Pod train/{pod}")

    # -- measurements

    def sample(self, node, gpu, t, field, value, how, labels="all"):
        name = self.name(node)
        if how == "prom":
            who = {"pci_bus_id": "0000" + gpu.upper(), "UUID": self.uuid(node, gpu), "gpu": str(GPUS.index(gpu))}
            who = {k: v for k, v in who.items() if labels in ("all", k)}
            if self.chance(3):
                who[self.pick("exported_pod", "exported_pod", "pod")] = self.pick("job-1", "job-1", "job-2", "dcgm-exporter-a")
            self.add(node, lambda t0: ({"__name__": field, "Hostname": name, **who}, t0 + t, str(value)), "prom")
        elif how == "metric":
            self.add(node, lambda t0: ({"k8s.node.name": name}, field, "gauge", {
                "attributes": attributes({"pci_bus_id": gpu}), "timeUnixNano": str(t0 + t), "asInt": str(value)}), "metric")
        else:
            gpu = self.spell(gpu)
            self.add(node, lambda t0: {
                "metric.name": field, "value": value, "gpu.id": gpu, "k8s.node.name": name, "time": t0 + t})

    def known(self, node, gpu, labels):
        """A record with the address of a GPU that other records name differently."""
        if labels == "UUID":
            self.kernel(node, -MINUTE, f"NVRM: GPU at PCI:{gpu[:-2]}: {self.uuid(node, gpu)}")
        elif labels == "gpu":
            self.sample(node, gpu, -MINUTE, "DCGM_FI_DEV_GPU_TEMP", 50, "prom")

    def how(self):
        """Format of an exporter, and its names of GPUs."""
        return self.pick("prom", "prom", "flat", "metric"), self.pick("all", "all", "all", "UUID", "pci_bus_id", "gpu")


def xid_correlate(s):
    codes = (79, 79, 48, 31, 13, 43, 45, 63, 94, 95, 74, 154, 119, 9999)
    losses = ("Evicted", "TaintManagerEviction", "NodeNotReady", "Preempted", "EvictionByEvictionAPI", "Shutdown")

    def incident(node, gpu):
        t = s.pick(0, 30, 70, 700) * SECOND
        for _ in range(1 + s.rng.below(4)):
            one = s.pick(gpu, gpu, *GPUS[:3])
            at = t + s.pick(0, 0, 0, s.grain, -s.grain, 5 * SECOND)
            for _ in range(s.pick(1, 1, 2)):
                s.xid(s.pick(node, node, node, s.rng.below(s.nodes)), one, at, s.pick(*codes))
        for p in range(1 + s.rng.below(3)):
            pod = f"job-{node}-{s.pick(p, 0)}"
            at = t + s.edge(0, MINUTE, 6 * MINUTE, 10 * SECOND, 30 * SECOND, 30 * MINUTE)
            s.loss(node, at, pod, losses, ("gone", "The node was low on resource: memory. ", "sigs.k8s.io/descheduler"))
            if s.chance(3):
                s.ready(node, at + s.edge(0, 5 * MINUTE))
            if s.chance(5):
                s.loss(node, at + s.edge(10 * MINUTE), pod, losses, ("again",))
        if s.chance(3):
            s.recovery(node, gpu, t + s.edge(20 * MINUTE))

    for _ in range(1 + s.rng.below(3)):
        s.twice(incident, s.rng.below(s.nodes), s.pick(*GPUS[:3]))
    if s.chance(5):
        s.args = ("--attribution=latest",)


def pod_evicted(s):
    pressures = (
        ("MemoryPressure", "NodeHasInsufficientMemory", "memory"), ("DiskPressure", "NodeHasDiskPressure", "ephemeral-storage"),
        ("PIDPressure", "NodeHasInsufficientPID", "pids"))

    def condition(node, t):
        kind, reason, _ = s.pick(*pressures)
        name, status, uid = s.name(node), s.pick("True", "True", "True", "False"), {"k8s.event.uid": f"c-{s.next()}"}
        how, uid = s.rng.below(3), s.pick(uid, {})
        if how == 0:
            last = t + s.pick(0, MINUTE, 20 * MINUTE)
            s.add(node, lambda t0: {
                "kind": "Node", "apiVersion": "v1", "metadata": {"name": name, "uid": name}, "spec": {},
                "status": {"conditions": [{"type": kind, "status": status, "lastTransitionTime": rfc3339(t0 + t),
                    "lastHeartbeatTime": rfc3339(t0 + last)}]}}, "k8s")
        elif how == 1:
            s.event(node, t, "Node", f"gpu-{node}", reason, "status is now")
        else:
            s.add(node, lambda t0: {
                "k8s.node.condition.type": kind, "k8s.node.condition.status": status, **uid,
                "k8s.node.name": name, "time": t0 + t})

    def incident(node, _):
        t = s.pick(0, 60, 400) * SECOND
        for _ in range(1 + s.rng.below(3)):
            condition(node, t + s.pick(0, 0, s.grain, -s.grain, 20 * SECOND))
        for _ in range(s.rng.below(3)):
            s.ready(node, t + s.pick(0, s.grain, -s.grain, -5 * MINUTE))
        for p in range(1 + s.rng.below(3)):
            notes = [f"The node was low on resource: {words}. Threshold quantity: 100Mi, available: 48144Ki. Container c was"
                " using 8Gi, request is 4Gi, has larger consumption of memory. " for _, _, words in pressures]
            s.loss(node, t + s.edge(0, 5 * MINUTE, 10 * SECOND), f"job-{node}-{s.pick(p, 0)}",
                ("Evicted", "Evicted", "Evicted", "TaintManagerEviction", "Preempted"), (*notes, "evicted"))
        if s.chance(3):
            s.recovery(node, GPUS[0], t + s.edge(20 * MINUTE))

    for _ in range(1 + s.rng.below(3)):
        s.twice(incident, s.rng.below(s.nodes), GPUS[0])
    if s.chance(6):
        s.args = ("--full-only",)


def hbm_ecc(s):
    counters = ("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", "DCGM_FI_DEV_ECC_DBE_VOL_DEV", "DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS")
    step = s.pick(30, 60) * SECOND

    def delta(node, gpu, t):
        name, count = s.name(node), s.pick(1, 2)
        subtype = s.pick("double_bit", "double_bit", "sram")
        s.add(node, lambda t0: {
            "hw.errors.delta": count, "gpu.id": gpu, "error.type": "uncorrected", "error.subtype": subtype,
            "error.persistence": "volatile", "k8s.node.name": name, "time": t0 + t, "start_time": t0 + t - step})

    def incident(node, gpu):
        total, grew = s.rng.below(3), []
        field, (how, labels) = s.pick(*counters), s.how()
        for i in range(2 + s.rng.below(6)):
            if i and s.chance(3):
                total += 1 + s.rng.below(2)
                grew.append(i)
            elif total and s.chance(9):
                total = s.rng.below(2)
            if s.chance(12):
                continue
            s.sample(node, gpu, i * step, field, total, how, labels)
            if s.chance(9):
                s.sample(node, gpu, i * step, field, total + s.pick(1, 2, -1), how, labels)
            if s.chance(9):
                s.sample(node, gpu, i * step, s.pick(*counters), total, how, labels)
        s.known(node, gpu, labels)
        if s.chance(4):
            at = s.rng.below(5)
            delta(node, gpu, at * step)
            grew.append(at)
        for i in grew or [1]:
            at = (i - 1) * step + s.edge(0, step, step + 5 * MINUTE)
            for _ in range(s.pick(1, 1, 2, 3)):
                s.xid(s.pick(node, node, node, s.rng.below(s.nodes)), gpu, at, s.pick(48, 48, 63, 64, 94, 95, 31, 154))
        for _ in range(s.pick(0, 0, 1, 3)):
            field = "DCGM_FI_DEV_ROW_REMAP_" + s.pick("FAILURE", "PENDING")
            s.sample(node, gpu, s.rng.below(3) * step, field, s.rng.below(2), how, labels)
        if s.chance(3):
            s.recovery(node, gpu, s.edge(0, step, 20 * MINUTE))

    for _ in range(1 + s.rng.below(3)):
        s.twice(incident, s.rng.below(s.nodes), s.pick(*GPUS[:3]))


def thermal(s):
    mask, violation = "DCGM_FI_DEV_CLOCK_THROTTLE_REASONS", "DCGM_FI_DEV_THERMAL_VIOLATION"
    s.nodes = 1 + s.rng.below(4)
    step = s.pick(20, 30, 60) * SECOND
    start, length = s.rng.below(4), 1 + s.rng.below(6)
    alike = s.chance(2)  # whole nodes at once
    for node in range(s.nodes):
        for gpu in GPUS[:1 + s.rng.below(4)]:
            how, labels = s.how()
            first, last = (start, start + length) if alike else (s.rng.below(6), s.rng.below(12))
            first, last = first + s.pick(0, 0, 1), last + s.pick(0, 0, 1)
            jitter = s.pick(0, 0, s.grain, s.grain * 3)
            bits, base, by_time = s.pick(0x20, 0x40, 0x8, 0x60), 1000000 * s.rng.below(9), s.chance(4)
            for i in range(12):
                t = i * step + jitter + (s.pick(0, 0, 0, s.grain) if i else 0)
                hot = first <= i <= last and not s.chance(8)
                if s.chance(12):
                    continue
                if by_time:
                    base += step * s.pick(10, 11, 90) // 100 if hot else 0
                    s.sample(node, gpu, t, violation, base, how, labels)
                else:
                    s.sample(node, gpu, t, mask, (bits if hot else 0) | s.pick(0, 4, 1), how, labels)
                if s.chance(4):
                    s.sample(node, gpu, t, "DCGM_FI_DEV_GPU_TEMP", 60 + s.rng.below(35), how, labels)
                if s.chance(4):
                    s.sample(node, gpu, t, "DCGM_FI_DEV_SM_CLOCK", 1980 - 15 * s.rng.below(50), how, labels)
    if s.chance(3):
        s.recovery(s.rng.below(s.nodes), s.pick(*GPUS[:3]), s.edge(12 * step))


def pcie_aer(s):
    bits = (("RxErr", 0, "Physical Layer"), ("BadTLP", 6, "Data Link Layer"), ("Timeout", 12, "Data Link Layer"))
    severities = ("corrected", "corrected", "nonfatal", "fatal")

    def report(node, gpu, t):
        bit, place, layer = s.pick(*bits)
        if s.chance(3):
            name, severity, gpu = s.name(node), s.pick(*severities), s.spell(gpu)
            s.add(node, lambda t0: {
                "kernelevents.pcie_aer.severity": severity, "kernelevents.pcie_aer.type": layer, "gpu.id": gpu,
                "k8s.node.name": name, "time": t0 + t})
            return
        gap = max(s.grain, 1000) if s.chance(2) else 0
        lines = (
            f"pcieport 0000:1a:01.0: AER: Correctable error message received from {gpu}",
            f"nvidia {gpu}: PCIe Bus Error: severity=Correctable, type={layer}, (Receiver ID)",
            f"nvidia {gpu}:   device [10de:2330] error status/mask={1 << place:08x}/0000a000",
            f"nvidia {gpu}:    [{place:2}] {bit}")
        for i in range(4):
            if i == 1 or not s.chance(4):
                s.kernel(node, t + i * gap, lines[i])

    def alert(node, gpu, t):
        name, to, rate = s.name(node), s.pick("tx", "rx"), s.pick(50, 51, 49, 20)
        s.add(node, lambda t0: {
            "tracecore.alert.pcie_rate_collapse.bytes_per_second": rate * 10**8, "gpu.id": gpu,
            "tracecore.alert.pcie_rate_collapse.baseline_bytes_per_second": 10**10,
            "tracecore.alert.pcie_rate_collapse.direction": to, "k8s.node.name": name, "time": t0 + t})

    def incident(node, gpu):
        t = s.rng.below(3) * s.pick(0, 100, 400) * SECOND
        for i in range(1 + s.rng.below(4)):
            report(node, gpu, t + s.pick(0, 0, s.grain, i * SECOND, SECOND, SECOND - s.grain, 20 * SECOND))
        at = t + s.edge(0, 5 * MINUTE, 20 * SECOND)
        what, (how, labels) = s.rng.below(5), s.how()
        s.known(node, gpu, labels)
        if what == 0 or s.chance(5):
            for _ in range(s.pick(1, 1, 2)):
                alert(node, gpu, at)
        if what == 1:
            for to in ("TX", "RX")[:s.pick(1, 2, 2)]:
                field = f"DCGM_FI_PROF_PCIE_{to}_BYTES"
                for other in GPUS[:s.pick(2, 3, 4)]:
                    when = at + (s.pick(0, 0, MINUTE, MINUTE + s.grain, -MINUTE) if other != gpu else 0)
                    s.sample(node, other, when, field, (s.pick(1000, 1000, 990) if other != gpu else s.pick(500, 499, 501, 200)) * 10**7, how, labels)
                s.sample(node, gpu, at + s.edge(MINUTE), field, s.pick(300, 1000) * 10**7, how, labels)
        elif what == 2:
            s.sample(node, gpu, at, "DCGM_FI_DEV_PCIE_MAX_LINK_WIDTH", 16, how, labels)
            for i in range(1 + s.rng.below(3)):
                s.sample(node, gpu, at + i * 20 * SECOND, "DCGM_FI_DEV_PCIE_LINK_WIDTH", s.pick(8, 8, 16), how, labels)
        elif what == 3:
            s.sample(node, gpu, at, "DCGM_FI_DEV_PCIE_LINK_WIDTH", 16, how, labels)
            s.sample(node, gpu, at, "DCGM_FI_DEV_PCIE_LINK_GEN", 4, how, labels)
            count = 0
            for i in range(4):
                s.sample(node, gpu, at + i * MINUTE, "DCGM_FI_DEV_PCIE_REPLAY_COUNTER", count, how, labels)
                count += s.pick(15, 16, 17, 40)
        elif what == 4:  # the baseline is the GPU's own history
            for i in range(s.pick(4, 5, 6)):
                s.sample(node, gpu, t - (i + 1) * 100 * SECOND, "DCGM_FI_PROF_PCIE_RX_BYTES", s.pick(1000, 900), how, labels)
            s.sample(node, gpu, at, "DCGM_FI_PROF_PCIE_RX_BYTES", s.pick(500, 450, 200), how, labels)
        if s.chance(3):
            s.recovery(node, gpu, t + s.edge(20 * MINUTE))

    for _ in range(1 + s.rng.below(3)):
        s.twice(incident, s.rng.below(s.nodes), s.pick(*GPUS[:3]))
    if s.chance(4):
        s.args = (s.pick("--fatal-alone", "--siblings"),)


def nccl_hang(s):
    ranks = 2 + s.rng.below(7)
    groups = [("0", "world", list(range(ranks)))]
    for i in range(s.rng.below(4)):
        members = [r for r in range(ranks) if s.chance(2)]
        if len(members) > 1:
            groups.append((str(i + 1), s.pick("TP", "DP"), members))
    dumps = {}
    ages = (300 * SECOND, 300 * SECOND, 300 * SECOND - s.grain, 300 * SECOND + s.grain, 900 * SECOND)
    how = s.pick("flat", "otlp", "dump", "dump", "entry", "mixed")
    for name, desc, members in groups:
        front = 2 + s.rng.below(3)
        stuck, style = s.pick(*members), s.rng.below(5)
        for rank in members:
            if style == 4 and rank == stuck and s.chance(2):
                continue  # says nothing
            for seq in range(max(1, front - 2), front + 1):
                state = "completed" if seq < front else s.pick("scheduled", "started", "scheduled")
                if rank == stuck and style == 0 and seq == front:
                    continue
                if rank == stuck and style == 1 and seq == front - 1:
                    state = "started"
                op, size = "nccl:all_reduce", 64
                if rank == stuck and style == 2 and seq == front:
                    op, size = s.pick(("nccl:all_gather", 64), ("nccl:all_reduce", 65))
                if style == 3 and seq == front and s.chance(2):
                    state = "completed"
                t = -s.pick(*ages) if state != "completed" else -s.pick(*ages) - s.rng.below(100) * SECOND
                form = how if how != "mixed" else s.pick("flat", "otlp", "entry")
                serial = s.next()

                def entry(t0, t=t, name=name, desc=desc, seq=seq, op=op, size=size, state=state, serial=serial):
                    return {"record_id": serial, "pg_id": int(name), "process_group": [name, desc], "collective_seq_id": seq,
                        "p2p_seq_id": 0, "op_id": seq, "profiling_name": op, "time_created_ns": t0 + t,
                        "input_sizes": [[size]], "input_dtypes": ["Float"], "output_sizes": [[size]],
                        "output_dtypes": ["Float"], "state": state,
                        "time_discovered_started_ns": t0 + t if state == "started" else None,
                        "time_discovered_completed_ns": t0 + t + SECOND if state == "completed" else None,
                        "retired": state == "completed", "timeout_ms": 600000, "is_p2p": False}

                def attributes_(t0, entry=entry, rank=rank):
                    e = entry(t0)
                    record = {"nccl.fr." + k: v for k, v in e.items() if k not in (
                        "process_group", "record_id", "input_sizes", "output_sizes", "input_dtypes", "output_dtypes",
                        "retired", "is_p2p") and v is not None}
                    return {**record, "gen_ai.training.rank": rank, "nccl.fr.process_group": e["process_group"][0],
                        "nccl.fr.pg_desc": e["process_group"][1], "nccl.fr.input_sizes": str(e["input_sizes"])}

                if form == "dump":
                    dumps.setdefault(rank, []).append(entry)
                elif form == "entry":
                    s.add(0, lambda t0, entry=entry, rank=rank: {"rank": rank, **entry(t0)})
                elif form == "flat":
                    s.add(0, attributes_)
                else:
                    seen = s.pick(0, 0, s.grain, 10 * SECOND)
                    s.add(0, lambda t0, a=attributes_, rank=rank, seen=seen: ({"host.name": f"gpu-{rank // 4}"}, {
                        "timeUnixNano": str(t0), "observedTimeUnixNano": str(t0 + seen), "attributes": attributes(a(t0))}), "log")
    for rank, entries in dumps.items():
        config = {n: {"name": n, "desc": d, "ranks": str(m)} for n, d, m in groups if rank in m}
        s.add(0, lambda t0, rank=rank, entries=entries, config=config: {
            "rank": rank, "version": "2.10", "nccl_version": "2.27.3", "pg_config": config, "entries": [e(t0) for e in entries]})
    if not dumps:  # the newest time
        s.add(0, lambda t0: {"nccl.rank": ranks, "nccl.fr.process_group": "z", "nccl.fr.collective_seq_id": 1,
            "nccl.fr.profiling_name": "nccl:all_reduce", "nccl.fr.state": "completed", "nccl.fr.time_created_ns": t0})
    if s.chance(4):
        s.args = ("--all",)


SCENARIOS = {
    "xid-correlate": xid_correlate, "pod-evicted": pod_evicted, "nccl-hang": nccl_hang, "hbm-ecc": hbm_ecc,
    "thermal": thermal, "pcie-aer": pcie_aer,
}

# ---- running ----


class Trouble(Exception):
    pass


class Programs:
    """Run filters on files in a temporary folder; exits if a status is not 0."""

    def __init__(self, top):
        self.top = top
        self.out = os.path.join(top, "out")
        signal.signal(signal.SIGALRM, self.late)

    @staticmethod
    def late(*_):
        raise Trouble("took longer than 20 s")

    def run(self, program, args, texts, env=None, err=False):
        """texts: the files; one is read from standard input.  Returns standard output,
        or with err standard error."""
        names = []
        for i, text in enumerate(texts):
            names.append(os.path.join(self.top, f"in{i}"))
            with open(names[-1], "w", encoding="utf-8", newline="") as f:
                f.write(text)
        alone = len(names) == 1
        pid = os.posix_spawn(program, [program, "-q", *args, *([] if alone else names)], env or {}, file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, names[0] if alone else os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, self.out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
            (os.POSIX_SPAWN_OPEN, 2, self.out + ".err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)])
        signal.alarm(20)
        try:
            status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        except Trouble:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            raise
        finally:
            signal.alarm(0)
        with open(self.out + (".err" if err else ""), encoding="utf-8", newline="") as f:
            out = f.read()
        if status:
            with open(self.out + ".err", encoding="utf-8", errors="replace") as f:
                raise Trouble(f"status {status}: {f.read(300)}")
        return out


def text(values_, **how):
    how = how or {"separators": (",", ":")}
    return "".join(dump(v, **how) + "\n" for v in values_)


STAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?Z")


def earlier(out, delta):
    """All times in out, shifted back by that much, in nanoseconds."""
    def one(match):
        seconds = (datetime.fromisoformat(match[1] + "+00:00") - EPOCH) // timedelta(seconds=1)
        return str(seconds * SECOND + int((match[2] or "0").ljust(9, "0")) - delta)
    return STAMP.sub(one, out)


def order(s, rng, run, want):
    return run([text(shuffled(values(s.items, START), rng))]), want


def documents(s, rng, run, want):
    return run([text(values(s.items, START, rng))]), want


def duplication(s, rng, run, want):
    lines = values(s.items, START)
    return run([text(shuffled(lines + [v for v in lines if rng.below(2)], rng))]), want


def files(s, rng, run, want):
    parts = [[] for _ in range(2 + rng.below(3))]
    for value in values(s.items, START):
        parts[rng.below(len(parts))].append(value)
    return run([text(part) for part in parts]), want


def screen(s, rng, run, want):
    return run([text(values(s.items, START))], "--strict"), want


def escapes(s, rng, run, want):
    r"""Words spelled with \u are found."""
    lines = re.sub(r"(?<=[a-z])[a-zA-Z](?=[a-z]*\\?\":?)", lambda m: "\\u%04x" % ord(m[0]) if rng.below(6) == 0 else m[0],
        text(values(s.items, START)))
    return run([lines]), want


def line_ends(s, rng, run, want):
    return run([text(values(s.items, START)).replace("\n", "\r\n")]), want


def pretty(s, rng, run, want):
    return run([text(values(s.items, START), indent=rng.below(3))]), want


def environment(s, rng, run, want):
    return run([text(values(s.items, START))], env={
        "LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE.UTF-8", "TZ": "Asia/Kathmandu",
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-AVX512F,-AVX512VL,-EVEX"}), want


def time_shift(s, rng, run, want):
    delta = s.grain * (rng.below(1 << 30) * s.rng.below(100) - rng.below(1 << 30))
    delta = max(min(delta, 20 * 365 * 86400 * SECOND), -20 * 365 * 86400 * SECOND)
    delta -= delta % (SECOND if rng.below(2) else s.grain)
    got = run([text(values(s.items, START + delta))])
    if delta % SECOND:
        # a headline has room for 200 bytes, and times got longer; in whole seconds
        # nobody knows which of two GPUs a board's serial number came behind
        got, want = (re.sub('"(headline|gpu_serial)":"[^"]*",', "", out) for out in (got, want))
    return earlier(got, delta), earlier(want, 0)


def shards(s, rng, run, want):
    """A node's verdicts depend on its own records."""
    out = []
    if s.bare:
        return None, None
    for shard in sorted({item.shard for item in s.items}):
        out += run([text(values([i for i in s.items if i.shard == shard], START))]).splitlines()
    return sorted(out), sorted(want.splitlines())


def linked(s, rng, run, want):
    """inquest on shards, first those of nodes, prints the same as on the whole, except
    for the data: only samples may have a node's full name."""
    lines = text(values(s.items, START))
    if s.twins:  # two nodes with the same short name, which may have only samples
        return None, None
    whole = run.inquest([lines])
    parts = [[] for _ in range(2 + rng.below(3))]
    for line in run.inquest([lines], "--select", "--key").splitlines(keepends=True):
        key = line.split("\t", 1)[0]
        for part in parts if key == "*" else [parts[0 if key == "-" else 1 + zlib.crc32(key.encode()) % (len(parts) - 1)]]:
            part.append(line)
    for part in filter(None, parts[1:]):
        parts[0] += ["-\t" + line for line in run.inquest(["".join(part)], "--keyed").splitlines(keepends=True)]
    return (re.sub(r'"coverage":\{.*?\},"evidence_trail"|\.hall\.example', "", out)
            for out in (run.inquest(["".join(parts[0])], "--keyed"), whole))


def explain(s, rng, run, want):
    """The output of --explain does not depend on the order either."""
    lines = values(s.items, START)
    return run([text(shuffled(lines, rng))], "-x", err=True), run([text(lines)], "-x", err=True)


PROPERTIES = (order, explain, documents, duplication, files, screen, escapes, line_ends, pretty, environment, time_shift, shards, linked)
NOT = {"shards": ("nccl-hang", "thermal")}  # which are correlated across nodes


def try_one(name, seed, filters, programs):
    """Yields (property, difference), and (None, was there a verdict)."""
    s = Scenario(seed)
    SCENARIOS[name](s)
    base = text(values(s.items, START))
    path = os.path.join(filters[0], name)
    last = []

    def run(texts, *args, env=None, err=False):
        last[:] = texts
        return programs.run(path, [*s.args, *args], texts, env, err)

    run.inquest = lambda texts, *args: programs.run(os.path.join(filters[0], "inquest"), args, texts)
    try:
        want = run([base])
    except Trouble as e:
        yield "runs", str(e), s, base, last
        return
    yield None, want, s, base, last
    for prop in PROPERTIES:
        if name in NOT.get(prop.__name__, ()):
            continue
        why = None
        try:
            got, wanted = prop(s, Rng(seed + 1), run, want)
            if got != wanted:
                why = "differs"
        except Trouble as e:
            why = str(e)
        yield prop.__name__, why, s, base, last
    for other in filters[1:]:
        try:
            got = programs.run(os.path.join(other, name), s.args, [base])
            why = None if got == want else "differs"
        except Trouble as e:
            why = str(e)
        yield f"as {other}", why, s, base, last


def main(args):
    options = dict(a.lstrip("-").split("=", 1) for a in args if a.startswith("-") and "=" in a)
    filters = [a for a in args if not a.startswith("-")] or ["build"]
    names = [options["filter"]] if "filter" in options else FILTERS
    count, first = int(options.get("n", 40)), int(options.get("seed", 1))
    if "seed" in options and "n" not in options:
        count = 1
    tests = bad = 0
    top = tempfile.mkdtemp(prefix="properties-")
    programs = Programs(top)
    for name in names:
        if name not in SCENARIOS:
            tests += 1
            print(f"ok {tests} - {name}: # SKIP no scenarios of it in test/properties.py")
            continue
        failed, seen, found = {}, {}, 0
        for seed in range(first, first + count):
            for prop, why, s, base, last in try_one(name, seed, filters, programs):
                if prop is None:
                    found += why != ""
                    continue
                seen[prop] = seen.get(prop, 0) + 1
                if why and prop not in failed:
                    kept = os.path.join(top, f"{name}-{seed}-{prop.split('/')[0].replace(' ', '-')}")
                    for i, content in enumerate([base, *last]):
                        with open(f"{kept}.{i}", "w", encoding="utf-8", newline="") as f:
                            f.write(content)
                    failed[prop] = f"seed {seed}: {why}: test/properties.py --filter={name} --seed={seed}\n# {name} {' '.join(s.args)} {kept}.0, and .1 ..."
        for prop in seen:
            tests += 1
            bad += prop in failed
            print(f"{'not ok' if prop in failed else 'ok'} {tests} - {name}: {prop}, in {seen[prop]} scenarios")
            if prop in failed:
                print("# " + failed[prop])
        if count >= 20:
            tests += 1
            bad += 2 * found < count
            print(f"{'not ok' if 2 * found < count else 'ok'} {tests} - {name}: {found} of {count} scenarios have verdicts")
    print(f"1..{tests}")
    if not bad:
        for name in os.listdir(top):
            os.unlink(os.path.join(top, name))
        os.rmdir(top)
    return bad != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
