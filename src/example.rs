use sfl::report::{Format, Style};
use sfl::{Options, check, config::Config, workspace};

fn main() -> std::io::Result<()> {
    let options = Options {
        paths: vec!["fixtures/shop".into()],
        config: Config::isolated(),
        ..Options::default()
    };
    let report = check(&options, &|_done, _total| {});
    let web = report
        .decisions
        .iter()
        .find(|decision| decision.address == "Web")
        .expect("it is in the shop");
    assert_eq!(
        (web.code().as_str(), web.rung.number()),
        ("compute/server", 4)
    );

    // Every format is a function of the report.
    let mut json = Vec::new();
    Format::Json.write(&report, &Style::plain_text(), &mut json)?;

    // A text that stands in no file.
    let text = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n";
    let judged = workspace::stack::judge_text("orders.yaml", text, &options);
    assert_eq!(judged.decisions[0].rung.name(), "serverless");
    Ok(())
}
