//! Maps of whole stacks, each drawn by hand first: who comes in, how far each thing is from them, its column, whether it moves, and
//! what needs what. `tests/shapes` holds a folder for each kind of stack, and beside its templates `facts.txt`: all of a map, nothing left
//! out. `~>` is a weak line.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::folder::{err, folder, out, run};
use crate::tools::{corpus, missing, terraform_files};

fn shapes() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shapes")
}

fn drawn(here: &Path, arguments: &[&str]) -> Value {
    let mut all = vec!["map", "--isolated", "--format", "json"];
    all.extend(arguments);
    let output = run(here, &all);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    serde_json::from_str(&out(&output)).expect("it is JSON")
}

fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value[key].as_array().into_iter().flatten()
}

fn word<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

const fn column(evolution: f64) -> &'static str {
    if evolution < 0.4 {
        "custom-built"
    } else if evolution < 0.7 {
        "product"
    } else {
        "commodity"
    }
}

/// All of a map, a fact a line.
fn facts(map: &Value) -> Vec<String> {
    let texts = |value: &Value, key: &str| -> Vec<String> {
        let texts = list(value, key).filter_map(Value::as_str);
        texts.map(str::to_owned).collect()
    };
    let mut facts = Vec::new();
    for anchor in list(map, "anchors") {
        facts.push(format!(
            "{}: {}",
            word(anchor, "name"),
            texts(anchor, "to").join(", ")
        ));
    }
    for component in list(map, "components") {
        for part in list(component, "parts") {
            let evolution = part["evolution"].as_f64().expect("a number");
            let mut said = vec![
                word(component, "ladder").to_owned(),
                column(evolution).to_owned(),
            ];
            let mut signs = texts(part, "signs");
            signs.retain(|sign| sign.starts_with("own-") || sign.starts_with("pinned-"));
            if !signs.is_empty() {
                said.push(signs.join(" "));
            }
            if part["open"] != 0 {
                said.push("open".to_owned());
            }
            if part["explained"] != 0 {
                said.push("explained".to_owned());
            }
            if let Some(to) = part["movement"]["evolution"].as_f64() {
                assert!(to > evolution, "every arrow points to the right: {part:#}");
                let rungs = ["", "serverless", "capacity", "cluster", "server"];
                let rung = part["movement"]["rung"].as_u64().unwrap_or(0);
                said.push(format!(
                    "up to {}",
                    rungs[usize::try_from(rung).unwrap_or(0)]
                ));
            }
            facts.push(format!(
                "{} {}: {}",
                component["depth"],
                word(component, "name"),
                said.join(", ")
            ));
        }
    }
    for line in list(map, "lines") {
        let kind = if line["strength"] == "weak" {
            "~>"
        } else {
            "->"
        };
        facts.push(format!(
            "{} {kind} {}",
            word(line, "from"),
            word(line, "to")
        ));
    }
    facts
}

#[track_caller]
fn is_as_drawn(shape: &str, arguments: &[&str]) {
    let here = shapes().join(shape);
    let wanted = fs::read_to_string(here.join("facts.txt")).expect("it was drawn by hand");
    let wanted: Vec<&str> = wanted.lines().collect();
    let facts = facts(&drawn(&here, arguments));
    let missing: Vec<&&str> = wanted
        .iter()
        .filter(|one| !facts.iter().any(|fact| fact == **one))
        .collect();
    let more: Vec<&String> = facts
        .iter()
        .filter(|one| !wanted.contains(&one.as_str()))
        .collect();
    assert!(
        missing.is_empty() && more.is_empty(),
        "{shape}\nmissing: {missing:#?}\nnot drawn by hand: {more:#?}"
    );
    assert_eq!(
        facts.len(),
        wanted.len(),
        "{shape}: a fact stands there twice"
    );
}

#[test]
fn a_serverless_api() {
    is_as_drawn("serverless-api", &["."]);
}

#[test]
fn an_event_pipeline() {
    is_as_drawn("event-pipeline", &["."]);
}

#[test]
fn services_on_a_cluster_of_another_stack() {
    is_as_drawn("ecs-service", &["."]);
}

#[test]
fn a_platform_on_kubernetes() {
    is_as_drawn("eks-platform", &["."]);
}

#[test]
fn three_tiers_of_machines_that_are_told_what_they_need_when_they_start() {
    is_as_drawn("three-tier", &["."]);
}

#[test]
fn a_data_platform() {
    is_as_drawn("data-platform", &["."]);
}

