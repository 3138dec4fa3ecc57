//! Which findings are shown: `select` and `ignore`, here and on the command line. Of two words that speak of one finding, the more
//! exact one counts; of two that are as exact, the one that leaves it out. No score asks for any of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use toml::de::DeTable;

use super::reader::Reader;
use super::settings::{Shown, list};
use crate::base::code::{Code, GROUPS};
use crate::base::finding::{Finding, Severity};
use crate::base::source::{Source, Span};
use crate::base::{ConfigCode, Rung, TemplateCode, meanings};
use crate::rulebook::{Catalogue, Ladder};

/// What one word names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Named {
    All,
    Severity(Severity),
    Rung(Rung),
    /// A ladder, or what the codes that belong to none begin with.
    Group(String),
    /// The start of codes and names of rules.
    Start(String),
    Code(String),
    Rule(String),
}

impl Named {
    fn holds(&self, finding: &Finding, rule: Option<&str>) -> bool {
        match self {
            Self::All => true,
            Self::Severity(severity) => finding.severity == *severity,
            Self::Rung(rung) => {
                matches!(&finding.code, Code::Fallback { rung: here, .. } if here == rung)
            }
            Self::Group(group) => finding.code.group() == group,
            Self::Start(start) => {
                let code = finding.code.to_string();
                code.starts_with(start) || rule.is_some_and(|rule| rule.starts_with(start))
            }
            Self::Code(code) => finding.code == **code,
            Self::Rule(name) => rule == Some(name),
        }
    }

    /// The higher, the more exact.
    fn exactness(&self) -> usize {
        match self {
            Self::All => 0,
            Self::Severity(_) => 1,
            Self::Rung(_) | Self::Group(_) => 2,
            Self::Start(start) => 3 + start.len(),
            Self::Code(_) => usize::MAX - 1,
            Self::Rule(_) => usize::MAX,
        }
    }
}

/// A word that names findings: a code, a ladder, a rung, a rule, a severity, or the start of codes and rules with a `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    text: String,
    named: Named,
}

/// What words there are; the start of any code or rule, with a `*`, is one as well.
pub const WANTED: &str = "a code (compute/server), a ladder (compute), a rung (server), a rule (ec2-instance), \
                          a severity (note), or the start of codes or rules (compute/c*)";

impl Selector {
    /// Reads a word.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str, catalogue: &Catalogue) -> Result<Self, String> {
        let text = text.trim();
        let known = known(catalogue);
        let codes = || known.codes.iter().chain(&known.rules);
        let start = text
            .strip_suffix('*')
            .or_else(|| text.ends_with('/').then_some(text));
        let rung = text.strip_prefix("*/").unwrap_or(text);
        let severity = [Severity::Note, Severity::Warning, Severity::Error];
        let named = if text == "all" || text == "*" {
            Named::All
        } else if let Some(severity) = severity.into_iter().find(|one| one.name() == text) {
            Named::Severity(severity)
        } else if let Some(rung) = Rung::ALL.into_iter().find(|one| one.name() == rung) {
            Named::Rung(rung)
        } else if known.groups.iter().any(|group| group == text) {
            Named::Group(text.to_owned())
        } else if known.codes.iter().any(|code| code == text) {
            Named::Code(text.to_owned())
        } else if known.rules.iter().any(|rule| rule == text) {
            Named::Rule(text.to_owned())
        } else if let Some(start) = start.filter(|start| codes().any(|one| one.starts_with(start)))
        {
            Named::Start(start.to_owned())
        } else {
            return Err(unknown(text, &known));
        };
        Ok(Self {
            text: text.to_owned(),
            named,
        })
    }
}

/// All words that name something.
struct Known {
    groups: Vec<String>,
    codes: Vec<String>,
    rules: Vec<String>,
}

fn known(catalogue: &Catalogue) -> Known {
    let ladders = catalogue.ladders().map(|ladder| ladder.name.to_string());
    let ladders: Vec<String> = ladders.collect();
    let codes = fallbacks(catalogue).into_iter();
    let mut codes: Vec<String> = codes.map(|(code, _)| code).collect();
    codes.extend(meanings::ALL.iter().map(|(code, ..)| code.to_string()));
    let rules = catalogue.rules().map(|rule| rule.name.to_string());
    Known {
        codes,
        rules: rules.collect(),
        groups: ladders
            .into_iter()
            .chain(GROUPS.map(str::to_owned))
            .collect(),
    }
}

