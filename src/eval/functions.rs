//! Operators, and the functions of CloudFormation. All others are unknown, by name.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::{Resolver, ScalarKind, Trace, Truth, Value};
use crate::blocks::{
    Cause, Child, Column, Entries, Entry, Expr, Function, Items, Number, Space, is_in_loop,
};

/// Branches of an undecided choice that are followed; more are one unknown value.
pub(super) const MOST_BRANCHES: usize = 64;

/// Bytes of a text that is put together.
const LONGEST: usize = 1 << 20;

impl<'t> Resolver<'_, 't> {
    pub(super) fn call(&self, function: Function, arguments: &Items<'t>) -> Value<'t> {
        match function {
            Function::If => self.choice(arguments),
            Function::Equals => said(self.equal(arguments)),
            Function::Differs => said(self.equal(arguments).negated()),
            Function::Below => said(self.compare(arguments, |a, b| a.order(b).is_lt())),
            Function::AtMost => said(self.compare(arguments, |a, b| a.order(b).is_le())),
            Function::Not => said(match arguments.first() {
                Some(one) => self.truth(&one).negated(),
                None => Truth::maybe(Cause::Function("Fn::Not".to_owned())),
            }),
            Function::And => said(self.all(arguments)),
            Function::Or => said(self.any(arguments)),
            Function::FindInMap => self.find_in_map(arguments),
            Function::Index => self.path(arguments),
            Function::Select => match arguments.take() {
                Some([at, list]) => self.index(&list, &at),
                None => unknown("Fn::Select"),
            },
            Function::Join => self.join(arguments),
            Function::Split => self.split(arguments),
            Function::Substitute => self.substitute(arguments, ""),
            Function::Length => self.length(arguments),
            Function::Contains => said(self.contains(arguments)),
            Function::Same => match arguments.first() {
                Some(one) => self.value(&one),
                None => Value::Absent,
            },
            Function::Refer => self.refer(arguments),
            Function::Opaque => match arguments.first().map(|one| self.value(&one)) {
                Some(Value::Text(name)) => unknown(&name),
                other => open(other, "a function"),
            },
            Function::Import => self.import(arguments),
            Function::Template => self.template_text(arguments),
            Function::Plus => self.count(arguments, "+", Number::plus),
            Function::Minus => self.count(arguments, "-", Number::minus),
            Function::Times => self.count(arguments, "*", Number::times),
            Function::DividedBy => self.quotient(arguments),
            Function::Remainder => self.count(arguments, "%", Number::remainder),
            Function::Negative => match arguments.first().map(|one| self.value(&one)) {
                Some(value) => self.each_of(value, "-", &|value| {
                    number(value).map(|number| Value::from(number.negative()))
                }),
                None => unknown("-"),
            },
            Function::Object => self.object(arguments),
            Function::Blocks => self.blocks(arguments),
            Function::Spread => self.spread_out(arguments),
            Function::Instances => self.instances(arguments),
            Function::Instance => self.instance(arguments),
            Function::Named(named) => self.run(named, arguments.clone()),
            Function::Expanded(named) => self.expanded(named, arguments),
        }
    }

    fn choice(&self, arguments: &Items<'t>) -> Value<'t> {
        let Some([condition, then, other]) = arguments.take() else {
            return unknown("Fn::If");
        };
        let (truth, hung_on) = self.traced(|| self.truth(&condition));
        let ((value, is_sure), inside) = self.traced(|| match truth {
            Truth::Yes => self.branch(&then, &other, &hung_on),
            Truth::No => self.branch(&other, &then, &hung_on),
            Truth::Maybe(causes) => {
                let cause = causes.into_iter().next().unwrap_or(Cause::TooDeep);
                match cause {
                    Cause::Rejected(_) => (Value::Unknown(cause), false),
                    cause => self.both_branches(&then, &other, cause),
                }
            }
        });
        // What is the same in both branches does not hang on the condition.
        if !is_sure {
            self.add_trace(&hung_on);
        }
        self.add_trace(&inside);
        value
    }

    /// The value of a choice that nothing decides, and whether it is the same for good in both branches.
    fn both_branches(
        &self,
        then: &Child<'t>,
        other: &Child<'t>,
        cause: Cause,
    ) -> (Value<'t>, bool) {
        let (values, hung_on) = self.traced(|| vec![self.value(then), self.value(other)]);
        self.add_trace(&hung_on);
        if let [one, another] = &values[..]
            && self.quietly(|| self.same(one, another)) == Truth::Yes
        {
            return (one.clone(), hung_on.parameters.is_empty());
        }
        (one_of(values, cause), false)
    }

    fn equal(&self, arguments: &Items<'t>) -> Truth {
        let Some([a, b]) = arguments.take() else {
            return Truth::maybe(Cause::Function("Fn::Equals".to_owned()));
        };
        let (left, right) = (self.value(&a), self.value(&b));
        for (side, other) in [(&a, &right), (&b, &left)] {
            let Some(parameter) = self.parameter_of(side) else {
                continue;
            };
            match other {
                Value::Text(text) => {
                    self.candidate(parameter, text, text);
                    self.candidate_other(parameter, text);
                }
                Value::Absent => self.candidate_any(parameter, "set"),
                _ => {}
            }
        }
        self.same(&left, &right)
    }

    fn compare(&self, arguments: &Items<'t>, holds: fn(Number, Number) -> bool) -> Truth {
        let Some([a, b]) = arguments.take() else {
            return Truth::maybe(Cause::Function("a comparison".to_owned()));
        };
        let (left, right) = (self.value(&a), self.value(&b));
        for (side, other) in [(&a, &right), (&b, &left)] {
            if let (Some(parameter), Some(number)) = (self.parameter_of(side), number(other)) {
                let one = Number::whole(1);
                for near in [number.minus(one), Some(number), number.plus(one)] {
                    let near = near.unwrap_or(number).to_string();
                    self.candidate(parameter, &near, &near);
                }
            }
        }
        self.ordered(&left, &right, holds)
    }

    fn ordered(
        &self,
        left: &Value<'t>,
        right: &Value<'t>,
        holds: fn(Number, Number) -> bool,
    ) -> Truth {
        match (left, right) {
            (Value::OneOf(values, cause), other) => agreed(
                values.iter().map(|value| self.ordered(value, other, holds)),
                cause,
            ),
            (other, Value::OneOf(values, cause)) => agreed(
                values.iter().map(|value| self.ordered(other, value, holds)),
                cause,
            ),
            _ => match (number(left), number(right)) {
                (Some(left), Some(right)) => Truth::known(holds(left, right)),
                _ => Truth::maybe(cause_of(&[left, right], "a comparison")),
            },
        }
    }

    fn count(
        &self,
        arguments: &Items<'t>,
        name: &str,
        with: fn(Number, Number) -> Option<Number>,
    ) -> Value<'t> {
        let Some([a, b]) = arguments.take() else {
            return unknown(name);
        };
        let (left, right) = (self.value(&a), self.value(&b));
        self.each_of(left, name, &|left| {
            let left = number(left);
            let counted = self.each_of(right.clone(), name, &|right| {
                Some(Value::from(with(left?, number(right)?)?))
            });
            Some(counted)
        })
    }

    /// Nothing catches a division by zero.
    fn quotient(&self, arguments: &Items<'t>) -> Value<'t> {
        let divisor = arguments.get(1).map(|divisor| self.value(&divisor));
        match divisor.as_ref().and_then(number) {
            Some(divisor) if divisor.sign() == 0 => unknown("/"),
            _ => self.count(arguments, "/", Number::divided_by),
        }
    }

    /// The same for every value that it may be. `None` is what can't be done.
    pub(super) fn each_of(
        &self,
        value: Value<'t>,
        name: &str,
        with: &dyn Fn(&Value<'t>) -> Option<Value<'t>>,
    ) -> Value<'t> {
        match value {
            Value::Unknown(cause) => Value::Unknown(cause),
            Value::OneOf(values, cause) => {
                let values = values.into_iter();
                one_of(
                    values
                        .map(|value| self.each_of(value, name, with))
                        .collect(),
                    cause,
                )
            }
            value => with(&value).unwrap_or_else(|| Value::rejected(name)),
        }
    }

    fn all(&self, arguments: &Items<'t>) -> Truth {
        self.folded(arguments, Truth::Yes, Truth::and)
    }

    fn any(&self, arguments: &Items<'t>) -> Truth {
        self.folded(arguments, Truth::No, Truth::or)
    }

    /// All truths as one. Where one of them settles it, the others leave no trace; but in Terraform an error anywhere is an error.
    fn folded(
        &self,
        arguments: &Items<'t>,
        start: Truth,
        with: fn(Truth, Truth) -> Truth,
    ) -> Truth {
        let settles = start.clone().negated();
        let mut whole = start;
        let mut error = None;
        let mut hung_on = Vec::new();
        let mut settled_by: Option<Trace> = None;
        for one in arguments.iter() {
            let (truth, own) = self.traced(|| self.truth(&one));
            if let Truth::Maybe(causes) = &truth
                && self.is_typed()
            {
                let wrong = causes.iter().find(|cause| is_error(cause));
                error = error.or_else(|| wrong.cloned());
            }
            if truth == settles {
                // One that hangs on nothing settles it for good.
                if settled_by.is_none() || own.parameters.is_empty() {
                    settled_by = Some(own);
                }
            } else {
                hung_on.push(own);
            }
            whole = with(whole, truth);
        }
        match settled_by.filter(|_| error.is_none()) {
            Some(own) => self.add_trace(&own),
            None => hung_on.iter().for_each(|own| self.add_trace(own)),
        }
        error.map_or(whole, Truth::maybe)
    }

    fn find_in_map(&self, arguments: &Items<'t>) -> Value<'t> {
        let (Some(name), Some(first), Some(second)) =
            (arguments.first(), arguments.get(1), arguments.get(2))
        else {
            return unknown("Fn::FindInMap");
        };
        let default = arguments.get(3);
        let Value::Text(name) = self.value(&name) else {
            return unknown("Fn::FindInMap");
        };
        let name = name.into_text();
        let unit = self.template().unit(&first.scope);
        let Some(mapping) = unit.definition(Space::Mapping, &name) else {
            return match default {
                Some(default) => self.value(&default),
                None => Value::Unknown(Cause::Undefined(name.into_owned())),
            };
        };
        let found = match self.index(mapping, &first) {
            Value::OneOf(levels, cause) => {
                let found = levels.into_iter().map(|level| self.pick(level, &second));
                one_of(found.collect(), cause)
            }
            // More rows than are followed as alternatives may still have but a few values.
            Value::Unknown(cause) => match (self.value(mapping), self.value(&first)) {
                (Value::Map(rows), Value::Unknown(_)) => {
                    self.in_any_row(mapping, &rows, &second, cause)
                }
                _ => Value::Unknown(cause),
            },
            level => self.pick(level, &second),
        };
        let found = match (found, default) {
            (found, Some(default)) => {
                self.or_default(found, &[first.clone(), second.clone()], &default)
            }
            // A row without the key can't be meant: the stack could not be made.
            (Value::OneOf(mut values, cause), None) => {
                values.retain(|value| !matches!(value, Value::Absent));
                one_of(values, cause)
            }
            (found, None) => found,
        };
        match self.agreeing(found) {
            Value::Absent => Value::Unknown(self.missing_key(name, mapping, [&first, &second])),
            found => found,
        }
    }

    /// What stands under a key in some row.
    fn in_any_row(
        &self,
        mapping: &Child<'t>,
        rows: &Entries<'t>,
        key: &Child<'t>,
        cause: Cause,
    ) -> Value<'t> {
        let in_loop = is_in_loop(&mapping.scope) || self.parameter_of(key).is_some();
        if let Some(node) = mapping.as_node().filter(|_| !in_loop)
            && let Value::Text(name) = self.value(key)
        {
            let column = self
                .template
                .column(node, &name, || self.different(rows, &name));
            return match column {
                Some(all) => one_of(all.iter().map(|one| self.value(one)).collect(), cause),
                None => Value::Unknown(cause),
            };
        }
        if !self.spend(rows.len()) {
            return Value::Unknown(cause);
        }
        let rows = rows.iter().map(|row| self.value(&row.value));
        one_of(rows.map(|row| self.pick(row, key)).collect(), cause)
    }

    /// The different values under a key; what is no text is one for itself.
    fn different(&self, rows: &Entries<'t>, key: &str) -> Column<'t> {
        let mut known: FxHashSet<(u8, Cow<'t, str>)> = FxHashSet::default();
        let mut lacks = false;
        let mut all = Vec::new();
        for row in rows.iter() {
            let child = match self.template.expr(&row.value) {
                Expr::Map(row) => row.get(key).map(|entry| entry.value),
                _ => None,
            };
            let child = match child {
                Some(child) => child,
                None if std::mem::replace(&mut lacks, true) => continue,
                None => Child::built(Expr::Absent, &None),
            };
            let is_known = match self.template.expr(&child) {
                Expr::Text(text) => !known.insert((0, text)),
                Expr::Number(text) => !known.insert((1, text)),
                Expr::Bool(holds) => !known.insert((2, holds.to_string().into())),
                _ => false,
            };
            if is_known {
                continue;
            }
            all.push(child);
            if all.len() > MOST_BRANCHES {
                return None;
            }
        }
        Some(all.into())
    }

    /// What of two keys a mapping does not have.
    fn missing_key(&self, name: Cow<'t, str>, mapping: &Child<'t>, keys: [&Child<'t>; 2]) -> Cause {
        let text = |key: &Child<'t>| match self.quietly(|| self.value(key)) {
            Value::Text(text) => Some(text.into_owned()),
            _ => None,
        };
        let name = name.into_owned();
        match (text(keys[0]), text(keys[1])) {
            (Some(first), second) => {
                let row = self.quietly(|| self.index(mapping, keys[0]));
                match (row, second) {
                    (Value::Absent, _) => Cause::NoKey(name, first),
                    (_, Some(second)) => Cause::NoKey(format!("{name}.{first}"), second),
                    (_, None) => Cause::Undefined(name),
                }
            }
            (None, Some(second)) => Cause::NoKey(name, second),
            (None, None) => Cause::Undefined(name),
        }
    }

    /// One value for several that are the same as far down as they go.
    fn agreeing(&self, value: Value<'t>) -> Value<'t> {
        let Value::OneOf(mut values, cause) = value else {
            return value;
        };
        let Some((first, rest)) = values.split_first() else {
            return Value::Absent;
        };
        let mut rest = rest.iter();
        if self.quietly(|| rest.all(|other| self.same(first, other) == Truth::Yes)) {
            return values.swap_remove(0);
        }
        Value::OneOf(values, cause)
    }

    /// What was found, or the default where there may be nothing: under a key that is unknown there may be.
    fn or_default(&self, found: Value<'t>, keys: &[Child<'t>], default: &Child<'t>) -> Value<'t> {
        let unknown = keys.iter().find_map(|key| match self.value(key) {
            Value::Unknown(cause) => Some(cause),
            _ => None,
        });
        match (found, unknown) {
            (Value::Absent, _) => self.value(default),
            (Value::Unknown(cause), _) => Value::Unknown(cause),
            (found, Some(cause)) => one_of(vec![found, self.value(default)], cause),
            (Value::OneOf(values, cause), None) => {
                let values = values.into_iter().map(|value| match value {
                    Value::Absent => self.value(default),
                    value => value,
                });
                one_of(values.collect(), cause)
            }
            (found, None) => found,
        }
    }

    /// A map's value under a key, or a list's element.
    pub(super) fn index(&self, collection: &Child<'t>, key: &Child<'t>) -> Value<'t> {
        match self.value(collection) {
            Value::OneOf(values, cause) => {
                let found = values.into_iter().map(|value| self.pick(value, key));
                one_of(found.collect(), cause)
            }
            value => self.pick(value, key),
        }
    }

    /// What is found where there is nothing: CloudFormation takes no notice, Terraform does.
    fn nothing(&self) -> Value<'t> {
        if self.is_typed() {
            Value::rejected("an index")
        } else {
            Value::Absent
        }
    }

    pub(super) fn pick(&self, collection: Value<'t>, key: &Child<'t>) -> Value<'t> {
        match collection {
            Value::Map(map) => {
                if let Some(parameter) = self.parameter_of(key) {
                    for name in map.keys().take(MOST_BRANCHES) {
                        self.candidate(parameter, name, name);
                    }
                }
                self.pick_entry(&map, self.value(key))
            }
            Value::List(list) if list.kind == crate::blocks::ListKind::Set => {
                Value::rejected("an index")
            }
            Value::List(list) => match self.value(key) {
                // Whichever it is, it is one of them.
                Value::Unknown(cause)
                    if !self.is_typed() && (1..=MOST_BRANCHES).contains(&list.len()) =>
                {
                    let items = list.iter().map(|item| self.value(&item));
                    self.agreeing(one_of(items.collect(), cause))
                }
                key => self.item(&list, key),
            },
            Value::Unknown(cause) | Value::OneOf(_, cause) => Value::Unknown(cause),
            Value::Absent | Value::Text(_) => self.nothing(),
        }
    }

    /// An element by its index.
    fn item(&self, list: &Items<'t>, index: Value<'t>) -> Value<'t> {
        self.each_of(index, "an index", &|key| {
            let Value::Text(at) = key else { return None };
            let at = if self.is_typed() {
                at.number()?.as_index()?
            } else {
                at.parse().ok()?
            };
            Some(
                list.get(at)
                    .map_or_else(|| self.nothing(), |item| self.value(&item)),
            )
        })
    }

    fn pick_entry(&self, map: &Entries<'t>, key: Value<'t>) -> Value<'t> {
        let under = |key: &str| {
            let entry = map.get(key);
            entry.map_or_else(|| self.nothing(), |entry| self.value(&entry.value))
        };
        match key {
            Value::Text(key) => under(&key),
            Value::OneOf(keys, cause) if keys.len() <= MOST_BRANCHES => {
                let values = keys.into_iter().map(|key| match key {
                    Value::Text(key) => under(&key),
                    other => Value::Unknown(cause_of(&[&other], "a key")),
                });
                one_of(values.collect(), cause)
            }
            // An unknown key (the region, an import): one of the values that stand there.
            Value::Unknown(cause)
                if !map.is_empty()
                    && map.len() <= MOST_BRANCHES
                    && !matches!(cause, Cause::Rejected(_)) =>
            {
                let values = map.iter().map(|entry| self.value(&entry.value));
                one_of(values.collect(), cause)
            }
            other => Value::Unknown(cause_of(&[&other], "a key")),
        }
    }

    fn join(&self, arguments: &Items<'t>) -> Value<'t> {
        let Some([separator, list]) = arguments.take() else {
            return unknown("a join");
        };
        let Value::Text(separator) = self.value(&separator) else {
            return unknown("a join");
        };
        match self.value(&list) {
            Value::List(items) => self.substitute(&items, &separator),
            other => open(Some(other), "a join"),
        }
    }

    fn split(&self, arguments: &Items<'t>) -> Value<'t> {
        let Some([separator, text]) = arguments.take() else {
            return unknown("a split");
        };
        self.looks_into(&text);
        match (self.value(&separator), self.value(&text)) {
            (Value::Text(separator), Value::Text(text)) if !separator.is_empty() => {
                let parts = text.split(&*separator).map(str::to_owned);
                Value::List(parts.map(|part| literal(Cow::Owned(part))).collect())
            }
            (_, other) => open(Some(other), "a split"),
        }
    }

    fn substitute(&self, parts: &Items<'t>, separator: &str) -> Value<'t> {
        let mut text = String::new();
        // Once a part is not known, what stood before it, and why; from then on the text is what follows the last such part.
        let mut open: Option<(String, Cause)> = None;
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                text.push_str(separator);
            }
            self.looks_into(&part);
            match self.value(&part) {
                Value::Text(part) => text.push_str(&part),
                Value::Absent => {}
                // A part of a name under which the whole is looked up.
                Value::Unknown(cause @ Cause::Lookup(_)) if is_reference(&cause) => {
                    return Value::Unknown(cause);
                }
                other => {
                    let before = std::mem::take(&mut text);
                    open.get_or_insert_with(|| (before, cause_of(&[&other], "a text")));
                }
            }
            if text.len() > LONGEST {
                return Value::Unknown(Cause::TooDeep);
            }
        }
        match open {
            None => Value::text(text),
            Some((start, cause)) if start.is_empty() && text.is_empty() => Value::Unknown(cause),
            Some((_, cause @ Cause::Part(..))) => Value::Unknown(cause),
            Some((start, cause)) => Value::Unknown(Cause::Part(start, text, Box::new(cause))),
        }
    }

    /// The texts of values; one that has none is an error. Alternatives of one part are alternatives of the whole.
    fn template_text(&self, parts: &Items<'t>) -> Value<'t> {
        let mut texts = vec![String::new()];
        let mut open = None;
        for part in parts.iter() {
            self.looks_into(&part);
            let value = self.value(&part);
            let several = match value {
                Value::OneOf(values, cause) => {
                    open.get_or_insert(cause);
                    values
                }
                value => vec![value],
            };
            if texts.len() * several.len() > MOST_BRANCHES {
                return Value::Unknown(open.unwrap_or(Cause::TooDeep));
            }
            let mut longer = Vec::with_capacity(texts.len() * several.len());
            for value in &several {
                let Value::Text(end) = value else {
                    return Value::Unknown(cause_of(&[value], "${...}"));
                };
                for start in &texts {
                    if start.len() + end.len() > LONGEST || !self.spend(end.len() / 64) {
                        return Value::Unknown(Cause::TooDeep);
                    }
                    longer.push(format!("{start}{}", &**end));
                }
            }
            texts = longer;
        }
        let values = texts.into_iter().map(Value::text).collect();
        one_of(values, open.unwrap_or(Cause::TooDeep))
    }

    fn length(&self, arguments: &Items<'t>) -> Value<'t> {
        self.propose_filled(arguments.first().as_ref());
        let length = match arguments.first().map(|one| self.value(&one)) {
            Some(Value::List(list)) => list.len(),
            Some(Value::Map(map)) => map.len(),
            Some(Value::Text(text)) => text.chars().count(),
            other => return open(other, "length"),
        };
        Value::text(length.to_string())
    }

    /// Whether a parameter has elements may decide.
    pub(super) fn propose_filled(&self, child: Option<&Child<'t>>) {
        if let Some(parameter) = child.and_then(|one| self.parameter_of(one)) {
            self.candidate_any(parameter, "not empty");
        }
    }

    pub(super) fn contains(&self, arguments: &Items<'t>) -> Truth {
        let Some([list, wanted]) = arguments.take() else {
            return Truth::maybe(Cause::Function("contains".to_owned()));
        };
        self.looks_into(&list);
        let items = match self.value(&list) {
            Value::List(items) => items,
            other => return Truth::maybe(cause_of(&[&other], "contains")),
        };
        if !self.spend(items.len()) {
            return Truth::maybe(Cause::TooDeep);
        }
        let value = self.value(&wanted);
        let parameter = self.parameter_of(&wanted);
        let mut holds = Truth::No;
        for item in items.iter() {
            let item = self.value(&item);
            if let (Some(parameter), Value::Text(text)) = (parameter, &item) {
                self.candidate(parameter, text, text);
                self.candidate_other(parameter, text);
            }
            holds = holds.or(self.same(&item, &value));
        }
        holds
    }

    /// A map of keys and values in turn.
    fn object(&self, arguments: &Items<'t>) -> Value<'t> {
        let mut entries: Vec<Entry<'t>> = Vec::new();
        let mut known = rustc_hash::FxHashMap::default();
        let all: Vec<Child<'t>> = arguments.iter().collect();
        for pair in all.chunks(2) {
            let [key, value] = pair else { continue };
            let key = match self.value(key) {
                Value::Text(key) => key.into_text(),
                other => return Value::Unknown(cause_of(&[&other], "a key")),
            };
            let entry = Entry::new(key.clone(), value.clone());
            match known.insert(key, entries.len()) {
                Some(before) => {
                    known.insert(entry.key.clone(), before);
                    entries[before] = entry;
                }
                None => entries.push(entry),
            }
        }
        Value::Map(entries.into())
    }

    /// Blocks written one by one, and lists of them.
    fn blocks(&self, arguments: &Items<'t>) -> Value<'t> {
        let mut all = Vec::new();
        for part in arguments.iter() {
            match self.value(&part) {
                Value::List(list) => all.extend(list.iter()),
                _ => all.push(part),
            }
        }
        Value::List(all.into())
    }

    /// What a splat runs over.
    fn spread_out(&self, arguments: &Items<'t>) -> Value<'t> {
        let Some(one) = arguments.first() else {
            return unknown("[*]");
        };
        self.each_of(self.value(&one), "[*]", &|value| {
            Some(match value {
                Value::List(_) => value.clone(),
                Value::Absent => Value::List(Items::from(Vec::new())),
                value => Value::List([value.clone().into_child()].into_iter().collect()),
            })
        })
    }

    /// An attribute of each instance of a resource.
    fn instances(&self, arguments: &Items<'t>) -> Value<'t> {
        let first = arguments.first();
        if self.is_typed()
            && let Some(all) = first.as_ref().and_then(|one| self.of_each_instance(one))
        {
            return all;
        }
        if let Some(outputs) = first.as_ref().and_then(|one| self.output_of_each(one)) {
            return outputs;
        }
        match first.map(|one| self.value(&one)) {
            Some(text @ Value::Text(_)) => Value::List([text.into_child()].into_iter().collect()),
            other => open(other, "[*]"),
        }
    }

    /// The address of an instance whose key is computed, without the key where that is open.
    #[must_use]
    pub fn address_of(&self, arguments: &Items<'t>) -> Option<String> {
        let [address, key, _] = arguments.take()?;
        let Value::Text(address) = self.value(&address) else {
            return None;
        };
        let key = match self.value(&key) {
            Value::Text(key) if key.kind() == ScalarKind::Number => format!("[{}]", &*key),
            Value::Text(key) => crate::blocks::terraform::quoted_key(&key),
            _ => String::new(),
        };
        Some(format!("{}{key}", &*address))
    }

    fn instance(&self, arguments: &Items<'t>) -> Value<'t> {
        // Where its key is an error, there is no such instance either.
        match arguments.get(1).map(|key| self.value(&key)) {
            Some(Value::Unknown(cause)) if is_error(&cause) => return Value::Unknown(cause),
            Some(Value::Absent) if self.is_typed() => return Value::rejected("an index"),
            _ => {}
        }
        let attribute = arguments.get(2).map(|attribute| self.value(&attribute));
        match (self.address_of(arguments), attribute) {
            (Some(address), Some(Value::Text(attribute))) => {
                let scope = arguments.first().and_then(|address| address.scope);
                self.attribute(&address, &attribute, &scope)
            }
            _ => unknown("an index"),
        }
    }
}

/// Whether it is a text under which a value is looked up, `{{resolve:...}}`, or the start of one.
fn is_reference(cause: &Cause) -> bool {
    matches!(cause, Cause::Lookup(name) if name.starts_with("{{"))
}

fn literal(text: Cow<'_, str>) -> Child<'_> {
    Child::built(Expr::Text(text), &None)
}

pub(super) fn said<'t>(truth: Truth) -> Value<'t> {
    match truth {
        Truth::Yes => Value::from(true),
        Truth::No => Value::from(false),
        Truth::Maybe(causes) => Value::Unknown(causes.into_iter().next().unwrap_or(Cause::TooDeep)),
    }
}

fn unknown<'t>(function: &str) -> Value<'t> {
    Value::Unknown(Cause::Function(function.to_owned()))
}

/// What a function makes of a value that it cannot work on.
pub(super) fn open<'t>(value: Option<Value<'t>>, function: &str) -> Value<'t> {
    match value {
        Some(Value::Unknown(cause) | Value::OneOf(_, cause)) => Value::Unknown(cause),
        _ => Value::rejected(function),
    }
}

pub(super) fn cause_of(values: &[&Value<'_>], otherwise: &str) -> Cause {
    let causes = values.iter().find_map(|value| match value {
        Value::Unknown(cause) | Value::OneOf(_, cause) => Some(cause.clone()),
        _ => None,
    });
    causes.unwrap_or_else(|| Cause::Rejected(otherwise.to_owned()))
}

/// Whether it is an error that Terraform reports before it does anything.
pub(super) fn is_error(cause: &Cause) -> bool {
    matches!(cause, Cause::Rejected(_) | Cause::Undefined(_))
}

/// What all answers agree on.
pub(super) fn agreed(mut truths: impl Iterator<Item = Truth>, cause: &Cause) -> Truth {
    let first = truths.next().unwrap_or(Truth::No);
    if !matches!(first, Truth::Maybe(_)) && truths.all(|truth| truth == first) {
        first
    } else {
        Truth::maybe(cause.clone())
    }
}

/// Several possible values as one: flat, and without the choice where all are the same text.
pub(super) fn one_of<'t>(values: Vec<Value<'t>>, cause: Cause) -> Value<'t> {
    let mut flat: Vec<Value<'t>> = Vec::new();
    for value in values {
        let more = match value {
            Value::OneOf(more, _) => more,
            value => vec![value],
        };
        for value in more {
            let is_known = matches!(&value, Value::Text(text) if flat.iter().any(
                |known| matches!(known, Value::Text(known) if known.is_same(text) && known.kind() == text.kind())
            ));
            if !is_known {
                flat.push(value);
            }
            if flat.len() > MOST_BRANCHES {
                return Value::Unknown(cause);
            }
        }
    }
    let is_one = match flat.split_first() {
        Some((Value::Text(first), rest)) => rest
            .iter()
            .all(|other| matches!(other, Value::Text(other) if other.is_same(first))),
        Some((Value::Absent, rest)) => rest.iter().all(|other| matches!(other, Value::Absent)),
        _ => false,
    };
    if is_one {
        return flat.swap_remove(0);
    }
    Value::OneOf(flat, cause)
}

pub(super) fn number(value: &Value<'_>) -> Option<Number> {
    match value {
        Value::Text(text) => text.number(),
        _ => None,
    }
}
