#!/usr/bin/env python3
"""mutate - plant one-line faults in lib and see whether a test fails.

usage: test/mutate.py [-q] [-n N] [-s SEED] [-o DIR] [FILE[:LINE]...]

Plants N random faults (default 100), the same for the same seed: a changed
operator, a constant off by one, a negated condition, a deleted statement.  For
each fault the tests are built and run one by one, the nearest first: the C tests
of its file and its neighbors, the golden cases, the fuzz seeds, other tests of the
file, these again under AddressSanitizer, and then (except with -q, quick) `make
check`.  The first failure ends it.  A fault that passes all of them survives,
unless test/mutate.equivalent lists its line as equivalent.  Prints the survivors
and the score; status 1 below 90 %.  Works in a copy of the tree in DIR (default
build/mutate).
"""
import argparse, filecmp, glob, os, random, re, shutil, subprocess, sys, time

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
    """(line number, old line, new line) of every possible fault."""
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
        # skip string literals
        code = re.sub(r'"(\\.|[^"\\])*"|\'(\\.|[^\'\\])\'', lambda m: "\x01" * len(m.group()), code)
        for rule, new in RULES:
            for m in re.finditer(rule, code):
                if new is None:
                    # room for one more element is not a fault
                    array = re.match(r"\t+(?!return|else)(struct |unsigned )?\w+ \**\w+\[[^\]]*\]", code)
                    arrays = re.match(r"\t+(?!return|else)(struct |unsigned |static )*\w+ [\w ,*+\[\]-]*;", code)
                    head = code[:m.start()]
                    if array and m.end() < array.end() or arrays and head.count("[") > head.count("]"):
                        continue
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
    """True if it succeeded in time."""
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


PROGRAMS = "all build/json-check build/decode build/completions"
MORE = [  # files, targets to build, command; cheap ones first
    (r"/filter/", "build/lib/filter/follow_test", "build/lib/filter/follow_test"),
    (r"/(nccl_|flightrec)", "build/clusters", "build/clusters 616"),
    (r"/(replay|filter/|opt\b|diag|io\b|meter)", PROGRAMS, "bats golden/cli.bats"),
    (r"/(io\b|str\b|filter/|mem\b)", PROGRAMS + " build/faults", "bats golden/faults.bats"),
    (r"/(filter/|latest|pattern/)", PROGRAMS, "bats golden/follow.bats"),
    (r"/(unpack|stream|filter/read)", PROGRAMS, "bats golden/packed.bats"),
    (r"verdict/|/phrase", PROGRAMS, "bats golden/text.bats"),
    (r"/loss|/eviction", PROGRAMS, "bats golden/pod-evicted.bats"),
    (r"/(filter/|event|idx|nodes|gpus|key)", PROGRAMS, "python3 test/fleet.py build"),
]
SANITIZED = "O=build/asan CFLAGS='-O1 -w -fsanitize=address,undefined -fno-sanitize-recover=all' "


def filters():
    """(pattern, filter) of each."""
    for cmd in glob.glob("cmd/*.c"):
        for pattern in re.findall(r"filter_main\(&(\w+)", open(cmd).read()):
            yield pattern, os.path.basename(cmd)[:-2]


def fuzz(stem):
    return "build/%s_fuzz" % stem, "find testdata/fuzz/%s -type f | sort | xargs build/%s_fuzz" % (os.path.basename(stem), stem)


