//! The frame of every page, the style sheet, the script, and the pages that
//! say what went wrong.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use super::access::Who;
use super::failure::Failure;
use super::guard::{self, Visitor};
use super::{App, sign_in, words};
use crate::model::Role;
use crate::report::indonesian;

const CSS: &str = include_str!("netra.css");
const ICON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#1d4f91" d="M2 1h3l6 9V1h3v14h-3L5 6v9H2z"/></svg>"##;
const JS: &str = include_str!("netra.js");

/// The menu: words, address, for whom.
const MENU: [(&str, &str, Who); 4] = [
    ("Dasbor", "/", Who::SignedIn),
    ("Antrean", "/antrean", Who::ReadsFindings),
    ("Sumber", "/sumber", Who::SignedIn),
    ("Laporan", "/laporan", Who::Reports),
];

/// A page in its frame.
pub(super) struct Page<'a> {
    /// Its name, in the browser's title.
    pub(super) title: &'a str,
    /// The menu's entry that it belongs to, by address; empty for none.
    pub(super) at: &'a str,
    /// Its content, from `h1` on.
    pub(super) body: Markup,
}

impl Page<'_> {
    /// The whole document.
    pub(super) fn show(self, app: &App, visitor: Option<&Visitor>) -> Html<String> {
        let parts = app.parts();
        let document = html! {
            (DOCTYPE)
            html lang="id" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="robots" content="noindex, nofollow";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) " - Netra" }
                    link rel="icon" type="image/svg+xml" href="/favicon.ico";
                    link rel="stylesheet" href="/netra.css";
                    script src="/netra.js" defer {}
                }
                body {
                    a .lewati href="#isi" { "Lewati ke isi utama" }
                    @if parts.demo.is_some() {
                        p .demo role="note" { "Mode demo: data buatan" }
                    }
                    header .kepala {
                        p .nama { b { "Netra" } " - " (parts.unit) }
                        @if let Some(visitor) = visitor { (menu(visitor, self.at)) }
                    }
                    main #isi tabindex="-1" { (self.body) }
                    footer {
                        p {
                            "Netra menandai kata pada unggahan publik. "
                            "Keputusan dibuat oleh anggota Satgas."
                        }
                        p {
                            "Versi " (env!("CARGO_PKG_VERSION")) ". Waktu ditampilkan dalam "
                            (indonesian::zone_name(parts.clock.now(), &parts.zone)) "."
                        }
                    }
                }
            }
        };
        Html(document.into_string())
    }
}

fn menu(visitor: &Visitor, at: &str) -> Markup {
    let role = visitor.user.role;
    html! {
        nav aria-label="Menu utama" {
            ul {
                @for (word, address, who) in MENU {
                    @if who.admits(role) {
                        li {
                            a href=(address) aria-current=[(address == at).then_some("page")] { (word) }
                        }
                    }
                }
            }
        }
        form .saya method="post" action="/keluar" {
            (form_token(visitor))
            span { (visitor.user.display) " (" (words::role(role)) ")" }
            button .polos { "Keluar" }
        }
    }
}

/// The field by which a form shows that a page of this session sent it.
pub(super) fn form_token(visitor: &Visitor) -> Markup {
    html! { input type="hidden" name=(guard::FORM_TOKEN) value=(visitor.form_token); }
}

/// What stands over faults that can be mended and sent again.
pub(super) const TO_MEND: &str = "Ada yang perlu diperbaiki";

/// The faults of a form, each with a link to its field.
pub(super) fn faults(heading: &str, faults: &[(String, &str)]) -> Markup {
    html! {
        div .galat role="alert" tabindex="-1" {
            h2 { (heading) }
            ul {
                @for (fault, field) in faults {
                    li { a href=(format!("#{field}")) { (fault) } }
                }
            }
        }
    }
}

pub(super) async fn css() -> impl IntoResponse {
    file("text/css; charset=utf-8", CSS)
}

/// The letter N, so that no browser asks in vain.
pub(super) async fn icon() -> impl IntoResponse {
    file("image/svg+xml", ICON)
}

