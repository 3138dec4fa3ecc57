//! The plug-in for the CDK, packed as npm packs it, in apps that the CDK's own library and command line synthesize.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::onlookers::{node, run};
use crate::tools::missing;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };
/// What a stack of the app holds below rung 1, by its construct.
const FALLBACKS: [(&str, &str); 3] = [
    ("Caches/Sessions", "cache/cluster"),
    ("Db/Resource", "relational/cluster"),
    ("Host/Resource", "compute/server"),
];

fn own() -> PathBuf {
    Path::new(ROOT).join("packages/cdk")
}

/// `node_modules` with the CDK in it.
fn cdk() -> PathBuf {
    let packages = [
        "aws-cdk-lib@2.276.0",
        "constructs@10.8.1",
        "aws-cdk@2.1148.1",
        "typescript@7.0.2",
    ];
    node("cdk", &packages).join("node_modules")
}

/// A folder with the app and the packed package, as `npm install` would leave it. The CDK stays where it is.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let to = folder.path();
    let installed = to.join("node_modules");
    fs::create_dir_all(to.join(".git")).expect("it can be made");
    fs::create_dir(&installed).expect("it can be made");
    let mut pack = Command::new(NPM);
    pack.args(["pack", "--silent", "--pack-destination"])
        .arg(&installed)
        .current_dir(own());
    let name = run(&mut pack, "npm");
    let mut tar = Command::new("tar");
    tar.args(["-xzf", name.trim()]).current_dir(&installed);
    run(&mut tar, "tar");
    fs::rename(installed.join("package"), installed.join("sfl-cdk")).expect("it was unpacked");
    for name in ["app.js", "synthesized.js", "typed.ts", "reasons.toml"] {
        let from = Path::new(ROOT).join("tests/readers/cdk").join(name);
        fs::copy(from, to.join(name)).expect("it can be copied");
    }
    folder
}

fn within(folder: &Path, program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .env("HOME", folder)
        .env("NODE_PATH", cdk())
        .env("SFL_BINARY", env!("CARGO_BIN_EXE_sfl"))
        // The CDK's own rules take it longer than all else, and have other templates in mind.
        .env("CDK_VALIDATION", "false")
        .env("CDK_DISABLE_CLI_TELEMETRY", "true")
        .env("CDK_DISABLE_VERSION_CHECK", "1")
        .env_remove("NODE_ENV");
    command
}

fn synth(folder: &Path, program: Option<&str>) -> Output {
    let mut command = within(folder, "node");
    command
        .arg(cdk().join("aws-cdk/bin/cdk"))
        .args(["synth", "**", "--quiet", "--no-notices", "--no-color"])
        .args(["--app", "node app.js"])
        .env("SFL_APP", "Shop");
    if let Some(program) = program {
        command.env("SFL_BINARY", program);
    }
    command.output().expect("node runs")
}

/// What came of each app in `synthesized.js`.
fn synthesized() -> &'static Value {
    static ALL: OnceLock<Value> = OnceLock::new();
    ALL.get_or_init(|| {
        let folder = folder();
        let placeholder =
            "[[justification]]\naddress = \"*/Host\"\nbecause = \"licence\"\nreason = \"TODO\"\n";
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text);
        write("faulty.toml", placeholder).expect("it can be written");
        write("broken.toml", "[nothing]\n").expect("it can be written");
        let mut node = within(folder.path(), "node");
        // As in a test of the app, where the CDK throws what it would print.
        node.arg("synthesized.js").env("NODE_ENV", "test");
        let said = run(&mut node, "node");
        serde_json::from_str(&said).expect("it is JSON")
    })
}

fn violations(name: &str) -> Vec<&'static Value> {
    let own = &synthesized()[name]["own"];
    own["violations"].as_array().into_iter().flatten().collect()
}

/// The severities and rules of an app, each once.
fn rules(name: &str) -> BTreeSet<(&'static str, &'static str)> {
    let all = violations(name).into_iter();
    all.map(|one| {
        let text = |key: &str| one[key].as_str().expect("it is a text");
        (text("severity"), text("ruleName"))
    })
    .collect()
}

fn failed(name: &str) -> bool {
    synthesized()[name]["failed"]
        .as_bool()
        .expect("it is there")
}

