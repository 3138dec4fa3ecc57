//! Terraform's own syntax against hcl-edit, and against Terraform where the two do not agree.

mod oddities;
mod written;

use std::fs;
use std::process::{Command, Stdio};

use hcl_edit::structure::Body;
use sfl::syntax::hcl;

use super::shape;
use super::support::{Random, floor};
use crate::tools::{self, missing};
use written::Disputed;

/// What stands in every corner of the language; the mutants of a run without other files are made of it.
const SAMPLE: &str = include_str!("hcl/sample.txt");

/// What mutants are made with.
const PARTS: [&str; 48] = [
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "${",
    "%{",
    "\n",
    " ",
    "=",
    ",",
    ":",
    "?",
    ".",
    "*",
    "<<EOT\n",
    "<<-EOT\n",
    "EOT\n",
    "#",
    "//",
    "/*",
    "*/",
    "$",
    "\\",
    "~",
    "if ",
    "for ",
    "in ",
    "...",
    "=>",
    "-",
    "!",
    "1",
    "x",
    "\r\n",
    "\t",
    "é",
    "&&",
    "||",
    "==",
    "<",
    "%{ endif }",
    "$${",
    "\\u00e9",
    "\\q",
    "\u{feff}",
];

/// What the two readers say of one text.
#[derive(PartialEq, Eq)]
enum Verdict {
    Same,
    SameButForTexts,
    /// Only one of them reads it; whether it is ours.
    OneReads(bool),
    /// They read it differently.
    Differs(String, String),
}

fn verdict(text: &str) -> Verdict {
    let parsed = hcl(text);
    shape::check(&parsed.document);
    for error in &parsed.errors {
        let span = error.span;
        assert!(
            span.start <= span.end && span.end as usize <= text.len(),
            "{error:?} in {text:?}"
        );
        assert!(
            text.is_char_boundary(span.start as usize),
            "{error:?} in {text:?}"
        );
        assert!(
            text.is_char_boundary(span.end as usize),
            "{error:?} in {text:?}"
        );
    }
    let is_read = parsed.errors.is_empty();
    match (is_read, text.parse::<Body>()) {
        (true, Ok(theirs)) => {
            let root = parsed.document.roots().next().expect("a file has a root");
            let written = |disputed| {
                let ours = written::ours(root, disputed);
                (ours, written::theirs(&theirs, disputed))
            };
            let (ours, theirs) = written(Disputed::Written);
            if ours == theirs {
                return Verdict::Same;
            }
            let but_for_texts = written(Disputed::LeftOut);
            match but_for_texts.0 == but_for_texts.1 || has_empty_heredoc(text) {
                true => Verdict::SameButForTexts,
                false => Verdict::Differs(ours, theirs),
            }
        }
        (false, Err(_)) => Verdict::Same,
        _ => Verdict::OneReads(is_read),
    }
}

/// Whether there is a heredoc without a line, behind whose end the other reader goes on until it finds another one.
fn has_empty_heredoc(text: &str) -> bool {
    let lines = text.lines().zip(text.lines().skip(1));
    lines.into_iter().any(|(line, next)| {
        let word = line.rsplit_once("<<").map_or("", |(_, word)| word);
        let word = word.trim_start_matches('-').trim_end();
        !word.is_empty() && next.trim() == word
    })
}

/// Compares all texts, asks Terraform about those of which only one reader reads any, and says how many there were.
fn compare(texts: impl Iterator<Item = String>) {
    let mut disputed = Vec::new();
    let (mut number, mut read, mut texts_differ) = (0, 0, 0);
    for text in texts {
        number += 1;
        match verdict(&text) {
            Verdict::Same => read += usize::from(hcl(&text).errors.is_empty()),
            Verdict::SameButForTexts => texts_differ += 1,
            Verdict::OneReads(is_read) => disputed.push((text, is_read)),
            Verdict::Differs(ours, theirs) => {
                panic!("ours\n{ours}\ntheirs\n{theirs}\nof\n{text}");
            }
        }
    }
    eprintln!(
        "{number} texts of Terraform: {read} are read by both readers, {} by one of them, {texts_differ} otherwise",
        disputed.len()
    );
    assert!(
        texts_differ <= 1 + number / 10,
        "the readers differ in texts of {texts_differ} files"
    );
    if disputed.is_empty() || missing!(TERRAFORM) {
        return;
    }
    let accepted = accepted_by_terraform(disputed.iter().map(|(text, _)| &**text));
    for ((text, is_read), accepted) in disputed.iter().zip(accepted) {
        assert_eq!(*is_read, accepted, "Terraform reads it: {accepted}\n{text}");
    }
}

