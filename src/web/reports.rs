//! Chooses a half-year, shows its report, hands out the files.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse as _, Response};
use axum::{Extension, Form};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::html;
use serde::Deserialize;

use super::App;
use super::desk::{self, at_desk};
use super::failure::Failure;
use super::guard::Visitor;
use super::identity::AsItIs;
use super::layout::{self, Page};
use crate::model::{Actor, Digest, Event, Period};
use crate::report::{self, Format, Report, indonesian};

/// A written report.
#[derive(Debug)]
pub(super) struct Written {
    /// The name of its file.
    pub(super) name: String,
    /// The media type.
    pub(super) media_type: &'static str,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// Their digest, as the ledger has it.
    pub(super) digest: Digest,
}

/// GET /laporan
pub(super) async fn page(
    State(app): State<App>,
    visitor: Visitor,
) -> Result<Html<String>, Failure> {
    let parts = app.parts();
    let now = parts.clock.now();
    let period = Period::of(now, &parts.zone);
    let report = at_desk(&app, move |app| tally(app, period)).await?;
    let figures = &report.figures;
    let periods: Vec<_> =
        std::iter::successors(Some(period), |period| Some(period.previous())).take(4).collect();
    let numbers = [
        ("Unggahan diperiksa", figures.checked),
        ("Temuan baru", figures.flagged),
        ("Selesai ditinjau", figures.settled()),
        ("Dugaan disetujui", figures.dugaan),
        ("Masih terbuka", figures.open()),
    ];
    let body = html! {
        h1 { "Laporan semester" }
        section {
            h2 { "Sampai sekarang, " (period) }
            ul .kotak {
                @for (words, number) in numbers {
                    li { a href=(format!("/laporan/{period}")) { b { (indonesian::count(number)) } span { (words) } } }
                }
            }
            @if figures.open() > 0 {
                p { b { (indonesian::count(figures.open())) } " temuan belum selesai ditinjau dan akan tertulis sebagai temuan terbuka." }
            }
        }
        section {
            h2 { "Buat laporan" }
            form .sempit method="post" action="/laporan" {
                (layout::form_token(&visitor))
                label for="periode" { "Periode" }
                select #periode name="periode" {
                    @for period in &periods { option value=(period) { "Semester " (if period.half() == 1 { "I" } else { "II" }) " " (period.year()) } }
                }
                label for="format" { "Bentuk" }
                select #format name="format" {
                    @for format in report::FORMATS { option value=(format.name) { (format.caption) } }
                }
                button .utama { "Unduh laporan" }
            }
            p .catatan { "Setiap laporan yang dibuat dicatat dalam buku bukti dengan sidik digital (SHA-256) berkasnya." }
        }
        section {
            h2 { "Pratinjau" }
            ul { @for period in &periods { li { a href=(format!("/laporan/{period}")) { "Semester " (if period.half() == 1 { "I" } else { "II" }) " " (period.year()) } } } }
        }
    };
    Ok(Page { title: "Laporan", at: "/laporan", body }.show(&app, Some(&visitor)))
}

/// GET /laporan/{period}
pub(super) async fn preview(
    State(app): State<App>,
    Path(period): Path<String>,
    _: Visitor,
) -> Result<Response, Failure> {
    let period: Period = period.parse().map_err(|_| Failure::NotFound)?;
    let report = at_desk(&app, move |app| tally(app, period)).await?;
    let format = report::format("html").ok_or(Failure::NotFound)?;
    let bytes = bytes(format, &report)?;
    // the document carries its own style, so that it prints the same as a file; only that one may apply
    let style = STANDARD.encode(Digest::of(report::STYLE.as_bytes()).0);
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let headers = [
        (header::CONTENT_TYPE, format.media_type.to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
    ];
    Ok((Extension(AsItIs), headers, bytes).into_response())
}

/// What the form asks for.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    periode: String,
    format: String,
}

/// POST /laporan
pub(super) async fn build(
    State(app): State<App>,
    visitor: Visitor,
    Form(wanted): Form<Wanted>,
) -> Result<Response, Failure> {
    let period = period(&wanted.periode)?;
    let format = report::format(&wanted.format).ok_or_else(|| {
        Failure::Unreadable(format!("`{}` is no format of a report", wanted.format))
    })?;
    let by = Actor(visitor.user.name);
    let written = write(&app, &by, period, vec![format]).await?;
    let file = written.into_iter().next().ok_or(Failure::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, file.media_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file.name)),
    ];
    Ok((Extension(AsItIs), headers, file.bytes).into_response())
}

/// The half-year of this name.
pub(super) fn period(text: &str) -> Result<Period, Failure> {
    text.parse()
        .map_err(|error: crate::model::period::NotAPeriod| Failure::Unreadable(error.to_string()))
}

/// Writes reports and notes each in the ledger.
pub(super) async fn write(
    app: &App,
    by: &Actor,
    period: Period,
    formats: Vec<&'static Format>,
) -> Result<Vec<Written>, Failure> {
    let written = at_desk(app, move |app| {
        let report = tally(app, period)?;
        formats
            .into_iter()
            .map(|format| one(format, &report).map(|it| (format.name, it)))
            .collect::<Result<Vec<_>, _>>()
    })
    .await?;
    let mut files = Vec::new();
    for (format, file) in written {
        let event = Event::Reported {
            period: period.to_string(),
            format: format.into(),
            digest: file.digest,
        };
        desk::note(app, by.clone(), event).await?;
        files.push(file);
    }
    Ok(files)
}

fn one(format: &Format, report: &Report) -> Result<Written, Failure> {
    let bytes = bytes(format, report)?;
    let (name, digest) = (format.file_name(report), Digest::of(&bytes));
    Ok(Written { name, media_type: format.media_type, bytes, digest })
}

fn bytes(format: &Format, report: &Report) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    (format.write)(report, &mut bytes).map_err(|error| Failure::ours("write a report", &error))?;
    Ok(bytes)
}

fn tally(app: &App, period: Period) -> Result<Report, Failure> {
    let parts = app.parts();
    let checkpoint = desk::checkpoint(app);
    let entries = parts.store.entries(0);
    let counted = report::tally(period, &parts.zone, &parts.report, checkpoint, entries);
    let mut report = counted.map_err(|error| Failure::ours("count a report", &error))?;
    // a source that gave nothing new leaves no entry, and was asked all the same
    for source in parts.sources.all() {
        if source.health.asked.is_some_and(|at| Period::of(at, &parts.zone) == period) {
            report.figures.sources.entry(source.name).or_default();
        }
    }
    Ok(report)
}
