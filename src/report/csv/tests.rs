use super::*;
use crate::report::sample;

#[test]
fn a_decision_is_a_line() {
    insta::assert_snapshot!(sample::written(|out| write(&sample::report(), out)));
}

#[test]
fn a_hostile_name_is_a_cell() {
    let text = sample::written(|out| write(&sample::hostile(), out));
    assert!(sample::is_calm(&text), "{text}");
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<::csv::StringRecord> = reader
        .records()
        .collect::<Result<_, _>>()
        .expect("it is CSV");
    assert_eq!(rows.len(), 4);
    for row in &rows {
        assert!(
            row.iter()
                .all(|cell| !cell.starts_with(['=', '+', '-', '@'])),
            "{row:?}"
        );
    }
    assert!(
        rows[0][3].starts_with("'=cmd()␊::error::gone"),
        "{:?}",
        &rows[0][3]
    );
    assert_eq!(rows[1][3].len(), 10_000);
}

#[test]
fn no_cell_is_a_formula() {
    for formula in [
        "=1", "+1", "-1", "@a", "\t=1", "\r=1", " =1", " \"=1", "'=1", "＝1",
    ] {
        assert!(cell(formula).starts_with('\''), "{formula:?}");
    }
    for text in ["a=1", "", "infra/a-b.yaml", "1"] {
        assert_eq!(cell(text), text);
    }
}

#[test]
fn nothing_found_is_a_table_without_rows() {
    let text = sample::written(|out| write(&Compared::default(), out));
    assert_eq!(text.trim_end(), COLUMNS.join(","));
}
