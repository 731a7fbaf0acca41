#!/usr/bin/env python3
"""mutate - plant one-line faults in lib and see whether a test turns red.

usage: test/mutate.py [-q] [-n N] [-s SEED] [-o DIR] [FILE...]

Takes N faults (default 100) by chance, the same for the same seed: an operator
turned, a constant off by one, a condition negated, a statement dropped.  Each is
built and given to the tests that are nearest first: the C test and fuzz seeds of
its file, the golden cases, a few more, and then (but for -q, the quick way) `make
check`.  A fault that passes all of them survives, unless test/mutate.equivalent has its line
as one that changes nothing.  Prints the survivors and the score; status 1 below
90 %.  The tree is copied to DIR (default build/mutate); nothing else is touched.
"""
import argparse, os, random, re, shutil, subprocess, sys, time

RULES = [  # pattern, replacement
    (r"==", "!="), (r"!=", "=="),
    (r"<=", "<"), (r">=", ">"), (r"(?<![<-])<(?![<=])", "<="), (r"(?<![>-])>(?![>=])", ">="),
    (r"&&", "||"), (r"\|\|", "&&"),
    (r"(?<![+])\+(?![+=])", "-"), (r"(?<![-])-(?![->=])", "+"),
    (r"\+=", "-="), (r"-=", "+="), (r"\|=", "&="), (r"&=", "|="),
    (r"\+\+", "--"),
    (r"\bif \((?=[^;]*$)", "if (!"),
    (r"\btrue\b", "false"), (r"\bfalse\b", "true"),
    (r"\bbreak;", ";"), (r"\bcontinue;", ";"),
    (r"(?<![\w.\"'])(\d+)(?![\w.\"'])", None),
    (r"^\t+[a-z_][\w>.\[\]-]*\(.*\);$", ";"), (r"^\t+[a-z_][\w>.\[\]-]* = [^;]*;$", ";"),
]


def candidates(path):
    """(line number, old line, new line) of every fault that could be planted."""
    comment = False
    depth = 0
    for no, line in enumerate(open(path).read().split("\n")):
        at_begin = comment
        if "/*" in line:
            comment = "*/" not in line[line.rindex("/*"):]
        elif "*/" in line:
            comment = False
        inside = depth > 0
        depth += line.count("{") - line.count("}")
        if at_begin or not inside or re.match(r"\s*(/\*|\*|#|case |static |struct |const |extern |enum )", line):
            continue
        code = re.sub(r"/\*.*?\*/", lambda m: " " * len(m.group()), line)
        # texts are not code
        code = re.sub(r'"(\\.|[^"\\])*"|\'(\\.|[^\'\\])\'', lambda m: "\x01" * len(m.group()), code)
        for rule, new in RULES:
            for m in re.finditer(rule, code):
                if new is None:
                    text = str(int(m.group(1)) + 1)
                elif new == "if (!" :
                    end = code.rfind(")")
                    if not code.rstrip().endswith((")", "{")) or end < m.end():
                        continue
                    yield no, line, line[:m.end() - 1] + "(!" + line[m.end() - 1:end + 1] + ")" + line[end + 1:]
                    continue
                else:
                    text = m.group()[:len(m.group()) - len(m.group().lstrip("\t"))] + new
                mutant = line[:m.start()] + text + line[m.end():]
                if mutant != line:
                    yield no, line, mutant


def run(cmd, cwd, seconds):
    """True if it ended well in time."""
    p = subprocess.Popen(cmd, cwd=cwd, shell=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
                         env=dict(os.environ, O="build", LC_ALL="C"))
    try:
        return p.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        os.killpg(p.pid, 9)
        p.wait()
        return False


def make(what, cwd):
    return run("make -j2 CFLAGS='-O1 -w' " + what, cwd, 300)


def tests(path, quick):
    """(what to build, command), nearest first."""
    stem = path[:-2]
    name = os.path.basename(stem)
    if os.path.exists(stem + "_test.c"):
        yield "build/%s_test" % stem, "build/%s_test" % stem
    yield "build/golden-replay", "build/golden-replay"
    if os.path.exists(stem + "_fuzz.c"):
        yield "build/%s_fuzz" % stem, "find testdata/fuzz/%s -type f | sort | xargs build/%s_fuzz" % (name, stem)
    if "nccl" in name or name == "flightrec":
        yield "build/clusters", "build/clusters 616"
    yield "build/lib/input/input_test", "build/lib/input/input_test"
    yield "build/faults", "build/faults"
    if not quick:
        yield "all", "make -j2 CFLAGS='-O1 -w' check"


limits = {}  # of each command, once it has run on the tree as it is


def limit(build, command, cwd):
    """Seconds; ten times what the tree as it is takes, for what hangs."""
    if command not in limits:
        begin = time.monotonic()
        if not make(build, cwd) or not run(command, cwd, 900):
            sys.exit("mutate: fails before any fault is planted: " + command)
        limits[command] = 10 + 10 * (time.monotonic() - begin)
    return limits[command]


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("-q", action="store_true")
    ap.add_argument("-n", type=int, default=100)
    ap.add_argument("-s", type=int, default=1)
    ap.add_argument("-o", default="build/mutate")
    ap.add_argument("files", nargs="*")
    a = ap.parse_args()
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    files = a.files or sorted(
        f for f in subprocess.check_output(["git", "ls-files", "lib"], text=True).split()
        if f.endswith(".c") and not re.search(r"_(test|fuzz)\.c$", f))
    known = set(tuple(l.split("\t")[:3]) for l in open("test/mutate.equivalent") if l.strip() and not l.startswith("#"))
    faults = [(f,) + c for f in files for c in candidates(f)]
    random.Random(a.s).shuffle(faults)
    shutil.rmtree(a.o, ignore_errors=True)
    os.makedirs(a.o)
    subprocess.check_call("git ls-files -z | xargs -0 cp --parents -t '%s'" % a.o, shell=True)
    if os.path.exists("config.mk"):
        shutil.copy("config.mk", a.o)
    if not make("all", a.o):
        sys.exit("mutate: the tree does not build")
    killed = done = 0
    for path, no, old, new in faults:
        if done == a.n:
            break
        if (path, old.strip(), new.strip()) in known:
            continue
        todo = [(b, c, limit(b, c, a.o)) for b, c in tests(path, a.q)]
        copy = os.path.join(a.o, path)
        obj = "build/%s.o" % path[:-2]
        before = open(os.path.join(a.o, obj), "rb").read()
        lines = open(path).read().split("\n")
        lines[no] = new
        open(copy, "w").write("\n".join(lines))
        # else it is no program, or the same one
        if make(obj, a.o) and open(os.path.join(a.o, obj), "rb").read() != before and make(" ".join(b for b, _, _ in todo), a.o):
            done += 1
            found = any(not run(c, a.o, s) for _, c, s in todo)
            killed += found
            print("%s %s:%d: %s" % ("killed  " if found else "SURVIVED", path, no + 1, new.strip()), flush=True)
            if not found:
                print("         was: %s" % old.strip(), flush=True)
        shutil.copy(path, copy)
        os.utime(copy)
        if not make(obj, a.o) or open(os.path.join(a.o, obj), "rb").read() != before:
            sys.exit("mutate: %s is not what it was" % obj)
    print("%d of %d faults found, %d %%; seed %d of %d possible faults" % (killed, done, 100 * killed // max(done, 1), a.s, len(faults)))
    sys.exit(killed * 10 < done * 9)


if __name__ == "__main__":
    main()
