//! Values that the deployment gives to parameters stand in the place of their defaults.

use std::borrow::Cow;

use super::terraform;
use super::{Child, Dialect, Entries, Entry, Expr, Parameter, ParameterKind, Template, Type};
use crate::base::{Given, GivenValue};

/// Allowed values that a message names.
const MOST_NAMED: usize = 8;
/// Characters of a value beyond which it is not shown.
const LONGEST: usize = 60;

/// Where the value of a parameter comes from.
#[derive(Clone, Debug)]
pub struct GivenFrom {
    /// `in params/prod.json:4`, `on the command line`.
    pub origin: String,
    /// The value as a message shows it, where it is short enough for one.
    pub shown: Option<String>,
    /// Whether it is told here; else only the deployment knows it.
    pub is_known: bool,
}

/// A value that its parameter does not take.
#[derive(Clone, Debug)]
pub struct Unfit {
    /// Which of the values that were given.
    pub at: usize,
    pub message: String,
}

impl<'t> Template<'t> {
    /// Gives parameters of a unit their values, later ones of the same name winning. What a parameter does not take is noted and left
    /// aside; what no parameter has the name of is not looked at.
    pub fn give(&mut self, unit: usize, given: &[&Given]) {
        self.give_where(unit, given, &|_| true);
    }

    /// The same with those of the values that are meant for the unit.
    pub fn give_where(&mut self, unit: usize, given: &[&Given], is_meant: &dyn Fn(&Given) -> bool) {
        let scope = self.units[unit].scope.clone();
        for (at, given) in given.iter().enumerate() {
            if !is_meant(given) {
                continue;
            }
            let Some(parameter) = self.parameter(&scope, &given.name) else {
                continue;
            };
            let dialect = self.dialect;
            let parameter = &mut self.parameters[parameter];
            match misfit(parameter, given, dialect) {
                Some(message) => self.misfits.push(Unfit { at, message }),
                None => {
                    give(parameter, given, dialect);
                    self.is_given_values = true;
                }
            }
        }
    }
}

fn give(parameter: &mut Parameter<'_>, given: &Given, dialect: Dialect) {
    let text = given.value.text();
    parameter.given = Some(GivenFrom {
        origin: given.origin(),
        shown: text.filter(|text| text.chars().count() <= LONGEST),
        is_known: given.value != GivenValue::Unknown,
    });
    parameter.default = match (&given.value, dialect) {
        (GivenValue::Unknown, _) => None,
        (value, Dialect::CloudFormation) => {
            let text = value.text().unwrap_or_default();
            Some(Child::built(Expr::Text(Cow::Owned(text)), &None))
        }
        (GivenValue::Argument(text), _) => Some(argument(text, parameter.declared.as_ref())),
        (value, _) => Some(child(value)),
    };
}

/// What Terraform makes of a text of the command line: an expression, unless the variable is declared as something simple
/// or not at all.
fn argument<'t>(text: &str, declared: Option<&Type<'_>>) -> Child<'t> {
    match declared {
        None | Some(Type::Text | Type::Number | Type::Bool) => {
            Child::built(Expr::Text(Cow::Owned(text.to_owned())), &None)
        }
        Some(_) => Child::built(terraform::expression(text), &None),
    }
}

