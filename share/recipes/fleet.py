#!/usr/bin/env python3
"""usage: fleet.py [OPTION]... FILE...
Run inquest on logs that are too many for one process: each FILE is selected by
itself, what is left is sorted into shards by its key, shards of nodes are judged
by themselves, and the last one, which gets their verdicts and what joins nodes,
gives the incidents, on standard output.

	--shards=N      shards of nodes (16)
	--workers=N     processes at a time on this machine (its processors)
	--dask=ADDRESS  the workers of a Dask scheduler instead
	--folder=DIR    for what is in between; Dask's workers must see it, too (/tmp)
	--inquest=WORDS the command, with options such as --year=2026 (inquest)
"""
import argparse
import concurrent.futures
import functools
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import zlib

ACROSS, EVERY = b"-", b"*"  # keys of what joins nodes, and of what each shard needs


def run(command, **more):
    """Start one; its output is read line by line."""
    return subprocess.Popen(command, stdout=subprocess.PIPE, **more)


def end(process, command):
    """3: some lines could not be read, which was said; 1: there are verdicts."""
    if process.wait() not in (0, 1, 3):
        raise RuntimeError(f"status {process.returncode}: {shlex.join(command)}")


def select(command, folder, shards, job):
    """Sort the lines of a file that count into parts, one for each shard."""
    number, file = job
    parts = [open(f"{folder}/{shard}.{number}", "wb") for shard in range(shards + 1)]
    command = [*command, "--select", "--key", "--", file]
    process = run(command)
    for line in process.stdout:
        key = line.split(b"\t", 1)[0]
        if key == EVERY:
            to = parts
        else:
            to = [parts[shards if key == ACROSS else zlib.crc32(key) % shards]]
        for part in to:
            part.write(line)
    for part in parts:
        part.close()
    end(process, command)


def judge(command, folder, files, shard):
    """What inquest says of a shard."""
    command = [*command, "-q", "--keyed", *(f"{folder}/{shard}.{number}" for number in range(files))]
    process = run(command)
    said = process.stdout.readlines()
    end(process, command)
    return said


def fleet(pool, command, folder, shards, files):
    """The incidents of all files, as lines."""
    for _ in pool.map(functools.partial(select, command, folder, shards), list(enumerate(files))):
        pass
    with open(f"{folder}/{shards}.{len(files)}", "wb") as last:
        for said in pool.map(functools.partial(judge, command, folder, len(files)), range(shards)):
            last.writelines(ACROSS + b"\t" + line for line in said)
    return judge(command, folder, len(files) + 1, shards)


def main():
    """Options, and a pool of workers: Dask's looks as Python's own."""
    parser = argparse.ArgumentParser(usage=__doc__.removeprefix("usage: "), add_help=False)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--shards", type=int, default=16)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--dask")
    parser.add_argument("--folder")
    parser.add_argument("--inquest", type=shlex.split, default=["inquest"])
    parser.add_argument("file", nargs="*")
    options = parser.parse_args()
    if options.help and not options.file:
        print(__doc__.rstrip())
        return
    if not options.file or options.shards < 1:
        parser.error("no FILE, or no shards")
    for file in options.file:
        if not os.path.isfile(file):
            parser.error(f"{file}: not a file")
    if options.dask:
        from distributed import Client  # pylint: disable=import-outside-toplevel
        pool = Client(options.dask).get_executor(pure=False)
    else:
        pool = concurrent.futures.ThreadPoolExecutor(options.workers)
    files = [os.path.abspath(file) for file in options.file]
    folder = tempfile.mkdtemp(prefix="fleet.", dir=options.folder)
    try:
        sys.stdout.buffer.writelines(fleet(pool, options.inquest, folder, options.shards, files))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
