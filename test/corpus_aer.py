#!/usr/bin/python3
"""usage: test/corpus_aer.py SHARED BUILD

Run real lines about PCIe errors and other projects' cases, which are not in this
repository, through BUILD/decode and BUILD/pcie-aer; print differences from the tables
below, which were worked out by hand, or from the other projects.  Status 1 unless
everything is as expected.
"""
import json
import os
import re
import subprocess
import sys

shared, build = sys.argv[1], sys.argv[2]
T0 = 1790200000 * 10**9
bad = done = 0

# ---- samples: contents of each file by device ----
# device: reports, worst severity, its layer, bits, the reporting port or None,
# and what the device counts as without samples or topology
PHY, LINK, TRANS = "Physical Layer", "Data Link Layer", "Transaction Layer"
SAMPLES = {
    # containment and the block after it are one report
    "01-k53-nvme-dpc-surprise-down": {
        "0000:00:01.4": (1, "fatal", TRANS, {"SDES": 1}, None, "port")},
    "02-k5x-corrected-then-dpc-fatal": {
        "0000:89:02.0": (2, "fatal", TRANS, {"RxErr": 1, "SDES": 1}, None,
                         "port")},
    "03-anfe-corrected-nonfatalerr-b7": {
        "0000:b7:02.0": (2, "fatal", TRANS,
                         {"NonFatalErr": 1, "TLP": 1, "MalfTLP": 1}, None,
                         "port")},
    # a block, and two announcements without one
    "04-x1e-multiple-correctable-nodetails": {
        "0007:00:00.0": (3, "corrected", PHY, {"RxErr": 1}, None, "port"),
        "0007:01:00.0": (1, "corrected", None, {}, "0007:00:00.0", "device")},
    # its announcement is more than a second before the block
    "05-r8169-multi-agent-reported-first": {
        "0000:00:1c.1": (2, "corrected", PHY, {"RxErr": 1}, None, "port"),
        "0000:06:00.0": (2, "corrected", PHY,
                         {"RxErr": 1, "Rollover": 1, "Timeout": 1},
                         "0000:00:1c.1", "device")},
    "06-nvme-sn740-aspm": {
        "0006:01:00.0": (1, "corrected", PHY, {"RxErr": 1}, "0006:00:00.0",
                         "device")},
    "07-titan-ridge-baddllp": {
        "0000:07:00.0": (1, "corrected", LINK, {"BadDLLP": 1}, "0000:00:1c.4",
                         "port")},
    "08-k46-replay-timer-id-form": {
        "0000:00:1c.0": (1, "corrected", LINK, {"Timeout": 1}, None, "port")},
    "09-k418-bionic-amd": {
        "0000:00:01.2": (1, "corrected", LINK, {"Timeout": 1}, None, "port")},
    "10-k57-nvme-multiple-corrected": {
        "0000:00:1d.0": (1, "corrected", LINK, {"Timeout": 1}, None, "port"),
        "0000:04:00.0": (1, "corrected", PHY, {"RxErr": 1}, "0000:00:1d.0",
                         "device")},
    "11-forum-colored-1c4-timeout": {
        "0000:00:1c.4": (2, "corrected", LINK, {"Timeout": 1}, None, "port")},
    "12-acsviol-flood-uncorrectable-nonfatal": {
        "0000:00:07.1": (2, "nonfatal", TRANS, {"ACSViol": 1}, None, "port")},
    "13-gpu-passthrough-unsupreq-vfio": {
        "0000:01:00.0": (1, "nonfatal", TRANS, {"UnsupReq": 1},
                         "0000:00:01.0", "gpu_id")},
    "14-laptop-rtx4070-badtlp": {
        "0000:01:00.0": (1, "corrected", LINK, {"BadTLP": 1}, "0000:00:01.1",
                         "gpu_id")},
    "15-quadro-p1000-timeout": {
        "0000:03:00.0": (1, "corrected", LINK, {"Timeout": 1}, "0000:00:02.0",
                         "gpu_id")},
    "16-h100-training-doc-corrected-physical": {
        "0000:e3:00.0": (2, "corrected", PHY, {"RxErr": 1}, "0000:e0:01.1",
                         "gpu_id")},
    # NVIDIA's own root port is no GPU; the announcement says id=0010
    "17-jetson-nano-root-port-10de": {
        "0000:00:01.0": (1, "corrected", PHY, {"RxErr": 1}, None, "port"),
        "0000:00:02.0": (1, "corrected", None, {}, "0000:00:01.0", "device")},
    "18-ath12k-cmpltto-recovery-failed": {
        "0004:00:00.0": (1, "nonfatal", TRANS, {"CmpltTO": 1}, None, "port")},
    "19-rtl8821ce-rxerr-burst": {
        "0000:02:00.0": (2, "corrected", PHY, {"RxErr": 2}, None, "device")},
    # announcement, tracepoint, head and status
    "20-cxl-uncorrinterr-panic": {
        "0000:0d:00.0": (1, "nonfatal", TRANS, {"UncorrIntErr": 1},
                         "0000:0c:00.0", "port")},
    "21-ldlp-thunderbolt-corrected-baddllp": {
        "0000:07:04.0": (1, "corrected", LINK, {"BadDLLP": 1}, "0000:00:1d.0",
                         "port")},
}

