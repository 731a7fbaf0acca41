#!/usr/bin/env python3
"""usage: test/fleet.py BUILD [FILTER]...

Properties that a fleet relies on, for the golden cases of all filters, or of some:
`--select` drops no relevant line; shards by `--key` together yield the verdicts of the
whole; `--follow` prints the verdicts of a batch run if no record is late.  Prints TAP.
"""
import datetime
import glob
import json
import os
import random
import re
import shlex
import subprocess
import sys
import zlib

BUILD = os.path.abspath(sys.argv[1])
os.chdir(os.path.join(os.path.dirname(__file__), ".."))
SHARDS = (2, 3, 7)
PODS = 40  # of a day
OTHERS = {"--catalog", "--select", "--keyed", "-f"}  # cases of other tools


class Case:
    """A golden case: options, operands, standard input."""

    def __init__(self, folder):
        self.folder = folder
        self.filter = folder.split("/")[1]
        words = shlex.split(open(folder + "/cmd").read()) if os.path.exists(folder + "/cmd") else []
        self.options, self.operands = [], []
        takes = TAKES[self.filter]
        while words:
            word = words.pop(0)
            (self.options if word.startswith("-") else self.operands).append(word)
            if word in takes and words:
                self.options.append(words.pop(0))
        self.options += ["-ojsonl"]
        self.operands += sorted(f for f in os.listdir(folder) if f.startswith("in") and f != "in")
        self.stdin = open(folder + "/in", "rb").read() if os.path.exists(folder + "/in") else b""

    def run(self, *more, stdin=None):
        """Standard output, for the case's input or for other lines."""
        operands = self.operands if stdin is None else []
        done = subprocess.run(
            [BUILD + "/" + self.filter, *self.options, *more, *operands], cwd=self.folder, capture_output=True,
            input=self.stdin if stdin is None else stdin, timeout=60, check=False)
        self.status = done.returncode
        if "--stats" in more:
            self.stats = json.loads(done.stderr.splitlines()[-1])
        return done.stdout


def text_lines(text):
    """Lines with their ends: unlike splitlines, a carriage return ends none."""
    return [line + b"\n" for line in text.split(b"\n") if line]


def takes(name):
    """Options of a filter that take an argument."""
    words = set()
    text = subprocess.run([BUILD + "/" + name, "--help"], capture_output=True, text=True, check=True).stdout
    for key, option in re.findall(r"^  (-.|  ),? +(--[a-z-]+)=", text, re.M):
        words |= {key.strip(), option}
    return words


def selected(case, whole):
    """The selected lines yield the same output as all lines."""
    lines = case.run("--select")
    return case.run(stdin=lines) == whole and case.run("--select", stdin=lines) == lines


def without_coverage(lines):
    """Remove the description of the input, which differs in shards."""
    return {re.sub(rb'"coverage":\{.*?\},"evidence_trail"', b'"evidence_trail"', line) for line in lines.splitlines()}


def linked(case, whole):
    """Shards of nodes yield verdicts; one shard with these and the records across nodes
    yields the incidents; it may also have some of the nodes (last is false)."""
    lines = text_lines(case.run("--select", "--key"))
    for n, last in zip(SHARDS, (True, False, True)):
        shards = [[] for _ in range(n + 1)]
        for line in lines:
            key = line.split(b"\t", 1)[0]
            every, own = key == b"*", zlib.crc32(key) % n + last
            for i in range(n + 1) if every else [0 if key == b"-" else own]:
                shards[i].append(line)
        for shard in filter(None, shards[1:]):
            shards[0] += [b"-\t" + line for line in case.run("--keyed", "-q", stdin=b"".join(shard)).splitlines(keepends=True)]
            if case.status not in (0, 1):
                return False
        if without_coverage(case.run("--keyed", "-q", stdin=b"".join(shards[0]))) != without_coverage(whole):
            return False
    return True


def sharded(case, whole):
    """The same for shards by key, whatever their number."""
    if case.filter == "inquest":
        return linked(case, whole)
    lines = text_lines(case.run("--select", "--key"))
    for n in SHARDS:
        shards = [[] for _ in range(n)]
        for line in lines:
            key = line.split(b"\t", 1)[0]
            for i in range(n) if key == b"*" else [zlib.crc32(key) % n]:
                shards[i].append(line)
        said = set()
        for shard in filter(None, shards):
            said |= set(case.run("--keyed", "-q", stdin=b"".join(shard)).splitlines())
            if case.status not in (0, 1):
                return False
        if said != set(whole.splitlines()):
            return False
    return True


