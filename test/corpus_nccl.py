#!/usr/bin/python3
"""usage: test/corpus_nccl.py SHARED BUILD

Run real flight-recorder dumps with injected faults, and PyTorch's own cases of matching
and mismatched calls, which are not in this repository, through BUILD/nccl-hang.  Status
1 unless everything is as expected.
"""
import glob
import json
import os
import pickle
import random
import subprocess
import sys
import tempfile

# The injected faults, in our terms.
WORDS = {"GPU_ERROR": "stuck_on_device", "LOCK_GIL": "never_joined"}

# Results of PyTorch's analyzer for two calls, in our terms.
MATCH = {
    "FULLY_MATCHED": "stalled",
    "UNDECIDED": "stalled",
    "COLLECTIVE_TYPE_MISMATCH": "mismatch",
    "SIZE_OR_SYNTAX_MISMATCH": "mismatch",
    "COLLECTIVE_DTYPE_MISMATCH": "mismatch",
    # one has completed it, the other has not
    "COLLECTIVE_STATE_MISMATCH": "stuck_on_device",
    "parsed as all_reduce": "stalled",
}
# Only nccl and xccl have reliable states.
BACKENDS = ("backend_ncclx", "backend_unknown_backend")

# Intentional differences from other projects.
DIFFERENCES = [
    ("pytorch_fr/match_cases.jsonl: unknown backend",
     "an assertion fails there; the backend's name is no part of the call"),
    ("pytorch_fr/e2e_cases.jsonl: 6_rank0_never_issues_the_coalesced_call",
     "passed there; rank 0 never issued the call that rank 1 waits in, and "
     "is named"),
    ("nvrx_fr", "the analyser there names a group's missing ranks; we name "
     "the same ranks, and how they are to blame"),
]


class Run:
    def __init__(self, build):
        self.nccl = os.path.join(build, "nccl-hang")
        self.passed = self.failed = 0

    def check(self, ok, what):
        self.passed += bool(ok)
        self.failed += not ok
        if not ok:
            print("FAILED", what)

    def judge(self, *args, lines=()):
        text = "".join(line + "\n" for line in lines)
        p = subprocess.run([self.nccl, *args], input=text.encode(),
                           capture_output=True, check=False)
        return [json.loads(v) for v in p.stdout.splitlines()], p


def named(verdicts):
    """The blamed ranks, and how they are blamed."""
    return sorted((c["rank"], c["diagnosis"])
                  for v in verdicts for c in v.get("culprits", []))


def silent(verdicts):
    return {r for v in verdicts for r in v.get("silent_ranks", [])}


def words(verdicts):
    return {v["diagnosis"] for v in verdicts}


def dumps(lines):
    return [json.dumps(d, separators=(",", ":")) for d in lines]


# ---- real dumps with injected faults ----

def flat(dump):
    """A dump as its head, and flat records."""
    yield {k: v for k, v in dump.items() if k != "entries"}
    for e in dump["entries"]:
        yield {"gen_ai.training.rank": dump["rank"],
               **{"nccl.fr." + k: v for k, v in e.items()}}


def injected(folder):
    with open(os.path.join(folder, "fault_injection.log"),
              encoding="utf-8") as f:
        lines = f.read().splitlines()
    faults = [line for line in lines if line.startswith("Rank ")]
    return sorted((int(line.split()[1].rstrip(",")),
                   WORDS[line.rsplit(" ", 1)[1]]) for line in faults)


def run_dumps(run, name, want, all_dumps):
    lines = dumps(all_dumps)
    full, p = run.judge(lines=lines)
    run.check(p.returncode == 0 and named(full) == want and
              len(full) == 1, "%s: %s" % (name, named(full)))
    for seed in range(5):
        more = lines * 2
        random.Random(seed).shuffle(more)
        run.check(run.judge(lines=more)[0] == full, name + ": shuffled")
    for what, these in (
            ("pretty", [json.dumps(d, indent=2) for d in all_dumps]),
            ("without rank", dumps({k: v for k, v in d.items() if k != "rank"}
                                   for d in all_dumps)),
            ("flat", dumps(r for d in all_dumps for r in flat(d)))):
        got, p = run.judge(lines=these)
        run.check(p.returncode == 0 and got == full, "%s: %s: %s"
                  % (name, what, named(got)))
    for i, d in enumerate(all_dumps):
        rank = d["rank"]
        got, _ = run.judge(lines=lines[:i] + lines[i + 1:])
        left = [w for w in want if w[0] != rank]
        run.check(named(got) == left and rank in silent(got),
                  "%s without rank %d: %s" % (name, rank, named(got)))
    with tempfile.TemporaryDirectory() as tmp:
        for protocol in range(6):
            for d in all_dumps:
                path = os.path.join(tmp, "nccl_trace_rank_%d" % d["rank"])
                with open(path, "wb") as f:
                    pickle.dump({k: v for k, v in d.items() if k != "rank"},
                                f, protocol=protocol)
            got, p = run.judge(*glob.glob(tmp + "/*"))
            run.check(p.returncode == 0 and got == full,
                      "%s: pickles %d: %s" % (name, protocol, p.stderr))
    print("%s: %s, %d groups blocked" % (
        name, ", ".join("rank %d %s" % w for w in named(full)),
        full[0]["blocked_groups"] if full else 0))


