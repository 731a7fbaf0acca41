#!/usr/bin/python3
"""usage: test/corpus.py SHARED BUILD

Run real lines and other projects' test cases, which are not in this repository, through
BUILD/decode and BUILD/xid-correlate; print correct and false findings by file and kind.
Expectations come from a regex that shares nothing with the library, from tables worked
out by hand, or from the other projects.  Status 1 unless everything is as expected.
"""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter, namedtuple

# A message and the records it must yield: dicts whose members must all match;
# None: the record must not have the member.
Case = namedtuple("Case", "file no message want")
ALL = ("xid", "sxid", "gpu", "recovery", "pod_loss", "placement",
       "node_condition")
ERRORS = ("xid", "sxid")

# ---- samples: records by kind, counted by hand ----
# How a file is read: "json" unchanged; "text" by lines, wrapped; "notes" as
# texts of Events.
SAMPLES = {
    "xid/aws-hyperpod-inject-74.log": ("text", dict(xid=1)),
    "xid/aws-row-remap-63.log": ("text", dict(xid=2)),
    "xid/contained-then-remap-94-63.log": ("text", dict(xid=2)),
    "xid/dcgm-doc-48-ctxsw.log": ("text", dict(gpu=2, xid=1)),
    "xid/dcgm-tests.log": ("text", dict(gpu=2, xid=3)),
    "xid/driver-source-comment-94-95.log": ("text", dict(xid=4)),
    "xid/gb200-nvlink5-144-150-variants.log": ("text", dict(xid=35)),
    # the other 4 lines are from the OOM killer
    "xid/gpud-dmesg-decode-iso-xid13-43.log": ("text", dict(xid=17)),
    "xid/gpud-dmesg-with-xid-119.log": ("text", dict(gpu=2, xid=5)),
    "xid/gpud-kmsg-test-misc.log": ("text", dict(xid=7)),
    # 79 with its code and again without
    "xid/gpud-sxid-readme-xid79.log": ("text", dict(gpu=3, xid=2)),
    "xid/legacy-no-pci-prefix.log": ("text", dict(xid=3)),
    # the three lines without a code, and the 79
    "xid/nvsentinel-fallen-multiline.txt": ("text", dict(gpu=1, xid=2)),
    "xid/nvsentinel-tests.log": ("text", dict(xid=28)),
    "xid/r580-gddr7-dbe-48-171-63-154.log": ("text", dict(gpu=1, xid=5)),
    "xid/windows-azure-nhc-119.log": ("text", dict(xid=1)),
    "sxid/fabricmanager-log-lines.log": ("text", {}),
    "sxid/sxid-tests.log": ("text", dict(sxid=17)),
    "kmsg/dcgm-kmsg-xid.log": ("text", dict(xid=1)),
    "kmsg/gpud-kmsg.1.log": ("text", {}),
    "kmsg/gpud-kmsg.2.peermem.log": ("text", {}),
    "kmsg/kmsg-xid-forms.log": ("text", dict(xid=2)),
    "kmsg/util-linux-cid-kmsg-decode.txt": ("text", dict(recovery=1)),
    "kmsg/util-linux-timestamp-format-multiple.txt": ("text", {}),
    "journald/kernel-device-fields.pretty.json": ("json", {}),
    "journald/kernel-ext4-spaced.jsonl": ("json", {}),
    "journald/lnav-spaced.jsonl": ("json", {}),
    "journald/nvrm-xid32-priority4.jsonl": ("json", dict(gpu=1, xid=1)),
    "journald/xid79-and-byte-array.jsonl": ("json", dict(xid=1)),
    "dmesg_json/util-linux-cid-kmsg-json.json": ("json", dict(recovery=1)),
    "dmesg_json/util-linux-json.json": ("json", {}),
    "xid_json/hyperpod-hma-npd.pretty.json": ("json", dict(xid=1)),
    "otlp/collector-plog-json-test.jsonl": ("json", {}),
    "otlp/collector-pmetric-json-test.jsonl": ("json", {}),
    "otlp/lnav-otel-collector.jsonl": ("json", {}),
    "otlp/proto-example-logs.jsonl": ("json", {}),
    "otlp/proto-example-logs.pretty.json": ("json", {}),
    "otlp/proto-example-metrics.pretty.json": ("json", {}),
    # ten records; "Scheduled" names the node in its text
    "otlp/splunk-expected_k8sevents.jsonl": ("json", dict(placement=1)),
    # both pods are named only in the texts
    "k8s_events/agent-pod-events-node-lost.json":
        ("json", dict(pod_loss=1, placement=1)),
    "k8s_events/eventsv1-mirrored-legacy.jsonl": ("json", dict(placement=1)),
    "k8s_events/api-roundtrip-core-v1.json": ("json", {}),
    # nine times: the first and the last
    "k8s_events/disk-pressure-chain.jsonl":
        ("json", dict(node_condition=2)),
    "k8s_events/eventtime-only-and-counted.jsonl": ("json", dict(pod_loss=1)),
    # nine times: the first and the last
    "k8s_events/evicted-count9.json": ("json", dict(pod_loss=2)),
    "k8s_events/evicted-list-mixed-timestamps.json":
        ("json", dict(pod_loss=3, placement=4)),
    "k8s_events/evicted-pod-object-list.json":
        ("json", dict(pod_loss=1, placement=1)),
    "k8s_events/eviction-messages.txt": ("notes", dict(pod_loss=15)),
    "k8s_events/gardener-event-logger-node-not-ready.jsonl": ("json", {}),
    "k8s_events/k8s-arena-default.pretty.json": ("json", dict(placement=1)),
    "k8s_events/metricbeat-kubernetes-event.json": ("json", {}),
    "k8s_events/oomkilling-node-and-pod.jsonl": ("json", {}),
    "k8s_events/runai-eviction-threshold-met.jsonl":
        ("json", dict(node_condition=1)),
    "k8s_events/series-vs-legacy.jsonl": ("json", {}),
    # 8 Scheduled and 4 Killing
    "k8s_events/troubleshoot-failed-mount.items.jsonl":
        ("json", dict(placement=12)),
    "k8s_events/troubleshoot-image-pull-fail.pretty.json":
        ("json", dict(placement=2)),
    # four that differ only in their annotations
    "k8s_events/vpa-evicted-annotations.jsonl": ("json", dict(pod_loss=4)),
}
SCOPE = ("xid", "sxid", "kmsg", "journald", "dmesg_json", "k8s_events",
         "otlp", "xid_json")

