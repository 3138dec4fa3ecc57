//! What is written beside a dot. A Terraform address begins with every module on the way, which is the same for most of a map and says
//! least: only the module that tells one resource from another stays.

use std::collections::HashMap;

use crate::landscape::Landscape;

/// One for each component, in order.
pub(super) fn labels(map: &Landscape) -> Vec<String> {
    let names: Vec<&str> = map.components.iter().map(|one| &*one.name).collect();
    told_apart(&names)
}

/// An address in parts: the modules on the way, and what is left.
struct Address<'n> {
    modules: Vec<&'n str>,
    rest: &'n str,
}

impl<'n> Address<'n> {
    fn of(name: &'n str) -> Self {
        let mut modules = Vec::new();
        let mut rest = name;
        while let Some(inner) = rest.strip_prefix("module.")
            && let Some(end) = end_of_step(inner)
            && !inner[..end].is_empty()
            && !inner[end + 1..].is_empty()
        {
            modules.push(&inner[..end]);
            rest = &inner[end + 1..];
        }
        Self { modules, rest }
    }
}

/// Where the first step of an address ends: at a dot that stands in no key.
fn end_of_step(address: &str) -> Option<usize> {
    let mut is_key = false;
    let mut is_escaped = false;
    for (at, c) in address.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_key => is_escaped = true,
            '"' => is_key = !is_key,
            '.' if !is_key => return Some(at),
            _ => {}
        }
    }
    None
}

fn told_apart(names: &[&str]) -> Vec<String> {
    let addresses: Vec<Address<'_>> = names.iter().map(|name| Address::of(name)).collect();
    let mut alike: HashMap<&str, usize> = HashMap::new();
    let mut through: HashMap<(&str, &str), usize> = HashMap::new();
    for Address { modules, rest } in &addresses {
        *alike.entry(rest).or_default() += 1;
        let mut own = modules.clone();
        own.sort_unstable();
        own.dedup();
        for module in own {
            *through.entry((rest, module)).or_default() += 1;
        }
    }
    let label = |(name, address): (&&str, &Address<'_>)| {
        let Address { modules, rest } = address;
        if alike[rest] == 1 {
            return (*rest).to_owned();
        }
        let mut inner = modules.iter().enumerate().rev();
        match inner.find(|(_, module)| through[&(*rest, **module)] == 1) {
            Some((at, module)) if at + 1 == modules.len() => format!("{module}.{rest}"),
            Some((_, module)) => format!("{module}…{rest}"),
            None => (*name).to_owned(),
        }
    };
    names.iter().zip(&addresses).map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_that_tell_nothing_apart_are_left_out() {
        let names = [
            "module.run.module.hook.aws_apigatewayv2_api.hook",
            "module.run.module.hook.aws_lambda_function.hook",
            "aws_sqs_queue.builds",
        ];
        let labels = told_apart(&names);
        assert_eq!(
            labels,
            [
                "aws_apigatewayv2_api.hook",
                "aws_lambda_function.hook",
                "aws_sqs_queue.builds"
            ]
        );
    }

    #[test]
    fn the_module_that_tells_two_apart_stays() {
        let names = [
            "module.db.module.one.module.instance.aws_db_instance.this[0]",
            "module.db.module.two.module.instance.aws_db_instance.this[0]",
            "module.a[\"x.y\"].aws_sqs_queue.q",
            "module.a[\"x.z\"].aws_sqs_queue.q",
            "aws_sqs_queue.q",
        ];
        let labels = told_apart(&names);
        assert_eq!(
            labels,
            [
                "one…aws_db_instance.this[0]",
                "two…aws_db_instance.this[0]",
                "a[\"x.y\"].aws_sqs_queue.q",
                "a[\"x.z\"].aws_sqs_queue.q",
                "aws_sqs_queue.q",
            ]
        );
    }

    #[test]
    fn no_two_labels_are_alike_where_no_module_stands_alone() {
        let names = [
            "module.a.module.x.aws_sqs_queue.q",
            "module.a.module.y.aws_sqs_queue.q",
            "module.b.module.x.aws_sqs_queue.q",
            "module.b.module.y.aws_sqs_queue.q",
        ];
        assert_eq!(told_apart(&names), names);
    }

    #[test]
    fn what_only_looks_like_a_module_stays_whole() {
        for name in [
            "module.",
            "module.x",
            "module.\"",
            "module..",
            "module.x.",
            "",
            "compute · module.a.b",
        ] {
            assert_eq!(told_apart(&[name]), [name]);
        }
    }
}
