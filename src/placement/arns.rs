//! Names in ARNs: `arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:resize` means the function of that name, in a policy as in a
//! state machine.
//!
//! Only ARNs of the stack's own account and region count, and only names that one resource of the stack bears.

use rustc_hash::FxHashMap;

use super::names::spelled;
use crate::blocks::{Child, Expr, Function, Place, Template, unit};
use crate::eval::Resolver;
use crate::graph::{NamedByArn, PropertyPath};
use crate::rulebook::landscape::{self, ArnName};

/// Nesting beyond which nothing is followed.
const DEEPEST: u32 = 32;
/// Values that are looked at in a template.
const MOST: u32 = 1_000_000;

/// Letters of an ARN, and steps at its end.
const LONGEST: usize = 1024;
const MOST_ENDS: usize = 8;

/// Who writes down whose ARN.
#[must_use]
pub fn named_by_arn(template: &Template<'_>) -> Vec<NamedByArn> {
    let resolver = Resolver::new(template);
    let bearers = bearers(&resolver);
    if bearers.is_empty() {
        return Vec::new();
    }
    let mut walk = Walk {
        resolver: &resolver,
        bearers: &bearers,
        from: 0,
        path: PropertyPath::default(),
        place: None,
        left: MOST,
        found: Vec::new(),
    };
    for (from, resource) in template.resources.iter().enumerate() {
        walk.from = from;
        for entry in &resource.properties {
            walk.place = Some(entry.place.unwrap_or(resource.type_place));
            walk.path.push_key(&entry.key);
            walk.follow(&entry.value, 0);
            walk.path.pop();
        }
    }
    walk.found
}

/// The stack, the service, and what its ARN ends in.
type Bearers = FxHashMap<(usize, &'static str, String), Option<usize>>;

/// Which resource bears which name; nothing where two do.
fn bearers(resolver: &Resolver<'_, '_>) -> Bearers {
    let template = resolver.template();
    let mut bearers = Bearers::default();
    for (at, resource) in template.resources.iter().enumerate() {
        let Some(arn) = landscape::arn_name(&resource.kind) else {
            continue;
        };
        let mut properties = resource.properties.iter();
        let Some(entry) = properties.find(|entry| entry.key == arn.property) else {
            continue;
        };
        resolver.refuel();
        let Some(name) = spelled(resolver, &entry.value, 0).filter(|name| !name.is_empty()) else {
            continue;
        };
        let ArnName {
            service, before, ..
        } = *arn;
        let tail = format!("{before}{}", here(&name));
        bearers
            .entry((unit(&resource.scope), service, tail))
            .and_modify(|known| *known = None)
            .or_insert(Some(at));
    }
    bearers
}

/// A text without what is the same all over a stack.
fn here(text: &str) -> String {
    text.replace("${AWS::Partition}", "aws")
        .replace("${AWS::Region}", "")
        .replace("${AWS::AccountId}", "")
}

struct Walk<'w, 'a, 't> {
    resolver: &'w Resolver<'a, 't>,
    bearers: &'w Bearers,
    from: usize,
    path: PropertyPath,
    place: Option<Place>,
    left: u32,
    found: Vec<NamedByArn>,
}