# These are one message each, in addition or exclusively.
WHOLE = {
    "xid/nvsentinel-fallen-multiline.txt": "only",
    "xid/contained-then-remap-94-63.log": "also",
}
# A wrapped message: the text of the second line must be in the Xid's text.
WRAPPED = {"xid/contained-then-remap-94-63.log":
           {94: "Contained: ", 63: "Row Remapper: "}}

# Lines about which the regex below is wrong: file, line number, records, why.
EXCEPTIONS = [
    ("kmsg/dcgm-kmsg-xid.log", 1,
     [dict(record="xid", code=43, gpu="0000:01:00.0")],
     "a fixture of DCGM's without the parentheses; code and address are "
     "plain, so it counts"),
]

# Intentional differences from other projects.
DIFFERENCES = [
    ("peer_cases/gpud/kmsg_other_cases.jsonl",
     "matches the fabric manager's own log as SXid events; we do not: a "
     "daemon's words in local time, and the kernel said it as an SXid"),
    ("samples/sxid/fabricmanager-log-lines.log",
     "the same lines: no records"),
    ("peer_cases/nvsentinel/sxid_cases.jsonl",
     "drops SXid lines without a link number; we keep them: the code and the "
     "switch are in the line"),
    ("peer_cases/nvsentinel/xid_cases.jsonl",
     "an Xid 154 to (None) is action NONE there; here it is a recovery too"),
    ("peer_cases/k8s_eviction/cases.jsonl",
     "finds Xid 48 in a Node condition's reason (NvidiaXid48); we read "
     "kernel text: such a condition has no GPU and outlives its cause"),
    ("reference/xid_catalog.tsv",
     "has two names for 13; we print one of them"),
]


# ---- expectations for a message: deliberately simple ----

ADDR = r"(?:PCI:)?((?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}(?:\.[0-7])?)"
LINES = [(kind, re.compile(pattern, re.I)) for kind, pattern in (
    ("xid", r"NVRM: Xid \(" + ADDR + r"[^)]*\): (\d+)(?!\w)"),
    ("sxid", r"nvidia-nvswitch\d+: SXid \(" + ADDR + r"\): (\d+)(?!\w)"),
    ("bare", r"NVRM: GPU " + ADDR + ": GPU has fallen off the bus"),
    ("rest", r"NVRM: ()fallen off the bus"),
    ("named", r"NVRM: The NVIDIA GPU " + ADDR),
    ("gpu", r"NVRM: GPU at " + ADDR + ": (GPU-[0-9a-f-]+)"),
    ("serial", r"NVRM: GPU " + ADDR + r": GPU serial number is (?!0+\b)\w"),
    ("board", r"NVRM: GPU ()(?:Board Serial Number:|is on Board) *(?!0+\b)\w"),
    ("boot", r"()Linux version \d"),
)]
ISO = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)[.,](\d+)\+00:00")


def address(s):
    """dddd:bb:dd.f"""
    s = s.lower().removeprefix("pci:")
    s = s if s.count(":") == 2 else "0000:" + s
    domain, bus, dev = s.split(":")
    dev, _, fn = dev.partition(".")
    return "%04x:%s:%s.%s" % (int(domain, 16), bus, dev, fn or "0")


