//! A feed source reads …

use super::*;

#[test]
fn rss_with_the_longer_of_text_and_summary() {
    let page = read_feed("", "rss.xml");
    let [ikrar, cabai] = &page.posts[..] else { panic!("{page:?}") };
    assert_eq!(ikrar.title, "Kepala Bapas Randukuning: “Pegawai Wajib Netral”");
    assert_eq!(
        ikrar.text,
        "RANDUKUNING – Seluruh pegawai membaca ikrar netralitas di halaman kantor.\n\n“Tidak ada foto, tidak ada simbol jari,” kata kepala kantor."
    );
    assert_eq!(by(ikrar), ("Retno Palupi", "", ""));
    assert_eq!(ikrar.published, Some("2026-11-22T07:15:00Z".parse().unwrap()));
    let address = "http://warta-lereng.example/2026/11/22/pegawai-wajib-netral/";
    assert_eq!((ikrar.id.0.as_str(), ikrar.address.as_deref()), (address, Some(address)));
    assert_eq!(cabai.published, Some("2026-11-22T05:40:00Z".parse().unwrap()));
    assert_eq!(cabai.text, "Pedagang mengaku lega & pembeli senang.");
    assert_eq!(page.problems, [""; 0]);
}

#[test]
fn atom_with_relative_links_and_accounts() {
    let page = read_feed("kind = 'post'\nplatform = 'forum'", "atom.xml");
    let [parkir, ronda] = &page.posts[..] else { panic!("{page:?}") };
    assert_eq!(parkir.id.0, "http://sumber.example/t/88");
    assert_eq!(by(parkir), ("Bagas Tirta", "@bagas.tirta", ""));
    assert_eq!(parkir.text, "Mobil dinas parkir di lapangan kampanye,\nada yang tahu milik siapa?");
    assert_eq!(ronda.id.0, "uji#tag:forum-kalibening.example,2026:t/87");
    assert_eq!((ronda.title.as_str(), ronda.address.as_deref()), ("Kerja bakti & ronda", None));
    assert_eq!(ronda.published, Some("2026-11-21T13:00:00Z".parse().unwrap()));
}

#[test]
fn json_feed_item_by_item_with_profile_texts() {
    let page = read_feed("", "json-feed.json");
    let [ikrar, jari] = &page.posts[..] else { panic!("{page:?}") };
    assert_eq!(
        by(ikrar),
        ("Sri Wulandari", "@sri.w", "Staf di Bapas Randukuning. Cuitan pribadi.")
    );
    assert_eq!(ikrar.text.split("\n\n").count(), 2);
    assert_eq!((jari.id.0.as_str(), jari.text.as_str()), ("uji#902", "Satu jari atau dua? ☝️"));
    assert_eq!(by(jari), ("Paijo", "@paijo", ""));
    assert_eq!(page.problems, ["one item is broken and was left out"]);
}

#[test]
fn the_profile_of_a_feed_that_is_one_accounts() {
    let page = read_feed("account = true", "account.xml");
    assert_eq!(
        by(&page.posts[0]),
        ("Lestari Handayani", "@lestari_h", "Perawat. PPPK di RSUD Randukuning. Ibu dua anak.")
    );
}

#[test]
fn the_profile_that_a_bridge_writes_beside_the_name() {
    let page = read_feed("", "bridge.xml");
    let bio = "Guru PPPK di SMPN 2 Wadaslor, surel wening@sekolah.example";
    assert_eq!(by(&page.posts[0]), ("Wening Asih", "@wening_asih", bio));
    assert_eq!(page.posts[0].id.0, "uji#linimasa-5512");
}

#[test]
fn windows_1252() {
    let page = read_feed("", "windows-1252.xml");
    assert_eq!(titles(&page), ["“Netral itu wajib” – kata Sekda"]);
    assert_eq!(page.posts[0].text, "Café di depan kantor ramai…");
}

#[test]
fn what_is_whole_in_a_broken_document() {
    let page = read_feed("", "broken.xml");
    assert_eq!(
        titles(&page),
        ["Nelayan & Petani Bertemu", "Tag tak berpasangan", "Kutipan “a@b.example di nama penulis"]
    );
    assert_eq!(page.posts[0].text, "Rapat di balai desa Karang — tertib.");
    let address = "http://kabar-pesisir.example/a?id=1&kategori=desa";
    assert_eq!(page.posts[0].address.as_deref(), Some(address));
    assert_eq!(page.posts[1].text, "Lurah mengimbau\n\nwarga tetap rukun.");
    assert_eq!(page.problems, ["one item is broken and was left out"]);
}

#[test]
fn teasers_and_asks_for_the_articles_of_its_own_site() {
    let page = read_feed("article = '.isi'", "teasers.xml");
    let asked: Vec<_> = page.follow.iter().map(|request| request.address.as_str()).collect();
    assert_eq!(asked, ["https://suara-randukuning.example/berita/camat-senam"]);
    assert_eq!(page.posts.len(), 2);
    assert_eq!(page.posts[0].id.0, asked[0]);
}

