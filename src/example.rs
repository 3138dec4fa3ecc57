use sfl::compare::Compared;
use sfl::report::{Format, Style};
use sfl::{Options, check, config::Config, workspace};

fn main() -> std::io::Result<()> {
    let options = Options {
        paths: vec!["fixtures/shop".into()],
        config: Config::isolated(),
        ..Options::default()
    };
    let analysis = check(&options, &|_done, _total| {});
    let web = analysis
        .decisions
        .iter()
        .find(|decision| decision.address == "Web")
        .expect("it is in the shop");
    assert_eq!(
        (web.code().to_string().as_str(), web.rung.number()),
        ("compute/server", 4)
    );

    // Every format is a function of the analysis and of what it was compared with: here, nothing.
    let mut json = Vec::new();
    Format::Json.write(&Compared::from(analysis), &Style::plain_text(), &mut json)?;

    // A text that stands in no file.
    let text = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n";
    let judged = workspace::stack::judge_text("orders.yaml", text, &options);
    assert_eq!(judged.decisions[0].rung.name(), "serverless");
    Ok(())
}
