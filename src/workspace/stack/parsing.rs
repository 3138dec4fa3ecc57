//! The texts of an input become trees, and trees templates.

use std::path::Path;
use std::sync::Arc;

use super::Judged;
use crate::base::SourceCode;
use crate::base::finding::Problem;
use crate::base::source::{Source, Span};
use crate::blocks::{Beside, Dialect, Node, cloudformation, plan, terraform};
use crate::stack;
use crate::syntax::{self, Document, ParseError};
use crate::workspace::deployments::Variant;
use crate::workspace::input_texts::{ModuleText, ReadFor};
use crate::workspace::module_trees::ModuleTrees;
use crate::workspace::tree_files::TreeFiles;
use crate::workspace::{Options, discover, notes};

impl Judged {
    pub(super) fn text(
        &mut self,
        text: String,
        name: &str,
        named: bool,
        json: bool,
        options: &Options,
    ) -> Result<(), Problem> {
        let source = Arc::new(Source::new(name, text));
        let Some((document, is_whole)) = self.tree(&source, named, json, options)? else {
            return Ok(());
        };
        let sources = [Arc::clone(&source)];
        for root in document.roots() {
            let variants = if cloudformation::is_template(root) {
                Variant::of(options, &[name], Dialect::CloudFormation, &|given| {
                    stack::cloudformation(&document, root, given)
                })
            } else {
                match configuration(&document, root, name, options) {
                    Some(variants) => variants,
                    None => continue,
                }
            };
            if let Some(first) = variants.first() {
                let links = stack::cloudformation_links(&first.template, &document, root);
                self.links.append(links);
            }
            self.template(&variants, &sources, &|_| ReadFor::Asked { named }, options);
        }
        self.end(&document, &source, named, is_whole);
        Ok(())
    }

