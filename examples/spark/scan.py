"""Scans a folder of repositories on a Spark cluster, and puts all that was found into one report and one Parquet file.

    spark-submit scan.py REPOSITORIES OUTPUT

REPOSITORIES holds local clones, bare or not, and every worker sees it under the same path. OUTPUT is a folder that is not there yet.
"""

import argparse
import json
import os
import pathlib
import shlex
import subprocess
import sys

from pyspark.sql import SparkSession


def lines(folder):
    """One line of `sfl scan --stream` for each repository, whose name is where it stands below the folder."""
    for found in sorted(folder.rglob("HEAD")):
        repository = found.parent
        if repository.name == ".git":
            repository = repository.parent
        elif not (found.parent / "objects").is_dir():
            continue
        name = repository.relative_to(folder).as_posix().removesuffix(".git")
        yield json.dumps({"name": name, "repository": str(repository), "ref": "HEAD"})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--sfl", default="sfl", help="the program on the workers")
    parser.add_argument("--today", help="the day to judge reasons by: the same one on all workers")
    parser.add_argument("--parts", type=int, default=0, help="how many parts to make of it [default: 4 for each core]")
    arguments = parser.parse_args()

    sfl = shlex.quote(arguments.sfl)
    today = f" --today {shlex.quote(arguments.today)}" if arguments.today else ""
    # 2 says that some input could not be read, which its answer says too. Any other code but 0 means that answers are missing:
    # the task fails, and Spark tries again.
    scan = "sh -c " + shlex.quote(f"{sfl} scan --stream --threads 1{today}; code=$?; test $code = 2 || exit $code")
    merge = "sh -c " + shlex.quote(f"{sfl} merge -{today}; code=$?; test $code = 2 || exit $code")

    # A pipe hands on nothing of the environment by itself, and `sfl` has to find `git`.
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}

    spark = SparkSession.builder.appName("sfl").getOrCreate()
    context = spark.sparkContext
    inputs = list(lines(arguments.repositories.resolve()))
    parts = arguments.parts or 4 * context.defaultParallelism
    answers = context.parallelize(inputs, min(parts, max(len(inputs), 1))).pipe(scan, environment, checkCode=True)
    answers.saveAsTextFile((arguments.output / "answers").resolve().as_uri())
    # What each worker found is put together there; the rest of the work is one report for each part.
    stored = context.textFile((arguments.output / "answers").resolve().as_uri())
    partial = stored.pipe(merge, environment, checkCode=True).collect()
    spark.stop()

    report = arguments.output / "report.json"
    table = arguments.output / "decisions.parquet"
    call = [arguments.sfl, "merge", "-", "--output", f"json={report}", "--output", f"parquet={table}", "--format", "concise"]
    call += ["--today", arguments.today] if arguments.today else []
    merged = subprocess.run(call, input="\n".join(partial), text=True, stdout=subprocess.DEVNULL)
    if merged.returncode not in (0, 2):
        sys.exit(merged.returncode)
    found = json.loads(report.read_text())["summary"]["merged"]
    if found != len(inputs):
        sys.exit(f"{len(inputs)} repositories were asked for, and {found} answered")
    print(f"{found} repositories: {report}, {table}")


if __name__ == "__main__":
    main()