#[test]
fn an_app_of_the_cdk_with_a_nested_stack() {
    is_as_drawn("cdk-app", &["cdk.out"]);
}

#[test]
fn modules_that_are_called_more_than_once() {
    is_as_drawn("terraform-modules", &["."]);
}

#[test]
fn a_workflow_that_calls_functions_by_their_names() {
    is_as_drawn("workflow", &["."]);
}

#[test]
fn a_plan() {
    is_as_drawn("plan", &["plan.json"]);
}

/// Three hundred templates of four kinds, of which nobody can read one by one.
#[test]
fn an_estate() {
    let kinds = [
        (
            "api",
            "  Api: { Type: AWS::Serverless::HttpApi }\n  Do:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: a.b\n      Runtime: python3.13\n      Environment: { Variables: { TABLE: !Ref Items } }\n      Events: { All: { Type: HttpApi, Properties: { ApiId: !Ref Api } } }\n  Items: { Type: AWS::DynamoDB::Table, Properties: { BillingMode: PAY_PER_REQUEST } }\n",
        ),
        (
            "web",
            "  Front: { Type: AWS::ElasticLoadBalancing::LoadBalancer, Properties: { Instances: [!Ref Web] } }\n  Web: { Type: AWS::EC2::Instance, Properties: { ImageId: ami-1, KeyName: us } }\n",
        ),
        (
            "job",
            "  Nightly: { Type: AWS::Events::Rule, Properties: { ScheduleExpression: rate(1 day), Targets: [{ Id: a, Arn: !GetAtt Report.Arn }] } }\n  Report: { Type: AWS::Lambda::Function, Properties: { Role: x, Code: {}, Environment: { Variables: { DB: !GetAtt Db.Endpoint.Address } } } }\n  Db: { Type: AWS::RDS::DBInstance, Properties: { Engine: postgres, EngineVersion: \"16.6\" } }\n",
        ),
        ("log", "  Logs: { Type: AWS::S3::Bucket }\n"),
    ];
    let files: Vec<(String, String)> = (0..300)
        .map(|number| {
            let (kind, body) = kinds[number % kinds.len()];
            let head = "Transform: AWS::Serverless-2016-10-31\nResources:\n";
            (
                format!("team{:02}/{kind}{number}.yaml", number % 60),
                format!("{head}{body}"),
            )
        })
        .collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (&**name, &**text))
        .collect();
    let here = folder(&files);
    let map = drawn(here.path(), &["."]);
    assert_eq!(map["grouping"], "ladder");
    let wanted = [
        "Users: ingress",
        "Schedule: compute",
        "1 compute: compute, custom-built, own-image own-access, open, up to capacity",
        "1 compute: compute, commodity",
        "1 ingress: ingress, commodity",
        "1 storage: storage, commodity",
        "2 nosql: nosql, commodity",
        "2 relational: relational, product, pinned-version, open, up to capacity",
        "compute -> nosql",
        "compute -> relational",
        "ingress -> compute",
    ];
    assert_eq!(facts(&map), wanted);
    let counted: BTreeMap<(&str, u64), usize> = list(&map, "components")
        .flat_map(|component| {
            list(component, "parts").map(move |part| {
                let key = (word(component, "name"), part["rung"].as_u64().unwrap_or(0));
                (key, list(part, "decisions").count())
            })
        })
        .collect();
    let counted: Vec<((&str, u64), usize)> = counted.into_iter().collect();
    assert_eq!(
        counted,
        [
            (("compute", 1), 150),
            (("compute", 4), 75),
            (("ingress", 1), 150),
            (("nosql", 1), 75),
            (("relational", 3), 75),
            (("storage", 1), 75),
        ]
    );
}

