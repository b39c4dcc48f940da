//! The words that report and pages share.

use crate::model::{Category, ComplianceKind};

/// The kind of act, as forms and tables write it.
pub const fn category(category: Category) -> &'static str {
    match category {
        Category::MoneyBansos => "Uang, sembako, atau bansos bersyarat pilihan",
        Category::FavouringDecision => "Keputusan jabatan atau izin menurut pilihan",
        Category::MobiliseSubordinates => "Mengarahkan bawahan atau penerima layanan",
        Category::BacalegPartyMembership => "Pencalonan atau keanggotaan partai",
        Category::ApproachParty => "Pendekatan ke partai untuk pencalonan",
        Category::UseStateFacility => "Penggunaan fasilitas negara",
        Category::DeclareSupportAlatPeraga => "Deklarasi dukungan atau alat peraga",
        Category::AttendCampaign => "Kehadiran dalam kampanye",
        Category::FotoBersamaSimbolJari => "Foto bersama atau simbol jari",
        Category::Smear => "Menyerang peserta pemilihan",
        Category::MedsosSupport => "Dukungan di media sosial",
        Category::Other => "Lainnya",
    }
}

/// The identifier of a category, as the labelling guideline writes it.
pub fn category_id(category: Category) -> String {
    match serde_json::to_value(category) {
        Ok(serde_json::Value::String(id)) => id,
        _ => String::new(),
    }
}

/// All categories, gravest first.
pub const CATEGORIES: [Category; 12] = [
    Category::MoneyBansos,
    Category::FavouringDecision,
    Category::MobiliseSubordinates,
    Category::BacalegPartyMembership,
    Category::ApproachParty,
    Category::UseStateFacility,
    Category::DeclareSupportAlatPeraga,
    Category::AttendCampaign,
    Category::FotoBersamaSimbolJari,
    Category::Smear,
    Category::MedsosSupport,
    Category::Other,
];

/// What a unit did for neutrality, as tables write it.
pub const fn compliance(kind: ComplianceKind) -> &'static str {
    match kind {
        ComplianceKind::Ikrar => "Ikrar",
        ComplianceKind::Sosialisasi => "Sosialisasi",
        ComplianceKind::PaktaIntegritas => "Pakta integritas",
        ComplianceKind::Pengukuhan => "Pengukuhan Satgas",
        ComplianceKind::Rakor => "Rapat koordinasi",
        ComplianceKind::Monev => "Monitoring dan evaluasi",
    }
}

/// All kinds of compliance events, in the order of the table's columns.
pub const COMPLIANCE: [ComplianceKind; 6] = [
    ComplianceKind::Ikrar,
    ComplianceKind::Sosialisasi,
    ComplianceKind::PaktaIntegritas,
    ComplianceKind::Pengukuhan,
    ComplianceKind::Rakor,
    ComplianceKind::Monev,
];
