//! What a call gives to parameters and variables, in the order in which it stands there: of one name, the last counts.

use clap::error::{Error, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use crate::config::GivenArgument;

/// The heading of these in the help.
const HEADING: &str = "What the deployment gives";

/// One of the flags: its name, the name of its value, what it does, and what its value becomes.
type Flag = (
    &'static str,
    &'static str,
    &'static str,
    fn(String) -> GivenArgument,
);

const FLAGS: [Flag; 4] = [
    (
        "parameter",
        "NAME=VALUE",
        "The value of a CloudFormation parameter, in place of its default and of what sfl.toml gives; can be repeated, the last of a name counts",
        GivenArgument::Parameter,
    ),
    (
        "parameters",
        "FILE",
        "A file of such values: the AWS command line's list, CodePipeline's object, a deployment file of Git sync, or `samconfig.toml#ENVIRONMENT`",
        GivenArgument::Parameters,
    ),
    (
        "var",
        "NAME=VALUE",
        "The value of a variable of Terraform's root module; can be repeated",
        GivenArgument::Variable,
    ),
    (
        "var-file",
        "FILE",
        "A file of such values (`.tfvars.json`)",
        GivenArgument::Variables,
    ),
];

/// See the module.
#[derive(Debug, Default)]
pub struct GivenValues {
    pub all: Vec<GivenArgument>,
}

impl Args for GivenValues {
    fn augment_args(command: Command) -> Command {
        FLAGS
            .iter()
            .fold(command, |command, (name, value, help, _)| {
                command.arg(
                    Arg::new(*name)
                        .long(*name)
                        .value_name(*value)
                        .help(*help)
                        .help_heading(HEADING)
                        .action(ArgAction::Append),
                )
            })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for GivenValues {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut all: Vec<(usize, GivenArgument)> = Vec::new();
        for (name, _, _, argument) in FLAGS {
            let places = matches.indices_of(name).into_iter().flatten();
            let values = matches
                .try_get_many::<String>(name)
                .map_err(|error| Error::raw(ErrorKind::InvalidValue, error))?;
            let values = values.into_iter().flatten().cloned().map(argument);
            all.extend(places.zip(values));
        }
        all.sort_by_key(|(place, _)| *place);
        let all = all.into_iter().map(|(_, argument)| argument);
        Ok(Self { all: all.collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
