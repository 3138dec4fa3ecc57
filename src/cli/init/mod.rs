//! `sfl init`: the first minute. A commented `sfl.toml`, and what makes sfl run without being typed. Replaces no file, and adds to one only: the
//! list of hooks.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::file_change::FileChange;
use super::{Exit, ask, at_fault, baseline, disk, print, say, terminal, whole_file};
use crate::Options;
use crate::analysis::Analysis;
use crate::analysis::summary::{Summary, count, whole};
use crate::base::finding::reason;
use crate::config::{self, Config};
use crate::host::door::{self, Door};
use crate::host::shown;
use crate::placement::{CATALOGUE, Rung};
use crate::report::unread_sentences;
use questions::{Ahead, Numbering};
use written_files::{Answers, Automation};

mod hook_entry;
mod missing_settings;
mod questions;
mod written_files;

/// Set sfl up in a repository: a commented sfl.toml and, if you like, the hook, the workflow and a baseline
///
/// On a terminal it says how many questions there are, and asks: the purpose, the rungs that need no reason, what a reason needs, and
/// whether to write the rest. No existing file is replaced; the hook is added to the list of a `.pre-commit-config.yaml` that is there.
/// What can't be done is said, with the lines to write by hand, and everything else is done.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES, after_help = EXITS)]
pub struct Arguments {
    /// What the repository is for
    #[arg(long, value_name = "SENTENCE", value_parser = NonEmptyStringValueParser::new())]
    purpose: Option<String>,

    /// The worst rung that needs no reason, on all ladders or on one; can be repeated
    #[arg(long, value_name = "[LADDER=]RUNG", value_parser = accept)]
    accept: Vec<Accept>,

    /// What a reason needs besides its kind and its words: owner, expires, evidence
    #[arg(long, value_name = "FIELD", value_delimiter = ',', value_parser = field)]
    require: Vec<&'static str>,

    /// Also a pre-commit hook: .pre-commit-config.yaml
    #[arg(long)]
    hook: bool,

    /// Also a GitHub workflow: .github/workflows/sfl.yml
    #[arg(long)]
    workflow: bool,

    /// Also a baseline of today's fallbacks: sfl-baseline.json
    #[arg(long)]
    baseline: bool,

    /// Ask nothing
    #[arg(short, long)]
    yes: bool,

    /// The repository that the hook and the workflow get sfl from [default: the one that it was built for]
    #[arg(long, value_name = "URL", value_parser = url)]
    repository: Option<String>,
}

const EXAMPLES: &str = "\
sfl init                                              a few questions, each with its number
sfl init --yes                                        none
sfl init --accept compute=capacity --require owner,expires --hook --baseline";

const EXITS: &str = "\
Exit codes:
  0  everything that was asked for is in place
  2  wrong usage, faulty configuration, or a part that could not be done; the others are";

/// What a reason can be asked for.
const FIELDS: [(&str, &str); 3] = [
    ("owner", "who answers for it"),
    ("expires", "until when it counts"),
    ("evidence", "a file or a URL that backs it up"),
];

const HOOK: &str = ".pre-commit-config.yaml";
const WORKFLOW: &str = ".github/workflows/sfl.yml";

#[derive(Clone, Debug)]
struct Accept {
    ladder: Option<&'static str>,
    rung: Rung,
}

fn accept(text: &str) -> Result<Accept, String> {
    let (ladder, rung) = match text.split_once('=') {
        Some((ladder, rung)) => (Some(ladder), rung),
        None => (None, text),
    };
    let ladder = match ladder {
        Some(name) => Some(
            CATALOGUE
                .ladder(name)
                .map(|ladder| &*ladder.name)
                .ok_or_else(|| {
                    let names: Vec<&str> = CATALOGUE.ladders().map(|one| &*one.name).collect();
                    format!("no ladder `{name}`: {}", names.join(", "))
                })?,
        ),
        None => None,
    };
    let rung = Rung::ALL.into_iter().find(|known| known.name() == rung);
    let names = || Rung::ALL.map(Rung::name).join(", ");
    Ok(Accept {
        ladder,
        rung: rung.ok_or_else(|| format!("a rung: {}", names()))?,
    })
}