#[test]
fn cdk_synth_fails_with_constructs_and_passes_with_reasons() {
    if missing!(NODE) {
        return;
    }
    let folder = folder();
    let output = synth(folder.path(), None);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    for stack in ["Shop", "Prod/Orders"] {
        for (construct, code) in FALLBACKS {
            assert!(
                said.contains(&format!("   {stack}/{construct} (")),
                "{said}"
            );
            assert!(said.contains(&format!("Rule sfl::{code}")), "{said}");
        }
    }
    assert!(said.contains("nobody wrote down why (sfl)"), "{said}");
    assert!(
        said.contains("address = \"Prod/Orders/Host\" in sfl.toml"),
        "{said}"
    );
    // An acknowledgement settles nothing, so none is proposed.
    assert!(!said.contains("Acknowledge with"), "{said}");

    let output = synth(folder.path(), Some("./no/sfl"));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("sfl is not there: ./no/sfl"), "{said}");
    assert!(said.contains("pip install sfl"), "{said}");

    fs::rename(
        folder.path().join("reasons.toml"),
        folder.path().join("sfl.toml"),
    )
    .expect("it can be renamed");
    let output = synth(folder.path(), None);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(!said.contains("(sfl)"), "{said}");
}

#[test]
fn each_violation_has_its_construct_template_and_words() {
    if missing!(NODE) {
        return;
    }
    // `without names`: the templates say nothing of constructs, and the CDK knows them all the same.
    for name in ["as it is", "without names", "beta"] {
        assert!(failed(name), "{name}");
        let mut found = Vec::new();
        for one in violations(name) {
            assert_eq!(one["severity"], "fatal", "{one}");
            assert!(
                !one["suggestedFix"].as_str().unwrap_or_default().is_empty(),
                "{one}"
            );
            let constructs = one["violatingConstructs"].as_array().expect("a list");
            assert_eq!(constructs.len(), 1);
            let path = constructs[0]["constructPath"].as_str().expect("a text");
            let template = constructs[0]["cloudFormationResource"]["templatePath"].as_str();
            let template = template.expect("a text").replace('\\', "/");
            assert_eq!(
                template.starts_with("assembly-Prod/"),
                path.starts_with("Prod/")
            );
            assert_eq!(template.contains(".nested."), path.contains("/Caches/"));
            found.push((
                path.to_owned(),
                one["ruleName"].as_str().expect("a text").to_owned(),
            ));
        }
        found.sort();
        let stacks = ["Prod/Orders", "Shop"];
        let wanted: Vec<_> = stacks
            .iter()
            .flat_map(|stack| {
                FALLBACKS.map(|(path, code)| (format!("{stack}/{path}"), code.to_owned()))
            })
            .collect();
        assert_eq!(found, wanted, "{name}");
    }
    let host = violations("as it is")[0];
    assert_eq!(
        host["ruleMetadata"],
        json!({
            "severity": "error", "ladder": "compute", "rung": "4 of 4 (server)", "rule": "ec2-instance",
            "step": "redesign", "explain": "sfl explain compute/server",
        })
    );
    let metadata = &synthesized()["as it is"]["own"]["metadata"];
    assert_eq!(metadata["decisions"], "10");
    assert!(metadata.get("unread").is_none(), "{metadata}");
}

#[test]
fn what_may_not_fail_does_not() {
    if missing!(NODE) {
        return;
    }
    assert!(!failed("serverless"));
    assert_eq!(synthesized()["serverless"]["own"], Value::Null);
    // What is not known is said, and fails nothing.
    assert!(!failed("not read"));
    let unread = violations("not read");
    assert_eq!(rules("not read"), [("info", "unread/nested-stacks")].into());
    assert_eq!(
        unread[0]["description"],
        "1 nested stack was not read, and may hold hosting choices: Elsewhere: https://example.com/a.json"
    );
    assert!(!failed("hosted capacity"));
    assert_eq!(
        rules("hosted capacity"),
        [("info", "compute/capacity")].into()
    );
    assert!(failed("notes fail"));
    assert_eq!(rules("notes fail"), [("fatal", "compute/capacity")].into());
    let [cache, database, server] = ["cache/cluster", "relational/cluster", "compute/server"];
    assert!(failed("servers alone"));
    let known = [("warning", cache), ("warning", database), ("fatal", server)];
    assert_eq!(rules("servers alone"), known.into());
    assert!(!failed("nothing fails"));
    let known = [
        ("warning", cache),
        ("warning", database),
        ("warning", server),
    ];
    assert_eq!(rules("nothing fails"), known.into());
}