/// Codes of fallbacks, each with what it means: of every rung below the first on every ladder.
#[must_use]
pub fn fallbacks(catalogue: &Catalogue) -> Vec<(String, String)> {
    let of = |ladder: &Arc<Ladder>| {
        let below = Rung::ALL[1..].iter();
        let codes = below.map(|rung| {
            let code = format!("{}/{}", ladder.name, rung.name());
            let number = rung.number();
            (
                code,
                format!("rung {number} of 4 on the {} ladder", ladder.title),
            )
        });
        codes.collect::<Vec<_>>()
    };
    catalogue.ladders().flat_map(of).collect()
}

/// All words that name something, each with what that is; those that name most stand first.
#[must_use]
pub fn words(catalogue: &Catalogue) -> Vec<(String, String)> {
    let ladders = catalogue.ladders();
    let ladders = ladders.map(|ladder| (ladder.name.to_string(), ladder.about.to_string()));
    let groups = GROUPS.map(|group| (group.to_owned(), format!("all of {group}/...")));
    let rungs = Rung::ALL[1..].iter();
    let rungs = rungs.map(|rung| {
        let about = format!("rung {} of every ladder", rung.number());
        (rung.name().to_owned(), about)
    });
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    let severities = severities.map(|one| {
        let name = one.name().to_owned();
        let about = format!(
            "all that is {} {name}",
            if name == "error" { "an" } else { "a" }
        );
        (name, about)
    });
    let codes = meanings::ALL.iter();
    let codes = codes.map(|(code, means, _)| (code.to_string(), (*means).to_owned()));
    let rules = catalogue.rules();
    let rules = rules.map(|rule| (rule.name.to_string(), rule.title.to_string()));
    ladders
        .chain(groups)
        .chain(rungs)
        .chain(severities)
        .chain(fallbacks(catalogue))
        .chain(codes)
        .chain(rules)
        .collect()
}

fn unknown(text: &str, known: &Known) -> String {
    let words = known.groups.iter().chain(&known.codes).chain(&known.rules);
    let words = words.map(String::as_str).chain(Rung::ALL.map(Rung::name));
    let near = words.map(|word| (strsim::damerau_levenshtein(word, text), word));
    // A short word is near to everything.
    let most = (text.chars().count() / 3).min(3);
    let near = near.min().filter(|(distance, _)| *distance <= most);
    let is_path =
        text.contains(['.', '\\']) || text.matches('/').count() > 1 || text.contains("**");
    match near {
        Some((_, near)) => format!("`{text}` names no finding; did you mean `{near}`?"),
        None if is_path => format!("`{text}` names no finding; files are left out with `exclude`"),
        None => format!("`{text}` names no finding; write {WANTED}"),
    }
}

/// Both lists, as one place gives them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Layer {
    select: Vec<Selector>,
    ignore: Vec<Selector>,
    is_call: bool,
}

impl Layer {
    /// In words, what leaves a finding out.
    fn words(&self, key: &str, word: &str) -> String {
        let told = format!("{key} {word}");
        let told = told.trim_end();
        match self.is_call {
            true => format!("--{told}"),
            false => format!("{told} in sfl.toml"),
        }
    }
}

/// Which findings are shown: what the configuration says, then what the command line says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    layers: Vec<Layer>,
}

impl Selection {
    /// Takes what the command line names: its `select` takes the place of all that the configuration says, its `ignore` adds to it.
    ///
    /// # Errors
    /// The first word that names nothing.
    pub fn call(
        &mut self,
        select: &[String],
        ignore: &[String],
        catalogue: &Catalogue,
    ) -> Result<(), String> {
        let read = |words: &[String]| -> Result<Vec<Selector>, String> {
            words
                .iter()
                .map(|word| Selector::read(word, catalogue))
                .collect()
        };
        let layer = Layer {
            select: read(select).map_err(|why| format!("--select: {why}"))?,
            ignore: read(ignore).map_err(|why| format!("--ignore: {why}"))?,
            is_call: true,
        };
        self.layers.push(layer);
        Ok(())
    }

