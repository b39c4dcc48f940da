//! What became of the page of a finding, on the finding's page.

use maud::{Markup, html};
use serde_json::{Value, json};

use super::desk::Look;
use super::difference::difference;
use super::marks::visible;
use super::{App, words};
use crate::model::{Fate, Finding};
use crate::report::indonesian;

/// The later looks, the latest first, and what is edited.
pub(super) fn section(app: &App, finding: Option<&Finding>, looks: &[Look]) -> Markup {
    let zone = &app.parts().zone;
    html! {
        @if let Some(latest) = looks.last() {
            section #pemeriksaan-ulang {
                h2 { "Pemeriksaan ulang halaman" }
                ul .riwayat {
                    @for Look { look, reread } in looks.iter().rev() {
                        li {
                            (indonesian::instant(look.at, zone)) ": " b { (words::fate(look.fate)) } "."
                            @if let Some(ailment) = &look.ailment { " " (words::ailment(ailment)) "." }
                            @if let Some(reread) = reread {
                                @if let Some(status) = reread.status { " Status HTTP " (status) "." }
                                @if !reread.answered.is_empty() && reread.answered != reread.asked {
                                    " Dijawab oleh " span .tautan { (visible(&reread.answered)) } "."
                                }
                            }
                            @if let Some(capture) = look.capture {
                                " Rekaman " code { (capture.0.short(12)) } "."
                            }
                        }
                    }
                }
                @if let (Fate::Edited, Some(finding), Some(reread)) = (latest.look.fate, finding, &latest.reread) {
                    @if reread.text.is_empty() && reread.title.is_empty() {
                        p { "Teks temuan tidak lagi ditemukan pada halaman itu." }
                    } @else {
                        h3 { "Yang berubah" }
                        p .catatan { "Dicoret: ada ketika ditandai. Digarisbawahi: ada sekarang." }
                        @if finding.post.title != reread.title { (difference(&finding.post.title, &reread.title)) }
                        (difference(&finding.post.text, &reread.text))
                    }
                }
            }
        }
    }
}

/// The later looks for programs, oldest first.
pub(super) fn told(looks: &[Look]) -> Vec<Value> {
    let told = |Look { look, reread }: &Look| {
        json!({
            "at": look.at, "fate": look.fate, "capture": look.capture, "ailment": look.ailment,
            "seq": look.seq, "read": reread,
        })
    };
    looks.iter().map(told).collect()
}
