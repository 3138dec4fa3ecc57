//! From a rule's fix to the edits of one decision.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::held_texts::HeldTexts;
use super::neighbours::Neighbours;
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

/// A resource as it is written.
#[derive(Clone, Debug)]
pub(super) struct WrittenResource {
    pub path: Arc<str>,
    pub address: String,
    pub kind: String,
    pub block: Span,
}

/// Letters of a value beyond which it is not repeated.
const MOST_SHOWN: usize = 60;

/// What is at hand for all fixes of a run.
pub(super) struct Workbench<'k> {
    analysis: &'k Analysis,
    texts: &'k HeldTexts,
    documents: &'k BTreeMap<Arc<str>, Document<'k>>,
    catalogue: &'k Catalogue,
    /// The resources of each file.
    resources: BTreeMap<Arc<str>, Vec<WrittenResource>>,
    /// Which decisions a resource belongs to: the file or the folder that is deployed together, and the address.
    owners: HashMap<(Arc<str>, &'k str), Vec<usize>>,
}

/// Changes of one block.
struct BlockChanges<'c> {
    path: Arc<str>,
    block: Span,
    /// Properties stand right in it: it is a section of `Globals`.
    is_bare: bool,
    changes: Vec<PropertyChange<'c>>,
}

impl<'k> Workbench<'k> {
    pub fn new(
        analysis: &'k Analysis,
        texts: &'k HeldTexts,
        documents: &'k BTreeMap<Arc<str>, Document<'k>>,
        catalogue: &'k Catalogue,
    ) -> Self {
        let resources = documents.iter();
        let resources =
            resources.map(|(path, document)| (Arc::clone(path), written(path, document)));
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
            resources: resources.collect(),
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
        let here = self.here(decision);
        let beside = Neighbours {
            all: &here,
            texts: self.texts,
            documents: self.documents,
        };
        if let Some(why) = beside.forbids(fix, decision) {
            return Err(why);
        }
        let dropped = self.dropped(at, fix)?;
        for other in others {
            if let Some(one) = self.dropped(*other, fix)?.first() {
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
                let dialect = match block.is_bare {
                    true => Dialect::Terraform,
                    false => decision.dialect,
                };
                let made = edit::change(document, block.block, dialect, &block.changes, &goes);
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
            return Err(decided_elsewhere(decision));
        }
        leftovers::check(
            decision,
            &edits,
            &dropped_names(&dropped),
            self.documents,
            self.texts,
        )?;
        let watched = beside.watched(fix, decision);
        let words = [
            Some(fix.says.to_string()),
            watched.clone(),
            beside.left_over(&dropped),
        ];
        let words: Vec<String> = words.into_iter().flatten().collect();
        Ok(FixDraft {
            decision: at,
            all: all.to_vec(),
            // What else goes, and what watches what goes, is for somebody to look at.
            safety: match dropped.is_empty() && watched.is_none() {
                true => fix.safety,
                false => Safety::Unsafe,
            },
            says: words.join("; "),
            drops: dropped_names(&dropped),
            edits,
        })
    }

    /// The resources of a decision's template or module.
    fn here(&self, decision: &Decision) -> Vec<&WrittenResource> {
        let here = |path: &str| match decision.dialect {
            Dialect::CloudFormation => path == &*decision.path,
            _ => super::folder(path) == super::folder(&decision.path),
        };
        let all = self.resources.iter().filter(|(path, _)| here(path));
        all.flat_map(|(_, written)| written).collect()
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
    fn dropped(&self, at: usize, fix: &FixRecipe) -> Result<Vec<&WrittenResource>, String> {
        let decision = &self.analysis.decisions[at];
        if fix.drops.is_empty() && fix.never_with.is_empty() {
            return Ok(Vec::new());
        }
        let all = self.here(decision);
        let by_address: HashMap<&str, &WrittenResource> =
            all.iter().map(|one| (&*one.address, *one)).collect();
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
        });
        match stray {
            Some(stray) => Err(format!(
                "{} may scale it, which nothing shows",
                stray.address
            )),
            None => Ok(dropped),
        }
    }

