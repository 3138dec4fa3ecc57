//! The files that `sfl init` writes, as texts.

use std::fmt::Write as _;

use crate::placement::Rung;

/// What somebody wants of their `sfl.toml`.
#[derive(Debug, Default)]
pub struct Answers {
    /// What the repository is for.
    pub purpose: Option<String>,
    /// Ladders on which more than rung 1 needs no reason.
    pub accept: Vec<(&'static str, Rung)>,
    /// What a reason needs beside its kind and its words.
    pub require: Vec<&'static str>,
}

/// The commented `sfl.toml`: what was answered is set, all else is shown as it is by default.
pub fn config(answers: &Answers) -> String {
    let mut out = String::from(
        "# What sfl asks of this repository. `sfl config` shows every value, `sfl explain` what a finding means.\n\n\
         # What the repository is for, in one sentence. It heads every report: a reason is good if it serves this.\n",
    );
    match &answers.purpose {
        Some(purpose) => line(&mut out, "purpose", &quoted(purpose)),
        None => out.push_str("# purpose = \"customers order and pay\"\n"),
    }
    out.push_str(
        "\n# Templates that are left out: globs, relative to this folder.\n\
         # exclude = [\"vendor\", \"**/*.test.yaml\"]\n\n\
         # Fallbacks that are known: `sfl baseline` writes the file, and each check reports what is new or worse.\n\
         # baseline = \"sfl-baseline.json\"\n\n\
         # A fallback is settled by a reason: next to the resource, or here as [[justification]].\n\
         [justifications]\n\
         # What it needs besides `because` and `reason`: \"owner\", \"expires\", \"evidence\".\n",
    );
    let fields: Vec<String> = answers.require.iter().map(|field| quoted(field)).collect();
    match fields.as_slice() {
        [] => out.push_str("# require = [\"owner\", \"expires\"]\n"),
        fields => line(&mut out, "require", &format!("[{}]", fields.join(", "))),
    }
    out.push_str(
        "# The latest end that it may have: 365d, 18mo, or a day.\n\
         # furthest = \"1y\"\n\
         # What no reason settles.\n\
         # never = [\"compute/server\"]\n\n\
         # The worst rung that needs no reason, ladder by ladder: serverless (the default), capacity, cluster or server.\n\
         # The score does not change: it says how serverless the estate is, not how much of that is welcome.\n",
    );
    if answers.accept.is_empty() {
        out.push_str("# [ladders.compute]\n# accept = \"capacity\"\n");
    } else {
        out.push_str("[ladders]\n");
        for (ladder, rung) in &answers.accept {
            let accept = format!("{{ accept = {} }}", quoted(rung.name()));
            line(&mut out, ladder, &accept);
        }
    }
    out.push_str(
        "\n# Production often runs on other values than the defaults of a template. Name them, and each template is judged by them too.\n\
         # [deployment.prod]\n\
         # parameters = { Stage = \"prod\" } # or parameters_file = \"samconfig.toml#prod\"; vars and var_file for Terraform\n\n\
         # With value streams and a score to reach, the purpose is a table, and takes the place of the sentence above:\n\
         #   [purpose]\n\
         #   north-star = \"customers order and pay\"\n\
         #   [[purpose.stream]]\n\
         #   name = \"checkout\"\n\
         #   owner = \"@shop/checkout\"\n\
         #   paths = [\"checkout/**\"]\n\
         #   [[purpose.target]]\n\
         #   score = 80\n\
         #   by = 2027-06-30\n",
    );
    out
}

/// A line of a table.
pub fn line(out: &mut String, key: &str, value: &str) {
    let _ = writeln!(out, "{key} = {value}");
}

/// A text as TOML has it.
pub fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// Where `sfl check` runs, and with what, when nobody types it.
#[derive(Debug)]
pub struct Automation {
    /// The repository that sfl is taken from; without one, the hook calls the program that is installed.
    pub home: Option<String>,
    /// What leads from the repository's root to the configuration: empty, or `infra/`.
    pub prefix: String,
    /// Whether a baseline stands beside the configuration, which does not name it.
    pub baseline: bool,
}

impl Automation {
    /// Flags for a run at the repository's root.
    fn flags(&self) -> Vec<String> {
        let prefix = &self.prefix;
        let mut flags = Vec::new();
        if !prefix.is_empty() {
            flags.push(format!("--config={prefix}{}", crate::config::FILE_NAME));
        }
        if self.baseline {
            flags.push(format!(
                "--baseline={prefix}{}",
                crate::compare::baseline::FILE_NAME
            ));
        }
        flags
    }

