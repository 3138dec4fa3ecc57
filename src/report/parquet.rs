//! One row for each decision, in Parquet: for engines that ask questions of many. Columns are added at the end; none is renamed.

use std::io::{self, Write};
use std::sync::Arc;

use ::parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int32Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::parser::parse_message_type;
use jiff::civil::{Date, date};

use super::words;
use crate::analysis::{Count, Decision, Field, Liability, Step};
use crate::base::finding::fingerprint;
use crate::compare::Compared;
use crate::liability;

/// Rows that are held at a time.
const GROUP: usize = 1 << 17;

/// A decision, and what it is seen with.
struct Row<'r> {
    decision: &'r Decision,
    repository: Option<(&'r str, Option<&'r str>)>,
    owned: &'r [usize],
    liabilities: &'r [Liability],
}

/// What a column holds of a row. Texts, days and the like may be missing.
enum Cells {
    Text(fn(&Row<'_>) -> Option<String>),
    Number(fn(&Row<'_>) -> i32),
    Yes(fn(&Row<'_>) -> bool),
    Day(fn(&Row<'_>) -> Option<Date>),
}

/// The columns, in order.
const COLUMNS: [(&str, Cells); 38] = [
    (
        "repository",
        Cells::Text(|row| row.repository.map(|one| one.0.to_owned())),
    ),
    (
        "commit",
        Cells::Text(|row| row.repository.and_then(|one| one.1).map(str::to_owned)),
    ),
    (
        "path",
        Cells::Text(|row| Some(row.decision.path.to_string())),
    ),
    (
        "line",
        Cells::Number(|row| number(row.decision.start.line as usize)),
    ),
    (
        "address",
        Cells::Text(|row| Some(row.decision.address.clone())),
    ),
    ("type", Cells::Text(|row| Some(row.decision.kind.clone()))),
    (
        "ladder",
        Cells::Text(|row| Some(row.decision.ladder().name.to_string())),
    ),
    (
        "rung",
        Cells::Number(|row| row.decision.rung.number().into()),
    ),
    (
        "rung_name",
        Cells::Text(|row| Some(row.decision.rung.name().to_owned())),
    ),
    (
        "score",
        Cells::Number(|row| row.decision.rung.score().into()),
    ),
    (
        "worst_rung",
        Cells::Number(|row| {
            let all = row.decision.reachable.iter().map(|one| one.rung);
            let worst = all.fold(row.decision.rung, std::cmp::Ord::max);
            worst.number().into()
        }),
    ),
    (
        "reachable",
        Cells::Text(|row| {
            let all = row.decision.reachable.iter();
            some(all.map(|one| format!("{} {}", one.rung.name(), one.words())))
        }),
    ),
    ("conditional", Cells::Yes(|row| row.decision.conditional)),
    ("uncertain", Cells::Yes(|row| row.decision.uncertain())),
    (
        "doubts",
        Cells::Text(|row| some(row.decision.doubts.iter().cloned())),
    ),
    ("left_out", Cells::Yes(|row| row.decision.is_left_out)),
    ("counted", Cells::Yes(|row| row.decision.is_counted)),
    ("fallback", Cells::Yes(|row| row.decision.fallback)),
    (
        "severity",
        Cells::Text(|row| {
            let severity = row.decision.fallback.then(|| row.decision.severity.name());
            severity.map(str::to_owned)
        }),
    ),
    (
        "justified",
        Cells::Yes(|row| row.decision.justification.is_some()),
    ),
    (
        "because",
        Cells::Text(|row| reason(row, |one| one.because.as_ref())),
    ),
    (
        "reason",
        Cells::Text(|row| reason(row, |one| one.reason.as_ref())),
    ),
    (
        "reason_owner",
        Cells::Text(|row| reason(row, |one| one.owner.as_ref())),
    ),
    (
        "expires",
        Cells::Day(|row| reason(row, |one| one.expires.as_ref())?.trim().parse().ok()),
    ),
    (
        "evidence",
        Cells::Text(|row| reason(row, |one| one.evidence.as_ref())),
    ),
    (
        "owner",
        Cells::Text(|row| {
            let owner = row.decision.owner.as_ref()?;
            some(owner.names.iter().map(|name| name.to_string()))
        }),
    ),
    (
        "stream",
        Cells::Text(|row| row.decision.stream.as_deref().map(str::to_owned)),
    ),
    (
        "rule",
        Cells::Text(|row| Some(row.decision.rule.name.to_string())),
    ),
    (
        "says",
        Cells::Text(|row| row.decision.says().map(str::to_owned)),
    ),
    (
        "climb",
        Cells::Text(|row| {
            let up = row.decision.climb().up;
            let is_said = row.decision.rung.number() > 1 && !up.is_empty();
            is_said.then(|| up.to_owned())
        }),
    ),
    (
        "step",
        Cells::Text(|row| {
            let step = row
                .decision
                .climb()
                .step
                .filter(|_| row.decision.rung.number() > 1);
            step.map(Step::name).map(str::to_owned)
        }),
    ),
    (
        "lifecycle",
        Cells::Text(|row| {
            let mut all = row.decision.lifecycle();
            all.next().map(|(_, ending)| ending.code.text().to_owned())
        }),
    ),
    (
        "ends",
        Cells::Day(|row| {
            let mut all = row.decision.lifecycle();
            all.find_map(|(entry, _)| entry.ends.as_deref()?.parse().ok())
        }),
    ),
    (
        "members",
        Cells::Number(|row| number(row.decision.members.len())),
    ),
    (
        "duties",
        Cells::Text(|row| some(liability::duties(row.decision).map(|duty| duty.name.to_owned()))),
    ),
    (
        "script_lines",
        Cells::Number(|row| {
            let all = row.owned.iter().map(|at| &row.liabilities[*at]);
            let scripts = all.filter(|one| liability::kind(one).is_lines);
            number(scripts.map(|one| one.lines).sum())
        }),
    ),
    ("owned_things", Cells::Number(|row| number(row.owned.len()))),
    (
        "fingerprint",
        Cells::Text(|row| {
            let code = row.decision.code().to_string();
            Some(fingerprint(&[
                &row.decision.path,
                &row.decision.address,
                &code,
            ]))
        }),
    ),
];

/// Writes the decisions.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Compared, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let owned = liability::of_decisions(report);
    let rows = report.decisions.iter().zip(&owned);
    let rows: Vec<Row<'_>> = rows
        .map(|(decision, owned)| Row {
            decision,
            repository: report
                .merged_from
                .as_ref()
                .and_then(|merged| merged.repository(&decision.path)),
            owned,
            liabilities: &report.liabilities,
        })
        .collect();
    table(&rows, report, out).map_err(|error| match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        error => io::Error::other(error),
    })
}

fn table(
    rows: &[Row<'_>],
    report: &Compared,
    out: &mut (dyn Write + Send),
) -> Result<(), ParquetError> {
    use ::parquet::file::metadata::KeyValue;
    let fields = COLUMNS.iter().map(|(name, cells)| match cells {
        Cells::Text(_) => format!("OPTIONAL BYTE_ARRAY {name} (STRING);"),
        Cells::Number(_) => format!("REQUIRED INT32 {name};"),
        Cells::Yes(_) => format!("REQUIRED BOOLEAN {name};"),
        Cells::Day(_) => format!("OPTIONAL INT32 {name} (DATE);"),
    });
    let fields: Vec<String> = fields.collect();
    let schema = parse_message_type(&format!("message decision {{ {} }}", fields.join(" ")))?;
    // What a table of decisions doesn't say: nothing is green by silence.
    let score = Count::of(&report.decisions).score();
    let about = [
        ("schema", "sfl-decisions/1".to_owned()),
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        (
            "score",
            score.map(|score| score.to_string()).unwrap_or_default(),
        ),
        ("read", report.read.len().to_string()),
        ("unreadable", report.unreadable.to_string()),
    ];
    let about = about.map(|(key, value)| KeyValue::new(format!("sfl.{key}"), value));
    let properties = WriterProperties::builder()
        .set_created_by("sfl".to_owned())
        .set_key_value_metadata(Some(about.to_vec()))
        .build();
    let mut file = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties))?;
    for rows in rows.chunks(GROUP) {
        let mut group = file.next_row_group()?;
        for (_, cells) in &COLUMNS {
            column(rows, cells, &mut group)?;
        }
        group.close()?;
    }
    file.close()?;
    Ok(())
}

/// The next column of some rows.
fn column<W: Write + Send>(
    rows: &[Row<'_>],
    cells: &Cells,
    group: &mut SerializedRowGroupWriter<'_, W>,
) -> Result<(), ParquetError> {
    let Some(mut column) = group.next_column()? else {
        return Ok(());
    };
    match cells {
        Cells::Text(of) => {
            let texts: Vec<Option<String>> = rows.iter().map(of).collect();
            let levels: Vec<i16> = texts.iter().map(|one| one.is_some().into()).collect();
            let texts = texts.into_iter().flatten();
            let texts: Vec<ByteArray> = texts.map(|one| one.into_bytes().into()).collect();
            let typed = column.typed::<ByteArrayType>();
            typed.write_batch(&texts, Some(&levels), None)?;
        }
        Cells::Number(of) => {
            let numbers: Vec<i32> = rows.iter().map(of).collect();
            column
                .typed::<Int32Type>()
                .write_batch(&numbers, None, None)?;
        }
        Cells::Yes(of) => {
            let all: Vec<bool> = rows.iter().map(of).collect();
            column.typed::<BoolType>().write_batch(&all, None, None)?;
        }
        Cells::Day(of) => {
            let days: Vec<Option<i32>> = rows.iter().map(|row| of(row).map(since_1970)).collect();
            let levels: Vec<i16> = days.iter().map(|one| one.is_some().into()).collect();
            let days: Vec<i32> = days.into_iter().flatten().collect();
            let typed = column.typed::<Int32Type>();
            typed.write_batch(&days, Some(&levels), None)?;
        }
    }
    column.close()
}

fn since_1970(day: Date) -> i32 {
    (day - date(1970, 1, 1)).get_days()
}

fn number(of: usize) -> i32 {
    i32::try_from(of).unwrap_or(i32::MAX)
}

/// Texts as one; nothing where there is none.
fn some(texts: impl Iterator<Item = String>) -> Option<String> {
    let all = texts.collect::<Vec<_>>().join("; ");
    Some(all).filter(|all| !all.is_empty())
}

fn reason<'r>(
    row: &Row<'r>,
    of: impl Fn(&'r crate::analysis::Reason) -> Option<&'r Field>,
) -> Option<String> {
    let found = row.decision.justification.as_ref()?;
    let text = words::field(of(&found.reason));
    Some(text.to_string()).filter(|text| !text.is_empty())
}
