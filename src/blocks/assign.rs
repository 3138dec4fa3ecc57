//! Values that the deployment gives to parameters stand in the place of their defaults.

use std::borrow::Cow;

use super::refusal::{LONGEST, shown};
use super::terraform;
use super::{Child, Dialect, Entries, Entry, Expr, Parameter, Template, Type};
use crate::base::{Given, GivenValue};

/// Where the value of a parameter comes from.
#[derive(Clone, Debug)]
pub struct GivenFrom {
    /// `in params/prod.json:4`, `on the command line`.
    pub origin: String,
    /// The value as a message shows it, where it is short enough for one.
    pub shown: Option<String>,
    /// Whether it is told here; else only the deployment knows it.
    pub is_known: bool,
    /// Whether it is the value that the stack has.
    pub is_previous: bool,
}

impl GivenFrom {
    /// What is said of a parameter whose value only the deployment knows.
    #[must_use]
    pub fn unknown(&self, name: &str) -> String {
        let origin = &self.origin;
        match self.is_previous {
            true => {
                format!("`{name}` keeps its previous value, which nobody here knows ({origin})")
            }
            false => format!("`{name}` has a value that only the deployment knows ({origin})"),
        }
    }
}

/// A value that its parameter does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// Which of the values that were given.
    pub at: usize,
    pub message: String,
}

/// What a parameter must be instead, where its type can't be made of a value: that takes somebody who knows what values are worth.
pub type FitCheck<'f> = &'f dyn for<'t> Fn(&Template<'t>, usize, &Child<'t>) -> Option<String>;

impl<'t> Template<'t> {
    /// Gives parameters of a unit those of the values that are meant for it, later ones of the same name winning. What a parameter
    /// does not take is noted and left aside; what no parameter has the name of is not looked at.
    pub fn give(
        &mut self,
        unit: usize,
        given: &[&Given],
        is_meant: &dyn Fn(&Given) -> bool,
        wanted: FitCheck<'_>,
    ) {
        let scope = self.units[unit].scope.clone();
        for (at, given) in given.iter().enumerate() {
            if !is_meant(given) {
                continue;
            }
            let Some(number) = self.parameter(&scope, &given.name) else {
                continue;
            };
            let parameter = &self.parameters[number];
            let value = value(parameter, given, self.dialect);
            let misfit = misfit(parameter, given, self.dialect).or_else(|| {
                let wanted = wanted(self, number, value.as_ref()?)?;
                let text = given.value.text();
                let shown = text.map_or_else(|| "this value".to_owned(), |text| shown(&text));
                Some(format!("`{}` can't be {shown}: {wanted}", given.name))
            });
            if let Some(message) = misfit {
                self.misfits.push(Unfit { at, message });
                continue;
            }
            let text = given.value.text();
            let parameter = &mut self.parameters[number];
            parameter.given = Some(GivenFrom {
                origin: given.origin(),
                shown: text.filter(|text| text.chars().count() <= LONGEST),
                is_known: !given.value.is_unknown(),
                is_previous: given.value == GivenValue::Previous,
            });
            parameter.default = value;
            self.is_given_values = true;
        }
    }
}

/// What a value is to a parameter; nothing where only the deployment knows it.
fn value<'t>(parameter: &Parameter<'_>, given: &Given, dialect: Dialect) -> Option<Child<'t>> {
    match (&given.value, dialect) {
        (value, _) if value.is_unknown() => None,
        (value, Dialect::CloudFormation) => {
            let text = value.text().unwrap_or_default();
            Some(Child::built(Expr::Text(Cow::Owned(text)), &None))
        }
        (GivenValue::Argument(text), _) => Some(argument(text, parameter.declared.as_ref())),
        (value, _) => Some(child(value)),
    }
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
        GivenValue::Unknown | GivenValue::Previous | GivenValue::Null => Expr::Absent,
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

/// Why a parameter does not take a value, as far as its text says it.
fn misfit(parameter: &Parameter<'_>, given: &Given, dialect: Dialect) -> Option<String> {
    let name = &parameter.name;
    match (&given.value, given.value.text()) {
        (value, _) if value.is_unknown() => None,
        (_, None) if dialect == Dialect::CloudFormation => Some(format!(
            "`{name}` needs a text, a number or a list of them, for CloudFormation knows nothing else"
        )),
        (_, None) => None,
        (_, Some(text)) => parameter.refusal(&text),
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
        let all: Vec<_> = all.iter().collect();
        template.give(0, &all, &|_| true, &|_, _, _| None);
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
            ["`A` can't be `m7i.large`: it must match `t3[.].*`"]
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
        let all: Vec<_> = all.iter().collect();
        template.give(0, &all, &|_| true, &|_, _, _| None);
        let is_list = template.parameters.iter().map(|parameter| {
            let value = parameter.default.as_ref().expect("given");
            matches!(template.expr(value), Expr::List(_))
        });
        assert_eq!(is_list.collect::<Vec<_>>(), [false, false, true, true]);
        let from = template.parameters[0].given.as_ref().expect("given");
        assert_eq!(from.origin, "in params/prod.json:2");
    }
}
