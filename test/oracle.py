#!/usr/bin/env python3
"""usage: test/oracle.py [--filter=F] [--seed=S] [-n=N] [DIR]

The rules of the manual pages, implemented a second time as simply as possible.  A seed
generates facts (Xids, losses, conditions, samples, reports), which are written in a form
that the filters read, and judged here.  A filter must print the same verdicts: the same
number, equal in the relevant members.  Times are at the limits of windows and equal more
often than in reality.  DIR has the programs, by default build.  Prints TAP; a failure
contains its seed and leaves its input in a file.
"""
import json
import os
import sys
import tempfile

from incidents import Rng
from properties import GPUS, MINUTE, SECOND, START, Programs, Trouble, rfc3339, shuffled

MS = SECOND // 1000
RESULTS = {}  # filter: function of a world, returning the expected verdicts


class World:
    """The lines of the facts, and a random generator."""

    def __init__(self, seed):
        self.rng, self.lines, self.args, self.serial = Rng(seed), [], [], 0
        for _ in range(8):
            self.rng.below(2)

    def pick(self, *choices):
        return choices[self.rng.below(len(choices))]

    def chance(self, n):
        """True once in n times."""
        return self.rng.below(n) == 0

    def edge(self, *edges):
        """A limit, a millisecond before or after it, or any value up to the last limit."""
        t = self.pick(*edges)
        return self.pick(t, t, t + MS, t - MS, self.rng.below(max(edges) // MS + 1) * MS)

    def next(self):
        self.serial += 1
        return self.serial

    def write(self, value):
        self.lines.append(value if isinstance(value, str) else json.dumps(value, separators=(",", ":")))

    def kernel(self, node, t, message):
        at = START + t
        how = self.rng.below(3)
        if how == 0:
            self.write({"__CURSOR": f"s=1;i={self.next():x}", "__REALTIME_TIMESTAMP": str(at // 1000), "_TRANSPORT": "kernel",
                "_HOSTNAME": node, "MESSAGE": message})
        elif how == 1:
            self.write({"time": rfc3339(at), "host": node, "log": message})
        else:
            self.write(f"{rfc3339(at - at % SECOND)[:-1]}.{at % SECOND // 1000:06}+00:00 {node} kernel: {message}")

    def event(self, t, about, reason, note, host="", component="kubelet", node=None):
        kind, name, uid = about
        new = self.chance(2)
        self.write({"kind": "Event", "apiVersion": "events.k8s.io/v1" if new else "v1",
            "metadata": {"name": f"{name}.{self.next():x}", "namespace": "train", "uid": f"ev-{self.serial}"},
            "regarding" if new else "involvedObject": {"kind": kind, "name": name, **({"namespace": "train"} if kind == "Pod" else {}),
                **({"uid": uid} if uid else {})},
            "reason": reason, "note" if new else "message": note, "eventTime": rfc3339(START + t),
            "deprecatedSource" if new else "source": {"component": component, **({"host": host} if host else {})}})

    def node_event(self, node, t, reason):
        self.event(t, ("Node", node, node), reason, f"Node {node} status is now: {reason}", node)

    def condition(self, node, t, kind, status, heartbeat=None):
        if heartbeat is None and self.chance(2):
            self.write({"k8s.node.condition.type": kind, "k8s.node.condition.status": status, "k8s.node.name": node, "time": START + t})
            return
        self.write({"kind": "Node", "apiVersion": "v1", "metadata": {"name": node, "uid": node}, "spec": {}, "status": {
            "conditions": [{"type": kind, "status": status, "lastTransitionTime": rfc3339(START + t),
                **({"lastHeartbeatTime": rfc3339(START + heartbeat)} if heartbeat is not None else {})}]}})

    def sample(self, node, gpu, t, field, value):
        if self.chance(2):
            self.write({"metric.name": field, "value": value, "gpu.id": gpu, "k8s.node.name": node, "time": START + t})
        else:
            at = START + t
            self.write('{"metric":{"__name__":"%s","Hostname":"%s","pci_bus_id":"0000%s"},"value":[%d.%03d,"%s"]}' % (
                field, node, gpu.upper(), at // SECOND, at % SECOND // MS, value))


# ---- xid-correlate ----

# code: class, severity within hardware, text of its line
XIDS = {
    79: ("hardware", 0, "GPU has fallen off the bus."),
    48: ("hardware", 1, "An uncorrectable double bit error (DBE) has been detected on GPU in the framebuffer at physAddr 0x1f00."),
    95: ("hardware", 1, "Uncontained: LTC TAG (0x2, 0x1). RST: Yes, D-RST: No"),
    140: ("hardware", 1, "Unrecovered ECC error"),
    119: ("hardware", 2, "pid=7, name=python3, Timeout after 6s of waiting for RPC response from GPU0 GSP!"),
    74: ("hardware", 2, "NVLink: fatal error detected on link 4(0x10000, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0)"),
    145: ("hardware", 2, "RLW_SRC_TRACK Fatal XC1 i0 Link 17 (0x04084507 0x00000004 0x00000000 0x00000000 0x00000000 0x00000000)"),
    94: ("hardware", 3, "pid=7, name=python3, Contained: SM (0x1). RST: No, D-RST: No"),
    9999: ("unknown", 0, "pid=7, name=python3, x"),
    31: ("application", 0, "pid=7, name=python3, Ch 00000008, intr 00000000. MMU Fault"),
    13: ("application", 0, "pid=7, name=python3, Graphics SM Warp Exception on (GPC 0, TPC 1, SM 0): Out Of Range Address"),
    43: ("consequence", 0, "pid=7, name=python3, Ch 00000008"),
    45: ("consequence", 0, "pid=7, name=python3, Ch 00000008"),
    63: ("informational", 0, "Row Remapper: New row (0x1f00) marked for remapping, reset gpu to activate."),
    154: ("informational", 0, "GPU recovery action changed from 0x0 (None) to 0x4 (Drain and Reset)"),
}
CLASSES = ("hardware", "unknown", "application", "consequence", "informational")
BY_NODE = ("NodeNotReady", "TaintManagerEviction")


class Xid:
    def __init__(self, w, node, gpu, t, code):
        self.node, self.gpu, self.t, self.code, self.named = node, gpu, t, code, None
        self.grade, self.rank, words = XIDS[code]
        if code == 45 and w.chance(2):
            self.named = w.pick(*(c for c in XIDS if c != code))
            words += f" caused by previous Xid {self.named}"
        w.kernel(node, t, f"NVRM: Xid (PCI:{gpu[:-2]}): {code}, {words}")


def bursts(xids):
    result = []
    for xid in sorted(xids, key=lambda x: x.t):
        if result and xid.t - result[-1][0].t <= 10 * SECOND:
            result[-1].append(xid)
        else:
            result.append([xid])
    return result


def root_of(burst):
    """The root, by its criteria; less is better."""
    others = [x for x in burst if x.code != 154]
    asks = {x.gpu for x in burst if x.code == 154} if others else ()
    root = min(others or burst, key=lambda x: (
        x.gpu not in asks, x.named is not None, *grade(x), x.t, x.gpu, x.code))
    return (root.gpu not in asks, root.named is not None, *grade(root)), root


def grade(xid):
    return CLASSES.index(xid.grade), xid.rank


def xid_correlate(w):
    xids, resets, ready, losses = [], [], [], []
    for node in ["gpu-0", "gpu-1"][:1 + w.rng.below(2)]:
        for _ in range(w.rng.below(3)):
            t = w.pick(0, 0, 20, 50, 300) * SECOND
            for _ in range(1 + w.rng.below(4)):
                xids.append(Xid(w, node, w.pick(*GPUS[:3]), t + w.pick(0, 0, MS, SECOND, 9 * SECOND, 10 * SECOND, 10 * SECOND + MS), w.pick(*XIDS)))
        if w.chance(3):
            resets.append((node, w.edge(60 * SECOND, 900 * SECOND)))
            w.kernel(node, resets[-1][1], "NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  570.124.06")
    windows = dict.fromkeys(BY_NODE, 6 * MINUTE)
    if w.chance(5):
        w.args = ["--window=90s"]
        windows = dict.fromkeys(("Evicted", "EvictionByEvictionAPI", *BY_NODE), 90 * SECOND)
    for i in range(1 + w.rng.below(4)):
        one_loss(w, f"job-{i}", xids, ready, losses)
    due = []
    for pod, node, t, reason, alive, gone in losses:
        if reason == "NodeNotReady":
            again = [at for n, at in ready if n == node and t < at <= t + 300 * SECOND] + [alive] * (alive is not None)
            if again and (gone is None or min(again) < gone):
                continue
        before = [x for x in xids if x.node == node and x.t <= t]
        roots = []
        for burst in bursts(before):
            if reason in BY_NODE:
                burst = [x for x in burst if x.grade in CLASSES[:2] or x.code == 154]
            if burst:
                roots.append(root_of(burst))
        roots = [(*key, -x.t, x) for key, x in roots if t - x.t <= windows.get(reason, MINUTE) and (
            reason not in BY_NODE or x.grade in CLASSES[:2])]
        drained = [x for x in before if x.grade == "hardware" and t - x.t <= 30 * MINUTE and not any(
            n == node and x.t < at <= t for n, at in resets)]
        if roots:
            root = min(roots, key=lambda r: r[:-1])[-1]
        elif reason == "EvictionByEvictionAPI" and drained:
            root = min(drained, key=lambda x: (*grade(x), -x.t, x.gpu, x.code))
        else:
            continue
        # a drain is not caused by the Xid; pressure on the node may be, but not
        # by a program's
        partial = reason == "EvictionByEvictionAPI" or reason == "Evicted" and root.grade not in CLASSES[:2]
        due.append({"evicted_pod": "train/" + pod, "node": node, "reason": reason, "xid_code": root.code, "gpu_id": root.gpu,
            "xid_class": root.grade, "delay_seconds": (t - root.t) / SECOND, "confidence": "partial" if partial else "full"})
    return due


def one_loss(w, pod, xids, ready, losses):
    """One pod, and what happens to it and to its node."""
    reason = w.pick("Evicted", "NodeNotReady", "TaintManagerEviction", "EvictionByEvictionAPI")
    cause = w.pick(*xids) if xids else None
    node = cause.node if cause else "gpu-0"
    t = (cause.t if cause else 0) + w.edge(0, 60 * SECOND, 90 * SECOND, 360 * SECOND, 1800 * SECOND if reason == "EvictionByEvictionAPI" else 0)
    uid, host = w.pick(f"uid-{pod}", ""), node
    note = {"Evicted": "The node was low on resource: memory. ", "TaintManagerEviction": f"Marking for deletion Pod train/{pod}",
        "NodeNotReady": "Node is not ready", "EvictionByEvictionAPI": "Eviction API: evicting"}[reason]
    gone = alive = None
    if w.chance(3):  # the loss does not name its node
        host, places = "", []
        for _ in range(1 + w.rng.below(2)):
            at = t + w.pick(-600, -300, -1, 1, 30) * SECOND + w.pick(0, MS)
            other, same = w.pick(node, node, "gpu-1"), w.chance(2)
            if any(at == p[0] for p in places):
                continue
            places.append((at, other))
            w.event(at, ("Pod", pod, uid if same and uid else f"other-{len(places)}" if at > t else uid), "Scheduled",
                f"Successfully assigned train/{pod} to {other}", component="default-scheduler")
            if at > t and not (same and uid):
                places.pop()
                gone = min(gone or at, at) if uid else None
        before = [p for p in places if p[0] <= t]
        node = max(before)[1] if before else min(places)[1] if places else None
    w.event(t, ("Pod", pod, uid), reason, note, host, "kubelet" if reason == "Evicted" else "taint-eviction-controller")
    lost = True
    if reason == "TaintManagerEviction" and w.chance(3):
        at = w.edge(0, MINUTE) - 30 * SECOND
        w.event(t + at, ("Pod", pod, uid), reason, f"Cancelling deletion of Pod train/{pod}", host, "taint-eviction-controller")
        lost = at < 0
        if not lost and host and w.chance(3):  # and marked again
            t += at + w.pick(SECOND, 400 * SECOND)
            w.event(t, ("Pod", pod, uid), reason, note, host, "taint-eviction-controller")
            lost = True
    if reason == "NodeNotReady" and uid and w.chance(3):
        at = w.pick(-1, 1, 200, 500) * SECOND
        w.write({"kind": "Pod", "apiVersion": "v1", "metadata": {"name": pod, "namespace": "train", "uid": uid},
            "spec": {"nodeName": node} if node else {}, "status": {"phase": "Running", "conditions": [
                {"type": "Ready", "status": "True", "lastTransitionTime": rfc3339(START + t + at)}]}})
        alive = t + at if at > 0 else None
    if reason == "NodeNotReady" and node and w.chance(3):
        ready.append((node, t + w.edge(0, 300 * SECOND)))
        w.condition(*ready[-1], "Ready", "True")
    if lost:
        again = host and w.chance(4)
        later = t + w.edge(600 * SECOND)
        losses.append((pod, node, t, reason, alive, min(gone or later, later) if again else gone))
        if again:  # the same loss up to ten minutes later
            w.event(later, ("Pod", pod, uid), "Preempted", "Preempted by train/other on node " + node, host)
            if later - t > 600 * SECOND:
                losses.append((pod, node, later, "Preempted", None, None))


RESULTS["xid-correlate"] = xid_correlate


# ---- pod-evicted ----

PRESSURES = {  # kind: condition, Events, the resource that the kubelet was short of
    "memory": ("MemoryPressure", "NodeHasInsufficientMemory", "NodeHasSufficientMemory", ("memory",)),
    "disk": ("DiskPressure", "NodeHasDiskPressure", "NodeHasNoDiskPressure", ("ephemeral-storage", "inodes")),
    "pid": ("PIDPressure", "NodeHasInsufficientPID", "NodeHasSufficientPID", ("pids",)),
}
LOW = "The node was low on resource: {}. Threshold quantity: {}, available: {}. "
LIMITS = ('Usage of EmptyDir volume "cache" exceeds the limit "1Gi". ', "Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ",
    "Container c exceeded its local ephemeral storage limit \"1Gi\". ")


def spans(marks, ends):
    """[begin, end] of marks (t, last reported) and of the events that end them."""
    result = []
    for t, known in sorted(marks):
        over = min((e for e in ends if result and e > result[-1][0]), default=None)
        if result and t <= result[-1][1] and (over is None or t <= over):
            result[-1][1] = max(result[-1][1], known + 5 * MINUTE)
        else:
            result.append([t, known + 5 * MINUTE])
    return [(a, min([b, *(e for e in ends if e > a)])) for a, b in result]


def pod_evicted(w):
    nodes = ["gpu-0", "gpu-1"][:1 + w.rng.below(2)]
    marks, ends, taints, seen = [], [], [], set()
    for node in nodes:
        for _ in range(w.rng.below(4)):
            kind, t, how = w.pick(*PRESSURES), w.pick(0, 0, 1, 100, 299, 300, 301, 700) * SECOND + w.pick(0, 0, MS), w.rng.below(4)
            condition, begun, over, _ = PRESSURES[kind]
            seen.add(node)
            if how == 0:
                w.node_event(node, t, over)
                ends.append((node, kind, t))
            elif how == 1:
                w.node_event(node, t, begun)
                marks.append((node, kind, t, t))
            else:
                known = t + w.pick(0, 60, 600) * SECOND if how == 2 else t
                w.condition(node, t, condition, "True", known if how == 2 else None)
                marks.append((node, kind, t, known))
        if w.chance(4):
            t = w.pick(50, 400) * SECOND
            w.kernel(node, t, "Linux version 6.8.0-60-generic (builder@ci)")
            ends += [(node, kind, t) for kind in PRESSURES]
        if w.chance(3):
            taints.append((node, w.pick(0, 100) * SECOND))
            w.write({"kind": "Node", "apiVersion": "v1", "metadata": {"name": node, "uid": node}, "status": {}, "spec": {"taints": [
                {"key": "nvidia.com/gpu-broken", "effect": "NoExecute", "timeAdded": rfc3339(START + taints[-1][1])}]}})
    if any(mark[:3] in ends for mark in marks):
        return None
    window = 5 * MINUTE
    if w.chance(5):
        window, w.args = 60 * SECOND, ["--window=60s"]
    due = []
    for i in range(1 + w.rng.below(4)):
        pod, node, low = f"job-{i}", w.pick(*nodes), w.pick(*PRESSURES)
        mark = w.pick(*marks) if marks else (node, low, 0, 0)
        node, low = w.pick((mark[0], mark[1]), (mark[0], low))
        t = w.pick(mark[2], mark[3]) + w.pick(w.edge(0, 60 * SECOND, 300 * SECOND, 600 * SECOND), -w.edge(0, 15 * SECOND))
        what = w.pick("low", "low", "low", "kubelet", "limit", "taint", "preempted", "api", "unknown")
        resource = w.pick(*PRESSURES[low][3])
        threshold, available = ("100Mi", "48144Ki") if resource not in ("inodes", "pids") else ("4099", "17")
        reason, note, component, pressures = {
            "low": ("Evicted", LOW.format(resource, threshold, available), "kubelet", [low]),
            "kubelet": ("Evicted", "words of tomorrow", "kubelet", list(PRESSURES)),
            "limit": ("Evicted", w.pick(*LIMITS), "kubelet", []),
            "taint": ("TaintManagerEviction", f"Marking for deletion Pod train/{pod}", "taint-eviction-controller", []),
            "preempted": ("Preempted", f"Preempted by pod 1234 on node {node}", "default-scheduler", []),
            "api": ("EvictionByEvictionAPI", "Eviction API: evicting", "x", []),
            "unknown": ("Evicted", "gone with the wind", "", []),
        }[what]
        kind = {"low": "node_pressure", "kubelet": "node_pressure", "limit": "local_limit", "preempted": "preemption", "unknown": None}.get(what, what)
        w.event(t, ("Pod", pod, f"uid-{pod}"), reason, note, node, component)
        best = None
        for p in pressures:
            for a, b in spans([m[2:] for m in marks if m[:2] == (node, p)], [e[2] for e in ends if e[:2] == (node, p)]):
                if -15 * SECOND <= t - a and (t <= b or t - a <= window):
                    best = min(best or (1, 0, 0), (-a, list(PRESSURES).index(p), p))
        want = {"pod_name": pod, "node": node, "reason": reason, "eviction_kind": kind, "confidence": "full" if best else "partial"}
        if best:
            want.update(pressure=best[2], delay_seconds=(t + best[0]) / SECOND)
        elif what == "low":
            want["pressure"] = low
        elif what != "kubelet":
            want["pressure"] = None
        if what == "low":
            want.update(resource=resource, threshold=100 << 20 if threshold == "100Mi" else 4099, available=48144 << 10 if threshold == "100Mi" else 17)
        if "EmptyDir" in note:
            want["volume"] = "cache"
        if what == "taint":
            known = [at for n, at in taints if n == node and at <= t <= at + 10 * MINUTE]
            want["taint"] = "nvidia.com/gpu-broken" if known else None
        if node not in seen and pressures and not best:
            want["missing_layers"] = ["node_condition"]
        due.append(want)
    return due


RESULTS["pod-evicted"] = pod_evicted


# ---- hbm-ecc ----

DBE = {  # code: its line, remediation if it is alone
    48: (XIDS[48][2], "reset_gpu"),
    95: (XIDS[95][2], "reset_gpu"),
    94: (XIDS[94][2], "restart_job"),
    63: (XIDS[63][2], "reset_gpu"),
    64: ("Row Remapper: Error: spares exhausted", "replace_gpu"),
    160: ("Marking Channel 3 in FBPA 2 along with its pair for repair. Perform node reboot to activate repair.", "reboot_node"),
    161: ("Repairing Channel failed as there are no more spare channels.", "replace_gpu"),
    31: (XIDS[31][2], None),
    79: (XIDS[79][2], None),
}


def hbm_ecc(w):
    xids, loads, growths = [], [], []
    window = 5 * MINUTE
    least = 1
    if w.chance(4):
        w.args = ["--delta=2"]
        least = 2
    gpus = [(f"gpu-{i % 2}", GPUS[i]) for i in range(1 + w.rng.below(3))]
    for node in ("gpu-0", "gpu-1"):
        if w.chance(4):
            loads.append((node, w.pick(45, 75, 100) * SECOND))
            w.kernel(node, loads[-1][1], "NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  570.124.06")
    for node, gpu in gpus:
        edges = []
        if w.chance(3):  # increments
            for _ in range(1 + w.rng.below(2)):
                t, n = w.pick(0, 30, 60, 500) * SECOND, w.pick(1, 2)
                start = t - w.pick(10, 30) * SECOND if w.chance(2) else None
                w.write({"hw.errors.delta": n, "gpu.id": gpu, "error.type": "uncorrected", "error.subtype": "double_bit",
                    "error.persistence": "volatile", "k8s.node.name": node, "time": START + t, **({"start_time": START + start} if start is not None else {})})
                growths.append((node, gpu, t if start is None else start, t, n))
            if len({g[3] for g in growths if g[:2] == (node, gpu)}) < len([g for g in growths if g[:2] == (node, gpu)]):
                return None  # two that may be the same record
            if len([g for g in growths if g[:2] == (node, gpu)]) > 1 and any(g[2] == g[3] for g in growths if g[:2] == (node, gpu)):
                return None  # the start may be that of the previous one
        else:
            value, before = w.rng.below(3), None
            for i in range(2 + w.rng.below(5)):
                t = i * 30 * SECOND + w.pick(0, 0, MS)
                if before:
                    value = w.pick(value, value, value + 1, value + 2, w.rng.below(2) if value else 0)
                w.sample(node, gpu, t, "DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", value)
                if before and value < before[1]:
                    n = value if any(x == node and before[0] < at <= t for x, at in loads) else 0
                else:
                    n = value - before[1] if before else 0
                if n:
                    growths.append((node, gpu, before[0], t, n))
                before = t, value
        edges = [at for g in growths if g[:2] == (node, gpu) for at in (g[2], g[2], g[3], g[3] + window)] or [0]
        for _ in range(w.rng.below(4)):
            t, code = max(w.pick(*edges) + w.pick(0, 0, MS, -MS, 10 * SECOND), -MINUTE), w.pick(*DBE)
            if any(x[:3] == (node, gpu, t) for x in xids):
                continue
            xids.append((node, gpu, t, code))
            w.kernel(node, t, f"NVRM: Xid (PCI:{gpu[:-2]}): {code}, {DBE[code][0]}")
    found = {}
    for node, gpu, start, t, n in growths:
        if n < least:
            continue
        first = min((x[2:] for x in xids if x[:2] == (node, gpu) and start <= x[2] <= t + window and DBE[x[3]][1]), default=None)
        if first:
            found.setdefault((node, gpu, first), []).append((t, n, start))
    due = []
    for (node, gpu, (t, code)), parts in found.items():
        codes = {x[3] for x in xids if x[:2] == (node, gpu) for at, _, start in parts if start <= x[2] <= at + window}
        want = {"node": node, "gpu_id": gpu, "xid_code": code, "ecc_delta": sum(n for _, n, _ in parts),
            "containment": "uncontained" if 95 in codes else "contained" if 94 in codes else None}
        if len(parts) == 1:
            want["delay_seconds"] = (t - parts[0][0]) / SECOND
        if len([x for x in xids if x[:2] == (node, gpu)]) == 1:
            want["action"] = DBE[code][1]
        due.append(want)
    return due


RESULTS["hbm-ecc"] = hbm_ecc


# ---- thermal ----


def thermal(w):
    gap, least, step = 2 * MINUTE, MINUTE, w.pick(20, 30, 60) * SECOND
    nodes = [f"gpu-{i}" for i in range(w.pick(1, 1, 2, 3, 4))]
    crowd = w.chance(2)
    episodes, reporting = [], {}
    for node in nodes:
        begin = w.rng.below(5)
        for gpu in GPUS[:w.pick(1, 2, 4, 4)]:
            reporting[node] = reporting.get(node, 0) + 1
            counts = w.chance(4)
            hot, seen, total, before = [], [], 0, None
            lo, hi = (begin, begin + 3 + w.rng.below(3)) if crowd and not w.chance(4) else w.pick((20, 20), (begin, begin), (0, 14), (3, 3 + w.rng.below(6)))
            for i in range(15):
                t = i * step + (w.pick(0, 0, MS, -MS) if i else 0)
                if i and w.chance(9):
                    continue
                burns = lo <= i <= hi and not w.chance(6)
                if counts:
                    grew = w.pick(0, (t - before[0]) // 10, (t - before[0]) // 10 - 1, (t - before[0]) // 2) if before and burns else 0
                    if before and w.chance(20):
                        total, grew = 0, 0
                    total += grew
                    w.sample(node, gpu, t, "DCGM_FI_DEV_THERMAL_VIOLATION", total)
                    if before and t - before[0] <= gap and total >= before[1]:
                        seen.append(t)
                        if 10 * (total - before[1]) >= t - before[0]:
                            hot.append((before[0], t))
                    before = t, total
                else:
                    bits = w.pick(0x20, 0x40, 0x48, 0x60) if burns else w.pick(0, 1, 2, 4, 0x10, 0x80, 0x88, 0x100)
                    w.sample(node, gpu, t, "DCGM_FI_DEV_CLOCK_THROTTLE_REASONS", bits)
                    seen.append(t)
                    if burns:
                        hot.append((t, t))
            runs = []
            for a, t in hot:
                if runs and t - runs[-1][2] <= gap:
                    runs[-1][2] = t
                else:
                    runs.append([a, t, t])  # from, first hot, last hot
            runs = [r for r in runs if r[2] - r[1] >= least]
            own = []
            for a, _, t in runs:
                if own and a - own[-1][1] < gap:
                    own[-1][1] = t
                else:
                    own.append([a, t])
            for a, t in own:
                share = None if counts else len([1 for _, x in hot if a <= x <= t]) / len([1 for x in seen if a <= x <= t])
                episodes.append((node, gpu, a, t, share))
    return scopes(episodes, reporting)


def overlap(a, b):
    return a[0] <= b[1] and b[0] <= a[1]


def together(spans_):
    """The value of all, the only one of its kind, or None."""
    pairs = [overlap(a, b) for i, a in enumerate(spans_) for b in spans_[:i]]
    return all(pairs) if len(set(pairs)) < 2 else None


def scopes(episodes, reporting):
    due, crowds = [], []
    for node, n in reporting.items():
        own = [e for e in episodes if e[0] == node]
        if len({e[1] for e in own}) < len(own):
            return None  # two findings with one GPU: their parts are tested by golden cases
        one = together([e[2:4] for e in own])
        if one is None:
            return None
        if one and len(own) > 1 and 2 * len(own) >= n:
            crowds.append((min(e[2] for e in own), max(e[3] for e in own), node, sorted(e[1] for e in own)))
        else:
            for _, gpu, a, t, share in own:
                due.append({"scope": "gpu", "node": node, "gpu_id": gpu, "first": rfc3339(START + a), "last": rfc3339(START + t),
                    **({} if share is None else {"share": share})})
    one = together(crowds)
    if one is None:
        return None
    if one and len(crowds) >= 3:
        return due + [{"scope": "room", "nodes": sorted(c[2] for c in crowds), "first": rfc3339(START + min(c[0] for c in crowds)),
            "last": rfc3339(START + max(c[1] for c in crowds)), "action": "fix_cooling"}]
    return due + [{"scope": "node", "node": node, "gpu_ids": gpus, "first": rfc3339(START + a), "last": rfc3339(START + t)}
        for a, t, node, gpus in crowds]


RESULTS["thermal"] = thermal


# ---- pcie-aer ----

SEVERITIES = {"corrected": "Corrected", "nonfatal": "Uncorrected (Non-Fatal)", "fatal": "Uncorrected (Fatal)"}
RATE = "tracecore.alert.pcie_rate_collapse"
GB = 10**9


def pcie_aer(w):
    due = []
    if w.chance(4):
        w.args = ["--fatal-alone"]
    for i in range(1 + w.rng.below(3)):
        due += one_link(w, w.pick("gpu-0", "gpu-1"), GPUS[i])
    return due


def one_link(w, node, gpu):
    """Reports of one GPU less than a window apart, and its samples."""
    window, reports, bad, gone = 5 * MINUTE, [], {}, []
    at = 0
    for _ in range(w.rng.below(4)):
        reports.append((at, w.pick(*SEVERITIES)))
        at += w.pick(2, 30, 100) * SECOND
    for t, severity in reports:
        if w.chance(2):
            w.write({"kernelevents.pcie_aer.severity": severity, "gpu.id": gpu, "k8s.node.name": node, "time": START + t})
        else:
            w.kernel(node, t, f"nvidia {gpu}: PCIe Bus Error: severity={SEVERITIES[severity]}, type=Physical Layer, (Receiver ID)")
    last = reports[-1][0] if reports else 0
    uncorrected = any(s != "corrected" for _, s in reports)
    t = w.pick(0, last) + w.edge(0, window)
    if t < 0 or reports and t - last > window + SECOND:
        t = last
    what = w.pick("width", "alert", "xid", "own", "own", "replays", "nothing")
    w.sample(node, gpu, -window, "DCGM_FI_DEV_GPU_TEMP", 50)
    if what in ("width", "replays"):
        w.sample(node, gpu, -window, "DCGM_FI_DEV_PCIE_MAX_LINK_WIDTH", 16)
        w.sample(node, gpu, -window, "DCGM_FI_DEV_PCIE_LINK_WIDTH", 16)
    if what == "width":
        for k in range(1 + w.rng.below(2)):
            value = w.pick(16, 8, 4, 0)
            w.sample(node, gpu, t + k * 30 * SECOND, "DCGM_FI_DEV_PCIE_LINK_WIDTH", value)
            if value < 16:
                bad[t + k * 30 * SECOND] = {"width": value}
            if not value:
                gone.append(t + k * 30 * SECOND)
    elif what == "alert":
        rate, base = w.pick(5 * GB, 5 * GB + 1, 4 * GB, 11 * GB), w.pick(10 * GB, GB, GB - 1)
        rate = rate * base // (10 * GB)
        w.write({RATE + ".bytes_per_second": rate, RATE + ".baseline_bytes_per_second": base, RATE + ".direction": "rx",
            "gpu.id": gpu, "k8s.node.name": node, "time": START + t})
        if base >= GB and 2 * rate <= base:
            bad[t] = {"rate": rate}
    elif what == "xid":
        t = w.pick(t, t, -w.edge(window))
        w.kernel(node, t, f"NVRM: Xid (PCI:{gpu[:-2]}): 79, GPU has fallen off the bus.")
        bad[t] = {}
        gone.append(t)
    elif what == "own":
        own_history(w, node, gpu, t, uncorrected, bad)
    elif what == "replays":
        w.sample(node, gpu, -window, "DCGM_FI_DEV_PCIE_LINK_GEN", 4)
        grew, step = w.pick(0, 16, 17, 40), w.pick(60, 120) * SECOND
        w.sample(node, gpu, t - step, "DCGM_FI_DEV_PCIE_REPLAY_COUNTER", 7)
        w.sample(node, gpu, t, "DCGM_FI_DEV_PCIE_REPLAY_COUNTER", 7 + grew)
        if grew * MINUTE > 16 * step:  # 0.96 a lane and minute
            bad[t] = {"replays": grew}
    if not reports:
        return []
    want = {"node": node, "gpu_id": gpu, "severity": max((s for _, s in reports), key=list(SEVERITIES).index), "aer_count": len(reports),
        "first": rfc3339(START), "last": rfc3339(START + last), "confidence": "full"}
    fatal = [r for r, s in reports if s == "fatal"]
    paired = None
    for r, _ in reversed(reports):
        after = [d for d in gone if r <= d <= r + window]
        if after:
            paired = r, after[0]
            break
    if not paired and fatal:
        before = [(r, d) for r in reversed(fatal) for d in gone if r - window <= d < r]
        paired = before[0] if before else None
    for r, _ in reversed(reports):
        after = sorted(d for d in bad if r <= d <= r + window)
        if not paired and after:
            paired = r, after[0]
    if paired:
        d = bad[paired[1]]
        want["delay_seconds"] = (paired[1] - paired[0]) / SECOND
        if paired[1] in gone:
            want["action"] = "power_cycle"
        if "rate" in d:
            want["bytes_per_second"] = d["rate"]
        return [want]
    if fatal and w.args:
        return [{**want, "confidence": "partial"}]
    return []


def own_history(w, node, gpu, t, uncorrected, bad):
    """Throughput of the GPU before and after its reports; collapses are added to bad."""
    history, idle, busy = [], [], w.pick(19, 20, 21, 30)
    dip = w.pick(None, None, "once", "twice")
    for k in range(busy):
        value = w.pick(10, 11, 12) * GB
        if dip and k == 5 or dip == "twice" and k == 6:
            value = w.pick(4, 6) * GB
        history.append(value)
        w.sample(node, gpu, -(k + 1) * MINUTE, "DCGM_FI_PROF_PCIE_RX_BYTES", value)
    middle = sorted(history)
    median = (middle[(busy - 1) // 2] + middle[busy // 2]) / 2
    least = min(max(a, b) for a, b in zip(history, history[1:]))
    limit = min(median, least) / 2
    low = [(t, w.pick(int(limit), int(limit), int(limit) + 1, GB)), (t + w.pick(30, 60, 300) * SECOND, w.pick(int(limit), int(limit), 11 * GB, GB))]
    if w.chance(3):
        idle.append((t - w.pick(0, 60 * SECOND, 60 * SECOND + MS), w.pick(0, 50)))
        w.sample(node, gpu, idle[-1][0], "DCGM_FI_DEV_GPU_UTIL", idle[-1][1])
    if w.chance(3):
        low.append((low[1][0] + w.pick(30, 600) * SECOND, 11 * GB))
    for at, value in low:
        w.sample(node, gpu, at, "DCGM_FI_PROF_PCIE_RX_BYTES", value)

    def idles(at):
        return not uncorrected and any(u <= at <= u + MINUTE and not value for u, value in idle)
    if busy < 20:
        return
    awake = [(at, value) for at, value in low if not idles(at)]
    for (a, x), (b, y) in zip(awake, awake[1:]):
        if x <= limit and y <= limit and b - a <= 5 * MINUTE:
            paused = not uncorrected and any(v > limit and at - a <= 5 * MINUTE for at, v in awake if at > b)
            if not paused:
                bad[a] = {"rate": x}
            return


RESULTS["pcie-aer"] = pcie_aer


# ---- running ----


def same(due, verdict):
    """Does the verdict have all expected members?"""
    for name, want in due.items():
        got = verdict.get(name)
        if isinstance(want, float) and isinstance(got, (int, float)):
            if abs(want - got) > (1e-3 if name == "share" else 1e-6):
                return False
        elif want != got:
            return False
    return True


def compare(due, verdicts):
    missing, extra = [], list(verdicts)
    for want in due:
        found = next((v for v in extra if same(want, v)), None)
        if found is None:
            missing.append(want)
        else:
            extra.remove(found)
    names = sorted({n for want in due for n in want})
    why = [f"due: {json.dumps(m)}" for m in missing]
    return why + [f"got: {json.dumps({n: v[n] for n in names if n in v}) if names else v['headline']}" for v in extra]


def main(args):
    options = dict(a.lstrip("-").split("=", 1) for a in args if a.startswith("-") and "=" in a)
    folder = next((a for a in args if not a.startswith("-")), "build")
    count, first = int(options.get("n", 1 if "seed" in options else 40)), int(options.get("seed", 1))
    top = tempfile.mkdtemp(prefix="oracle-")
    programs = Programs(top)
    tests = bad = 0
    for name in [options["filter"]] if "filter" in options else RESULTS:
        failed, found = [], 0
        for seed in range(first, first + count):
            w = World(seed)
            due = RESULTS[name](w)
            if due is None:  # contradictory facts
                continue
            found += due != []
            text = "".join(line + "\n" for line in shuffled(w.lines, w.rng))
            try:
                out = programs.run(os.path.join(folder, name), w.args, [text])
                why = compare(due, [json.loads(line) for line in out.splitlines()])
            except Trouble as e:
                why = [str(e)]
            if why:
                kept = os.path.join(top, f"{name}-{seed}")
                with open(kept, "w", encoding="utf-8") as f:
                    f.write(text)
                failed.append((seed, [f"{name} {' '.join(w.args)} {kept}", *why]))
        tests += 1
        wrong = failed != [] or count >= 20 and 3 * found < count
        bad += wrong
        print(f"{'not ok' if wrong else 'ok'} {tests} - {name}: as the rules say, in {count} worlds, of which {found} have verdicts")
        for seed, why in failed[:int(options.get("show", 3))]:
            print(f"# test/oracle.py --filter={name} --seed={seed}")
            print("".join(f"#   {line}\n" for line in why), end="")
        if len(failed) > 3:
            print(f"# {len(failed)} seeds in all: {' '.join(str(seed) for seed, _ in failed[:20])}")
    print(f"1..{tests}")
    if not bad:
        for name in os.listdir(top):
            os.unlink(os.path.join(top, name))
        os.rmdir(top)
    return bad != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
