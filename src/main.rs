fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let json = args.first().is_some_and(|a| a == "json");
    if json {
        args.remove(0);
    }
    let paths = args.into_iter().map(Into::into).collect();
    let r = sfl::check(
        &sfl::Options {
            paths,
            ..Default::default()
        },
        &|_, _| {},
    );
    if json {
        sfl::report::json::write(&r, &mut std::io::stdout()).unwrap();
    } else {
        for d in &r.decisions {
            println!(
                "{}\t{}\t{}\t{}\t{}\t{:?} cond={} uncertain={} members={:?}",
                d.path,
                d.address,
                d.kind,
                d.ladder().name,
                d.rung.number(),
                d.reachable,
                d.conditional,
                d.uncertain(),
                d.members
            );
        }
        for f in &r.findings {
            if f.code.starts_with("source") {
                println!("! {} {} {:?}", f.path(), f.message, f.positions().0);
            }
        }
    }
    eprintln!(
        "{} read {} skipped {:?}",
        r.read.len(),
        r.skipped,
        r.elapsed
    );
}
