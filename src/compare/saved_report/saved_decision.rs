//! A decision as a report has it.

use std::sync::Arc;

use serde::Deserialize;

use super::saved_rules::SavedRules;
use super::{SourceFields, SpanFields};
use crate::analysis::{
    Carrier, Decision, Deployed, Dialect, Ending, Field, Justification, Owner, OwnerFrom, Reach,
    Reason, Rung, Signature, WrittenBlock, usual_severity,
};
use crate::base::Code;
use crate::base::finding::fingerprint;
use crate::base::source::{Place, Position, Span};

#[derive(Deserialize)]
pub struct SavedDecisionView {
    path: String,
    address: String,
    #[serde(default)]
    construct: Option<String>,
    #[serde(default)]
    root: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    ladder: String,
    rung: u8,
    #[serde(default)]
    reachable: Vec<ReachFields>,
    #[serde(default)]
    assumed: Option<String>,
    #[serde(default)]
    deployments: Vec<DeployedFields>,
    #[serde(default)]
    left_out: bool,
    #[serde(default)]
    conditional: bool,
    #[serde(default)]
    conditional_on: Vec<String>,
    #[serde(default)]
    doubts: Vec<String>,
    #[serde(default)]
    fallback: bool,
    #[serde(default)]
    members: Vec<String>,
    #[serde(default)]
    members_unlisted: usize,
    #[serde(default)]
    members_elsewhere: Vec<MemberFields>,
    #[serde(default)]
    owner: Option<String>,
    #[serde(default)]
    owners: Vec<String>,
    #[serde(default)]
    owner_from: Option<OwnerFromFields>,
    #[serde(default)]
    stream: Option<String>,
    #[serde(default)]
    justification: Option<JustificationFields>,
    #[serde(default)]
    rule: String,
    #[serde(default)]
    says: String,
    #[serde(default)]
    lifecycle: Vec<LifecycleFields>,
    span: SpanFields,
    #[serde(default)]
    source: Option<SourceFields>,
    #[serde(default)]
    planned: Vec<MemberFields>,
    #[serde(default)]
    signature: Option<String>,
}

#[derive(Deserialize)]
struct ReachFields {
    rung: u8,
    #[serde(default)]
    when: String,
    #[serde(default)]
    deployments: Vec<String>,
}

#[derive(Deserialize)]
struct DeployedFields {
    name: String,
    rung: Option<u8>,
}

#[derive(Deserialize)]
struct MemberFields {
    path: String,
    address: String,
}

#[derive(Deserialize)]
struct OwnerFromFields {
    by: String,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    line: Option<u32>,
}

#[derive(Deserialize)]
struct LifecycleFields {
    code: String,
    name: String,
    #[serde(default)]
    justified: bool,
}

#[derive(Deserialize)]
struct JustificationFields {
    because: Option<String>,
    reason: Option<String>,
    owner: Option<String>,
    expires: Option<String>,
    evidence: Option<String>,
    #[serde(default)]
    by: Option<String>,
    #[serde(default, rename = "for")]
    instance: Option<String>,
    carrier: String,
    path: String,
    line: u32,
}

impl SavedDecisionView {
    /// Changes every path in it.
    pub fn paths(&mut self, change: &dyn Fn(&mut String)) {
        change(&mut self.path);
        self.root.iter_mut().for_each(change);
        self.source
            .iter_mut()
            .for_each(|source| change(&mut source.path));
        let elsewhere = self.members_elsewhere.iter_mut().chain(&mut self.planned);
        elsewhere.for_each(|one| change(&mut one.path));
        self.justification
            .iter_mut()
            .for_each(|one| change(&mut one.path));
        let owner = self.owner_from.as_mut().and_then(|from| from.path.as_mut());
        owner.into_iter().for_each(change);
    }

    /// Whether it says what tells it from others under another name.
    pub fn has_signature(&self) -> bool {
        self.signature.is_some()
    }

