//! The recorded answers against the real program, and the recording of them.

use std::fs;

use super::ask::Terraform;
use super::{Answer, Table, VERSION, rows, tables};
use crate::tools::missing;

#[test]
fn the_recorded_answers_are_those_of_terraform() {
    let records = std::env::var_os("SFL_RECORD").is_some();
    if missing!(TERRAFORM) {
        assert!(!records, "only Terraform can say what is to be recorded");
        return;
    }
    let terraform = Terraform::found();
    let tables = tables();
    let rows: Vec<_> = tables
        .iter()
        .flat_map(|table| &table.rows)
        .cloned()
        .collect();
    let answers = terraform.answers(&rows);
    if records {
        record(&tables, &answers, &terraform.version);
        return;
    }
    let heading = format!("{VERSION}{}", terraform.version);
    // Another version may word its messages otherwise.
    let is_recorded_version = tables
        .iter()
        .all(|table| table.text.lines().next() == Some(&heading));
    let mut wrong = Vec::new();
    for (row, answer) in rows.iter().zip(&answers) {
        let is_same = match (&row.answer, answer) {
            (Answer::Error(_), Answer::Error(_)) if !is_recorded_version => true,
            (recorded, answer) => recorded == answer,
        };
        if !is_same {
            let (question, recorded) = (&row.question, &row.answer);
            wrong.push(format!(
                "{}\n{question}\n  recorded {recorded}\n  answered {}",
                row.place, answer
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "Terraform {} answers {} of {} otherwise:\n{}",
        terraform.version,
        wrong.len(),
        rows.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_answer_is_json_or_an_error_and_no_question_is_asked_twice() {
    let rows = rows();
    let mut asked = std::collections::BTreeMap::new();
    for row in &rows {
        match &row.answer {
            Answer::Value(json) => {
                serde_json::from_str::<serde_json::Value>(json)
                    .unwrap_or_else(|error| panic!("{}: {error}: {json}", row.place));
            }
            Answer::Error(title) => {
                assert!(!title.is_empty(), "{}: an error without a title", row.place);
            }
            Answer::Unknown => {}
        }
        assert!(row.is_answered_by(&row.answer), "{}", row.place);
        let key = (row.kind as u8, &row.question, &row.given);
        if let Some(first) = asked.insert(key, &row.place) {
            panic!("{} asks what {first} asks", row.place);
        }
    }
}

fn record(tables: &[Table], answers: &[Answer], version: &str) {
    let mut answers = answers.iter();
    for table in tables {
        let mut lines: Vec<String> = table.text.lines().map(str::to_owned).collect();
        lines[0] = format!("{VERSION}{version}");
        for at in &table.answers {
            let answer = answers.next().expect("an answer for each row");
            lines[*at] = format!("= {}", answer);
        }
        fs::write(&table.path, lines.join("\n") + "\n").expect("the answers can be written");
    }
}