def stamp(s):
    """RFC 3339 in UTC, with as few digits as are exact."""
    base, _, fraction = s.removesuffix("Z").partition(".")
    while fraction.endswith("000"):
        fraction = fraction[:-3]
    fraction = "" if not fraction.strip("0") else "." + fraction
    return base + fraction + "Z"


def record(kind, m, line, named):
    """The record that a line of this kind yields."""
    gpu = address(m[1]) if m[1] else named
    text = line[m.start():].strip()
    if kind == "boot":
        return dict(record="recovery", reboot=True)
    if kind in ("named", "gpu"):
        return dict(record="gpu", gpu=gpu,
                    uuid=m[2] if kind == "gpu" else None)
    if kind in ("serial", "board"):
        return dict(record="gpu", gpu=gpu if kind == "serial" else None)
    if kind in ("bare", "rest"):
        return dict(record="xid", code=79, gpu=gpu, bare=True, text=text)
    if kind == "sxid":
        return dict(record="sxid", code=int(m[2]), gpu=gpu, text=text,
                    fatal="): %s, Fatal" % m[2] in line or None,
                    detail=bool(re.search(r"\d, (Severity|Data) ", line))
                    or None)
    none = m[2] == "154" and line.rstrip().endswith("(None)")
    return dict(record="xid", code=int(m[2]), gpu=gpu, text=text, bare=None,
                to_none=none or None)


def expected(message):
    """Records of a message, from the regexes only."""
    want, named = [], None
    lines = message.split("\n")
    for line in lines:
        for kind, pattern in LINES:
            m = pattern.search(line)
            if not m:
                continue
            want.append(record(kind, m, line, named))
            if kind == "named":
                named = want[-1]["gpu"]
            if len(lines) > 1:
                want[-1].pop("text", None)
            break
    return want


# ---- carriers: a message as one JSON value; each has its own node ----

WHEN = "2026-01-02T03:04:05Z"


def otlp(body, *attributes):
    return {"resourceLogs": [{"resource": {}, "scopeLogs": [{"logRecords": [{
        "timeUnixNano": "1767323045000000000", "body": body,
        "attributes": [{"key": k, "value": {"stringValue": v}}
                       for k, v in attributes]}]}]}]}


CARRIERS = {  # name: (has a time, from the message and a node)
    "journald": (True, lambda s, node: {
        "__REALTIME_TIMESTAMP": "1767323045000000", "_HOSTNAME": node,
        "_TRANSPORT": "kernel", "PRIORITY": "4", "MESSAGE": s}),
    "journald-bytes": (True, lambda s, node: {
        "__REALTIME_TIMESTAMP": "1767323045000000", "_HOSTNAME": node,
        "_TRANSPORT": "kernel", "MESSAGE": list(s.encode())}),
    "message": (False, lambda s, node: {"MESSAGE": s, "_HOSTNAME": node}),
    "dmesg": (False, lambda s, node: {
        "pri": 4, "time": 1.0, "msg": s, "hostname": node}),
    "dmesg-whole": (False, lambda s, node: {"dmesg": [
        {"pri": 6, "time": 0.5, "msg": "x"},
        {"pri": 4, "time": 1.0, "msg": s, "hostname": node}]}),
    "fluent-bit": (True, lambda s, node: {
        "log": s, "stream": "stderr", "time": WHEN,
        "kubernetes": {"host": node}}),
    "loki": (True, lambda s, node: {
        "labels": {"node": node}, "line": s, "timestamp": WHEN}),
    "loki-streams": (True, lambda s, node: {"status": "success", "data": {
        "resultType": "streams", "result": [{
            "stream": {"node": node},
            "values": [["1767323045000000000", s]]}]}}),
    "elastic": (True, lambda s, node: {"_source": {
        "@timestamp": WHEN, "message": s, "host": {"name": node}}}),
    "otlp": (True, lambda s, node: otlp(
        {"stringValue": s}, ("k8s.node.name", node))),
}
# Carriers with the collector's time or node: the line's own stamp and the host
# in its header take precedence.
COLLECTED = {"fluent-bit", "loki", "loki-streams", "elastic", "otlp"}
RELAYED = {"dmesg", "dmesg-whole", "elastic", "otlp"}
HEADER = re.compile(r"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (\S+) kernel:")


# ---- running and counting ----

