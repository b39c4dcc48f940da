//! Format: a page to print and sign, in the order that an official report has.

use std::io::{self, Write};

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::chart::{Bar, Fill, bars};
use super::figures::{Figures, Outcome, Report};
use super::words::{COMPLIANCE, category, compliance};
use super::{Format, indonesian};
use crate::model::Reason;
use indonesian::{count, percent};

pub(super) const FORMAT: Format = Format {
    name: "html",
    caption: "Untuk dicetak dan ditandatangani (HTML)",
    extension: "html",
    media_type: "text/html; charset=utf-8",
    write,
};

/// The document's own style sheet: A4, black on white. Public so that a page
/// that shows the document can permit exactly this one.
pub const STYLE: &str = include_str!("report.css");

/// Where something is filled in by hand.
const DOTS: &str = "……………………………";

fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(document(report).into_string().as_bytes())
}

fn document(report: &Report) -> Markup {
    html! {
        (DOCTYPE)
        html lang="id" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Laporan netralitas " (report.period) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (head(report))
                (summary(report))
                (introduction(report))
                (activities(report))
                (results(report))
                (closing(report))
                (annex_units(report))
                (annex_rules(report))
                (annex_method(report))
            }
        }
    }
}

fn half(report: &Report) -> String {
    let half = if report.period.half() == 1 { "I" } else { "II" };
    format!("Semester {half} Tahun {}", report.period.year())
}

fn head(report: &Report) -> Markup {
    let settings = &report.settings;
    html! {
        header {
            @for line in &settings.kop { p .kop { (line) } }
            hr;
            dl .surat {
                dt { "Nomor" } dd { (DOTS) }
                dt { "Tanggal" } dd { (DOTS) }
                dt { "Sifat" } dd { (settings.sifat) }
                dt { "Hal" } dd { "Laporan Hasil Monitoring dan Evaluasi Netralitas ASN dan PPNPN " (half(report)) }
            }
            p { "Yth. " (settings.tujuan) @if !settings.melalui.is_empty() { br; "melalui " (settings.melalui) } }
            h1 { "LAPORAN" br; "TENTANG HASIL MONITORING DAN EVALUASI NETRALITAS ASN DAN PPNPN" br; (half(report).to_uppercase()) }
        }
    }
}

fn summary(report: &Report) -> Markup {
    let (now, before) = (&report.figures, &report.before);
    let rows: [(&str, u64, u64); 10] = [
        ("Unggahan diperiksa", now.checked, before.checked),
        ("Temuan terbuka dari semester lalu", now.carried, before.carried),
        ("Temuan baru", now.flagged, before.flagged),
        ("Temuan dibuka kembali", now.reopened, before.reopened),
        ("Temuan selesai ditinjau", now.settled(), before.settled()),
        ("Dugaan disetujui dua orang", now.dugaan, before.dugaan),
        ("Bukan pelanggaran", now.bukan, before.bukan),
        ("Temuan masih terbuka", now.open(), before.open()),
        ("Kegiatan kepatuhan yang dikenali", complied(now), complied(before)),
        ("Sumber yang diperiksa", now.sources.len() as u64, before.sources.len() as u64),
    ];
    html! {
        section {
            h2 { "Ringkasan" }
            table {
                caption { "Tabel 1. Ringkasan " (half(report)) }
                thead { tr { th { "Uraian" } th .angka { (report.period) } th .angka { (report.period.previous()) } } }
                tbody {
                    @for (words, now, before) in rows {
                        tr { td { (words) } td .angka { (count(now)) } td .angka { (count(before)) } }
                    }
                    tr {
                        td { "Waktu tinjau (median)" }
                        @for figures in [now, before] {
                            td .angka { @match figures.median_minutes { Some(minutes) => (indonesian::span(minutes)), None => "-" } }
                        }
                    }
                    tr {
                        td { "Kesepakatan dua peninjau" }
                        @for figures in [now, before] { td .angka { (percent(figures.agreed, figures.judged_twice)) " (" (figures.agreed) "/" (figures.judged_twice) ")" } }
                    }
                }
            }
            @if now.dugaan == 0 {
                p { b { "Nihil." } " Pada semester ini tidak ada dugaan pelanggaran netralitas yang disetujui dua peninjau." }
            } @else {
                p { "Pada semester ini " (count(now.dugaan)) " temuan disetujui dua peninjau sebagai dugaan pelanggaran netralitas." }
            }
            p { "Dari " (count(now.checked)) " unggahan publik yang diperiksa, " (count(now.flagged)) " menjadi temuan baru; "
                (count(now.settled())) " temuan selesai ditinjau dan " (count(now.open())) " masih terbuka." }
        }
    }
}