# Intentional differences from other projects, and why.  DCGM compares the
# increase of a counter with the limit per minute, however long it took; we
# allow more for a step longer than a minute.
DIFFERENCES = {
    # project, seconds between the samples: replays, over the limit for them,
    # for us
    "dcgm x16 gen 4, 120 s": (120, 17, True, False),
    "dcgm x16 gen 4, 60 s": (60, 17, True, True),
}


def check(good, what):
    global bad, done
    done += 1
    if not good:
        bad += 1
        print(f"not as expected: {what}")


def run(program, lines, *options):
    p = subprocess.run([f"{build}/{program}", *options], text=True,
                       input="".join(json.dumps(x) + "\n" for x in lines),
                       capture_output=True, check=False)
    if p.returncode:
        sys.exit(f"{program}: status {p.returncode}: {p.stderr}")
    return ([json.loads(x) for x in p.stdout.splitlines()],
            [json.loads(x) for x in p.stderr.splitlines() if x[:1] == "{"])


def card(device):
    return device[:-1] + "0"


def load(path):
    with open(f"{shared}/{path}", encoding="utf-8") as f:
        return [json.loads(x) for x in f if x.strip()]


# ---- samples ----
def dated(path):
    """Lines of a log as records: seconds since boot, or else a microsecond apart."""
    with open(path, encoding="utf-8") as f:
        for i, line in enumerate(f):
            stamp = re.match(r"\[ *(\d+)\.(\d{6})\]", line)
            t = (int(stamp[1]) * 10**9 + int(stamp[2]) * 1000 if stamp
                 else i * 1000)
            # all on one node and of these times, whatever the head says
            line = re.sub(r"^\[[^]]* \d\d:\d\d:\d\d \d{4}\] ", "", line)
            yield {"log": line.rstrip("\n"), "timestamp": T0 + t, "node": "n"}


def rate(device, t):
    p = "tracecore.alert.pcie_rate_collapse."
    return {p + "bytes_per_second": 1, p + "baseline_bytes_per_second": 10**10,
            "gpu.id": device, "k8s.node.name": "n", "time": t}


files = sorted(os.listdir(f"{shared}/samples/aer"))
check({f.removesuffix(".log") for f in files} == set(SAMPLES), "samples/aer")
for f in files:
    want = SAMPLES.get(f.removesuffix(".log"), {})
    lines = list(dated(f"{shared}/samples/aer/{f}"))
    none, misses = run("pcie-aer", lines, "-qx")
    check(none == [], f"{f}: a verdict of errors alone")
    found = {}
    for m in misses:
        for what in ("gpu_id", "port", "device"):
            if what in m:
                found[m[what]] = (m["count"], m["severity"], what)
    expect = {d if w[5] == "port" else card(d): (w[0], w[1], w[5]) for d, w in want.items()}
    check(found == expect, f"{f}: {found} and not {expect}")
    # every device as if it were a slow GPU
    last = max(x["timestamp"] for x in lines)
    for d, (count, severity, layer, bits, port, _) in want.items():
        found, _ = run("pcie-aer", lines + [rate(card(d), last + 10**9)], "-q",
                       "-w1h")
        got = [(v["gpu_id"], v["aer_count"], v["severity"], v.get("aer_type"),
                {e["name"]: e["count"] for e in v.get("errors", [])},
                v.get("port")) for v in found]
        expect = [(card(d), count, severity, layer, bits, port)]
        check(got == expect, f"{f} {d}: {got} and not {expect}")

# ---- rasdaemon: names of bits ----
for row in load("peer_cases/rasdaemon/aer_bits.jsonl"):
    word = ("Corrected" if row["class"] == "correctable"
            else "Uncorrected (Non-Fatal)")
    line = ("0000:3b:00.0 (GH100 - vendor_id: 0x10de device_id: 0x2330) "
            f"{row['rasdaemon_name']} {word}")
    found, _ = run("decode", [{"log": line, "node": "n"}])
    got = [int(r.get("status", "0"), 16) for r in found]
    check(got == [1 << row["bit"]], f"rasdaemon {row}: {got}")

