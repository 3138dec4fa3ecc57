//! The pages of the ladders and the rules say what the catalogue says, and links lead somewhere. The pages of the ladders are kept in
//! `docs/rules/`, which `SFL_BLESS=1 cargo test --test docs links` also writes; those of the rules are made for a release.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Command;
use std::sync::Once;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use sfl::cli::docs::{Extent, pages};
use sfl::placement::CATALOGUE;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const FOLDER: &str = "docs/rules";

/// Every file below a folder.
fn files(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name();
    let entries = entries.into_iter().map(|entry| entry.expect("readable"));
    let files = entries.filter(|entry| entry.file_type().is_file());
    files.map(walkdir::DirEntry::into_path)
}

/// The pages of the ladders, written if that is asked for, before anybody reads them.
fn blessed() -> Vec<(String, String)> {
    let pages = pages(Extent::Ladders);
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if std::env::var_os("SFL_BLESS").is_none() {
            return;
        }
        let folder = Path::new(ROOT).join(FOLDER);
        fs::remove_dir_all(&folder).expect("docs/ is writable");
        fs::create_dir_all(&folder).expect("docs/ is writable");
        for (name, text) in &pages {
            fs::write(folder.join(name), text).expect("docs/ is writable");
        }
    });
    pages
}

#[test]
fn the_pages_of_the_ladders_are_those_of_the_catalogue() {
    let folder = Path::new(ROOT).join(FOLDER);
    let pages = blessed();
    let old = pages.iter().filter(|(name, text)| {
        let written = fs::read_to_string(folder.join(name)).unwrap_or_default();
        written.replace("\r\n", "\n") != *text
    });
    let old: Vec<&str> = old.map(|(name, _)| name.as_str()).collect();
    assert!(
        old.is_empty(),
        "SFL_BLESS=1 cargo test --test docs links writes anew what is old: {old:#?}"
    );
    let known: BTreeSet<PathBuf> = pages.iter().map(|(name, _)| folder.join(name)).collect();
    let there: BTreeSet<PathBuf> = files(&folder).collect();
    assert_eq!(there, known, "a page is no ladder's");
}

#[test]
fn every_rule_has_a_page_with_its_examples() {
    let pages = pages(Extent::Everything);
    let all: BTreeMap<&str, &str> = pages
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    assert_eq!(all.len(), pages.len(), "two pages have one name");
    assert_eq!(
        all.len(),
        1 + CATALOGUE.ladders().count() + CATALOGUE.rules().count()
    );
    for (name, _) in self::pages(Extent::Ladders) {
        assert!(all.contains_key(name.as_str()), "{name}");
    }
    let page = |rule: &str| {
        let found = CATALOGUE.rules().find(|known| known.name == rule);
        let ladder = found
            .map(|found| found.ladder().name.clone())
            .expect("it is known");
        all.get(format!("{ladder}/{rule}.md").as_str())
            .unwrap_or_else(|| panic!("{ladder}/{rule} has no page"))
    };
    for rule in CATALOGUE.rules() {
        for kind in &rule.types {
            assert!(
                page(&rule.name).contains(&format!("`{kind}`")),
                "{}",
                rule.name
            );
        }
    }
    let examples = sfl::workspace::examples::built_in();
    assert!(examples.len() > CATALOGUE.rules().count() / 2);
    for example in examples {
        let shown = page(&example.rule).contains(example.template.trim());
        assert!(shown, "{}", example.name());
    }
}

/// What `sfl rules pages` writes is what the tests above have looked at.
#[test]
fn the_program_writes_them() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (flags, extent) in [
        (&["--ladders"][..], Extent::Ladders),
        (&[], Extent::Everything),
    ] {
        let into = folder.path().join("new").join(format!("{extent:?}"));
        let mut program = Command::new(env!("CARGO_BIN_EXE_sfl"));
        program.args(["rules", "pages"]).args(flags).arg(&into);
        let status = program.status().expect("the program runs");
        assert!(status.success());
        let pages = pages(extent);
        for (name, text) in &pages {
            let written = fs::read_to_string(into.join(name));
            assert_eq!(written.expect("it is there"), *text, "{name}");
        }
        assert_eq!(files(&into).count(), pages.len());
    }
    let file = folder.path().join("file");
    fs::write(&file, "").expect("it can be written");
    let mut program = Command::new(env!("CARGO_BIN_EXE_sfl"));
    let output = program.args(["rules", "pages"]).arg(file).output();
    let output = output.expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("error: "));
}

/// The headings of a page as GitHub names them, and where its links lead.
fn read(text: &str) -> (BTreeSet<String>, Vec<String>) {
    let mut anchors = BTreeSet::new();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    let mut links = Vec::new();
    let mut heading = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(words) | Event::Code(words) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&words);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let words = heading.take().unwrap_or_default().to_lowercase();
                let kept = words
                    .chars()
                    .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
                let anchor = kept.collect::<String>().replace(' ', "-");
                let before = times.entry(anchor.clone()).or_default();
                anchors.insert(match *before {
                    0 => anchor,
                    number => format!("{anchor}-{number}"),
                });
                *before += 1;
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                links.push(dest_url.into_string());
            }
            _ => {}
        }
    }
    (anchors, links)
}

/// A path without `..`.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut path, part| {
        match part {
            Component::ParentDir => drop(path.pop()),
            part => path.push(part),
        }
        path
    })
}

#[test]
fn every_link_leads_somewhere() {
    let root = Path::new(ROOT);
    blessed();
    let markdown = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "md");
    let pages = files(&root.join("docs")).filter(markdown);
    let pages = pages.chain([root.join("README.md"), root.join("CONTRIBUTING.md")]);
    let pages = pages.map(|path| {
        let page = read(&fs::read_to_string(&path).expect("a page is a text"));
        (path, page)
    });
    // Those that are made stand in no folder: only their own pages can be linked to.
    let made = self::pages(Extent::Everything).into_iter();
    let made = made.map(|(name, text)| (Path::new("made").join(name), read(&text)));
    let pages: BTreeMap<PathBuf, _> = pages.chain(made).collect();
    let mut broken = Vec::new();
    let mut followed = 0;
    for (path, (_, links)) in &pages {
        let folder = path.parent().expect("a page stands in a folder");
        for link in links.iter().filter(|link| !link.contains("://")) {
            followed += 1;
            let (to, anchor) = link.split_once('#').unwrap_or((link, ""));
            let to = match to {
                "" => path.clone(),
                to => plain(&folder.join(to)),
            };
            let lands = match pages.get(&to) {
                Some((anchors, _)) => anchor.is_empty() || anchors.contains(anchor),
                None => anchor.is_empty() && to.starts_with(root) && to.exists(),
            };
            if !lands {
                broken.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "lead nowhere: {broken:#?}");
    assert!(followed > 1000, "only {followed} links");
}

#[test]
fn anchors_are_those_of_github() {
    let (anchors, links) = read("# Say *why*, `sfl`!\n## A b\n## A b\n[x](y.md#z) `[no](link)`\n");
    let known = ["say-why-sfl", "a-b", "a-b-1"].map(str::to_owned);
    assert_eq!(anchors, BTreeSet::from(known));
    assert_eq!(links, ["y.md#z"]);
}
