//! Every format, written by the program in one run, and read by those that it is written for.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::onlookers::{self, run};
use crate::repository::Repository;
use crate::tools::missing;
use serde_json::{Value, json};
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const ONLOOKERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/readers/onlookers");
const FORMATS: [&str; 7] = [
    "json", "sarif", "github", "gitlab", "junit", "csv", "concise",
];

/// Reports on some templates, by format.
struct Reports(TempDir);

impl Reports {
    /// Of what is below a folder, with what has a reason.
    fn of(folder: &Path, paths: &[&str]) -> Self {
        let reports = tempfile::tempdir().expect("a temporary folder");
        let mut command = Command::new(env!("CARGO_BIN_EXE_sfl"));
        command
            .current_dir(folder)
            .env_clear()
            .args(["check", "--today", "2026-11-01", "--isolated"])
            .args(["--show-justified", "--quiet"])
            .args(paths);
        for format in FORMATS {
            let file = reports.path().join(format);
            command.arg(format!("--output={format}={}", file.display()));
        }
        let output = command.output().expect("the program runs");
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!error.contains("panic"), "{error}");
        Self(reports)
    }

    fn of_fixtures() -> Self {
        Self::of(Path::new(ROOT), &["fixtures"])
    }

    fn of_hostile_templates() -> Self {
        let folder = hostile();
        Self::of(folder.path(), &["."])
    }

    fn path(&self, format: &str) -> PathBuf {
        self.0.path().join(format)
    }

    fn text(&self, format: &str) -> String {
        fs::read_to_string(self.path(format)).expect("it is text")
    }

    fn json(&self, format: &str) -> Value {
        serde_json::from_str(&self.text(format)).expect("it is JSON")
    }

    fn list(&self, name: &str) -> Vec<Value> {
        self.json("json")[name].as_array().cloned().expect("a list")
    }
}

/// Names of resources and of a file that try to be something else, one of them with a reason, and a template that is no YAML.
fn hostile() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let name = "=cmd()\n::error::gone\r##[error]</script><!-- ]]> | ` \u{1b}[31m\u{202e}\u{fffe}{0} [a](b) 100%25,\\\"";
    let server = json!({"Type": "AWS::EC2::Instance"});
    let reason =
        json!({"because": "vendor-software", "reason": format!("the words are hostile {name}")});
    let explained = json!({"Type": "AWS::EC2::Instance", "Metadata": {"sfl": reason}});
    let template = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {name: server, "Explained": explained, "long".repeat(2500): server},
    });
    let write = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).expect("it can be written");
    };
    write("names.json", &template.to_string());
    let file = if cfg!(windows) {
        "=odd % [x](y).json"
    } else {
        "=odd: % [x](y), \u{1b}\n::error::.json"
    };
    write(file, &template.to_string());
    write(
        "broken.yaml",
        "Resources:\n  A:\n    Type: AWS::SQS::Queue\n   Bad: [\n",
    );
    folder
}

fn faults(schema: &jsonschema::Validator, value: &Value) -> Vec<String> {
    let errors = schema.iter_errors(value);
    errors
        .map(|error| format!("{}: {error:.300}", error.instance_path()))
        .collect()
}

fn schema(name: &str) -> jsonschema::Validator {
    let path = format!("{ROOT}/tests/readers/schemas/{name}");
    let text = fs::read_to_string(path).expect("the schema is a text");
    // SARIF's pattern of a language has a bracket that opens nowhere; it means itself, and is no regular expression unless it says so.
    let text = text.replace("{2}]?$", r"{2}\\]?$");
    let schema = serde_json::from_str(&text).expect("the schema is JSON");
    jsonschema::draft7::new(&schema).expect("it is a schema")
}

