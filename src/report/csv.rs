//! Format: one row per finding, without texts, names or addresses.

use std::io::{self, Write};

use super::figures::{Report, Row};
use super::words::category_id;
use super::{Format, indonesian};
use crate::model::{PostKind, Priority};

pub(super) const FORMAT: Format = Format {
    name: "csv",
    caption: "Tabel temuan tanpa nama dan isi (CSV)",
    extension: "csv",
    media_type: "text/csv; charset=utf-8",
    write,
};

const COLUMNS: [&str; 12] = [
    "nomor",
    "ditandai",
    "sumber",
    "jenis_unggahan",
    "prioritas",
    "skor",
    "kategori",
    "aturan",
    "unit_disebut",
    "hasil",
    "diputuskan",
    "alasan_singkat",
];

fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(COLUMNS)?;
    for row in &report.rows {
        table.write_record(cells(row, report).map(|cell| inert(&cell)))?;
    }
    table.flush()
}

fn cells(row: &Row, report: &Report) -> [String; 12] {
    let day = |at: jiff::Timestamp| at.to_zoned(report.zone.clone()).date().to_string();
    let kind: PostKind = row.kind;
    let priority: Priority = row.priority;
    [
        row.number.clone(),
        day(row.flagged),
        row.source.clone(),
        kind.as_str().into(),
        priority.as_str().into(),
        indonesian::decimal(row.score),
        row.categories.iter().map(|it| category_id(*it)).collect::<Vec<_>>().join(" "),
        row.rules.join(" "),
        row.unit.clone().unwrap_or_default(),
        row.outcome.as_str().into(),
        row.settled.map(day).unwrap_or_default(),
        row.code.map(|code| code.as_str().to_owned()).unwrap_or_default(),
    ]
}

/// A cell that no table program takes for a formula: what begins like one,
/// after blanks or invisible characters too, gets an apostrophe before it.
pub(super) fn inert(cell: &str) -> String {
    let begins = cell.trim_start_matches(|c: char| {
        c.is_whitespace() || c.is_control() || c == '\u{FEFF}' || c == '\u{200B}'
    });
    let starts_formula = begins.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '%', '|']);
    let starts_blank = cell.starts_with(['\t', '\r', '\n']);
    if starts_formula || starts_blank { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_table_program_would_compute_becomes_text() {
        for cell in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            " =1",
            "\r=1",
            "＝1",
            "\u{FEFF}=1",
            "\u{200B}=1",
        ] {
            assert!(inert(cell).starts_with('\''), "{cell:?}");
        }
        assert_eq!(inert("Rutan Kelas IIB Randukuning"), "Rutan Kelas IIB Randukuning");
    }
}
