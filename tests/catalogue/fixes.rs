//! What the rules offer as exact changes, held against their own examples: each fix is made and judged again, none replaces, and each
//! stands in an example in which it is offered.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use sfl::base::{FixOffer, PathStep, Safety};
use sfl::placement::CATALOGUE;
use sfl::workspace::examples;
use sfl::{Analysis, Entry, Host, HostError, Memory, Opened, Options, PathTarget, fix};

use crate::replaces::{Change, change};

/// What a template comes to, with every fix that is offered for it, and its name in memory.
pub fn proposed(text: &str) -> (Analysis, &'static str) {
    let name = match text.trim_start().starts_with('{') {
        true if text.contains("\"resource\"") || text.contains("\"module\"") => "main.tf.json",
        true => "template.json",
        false if text.contains("Resources:") => "template.yaml",
        false => "main.tf",
    };
    let options = in_memory(name, text);
    let mut analysis = sfl::check(&options, &|_, _| {});
    fix::propose(&mut analysis, &options);
    (analysis, name)
}

fn in_memory(name: &str, text: &str) -> Options {
    let memory = Memory::new(jiff::civil::date(2026, 11, 30)).with(name, text);
    Options {
        paths: vec![PathBuf::from(".")],
        ..Options::on(Arc::new(memory))
    }
}

#[test]
fn each_fix_of_an_example_is_made_and_judged_again() {
    let mut offered: BTreeMap<(String, usize), BTreeSet<Safety>> = BTreeMap::new();
    let mut made = 0;
    for example in examples::built_in() {
        let text = &*example.template;
        let (analysis, name) = proposed(text);
        for decision in &analysis.decisions {
            let Some(fix) = decision.fix.as_ref().and_then(FixOffer::offered) else {
                continue;
            };
            made += 1;
            offered
                .entry((decision.rule.name.to_string(), decision.case))
                .or_default()
                .insert(fix.safety);
            let after = fix::applied(name, text, std::iter::once(fix));
            assert_ne!(after, text);
            let again = sfl::check(&in_memory(name, &after), &|_, _| {});
            assert!(again.is_whole(), "{after}");
            assert_eq!(again.decisions.len(), analysis.decisions.len(), "{after}");
            for (old, new) in analysis.decisions.iter().zip(&again.decisions) {
                assert_eq!(old.address, new.address, "{after}");
                let is_with =
                    matches!(&old.fix, Some(FixOffer::With(first)) if **first == *decision.address);
                match is_with || old.address == decision.address {
                    true => assert!(new.rung < old.rung && !new.uncertain(), "{after}"),
                    false => assert_eq!(old.rung, new.rung, "{after}"),
                }
            }
        }
    }
    assert!(made > 20, "only {made} fixes");
    // No fix that nobody has seen at work.
    for rule in CATALOGUE.rules() {
        for (number, case) in rule.cases.iter().enumerate() {
            if case.words.fix.is_some() {
                let key = (rule.name.to_string(), number);
                assert!(
                    offered.contains_key(&key),
                    "no example of {} shows the fix of case {number}: {}",
                    rule.name,
                    case.says
                );
            }
        }
    }
}

/// A path as `replaces.tsv` has it.
fn written(path: &[PathStep]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            PathStep::Key(key) if text.is_empty() => text.push_str(key),
            PathStep::Key(key) => {
                text.push('.');
                text.push_str(key);
            }
            PathStep::Each => text.push_str("[]"),
            PathStep::Values => text.push_str(".*"),
        }
    }
    text
}

#[test]
fn no_fix_replaces_anything() {
    let mut held = 0;
    for rule in CATALOGUE.rules() {
        for (number, case) in rule.cases.iter().enumerate() {
            let Some(fix) = &case.words.fix else { continue };
            for kind in &rule.types {
                let climb = rule.climb(kind, number, case.rung);
                assert_eq!(climb.fix, Some(fix));
                assert_eq!(
                    climb.step.map(|step| step.name()),
                    Some("property"),
                    "{}",
                    rule.name
                );
            }
            let names = fix.set.iter().map(|(name, _)| name).chain(&fix.remove);
            for name in names {
                let (properties, kinds) = match name.split_once('.') {
                    None => (&rule.properties, rule.types.clone()),
                    Some((join, _)) => {
                        let join = rule.joins.iter().find(|one| one.name == join);
                        let join = join.expect("the join is there");
                        let all = CATALOGUE.rules().enumerate();
                        let all = all.filter(|(at, _)| join.link.rules.contains(at));
                        (
                            &join.properties,
                            all.flat_map(|(_, rule)| rule.types.clone()).collect(),
                        )
                    }
                };
                let short = name.rsplit('.').next();
                let property = properties.iter().find(|one| short == Some(&one.name));
                let property = property.expect("the property is there");
                for kind in &kinds {
                    let paths = match kind.starts_with("AWS::") {
                        true => &property.cfn,
                        false => &property.tf,
                    };
                    for path in paths {
                        let path = written(path);
                        if let Some(change) = change(kind, &path) {
                            held += 1;
                            assert_eq!(change, Change::InPlace, "{kind} {path}");
                        }
                    }
                }
            }
        }
    }
    assert!(held > 30, "only {held} were held against the table");
}

