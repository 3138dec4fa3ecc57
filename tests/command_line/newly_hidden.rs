//! A template that a change puts where nobody looks is said, by `--since` and by `[trust]` alike; what was out of sight before by settings
//! that are as they were is nobody's error.

use serde_json::Value;

use crate::repository::{Repository, change, findings};

const SERVER: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Properties:\n      ImageId: ami-1\n      InstanceType: m7g.large\n";
const QUEUE: &str = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n";
const WORKFLOW: &str = "on: push\n";

/// The ways in which both notice it.
const BOTH: [[&str; 2]; 2] = [["--since", "main"], ["--config-from", "main"]];

fn branch() -> Repository {
    let shop = Repository::new(&[
        ("a/x.yaml", QUEUE),
        ("b.yaml", QUEUE),
        (".github/w.yml", WORKFLOW),
        (".gitignore", "build/\n"),
    ]);
    shop.git(&["switch", "-q", "-c", "feature"]);
    shop
}

fn commit(shop: &Repository) {
    shop.git(&["add", "-A", "-f"]);
    shop.git(&["commit", "-q", "-m", "out of sight"]);
}

/// `severity path: message` of each that says that a template is out of sight.
fn hidden(report: &Value) -> Vec<String> {
    let all = report["findings"].as_array().expect("a list").iter();
    let all = all.filter(|one| one["code"] == "template/hidden");
    let word = |one: &Value, key: &str| one[key].as_str().unwrap_or("-").to_owned();
    all.map(|one| {
        let words = ["severity", "path", "message"].map(|key| word(one, key));
        format!("{} {}: {}", words[0], words[1], words[2])
    })
    .collect()
}

/// What is done, what is said of it, and whether the run fails.
type Case = (&'static str, fn(&Repository), &'static str, i32);

const CASES: [Case; 14] = [
    (
        "an edited ignore file and a forced add",
        |shop| {
            shop.write("n/y.yaml", SERVER);
            shop.write(".gitignore", "build/\ny.yaml\n");
        },
        "error n/y.yaml: .gitignore:2 hides this template, which the change adds: its decision is counted nowhere",
        1,
    ),
    (
        "a new ignore file",
        |shop| {
            shop.write("n/y.yaml", SERVER);
            shop.write("n/.ignore", "*\n");
        },
        "error n/y.yaml: n/.ignore:1 hides this template, which the change adds: its decision is counted nowhere",
        1,
    ),
    (
        "a line that brought it back is taken away",
        |shop| {
            shop.write(".gitignore", "*.gen.yaml\n!y.gen.yaml\n");
            shop.commit("settings");
            shop.git(&["branch", "-f", "main", "HEAD"]);
            shop.write(".gitignore", "*.gen.yaml\n");
            shop.write("y.gen.yaml", SERVER);
        },
        "error y.gen.yaml: .gitignore:1 hides this template, which the change adds: its decision is counted nowhere",
        1,
    ),
    (
        "a hidden folder that is new",
        |shop| shop.write(".hidden/y.yaml", SERVER),
        "error .hidden/y.yaml: nothing is looked for in .hidden, where this change adds a template: its decision is counted nowhere",
        1,
    ),
    (
        "packages",
        |shop| shop.write("web/node_modules/y.yaml", SERVER),
        "error web/node_modules/y.yaml: nothing is looked for in web/node_modules, where this change adds a template: its decision is counted nowhere",
        1,
    ),
    (
        "the mark of a Python environment",
        |shop| {
            shop.write("a/pyvenv.cfg", "home = x\n");
            shop.write("a/y.yaml", SERVER);
            shop.git(&["rm", "-q", "-f", "a/x.yaml"]);
        },
        "error a/y.yaml: nothing is looked for in a, where this change adds a template: its decision is counted nowhere",
        1,
    ),
    (
        "a name that no template has",
        |shop| shop.write("n/y.md", SERVER),
        "error n/y.md: this change adds a template under a name that no template has: its decision is counted nowhere",
        1,
    ),
    (
        "too large",
        |shop| shop.write("n/y.yaml", &format!("{SERVER}{}", "#\n".repeat(9 << 20))),
        "error n/y.yaml: this change adds a template that is too large to be read: what it holds is counted nowhere",
        1,
    ),
    (
        "moved to where it is not looked at, and written anew",
        |shop| {
            shop.git(&["mv", "a/x.yaml", ".github/x.yaml"]);
            shop.write(".github/x.yaml", SERVER);
        },
        "error .github/x.yaml: nothing is looked for in .github, where this change moves a template: its decision is counted nowhere",
        1,
    ),
    (
        "no template before, and hidden since",
        |shop| {
            shop.write("c.yaml", "x: 1\n");
            shop.commit("settings");
            shop.git(&["branch", "-f", "main", "HEAD"]);
            shop.write("c.yaml", SERVER);
            shop.write(".ignore", "c.yaml\n");
        },
        "error c.yaml: .ignore:1 hides this template, which the change changes: its decision is counted nowhere",
        1,
    ),
    (
        "a hidden folder that was there",
        |shop| shop.write(".github/y.yaml", SERVER),
        "error .github/y.yaml: nothing is looked for in .github, where this change adds a template: its decision is counted nowhere",
        1,
    ),
    (
        "an ignored folder that was ignored before",
        |shop| {
            shop.write("build/y.yaml", SERVER);
            shop.write("build/z.yaml", SERVER);
        },
        "note build/y.yaml: as before, .gitignore:1 hides this template, which the change adds, and 1 more: 2 decisions are counted nowhere",
        0,
    ),
    (
        "what is no template",
        |shop| {
            shop.write(".github/other.yml", WORKFLOW);
            shop.write("n/README.md", &format!("# Words\n\n```yaml\n{SERVER}```\n"));
            shop.write(".hidden/settings.json", "{}\n");
        },
        "",
        0,
    ),
    (
        "what goes out of sight and is none",
        |shop| shop.write(".ignore", "w.yml\n*.md\nn/\n"),
        "",
        0,
    ),
];

