"""Lints templates before and after a fix, all in one process.

Standard input: two paths a line, with a tab between them. Prints, for each pair in which the second has more of a rule than the first,
its number, the rule, and the message.
"""

import collections
import logging
import re
import sys
from pathlib import Path

import cfnlint.api
from cfnlint.config import ManualArgs

logging.disable(logging.CRITICAL)


def found(path):
    """How often each rule speaks, whatever the place: lines move."""
    text = Path(path).read_text(encoding="utf-8-sig")
    config = ManualArgs(regions=["us-east-1"], ignore_checks=[])
    matches = cfnlint.api.lint(text, config=config)
    counted = collections.Counter()
    words = {}
    for match in matches:
        # A template that SAM transforms is a different text afterwards.
        message = re.sub(r"line \d+|column \d+", "", match.message)
        counted[match.rule.id] += 1
        words[match.rule.id] = message
    return counted, words


for number, line in enumerate(sys.stdin):
    before, after = line.rstrip("\n").split("\t")
    (old, _), (new, words) = found(before), found(after)
    for rule in sorted(new):
        if new[rule] > old[rule]:
            print(f"{number}\t{rule}\t{words[rule]}", flush=True)
