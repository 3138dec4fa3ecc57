//! Where the program comes from.

use std::fs;
use std::path::Path;

use super::job::{Job, Ran};
use super::log::said;
use super::releases::{Releases, TARGET, archive, sha256};
use super::{ROOT, SERVER};
use crate::tools::{missing, on_path};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const NUMBERS: [&str; 4] = ["1", "1", "", "0"];

fn job(server: &str) -> Job {
    let job = Job::new(&[("a.yaml", SERVER)]).plain();
    job.released("shop/sfl", server)
}

/// A release with one archive and these sums.
fn release(sums: impl Fn(&str, &str) -> String) -> (Releases, String) {
    let name = format!("sfl-{VERSION}-{TARGET}.tar.gz");
    let bytes = archive(&name, true);
    let sum = sha256(&bytes);
    let sums = sums(&sum, &name).into_bytes();
    let files = [(name.as_str(), bytes), ("SHA256SUMS", sums)];
    (Releases::of(VERSION, &files), sum)
}

fn right() -> (Releases, String) {
    release(|sum, name| format!("{}  another.tar.gz\n{sum}  {name}\n", "0".repeat(64)))
}

#[track_caller]
fn ran_nothing(job: &Job, ran: &Ran) {
    assert!(!ran.log.contains("using sfl"), "{}", ran.log);
    let kept: Vec<_> = walkdir::WalkDir::new(job.at("tools"))
        .into_iter()
        .flatten()
        .filter(|entry| entry.file_type().is_file())
        .collect();
    assert!(kept.is_empty(), "{kept:?}");
}

#[test]
fn the_program_of_a_release_is_fetched_verified_and_kept() {
    if missing!(ARCHIVERS) {
        return;
    }
    let (releases, sum) = right();
    let job = job(&releases.url).with("checksum", sum.to_uppercase());
    let ran = job.run();
    assert_eq!(ran.numbers(), NUMBERS, "{}", ran.log);
    assert!(ran.log.contains(&format!("using sfl {VERSION}")));
    let on_path = Path::new(ran.path.trim_end()).join("sfl");
    assert!(on_path.is_file(), "later steps find it: {}", ran.path);
    assert_eq!(releases.asked(), 2);
    // The next job on this machine asks nobody.
    assert_eq!(job.run().numbers(), NUMBERS);
    assert_eq!(releases.asked(), 2);
    // What was kept is verified again.
    let name = format!("sfl-{VERSION}-{TARGET}.tar.gz");
    let kept = job.at(&format!("tools/sfl/shop/sfl/{VERSION}/{TARGET}/{name}"));
    fs::write(&kept, archive(&name, false)).expect("it can be written");
    job.run().refused("Install sfl", "SHA256SUMS");
}

#[test]
fn a_version_may_be_given_with_and_without_v() {
    if missing!(ARCHIVERS) {
        return;
    }
    let (releases, _) = right();
    for version in [VERSION.to_owned(), format!("v{VERSION}")] {
        let ran = job(&releases.url).with("version", version).run();
        assert_eq!(ran.numbers(), NUMBERS, "{}", ran.log);
    }
}

#[test]
fn a_wrong_sum_is_the_end() {
    if missing!(ARCHIVERS) {
        return;
    }
    let (releases, _) = release(|_, name| format!("{}  {name}\n", "0".repeat(64)));
    let one = job(&releases.url);
    let ran = one.run();
    ran.refused("Install sfl", "SHA256SUMS");
    ran_nothing(&one, &ran);

    let (releases, _) = release(|sum, _| format!("{sum}  another.tar.gz\n"));
    let one = job(&releases.url);
    let ran = one.run();
    ran.refused("Install sfl", "does not list");
    ran_nothing(&one, &ran);

    let (releases, _) = right();
    for wrong in ["0".repeat(64), "no sum".to_owned()] {
        let one = job(&releases.url).with("checksum", wrong);
        let ran = one.run();
        ran.refused("Install sfl", "`checksum`");
        ran_nothing(&one, &ran);
    }
}

#[test]
fn a_pinned_sum_counts_for_what_was_kept_too() {
    if missing!(ARCHIVERS) {
        return;
    }
    let (releases, _) = right();
    let job = job(&releases.url);
    assert_eq!(job.run().numbers(), NUMBERS);
    let job = job.with("checksum", "0".repeat(64));
    job.run().refused("Install sfl", "`checksum`");
}

#[test]
fn windows_has_a_zip_and_any_system_has_its_own_name() {
    if missing!(ARCHIVERS) {
        return;
    }
    for (system, machine, target) in [
        ("Linux", "ARM64", "aarch64-unknown-linux-musl"),
        ("macOS", "X64", "x86_64-apple-darwin"),
        ("macOS", "ARM64", "aarch64-apple-darwin"),
        ("Windows", "X64", "x86_64-pc-windows-msvc"),
    ] {
        let end = if system == "Windows" { "zip" } else { "tar.gz" };
        let name = format!("sfl-{VERSION}-{target}.{end}");
        let bytes = archive(&name, false);
        let sums = format!("{} *{name}\n", sha256(&bytes)).into_bytes();
        let releases = Releases::of(VERSION, &[(&name, bytes), ("SHA256SUMS", sums)]);
        let job = job(&releases.url).set("RUNNER_OS", system);
        let ran = job.set("RUNNER_ARCH", machine).run();
        assert_eq!(ran.numbers(), NUMBERS, "{target}: {}", ran.log);
    }
}