#[test]
fn sarif_keeps_to_its_schema() {
    let schema = schema("sarif-2.1.0.json");
    for reports in [Reports::of_fixtures(), Reports::of_hostile_templates()] {
        let log = reports.json("sarif");
        let faults = faults(&schema, &log);
        assert!(faults.is_empty(), "{faults:#?}");
    }
    let mut wrong = Reports::of_fixtures().json("sarif");
    wrong["runs"][0]["results"][0]["message"] = json!({});
    assert!(
        !faults(&schema, &wrong).is_empty(),
        "the schema sees nothing"
    );
}

#[test]
fn sarif_says_what_the_report_says() {
    for reports in [Reports::of_fixtures(), Reports::of_hostile_templates()] {
        let log = reports.json("sarif");
        let results = log["runs"][0]["results"].as_array().expect("a list");
        let findings = reports.list("findings");
        let justified = reports.list("decisions");
        let justified = justified
            .iter()
            .filter(|one| !one["justification"].is_null());
        assert_eq!(results.len(), findings.len() + justified.count());
        for (result, finding) in results.iter().zip(&findings) {
            assert_eq!(result["ruleId"], finding["code"]);
            let region = &result["locations"][0]["physicalLocation"]["region"];
            assert_eq!(region["startLine"], finding["span"]["start"]["line"]);
            assert_eq!(region["startColumn"], finding["span"]["start"]["column"]);
            assert_eq!(region["endLine"], region["startLine"]);
        }
        let fingerprints: BTreeSet<String> = results
            .iter()
            .map(|one| one["partialFingerprints"]["sfl/v1"].to_string())
            .collect();
        assert_eq!(fingerprints.len(), results.len());
        let broken = findings
            .iter()
            .any(|one| one["code"].to_string().contains("source/"));
        let invocation = &log["runs"][0]["invocations"][0];
        assert_eq!(invocation["executionSuccessful"], !broken);
    }
}

#[test]
fn sarif_says_how_a_result_stands_to_what_was() {
    let server = |name: &str, image: &str| {
        format!(
            "  {name}:\n    Type: AWS::EC2::Instance\n    Properties: {{ ImageId: {image}, SubnetId: of-{image} }}\n"
        )
    };
    let table = |more: &str| {
        format!(
            "  Table:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      TableName: orders\n{more}"
        )
    };
    let old = "  Old:\n    Type: AWS::RDS::DBCluster\n";
    let web = server("Web", "ami-1");
    let was = table("      BillingMode: PAY_PER_REQUEST\n");
    let shop = Repository::new(&[("a.yaml", &format!("Resources:\n{web}{was}{old}"))]);
    shop.git(&[
        "remote",
        "add",
        "origin",
        "https://user:secret@github.com/shop/orders.git",
    ]);
    let more = server("More", "ami-2");
    let is = table("");
    shop.write("a.yaml", &format!("Resources:\n{web}{is}{more}"));
    let states = |arguments: &[&str]| {
        let all = [
            &["check", "--since", "HEAD", "--format", "sarif"],
            arguments,
        ]
        .concat();
        let (_, out, error) = shop.said(&all);
        assert!(!out.contains("secret"), "{out}");
        let log: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{error}"));
        let faults = faults(&schema("sarif-2.1.0.json"), &log);
        assert!(faults.is_empty(), "{faults:#?}");
        let run = &log["runs"][0];
        let from = &run["versionControlProvenance"][0];
        assert_eq!(from["repositoryUri"], "https://github.com/shop/orders");
        assert_eq!(from["branch"], "main");
        assert_eq!(from["revisionId"], shop.git(&["rev-parse", "HEAD"]).trim());
        let results = run["results"].as_array().expect("a list").iter();
        let mut states: Vec<String> = results
            .map(|one| {
                let name = &one["locations"][0]["logicalLocations"][0]["fullyQualifiedName"];
                format!(
                    "{} {}",
                    name.as_str().unwrap_or("-"),
                    one["baselineState"].as_str().unwrap_or("-")
                )
            })
            .collect();
        states.sort();
        states
    };
    assert_eq!(states(&[]), ["More new", "Table updated"]);
    assert_eq!(
        states(&["--show-known"]),
        ["More new", "Old absent", "Table updated", "Web unchanged"]
    );
    let (_, out, _) = shop.said(&["check", "--format", "sarif"]);
    assert!(!out.contains("baselineState"), "nothing was compared");
}