fn field(text: &str) -> Result<&'static str, String> {
    let known = FIELDS.iter().find(|(name, _)| *name == text);
    known
        .map(|(name, _)| *name)
        .ok_or_else(|| "owner, expires or evidence".to_owned())
}

fn url(text: &str) -> Result<String, String> {
    let path = text
        .strip_prefix("https://")
        .and_then(|rest| rest.split_once('/'));
    let plain = |c: char| c.is_ascii_alphanumeric() || "./-_~:".contains(c);
    if path.is_some_and(|(_, path)| path.contains('/')) && text.chars().all(plain) {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err("a repository, like https://github.com/house/sfl".to_owned())
    }
}

impl Arguments {
    fn answers(&self) -> Answers {
        let ladders = || CATALOGUE.ladders().map(|ladder| &*ladder.name);
        let mut accepted: Vec<(&'static str, Rung)> = Vec::new();
        for Accept { ladder, rung } in &self.accept {
            let named = ladders().filter(|name| ladder.is_none_or(|ladder| ladder == *name));
            for name in named {
                accepted.retain(|(known, _)| *known != name);
                accepted.push((name, *rung));
            }
        }
        accepted.retain(|(_, rung)| *rung > Rung::Serverless);
        Answers {
            purpose: self.purpose.clone().filter(|text| !text.trim().is_empty()),
            accept: accepted,
            require: self.require.clone(),
        }
    }
}

/// What has been done, line by line.
struct Session {
    here: PathBuf,
    root: Option<PathBuf>,
    interactive: bool,
    numbering: Numbering,
    said: Vec<String>,
    /// What was asked for and could not be done.
    undone: Vec<String>,
}

/// Sets up.
pub fn run(arguments: &Arguments) -> Exit {
    let config = match Config::find(disk(), None) {
        Ok(config) => config,
        Err(error) => {
            return at_fault(&error.findings, &terminal::for_stderr());
        }
    };
    let here = disk().root().to_owned();
    let mut session = Session {
        root: config::repository(&**disk(), &here).map(Path::to_path_buf),
        here,
        interactive: !arguments.yes && io::stdin().is_terminal() && io::stderr().is_terminal(),
        numbering: Numbering::default(),
        said: Vec::new(),
        undone: Vec::new(),
    };
    if session.interactive {
        ask::prepare();
        ask::say_when_left("nothing was written");
    }
    let done = session.set_up(arguments, config);
    let lines = std::mem::take(&mut session.said);
    let printed = print(
        |out| lines.iter().try_for_each(|line| writeln!(out, "{line}")),
        false,
    );
    let undone = session.undone.into_iter().chain(done.err());
    let undone: Vec<String> = undone.collect();
    for message in &undone {
        say(&format!("error: {message}"));
    }
    if undone.is_empty() {
        printed
    } else {
        Exit::Failed
    }
}

impl Session {
    fn set_up(&mut self, arguments: &Arguments, config: Config) -> Result<(), String> {
        let home = arguments
            .repository
            .clone()
            .or_else(|| option_env!("SFL_HOME").map(str::to_owned));
        let judged = |config: Config| {
            crate::check(
                &Options {
                    paths: vec![PathBuf::from(".")],
                    config,
                    ..Options::on(Arc::clone(disk()))
                },
                &|_, _| {},
            )
        };
        let standing = config.files.last().cloned();
        let mut known = self.known(&config);
        if self.interactive {
            let may_be_open = |report: &Analysis| report.decisions.iter().any(|one| one.fallback);
            let has = |name: &str| self.top().join(name).exists();
            let ahead = Ahead {
                config: standing.is_none(),
                baseline: !arguments.baseline
                    && !known.exists()
                    && may_be_open(&judged(config.clone())),
                hook: !arguments.hook && self.root.is_some() && !self.has_hook(),
                workflow: !arguments.workflow
                    && self.root.is_some()
                    && home.is_some()
                    && !has(WORKFLOW),
            };
            self.numbering = Numbering::of(ahead);
            if self.numbering.all > 0 {
                say(&ahead.introduction());
            }
        }
        let is_ours = standing.is_none();
        let mut config = match standing {
            Some(file) => {
                self.said
                    .push(format!("{file} already exists, and stays as it is"));
                let missing = missing_settings::of(&arguments.answers(), &config);
                if !missing.is_empty() {
                    self.undone.push(format!(
                        "{file} is not changed: write into it what you asked for\n{missing}"
                    ));
                }
                config
            }
            None => match self.config(arguments)? {
                Some(config) => config,
                None => return Ok(()),
            },
        };
        let report = judged(config.clone());
        let open = Summary::of(&report).unjustified.total();
        self.said.push(standing_of(&report, open));
        let style = terminal::for_stdout();
        let unread = unread_sentences(&report);
        let unread = unread.iter().map(|one| style.plain(one).into_owned());
        self.said.extend(unread);
        if known.exists() && arguments.baseline {
            let file = shown(&**disk(), &known);
            self.said
                .push(format!("{file} already exists, and stays as it is"));
        }
        if !known.exists() && (open > 0 || arguments.baseline) {
            let question = format!(
                "take {} as known, and report only what is new or worse?",
                count(open, "open fallback")
            );
            if self.wanted(arguments.baseline, &question)? {
                self.say_now();
                if baseline::run(baseline::Arguments::here(is_ours)) == Exit::Failed {
                    self.undone
                        .push("the baseline could not be written completely".to_owned());
                }
                config = Config::find(disk(), None).map_err(|error| error.to_string())?;
                known = self.known(&config);
            }
        } else if !known.exists() {
            self.numbering.skip();
        }
        // What the configuration names needs no flag.
        let place = Automation {
            home,
            prefix: self.prefix(),
            baseline: config.baseline.is_none() && known.exists(),
        };
        let has = |name: &str| self.top().join(name).exists();
        let (has_hook, has_workflow) = (self.has_hook(), has(WORKFLOW));
        if self.root.is_some()
            && (arguments.hook || !has_hook)
            && self.wanted(arguments.hook, "check before each commit, with pre-commit?")?
        {
            let done = self.hook(&place);
            self.undone.extend(done.err());
        }
        if self.root.is_some() && place.home.is_none() && arguments.workflow {
            self.undone.push(
                "no workflow was written: this build is unreleased, so there is nothing that a job could fetch; \
                 --repository URL names where sfl is published"
                    .to_owned(),
            );
        } else if self.root.is_some()
            && place.home.is_some()
            && (arguments.workflow || !has_workflow)
            && self.wanted(arguments.workflow, "check each pull request, on GitHub?")?
        {
            let done = self.workflow(&place);
            self.undone.extend(done.err());
        }
        if self.root.is_none() && (arguments.hook || arguments.workflow) {
            self.undone
                .push("the hook and the workflow need a repository: git init".to_owned());
        }
        let flag = if place.baseline {
            format!(" --baseline {}", shown(&**disk(), &known))
        } else {
            String::new()
        };
        self.said.push(format!("next: sfl check{flag}"));
        Ok(())
    }

