//! Decisions of real templates that people placed by hand, by the definition of the ladder: `facts.tsv` holds every decision
//! of each file it names. Set `SFL_CORPUS` to the folder of the templates.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use sfl::Analysis;
use sfl::Options;

use crate::tools::{corpus, missing};

const FACTS: &str = include_str!("facts.tsv");

/// Files with no decision at all, which the table cannot name otherwise.
const NOTHING: [&str; 14] = [
    "aws-cloudformation-templates/CloudWatch/CloudWatch_Dashboard_ClientVPN.yml",
    "aws-cloudformation-templates/Solutions/VPCPeering/templates/VPCPeering-Accepter.main.cfn.json",
    "cfn-lint/test/fixtures/templates/good/parameters/used_transform_language_extension.json",
    "checkov/tests/cloudformation/image_referencer/resources/aws/sagemaker_image_version.yaml",
    "checkov/tests/cloudformation/image_referencer/resources/aws/sagemaker_model.yaml",
    "checkov/tests/common/runner_registry/plan_with_for_each_for_enrichment/tf_plan.json",
    "checkov/tests/terraform/parser/resources/parser_scenarios/json_807/cdk.tf.json",
    "checkov/tests/terraform/runner/resources/plan_change_keys/tfplan.json",
    "checkov/tests/terraform/runner/resources/plan_with_deleted_resources/tfplan.json",
    "checkov/tests/terraform/runner/resources/py_graph_check_tf_plan/py_graph_check_paln.json",
    "infracost/cmd/infracost/testdata/azure_firewall_plan.json",
    "infracost/internal/providers/terraform/testdata/hcl_provider_test/renders_module_resources/expected.json",
    "serverless-application-model/tests/translator/input/basic_application.yaml",
    "serverless-patterns/eventbridge-globalendpoint-sqs/template-eb-globalendpoint.yml",
];

fn check(paths: Vec<PathBuf>) -> Analysis {
    let options = Options {
        paths,
        ..Options::default()
    };
    sfl::check(&options, &|_, _| {})
}

/// Every decision of one file as the table writes it, without its path.
fn decisions(path: &Path) -> Vec<String> {
    let report = check(vec![path.to_owned()]);
    assert_eq!(report.read.len(), 1, "{} is a template", path.display());
    let found = report.decisions.iter().map(|decision| {
        let ladder = &decision.ladder().name;
        format!("{}\t{ladder}\t{}", decision.address, decision.rung.number())
    });
    let mut found: Vec<String> = found.collect();
    found.sort();
    found
}

#[test]
fn the_table_is_sorted_and_says_nothing_twice() {
    let lines: Vec<&str> = FACTS.lines().collect();
    let mut sorted = lines.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(lines, sorted);
    assert!(lines.iter().all(|line| line.split('\t').count() == 4));
}

#[test]
fn every_decision_stands_where_people_placed_it() {
    if missing!(CORPUS) {
        return;
    }
    let corpus = corpus();
    let mut expected: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in NOTHING {
        expected.insert(path, Vec::new());
    }
    for line in FACTS.lines() {
        let (path, rest) = line.split_once('\t').expect("four columns");
        expected.entry(path).or_default().push(rest);
    }
    let mut wrong = String::new();
    for (path, expected) in expected {
        let found = decisions(&corpus.join(path));
        for line in &found {
            if !expected.contains(&line.as_str()) {
                wrong += &format!("{path}: found {line}\n");
            }
        }
        for line in expected {
            if !found.iter().any(|other| other == line) {
                wrong += &format!("{path}: misses {line}\n");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// PowerShell writes a redirected plan so.
#[test]
fn a_plan_in_utf_16_says_the_same() {
    if missing!(CORPUS) {
        return;
    }
    let corpus = corpus();
    for path in [
        "checkov/tests/terraform/parser/resources/plan_encodings/tfplan_win_utf8.json",
        "infracost/examples/terraform/plan.json",
        "checkov/tests/terraform/runner/resources/plan_nested_child_modules_with_connections/tfplan.json",
    ] {
        let plain = corpus.join(path);
        let text = fs::read_to_string(&plain).expect("the plan is UTF-8");
        let wide = text.trim_start_matches('\u{feff}').encode_utf16();
        let little = std::iter::once(0xfeff)
            .chain(wide.clone())
            .flat_map(u16::to_le_bytes);
        let big = std::iter::once(0xfeff)
            .chain(wide)
            .flat_map(u16::to_be_bytes);
        for (order, bytes) in [("le", little.collect::<Vec<u8>>()), ("be", big.collect())] {
            let recoded = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("plan-{order}.json"));
            fs::write(&recoded, bytes).expect("the folder for temporary files can be written");
            assert_eq!(
                decisions(&recoded),
                decisions(&plain),
                "{path} in UTF-16 {order}"
            );
        }
    }
}