    /// An entry for `repos:` in `.pre-commit-config.yaml`.
    pub fn hook(&self) -> String {
        let mut out = String::new();
        // What stood there before the commit stops nobody.
        let flags = self.flags().into_iter().chain(["--since=HEAD".to_owned()]);
        let list: Vec<String> = flags.map(|flag| json(&flag)).collect();
        let list = list.join(", ");
        let below = match self.prefix.as_str() {
            "" => String::new(),
            prefix => format!("^{}.*", escaped(prefix)),
        };
        let files = format!("{below}\\.(ya?ml|json|template|tf|tofu)$");
        let files = json(&files);
        match &self.home {
            Some(home) => {
                let version = env!("CARGO_PKG_VERSION");
                let _ = writeln!(out, "  - repo: {}", json(home));
                let _ = writeln!(out, "    rev: v{version}\n    hooks:\n      - id: sfl");
                if !self.prefix.is_empty() {
                    let _ = writeln!(out, "        files: {files}");
                }
            }
            None => {
                out.push_str(
                    "  - repo: local\n    hooks:\n      - id: sfl\n        name: sfl check\n        \
                     entry: sfl check --force-exclude --skip-unknown\n        language: system\n        \
                     require_serial: true\n",
                );
                let _ = writeln!(out, "        files: {files}");
            }
        }
        let _ = writeln!(out, "        args: [{list}]");
        out
    }

    /// What somebody must have for the hook to run.
    pub fn hook_needs(&self) -> String {
        let start = "the hook compares with HEAD, and needs pre-commit: `pipx install pre-commit`, then `pre-commit install`;";
        match &self.home {
            Some(home) => format!(
                "{start} pre-commit fetches sfl v{} from {home}, and builds it with Rust unless that is a mirror of wheels",
                env!("CARGO_PKG_VERSION")
            ),
            None => format!(
                "{start} this build is unreleased, so everybody who commits needs `sfl` on their path (`cargo install --locked --path CLONE`)"
            ),
        }
    }

    /// `.github/workflows/sfl.yml`; only where the repository that sfl is taken from is known.
    pub fn workflow(&self) -> Option<String> {
        let mut parts = self.home.as_deref()?.trim_end_matches('/').rsplit('/');
        let (name, owner) = (parts.next()?, parts.next()?);
        let version = env!("CARGO_PKG_VERSION");
        let sfl =
            format!("{owner}/{name}@v{version} # a tag can be moved: naming its commit is safer");
        let mut with = String::new();
        let mut set = |key: &str, value: &str| {
            let _ = writeln!(with, "          {key}: {}", json(value));
        };
        let mut flags = self.flags();
        if !self.prefix.is_empty() {
            // A line break makes each line one word, whatever stands in it.
            set("paths", &format!("{}\n", self.prefix.trim_end_matches('/')));
            set("args", &format!("{}\n", flags.remove(0)));
        }
        if self.baseline {
            set(
                "baseline",
                &format!("{}{}", self.prefix, crate::compare::baseline::FILE_NAME),
            );
        }
        let with = if with.is_empty() {
            with
        } else {
            format!("        with:\n{with}")
        };
        Some(include_str!("workflow.yml").replace("OWNER/sfl@VERSION\n", &format!("{sfl}\n{with}")))
    }
}

/// A text as YAML takes it, on one line.
fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A path as a regular expression.
fn escaped(path: &str) -> String {
    let special = |c: char| "\\.+*?()|[]{}^$#&-~".contains(c);
    let escape = |c: char| if special(c) { vec!['\\', c] } else { vec![c] };
    path.chars().flat_map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_answered_is_set_and_the_rest_is_shown() {
        insta::assert_snapshot!("defaults", config(&Answers::default()));
        insta::assert_snapshot!(
            "answered",
            config(&Answers {
                purpose: Some("customers \"order\" and pay".to_owned()),
                accept: vec![("compute", Rung::Capacity), ("relational", Rung::Cluster)],
                require: vec!["owner", "expires"],
            })
        );
    }

    #[test]
    fn hooks_and_workflows_name_what_they_need() {
        let mut place = Automation {
            home: None,
            prefix: String::new(),
            baseline: false,
        };
        insta::assert_snapshot!("local_hook", place.hook());
        assert_eq!(place.workflow(), None);
        place.home = Some("https://example.com/house/sfl".to_owned());
        insta::assert_snapshot!("hook", place.hook());
        insta::assert_snapshot!("workflow", place.workflow().unwrap_or_default());
        place.prefix = "infra.d/".to_owned();
        place.baseline = true;
        insta::assert_snapshot!("hook_below", place.hook());
        insta::assert_snapshot!("workflow_below", place.workflow().unwrap_or_default());
    }
}
