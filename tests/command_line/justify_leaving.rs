//! `sfl justify` for what its provider has ended, will end or no longer sells.

use std::fs;

use crate::folder;

const TEMPLATE: &str = "\
Resources:
  Metrics:
    Type: AWS::Timestream::Database
  Books:
    Type: AWS::QLDB::Ledger
";

#[test]
fn a_plan_to_leave_is_written_and_nothing_else() {
    let folder = folder::repository(&[("stack.yaml", TEMPLATE)]);
    let justify = |address: &str, because: &str, expires: &[&str]| {
        let reason = ["--reason", "the figures move to InfluxDB by the spring"];
        let owner = ["--owner", "figures"];
        let words = [
            &["justify", address, "--because", because][..],
            &reason,
            &owner,
            expires,
        ];
        let output = folder::run(folder.path(), &words.concat());
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), error)
    };
    let day = ["--expires", "2100-01-01"];
    let (code, error) = justify("Books", "migration", &day);
    assert_eq!(code, Some(2), "{error}");
    assert!(
        error.contains("what has ended can't be settled by a reason"),
        "{error}"
    );
    let (code, error) = justify("Metrics", "cost-at-scale", &[]);
    assert_eq!(code, Some(2), "{error}");
    assert!(
        error.contains("Metrics needs a plan to leave: --because migration"),
        "{error}"
    );
    let read = || fs::read_to_string(folder.path().join("stack.yaml")).expect("it is there");
    assert_eq!(read(), TEMPLATE);
    let (code, error) = justify("Metrics", "migration", &day);
    assert_eq!(code, Some(0), "{error}");
    assert!(read().contains("because: migration"), "{}", read());
    let check = folder::run(folder.path(), &["check", ".", "--format", "concise"]);
    let said = String::from_utf8_lossy(&check.stdout).into_owned();
    assert!(said.contains("lifecycle/ended"), "{said}");
    assert!(!said.contains("lifecycle/closed"), "{said}");
}
