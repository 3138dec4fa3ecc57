//! `sfl lsp` with editors that other people wrote: Neovim without a screen, and the client of pytest-lsp. Then the extension for
//! VS Code, tested, packed and looked into.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::onlookers::{python, run};
use crate::tools::missing;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const WEB: &str = "\
Resources:
  Web:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-1
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn
";

fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(folder.path().join(".git")).expect("it can be made");
    for name in ["a.yaml", "b.yaml"] {
        fs::write(folder.path().join(name), WEB).expect("it can be written");
    }
    folder
}

/// A command that is told where everything is.
fn told(mut command: Command, folder: &Path) -> Command {
    command
        .env("SFL_FOLDER", folder)
        .env("SFL_PROGRAM", env!("CARGO_BIN_EXE_sfl"))
        .env("HOME", folder)
        .env("XDG_STATE_HOME", folder.join(".state"));
    command
}

#[test]
fn neovim_opens_breaks_mends_hovers_applies_and_saves() {
    if missing!(NEOVIM) {
        return;
    }
    let folder = folder();
    let mut neovim = told(Command::new("nvim"), folder.path());
    let script = format!("luafile {ROOT}/tests/readers/editors/neovim.lua");
    neovim.args(["--headless", "--clean", "-c", &script]);
    let said = run(&mut neovim, "Neovim");
    let of = |name: &str| -> Value {
        let line = said
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name}\t")));
        let line = line.unwrap_or_else(|| panic!("{name}: {said}"));
        serde_json::from_str(line).expect("it is JSON")
    };
    let list = |name: &str| -> Vec<String> { serde_json::from_value(of(name)).unwrap_or_default() };
    assert_eq!(list("opened"), ["compute/server:2"]);
    assert!(
        list("broken").contains(&"compute/server:2".to_owned()),
        "{said}"
    );
    assert_eq!(list("mended"), ["compute/server:2"]);
    let hover = of("hover").to_string();
    assert!(
        hover.contains("rung 4 of 4 (server) on the compute ladder"),
        "{hover}"
    );
    assert_eq!(list("actions")[0], "Write down why Web is on rung 4");
    assert!(
        list("filled in").contains(&"compute/server:2".to_owned()),
        "{said}"
    );
    assert_eq!(list("settled"), [] as [&str; 0]);
    let saved = list("saved").join("\n");
    assert!(saved.contains("licensed per core of the host"), "{saved}");
    assert_eq!(of("stopped"), true);
}

#[test]
fn neovim_works_as_the_page_says() {
    if missing!(NEOVIM) {
        return;
    }
    let page = fs::read_to_string(format!("{ROOT}/docs/editors.md")).expect("it is there");
    let recipes = page.split("```lua\n").skip(1);
    let recipes: Vec<&str> = recipes
        .filter_map(|rest| Some(rest.split_once("```")?.0))
        .collect();
    let [newer, older] = recipes[..] else {
        panic!("{recipes:?}");
    };
    let mut version = Command::new("nvim");
    let version = run(version.arg("--version"), "Neovim");
    let minor = version
        .lines()
        .next()
        .and_then(|line| line.split('.').nth(1));
    let minor: u32 = minor
        .and_then(|minor| minor.parse().ok())
        .expect("it says its version");
    let folder = folder();
    let infra = folder.path().join("infra");
    fs::create_dir(&infra).expect("it can be made");
    fs::rename(folder.path().join("b.yaml"), infra.join("b.yaml")).expect("it can be moved");
    let recipe = folder.path().join("init.lua");
    fs::write(&recipe, if minor < 11 { older } else { newer }).expect("it can be written");
    let program = Path::new(env!("CARGO_BIN_EXE_sfl"));
    let own = program.parent().expect("it is in a folder").to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(own).chain(std::env::split_paths(&path));
    let path = std::env::join_paths(path).expect("they can be joined");
    let mut neovim = told(Command::new("nvim"), folder.path());
    let script = format!("luafile {ROOT}/tests/readers/editors/neovim_recipe.lua");
    neovim
        .args(["--headless", "--clean", "-c", &script])
        .env("SFL_RECIPE", &recipe)
        .env("PATH", path);
    let said = run(&mut neovim, "Neovim");
    assert_eq!(
        said,
        "a.yaml\tcompute/server\ninfra/b.yaml\tcompute/server\nservers\t1\n"
    );
}

