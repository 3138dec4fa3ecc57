//! What holds for expressions of any dialect; what each function of Terraform means is compared in `tests/terraform`.

use std::borrow::Cow;

use super::*;
use crate::base::source::Span;
use crate::blocks::{
    Dialect, Entry, For, Function, Items, Named, Parameter, ParameterKind, Place, Written,
};

fn child(expr: Expr<'static>) -> Child<'static> {
    Child::built(expr, &None)
}

fn call<const N: usize>(function: Function, arguments: [Child<'static>; N]) -> Child<'static> {
    child(Expr::Call(function, arguments.into_iter().collect()))
}

fn text(text: &'static str) -> Child<'static> {
    child(Expr::Text(Cow::Borrowed(text)))
}

fn open() -> Child<'static> {
    child(Expr::Unknown(Cause::Data("data.x.y".to_owned())))
}

fn with_parameters(names: &[&'static str]) -> Template<'static> {
    let mut template = Template::new(Dialect::Terraform, Vec::new());
    for name in names {
        template.parameters.push(Parameter {
            name: Cow::Borrowed(name),
            default: None,
            handed: None,
            is_disputed: false,
            handed_by: Vec::new(),
            instead_of_null: None,
            declared: None,
            allowed: Vec::new(),
            shape: Default::default(),
            bounds: (None, None),
            is_of_numbers: false,
            kind: ParameterKind::Value,
            place: Place {
                file: 0,
                span: Span::new(0, 0),
            },
            rules: Vec::new(),
            given: None,
            is_loaded: false,
        });
    }
    template
}

/// An expression in many layers, and what each layer puts around the one inside.
fn nested(depth: usize, layer: impl Fn(Child<'static>) -> Expr<'static>) -> Child<'static> {
    let mut inner = text("x");
    for _ in 0..depth {
        inner = child(layer(inner));
    }
    inner
}

#[test]
fn very_deep_expressions_are_unknown_and_dropped_in_a_small_stack() {
    let work = || {
        let layers: [fn(Child<'static>) -> Expr<'static>; 5] = [
            |inner| Expr::List([inner].into_iter().collect()),
            |inner| Expr::Map([Entry::new("k", inner)].into_iter().collect()),
            |inner| Expr::Call(Function::Not, [inner].into_iter().collect()),
            |inner| Expr::Call(Function::Index, [inner, text("k")].into_iter().collect()),
            |inner| {
                Expr::For(For::new(Written {
                    collection: inner,
                    names: (None, Cow::Borrowed("v")),
                    key: None,
                    value: text("v"),
                    condition: None,
                    is_grouped: false,
                }))
            },
        ];
        for layer in layers {
            let deep = nested(100_000, layer);
            let template = Template::new(Dialect::Terraform, Vec::new());
            let resolver = Resolver::new(&template);
            assert!(resolver.data(&deep).is_err());
            let shared = deep.clone();
            drop(deep);
            drop(resolver);
            drop(shared);
        }
    };
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(work);
    thread.expect("a thread").join().expect("no overflow");
}

#[test]
fn what_is_open_decides_only_where_it_matters() {
    let template = Template::new(Dialect::Terraform, Vec::new());
    let resolver = Resolver::new(&template);
    let (yes, no) = (child(Expr::Bool(true)), child(Expr::Bool(false)));
    let truth = |function, a: &Child<'static>, b: &Child<'static>| {
        resolver.truth(&call(function, [a.clone(), b.clone()]))
    };
    assert_eq!(truth(Function::And, &open(), &no), Truth::No);
    assert_eq!(truth(Function::And, &no, &open()), Truth::No);
    assert_eq!(truth(Function::Or, &open(), &yes), Truth::Yes);
    let cause = Cause::Data("data.x.y".to_owned());
    assert_eq!(
        truth(Function::And, &open(), &yes),
        Truth::maybe(cause.clone())
    );
    assert_eq!(truth(Function::Or, &no, &open()), Truth::maybe(cause));
    let same = call(Function::If, [open(), text("a"), text("a")]);
    assert!(matches!(resolver.value(&same), Value::Text(text) if &*text == "a"));
    let lists = || child(Expr::List([text("a")].into_iter().collect()));
    let same = call(Function::If, [open(), lists(), lists()]);
    assert!(matches!(resolver.value(&same), Value::List(_)));
    let other = call(Function::If, [open(), text("a"), text("b")]);
    let Value::OneOf(values, Cause::Data(_)) = resolver.value(&other) else {
        panic!("one of two");
    };
    assert_eq!(values.len(), 2);
    // What is made of one of several is one of several.
    let upper = call(Function::Named(Named::Upper), [other]);
    let Value::OneOf(values, _) = resolver.value(&upper) else {
        panic!("one of two");
    };
    assert!(matches!(&values[..], [Value::Text(a), Value::Text(b)] if &**a == "A" && &**b == "B"));
}

#[test]
fn a_definition_that_was_looked_at_before_leaves_the_same_trace() {
    let mut template = with_parameters(&["size"]);
    let name = Expr::Name(Name::Parameter(Cow::Borrowed("size")));
    let local = call(Function::Equals, [child(name), text("large")]);
    let key = (Space::Local, Cow::Borrowed("is_large"));
    template.units[0].definitions.insert(key.clone(), local);
    let resolver = Resolver::new(&template);
    let local = child(Expr::Name(Name::Definition(key.0, key.1)));
    let _ = resolver.value(&local);
    let first = resolver.take_trace();
    let _ = resolver.value(&local);
    let second = resolver.take_trace();
    assert_eq!(first.parameters, [0]);
    assert_eq!(first.parameters, second.parameters);
    assert_eq!(first.candidates, second.candidates);
    assert!(!first.candidates.is_empty());
}

#[test]
fn the_other_branch_of_a_choice_leaves_no_trace() {
    let template = with_parameters(&["size"]);
    let name = child(Expr::Name(Name::Parameter(Cow::Borrowed("size"))));
    let resolver = Resolver::new(&template);
    let choice = call(Function::If, [child(Expr::Bool(true)), text("a"), name]);
    assert!(matches!(resolver.value(&choice), Value::Text(_)));
    assert!(resolver.take_trace().parameters.is_empty());
}

#[test]
fn fuel_ends_what_grows() {
    let mut template = Template::new(Dialect::Terraform, Vec::new());
    // Each local is twice the one before.
    for at in 1..60 {
        let before = Name::Definition(Space::Local, Cow::Owned(format!("l{}", at - 1)));
        let before = child(Expr::Name(before));
        let twice: Items<'static> = [before.clone(), before].into_iter().collect();
        let twice = child(Expr::Call(Function::Named(Named::Concat), twice));
        let key = (Space::Local, Cow::Owned(format!("l{at}")));
        template.units[0].definitions.insert(key, twice);
    }
    let first = (Space::Local, Cow::Borrowed("l0"));
    let one = child(Expr::List([text("a")].into_iter().collect()));
    template.units[0].definitions.insert(first, one);
    let last = child(Expr::Name(Name::Definition(
        Space::Local,
        Cow::Borrowed("l59"),
    )));
    let resolver = Resolver::new(&template);
    assert!(matches!(
        resolver.value(&last),
        Value::Unknown(Cause::TooDeep)
    ));
}
