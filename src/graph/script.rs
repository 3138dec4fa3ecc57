//! What the texts of a property say, and which resources they name where: for those who ask whether a name stands beside a sign.

use std::borrow::Cow;

use crate::base::PathStep;
use crate::blocks::{
    Cause, Child, Dialect, Expr, Function, Name, Scope, Space, Template, bound, unit,
};
use crate::eval::Resolver;

use super::references::{handed_on, named, past_each};
use super::user_data;

/// Nesting beyond which nothing is followed.
const DEEPEST: u32 = 96;
/// Expressions beyond which nothing is followed.
const MOST: u32 = 20_000;
/// Bytes of a text beyond which nobody looks.
const LONGEST: usize = 256 << 10;
/// Bytes beyond which no more values are put into a template.
const MOST_FILLED: usize = 1 << 20;
/// Bytes beyond which a value is no part of a name.
const LONGEST_NAME: usize = 512;
/// A function that brings a text from elsewhere.
const BRINGER: &str = "Fn::Transform";

/// Stands in a spelling where nobody knows what will stand there.
const GAP: char = '\0';

/// The text of a property, as far as it is written.
#[derive(Debug, Default)]
pub struct Script {
    /// In small letters; names leave nothing in it.
    text: String,
    /// The same with `${...}` for what is the same wherever it stands: a parameter without a value, an attribute of a resource.
    spelling: String,
    /// Resources that are named, each with the place in the text.
    names: Vec<(usize, usize)>,
    /// Something in it can't be seen: a file, a template, a value of another module.
    is_open: bool,
    /// How many such parts there are, without data sources of which the text can be seen all the same.
    hidden: u32,
    /// Where in the text stands what is no script: what a function is handed that brings one, what a data source is made of.
    beside: Vec<(usize, usize)>,
    /// Lines of scripts that a data source renders.
    rendered: usize,
    left: u32,
}

/// Words of a command that takes something away, wherever they stand in it.
const TAKES_AWAY: [&str; 6] = [
    "remove",
    "erase",
    "purge",
    "autoremove",
    "uninstall",
    "uninstall-package",
];

/// Those that do so for what stands behind them.
const TAKES_AWAY_WHAT_FOLLOWS: [&str; 8] = [
    "rm", "stop", "disable", "mask", "-e", "--erase", "-r", "--purge",
];

/// Whether a line of a script, in small letters, does something with what a sign stands for.
#[must_use]
pub fn uses(line: &str, sign: &str) -> bool {
    // In a list of texts each line has its quotes.
    let line = line.trim_start_matches([' ', '\t', '-', '"', '\'', ',']);
    let is_remark = line.starts_with('#')
        || line.starts_with("//")
        || line.starts_with("::")
        || line == "rem"
        || line.starts_with("rem ");
    if is_remark {
        return false;
    }
    let line = line.split(" #").next().unwrap_or(line);
    let commands = line.split(['|', ';']).flat_map(|part| part.split("&&"));
    let mut commands = commands.filter_map(|command| Some((command, command.find(sign)?)));
    commands.any(|(command, at)| {
        let is_word = |all: &[&str], text: &str| {
            let mut words = text.split([' ', '\t', '"', '\'', ',', '[', ']']);
            words.any(|word| all.contains(&word))
        };
        !is_word(&TAKES_AWAY, command) && !is_word(&TAKES_AWAY_WHAT_FOLLOWS, &command[..at])
    })
}

impl Script {
    /// What stands at paths of a resource.
    #[must_use]
    pub fn at(template: &Template<'_>, from: usize, paths: &[Vec<PathStep>]) -> Self {
        let mut script = Self {
            left: MOST,
            ..Self::default()
        };
        let resource = &template.resources[from];
        for path in paths {
            let Some((PathStep::Key(first), rest)) = path.split_first() else {
                continue;
            };
            for entry in resource.properties.iter().chain(&resource.extras) {
                if entry.key == *first {
                    script.descend(template, &entry.value, rest, 0);
                }
            }
        }
        script
    }

