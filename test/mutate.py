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
import argparse, os, random, re, shutil, subprocess, sys

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


def tests(path, quick):
    """Commands, nearest first; each with its limit in seconds."""
    stem = path[:-2]
    name = os.path.basename(stem)
    seeds = "find testdata/fuzz/%s -type f | sort | xargs build/%s"
    if os.path.exists(stem + "_test.c"):
        yield "make build/%s_test && build/%s_test" % (stem, stem), 120
    yield "make all && build/golden-replay", 120
    if os.path.exists(stem + "_fuzz.c"):
        yield "make build/%s_fuzz && " % stem + seeds % (name, stem + "_fuzz"), 120
    if "nccl" in name or name == "flightrec":
        yield "make build/clusters && build/clusters 616", 120
    yield "make build/lib/input/input_test && build/lib/input/input_test", 120
    yield "make build/faults && build/faults", 120
    if not quick:
        yield "make -j2 check", 900


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
    if not run("make -j2 CFLAGS=-O1 all && build/golden-replay", a.o, 600):
        sys.exit("mutate: the tests fail before any fault is planted")
    killed = done = 0
    for path, no, old, new in faults:
        if done == a.n:
            break
        if (path, old.strip(), new.strip()) in known:
            continue
        copy = os.path.join(a.o, path)
        lines = open(path).read().split("\n")
        lines[no] = new
        open(copy, "w").write("\n".join(lines))
        obj = "build/" + path[:-2] + ".o"
        if run("make CFLAGS='-O1 -w' %s" % obj, a.o, 60):  # else it is no program
            done += 1
            by = next((c for c, s in tests(path, a.q) if not run(c.replace("make ", "make CFLAGS=-O1 "), a.o, s)), None)
            killed += by is not None
            print("%s %s:%d: %s" % ("killed  " if by else "SURVIVED", path, no + 1, new.strip()), flush=True)
            if not by:
                print("         was: %s" % old.strip(), flush=True)
        shutil.copy(path, copy)
        os.utime(copy)
        run("make CFLAGS=-O1 %s" % obj, a.o, 60)
    print("%d of %d faults found, %d %%; seed %d of %d possible faults" % (killed, done, 100 * killed // max(done, 1), a.s, len(faults)))
    sys.exit(killed * 10 < done * 9)


if __name__ == "__main__":
    main()
