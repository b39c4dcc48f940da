//! The finding as a page that needs nothing but a browser: no script, nothing
//! from elsewhere, and nothing that the post says can become markup.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;

use super::custody::{self, Step, Told};
use super::dossier::{Dossier, Version};
use super::readme::NOT_SHOWN;
use crate::model::{Digest, Finding};
use crate::report::indonesian;
use crate::web::marks::{self, visible};
use crate::web::{Ground, finding, words};

/// The page's own style: A4, black on white.
const STYLE: &str = include_str!("page.css");

/// What the page is told beside the dossier.
pub(super) struct Office<'a> {
    /// The name of the Satgas's unit.
    pub(super) unit: &'a str,
    /// Its time zone.
    pub(super) zone: &'a TimeZone,
    /// The legal ground of the monitoring.
    pub(super) ground: &'a Ground,
}

/// The page.
pub(super) fn write(dossier: &Dossier, office: &Office<'_>) -> String {
    let zone = office.zone;
    let number = &dossier.state.number;
    let versions = dossier.versions();
    let style = STANDARD.encode(Digest::of(STYLE.as_bytes()).0);
    let policy = format!("default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'");
    let document = html! {
        (DOCTYPE)
        html lang="id" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex, nofollow";
                title { "Bukti temuan " (number) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    p .unit { (visible(office.unit)) }
                    h1 { "Bukti temuan " (number) }
                    p .peringatan {
                        "Halaman ini salinan kerja yang mudah dibaca. Bukti asli adalah berkas dalam folder "
                        code { "captures" } ", " code { "payload" } ", dan " code { "ledger" }
                        "; cara memeriksanya tertulis dalam " code { "BACA-SAYA.txt" }
                        ". Temuan adalah unggahan yang ditandai mesin untuk dilihat orang, bukan putusan."
                    }
                    @if dossier.is_open() { p .peringatan { (OPEN) } }
                }
                (summary(dossier, zone))
                @for (place, version) in (1..).zip(&versions) {
                    (one(version, place, versions.len(), zone))
                }
                (decisions(dossier, zone))
                (record(dossier, office))
                (chain(&custody::steps(dossier), zone))
                (integrity(dossier))
                section {
                    h2 { "Yang tidak dibuktikan" }
                    ul { @for line in NOT_SHOWN { li { (line) } } }
                }
            }
        }
    };
    document.into_string()
}

/// Said of every finding that still waits, whether or not something is left out.
const OPEN: &str = "Temuan ini belum selesai ditinjau. Selama itu, penilaian yang belum boleh \
    diketahui oleh pengekspor, bila ada, tidak disertakan.";

fn summary(dossier: &Dossier, zone: &TimeZone) -> Markup {
    let state = &dossier.state;
    html! {
        section {
            h2 { "Ringkasan" }
            dl {
                dt { "Nomor temuan" } dd { (state.number) }
                dt { "Kedudukan" } dd { (words::status(dossier.status)) }
                dt { "Prioritas" } dd { (words::priority(state.priority)) }
                dt { "Jenis unggahan" } dd { (words::kind(state.kind)) }
                dt { "Sumber" } dd { (visible(&state.source)) }
                dt { "Terbit (menurut sumber)" }
                dd { @match state.published { Some(at) => (time(at, zone)), None => "tidak disebutkan sumber" } }
                dt { "Ditandai" } dd { (time(state.at, zone)) }
                dt { "Unit yang disebut" }
                dd { @match &state.unit { Some(unit) => (visible(unit)), None => "tidak dikenali" } }
            }
        }
    }
}

/// One version of the post.
fn one(version: &Version<'_>, place: usize, of: usize, zone: &TimeZone) -> Markup {
    html! {
        section .versi {
            @if of > 1 { h2 { "Versi ke-" (place) " dari " (of) } }
            p { "Ditandai " (time(version.entry.at, zone)) ", nomor urut " (version.entry.seq) " dalam buku bukti." }
            @match &version.finding {
                Some(finding) => (content(finding, zone)),
                None => p { "Isi unggahan ini sudah dihapus." },
            }
        }
    }
}

fn content(finding: &Finding, zone: &TimeZone) -> Markup {
    let hits = marks::numbered(&finding.verdict.hits);
    html! {
        dl {
            dt { "Alamat" }
            dd { @match &finding.post.address { Some(address) => (visible(address)), None => "tidak disebutkan sumber" } }
            dt { "Diambil" } dd { (time(finding.captured, zone)) ", status HTTP " (finding.status) }
            dt { "SHA-256 jawaban sumber" } dd { code { (finding.body) } }
        }
        (finding::post(finding, &hits))
        (finding::why(finding, &hits))
    }
}