#[test]
fn an_article_as_the_same_post_in_full() {
    let teaser = &read_feed("article = '.isi'", "teasers.xml").posts[0];
    let capture = answer(&teaser.id.0, "text/html", fixture("page/article.html"));
    let page = feed("article = '.isi'").read(&capture).unwrap();
    assert_eq!(page.posts[0].id, teaser.id);
    assert!(page.posts[0].text.contains("mengimbau seluruh pegawai"));
}

#[test]
fn a_copy_of_anothers_article_as_the_original() {
    let page = read_feed("", "teasers.xml");
    let original = "https://kabar-tetangga.example/berita/syahdan";
    assert_eq!(page.posts[1].id.0, original);
    assert_eq!(page.posts[1].address.as_deref(), Some(original));
}

#[test]
fn the_same_ids_from_the_same_bytes_even_without_guid_and_link() {
    let item = "<rss version='2.0'><channel><item><title>Tanpa nama</title><pubDate>Sun, 22 Nov 2026 07:15:00 GMT</pubDate></item></channel></rss>";
    let read = || feed("").read(&answer("http://sumber.example/feed", "text/xml", item)).unwrap();
    assert_eq!(read(), read());
    assert!(read().posts[0].id.0.starts_with("uji#"));
}

#[test]
fn the_fragment_of_a_comment_as_part_of_its_name() {
    let item = |number| {
        format!(
            "<item><link>http://k.example/a#comment-{number}</link><description>ya</description></item>"
        )
    };
    let document = format!("<rss><channel>{}{}</channel></rss>", item(1), item(2));
    let capture = answer("http://sumber.example/feed", "text/xml", document);
    assert_eq!(feed("kind = 'comment'").read(&capture).unwrap().posts.len(), 2);
    assert_eq!(feed("kind = 'news'").read(&capture).unwrap().posts.len(), 1);
}

#[test]
fn a_hundred_thousand_items_as_far_as_the_bound_and_says_so() {
    let item = |number: u32| {
        format!("<item><title>Kabar {number}</title><link>http://k.example/{number}</link></item>")
    };
    let items: String = (0..100_000).map(item).collect();
    let document =
        format!("<rss version='2.0'><channel><title>Besar</title>{items}</channel></rss>");
    let capture = answer("http://sumber.example/feed", "text/xml", document);
    let page = feed("").read(&capture).unwrap();
    assert_eq!(page.posts.len(), 500);
    assert_eq!(page.posts[0].title, "Kabar 0");
    let [problem] = &page.problems[..] else { panic!("{:?}", page.problems) };
    assert!(problem.contains("100000 items") && problem.contains("`max_items`"), "{problem}");
}

#[test]
fn no_feed_with_the_reason() {
    for (body, expected) in [
        ("", "no mark-up"),
        ("<!doctype html><html><p>Beranda</html>", "a web page"),
        ("<svg/>", "`svg`"),
        ("{\"a\":1}", "JSON"),
        ("{\"version\"", "JSON"),
    ] {
        let capture = answer("http://sumber.example/feed", "text/xml", body);
        let Err(ReadError::NotAFeed { reason, .. }) = feed("").read(&capture) else {
            panic!("{body}")
        };
        assert!(reason.contains(expected), "{reason}");
    }
}

#[test]
fn invalid_utf_8_without_losing_an_item() {
    let body = b"<rss><channel><item><title>satu \xff\xfe dua</title><description>\xc3\xa9\xc3\xa9</description></item></channel></rss>";
    let capture = answer("http://sumber.example/feed", "text/xml; charset=utf-8", body);
    let page = feed("").read(&capture).unwrap();
    assert_eq!(page.posts[0].text, "éé");
}

#[test]
fn elements_nested_beyond_reason_at_the_cost_of_their_item_alone() {
    let item = |inner: &str| format!("<item><title>Kabar</title>{inner}</item>");
    let (open, close) = ("<media:group>".repeat(100_000), "</media:group>".repeat(100_000));
    for nested in [open.clone(), format!("{open}{close}")] {
        let document = format!("<rss><channel>{}{}", item(""), item(&nested));
        let capture = answer("http://sumber.example/feed", "text/xml", document);
        assert_eq!(titles(&feed("").read(&capture).unwrap())[0], "Kabar");
    }
}

#[test]
fn a_json_feed_of_a_hundred_thousand_items_as_far_as_the_bound_too() {
    let item = |number: u32| format!("{{\"id\":{number},\"content_text\":\"Kabar {number}\"}}");
    let items: Vec<String> = (0..100_000).map(item).collect();
    let version = "https://jsonfeed.org/version/1.1";
    let document = format!("{{\"version\":\"{version}\",\"items\":[{}]}}", items.join(","));
    let capture = answer("http://sumber.example/feed", "application/feed+json", document);
    let page = feed("").read(&capture).unwrap();
    assert_eq!(page.posts.len(), 500);
    assert!(page.problems[0].contains("100000 items"), "{:?}", page.problems);
}
