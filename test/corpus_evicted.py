#!/usr/bin/python3
"""usage: test/corpus_evicted.py SHARED BUILD

Run real eviction texts and other projects' cases, which are not in this repository,
through BUILD/decode and BUILD/pod-evicted; print how often kind, pressure, threshold,
available and top consumer match the expectation, and intentional differences.
Expectations come from regexes and exact fractions that share nothing with the library,
or from the other projects.  Status 1 unless everything is as expected.
"""
import glob
import itertools
import json
import math
import os
import random
import re
import sys
from fractions import Fraction

from corpus import Run, jsonl, lines_of, pod_events_of, pod_of, read

FIELDS = ("eviction_kind", "pressure", "threshold", "available", "container",
          "used", "request")
WHEN = "2026-01-02T03:04:05Z"
JUST_BEFORE = "2026-01-02T03:04:00Z"

# Events and Pods of the samples: verdicts by kind and pressure, worked out by
# hand.
SAMPLES = {
    "agent-pod-events-node-lost.json": ["taint None"],
    "disk-pressure-chain.jsonl": [],
    # neither evicting component nor reason is given
    "eventtime-only-and-counted.jsonl": ["unknown"],
    # nine times in three hours: the first and the last
    "evicted-count9.json": ["unknown"] * 2,
    "evicted-list-mixed-timestamps.json": ["node_pressure disk"] * 3,
    "evicted-pod-object-list.json": ["node_pressure disk"],
    "gardener-event-logger-node-not-ready.jsonl": [],
    "k8s-arena-default.pretty.json": [],
    "metricbeat-kubernetes-event.json": [],
    "oomkilling-node-and-pod.jsonl": [],
    "runai-eviction-threshold-met.jsonl": [],
    "series-vs-legacy.jsonl": [],
    # four of one pod at the same time, with the kubelet's annotations
    "vpa-evicted-annotations.jsonl": ["node_pressure memory"],
}
# Another project's kinds in our terms; None: no eviction, no record.
KINDS = {
    "eviction-api": "api", "eviction-storage-limit": "local_limit",
    "node-pressure": "node_pressure", "taint-eviction": "taint",
    "deletion-unattributed": None, "oom-kill-reported": None,
    "likely only": None,
}
PRESSURES = (("memory", "memory"), ("inodes", "disk"), ("pids", "pid"),
             ("PIDPressure", "pid"), ("MemoryPressure", "memory"),
             ("ephemeral-storage|nodefs|imagefs|DiskPressure", "disk"))
# Intentional differences from other projects: case, field, our value, why.
DIFFERENCES = {
    ("admission-condition", "eviction_kind"):
        ("admission", "a pod that was refused never ran: the peer calls it "
         "node-pressure and marks the trap"),
}
MORE_DIFFERENCES = [
    "gpu-node-taint-coreweave: the peer blames an Xid 48 by a Node condition's "
    "reason; pod-evicted says taint, and xid-correlate blames kernel text",
    "old texts without a container's name: we keep its numbers",
]


# ---- expectations, deliberately simple ----