fn introduction(report: &Report) -> Markup {
    let zone = &report.zone;
    html! {
        section {
            h2 { "A. Pendahuluan" }
            h3 { "1. Umum" }
            p { "Laporan ini memuat hasil monitoring dan evaluasi netralitas ASN dan PPNPN pada "
                (indonesian::date(report.period.first())) " sampai dengan " (indonesian::date(report.period.last())) "." }
            h3 { "2. Maksud dan Tujuan" }
            p { "Menyampaikan angka pemeriksaan unggahan publik, hasil tinjauan, dan mutu data secara jujur, termasuk yang tidak terpantau." }
            h3 { "3. Ruang Lingkup" }
            p { "Hanya unggahan dan berita publik dari sumber pada Tabel 4. Percakapan pribadi, gambar, dan gestur tidak diperiksa. "
                "Temuan adalah tanda dari aturan kata, bukan pelanggaran; hanya keputusan lembaga berwenang yang menyatakan terbukti." }
            h3 { "4. Dasar" }
            @if report.settings.dasar.is_empty() {
                p { "Dasar hukum diisi oleh Satuan Tugas." }
            } @else {
                ol { @for line in &report.settings.dasar { li { (line) } } }
            }
            @if let Some(as_of) = report.as_of {
                p { "Angka dihitung dari buku bukti sampai " (indonesian::instant(as_of, zone)) "." }
            }
        }
    }
}

fn activities(report: &Report) -> Markup {
    let figures = &report.figures;
    let drawn: Vec<_> = COMPLIANCE
        .into_iter()
        .map(|kind| Bar {
            label: compliance(kind).into(),
            value: figures.complied(kind),
            fill: Fill::Hatched,
        })
        .collect();
    html! {
        section {
            h2 { "B. Kegiatan yang Dilaksanakan" }
            p { "Kegiatan di bawah ini dikenali dari berita dan unggahan resmi; jumlah peserta tidak dihitung di sini." }
            figure {
                (bars("g1", "Grafik 1: jumlah kegiatan kepatuhan menurut jenis; angka sama dengan Tabel 2.", &drawn))
                figcaption { "Grafik 1. Kegiatan kepatuhan menurut jenis" }
            }
            table {
                caption { "Tabel 2. Kegiatan kepatuhan per unit" }
                thead { tr { th { "Unit" } @for kind in COMPLIANCE { th .angka { (compliance(kind)) } } } }
                tbody {
                    @if figures.compliance.is_empty() { tr { td colspan="7" { "Nihil." } } }
                    @for (unit, kinds) in &figures.compliance {
                        tr {
                            td { (unit_name(unit)) }
                            @for kind in COMPLIANCE { td .angka { (count(kinds.get(&kind).copied().unwrap_or_default())) } }
                        }
                    }
                    tr .jumlah {
                        td { "Jumlah" }
                        @for kind in COMPLIANCE { td .angka { (count(figures.complied(kind))) } }
                    }
                }
            }
        }
    }
}