    /// What the configuration says alone.
    #[must_use]
    pub fn configured(&self) -> Self {
        let layers = self.layers.iter().filter(|layer| !layer.is_call);
        Self {
            layers: layers.cloned().collect(),
        }
    }

    /// Codes, and rules of those that stay, of which it hides what another one shows, whether there is such a finding or not.
    #[must_use]
    pub fn hides_beyond(&self, other: &Self, catalogue: &Catalogue) -> Vec<String> {
        if self == other {
            return Vec::new();
        }
        let nowhere = Arc::new(Source::new("", String::new()));
        let hides = |code: &Code, rule: Option<&str>| {
            [Severity::Note, Severity::Warning, Severity::Error]
                .into_iter()
                .any(|severity| {
                    let place = (Arc::clone(&nowhere), Span::default());
                    let message = String::new();
                    let finding = Finding::new(code.clone(), severity, message, place.0, place.1);
                    self.hides(&finding, rule).is_some() && other.hides(&finding, rule).is_none()
                })
        };
        let codes = known(catalogue).codes.into_iter();
        let codes = codes.filter(|code| {
            let code: Result<Code, _> = code.parse();
            code.is_ok_and(|code| hides(&code, None))
        });
        let mut beyond: Vec<String> = codes.collect();
        let whole: BTreeSet<String> = beyond.iter().cloned().collect();
        for rule in catalogue.rules() {
            let mut rungs = Rung::ALL[1..].iter();
            let is_hidden = rungs.any(|rung| {
                let code = Code::fallback(rule.ladder.name.to_string(), *rung);
                !whole.contains(&code.to_string()) && hides(&code, Some(&rule.name))
            });
            if is_hidden {
                beyond.push(rule.name.to_string());
            }
        }
        beyond
    }

    /// What keeps a finding from being shown; `rule` is that of its decision. What says that a part of the job could not be done
    /// is always shown, and so is what a ratchet says, what a change would widen, and that a template moves out of sight: it is there because
    /// somebody asked for it.
    #[must_use]
    pub fn hides(&self, finding: &Finding, rule: Option<&str>) -> Option<String> {
        let is_asked_for = matches!(
            finding.code,
            Code::Ratchet(_)
                | Code::Template(TemplateCode::Hidden)
                | Code::Config(ConfigCode::Widened)
        );
        if self.layers.is_empty() || finding.is_fault() || is_asked_for {
            return None;
        }
        let most = |words| most_exact(words, finding, rule);
        let mut hidden = None;
        for layer in &self.layers {
            let (select, ignore) = (most(&layer.select), most(&layer.ignore));
            let exactness = |word: &Selector| word.named.exactness();
            hidden = match (select, ignore) {
                (Some(select), Some(ignore)) if exactness(select) > exactness(ignore) => None,
                (_, Some(ignore)) => Some(layer.words("ignore", &ignore.text)),
                (Some(_), None) => None,
                (None, None) if layer.select.is_empty() => hidden,
                (None, None) => Some(layer.words("select", "")),
            };
        }
        hidden
    }
}

/// Of words that name a finding, the one that counts.
fn most_exact<'w>(
    words: &'w [Selector],
    finding: &Finding,
    rule: Option<&str>,
) -> Option<&'w Selector> {
    let fitting = words.iter().filter(|word| word.named.holds(finding, rule));
    fitting.max_by_key(|word| word.named.exactness())
}

