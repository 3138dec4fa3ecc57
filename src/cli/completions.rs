//! `sfl completions`: a script that completes the command line.

use clap::{Args, ValueEnum};
use clap_complete::Shell;
use clap_complete_nushell::Nushell;

use super::{Exit, print_as_is};

/// Print a script that completes sfl's command line in your shell
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES)]
pub struct Arguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Name,
}

const EXAMPLES: &str = "\
sfl completions bash > ~/.local/share/bash-completion/completions/sfl
sfl completions zsh > \"${fpath[1]}/_sfl\"
sfl completions fish > ~/.config/fish/completions/sfl.fish
sfl completions powershell >> $PROFILE
sfl completions nushell > sfl.nu     then: use sfl.nu *";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Name {
    Bash,
    Elvish,
    Fish,
    Nushell,
    Powershell,
    Zsh,
}

/// Prints.
pub fn run(arguments: &Arguments) -> Exit {
    let mut command = super::command();
    let mut script = Vec::new();
    let shell = match arguments.shell {
        Name::Bash => Shell::Bash,
        Name::Elvish => Shell::Elvish,
        Name::Fish => Shell::Fish,
        Name::Powershell => Shell::PowerShell,
        Name::Zsh => Shell::Zsh,
        Name::Nushell => {
            clap_complete::generate(Nushell, &mut command, "sfl", &mut script);
            return print_as_is(|out| out.write_all(&script), false);
        }
    };
    clap_complete::generate(shell, &mut command, "sfl", &mut script);
    print_as_is(|out| out.write_all(&script), false)
}
