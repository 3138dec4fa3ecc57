//! A folder of real templates, all of them: each is read, or is none, or is broken at a place that is named here.
//! Set `SFL_CORPUS` to the folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sfl::Analysis;
use sfl::Options;

use crate::tools::{corpus, missing};

/// Templates that cannot be read, where, and why that is so. Each was tried with the YAML or JSON reader of Python as well.
const BROKEN: [(&str, &str, u32, &str); 7] = [
    (
        "cfn-lint/test/fixtures/templates/bad/json_parse.json",
        "source/json",
        5,
        "a key without its colon: meant to be broken",
    ),
    (
        "cfn-lint/test/fixtures/templates/bad/template.yaml",
        "source/yaml",
        12,
        "a list item indented as if it stood in a mapping: meant to be broken",
    ),
    (
        "checkov/tests/cloudformation/parser/success_triple_quotes_string.json",
        "source/json",
        17,
        "three quotes around a text, which only Python knows",
    ),
    (
        "checkov/tests/cloudformation/runner/resources/invalid.json",
        "source/json",
        1,
        "42 braces are opened and 41 are closed: meant to be broken",
    ),
    (
        "checkov/tests/terraform/checks/terraform/terraform/resources/lock/pass.cdk.tf.json",
        "source/json",
        3,
        "a second backend in a folder: two examples side by side, of which Terraform takes one",
    ),
    (
        "serverless-patterns/apigw-custom-domain-edge/template.yaml",
        "source/yaml",
        34,
        "a slip of the pen after a logical id: `MappingRestEdge:curc`",
    ),
    (
        "serverless-patterns/rds-sns-event-notification/template.yaml",
        "source/yaml",
        3,
        "words after the closing quote of the description",
    ),
];

/// Files that are no templates, and what they are.
const OTHER: [(&str, &str); 22] = [
    ("README.md", "prose"),
    ("SOURCES.tsv", "a table"),
    (
        "aws-cdk-examples/go/codepipeline-build-deploy/app/appspec.yaml",
        "what CodeDeploy reads: its resources are a list",
    ),
    (
        "aws-cloudformation-templates/CloudFormation/MacrosExamples/Count/event.json",
        "the event of a macro, with a template inside",
    ),
    (
        "aws-cloudformation-templates/CloudFormation/MacrosExamples/Count/event_bad.json",
        "the event of a macro, with a template inside",
    ),
    (
        "checkov/tests/serverless/checks/aws/example_S3PublicACLRead/S3PublicACLRead-FAILED/serverless.yml",
        "Serverless Framework",
    ),
    (
        "checkov/tests/serverless/checks/aws/example_S3PublicACLRead/S3PublicACLRead-PASSED/serverless.yml",
        "Serverless Framework",
    ),
    (
        "checkov/tests/serverless/checks/example_WildcardEntities/serverless.yml",
        "Serverless Framework",
    ),
    (
        "infracost/cmd/infracost/testdata/plan_with_terraform_wrapper.json",
        "a plan between the lines of a log",
    ),
    (
        "serverless-patterns/alb-lambda-serverless/serverless.yml",
        "Serverless Framework",
    ),
    (
        "serverless-patterns/apigw-http-api-eventbridge-lambda-sls/serverless.yml",
        "Serverless Framework",
    ),
    (
        "serverless-patterns/apigw-http-api-sqs-lambda-sls/serverless.yml",
        "Serverless Framework",
    ),
    (
        "serverless-patterns/apigw-rest-api-dynamodb-sls/serverless.yml",
        "Serverless Framework",
    ),
    (
        "serverless-patterns/apigw-s3-lambda-sls-py/serverless.yml",
        "Serverless Framework",
    ),
    (
        "serverless-patterns/apigw-sns-filter-policy-lambda-sls-py/serverless.yml",
        "Serverless Framework",
    ),
    (
        "serverless-patterns/eventbridge-pipes-dynamodbstream-to-sqs-serverless/serverless.yml",
        "Serverless Framework",
    ),
    (
        "serverless-patterns/eventbridge-sqs-sls/serverless.yml",
        "Serverless Framework",
    ),
    (
        "serverless-patterns/fargate-eventbridge-serverless/serverless.yml",
        "Serverless Framework",
    ),
    (
        "serverless-patterns/lambda-sfn-sls/serverless.yml",
        "Serverless Framework",
    ),
    (
        "serverless-patterns/lambda-sns-sls/serverless.yml",
        "Serverless Framework",
    ),
    (
        "serverless-patterns/lambda-sqs-sls/serverless.yml",
        "Serverless Framework",
    ),
    (
        "serverless-patterns/lambda-ssm-sls/serverless.yml",
        "Serverless Framework",
    ),
];

