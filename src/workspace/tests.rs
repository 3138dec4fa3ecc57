use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::date;

use super::*;
use crate::compare::Compared;
use crate::config::ConfigError;
use crate::host::{Buffers, Memory};
use crate::report::{Format, Style};

/// The same numbers from the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % 1_000_003).expect("small") % sides
    }
}

const SERVER: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n";
const SERVED: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Metadata:\n      sfl:\n        because: licence\n        \
                      reason: the licence of the vendor counts physical cores\n        evidence: docs/licence.md\n";
const QUEUE: &str = "Resources:\n  Q: {Type: AWS::SQS::Queue}\n  Pay: {Type: Custom::Pay}\n";
const MODULE: &str = r#"{"variable": {"kind": {"default": "db.serverless"}, "many": {"default": 1}}, "resource": {
    "aws_rds_cluster_instance": {"a": {"instance_class": "${var.kind}"}}, "aws_instance": {"b": {"count": "${var.many}"}}}}"#;
const OTHER: &str = r#"{"locals": {"x": 1}, "resource": {"aws_instance": {"other": {}}, "aws_lambda_function": {"f": {}}}}"#;
const CALLING: &str = r#"{"module": {"a": {"source": "./infra/m", "count": 2, "kind": "db.r6g.large"}}, "resource": {"aws_instance": {"own": {}}}}"#;
const PLAN: &str = r#"{"format_version": "1.2", "resource_changes": [{"address": "aws_instance.b[0]", "mode": "managed",
    "type": "aws_instance", "name": "b", "change": {"actions": ["create"], "after": {}}}], "configuration": {"root_module": {
    "resources": [{"mode": "managed", "type": "aws_instance", "name": "b"}], "variables": {"kind": {}, "many": {}}}}}"#;
const READING: &str = "resource \"aws_instance\" \"read\" {\n  count = try(jsondecode(file(\"${path.module}/kinds.json\")).many, \
                       length(fileset(path.module, \"*.json\")))\n}\n";
/// The same module as `MODULE`, as people write it.
const NATIVE: &str = "variable \"kind\" {\n  default = \"db.serverless\"\n}\nvariable \"many\" {\n  default = 1\n}\n\
                      # sfl: because=licence reason=\"the licence of the vendor counts physical cores\"\n\
                      resource \"aws_rds_cluster_instance\" \"n\" {\n  instance_class = var.kind\n}\n\
                      resource \"aws_instance\" \"m\" {\n  count = var.many\n}\n";
const NATIVE_CALL: &str = "module \"c\" {\n  source = \"../n\"\n  kind   = \"db.r6g.large\"\n}\nresource \"aws_instance\" \"own\" {\n}\n";
const NESTING: &str = "Resources:\n  App:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: b.yaml, Parameters: {Launch: EC2}}\n";
const NESTED: &str = "Parameters: {Launch: {Type: String, Default: FARGATE}}\nResources:\n  Web:\n    Type: AWS::ECS::Service\n    \
                      Properties: {LaunchType: !Ref Launch}\n";
const EXPORTING: &str = "Resources:\n  Shared:\n    Type: AWS::ECS::Cluster\n    Properties: {DefaultCapacityProviderStrategy: \
                         [{CapacityProvider: FARGATE}]}\nOutputs: {Name: {Value: !Ref Shared, Export: {Name: shared}}}\n";
const IMPORTING: &str = "Resources:\n  Web:\n    Type: AWS::ECS::Service\n    Properties: {Cluster: !ImportValue shared}\n    \
                         Metadata: {sfl: {because: licence, reason: the licence of the vendor counts physical cores}}\n";
const RULES: &str = "[[plumbing]]\nwhy = \"it only takes money\"\ntypes = [\"Custom::Pay\"]\n";
const REASON: &str = "[[justification]]\naddress = \"Web\"\nbecause = \"licence\"\n\
                      reason = \"the licence of the vendor counts physical cores\"\n";
const LEDGER: &str = "[[justification]]\npath = \"infra/**\"\nbecause = \"latency\"\nreason = \"answers within a \
                      millisecond or the market is gone\"\nevidence = \"docs/licence.md\"\n";