def run_real(run, shared):
    for folder in sorted(glob.glob(shared + "/peer_cases/nvrx_fr/*/")):
        all_dumps = []
        for path in sorted(glob.glob(folder + "rank_*.json")):
            with open(path, encoding="utf-8") as f:
                rank = int(path.rsplit("_", 1)[1].split(".")[0])
                all_dumps.append({"rank": rank, **json.load(f)})
        name = os.path.basename(folder[:-1])
        want = injected(folder)
        run_dumps(run, name, want, all_dumps)
        entries = folder[:-1] + ".entries.ndjson"
        for path in (glob.glob(folder + "rank_*.json"), [entries]):
            got, p = run.judge(*path)
            run.check(p.returncode == 0 and named(got) == want,
                      "%s: %s" % (path[0], p.stderr))


# ---- PyTorch's cases ----

def two_dumps(a, b, members):
    return dumps({"rank": r, "version": "2.8", "pg_config": {
        pg: {"name": pg, "desc": "default", "ranks": str(ranks)}
        for pg, ranks in members.items()}, "entries": entries}
        for r, entries in enumerate((a, b)))


def pending(entry):
    return {**entry, "state": "scheduled"}


def run_match(run, shared):
    n = 0
    for case in jsonl(shared + "/peer_cases/pytorch_fr/match_cases.jsonl"):
        a, b = case["a"], case["b"]
        if a["state"] == b["state"]:
            a, b = pending(a), pending(b)
        got, p = run.judge("--min-ranks=1",
                           lines=two_dumps([a], [b], case["membership"]))
        want = ("unknown" if case["case"] in BACKENDS
                else MATCH[case["expected"]])
        run.check(p.returncode == 0 and words(got) == {want},
                  "%s: %s" % (case["case"], words(got)))
        n += 1
    print("pytorch_fr: %d cases of two calls" % n)


def coalesced_apart(entries):
    """The first call completed, the coalesced one after it pending."""
    for i, e in enumerate(entries):
        yield {**pending(e), "collective_seq_id": "1"} if i else e


def run_end_to_end(run, shared):
    want = {"2": ({"stalled"}, []), "5": ({"stalled"}, []),
            "4": ({"mismatch"}, [(0, "mismatch"), (1, "mismatch")]),
            "6": ({"never_joined"}, [(0, "never_joined")])}
    for case in jsonl(shared + "/peer_cases/pytorch_fr/e2e_cases.jsonl"):
        number = case["case"][0]
        for d in case["dumps"]:
            d["entries"] = list(
                coalesced_apart(d["entries"]) if number == "6" else
                map(pending, d["entries"]))
        got, p = run.judge("--min-ranks=1", lines=dumps(case["dumps"]))
        run.check(p.returncode == 0 and
                  (words(got), named(got)) == want[number],
                  "%s: %s %s" % (case["case"], words(got), named(got)))


# ---- samples: none may cause an error; hangs in them were worked out by hand ----

SAMPLES = {
    "fixture-started-lag.jsonl": [],
    # ranks 0 and 1 call reduce_scatter 19 with different sizes
    "normalized-ranks-array-size-mismatch.jsonl":
        [(0, "mismatch"), (1, "mismatch")],
    "pytorch-test-empty-coalesced.jsonl": [],
    "pytorch-test-uneven-allgather.jsonl": [],
}
# These have no rank, neither inside nor in groups: rejected.
UNKNOWN = ("p0b-dump-json-string-status.jsonl",
           "pytorch-tutorial-v2.3-compact.jsonl", "pytorch-tutorial-v2.5.json")


def run_samples(run, shared):
    folder = shared + "/samples/flight_recorder/"
    for name, want in SAMPLES.items():
        with open(folder + name, encoding="utf-8") as f:
            got, p = run.judge(lines=f.read().splitlines())
        unknown = p.returncode == 3 and b"without its rank" in p.stderr
        run.check(named(got) == want and (p.returncode == 0 or unknown),
                  "%s: %s %s" % (name, named(got), p.stderr))
    for name in UNKNOWN:
        got, p = run.judge(folder + name)
        run.check(not got and p.returncode == 3 and
                  b"without its rank" in p.stderr, name)
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if not os.path.isdir(path):
            continue
        got, p = run.judge(*glob.glob(path + "/nccl_trace_rank_*.json"))
        run.check(p.returncode == 0 and named(got) == injected(path),
                  "%s: %s" % (name, named(got)))


# ---- main ----

def jsonl(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]


def main(shared, build):
    if not os.path.isdir(os.path.join(shared, "peer_cases")):
        print("no corpus at %s: nothing to run" % shared)
        print("0 passed, 0 failed")
        return 0
    run = Run(build)
    run_real(run, shared)
    run_match(run, shared)
    run_end_to_end(run, shared)
    run_samples(run, shared)
    for what, why in DIFFERENCES:
        print("differs on purpose: %s: %s" % (what, why))
    print("%d passed, %d failed" % (run.passed, run.failed))
    return 1 if run.failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: test/corpus_nccl.py SHARED BUILD")
    sys.exit(main(sys.argv[1], sys.argv[2]))
