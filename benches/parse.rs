//! How fast text becomes a tree, beside the parsers that others would take. `SFL_CORPUS` names a folder with real
//! templates, `SFL_TERRAFORM` one with files of Terraform; without them a small sample stands in.
//!
//! The targets: YAML at least five times as fast as the events of libyaml, JSON at least two and a half times as fast as
//! `serde_json::Value`, Terraform's own syntax at least five times as fast as hcl-edit.

use std::sync::LazyLock;

use divan::{Bencher, black_box, counter::BytesCount};

fn main() {
    divan::main();
}

const SAMPLE_YAML: &str = "AWSTemplateFormatVersion: '2010-09-09'\nTransform: AWS::Serverless-2016-10-31\n# A sample\n\
    Resources:\n  Function:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: app.handler\n      \
    Runtime: python3.12\n      Policies:\n      - DynamoDBReadPolicy:\n          TableName: !Ref Table\n      \
    Environment: {Variables: {NAME: !Sub \"${AWS::StackName}-x\"}}\n  Table:\n    Type: AWS::DynamoDB::Table\n";

const SAMPLE_JSON: &str = "{\n  \"Resources\": {\n    \"Topic\": {\n      \"Type\": \"AWS::SNS::Topic\",\n      \
    \"Properties\": {\"TopicName\": {\"Fn::Sub\": \"${AWS::StackName}-x\"}, \"FifoTopic\": false, \"N\": [1, 2.5]}\n    }\n  }\n}\n";

const SAMPLE_HCL: &str = "# A sample\nresource \"aws_lambda_function\" \"orders\" {\n  for_each = toset([\"a\", \"b\"])\n  \
    function_name = \"${var.name}-${each.key}\"\n  memory_size = var.large ? 1024 : 128\n\n  environment {\n    variables = \
    { TABLE = aws_dynamodb_table.orders.name }\n  }\n}\n\nlocals {\n  script = <<-EOT\n    echo ${var.name}\n  EOT\n}\n";

/// The texts that `reads` accepts, so that all parsers do the whole work.
fn texts(from: &str, endings: &[&str], sample: &str, reads: fn(&str) -> bool) -> Vec<String> {
    let Some(folder) = std::env::var_os(from) else {
        return vec![sample.to_owned()];
    };
    let files = walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter();
    let files = files
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path);
    let wanted = files.filter(|path| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        ending.is_some_and(|ending| endings.contains(&ending))
    });
    let texts = wanted.filter_map(|path| std::fs::read_to_string(path).ok());
    texts.filter(|text| reads(text)).collect()
}

static YAML: LazyLock<Vec<String>> = LazyLock::new(|| {
    let reads =
        |text: &str| sfl::syntax::yaml(text).is_ok() && oracle::count(text.as_bytes()).is_ok();
    texts("SFL_CORPUS", &["yaml", "yml"], SAMPLE_YAML, reads)
});

static JSON: LazyLock<Vec<String>> = LazyLock::new(|| {
    let reads = |text: &str| {
        sfl::syntax::json(text).is_ok() && serde_json::from_str::<serde_json::Value>(text).is_ok()
    };
    texts("SFL_CORPUS", &["json"], SAMPLE_JSON, reads)
});

static HCL: LazyLock<Vec<String>> = LazyLock::new(|| {
    let reads = |text: &str| sfl::syntax::hcl(text).errors.is_empty() && is_body(text);
    texts("SFL_TERRAFORM", &["tf", "tofu"], SAMPLE_HCL, reads)
});

fn is_body(text: &str) -> bool {
    text.parse::<hcl_edit::structure::Body>().is_ok()
}

fn over(bencher: Bencher<'_, '_>, texts: &'static [String], parse: impl Fn(&str) + Sync) {
    let bytes: usize = texts.iter().map(String::len).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        for text in texts {
            parse(text);
        }
    });
}

#[divan::bench]
fn yaml_tree(bencher: Bencher<'_, '_>) {
    over(bencher, &YAML, |text| {
        drop(black_box(sfl::syntax::yaml(text)));
    });
}

/// With a quote that is never closed at the end, so that both passes go through the whole text.
#[divan::bench]
fn yaml_broken(bencher: Bencher<'_, '_>) {
    static BROKEN: LazyLock<Vec<String>> = LazyLock::new(|| {
        YAML.iter()
            .map(|text| format!("{text}\nEnd: \"x\n"))
            .collect()
    });
    over(bencher, &BROKEN, |text| {
        drop(black_box(sfl::syntax::read_yaml(text)));
    });
}

/// With every scalar's value as well, which is what the events of libyaml hold.
#[divan::bench]
fn yaml_tree_and_values(bencher: Bencher<'_, '_>) {
    over(bencher, &YAML, |text| {
        let document = sfl::syntax::yaml(text).expect("only texts that are read");
        for node in document.nodes() {
            black_box(node.text());
        }
    });
}

#[divan::bench]
fn yaml_libyaml_events(bencher: Bencher<'_, '_>) {
    over(bencher, &YAML, |text| {
        let _ = black_box(oracle::count(text.as_bytes()));
    });
}

#[divan::bench]
fn json_tree(bencher: Bencher<'_, '_>) {
    over(bencher, &JSON, |text| {
        drop(black_box(sfl::syntax::json(text)));
    });
}

#[divan::bench]
fn json_serde_value(bencher: Bencher<'_, '_>) {
    over(bencher, &JSON, |text| {
        drop(black_box(serde_json::from_str::<serde_json::Value>(text)));
    });
}

#[divan::bench]
fn hcl_tree(bencher: Bencher<'_, '_>) {
    over(bencher, &HCL, |text| {
        drop(black_box(sfl::syntax::hcl(text)));
    });
}

#[divan::bench]
fn hcl_edit_body(bencher: Bencher<'_, '_>) {
    over(bencher, &HCL, |text| {
        let _ = black_box(text.parse::<hcl_edit::structure::Body>());
    });
}
