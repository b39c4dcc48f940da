//! One finding: where it comes from, the post with the marked words, why it
//! was flagged, and the form that decides.

use axum::extract::{Path, Query, State};
use axum::response::Html;
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;

use super::desk::{self, Case, at_desk};
use super::failure::Failure;
use super::form::{Filled, categories};
use super::guard::Visitor;
use super::layout::{self, Page};
use super::marks::{self, Numbered, marked, plain, visible};
use super::{App, export, identity, rechecks, words};
use crate::model::{
    Choice, Field, Finding, FindingState, Judged, Reason, Status, Verdict, standing,
};
use crate::report::indonesian;
use crate::review::{self, Refusal, Shown};

/// What the address says beyond the number.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// The number of a finding whose decision was just saved.
    disimpan: String,
    /// Set when the capture is to be read back and compared.
    periksa: String,
}

/// Everything that the page shows, read at the desk.
#[derive(Debug)]
pub(super) struct Sight {
    case: Case,
    looks: Vec<desk::Look>,
    reasons: Vec<(u64, Option<String>)>,
    saved: Option<Markup>,
    is_whole: Option<bool>,
    /// The banner on how to take back one's own decision, unless `saved` tells it.
    undo: Option<Markup>,
}

/// GET /temuan/{number}
pub(super) async fn page(
    State(app): State<App>,
    Path(number): Path<String>,
    Query(asked): Query<Asked>,
    visitor: Visitor,
) -> Result<Html<String>, Failure> {
    let reader = visitor.clone();
    let sight = at_desk(&app, move |app| {
        let case = desk::open(app, &number, &reader.reviewer())?;
        sight(app, case, asked, &reader)
    });
    Ok(show(&app, &visitor, &sight.await?, &Filled::default(), "", &[]))
}

/// Reads what the page of this finding shows.
pub(super) async fn look(
    app: &App,
    number: String,
    asked: Asked,
    visitor: &Visitor,
) -> Result<Sight, Failure> {
    let visitor = visitor.clone();
    at_desk(app, move |app| sight(app, desk::case(app, &number)?, asked, &visitor)).await
}

/// What the page of this case shows.
#[allow(clippy::needless_pass_by_value, reason = "what was asked is asked once")]
pub(super) fn sight(
    app: &App,
    mut case: Case,
    asked: Asked,
    visitor: &Visitor,
) -> Result<Sight, Failure> {
    let looks = desk::looks(app, &mut case);
    let shown = desk::shown(&case, &visitor.reviewer());
    let reasons = shown.judged.iter().map(|it| (it.seq, desk::reason(app, it))).collect();
    let is_whole = (!asked.periksa.is_empty()).then(|| desk::is_whole(app, &case));
    let saved = saved(app, &asked.disimpan, visitor)?;
    let until = desk::undo_until(app, &case.state, &visitor.reviewer());
    let until = until.filter(|_| asked.disimpan != case.state.number);
    let undo = until.map(|until| undo_form(app, &case.state, visitor, until));
    Ok(Sight { case, looks, reasons, saved, is_whole, undo })
}

/// The banner after a decision: saved, and until when it can be taken back.
pub(super) fn saved(app: &App, number: &str, visitor: &Visitor) -> Result<Option<Markup>, Failure> {
    if number.is_empty() {
        return Ok(None);
    }
    let state = match desk::state(app, number) {
        Err(Failure::NotFound) => return Ok(None),
        state => state?,
    };
    let until = desk::undo_until(app, &state, &visitor.reviewer());
    Ok(until.map(|until| {
        html! {
            div .kabar role="status" {
                p { "Keputusan " a href=(format!("/temuan/{number}")) { (number) } " disimpan." }
                (undo_form(app, &state, visitor, until))
            }
        }
    }))
}

/// The button that takes one's own decision back, and what that means.
fn undo_form(app: &App, state: &FindingState, visitor: &Visitor, until: Timestamp) -> Markup {
    html! {
        form method="post" action=(format!("/temuan/{}/batalkan", state.number)) {
            (layout::form_token(visitor))
            button { "Batalkan" }
            span .catatan {
                "dapat dibatalkan sampai pukul "
                (indonesian::clock_time(until, &app.parts().zone))
                @if review::undo_bars(state, &visitor.reviewer()) {
                    ". Setelah dibatalkan, Anda tidak dapat menilai lagi: Anda sudah melihat "
                    "penilaian anggota lain, jadi orang lain harus menilai."
                }
            }
        }
    }
}