    /// What stands at a path below a value.
    #[must_use]
    pub fn below<'t>(template: &Template<'t>, value: &Child<'t>, path: &[PathStep]) -> Self {
        let mut script = Self {
            left: MOST,
            ..Self::default()
        };
        script.descend(template, value, path, 0);
        script
    }

    /// Its lines that are not blank.
    #[must_use]
    pub fn lines(&self) -> usize {
        if self.beside.is_empty() {
            return written_lines(&self.text);
        }
        let mut text = String::new();
        let mut start = 0;
        for (from, to) in &self.beside {
            // One inside of another is left out with that.
            if *from >= start {
                text.push_str(&self.text[start..*from]);
            }
            start = start.max(*to);
        }
        text.push_str(&self.text[start..]);
        written_lines(&text) + self.rendered
    }

    /// Whether there are lines that can't be seen.
    #[must_use]
    pub const fn has_hidden_lines(&self) -> bool {
        self.hidden > 0
    }

    /// Whether it has words in it, in small letters.
    #[must_use]
    pub fn contains(&self, words: &str) -> bool {
        self.text.contains(words)
    }

    /// Whether one of its lines does something with what a sign stands for: not a remark, and nothing that takes it away.
    #[must_use]
    pub fn uses(&self, sign: &str) -> bool {
        if !self.text.contains(sign) {
            return false;
        }
        let whole = self.text.replace("\\\n", " ");
        whole.lines().any(|line| uses(line, sign))
    }

    /// A text in which words name resources, each with the place of the word.
    #[must_use]
    pub fn of_words(text: &str, names: Vec<(usize, usize)>) -> Self {
        Self {
            // As long as the text is, so that places stay what they are.
            text: text.to_ascii_lowercase(),
            names,
            ..Self::default()
        }
    }

    /// Whether a resource that is referred to here is named beside one of the signs. What can't be seen is taken to say so.
    /// `others` are those of which only one can be meant by a sign.
    #[must_use]
    pub fn has_sign_for(
        &self,
        target: usize,
        signs: &[Cow<'static, str>],
        others: &dyn Fn(usize) -> bool,
    ) -> bool {
        let signs = || {
            let all = signs.iter();
            all.flat_map(|sign| {
                let found = self.text.match_indices(&**sign);
                found.map(|(at, sign)| (at, at + sign.len()))
            })
        };
        let rivals: Vec<(usize, usize)> = self
            .names
            .iter()
            .copied()
            .filter(|(_, name)| *name == target || others(*name))
            .collect();
        let is_named = rivals.iter().any(|(_, name)| *name == target);
        if self.is_open || (self.text.is_empty() && !is_named) {
            return true;
        }
        if !is_named || rivals.iter().all(|(_, name)| *name == target) {
            return signs().next().is_some();
        }
        // Of several, a sign speaks of the one on its line, else of the next one, else of the last one.
        signs().any(|(start, end)| self.nearest(&rivals, start, end) == Some(target))
    }

    /// A name that is all that stands here, as it is spelled wherever it stands.
    #[must_use]
    pub fn whole(&self) -> Option<&str> {
        let whole = self.spelling.trim();
        let is_whole = !whole.is_empty() && !whole.contains([GAP, '\n']);
        is_whole.then_some(whole)
    }

    /// What may be the name of something that is joined here, as it is spelled: words on the line of a sign; where there is a sign,
    /// or where part of the text can't be seen, also words of a line about a cluster and of the line below.
    pub fn joined<'s>(&'s self, signs: &'s [Cow<'static, str>]) -> impl Iterator<Item = &'s str> {
        let has_sign = |text: &str| signs.iter().any(|sign| text.contains(&**sign));
        let may_join = self.is_open || has_sign(&self.spelling);
        let lines = self.spelling.lines().filter(move |_| may_join);
        let mut before = false;
        let lines = lines.filter(move |line| {
            let is_about = line.contains("cluster");
            std::mem::replace(&mut before, is_about) || is_about || has_sign(line)
        });
        lines.flat_map(|line| line.split(|letter| !is_of_a_name(letter)))
    }

    /// `names` are in the order of the text.
    fn nearest(&self, names: &[(usize, usize)], start: usize, end: usize) -> Option<usize> {
        let next = names.partition_point(|(at, _)| *at < end);
        let before = next.checked_sub(1).map(|at| names[at]);
        let after = names.get(next).copied();
        let breaks = |from: usize, to: usize| self.text[from..to].contains('\n');
        match (before, after) {
            (Some((at, name)), Some((to, other))) => {
                let is_before = breaks(end, to) && !breaks(at.min(start), start);
                Some(if is_before { name } else { other })
            }
            (one, other) => one.or(other).map(|(_, name)| name),
        }
    }

    fn descend<'t>(
        &mut self,
        template: &Template<'t>,
        child: &Child<'t>,
        rest: &[PathStep],
        depth: u32,
    ) {
        if depth > DEEPEST || self.left == 0 {
            self.open();
            return;
        }
        self.left -= 1;
        let rest = past_each(rest);
        let Some((step, further)) = rest.split_first() else {
            self.collect(template, child, depth);
            self.say("\n");
            return;
        };
        match template.expr(child) {
            Expr::Map(entries) => {
                for entry in entries.iter() {
                    let is_there = match step {
                        PathStep::Key(key) => entry.key == *key,
                        PathStep::Values | PathStep::Each => true,
                    };
                    if is_there {
                        self.descend(template, &entry.value, further, depth + 1);
                    }
                }
            }
            Expr::List(children) | Expr::Call(_, children) => {
                for child in children.iter() {
                    self.descend(template, &child, rest, depth + 1);
                }
            }
            // A loop over blocks: what it writes is not looked at one by one.
            Expr::For(_) => self.open(),
            _ => {}
        }
    }

    fn collect<'t>(&mut self, template: &Template<'t>, child: &Child<'t>, depth: u32) {
        if depth > DEEPEST || self.left == 0 {
            self.open();
            return;
        }
        self.left -= 1;
        match template.expr(child) {
            Expr::Absent | Expr::Bool(_) => {}
            Expr::Number(text) => self.say(&text),
            Expr::Text(text) => self.text(&text, template.dialect),
            Expr::Unknown(cause) => {
                if matches!(
                    cause,
                    Cause::AfterApply | Cause::Data(_) | Cause::Module(_) | Cause::TooDeep
                ) {
                    self.open();
                }
                self.spell_unknown(template, &cause, child, depth);
            }
            Expr::List(children) => {
                for child in children.iter() {
                    self.collect(template, &child, depth + 1);
                    self.say("\n");
                }
            }
            Expr::Map(entries) => {
                for (key, value) in entries.pairs() {
                    self.say(key);
                    self.say("\n");
                    self.collect(template, &value, depth + 1);
                    self.say("\n");
                }
            }
            Expr::For(each) => {
                for part in each.parts() {
                    self.collect(template, &part, depth + 1);
                }
            }
            Expr::Call(Function::Join, arguments) => self.join(template, &arguments, depth),
            Expr::Call(Function::Opaque, arguments) => {
                let mut arguments = arguments.iter();
                let name = arguments.next().map(|name| template.expr(&name));
                let name = match &name {
                    Some(Expr::Text(name)) => name,
                    Some(Expr::Unknown(Cause::Function(name))) => name.as_str(),
                    _ => "",
                };
                if name == BRINGER {
                    self.open();
                }
                for child in arguments {
                    self.collect(template, &child, depth + 1);
                }
            }
            Expr::Call(Function::Named(named) | Function::Expanded(named), arguments)
                if named.brings() =>
            {
                match Resolver::new(template).rendered(named, &arguments) {
                    Some(text) => self.collect(template, &text, depth + 1),
                    None => {
                        self.open();
                        let start = self.text.len();
                        for child in arguments.iter() {
                            self.collect(template, &child, depth + 1);
                        }
                        self.leave_out(start, self.text.len());
                    }
                }
            }
            Expr::Call(_, children) => {
                for child in children.iter() {
                    self.collect(template, &child, depth + 1);
                }
            }
            Expr::Name(name) => self.name(template, &name, child, depth),
        }
    }

    fn join<'t>(
        &mut self,
        template: &Template<'t>,
        arguments: &crate::blocks::Items<'t>,
        depth: u32,
    ) {
        let mut arguments = arguments.iter();
        let separator = arguments.next().map(|first| template.expr(&first));
        let separator = match &separator {
            Some(Expr::Text(text)) => text,
            _ => "\n",
        };
        for list in arguments {
            match template.expr(&list) {
                Expr::List(children) => {
                    for child in children.iter() {
                        self.collect(template, &child, depth + 1);
                        self.say(separator);
                    }
                }
                _ => self.collect(template, &list, depth + 1),
            }
        }
    }

    fn name<'t>(
        &mut self,
        template: &Template<'t>,
        name: &Name<'t>,
        child: &Child<'t>,
        depth: u32,
    ) {
        match name {
            Name::Any(name) | Name::Loop(name) => {
                if let Some(value) = bound(&child.scope, name).cloned() {
                    self.collect(template, &value, depth + 1);
                } else if let Some(parameter) = template.parameter(&child.scope, name) {
                    self.parameter(template, parameter, depth);
                } else {
                    self.resources(template, name, &child.scope);
                    self.spelling.push(GAP);
                }
            }
            Name::Parameter(name) => {
                if let Some(parameter) = template.parameter(&child.scope, name) {
                    self.parameter(template, parameter, depth);
                }
            }
            Name::Attribute(resource, attribute) => {
                let before = self.names.len();
                self.resources(template, resource, &child.scope);
                let mut is_known = self.names.len() > before;
                let mut outputs = 0;
                for call in template.unit(&child.scope).calls(resource) {
                    for output in template.outputs(call, attribute) {
                        is_known = true;
                        outputs += 1;
                        self.collect(template, output, depth + 1);
                    }
                }
                // Of a data source or a module that is not here, nobody knows what it renders.
                if !is_known {
                    self.open();
                }
                if outputs == 0 {
                    let spelled = format!("${{{}:{resource}.{attribute}}}", unit(&child.scope));
                    self.spelling.push_str(&spelled.to_lowercase());
                }
            }
            Name::Definition(Space::Local, name) => {
                let unit = template.unit(&child.scope);
                if let Some(definition) = unit.definition(Space::Local, name) {
                    self.collect(template, definition, depth + 1);
                }
            }
            Name::Definition(..) => {}
        }
    }

    fn parameter<'t>(&mut self, template: &Template<'t>, at: usize, depth: u32) {
        let parameter = &template.parameters[at];
        match parameter.handed.as_ref().or(parameter.default.as_ref()) {
            Some(value) => self.collect(template, value, depth + 1),
            None => self.spelling.push_str(&format!("${{{at}}}")),
        }
    }

    /// What is not known leaves no text, but may be spelled alike elsewhere, or render what can be read.
    fn spell_unknown<'t>(
        &mut self,
        template: &Template<'t>,
        cause: &Cause,
        child: &Child<'t>,
        depth: u32,
    ) {
        match cause {
            Cause::Pseudo(name) => {
                let spelled = format!("${{{name}}}");
                self.spelling.push_str(&spelled.to_lowercase());
            }
            Cause::Data(name) => {
                let spelled = format!("${{{}:{name}}}", unit(&child.scope));
                self.spelling.push_str(&spelled.to_lowercase());
                if let Some((_, body)) = handed_on(template, &child.scope, name) {
                    let (start, hidden) = (self.text.len(), self.hidden);
                    self.collect(template, body, depth + 1);
                    self.fill(template, body, depth + 1);
                    let end = self.text.len();
                    self.hidden = hidden;
                    let own = self.lines_of_data(template, body, depth + 1);
                    self.leave_out(start, end);
                    if let Some(own) = own {
                        // That it is a data source counted already.
                        self.hidden = self.hidden.saturating_sub(1);
                        self.rendered += own;
                    }
                }
            }
            _ => self.spelling.push(GAP),
        }
    }

    /// What a `template_file` renders: its template, with the values for `${...}` in it.
    fn fill<'t>(&mut self, template: &Template<'t>, body: &Child<'t>, depth: u32) {
        let Expr::Map(parts) = template.expr(body) else {
            return;
        };
        let (Some(text), Some(values)) = (parts.get("template"), parts.get("vars")) else {
            return;
        };
        let mut filled = self.spelled(template, &text.value, depth);
        let mut left = MOST_FILLED;
        let blocks = match template.expr(&values.value) {
            Expr::List(blocks) | Expr::Call(Function::Blocks, blocks) => blocks.iter().collect(),
            _ => vec![values.value.clone()],
        };
        for block in blocks {
            if let Expr::Map(values) = template.expr(&block) {
                for (key, value) in values.pairs() {
                    let mut value = self.spelled(template, &value, depth);
                    if value.len() > LONGEST_NAME {
                        value = String::from(GAP);
                    }
                    left = left.saturating_sub(filled.len());
                    if left == 0 {
                        return;
                    }
                    filled = filled.replace(&format!("${{{}}}", key.to_lowercase()), &value);
                }
            }
        }
        self.spelling.push('\n');
        self.spelling.push_str(&filled);
        self.spelling.push('\n');
    }

    /// What one value adds to the spelling, without adding it.
    fn spelled<'t>(&mut self, template: &Template<'t>, child: &Child<'t>, depth: u32) -> String {
        let start = self.spelling.len();
        let (text, names) = (self.text.len(), self.names.len());
        self.collect(template, child, depth);
        self.text.truncate(text);
        self.names.truncate(names);
        self.beside.retain(|(_, to)| *to <= text);
        self.spelling.split_off(start)
    }

    /// The lines of a value by itself.
    fn lines_of<'t>(&mut self, template: &Template<'t>, child: &Child<'t>, depth: u32) -> usize {
        let mut inner = Self {
            left: self.left,
            ..Self::default()
        };
        inner.collect(template, child, depth);
        self.left = inner.left;
        self.hidden += inner.hidden;
        inner.lines()
    }

    fn leave_out(&mut self, start: usize, end: usize) {
        self.beside.retain(|(from, _)| *from < start);
        self.beside.push((start, end));
    }

    /// The lines of what a data source renders, where it says that: a template, or the parts of an archive.
    fn lines_of_data<'t>(
        &mut self,
        template: &Template<'t>,
        body: &Child<'t>,
        depth: u32,
    ) -> Option<usize> {
        let Expr::Map(entries) = template.expr(body) else {
            return None;
        };
        if let Some(text) = entries.get("template") {
            return Some(self.lines_of(template, &text.value, depth));
        }
        let parts = entries.get("part")?;
        let parts = match template.expr(&parts.value) {
            Expr::List(parts) | Expr::Call(Function::Blocks, parts) => parts.iter().collect(),
            _ => vec![parts.value.clone()],
        };
        let mut lines = 0;
        for part in parts {
            match template.expr(&part) {
                Expr::Map(part) => {
                    if let Some(content) = part.get("content") {
                        lines += self.lines_of(template, &content.value, depth);
                    }
                }
                _ => self.open(),
            }
        }
        Some(lines)
    }

    fn open(&mut self) {
        self.is_open = true;
        self.hidden += 1;
    }

    fn resources<'t>(&mut self, template: &Template<'t>, name: &str, scope: &Scope<'t>) {
        let place = self.text.len();
        let found = named(template, scope, name).iter();
        self.names.extend(found.map(|at| (place, *at)));
    }

    fn text(&mut self, text: &str, dialect: Dialect) {
        let is_hidden = dialect == Dialect::Plan && user_data::is_checksum(text);
        match user_data::readable(text).filter(|_| !is_hidden) {
            Some(text) => self.say(&text),
            None => self.open(),
        }
    }

    fn say(&mut self, text: &str) {
        if self.text.len() + text.len() > LONGEST {
            self.open();
            return;
        }
        let start = self.text.len();
        self.text.extend(text.chars().flat_map(char::to_lowercase));
        self.spelling.push_str(&self.text[start..]);
    }
}