    /// The baseline of this place, whether it is there or not.
    fn known(&self, config: &Config) -> PathBuf {
        let set = config.baseline.clone();
        set.unwrap_or_else(|| self.here.join(crate::compare::baseline::FILE_NAME))
    }

    /// Whether pre-commit knows the hook.
    fn has_hook(&self) -> bool {
        let text = Door::new(&**disk()).text(&self.top().join(HOOK), door::LARGEST_SETTING);
        text.is_ok_and(|text| text.lines().any(names_hook))
    }

    /// Where the hook and the workflow belong.
    fn top(&self) -> &Path {
        self.root.as_deref().unwrap_or(&self.here)
    }

    /// Asked for, or agreed to.
    fn wanted(&mut self, asked: bool, question: &str) -> Result<bool, String> {
        if asked || !self.interactive {
            return Ok(asked);
        }
        self.say_now();
        let question = self.numbering.next(question);
        ask::confirm(&question)
    }

    /// What was done so far is read before the next question.
    fn say_now(&mut self) {
        let lines = std::mem::take(&mut self.said);
        print(
            |out| lines.iter().try_for_each(|line| writeln!(out, "{line}")),
            false,
        );
    }

    fn config(&mut self, arguments: &Arguments) -> Result<Option<Config>, String> {
        let mut answers = arguments.answers();
        if self.interactive {
            match questions::ask(answers, &mut self.numbering)? {
                Some(asked) => answers = asked,
                None => {
                    self.said.push("nothing was written".to_owned());
                    return Ok(None);
                }
            }
        }
        self.write(
            config::FILE_NAME,
            &self.here.join(config::FILE_NAME),
            &written_files::config(&answers),
        )?;
        Config::find(disk(), None)
            .map(Some)
            .map_err(|error| error.to_string())
    }

