//! Templates made to a plan: large shared structures, chains and circles of references, choices of choices. Bytes alone get nowhere here.
#![no_main]

use std::fmt::Write as _;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use sfl_fuzz::{checked, memory, some_report};

#[derive(Arbitrary, Debug)]
enum Worth {
    Text(u8),
    Number(i16),
    Nothing,
    Parameter(u8),
    Resource(u8, u8),
    Row(u8, Box<Worth>),
    If(u8, Box<Worth>, Box<Worth>),
    Join(Vec<Worth>),
    Pick(Box<Worth>, Box<Worth>),
    Split(Box<Worth>),
    Shared(u8),
    List(Vec<Worth>),
    Map(Vec<(u8, Worth)>),
}

#[derive(Arbitrary, Debug)]
struct Block {
    kind: u8,
    condition: Option<u8>,
    properties: Vec<(u8, Worth)>,
    /// How many there are of it.
    copies: u8,
}

#[derive(Arbitrary, Debug)]
struct Estate {
    defaults: Vec<(u8, Vec<u8>)>,
    rows: Vec<Vec<u8>>,
    conditions: Vec<(Worth, Worth)>,
    shared: Vec<Worth>,
    blocks: Vec<Block>,
}

const TYPES: [&str; 14] = [
    "AWS::EC2::Instance",
    "AWS::ECS::Service",
    "AWS::ECS::Cluster",
    "AWS::ECS::CapacityProvider",
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::EC2::LaunchTemplate",
    "AWS::RDS::DBInstance",
    "AWS::RDS::DBCluster",
    "AWS::Lambda::Function",
    "AWS::Serverless::Function",
    "AWS::DynamoDB::Table",
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::EKS::Nodegroup",
    "AWS::SQS::Queue",
];
const PROPERTIES: [&str; 18] = [
    "LaunchType",
    "Cluster",
    "CapacityProviders",
    "CapacityProviderStrategy",
    "Engine",
    "EngineMode",
    "DBInstanceClass",
    "DBClusterIdentifier",
    "ServerlessV2ScalingConfiguration",
    "BillingMode",
    "InstanceType",
    "LaunchTemplate",
    "UserData",
    "ImageId",
    "ResourceId",
    "ServiceNamespace",
    "DependsOn",
    "MinCapacity",
];
const TEXTS: [&str; 14] = [
    "EC2",
    "FARGATE",
    "PAY_PER_REQUEST",
    "PROVISIONED",
    "serverless",
    "aurora-mysql",
    "db.serverless",
    "t3.micro",
    "true",
    "0",
    "${P1}",
    "table/${R1}",
    "FARGATE_SPOT",
    "",
];

fn text(at: u8) -> &'static str {
    TEXTS[usize::from(at) % TEXTS.len()]
}

fn write(worth: &Worth, depth: u32, out: &mut String) {
    let part = |worth: &Worth, out: &mut String| match depth {
        0..12 => write(worth, depth + 1, out),
        _ => out.push_str("EC2"),
    };
    let list = |all: &[&Worth], out: &mut String| {
        out.push('[');
        for one in all {
            part(one, out);
            out.push_str(", ");
        }
        out.push(']');
    };
    match worth {
        Worth::Text(at) => out.push_str(&format!("\"{}\"", text(*at))),
        Worth::Number(number) => out.push_str(&number.to_string()),
        Worth::Nothing => out.push_str("{Ref: AWS::NoValue}"),
        Worth::Parameter(at) => out.push_str(&format!("{{Ref: P{at}}}")),
        Worth::Resource(at, attribute) => out.push_str(&format!(
            "{{Fn::GetAtt: [R{at}, {}]}}",
            if attribute % 2 == 0 { "Arn" } else { "Name" }
        )),
        Worth::Row(at, key) => {
            out.push_str(&format!("{{Fn::FindInMap: [M, k{at}, "));
            part(key, out);
            out.push_str("]}");
        }
        Worth::If(condition, yes, no) => {
            out.push_str(&format!("{{Fn::If: [C{condition}, "));
            part(yes, out);
            out.push_str(", ");
            part(no, out);
            out.push_str("]}");
        }
        Worth::Join(parts) => {
            out.push_str("{Fn::Join: [\"/\", ");
            list(&parts.iter().collect::<Vec<_>>(), out);
            out.push_str("]}");
        }
        Worth::Pick(at, from) => {
            out.push_str("{Fn::Select: ");
            list(&[at, from], out);
            out.push('}');
        }
        Worth::Split(of) => {
            out.push_str("{Fn::Split: [\",\", ");
            part(of, out);
            out.push_str("]}");
        }
        Worth::Shared(at) => out.push_str(&format!("*s{at} ")),
        Worth::List(all) => list(&all.iter().collect::<Vec<_>>(), out),
        Worth::Map(all) => {
            out.push('{');
            for (key, value) in all {
                out.push_str(&format!(
                    "{}: ",
                    PROPERTIES[usize::from(*key) % PROPERTIES.len()]
                ));
                part(value, out);
                out.push_str(", ");
            }
            out.push('}');
        }
    }
}

fn template(estate: &Estate) -> String {
    let mut out = String::new();
    for (at, shared) in estate.shared.iter().enumerate() {
        let _ = write!(out, "X{at}: &s{at} ");
        write(shared, 0, &mut out);
        out.push('\n');
    }
    out.push_str("Parameters:\n");
    for (at, (default, allowed)) in estate.defaults.iter().enumerate() {
        let allowed: Vec<String> = allowed
            .iter()
            .map(|one| format!("\"{}\"", text(*one)))
            .collect();
        let _ = writeln!(
            out,
            "  P{at}: {{Type: String, Default: \"{}\", AllowedValues: [{}]}}",
            text(*default),
            allowed.join(", ")
        );
    }
    out.push_str("Mappings:\n  M:\n");
    for (at, row) in estate.rows.iter().enumerate() {
        let row: Vec<String> = row
            .iter()
            .enumerate()
            .map(|(key, value)| format!("k{key}: \"{}\"", text(*value)))
            .collect();
        let _ = writeln!(out, "    k{at}: {{{}}}", row.join(", "));
    }
    out.push_str("Conditions:\n");
    for (at, (left, right)) in estate.conditions.iter().enumerate() {
        let _ = write!(out, "  C{at}: {{Fn::Equals: [");
        write(left, 0, &mut out);
        out.push_str(", ");
        write(right, 0, &mut out);
        out.push_str("]}\n");
    }
    out.push_str("Resources:\n");
    let mut at = 0;
    for block in &estate.blocks {
        for _ in 0..=block.copies % 8 {
            let _ = writeln!(
                out,
                "  R{at}:\n    Type: {}",
                TYPES[usize::from(block.kind) % TYPES.len()]
            );
            if let Some(condition) = block.condition {
                let _ = writeln!(out, "    Condition: C{condition}");
            }
            out.push_str("    Properties:\n");
            for (key, value) in &block.properties {
                let _ = write!(
                    out,
                    "      {}: ",
                    PROPERTIES[usize::from(*key) % PROPERTIES.len()]
                );
                write(value, 0, &mut out);
                out.push('\n');
            }
            at += 1;
        }
    }
    out
}

fuzz_target!(|estate: Estate| {
    let template = template(&estate);
    let chosen = template.len();
    some_report(checked(memory().with("stack.yaml", template)), chosen);
});