class Run:
    """The programs, and the expected, correct and false records."""

    def __init__(self, build):
        self.build = build
        self.passed = self.failed = 0
        self.table = {}

    def check(self, ok, what):
        self.passed += bool(ok)
        self.failed += not ok
        if not ok:
            print("FAILED", what)

    def count(self, file, kind, want=0, found=0, false=0):
        row = self.table.setdefault(file, {}).setdefault(kind, [0, 0, 0])
        for i, n in enumerate((want, found, false)):
            row[i] += n

    def program(self, name, *args, stdin=""):
        return subprocess.run([os.path.join(self.build, name), *args],
                              input=stdin.encode("utf-8", "surrogateescape"),
                              capture_output=True, check=False)

    def decode(self, text):
        p = self.program("decode", stdin=text)
        return p, [json.loads(line) for line in p.stdout.splitlines()]

    def judge(self, file, where, want, got, kinds):
        """One expectation: exactly these records of these kinds."""
        left = [r for r in got if r["record"] in kinds]
        missing = []
        for w in want:
            hit = next((r for r in left if fits(w, r)), None)
            self.count(file, w["record"], want=1, found=hit is not None)
            if hit is None:
                missing.append(w)
            else:
                left.remove(hit)
        for r in left:
            self.count(file, r["record"], false=1)
        self.check(not missing and not left, "%s:%s: missing %s, false %s"
                   % (file, where, missing, left))

    def print_table(self):
        print("%-62s %-9s %7s %7s %6s %6s" % (
            "file", "kind", "expect", "found", "recall", "false"))
        sums = {}
        for file, kinds in sorted(self.table.items()):
            for kind, row in sorted(kinds.items()):
                print(row_of(file, kind, row))
                sums[kind] = [a + b for a, b in
                              zip(sums.get(kind, (0, 0, 0)), row)]
        for kind in sorted(sums):
            print(row_of("total", kind, sums[kind]))


