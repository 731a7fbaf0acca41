#!/usr/bin/env python3
"""usage: test/fleet.py BUILD

What a fleet relies on, on every golden case of every filter: `--select` takes
away nothing that counts; shards by `--key` give between them the verdicts of
the whole.  Prints TAP.
"""
import glob
import os
import re
import shlex
import subprocess
import sys
import zlib

BUILD = os.path.abspath(sys.argv[1])
os.chdir(os.path.join(os.path.dirname(__file__), ".."))
SHARDS = (2, 3, 7)
OTHERS = {"--catalog", "--select", "--keyed"}  # cases without verdicts or without plain lines


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
        """Standard output; of the case's input or of other lines."""
        operands = self.operands if stdin is None else []
        done = subprocess.run(
            [BUILD + "/" + self.filter, *self.options, *more, *operands], cwd=self.folder, capture_output=True,
            input=self.stdin if stdin is None else stdin, timeout=60, check=False)
        self.status = done.returncode
        return done.stdout


def takes(name):
    """Options of a filter that take the next word."""
    words = set()
    text = subprocess.run([BUILD + "/" + name, "--help"], capture_output=True, text=True, check=True).stdout
    for key, option in re.findall(r"^  (-.|  ),? (--[a-z-]+)=", text, re.M):
        words |= {key.strip(), option}
    return words


def selected(case, whole):
    """The lines that count give what all lines give."""
    lines = case.run("--select")
    return case.run(stdin=lines) == whole and case.run("--select", stdin=lines) == lines


def sharded(case, whole):
    """So do shards by key, together, however many there are."""
    lines = case.run("--select", "--key").splitlines(keepends=True)
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


FILTERS = sorted(os.path.basename(f)[:-2] for f in glob.glob("cmd/*.c") if "golden-replay" not in f)
TAKES = {name: takes(name) for name in FILTERS}
TESTS = ((selected, "--select"), (sharded, "--key"))
number = failed = 0
for name in FILTERS:
    bad = {test: [] for test, _ in TESTS}
    cases = [Case(os.path.dirname(f)) for f in sorted(glob.glob(f"golden/{name}/*/cmd"))]
    said = 0
    for case in cases:
        all_of_it = case.run()
        if case.status == 2 or OTHERS & {option.split("=")[0] for option in case.options}:
            continue
        said += all_of_it.count(b"\n")
        for test, _ in TESTS:
            if not test(case, all_of_it):
                bad[test].append(case.folder)
    for test, what in TESTS:
        number += 1
        good = not bad[test] and said > 0
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - {name}: {what}, {len(cases)} cases with {said} verdicts")
        for folder in bad[test]:
            print(f"# {folder}")
print(f"1..{number}")
sys.exit(failed > 0)
