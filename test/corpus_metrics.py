#!/usr/bin/python3
"""usage: test/corpus_metrics.py SHARED BUILD

Run real metric samples and other projects' health cases, which are not in this
repository, through BUILD/decode and BUILD/hbm-ecc; print the findings by file, matches
with the other projects and intentional differences.  The expectation for a line comes
from a regex that shares nothing with the library, or from tables worked out by hand.
Status 1 unless everything is as expected.
"""
import glob
import json
import os
import re
import subprocess
import sys

# Fields that patterns use, by number: reference/dcgm_fields.tsv names them.
WANTED = {100, 112, 113, 140, 150, 151, 152, 153, 155, 158, 159, 190, 202, 203, 235,
          236, 237, 238, 240, 241, 310, 311, 312, 313, 319, 329, 343, 345, 346, 390,
          391, 392, 393, 394, 395, 396, 1009, 1010, 1420, 1422, 1423, 1424,
          1501, 1507, 1523}

# Samples in JSON files, counted by hand.
JSON_SAMPLES = {
    "prometheus/query-vector-l40s.json": 1,
    "prometheus/query-vector-two-gpus.json": 2,
    "prom2json/readme-example.pretty.json": 0,
    "otlp/proto-example-metrics.pretty.json": 0,
    "otlp/collector-pmetric-json-test.jsonl": 0,
}

# Results of DCGM's health check for its memory cases, and of hbm-ecc if a
# kernel line (Xid 94) is next to the last sample: (test, values) -> (verdict,
# why we differ or None).  For the cases on state (see STATE), the verdict comes
# from a counter that increases at the same time.
GROWTH = {
    ("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", (2, 2)):
        (False, "FAIL there while the count stands; a verdict needs growth"),
    ("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", (2, 2, 0)): (False, None),
    ("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", (0, 5)): (True, None),
    ("DCGM_FI_DEV_RETIRED_DBE", (16,)):
        (False, "FAIL there over 15 pages; a first sample is no growth"),
    ("DCGM_FI_DEV_RETIRED_SBE", (16,)): (False, None),
    ("DCGM_FI_DEV_RETIRED_DBE", (15, 1)): (False, None),
    ("DCGM_FI_DEV_XID_ERRORS", (95,)):
        (False, "FAIL there; the gauge stays at the last code and is no witness"),
}
# field, value -> is the remediation "replace"; action requested by the driver
STATE = {
    ("DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS", 511): (False, None),
    ("DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS", 512): (True, None),
    ("DCGM_FI_DEV_MEMORY_UNREPAIRABLE_FLAG", 1): (True, None),
    ("DCGM_FI_DEV_GPU_RECOVERY_ACTION", 1): (False, "GPU Reset Required"),
    ("DCGM_FI_DEV_GPU_RECOVERY_ACTION", 2): (False, "Node Reboot Required"),
    ("DCGM_FI_DEV_GPU_RECOVERY_ACTION", 3): (False, "Drain P2P"),
}

T = 1790200000
failed = passed = 0


def check(ok, what):
    global failed, passed
    passed += bool(ok)
    failed += not ok
    if not ok:
        print("FAILED", what)


def program(build, name, *args, stdin=""):
    return subprocess.run([os.path.join(build, name), *args], text=True,
                          input=stdin, capture_output=True, check=False)


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as f:
        return f.read()


def jsonl(*path):
    return [json.loads(line) for line in read(*path).splitlines()]


# ---- exposition text, by regex ----

LINE = re.compile(r"(DCGM_FI_\w+)\{(.*)\} (\S+)$")
LABEL = re.compile(r'(\w+)="([^"]*)"')


def fields(shared):
    """Number and current name, by every name."""
    out = {}
    for line in read(shared, "reference/dcgm_fields.tsv").splitlines()[1:]:
        number, name, old = line.split("\t")[:3]
        for n in [name, *filter(None, re.split(r"[ ,;]+", old))]:
            out[n] = (int(number), name.removeprefix("DCGM_FI_"))
    return out


def address(s):
    domain, bus, dev = s.lower().split(":")
    return "%04x:%s:%s" % (int(domain, 16), bus, dev)


def expected(text, names):
    """(metric, value, node, gpu, uuid, index, mig) of every sample."""
    rows = []
    for line in text.splitlines():
        m = LINE.match(line)
        if not m or names.get(m[1], (0,))[0] not in WANTED:
            continue
        if float(m[3]) >= 9.2e18:
            continue
        label = dict(LABEL.findall(m[2]))
        rows.append((names[m[1]][1], float(m[3]), label.get("Hostname"),
                     address(label["pci_bus_id"]) if "pci_bus_id" in label
                     else None, label.get("UUID"), int(label["gpu"]),
                     label.get("GPU_I_ID")))
    own = {(r[0], *r[2:6]) for r in rows if not r[6]}
    return {r for r in rows if not r[6] or (r[0], *r[2:6]) not in own}


