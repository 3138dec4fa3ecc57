//! From a rule's fix to the edits of one decision.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::held_texts::HeldTexts;
use super::neighbours::Neighbours;
use super::scaled;
use super::written_resource::{WrittenResource, written};
use super::{FixDraft, leftovers};
use crate::analysis::Analysis;
use crate::base::source::Span;
use crate::base::{Dialect, PathStep, Safety};
use crate::edit::{self, NewText, PropertyChange};
use crate::placement::{Catalogue, Decision};
use crate::rulebook::condition::Condition;
use crate::rulebook::test::Values;
use crate::rulebook::wording::{Names, Wording};
use crate::rulebook::{Entry, FixRecipe, NewScalar, Property, Rule, Text};
use crate::syntax::{Document, Kind, Node};

/// Letters of a value beyond which it is not repeated.
const MOST_SHOWN: usize = 60;

/// What is at hand for all fixes of a run.
pub(super) struct Workbench<'k> {
    analysis: &'k Analysis,
    texts: &'k HeldTexts,
    documents: &'k BTreeMap<Arc<str>, Document<'k>>,
    catalogue: &'k Catalogue,
    /// What stands together: the resources of each template, and of each folder of Terraform. Put together when it is asked for.
    together: BTreeMap<Together, OnceCell<Neighbours<'k>>>,
    /// Which decisions a resource belongs to: the file or the folder that is deployed together, and the address.
    owners: HashMap<(Arc<str>, &'k str), Vec<usize>>,
}

/// What a decision's neighbours have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Together {
    Template(Arc<str>),
    Folder(PathBuf),
}

/// Changes of one block.
struct BlockChanges<'c> {
    path: Arc<str>,
    block: Span,
    /// Properties stand right in it, or below these keys: it is a section of `Globals`, or what is around that.
    below: Option<Vec<PathStep>>,
    changes: Vec<PropertyChange<'c>>,
}

impl<'k> Workbench<'k> {
    pub fn new(
        analysis: &'k Analysis,
        texts: &'k HeldTexts,
        documents: &'k BTreeMap<Arc<str>, Document<'k>>,
        catalogue: &'k Catalogue,
    ) -> Self {
        let mut together = BTreeMap::new();
        for path in documents.keys() {
            let folder = super::folder(path).to_owned();
            together.insert(Together::Template(Arc::clone(path)), OnceCell::new());
            together.insert(Together::Folder(folder), OnceCell::new());
        }
        let mut owners: HashMap<(Arc<str>, &str), Vec<usize>> = HashMap::new();
        for (at, decision) in analysis.decisions.iter().enumerate() {
            for member in decision.members.iter().chain([&decision.address]) {
                let own = owners.entry((decision.stack(), member)).or_default();
                own.push(at);
            }
        }
        Self {
            analysis,
            texts,
            documents,
            catalogue,
            together,
            owners,
        }
    }