#[test]
fn a_change_hides_nothing_unseen() {
    for (name, hide, expected, code) in CASES {
        let shop = branch();
        hide(&shop);
        commit(&shop);
        for arguments in BOTH {
            let (exit, report) = shop.check(&arguments);
            let expected: Vec<&str> = Some(expected)
                .filter(|one| !one.is_empty())
                .into_iter()
                .collect();
            assert_eq!(
                (exit, hidden(&report)),
                (code, expected.iter().map(ToString::to_string).collect()),
                "{name} {arguments:?}"
            );
        }
    }
}

#[test]
fn what_git_does_not_track_is_nobodys_change() {
    let shop = branch();
    shop.write("node_modules/y.yaml", SERVER);
    shop.write("build/y.yaml", SERVER);
    shop.write(".hidden/y.yaml", SERVER);
    for arguments in BOTH {
        let (exit, report) = shop.check(&arguments);
        assert_eq!((exit, hidden(&report)), (0, Vec::new()));
    }
}

#[test]
fn what_is_moved_without_a_word_to_git_is_found() {
    let shop = branch();
    std::fs::create_dir(shop.path().join("node_modules")).expect("it can be made");
    let (from, to) = ("a/x.yaml", "node_modules/other.yaml");
    std::fs::rename(shop.path().join(from), shop.path().join(to)).expect("it can be moved");
    for arguments in BOTH {
        let (exit, report) = shop.check(&arguments);
        assert_eq!(
            (exit, hidden(&report)),
            (1, vec!["error node_modules/other.yaml: nothing is looked for in node_modules, where this change moves a template: its decision is counted nowhere".to_owned()])
        );
    }
    assert_eq!(change(&shop.check(&["--since", "main"]).1), [""; 0]);
}

#[test]
fn what_is_hidden_already_is_not_said_again() {
    let shop = branch();
    shop.write(".ignore", "a/\n");
    commit(&shop);
    // A known template, whose decisions are not compared here.
    let (exit, report) = shop.check(&["--config-from", "main"]);
    assert_eq!(
        (exit, hidden(&report)),
        (1, vec!["error a/x.yaml: .ignore:1 hides this template now: its decision is counted nowhere".to_owned()])
    );
    assert_eq!(hidden(&shop.check(&["--since", "main"]).1).len(), 1);
    shop.git(&["branch", "-f", "main", "HEAD"]);
    shop.write("c.yaml", QUEUE);
    commit(&shop);
    for arguments in BOTH {
        assert_eq!(hidden(&shop.check(&arguments).1), [""; 0]);
    }
    // Nobody asked for it, or the call itself leaves it out.
    let shop = branch();
    shop.write(".hidden/y.yaml", SERVER);
    commit(&shop);
    for arguments in [
        &["a", "--since", "main"][..],
        &["--since", "main", "--exclude", ".hidden/**"],
    ] {
        assert_eq!(shop.check(arguments).0, 0);
    }
}