# ---- gcm: normal and degraded links ----
# PCIe has no 4 GT/s; the fixture means less than 8
GEN = {"2.5": 1, "4": 1, "5": 2, "8": 3, "16": 4, "32": 5, "64": 6}


def gen(speed):
    return GEN[str(speed).split(" ", maxsplit=1)[0].removesuffix(".0")]


def sample(name, value, t, node="n", device="0000:3b:00.0"):
    return {"metric.name": "DCGM_FI_DEV_" + name, "value": str(value),
            "gpu.id": device, "k8s.node.name": node, "time": T0 + t * 10**9}


def aer(t, node="n", device="0000:3b:00.0"):
    return {"kernelevents.pcie_aer.severity": "corrected", "gpu.id": device,
            "k8s.node.name": node, "time": T0 + t * 10**9}


links = 0
for row in load("peer_cases/gcm/pci_link_cases.jsonl"):
    lines, expect = [], set()
    for i, d in enumerate(row["devices"]):
        if d.get("width") is None or d.get("speed") is None:
            continue
        links += 1
        node, dev = f"n{i}", card(d["bdf"])
        lines += [aer(0, node, dev),
                  sample("PCIE_LINK_WIDTH", d["width"], 5, node, dev),
                  sample("PCIE_MAX_LINK_WIDTH", d["expect_width"], 5, node, dev),
                  sample("PCIE_LINK_GEN", gen(d["speed"]), 5, node, dev),
                  sample("PCIE_MAX_LINK_GEN", gen(d["expect_speed"][0]), 5,
                         node, dev)]
        if d["state"] == "degraded":
            expect.add((node, dev))
    found, _ = run("pcie-aer", lines, "-q")
    got = {(v["node"], v["gpu_id"]) for v in found}
    check(got == expect, f"gcm {row['fixture']}: {got} and not {expect}")
check(links >= 30, f"gcm: {links} links")

# ---- DCGM: limits of replays ----
# Its limits, and its tests: two samples, here less than a minute apart because
# DCGM examines the last minute whatever the sample times.
replays = 0
for row in load("peer_cases/dcgm/limits.jsonl"):
    if row["name"] != "pcie_replay_per_lane_per_min":
        continue
    for width in (1, 2, 4, 8, 12, 16):
        # in hundredths, to keep fractions
        limit = -(-round(row["value"] * 100) * width // 100)
        for growth in (limit, limit + 1):
            found, _ = run("pcie-aer", [
                sample("PCIE_LINK_GEN", row["gen"], 0),
                sample("PCIE_LINK_WIDTH", width, 0), aer(1),
                sample("PCIE_REPLAY_COUNTER", 7, 0),
                sample("PCIE_REPLAY_COUNTER", 7 + growth, 50)], "-q")
            check(len(found) == (growth > limit),
                  f"dcgm limits {row} x{width}: {growth}")
for row in load("peer_cases/dcgm/health_cases.jsonl"):
    if row["watch"] != "PCIE" or not row["samples"]:
        continue
    lines, counts = [aer(1)], 0
    for s in row["samples"]:
        name = s["field"].removeprefix("DCGM_FI_DEV_")
        if name not in ("PCIE_LINK_GEN", "PCIE_LINK_WIDTH",
                        "PCIE_REPLAY_COUNTER"):
            break
        is_count = name == "PCIE_REPLAY_COUNTER"
        lines.append(sample(name, s["value"], 50 * counts))
        counts += is_count
    else:
        replays += 1
        found, _ = run("pcie-aer", lines, "-q")
        check(bool(found) == (row["expect"]["result"] != "PASS"),
              f"dcgm {row}")
check(replays >= 30, f"dcgm: {replays} cases")
for name, (seconds, growth, _, ours) in DIFFERENCES.items():
    found, _ = run("pcie-aer", [
        sample("PCIE_LINK_GEN", 4, 0), sample("PCIE_LINK_WIDTH", 16, 0),
        aer(1), sample("PCIE_REPLAY_COUNTER", 0, 0),
        sample("PCIE_REPLAY_COUNTER", growth, seconds)], "-q")
    check(bool(found) == ours, name)

# ---- NVSentinel: a head without a type ----
for row in load("peer_cases/nvsentinel/nicdriver_cases.jsonl"):
    if "PCIe Bus Error" not in row["line"]:
        continue
    found, _ = run("decode", [{"log": row["line"], "node": "n"}])
    got = [r["dev"] for r in found if r["record"] == "aer"]
    check(got == [row["expect"]["bdf"]], f"nvsentinel {row}: {got}")

print(f"{done} checks of PCIe error lines, {bad} not as expected")
sys.exit(bad > 0)