/// The page, its form filled in as given, with what is wrong with it.
pub(super) fn show(
    app: &App,
    visitor: &Visitor,
    sight: &Sight,
    filled: &Filled,
    heading: &str,
    faults: &[(String, &'static str)],
) -> Html<String> {
    let Sight { case, looks, reasons, saved, is_whole, undo } = sight;
    let state = &case.state;
    let shown = desk::shown(case, &visitor.reviewer());
    let number = &state.number;
    let hits =
        case.finding.as_ref().map(|it| marks::numbered(&it.verdict.hits)).unwrap_or_default();
    let body = html! {
        @if !faults.is_empty() { (layout::faults(heading, faults)) }
        @if let Some(saved) = saved { (saved) }
        p .jejak { a href="/antrean" { "Antrean" } " / " (number) }
        h1 { "Temuan " (number) }
        p .lencana-baris {
            span class=(format!("lencana {}", state.priority.as_str())) {
                "Prioritas " (words::priority(state.priority).to_lowercase())
            }
            span .lencana { (words::status(shown.status)) }
            span .lencana { (words::kind(state.kind)) }
        }
        @if shown.may_decide { p .hp { a href="#keputusan" { "Langsung ke keputusan" } } }
        div .dua {
            div {
                (origin(app, case, *is_whole))
                @if let Some(finding) = &case.finding {
                    (post(finding, &hits))
                    (why(finding, &hits))
                    (identity::section(visitor, state, case.identity, faults))
                } @else {
                    section { h2 { "Isi unggahan" } p { "Isi unggahan ini sudah dihapus." } }
                }
                (rechecks::section(app, case.finding.as_ref(), looks))
                (history(app, state, &shown, reasons))
                @if visitor.user.role.exports() { (export::form(visitor, state, faults)) }
            }
            aside aria-label="Keputusan" {
                @if shown.may_decide {
                    (form(visitor, state, &shown, filled))
                } @else {
                    (no_form(visitor, state, &shown, filled))
                }
                @if let Some(undo) = undo { section .batal { h2 { "Keputusan Anda" } (undo) } }
            }
        }
    };
    let title = match faults {
        [] => format!("Temuan {number}"),
        _ => format!("Kesalahan: Temuan {number}"),
    };
    Page { title: &title, at: "/antrean", body }.show(app, Some(visitor))
}

fn origin(app: &App, case: &Case, is_whole: Option<bool>) -> Markup {
    let state = &case.state;
    let zone = &app.parts().zone;
    html! {
        section {
            h2 { "Asal-usul dan keutuhan" }
            dl .asal {
                dt { "Sumber" } dd { (visible(&state.source)) }
                @if let Some(finding) = &case.finding {
                    dt { "Tautan asli" }
                    dd {
                        @match &finding.post.address {
                            Some(address) => span .tautan { (visible(address)) },
                            None => "tidak disebutkan sumber",
                        }
                    }
                    dt { "Diambil" }
                    dd {
                        (indonesian::instant(finding.captured, zone)) ", status HTTP " (finding.status)
                        ", " (indonesian::count(finding.size)) " bita"
                    }
                    dt { "SHA-256 jawaban sumber" } dd { code { (finding.body) } }
                }
                dt { "Terbit (menurut sumber)" }
                dd {
                    @match state.published {
                        Some(at) => (indonesian::instant(at, zone)),
                        None => "tidak disebutkan sumber",
                    }
                }
                dt { "Ditandai" }
                dd { (indonesian::instant(state.at, zone)) ", nomor urut di buku bukti: " (indonesian::count(state.seq)) }
                dt { "Keutuhan" }
                dd {
                    @match is_whole {
                        None => {},
                        Some(true) => b .baik {
                            "Cocok pada " (indonesian::instant(app.parts().clock.now(), zone)) ". "
                        },
                        Some(false) => b .buruk { "Tidak cocok: rekaman berubah atau hilang. Hubungi operator. " },
                    }
                    a href=(format!("/temuan/{}?periksa=1", state.number)) { "Periksa ulang keutuhan" }
                }
            }
        }
    }
}

pub(super) fn post(finding: &Finding, hits: &[Numbered<'_>]) -> Markup {
    let (post, author) = (&finding.post, &finding.post.author);
    let field = |name: &str, text: &str, field| {
        html! {
            @if !text.is_empty() { dt { (name) } dd { (marked(text, field, hits)) } }
        }
    };
    html! {
        section {
            h2 { "Isi unggahan" }
            @if !post.title.is_empty() { h3 .judul { (marked(&post.title, Field::Title, hits)) } }
            div .isi { (marked(&post.text, Field::Text, hits)) }
            dl .asal {
                (field("Nama akun", &author.name, Field::AuthorName))
                (field("Akun", &author.handle, Field::AuthorHandle))
                (field("Profil", &author.bio, Field::AuthorBio))
            }
            (marks::legend())
            p .catatan { "Netra tidak memeriksa gambar atau gestur." }
        }
    }
}

pub(super) fn why(finding: &Finding, hits: &[Numbered<'_>]) -> Markup {
    let verdict = &finding.verdict;
    // what would be written as 0 tells nobody anything
    let told = || verdict.parts.iter().filter(|part| part.weight.abs() >= 0.05);
    let gained = told().filter(|part| part.weight > 0.0);
    let lowered: Vec<_> = told().filter(|part| part.weight < 0.0).collect();
    let parts: Vec<_> = gained.collect();
    html! {
        section {
            h2 { "Mengapa ditandai" }
            p { (verdict.reason) }
            @if !verdict.categories.is_empty() {
                p { "Jenis: "
                    (verdict.categories.iter().map(|it| words::category(*it)).collect::<Vec<_>>().join("; ")) "." }
            }
            table {
                caption .hanya-pembaca { "Kata yang ditandai" }
                thead { tr { th { "No." } th { "Kata" } th { "Tanda" } th { "Aturan" } } }
                tbody {
                    @for group in hits.chunk_by(|one, two| one.number == two.number) {
                        @if let Some(first) = group.first() {
                            tr {
                                td data-label="No." { (first.number) }
                                td data-label="Kata" { "“" (visible(&first.hit.text)) "”" }
                                td data-label="Tanda" { (joined(group.iter().map(|it| words::sign(marks::sign_of(it.hit))))) }
                                td data-label="Aturan" { (joined(group.iter().map(|it| it.hit.rule.as_str()))) }
                            }
                        }
                    }
                }
            }
            (legal(verdict))
            h3 { "Bagian skor" }
            ul .skor {
                @for part in parts { li { b { "+" (indonesian::decimal(part.weight)) } " " (part.title) " " span .catatan { (part.rule) } } }
            }
            p { "Skor " b { (indonesian::decimal(verdict.score)) } " (batas " (indonesian::decimal(verdict.threshold)) ")." }
            h3 { "Yang mengurangi skor" }
            @if lowered.is_empty() && verdict.spared_by.is_empty() {
                p { "Tidak ada." }
            } @else {
                ul .skor {
                    @for part in &lowered { li { b { (indonesian::decimal(part.weight)) } " " (part.title) " " span .catatan { (part.rule) } } }
                    @for rule in verdict.spared_by.iter().filter(|rule| !lowered.iter().any(|part| part.rule == **rule)) { li { (rule) } }
                }
            }
        }
    }
}

/// The decree's rows, the stages and the civil-servant link: shown beside the score, never part of it.
fn legal(verdict: &Verdict) -> Markup {
    html! {
        p { "Tautan dengan pegawai negara: " (words::evidence(verdict.asn_evidence)) "." }
        @for at in &verdict.stages {
            p { "Tahapan saat terbit: " (visible(&at.election)) ", " (words::stage(&at.stage))
                "; peserta berstatus " (words::candidate(at.status)) "." }
        }
        @if !verdict.skb.is_empty() {
            h3 { "Ketentuan yang mungkin berkaitan" }
            p .catatan {
                "Petunjuk bagi penilai menurut Keputusan Bersama tentang netralitas pegawai ASN. "
                "Ketentuan ini tidak memengaruhi skor."
            }
            ul .skb {
                @for row in &verdict.skb {
                    li {
                        b { (visible(&row.row)) } " " (visible(&row.text))
                        @if !row.verified { " " span .catatan { "(belum diperiksa terhadap naskah resmi)" } }
                    }
                }
            }
        }
    }
}

/// The words once each, in their order.
fn joined<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut seen = Vec::new();
    for word in words {
        if !seen.contains(&word) {
            seen.push(word);
        }
    }
    seen.join(", ")
}

fn history(
    app: &App,
    state: &FindingState,
    shown: &Shown<'_>,
    reasons: &[(u64, Option<String>)],
) -> Markup {
    let zone = &app.parts().zone;
    let reason = |judged: &Judged| {
        reasons.iter().find(|(seq, _)| *seq == judged.seq).and_then(|(_, reason)| reason.as_deref())
    };
    html! {
        section {
            h2 { "Riwayat" }
            ol .riwayat {
                li { (indonesian::instant(state.at, zone)) ": ditandai oleh aturan." }
                @for judged in &shown.judged {
                    li {
                        (indonesian::instant(judged.at, zone)) ": " (visible(&desk::person(app, &judged.by))) " memilih "
                        b { (within(words::choice(judged.choice))) }
                        @if let Some(category) = judged.category { " (" (words::category(category)) ")" }
                        @if judged.undone { " - dibatalkan" }
                        "."
                        @if let Some(reason) = reason(judged) { blockquote { (visible(reason)) } }
                    }
                }
            }
        }
    }
}

/// The words as they stand within a sentence.
pub(super) fn within(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map(|first| first.to_lowercase().chain(rest).collect()).unwrap_or_default()
}

fn no_form(visitor: &Visitor, state: &FindingState, shown: &Shown<'_>, filled: &Filled) -> Markup {
    let text = match shown.status {
        Status::Dugaan | Status::Bukan => "Temuan ini sudah diputuskan.",
        _ if !visitor.user.role.decides() => "Peran Anda hanya membaca temuan ini.",
        _ if review::may_decide(state, &visitor.reviewer()) == Err(Refusal::NotBlind) => {
            "Anda sudah melihat penilaian anggota lain, jadi orang lain harus menilai."
        }
        Status::MenungguKedua => {
            "Penilaian Anda tersimpan. Anggota lain menilai tanpa melihat pilihan Anda."
        }
        Status::Eskalasi => "Temuan ini menunggu keputusan Ketua Tim.",
        _ => "Temuan ini dinilai oleh anggota lain.",
    };
    html! {
        section #keputusan {
            h2 { "Keputusan" }
            p { (text) }
            @if !filled.alasan.is_empty() {
                label for="alasan" { "Alasan Anda (belum disimpan, dapat disalin)" }
                textarea #alasan readonly rows="5" { (filled.alasan) }
            }
        }
    }
}

fn form(visitor: &Visitor, state: &FindingState, shown: &Shown<'_>, filled: &Filled) -> Markup {
    let suggested = state.categories.first().copied();
    let unit = if filled.pilihan.is_empty() {
        state.unit.as_deref().unwrap_or_default()
    } else {
        &filled.unit
    };
    html! {
        section #keputusan {
            h2 { "Keputusan" }
            form .keputusan method="post" action=(format!("/temuan/{}/keputusan", state.number)) data-kunci="keputusan" {
                (layout::form_token(visitor))
                input type="hidden" name="keadaan" value=(shown.token(state));
                fieldset {
                    legend { "Pilih satu keputusan" }
                    @for (choice, key) in Choice::ALL.into_iter().zip(1..).filter(|(choice, _)| *choice != Choice::Eskalasi || shown.status != Status::Eskalasi) {
                        @let id = format!("p-{}", choice.as_str());
                        div .radio {
                            input type="radio" name="pilihan" id=(id) value=(choice.as_str()) data-kunci=(key)
                                required checked[filled.pilihan == choice.as_str()];
                            label for=(id) {
                                (words::choice(choice)) " " kbd { (key) }
                                span .catatan { (words::choice_hint(choice)) }
                            }
                        }
                    }
                }
                div .bila-dugaan {
                    label for="jenis" { "Jenis dugaan " span .catatan { "(untuk dugaan)" } }
                    select #jenis name="jenis" {
                        option value="" { "Pilih jenis" }
                        @for (id, category) in categories() {
                            @let is_chosen = if filled.pilihan.is_empty() { suggested == Some(category) } else { filled.jenis == id };
                            option value=(id) selected[is_chosen] { (words::category(category)) }
                        }
                    }
                    label for="unit" { "Unit terkait " span .catatan { "(kosongkan bila belum diketahui)" } }
                    input #unit name="unit" maxlength=(review::UNIT_MAX_CHARS) value=(plain(unit));
                }
                div .bila-bukan {
                    label for="kode" { "Alasan singkat " span .catatan { "(untuk bukan pelanggaran)" } }
                    select #kode name="kode" {
                        option value="" { "Pilih alasan" }
                        @for reason in Reason::ALL {
                            option value=(reason.as_str()) selected[filled.kode == reason.as_str()] { (words::reason(reason)) }
                        }
                    }
                }
                label for="alasan" { "Alasan (wajib, minimal 20 karakter)" }
                p #bantuan .catatan { "Tulis fakta pada unggahan, bukan dugaan." }
                textarea #alasan name="alasan" rows="5" maxlength="4000" aria-describedby="bantuan" { (filled.alasan) }
                button .utama name="lanjut" value="1" { "Simpan dan lanjut" }
                button { "Simpan" }
            }
        }
    }
}