    /// The change for the decisions that one block makes, in order; most make one.
    pub fn draft(&self, all: &[usize]) -> Result<FixDraft, String> {
        let (at, others) = all.split_first().ok_or("nothing makes it")?;
        let at = *at;
        let decision = &self.analysis.decisions[at];
        let Some(fix) = decision.climb().fix else {
            return Err("its rule knows no change".to_owned());
        };
        let Some(document) = self.documents.get(&decision.path) else {
            return Err("its file is not read as a whole".to_owned());
        };
        self.holds(fix, decision, document)?;
        let beside = self.beside(decision);
        if let Some(why) = beside.forbids(fix, decision) {
            return Err(why);
        }
        let dropped = self.dropped(at, fix, beside)?;
        for other in others {
            if let Some(one) = self.dropped(*other, fix, beside)?.first() {
                let name = self.analysis.decisions[*other].name();
                return Err(format!("{} belongs to {name} alone", one.address));
            }
        }
        let blocks = self.changes(fix, decision)?;
        for block in &blocks {
            self.heeded(block)?;
        }
        let mut edits = BTreeMap::new();
        let mut files: Vec<Arc<str>> = blocks.iter().map(|block| Arc::clone(&block.path)).collect();
        files.extend(dropped.iter().map(|one| Arc::clone(&one.path)));
        files.sort();
        files.dedup();
        for path in files {
            let document = self.documents.get(&path);
            let document = document.ok_or_else(|| format!("{path} is not read as a whole"))?;
            let mut goes: Vec<Span> = dropped
                .iter()
                .filter(|one| one.path == path)
                .map(|one| one.block)
                .collect();
            let mut all = Vec::new();
            for block in blocks.iter().filter(|block| block.path == path) {
                // What goes along goes with the first.
                let goes = std::mem::take(&mut goes);
                // What stands right in its block is found as Terraform's is.
                let dialect = match block.below {
                    Some(_) => Dialect::Terraform,
                    None => decision.dialect,
                };
                let below = block.below.as_deref().unwrap_or_default();
                let paths: Vec<Vec<PathStep>> = block
                    .changes
                    .iter()
                    .map(|change| [below, path_of(change)].concat())
                    .collect();
                let all_below = block.changes.iter().zip(&paths);
                let changes: Vec<PropertyChange<'_>> = all_below
                    .map(|(change, path)| match change {
                        PropertyChange::Set(_, text) => PropertyChange::Set(path, text.clone()),
                        PropertyChange::Rewrite(_, text) => {
                            PropertyChange::Rewrite(path, text.clone())
                        }
                        PropertyChange::Remove(_) => PropertyChange::Remove(path),
                    })
                    .collect();
                let made = edit::change(document, block.block, dialect, &changes, &goes);
                all.extend(made.map_err(|refusal| refusal.0)?);
            }
            let made = edit::drop_blocks(document, decision.dialect, &goes);
            all.extend(made.map_err(|refusal| refusal.0)?);
            all.sort_by_key(|edit| (edit.span.start, edit.span.end));
            if !all.is_empty() {
                edits.insert(path, all);
            }
        }
        if edits.is_empty() {
            return Err(decided_elsewhere(fix, decision));
        }
        leftovers::check(
            decision,
            &edits,
            &dropped_names(&dropped),
            self.documents,
            self.texts,
        )?;
        let decisions: Vec<&Decision> =
            all.iter().map(|at| &self.analysis.decisions[*at]).collect();
        let left_over = beside.left_over(&dropped);
        let mut minded = Vec::new();
        minded.extend(beside.watched(fix, &decisions));
        minded.extend(beside.acting(fix, &decisions, &left_over));
        minded.extend(minds(fix, decision, document));
        let is_plain = dropped.is_empty() && minded.is_empty();
        let words = std::iter::once(fix.says.to_string());
        let words = words
            .chain(minded)
            .chain(Neighbours::left_over_words(&left_over));
        let words: Vec<String> = words.collect();
        Ok(FixDraft {
            decision: at,
            all: all.to_vec(),
            // What else goes, and what watches what goes, is for somebody to look at.
            safety: match is_plain {
                true => fix.safety,
                false => Safety::Unsafe,
            },
            says: words.join("; "),
            drops: dropped_names(&dropped),
            edits,
        })
    }

