"""Golden verdicts must match $O/schema; invalid ones in test/schema must fail.

A file test/schema/<pattern>.jsonl has a valid verdict in its first line and then one
invalid one per line: {"why": ..., "set": {path: value}} or {"why": ..., "drop": path},
applied to the valid one; a path is names and numbers separated by "/".
"""
import copy
import glob
import json
import os

from jsonschema import Draft202012Validator

tests = 0


def ok(good, title, why=""):
    global tests
    tests += 1
    print(f"{'ok' if good else 'not ok'} {tests} - {title}")
    if not good:
        print(f"  # {why}")


def load(path):
    with open(path, encoding="utf-8") as f:
        schema = json.load(f)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def first_error(validator, verdict):
    error = next(validator.iter_errors(verdict), None)
    return error and f"{'/'.join(map(str, error.absolute_path))}: {error.message}"


def change(verdict, row):
    verdict = copy.deepcopy(verdict)
    steps = [(p, v, False) for p, v in row.get("set", {}).items()]
    if "drop" in row:
        steps.append((row["drop"], None, True))
    for path, value, drop in steps:
        *way, last = [int(s) if s.isdigit() else s for s in path.split("/")]
        at = verdict
        for step in way:
            at = at[step]
        if drop:
            del at[last]
        elif isinstance(at, list) and last == len(at):
            at.append(value)
        else:
            at[last] = value
    return verdict


schemas = os.environ.get("O", "build") + "/schema"
envelope = load(f"{schemas}/verdict.schema.json")
own = {}
for path in sorted(glob.glob(f"{schemas}/*.schema.json")):
    name = os.path.basename(path).removesuffix(".schema.json")
    if name != "verdict":
        own[name] = load(path)

count = 0
for path in sorted(glob.glob("golden/*/*/out")):
    with open(path, encoding="utf-8", newline="\n") as f:
        lines = f.read().splitlines() if os.path.getsize(path) else []
    if not lines or not lines[0].startswith("{") or "/select" in path or "/summary" in path:
        continue  # text, the catalog, lines of the input, a summary
    why = None
    for line in lines:
        count += 1
        verdict = json.loads(line)
        validator = own.get(verdict.get("pattern.name"))
        why = why or first_error(envelope, verdict)
        why = why or (first_error(validator, verdict) if validator else "a pattern without a schema")
    ok(why is None, f"valid: {os.path.dirname(path)}", why)
ok(count >= 50, f"{count} verdicts were checked", "too few")

for name, validator in own.items():
    with open(f"test/schema/{name}.jsonl", encoding="utf-8") as f:
        right, *rows = [json.loads(line) for line in f]
    why = first_error(envelope, right) or first_error(validator, right)
    ok(why is None, f"{name}: the right verdict is valid", why)
    ok(len(rows) >= 10, f"{name}: {len(rows)} wrong verdicts", "fewer than ten")
    for row in rows:
        wrong = change(right, row)
        bad = first_error(validator, wrong)
        if row.get("envelope"):
            bad = bad and first_error(envelope, wrong)
        ok(bad is not None, f"{name}: rejected: {row['why']}", "it was accepted")
print(f"1..{tests}")
