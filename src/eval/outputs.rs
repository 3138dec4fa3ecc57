//! What one unit of a template hands to another: parameters down, outputs up, exports across.

use std::borrow::Cow;

use super::functions::one_of;
use super::{DEEPEST, Resolver, Value};
use crate::blocks::{
    Call, Cause, Child, Dialect, Entry, ExportName, Expr, Function, Items, Key, Name, Scope,
};

/// Exports of one name whose values are told apart.
const MOST_EXPORTS: usize = 50;

impl<'t> Resolver<'_, 't> {
    /// What a unit that a block makes hands up, where the block makes one.
    pub(super) fn output(
        &self,
        block: &str,
        attribute: &str,
        scope: &Scope<'t>,
    ) -> Option<Value<'t>> {
        let template = self.template();
        let calls = template.unit(scope).calls(block);
        let (first, rest) = calls.split_first()?;
        let full = || format!("{block}.{attribute}");
        let open = || Value::Unknown(Cause::Module(full()));
        if attribute.is_empty() && template.dialect != Dialect::CloudFormation {
            return Some(self.whole(block, scope));
        }
        Some(match template.outputs(first, attribute)[..] {
            [output] if rest.is_empty() => self.value(output),
            [] if rest.is_empty() => Value::Unknown(Cause::Undefined(full())),
            _ => open(),
        })
    }

    /// The same of each unit that a block makes.
    pub(super) fn output_of_each(&self, child: &Child<'t>) -> Option<Value<'t>> {
        let template = self.template();
        let Expr::Name(Name::Attribute(block, attribute)) = template.expr(child) else {
            return None;
        };
        let calls = template.unit(&child.scope).calls(&block);
        if calls.is_empty() {
            return None;
        }
        let all = calls
            .iter()
            .map(|call| match template.outputs(call, &attribute)[..] {
                [output] => Some(output.clone()),
                _ => None,
            });
        let all: Option<Items<'t>> = all.collect::<Option<Vec<_>>>().map(Items::from);
        Some(all.map_or_else(
            || Value::Unknown(Cause::Module(format!("{block}.{attribute}"))),
            Value::List,
        ))
    }

    /// All that a block makes, as one value: its outputs by name, in a list or a map where there are several instances.
    fn whole(&self, block: &str, scope: &Scope<'t>) -> Value<'t> {
        let template = self.template();
        let calls = template.unit(scope).calls(block);
        let outputs = |of: usize| {
            let mut outputs: Vec<_> = template.units[of].outputs.iter().collect();
            outputs.sort_by_key(|(name, _)| *name);
            let entries = outputs
                .into_iter()
                .map(|(name, value)| Entry::new(name.clone(), value.clone()));
            Expr::Map(entries.collect())
        };
        if let [only] = calls
            && (only.key.is_none() || block.ends_with(']'))
        {
            return match outputs(only.unit) {
                Expr::Map(entries) => Value::Map(entries),
                _ => Value::Absent,
            };
        }
        let is_listed = calls
            .iter()
            .all(|call| matches!(call.key, Some(Key::Number(_))));
        let made = |call: &Call| Child::built(outputs(call.unit), &None);
        if is_listed {
            return Value::List(calls.iter().map(made).collect::<Vec<_>>().into());
        }
        let entries = calls.iter().map(|call| {
            let key = match &call.key {
                Some(Key::Text(key)) => Cow::Owned(key.clone()),
                Some(Key::Number(key)) => Cow::Owned(key.to_string()),
                None => Cow::Borrowed(""),
            };
            Entry::new(key, made(call))
        });
        Value::Map(entries.collect::<Vec<_>>().into())
    }

    /// What is imported, where one stack alone exports it.
    #[must_use]
    pub fn imported(&self, arguments: &Items<'t>) -> Option<&Child<'t>> {
        let template = self.template();
        if template.exports.is_empty() {
            return None;
        }
        template.exports.find(&self.export_name(&arguments.get(1)?))
    }

    pub(super) fn import(&self, arguments: &Items<'t>) -> Value<'t> {
        if let Some(exported) = self.imported(arguments) {
            return self.value(exported);
        }
        if self.template().exports.are_ambiguous()
            && let Some(name) = arguments.get(1)
        {
            let name = self.export_name(&name);
            let all = self.template().exports.all(&name);
            if all.len() > 1 {
                let shown = name.text.or(name.written).unwrap_or_default();
                let cause = Cause::Ambiguous(shown);
                if all.len() > MOST_EXPORTS {
                    return Value::Unknown(cause);
                }
                let values = all.iter().map(|export| self.value(export));
                return one_of(values.collect(), cause);
            }
        }
        match arguments.first().map(|cause| self.value(&cause)) {
            Some(value) => value,
            None => Value::Unknown(Cause::TooDeep),
        }
    }

    /// What an export is called.
    #[must_use]
    pub fn export_name(&self, name: &Child<'t>) -> ExportName {
        self.refuel();
        let text = self.quietly(|| match self.value(name) {
            Value::Text(text) => Some(text.into_owned()),
            _ => None,
        });
        let mut written = String::new();
        let is_written = self.spell(name, &mut written, 0).is_some();
        ExportName {
            text,
            written: is_written.then_some(written),
        }
    }

    /// Writes a name down as it is meant: parameters by what they are called.
    fn spell(&self, child: &Child<'t>, out: &mut String, depth: u32) -> Option<()> {
        if depth > DEEPEST || !self.spend(1) {
            return None;
        }
        let template = self.template();
        match template.expr(child) {
            Expr::Text(text) => out.push_str(&text),
            Expr::Name(Name::Any(name)) => {
                let at = template.parameter(&child.scope, &name)?;
                let parameter = &template.parameters[at];
                match &parameter.handed {
                    Some(handed) => self.spell(handed, out, depth + 1)?,
                    None => {
                        out.push_str("${");
                        out.push_str(&name);
                        out.push('}');
                    }
                }
            }
            // Every stack has a name of its own, so what is called after it is the same nowhere else.
            Expr::Unknown(Cause::Pseudo(name))
                if !matches!(&*name, "AWS::StackName" | "AWS::StackId") =>
            {
                out.push_str("${");
                out.push_str(&name);
                out.push('}');
            }
            Expr::Call(Function::Substitute, parts) => {
                for part in parts.iter() {
                    self.spell(&part, out, depth + 1)?;
                }
            }
            Expr::Call(Function::Join, arguments) => {
                let [separator, list] = arguments.take()?;
                let Expr::List(items) = template.expr(&list) else {
                    return None;
                };
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        self.spell(&separator, out, depth + 1)?;
                    }
                    self.spell(&item, out, depth + 1)?;
                }
            }
            _ => return None,
        }
        Some(())
    }
}
