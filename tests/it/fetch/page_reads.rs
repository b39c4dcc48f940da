//! A page source reads …

use super::*;

const LIST: &str = "http://kabar-wadaslor.example/";

fn page(more: &str) -> Box<dyn Source> {
    source(&format!(
        "[[page]]\nname = 'uji'\nurl = '{LIST}'\nitems = '.kartu a'\ntext = '.isi'\n{more}"
    ))
}

#[test]
fn the_links_of_its_own_site_each_once() {
    let list = answer(LIST, "text/html", fixture("page/list.html"));
    let page = page("").read(&list).unwrap();
    let asked: Vec<_> = page.follow.iter().map(|request| request.address.path()).collect();
    assert_eq!(asked, ["/berita/2026/sekda-imbau-netral", "/berita/2026/panen-raya"]);
    assert!(page.posts.is_empty());
}

#[test]
fn no_more_links_than_allowed_and_says_so() {
    let list = answer(LIST, "text/html", fixture("page/list.html"));
    let page = page("max_pages = 1").read(&list).unwrap();
    assert_eq!(page.follow.len(), 1);
    assert!(page.problems[0].contains("`max_pages`"), "{:?}", page.problems);
}

#[test]
fn an_article_by_its_selectors() {
    let address = "http://kabar-wadaslor.example/berita/2026/sekda-imbau-netral";
    let article = answer(address, "text/html", fixture("page/article.html"));
    let source = page("title = 'h1'\nauthor = '.penulis'\npublished = '.tanggal'");
    let post = source.read(&article).unwrap().posts.remove(0);
    assert_eq!(post.id.0, address);
    assert_eq!(post.title, "Sekda Imbau Pegawai Netral");
    assert_eq!(
        post.text,
        "WADASLOR – Sekretaris daerah mengimbau seluruh pegawai menjaga netralitas.\n\n“Jangan ada yang berfoto dengan calon,” ujarnya."
    );
    assert_eq!(post.author.name, "Damar Jati");
    assert_eq!(post.published, Some("2026-11-22T03:05:00Z".parse().unwrap()));
}

#[test]
fn an_article_by_what_the_page_says_of_itself() {
    let address = "http://kabar-wadaslor.example/berita/2026/sekda-imbau-netral";
    let article = answer(address, "text/html", fixture("page/article.html"));
    let post = page("").read(&article).unwrap().posts.remove(0);
    assert_eq!(
        (post.title.as_str(), post.author.name.as_str()),
        ("Sekda Imbau Pegawai Netral", "Damar Jati")
    );
}

#[test]
fn a_changed_page_with_the_selector_that_finds_nothing() {
    let list = answer(LIST, "text/html", "<p>Situs baru");
    let refusal = page("").read(&list).unwrap_err().to_string();
    assert!(refusal.contains(".kartu a") && refusal.contains("`items`"), "{refusal}");
    let article = answer("http://kabar-wadaslor.example/a", "text/html", "<p>Situs baru");
    let refusal = page("").read(&article).unwrap_err().to_string();
    assert!(refusal.contains(".isi") && refusal.contains("`text`"), "{refusal}");
}

#[test]
fn no_page_that_is_nested_beyond_reason() {
    let body = format!("<div class=isi>{}", "<div>".repeat(100_000));
    let article = answer("http://kabar-wadaslor.example/a", "text/html", body);
    assert!(matches!(page("").read(&article), Err(ReadError::Overgrown { .. })));
}