    fn hook(&mut self, place: &Automation) -> Result<(), String> {
        let file = self.top().join(HOOK);
        let entry = place.hook();
        match Door::new(&**disk()).text(&file, door::LARGEST_SETTING) {
            Ok(text) if text.lines().any(names_hook) => {
                self.said.push(format!("{HOOK} already has the hook"));
                return Ok(());
            }
            Ok(text) => {
                let by_hand = |why: &str| {
                    format!(
                        "{HOOK} is not changed: {why}; add to its `repos`\n{}",
                        entry.trim_end()
                    )
                };
                let after = hook_entry::appended(&text, &entry).map_err(by_hand)?;
                let bytes = text.clone().into_bytes();
                FileChange::of_text(file, HOOK.to_owned(), Some(bytes), text, after)
                    .store()
                    .map_err(|why| by_hand(&why))?;
                self.said.push(format!("added the hook to {HOOK}"));
            }
            // What is there and is no file to read is not written over either.
            Err(_) => {
                self.write(HOOK, &file, &format!("repos:\n{entry}"))?;
            }
        }
        self.said.push(place.hook_needs());
        Ok(())
    }

    fn workflow(&mut self, place: &Automation) -> Result<(), String> {
        let file = self.top().join(WORKFLOW);
        if file.exists() {
            self.said
                .push(format!("{WORKFLOW} already exists, and stays as it is"));
            return Ok(());
        }
        let folder = file.parent().unwrap_or(&self.here);
        fs::create_dir_all(folder)
            .map_err(|error| format!("{}: {}", folder.display(), reason(&error)))?;
        let text = place.workflow().unwrap_or_default();
        self.write(WORKFLOW, &file, &text)
    }

    /// Writes a file that is not there yet.
    fn write(&mut self, name: &str, file: &Path, text: &str) -> Result<(), String> {
        whole_file::create(file, text.as_bytes()).map_err(|why| format!("{name}: {why}"))?;
        ask::say_when_left(
            "what was written stays, and the rest is not done: sfl init asks for it again",
        );
        self.said.push(format!("wrote {name}"));
        Ok(())
    }

    /// What leads from the repository's root to here.
    fn prefix(&self) -> String {
        let below = self
            .root
            .as_deref()
            .and_then(|root| self.here.strip_prefix(root).ok());
        let parts = below.into_iter().flat_map(Path::components);
        parts.fold(String::new(), |path, part| {
            path + &part.as_os_str().to_string_lossy() + "/"
        })
    }
}

/// Whether a line of a `.pre-commit-config.yaml` asks for one of the hooks of sfl.
fn names_hook(line: &str) -> bool {
    let line = line.split(" #").next().unwrap_or_default();
    if line.trim_start().starts_with('#') {
        return false;
    }
    let word = |text: &str| {
        let end = |c: char| !(c.is_alphanumeric() || c == '-');
        let text = text.trim_start_matches([' ', '"', '\'']);
        matches!(text.split(end).next(), Some("sfl" | "sfl-all"))
    };
    line.split("id:").skip(1).any(word)
}

/// Where the repository stands today.
fn standing_of(report: &Analysis, open: usize) -> String {
    let summary = Summary::of(report);
    let decisions = summary.all.total();
    let Some(score) = summary.all.score() else {
        return match report.read.len() {
            0 => "no template was read here yet".to_owned(),
            _ => "no hosting choice in the templates here yet".to_owned(),
        };
    };
    let need = if open == 1 { "needs" } else { "need" };
    let (decisions, open) = (count(decisions, "decision"), count(open, "fallback"));
    let unread = match report.unreadable {
        0 => String::new(),
        number => format!("; {} cannot be read", count(number, "file")),
    };
    format!(
        "{decisions}, score {}; {open} {need} a reason{unread}",
        whole(score)
    )
}