/// Every file that a step may change, with the texts that it may get.
const TEXTS: [(&str, &[&str]); 26] = [
    (
        "a.yaml",
        &[
            SERVER,
            SERVED,
            QUEUE,
            "not: a template\n",
            "Resources:\n  A: [\n    Type: AWS::S3::Bucket\n",
            "",
        ],
    ),
    (
        "infra/b.yaml",
        &[SERVER, SERVED, QUEUE, NESTED, EXPORTING, IMPORTING],
    ),
    ("infra/root.yaml", &[NESTING, EXPORTING, IMPORTING, SERVER]),
    ("cluster.yaml", &[EXPORTING, IMPORTING, "Resources: ["]),
    (
        "infra/c.json",
        &[
            r#"{"Resources": {"C": {"Type": "AWS::RDS::DBInstance"}}}"#,
            OTHER,
            "{",
        ],
    ),
    ("infra/m/plan.json", &[PLAN, "{"]),
    ("infra/m/main.tf.json", &[MODULE, OTHER, "{", "{}"]),
    (
        "infra/m/more.tf.json",
        &[
            OTHER,
            r#"{"variable": {"kind": {"default": "db.r6g.large"}}}"#,
        ],
    ),
    (
        "infra/m/terraform.tfvars.json",
        &[r#"{"kind": "db.t3.micro"}"#, r#"{"many": 0}"#, "{"],
    ),
    (
        "infra/m/z.auto.tfvars.json",
        &[r#"{"many": 3}"#, r#"{"kind": "db.serverless"}"#],
    ),
    ("infra/m/reads.tf", &[READING]),
    (
        "infra/m/kinds.json",
        &[r#"{"many": 2}"#, r#"{"many": 0}"#, "{"],
    ),
    ("m.tf.json", &[MODULE, OTHER, CALLING]),
    (
        "infra/n/main.tf",
        &[
            NATIVE,
            "resource \"aws_instance\" \"half\" {\n  count =\n}\nresource \"aws_lambda_function\" \"f\" {\n}\n",
            "resource",
            "# sfl: because=licence\n",
        ],
    ),
    (
        "infra/n/override.tf",
        &[
            "variable \"kind\" {\n  default = \"db.t3.micro\"\n}\n",
            "resource \"aws_instance\" \"m\" {\n  count = 2\n}\n",
            "",
        ],
    ),
    (
        "infra/n/terraform.tfvars",
        &["many = 0\n", "kind = \"db.r6g.large\"\n", "kind = "],
    ),
    ("infra/call/main.tf", &[NATIVE_CALL, NATIVE, ""]),
    (
        "sfl.toml",
        &[
            "",
            "exclude = [\"infra/b.yaml\"]\n",
            "[justifications]\nledger = \"why.toml\"\n",
            "purpose = \"shop\"\n[rules]\nfolders = [\"own\"]\n",
            "[ladders.compute]\naccept = \"server\"\n",
            "[deployment.live]\nvar_file = \"infra/live.json\"\n[deployment.test]\nvars = { many = 2, kinds = 1 }\n",
            "faulty = [\n",
        ],
    ),
    ("why.toml", &[REASON, LEDGER, ""]),
    (
        "own/rules.toml",
        &[
            RULES,
            "[[plumbing]]\nwhy = \"nothing\"\ntypes = [\"Custom::Other\"]\n",
            "faulty",
        ],
    ),
    (
        "infra/live.json",
        &[
            r#"{"many": 0, "kind": "db.r6g.large"}"#,
            r#"{"many": 1}"#,
            "[]",
        ],
    ),
    ("docs/licence.md", &["# Licence\n"]),
    (".gitignore", &["", "infra/c.json\n", "/a.yaml\n"]),
    ("infra/.ignore", &["m\n", "!c.json\n"]),
    ("pyproject.toml", &["", "[project]\n"]),
    (
        "infra/plan.json",
        &[
            r#"{"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {}, "resource_changes": [
        {"address": "aws_instance.p", "mode": "managed", "type": "aws_instance", "name": "p", "change": {"actions": ["create"], "after": {}}}]}"#,
        ],
    ),
];

/// Everything that a result says, as a text.
fn said(result: Result<Analysis, ConfigError>) -> String {
    match result {
        Ok(mut report) => {
            report.elapsed = Duration::ZERO;
            let mut out = Vec::new();
            let records = format!("{:#?}", report.records);
            let written =
                Format::Json.write(&Compared::from(report), &Style::plain_text(), &mut out);
            written.expect("a vector takes everything");
            let json = String::from_utf8(out).expect("JSON is text");
            format!("{json}\n{records}")
        }
        Err(error) => error
            .findings
            .iter()
            .map(|finding| format!("{} {} {:?}\n", finding.code, finding.message, finding.span))
            .collect(),
    }
}

fn under() -> Arc<dyn Host> {
    let memory = Memory::new(date(2027, 1, 31));
    Arc::new(
        memory
            .with("a.yaml", SERVER)
            .with("infra/b.yaml", QUEUE)
            .with("infra/m/main.tf.json", MODULE)
            .with("readme.md", "# Shop\n"),
    )
}

#[test]
fn after_any_changes_a_workspace_says_what_a_fresh_one_says() {
    let mut dice = Dice(0x5eed_cafe);
    let host = under();
    let mut workspace = Workspace::new(Arc::clone(&host));
    let mut open: BTreeMap<&str, &str> = BTreeMap::new();
    let (mut faulty, mut judged) = (0, 0);
    let mut all = std::collections::BTreeSet::new();
    for step in 0..700 {
        for _ in 0..=dice.roll(2) {
            let (path, texts) = TEXTS[dice.roll(TEXTS.len())];
            match dice.roll(4) {
                0 => {
                    workspace.close(path);
                    open.remove(path);
                }
                _ => {
                    let text = texts[dice.roll(texts.len())];
                    workspace.change(path, text);
                    open.insert(path, text);
                }
            }
        }
        if dice.roll(40) == 0 {
            workspace.refresh();
        }
        let result = workspace.diagnose();
        match &result {
            Ok(report) => judged += report.decisions.len(),
            Err(_) => faulty += 1,
        }
        let mut fresh = Workspace::new(Arc::clone(&host));
        let buffers = Buffers::over(Arc::clone(&host));
        for (path, text) in &open {
            fresh.open(path, *text);
            buffers.set(Path::new(path), *text);
        }
        let result = said(result);
        assert_eq!(result, said(fresh.diagnose()), "step {step}: {open:#?}");
        // And that is what the command line says.
        let buffers: Arc<dyn Host> = Arc::new(buffers);
        let checked = Config::find(&buffers, None).map(|config| {
            let options = Options {
                paths: vec![".".into()],
                config,
                readable_part: true,
                ..Options::on(Arc::clone(&buffers))
            };
            check(&options, &|_, _| {})
        });
        assert_eq!(result, said(checked), "step {step}: {open:#?}");
        all.insert(result);
    }
    // Only if the steps reach different results does their agreement mean anything.
    assert!(faulty > 20 && judged > 1000, "{faulty} {judged}");
    assert!(all.len() > 200, "{} different results", all.len());
}

#[test]
fn a_file_that_a_configuration_reads_is_followed() {
    let mut workspace = Workspace::new(under());
    workspace.open("shop/reads.tf", READING);
    workspace.open(
        "live/main.tf",
        "module \"shop\" {\n  source = \"../shop\"\n}\nmodule \"other\" {\n  source = \"../shop\"\n}\n",
    );
    let mut servers = |change: &dyn Fn(&mut Workspace)| {
        change(&mut workspace);
        let analysis = workspace.diagnose().expect("nothing is configured");
        let all = analysis.decisions.iter();
        all.filter(|decision| decision.address.contains(".aws_instance.read"))
            .count()
    };
    assert_eq!(servers(&|_| {}), 0);
    assert_eq!(
        servers(&|open| open.open("shop/kinds.json", "{\"many\": 3}")),
        6
    );
    assert_eq!(
        servers(&|open| open.change("shop/kinds.json", "{\"many\": 1}")),
        2
    );
    // Broken, it is one more file of the folder.
    assert_eq!(servers(&|open| open.change("shop/kinds.json", "{")), 2);
    assert_eq!(servers(&|open| open.open("shop/more.json", "{")), 4);
    assert_eq!(servers(&|open| open.close("shop/kinds.json")), 2);
}

#[test]
fn a_broken_text_keeps_the_decisions_of_what_can_be_read() {
    let mut workspace = Workspace::new(under());
    let text = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n  Jobs:\n    Type: AWS::SQS::Queue\n    Tags: [\n  Orders:\n    Type: AWS::DynamoDB::Table\n";
    workspace.open("broken.yaml", text);
    let module = r#"{"resource": {"aws_instance": {"web": {"ami": "x"}}, "aws_sqs_queue": {"jobs": {"name": }}}}"#;
    workspace.open("module/main.tf.json", module);
    let analysis = workspace.diagnose().expect("nothing is configured");
    let of = |path: &str| {
        let decisions = analysis.decisions.iter();
        let here = decisions.filter(|decision| *decision.path == *path);
        here.map(|decision| decision.address.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(of("broken.yaml"), ["Web", "Jobs", "Orders"]);
    assert_eq!(
        of("module/main.tf.json"),
        ["aws_instance.web", "aws_sqs_queue.jobs"]
    );
    let codes: Vec<String> = analysis
        .findings
        .iter()
        .map(|finding| finding.code.to_string())
        .collect();
    for code in ["source/yaml", "source/json", "compute/server"] {
        assert!(codes.iter().any(|known| known == code), "{code}: {codes:?}");
    }
    assert_eq!(analysis.unreadable, 2);
    // A check of the same texts says only that they are broken.
    let memory = Memory::new(date(2027, 1, 31)).with("broken.yaml", text);
    let options = Options {
        paths: vec![".".into()],
        ..Options::on(Arc::new(memory))
    };
    let checked = check(&options, &|_, _| {});
    assert_eq!((checked.decisions.len(), checked.unreadable), (0, 1));
}

#[test]
fn an_open_text_of_a_module_counts_for_what_calls_it() {
    let memory = Memory::new(date(2027, 1, 31));
    let memory = memory
        .with("infra/n/main.tf", NATIVE)
        .with("infra/call/main.tf", NATIVE_CALL);
    let mut workspace = Workspace::new(Arc::new(memory));
    let decided = |workspace: &mut Workspace| {
        let report = workspace.diagnose().expect("it is sound");
        let decisions = report.decisions.iter();
        let decisions = decisions.map(|one| format!("{} {}", one.address, one.rung.number()));
        decisions.collect::<Vec<_>>()
    };
    let own = "aws_instance.own 4";
    let (cluster, server) = (
        "module.c.aws_rds_cluster_instance.n 3",
        "module.c.aws_instance.m[0] 4",
    );
    assert_eq!(decided(&mut workspace), [own, cluster, server]);
    workspace.change(
        "infra/n/main.tf",
        NATIVE.replace("default = 1", "default = 0"),
    );
    assert_eq!(decided(&mut workspace), [own, cluster]);
    // Values of a module that is called are not read.
    workspace.change("infra/n/terraform.tfvars", "many = 1\n");
    assert_eq!(decided(&mut workspace), [own, cluster]);
    workspace.change(
        "infra/n/override.tf",
        "variable \"many\" {\n  default = 1\n}\n",
    );
    assert_eq!(decided(&mut workspace), [own, cluster, server]);
    // What is being typed costs its own block.
    workspace.change(
        "infra/call/main.tf",
        NATIVE_CALL.replace("\"own\" {", "\"own\" {\n  ami ="),
    );
    assert_eq!(decided(&mut workspace), [cluster, server]);
    workspace.close("infra/call/main.tf");
    workspace.close("infra/n/main.tf");
    workspace.close("infra/n/override.tf");
    assert_eq!(decided(&mut workspace), [own, cluster, server]);
}

#[test]
fn only_what_changed_is_read_again() {
    let host = under();
    let mut workspace = Workspace::new(host);
    workspace.diagnose().expect("it is sound");
    let texts = |workspace: &mut Workspace| {
        let report = workspace.diagnose().expect("it is sound");
        let findings = report.findings.iter();
        let sources =
            findings.map(|finding| (finding.path().to_string(), Arc::clone(&finding.source)));
        sources.collect::<BTreeMap<_, _>>()
    };
    let before = texts(&mut workspace);
    workspace.change("a.yaml", format!("# more\n{SERVER}"));
    workspace.change("pyproject.toml", "[project]\n");
    let after = texts(&mut workspace);
    let same = |path: &str| Arc::ptr_eq(&before[path], &after[path]);
    assert!(!same("a.yaml") && same("infra/m/main.tf.json"));
    // The same text is not judged again either.
    workspace.change("a.yaml", format!("# more\n{SERVER}"));
    workspace.refresh();
    let again = texts(&mut workspace);
    assert!(Arc::ptr_eq(&after["a.yaml"], &again["a.yaml"]));
}

#[cfg(unix)]
mod on_disk {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::host::Disk;

    fn checked(folder: &Path, paths: &[&str], skip_unknown: bool) -> (Vec<String>, Vec<String>) {
        let options = Options {
            paths: paths.iter().map(Into::into).collect(),
            skip_unknown,
            ..Options::on(Arc::new(Disk::new(folder)))
        };
        let report = check(&options, &|_, _| {});
        let problems = report.findings.iter();
        let problems = problems.filter(|finding| finding.code == "source/unreadable");
        let problems = problems.map(|finding| format!("{}: {}", finding.path(), finding.message));
        let decisions = report.decisions.iter();
        let decisions = decisions.map(|one| format!("{} {}", one.path, one.address));
        (decisions.collect(), problems.collect())
    }

    #[test]
    fn what_is_named_and_no_file_of_the_tree_is_said_and_the_rest_is_checked() {
        let folder = tempfile::tempdir().expect("a place for the test");
        let repository = folder.path().join("repository");
        fs::create_dir_all(repository.join(".git")).expect("made");
        fs::create_dir_all(folder.path().join("out")).expect("made");
        fs::write(folder.path().join("out/b.yaml"), SERVER).expect("written");
        fs::write(repository.join("a.yaml"), SERVER).expect("written");
        symlink("../out", repository.join("out")).expect("linked");
        let pipe = repository.join("pipe.yaml");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.is_ok_and(|status| status.success()), "mkfifo is POSIX");
        for skip_unknown in [false, true] {
            let named = ["a.yaml", "pipe.yaml", "out", "out/b.yaml"];
            let (decisions, problems) = checked(&repository, &named, skip_unknown);
            assert_eq!(decisions, ["a.yaml Web"]);
            let expected = [
                "out: it leads out of the working tree",
                "out/b.yaml: it leads out of the working tree",
                "pipe.yaml: it is not a regular file",
            ];
            assert_eq!(problems, expected);
        }
        assert_eq!(checked(&repository, &["."], false).0, ["a.yaml Web"]);
    }

    #[test]
    fn a_named_link_is_part_of_the_module_it_stands_in() {
        let folder = tempfile::tempdir().expect("a place for the test");
        fs::create_dir_all(folder.path().join(".git")).expect("made");
        fs::create_dir_all(folder.path().join("m")).expect("made");
        let out = r#"{"resource": {"aws_instance": {"out": {}}}}"#;
        fs::write(folder.path().join("o.json"), out).expect("written");
        fs::write(folder.path().join("m/main.tf.json"), "{}").expect("written");
        symlink("../o.json", folder.path().join("m/o.tf.json")).expect("linked");
        let (decisions, problems) = checked(folder.path(), &["m/o.tf.json"], false);
        assert_eq!(problems, [""; 0]);
        assert_eq!(decisions, ["m/o.tf.json aws_instance.out"]);
    }
}