def run_text(build, shared):
    names = fields(shared)
    for path in sorted(glob.glob(os.path.join(shared, "samples/dcgm/*.prom"))):
        file = os.path.relpath(path, shared)
        text = read(path)
        p = program(build, "decode", "text", stdin=text)
        got = {(r["metric"], float(r["value"]), r.get("node"), r.get("gpu"),
                r.get("uuid"), r.get("index"), r.get("uid"))
               for r in map(json.loads, p.stdout.splitlines())
               if r["record"] == "sample"}
        want = expected(text, names)
        print("%-50s %4d lines %4d samples %4d found"
              % (file, len(text.splitlines()), len(want), len(got & want)))
        check(p.returncode == 0 and not p.stderr, "%s: %s" % (file, p.stderr))
        check(got == want, "%s: missing %s, false %s"
              % (file, want - got, got - want))
        # without --exposition every sample line is rejected by name
        q = program(build, "hbm-ecc", stdin=text)
        check(q.returncode == 3 and "use --exposition" in q.stderr,
              "%s: not refused: %s" % (file, q.stderr[:200]))


def run_json(build, shared):
    for file, n in JSON_SAMPLES.items():
        p = program(build, "decode", stdin=read(shared, "samples", file))
        got = sum('"record":"sample"' in s for s in p.stdout.splitlines())
        print("%-50s            %4d samples %4d found"
              % ("samples/" + file, n, got))
        check(got == n and p.returncode == 0, "%s: %d" % (file, got))


# ---- peers ----

def line(name, t, v):
    return json.dumps({"metric.name": name, "value": v, "gpu.id": "3b:00.0",
                       "k8s.node.name": "n", "time": (T + t) * 10**9})


def xid(t):
    return json.dumps({"kernelevents.xid": 94, "gpu.id": "3b:00.0",
                       "k8s.node.name": "n", "time": (T + t) * 10**9})


# codes that alone yield a verdict with "restart the application"
GROWN = [line("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", -30, 0),
         line("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", 0, 1), xid(0)]


def verdicts(build, lines):
    p = program(build, "hbm-ecc", "-q", stdin="\n".join(lines) + "\n")
    check(p.returncode == 0 and not p.stderr, p.stderr)
    return [json.loads(s) for s in p.stdout.splitlines()]


def run_dcgm(build, shared):
    agree, differ, other = 0, [], 0
    for row in jsonl(shared, "peer_cases/dcgm/health_cases.jsonl"):
        s = row["samples"]
        name = s[0]["field"]
        values = tuple(x["value"] for x in s)
        bad = row["expect"]["result"] != "PASS"
        if row["watch"] not in ("MEM", "ALL"):
            other += 1
        elif (name, values[0]) in STATE and len(values) == 1:
            replace, asked = STATE[name, values[0]]
            got = verdicts(build, GROWN + [line(name, 0, values[0])])
            ok = len(got) == 1 and \
                ("replace GPU" in got[0]["remediation"]) == replace and \
                (not asked or got[0]["recovery_action"] == asked)
            check(ok and bad == (replace or bool(asked)),
                  "%s: %s" % (row, got))
            agree += ok
        elif (name, values) in GROWTH:
            want, why = GROWTH[name, values]
            got = verdicts(build, [line(x["field"], x["t"], x["value"])
                                   for x in s] + [xid(s[-1]["t"])])
            check(bool(got) == want and (want == bad or why),
                  "%s: %s" % (row, got))
            agree += want == bad
            if why:
                differ.append("%s %s: %s" % (name, values, why))
        else:
            # further codes of the gauge: no evidence either
            got = verdicts(build, [line(x["field"], x["t"], x["value"])
                                   for x in s] + GROWN[2:])
            check(not got and name == "DCGM_FI_DEV_XID_ERRORS",
                  "%s: %s" % (row, got))
            differ.append("%s %s: the gauge is no witness" % (name, values))
    print("peer_cases/dcgm: %d agree, %d differ on purpose, %d of other "
          "patterns" % (agree, len(differ), other))
    for why in differ:
        print("   ", why)


def run_azhpc(build, shared):
    """Page retirement: the pending flag in nvidia-smi's output."""
    agree = over = 0
    rows = jsonl(shared, "peer_cases/azhpc/retired_pages_case.jsonl")
    for row in rows:
        lines = [line("retired_pages.single_bit_ecc.count", 0,
                      row["Single Bit ECC"]),
                 line("retired_pages.double_bit.count", 0,
                      row["Double Bit ECC"]),
                 line("retired_pages.pending", 0,
                      row["Pending Page Blacklist"])]
        got = verdicts(build, GROWN + lines)
        ok = len(got) == 1 and \
            got[0]["row_remap"]["pending"] == row["pending"]
        check(ok, "%s: %s" % (row, got))
        agree += ok
        over += row["over_62"]
    print("peer_cases/azhpc: pending %d/%d agree" % (agree, len(rows)))
    print("    %d rows over 62 retired pages are bad there; we count rows that "
          "are remapped, of which a GPU has 512" % over)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    shared, build = sys.argv[1:]
    run_text(build, shared)
    run_json(build, shared)
    run_dcgm(build, shared)
    run_azhpc(build, shared)
    print("%d passed, %d failed" % (passed, failed))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