    /// The decision, as far as it is said.
    ///
    /// # Errors
    /// Something in it is nothing that a report has.
    pub fn decision(self, rules: &mut SavedRules<'_>, is_strict: bool) -> Result<Decision, String> {
        let rung = rung(self.rung)?;
        let (rule, case) = rules.rule(&self.rule, &self.ladder, &self.kind, rung, &self.says);
        let reachable = self.reachable.into_iter().map(ReachFields::reach);
        let is_given = !self.deployments.is_empty();
        let deployments = self.deployments.into_iter().map(DeployedFields::deployed);
        let endings = self.lifecycle.iter().filter_map(|one| {
            let number = rule
                .lifecycle
                .iter()
                .position(|entry| *entry.name == *one.name)?;
            let Ok(Code::Lifecycle(code)) = one.code.parse() else {
                return None;
            };
            Some(Ending {
                number,
                code,
                is_settled: one.justified,
            })
        });
        // What a report does not say is like nothing else.
        let signature = self.signature.as_deref().and_then(Signature::read);
        let signature =
            signature.unwrap_or_else(|| Signature::of(&fingerprint(&[&self.path, &self.address])));
        let dialect = dialect(&self.path, &self.kind, self.source.is_some());
        Ok(Decision {
            dialect,
            endings: endings.collect(),
            reachable: reachable.collect::<Result<_, _>>()?,
            assumed: self.assumed,
            is_given,
            deployments: deployments.collect::<Result<_, _>>()?,
            is_left_out: self.left_out,
            is_counted: !self.left_out || is_strict,
            former: Vec::new(),
            is_of_several_roots: false,
            is_default_child: false,
            generator: None,
            conditional: self.conditional,
            conditional_on: self.conditional_on,
            doubts: self.doubts,
            changed_members: Vec::new(),
            shown_members: self.members.clone(),
            members: self.members,
            unlisted_members: self.members_unlisted,
            elsewhere: self
                .members_elsewhere
                .into_iter()
                .map(MemberFields::address_and_path)
                .collect(),
            fallback: self.fallback,
            can_fall: false,
            severity: usual_severity(rung),
            is_off: false,
            justification: self.justification.map(JustificationFields::justification),
            contradicted: Vec::new(),
            owner: owner(self.owner, self.owners, self.owner_from),
            stream: self.stream.map(Arc::from),
            signature,
            fix: None,
            decider: None,
            start: self.span.start.position(),
            end: self.span.end.position(),
            written: self.source.map(|source| WrittenBlock {
                path: Arc::from(source.path),
                address: source.address.unwrap_or_else(|| self.address.clone()),
                start: source.span.start.position(),
                end: source.span.end.position(),
                block: Span::default(),
            }),
            planned: self
                .planned
                .into_iter()
                .map(|one| (Arc::from(one.path), one.address))
                .collect(),
            block: Span::default(),
            path: Arc::from(self.path),
            address: self.address,
            root: self.root.map(Arc::from),
            construct: self.construct,
            kind: self.kind,
            rule,
            case,
            rung,
        })
    }
}

impl ReachFields {
    fn reach(self) -> Result<Reach, String> {
        let deployments: Vec<Arc<str>> = self.deployments.into_iter().map(Arc::from).collect();
        let when = match self.when.rsplit_once("when ") {
            // The deployments are said in it.
            Some((_, when)) if !deployments.is_empty() => when.to_owned(),
            None if !deployments.is_empty() => String::new(),
            _ => self.when,
        };
        Ok(Reach {
            rung: rung(self.rung)?,
            when,
            deployments,
        })
    }
}

impl DeployedFields {
    fn deployed(self) -> Result<Deployed, String> {
        Ok(Deployed {
            name: Arc::from(self.name),
            rung: self.rung.map(rung).transpose()?,
        })
    }
}

impl MemberFields {
    fn address_and_path(self) -> (String, Arc<str>) {
        (self.address, Arc::from(self.path))
    }
}

impl JustificationFields {
    fn justification(self) -> Justification {
        let carriers = [
            Carrier::Metadata,
            Carrier::Comment,
            Carrier::Slashes,
            Carrier::Ledger,
            Carrier::Context,
        ];
        let carrier = carriers.into_iter().find(|one| one.name() == self.carrier);
        let nowhere = Place {
            file: 0,
            span: Span::default(),
        };
        let field = |text: Option<String>| {
            text.map(|text| Field {
                text,
                span: Span::default(),
            })
        };
        Justification {
            reason: Reason {
                because: field(self.because),
                reason: field(self.reason),
                owner: field(self.owner),
                expires: field(self.expires),
                evidence: field(self.evidence),
                by: field(self.by),
                instance: field(self.instance),
                ..Reason::new(carrier.unwrap_or(Carrier::Ledger), nowhere)
            },
            path: Arc::from(self.path),
            start: Position {
                line: self.line.max(1),
                column: 1,
                offset: 0,
            },
        }
    }
}

pub(super) fn rung(number: u8) -> Result<Rung, String> {
    let found = Rung::ALL.into_iter().find(|rung| rung.number() == number);
    found.ok_or_else(|| format!("there is no rung {number}"))
}

fn owner(
    owner: Option<String>,
    owners: Vec<String>,
    from: Option<OwnerFromFields>,
) -> Option<Owner> {
    let names = match owners.is_empty() {
        true => vec![owner?],
        false => owners,
    };
    let place = from
        .as_ref()
        .and_then(|from| Some((Arc::from(from.path.as_deref()?), from.line.unwrap_or(1))));
    let from = match (from.as_ref().map(|from| &*from.by), place) {
        (Some("reason"), Some((path, line))) => OwnerFrom::Reason(path, line),
        (Some("context"), Some((path, line))) => OwnerFrom::Context(path, line),
        (Some("codeowners"), Some((path, line))) => OwnerFrom::Codeowners(path, line),
        _ => OwnerFrom::Stream,
    };
    Some(Owner {
        names: names.into_iter().map(Arc::from).collect(),
        from,
    })
}

pub(super) fn dialect(path: &str, kind: &str, has_source: bool) -> Dialect {
    if kind.contains("::") {
        return Dialect::CloudFormation;
    }
    let is_terraform = path.ends_with(".tf") || path.ends_with(".tf.json");
    match is_terraform && !has_source {
        true => Dialect::Terraform,
        false => Dialect::Plan,
    }
}