def row_of(file, kind, row):
    want, found, false = row
    recall = "-" if not want else "%d%%" % (100 * found // want)
    return "%-62s %-9s %7d %7d %6s %6d" % (
        file, kind, want, found, recall, false)


def fits(want, got):
    return all(got.get(k) == v for k, v in want.items())


def dated(want, message, carrier_time, collected):
    """Add the time of the carrier or of the line's own ISO stamp."""
    m = ISO.search(message)
    own = stamp(m[1] + "." + m[2]) if m else None
    t = own or carrier_time if collected else carrier_time or own
    return [dict(w, time=t) for w in want]


def run_cases(run, cases, kinds):
    """Every message through every carrier, and {"MESSAGE": …} by itself."""
    for name, (has_time, wrap) in CARRIERS.items():
        node = {"n%d" % i: c for i, c in enumerate(cases)
                if name not in RELAYED or not HEADER.match(c.message)}
        for c in (c for c in cases if c not in node.values()):
            _, got = run.decode(lines_of([wrap(c.message, "n")]))
            run.judge(c.file, "%s %s" % (c.no, name),
                      [dict(w, node=HEADER.match(c.message)[1])
                       for w in dated(c.want, c.message,
                                      WHEN if has_time else None, True)],
                      got, kinds)
        _, got = run.decode(lines_of(
            wrap(c.message, n) for n, c in node.items()))
        for n, c in node.items():
            run.judge(c.file, "%s %s" % (c.no, name),
                      dated(c.want, c.message, WHEN if has_time else None,
                            name in COLLECTED),
                      [r for r in got if r.get("node") == n], kinds)
        strays = [r for r in got if r.get("node") not in node]
        run.check(not strays, "%s: without their node: %s" % (name, strays))
    for c in cases:
        _, got = run.decode(json.dumps({"MESSAGE": c.message}))
        run.judge(c.file, "%s alone" % c.no, c.want, got, kinds)


# ---- samples ----

def text_cases(path, text):
    """The messages of a sample and their expected records, by line number."""
    odd = {no: want for file, no, want, _ in EXCEPTIONS if file == path}
    how = WHOLE.get(path)
    file = "samples/" + path
    if how != "only":
        for no, line in enumerate(text.split("\n"), 1):
            if line:
                yield Case(file, no, line, odd.get(no, expected(line)))
    if how:
        yield Case(file, "whole", text, expected(text))


def run_text(run, path, text, counts):
    cases = list(text_cases(path, text))
    lines = cases if WHOLE.get(path) == "only" else \
        [c for c in cases if c.no != "whole"]
    by_regex = Counter(w["record"] for c in lines for w in c.want)
    run.check(by_regex == counts, "samples/%s: by hand %s, by regex %s"
              % (path, counts, dict(by_regex)))
    run_cases(run, cases, ALL)
    _, got = run.decode(json.dumps({"MESSAGE": text}))
    for code, word in WRAPPED.get(path, {}).items():
        run.check(any(r.get("code") == code and word in r["text"]
                      for r in got),
                  "samples/%s: text of %d is cut" % (path, code))
    refused(run, path, text)


def refused(run, path, text):
    """Unwrapped, every line is reported and none yields a record."""
    p, got = run.decode(text)
    lines = sum(1 for line in text.split("\n") if line.strip())
    run.check(p.returncode == 3 and not got
              and len(p.stderr.splitlines()) == lines,
              "samples/%s: as it is: status %d, %d of %d lines reported, %s"
              % (path, p.returncode, len(p.stderr.splitlines()), lines, got))


def values(text):
    """The JSON values of a text."""
    decoder, at, out = json.JSONDecoder(), 0, []
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        value, at = decoder.raw_decode(text, at)
        out.append(value)
    return out


def run_json(run, path, text, counts):
    file = "samples/" + path
    p, got = run.decode(text)
    run.check(p.returncode == 0 and not p.stderr,
              "%s: status %d %s" % (file, p.returncode, p.stderr))
    found = Counter(r["record"] for r in got)
    for kind in set(found) | set(counts):
        n, want = found[kind], counts.get(kind, 0)
        run.count(file, kind, want, min(n, want), max(0, n - want))
    run.check(found == counts, "%s: expected %s, got %s"
              % (file, counts, dict(found)))
    run.check(run.decode(lines_of(values(text)))[1] == got,
              "%s: one value per line gives other records" % file)
    whole = json.dumps(values(text), indent=1)
    run.check(run.decode(whole)[1] == got,
              "%s: one pretty array gives other records" % file)
    if path.startswith("k8s_events/"):
        run_events(run, file, values(text))


# ---- Kubernetes ----

LOSSES = ("Evicted", "TaintManagerEviction", "Preempted", "NodeNotReady")
NEW_NAMES = {"message": "note", "involvedObject": "regarding",
             "source": "deprecatedSource", "count": "deprecatedCount",
             "firstTimestamp": "deprecatedFirstTimestamp",
             "lastTimestamp": "deprecatedLastTimestamp",
             "reportingComponent": "reportingController"}


def any_value(v):
    """JSON in OTLP's encoding."""
    if isinstance(v, dict):
        return {"kvlistValue": {"values": [
            {"key": k, "value": any_value(x)} for k, x in v.items()]}}
    if isinstance(v, list):
        return {"arrayValue": {"values": [any_value(x) for x in v]}}
    if isinstance(v, bool):
        return {"boolValue": v}
    if isinstance(v, (int, float)):
        return {"intValue": str(v)}
    return {} if v is None else {"stringValue": v}


EVENT_CARRIERS = {
    "list": lambda e: {"kind": "List", "apiVersion": "v1", "items": [e]},
    "watch": lambda e: {"type": "ADDED", "object": e},
    "eventrouter": lambda e: {"verb": "ADDED", "event": e},
    "audit": lambda e: {"kind": "Event", "apiVersion": "audit.k8s.io/v1",
                        "verb": "create", "stage": "ResponseComplete",
                        "responseObject": e},
    "events/v1": lambda e: {NEW_NAMES.get(k, k): v for k, v in e.items()},
    "otlp": lambda e: otlp(any_value(e)),
    "otlp-watch": lambda e: otlp(any_value({"type": "ADDED", "object": e})),
}


def events_of(vals):
    for v in vals:
        for e in v.get("items", v.get("events", [v])):
            if "involvedObject" in e or "regarding" in e:
                yield e


def happened(e):
    """First and last time of an Event."""
    series = (e.get("series") or {}).get("lastObservedTime")
    meta = e.get("metadata") or {}
    last = series or e.get("lastTimestamp") or e.get("eventTime") \
        or e.get("firstTimestamp") or meta.get("creationTimestamp")
    first = e.get("firstTimestamp") or e.get("eventTime")
    return {stamp(t.replace("+00:00", "Z")) for t in (last, first) if t}


def losses_of(e):
    """The losses that an Event about a pod reports."""
    o = e["involvedObject"]
    if e.get("reason") not in LOSSES or o.get("kind", "Pod") != "Pod" \
            or not o.get("name"):
        return []
    ns = o.get("namespace") or (e.get("metadata") or {}).get("namespace")
    return [dict(record="pod_loss", pod=o["name"], namespace=ns, time=t,
                 reason=e["reason"], pod_uid=o.get("uid"),
                 node=(e.get("source") or {}).get("host"))
            for t in happened(e)]


def run_events(run, file, vals):
    """Each Event on its own, and in other envelopes."""
    events = [e for e in events_of(vals) if "involvedObject" in e]
    for i, e in enumerate(events):
        _, got = run.decode(json.dumps(e))
        run.judge(file, "event %d" % i, losses_of(e), got, ("pod_loss",))
    for name, wrap in EVENT_CARRIERS.items():
        # OTLP adds a time to an Event without one: not comparable
        some = [e for e in events if happened(e) or "otlp" not in name]
        _, want = run.decode(lines_of(some))
        _, got = run.decode(lines_of(wrap(e) for e in some))
        run.check(got == want, "%s: as %s: missing %s, false %s" % (
            file, name, [r for r in want if r not in got],
            [r for r in got if r not in want]))


def run_notes(run, path, text, counts):
    """Texts of Events: "[source]<TAB>text"."""
    file, n = "samples/" + path, 0
    for no, line in enumerate(text.splitlines(), 1):
        source, _, note = line.partition("\t")
        taint = "TaintManagerEviction" in source
        pod = re.search(r"eletion (?:of )?Pod (\S+)/(\S+)", note)
        ns, name = (pod[1], pod[2]) if pod else ("ns", "pod")
        event = {"reason": "TaintManagerEviction" if taint else "Evicted",
                 "message": note, "lastTimestamp": WHEN,
                 "source": {"host": "n1"}}
        if not pod:
            event["involvedObject"] = {"kind": "Pod", "namespace": ns,
                                       "name": name}
        want = dict(record="pod_loss", pod=name, namespace=ns, time=WHEN,
                    node="n1", note=note.strip(),
                    **{"from": "cancel" if note.startswith("Cancelling")
                       else "event"})
        _, got = run.decode(json.dumps(event))
        run.judge(file, no, [want], got, ("pod_loss",))
        n += 1
    run.check(n == counts["pod_loss"], "%s: %d texts" % (file, n))
    refused(run, path, text)


HOW = {"text": run_text, "json": run_json, "notes": run_notes}


def run_samples(run, shared):
    top = os.path.join(shared, "samples")
    there = {os.path.relpath(f, top) for d in SCOPE
             for f in glob.glob(os.path.join(top, d, "*"))}
    run.check(there == set(SAMPLES), "samples without expectations or gone: "
              "%s" % sorted(there ^ set(SAMPLES)))
    for path in sorted(there & set(SAMPLES)):
        how, counts = SAMPLES[path]
        HOW[how](run, path, read(os.path.join(top, path)), counts)
        if not counts:
            run.table.setdefault("samples/" + path, {"none": [0, 0, 0]})


# ---- other projects' cases: a row as a message and its expectation ----

def peer_xid(row):
    want = {k: row[k] for k in ("xid", "device") if row.get(k) is not None}
    return row["line"], [want] if want else []


def gpud_xid(row):
    e = row["expect"]
    if e is None:
        return row["line"], []
    want = {k: e[k] for k in ("xid", "device") if k in e}
    if not want:  # a severity: the code is at the start of the case's name
        want["xid"] = int(row["name"].partition("_")[0])
    return row["line"], [want]


def gpud_sxid(row):
    e = row["expect"]
    return row["line"], [dict(e)] if e else []


def nvsentinel_xid(row):
    e = row["expect"]
    if e is None:
        return row["line"], []
    want = {k: e[k] for k in ("xid", "device")}
    if e["xid"] == 154:
        want["to_none"] = True if e["action"] == "NONE" else None
    return row["line"], [want]


def nvsentinel_sxid(row):
    e = row["nvsentinel"] or row["in_line"]
    want = {"sxid": e["sxid"], "device": e["pci"]}
    if "fatal" in e:
        want["fatal"] = e["fatal"] or None
    return row["line"], [want]


def nvsentinel_fallen(row):
    e = row["expect"]
    want = {"xid": 79, "device": e["pci"]} if e["event"] else {}
    return row["message"], [want] if want else []


def imbue(row):
    want = {k: row[k] for k in ("xid", "sxid") if row.get(k) is not None}
    if want and row.get("pci"):
        want["device"] = row["pci"]
    return row["line"], [want] if want else []


def gcm(row):
    return "\n".join(row["input"]), \
        [{"xid": int(code)} for code in row.get("xids", {})]


def strings(v):
    """Every string in a value: the line of a case, whatever its key."""
    if isinstance(v, str):
        yield v
    elif isinstance(v, (dict, list)):
        for x in v.values() if isinstance(v, dict) else v:
            yield from strings(x)


def gpud_other(row):
    return [(s, []) for s in strings(row["case"])]


PEERS = {
    "xid_pool.jsonl": peer_xid,
    "gpud/xid_cases.jsonl": gpud_xid,
    "gpud/sxid_cases.jsonl": gpud_sxid,
    "gpud/kmsg_other_cases.jsonl": gpud_other,
    "nvsentinel/xid_cases.jsonl": nvsentinel_xid,
    "nvsentinel/sxid_cases.jsonl": nvsentinel_sxid,
    "nvsentinel/gpufallen_cases.jsonl": nvsentinel_fallen,
    "imbue/dmesg_cases.jsonl": imbue,
    "gcm/xid_cli_cases.jsonl": gcm,
}
# Real logs of gpud: file, line pattern, records it must find.
PEER_LOGS = {
    "gpud/dmesg-with-xid-119.log": (5, {"xid": 119, "device": "0000:9b:00"}),
    "gpud/kmsg.1.log": (0, {}),
    "gpud/kmsg.2.peermem.log": (0, {}),
    "gpud/fabricmanager.log": (0, {}),
}


def in_our_words(want):
    """Another project's expectation as members of a record."""
    out = {k: v for k, v in want.items() if k in ("fatal", "to_none")}
    for kind in ERRORS:
        if kind in want:
            out.update(record=kind, code=want[kind])
    if "device" in want:
        out["gpu"] = address(want["device"])
    return dict({"record": "xid" if "sxid" not in want else "sxid"}, **out)


def peer_cases(path, rows):
    for no, row in enumerate(rows, 1):
        made = PEERS[path](row)
        for message, want in made if isinstance(made, list) else [made]:
            yield Case("peer_cases/" + path, no, message,
                       [in_our_words(w) for w in want])


def run_peers(run, top):
    for path in PEERS:
        rows = jsonl(os.path.join(top, path))
        cases = list(peer_cases(path, rows))
        run_cases(run, cases, ERRORS)
        note_none(run, cases)
    for path, (n, want) in PEER_LOGS.items():
        lines = read(os.path.join(top, path)).splitlines()
        wants = [in_our_words(want)] if want else []
        cases = [Case("peer_cases/" + path, no, line,
                      wants if "NVRM: Xid (" in line else [])
                 for no, line in enumerate(lines, 1) if line]
        run.check(sum(len(c.want) for c in cases) == n,
                  "%s: not %d Xid lines" % (path, n))
        run_cases(run, cases, ERRORS)
        note_none(run, cases)


def note_none(run, cases):
    for c in cases:
        run.table.setdefault(c.file, {"none": [0, 0, 0]})


# ---- another project's evictions: objects built from its facts ----

def pod_of(case):
    facts = case["pod"]
    status = {k: facts[k] for k in ("reason", "message", "conditions")
              if k in facts}
    status["phase"] = facts.get(
        "phase", "Failed" if "reason" in facts else "Running")
    if "lastState" in facts:
        status["containerStatuses"] = [
            {"name": "c", "lastState": {"terminated": facts["lastState"]}}]
    meta = {"name": facts.get("name", case["case"]), "uid": "u",
            "namespace": facts.get("ns", "ns")}
    if "deletionTimestamp" in facts:
        meta["deletionTimestamp"] = WHEN
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta,
            "spec": {"nodeName": "n1"}, "status": status}


