//! Each stage of the walk by itself: parse, resolve with classify, and the whole walk, over the real templates of `SFL_CORPUS`
//! or, without it, over the project's own fixtures. `cargo bench --bench stages`.

use std::path::PathBuf;

use divan::Bencher;
use divan::counter::BytesCount;
use sfl::blocks::cloudformation;
use sfl::placement::{CATALOGUE, classify, joins};
use sfl::stack;
use sfl::{Options, syntax};

fn main() {
    divan::main();
}

fn folder() -> PathBuf {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    std::env::var_os("SFL_CORPUS").map_or_else(|| own.into(), PathBuf::from)
}

/// The CloudFormation templates in YAML, held in memory.
fn texts() -> Vec<String> {
    let files = walkdir::WalkDir::new(folder())
        .sort_by_file_name()
        .into_iter();
    let files = files.filter_map(Result::ok).filter(|entry| {
        let ending = entry.path().extension().and_then(|ending| ending.to_str());
        matches!(ending, Some("yaml" | "yml"))
    });
    let texts = files.filter_map(|entry| std::fs::read_to_string(entry.path()).ok());
    texts
        .filter(|text| {
            let parsed = syntax::yaml(text);
            parsed.is_ok_and(|document| document.roots().any(cloudformation::is_template))
        })
        .collect()
}

fn size(texts: &[String]) -> BytesCount {
    BytesCount::new(texts.iter().map(String::len).sum::<usize>())
}

#[divan::bench]
fn parse_only(bencher: Bencher<'_, '_>) {
    let texts = texts();
    bencher.counter(size(&texts)).bench(|| {
        let parsed = texts.iter().filter_map(|text| syntax::yaml(text).ok());
        parsed.map(|document| document.len()).sum::<usize>()
    });
}

#[divan::bench]
fn parse_and_read(bencher: Bencher<'_, '_>) {
    let texts = texts();
    bencher.counter(size(&texts)).bench(|| {
        let parsed = texts.iter().filter_map(|text| syntax::yaml(text).ok());
        parsed
            .map(|document| {
                let roots = document.roots();
                roots
                    .map(|root| stack::cloudformation(&document, root, &[]).resources.len())
                    .sum::<usize>()
            })
            .sum::<usize>()
    });
}

#[divan::bench]
fn parse_read_resolve_and_classify(bencher: Bencher<'_, '_>) {
    let texts = texts();
    bencher.counter(size(&texts)).bench(|| {
        let parsed = texts.iter().filter_map(|text| syntax::yaml(text).ok());
        parsed
            .map(|document| {
                let roots = document.roots();
                let templates = roots.map(|root| stack::cloudformation(&document, root, &[]));
                templates
                    .map(|template| {
                        {
                            let entries = joins::entries(&template, &CATALOGUE);
                            let graph = joins::graph(&template, &entries, &CATALOGUE);
                            classify::place(&graph, &CATALOGUE, false).decisions
                        }
                        .len()
                    })
                    .sum::<usize>()
            })
            .sum::<usize>()
    });
}

#[divan::bench]
fn whole_walk(bencher: Bencher<'_, '_>) {
    let options = Options {
        paths: vec![folder()],
        ..Options::default()
    };
    bencher.bench(|| sfl::check(&options, &|_, _| {}).decisions.len());
}