/// Types of the provider that are none: inventions of tests, slips of the pen, and what another tool puts in their place.
const NO_TYPES: [&str; 15] = [
    "../../RainModules/bucket.yml",
    "../../RainModules/cloudfront-nocache.yml",
    "../../RainModules/vpc.yml",
    "AWS::EC2::Instance1",
    "AWS::Fancy::CoolType",
    "AWS::Foo::Bar",
    "AWS::Other::ABCD",
    "AWS::S3::Bucket::MODULE",
    "AWS::S3::Bucketeer",
    "AWS::S3::Object",
    "AWS::Serverless::Function: invalid_field",
    "Foo::Bar::Egg",
    "Foo::Serverless::Egg",
    "bucket-policy.yaml",
    "bucket.yaml",
];

/// Decisions on which nothing decides, and what could.
const DOUBTS: [(&str, &str, &str); 5] = [
    (
        "cfn-lint/test/fixtures/templates/bad/resources/rds/instance_sizes.yaml",
        "DBInstance5",
        "the engine is a parameter without a default: RDS Custom is an engine",
    ),
    (
        "cfn-lint/test/fixtures/templates/bad/resources_circular_dependency.yaml",
        "taskdefinition",
        "EC2 and FARGATE are both allowed, and no service uses it",
    ),
    (
        "cfn-lint/test/fixtures/templates/good/no_value.yaml",
        "rDBServerInstance",
        "the engine is a parameter without a default: RDS Custom is an engine",
    ),
    (
        "cfn-lint/test/fixtures/templates/good/resources/rds/instance_sizes.yaml",
        "DBInstance1",
        "the engine is a parameter without a default, or `aurora-mysql`",
    ),
    (
        "cfn-lint/test/fixtures/templates/quickstart/test.yaml",
        "rDBServerInstance",
        "the engine is a parameter without a default: RDS Custom is an engine",
    ),
];

fn check(paths: Vec<PathBuf>) -> Analysis {
    let options = Options {
        paths,
        ..Options::default()
    };
    sfl::check(&options, &|_, _| {})
}

/// A path as it is written in the tables.
fn below(path: &str, corpus: &Path) -> String {
    let corpus = corpus.to_string_lossy().replace('\\', "/");
    let path = path.strip_prefix(corpus.trim_end_matches('/'));
    let path = path.unwrap_or_else(|| panic!("everything stands below {corpus}"));
    path.trim_start_matches('/').to_owned()
}

fn files(corpus: &Path) -> BTreeSet<String> {
    let hidden = |entry: &walkdir::DirEntry| {
        entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.')
    };
    walkdir::WalkDir::new(corpus)
        .into_iter()
        .filter_entry(|entry| !hidden(entry))
        .map(|entry| entry.expect("the corpus is readable"))
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| below(&entry.path().to_string_lossy().replace('\\', "/"), corpus))
        .collect()
}

