use super::*;

fn owners(text: &str, syntax: Flavour, path: &str) -> (Vec<String>, Option<u32>) {
    let file = Codeowners::read("CODEOWNERS", text.to_owned(), syntax).expect("it is read");
    let found = file.of(path).expect("it is answered");
    let line = found.as_ref().map(|found| found.line);
    let owners = found.map(|found| found.owners).unwrap_or_default();
    (owners.iter().map(ToString::to_string).collect(), line)
}

#[test]
fn the_last_line_wins_and_may_name_nobody() {
    let text = "* @all\n*.tf @tf\n/infra/ @infra @more\n/infra/free/\n";
    for (path, expected, line) in [
        ("a.yaml", &["@all"][..], Some(1)),
        ("x/main.tf", &["@tf"], Some(2)),
        ("infra/main.tf", &["@infra", "@more"], Some(3)),
        ("infra/free/main.tf", &[], None),
    ] {
        let (found, at) = owners(text, Flavour::GitHub, path);
        assert_eq!(
            (&found[..], at),
            (
                &expected
                    .iter()
                    .map(|owner| (*owner).to_owned())
                    .collect::<Vec<_>>()[..],
                line
            ),
            "{path}"
        );
    }
}

#[test]
fn each_section_has_its_say() {
    let text = "* @admin\n[Data][2] @data\ndb/\n*.sql @sql\n^[Ops]\n*.tf @ops\n!*.gen.tf\n/a.gen.tf @late\n[DATA]\n/db/secret/ @vault\n";
    for (path, expected) in [
        ("a.txt", &["@admin"][..]),
        ("db/a.txt", &["@admin", "@data"]),
        ("db/a.sql", &["@admin", "@sql"]),
        ("db/secret/a.sql", &["@admin", "@vault"]),
        ("a.tf", &["@admin", "@ops"]),
        // What is taken out of a section does not come back, whatever is said later.
        ("a.gen.tf", &["@admin"]),
    ] {
        assert_eq!(owners(text, Flavour::GitLab, path).0, expected, "{path}");
    }
}

#[test]
fn what_is_wrong_is_said_where_it_stands() {
    let mut text = "* @all\n!a @me\nb nobody\n".to_owned();
    let read = |text: &str| {
        Codeowners::read("CODEOWNERS", text.to_owned(), Flavour::GitHub).expect("it is read")
    };
    let file = read(&text);
    let lines = file.findings.iter().map(|one| one.positions().0.line);
    assert_eq!(lines.collect::<Vec<_>>(), [2, 3]);
    for _ in 0..20 {
        text.push_str("[x]y @me\n");
    }
    let file = read(&text);
    assert_eq!(file.findings.len(), MOST_TOLD);
    assert!(file.findings[9].message.ends_with("12 more lines below"));
}

#[test]
fn too_much_is_refused_as_a_whole() {
    let text = "a @b\n".repeat(MOST_LINES + 1);
    let refused = Codeowners::read("CODEOWNERS", text, Flavour::GitHub);
    assert!(refused.is_err_and(|finding| finding.message.contains("patterns")));
    let text = "*a*b*c*d* @b\n*e* @f\n".to_owned();
    let file = Codeowners::read("CODEOWNERS", text, Flavour::GitHub).expect("it is read");
    file.effort.set(EFFORT - 7);
    let asked = (0..10).map(|at| file.of(&format!("x{at}/main.tf")));
    assert_eq!(asked.take_while(Result::is_ok).count(), 2);
    assert!(
        file.of("main.tf")
            .is_err_and(|finding| finding.message.contains("so many files"))
    );
}