/// Lines that are not blank.
#[must_use]
pub fn written_lines(text: &str) -> usize {
    let lines = text.lines();
    let is_blank = |letter: char| letter.is_whitespace() || letter == GAP;
    lines.filter(|line| !line.chars().all(is_blank)).count()
}

/// Whether a letter is part of a name, or of what stands for a part of one.
fn is_of_a_name(letter: char) -> bool {
    letter.is_alphanumeric() || "-_.${}:".contains(letter) || letter == GAP
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(parts: &[(&str, Option<usize>)]) -> Script {
        let mut script = Script::default();
        for (text, name) in parts {
            script.say(text);
            let place = script.text.len();
            script.names.extend(name.map(|name| (place, name)));
        }
        script
    }

    #[test]
    fn of_several_names_the_one_beside_the_sign_counts() {
        let signs = [Cow::Borrowed("ecs_cluster"), Cow::Borrowed("ecs.config")];
        let all = |_: usize| true;
        let script = of(&[
            ("aws ecs list-tasks --cluster ", Some(1)),
            ("\necho ECS_CLUSTER=", Some(2)),
            (" >> /etc/ecs/ecs.config\naws ecs wait --cluster ", Some(3)),
            ("\n", None),
        ]);
        assert!(script.has_sign_for(2, &signs, &all));
        assert!(!script.has_sign_for(1, &signs, &all));
        assert!(!script.has_sign_for(3, &signs, &all));
        // What is no rival takes no sign away.
        assert!(script.has_sign_for(3, &signs, &|_| false));
    }

    #[test]
    fn what_cannot_be_seen_counts_as_a_sign() {
        let signs = [Cow::Borrowed("ecs_cluster")];
        assert!(Script::default().has_sign_for(1, &signs, &|_| true));
        let mut script = of(&[("aws eks update-kubeconfig --name ", Some(1))]);
        assert!(!script.has_sign_for(1, &signs, &|_| true));
        script.is_open = true;
        assert!(script.has_sign_for(1, &signs, &|_| true));
    }
}
