#!/usr/bin/env python3
"""usage: fleet.py [OPTION]... FILE...
Run inquest on more logs than one process can read: select the relevant lines of
each FILE, sort them into shards by key, run inquest on each shard of nodes, and
then on the last shard, which has their verdicts and the records that connect
nodes.  It prints the incidents on standard output.

	--shards=N      shards of nodes (16)
	--workers=N     processes at a time on this machine (its processors)
	--dask=ADDRESS  the workers of a Dask scheduler instead
	--folder=DIR    temporary files; Dask's workers must see it, too (/tmp)
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

ACROSS, EVERY = b"-", b"*"  # keys of records that connect nodes, and of those that each shard needs


def run(command, **more):
    """Start one; its output is read line by line."""
    return subprocess.Popen(command, stdout=subprocess.PIPE, **more)


def end(process, command):
    """Status 1: there are verdicts; 3: some lines could not be read, and a message said so."""
    if process.wait() not in (0, 1, 3):
        raise RuntimeError(f"status {process.returncode}: {shlex.join(command)}")


def select(command, folder, shards, job):
    """Sort the relevant lines of a file into parts, one for each shard."""
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


def analyze(command, folder, files, shard):
    """The lines that inquest prints for a shard."""
    command = [*command, "-q", "--keyed", *(f"{folder}/{shard}.{number}" for number in range(files))]
    process = run(command)
    lines = process.stdout.readlines()
    end(process, command)
    return lines


def fleet(pool, command, folder, shards, files):
    """The incidents of all files, as lines."""
    for _ in pool.map(functools.partial(select, command, folder, shards), list(enumerate(files))):
        pass
    with open(f"{folder}/{shards}.{len(files)}", "wb") as last:
        for lines in pool.map(functools.partial(analyze, command, folder, len(files)), range(shards)):
            last.writelines(ACROSS + b"\t" + line for line in lines)
    return analyze(command, folder, len(files) + 1, shards)


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