/// Facts of real stacks, drawn by hand before the program drew them: a folder, what to draw in it, and facts that must be there.
const REAL: [(&str, &str, &[&str]); 8] = [
    (
        "aws-cloudformation-templates/Solutions/WebApp",
        "webapp.yaml",
        &[
            "Users: CognitoUserPool, RestApi, SiteDistribution",
            "2 TestResourceHandler: compute, commodity",
            "3 TestTable: nosql, commodity",
            "RestApi -> CognitoUserPool",
            "RestApi -> TestResourceHandler",
            "SiteDistribution -> SiteContentBucket",
            "TestResourceHandler -> TestTable",
        ],
    ),
    (
        "serverless-patterns/apigw-lambda-dynamodb-kinesis-lambda",
        "template.yaml",
        &[
            "Users: LambdaProducerFunction",
            "2 DynamoDBTable: nosql, commodity, open, up to serverless",
            "3 KinesisStream: streaming, commodity, open, up to serverless",
            "4 LambdaConsumerFunction: compute, commodity",
            "LambdaProducerFunction ~> DynamoDBTable",
            "DynamoDBTable -> KinesisStream",
            "KinesisStream -> LambdaConsumerFunction",
        ],
    ),
    (
        "serverless-patterns/kds-kdf-opensearch",
        "template.yaml",
        &[
            "Other systems: MyKDS",
            "1 MyKDS: streaming, commodity, open, up to serverless",
            "2 MyKDF: streaming, commodity",
            "3 MyOpenSearchCollection: search, commodity",
            "MyKDS -> MyKDF",
            "MyKDF -> MyOpenSearchCollection",
        ],
    ),
    (
        "serverless-patterns/apigw-vpclink-alb-ecs",
        "template.yaml",
        &[
            "Users: ProductsRestAPI",
            "2 ApplicationLoadBalancer: ingress, commodity",
            "3 ECSService: compute, commodity, open, up to serverless",
            "ProductsRestAPI -> ApplicationLoadBalancer",
            "ApplicationLoadBalancer -> ECSService",
        ],
    ),
    (
        "aws-cloudformation-templates/EKS",
        "template.yaml",
        &["1 ControlPlane: compute, product, pinned-version, open, up to capacity"],
    ),
    (
        "cfn-lint/test/fixtures/templates/quickstart",
        "nist_application.yaml",
        &[
            "Users: rELBWeb",
            "2 rAutoScalingGroupWeb: compute, custom-built, own-image own-scripts own-access, open, up to capacity",
            "3 rELBApp: ingress, commodity",
            "4 rAutoScalingGroupApp: compute, custom-built, own-image own-scripts own-access, open, up to capacity",
            "5 rRDSInstanceMySQL: relational, product, open, up to capacity",
            "rELBWeb -> rAutoScalingGroupWeb",
            "rAutoScalingGroupWeb ~> rELBApp",
            "rELBApp -> rAutoScalingGroupApp",
            "rAutoScalingGroupApp ~> rRDSInstanceMySQL",
        ],
    ),
    (
        "aws-cloudformation-templates/DMS",
        "DMSAuroraToS3FullLoadAndOngoingReplication.yaml",
        &[
            "1 AuroraCluster: relational, product, open, up to capacity",
            "2 DMSReplicationInstance: data-movement, product, open, up to capacity",
            "3 S3Bucket: storage, commodity",
            "AuroraCluster -> DMSReplicationInstance",
            "DMSReplicationInstance -> S3Bucket",
        ],
    ),
    (
        "aws-cdk-examples/java/eks/fargate-cluster",
        ".",
        &[
            "1 EksFargateStack/EksFargateCluster: compute, product, pinned-version, open, up to capacity",
        ],
    ),
];

#[test]
fn real_stacks() {
    if missing!(CORPUS) {
        return;
    }
    let corpus = corpus();
    for (stack, what, wanted) in REAL {
        let facts = facts(&drawn(&corpus.join(stack), &[what]));
        for fact in wanted {
            assert!(
                facts.iter().any(|one| one == fact),
                "{stack}/{what}: {fact} is missing\n{facts:#?}"
            );
        }
    }
}

#[test]
fn real_modules() {
    if missing!(TERRAFORM_FILES) {
        return;
    }
    let here = terraform_files().join("github-runner");
    let facts = facts(&drawn(&here, &["examples/default"]));
    let webhook = "module.runners.module.webhook.aws_apigatewayv2_api.webhook";
    let direct = "module.runners.module.webhook.module.direct[0].aws_lambda_function.webhook";
    let builds = "module.runners.aws_sqs_queue.queued_builds";
    let scale_up = "module.runners.module.runners.aws_lambda_function.scale_up";
    let runner = "module.runners.module.runners.aws_launch_template.runner";
    for wanted in [
        format!("Users: {webhook}"),
        format!("5 {runner}: compute, custom-built, own-image own-scripts, open, up to capacity"),
        format!("{webhook} -> {direct}"),
        format!("{direct} -> {builds}"),
        format!("{builds} -> {scale_up}"),
        format!("{scale_up} -> {runner}"),
    ] {
        assert!(facts.contains(&wanted), "{wanted} is missing\n{facts:#?}");
    }
    let back = format!("{scale_up} ~> {builds}");
    assert!(!facts.contains(&back), "leave to read is no need");
}