/// The fixes of a template: the address, and how far each is to be trusted or why there is none.
pub fn told(text: &str) -> Vec<(String, String)> {
    let (analysis, _) = proposed(text);
    let decisions = analysis.decisions.iter();
    let told = decisions.filter_map(|decision| {
        let offer = match decision.fix.as_ref()? {
            FixOffer::Offered(fix) => fix.safety.name().to_owned(),
            FixOffer::With(address) => format!("with {address}"),
            FixOffer::Withheld(why) => why.clone(),
        };
        Some((decision.address.clone(), offer))
    });
    told.collect()
}

/// The text with every fix made.
pub fn fixed(text: &str) -> String {
    let (analysis, name) = proposed(text);
    let offers = analysis.decisions.iter().filter_map(|one| one.fix.as_ref());
    fix::applied(name, text, offers.filter_map(FixOffer::offered))
}

/// Each of these is a neighbour of one that is offered, and must not be.
#[test]
fn what_is_in_doubt_is_not_offered() {
    let table = |rest: &str| {
        format!(
            "Parameters:\n  Mode: {{Type: String, Default: PROVISIONED, AllowedValues: [PROVISIONED, PAY_PER_REQUEST]}}\n  Units: {{Type: Number, Default: 5}}\nConditions:\n  Busy: !Equals [!Ref 'AWS::Region', eu-west-1]\nResources:\n  T:\n    Type: AWS::DynamoDB::Table\n{rest}Outputs:\n  Busy: {{Value: !If [Busy, a, b]}}\n"
        )
    };
    let written = "    Properties:\n      BillingMode: PROVISIONED\n      ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}\n";
    assert_eq!(told(&table(written)), [("T".to_owned(), "safe".to_owned())]);
    for (rest, why) in [
        (
            "    Properties:\n      BillingMode: !Ref Mode\n      ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}\n",
            "`Mode=PAY_PER_REQUEST`",
        ),
        (
            "    Properties:\n      BillingMode: !If [Busy, PROVISIONED, PROVISIONED]\n",
            "`!If` decides its `BillingMode`",
        ),
        (
            "    Properties:\n      ProvisionedThroughput: {ReadCapacityUnits: !Ref Units, WriteCapacityUnits: 5}\n",
            "nothing else uses `Units`",
        ),
        (
            "    Properties:\n      ProvisionedThroughput: !If [Busy, {ReadCapacityUnits: 5, WriteCapacityUnits: 5}, !Ref 'AWS::NoValue']\n",
            "a condition decides its `ProvisionedThroughput`",
        ),
        (
            "    Properties:\n      ProvisionedThroughput: &five {ReadCapacityUnits: 5, WriteCapacityUnits: 5}\n      GlobalSecondaryIndexes: [{IndexName: a, ProvisionedThroughput: *five}]\n",
            "the anchor `&five`",
        ),
        (
            "    Properties:\n      <<: {ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}}\n      TableName: t\n",
            "merge key",
        ),
        (
            "    Properties:\n      GlobalSecondaryIndexes: !If [Busy, [], [{IndexName: a}]]\n",
            "`!If` decides its `GlobalSecondaryIndexes`",
        ),
        (
            "    Properties:\n      BillingMode: PROVISIONED\n  Far:\n    Type: AWS::ApplicationAutoScaling::ScalableTarget\n    Properties: {ResourceId: table/shop-T-1ABCDEF, ScalableDimension: 'dynamodb:table:ReadCapacityUnits', ServiceNamespace: dynamodb, MinCapacity: 1, MaxCapacity: 2}\n",
            "Far may scale it",
        ),
    ] {
        let told = told(&table(rest));
        let own = told.iter().find(|(address, _)| address == "T");
        assert!(
            own.is_some_and(|(_, offer)| offer.contains(why)),
            "{why}: {told:?}\n{rest}"
        );
        assert_eq!(fixed(&table(rest)), table(rest));
    }
}

