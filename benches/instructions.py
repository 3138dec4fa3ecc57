#!/usr/bin/env python3
"""Counts the instructions of eight fixed workloads, which no other work on the machine changes, and compares them with
benches/instructions.tsv: more than 3 % more is an error.

  benches/instructions.py            compares; SFL names another built program than target/release/sfl
  benches/instructions.py --record   writes the file anew: what is slower is said in the commit that does it

It needs valgrind and git, and takes a release build (`cargo build --release`). The counts are those of the Rust version that
rust-toolchain.toml names, on x86-64.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
KEPT = ROOT / "benches" / "instructions.tsv"
MOST = 1.03
SHOP = ROOT / "fixtures" / "shop"

SAM = """Transform: AWS::Serverless-2016-10-31
Parameters: {{Memory: {{Type: Number, Default: 512}}}}
Globals: {{Function: {{Runtime: python3.13, MemorySize: !Ref Memory, Timeout: 10}}}}
Resources:
  Api{n}: {{Type: AWS::Serverless::HttpApi}}
  Read{n}:
    Type: AWS::Serverless::Function
    Properties:
      Handler: read.handler
      CodeUri: src/
      Environment: {{Variables: {{TABLE: !Ref Orders{n}, QUEUE: !GetAtt Later{n}.Arn}}}}
      Events: {{Get: {{Type: HttpApi, Properties: {{ApiId: !Ref Api{n}, Path: /orders, Method: get}}}}}}
  Orders{n}: {{Type: AWS::Serverless::SimpleTable}}
  Later{n}: {{Type: AWS::SQS::Queue, Properties: {{QueueName: !Sub "${{AWS::StackName}}-later"}}}}
"""
TERRAFORM = """variable "size" {{
  default = "db.r6g.large"
}}
locals {{
  tags = {{ team = "shop", stack = "s{n}" }}
}}
resource "aws_instance" "web" {{
  count         = 3
  instance_type = "m5.large"
  user_data     = <<-EOT
    #!/bin/sh
    yum install -y nginx
    systemctl start nginx
  EOT
  tags          = local.tags
}}
resource "aws_db_instance" "orders" {{
  engine         = "postgres"
  instance_class = var.size
  tags           = merge(local.tags, {{ data = "orders" }})
}}
# sfl: because=licence reason="the vendor counts the sockets of machines, see the contract" owner=shop expires=2030-01-31
resource "aws_elasticache_cluster" "sessions" {{
  engine    = "redis"
  node_type = "cache.t4g.small"
}}
module "jobs" {{
  source = "../module"
  name   = "jobs-{n}"
}}
"""
MODULE = """variable "name" {}
resource "aws_ecs_service" "this" {
  name        = var.name
  launch_type = "FARGATE"
}
resource "aws_sqs_queue" "this" {
  name = "${var.name}-queue"
}
"""


def put(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def cold(folder):
    put(folder / "a.yaml", "Resources: {Web: {Type: AWS::EC2::Instance}}\n")


def cloudformation(folder):
    for number in range(60):
        for file in sorted(SHOP.iterdir()):
            put(folder / f"stack{number}" / file.name, file.read_text())


def sam(folder):
    for number in range(120):
        put(folder / f"s{number}" / "template.yaml", SAM.format(n=number))


def terraform(folder):
    put(folder / "module" / "main.tf", MODULE)
    for number in range(80):
        put(folder / f"root{number}" / "main.tf", TERRAFORM.format(n=number))


def terraform_json(folder):
    for number in range(80):
        for file in sorted((ROOT / "fixtures" / "terraform").iterdir()):
            put(folder / f"root{number}" / file.name, file.read_text())


def plan(folder):
    one = '{{"address": "aws_instance.w{n}", "mode": "managed", "type": "aws_instance", "name": "w{n}", "values": {{"instance_type": "m5.large", "tags": {{"n": "{n}"}}}}}}'
    resources = ",\n".join(one.format(n=number) for number in range(3_000))
    put(folder / "plan.json", f'{{"format_version": "1.2", "terraform_version": "1.11.4", "planned_values": {{"root_module": {{"resources": [{resources}]}}}}, "configuration": {{"root_module": {{}}}}}}')


def history(folder):
    day = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com"}

    def git(*words, at=None):
        when = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at} if at else {}
        subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, env={**os.environ, **day, **when})

    git("init", "-q", "-b", "main")
    for number in range(40):
        put(folder / f"s{number % 10}" / "template.yaml", SAM.format(n=number) + f"  Web{number}: {{Type: AWS::EC2::Instance}}\n")
        git("add", "-A")
        git("commit", "-q", "-m", f"change {number}", at=f"2026-01-{number % 28 + 1:02d}T0{number // 28}:00:00Z")


WORKLOADS = {
    "cold start": (cold, ["check", ".", "--isolated", "--exit-zero"]),
    "cloudformation": (cloudformation, ["check", ".", "--isolated", "--exit-zero"]),
    "sam": (sam, ["check", ".", "--isolated", "--exit-zero"]),
    "terraform": (terraform, ["check", ".", "--isolated", "--exit-zero"]),
    "terraform json": (terraform_json, ["check", ".", "--isolated", "--exit-zero"]),
    "plan": (plan, ["check", "plan.json", "--isolated", "--exit-zero"]),
    "map": (cloudformation, ["map", "."]),
    "trend": (history, ["trend", "--every", "commit", "--format", "json"]),
}


def count(program, folder, words):
    """Instructions of the program itself, with one thread; none of git's."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, *words]
    bare = {"PATH": os.environ["PATH"], "RAYON_NUM_THREADS": "1", "NO_COLOR": "1", "XDG_CACHE_HOME": str(folder.parent / "cache")}
    done = subprocess.run(command, cwd=folder, env=bare, capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    assert done.returncode == 0 and found, (words, done.returncode, done.stderr[-2000:])
    return int(found[1])


def main():
    program = os.environ.get("SFL", str(ROOT / "target" / "release" / "sfl"))
    kept = {}
    if KEPT.exists():
        rows = (line.split("\t") for line in KEPT.read_text().splitlines())
        kept = {name: int(number) for name, number in rows}
    counted, more = {}, []
    for name, (write, words) in WORKLOADS.items():
        with tempfile.TemporaryDirectory() as held:
            folder = pathlib.Path(held) / "work"
            folder.mkdir()
            write(folder)
            counted[name] = count(program, folder, words)
        before = kept.get(name)
        change = f"{counted[name] / before - 1:+.1%}" if before else "new"
        print(f"{name:16} {counted[name]:14,}  {change}", flush=True)
        if before is None or counted[name] > before * MOST:
            more.append(name)
    if sys.argv[1:] == ["--record"]:
        KEPT.write_text("".join(f"{name}\t{number}\n" for name, number in counted.items()))
    elif more:
        sys.exit(f"more than {MOST - 1:.0%} more instructions, or not counted before: {', '.join(more)}. "
                 "Where that is meant, record them (--record) and say why in the commit.")


main()
