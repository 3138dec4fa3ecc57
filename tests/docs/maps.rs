//! The pictures on the page about the map are what the program draws of `tests/shapes`.
//! `SFL_BLESS=1 cargo test --test docs maps` draws them anew.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

const PICTURES: [&str; 3] = ["serverless-api", "three-tier", "ecs-service"];

#[test]
fn the_maps_on_the_page_are_what_the_program_draws() {
    let page = fs::read_to_string(format!("{ROOT}/docs/map.md")).expect("it is there");
    for shape in PICTURES {
        let output = Command::new(env!("CARGO_BIN_EXE_sfl"))
            .args(["map", "--isolated", "."])
            .current_dir(Path::new(ROOT).join("tests/shapes").join(shape))
            .output()
            .expect("the program runs");
        let drawn = String::from_utf8(output.stdout).expect("it prints UTF-8");
        assert!(drawn.contains("<svg "), "{shape}: {drawn}");
        let name = format!("map-{shape}.svg");
        assert!(
            page.contains(&format!("]({name})")),
            "the page shows {name}"
        );
        let path = format!("{ROOT}/docs/{name}");
        if env::var_os("SFL_BLESS").is_some() {
            fs::write(&path, &drawn).expect("docs/ is writable");
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == drawn,
            "docs/{name} is old: SFL_BLESS=1 cargo test --test docs maps"
        );
    }
}
