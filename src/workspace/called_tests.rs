//! Modules that are read only because a run calls them: followed by the workspace, and opened once.

use jiff::civil::date;

use super::*;
use crate::analysis::UnreadKind;
use crate::host::Memory;
use crate::host::counting::CountsOpens;

const ROOT: &str = "module \"web\" {\n  source = \"../../parts/web\"\n}\n";
const WEB: &str = "module \"box\" {\n  source = \"../box\"\n}\n";
const BOX: &str = "resource \"aws_instance\" \"box\" {\n}\n";

#[test]
fn a_module_that_is_only_called_is_followed() {
    let memory = Memory::new(date(2027, 1, 31))
        .with("live/a/main.tf", ROOT)
        .with("parts/web/main.tf", WEB);
    let mut workspace = Workspace::new(Arc::new(memory)).with_paths(vec!["live".into()]);
    let mut said = |change: &dyn Fn(&mut Workspace)| {
        change(&mut workspace);
        let analysis = workspace.diagnose().expect("nothing is configured");
        let unread = analysis.all_unread();
        let decisions = analysis.decisions.len();
        (decisions, unread.count(UnreadKind::ModuleCall))
    };
    assert_eq!(said(&|_| {}), (0, 1));
    // A module that comes to be, changes and goes.
    assert_eq!(said(&|open| open.open("parts/box/main.tf", BOX)), (1, 0));
    let two = format!("{BOX}{}", BOX.replace("box", "bin"));
    assert_eq!(
        said(&|open| open.change("parts/box/main.tf", &*two)),
        (2, 0)
    );
    let more = BOX.replace("box", "pot");
    assert_eq!(said(&|open| open.open("parts/box/more.tf", &*more)), (3, 0));
    assert_eq!(said(&|open| open.close("parts/box/main.tf")), (1, 0));
    // The one between, and a second root.
    assert_eq!(said(&|open| open.change("parts/web/main.tf", "")), (0, 0));
    assert_eq!(said(&|open| open.close("parts/web/main.tf")), (1, 0));
    assert_eq!(said(&|open| open.open("live/b/main.tf", ROOT)), (2, 0));
    assert_eq!(said(&|open| open.close("parts/box/more.tf")), (0, 2));
}

#[test]
fn each_file_is_opened_once_however_many_call_it() {
    let mut memory = Memory::new(date(2027, 1, 31))
        .with("parts/web/main.tf", WEB)
        .with("parts/box/main.tf", BOX)
        .with("parts/other/main.tf", BOX);
    for number in 0..50 {
        memory = memory.with(format!("live/{number}/main.tf"), ROOT);
    }
    let host = Arc::new(CountsOpens::of(memory));
    let options = Options {
        paths: vec!["live".into()],
        ..Options::on(Arc::clone(&host) as Arc<dyn Host>)
    };
    let analysis = check(&options, &|_, _| {});
    assert_eq!((analysis.decisions.len(), analysis.read.len()), (50, 50));
    let opened = host.counts();
    let terraform = opened.iter().filter(|(path, _)| path.ends_with("main.tf"));
    let counts: Vec<usize> = terraform.map(|(_, count)| *count).collect();
    assert_eq!(counts, [1; 52]);
}