/// What a macro writes nobody has seen.
#[test]
fn what_a_macro_writes_is_not_changed() {
    let text = "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      'Fn::Transform': {Name: 'AWS::Include', Parameters: {Location: s3://a/b}}\n";
    assert_eq!(fixed(text), text);
}

#[test]
fn what_terraform_decides_elsewhere_is_not_offered() {
    let of = |rest: &str| {
        format!("resource \"aws_dynamodb_table\" \"t\" {{\n  name = \"t\"\n{rest}}}\n")
    };
    let written = "  read_capacity  = 5\n  write_capacity = 5\n";
    assert_eq!(
        fixed(&of(written)),
        of("  billing_mode   = \"PAY_PER_REQUEST\"\n")
    );
    for (rest, why) in [
        (
            "  read_capacity = 5\n  dynamic \"global_secondary_index\" {\n    for_each = [\"a\"]\n    content {\n      name = global_secondary_index.value\n      read_capacity = 1\n    }\n  }\n",
            "`dynamic` block",
        ),
        (
            "  billing_mode = \"${\"PROV\"}ISIONED\"\n",
            "decides its `billing_mode`",
        ),
        (
            "  read_capacity = 5\n  lifecycle {\n    ignore_changes = [read_capacity]\n  }\n",
            "ignore_changes",
        ),
        (
            "  read_capacity = 5\n  replica {\n    region_name = \"eu-west-1\"\n  }\n",
            "its `replica` does not allow it",
        ),
        (
            "  read_capacity = var.units\n}\nvariable \"units\" {\n  default = 5\n",
            "nothing else uses `var.units`",
        ),
    ] {
        let told = told(&of(rest));
        assert!(
            told.first().is_some_and(|(_, offer)| offer.contains(why)),
            "{why}: {told:?}\n{rest}"
        );
        assert_eq!(fixed(&of(rest)), of(rest));
    }
}

/// What one block makes changes together, and only where all of it stands alike.
#[test]
fn a_block_that_makes_several_is_changed_once() {
    let of = |count: &str, written: &str| {
        format!(
            "resource \"aws_dynamodb_table\" \"t\" {{\n  {count}\n{written}  hash_key       = \"id\"\n}}\n"
        )
    };
    let written = "  read_capacity  = 5\n  write_capacity = 5\n";
    let after = "  billing_mode   = \"PAY_PER_REQUEST\"\n";
    for count in ["count = 1", "count = 3", "for_each = toset([\"a\", \"b\"])"] {
        assert_eq!(fixed(&of(count, written)), of(count, after), "{count}");
    }
    let apart = "  billing_mode = count.index == 0 ? \"PROVISIONED\" : \"PAY_PER_REQUEST\"\n";
    for (text, why) in [
        (of("count = 2", apart), "do not all stand alike"),
        // What scales one of them would be left over.
        (
            of("count = 2", written)
                + "resource \"aws_appautoscaling_target\" \"s\" {\n  resource_id        = \"table/${aws_dynamodb_table.t[1].name}\"\n  scalable_dimension = \"dynamodb:table:ReadCapacityUnits\"\n  service_namespace  = \"dynamodb\"\n  min_capacity = 1\n  max_capacity = 2\n}\n",
            "belongs to aws_dynamodb_table.t[1] alone",
        ),
    ] {
        assert_eq!(fixed(&text), text, "{why}");
        assert!(told(&text)[0].1.contains(why), "{:?}", told(&text));
    }
    let looped = |body: &str| {
        format!(
            "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Tables:\n    - Name\n    - [A, B]\n    - ${{Name}}Table:\n        Type: AWS::DynamoDB::Table\n        Properties:\n          {body}\n          TableName: !Ref Name\n"
        )
    };
    assert_eq!(
        fixed(&looped(
            "ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}"
        )),
        looped("BillingMode: PAY_PER_REQUEST")
    );
}

/// Counts how often each file is opened.
#[derive(Debug)]
struct Counted {
    under: Memory,
    opened: Mutex<BTreeMap<PathBuf, usize>>,
}