#[test]
fn pytest_lsp_opens_breaks_mends_hovers_applies_and_saves() {
    if missing!(PYTHON) {
        return;
    }
    let python = python(
        "pytest-lsp",
        &["pytest-lsp==1.0.1", "pytest-asyncio==1.5.0"],
    );
    // What other editors say that they can do.
    for client in ["visual_studio_code", "neovim", "emacs"] {
        let folder = folder();
        let mut pytest = told(Command::new(&python), folder.path());
        let quiet = ["-q", "-p", "no:cacheprovider", "-o", "asyncio_mode=auto"];
        pytest
            .args(["-m", "pytest"])
            .args(quiet)
            .arg(format!("{ROOT}/tests/readers/editors/test_lsp.py"))
            .current_dir(folder.path())
            .env("SFL_CLIENT", client)
            .env("PYTHONDONTWRITEBYTECODE", "1");
        run(&mut pytest, "pytest-lsp");
    }
}

/// A copy without what was installed or built in it.
fn extension() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let own = Path::new(ROOT).join("editors/vscode");
    for entry in walkdir::WalkDir::new(&own)
        .into_iter()
        .filter_entry(|entry| {
            let name = entry.file_name().to_string_lossy();
            !["node_modules", "dist", "bin"].contains(&&*name) && !name.ends_with(".vsix")
        })
    {
        let entry = entry.expect("it is readable");
        let to = folder
            .path()
            .join(entry.path().strip_prefix(&own).expect("it is below"));
        if entry.file_type().is_dir() {
            fs::create_dir_all(to).expect("it can be made");
        } else {
            fs::copy(entry.path(), to).expect("it can be copied");
        }
    }
    folder
}

#[test]
fn the_extension_for_vs_code_is_sound_and_packed() {
    let manifest = fs::read_to_string(format!("{ROOT}/editors/vscode/package.json"));
    let manifest: Value =
        serde_json::from_str(&manifest.expect("it is there")).expect("it is JSON");
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest["license"], "MIT OR Apache-2.0");
    // A folder that nobody trusts does not choose the program.
    let restricted = &manifest["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"];
    assert_eq!(restricted, &serde_json::json!(["sfl.path"]));
    if missing!(NODE, ARCHIVERS) {
        return;
    }
    let folder = extension();
    let npm = |arguments: &[&str]| {
        let mut npm = Command::new("npm");
        npm.args(arguments).current_dir(folder.path());
        run(&mut npm, "npm with node, and its registry or a copy of it")
    };
    npm(&[
        "ci",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--silent",
    ]);
    npm(&["test", "--silent"]);
    // It checks the manifest before it packs.
    npm(&["run", "--silent", "package"]);
    let mut unzip = Command::new("unzip");
    unzip.args(["-Z1", "sfl.vsix"]).current_dir(folder.path());
    let packed = run(&mut unzip, "unzip");
    let mut packed: Vec<&str> = packed.lines().collect();
    packed.sort_unstable();
    assert_eq!(
        packed,
        [
            "[Content_Types].xml",
            "extension.vsixmanifest",
            "extension/LICENSE.txt",
            "extension/dist/extension.js",
            "extension/package.json",
            "extension/readme.md",
        ]
    );
    let code = fs::read_to_string(folder.path().join("dist/extension.js")).expect("it was built");
    for word in [
        "applicationinsights",
        "extension-telemetry",
        "sendTelemetry",
    ] {
        assert!(!code.contains(word), "{word}");
    }
}