/// What saving a dugaan will do, told from what this person is shown: whether
/// a hidden first dugaan makes it take effect at once is not told.
fn effect(state: &FindingState, visitor: &Visitor) -> &'static str {
    let reviewer = visitor.reviewer();
    let shown = review::shown_to(state, &reviewer);
    let is_agreed = shown
        .judged
        .iter()
        .any(|it| it.choice == Choice::Dugaan && !it.undone && it.by != reviewer.user);
    let next = standing::decided(state, &reviewer.user, Choice::Dugaan);
    match shown.status {
        Status::Eskalasi if is_agreed && next == Status::Dugaan => {
            "Setelah disimpan, dugaan langsung berlaku karena anggota lain sudah menilai sama."
        }
        Status::Eskalasi => "Dugaan berlaku bila dua orang menilai sama.",
        _ => "Setelah disimpan, anggota lain harus menilai sendiri sebelum dugaan berlaku.",
    }
}

/// "Periksa kembali": a dugaan is shown once more before it is saved.
pub(super) fn check_again(
    app: &App,
    visitor: &Visitor,
    number: &str,
    filled: &Filled,
    sight: &Sight,
) -> Html<String> {
    let category =
        categories().find(|(id, _)| *id == filled.jenis).map(|(_, it)| words::category(it));
    let hits =
        sight.case.finding.as_ref().map(|it| marks::numbered(&it.verdict.hits)).unwrap_or_default();
    let body = html! {
        h1 { "Periksa kembali" }
        p { "Temuan " (number) " akan disimpan sebagai " b { "dugaan pelanggaran" } ". "
            (effect(&sight.case.state, visitor)) }
        @if let Some(finding) = &sight.case.finding {
            section { h2 { "Isi unggahan" } div .isi { (marked(&finding.post.text, Field::Text, &hits)) } }
        }
        dl .asal {
            dt { "Jenis dugaan" } dd { (category.unwrap_or_default()) }
            dt { "Unit terkait" } dd { @if filled.unit.trim().is_empty() { "Belum diketahui" } @else { (visible(&filled.unit)) } }
            dt { "Alasan" } dd .isi { (visible(&filled.alasan)) }
        }
        form method="post" action=(format!("/temuan/{number}/keputusan")) {
            (layout::form_token(visitor))
            @for (name, value) in [
                ("pilihan", &filled.pilihan), ("jenis", &filled.jenis), ("unit", &filled.unit),
                ("alasan", &filled.alasan), ("keadaan", &filled.keadaan), ("lanjut", &filled.lanjut),
            ] {
                input type="hidden" name=(name) value=(value);
            }
            button .utama name="pasti" value="1" { "Simpan dugaan" }
            button name="ubah" value="1" { "Ubah" }
        }
    };
    Page { title: "Periksa kembali", at: "/antrean", body }.show(app, Some(visitor))
}