/// Microsoft's validator has the rules of GitHub's code scanning too.
#[test]
fn sarif_pleases_its_validator() {
    if missing!(NODE) {
        return;
    }
    let faults = |path: &Path| -> Vec<String> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let log = folder.path().join("log.sarif");
        fs::copy(path, &log).expect("it can be copied");
        let said = folder.path().join("said.sarif");
        // It ends with 0 whatever it finds, but what it finds is SARIF.
        run(
            Command::new(multitool())
                .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")
                .args([
                    "validate",
                    "--quiet",
                    "true",
                    "--rule-kind",
                    "Sarif;Ghas",
                    "--output",
                ])
                .args([&said, &log]),
            "the SARIF Multitool",
        );
        let said = fs::read_to_string(said).expect("it is text");
        let said: Value = serde_json::from_str(said.trim_start_matches('\u{feff}')).expect("JSON");
        let results = said["runs"][0]["results"].as_array().cloned();
        let results = results.unwrap_or_default().into_iter();
        // A program that was built without knowing its home has no `informationUri`.
        let told = results.filter(|one| one["message"]["id"] != "Warning_ProvideToolnformationUri");
        told.map(|one| format!("{} {}", one["ruleId"], one["message"]))
            .collect()
    };
    for reports in [Reports::of_fixtures(), Reports::of_hostile_templates()] {
        let found = faults(&reports.path("sarif"));
        assert!(found.is_empty(), "{found:#?}");
    }
    let reports = Reports::of_fixtures();
    let mut wrong = reports.json("sarif");
    wrong["runs"][0]["results"][0]["locations"] = json!([]);
    fs::write(reports.path("wrong"), wrong.to_string()).expect("it can be written");
    let found = faults(&reports.path("wrong"));
    assert!(!found.is_empty(), "the validator sees nothing");
}

fn multitool() -> PathBuf {
    let folder = onlookers::node("sarif", &["@microsoft/sarif-multitool@5.7.0"]);
    let scope = folder.join("node_modules/@microsoft");
    let names = [
        "sarif-multitool-linux/Sarif.Multitool",
        "sarif-multitool-darwin/Sarif.Multitool",
        "sarif-multitool-win32/Sarif.Multitool.exe",
    ];
    let mut paths = names.iter().map(|name| scope.join(name));
    let tool = paths.find(|path| path.exists());
    let tool = tool.expect("the package has a program for this system");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let all = fs::Permissions::from_mode(0o755);
        fs::set_permissions(&tool, all).expect("target/ is writable");
    }
    tool
}

#[test]
fn gitlab_gets_what_it_documents() {
    let schema = schema("gitlab-code-quality.json");
    for reports in [Reports::of_fixtures(), Reports::of_hostile_templates()] {
        let issues = reports.json("gitlab");
        let faults = faults(&schema, &issues);
        assert!(faults.is_empty(), "{faults:#?}");
        let issues = issues.as_array().expect("a list");
        assert_eq!(issues.len(), reports.list("findings").len());
        let fingerprints: BTreeSet<String> = issues
            .iter()
            .map(|issue| issue["fingerprint"].to_string())
            .collect();
        assert_eq!(fingerprints.len(), issues.len());
    }
}