impl<'t> Walk<'_, '_, 't> {
    fn follow(&mut self, child: &Child<'t>, depth: u32) {
        if depth > DEEPEST || self.left == 0 {
            return;
        }
        self.left -= 1;
        let before = self.place;
        if let Some(node) = child.as_node() {
            self.place = Some(node.place());
        }
        match self.resolver.template().expr(child) {
            Expr::Text(text) => self.read(&text),
            Expr::List(children) => {
                for (at, child) in children.iter().enumerate() {
                    self.path.push_at(at);
                    self.follow(&child, depth + 1);
                    self.path.pop();
                }
            }
            Expr::Map(entries) => {
                for entry in entries.iter() {
                    self.path.push_key(&entry.key);
                    self.follow(&entry.value, depth + 1);
                    self.path.pop();
                }
            }
            Expr::Call(Function::Substitute | Function::Template, parts) => {
                let parts = parts.iter().map(|part| {
                    self.resolver.refuel();
                    spelled(self.resolver, &part, 0).unwrap_or_else(|| "${}".to_owned())
                });
                let text: String = parts.collect();
                self.read(&text);
            }
            Expr::Call(Function::Join, arguments) => {
                self.resolver.refuel();
                match spelled(self.resolver, child, 0) {
                    Some(text) => self.read(&text),
                    None => {
                        for child in arguments.iter() {
                            self.follow(&child, depth + 1);
                        }
                    }
                }
            }
            Expr::Call(_, arguments) => {
                for child in arguments.iter() {
                    self.follow(&child, depth + 1);
                }
            }
            _ => {}
        }
        self.place = before;
    }

    /// Notes whose ARN stands in a text.
    fn read(&mut self, text: &str) {
        if !text.contains("arn:") {
            return;
        }
        let stack = unit(&self.resolver.template().resources[self.from].scope);
        let text = here(text);
        for (start, _) in text.match_indices("arn:") {
            let arn = &text[start..];
            let Some((service, tail)) = parts(whole(arn)) else {
                continue;
            };
            let key = |tail: &str| (stack, service, tail.to_owned());
            let known = ends(tail).find_map(|end| self.bearers.get(&key(&tail[..end])));
            if let (Some(Some(to)), Some(place)) = (known.copied(), self.place)
                && to != self.from
            {
                self.found.push(NamedByArn {
                    from: self.from,
                    to,
                    path: self.path.clone(),
                    place,
                });
            }
        }
    }
}

/// What begins here, up to where an ARN can't go on.
fn whole(arn: &str) -> &str {
    let is_end = |letter: char| {
        matches!(letter, '"' | '\'' | '\\' | ',' | ')' | ']') || letter.is_whitespace()
    };
    let mut letters = arn.char_indices().take(LONGEST + 1);
    match letters.find(|(at, letter)| is_end(*letter) || *at >= LONGEST) {
        Some((end, _)) => &arn[..end],
        None => arn,
    }
}

/// The service of an ARN of this account and region, and what stands behind the account.
fn parts(arn: &str) -> Option<(&'static str, &str)> {
    let mut parts = arn.splitn(6, ':').skip(2);
    let (service, region, account, tail) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_here = [region, account]
        .iter()
        .all(|part| matches!(*part, "" | "*"));
    let service = landscape::arn_service(service)?;
    is_here.then_some((service, tail))
}

/// Where a name may end: a version, an index or a key may follow it.
fn ends(tail: &str) -> impl Iterator<Item = usize> {
    let mut depth = 0;
    let inner = tail.char_indices().filter_map(move |(at, letter)| {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        (matches!(letter, ':' | '/') && depth == 0).then_some(at)
    });
    std::iter::once(tail.len()).chain(inner).take(MOST_ENDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_of_another_account_is_no_name_of_this_stack() {
        assert_eq!(
            parts("arn:aws:lambda:::function:f"),
            Some(("lambda", "function:f"))
        );
        assert_eq!(
            parts("arn:aws:lambda:*:*:function:f"),
            Some(("lambda", "function:f"))
        );
        assert_eq!(parts("arn:aws:s3:::b/*"), Some(("s3", "b/*")));
        for other in [
            "arn:aws:lambda:eu-west-1:123456789012:function:f",
            "arn:aws:nobody:::f",
            "arn:aws:lambda",
            "arn:",
        ] {
            assert_eq!(parts(other), None, "{other}");
        }
    }

    #[test]
    fn what_follows_a_name_is_no_part_of_it() {
        let ends: Vec<&str> = ends("table/${AWS::StackName}-x/index/y")
            .map(|end| &"table/${AWS::StackName}-x/index/y"[..end])
            .collect();
        assert!(ends.contains(&"table/${AWS::StackName}-x"));
        assert!(!ends.contains(&"table/${AWS"));
    }
}
