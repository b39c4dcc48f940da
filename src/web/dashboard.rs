//! The first page: how much waits, how the sources are.

use axum::extract::State;
use axum::response::Html;
use maud::{Markup, html};

use super::App;
use super::desk::{self, Standing, at_desk};
use super::failure::Failure;
use super::guard::Visitor;
use super::layout::Page;
use crate::model::{Period, Status};
use crate::report::indonesian;

/// A box counts so far; beyond it says "more than".
const MOST: usize = 500;

/// GET /
pub(super) async fn page(
    State(app): State<App>,
    visitor: Visitor,
) -> Result<Html<String>, Failure> {
    let boxes = if visitor.user.role.reads_findings() {
        let reviewer = visitor.reviewer();
        at_desk(&app, move |app| {
            let views = [
                ("Menunggu saya", "/antrean", Standing::Mine),
                ("Menunggu tinjauan", "/antrean?status=baru", Standing::At(Status::Baru)),
                (
                    "Menunggu anggota kedua",
                    "/antrean?status=menunggu_kedua",
                    Standing::At(Status::MenungguKedua),
                ),
                ("Dieskalasikan", "/antrean?status=eskalasi", Standing::At(Status::Eskalasi)),
                ("Ditunda", "/antrean?status=ditunda", Standing::At(Status::Ditunda)),
                ("Dugaan disetujui", "/antrean?status=dugaan", Standing::At(Status::Dugaan)),
            ];
            views
                .into_iter()
                .map(|(words, address, standing)| {
                    desk::count(app, &reviewer, standing, MOST + 1)
                        .map(|count| (words, address, count))
                })
                .collect::<Result<Vec<_>, _>>()
        })
        .await?
    } else {
        Vec::new()
    };
    let parts = app.parts();
    let ailing = parts.sources.all().iter().filter(|source| source.health.failures > 0).count();
    let now = parts.clock.now();
    let period = Period::of(now, &parts.zone);
    let body = html! {
        h1 { "Dasbor" }
        ul .kotak {
            @for (words, address, count) in boxes { (counted(words, address, count)) }
            (counted("Sumber bermasalah", "/sumber", ailing))
        }
        @if visitor.user.role.decides() {
            p { a .tombol .utama href="/antrean" { "Mulai meninjau" } }
        }
        p {
            "Laporan semester " (if period.half() == 1 { "I" } else { "II" }) " tahun " (period.year())
            " jatuh tempo " (indonesian::date(period.last())) "."
        }
    };
    Ok(Page { title: "Dasbor", at: "/", body }.show(&app, Some(&visitor)))
}

fn counted(words: &str, address: &str, count: usize) -> Markup {
    html! {
        li {
            a href=(address) {
                b { @if count > MOST { "> " (MOST) } @else { (indonesian::count(count as u64)) } }
                span { (words) }
            }
        }
    }
}