#[test]
fn junit_is_read_by_what_reads_junit() {
    if missing!(PYTHON) {
        return;
    }
    let python = onlookers::python("junit", &["lxml==6.1.3", "junitparser==5.0.3"]);
    let xsd = format!("{ROOT}/tests/readers/schemas/junit-10.xsd");
    for reports in [Reports::of_fixtures(), Reports::of_hostile_templates()] {
        let told = run(
            Command::new(&python)
                .arg(format!("{ONLOOKERS}/junit.py"))
                .arg(reports.path("junit"))
                .arg(&xsd),
            "JUnit XML that junitparser and the schema take",
        );
        let told: Value = serde_json::from_str(&told).expect("it prints JSON");
        let findings = reports.list("findings");
        let of = |wanted: fn(&str) -> bool| {
            let codes = findings.iter().filter_map(|one| one["code"].as_str());
            codes.filter(|code| wanted(code)).count()
        };
        let errors = of(|code| code.starts_with("source/"));
        let about_reasons = of(|code| code.starts_with("justification/"));
        let decisions = reports.list("decisions");
        let justified = decisions
            .iter()
            .filter(|one| !one["justification"].is_null());
        assert_eq!(
            told["counted"],
            json!([
                decisions.len() + errors + about_reasons,
                findings.len() - errors,
                errors,
                justified.count()
            ])
        );
        let cases = told["cases"].as_array().expect("a list");
        assert!(decisions.iter().any(|one| cases.contains(&one["address"])));
    }
}

/// The ends of reasons, whatever their words are.
#[test]
fn the_calendar_is_read_by_icalendar() {
    if missing!(PYTHON) {
        return;
    }
    let python = onlookers::python("calendar", &["icalendar==7.3.2"]);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let words = "licensed per core; of \\the host, \"twice\"\u{20ac} END:VEVENT and some more words so that it folds: äöüäöüäöüäöüäöü";
    let server = |end: &str| {
        json!({"Type": "AWS::EC2::Instance", "Metadata": {"sfl": {
            "because": "licence", "reason": words, "owner": "@shop/a,b", "expires": end}}})
    };
    let template = json!({"Resources": {
        "Web": server("2027-06-30"), "Old": server("2026-01-31"),
        "Free": {"Type": "AWS::EC2::Instance", "Metadata": {"sfl": {"because": "licence", "reason": words}}},
    }});
    fs::write(folder.path().join("a.json"), template.to_string()).expect("it can be written");
    let calendar = |name: &str, today: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sfl"));
        let output = command
            .current_dir(folder.path())
            .env_clear()
            .args([
                "justifications",
                "--format",
                "ics",
                "--isolated",
                "--today",
                today,
            ])
            .output()
            .expect("the program runs");
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(
            error,
            "note: 1 justification has no end, and stands in no calendar\n"
        );
        let file = folder.path().join(name);
        fs::write(&file, &output.stdout).expect("it can be written");
        let told = run(
            Command::new(&python)
                .arg(format!("{ONLOOKERS}/calendar_days.py"))
                .arg(&file),
            "a calendar that the package icalendar takes",
        );
        serde_json::from_str::<Value>(&told).expect("it prints JSON")
    };
    let told = calendar("a.ics", "2026-11-01");
    assert_eq!(told["name"], "sfl: reasons that end");
    let days = told["days"].as_array().expect("a list");
    let of = |key: &str| days.iter().map(|day| day[key].clone()).collect::<Vec<_>>();
    assert_eq!(of("day"), ["2026-01-31", "2027-06-30"]);
    assert_eq!(of("before"), [-30, -30]);
    assert_eq!(of("groups"), [json!(["@shop/a,b"]), json!(["@shop/a,b"])]);
    assert_eq!(
        of("title"),
        [
            "last day of the reason for compute/server Old",
            "last day of the reason for compute/server Web"
        ]
    );
    let about = days[1]["about"].as_str().expect("a text");
    assert!(
        about.contains(words) && about.lines().count() == 5,
        "{about}"
    );
    // Whoever fetches it again finds the same days in it.
    let again = calendar("b.ics", "2026-11-02");
    let again = again["days"].as_array().expect("a list").iter();
    let again: Vec<Value> = again.map(|day| day["uid"].clone()).collect();
    assert_eq!(again, of("uid"));
    assert_ne!(again[0], again[1]);
}

