"""The half of `refresh-replaces` that reads: schemas of CloudFormation as JSON, those of Terraform's providers as Go."""

import json, re, subprocess, sys, tomllib, zipfile
from pathlib import Path

from clone import Index, Provider, functions, text
from schema import Answer, Reader


def cloudformation(folder, types):
    [path] = folder.glob("cfn_lint-[0-9]*.whl")
    archive = zipfile.ZipFile(path)
    schemas = {}
    # The region that has most says it first; another one is asked only for what that one lacks.
    regions = [name for name in archive.namelist() if re.fullmatch(r"cfnlint/data/schemas/providers/[a-z0-9-]+\.json", name)]
    for name in sorted(regions, key=lambda name: (not name.endswith("/us-east-1.json"), name)):
        for kind, file in json.loads(archive.read(name)).items():
            schemas.setdefault(kind, file)
    answers = {}
    # What SAM makes of its own types is said by no schema.
    for kind in {kind for kind in types & schemas.keys() if not kind.startswith("AWS::Serverless::")}:
        schema = json.loads(archive.read(f"cfnlint/data/schemas/resources/{schemas[kind]}.json"))
        answer = answers[kind] = Answer()
        for key, paths in ("createOnlyProperties", answer.always), ("conditionalCreateOnlyProperties", answer.sometimes):
            for pointer in schema.get(key, []):
                path = pointer.removeprefix("/properties/").replace("/items/properties/", "/*/").replace("/properties/", "/")
                paths.add(path.replace("/*", "[]").replace("/", "."))
    [metadata] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
    version = re.search(r"^Version: (\S+)", archive.read(metadata).decode(), re.M)[1]
    packed = "%04d-%02d-%02d" % archive.getinfo(metadata).date_time[:3]
    return answers, ("cfn-lint", version, packed)


def terraform(provider, types):
    answers = {}
    for kind, (how, path, name) in sorted(functions(provider, types).items()):
        package, reader = provider.package(path), Reader(provider)
        if how == "legacy":
            if name not in package.functions:
                print(f"{kind}: no function {name}")
                continue
            reader.legacy(*package.functions[name])
        elif how == "typed":
            if (name, "Arguments") not in package.methods:
                print(f"{kind}: no arguments of {name}")
                continue
            reader.typed(package, name)
        else:
            # The maker answers a pointer to the struct that has the methods.
            made = re.findall(r"(\w+)\{", text(package.functions[name][1])) if name in package.functions else []
            made = [each for each in made if (each, "Schema") in package.methods]
            if not made:
                print(f"{kind}: no struct of {name}")
                continue
            reader.framework(package, made[0])
        if reader.unread:
            some = ", ".join(reader.unread[:3])
            print(f"{kind}: did not read {len(reader.unread)} of its expressions: {some}")
        if reader.answer.known:
            answers[kind] = reader.answer
    return answers


def wanted():
    """The types that a rule names."""
    rules = [rule for path in Path("..").glob("**/*.toml") for rule in tomllib.loads(path.read_text()).get("rule", [])]
    return {kind for rule in rules for kind in rule.get("types", [])}


def main(folder, aws, azurerm, google):
    types = wanted()
    answers, lint = cloudformation(Path(folder), types)
    rows = [("source", "version", "day"), lint]
    hashicorp = "github.com/hashicorp/terraform-provider-"
    helpers = "github.com/hashicorp/go-azure-helpers"
    for name, clone, kind, folders, suffix in (
        ("lonegunmanb/terraform-provider-aws-index", aws, Index, {f"{hashicorp}aws/internal": "index/internal"}, ".goindex"),
        (
            "hashicorp/terraform-provider-azurerm",
            azurerm,
            Provider,
            {f"{hashicorp}azurerm/{folder}": folder for folder in ("internal", "helpers")} | {helpers: f"vendor/{helpers}"},
            ".go",
        ),
        ("hashicorp/terraform-provider-google", google, Provider, {f"{hashicorp}google/google": "google"}, ".go"),
    ):
        provider = kind(clone, hashicorp + name.split("-")[2], folders, suffix)
        answers |= terraform(provider, types)
        commit, day, title = provider.version()
        release = re.search(r"\bv\d+\.\d+\.\d+$", title)
        if not release:
            # The change log of the commit begins with the release that it comes after or leads to.
            log = subprocess.run(["git", "-C", clone, "show", "HEAD:CHANGELOG.md"], check=True, capture_output=True)
            release = re.search(r"\d+\.\d+\.\d+ \([A-Z][a-z]+ \d.*?\)", log.stdout.decode())
        rows.append((name, f"{commit[:12]} {release[0]}", day))
    save("replaces-sources.tsv", ["\t".join(row) for row in rows])
    save("replaces.tsv", ["type\talways\tsometimes", *(f"{kind}\t{answers[kind].line()}".rstrip() for kind in sorted(answers))])
    for kind in sorted(types - answers.keys()):
        if not kind.startswith(("module:", "Custom::")):
            print(f"{kind}: no source has it")


def save(name, lines):
    Path(name).write_text("".join(f"{line}\n" for line in lines))


main(*sys.argv[1:])