def in_order(case):
    """The selected lines, one value per line, sorted by the last time in them."""
    lines = {line.split(b"\t", 1)[1] for line in text_lines(case.run("--select", "--key"))}
    times = {}
    for line in lines:
        case.run("--stats", "-q", stdin=line)
        times[line] = max(kind.get("last", "") for kind in case.stats["records"].values())
    return sorted(lines, key=lambda line: (times[line], line))


def without_end(lines):
    """Verdicts in any order, without the end or duration of the trouble."""
    later = rb',"resolved_at":"[^"]*"|,"hung_seconds":[0-9.]*(?=,)|,"age_basis":"(newest|now|observed)"'
    return sorted(re.sub(later, b"", line) for line in lines.splitlines())


def followed(case, whole):
    """Verdicts printed during the stream are those at its end, if no record is dropped."""
    if case.filter not in FOLLOWING or any(option.startswith(("--now", "--counters-alone")) for option in case.options):
        return True  # with --follow the clock advances, whatever --now is, and an Xid may still arrive
    case.options = [option.replace("x", "") if option in ("-x", "-qx") else option for option in case.options]
    case.options = [option for option in case.options if option not in ("-", "--explain")]
    lines = in_order(case)
    for lateness in "0s", "1s", "1m", "100000h":
        # when live, the clock would set the year
        said = case.run("--follow", "--year=2026", "--lateness=" + lateness, "--stats", stdin=b"".join(lines))
        if case.stats["late"] or case.stats["undated"]:
            continue
        COUNTS[lateness] += 1
        if (case.folder in LATER and lateness != "100000h") or (case.folder in SECONDS_APART and lateness in ("0s", "1s")):
            continue
        if without_end(said) != without_end(whole) or (lateness == "100000h" and said != whole):
            return False
    return True


def at(seconds):
    """Epoch seconds as RFC 3339, with milliseconds."""
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def a_day(seed):
    """A day on six nodes, as (time, line): failures, lost pods, placements of pods."""
    roll = random.Random(seed)
    lines = []
    for n in range(2500):
        t = 1790200000 + roll.randrange(86400000) / 1000
        t = t if roll.random() < 0.8 else 1790200000 + 3600 * roll.randrange(24) + roll.randrange(300)
        t = t if n >= PODS else 1790200000 # each pod is placed once before its loss
        node, pod = f"gpu-{roll.randrange(6)}", f"job-{n % PODS}"
        event = {"kind": "Event", "apiVersion": "v1", "metadata": {"uid": f"u{roll.randrange(9999)}"},
                 "involvedObject": {"kind": "Pod", "namespace": "train", "name": pod}}
        kernel = {"__REALTIME_TIMESTAMP": str(round(t * 1000) * 1000), "_TRANSPORT": "kernel", "_HOSTNAME": node}
        what = roll.randrange(12) if n >= PODS else 10
        if what < 4:
            code = roll.choice((31, 43, 45, 48, 79, 94, 154))
            line = {**kernel, "MESSAGE": f"NVRM: Xid (PCI:0000:{roll.randrange(3)}b:00): {code}, pid=1"}
        elif what < 6:
            line = {"k8s.node.condition.type": roll.choice(("DiskPressure", "MemoryPressure")), "k8s.node.name": node,
                    "k8s.node.condition.status": roll.choice(("True", "False")), "time": at(t)}
        elif what < 8:
            line = {**event, "reason": "Evicted", "message": "The node was low on resource: memory.",
                    "source": {"component": "kubelet", "host": node}, "lastTimestamp": at(t), "firstTimestamp": at(t)}
            if roll.random() < 0.5:
                line["involvedObject"]["uid"] = f"{pod}-{roll.randrange(3)}"
        elif what < 10:
            word = roll.choice(("Marking for", "Marking for", "Cancelling"))
            line = {**event, "reason": "TaintManagerEviction", "message": f"{word} deletion of Pod train/{pod}",
                    "lastTimestamp": at(t), "firstTimestamp": at(t)}
        elif what == 10:
            line = {**event, "reason": "Scheduled", "message": f"Successfully assigned train/{pod} to {node}",
                    "lastTimestamp": at(t), "firstTimestamp": at(t)}
        else:
            line = {**kernel, "MESSAGE": "NVRM: loading NVIDIA UNIX x86_64 Kernel Module  570.1"}
        lines.append((t, json.dumps(line).encode() + b"\n"))
    return sorted(lines)