impl Host for Counted {
    fn root(&self) -> &Path {
        self.under.root()
    }
    fn look(&self, path: &Path) -> Result<PathTarget, HostError> {
        self.under.look(path)
    }
    fn list(&self, folder: &Path) -> Result<Vec<Entry>, HostError> {
        self.under.list(folder)
    }
    fn open(&self, path: &Path) -> Result<Opened, HostError> {
        let mut opened = self.opened.lock().expect("nobody panicked");
        *opened.entry(path.to_owned()).or_default() += 1;
        self.under.open(path)
    }
    fn today(&self) -> jiff::civil::Date {
        self.under.today()
    }
}

/// What no change touches is not read again, and so not judged again; what names a touched one is.
#[test]
fn only_what_a_fix_touches_is_judged_again() {
    let table = "Resources:\n  T: { Type: AWS::DynamoDB::Table, Properties: { ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 } } }\nOutputs: { T: { Value: !Ref T, Export: { Name: the-table } } }\n";
    let user = "Resources:\n  F: { Type: AWS::Lambda::Function, Properties: { Environment: { Variables: { T: !ImportValue the-table } } } }\n";
    let machine = "Resources:\n  M: { Type: AWS::EC2::Instance, Properties: { ImageId: ami-1 } }\n";
    let module = "resource \"aws_instance\" \"m\" {\n  ami = \"ami-1\"\n}\n";
    let memory = Memory::new(jiff::civil::date(2026, 11, 30))
        .with("a/table.yaml", table)
        .with("b/user.yaml", user)
        .with("c/machine.yaml", machine)
        .with("d/main.tf", module);
    let host = Arc::new(Counted {
        under: memory,
        opened: Mutex::default(),
    });
    let opened = |name: &str| {
        let opened = host.opened.lock().expect("nobody panicked");
        let all = opened.iter().filter(|(path, _)| path.ends_with(name));
        all.map(|(_, count)| count).sum::<usize>()
    };
    let options = Options {
        paths: vec![PathBuf::from(".")],
        ..Options::on(Arc::clone(&host) as Arc<dyn Host>)
    };
    let mut analysis = sfl::check(&options, &|_, _| {});
    let names = ["a/table.yaml", "b/user.yaml", "c/machine.yaml", "d/main.tf"];
    let before = names.map(opened);
    assert!(before.iter().all(|count| *count > 0), "{before:?}");
    fix::propose(&mut analysis, &options);
    let fixes = analysis.decisions.iter().filter_map(|one| one.fix.as_ref());
    assert_eq!(fixes.filter_map(FixOffer::offered).count(), 1);
    let after = names.map(opened);
    assert!(after[1] > before[1], "{before:?} {after:?}");
    assert_eq!(after[2..], before[2..]);
}

/// Only an engine version that can pause may be told to.
#[test]
fn a_cluster_pauses_only_on_a_version_that_can() {
    let of = |engine: &str, version: &str| {
        format!(
            "resource \"aws_rds_cluster\" \"c\" {{\n  engine         = \"{engine}\"\n  engine_version = \"{version}\"\n  serverlessv2_scaling_configuration {{\n    min_capacity = 0.5 # half\n    max_capacity = 4\n  }}\n}}\n"
        )
    };
    for (engine, version, can) in [
        ("aurora-postgresql", "16.3", true),
        ("aurora-postgresql", "16.10", true),
        ("aurora-postgresql", "17.4", true),
        ("aurora-postgresql", "15.7", true),
        ("aurora-postgresql", "14.12", true),
        ("aurora-postgresql", "13.15", true),
        ("aurora-mysql", "8.0.mysql_aurora.3.08.0", true),
        ("aurora-mysql", "8.0.mysql_aurora.3.10.1", true),
        ("aurora-postgresql", "16.2", false),
        ("aurora-postgresql", "16.1", false),
        ("aurora-postgresql", "15.6", false),
        ("aurora-postgresql", "14.2", false),
        ("aurora-postgresql", "14.11", false),
        ("aurora-postgresql", "13.14", false),
        ("aurora-postgresql", "16", false),
        ("aurora-mysql", "8.0.mysql_aurora.3.07.1", false),
        ("aurora-mysql", "8.0.mysql_aurora.3.01.0", false),
        ("aurora-mysql", "8.0", false),
    ] {
        let text = of(engine, version);
        let after = fixed(&text);
        let expected = match can {
            true => text.replace("0.5 #", "0 #"),
            false => text.clone(),
        };
        assert_eq!(after, expected, "{engine} {version}");
    }
}