fn results(report: &Report) -> Markup {
    let figures = &report.figures;
    let reviewed = figures.settled();
    let steps = [
        ("Unggahan diperiksa", figures.checked),
        ("Menjadi temuan baru", figures.flagged),
        ("Selesai ditinjau", reviewed),
        ("Dugaan disetujui", figures.dugaan),
    ];
    let funnel: Vec<_> =
        steps.map(|(label, value)| Bar { label: label.into(), value, fill: Fill::Hatched }).into();
    html! {
        section {
            h2 { "C. Hasil yang Dicapai" }
            h3 { "1. Monitoring media" }
            figure {
                (bars("g2", "Grafik 2: dari unggahan yang diperiksa sampai dugaan yang disetujui; angka sama dengan Tabel 1.", &funnel))
                figcaption { "Grafik 2. Dari unggahan sampai dugaan" }
            }
            (months(figures))
            h3 { "2. Sumber" }
            (sources(figures))
            h3 { "3. Jenis dan alasan" }
            (outcome_table("Tabel 5. Temuan menurut jenis terberat", "Jenis", figures.categories.iter().map(|(it, outcome)| (category(*it).to_owned(), *outcome))))
            (reasons(figures))
            h3 { "4. Temuan yang masih terbuka" }
            table {
                caption { "Tabel 7. Temuan terbuka pada akhir semester" }
                thead { tr { th { "Keadaan" } th .angka { "Jumlah" } } }
                tbody {
                    tr { td { "Menunggu tinjauan" } td .angka { (count(figures.waiting)) } }
                    tr { td { "Dieskalasikan ke Ketua Tim" } td .angka { (count(figures.escalated)) } }
                    tr { td { "Ditunda" } td .angka { (count(figures.put_off)) } }
                    tr .jumlah { td { "Jumlah" } td .angka { (count(figures.open())) } }
                }
            }
        }
    }
}

fn months(figures: &Figures) -> Markup {
    let mut drawn = Vec::new();
    for month in &figures.months {
        let name = indonesian::month(month.month);
        drawn.push(Bar {
            label: format!("{name}: dugaan"),
            value: month.dugaan,
            fill: Fill::Solid,
        });
        drawn.push(Bar {
            label: "bukan pelanggaran".into(),
            value: month.bukan,
            fill: Fill::Empty,
        });
    }
    html! {
        figure {
            (bars("g3", "Grafik 3: keputusan per bulan; angka sama dengan Tabel 3.", &drawn))
            figcaption { "Grafik 3. Keputusan per bulan (hitam: dugaan disetujui; putih: bukan pelanggaran)" }
        }
        table {
            caption { "Tabel 3. Per bulan" }
            thead { tr { th { "Bulan" } th .angka { "Diperiksa" } th .angka { "Temuan baru" } th .angka { "Dugaan" } th .angka { "Bukan pelanggaran" } } }
            tbody {
                @for month in &figures.months {
                    tr {
                        td { (indonesian::month(month.month)) }
                        @for number in [month.checked, month.flagged, month.dugaan, month.bukan] { td .angka { (count(number)) } }
                    }
                }
                tr .jumlah {
                    td { "Jumlah" }
                    @for number in [figures.checked, figures.flagged, figures.dugaan, figures.bukan] { td .angka { (count(number)) } }
                }
            }
        }
    }
}

fn sources(figures: &Figures) -> Markup {
    let silent = figures.sources.iter().filter(|(_, source)| source.silent_minutes > 0);
    html! {
        table {
            caption { "Tabel 4. Sumber dan celah pemantauan" }
            thead { tr { th { "Sumber" } th .angka { "Diperiksa" } th .angka { "Temuan baru" } th .angka { "Gangguan" } th .angka { "Tidak terpantau" } } }
            tbody {
                @if figures.sources.is_empty() { tr { td colspan="5" { "Nihil." } } }
                @for (name, source) in &figures.sources {
                    tr {
                        td { (name) }
                        td .angka { (count(source.checked)) } td .angka { (count(source.flagged)) }
                        td .angka { (count(source.failures)) }
                        td .angka { @if source.silent_minutes == 0 { "-" } @else { (indonesian::span(source.silent_minutes)) } }
                    }
                }
            }
        }
        ul {
            @for (name, source) in silent {
                li { "Sumber " (name) " tidak terpantau " (indonesian::span(source.silent_minutes)) "; unggahan pada waktu itu mungkin tidak terbaca." }
            }
        }
    }
}

fn reasons(figures: &Figures) -> Markup {
    html! {
        table {
            caption { "Tabel 6. Mengapa temuan bukan pelanggaran" }
            thead { tr { th { "Alasan" } th .angka { "Jumlah" } } }
            tbody {
                @for reason in Reason::ALL {
                    tr { td { (reason_words(reason)) } td .angka { (count(figures.reasons.get(reason.as_str()).copied().unwrap_or_default())) } }
                }
            }
        }
    }
}

const fn reason_words(reason: Reason) -> &'static str {
    match reason {
        Reason::Berita => "Berita atau kutipan",
        Reason::BukanPegawai => "Bukan pegawai",
        Reason::AkunTiruan => "Akun tiruan",
        Reason::Satire => "Satire",
        Reason::KataLain => "Kata bermakna lain",
        Reason::Lainnya => "Lainnya",
    }
}