def a_memory_day(seed):
    """A day of Xids on six GPUs, with counters that increase, are reset, or are missing
    for a while."""
    roll = random.Random(seed)
    begin, lines, grows = 1790200000, [], {}
    for _ in range(400):
        t, gpu = begin + roll.randrange(86400000) / 1000, roll.randrange(6)
        kernel = {"__REALTIME_TIMESTAMP": str(round(t * 1000) * 1000), "_TRANSPORT": "kernel", "_HOSTNAME": f"gpu-{gpu % 2}"}
        message = f"NVRM: Xid (PCI:0000:{gpu}b:00): {roll.choice((31, 48, 63, 64, 94, 95, 154, 160, 161, 177))}, pid=1"
        if roll.random() < 0.1:
            message = "NVRM: loading NVIDIA UNIX x86_64 Kernel Module  570.1"
        for later in range(roll.randrange(3)):
            grows[gpu, int(t - begin + roll.randrange(-400, 500)) // 60 + later] = roll.randrange(1, 4)
        lines.append((t, json.dumps({**kernel, "MESSAGE": message}).encode() + b"\n"))
    for gpu in range(6):
        values = {"DCGM_FI_DEV_ECC_DBE_VOL_TOTAL": 0, "DCGM_FI_DEV_RETIRED_DBE": 0}
        seen = dict.fromkeys(values, 0)
        for minute in range(1440):
            for name in values:
                values[name] += grows.get((gpu, minute), 0)
                if roll.random() < 0.003:
                    values[name] = roll.randrange(2)
                if roll.random() < 0.5 and minute - seen[name] < 8:
                    continue
                seen[name] = minute
                t = begin + minute * 60 + gpu + roll.randrange(1000) / 1000
                metric = {"__name__": name, "Hostname": f"gpu-{gpu % 2}.example", "UUID": f"GPU-0{gpu}"}
                if minute < 20 or minute % 100 == 0:
                    metric["pci_bus_id"] = f"00000000:{gpu}B:00.0"
                result = {"metric": metric, "values": [[t, str(values[name])]]}
                lines.append((t, json.dumps(
                    {"status": "success", "data": {"resultType": "matrix", "result": [result]}}).encode() + b"\n"))
    return sorted(lines)


def measured(t, gpu, name, value):
    """A sample of one of six GPUs on two nodes."""
    return json.dumps({"metric.name": name, "value": value, "gpu.id": f"0000:{gpu}b:00.0",
                       "k8s.node.name": f"gpu-{gpu % 2}", "time": at(t)}).encode() + b"\n"


def a_link_day(seed, troubles=50, longest=800):
    """A day of PCIe throughput and link samples of six GPUs, and error reports."""
    roll = random.Random(seed)
    begin, lines, bad = 1790200000, [], {}
    for _ in range(troubles):
        gpu, from_, lasts = roll.randrange(6), roll.randrange(86400), roll.randrange(longest)
        for t in range(from_ // 60, (from_ + lasts) // 60):
            bad[gpu, t] = roll.choice((2e9, 3e9))
        for _ in range(roll.randrange(1 + lasts // 60)):
            t = begin + from_ + roll.randrange(-400, lasts + 1)
            kernel = {"__REALTIME_TIMESTAMP": str(t * 1000000), "_TRANSPORT": "kernel", "_HOSTNAME": f"gpu-{gpu % 2}"}
            error = f"nvidia 0000:{gpu}b:00.0: PCIe Bus Error: severity={roll.choice(('Correctable', 'Uncorrectable (Fatal)'))}, " \
                "type=Physical Layer, (Receiver ID)"
            lines.append((t, json.dumps({**kernel, "MESSAGE": error}).encode() + b"\n"))
    for step in range(1440):
        for gpu in range(6):
            t = begin + 60 * step + gpu + roll.randrange(1000) / 1000
            lines.append((t, measured(t, gpu, "DCGM_FI_PROF_PCIE_TX_BYTES", bad.get((gpu, step), 12e9 + gpu))))
            if step % 6 == gpu:
                width = 8 if (gpu, step) in bad and roll.random() < 0.2 else 16
                lines.append((t, measured(t, gpu, "DCGM_FI_DEV_PCIE_MAX_LINK_WIDTH", 16)))
                lines.append((t, measured(t, gpu, "DCGM_FI_DEV_PCIE_LINK_WIDTH", width)))
    return sorted(lines)


def a_hot_day(seed, troubles=60, longest=900):
    """A day on five nodes' GPUs: one GPU, half a node or half the room is hot for a
    while."""
    roll = random.Random(seed)
    lines, hot, total, away = [], {}, {}, {}
    for _ in range(troubles):
        began, lasts = roll.randrange(86400), roll.randrange(60, longest)
        nodes = roll.sample(range(5), roll.choice((1, 1, 1, 3, 4)))
        for node in nodes:
            for gpu in roll.sample(range(3), 1 if len(nodes) == 1 and roll.random() < 0.5 else roll.randrange(2, 4)):
                late = roll.randrange(120)
                for step in range((began + late) // 60, (began + late + lasts) // 60):
                    hot[node, gpu, step] = roll.choice((0x20, 0x20, 0x40, 0x48)) if roll.random() < 0.97 else 0
    for step in range(1440):
        for node, gpu in ((node, gpu) for node in range(5) for gpu in range(3)):
            t = 1790200000 + 60 * step + node * 3 + gpu + roll.randrange(1000) / 1000
            mask = hot.get((node, gpu, step), roll.choice((0, 0, 1, 4)))
            if node == 4:  # reports by its counter
                total[gpu] = 0 if roll.random() < 0.0005 else total.get(gpu, 0) + (30000000 if mask & 0x60 else 0)
                away[gpu] = roll.randrange(1, 40) if roll.random() < 0.002 else max(away.get(gpu, 0) - 1, 0)
                what = {"hw.gpu.thermal_violation_ns": 0 if away[gpu] else total[gpu] * 1000}
            else:
                what = {"hw.gpu.clocks_event_reasons": mask}
            if roll.random() < 0.3 or step == 0:
                what |= {"hw.temperature": 60 + roll.randrange(9) + (25 if mask & 0x60 else 0), "hw.gpu.sm_clock": 1980 - 10 * (mask & 0x60)}
            lines.append((t, json.dumps({**what, "gpu.id": f"0000:{gpu}b:00.0", "k8s.node.name": f"gpu-{node}", "time": at(t)}).encode() + b"\n"))
    return sorted(lines)


def days(name):
    """Verdicts of days in order and slightly out of order."""
    whole = 0
    for seed in range(6):
        lines = DAYS[name](seed)
        roll = random.Random(seed)
        orders = {"0s": lines, "5m": sorted(lines, key=lambda line: line[0] + roll.random() * 300)}
        case = Case.__new__(Case)
        case.filter, case.folder, case.options, case.operands = name, ".", DAYS_OPTIONS.get(name, []), []
        want = case.run("--skew=2s", stdin=b"".join(line for _, line in lines))
        for lateness, order in orders.items():
            said = case.run("-f", "--skew=2s", "--lateness=" + lateness, "--stats", stdin=b"".join(line for _, line in order))
            if case.stats["late"] or without_end(said) != without_end(want):
                return 0
        whole += want.count(b"\n")
    return whole


def endless(name):
    """Episodes of a whole day are printed in pieces, the same ones at any lateness."""
    case = Case.__new__(Case)
    case.filter, case.folder, case.options, case.operands = name, ".", DAYS_OPTIONS.get(name, []), []
    lines = b"".join(line for _, line in ENDLESS[name](0))
    whole = case.run(stdin=lines).count(b"\n")
    parts = without_end(case.run("-f", "--lateness=0s", stdin=lines))
    for lateness in "1s", "5m", "29m":
        if without_end(case.run("-f", "--lateness=" + lateness, stdin=lines)) != parts:
            return 0
    return len(parts) if len(parts) > 5 * whole else 0


DAYS = {"xid-correlate": a_day, "pod-evicted": a_day, "hbm-ecc": a_memory_day, "pcie-aer": a_link_day, "thermal": a_hot_day}
ENDLESS = {"pcie-aer": lambda seed: a_link_day(seed, 20, 86400), "thermal": lambda seed: a_hot_day(seed, 15, 40000)}
# a GPU's own history matters, and with --follow less of it is kept
DAYS_OPTIONS = {"pcie-aer": ["--siblings"]}
# reports on a link, and records of a GPU, that arrive after the verdict
LATER = {"golden/pcie-aer/replays-link-told-later", "golden/thermal/gpus-by-uuid-and-by-number",
    "golden/nccl-hang/log-ended-before-another-attempt",  # without a time: of the only attempt so far
    "golden/nccl-hang/log-two-attempts-of-other-ranks",  # an attempt that shows in the second line of the next one
    "golden/nccl-hang/log-dump-signal-before-the-hang"}  # a line two hours old, which was dropped
# ranks whose wait or job is logged seconds after the first alarm
SECONDS_APART = {"golden/nccl-hang/log-" + case for case in (
    "alarm-is-no-blame", "context-parallel", "hsdp-logs-missing-in-both-shards", "hsdp-member-that-is-dead",
    "hsdp-member-that-reported", "moe-default-group-not-heard", "moe-idle-in-the-default-group",
    "pipeline-rank-that-waits-for-nothing", "two-jobs-by-label", "two-jobs-by-pods", "two-jobs-by-pods-of-a-team",
    "two-jobs-of-one-number", "two-jobs-otlp", "victims-of-victims")} | {"golden/nccl-hang/folders-of-" + case for case in (
    "nodes-of-two-jobs", "two-jobs", "two-jobs-of-two-sizes")}
# lines without meaning apart from the line above them
TOGETHER = {"golden/xid-correlate/text-boots-of-a-file", "golden/xid-correlate/text-indented",
    "golden/nccl-hang/log-signal-before-the-hang-without-year"}  # whose times are the year's with --year
COUNTS = dict.fromkeys(("0s", "1s", "1m", "100000h"), 0)
FILTERS = sorted(os.path.basename(f)[:-2] for f in glob.glob("cmd/*.c") if not f.endswith("golden-replay.c"))
ASKED = sys.argv[2:] or FILTERS
TAKES = {name: takes(name) for name in FILTERS}
FOLLOWING = {name for name in FILTERS if "--lateness" in TAKES[name]}
TESTS = ((selected, "--select"), (sharded, "--key"), (followed, "--follow"))
number = failed = 0
for name in ASKED:
    bad = {test: [] for test, _ in TESTS}
    cases = [Case(os.path.dirname(f)) for f in sorted(glob.glob(f"golden/{name}/*/"))]
    said = 0
    for case in cases:
        all_of_it = case.run()
        if case.status == 2 or OTHERS & {option.split("=")[0] for option in case.options} or \
                any("=-" in option for option in case.options):  # --since=-6h waits for the newest record
            continue
        said += all_of_it.count(b"\n")
        for test, _ in TESTS:
            if test is followed and case.folder in TOGETHER:
                continue
            if not test(case, all_of_it):
                bad[test].append(case.folder)
    for test, what in TESTS:
        number += 1
        good = not bad[test] and said > 0
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - {name}: {what}, {len(cases)} cases with {said} verdicts")
        for folder in bad[test]:
            print(f"# {folder}")
for name in sorted(ASKED):
    number += 1
    if name not in DAYS:
        print(f"ok {number} - {name}: --follow # SKIP no days of it in test/fleet.py")
        continue
    said = days(name)
    failed += said == 0
    print(f"{'ok' if said else 'not ok'} {number} - {name}: --follow, six days with {said} verdicts")
for name in sorted(set(ENDLESS) & set(ASKED)):
    number += 1
    said = endless(name)
    failed += said == 0
    print(f"{'ok' if said else 'not ok'} {number} - {name}: --follow, an endless day in {said} parts")
number += 1
few = min(COUNTS.values()) < 100 and ASKED == FILTERS
failed += few
print(f"{'not ok' if few else 'ok'} {number} - runs in which nothing was late: {COUNTS}")
print(f"1..{number}")
sys.exit(failed > 0)