    /// The resources of a decision's template or module.
    fn beside(&self, decision: &Decision) -> &Neighbours<'k> {
        let key = match decision.dialect {
            Dialect::CloudFormation => Together::Template(Arc::clone(&decision.path)),
            _ => Together::Folder(super::folder(&decision.path).to_owned()),
        };
        self.together[&key].get_or_init(|| {
            let documents = self.documents.iter().filter(|(path, _)| match &key {
                Together::Template(own) => own == *path,
                Together::Folder(own) => own == super::folder(path),
            });
            let all = documents.flat_map(|(path, document)| written(path, document));
            Neighbours::new(all.collect(), self.texts, decision.dialect)
        })
    }

    /// Whether the fix is for a block as it is written.
    fn holds(
        &self,
        fix: &FixRecipe,
        decision: &Decision,
        document: &Document<'_>,
    ) -> Result<(), String> {
        let holds = fix.when.ask(&mut |property, test| {
            let property = &decision.rule.properties[property];
            test.ask(&AsWritten::of(property, decision, document))
        });
        match holds {
            Some(true) => Ok(()),
            Some(false) => Err(self.not_allowed(fix, decision, document, Some(false))),
            None => Err(self.not_allowed(fix, decision, document, None)),
        }
    }

    /// The setting that stands in the way of a fix, by the answer that its part of the condition gives.
    fn not_allowed(
        &self,
        fix: &FixRecipe,
        decision: &Decision,
        document: &Document<'_>,
        answer: Option<bool>,
    ) -> String {
        let parts = match &fix.when {
            Condition::All(parts) => &parts[..],
            one => std::slice::from_ref(one),
        };
        let of = |at: usize| AsWritten::of(&decision.rule.properties[at], decision, document);
        let mut failing = parts.iter().filter(|part| {
            let found: Option<bool> = part.ask(&mut |at, test| test.ask(&of(at)));
            found == answer
        });
        let mut tests = Vec::new();
        if let Some(part) = failing.next() {
            part.tests(&mut tests);
        }
        let Some((at, _)) = tests.first() else {
            return "its settings do not allow it as they are".to_owned();
        };
        let wording = Wording {
            catalogue: self.catalogue,
            rule: &decision.rule,
            names: Names::of(decision.dialect, &decision.kind),
            every_path: false,
        };
        let name = wording.property(&decision.rule.properties[*at]);
        let AsWritten(Some(values)) = of(*at) else {
            return format!("its {name} matters for it, and is not written out");
        };
        match &values[..] {
            [] => format!("its {name} matters for it, and is not written"),
            [value] if !value.is_empty() && value.len() <= MOST_SHOWN => {
                format!("its {name} does not allow it: `{value}`")
            }
            _ => format!("its {name} does not allow it"),
        }
    }

    /// What goes along with it.
    fn dropped<'n>(
        &self,
        at: usize,
        fix: &FixRecipe,
        beside: &'n Neighbours<'k>,
    ) -> Result<Vec<&'n WrittenResource<'k>>, String> {
        let decision = &self.analysis.decisions[at];
        if fix.drops.is_empty() && fix.never_with.is_empty() {
            return Ok(Vec::new());
        }
        let all = &beside.all;
        let by_address: HashMap<&str, &WrittenResource<'_>> =
            all.iter().map(|one| (&*one.address, one)).collect();
        let mut members = HashSet::new();
        let mut dropped = Vec::new();
        for member in &decision.members {
            let Some(one) = by_address.get(&**member) else {
                return Err(format!(
                    "{member}, which belongs to it, is written elsewhere or in a loop"
                ));
            };
            members.insert(&*one.address);
            if fix.never_with.iter().any(|kind| *kind == one.kind) {
                return Err(format!(
                    "{member} belongs to it and would have to change too"
                ));
            }
            if self.is_dropped(fix, one) {
                let owners = self.owners.get(&(decision.stack(), &*one.address));
                if owners.is_some_and(|owners| owners.len() > 1) {
                    return Err(format!("{member} does not belong to it alone"));
                }
                dropped.push(*one);
            }
        }
        // One that nobody is known to own may be its own.
        let stray = all.iter().find(|one| {
            let key = (decision.stack(), &*one.address);
            !members.contains(&*one.address)
                && self.is_dropped(fix, one)
                && !self.owners.contains_key(&key)
                && self.may_scale(fix, one, decision, beside)
        });
        match stray {
            Some(stray) => Err(format!(
                "{} may scale it, which nothing shows",
                stray.address
            )),
            None => Ok(dropped),
        }
    }

    /// Whether what scales something may scale a decision that it does not refer to.
    fn may_scale(
        &self,
        fix: &FixRecipe,
        one: &WrittenResource<'k>,
        decision: &Decision,
        beside: &Neighbours<'k>,
    ) -> bool {
        // A policy goes by its target, which is asked by itself.
        let by_target = beside.addressed(one).any(|other| {
            other.address != one.address && self.is_dropped(fix, other) && scaled::is_target(other)
        });
        !by_target && scaled::may_be(one, decision, beside)
    }

    fn is_dropped(&self, fix: &FixRecipe, one: &WrittenResource<'_>) -> bool {
        let rule = self.catalogue.rule(&one.kind);
        rule.is_some_and(|rule| fix.drops.contains(&rule.name))
    }

    /// Every block that changes, the decision's own first.
    fn changes<'c>(
        &'c self,
        fix: &'c FixRecipe,
        decision: &'c Decision,
    ) -> Result<Vec<BlockChanges<'c>>, String> {
        let globals = match &decision.decider {
            Some(found) if found.is_globals => Some(self.globals(fix, decision)?),
            _ => None,
        };
        let mut own = BlockChanges {
            path: Arc::clone(&decision.path),
            block: globals.as_ref().map_or(decision.block, |(block, _)| *block),
            below: globals.map(|(_, below)| below),
            changes: Vec::new(),
        };
        let mut others: Vec<BlockChanges<'_>> = Vec::new();
        let removed = fix.remove.iter().map(|name| (name, None));
        let set = fix.set.iter().map(|(name, value)| (name, Some(value)));
        for (name, value) in removed.chain(set) {
            let text = |kind: &str| match value {
                None => Ok(None),
                Some(value) => match value.written(decision.dialect, kind) {
                    Some(scalar) => Ok(Some(new_text(scalar))),
                    None => Err("its rule knows no value in this language".to_owned()),
                },
            };
            if let Some(property) = decision
                .rule
                .properties
                .iter()
                .find(|one| one.name == *name)
            {
                let paths = property.paths(decision.dialect, &decision.kind);
                own.changes.extend(changes(paths, text(&decision.kind)?)?);
                continue;
            }
            for (one, property) in self.joined(decision, name) {
                // It goes as a whole.
                if self.is_dropped(fix, one) {
                    continue;
                }
                let paths = property.paths(decision.dialect, &one.kind);
                let made = changes(paths, text(&one.kind)?)?;
                match others
                    .iter_mut()
                    .find(|other| other.block == one.block && other.path == one.path)
                {
                    Some(other) => other.changes.extend(made),
                    None => others.push(BlockChanges {
                        path: Arc::clone(&one.path),
                        block: one.block,
                        below: None,
                        changes: made,
                    }),
                }
            }
        }
        let all = std::iter::once(own).chain(others);
        Ok(all.filter(|block| !block.changes.is_empty()).collect())
    }

    /// The section of `Globals` that decides, where a fix may change it: it only takes something out. Of a section in which nothing
    /// would stay, what is around it, with the way down to it.
    fn globals(
        &self,
        fix: &FixRecipe,
        decision: &Decision,
    ) -> Result<(Span, Vec<PathStep>), String> {
        let section = decision.kind.strip_prefix("AWS::Serverless::");
        let document = self.documents.get(&decision.path);
        let is_plain = |node: Node<'_>| node.kind() == Kind::Mapping && !node.is_alias();
        let section = section.zip(document).and_then(|(name, document)| {
            document.roots().find_map(|root| {
                let globals = root.get("Globals").filter(|globals| is_plain(*globals))?;
                let section = globals.get(name).filter(|section| is_plain(*section))?;
                let key = |key: &str| PathStep::Key(key.to_owned().into());
                Some(
                    match (section.entries().count(), globals.entries().count()) {
                        (2.., _) => (section.span(), Vec::new()),
                        (_, 2..) => (globals.span(), vec![key(name)]),
                        _ => (root.span(), vec![key("Globals"), key(name)]),
                    },
                )
            })
        });
        section
            .filter(|_| fix.when.always() && fix.set.is_empty())
            .ok_or_else(|| decided_elsewhere(fix, decision))
    }

    /// The members of a decision that a join finds, with the property that a name with a dot means.
    fn joined<'c>(
        &'c self,
        decision: &'c Decision,
        name: &Text,
    ) -> Vec<(&'c WrittenResource<'k>, &'c Property)> {
        let rule: &Rule = &decision.rule;
        let found = name.split_once('.').and_then(|(join, name)| {
            let join = rule.joins.iter().find(|one| one.name == join)?;
            let property = join.properties.iter().find(|one| one.name == name)?;
            Some((join, property))
        });
        let Some((join, property)) = found else {
            return Vec::new();
        };
        let is_joined = |one: &&WrittenResource<'_>| match self.catalogue.entry(&one.kind) {
            Some(Entry::Rule(at)) => join.link.rules.contains(&at),
            _ => false,
        };
        let members = self.beside(decision).all.iter();
        let members = members.filter(|one| decision.members.contains(&one.address));
        members
            .filter(is_joined)
            .map(|one| (one, property))
            .collect()
    }

    /// Refuses what Terraform was told not to look at.
    fn heeded(&self, block: &BlockChanges<'_>) -> Result<(), String> {
        let body = self.documents.get(&block.path).and_then(|document| {
            let mut nodes = document.nodes();
            nodes.find(|node| node.kind() == Kind::Mapping && node.span() == block.block)
        });
        let ignored = body
            .and_then(|body| body.get("lifecycle"))
            .and_then(|lifecycle| lifecycle.get("ignore_changes"));
        let Some(ignored) = ignored else {
            return Ok(());
        };
        let words = ignored.written();
        let words = words.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        let words: HashSet<&str> = words.collect();
        for change in &block.changes {
            let Some(PathStep::Key(head)) = path_of(change).first() else {
                continue;
            };
            if words.contains(&**head) || words.contains("all") {
                return Err(format!(
                    "its `ignore_changes` keeps Terraform from looking at `{head}`"
                ));
            }
        }
        Ok(())
    }
}