/// Which texts Terraform reads, asked all at once.
fn accepted_by_terraform<'t>(texts: impl ExactSizeIterator<Item = &'t str>) -> Vec<bool> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut accepted = vec![true; texts.len()];
    for (number, text) in texts.enumerate() {
        let path = folder.path().join(format!("t{number}.tf"));
        fs::write(path, text).expect("a question can be written");
    }
    let program = std::env::var("TERRAFORM").unwrap_or_else(|_| "terraform".to_owned());
    let mut fmt = Command::new(program);
    fmt.args(["fmt", "-write=false", "-list=false", "-no-color"]);
    let output = fmt
        .current_dir(folder.path())
        .env("CHECKPOINT_DISABLE", "1")
        .stdin(Stdio::null())
        .output();
    let said = output.expect("Terraform runs").stderr;
    for line in String::from_utf8_lossy(&said).lines() {
        let Some((_, rest)) = line.split_once("on t") else {
            continue;
        };
        let Some((number, _)) = rest.split_once(".tf line") else {
            continue;
        };
        let number: usize = number.parse().expect("the name of a question");
        accepted[number] = false;
    }
    accepted
}

/// All files of Terraform below the folder of `SFL_TERRAFORM`.
fn files() -> Vec<String> {
    let files = walkdir::WalkDir::new(tools::terraform_files()).sort_by_file_name();
    let files = files.into_iter().filter_map(Result::ok);
    let wanted = files.filter(|file| {
        let ending = file.path().extension().and_then(|ending| ending.to_str());
        matches!(ending, Some("tf" | "tofu" | "tfvars" | "hcl"))
    });
    let texts = wanted.filter_map(|file| fs::read_to_string(file.path()).ok());
    texts.collect()
}

fn mutants(of: &[String], number: usize) -> impl Iterator<Item = String> {
    let mut random = Random::new(11);
    (0..number).map(move |_| {
        let text = &of[random.below(of.len())];
        // One block: a window anywhere in a file would be refused for its ends alone.
        let blocks: Vec<&str> = text.split_inclusive("\n}\n").collect();
        let block = blocks.get(random.below(blocks.len()));
        let block = block.copied().unwrap_or_default();
        edited(block, &mut random)
    })
}

/// One or two small edits.
fn edited(text: &str, random: &mut Random) -> String {
    let mut mutant = text.to_owned();
    for _ in 0..=random.below(2) {
        let at = floor(&mutant, random.below(mutant.len() + 1));
        let upto = floor(&mutant, at + random.below(6));
        match random.below(3) {
            0 => mutant.insert_str(at, random.pick(&PARTS)),
            1 => mutant.replace_range(at..upto, ""),
            _ => mutant.replace_range(at..upto, random.pick(&PARTS)),
        }
    }
    mutant
}

#[test]
fn the_sample_is_read_as_hcl_edit_reads_it() {
    compare([SAMPLE.to_owned()].into_iter());
    assert!(hcl(SAMPLE).errors.is_empty());
}

#[test]
fn mutants_of_the_sample_are_read_as_hcl_edit_reads_them() {
    compare(mutants(&[SAMPLE.to_owned()], 5_000));
}

#[test]
fn real_files_are_read_as_hcl_edit_reads_them() {
    if missing!(TERRAFORM_FILES) {
        return;
    }
    compare(files().into_iter());
}

#[test]
fn mutants_of_real_files_are_read_as_hcl_edit_reads_them() {
    if missing!(TERRAFORM_FILES) {
        return;
    }
    compare(mutants(&files(), 100_000));
}
