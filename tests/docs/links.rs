//! `docs/rules/` says what the catalogue says, and links lead somewhere. `SFL_BLESS=1 cargo test --test docs links` writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Once;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const FOLDER: &str = "docs/rules";

/// Every file below a folder.
fn files(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name();
    let entries = entries.into_iter().map(|entry| entry.expect("readable"));
    let files = entries.filter(|entry| entry.file_type().is_file());
    files.map(walkdir::DirEntry::into_path)
}

/// Writes the pages if that is asked for, before anybody reads them.
fn bless(pages: &[(String, String)]) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if std::env::var_os("SFL_BLESS").is_none() {
            return;
        }
        let folder = Path::new(ROOT).join(FOLDER);
        fs::remove_dir_all(&folder).expect("docs/ is writable");
        for (name, text) in pages {
            let path = folder.join(name);
            let parent = path.parent().expect("it stands in a folder");
            fs::create_dir_all(parent).expect("docs/ is writable");
            fs::write(&path, text).expect("docs/ is writable");
        }
    });
}

#[test]
fn the_pages_of_the_rules_are_those_of_the_catalogue() {
    let folder = Path::new(ROOT).join(FOLDER);
    let pages = sfl::cli::docs::pages();
    bless(&pages);
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
    assert_eq!(there, known, "a page is no ladder's and no rule's");
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
    bless(&sfl::cli::docs::pages());
    let markdown = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "md");
    let pages = files(&root.join("docs")).filter(markdown);
    let pages = pages.chain([root.join("README.md"), root.join("CONTRIBUTING.md")]);
    let pages: BTreeMap<PathBuf, _> = pages
        .map(|path| {
            let page = read(&fs::read_to_string(&path).expect("a page is a text"));
            (path, page)
        })
        .collect();
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