fn outcome_table(caption: &str, of: &str, rows: impl Iterator<Item = (String, Outcome)>) -> Markup {
    let rows: Vec<_> = rows.collect();
    html! {
        table {
            caption { (caption) }
            thead { tr { th { (of) } th .angka { "Temuan baru" } th .angka { "Dugaan" } th .angka { "Bukan pelanggaran" } th .angka { "Ketepatan" } } }
            tbody {
                @if rows.is_empty() { tr { td colspan="5" { "Nihil." } } }
                @for (name, outcome) in &rows {
                    tr {
                        td { (name) }
                        @for number in [outcome.flagged, outcome.dugaan, outcome.bukan] { td .angka { (count(number)) } }
                        td .angka { (percent(outcome.dugaan, outcome.judged())) " (n=" (outcome.judged()) ")" }
                    }
                }
            }
        }
    }
}

fn closing(report: &Report) -> Markup {
    let settings = &report.settings;
    html! {
        section {
            h2 { "D. Simpulan dan Saran" }
            p { "Simpulan dan saran ditulis oleh Satuan Tugas." }
            p .isian { "……………………………………………………………………………………………………………………" }
            h2 { "E. Penutup" }
            p { "Demikian laporan ini disampaikan untuk menjadi bahan pertimbangan." }
            div .tanda-tangan {
                p { @if !settings.tempat.is_empty() { (settings.tempat) ", " } (DOTS) }
                p { @if settings.jabatan.is_empty() { (DOTS) } @else { (settings.jabatan) } "," }
                p .ruang { (DOTS) }
                p { @if settings.nama.is_empty() { (DOTS) } @else { (settings.nama) } }
                p { "NIP " @if settings.nip.is_empty() { (DOTS) } @else { (settings.nip) } }
            }
        }
    }
}

fn annex_units(report: &Report) -> Markup {
    let rows =
        report.figures.units.iter().map(|(unit, outcome)| (unit_name(unit).to_owned(), *outcome));
    html! {
        section .lampiran {
            h2 { "Lampiran I. Rekap per unit yang disebut" }
            p { "Unit yang disebut dalam unggahan belum tentu unit kerja orang yang dibicarakan." }
            (outcome_table("Tabel 8. Temuan menurut unit yang disebut", "Unit", rows))
        }
    }
}

fn annex_rules(report: &Report) -> Markup {
    let rows = report.figures.rules.iter().map(|(rule, outcome)| (rule.clone(), *outcome));
    html! {
        section .lampiran {
            h2 { "Lampiran II. Ketepatan aturan" }
            p { "Ketepatan adalah bagian dugaan dari temuan yang selesai ditinjau; satu temuan dapat berasal dari beberapa aturan." }
            (outcome_table("Tabel 9. Temuan menurut aturan", "Aturan", rows))
        }
    }
}

fn annex_method(report: &Report) -> Markup {
    html! {
        section .lampiran {
            h2 { "Lampiran III. Metodologi dan keutuhan data" }
            p { "Setiap unggahan yang diperiksa, temuan, dan keputusan dicatat dalam buku bukti yang hanya dapat ditambah. "
                "Dugaan berlaku bila dua orang menilai sama, dan orang kedua menilai tanpa melihat pilihan orang pertama. "
                "Semua angka laporan ini dihitung sekali dari buku bukti." }
            p { "Temuan dari semester lalu " (count(report.figures.carried)) " + baru " (count(report.figures.flagged))
                " + dibuka kembali " (count(report.figures.reopened)) " = selesai " (count(report.figures.settled()))
                " + terbuka " (count(report.figures.open())) "." }
            p { "Buku bukti memuat " (count(report.entries)) " catatan. Tanda tangan buku (checkpoint):" }
            pre { (report.checkpoint) }
            p { "Keutuhan diperiksa dengan perintah " code { "netra evidence verify" } "." }
        }
    }
}

fn complied(figures: &Figures) -> u64 {
    COMPLIANCE.into_iter().map(|kind| figures.complied(kind)).sum()
}

fn unit_name(unit: &str) -> &str {
    if unit.is_empty() { "Tidak disebut" } else { unit }
}