def pod_events_of(case, pod):
    for e in case["events"]:
        yield {"apiVersion": "v1", "kind": "Event",
               "metadata": {"namespace": pod["metadata"]["namespace"]},
               "involvedObject": dict(pod["metadata"], kind="Pod"),
               "reason": e["reason"], "type": e["type"],
               "message": pod["status"].get("message", ""),
               "lastTimestamp": WHEN,
               "source": {"component": e["component"], "host": "n1"}}


def run_evictions(run, top):
    path = "k8s_eviction/cases.jsonl"
    for no, case in enumerate(jsonl(os.path.join(top, path)), 1):
        pod = pod_of(case)
        lost = re.match("eviction|node-pressure|taint-eviction",
                        case["expected"]["kind"])
        same = dict(record="pod_loss", pod=pod["metadata"]["name"],
                    namespace=pod["metadata"]["namespace"], node="n1")
        want = [dict(same, **{"from": "object"})] if lost else []
        for e in pod_events_of(case, pod):
            if e["reason"] == "Evicted":
                want.append(dict(same, time=WHEN, **{"from": "event"}))
        _, got = run.decode(lines_of([pod, *pod_events_of(case, pod)]))
        run.judge("peer_cases/" + path, "%d %s" % (no, case["case"]), want,
                  got, ERRORS + ("pod_loss",))