#[test]
fn csv_is_read_by_python() {
    if missing!(PYTHON) {
        return;
    }
    let python = onlookers::python("plain", &[]);
    for reports in [Reports::of_fixtures(), Reports::of_hostile_templates()] {
        let rows = run(
            Command::new(&python)
                .arg(format!("{ONLOOKERS}/table.py"))
                .arg(reports.path("csv")),
            "CSV that python reads",
        );
        let rows: Vec<Value> = serde_json::from_str(&rows).expect("it prints JSON");
        let decisions = reports.list("decisions");
        assert_eq!(rows.len(), decisions.len());
        for (row, decision) in rows.iter().zip(&decisions) {
            assert_eq!(row["rung"], decision["rung"].to_string());
            assert_eq!(row["line"], decision["span"]["start"]["line"].to_string());
            assert_eq!(row["fallback"], decision["fallback"].to_string());
            let justified = !decision["justification"].is_null();
            assert_eq!(row["justified"], justified.to_string());
            assert!(row.get("fingerprint").is_some_and(Value::is_string));
            let cells = row.as_object().expect("a row has columns").values();
            for cell in cells.filter_map(Value::as_str) {
                assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
            }
        }
    }
}

#[test]
fn lines_are_lines() {
    for reports in [Reports::of_fixtures(), Reports::of_hostile_templates()] {
        let findings = reports.list("findings");
        let decisions = reports.list("decisions");
        let justified = decisions
            .iter()
            .filter(|one| !one["justification"].is_null());
        let concise = reports.text("concise");
        // A file is never quiet, so the last line has the numbers.
        assert_eq!(
            concise.lines().count(),
            findings.len() + justified.count() + 1
        );
        let github = reports.text("github");
        let commands = github.lines().filter(|line| line.starts_with("::"));
        assert_eq!(commands.count(), findings.len());
        assert_eq!(github.lines().count(), findings.len() + 1);
        let tame = |c: char| !c.is_control() || c == '\n';
        assert!(concise.chars().chain(github.chars()).all(tame));
    }
}

/// GitHub's toolkit escapes the same values in the same way.
#[test]
fn github_would_write_the_same_commands() {
    if missing!(NODE) {
        return;
    }
    let folder = onlookers::node("github", &["@actions/core@1.11.1"]);
    for reports in [Reports::of_fixtures(), Reports::of_hostile_templates()] {
        let written = run(
            Command::new("node")
                .arg(format!("{ONLOOKERS}/commands.js"))
                .arg(folder.join("node_modules/@actions/core/lib/command.js"))
                .arg(reports.path("github")),
            "node, and commands that GitHub's toolkit takes",
        );
        let ours = reports.text("github");
        let ours: Vec<&str> = ours.lines().filter(|line| line.starts_with("::")).collect();
        assert!(ours.len() > 3, "too few commands: {ours:?}");
        assert_eq!(written.lines().collect::<Vec<_>>(), ours);
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (one, other) = (Reports::of_fixtures(), Reports::of_fixtures());
    for format in FORMATS.iter().filter(|format| **format != "json") {
        assert_eq!(one.text(format), other.text(format), "{format}");
    }
}

/// An excerpt in the docs is what the program prints: each of its lines, in this order.
#[test]
fn the_docs_show_what_is_printed() {
    let docs = fs::read_to_string(format!("{ROOT}/docs/outputs.md")).expect("it is there");
    let reports = Reports::of(Path::new(ROOT), &["fixtures/shop/web.yaml"]);
    let mut compared = 0;
    for section in docs.split("\n## ").skip(1) {
        let (format, text) = section.split_once('\n').expect("a heading is a line");
        let mut blocks = text.split("\n```").skip(1).step_by(2);
        let Some(excerpt) = blocks.nth(1) else {
            continue;
        };
        let written = reports.text(format);
        let mut written = written.lines().map(str::trim);
        for line in excerpt.lines().skip(1).map(str::trim) {
            assert!(
                written.any(|one| one == line),
                "{format}: this is not printed, or not there: {line}"
            );
            compared += 1;
        }
    }
    assert!(compared > 15, "only {compared} lines were compared");
}