/// Reads `select` and `ignore`; a list takes the place of the one of the file that is extended.
pub fn read(
    reader: &mut Reader<'_>,
    root: &DeTable<'_>,
    catalogue: &Catalogue,
    selection: &mut Selection,
    shown: &mut Shown<'_>,
) {
    for key in ["select", "ignore"] {
        let Some(words) = reader.strings(root, key) else {
            continue;
        };
        let mut all = Vec::new();
        for word in &words {
            match Selector::read(&word.text, catalogue) {
                Ok(selector) => all.push(selector),
                Err(message) => reader.fault(ConfigCode::Value, message, word.span),
            }
        }
        if let Some(first) = words.first() {
            shown.set(reader, key, list(&words), first);
        }
        if selection.layers.is_empty() {
            selection.layers.push(Layer::default());
        }
        let layer = &mut selection.layers[0];
        match key {
            "select" => layer.select = all,
            _ => layer.ignore = all,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::finding::Problem;
    use crate::placement::CATALOGUE;

    fn hides(select: &[&str], ignore: &[&str], code: &str, rule: &str) -> Option<String> {
        let words = |words: &[&str]| {
            words
                .iter()
                .map(|word| (*word).to_owned())
                .collect::<Vec<_>>()
        };
        let mut selection = Selection::default();
        let read = selection.call(&words(select), &words(ignore), &CATALOGUE);
        read.expect("they name something");
        let problem = Problem::Unreadable {
            path: String::new(),
            message: String::new(),
        };
        let mut finding = problem.into_finding();
        finding.code = code.parse().expect("it is a code");
        finding.severity = Severity::Warning;
        selection.hides(&finding, Some(rule))
    }

    #[test]
    fn the_more_exact_word_counts() {
        let server = |select: &[&str], ignore: &[&str]| {
            hides(select, ignore, "compute/server", "ec2-instance")
        };
        assert_eq!(server(&[], &[]), None);
        assert_eq!(server(&["cache"], &[]).as_deref(), Some("--select"));
        for word in [
            "all",
            "*",
            "warning",
            "server",
            "*/server",
            "compute",
            "compute/",
            "compute/s*",
            "compute/server",
            "ec2-*",
            "ec2-instance",
        ] {
            assert_eq!(
                server(&[], &[word]),
                Some(format!("--ignore {word}")),
                "{word}"
            );
            assert_eq!(server(&[word], &[]), None, "{word}");
            // As exact: it is left out.
            assert!(server(&[word], &[word]).is_some(), "{word}");
        }
        assert_eq!(server(&["compute/server"], &["compute"]), None);
        assert_eq!(server(&["ec2-instance"], &["compute/server"]), None);
        assert!(server(&["compute"], &["compute/server"]).is_some());
        assert!(server(&["warning"], &["server"]).is_some());
    }

    #[test]
    fn the_call_goes_over_the_configuration() {
        let read = |word: &str| Selector::read(word, &CATALOGUE).expect("it names something");
        let mut selection = Selection {
            layers: vec![Layer {
                select: vec![read("compute/server")],
                ignore: vec![read("cache")],
                is_call: false,
            }],
        };
        selection
            .call(&[], &["compute".to_owned()], &CATALOGUE)
            .expect("it names something");
        let problem = Problem::Unreadable {
            path: String::new(),
            message: String::new(),
        };
        let mut finding = problem.into_finding();
        finding.code = Code::fallback("compute", Rung::Server);
        assert_eq!(
            selection.hides(&finding, None).as_deref(),
            Some("--ignore compute")
        );
        finding.code = Code::fallback("cache", Rung::Cluster);
        assert_eq!(
            selection.hides(&finding, None).as_deref(),
            Some("ignore cache in sfl.toml")
        );
    }

    #[test]
    fn what_could_not_be_read_is_always_shown() {
        assert_eq!(hides(&["compute"], &["all"], "source/yaml", ""), None);
        assert_eq!(hides(&["compute"], &["all"], "ratchet/score", ""), None);
        assert_eq!(hides(&["compute"], &["all"], "config/widened", ""), None);
    }

    #[test]
    fn what_names_nothing_is_said_with_what_is_near() {
        let wrong = |text: &str| Selector::read(text, &CATALOGUE).expect_err("it names nothing");
        assert!(wrong("compute/sever").contains("did you mean `compute/server`?"));
        assert!(wrong("ec2-instence").contains("did you mean `ec2-instance`?"));
        assert!(wrong("vendor/**").contains("`exclude`"));
        assert!(wrong("a.yaml").contains("`exclude`"));
        assert!(wrong("x").contains("write a code"));
        assert!(wrong("xyz*").contains("names no finding"));
    }

    #[test]
    fn no_rule_is_called_as_anything_else() {
        let known = known(&CATALOGUE);
        let others: Vec<&String> = known.groups.iter().chain(&known.codes).collect();
        for rule in &known.rules {
            assert!(!others.contains(&rule), "{rule}");
            assert!(!Rung::ALL.iter().any(|rung| rung.name() == rule), "{rule}");
            assert!(
                !["all", "note", "warning", "error"].contains(&rule.as_str()),
                "{rule}"
            );
        }
    }
}