# ---- Xid 154: the action requested by the driver is in the verdict ----

def run_recovery_actions(run, top):
    path = "aws/xid154_text.jsonl"
    kernel = {"_HOSTNAME": "n1", "_TRANSPORT": "kernel"}
    evicted = {"involvedObject": {"kind": "Pod", "namespace": "ns",
                                  "name": "p"},
               "reason": "Evicted", "message": "m", "source": {"host": "n1"},
               "lastTimestamp": "2026-01-02T03:04:15Z"}
    for no, row in enumerate(jsonl(os.path.join(top, path)), 1):
        action = row["contains"].strip("()")
        line = "NVRM: Xid (PCI:0000:3b:00): 154, GPU recovery action " \
            "changed from 0x0 (None) to 0x1 (%s)" % action
        stream = [
            dict(kernel, __REALTIME_TIMESTAMP="1767323045000000",
                 MESSAGE="NVRM: Xid (PCI:0000:3b:00): 46"),
            dict(kernel, __REALTIME_TIMESTAMP="1767323046000000",
                 MESSAGE=line), evicted]
        p = run.program("xid-correlate", "-q", stdin=lines_of(stream))
        got = [json.loads(s) for s in p.stdout.splitlines()]
        none = row["severity"] == "MONITOR"
        _, records = run.decode(json.dumps({"MESSAGE": line}))
        ok = len(got) == 1 and got[0]["xid_code"] == 46 and \
            (none or got[0].get("recovery_action") == action) and \
            bool(records[0].get("to_none")) == none
        run.count("peer_cases/" + path, "xid", 1, ok)
        run.check(ok, "peer_cases/%s:%d: %s: %s" % (path, no, action, got))


