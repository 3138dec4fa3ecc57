//! Plans and states in the shapes that Terraform writes for the best-known registry modules, each with the decisions that a careful
//! architect would write down for it. The shapes follow the modules' sources: which blocks are `dynamic`, what goes through a local,
//! what is known only after apply.
//!
//! A sketch is a title, what there is, and what is expected. JSON is written as a plan has it.
//!
//! ```text
//! # title
//! + aws_x.y[0] {"after": 1} ? {"after_unknown": true}     created; `=` kept, `~` changed, `!` replaced, `-` deleted, `>` deferred
//! block aws_x.y name; role: var.role local.r; disk.size: var.size; for_each: var.all
//! call module.m role: aws_iam_role.r.arn                   a module's call; `call module.m.module.n` one inside of it
//! output module.m.arn: aws_x.y.arn
//! expect aws_x.y[0] compute 4 [members]
//! ```
//!
//! A resource with `*` in front stands in a state: its values, and after `<` what it depends on.

use serde_json::{Map, Value, json};
use sfl::{Options, workspace::stack};

use crate::judged;

mod sketch;
mod stored;

use sketch::Sketch;

const SKETCHES: [(&str, &str); 7] = [
    ("autoscaling.txt", include_str!("autoscaling.txt")),
    ("azure.txt", include_str!("azure.txt")),
    ("databases.txt", include_str!("databases.txt")),
    ("ecs.txt", include_str!("ecs.txt")),
    ("eks.txt", include_str!("eks.txt")),
    ("google.txt", include_str!("google.txt")),
    ("messaging.txt", include_str!("messaging.txt")),
];

fn sketches() -> impl Iterator<Item = (&'static str, Sketch<'static>)> {
    SKETCHES.into_iter().flat_map(|(file, text)| {
        let parts = text.split("\n# ").map(|part| part.trim_start_matches("# "));
        parts.map(move |part| (file, Sketch::read(part)))
    })
}

#[test]
fn every_plan_is_judged_as_it_was_by_hand() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (file, sketch) in sketches() {
        count += 1;
        let text = sketch.json().to_string();
        let judged = judged::judge_as("plan.json", &text);
        assert!(
            judged.problems.is_empty(),
            "{}: {:?}",
            sketch.title,
            judged.problems
        );
        let mut found = judged::lines(&judged);
        let mut expected = sketch.expected.clone();
        found.sort();
        expected.sort_unstable();
        if found != expected {
            let (found, expected) = (found.join("\n  "), expected.join("\n  "));
            wrong.push(format!(
                "{file}: {}\n found\n  {found}\n expected\n  {expected}\n",
                sketch.title
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 60, "only {count} plans and states");
}

#[test]
fn a_plan_says_the_same_in_an_envelope() {
    for (_, sketch) in sketches().step_by(7) {
        let plain = sketch.json();
        let decisions = |value: &Value| {
            let judged = judged::judge_as("plan.json", &value.to_string());
            judged::lines(&judged)
        };
        let expected = decisions(&plain);
        let wrapped = [
            json!({"plan": plain}),
            json!({"spacelift": {"run": {"id": "1"}}, "terraform": plain, "third_party_metadata": {}}),
            json!({"data": {"attributes": {"plan": plain}}}),
        ];
        for wrapped in wrapped {
            assert_eq!(decisions(&wrapped), expected, "{}", sketch.title);
        }
    }
}

#[test]
fn strictly_a_text_that_cannot_be_seen_joins_nothing() {
    let sketch = Sketch::read(
        r#"A jump host
        + aws_ecs_cluster.till {"name": "till"} ? {"id": true}
        + aws_instance.jump {"ami": "ami-1"} ? {"id": true, "user_data": true}
        block aws_ecs_cluster.till name
        block aws_instance.jump ami; user_data: local.script"#,
    );
    let options = Options {
        strict: true,
        ..Options::default()
    };
    let judged = stack::judge_text("plan.json", &sketch.json().to_string(), &options);
    assert_eq!(
        judged::lines(&judged),
        ["aws_instance.jump compute 4 uncertain (3 when it is a part of `aws_ecs_cluster.till`)"]
    );
    let doubts = &judged.decisions[0].doubts;
    assert_eq!(
        doubts[..],
        ["the plan does not show whether `aws_instance.jump` uses `aws_ecs_cluster.till`"]
    );
}
