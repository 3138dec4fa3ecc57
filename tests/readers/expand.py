"""Expands templates as CloudFormation would: loops by cfn-lint, then SAM by its own translator.

Arguments: a folder to write to. Standard input: one path a line. For the template in line N, `N.json` is its expansion; where there
is none, `N.txt` says why.
"""

import datetime
import json
import logging
import os
import sys
from pathlib import Path

import cfnlint.decode
from cfnlint.template import Template
from cfnlint.template.transforms._language_extensions import _Transform
from samtranslator.translator.transform import transform

SAM = "AWS::Serverless-2016-10-31"
# What the translator wants to have been uploaded before.
UPLOADED = ("CodeUri", "ContentUri", "DefinitionUri", "Location")

# The translator asks for the region, and nobody is asked for it.
os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")
logging.disable(logging.CRITICAL)


class NoPolicies:
    """Managed policies are looked up in an account; here there is none."""

    def load(self):
        return {}


def plain(value):
    """The same without the places that cfn-lint keeps."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, str):
        return str(value)
    # YAML makes days of `Version: 2012-10-17`.
    return value.isoformat() if isinstance(value, datetime.date) else value


def uploaded(template):
    sections = list((template.get("Globals") or {}).values())
    sections += [
        resource.get("Properties")
        for resource in template["Resources"].values()
        if str(resource.get("Type")).startswith("AWS::Serverless::")
    ]
    for section in sections:
        if not isinstance(section, dict):
            continue
        for name in UPLOADED:
            if isinstance(section.get(name), (str, dict)):
                section[name] = "s3://bucket/key"


def transforms(template):
    named = template.get("Transform", [])
    return named if isinstance(named, list) else [named]


def expand(path):
    template, matches = cfnlint.decode.decode(path)
    if template is None:
        raise ValueError(f"cfn-lint cannot read it: {matches[:1]}")
    named = [name for name in transforms(template) if isinstance(name, str)]
    if "Fn::ForEach" in Path(path).read_text(encoding="utf-8"):
        cfn = Template(path, template, ["eu-west-1"])
        matches, template = _Transform().transform(cfn)
        if matches:
            raise ValueError(f"cfn-lint cannot expand it: {matches[:1]}")
    template = plain(template)
    template.pop("Metadata", None)
    if SAM in named:
        uploaded(template)
        defaults = {
            name: parameter["Default"]
            for name, parameter in (template.get("Parameters") or {}).items()
            if "Default" in parameter
        }
        template["Transform"] = SAM
        template = transform(template, defaults, NoPolicies())
    template.pop("Transform", None)
    return template


def main():
    out = Path(sys.argv[1])
    for number, path in enumerate(sys.stdin.read().splitlines()):
        try:
            text = json.dumps(expand(path), indent=1)
            (out / f"{number}.json").write_text(text, encoding="utf-8")
        except Exception as error:  # noqa: BLE001: whatever a reader of others' templates comes to
            words = f"{type(error).__name__}: {getattr(error, 'message', None) or error}"
            (out / f"{number}.txt").write_text(words[:300], encoding="utf-8")


main()
