//! What idling costs is said where a service bills a floor, and beside every way up that leads there.

use sfl::base::Rung;
use sfl::placement::CATALOGUE;
use sfl::rulebook::Rule;

/// Services that bill a floor, as ways up name them, and the bill that is then said beside them.
const FLOORS: [(&str, &str); 6] = [
    ("MSK Serverless", "msk-serverless"),
    ("ElastiCache Serverless", "elasticache-serverless"),
    ("Redshift Serverless", "redshift-serverless"),
    ("Kinesis on demand", "kinesis-on-demand"),
    ("Transfer Family", "transfer-family"),
    (
        "on the Standard tier, with messages",
        "service-bus-standard",
    ),
];

#[test]
fn no_way_up_leads_to_a_floor_in_silence() {
    let mut silent = Vec::new();
    let mut told = 0;
    for rule in CATALOGUE.rules() {
        for (at, case) in rule.cases.iter().enumerate() {
            for kind in &rule.types {
                let climb = rule.climb(kind, at, case.rung);
                for (_, bill) in FLOORS.iter().filter(|(name, _)| climb.up.contains(name)) {
                    if climb.bills.iter().any(|known| known.name == *bill) {
                        told += 1;
                    } else {
                        silent.push(format!("{} ({kind}): {}", rule.name, climb.up));
                    }
                }
            }
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
    assert!(told > 10, "{told}");
}

fn rule(name: &str) -> &'static Rule {
    let mut rules = CATALOGUE.rules();
    rules
        .find(|rule| rule.name == name)
        .unwrap_or_else(|| panic!("there is no rule {name}"))
}

/// The bills of the cases of a rule on a rung: `says: bill, bill`.
fn bills(name: &str, rung: Rung) -> Vec<String> {
    let rule = rule(name);
    let cases = rule.cases.iter().enumerate();
    let cases = cases.filter(|(_, case)| case.rung == rung);
    let all = cases.map(|(at, case)| {
        let climb = rule.climb(&rule.types[0], at, rung);
        let names: Vec<&str> = climb.bills.iter().map(|bill| &*bill.name).collect();
        format!("{}: {}", case.says, names.join(", "))
    });
    all.collect()
}

#[test]
fn a_service_on_the_first_rung_says_its_own_floor() {
    assert_eq!(
        bills("opensearch-collection", Rung::Serverless),
        [
            "searches with OpenSearch Serverless, in a NextGen group: ",
            "searches with OpenSearch Serverless: opensearch-classic",
        ]
    );
    for (name, bill) in [
        ("msk-serverless", "msk-serverless"),
        ("elasticache-serverless", "elasticache-serverless"),
        ("redshift-serverless", "redshift-serverless"),
        ("kinesis-stream", "kinesis-on-demand"),
        ("load-balancer", "load-balancer"),
        ("azure-service-bus", "service-bus-standard"),
        ("azure-front-door", "front-door"),
    ] {
        let said = bills(name, Rung::Serverless);
        assert!(said[0].ends_with(&format!(": {bill}")), "{name}: {said:?}");
    }
    // Their neighbours that cost nothing while nobody uses them say nothing.
    for name in ["lambda-function", "dynamodb-table", "firehose-stream"] {
        for said in bills(name, Rung::Serverless) {
            assert!(said.ends_with(": "), "{said}");
        }
    }
}

#[test]
fn every_bill_has_a_page_and_is_said_somewhere() {
    let used: Vec<&str> = CATALOGUE
        .rules()
        .flat_map(|rule| rule.bills())
        .map(|bill| &*bill.name)
        .collect();
    let mut count = 0;
    for bill in CATALOGUE.bills() {
        count += 1;
        assert!(used.contains(&&*bill.name), "{} is said nowhere", bill.name);
        assert!(bill.source.starts_with("https://"), "{}", bill.name);
        assert!(!bill.says.ends_with('.'), "{}", bill.says);
        // An amount would need its region and currency.
        assert!(!bill.says.contains(['$', '€', '{']), "{}", bill.says);
    }
    assert!(count > 5, "{count}");
}
