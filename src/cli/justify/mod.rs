//! `sfl justify`: writes a reason down where it belongs, and shows what it would change.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::Options;
use crate::analysis::Analysis;
use crate::base::{Author, Code, ConfigCode};
use crate::config::{Config, ConfigError, Home};
use crate::edit::WrittenReason;
use crate::host::{Buffers, Host, HostError, ReadOnce, shown};
use crate::report::pretty::Style;
use clap::Args;
use jiff::civil::Date;

use super::file_change::FileChange;
use super::given_values::GivenValues;
use super::named_paths;
use super::path_arguments;
use super::terminal;
use super::{Exit, ask, at_fault, disk, say};
use many::MeantBlocks;
use record::RecordRules;
use standing_reasons::LedgerPlace;
use target::Target;

mod draft;
mod find;
mod judge;
mod many;
mod named_instances;
mod one_by_one;
mod questions;
mod record;
mod standing_reasons;
pub(crate) mod target;

pub(crate) use target::spot;

/// Write down why: a record on the resource, or in the ledger
///
/// Without an address, on a terminal, it walks through the open findings one by one.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES, after_help = EXITS)]
#[expect(clippy::struct_excessive_bools, reason = "switches are switches")]
pub struct Arguments {
    /// Logical id, construct or Terraform address, as `sfl check` shows it; a glob takes all that match and are open
    #[arg(value_name = "ADDRESS")]
    address: Option<String>,

    /// Files and folders to look in
    #[arg(value_name = "PATH", default_value = ".", value_parser = path_arguments::parser())]
    paths: Vec<PathBuf>,

    /// The kind of reason: `licence`, `latency`, ...
    #[arg(long, value_name = "KIND")]
    because: Option<String>,

    /// The reason in words
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    /// Who answers for it
    #[arg(long, value_name = "WHO")]
    owner: Option<String>,

    /// All that is open of these codes, ladders, rungs or rules, as --select names them; with an address, of what it matches
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    code: Vec<String>,

    /// All that is open of an owner, by CODEOWNERS, template or value stream, or of `nobody`
    #[arg(long, value_name = "WHO")]
    owned_by: Vec<String>,

    /// Until when it counts; `migration` and `skills` need it
    #[arg(long, value_name = "YYYY-MM-DD")]
    expires: Option<String>,

    /// A file or a URL that backs it up
    #[arg(long, value_name = "PATH|URL")]
    evidence: Option<String>,

    /// Who writes it: agents say so
    #[arg(long, value_name = "WHO", value_parser = Author::NAMES)]
    by: Option<String>,

    /// The file, if several have the address
    #[arg(long, value_name = "FILE")]
    path: Option<PathBuf>,

    /// Write it into the ledger instead of the template
    #[arg(long)]
    ledger: bool,

    /// Write it as the `why` of the resource's AWS Context, with the kind beside it: CloudFormation and SAM
    #[arg(long, conflicts_with = "ledger")]
    context: bool,

    /// Write over a sound reason that is there
    #[arg(long)]
    replace: bool,

    /// Show what would change and write nothing; with --yes, write it too
    #[arg(long, visible_alias = "dry-run")]
    diff: bool,

    /// Do not ask; needed for many at once where there is no terminal
    #[arg(short, long)]
    yes: bool,

    /// Assume the worst: of what nothing decides, and of every value that a parameter is allowed
    #[arg(long)]
    strict: bool,

    /// The day to judge reasons by, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DATE", value_parser = super::check::day)]
    today: Option<Date>,

    /// The configuration [default: the nearest sfl.toml up to the repository's root]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    #[command(flatten)]
    given: GivenValues,
}

const EXAMPLES: &str = "\
sfl justify                                    all open findings, one by one
sfl justify Web --because licence --reason \"licensed per core of the host\" --owner team-a
sfl justify aws_instance.web infra/ --because migration --reason \"moves to Fargate after the audit\" --expires 2027-06-30
sfl justify 'Host*' --because licence --reason \"...\"  all that match and are open, once the list was seen
sfl justify --code compute/server --owned-by @shop/checkout --because licence --reason \"...\" --dry-run
sfl justify '*/Orders/Redis' cdk.out --because latency --reason \"...\" --yes   one record for all stages
sfl justify Web --because latency --reason \"...\" --context  as the `why` of its AWS Context
sfl justify Web --because latency --context    the same, where its `why` says the reason already
sfl justify Web --because latency --reason \"...\" --diff     show it first";