#[test]
fn every_file_is_read_or_is_no_template_or_is_broken() {
    if missing!(CORPUS) {
        return;
    }
    let corpus = corpus();
    let report = check(vec![corpus.clone()]);
    let broken: Vec<(String, String, u32)> = report
        .findings
        .iter()
        .filter(|finding| finding.code.is_about_input())
        .map(|finding| {
            let (start, _) = finding.positions();
            let path = below(finding.path(), &corpus);
            (path, finding.code.to_string(), start.line)
        })
        .collect();
    let expected = BROKEN.map(|(path, code, line, _)| (path.to_owned(), code.to_owned(), line));
    assert_eq!(broken, expected);

    let read = report.read.iter().map(|path| below(path, &corpus));
    let read: BTreeSet<String> = read.collect();
    // A block that is refused costs itself, not its file.
    let lost = BROKEN.iter().filter(|(path, ..)| !read.contains(*path));
    assert_eq!(report.unreadable, lost.count());
    assert_eq!(read.len(), report.read.len(), "nothing is read twice");
    let broken: BTreeSet<String> = broken.into_iter().map(|(path, ..)| path).collect();
    let left: Vec<String> = files(&corpus)
        .into_iter()
        .filter(|path| !read.contains(path) && !broken.contains(path))
        .collect();
    assert_eq!(left, OTHER.map(|(path, _)| path));
    assert!(read.len() > 2_000, "only {} templates", read.len());

    let decided = report.decisions.iter();
    let decided = decided.map(|decision| below(&decision.path, &corpus));
    assert!(decided.into_iter().all(|path| read.contains(&path)));
    let said = report.findings.iter();
    let said = said.map(|finding| below(finding.path(), &corpus));
    assert!(
        said.into_iter()
            .all(|path| read.contains(&path) || broken.contains(&path))
    );
}

#[test]
fn every_file_can_be_asked_for_by_name() {
    if missing!(CORPUS) {
        return;
    }
    let corpus = corpus();
    let all: Vec<PathBuf> = files(&corpus)
        .iter()
        .map(|path| corpus.join(path))
        .collect();
    let named = check(all.clone());
    let walked = check(vec![corpus.clone()]);
    assert_eq!(named.read, walked.read);
    assert_eq!(named.decisions.len(), walked.decisions.len());
    let other = named.not_templates.len() + named.unreadable;
    assert_eq!(other + named.read.len(), all.len(), "each is accounted for");
    for finding in &named.findings {
        assert!(
            !finding.message.contains("fault inside"),
            "{}",
            finding.path()
        );
    }
}

#[test]
fn only_what_is_no_type_is_unknown() {
    if missing!(CORPUS) {
        return;
    }
    let corpus = corpus();
    let report = check(vec![corpus]);
    let unknown: Vec<&String> = report.unknown_types.keys().collect();
    assert_eq!(unknown, NO_TYPES);
}

#[test]
fn every_doubt_is_a_fair_one() {
    if missing!(CORPUS) {
        return;
    }
    let corpus = corpus();
    let report = check(vec![corpus.clone()]);
    let doubts = report.decisions.iter().filter(|one| one.uncertain());
    let doubts = doubts.map(|one| (below(&one.path, &corpus), one.address.to_string()));
    let expected = DOUBTS.map(|(path, address, _)| (path.to_owned(), address.to_owned()));
    assert_eq!(doubts.collect::<Vec<_>>(), expected);
}

/// The same file as YAML and as JSON says the same.
#[test]
fn both_spellings_of_a_template_say_the_same() {
    if missing!(CORPUS) {
        return;
    }
    let corpus = corpus();
    let folder = corpus.join("aws-cloudformation-templates");
    let mut pairs = 0;
    let mut wrong = Vec::new();
    for path in files(&folder) {
        let Some(stem) = path.strip_suffix(".json") else {
            continue;
        };
        let yaml = folder.join(format!("{stem}.yaml"));
        if !yaml.exists() {
            continue;
        }
        pairs += 1;
        let said = |path: PathBuf| {
            let report = check(vec![path]);
            let all = report.decisions.iter();
            let all = all.map(|one| {
                (
                    one.address.to_string(),
                    one.rung,
                    one.ladder().name.to_string(),
                )
            });
            all.collect::<BTreeSet<_>>()
        };
        let (one, other) = (said(folder.join(&path)), said(yaml));
        if one != other {
            wrong.push(format!("{path}: {:?}", one.symmetric_difference(&other)));
        }
    }
    assert!(pairs > 50, "only {pairs} pairs");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
