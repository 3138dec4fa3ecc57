//! The GitHub Action, run as a runner would: `action.yml` is read, and its steps are run in order with the environment that it
//! gives them, in real repositories.
#![cfg(unix)]

mod check;
mod comment;
mod docs;
mod expression;
mod hostile;
mod install;
mod job;
mod lint;
mod log;
mod pull_request;
mod releases;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

const SERVER: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Properties:\n      ImageId: ami-1\n      InstanceType: m7g.large\n      SubnetId: subnet-1\n";
const QUEUE: &str = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n";
const BROKEN: &str = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n   Bad: [\n";

/// A server of another name.
fn server(name: &str) -> String {
    SERVER.replace("Web", name)
}