#[test]
fn reasons_count_and_their_faults_are_shown() {
    if missing!(NODE) {
        return;
    }
    assert!(!failed("a reason in the app"));
    assert_eq!(
        synthesized()["a reason in the app"]["own"]["metadata"]["justified"],
        "2"
    );
    assert!(!failed("reasons in the ledger"));
    assert!(failed("a reason that ended"));
    assert!(rules("a reason that ended").contains(&("warning", "justification/expired")));
    assert!(failed("a fault in the ledger"));
    let fault = violations("a fault in the ledger")
        .into_iter()
        .find(|one| one["ruleName"] == "justification/placeholder")
        .expect("it is there");
    let words = fault["description"].as_str().expect("a text");
    assert!(
        words.starts_with("faulty.toml:4: this reason is a placeholder"),
        "{words}"
    );
    // The CDK's own way to silence a rule knows no kind and no end: it counts only where somebody says so.
    assert!(failed("acknowledged"));
    assert_eq!(violations("acknowledged").len(), 6);
    assert!(!failed("acknowledged and let be"));
    assert!(violations("acknowledged and let be").is_empty());
}

#[test]
fn what_goes_wrong_fails_with_its_words() {
    if missing!(NODE) {
        return;
    }
    for (name, words) in [
        ("no program", "sfl is not there: ./no/sfl"),
        ("no program in beta", "sfl is not there: ./no/sfl"),
        ("no configuration", "sfl.toml has no key `nothing`"),
        ("a score", "(--fail-under)"),
    ] {
        assert!(failed(name), "{name}");
        let last = violations(name).pop().expect("one at least");
        assert_eq!(
            (&last["severity"], &last["ruleName"]),
            (&json!("fatal"), &json!("failed"))
        );
        let said = last["description"].as_str().expect("a text");
        assert!(said.contains(words), "{name}: {said}");
    }
}

#[test]
fn the_package_is_sound_typed_and_small() {
    let manifest = fs::read_to_string(own().join("package.json")).expect("it is there");
    let manifest: Value = serde_json::from_str(&manifest).expect("it is JSON");
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest["license"], "MIT OR Apache-2.0");
    assert!(manifest.get("dependencies").is_none());
    if missing!(NODE) {
        return;
    }
    let mut npm = Command::new(NPM);
    npm.args(["test", "--silent"])
        .current_dir(own())
        .env("SFL_BINARY", env!("CARGO_BIN_EXE_sfl"));
    run(&mut npm, "npm with node");

    let mut npm = Command::new(NPM);
    npm.args(["pack", "--dry-run", "--json"]).current_dir(own());
    let packed: Value = serde_json::from_str(&run(&mut npm, "npm")).expect("it is JSON");
    let files = packed[0]["files"].as_array().expect("a list");
    let files: Vec<&str> = files
        .iter()
        .filter_map(|file| file["path"].as_str())
        .collect();
    assert_eq!(
        files,
        [
            "LICENSE",
            "README.md",
            "package.json",
            "src/index.d.ts",
            "src/index.js",
            "src/program.js",
            "src/templates.js",
            "src/violations.js"
        ]
    );

    // What npm would correct before it publishes, it corrects in a copy.
    let folder = folder();
    let copied = folder.path().join("node_modules/sfl-cdk");
    let mut npm = Command::new(NPM);
    run(npm.args(["pkg", "fix"]).current_dir(&copied), "npm");
    let fixed = fs::read_to_string(copied.join("package.json")).expect("it is there");
    assert_eq!(
        manifest,
        serde_json::from_str::<Value>(&fixed).expect("it is JSON")
    );

    let mut tsc = within(folder.path(), "node");
    // TypeScript looks for packages in the folders above alone.
    let paths = cdk().join("*").display().to_string().replace('\\', "/");
    let settings = json!({
        "compilerOptions": {
            "strict": true, "noEmit": true, "skipLibCheck": true, "module": "nodenext", "types": [],
            "paths": { "sfl-cdk": ["./node_modules/sfl-cdk"], "aws-cdk-lib/*": [paths.replace('*', "aws-cdk-lib/*")], "*": [paths] },
        },
        "files": ["typed.ts"],
    });
    fs::write(folder.path().join("tsconfig.json"), settings.to_string())
        .expect("it can be written");
    tsc.arg(cdk().join("typescript/bin/tsc"))
        .args(["--project", "."]);
    run(&mut tsc, "TypeScript");
}