def near(path):
    """(target, command) of the tests of a file, nearest first."""
    stem = path[:-2]
    folder, name = os.path.split(stem)
    first = name.split("_")[0]
    rooms = [name, first, os.path.basename(folder), first + "_*", "*_" + first]
    units = [f for room in rooms for f in sorted(glob.glob("%s/%s_test.c" % (folder, room)))]
    for unit in dict.fromkeys(units):
        yield "build/" + unit[:-2], "build/" + unit[:-2]
    yield "build/golden-replay", "build/golden-replay"
    if folder == "lib/base":
        yield "build/lib/input/dialect/dialect_test", "build/lib/input/dialect/dialect_test"
    for target in dict.fromkeys([stem, os.path.join(folder, first)]):
        if os.path.exists(target + "_fuzz.c"):
            yield fuzz(target)
    yield fuzz("lib/filter/filter")
    for files, build, command in MORE:
        if re.search(files, stem):
            yield build, command
    yield "build/faults", "build/faults"
    for pattern, name in filters():
        if os.path.basename(folder) == pattern:
            yield "all", "python3 test/fleet.py build " + name
            if os.path.exists("golden/%s.bats" % name):
                yield PROGRAMS, "bats golden/%s.bats" % name


def tests(path, quick):
    """(target, command): the nearest ones, those under AddressSanitizer, all."""
    yield from near(path)
    for build, command in near(path):
        if not re.search("bats golden/f|fleet", command):  # these wait, or run a thousand times
            yield SANITIZED + build.replace("build/", "build/asan/"), "O=build/asan " + command.replace("build", "build/asan")
    if not quick:
        yield "all", "make -j2 CFLAGS='-O1 -w' check"


def found_by(path, quick, cwd):
    """The command of the first test that fails, or None."""
    for build, command in tests(path, quick):
        if not make(build, cwd):
            sys.exit("mutate: does not build: " + build)
        if not run(command, cwd, limits.get(command, 900)):
            return build, command
    return None


def copy(to):
    """A copy of the git tree, next to earlier build results."""
    names = set(subprocess.check_output(["git", "ls-files", "-z"], text=True).split("\0")[:-1])
    names |= {"config.mk"} & set(os.listdir("."))
    for folder, _, files in os.walk(to):
        for f in files:
            name = os.path.relpath(os.path.join(folder, f), to)
            if name not in names and not name.startswith("build/"):
                os.remove(os.path.join(folder, f))
    for name in names:
        there = os.path.join(to, name)
        if not os.path.exists(there) or not filecmp.cmp(name, there, shallow=False):
            os.makedirs(os.path.dirname(there), exist_ok=True)
            shutil.copy(name, there)
            os.utime(there)


limits = {}  # of each command, once it has run on the unchanged tree


def limit(build, command, cwd):
    """Timeout in seconds: ten times the time for the unchanged tree."""
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
    faults = []
    for file in files:
        path, _, line = file.partition(":")
        faults += [(path,) + c for c in candidates(path) if not line or int(line) == c[0] + 1]
    random.Random(a.s).shuffle(faults)
    copy(a.o)
    if not make("all", a.o):
        sys.exit("mutate: the tree does not build")
    killed = done = 0
    for path, no, old, new in faults:
        if done == a.n:
            break
        if (path, old.strip(), new.strip()) in known:
            continue
        for build, command in list(tests(path, a.q))[:2]:
            limit(build, command, a.o)
        there = os.path.join(a.o, path)
        obj = "build/%s.o" % path[:-2]
        built = os.path.join(a.o, obj)
        before = open(built, "rb").read()
        source = open(there).read()
        lines = source.split("\n")
        lines[no] = new
        by = None
        open(there, "w").write("\n".join(lines))
        # otherwise it does not compile, or is unchanged
        if make(obj, a.o) and open(built, "rb").read() != before:
            done += 1
            by = found_by(path, a.q, a.o)
            killed += by is not None
            print("%s %s:%d: %s" % ("killed  " if by else "SURVIVED", path, no + 1, new.strip()), flush=True)
            print("         was: %s%s" % (old.strip(), "; by: " + by[1] if by else ""), flush=True)
        open(there, "w").write(source)
        open(built, "wb").write(before)
        if by:
            limit(*by, a.o)
    print("%d of %d faults found, %d %%; seed %d of %d possible faults" % (killed, done, 100 * killed // max(done, 1), a.s, len(faults)))
    sys.exit(killed * 10 < done * 9)


if __name__ == "__main__":
    main()
