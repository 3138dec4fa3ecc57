//! Every fix that is offered for real templates, made one at a time: the text can be read, the decision is on a better rung and nothing
//! else is different, and the readers of such files find nothing that they had not found before. Set `SFL_CORPUS` to a folder of
//! templates of CloudFormation, `SFL_TERRAFORM` to one of Terraform.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use sfl::base::FixOffer;
use sfl::placement::Decision;
use sfl::{Analysis, Buffers, Disk, Options, fix};

use crate::onlookers;
use crate::tools::{corpus, missing};
use crate::translated::TRANSLATORS;

/// A fix made: the file, and its text before and after.
struct Mended {
    path: PathBuf,
    before: String,
    after: String,
}

fn options(path: &Path) -> Options {
    Options {
        paths: vec![path.to_owned()],
        ..Options::on(Arc::new(Disk::here()))
    }
}

/// As `sfl check` would tell it: where everything stands, and what is said.
fn told(analysis: &Analysis, but: &[&str]) -> Vec<String> {
    let all = analysis.decisions.iter();
    let all = all.filter(|one| !but.contains(&one.address.as_str()));
    all.map(|one| {
        format!(
            "{} {} {:?} {:?}",
            one.path, one.address, one.rung, one.doubts
        )
    })
    .collect()
}

/// Makes each fix of what is at a path, alone.
fn mend(path: &Path, all: &mut Vec<Mended>) {
    let options = options(path);
    let mut analysis = sfl::check(&options, &|_, _| {});
    fix::propose(&mut analysis, &options);
    for decision in &analysis.decisions {
        let Some(fix) = decision.fix.as_ref().and_then(FixOffer::offered) else {
            continue;
        };
        let changed = Buffers::over(Arc::new(Disk::here()));
        for file in fix::files(std::iter::once(fix)) {
            let path = PathBuf::from(&*file);
            let before = fs::read_to_string(&path).expect("it was read before");
            let after = fix::applied(&file, &before, std::iter::once(fix));
            changed.set(&path, after.clone());
            all.push(Mended {
                path,
                before,
                after,
            });
        }
        let again = Options {
            paths: vec![path.to_owned()],
            ..Options::on(Arc::new(changed))
        };
        let again = sfl::check(&again, &|_, _| {});
        let name = format!("{}: {}", path.display(), decision.address);
        // One block may make several, as a loop does: its change is that of them all.
        let is_with = |one: &&Decision| match &one.fix {
            Some(FixOffer::With(first)) => **first == *decision.address,
            _ => false,
        };
        let with = analysis.decisions.iter().filter(is_with);
        let moved: Vec<&Decision> = std::iter::once(decision).chain(with).collect();
        let but: Vec<&str> = moved.iter().map(|one| one.address.as_str()).collect();
        assert_eq!(told(&again, &but), told(&analysis, &but), "{name}");
        for old in moved {
            let all = again.decisions.iter();
            let mut new = all.filter(|one| one.address == old.address);
            let new = new.next().unwrap_or_else(|| panic!("{name} is gone"));
            assert!(new.rung < old.rung && !new.uncertain(), "{name}");
        }
        assert_eq!(again.unreadable, analysis.unreadable, "{name}");
    }
}

fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name();
    let files = walk.into_iter().filter_map(Result::ok);
    let files = files.filter(|entry| entry.file_type().is_file());
    files
        .map(walkdir::DirEntry::into_path)
        .filter(|path| {
            let ending = path.extension().and_then(|ending| ending.to_str());
            ending.is_some_and(|ending| endings.contains(&ending))
        })
        .collect()
}

#[test]
fn cfn_lint_finds_nothing_new_in_a_mended_template() {
    if missing!(CORPUS, PYTHON) {
        return;
    }
    let mut all = Vec::new();
    for path in files(&corpus(), &["yaml", "yml", "json", "template"]) {
        let name = path.to_string_lossy();
        if !name.ends_with(".tf.json") {
            mend(&path, &mut all);
        }
    }
    assert!(!all.is_empty(), "no template has a fix");
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mended");
    let _ = fs::remove_dir_all(&out);
    fs::create_dir_all(&out).expect("target/ is writable");
    let mut pairs = String::new();
    for (number, one) in all.iter().enumerate() {
        let ending = one.path.extension().unwrap_or_default().to_string_lossy();
        let file = |when: &str| out.join(format!("{number}-{when}.{ending}"));
        fs::write(file("before"), &one.before).expect("target/ is writable");
        fs::write(file("after"), &one.after).expect("target/ is writable");
        let _ = writeln!(
            pairs,
            "{}\t{}",
            file("before").display(),
            file("after").display()
        );
    }
    let python = onlookers::python("translators", &TRANSLATORS);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers/mended.py");
    let mut lint = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python runs");
    let mut input = lint.stdin.take().expect("it was asked for");
    input.write_all(pairs.as_bytes()).expect("Python reads");
    drop(input);
    let output = lint.wait_with_output().expect("Python ends");
    assert!(output.status.success());
    let mut new = String::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let number = line
            .split('\t')
            .next()
            .and_then(|number| number.parse::<usize>().ok());
        let path = number.map(|number| all[number].path.display().to_string());
        let _ = writeln!(new, "{}: {line}", path.unwrap_or_default());
    }
    assert!(new.is_empty(), "of {} fixes:\n{new}", all.len());
}

#[test]
fn a_mended_module_is_one_that_hcl_edit_reads() {
    if missing!(TERRAFORM_FILES) {
        return;
    }
    let folder = std::env::var_os("SFL_TERRAFORM").expect("`missing!` was asked before");
    let mut folders: Vec<PathBuf> = files(Path::new(&folder), &["tf"])
        .into_iter()
        .filter(|path| {
            let text = fs::read_to_string(path).unwrap_or_default();
            [
                "aws_dynamodb_table",
                "aws_kinesis_stream",
                "min_capacity",
                "min_instance_count",
            ]
            .iter()
            .any(|sign| text.contains(sign))
        })
        .filter_map(|path| path.parent().map(Path::to_owned))
        .collect();
    folders.dedup();
    let mut all = Vec::new();
    for folder in &folders {
        mend(folder, &mut all);
    }
    for one in &all {
        if one.path.extension().is_some_and(|ending| ending == "tf") {
            let read = |text: &str| text.parse::<hcl_edit::structure::Body>().map(drop);
            if read(&one.before).is_ok() {
                let after = read(&one.after);
                assert!(after.is_ok(), "{}: {after:?}", one.path.display());
            }
        }
    }
}
