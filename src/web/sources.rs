//! Which sources are well, which are silent, in words.

use std::time::Duration;

use axum::extract::State;
use axum::response::Html;
use jiff::{SignedDuration, Timestamp};
use maud::html;

use super::guard::Visitor;
use super::layout::Page;
use super::{App, words};
use crate::model::Health;
use crate::report::indonesian;

/// A source and how it is.
#[derive(Clone, Debug)]
pub struct SourceHealth {
    /// Its name in the configuration.
    pub name: String,
    /// Its kind: `feed`, `page` …
    pub kind: String,
    /// How often it is asked.
    pub every: Duration,
    /// How it is.
    pub health: Health,
}

/// How a source is, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Condition {
    NotAsked,
    Runs,
    Late,
    Fails,
}

impl Condition {
    /// Late is who has not been asked for twice its interval and a quarter of an hour.
    fn of(source: &SourceHealth, now: Timestamp) -> Self {
        let health = &source.health;
        let Some(asked) = health.asked else { return Self::NotAsked };
        let every = SignedDuration::try_from(source.every).unwrap_or(SignedDuration::MAX);
        let patience = every.saturating_mul(2).saturating_add(SignedDuration::from_mins(15));
        if health.failures > 0 {
            Self::Fails
        } else if now.duration_since(asked) > patience {
            Self::Late
        } else {
            Self::Runs
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::NotAsked => "Belum diperiksa",
            Self::Runs => "Berjalan",
            Self::Late => "Terlambat",
            Self::Fails => "Gagal",
        }
    }

    const fn class(self) -> &'static str {
        match self {
            Self::NotAsked => "lencana",
            Self::Runs => "lencana baik",
            Self::Late => "lencana sedang",
            Self::Fails => "lencana tinggi",
        }
    }
}

/// GET /sumber
pub(super) async fn page(State(app): State<App>, visitor: Visitor) -> Html<String> {
    let parts = app.parts();
    let (now, zone) = (parts.clock.now(), &parts.zone);
    let sources = parts.sources.all();
    let well = sources.iter().filter(|it| Condition::of(it, now) == Condition::Runs).count();
    let time = |at: Option<Timestamp>| {
        at.map_or_else(|| "belum pernah".into(), |at| indonesian::instant(at, zone))
    };
    let body = html! {
        h1 { "Sumber" }
        p { (well) " dari " (sources.len()) " sumber berjalan." }
        @if sources.is_empty() {
            p { "Belum ada sumber. Operator menambahkannya di berkas konfigurasi." }
        } @else {
            table .kartu {
                caption .hanya-pembaca { "Sumber dan keadaannya" }
                thead { tr { th { "Nama" } th { "Jenis" } th { "Keadaan" } th { "Terakhir berhasil" } th { "Berikutnya" } th .angka { "Unggahan" } } }
                tbody {
                    @for source in &sources {
                        @let condition = Condition::of(source, now);
                        @let health = &source.health;
                        tr {
                            td data-label="Nama" { b { (source.name) } }
                            td data-label="Jenis" { @match source.kind.as_str() { "feed" => "Feed berita", "page" => "Situs", kind => (kind) } }
                            td data-label="Keadaan" {
                                span class=(condition.class()) { (condition.as_str()) }
                                @if let Some(ailment) = &health.ailment {
                                    div .catatan { (words::ailment(ailment)) ": " (health.failures) " percobaan." }
                                }
                            }
                            td data-label="Terakhir berhasil" { (time(health.answered)) }
                            td data-label="Berikutnya" { (health.due.map_or_else(|| "belum dijadwalkan".into(), |at| indonesian::instant(at, zone))) }
                            td .angka data-label="Unggahan" { (indonesian::count(health.posts)) }
                        }
                    }
                }
            }
        }
    };
    Page { title: "Sumber", at: "/sumber", body }.show(&app, Some(&visitor))
}
