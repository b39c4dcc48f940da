use super::*;
use crate::rule::unit::{Kind, Unit, UnitFile};

fn units() -> Units {
    let kind = |name: &str, aliases: &[&str]| Kind {
        name: name.into(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        handles: aliases.last().map(|alias| (*alias).to_owned()).into_iter().collect(),
        ..Kind::default()
    };
    let names = crate::rule::RuleSet::load(&["rules/units/nama.toml".into()]);
    let mut units = names.ruleset.unwrap().units().clone();
    units.add(UnitFile {
        kind: vec![
            kind("Lapas", &["lapas"]),
            kind("Rutan", &["rutan"]),
            kind("Pengadilan Agama", &["pengadilan agama", "pa"]),
        ],
        unit: vec![Unit {
            kind: "Lapas".into(),
            place: "Suka Rejo".into(),
            class: "Kelas IIB".into(),
            ..Unit::default()
        }],
        ..UnitFile::default()
    });
    units
}

fn news(title: &str, text: &str) -> Option<String> {
    find(&post(PostKind::News, "", title, text), &units())
}

fn post(kind: PostKind, name: &str, title: &str, text: &str) -> Post {
    Post {
        id: crate::model::PostId("1".into()),
        source: "s".into(),
        kind,
        platform: "x".into(),
        address: None,
        author: crate::model::Author { name: name.into(), ..Default::default() },
        title: title.into(),
        text: text.into(),
        published: None,
    }
}

#[test]
fn a_unit_is_named_with_its_class_and_place() {
    assert_eq!(
        news("", "pegawai Rutan Klas II B Sukamaju, Senin pagi").as_deref(),
        Some("Rutan Kelas IIB Sukamaju")
    );
    assert_eq!(
        news("", "pegawai Lapas Suka Rejo Senin pagi").as_deref(),
        Some("Lapas Kelas IIB Suka Rejo")
    );
}

#[test]
fn a_name_or_a_verb_after_an_office_is_no_place() {
    for text in [
        "Rutan Sudibyo menolak",
        "Rutan Sudibyo kata warga",
        "Pengadilan Agama Sudibyo pas ada",
        "RUTAN SUDIBYO",
        "Rutan Kelas IIB, Sudibyo, menolak",
        "Kepala Rutan Kelas IIB Sudibyo menolak",
        "Rutan DPN",
    ] {
        assert_eq!(news("Rutan Angkat Telunjuk", text), None, "{text}");
    }
    assert_eq!(
        news("", "Di Rutan Kelas IIB Sukamaju Sudibyo Hartono DPN menolak").as_deref(),
        Some("Rutan Kelas IIB Sukamaju")
    );
    assert_eq!(
        news("", "Rutan Kabupaten Sukamaju Tunjangan Naik").as_deref(),
        Some("Rutan Kabupaten Sukamaju")
    );
}

#[test]
fn a_headline_names_a_place_only_if_the_text_agrees() {
    assert_eq!(
        news("Rutan Sukamaju Gelar Ikrar", "SUKAMAJU – Ikrar digelar Senin.").as_deref(),
        Some("Rutan Sukamaju")
    );
    assert_eq!(
        news("Rutan Sukamaju Gelar Ikrar", "Ikrar digelar di Sukamaju.").as_deref(),
        Some("Rutan Sukamaju")
    );
    assert_eq!(
        news("Rutan Sukamaju Gelar Ikrar", "Pegawai Rutan Sukamaju berikrar.").as_deref(),
        Some("Rutan Sukamaju")
    );
    let dated = "Pegawai berikrar\n\nLEMBAH SARI - Rutan Lembah Sari menggelar ikrar.";
    assert_eq!(news("", dated).as_deref(), Some("Rutan Lembah Sari"));
    assert_eq!(news("Rutan Sukamaju Gelar Ikrar", "Ikrar digelar Senin."), None);
}

#[test]
fn an_account_is_read_as_kind_and_place() {
    let of = |name: &str| find(&post(PostKind::Post, name, "", "Selamat pagi"), &units());
    assert_eq!(of("lapassukarejo_official").as_deref(), Some("Lapas Kelas IIB Suka Rejo"));
    assert_eq!(of("rutan_sukamaju").as_deref(), Some("Rutan Sukamaju"));
    assert_eq!(of("Rutan Sukamaju").as_deref(), Some("Rutan Sukamaju"));
    assert_eq!(of("Rutan Sudibyo Hartono"), None);
    assert_eq!(of("pakdelereng"), None);
    assert_eq!(of("Pandu Sudibyo"), None);
}

/// The lists as shipped.
fn shipped() -> Units {
    let loaded = crate::rule::RuleSet::load(&["rules/units".into()]);
    loaded.ruleset.unwrap().units().clone()
}

fn shipped_post(name: &str, bio: &str, text: &str) -> Option<String> {
    let mut post = post(PostKind::Post, name, "", text);
    post.author.bio = bio.into();
    find(&post, &shipped())
}

#[test]
fn no_name_of_a_person_gets_into_a_unit() {
    for (text, unit) in [
        ("Kepala Rutan Kelas IIB Budi Santoso menolak", None),
        ("pegawai Rutan Kelas IIB Supriyanto menolak", None),
        ("guru SMPN 2 Siti Aminah menolak", Some("SMP Negeri 2")),
        ("Kepala RSUD Sudibyo menolak ajakan", None),
        ("Kepala BPS Kabupaten Sleman Ratna Dewi menolak", Some("BPS Kabupaten Sleman")),
        ("di Lapas Kelas IIB Batang Agus Salim menolak", Some("Lapas Kelas IIB Batang")),
    ] {
        let found = shipped_post("warga", "", text);
        assert!(found.as_deref() == unit || found.is_none(), "{text}: {found:?}");
    }
}

#[test]
fn a_unit_may_stand_within_a_longer_name_or_in_the_profile_only() {
    for (name, bio, unit) in [
        ("Perpus RSUD Lembah Sari", "", "RSUD Lembah Sari"),
        ("warta_x", "Akun resmi Kelurahan Kebon Jeruk", "Kelurahan Kebon Jeruk"),
        ("warta_x", "Pengadilan Negeri Muara Rimba", "Pengadilan Negeri Muara Rimba"),
        ("rutan.wonogiri", "", "Rutan Kelas IIB Wonogiri"),
        ("Zona KUA Kec. Tirtajaya", "", "KUA Kecamatan Tirtajaya"),
        ("warta_x", "Dinas Tata Bangunan Kota Baruna", "Dinas Tata Bangunan Kota Baruna"),
        ("warta_x", "BPXYZ Kelas II Maluku Utara", "BPXYZ Kelas II Maluku Utara"),
    ] {
        assert_eq!(shipped_post(name, bio, "Selamat pagi").as_deref(), Some(unit), "{name} {bio}");
    }
}

#[test]
fn the_split_of_the_ministry_decides_which_office_is_meant() {
    let units = shipped();
    let on = |day: &str, text: &str| {
        let mut post = post(PostKind::Post, "warga", "", text);
        post.published = Some(format!("{day}T03:00:00Z").parse().unwrap());
        find(&post, &units)
    };
    let before = "Kanwil Kemenkumham Jawa Tengah menggelar apel";
    assert_eq!(on("2024-01-29", before).as_deref(), Some("Kanwil Kemenkumham Jawa Tengah"));
    assert_eq!(on("2026-01-29", before), None);
    let day = |day: &str| Some(day.parse().unwrap());
    let above = |on: &str| units.above("Lapas Kelas IIA Ambarawa", day(on));
    assert_eq!(above("2024-01-29").as_deref(), Some("Kanwil Kemenkumham Jawa Tengah"));
    assert_eq!(
        above("2025-06-01").as_deref(),
        Some("Kantor Wilayah Direktorat Jenderal Pemasyarakatan Jawa Tengah")
    );
    let class = |on: &str| units.full("Kantor Imigrasi", "", "Semarang", day(on));
    assert_eq!(class("2024-01-29"), "Kantor Imigrasi Kelas I TPI Semarang");
    assert_eq!(class("2026-01-29"), "Kantor Imigrasi Kelas I Khusus TPI Semarang");
}

#[test]
fn an_account_with_the_name_of_an_office_is_that_office() {
    let named = |name: &str| find(&post(PostKind::Post, name, "", "Ikrar hari ini"), &units());
    assert_eq!(
        named("Pengadilan Agama Pasar Pagi").as_deref(),
        Some("Pengadilan Agama Pasar Pagi")
    );
    for name in ["Lapas tempat kami kerja", "Rutan Sudibyo Hartono", "Budi dari Rutan"] {
        assert_eq!(named(name), None, "{name}");
    }
}

#[test]
fn a_place_below_the_regency_is_taken_whole_and_without_the_regency_behind_it() {
    for (name, bio, text, unit) in [
        ("Kecamatan Wadas Kenanga", "", "", "Kecamatan Wadas Kenanga"),
        ("Kelurahan Randu Alas Surabaya", "", "", "Kelurahan Randu Alas"),
        ("Kecamatan Seberang Wadas II Palembang", "", "", "Kecamatan Seberang Wadas II"),
        ("warta_x", "Puskesmas Wadaslor I", "", "Puskesmas Wadaslor I"),
        ("warga", "", "apel di Kecamatan Medan Kenanga dipandu sekcam", "Kecamatan Medan Kenanga"),
        ("Kelurahan Kampung Kerinci", "", "", "Kelurahan Kampung Kerinci"),
        ("KUA Kapanewon Wadaslor Sleman", "", "", "KUA Kapanewon Wadaslor"),
        ("@kuawadaslor", "KUA Kapanewon Wadaslor", "", "KUA Kapanewon Wadaslor"),
        ("Kelurahan Pasar Minggu", "", "", "Kelurahan Pasar Minggu"),
        ("Kecamatan Kota Wadaslor", "", "", "Kecamatan Kota Wadaslor"),
        ("kuakototangah", "KUA Koto Tangah", "", "KUA Kecamatan Koto Tangah"),
        ("Kelurahan Wadaslor", "Kemantren Randualas, Yogyakarta", "", "Kelurahan Wadaslor"),
    ] {
        assert_eq!(shipped_post(name, bio, text).as_deref(), Some(unit), "{name} {bio} {text}");
    }
}

#[test]
fn the_name_of_a_head_is_no_part_of_the_place_of_an_office() {
    for text in [
        "Kepala Puskesmas Wadaslor Budi Santoso menolak",
        "Camat Kecamatan Wadaslor Siti Aminah menolak",
        "KUA Budi Santoso",
    ] {
        let found = shipped_post("warga", "", text).unwrap_or_default();
        assert!(!["Budi", "Siti", "Aminah"].iter().any(|name| found.contains(name)), "{found}");
    }
}

#[test]
fn an_office_of_a_regency_or_a_city_says_which() {
    for (name, bio, unit) in [
        ("Kantor Pertanahan Manggarai", "BPN", "Kantor Pertanahan Kabupaten Manggarai"),
        ("dinkes.belitung", "", "Dinas Kesehatan Kabupaten Belitung"),
        ("Dishub Cilegon", "", "Dinas Perhubungan Kota Cilegon"),
        ("bpn_kotaserang", "kantor pertanahan", "Kantor Pertanahan Kota Serang"),
        ("Kesbangpol Bontang", "", "Badan Kesatuan Bangsa dan Politik Kota Bontang"),
        ("Dinas Tata Wilayah Tabalong", "", "Dinas Tata Wilayah Kabupaten Tabalong"),
        ("Dinkes Jawa Timur", "", "Dinas Kesehatan Provinsi Jawa Timur"),
        ("Dinkes Aceh", "", "Dinas Kesehatan Aceh"),
        // a regency and a city share the name
        ("Dinkes Madiun", "", "Dinas Kesehatan Madiun"),
        ("Dinkes Madiun", "melayani warga Kota Madiun", "Dinas Kesehatan Kota Madiun"),
        // a hospital is called as it is called
        ("RSUD Manggarai", "", "RSUD Manggarai"),
    ] {
        assert_eq!(shipped_post(name, bio, "Apel pagi").as_deref(), Some(unit), "{name} {bio}");
    }
}

#[test]
fn an_account_may_add_words_behind_the_place_or_run_it_together() {
    for (name, unit) in [
        ("rutandepok_kabar", "Rutan Kelas I Depok"),
        ("lapas.brebes.menyapa", "Lapas Kelas IIB Brebes"),
        ("kua_tanahwadas", "KUA Kecamatan Tanah Wadas"),
        ("pkm.cirandutimur", "Puskesmas Cirandu Timur"),
        ("smkn_brebes2", "SMK Negeri 2 Brebes"),
        ("bapaskotabumi", "Bapas Kelas II Kotabumi"),
    ] {
        assert_eq!(shipped_post(name, "", "Apel pagi").as_deref(), Some(unit), "{name}");
    }
}

#[test]
fn a_listed_office_is_spelled_as_the_list_spells_it() {
    for (name, unit) in [
        ("Bapas Kelas II Muaro Bungo", "Bapas Kelas II Muara Bungo"),
        ("Kanim Kelas I TPI Tanjung Pinang", "Kantor Imigrasi Kelas I TPI Tanjungpinang"),
        ("Kanim Kediri", "Kantor Imigrasi Kelas II Non TPI Kediri"),
        ("Lapas Lowokwaru", "Lapas Kelas I Malang"),
        ("Kantor SAR Wadaslor", "Kantor Pencarian dan Pertolongan Wadaslor"),
        ("MTs Negeri 2 Tabalong", "MTsN 2 Tabalong"),
    ] {
        assert_eq!(shipped_post(name, "", "Apel pagi").as_deref(), Some(unit), "{name}");
    }
}

#[test]
fn a_kind_that_news_names_in_so_many_words_is_not_abbreviated() {
    let article = |text: &str| {
        let title = "RSUD Lembah Sari Gelar Ikrar";
        find(&post(PostKind::News, "", title, text), &shipped())
    };
    assert_eq!(
        article("Pegawai Rumah Sakit Umum Daerah Lembah Sari berikrar.").as_deref(),
        Some("Rumah Sakit Umum Daerah Lembah Sari")
    );
    assert_eq!(article("Pegawai RSUD Lembah Sari berikrar.").as_deref(), Some("RSUD Lembah Sari"));
}

#[test]
fn a_place_stands_behind_the_office_whose_staff_acts() {
    for (text, unit) in [
        ("Pegawai PN Manggala menandatangani pakta", Some("Pengadilan Negeri Manggala")),
        ("Ikrar pegawai Rutan Manggala dibacakan", Some("Rutan Kelas IIB Manggala")),
        ("PN Manggala menandatangani pakta", None),
    ] {
        assert_eq!(shipped_post("warga", "", text).as_deref(), unit, "{text}");
    }
}

#[test]
fn a_paper_that_opens_with_its_own_name_tells_no_place() {
    let mut article = post(PostKind::News, "Kabar Wadaslor", "", "");
    article.text = "Pegawai Teken Pakta\n\nKABAR WADASLOR - Pegawai PN meneken pakta.".into();
    assert_eq!(find(&article, &shipped()), None);
    article.author.name = "Warta Kita".into();
    assert_eq!(find(&article, &shipped()).as_deref(), Some("Pengadilan Negeri Kabar Wadaslor"));
}

#[test]
fn a_university_is_known_by_its_abbreviation() {
    for (name, bio, text, unit) in [
        ("Kepegawaian Unsoed", "", "Apel", "Universitas Jenderal Soedirman"),
        ("warga", "", "rektorat UNM ikrar ramai-ramai", "Universitas Negeri Makassar"),
        ("Humas", "Universitas Sebelas Maret", "Apel", "Universitas Sebelas Maret"),
        ("uin.walisongo", "UIN Walisongo Semarang", "Apel", "UIN Walisongo Semarang"),
    ] {
        assert_eq!(shipped_post(name, bio, text).as_deref(), Some(unit), "{name} {bio} {text}");
    }
}

#[test]
fn a_tag_or_a_mention_names_an_office_where_nothing_else_does() {
    for (text, unit) in [
        ("Pakta diteken! #LapasBrebes #ASNNetral", Some("Lapas Kelas IIB Brebes")),
        ("Terima kasih @rutan_salatiga sudah berikrar", Some("Rutan Kelas IIB Salatiga")),
        ("Pakta diteken! #LapasHebat", None),
    ] {
        assert_eq!(shipped_post("abdi.negara", "pns", text).as_deref(), unit, "{text}");
    }
}

#[test]
fn a_short_abbreviation_needs_no_capitals_before_a_known_place() {
    for (text, unit) in [
        ("tadi pegawai lpka kutoarjo ikrar", Some("LPKA Kelas I Kutoarjo")),
        ("hari ini rsud brebes ikrar", Some("RSUD Brebes")),
        ("guru smpn 2 brebes ikrar", Some("SMP Negeri 2 Brebes")),
        ("kata pa brebes itu", None),
    ] {
        assert_eq!(shipped_post("abdi.negara", "pns", text).as_deref(), unit, "{text}");
    }
}

#[test]
fn a_big_family_is_no_kelurahan() {
    let loaded = crate::rule::RuleSet::load(&["rules/units".into()]);
    let ruleset = loaded.ruleset.unwrap();
    let found = |name: &str| find(&post(PostKind::Post, name, "", "siap semua"), ruleset.units());
    assert_eq!(found("Kel. Besar Nakes Sumberagung"), None);
    assert_eq!(found("Kel. Pasar Pagi").as_deref(), Some("Kelurahan Pasar Pagi"));
}
