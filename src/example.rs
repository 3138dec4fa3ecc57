use std::sync::Arc;

use sfl::{Compared, Disk, Format, Options, Style, Workspace, check, check_text};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // A folder, once.
    let options = Options {
        paths: vec!["shop".into()],
        ..Options::on(Arc::new(Disk::new("fixtures")))
    };
    let analysis = check(&options, &|_done, _total| {});
    let mut decisions = analysis.decisions.iter();
    let web = decisions
        .find(|decision| decision.address == "Web")
        .expect("it is in the shop");
    assert_eq!(web.code().to_string(), "compute/server");
    assert!(
        web.path.starts_with("shop/"),
        "paths are seen from the folder that was named"
    );

    // Every format is a function of the analysis and of what it was compared with: here, nothing.
    let mut json = Vec::new();
    Format::Json.write(&Compared::from(analysis), &Style::plain_text(), &mut json)?;

    // A text that is in no file.
    let text = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n";
    let analysis = check_text("orders.yaml", text, &Options::default());
    assert_eq!(analysis.decisions[0].rung.name(), "serverless");

    // Texts that keep changing: only what a change touches is judged again.
    let mut workspace = Workspace::new(Arc::new(Disk::new("fixtures/shop")));
    let saved = workspace.diagnose()?.decisions.len();
    workspace.open(
        "draft.yaml",
        "Resources:\n  Orders: {Type: AWS::EC2::Instance}\n",
    );
    assert_eq!(workspace.diagnose()?.decisions.len(), saved + 1);
    workspace.close("draft.yaml");
    assert_eq!(workspace.diagnose()?.decisions.len(), saved);
    Ok(())
}