#[test]
fn what_the_configuration_hides_is_said_once() {
    let shop = branch();
    shop.write("sfl.toml", "exclude = [\"n/**\"]\n");
    shop.write("n/y.yaml", SERVER);
    commit(&shop);
    let (exit, report) = shop.check(&["--since", "main"]);
    assert_eq!(
        (exit, hidden(&report)),
        (1, vec!["error n/y.yaml: sfl.toml excludes this template, which the change adds: its decision is counted nowhere".to_owned()])
    );
    // By what the base excludes, it is no news.
    shop.git(&["branch", "-f", "main", "HEAD"]);
    shop.write("n/z.yaml", SERVER);
    commit(&shop);
    let (exit, report) = shop.check(&["--since", "main"]);
    assert_eq!(exit, 0);
    assert!(
        hidden(&report)[0].starts_with("note n/z.yaml: as before, sfl.toml excludes this template"),
        "{report}"
    );
}

#[test]
fn a_folder_that_becomes_another_repository_has_not_gone() {
    let shop = branch();
    let inner = shop.path().join("a");
    let git = |arguments: &[&str]| {
        let status = crate::repository::alone("git", &inner)
            .args(arguments)
            .status();
        assert!(status.expect("git runs").success());
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "another"]);
    let said = "a/x.yaml: a is another repository now, and what it holds is not compared: its decision at main is out of sight, not gone";
    // Whether git was told of it or not.
    for step in [&["status"][..], &["rm", "-r", "-q", "--cached", "a"]] {
        shop.git(step);
        if step.len() > 1 {
            commit(&shop);
        }
        let (exit, report) = shop.check(&["--since", "main"]);
        assert_eq!((exit, hidden(&report)), (1, vec![format!("error {said}")]));
        assert_eq!(change(&report), [""; 0]);
        let (_, _, comment) = (
            0,
            0,
            shop.said(&["check", "--since", "main", "--format", "comment"])
                .1,
        );
        assert!(
            comment.contains("### sfl: 1 template is out of sight"),
            "{comment}"
        );
        assert!(
            comment.contains("a is another repository, and not compared here"),
            "{comment}"
        );
    }
    // Nor where nobody fetched it.
    std::fs::remove_dir_all(&inner).expect("it can be removed");
    std::fs::create_dir(&inner).expect("it can be made");
    let (exit, report) = shop.check(&["--since", "main"]);
    assert_eq!((exit, hidden(&report)), (1, vec![format!("error {said}")]));
}

#[cfg(unix)]
#[test]
fn a_link_to_what_is_in_sight_hides_nothing() {
    let shop = branch();
    std::fs::create_dir(shop.path().join("kept")).expect("it can be made");
    std::fs::rename(
        shop.path().join("a/x.yaml"),
        shop.path().join("kept/z.yaml"),
    )
    .expect("it can be moved");
    std::os::unix::fs::symlink("../kept/z.yaml", shop.path().join("a/x.yaml")).expect("a link");
    commit(&shop);
    let (exit, report) = shop.check(&["--since", "main"]);
    assert_eq!((exit, findings(&report)), (0, Vec::new()));
    assert!(
        change(&report).iter().all(|one| one.starts_with("moved")),
        "{report}"
    );
}

#[test]
fn the_headline_is_true() {
    let headline = |shop: &Repository, arguments: &[&str]| {
        let all = [&["check", "--format", "comment"], arguments].concat();
        let (code, out, _) = shop.said(&all);
        let line = out.lines().nth(1).unwrap_or_default().to_owned();
        let last = shop.said(&[&["check"], arguments].concat()).1;
        (code, line, last)
    };
    let shop = branch();
    shop.write(".ignore", "*.yaml\n");
    commit(&shop);
    let (code, line, screen) = headline(&shop, &["--since", "main"]);
    assert_eq!(code, 1);
    assert!(
        line.starts_with("### sfl: 2 templates are out of sight; no template was read"),
        "{line}"
    );
    assert!(
        screen.contains("\n2 templates are out of sight\n"),
        "{screen}"
    );
    let shop = branch();
    shop.write("sfl.toml", "ladders.severity = \"off\"\n");
    shop.write(".ignore", "a/\n");
    commit(&shop);
    let (code, line, screen) = headline(&shop, &["--since", "main", "--config-from", "main"]);
    assert_eq!(code, 1);
    let expected = "1 template is out of sight, 1 setting would be looser once this is merged";
    assert_eq!(line, format!("### sfl: {expected}"));
    assert!(screen.contains(expected), "{screen}");
    assert!(!screen.contains("nothing new"), "{screen}");
}

