//! What a release hands out, made for this machine: the crate, the wheel, the archive and its checksums.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::packaged::{MATURIN, ROOT, VERSION, done, index, kept, printed, project, python, quick};
use crate::tools::missing;
use tempfile::TempDir;

const SFL: &str = env!("CARGO_BIN_EXE_sfl");
const HOME: &str = "https://example.org/sfl";

/// `.github/release.sh` with these, in a copy of the project.
fn script(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("bash");
    command
        .arg(root.join(".github/release.sh"))
        .args(arguments)
        .env("SFL_REPOSITORY", HOME);
    command
}

/// A folder with the files that the script reads.
fn small() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for below in [".github", "rules"] {
        fs::create_dir(folder.path().join(below)).expect("it can be made");
    }
    for name in [
        ".github/release.sh",
        "Cargo.toml",
        "CHANGELOG.md",
        "README.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "rules/limits.toml",
        "rules/bills.toml",
    ] {
        fs::copy(Path::new(ROOT).join(name), folder.path().join(name)).expect("it is there");
    }
    folder
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The program is the one, and does its work: a server that nobody explained fails.
#[track_caller]
fn works(program: &Path) {
    let version = printed(Command::new(program).arg("--version"));
    assert_eq!(version, format!("sfl {VERSION}\n"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let template = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n";
    fs::write(folder.path().join("web.yaml"), template).expect("it can be written");
    let mut check = Command::new(program);
    let output = check.arg("check").current_dir(folder.path()).output();
    let output = output.expect("the program runs");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("compute/server"));
}

fn package(arguments: &[&str]) -> Output {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["package", "--allow-dirty", "--offline"]);
    done(quick(cargo.args(arguments)).current_dir(&project().0))
}

#[test]
fn the_crate_holds_what_it_needs_and_installs() {
    let listed = text(&package(&["--list"]).stdout);
    let listed: BTreeSet<&str> = listed.lines().collect();
    let here = walkdir::WalkDir::new(project().0.join("src"))
        .into_iter()
        .chain(walkdir::WalkDir::new(project().0.join("rules")));
    let mut wanted: BTreeSet<String> = here
        .flatten()
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            entry
                .path()
                .strip_prefix(&project().0)
                .expect("below it")
                .display()
                .to_string()
        })
        // Of the lists of types, the build reads the one of what replaces; only tests read the others.
        .filter(|name| !name.starts_with("rules/types/") || name == "rules/types/replaces.tsv")
        .collect();
    for name in [
        ".cargo_vcs_info.json",
        "CHANGELOG.md",
        "Cargo.lock",
        "Cargo.toml",
        "Cargo.toml.orig",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "build.rs",
        "build/actions.rs",
        "build/liability.rs",
    ] {
        wanted.insert(name.to_owned());
    }
    let wanted: BTreeSet<&str> = wanted.iter().map(String::as_str).collect();
    assert_eq!(listed, wanted);

    // Cargo says of each test and bench that it stays behind.
    let said = text(&package(&["--no-verify"]).stderr);
    let strange: Vec<&str> = said
        .lines()
        .filter(|line| line.starts_with("warning:"))
        .filter(|line| !line.ends_with("is not included in the published package"))
        .filter(|line| !line.ends_with("no documentation, homepage or repository"))
        .collect();
    assert!(strange.is_empty(), "{strange:?}");

    let folder = kept().join("crate");
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("it can be removed");
    }
    fs::create_dir_all(&folder).expect("it can be made");
    let packed = kept().join(format!("target/package/sfl-{VERSION}.crate"));
    let mut tar = Command::new("tar");
    // New times: cargo must not take what it has built for what is there.
    done(tar.args(["-xzmf"]).arg(packed).arg("-C").arg(&folder));
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["install", "--locked", "--offline", "--path"]);
    cargo.arg(folder.join(format!("sfl-{VERSION}")));
    cargo.arg("--root").arg(&folder).current_dir(&folder);
    let said = text(&done(quick(&mut cargo)).stderr);
    let strange: Vec<&str> = said
        .lines()
        .filter(|line| line.starts_with("warning:") && !line.contains("to your PATH"))
        .collect();
    assert!(strange.is_empty(), "{said}");
    works(&folder.join("bin/sfl"));
}

#[test]
fn the_wheel_installs_and_runs() {
    if missing!(PYTHON) {
        return;
    }
    let wheels = index().to_str().expect("a path in UTF-8");
    done(&mut script(&project().0, &["try", wheels]));
    let programs = python("wheel", &[]);
    let mut pip = Command::new(programs.join("python"));
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--force-reinstall",
    ]);
    done(pip.args(["--find-links", wheels, &format!("sfl=={VERSION}")]));
    works(&programs.join("sfl"));
    let about = printed(Command::new(programs.join("python")).args(["-m", "pip", "show", "sfl"]));
    assert!(
        about.contains(&format!("\nVersion: {VERSION}\n")),
        "{about}"
    );
    assert!(about.contains("\nLicense: MIT OR Apache-2.0\n"), "{about}");
}