const EXITS: &str = "\
Exit codes:
  0  written, shown, or not wanted after all
  2  nothing was written, or not all of it: wrong usage, no such finding, or no place for a record";

/// What a glob matches that is shown.
const MOST_COVERED: usize = 20;

const NO_TERMINAL: &str = "--because and --reason are needed where there is no terminal";
const NO_STANDARD_INPUT: &str =
    "standard input cannot be written to: name the file, or write into the ledger with --ledger";
const NO_ADDRESS: &str = "whose reason is it? sfl justify ADDRESS --because KIND --reason \"...\"";

/// What is known for the whole run.
struct Session<'a> {
    arguments: &'a Arguments,
    paths: Vec<PathBuf>,
    style: Style,
    interactive: bool,
}

/// Why nothing is written.
enum Refused {
    /// In words.
    Because(String),
    /// What is wrong with the configuration is shown where it stands.
    Config(ConfigError),
}

impl From<String> for Refused {
    fn from(message: String) -> Self {
        Self::Because(message)
    }
}

/// Justifies.
pub fn run(arguments: &Arguments) -> Exit {
    let (address, paths) = place(arguments);
    let session = Session {
        arguments,
        paths,
        style: terminal::for_stdout(),
        interactive: io::stdin().is_terminal() && io::stderr().is_terminal(),
    };
    if session.interactive {
        ask::prepare();
    }
    let said = arguments.because.is_some() || arguments.reason.is_some();
    let done = match address {
        address if session.selects() => session.some(address.as_deref()),
        Some(address) => session.one(&address),
        None if session.interactive && !said => session.walk(),
        // What is wrong with the configuration is said first.
        None => match session.options() {
            Ok(_) => Err(NO_ADDRESS.to_owned().into()),
            Err(error) => Err(error),
        },
    };
    match done {
        Ok(()) => Exit::Clean,
        Err(Refused::Because(message)) => {
            say(&format!("error: {message}"));
            Exit::Failed
        }
        Err(Refused::Config(error)) => {
            let exit = at_fault(&error.findings, &terminal::for_stderr());
            let mut findings = error.findings.iter();
            if findings.any(|one| one.code == Code::Config(ConfigCode::Ledger)) && !arguments.ledger
            {
                say("note: a ledger that is not there yet is made by sfl justify ADDRESS --ledger");
            }
            exit
        }
    }
}

/// The address and the paths: what says nothing and names a file or folder is a path, too.
fn place(arguments: &Arguments) -> (Option<String>, Vec<PathBuf>) {
    let mut paths = arguments.paths.clone();
    let said = arguments.because.is_some() || arguments.reason.is_some();
    let selects = !arguments.code.is_empty() || !arguments.owned_by.is_empty();
    let address = arguments.address.clone();
    if let Some(word) = address
        .as_ref()
        .filter(|word| (!said || selects) && Path::new(word).exists())
    {
        if paths == [PathBuf::from(".")] {
            paths.clear();
        }
        paths.insert(0, PathBuf::from(word));
        return (None, paths);
    }
    (address, paths)
}

/// What a record must be in this run.
fn law(options: &Options) -> RecordRules<'_> {
    RecordRules {
        config: &options.config,
        today: options.today(),
    }
}