pub(super) async fn js() -> impl IntoResponse {
    file("text/javascript; charset=utf-8", JS)
}

fn file(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "private, max-age=300")], text)
}

pub(super) async fn not_found() -> Failure {
    Failure::NotFound
}

/// The page that says what went wrong and where to go on.
pub(super) fn failure(
    app: &App,
    visitor: Option<&Visitor>,
    failure: &Failure,
    method: &Method,
    path: &str,
) -> Response {
    if matches!(failure, Failure::SignInFirst) && method == Method::GET {
        return sign_in::form(app, None, path, None).into_response();
    }
    let (title, text) = told(app, visitor, failure);
    let body = html! {
        h1 { (title) }
        @for line in text { p { (line) } }
        p { a .tombol href="/" { "Ke dasbor" } }
    };
    Page { title: &title, at: "", body }.show(app, visitor).into_response()
}

fn told(app: &App, visitor: Option<&Visitor>, failure: &Failure) -> (String, Vec<String>) {
    let (title, text): (&str, Vec<String>) = match failure {
        Failure::SignInFirst => ("Silakan masuk dahulu", vec![]),
        Failure::NotPermitted(who) => {
            let role = visitor.map(|it| format!("Peran Anda: {}.", words::role(it.user.role)));
            let admitted = Role::ALL.into_iter().filter(|role| who.admits(*role));
            let roles: Vec<_> = admitted.map(words::role).collect();
            (
                "Anda tidak berhak membuka halaman ini",
                role.into_iter().chain([format!("Yang boleh: {}.", roles.join(", "))]).collect(),
            )
        }
        Failure::Forged => (
            "Formulir tidak dapat diterima",
            vec![
                "Formulir ini tidak dikirim dari halaman Netra yang sedang Anda buka, \
                 atau sesi Anda sudah berganti. Isian belum tersimpan."
                    .into(),
                "Kembali, muat ulang halaman, lalu kirim lagi.".into(),
            ],
        ),
        Failure::NotFound => (
            "Halaman tidak ditemukan",
            vec!["Periksa alamatnya, atau mulai lagi dari dasbor.".into()],
        ),
        Failure::Refused(refusals) => (
            "Langkah ini tidak dapat dilakukan",
            refusals.iter().map(|refusal| words::refusal(refusal, app)).collect(),
        ),
        Failure::Changed => (
            "Temuan ini berubah sejak Anda membukanya",
            vec!["Isian belum tersimpan. Buka lagi temuan ini dan periksa keadaannya.".into()],
        ),
        Failure::Unreadable(_) => (
            "Isian tidak dapat dibaca",
            vec!["Kembali dan periksa isian. Isian belum tersimpan.".into()],
        ),
        Failure::Conflict(_) => ("Tidak dapat disimpan", vec![]),
        Failure::Damaged(number) => (
            "Bukti rusak dan tidak diberikan",
            vec![format!("Hubungi operator untuk memeriksa keutuhan penyimpanan. Kode: {number}")],
        ),
        Failure::TooLarge(_) => (
            "Bukti terlalu besar untuk satu berkas",
            vec!["Mintalah operator menyalin folder captures, payload, dan ledger.".into()],
        ),
        Failure::Ours(number) => {
            ("Terjadi gangguan", vec![format!("Isian Anda belum tersimpan. Kode: {number}")])
        }
    };
    (title.into(), text)
}

/// A form sent after the session ended: sign in again, the reason is not lost.
pub(super) async fn signed_out(app: &App, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    if path.starts_with("/api/") {
        return Failure::SignInFirst.into_response();
    }
    let body = to_bytes(Body::new(request.into_body()), 64 * 1024).await.unwrap_or_default();
    let mut fields = url::form_urlencoded::parse(&body);
    let reason = fields.find(|(name, _)| name == "alasan").map(|(_, value)| value.into_owned());
    let back = path.rsplit_once('/').map_or("/", |(finding, _)| finding);
    let page = sign_in::form(app, None, back, reason.as_deref());
    (StatusCode::UNAUTHORIZED, page).into_response()
}