fn child<'t>(value: &GivenValue) -> Child<'t> {
    let expr = match value {
        GivenValue::Unknown | GivenValue::Null => Expr::Absent,
        GivenValue::Bool(holds) => Expr::Bool(*holds),
        GivenValue::Number(digits) => terraform::number(digits),
        GivenValue::Text(text) | GivenValue::Argument(text) => {
            terraform::composed_text(text.clone())
        }
        GivenValue::List(items) => Expr::List(items.iter().map(child).collect()),
        GivenValue::Map(entries) => {
            let entries = entries.iter();
            let entries = entries.map(|(key, value)| Entry::new(key.clone(), child(value)));
            Expr::Map(entries.collect::<Entries<'t>>())
        }
    };
    Child::built(expr, &None)
}

/// Why a parameter does not take a value.
fn misfit(parameter: &Parameter<'_>, given: &Given, dialect: Dialect) -> Option<String> {
    let name = &parameter.name;
    let text = match (&given.value, given.value.text()) {
        (GivenValue::Unknown, _) => return None,
        (_, None) if dialect == Dialect::CloudFormation => {
            return Some(format!(
                "`{name}` needs a text, a number or a list of them, for CloudFormation knows nothing else"
            ));
        }
        (_, None) => return None,
        (_, Some(text)) => text,
    };
    let parts: Vec<&str> = match parameter.kind {
        ParameterKind::List => text.split(',').map(str::trim).collect(),
        ParameterKind::Value | ParameterKind::Lookup => vec![&text],
    };
    let (least, most) = parameter.bounds;
    for part in parts {
        let shown = shown(part);
        if !parameter.allowed.is_empty() && !parameter.allowed.iter().any(|known| known == part) {
            let allowed = allowed(&parameter.allowed);
            return Some(format!("`{name}` can't be {shown}: it must be {allowed}"));
        }
        if parameter.kind == ParameterKind::Value && !parameter.shape.admits(part) {
            return Some(format!(
                "`{name}` can't be {shown}: its length or its `AllowedPattern` says so"
            ));
        }
        let Ok(number) = part.trim().parse::<f64>() else {
            continue;
        };
        if let Some(least) = least.filter(|least| number < *least) {
            return Some(format!(
                "`{name}` can't be {shown}: it must be at least {least}"
            ));
        }
        if let Some(most) = most.filter(|most| number > *most) {
            return Some(format!(
                "`{name}` can't be {shown}: it must be at most {most}"
            ));
        }
    }
    None
}

fn shown(text: &str) -> String {
    match text {
        "" => "empty".to_owned(),
        text if text.chars().count() > LONGEST => "this text".to_owned(),
        text => format!("`{text}`"),
    }
}

/// `EC2 or FARGATE`, `a, b, c and 9 more`.
fn allowed(values: &[Cow<'_, str>]) -> String {
    let named: Vec<String> = values.iter().map(|value| shown(value)).collect();
    match &named[..] {
        [rest @ .., last] if named.len() <= MOST_NAMED => {
            if rest.is_empty() {
                return last.clone();
            }
            format!("{} or {last}", rest.join(", "))
        }
        named => {
            let rest = named.len() - MOST_NAMED;
            format!("{} or one of {rest} more", named[..MOST_NAMED].join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::base::{Source, Span};
    use crate::syntax::{json, yaml};

    fn given(name: &str, value: GivenValue) -> Given {
        Given {
            name: name.to_owned(),
            value,
            source: Arc::new(Source::new("params/prod.json", "{\n}".to_owned())),
            span: Span::new(2, 3),
            template: None,
        }
    }

    fn text(text: &str) -> GivenValue {
        GivenValue::Text(text.to_owned())
    }

    /// What a parameter of a CloudFormation template is after all, and what does not fit.
    fn after(parameters: &str, all: &[Given]) -> (Vec<Option<String>>, Vec<String>) {
        let document = yaml(parameters).expect("YAML");
        let root = document.roots().next().expect("a document");
        let mut template = Template::new(Dialect::CloudFormation, vec![&document]);
        super::super::cloudformation::read(&mut template, 0, root);
        template.give(0, &all.iter().collect::<Vec<_>>());
        let values = template.parameters.iter().map(|parameter| {
            match template.expr(parameter.default.as_ref()?) {
                Expr::Text(text) => Some(text.into_owned()),
                other => Some(format!("{other:?}")),
            }
        });
        let misfits = template.misfits.iter();
        (
            values.collect(),
            misfits.map(|one| one.message.clone()).collect(),
        )
    }

    #[test]
    fn a_value_takes_the_place_of_the_default_and_the_last_one_wins() {
        let parameters = "Parameters:\n  A: { Type: String, Default: a }\n  B: { Type: String, Default: b }\n  C: { Type: String, Default: c }\n";
        let list = GivenValue::List(vec![text("x"), GivenValue::Number("2".to_owned())]);
        let all = [
            given("A", text("first")),
            given("A", text("second")),
            given("B", list),
            given("Other", text("x")),
            given("C", GivenValue::Unknown),
        ];
        let (values, misfits) = after(parameters, &all);
        assert_eq!(values, [Some("second".into()), Some("x,2".into()), None]);
        assert!(misfits.is_empty(), "{misfits:?}");
    }

    #[test]
    fn what_a_parameter_does_not_take_is_said_and_left_aside() {
        let parameters = "Parameters:\n  A: { Type: String, Default: EC2, AllowedValues: [EC2, FARGATE] }\n  B: { Type: Number, Default: 2, MinValue: 1, MaxValue: 9 }\n  C: { Type: CommaDelimitedList, Default: x, AllowedValues: [x, y, z] }\n";
        let all = [
            given("A", text("fargate")),
            given("B", GivenValue::Number("0".to_owned())),
            given("B", text("10")),
            given("C", text("x,w")),
            given("A", GivenValue::Map(Vec::new())),
        ];
        let (values, misfits) = after(parameters, &all);
        assert_eq!(values, ["EC2", "2", "x"].map(|text| Some(text.to_owned())));
        assert_eq!(
            misfits,
            [
                "`A` can't be `fargate`: it must be `EC2` or `FARGATE`",
                "`B` can't be `0`: it must be at least 1",
                "`B` can't be `10`: it must be at most 9",
                "`C` can't be `w`: it must be `x`, `y` or `z`",
                "`A` needs a text, a number or a list of them, for CloudFormation knows nothing else",
            ]
        );
        let shaped =
            "Parameters:\n  A: { Type: String, Default: t3.micro, AllowedPattern: 't3[.].*' }\n";
        let (values, misfits) = after(shaped, &[given("A", text("m7i.large"))]);
        assert_eq!(values, [Some("t3.micro".to_owned())]);
        assert_eq!(
            misfits,
            ["`A` can't be `m7i.large`: its length or its `AllowedPattern` says so"]
        );
        let (values, misfits) = after(parameters, &[given("C", text("x, z"))]);
        assert_eq!(values[2].as_deref(), Some("x, z"));
        assert!(misfits.is_empty(), "{misfits:?}");
    }

    #[test]
    fn terraform_reads_an_argument_by_the_type_of_the_variable() {
        let document = json(
            r#"{"variable":{"text":{"type":"string"},"bare":{},"list":{"type":"list(string)"},"any":{"type":"any"}}}"#,
        )
        .expect("JSON");
        let mut template = Template::new(Dialect::Terraform, vec![&document]);
        let configuration = [&document];
        let files = terraform::ModuleFiles::of(&configuration);
        let _ = terraform::read(&mut template, 0, files, &|_| None, &|_| None);
        let argument = GivenValue::Argument(r#"["a"]"#.to_owned());
        let all = ["text", "bare", "list", "any"].map(|name| given(name, argument.clone()));
        template.give(0, &all.iter().collect::<Vec<_>>());
        let is_list = template.parameters.iter().map(|parameter| {
            let value = parameter.default.as_ref().expect("given");
            matches!(template.expr(value), Expr::List(_))
        });
        assert_eq!(is_list.collect::<Vec<_>>(), [false, false, true, true]);
        let from = template.parameters[0].given.as_ref().expect("given");
        assert_eq!(from.origin, "in params/prod.json:2");
    }
}