#[test]
fn the_source_distribution_holds_what_builds_it() {
    if missing!(PYTHON) {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut maturin = Command::new(python("tools", &[MATURIN]).join("maturin"));
    maturin.args(["sdist", "--out"]).arg(folder.path());
    done(quick(&mut maturin).current_dir(&project().0));
    let mut tar = Command::new("tar");
    tar.arg("-xzf")
        .arg(folder.path().join(format!("sfl-{VERSION}.tar.gz")));
    done(tar.arg("-C").arg(folder.path()));
    let inside = folder.path().join(format!("sfl-{VERSION}"));
    for name in [
        "Cargo.lock",
        "build.rs",
        "pyproject.toml",
        "rules/aws/compute/ecs.toml",
        "src/main.rs",
    ] {
        assert!(inside.join(name).is_file(), "{name}");
    }
    let mut cargo = Command::new(env!("CARGO"));
    // Not `metadata`, which asks for the crates of every platform.
    cargo.args(["tree", "--locked", "--offline", "--depth", "0"]);
    done(cargo.current_dir(inside));
    let own = fs::read_to_string(format!("{ROOT}/.github/release.sh")).expect("it is there");
    assert!(own.contains(&format!("\nmaturin=\"{MATURIN}\"\n")));
}

#[test]
fn the_archive_holds_the_program_and_its_papers() {
    if missing!(PYTHON) {
        return;
    }
    let root = small();
    let into = root.path().join("archives");
    let folder = into.to_str().expect("a path in UTF-8");
    let pack = |target: &str| script(root.path(), &["archive", target, SFL, folder]);
    done(&mut pack("x86_64-unknown-linux-gnu"));
    done(&mut pack("x86_64-pc-windows-msvc"));
    done(&mut script(root.path(), &["checksums", folder]));
    let mut check = Command::new("sha256sum");
    let checked = printed(
        check
            .args(["--check", "--strict", "SHA256SUMS"])
            .current_dir(&into),
    );
    assert_eq!(checked.lines().count(), 2, "{checked}");

    let name = |target: &str| format!("sfl-{VERSION}-{target}");
    let linux = name("x86_64-unknown-linux-gnu");
    done(
        Command::new("tar")
            .arg("-xzf")
            .arg(format!("{linux}.tar.gz"))
            .current_dir(&into),
    );
    let windows = name("x86_64-pc-windows-msvc");
    let mut unzip = Command::new(python("plain", &[]).join("python"));
    unzip.args(["-m", "zipfile", "-e", &format!("{windows}.zip"), "."]);
    done(unzip.current_dir(&into));
    works(&into.join(&linux).join("sfl"));
    for platform in [&linux, &windows] {
        for paper in [
            "sfl",
            "LICENSE-MIT",
            "LICENSE-APACHE",
            "README.md",
            "CHANGELOG.md",
            "completions/sfl.bash",
            "completions/sfl.elv",
            "completions/sfl.fish",
            "completions/sfl.nu",
            "completions/_sfl.ps1",
            "completions/_sfl",
            "man/sfl.1",
        ] {
            let length = fs::metadata(into.join(platform).join(paper)).map(|file| file.len());
            assert!(length.is_ok_and(|length| length > 0), "{platform}/{paper}");
        }
    }
}

#[test]
fn the_pages_of_the_rules_are_packed() {
    let root = small();
    let into = root.path().join("archives");
    let folder = into.to_str().expect("a path in UTF-8");
    done(&mut script(root.path(), &["pages", SFL, folder]));
    done(&mut script(root.path(), &["checksums", folder]));
    let name = format!("sfl-{VERSION}-rules");
    let sums = fs::read_to_string(into.join("SHA256SUMS")).expect("it is there");
    assert!(sums.contains(&format!("{name}.tar.gz")), "{sums}");
    let mut tar = Command::new("tar");
    tar.arg("-xzf").arg(format!("{name}.tar.gz"));
    done(tar.current_dir(&into));
    for (page, _) in sfl::cli::docs::pages(sfl::cli::docs::Extent::Everything) {
        assert!(into.join(&name).join(&page).is_file(), "{page}");
    }
}

#[test]
fn checksums_are_of_every_archive() {
    let root = small();
    let folder = root.path().to_str().expect("a path in UTF-8");
    let mut sums = script(root.path(), &["checksums", folder]);
    let output = sums.output().expect("bash runs");
    assert!(text(&output.stderr).contains("there is no archive"));
    fs::write(root.path().join("sfl-1-a.tar.gz"), "a").expect("it can be written");
    fs::write(root.path().join("sfl-1-b.zip"), "b").expect("it can be written");
    done(&mut sums);
    let check = |code: i32| {
        let mut check = Command::new("sha256sum");
        check
            .args(["--check", "--strict", "SHA256SUMS"])
            .current_dir(root.path());
        let output = check.output().expect("sha256sum runs");
        assert_eq!(output.status.code(), Some(code));
        text(&output.stdout)
    };
    assert_eq!(check(0), "sfl-1-a.tar.gz: OK\nsfl-1-b.zip: OK\n");
    fs::write(root.path().join("sfl-1-b.zip"), "other").expect("it can be written");
    check(1);
}

#[test]
fn only_what_is_ready_is_released() {
    let root = small();
    let tag = format!("v{VERSION}");
    let refused = |tag: &str| {
        let output = script(root.path(), &["check", tag])
            .output()
            .expect("bash runs");
        assert_eq!(output.status.code(), Some(1));
        text(&output.stderr)
    };
    let write = |name: &str, text: &str| {
        fs::write(root.path().join(name), text).expect("it can be written");
    };
    assert!(refused("v9.9.9").contains("the tag is v9.9.9, the version in Cargo.toml is "));
    assert!(refused(VERSION).contains("the tag is "), "without its v");
    write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n- soon\n");
    assert!(refused(&tag).contains("CHANGELOG.md has no section"));
    let log = format!(
        "# Changelog\n\n## Unreleased\n- soon\n\n## {VERSION} - 2026-12-01\n\n- one\n\n- two\n\n## 0.0.9\n- old\n"
    );
    write("CHANGELOG.md", &log);
    let notes = printed(&mut script(root.path(), &["notes"]));
    assert_eq!(notes.trim_end(), "- one\n\n- two");
    let manifest = fs::read_to_string(root.path().join("Cargo.toml")).expect("it is there");
    let homeless: String = manifest
        .lines()
        .filter(|line| !line.starts_with("repository = "))
        .map(|line| format!("{line}\n"))
        .collect();
    write("Cargo.toml", &homeless);
    assert!(refused(&tag).contains("names no repository"));
    let home = format!("[package]\nrepository = \"{HOME}\"\n");
    write("Cargo.toml", &homeless.replacen("[package]\n", &home, 1));
    let limit = |name: &str, day: &str| {
        format!("[limits.{name}]\nvalue = 4\nunit = \"GB\"\nchecked = {day}\n")
    };
    let limits = limit("old", "2026-02-28") + &limit("new", "2026-03-01");
    write("rules/limits.toml", &limits);
    write(
        "rules/bills.toml",
        "[bills.idle]\nsays = \"is billed\"\nchecked = 2026-02-28\n",
    );
    let on = |day: &str| {
        let mut check = script(root.path(), &["check", &tag]);
        check.env("SFL_TODAY", day).output().expect("bash runs")
    };
    assert_eq!(on("2026-08-27").status.code(), Some(0));
    let late = on("2026-08-28");
    assert_eq!(late.status.code(), Some(1));
    let said = text(&late.stderr);
    assert!(
        said.contains("for 180 days: limits.old, bills.idle"),
        "{said}"
    );
    assert!(text(&on("2026-08-29").stderr).contains("limits.old, limits.new, bills.idle"));
}

#[test]
fn the_readme_that_leaves_has_no_link_that_leads_nowhere() {
    let root = small();
    let readme = printed(&mut script(root.path(), &["readme"]));
    let links: Vec<&str> = readme
        .split("](")
        .skip(1)
        .map(|rest| rest.split(')').next().expect("a link ends"))
        .collect();
    let own = fs::read_to_string(format!("{ROOT}/README.md")).expect("it is there");
    assert_eq!(links.len(), own.matches("](").count());
    for link in links {
        assert!(link.starts_with("https://"), "{link}");
        let Some(inside) = link.strip_prefix(HOME) else {
            continue;
        };
        let kind = if link.ends_with(".svg") {
            "raw"
        } else {
            "blob"
        };
        let file = inside.strip_prefix(&format!("/{kind}/v{VERSION}/"));
        let file = file.unwrap_or_else(|| panic!("{link}"));
        assert!(PathBuf::from(ROOT).join(file).is_file(), "{link}");
    }
    let mut homeless = script(root.path(), &["readme"]);
    let output = homeless.env_remove("SFL_REPOSITORY").output();
    assert!(!output.expect("bash runs").status.success());
}