/// What a fix asks to know about values of the block, each as a clause.
fn minds(fix: &FixRecipe, decision: &Decision, document: &Document<'_>) -> Vec<String> {
    let counts = |name: &Text| {
        let mut all = decision.rule.properties.iter();
        let property = all.find(|one| one.name == *name);
        property.is_some_and(|property| {
            let AsWritten(values) = AsWritten::of(property, decision, document);
            // What something else decides may count as well.
            values.is_none_or(|values| values.iter().any(|value| value.trim() != "-1"))
        })
    };
    let all = fix.minds.iter().filter(|(name, _)| counts(name));
    all.map(|(_, says)| says.to_string()).collect()
}

fn path_of<'p>(change: &PropertyChange<'p>) -> &'p [PathStep] {
    let (PropertyChange::Set(path, _)
    | PropertyChange::Rewrite(path, _)
    | PropertyChange::Remove(path)) = change;
    path
}

fn dropped_names(dropped: &[&WrittenResource<'_>]) -> Vec<String> {
    dropped.iter().map(|one| one.address.clone()).collect()
}

fn new_text(scalar: &NewScalar) -> NewText {
    match scalar {
        NewScalar::Truth(truth) => NewText::Bare(truth.to_string()),
        NewScalar::Number(number) => NewText::Bare(number.to_string()),
        NewScalar::Text(text) => NewText::Text(text.clone().into_owned()),
    }
}

fn changes(
    paths: &[Vec<PathStep>],
    value: Option<NewText>,
) -> Result<Vec<PropertyChange<'_>>, String> {
    let Some(value) = value else {
        return Ok(paths
            .iter()
            .map(|path| PropertyChange::Remove(path))
            .collect());
    };
    match paths {
        [] => Err("its rule knows no place for it in this language".to_owned()),
        [path] => Ok(vec![PropertyChange::Set(path, value)]),
        // Of several places, only those count in which it stands.
        _ => Ok(paths
            .iter()
            .map(|path| PropertyChange::Rewrite(path, value.clone()))
            .collect()),
    }
}

