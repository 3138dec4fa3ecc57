//! What a scaling target may scale that does not refer to it: by the names of both, as far as they are written out.

use super::neighbours::Neighbours;
use super::written_resource::WrittenResource;
use crate::base::Dialect;
use crate::placement::Decision;
use crate::syntax::{Kind, Node};

/// How the resource id of a target begins, by how the types begin that it scales.
const HEADS: [(&str, &str); 6] = [
    ("AWS::Cassandra::", "keyspace/"),
    ("AWS::DynamoDB::", "table/"),
    ("AWS::Serverless::SimpleTable", "table/"),
    ("aws_dynamodb_", "table/"),
    ("aws_keyspaces_", "keyspace/"),
    ("awscc_dynamodb_", "table/"),
];

/// Letters of a logical id from which on the name that is made of it may hold only a part.
const LONG: usize = 60;

/// What is known of a text: how it begins and ends, or all of it.
struct Known {
    start: String,
    end: String,
    is_whole: bool,
}

impl Known {
    const fn nothing() -> Self {
        Self {
            start: String::new(),
            end: String::new(),
            is_whole: false,
        }
    }

    fn of(node: Node<'_>, dialect: Dialect) -> Self {
        if node.is_alias() {
            return Self::nothing();
        }
        match node.kind() {
            Kind::Scalar if node.tag().is_none() => {
                // In CloudFormation, only `Fn::Sub` looks into a text.
                let text = node.text();
                Self::of_text(&text, dialect != Dialect::CloudFormation)
            }
            Kind::Scalar if node.tag() == Some("!Sub") => Self::of_text(&node.text(), true),
            Kind::Mapping if node.tag().is_none() => {
                let text = node.get("Fn::Sub");
                let text = text.filter(|text| text.kind() == Kind::Scalar && !text.is_alias());
                text.map_or_else(Self::nothing, |text| Self::of_text(&text.text(), true))
            }
            _ => Self::nothing(),
        }
    }

    fn of_text(text: &str, is_template: bool) -> Self {
        let open = ["${", "%{"].iter().filter_map(|sign| text.find(sign)).min();
        match open.filter(|_| is_template) {
            None => Self {
                start: text.to_owned(),
                end: text.to_owned(),
                is_whole: true,
            },
            Some(open) => {
                let close = text.rfind('}').map_or(text.len(), |at| at + 1);
                Self {
                    start: text[..open].to_owned(),
                    end: text[close.max(open)..].to_owned(),
                    is_whole: false,
                }
            }
        }
    }

    /// Whether two texts can be one.
    fn may_be(&self, other: &Self) -> bool {
        match (self.is_whole, other.is_whole) {
            (true, true) => self.start == other.start,
            (true, false) => other.fits(&self.start),
            (false, true) => self.fits(&other.start),
            (false, false) => {
                let starts =
                    self.start.starts_with(&other.start) || other.start.starts_with(&self.start);
                let ends = self.end.ends_with(&other.end) || other.end.ends_with(&self.end);
                starts && ends
            }
        }
    }

    fn fits(&self, text: &str) -> bool {
        text.len() >= self.start.len() + self.end.len()
            && text.starts_with(&self.start)
            && text.ends_with(&self.end)
    }
}

/// Whether a resource says what is scaled: policies go by it.
pub(super) fn is_target(one: &WrittenResource<'_>) -> bool {
    one.kind.ends_with("ScalableTarget") || one.kind.ends_with("appautoscaling_target")
}

/// Whether the resource id of what scales can be that of a decision. Of what nothing is known, it can.
pub(super) fn may_be<'k>(
    scales: &WrittenResource<'k>,
    decision: &Decision,
    beside: &Neighbours<'k>,
) -> bool {
    let head = HEADS
        .iter()
        .find(|(start, _)| decision.kind.starts_with(start));
    let Some((_, head)) = head else { return true };
    let dialect = decision.dialect;
    let properties = beside.properties(scales);
    let id = properties.and_then(|properties| {
        let names = ["ResourceId", "resource_id"].into_iter();
        names.filter_map(|name| properties.get(name)).next()
    });
    let Some(id) = id else { return true };
    let mut id = Known::of(id, dialect);
    // An index is scaled by itself, and is one of its table.
    if let Some(at) = id.end.find("/index/") {
        id.end.truncate(at);
    }
    if id.is_whole {
        id.start.clone_from(&id.end);
    }
    let own = beside.own(decision);
    let own = own.and_then(|own| beside.properties(own));
    let name = own.and_then(|own| {
        let names = ["TableName", "table_name", "name"].into_iter();
        names.filter_map(|name| own.get(name)).next()
    });
    match name.map(|name| Known::of(name, dialect)) {
        Some(name) => {
            let is_whole = name.is_whole && *head == "table/";
            let start = match *head {
                "table/" => format!("table/{}", name.start),
                head => head.to_owned(),
            };
            let end = match (is_whole, name.is_whole) {
                (true, _) => start.clone(),
                (false, true) => format!("/{}", name.end),
                (false, false) => name.end,
            };
            id.may_be(&Known {
                start,
                end,
                is_whole,
            })
        }
        None => {
            let start = Known {
                start: (*head).to_owned(),
                end: String::new(),
                is_whole: false,
            };
            // A name that CloudFormation makes holds the logical id.
            let is_made = dialect == Dialect::CloudFormation && decision.address.len() < LONG;
            let holds = || id.start.contains(&format!("-{}-", decision.address));
            id.may_be(&start) && (!is_made || !id.is_whole || holds())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Known;

    #[test]
    fn texts_can_be_one_where_nothing_known_speaks_against_it() {
        let of = |text: &str| Known::of_text(text, true);
        for (one, other, can) in [
            ("table/a", "table/a", true),
            ("table/a", "table/b", false),
            ("table/a", "${var.a}", true),
            ("table/a", "table/${var.a}", true),
            ("table/a", "service/${var.a}", false),
            ("table/a-b", "table/${x}-b", true),
            ("table/a-c", "table/${x}-b", false),
            ("table/b", "table/${x}b", true),
            ("table/${x}-a", "table/${y}-b", false),
            ("table/${x}-a", "table/${y}", true),
            ("table/a${x}", "table/b${x}", false),
        ] {
            assert_eq!(of(one).may_be(&of(other)), can, "{one} {other}");
            assert_eq!(of(other).may_be(&of(one)), can, "{other} {one}");
        }
    }
}