UNITS = {"": 1, "n": Fraction(1, 10**9), "u": Fraction(1, 10**6),
         "m": Fraction(1, 1000), "k": 10**3, "M": 10**6, "G": 10**9,
         "T": 10**12, "P": 10**15, "kB": 10**3, "MB": 10**6, "GB": 10**9,
         "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
NUMBER = r"(\d+(?:\.\d+)?)(?:([kKMGTP]?i?B?|[mnu])|e(\d+))"


def amount(text):
    m = re.fullmatch(NUMBER, text)
    if not m:
        return None
    unit = 10 ** int(m[3]) if m[3] else UNITS[m[2]]
    return math.ceil(Fraction(m[1]) * unit)


def pressure_of(text):
    return next((p for pattern, p in PRESSURES if re.search(pattern, text)),
                "unknown")


def expected(text):
    """Members of a decoded loss, from the text of an Evicted Event."""
    want = dict.fromkeys(FIELDS)
    local = re.search(r'Usage of EmptyDir.*limit "(.*?)"|storage limit "(.*?)"'
                      r"|total limit of containers (\S+?)\. ?$", text)
    want["pressure"] = "unknown"
    if local:
        want["eviction_kind"] = "local_limit"
        want["threshold"] = amount(next(g for g in local.groups() if g))
        m = re.match(r"Container (\S+) exceeded", text)
        want["container"] = m and m[1]
        return want
    m = re.search(r"low on resource: (.*?)\.|had condition: (.*?)\.", text)
    want["eviction_kind"] = "admission" if m and m[2] else "node_pressure"
    if m:
        want["pressure"] = pressure_of(m[1] or m[2])
    m = re.search(r"Threshold quantity: (\S+), available: (\S+?)\.(?: |$)", text)
    if m:
        want["threshold"], want["available"] = map(amount, m.groups())
    uses = re.findall(r"(?:Container|Pod \S+)( \S+)? was using (\S+?), "
                      r"(?:request is|which exceeds its request of) "
                      r"(\S+?)[.,](?: |$)", text)
    if uses:
        used = [(amount(u) - amount(r), name.strip(), amount(u), amount(r))
                for name, u, r in uses]
        top = min(used, key=lambda u: (-u[0], u[1]))
        want.update(container=top[1] or None, used=top[2], request=top[3])
    return want


# ---- running ----

class Table(Run):
    """Matches by field."""

    def __init__(self, build):
        super().__init__(build)
        self.fields = {}

    def compare(self, where, want, got, known=None):
        known = known or {}
        for field in FIELDS:
            if field not in want:
                continue
            row = self.fields.setdefault((where[0], field), [0, 0, 0])
            ours = got.get(field)
            same = ours == want[field]
            row[0] += 1
            row[1] += same
            row[2] += field in known
            self.check(same or field in known and known[field] == ours,
                       "%s:%s: %s: expected %s, got %s"
                       % (*where, field, want[field], ours))

    def print_fields(self):
        print("%-46s %-14s %7s %7s %10s" % (
            "file", "field", "cases", "agree", "on purpose"))
        for (file, field), row in sorted(self.fields.items()):
            print("%-46s %-14s %7d %7d %10d" % (file, field, *row))
        print()

    def losses(self, text):
        _, records = self.decode(text)
        return [r for r in records if r["record"] == "pod_loss"]


def event(text, reason="Evicted", name="p", node="n1"):
    return {"apiVersion": "v1", "kind": "Event", "metadata": {"uid": "e"},
            "involvedObject": {"kind": "Pod", "namespace": "ns", "name": name},
            "reason": reason, "message": text, "lastTimestamp": WHEN,
            "source": {"component": "kubelet", "host": node}}


def run_messages(run, shared):
    """Real texts."""
    path = "samples/k8s_events/eviction-messages.txt"
    n = 0
    for no, line in enumerate(read(os.path.join(shared, path)).split("\n"), 1):
        if not line:
            continue
        head, text = line.split("\t", 1)
        m = re.search(r"\((TaintManagerEviction)\)", head)
        want = expected(text)
        if m:
            want = dict(dict.fromkeys(FIELDS), eviction_kind="taint",
                        pressure="unknown")
        got = run.losses(json.dumps(event(text, m[1] if m else "Evicted")))
        run.check(len(got) == 1, "%s:%d: %d records" % (path, no, len(got)))
        run.compare((path, no), want, got[0])
        n += 1
    run.check(n >= 15, "%s: %d lines" % (path, n))


def run_cases(run, shared):
    """Another project's cases, as the Pod and as the Event."""
    path = "peer_cases/k8s_eviction/cases.jsonl"
    for no, case in enumerate(jsonl(os.path.join(shared, path)), 1):
        want = case["expected"]
        kind = KINDS[want["kind"]]
        pod = pod_of(case)
        events = [e for e in pod_events_of(case, pod)]
        got = run.losses(lines_of([pod, *events]))
        run.check((kind is None) == (not got),
                  "%s:%d %s: %d losses" % (path, no, case["case"], len(got)))
        if kind is None:
            continue
        members = {"eviction_kind": kind, "pressure": pressure_of(
            want.get("resource", want.get("condition", "")))}
        for ours, theirs in (("threshold", "threshold"), ("used", "usage"),
                             ("available", "available"),
                             ("request", "request")):
            if theirs in want:
                members[ours] = amount(want[theirs])
        if "container" in want:
            members["container"] = want["container"]
        known = {f: v for (c, f), (v, _) in DIFFERENCES.items()
                 if c == case["case"]}
        for one in got:
            run.compare((path, no), members, one, known)


def fill(text, values):
    """A printf format with these values."""
    return re.sub(r"%[svq]", lambda m: ('"%s"' if m[0] == "%q" else "%s")
                  % next(values), text)


def quantity(rng):
    n = rng.choice((rng.randrange(10), rng.randrange(10**4),
                    rng.randrange(10**9)))
    unit = rng.choice(("", "Ki", "Mi", "Gi", "k", "M", "G", "m", "kB", "GB",
                       "e3"))
    return "%d%s%s" % (n, rng.choice(("", "", ".5")), unit)


def run_formats(run, shared):
    """The kubelet's formats, filled with made-up values."""
    path = "peer_cases/k8s_eviction/message_formats.jsonl"
    rows = jsonl(os.path.join(shared, path))
    formats = [r["format"] for r in rows if "format" in r]
    reasons = [s for r in rows for s in r.get("reasons", ())]
    rng = random.Random(14)

    def pick(*words):
        return next(f for f in formats if all(w in f for w in words))

    low, condition = pick("low on resource"), pick("had condition")
    parts = [pick("Threshold quantity"), pick("larger consumption"),
             pick("exceeds its request")]
    alone = [f for f in formats if f not in (low, condition, *parts)]
    run.check(len(alone) == 3, "%s: %s" % (path, alone))
    for no in range(3000):
        resource = rng.choice(("memory", "ephemeral-storage", "inodes", "pids",
                               "nodefs", "imagefs"))
        names = ("c%d" % n for n in itertools.count(rng.randrange(90)))
        if no % 10 == 0:
            text = fill(rng.choice(alone), iter([quantity(rng)] * 2))
        elif no % 10 == 1:
            text = fill(condition, iter(["[%s]" % rng.choice(
                ("DiskPressure", "MemoryPressure", "PIDPressure"))]))
        else:
            text = fill(low, iter([resource]))
            if rng.random() < .7:
                text += fill(parts[0], (quantity(rng) for _ in range(2)))
            for _ in range(rng.randrange(5)):
                text += fill(rng.choice(parts[1:]), iter(
                    [next(names), quantity(rng), quantity(rng), resource]))
        got = run.losses(json.dumps(event(text)))
        run.compare((path, text), expected(text), got[0] if got else {})
    for said in reasons:
        reason = said.split(" ")[0]
        pod = {"kind": "Pod", "metadata": {"name": "p", "uid": "u"},
               "status": {"phase": "Running", "conditions": [
                   {"type": "DisruptionTarget", "status": "True",
                    "reason": reason, "lastTransitionTime": WHEN}]}}
        run.check(len(run.losses(json.dumps(pod))) == 1, "reason " + reason)


def verdicts(run, *args, stdin=""):
    p = run.program("pod-evicted", "-q", *args, stdin=stdin)
    run.check(p.returncode in (0, 3), "status %d: %s" % (
        p.returncode, p.stderr[-300:]))
    return p.stdout, [json.loads(line) for line in p.stdout.splitlines()]


def run_samples(run, shared):
    """Verdicts of every file; each full text must match its pressure."""
    for path in sorted(glob.glob(os.path.join(
            shared, "samples/k8s_events/*.json*"))):
        name = os.path.basename(path)
        _, got = verdicts(run, path)
        said = ["%s %s" % (v["eviction_kind"], v.get("pressure"))
                if "eviction_kind" in v else "unknown" for v in got]
        run.check(said == SAMPLES.get(name, []), "%s: %s" % (name, said))
    types = {"memory": "MemoryPressure", "disk": "DiskPressure",
             "pid": "PIDPressure"}
    path = "samples/k8s_events/eviction-messages.txt"
    for line in read(os.path.join(shared, path)).splitlines():
        head, text = line.split("\t", 1)
        if "TaintManager" in head:
            continue
        want = expected(text)
        node = [{"k8s.node.condition.type": t, "k8s.node.condition.status":
                 "True", "k8s.node.name": "n1", "k8s.event.uid": t,
                 "time": JUST_BEFORE} for t in types.values()]
        _, got = verdicts(run, stdin=lines_of([*node, event(text)]))
        full = want["eviction_kind"] == "node_pressure"
        run.check(len(got) == 1 and
                  got[0]["confidence"] == ("full" if full else "partial") and
                  got[0]["evidence_trail"][0]["uid"] ==
                  (types[want["pressure"]] if full else "e"),
                  "%s: %s" % (text, got))


def run_robustness(run, shared):
    files = sorted(f for f in glob.glob(os.path.join(
        shared, "samples/**/*"), recursive=True) if os.path.isfile(f))
    one, got = verdicts(run, *files)
    two, _ = verdicts(run, *reversed(files))
    run.check(one == two, "all samples: the order matters")
    print("robustness: %d files, %d verdicts, the same backwards"
          % (len(files), len(got)))


def main(shared, build):
    if not os.path.isdir(os.path.join(shared, "samples")):
        print("no corpus at %s: nothing to run" % shared)
        print("0 passed, 0 failed")
        return 0
    run = Table(build)
    run_messages(run, shared)
    run_cases(run, shared)
    run_formats(run, shared)
    run_samples(run, shared)
    run.print_fields()
    run_robustness(run, shared)
    for (case, field), (value, why) in DIFFERENCES.items():
        print("differs on purpose: %s: %s %s: %s" % (case, field, value, why))
    for why in MORE_DIFFERENCES:
        print("differs on purpose: " + why)
    print("%d passed, %d failed" % (run.passed, run.failed))
    return 1 if run.failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: test/corpus_evicted.py SHARED BUILD")
    sys.exit(main(sys.argv[1], sys.argv[2]))
