//! The words of the pages: one name for one thing, in formal Indonesian.
//!
//! A finding is a *temuan*, what two people agreed on a *dugaan*; nobody is
//! ever called a perpetrator.

use super::{App, desk};
use crate::model::{
    AsnEvidence, CandidateStatus, Category, Choice, Fate, PostKind, Priority, Reason, Role, Status,
};
use crate::report::indonesian;
use crate::review::{REASON_MAX_CHARS, REASON_MIN_CHARS, Refusal, UNIT_MAX_CHARS};

/// Where a finding stands.
pub(super) const fn status(status: Status) -> &'static str {
    match status {
        Status::Baru => "Menunggu tinjauan",
        Status::MenungguKedua => "Menunggu anggota kedua",
        Status::Dugaan => "Dugaan disetujui",
        Status::Bukan => "Bukan pelanggaran",
        Status::Eskalasi => "Dieskalasikan ke Ketua Tim",
        Status::Ditunda => "Ditunda",
    }
}

/// A choice, as the form offers it.
pub(super) const fn choice(choice: Choice) -> &'static str {
    match choice {
        Choice::Dugaan => "Dugaan pelanggaran",
        Choice::Bukan => "Bukan pelanggaran",
        Choice::Eskalasi => "Eskalasi ke Ketua Tim",
        Choice::Tunda => "Tunda (perlu bukti tambahan)",
    }
}

/// What a choice leads to.
pub(super) const fn choice_hint(choice: Choice) -> &'static str {
    match choice {
        Choice::Dugaan => "Patut ditindaklanjuti; berlaku bila dua orang menilai sama.",
        Choice::Bukan => "Tidak perlu ditindaklanjuti; pilih alasan singkatnya.",
        Choice::Eskalasi => "Ketua Tim yang memutuskan.",
        Choice::Tunda => "Tetap tersimpan, keluar dari antrean sampai ada bukti.",
    }
}

/// Why it is not a violation.
pub(super) const fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Berita => "Berita/kutipan",
        Reason::BukanPegawai => "Bukan pegawai",
        Reason::AkunTiruan => "Akun tiruan",
        Reason::Satire => "Satire",
        Reason::KataLain => "Kata bermakna lain",
        Reason::Lainnya => "Lainnya",
    }
}

/// The kind of act.
pub(super) const fn category(category: Category) -> &'static str {
    crate::report::words::category(category)
}

/// How plain the link to the civil service is.
pub(super) const fn evidence(evidence: AsnEvidence) -> &'static str {
    match evidence {
        AsnEvidence::Explicit => "tersurat",
        AsnEvidence::Implicit => "tersirat",
        AsnEvidence::None => "tidak ditemukan",
    }
}

/// Whether the contestants of an election were candidates yet.
pub(super) const fn candidate(status: CandidateStatus) -> &'static str {
    match status {
        CandidateStatus::BakalCalon => "bakal calon",
        CandidateStatus::Calon => "calon",
        CandidateStatus::DiLuarTahapan => "di luar tahapan",
    }
}

/// A stage of an election.
pub(super) fn stage(stage: &str) -> &str {
    match stage {
        "pra" => "sebelum pendaftaran",
        "pendaftaran" => "pendaftaran",
        "penetapan" => "penetapan calon",
        "kampanye" => "kampanye",
        "masa_tenang" => "masa tenang",
        "pemungutan" => "pemungutan suara",
        "rekap" => "rekapitulasi hasil",
        "pasca" => "setelah penetapan hasil",
        other => other,
    }
}

/// How urgent it is.
pub(super) const fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::Tinggi => "Tinggi",
        Priority::Sedang => "Sedang",
        Priority::Rendah => "Rendah",
    }
}

/// What kind of item a post is.
pub(super) const fn kind(kind: PostKind) -> &'static str {
    match kind {
        PostKind::Post => "Unggahan",
        PostKind::Comment => "Komentar",
        PostKind::News => "Berita",
        PostKind::Bio => "Profil",
    }
}

/// The role, as the account menu shows it.
pub(super) const fn role(role: Role) -> &'static str {
    match role {
        Role::Anggota => "Anggota",
        Role::Ketua => "Ketua Tim",
        Role::Sekretaris => "Sekretaris",
        Role::Analis => "Analis",
        Role::Operator => "Operator",
        Role::Pengawas => "Pengawas",
    }
}

/// What a marked word is a sign of; anything unknown is context.
pub(super) fn sign(sign: &str) -> &'static str {
    match sign {
        "peserta" => "peserta/partai",
        "aksi" => "aksi/ajakan",
        "asn" => "penanda ASN",
        _ => "konteks",
    }
}