#[test]
fn what_a_module_call_reads_is_in_sight() {
    let server = "resource \"aws_instance\" \"a\" {\n  ami           = \"ami-1\"\n  instance_type = \"m7g.large\"\n}\n";
    let plumbing = "resource \"aws_vpc\" \"a\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n";
    for (folder, source) in [
        ("tf/node_modules/m", "./node_modules/m"),
        (".hid/m", "../.hid/m"),
        ("tf/mods/m", "./mods/m"),
    ] {
        let shop = branch();
        shop.write(&format!("{folder}/main.tf"), server);
        shop.write(&format!("{folder}/net.tf"), plumbing);
        shop.write(".gitignore", "build/\nmods\n");
        shop.write(
            "tf/x.tf",
            &format!("module \"n\" {{\n  source = \"{source}\"\n}}\n"),
        );
        commit(&shop);
        for arguments in [BOTH[0], BOTH[1], ["--ratchet", "main"]] {
            let (_, report) = shop.check(&arguments);
            assert_eq!(hidden(&report), [""; 0], "{folder} {arguments:?}");
            let said = findings(&report);
            let found = format!("compute/server module.n.aws_instance.a in {folder}/main.tf");
            assert!(said.contains(&found), "{said:?}");
        }
    }
}

/// Names that are no text: only some systems have them.
#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_text_hides_nothing() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let put = |shop: &Repository, name: &[u8], text: &str| {
        let path = shop.path().join(OsStr::from_bytes(name));
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        std::fs::write(path, text).expect("it can be written");
    };
    for (name, ignored, does) in [
        (&b"n/ev\xffil.yaml"[..], "*il.yaml\n", "the change adds"),
        (b"n/e\xff.md", "", "this change adds"),
        (b".hid\xff/evil.yaml", "", "this change adds"),
    ] {
        let shop = branch();
        put(&shop, name, SERVER);
        if !ignored.is_empty() {
            shop.write("n/.gitignore", ignored);
        }
        commit(&shop);
        for arguments in BOTH {
            let (exit, report) = shop.check(&arguments);
            let said = hidden(&report);
            assert_eq!(
                (exit, said.len()),
                (1, 1),
                "{name:?} {arguments:?} {report}"
            );
            assert!(
                said[0].starts_with("error ") && said[0].contains(does),
                "{said:?}"
            );
        }
    }
    // One that was judged, and is hidden under such a name.
    let shop = branch();
    let from = shop.path().join("a/x.yaml");
    let to = shop.path().join(OsStr::from_bytes(b"a/x\xffi.yaml"));
    std::fs::rename(&from, &to).expect("it can be moved");
    shop.write("a/.gitignore", "x*\n");
    commit(&shop);
    for arguments in [BOTH[0], BOTH[1], ["--ratchet", "main"]] {
        let (exit, report) = shop.check(&arguments);
        assert_eq!(
            (exit, hidden(&report).len()),
            (1, 1),
            "{arguments:?} {report}"
        );
    }
    // And one in sight is judged and compared, beside another that is called almost so.
    let shop = branch();
    put(&shop, b"n/a\xff.yaml", QUEUE);
    commit(&shop);
    shop.git(&["branch", "-f", "main", "HEAD"]);
    put(&shop, b"n/a\xff.yaml", SERVER);
    put(&shop, b"n/a\xfe.yaml", QUEUE);
    shop.write("n/.ignore", "a?.yml\n");
    let (exit, report) = shop.check(&["--since", "main"]);
    let changed = change(&report);
    assert_eq!((exit, hidden(&report)), (1, Vec::new()), "{report}");
    assert_eq!(changed.len(), 2, "{changed:?}");
    for format in ["pretty", "concise", "sarif", "junit", "comment"] {
        let (code, out, _) = shop.said(&["check", "--since", "main", "--format", format]);
        assert_eq!(code, 1, "{format}: {out}");
    }
    let (_, sarif, _) = shop.said(&["check", "--format", "sarif"]);
    assert!(sarif.contains("n/a%FF.yaml"), "{sarif}");
}