    /// The tree of a text that may be a template, and whether it is all of it; nothing where it is none.
    pub(in crate::workspace) fn tree<'t>(
        &mut self,
        source: &'t Arc<Source>,
        named: bool,
        json: bool,
        options: &Options,
    ) -> Result<Option<(Document<'t>, bool)>, Problem> {
        let (name, text) = (&**source.name(), source.text());
        let parsed = if json {
            // What begins with a brace may be YAML in flow style; the fault of the JSON is the one to show.
            syntax::json(text).or_else(|error| match syntax::yaml(text) {
                Ok(document) if !name.ends_with(".json") => Ok(document),
                // CloudFormation reads it as well. Of what is JSON but for a comma, the fault is worth more.
                Ok(document)
                    if !discover::is_meant_as_json(text)
                        && document.roots().any(cloudformation::is_template) =>
                {
                    Ok(document)
                }
                _ => Err((SourceCode::Json, error)),
            })
        } else {
            syntax::yaml(text).map_err(|error| (SourceCode::Yaml, error))
        };
        let (code, error) = match parsed {
            Ok(document) => return Ok(Some((document, true))),
            Err(error) => error,
        };
        let ending = Path::new(name)
            .extension()
            .and_then(|ending| ending.to_str());
        let meant = matches!(ending, Some("yaml" | "yml" | "json" | "template"));
        if !discover::is_clearly_template(text.as_bytes())
            && !(named && (meant || name == "<stdin>"))
        {
            self.skip(name, named);
            return Ok(None);
        }
        if is_made_by_an_engine(text) && !name.ends_with(".json") {
            return Err(broken(SourceCode::Yaml, for_an_engine(text), source));
        }
        if !options.readable_part {
            return Err(broken(code, error, source));
        }
        let parsed = match code {
            SourceCode::Json => syntax::read_json(text),
            _ => syntax::read_yaml(text),
        };
        Ok(Some((self.readable(code, parsed, source), false)))
    }

    /// Ends what there is to say of a file whose templates are judged.
    pub(in crate::workspace) fn end(
        &mut self,
        document: &Document<'_>,
        source: &Arc<Source>,
        named: bool,
        is_whole: bool,
    ) {
        let is_judged = |root: &Node<'_>| {
            cloudformation::is_template(*root) || terraform::is_configuration(*root)
        };
        let (judged, others): (Vec<_>, Vec<_>) = document.roots().partition(is_judged);
        if !judged.is_empty() {
            let others = others.into_iter().map(Node::span);
            let others = others.filter(|span| !span.is_empty());
            let others = others.map(|span| notes::document(source, span));
            self.findings.extend(others);
        }
        // A broken template was not read: what it lacks may still be there.
        match (!judged.is_empty(), is_whole) {
            (true, true) => self.read.push(source.name().to_string()),
            (false, true) => self.skip(source.name(), named),
            (_, false) => {}
        }
    }

    /// Says what is wrong with a text, and gives the tree of what can be read of it. It is one input that could not be read,
    /// however many errors it has.
    pub(super) fn readable<'t>(
        &mut self,
        code: SourceCode,
        parsed: syntax::Parsed<'t>,
        source: &Arc<Source>,
    ) -> Document<'t> {
        let mut errors = parsed.errors.into_iter();
        let first = errors.next();
        self.problems
            .extend(first.map(|error| broken(code, error, source)));
        let rest = errors.map(|error| broken(code, error, source).into_finding());
        self.findings.extend(rest);
        parsed.document
    }

    /// Judges the files of one module; in `folder`, if they stand in one.
    pub(in crate::workspace) fn configuration(
        &mut self,
        texts: &[ModuleText],
        folder: Option<&Path>,
        options: &Options,
    ) {
        let files = folder.map(|folder| TreeFiles::around(&*options.host, folder));
        let beside = files
            .as_ref()
            .zip(folder)
            .map(|(files, folder)| Beside { folder, files });
        let mut trees = ModuleTrees::default();
        self.module(texts, 0, &mut trees, options);
        self.refused(&trees, 1);
        for tree in &trees.trees {
            let calls = tree.document.roots().flat_map(terraform::local_calls);
            self.links.calls.extend(calls);
        }
        let [configuration, overrides, variables] = &trees.parts(1)[0];
        // Terraform reads a folder: where any of its files is, the whole is.
        let paths = trees.paths();
        let variants = Variant::of(options, &paths, Dialect::Terraform, &|given| {
            let files = terraform::ModuleFiles {
                configuration,
                overrides,
                variables,
                given,
                beside,
                is_complete: trees.broken.is_empty(),
            };
            stack::terraform(files, &|module| options.config.catalogue.switches(module))
        });
        let read_for = |file: usize| trees.read_for[file];
        self.template(&variants, &trees.sources, &read_for, options);
        drop(variants);
        self.asked
            .extend(files.into_iter().flat_map(TreeFiles::asked));
    }

    /// Reads the files of one module; `number` tells it from others that are read with it.
    pub(in crate::workspace) fn module<'t>(
        &mut self,
        texts: &'t [ModuleText],
        number: usize,
        trees: &mut ModuleTrees<'t>,
        options: &Options,
    ) {
        for ModuleText {
            source,
            is_native,
            role,
            read_for,
            is_complete,
        } in texts
        {
            if !is_complete {
                trees.broken.insert(number);
            }
            if *is_native {
                let parsed = syntax::hcl(source.text());
                let is_whole = parsed.errors.is_empty();
                if !is_whole {
                    trees.broken.insert(number);
                }
                let document = match read_for.is_reported() {
                    true => self.readable(SourceCode::Hcl, parsed, source),
                    false => parsed.document,
                };
                if matches!(read_for, ReadFor::Asked { .. }) && is_whole {
                    self.read.push(source.name().to_string());
                }
                trees.add(document, *role, number, source, *read_for);
                continue;
            }
            match syntax::json(source.text()) {
                Ok(tree) => {
                    let fits = tree.roots().any(terraform::is_configuration);
                    if let ReadFor::Asked { named } = read_for {
                        let bytes = source.text().as_bytes();
                        if !fits && plan::looks_like_plan(bytes) {
                            let result = self.plan(bytes, source.name(), *named, options);
                            self.problems.extend(result.err());
                            continue;
                        }
                        // By its name Terraform reads it, whatever stands in it: what it refuses there is said.
                        if fits || source.name().ends_with(".tf.json") {
                            self.read.push(source.name().to_string());
                        } else {
                            self.skip(source.name(), *named);
                        }
                    }
                    trees.add(tree, *role, number, source, *read_for);
                }
                Err(_) if read_for.is_reported() && options.readable_part => {
                    trees.broken.insert(number);
                    let parsed = syntax::read_json(source.text());
                    let tree = self.readable(SourceCode::Json, parsed, source);
                    trees.add(tree, *role, number, source, *read_for);
                }
                Err(error) => {
                    trees.broken.insert(number);
                    let error = read_for
                        .is_reported()
                        .then(|| broken(SourceCode::Json, error, source));
                    self.problems.extend(error);
                }
            }
        }
    }

    /// Says what Terraform refuses of modules that could be read.
    pub(in crate::workspace) fn refused(&mut self, trees: &ModuleTrees<'_>, modules: usize) {
        for (number, [configuration, overrides, _]) in trees.parts(modules).iter().enumerate() {
            let is_whole = !trees.broken.contains(&number);
            let notes = terraform::refused(configuration, overrides, is_whole);
            let notes = notes.iter();
            let notes = notes.filter(|note| trees.read_for[note.place.file].is_reported());
            self.findings
                .extend(notes.map(|note| notes::finding(note, &trees.sources)));
        }
    }
}

/// A Terraform configuration that stands in a file of another name.
pub(in crate::workspace) fn configuration<'t, 'o>(
    document: &'t Document<'t>,
    root: Node<'t>,
    name: &str,
    options: &'o Options,
) -> Option<Vec<Variant<'t, 'o>>> {
    if !terraform::is_configuration(root) {
        return None;
    }
    Some(Variant::of(
        options,
        &[name],
        Dialect::Terraform,
        &|given| {
            let configuration = [document];
            let files = terraform::ModuleFiles {
                given,
                ..terraform::ModuleFiles::of(&configuration)
            };
            stack::terraform(files, &|module| options.config.catalogue.switches(module))
        },
    ))
}

/// Whether a text begins with words for a template engine, as those of Helm and Jinja do.
fn is_made_by_an_engine(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    ["{{", "{%", "{#"]
        .iter()
        .any(|start| text.starts_with(start))
}

/// What is said of a text that a template engine has yet to read.
fn for_an_engine(text: &str) -> ParseError {
    let start = text.find('{').and_then(|start| u32::try_from(start).ok());
    let start = start.unwrap_or_default();
    let message = "a template engine makes YAML of this file: give sfl what it makes, as `helm template` prints it";
    ParseError {
        message: message.into(),
        span: Span::new(start, start + 2),
    }
}

fn broken(code: SourceCode, error: ParseError, source: &Arc<Source>) -> Problem {
    Problem::Broken {
        code,
        message: error.message.into_owned(),
        text: Arc::clone(source),
        span: error.span,
    }
}