/// Why a step was refused, and what to do.
pub(super) fn refusal(refusal: &Refusal, app: &App) -> String {
    let zone = &app.parts().zone;
    match refusal {
        Refusal::RoleDoesNotDecide { role: of } => {
            format!("Peran Anda ({}) tidak memutuskan temuan.", role(*of))
        }
        Refusal::ReasonTooShort { chars } => {
            format!(
                "Tulis alasan paling sedikit {REASON_MIN_CHARS} karakter; sekarang {chars} karakter."
            )
        }
        Refusal::ReasonTooLong { chars } => format!(
            "Singkatkan alasan menjadi paling banyak {} karakter; sekarang {} karakter.",
            indonesian::count(REASON_MAX_CHARS as u64),
            indonesian::count(*chars as u64)
        ),
        Refusal::ExportReasonUnfit { chars } => format!(
            "Tulis siapa yang meminta bukti ini dan untuk apa, {REASON_MIN_CHARS} sampai {} karakter; sekarang {} karakter.",
            indonesian::count(REASON_MAX_CHARS as u64),
            indonesian::count(*chars as u64)
        ),
        Refusal::CodeMissing => "Pilih satu alasan singkat.".into(),
        Refusal::CategoryMissing => "Pilih satu jenis dugaan.".into(),
        Refusal::UnitUnfit { chars } => format!(
            "Tulis unit dalam satu baris, paling banyak {UNIT_MAX_CHARS} karakter; sekarang {chars} karakter."
        ),
        Refusal::AlreadyEscalated => "Temuan ini sudah dieskalasikan. Pilih keputusan lain.".into(),
        Refusal::Settled { by, at, .. } => format!(
            "Temuan ini sudah diputuskan oleh {} pada {}. Isian Anda tidak disimpan; \
             alasan Anda ada di bawah untuk disalin.",
            desk::person(app, by),
            indonesian::instant(*at, zone)
        ),
        Refusal::SamePerson => {
            "Anda sudah menilai temuan ini. Persetujuan harus oleh anggota lain.".into()
        }
        Refusal::OnlyKetua => "Temuan ini dieskalasikan: hanya Ketua Tim yang memutuskan.".into(),
        Refusal::NotBlind => {
            "Anda sudah melihat penilaian anggota lain, jadi orang lain harus menilai.".into()
        }
        Refusal::NothingToUndo => "Tidak ada keputusan Anda yang dapat dibatalkan.".into(),
        Refusal::TooLateToUndo { at } => format!(
            "Keputusan tanggal {} hanya dapat dibatalkan dalam 10 menit. \
             Mintalah Ketua Tim membuka kembali temuan ini.",
            indonesian::instant(*at, zone)
        ),
        Refusal::DecidedSince => "Orang lain sudah menilai temuan ini setelah Anda. \
             Mintalah Ketua Tim membuka kembali temuan ini."
            .into(),
    }
}

/// What became of a finding's page.
pub(super) const fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Same => "Teks temuan masih ada dan sama",
        Fate::Edited => "Isi halaman sudah berubah",
        Fate::Gone => "Halaman sudah tidak ada",
        Fate::Unreachable => "Halaman tidak dapat dibuka",
        Fate::Uncompared => {
            "Halaman disimpan; tidak dapat dibandingkan karena teks temuan dibaca dari feed"
        }
    }
}

/// What ails a source, in words an office worker understands.
pub(super) fn ailment(word: &str) -> String {
    let text = match word {
        "timeout" => "Situs tidak menjawab pada waktunya",
        "robots" => "Situs tidak mengizinkan halaman ini dibaca (robots.txt)",
        "too_large" => "Jawaban situs terlalu besar",
        "private_address" => "Alamat menuju jaringan dalam; tidak dibuka",
        "dns" => "Nama situs tidak ditemukan",
        "connect" => "Situs tidak dapat dihubungi",
        "redirects" => "Situs mengalihkan terlalu sering",
        "robots_unreachable" => "Izin situs (robots.txt) tidak dapat dibaca",
        "broken" => "Jawaban situs terputus",
        "headers" => "Kepala jawaban situs terlalu besar",
        "address" | "setting" => "Alamat sumber salah; periksa pengaturan",
        "resting" => "Situs sedang diberi jeda",
        "store" | "internal" | "client" => "Gangguan pada Netra sendiri; hubungi operator",
        "malformed" => "Isi situs rusak dan tidak dapat dibaca",
        "http_403" | "http_401" => "Ditolak situs",
        "http_404" | "http_410" => "Halaman tidak ditemukan di situs",
        "http_429" => "Situs meminta jeda",
        _ if word.starts_with("http_5") => "Situs sedang terganggu",
        _ if word.starts_with("http_") => "Situs menolak permintaan",
        _ => return word.to_owned(),
    };
    match word.strip_prefix("http_") {
        Some(code) => format!("{text} ({code})"),
        None => text.to_owned(),
    }
}