    fn is_dropped(&self, fix: &FixRecipe, one: &WrittenResource) -> bool {
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
            block: globals.unwrap_or(decision.block),
            is_bare: globals.is_some(),
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
                        is_bare: false,
                        changes: made,
                    }),
                }
            }
        }
        let all = std::iter::once(own).chain(others);
        Ok(all.filter(|block| !block.changes.is_empty()).collect())
    }

    /// The section of `Globals` that decides, where a fix may change it: it only takes something out, and leaves something there.
    fn globals(&self, fix: &FixRecipe, decision: &Decision) -> Result<Span, String> {
        let section = decision.kind.strip_prefix("AWS::Serverless::");
        let document = self.documents.get(&decision.path);
        let section = section.zip(document).and_then(|(section, document)| {
            let mut globals = document.roots().filter_map(|root| root.get("Globals"));
            globals.find_map(|globals| globals.get(section))
        });
        let is_plain = |section: &Node<'_>| {
            let is_whole = section.kind() == Kind::Mapping && !section.is_alias();
            is_whole && section.entries().count() > 1
        };
        section
            .filter(is_plain)
            .filter(|_| fix.when.always() && fix.set.is_empty())
            .map(|section| section.span())
            .ok_or_else(|| decided_elsewhere(decision))
    }

    /// The members of a decision that a join finds, with the property that a name with a dot means.
    fn joined<'c>(
        &'c self,
        decision: &'c Decision,
        name: &Text,
    ) -> Vec<(&'c WrittenResource, &'c Property)> {
        let rule: &Rule = &decision.rule;
        let found = name.split_once('.').and_then(|(join, name)| {
            let join = rule.joins.iter().find(|one| one.name == join)?;
            let property = join.properties.iter().find(|one| one.name == name)?;
            Some((join, property))
        });
        let Some((join, property)) = found else {
            return Vec::new();
        };
        let is_joined = |one: &&WrittenResource| match self.catalogue.entry(&one.kind) {
            Some(Entry::Rule(at)) => join.link.rules.contains(&at),
            _ => false,
        };
        let files = self
            .resources
            .iter()
            .filter(|(path, _)| match decision.dialect {
                Dialect::CloudFormation => **path == decision.path,
                _ => super::folder(path) == super::folder(&decision.path),
            });
        let members = files.flat_map(|(_, all)| all);
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
            let (PropertyChange::Set(path, _)
            | PropertyChange::Rewrite(path, _)
            | PropertyChange::Remove(path)) = change;
            let Some(PathStep::Key(head)) = path.first() else {
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

fn dropped_names(dropped: &[&WrittenResource]) -> Vec<String> {
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
fn decided_elsewhere(decision: &Decision) -> String {
    match &decision.decider {
        None => "what decides it is not written in its block".to_owned(),
        Some(found) => {
            let place = format!("{}:{}", found.path, found.start.line);
            match found.is_globals {
                true => format!("what decides it stands in `Globals` ({place})"),
                false => format!(
                    "what decides it is not written in its block: {} ({place})",
                    found.says
                ),
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

/// The resources of a file, as far as they are written out.
fn written(path: &Arc<str>, document: &Document<'_>) -> Vec<WrittenResource> {
    let mut all = Vec::new();
    let mut add = |address: String, kind: String, body: Node<'_>| {
        if body.kind() == Kind::Mapping && !body.is_alias() {
            all.push(WrittenResource {
                path: Arc::clone(path),
                address,
                kind,
                block: body.span(),
            });
        }
    };
    for root in document.roots() {
        if let Some(resources) = root.get("Resources") {
            for (id, body) in resources.entries() {
                let kind = body.get("Type").map(|kind| kind.text().into_owned());
                add(id.text().into_owned(), kind.unwrap_or_default(), body);
            }
            continue;
        }
        for (_, types) in root.entries().filter(|(key, _)| key.is("resource")) {
            for types in one_or_more(types) {
                for (kind, names) in types.entries() {
                    for names in one_or_more(names) {
                        for (name, body) in names.entries() {
                            for body in one_or_more(body) {
                                let kind = kind.text().into_owned();
                                add(format!("{kind}.{}", name.text()), kind, body);
                            }
                        }
                    }
                }
            }
        }
    }
    all
}

/// In JSON, what stands once may stand in a list.
fn one_or_more(node: Node<'_>) -> Vec<Node<'_>> {
    match node.kind() {
        Kind::Sequence => node.items().collect(),
        _ => vec![node],
    }
}