fn decisions(dossier: &Dossier, zone: &TimeZone) -> Markup {
    html! {
        section {
            h2 { "Keputusan" }
            @if dossier.judged.is_empty() { p { "Tidak ada." } }
            ol {
                @for judged in &dossier.judged {
                    li {
                        (time(judged.at, zone)) ": " (visible(&judged.by)) " memilih "
                        b { (finding::within(words::choice(judged.choice))) }
                        @if let Some(category) = judged.category { " (" (words::category(category)) ")" }
                        @if judged.undone { " - dibatalkan" }
                        "."
                        @match dossier.reason(judged.payload) {
                            Some(reason) => blockquote { (visible(reason)) },
                            None => " Alasannya sudah dihapus.",
                        }
                    }
                }
            }
        }
    }
}

/// The custody record: what is known, and what is not.
fn record(dossier: &Dossier, office: &Office<'_>) -> Markup {
    html! {
        section {
            h2 { "Catatan penguasaan bukti" }
            table {
                caption { "Yang diketahui Netra tentang bukti ini, dan yang tidak" }
                thead { tr { th scope="col" { "Hal" } th scope="col" { "Keterangan" } } }
                tbody {
                    @for field in custody::fields(dossier, office.ground) {
                        tr {
                            th scope="row" { (field.label) }
                            td {
                                @match &field.told {
                                    Told::At(at) => (time(*at, office.zone)),
                                    Told::Word(_, shown) => (shown),
                                    Told::Known(value) => (visible(&in_words(value))),
                                    Told::NotKnown(why) => i { "Tidak diketahui: " (why) "." },
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn chain(steps: &[Step<'_>], zone: &TimeZone) -> Markup {
    html! {
        section {
            h2 { "Riwayat penguasaan" }
            p {
                "Setiap baris adalah satu entri buku bukti; berkasnya terletak dalam "
                code { "ledger/entry" } ". Peran pelaku tidak dicatat dalam buku bukti."
            }
            table {
                caption { "Siapa melakukan apa terhadap bukti ini" }
                thead { tr { th scope="col" { "No. urut" } th scope="col" { "Waktu" } th scope="col" { "Oleh" } th scope="col" { "Perbuatan" } th scope="col" { "Alasan" } } }
                tbody {
                    @for step in steps {
                        tr {
                            td { (step.entry.seq) }
                            td { (time(step.entry.at, zone)) }
                            td { (visible(&step.entry.by.0)) }
                            td { (step.deed) }
                            td { (visible(step.reason.unwrap_or_default())) }
                        }
                    }
                }
            }
        }
    }
}

fn integrity(dossier: &Dossier) -> Markup {
    html! {
        section {
            h2 { "Keutuhan" }
            p { "Rekaman dan isi diberi nama menurut SHA-256 berkasnya:" }
            ul {
                @for (id, capture) in &dossier.captures {
                    li {
                        @if capture.is_some() { code { "captures/" (id) ".warc.gz" } }
                        @else { "Rekaman " code { (id) } " tidak ada lagi pada penyimpanan." }
                    }
                }
                @for (id, file) in &dossier.payloads {
                    li {
                        @if file.is_some() { code { "payload/" (id) } }
                        @else { "Isi " code { (id) } " sudah dihapus." }
                    }
                }
            }
            p { "Titik periksa buku bukti yang menjadi dasar pembuktian:" }
            pre { (dossier.snapshot.note) }
        }
    }
}

/// `21 November 2026 pukul 06.21 WIB (2026-11-20T23:21:00Z)`.
fn time(at: Timestamp, zone: &TimeZone) -> String {
    format!("{} ({})", indonesian::instant(at, zone), at.strftime("%Y-%m-%dT%H:%M:%SZ"))
}

/// A value of the record, for people.
fn in_words(value: &Value) -> String {
    match value {
        Value::Null => "-".into(),
        Value::String(text) => text.clone(),
        Value::Array(values) if values.is_empty() => "tidak ada".into(),
        Value::Array(values) => values.iter().map(in_words).collect::<Vec<_>>().join("; "),
        Value::Object(fields) => {
            let told = fields.iter().filter(|(_, value)| !value.is_null());
            let told = told.map(|(name, value)| format!("{name} {}", in_words(value)));
            told.collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}