/// Where what decides is written, which is not its own block.
fn decided_elsewhere(fix: &FixRecipe, decision: &Decision) -> String {
    match &decision.decider {
        None => "what decides it is not written in its block".to_owned(),
        Some(found) => {
            let place = format!("{}:{}", found.path, found.start.line);
            match found.is_globals {
                true => format!("what decides it stands in `Globals` ({place})"),
                false => {
                    let says = &found.says;
                    // No other value may do.
                    let hand = match fix.set.is_empty() {
                        true => "; take the property itself out by hand",
                        false => "",
                    };
                    format!("what decides it is not written in its block: {says} ({place}){hand}")
                }
            }
        }
    }
}

/// The values of a property as its block has them; none where something else decides them.
struct AsWritten(Option<Vec<String>>);

impl AsWritten {
    fn of(property: &Property, decision: &Decision, document: &Document<'_>) -> Self {
        let mut all = Vec::new();
        for path in property.paths(decision.dialect, &decision.kind) {
            match edit::written(document, decision.block, decision.dialect, path) {
                Ok(found) => all.extend(found),
                Err(_) => return Self(None),
            }
        }
        if all.is_empty() {
            all.extend(property.default.as_deref().map(str::to_owned));
        }
        Self(Some(all))
    }
}

impl Values for AsWritten {
    type Answer = Option<bool>;

    fn some(&self, passes: &dyn Fn(&str) -> bool) -> Option<bool> {
        let values = self.0.as_ref()?;
        Some(values.iter().any(|value| passes(value)))
    }

    fn present(&self) -> Option<bool> {
        Some(!self.0.as_ref()?.is_empty())
    }
}
