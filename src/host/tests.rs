use std::fs;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::{Date, date};

use super::counting::CountsOpens;
use super::door::{self, Door};
use super::walk::{Seen, WalkRoot, walk};
use super::*;
use crate::config::Config;

const DAY: Date = date(2027, 1, 31);

/// The files that a walk from the root finds, sorted, and what it could not read.
fn walked(host: &dyn Host, folder: &str) -> (Vec<String>, Vec<String>) {
    let (files, _, problems) = seen(host, folder, false);
    (files, problems)
}

/// The same, whether or not the folder was named, with what is passed over and why.
fn seen(host: &dyn Host, folder: &str, named: bool) -> (Vec<String>, Vec<String>, Vec<String>) {
    let door = Door::new(host);
    let folder = Path::new(folder);
    let found = door.named(folder).expect("it may be walked");
    let (mut files, mut passed, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    let mut take = |seen: Seen| match seen {
        Seen::File(path) => files.push(shown(host, &path)),
        Seen::Ignored(path, _, by) => passed.push(format!("{} by {by}", shown(host, &path))),
        Seen::LeftOut(path, _) => passed.push(format!("{} by default", shown(host, &path))),
        Seen::Irregular(path) => passed.push(format!("{} is irregular", shown(host, &path))),
    };
    walk(
        (host, &door),
        WalkRoot {
            folder,
            is_named: named,
            ignores_nothing: false,
        },
        &found,
        &mut problems,
        &mut take,
    );
    files.sort();
    passed.sort();
    let problems = problems.iter().map(ToString::to_string);
    (files, passed, problems.collect())
}

#[test]
fn a_named_folder_is_read_whatever_is_ignored_above_it_and_what_is_passed_over_is_said() {
    let host = in_memory(&[
        (".git/config", ""),
        (".gitignore", "\nout/*\n*.bak.json\n"),
        ("out/.gitignore", "*\nsecret.json\n"),
        ("out/a.json", ""),
        ("out/b.bak.json", ""),
        ("out/secret.json", ""),
        ("out/deep/.gitignore", "*\n"),
        ("out/deep/c.json", ""),
    ]);
    let (files, passed, _) = seen(&host, "out", true);
    assert_eq!(files, ["out/a.json", "out/b.bak.json"]);
    let expected = [
        "out/.gitignore by default",
        "out/deep/.gitignore by default",
        "out/deep/c.json by out/deep/.gitignore:1",
        "out/secret.json by out/.gitignore:2",
    ];
    assert_eq!(passed, expected);
    let (files, passed, _) = seen(&host, "out", false);
    assert_eq!(files, [""; 0]);
    assert!(passed.contains(&"out/a.json by out/.gitignore:1".to_owned()));
    let (files, passed, _) = seen(&host, "", false);
    assert_eq!(files, [""; 0]);
    assert!(
        passed.contains(&"out/a.json by out/.gitignore:1".to_owned()),
        "{passed:?}"
    );
}

#[test]
fn packages_and_copies_are_left_out_unless_they_are_named_or_brought_back() {
    let files = [
        ("node_modules/a/t.json", ""),
        ("app/cdk.out/cdk.out", ""),
        ("app/cdk.out/asset.abc/t.json", ""),
        ("app/cdk.out/assembly-prod/t.json", ""),
        ("app/cdk.out/s.json", ""),
        ("asset.mine/t.json", ""),
        ("env/pyvenv.cfg", ""),
        ("env/lib/t.json", ""),
        ("infra/vendor/t.json", ""),
        ("vendor/modules.txt", ""),
        ("vendor/t.json", ""),
    ];
    let host = in_memory(&files);
    let (found, passed, _) = seen(&host, "", false);
    let expected = [
        "app/cdk.out/assembly-prod/t.json",
        "app/cdk.out/cdk.out",
        "app/cdk.out/s.json",
        "asset.mine/t.json",
        "infra/vendor/t.json",
    ];
    assert_eq!(found, expected);
    let expected = [
        "app/cdk.out/asset.abc by default",
        "env by default",
        "node_modules by default",
        "vendor by default",
    ];
    assert_eq!(passed, expected);
    assert_eq!(
        seen(&host, "node_modules", true).0,
        ["node_modules/a/t.json"]
    );
    assert_eq!(seen(&host, "env", true).0.len(), 2);
    let asset = "app/cdk.out/asset.abc";
    assert_eq!(seen(&host, asset, true).0, ["app/cdk.out/asset.abc/t.json"]);
    let back = [&files[..], &[(".gitignore", "!node_modules\n")]].concat();
    let (found, _, _) = seen(&in_memory(&back), "", false);
    assert!(
        found.contains(&"node_modules/a/t.json".to_owned()),
        "{found:?}"
    );
}

fn in_memory(files: &[(&str, &str)]) -> Memory {
    let memory = Memory::new(DAY);
    files
        .iter()
        .fold(memory, |memory, (path, text)| memory.with(path, *text))
}

#[test]
fn the_nearest_ignore_file_decides_and_dot_ignore_before_git() {
    let host = in_memory(&[
        (".git/info/exclude", "mine.yaml\n"),
        (
            ".gitignore",
            "# none\n*.yaml\n!keep.yaml\nbuild/\n!.shown\n",
        ),
        (".ignore", "!back.yaml\n"),
        ("a.yaml", ""),
        ("keep.yaml", ""),
        ("back.yaml", ""),
        ("a.json", ""),
        ("mine.yaml", ""),
        (".hidden/a.json", ""),
        (".shown/a.json", ""),
        ("build/a.json", ""),
        ("deep/.gitignore", "!again.yaml\n/top.json\n"),
        ("deep/again.yaml", ""),
        ("deep/top.json", ""),
        ("deep/er/top.json", ""),
    ]);
    let (files, problems) = walked(&host, "");
    assert_eq!(problems, [""; 0]);
    let expected = [
        ".shown/a.json",
        "a.json",
        "back.yaml",
        "deep/again.yaml",
        "deep/er/top.json",
        "keep.yaml",
    ];
    assert_eq!(files, expected);
    let (files, _) = walked(&host, "deep");
    assert_eq!(files, ["deep/again.yaml", "deep/er/top.json"]);
}

#[test]
fn no_ignore_file_above_the_repository_counts() {
    let files = [
        (".gitignore", "*.yaml\n"),
        (".ignore", "*.yaml\n"),
        ("repo/.git/HEAD", ""),
        ("repo/infra/a.yaml", ""),
    ];
    assert_eq!(walked(&in_memory(&files), "repo").0, ["repo/infra/a.yaml"]);
    assert_eq!(
        walked(&in_memory(&files), "repo/infra").0,
        ["repo/infra/a.yaml"]
    );
}

#[test]
fn an_ignore_file_of_a_stranger_is_refused_and_hides_nothing() {
    let many: String = (0..3_000).map(|at| format!("x{at}\n")).collect();
    for (text, why) in [
        (many, "it has more than 2000 patterns"),
        ("{".repeat(500), "a pattern is too large"),
        ("a".repeat(300 << 10), "it is larger than 256 KiB"),
    ] {
        let text = format!("*.yaml\n{text}");
        let host = in_memory(&[(".gitignore", &text), ("a.yaml", "")]);
        let (files, problems) = walked(&host, "");
        assert!(problems[0].contains(why), "{problems:?}");
        assert_eq!(files, ["a.yaml"]);
    }
}

#[test]
fn an_open_text_hides_the_file_and_makes_its_folders() {
    let host = Buffers::over(Arc::new(in_memory(&[("a/b.yaml", "old"), ("c.yaml", "")])));
    host.set(Path::new("a/b.yaml"), "new");
    host.set(Path::new("d/e.yaml"), "made");
    let text = |path: &str| Door::new(&host).text(Path::new(path), 100);
    assert_eq!(text("a/b.yaml").expect("it is there"), "new");
    assert_eq!(walked(&host, "").0, ["a/b.yaml", "c.yaml", "d/e.yaml"]);
    assert!(host.remove(Path::new("a/b.yaml")) && host.remove(Path::new("d/e.yaml")));
    assert!(!host.remove(Path::new("c.yaml")), "it was never open");
    assert_eq!(text("a/b.yaml").expect("it is there"), "old");
    assert_eq!(walked(&host, "").0, ["a/b.yaml", "c.yaml"]);
    assert!(matches!(text("d/e.yaml"), Err(HostError::Missing)));
}

#[test]
fn what_is_kept_is_opened_once() {
    let memory = in_memory(&[("a.yaml", "text"), ("sfl.toml", "purpose = \"shop\"\n")]);
    let counting = Arc::new(CountsOpens::of(memory));
    let host: Arc<dyn Host> = Arc::new(ReadOnce::over(Arc::clone(&counting) as Arc<dyn Host>));
    for _ in 0..3 {
        let bytes = door::bytes(&*host, Path::new("a.yaml"), 10).expect("it is there");
        assert_eq!(bytes, b"text");
        let config = Config::find(&host, None).expect("it is sound");
        assert_eq!(config.purpose.as_deref(), Some("shop"));
    }
    let counts: Vec<usize> = counting.counts().into_values().collect();
    assert_eq!(counts, [1, 1]);
}

#[test]
fn a_ledger_must_be_toml_of_the_tree() {
    for (ledger, why) in [
        (".git/config", ".git/config: it is part of git's own folder"),
        (".GIT/config", ".GIT/config: it is part of git's own folder"),
        (
            "secrets.env",
            "secrets.env is not a TOML file: its name must end with `.toml`",
        ),
        ("folder", "folder: it is a folder"),
        ("../out.toml", "../out.toml: there is no such file"),
    ] {
        let config = format!("[justifications]\nledger = \"{ledger}\"\n");
        let host = in_memory(&[
            ("sfl.toml", &config),
            (".git/config", "token = \"s3cr3t\"\n"),
            (".GIT/config", "token = \"s3cr3t\"\n"),
            ("secrets.env", "TOKEN = \"s3cr3t\"\n"),
            ("folder/a.toml", ""),
        ]);
        let host: Arc<dyn Host> = Arc::new(host);
        let error = Config::find(&host, None).expect_err("it is refused");
        assert_eq!(error.findings[0].message, why);
    }
}

#[cfg(unix)]
mod on_disk {
    use super::*;
    use std::os::unix::fs::symlink;

    /// A folder with a repository `repo` and a file outside of it.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a place for the test");
        let at = |path: &str| folder.path().join(path);
        fs::create_dir_all(at("repo/.git")).expect("made");
        fs::create_dir_all(at("repo/in")).expect("made");
        fs::create_dir_all(at("out")).expect("made");
        fs::write(at("repo/in/a.yaml"), "text").expect("written");
        fs::write(at("repo/.git/config"), "token").expect("written");
        fs::write(at("out/a.yaml"), "text").expect("written");
        fs::write(at("out/b.toml"), "text").expect("written");
        folder
    }

    fn link(folder: &tempfile::TempDir, name: &str, target: &str) {
        symlink(target, folder.path().join("repo").join(name)).expect("linked");
    }

    #[test]
    fn a_named_path_must_not_lead_out_of_the_tree_it_stands_in() {
        let folder = folder();
        link(&folder, "fine.yaml", "in/a.yaml");
        link(&folder, "file.yaml", "../out/a.yaml");
        link(&folder, "folder", "../out");
        link(&folder, "git", ".git");
        link(&folder, "environ", "/proc/self/environ");
        let host = Disk::new(folder.path().join("repo/in"));
        let door = Door::new(&host);
        let outside = folder.path().join("out/a.yaml");
        for fine in [Path::new("a.yaml"), Path::new("../fine.yaml"), &outside] {
            door.named(fine).expect("it may be read");
        }
        for wrong in [
            "../file.yaml",
            "../folder",
            "../folder/a.yaml",
            "../environ",
        ] {
            let named = door.named(Path::new(wrong));
            assert!(
                matches!(named, Err(HostError::Outside)),
                "{wrong}: {named:?}"
            );
        }
        for git in ["../git/config", "../.git/config", "../.git"] {
            let named = door.named(Path::new(git));
            assert!(matches!(named, Err(HostError::Git)), "{git}: {named:?}");
        }
    }

    #[test]
    fn only_regular_files_are_opened() {
        let folder = folder();
        let pipe = folder.path().join("repo/pipe.yaml");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.is_ok_and(|status| status.success()), "mkfifo is POSIX");
        let host = Disk::new(folder.path().join("repo"));
        let mut wrong = vec![Path::new("pipe.yaml"), Path::new("/dev/zero")];
        if cfg!(target_os = "linux") {
            wrong.push(Path::new("/proc/self/environ"));
        }
        for wrong in wrong {
            let named = Door::new(&host).named(wrong);
            assert!(matches!(named, Err(HostError::Irregular)), "{named:?}");
        }
        assert_eq!(walked(&host, "").0, ["in/a.yaml"]);
        let large = door::bytes(&host, Path::new("in/a.yaml"), 3);
        assert!(matches!(large, Err(HostError::TooLarge(3))));
    }

    #[test]
    fn an_ignore_file_that_is_a_link_outward_is_said() {
        let folder = folder();
        link(&folder, ".gitignore", "/dev/zero");
        let host = Disk::new(folder.path().join("repo"));
        let (files, problems) = walked(&host, "");
        assert_eq!(files, ["in/a.yaml"]);
        assert_eq!(problems, [".gitignore: it leads out of the working tree"]);
    }

    #[test]
    fn a_configuration_that_is_a_link_outward_is_not_shown() {
        for target in [
            "/proc/self/environ",
            "../out/b.toml",
            "in/a.yaml",
            ".git/config",
        ] {
            let folder = folder();
            link(&folder, "sfl.toml", target);
            let host: Arc<dyn Host> = Arc::new(Disk::new(folder.path().join("repo")));
            let error = Config::find(&host, None).expect_err("it is refused");
            let finding = &error.findings[0];
            assert_eq!(finding.code, "config/unreadable", "{target}");
            assert_eq!(finding.source.text(), "", "{target}");
        }
    }
}
