//! The part of GitHub's expressions that `action.yml` uses: texts, contexts, `==`, `!=`, `&&` and `||`.

use std::collections::BTreeMap;

use serde_json::Value;

/// What expressions can ask for.
#[derive(Default)]
pub struct Contexts {
    /// `inputs.paths`, `steps.check.outputs.findings`, `github.token`.
    pub values: BTreeMap<String, String>,
    /// `github.event`.
    pub event: Value,
}

impl Contexts {
    /// A text with every `${{ }}` in it replaced.
    pub fn fill(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${{") {
            let (expression, after) = after.split_once("}}").expect("it ends");
            filled += before;
            filled += &self.any(expression);
            rest = after;
        }
        filled + rest
    }

    fn any(&self, expression: &str) -> String {
        let mut values = expression.split("||").map(|part| self.all(part));
        let first = values.next().unwrap_or_default();
        values.fold(
            first,
            |so_far, next| {
                if truthy(&so_far) { so_far } else { next }
            },
        )
    }

    fn all(&self, expression: &str) -> String {
        let mut values = expression.split("&&").map(|part| self.compared(part));
        let first = values.next().unwrap_or_default();
        values.fold(
            first,
            |so_far, next| {
                if truthy(&so_far) { next } else { so_far }
            },
        )
    }

    fn compared(&self, expression: &str) -> String {
        let same = |(left, right): (&str, &str)| self.value(left) == self.value(right);
        if let Some(sides) = expression.split_once("==") {
            return same(sides).to_string();
        }
        match expression.split_once("!=") {
            Some(sides) => (!same(sides)).to_string(),
            None => self.value(expression),
        }
    }

    fn value(&self, name: &str) -> String {
        let name = name.trim();
        if let Some(text) = name.strip_prefix('\'') {
            return text.strip_suffix('\'').expect("it ends").to_owned();
        }
        if let Some(path) = name.strip_prefix("github.event.") {
            let pointer = format!("/{}", path.replace('.', "/"));
            return match self.event.pointer(&pointer) {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Number(number)) => number.to_string(),
                _ => String::new(),
            };
        }
        // A step that has no such output gives an empty text; anything else that nobody set is a mistake of action.yml.
        let known = self.values.get(name);
        assert!(
            known.is_some() || name.starts_with("steps."),
            "nothing is called `{name}`"
        );
        known.cloned().unwrap_or_default()
    }
}

fn truthy(value: &str) -> bool {
    !value.is_empty() && value != "false"
}

#[test]
fn an_expression_is_what_github_makes_of_it() {
    let contexts = Contexts {
        values: [
            ("inputs.a", "true"),
            ("inputs.b", ""),
            ("github.token", "t"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into(),
        event: serde_json::json!({ "merge_group": { "base_sha": "1f" } }),
    };
    let filled = |text| contexts.fill(text);
    assert_eq!(filled("x ${{ inputs.a }} y"), "x true y");
    assert_eq!(
        filled("${{ github.event.pull_request.base.sha || github.event.merge_group.base_sha }}"),
        "1f"
    );
    assert_eq!(
        filled("${{ inputs.a == 'true' && github.token || '' }}"),
        "t"
    );
    assert_eq!(
        filled("${{ inputs.b == 'true' && github.token || '' }}"),
        ""
    );
    assert_eq!(filled("${{ steps.check.outputs.none }}"), "");
}
