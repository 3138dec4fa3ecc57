//! What a runner obeys in a log. After `ActionCommand.cs` and `ActionCommandManager.cs` of actions/runner: `::name ..::` at the
//! start of a line, `##[name ..]` anywhere in it, and nothing between `stop-commands` and its token.

const REGISTERED: [&str; 14] = [
    "add-mask",
    "add-matcher",
    "add-path",
    "debug",
    "echo",
    "endgroup",
    "error",
    "group",
    "notice",
    "remove-matcher",
    "save-state",
    "set-env",
    "set-output",
    "warning",
];

/// The commands, as they stand there.
pub fn obeyed(log: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut token: Option<String> = None;
    for line in log.lines() {
        let Some((name, command)) = newer(line).or_else(|| older(line)) else {
            continue;
        };
        match &token {
            Some(waited) if *waited == name => token = None,
            Some(_) => {}
            None if name == "stop-commands" => {
                let (_, data) = command.rsplit_once("::").expect("it has data");
                token = Some(data.to_owned());
            }
            None if REGISTERED.contains(&name.as_str()) => commands.push(command),
            None => {}
        }
    }
    assert_eq!(token, None, "the runner listens again at the end");
    commands
}

/// What the commands of a name say.
pub fn said(log: &str, name: &str) -> Vec<String> {
    let start = format!("::{name}");
    let all = obeyed(log).into_iter();
    all.filter(|command| command.starts_with(&start)).collect()
}

fn newer(line: &str) -> Option<(String, String)> {
    let line = line.trim_start();
    let rest = line.strip_prefix("::")?;
    let (head, _) = rest.split_once("::")?;
    Some((named(head), line.to_owned()))
}

fn older(line: &str) -> Option<(String, String)> {
    let at = line.find("##[")?;
    let (head, _) = line[at + 3..].split_once(']')?;
    Some((named(head), line.to_owned()))
}

fn named(head: &str) -> String {
    let name = head.split(' ').next().unwrap_or_default();
    name.to_ascii_lowercase()
}

#[test]
fn a_runner_listens_to_nothing_between_stop_and_token() {
    let log = "::notice::a\nb ##[error]c\n::stop-commands::t\n  ::error::d\ne ##[add-mask]f\n::t::\n  ::warning x=1::g";
    assert_eq!(
        obeyed(log),
        ["::notice::a", "b ##[error]c", "::warning x=1::g"]
    );
}