# ---- the catalog ----

COLUMNS = (("xid", "code"), ("mnemonic", "name"),
           ("immediate_action", "action"))


def tsv(text, key):
    rows = [line.split("\t") for line in text.splitlines()]
    return {d[key]: d for d in (dict(zip(rows[0], r)) for r in rows[1:])}


NEWER = {"177", "185"}  # of newer drivers than the catalog


def run_catalogue(run, shared):
    theirs = tsv(read(os.path.join(shared, "reference/xid_catalog.tsv")),
                 "xid")
    p = run.program("xid-correlate", "--catalog")
    ours = tsv(p.stdout.decode(), "code")
    agree = []
    for their, our in COLUMNS:
        n = 0
        for code in sorted(set(theirs) | set(ours) - NEWER, key=int):
            a = theirs.get(code, {}).get(their)
            b = ours.get(code, {}).get(our)
            same = a == b or their == "mnemonic" and b in (a or "").split("/")
            n += same
            run.check(same, "catalogue %s: %s %s, ours %s"
                      % (code, their, a, b))
        agree.append("%s %d/%d" % (their, n, len(theirs)))
    print("catalogue agreement:", ", ".join(agree))
    print()


# ---- robustness ----

# Shortly before each of the evictions of k8s_events/evicted-list-*.json.
JUST_BEFORE = (1790303995, 1790304935, 1790305795)


def in_any_order(run, name, files):
    """The files forwards, backwards, and as one stream: the same verdicts."""
    ways = {
        "forwards": ((*files,), ""),
        "backwards": ((*reversed(files),), ""),
        "one stream": ((), "\n".join(read(f) for f in files) + "\n"),
    }
    out = {}
    for way, (args, stdin) in ways.items():
        p = run.program("xid-correlate", "-q", *args, stdin=stdin)
        run.check(p.returncode in (0, 3), "%s %s: status %d: %s"
                  % (name, way, p.returncode, p.stderr[-300:]))
        out[way] = p.stdout
    run.check(len(set(out.values())) == 1, "%s: the order matters: %s"
              % (name, {w: len(b) for w, b in out.items()}))
    return out["forwards"].splitlines()


def run_robustness(run, shared):
    """All samples at once; cut in half; and, to produce verdicts, with all Xid lines on
    the node of the evicted pods just before."""
    files = sorted(f for f in glob.glob(os.path.join(
        shared, "samples/**/*"), recursive=True) if os.path.isfile(f))
    in_any_order(run, "all samples", files)
    with tempfile.TemporaryDirectory() as tmp:
        halves = []
        for i, f in enumerate(files):
            halves.append(os.path.join(tmp, "half%d" % i))
            text = read(f)
            write(halves[-1], text[:len(text) // 2])
        in_any_order(run, "half of each sample", halves)
        said = os.path.join(tmp, "said")
        lines = {s for f in files if "/xid/" in f
                 for s in read(f).split("\n")}
        write(said, lines_of({
            "_HOSTNAME": "w-1", "_TRANSPORT": "kernel", "MESSAGE": s,
            "__REALTIME_TIMESTAMP": "%d000000" % t}
            for t in JUST_BEFORE for s in sorted(lines)))
        verdicts = in_any_order(run, "samples that join", files + [said])
        run.check(len(verdicts) == len(JUST_BEFORE),
                  "samples that join: %d verdicts" % len(verdicts))
    print("robustness: %d files, %d verdicts where they join"
          % (len(files), len(verdicts)))
    print()


# ---- main ----

def read(path):
    with open(path, encoding="utf-8", errors="surrogateescape",
              newline="") as f:
        return f.read()


def write(path, text):
    with open(path, "w", encoding="utf-8", errors="surrogateescape",
              newline="") as f:
        f.write(text)


def lines_of(vals):
    return "".join(json.dumps(v) + "\n" for v in vals)


def jsonl(path):
    return [json.loads(line) for line in read(path).splitlines() if line]


def main(shared, build):
    if not os.path.isdir(os.path.join(shared, "samples")):
        print("no corpus at %s: nothing to run" % shared)
        print("0 passed, 0 failed")
        return 0
    run = Run(build)
    peers = os.path.join(shared, "peer_cases")
    run_samples(run, shared)
    run_peers(run, peers)
    run_evictions(run, peers)
    run_recovery_actions(run, peers)
    run_catalogue(run, shared)
    run_robustness(run, shared)
    run.print_table()
    print()
    for file, why in DIFFERENCES:
        print("differs on purpose: %s: %s" % (file, why))
    for file, no, _, why in EXCEPTIONS:
        print("exception: samples/%s:%d: %s" % (file, no, why))
    print("%d passed, %d failed" % (run.passed, run.failed))
    return 1 if run.failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: test/corpus.py SHARED BUILD")
    sys.exit(main(sys.argv[1], sys.argv[2]))
