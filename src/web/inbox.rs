//! The queue of findings: filters in the address, 25 a page, no offset.

use axum::extract::{Query, State};
use axum::response::Html;
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;

use super::desk::{self, Case, Listing, Standing, View, at_desk};
use super::failure::Failure;
use super::finding::saved;
use super::guard::Visitor;
use super::layout::Page;
use super::marks::{self, excerpt, visible};
use super::{App, words};
use crate::model::{Field, Priority, Status};
use crate::report::indonesian;

/// Findings on a page.
const PER_PAGE: usize = 25;

/// Characters of the post that a row shows.
const EXCERPT_CHARS: usize = 140;

const PRIORITIES: [Priority; 3] = [Priority::Tinggi, Priority::Sedang, Priority::Rendah];

/// What the address asks for; an unknown word asks for nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// `saya`, `semua`, or a status.
    pub(super) status: String,
    /// A priority.
    pub(super) prioritas: String,
    /// A source.
    pub(super) sumber: String,
    /// The number of the last finding of the page before.
    pub(super) sesudah: String,
    /// The number of a finding whose decision was just saved.
    disimpan: String,
}

impl Asked {
    /// As the desk understands it.
    pub(super) fn view(&self) -> View {
        let status = Status::ALL.into_iter().find(|status| status.as_str() == self.status);
        let standing = match self.status.as_str() {
            "semua" => Standing::All,
            _ => status.map_or(Standing::Mine, Standing::At),
        };
        let priority = PRIORITIES.into_iter().find(|it| it.as_str() == self.prioritas);
        let source = Some(self.sumber.clone()).filter(|source| !source.is_empty());
        View { standing, priority, source }
    }

    /// The number after which to go on.
    pub(super) fn after(&self) -> Option<String> {
        Some(self.sesudah.clone()).filter(|number| !number.is_empty())
    }

    /// The address of the next page.
    fn next(&self, last: &str) -> String {
        let mut pairs = url::form_urlencoded::Serializer::new("/antrean?".to_owned());
        pairs.append_pair("status", &self.status);
        pairs.append_pair("prioritas", &self.prioritas);
        pairs.append_pair("sumber", &self.sumber);
        pairs.append_pair("sesudah", last);
        pairs.finish().replacen("?&", "?", 1)
    }
}

/// GET /antrean
pub(super) async fn page(
    State(app): State<App>,
    Query(asked): Query<Asked>,
    visitor: Visitor,
) -> Result<Html<String>, Failure> {
    let (view, after, reviewer) = (asked.view(), asked.after(), visitor.reviewer());
    let (number, person) = (asked.disimpan.clone(), visitor.clone());
    let (listing, saved) = at_desk(&app, move |app| {
        let listing = desk::list(app, &reviewer, &view, after.as_deref(), PER_PAGE)?;
        Ok((listing, saved(app, &number, &person)?))
    })
    .await?;
    let Listing { cases, has_more } = &listing;
    let body = html! {
        @if let Some(saved) = saved { (saved) }
        h1 { "Antrean tinjauan" }
        (filters(&app, &asked))
        @if cases.is_empty() {
            (nothing(&app))
        } @else {
            p .catatan { "Urut: prioritas, lalu yang terlama." }
            ol .antrean {
                @for case in cases { (row(&app, &visitor, case)) }
            }
        }
        @if let Some(last) = cases.last().filter(|_| *has_more) {
            p { a .tombol href=(asked.next(&last.state.number)) rel="next" { "Berikutnya" } }
        }
    };
    Ok(Page { title: "Antrean", at: "/antrean", body }.show(&app, Some(&visitor)))
}

fn filters(app: &App, asked: &Asked) -> Markup {
    let statuses = [("", "Menunggu saya"), ("semua", "Semua")];
    let all = Status::ALL.map(|it| (it.as_str(), words::status(it)));
    let sources = app.parts().sources.all();
    html! {
        details .saring open[!asked.view().is_plain()] {
            summary { "Saring" }
            form method="get" action="/antrean" {
                label { "Status "
                    select name="status" {
                        @for (word, label) in statuses.into_iter().chain(all) {
                            option value=(word) selected[word == asked.status] { (label) }
                        }
                    }
                }
                label { "Prioritas "
                    select name="prioritas" {
                        option value="" { "Semua" }
                        @for it in PRIORITIES {
                            option value=(it.as_str()) selected[it.as_str() == asked.prioritas] { (words::priority(it)) }
                        }
                    }
                }
                label { "Sumber "
                    select name="sumber" {
                        option value="" { "Semua" }
                        @for source in &sources {
                            option value=(source.name) selected[source.name == asked.sumber] { (source.name) }
                        }
                    }
                }
                button { "Tampilkan" }
            }
        }
    }
}

impl View {
    fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

fn row(app: &App, visitor: &Visitor, case: &Case) -> Markup {
    let state = &case.state;
    let shown = desk::shown(case, &visitor.reviewer());
    let now = app.parts().clock.now();
    html! {
        li {
            p .baris {
                span class=(format!("lencana {}", state.priority.as_str())) { (words::priority(state.priority)) }
                a .nomor href=(format!("/temuan/{}", state.number)) { (state.number) }
                span .lencana { (words::status(shown.status)) }
            }
            p .kutip {
                @match &case.finding {
                    Some(finding) => {
                        @let hits = marks::numbered(&finding.verdict.hits);
                        @let in_title = !finding.post.title.is_empty() && !hits.iter().any(|it| it.hit.field == Field::Text);
                        @if in_title {
                            (excerpt(&finding.post.title, Field::Title, &hits, EXCERPT_CHARS))
                        } @else {
                            (excerpt(&finding.post.text, Field::Text, &hits, EXCERPT_CHARS))
                        }
                    },
                    None => "Isi unggahan ini sudah dihapus.",
                }
            }
            p .catatan {
                (words::kind(state.kind)) " · " (visible(&state.source))
                @if let Some(unit) = &state.unit { " · " (visible(unit)) }
                " · skor " (indonesian::decimal(state.score))
                @if let Some(at) = state.published { " · terbit " (indonesian::instant(at, &app.parts().zone)) }
                " · ditandai " (ago(state.at, now))
            }
        }
    }
}

fn ago(from: Timestamp, to: Timestamp) -> String {
    match to.duration_since(from).as_mins() {
        ..1 => "baru saja".into(),
        _ => format!("{} yang lalu", indonesian::age(from, to)),
    }
}

/// Empty must mean quiet, not broken: so it says when the sources last answered.
fn nothing(app: &App) -> Markup {
    let sources = app.parts().sources.all();
    let well = sources.iter().filter(|source| source.health.failures == 0).count();
    let last = sources.iter().filter_map(|source| source.health.answered).max();
    html! {
        p { "Tidak ada temuan yang sesuai." }
        p .catatan {
            @if let Some(last) = last {
                "Terakhir diperiksa " (indonesian::instant(last, &app.parts().zone)) "; "
            }
            (well) " dari " (sources.len()) " sumber berjalan."
        }
    }
}
