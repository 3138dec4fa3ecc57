//! Every code that belongs to no ladder: what it says, and what to do about it.

use super::code::{
    Code, ConfigCode, JustificationCode, LifecycleCode, OwnersCode, PurposeCode, RatchetCode,
    SourceCode, TemplateCode,
};

/// The code, what it says, and what to do.
pub static ALL: [(Code, &str, &str); 47] = [
    (
        Code::Justification(JustificationCode::Empty),
        "The record is there, but it says nothing.",
        "Write `because` and `reason`, or remove it.",
    ),
    (
        Code::Justification(JustificationCode::Placeholder),
        "The reason is not a reason: TODO, tbd, a bare ticket number, or a word or two.",
        "Write the sentence that you would say in a review.",
    ),
    (
        Code::Justification(JustificationCode::UnknownKind),
        "`because` is not one of the kinds that sfl knows.",
        "Use the nearest kind; the words of `reason` say the rest.",
    ),
    (
        Code::Justification(JustificationCode::MissingField),
        "A field that this record needs is missing or can't be read: one that the configuration requires, or the end of a \
         reason that is only true for a while.",
        "Add it. `migration` and `skills` are ways to get going and need `expires`, a day like 2027-06-30.",
    ),
    (
        Code::Justification(JustificationCode::Expired),
        "The reason has ended, so the fallback needs one again.",
        "Climb, or look at it again and set a new end.",
    ),
    (
        Code::Justification(JustificationCode::TooFar),
        "The end is further away than the configuration allows.",
        "Set an end within the limit.",
    ),
    (
        Code::Justification(JustificationCode::NoEvidence),
        "The evidence is neither a URL nor a file in the working tree.",
        "Correct it, or remove it. A path counts from the file that names it, from the configuration, or from the root.",
    ),
    (
        Code::Justification(JustificationCode::Author),
        "The reason says that an agent wrote it, and the configuration asks for a person's.",
        "A person who answers for it reads it, corrects it, and says `by: person`.",
    ),
    (
        Code::Justification(JustificationCode::Contradicted),
        "The template itself contradicts the reason.",
        "Correct the template or the reason: one of them is out of date.",
    ),
    (
        Code::Justification(JustificationCode::Unused),
        "The reason settles nothing any more.",
        "Remove it, or correct the path and address that it names.",
    ),
    (
        Code::Justification(JustificationCode::Duplicate),
        "More than one reason covers the same decision; the strictest counts.",
        "Keep one.",
    ),
    (
        Code::Justification(JustificationCode::EndsSoon),
        "The reason still counts, but it ends within 30 days.",
        "Climb before that day, or look at the reason again and set a new end.",
    ),
    (
        Code::Source(SourceCode::Unreadable),
        "The input could not be opened.",
        "The message comes from the operating system; the exit code is 2.",
    ),
    (
        Code::Source(SourceCode::Yaml),
        "The file is a template, but its YAML can't be read.",
        "Correct it at the place shown; the exit code is 2.",
    ),
    (
        Code::Source(SourceCode::Json),
        "The file is a template, but its JSON can't be read, or Terraform refuses a block of it; what can be read is judged.",
        "Correct it at the place shown; the exit code is 2.",
    ),
    (
        Code::Source(SourceCode::Hcl),
        "A block of Terraform's own syntax can't be read, or Terraform refuses it as it stands; the others of its file are judged.",
        "Correct it at the place shown; the exit code is 2.",
    ),
    (
        Code::Source(SourceCode::Encoding),
        "The file is a template, but sfl cannot read its bytes as text.",
        "Save it as UTF-8; the exit code is 2.",
    ),
    (
        Code::Lifecycle(LifecycleCode::Ended),
        "The provider has ended the service, or the version or edition of it that is chosen here.",
        "Take what the finding names instead. No reason settles it: what is gone can't be deployed.",
    ),
    (
        Code::Lifecycle(LifecycleCode::Ending),
        "The provider has named the day on which the service ends: a warning in its last year, before that a note.",
        "Take what the finding names instead. A reason with `because: migration` that ends before that day settles it.",
    ),
    (
        Code::Lifecycle(LifecycleCode::Closed),
        "The provider no longer gives the service to new customers. It runs on for those who have it.",
        "Build nothing new on it. A reason with `because: migration` and an end settles it.",
    ),
    (
        Code::Template(TemplateCode::Duplicate),
        "A section of the template, or a name in one, is written twice. The last one counts; the others are not judged.",
        "Keep one, or rename one.",
    ),
    (
        Code::Template(TemplateCode::Macro),
        "A macro may change the template, or bring more into it, before it is deployed. The template is judged as it stands.",
        "Check what the macro makes of it: `aws cloudformation get-template --template-stage Processed`.",
    ),
    (
        Code::Template(TemplateCode::Loop),
        "A loop is not written in a way that can be followed, or writes more than a stack can hold: it is not written out one by one. Or resources name what names many, so often that not all references are followed.",
        "Correct it at the place shown.",
    ),
    (
        Code::Template(TemplateCode::Document),
        "A file holds a template and another document that is none, which is not judged.",
        "Write the template as one document, without `---` in between.",
    ),
    (
        Code::Template(TemplateCode::Type),
        "A resource of the template has no `Type`, or one that is not the name of a resource type. It is not judged.",
        "Write the type, as in `Type: AWS::SQS::Queue`: CloudFormation refuses the template without it.",
    ),
    (
        Code::Template(TemplateCode::Condition),
        "A resource of the template has a `Condition` that `Conditions` does not define. It is judged as if it may be there.",
        "Define the condition, or write the name as it is there: CloudFormation refuses the template as it stands.",
    ),
    (
        Code::Template(TemplateCode::Version),
        "A plan or state is written in a format that is newer than what sfl knows. What is new in it is not read; the rest is judged.",
        "Look for a newer sfl.",
    ),
    (
        Code::Template(TemplateCode::Hidden),
        "A template is there and not read: it is ignored, excluded, called otherwise, moved, replaced or too large. It held decisions at the commit, in the baseline or in the saved report that is compared with, and these count as not gone; or the change puts it where nobody looks. Neither `ignore` nor `select` leaves this finding out.",
        "Bring it back into sight, or delete it. To leave it out for good, do so in a change of its own. As a note, it only says what stands where nobody looked before.",
    ),
    (
        Code::Config(ConfigCode::Toml),
        "The configuration is not valid TOML.",
        "Correct it at the place shown.",
    ),
    (
        Code::Config(ConfigCode::UnknownKey),
        "The configuration has a key that sfl does not know.",
        "Use one of the keys that the finding names.",
    ),
    (
        Code::Config(ConfigCode::Type),
        "A key of the configuration has the wrong kind of value.",
        "Correct it as the finding says.",
    ),
    (
        Code::Config(ConfigCode::MissingKey),
        "A table of a rule file lacks a key that it needs.",
        "Add it.",
    ),
    (
        Code::Config(ConfigCode::Rule),
        "A rule file says something that can't be true: a name that nothing has, or that two things have, or a condition that isn't one.",
        "Correct it as the finding says.",
    ),
    (
        Code::Config(ConfigCode::Folder),
        "A folder of rule files can't be read, or holds none.",
        "It must be a folder inside the working tree, named from the configuration's folder.",
    ),
    (
        Code::Config(ConfigCode::Value),
        "A key of the configuration has a value that it does not accept.",
        "Use one of those that the finding names.",
    ),
    (
        Code::Config(ConfigCode::Extend),
        "The configuration that this one extends can't be read, or extends this one in turn.",
        "It must be a file inside the working tree, named from the configuration's folder.",
    ),
    (
        Code::Config(ConfigCode::Glob),
        "`path` or `address` is not a glob.",
        "`*` and `?` stand for anything; brackets in an address are literal.",
    ),
    (
        Code::Config(ConfigCode::Ledger),
        "The ledger that the configuration names can't be read.",
        "It must be a file inside the working tree, named from the configuration's folder.",
    ),
    (
        Code::Config(ConfigCode::Deployment),
        "A value that is given to a parameter or variable can't be read, no template has a parameter of its name, or the parameter does not take it.",
        "Correct it at the place shown; where it is an error, the exit code is 2.",
    ),
    (
        Code::Config(ConfigCode::Unreadable),
        "The configuration could not be opened.",
        "The message comes from the operating system.",
    ),
    (
        Code::Config(ConfigCode::Widened),
        "The change would loosen that by which it is judged: what is excluded, accepted, shown or known, a gate, a rule, a value, or a reason in the ledger.",
        "It counts once it is merged; until then, the run goes by the commit that `[trust] base` or `--config-from` names.",
    ),
    (
        Code::Owners(OwnersCode::Line),
        "A line of CODEOWNERS does not count as it is written, so the owners of some files are not what it seems.",
        "Correct it as the finding says; GitHub and GitLab pass over such a line as well.",
    ),
    (
        Code::Owners(OwnersCode::Unreadable),
        "CODEOWNERS is there and can't be used: no owner is known from it.",
        "It must be a regular file inside the repository, of at most 3 MiB and 20,000 patterns.",
    ),
    (
        Code::Purpose(PurposeCode::Missed),
        "A target that gates is missed: its day is over, or it has none, and the score is below it.",
        "Climb as many decisions as the finding says, or move the day where the plan has changed.",
    ),
    (
        Code::Ratchet(RatchetCode::Score),
        "With --ratchet, a score falls below the one that was recorded at the commit that it names.",
        "Let as many decisions climb as this change lets fall; `sfl check --since REF` says which those are.",
    ),
    (
        Code::Ratchet(RatchetCode::Expires),
        "With --ratchet, the last day of a reason was moved, and the reason says word for word what it said before.",
        "Write down what has changed since, and why it takes longer; or let the reason end when it was meant to.",
    ),
    (
        Code::Ratchet(RatchetCode::Accepted),
        "With --ratchet, the configuration accepts a rung that it did not accept, or leaves out templates that counted.",
        "Give the decisions on that rung reasons; what really is to be accepted goes in by a change of its own, without --ratchet.",
    ),
];

impl Code {
    /// What the code says and what to do about it; a ladder's own words say it for a fallback.
    #[must_use]
    pub fn meaning(&self) -> Option<(&'static str, &'static str)> {
        let known = ALL.iter().find(|(code, ..)| code == self);
        known.map(|(_, says, remedy)| (*says, *remedy))
    }
}