impl Session<'_> {
    /// With the configuration as it is now. Whatever is judged with these options is read once.
    fn options(&self) -> Result<Options, Refused> {
        let host: Arc<dyn Host> = Arc::new(ReadOnce::over(self.host()));
        let config = Config::find(&host, self.arguments.config.as_deref());
        let config = config.and_then(|mut config| {
            config.deploy(&*host, &self.arguments.given.all)?;
            Ok(config)
        });
        Ok(Options {
            paths: self.paths.clone(),
            strict: self.arguments.strict,
            today: self.arguments.today,
            config: config.map_err(Refused::Config)?,
            ..Options::on(host)
        })
    }

    /// The disk. A ledger that the configuration names and that is to be written is an empty one until it is there.
    fn host(&self) -> Arc<dyn Host> {
        let home = Home::find(&**disk(), self.arguments.config.as_deref());
        let is_missing = matches!(disk().look(&home.file), Err(HostError::Missing));
        if !self.arguments.ledger || home.file == home.config || !is_missing {
            return Arc::clone(disk());
        }
        let host = Buffers::over(Arc::clone(disk()));
        host.set(&home.file, "");
        Arc::new(host)
    }

    /// What the call says of the record.
    fn said(&self) -> WrittenReason {
        let arguments = self.arguments;
        WrittenReason {
            because: arguments.because.clone().unwrap_or_default(),
            reason: arguments.reason.clone().unwrap_or_default(),
            owner: arguments.owner.clone(),
            expires: arguments.expires.clone(),
            evidence: arguments.evidence.clone(),
            by: arguments.by.clone(),
            instance: None,
        }
    }

    /// The same, once what is wrong with it is told.
    fn given(&self, options: &Options) -> Result<WrittenReason, Refused> {
        let Arguments {
            because, reason, ..
        } = self.arguments;
        if !self.interactive && (because.is_none() || reason.is_none()) {
            return Err(NO_TERMINAL.to_owned().into());
        }
        let given = self.said();
        law(options).check_given(&given, because.is_some(), reason.is_some())?;
        Ok(given)
    }

    /// One address, from the command line.
    fn one(&self, address: &str) -> Result<(), Refused> {
        let Arguments {
            because, reason, ..
        } = self.arguments;
        let replace = self.arguments.replace;
        let options = self.options()?;
        // A `why` that is there already only lacks its kind.
        let may_be_there = self.arguments.context && because.is_some();
        if !self.interactive && !may_be_there && (because.is_none() || reason.is_none()) {
            return Err(NO_TERMINAL.to_owned().into());
        }
        let mut given = self.said();
        // What is wrong in the call is said before anything is asked.
        let wrong = law(&options).check_given(&given, because.is_some(), reason.is_some());
        let report = crate::check(&options, &|_, _| {});
        let path = self.arguments.path.as_deref();
        let path = path.map(|path| shown(&*options.host, path));
        let from_standard = self.paths.iter().any(|path| path.as_os_str() == "-");
        let found = find::find(&report, &*options.host, address, path.as_deref(), replace);
        let found = found.map_err(|message| {
            // What could not be read may hold it.
            let mut findings = report.findings.iter();
            let unread = findings.find(|finding| from_standard && finding.code.is_about_input());
            let unread = unread.map(|finding| finding.message.clone());
            unread
                .or_else(|| named_paths::fault(&report, &self.paths))
                .unwrap_or(message)
        });
        let target = match (wrong, found) {
            (Ok(()), found) => found?,
            (Err(wrong), Ok(_)) => return Err(wrong.into()),
            (Err(wrong), Err(message)) => {
                return Err(format!("{wrong}\nerror: {message}").into());
            }
        };
        let ledger = &options.config.ledger;
        let target = standing_reasons::with_entries(target, &report, ledger);
        if target.is_standard_input() && !target.goes_to_ledger(self.arguments.ledger) {
            return Err(NO_STANDARD_INPUT.to_owned().into());
        }
        if target.is_glob {
            if target.covered.is_empty() {
                self.say_all_reasoned(&target.reasoned);
                return Ok(());
            }
            let MeantBlocks { mut open, reasoned } =
                self.chosen(Some(address), &report, &options)?;
            // What only the ledger can hold is one entry of it, with the glob; unless that would speak for more.
            let takes = |one: &Target| !self.arguments.ledger && !one.needs_ledger();
            let of_entry = standing_reasons::taken_by_entry(&target, &mut open);
            let has_one = replace && of_entry.is_none() || of_entry.is_some() && !open.is_empty();
            if !open.is_empty() && (!reasoned.is_empty() || has_one || open.iter().any(takes)) {
                open.extend(of_entry);
                return self.settle_all(MeantBlocks { open, reasoned }, given, &options, &report);
            }
        }
        if !replace {
            standing_reasons::refuse_beside(&target, self.arguments, &options)?;
        }
        standing_reasons::refuse_immovable(&target, self.arguments)?;
        self.tell(&target);
        let Arguments { yes, diff, .. } = *self.arguments;
        if target.is_glob && target.covered.len() > 1 && !self.interactive && !yes && !diff {
            return Err(many::unasked(target.covered.len()).into());
        }
        let mut is_complete = because.is_some() && reason.is_some();
        if may_be_there && reason.is_none() {
            target.takes_context()?;
            match draft::written_why(&target, &options) {
                Some(why) => {
                    law(&options)
                        .words(&why)
                        .map_err(|error| error.replace("--reason", "the `why` that is there"))?;
                    (given.reason, is_complete) = (why, true);
                }
                None if !self.interactive => {
                    let message = format!(
                        "--reason is needed: {} has no context whose `why` could be the reason",
                        target.address
                    );
                    return Err(message.into());
                }
                None => {}
            }
        }
        let record = if !is_complete {
            let contradicted: Vec<&str> = target.contradicted().collect();
            let file = self.file_of(&target, &options);
            match questions::complete(&given, &contradicted, law(&options), &file)? {
                Some(record) => record,
                None => return Ok(()),
            }
        } else {
            given
        };
        law(&options).check(&record)?;
        target.accepts(&record)?;
        let draft = self.draft(&target, &record, &options, self.arguments.ledger, &report)?;
        let staying = standing_reasons::staying(&target, self.arguments, &options);
        if self.finish(&target, &draft)? {
            for place in staying {
                let place = self.style.plain(&place);
                say(&format!(
                    "note: the reason {place} stays, and the new one counts before it"
                ));
            }
        }
        Ok(())
    }

    /// Says what a record will speak for and where it goes, where that is not what one expects.
    fn tell(&self, target: &Target) {
        if target.is_glob {
            let address = self.style.plain(&target.address);
            let count = target.covered.len();
            say(&format!("{address} matches {count}:"));
            for one in target.covered.iter().take(MOST_COVERED) {
                let place = format!("{}:{} {}", one.path, one.line, one.name);
                say(&format!("  {}", self.style.plain(&place)));
            }
            if count > MOST_COVERED {
                say(&format!("  and {} more", count - MOST_COVERED));
            }
        } else if let Some(generator) = target.generator
            && !self.arguments.ledger
        {
            let path = self.style.plain(&target.path);
            let generator = generator.name();
            say(&format!(
                "note: {generator} writes {path} anew each time, so the reason goes into the ledger"
            ));
        } else if let Some(entry) = &target.entry
            && !self.arguments.ledger
        {
            let LedgerPlace { path, line, .. } = entry;
            say(&format!(
                "note: {} has its reason in {}:{line}, so the new one goes there",
                self.style.plain(&target.address),
                self.style.plain(path)
            ));
        }
    }

    /// The file that a record goes into, as it is shown.
    fn file_of(&self, target: &Target, options: &Options) -> String {
        match target.goes_to_ledger(self.arguments.ledger) {
            true => self.ledger_name(options),
            false => target.path.to_string(),
        }
    }

    /// The change, wherever it belongs.
    fn draft(
        &self,
        target: &Target,
        record: &WrittenReason,
        options: &Options,
        ledger: bool,
        report: &Analysis,
    ) -> Result<FileChange, String> {
        if self.arguments.context {
            target.takes_context()?;
        }
        let draft = if target.goes_to_ledger(ledger) {
            let config = self.arguments.config.as_deref();
            draft::in_ledger(target, record, options, config, report)
        } else {
            draft::in_template(target, record, options, self.arguments.context, report)
        };
        draft.map_err(|why| standing_reasons::with_advice(why, target, ledger))
    }

    /// Shows, asks, writes; whether it was written.
    fn finish(&self, target: &Target, draft: &FileChange) -> Result<bool, String> {
        let Arguments { diff, yes, .. } = *self.arguments;
        let asks = self.interactive && !yes;
        if diff || asks {
            draft.show(&self.style)?;
        }
        if diff && !yes {
            return Ok(false);
        }
        if asks
            && !ask::confirm(&format!(
                "write this into {}?",
                self.style.plain(&draft.shown)
            ))?
        {
            return Ok(false);
        }
        draft.store()?;
        let also = target.also();
        let also = if also.is_empty() || target.is_glob {
            String::new()
        } else {
            format!("; its block also covers {}", also.join(", "))
        };
        say(&format!(
            "{}: the reason for {} is written down{}",
            self.style.plain(&draft.shown),
            self.style.plain(&target.address),
            self.style.plain(&also)
        ));
        Ok(true)
    }
}