#[test]
fn a_release_that_is_not_there_is_said() {
    if missing!(ARCHIVERS) {
        return;
    }
    let (releases, _) = right();
    let missing = |job: Job, why: &str| job.run().refused("Install sfl", why);
    let no_release = Releases::serve([].into());
    missing(job(&no_release.url), "has no release");
    missing(job(&no_release.url), "`cargo`");
    // What is built here is not another version.
    missing(
        job(&releases.url).with("version", "7.8.9"),
        "has no release v7.8.9",
    );
    missing(
        job(&releases.url).with("version", "../../evil"),
        "`../../evil`",
    );
    missing(
        job(&releases.url).set("RUNNER_ARCH", "S390X"),
        "`Linux/S390X`",
    );
    missing(
        job(&releases.url).set("RUNNER_ARCH", "ARM64"),
        "has no sfl-",
    );
    // A server that cannot answer is not a release that does not exist.
    let shut = Releases::of(VERSION, &[("SHA256SUMS", Vec::new())]);
    missing(job(&shut.url), "answers 403");
    missing(job("http://127.0.0.1:9"), "cannot be fetched");
}

#[test]
fn a_program_that_is_there_is_taken() {
    let job = Job::new(&[("a.yaml", SERVER)]).plain();
    let ran = job.run();
    assert_eq!(ran.numbers(), NUMBERS);
    assert_eq!(ran.path, "", "it is not ours to put on the PATH");
    let job = job.set("SFL_BIN", "/no/program");
    job.run().refused("Install sfl", "/no/program");
}

#[test]
fn an_attestation_is_asked_for_by_those_who_want_it() {
    if missing!(ARCHIVERS) {
        return;
    }
    let (releases, _) = right();
    let asked = || job(&releases.url).with("attestation", "true");
    asked().run().refused("Install sfl", "`gh`");
    // A stand-in, for the true one asks the network.
    for (code, accepted) in [(0, true), (1, false)] {
        let one = asked();
        let gh = one.at("gh");
        let text = format!("#!/bin/sh\necho \"gh $* with $GH_TOKEN\"\nexit {code}\n");
        fs::write(&gh, text).expect("it can be written");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(&gh, mode).expect("it can be changed");
        one.install("gh", &gh);
        let ran = one.run();
        assert!(ran.log.contains("gh attestation verify "), "{}", ran.log);
        assert!(ran.log.contains(".tar.gz --repo shop/sfl with a-token"));
        if accepted {
            assert_eq!(ran.numbers(), NUMBERS);
        } else {
            ran.refused("Install sfl", "no attestation");
            ran_nothing(&one, &ran);
        }
    }
}

/// A small package of the same name and another version, which runs this project's program: to build that takes minutes.
fn small_source(job: &mut Job) {
    let folder = job.at("action");
    for name in ["src", ".github"] {
        fs::create_dir_all(folder.join(name)).expect("it can be made");
    }
    for name in ["action.yml", ".github/action.sh"] {
        fs::copy(Path::new(ROOT).join(name), folder.join(name)).expect("it can be copied");
    }
    let package = "name = \"sfl\"\nversion = \"7.8.9\"\n";
    let main = format!(
        "use std::process::{{Command, exit}};\nfn main() {{ exit(Command::new({:?}).args(std::env::args_os().skip(1)).status().unwrap().code().unwrap()) }}\n",
        env!("CARGO_BIN_EXE_sfl")
    );
    for (name, text) in [
        (
            "Cargo.toml",
            format!("[package]\n{package}edition = \"2024\"\n[workspace]\n"),
        ),
        (
            "Cargo.lock",
            format!("version = 4\n\n[[package]]\n{package}"),
        ),
        ("src/main.rs", main),
    ] {
        fs::write(folder.join(name), text).expect("it can be written");
    }
    job.action = folder;
    for program in ["cargo", "rustc", "cc", "ld"] {
        // The true program: one that stands for many would ask for its own folder.
        let beside = Path::new(env!("CARGO")).with_file_name(program);
        let path = if beside.is_file() {
            Some(beside)
        } else {
            on_path(program)
        };
        job.install(
            program,
            &path.expect("it is there where these tests are built"),
        );
    }
}

#[test]
fn source_is_built_where_it_lies() {
    let mut one = job("http://127.0.0.1:9").with("version", "source");
    small_source(&mut one);
    // What the checked out files say of cargo is not asked.
    one.checkout
        .write(".cargo/config.toml", "[build]\nrustc = \"./pwned\"\n");
    let ran = one.run();
    assert_eq!(ran.numbers(), NUMBERS, "{}", ran.log);
    assert_eq!(said(&ran.log, "notice"), [""; 0]);
    assert!(Path::new(ran.path.trim_end()).join("sfl").is_file());
}

#[test]
fn source_stands_in_for_a_release_that_is_not_there() {
    if missing!(ARCHIVERS) {
        return;
    }
    let releases = Releases::serve([].into());
    let mut one = job(&releases.url);
    small_source(&mut one);
    let ran = one.run();
    assert_eq!(ran.numbers(), NUMBERS, "{}", ran.log);
    let notices = said(&ran.log, "notice");
    assert!(notices[0].contains("has no release v7.8.9"), "{notices:?}");
    assert!(notices[0].contains("built from source"), "{notices:?}");
    // A folder's action has no releases.
    one.repository = "";
    let ran = one.run();
    assert_eq!(ran.numbers(), NUMBERS, "{}", ran.log);
    assert!(said(&ran.log, "notice")[0].contains("from a folder"));
    // Nothing built here can have a pinned sum.
    let one = one.with("checksum", "0".repeat(64));
    one.run().refused("Install sfl", "cannot be had");
}
