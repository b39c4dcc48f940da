//! The sites of the invented internet: in what form each publishes, and what ails it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

use super::world::Item;

/// In what form a site publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// RSS 2.0 with the whole text.
    Rss,
    /// RSS 2.0 with the first sentences only; the text stands on the article's page.
    Teasers,
    /// RSS 2.0 of one account: the channel is the profile.
    Account,
    /// RSS 2.0 as bridges write it: the creator is name, handle and profile text.
    Bridge,
    /// Atom 1.0.
    Atom,
    /// JSON Feed 1.1.
    Json,
    /// An HTML portal: a list page and article pages.
    Portal,
}

/// What ails a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ailment {
    /// Nothing.
    None,
    /// Nothing: it is well run and answers 304 when nothing is new.
    Validators,
    /// It first answers 503 with `Retry-After`, then recovers.
    FirstUnavailable,
    /// It answers drop by drop.
    Slow,
    /// Its robots.txt forbids `/arsip/`.
    RobotsForbid,
    /// Its XML is broken: a bare ampersand, an item cut off at the end.
    BrokenXml,
    /// It writes Windows-1252.
    Windows1252,
}

/// One site.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Site {
    /// The source's name in the configuration.
    pub(crate) name: &'static str,
    /// The title it shows.
    pub(crate) title: &'static str,
    /// What kind of platform it is.
    pub(crate) platform: &'static str,
    /// What kind of items it publishes.
    pub(crate) kind: &'static str,
    pub(crate) form: Form,
    pub(crate) ailment: Ailment,
}

const fn site(
    name: &'static str,
    title: &'static str,
    platform: &'static str,
    kind: &'static str,
    form: Form,
    ailment: Ailment,
) -> Site {
    Site { name, title, platform, kind, form, ailment }
}

/// The invented internet.
#[rustfmt::skip]
pub(crate) const SITES: &[Site] = &[
    site("kabar-wadaslor", "Kabar Wadaslor", "news_site", "news", Form::Rss, Ailment::None),
    site("suara-tirtamulya", "Suara Tirtamulya", "news_site", "news", Form::Atom, Ailment::None),
    site("portal-randukuning", "Portal Randukuning", "news_site", "news", Form::Portal, Ailment::None),
    site("portal-selatan", "Portal Selatan", "news_site", "news", Form::Portal, Ailment::None),
    site("cuplik-kalibening", "Cuplik Kalibening", "news_site", "news", Form::Teasers, Ailment::None),
    site("humas-pemasyarakatan", "Humas Pemasyarakatan Jawa Selatan", "news_site", "news", Form::Rss, Ailment::Validators),
    site("radar-sumberagung", "Radar Sumberagung", "news_site", "news", Form::Rss, Ailment::FirstUnavailable),
    site("lambat-tegalmaja", "Warta Tegalmaja", "news_site", "news", Form::Rss, Ailment::Slow),
    site("warta-menara", "Warta Menara", "news_site", "news", Form::Portal, Ailment::RobotsForbid),
    site("rusak-karangjati", "Karangjati Terkini", "news_site", "news", Form::Rss, Ailment::BrokenXml),
    site("lawas-sendangmulya", "Sendangmulya Pos", "news_site", "news", Form::Rss, Ailment::Windows1252),
    site("kutip-selatan", "Kutip Selatan", "news_site", "news", Form::Atom, Ailment::None),
    site("forum-warga", "Forum Warga Randukuning", "forum", "post", Form::Json, Ailment::None),
    site("linimasa-randukuning", "Linimasa #Randukuning", "x", "post", Form::Bridge, Ailment::None),
    site("profil-publik", "Profil Publik", "instagram", "bio", Form::Json, Ailment::None),
    site("akun-rutan-randukuning", "Rutan Randukuning", "instagram", "post", Form::Account, Ailment::None),
    site("akun-pegawai-contoh", "Akun contoh", "facebook", "post", Form::Account, Ailment::None),
    site("komentar-berita", "Komentar pembaca", "news_site", "comment", Form::Atom, Ailment::None),
];

/// The path that a site's robots.txt forbids, where it does.
pub(crate) const FORBIDDEN: &str = "/arsip/";

/// A site with its address and items, ready to render.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) site: Site,
    /// `http://127.0.10.1:40000`
    pub(crate) base: String,
    /// Newest first.
    pub(crate) items: Vec<Item>,
    /// The address of each item, in the same order.
    pub(crate) addresses: Vec<String>,
    pub(crate) start: Timestamp,
}

impl Place {
    /// The content type and body of the feed.
    pub(crate) fn feed(&self) -> (&'static str, Vec<u8>) {
        match self.site.form {
            Form::Atom => ("application/atom+xml; charset=utf-8", self.atom().into_bytes()),
            Form::Json => ("application/feed+json; charset=utf-8", self.json_feed().into_bytes()),
            _ if self.site.ailment == Ailment::Windows1252 => {
                ("application/rss+xml", windows_1252(&self.rss("windows-1252")))
            }
            _ => ("application/rss+xml; charset=utf-8", self.rss("utf-8").into_bytes()),
        }
    }

    fn published(&self, item: &Item) -> Timestamp {
        self.start - jiff::SignedDuration::from_mins(item.minutes_ago)
    }

    fn rss(&self, charset: &str) -> String {
        let broken = self.site.ailment == Ailment::BrokenXml;
        let (title, description) = self.channel();
        let mut xml = format!(
            "<?xml version=\"1.0\" encoding=\"{charset}\"?>\n<rss version=\"2.0\" \
             xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
             xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">\n<channel>\n\
             <title>{}</title>\n<link>{}/</link>\n<description>{}</description>\n",
            escape(&title),
            self.base,
            escape(&description),
        );
        for (item, address) in self.items.iter().zip(&self.addresses) {
            xml.push_str(&self.rss_item(item, address));
        }
        if broken {
            xml.push_str("<item>\n<title>Jadwal ronda & arisan</title>\n<link>http://terpotong");
        } else {
            xml.push_str("</channel>\n</rss>\n");
        }
        xml
    }

    fn channel(&self) -> (String, String) {
        match (self.site.form, self.items.first()) {
            (Form::Account, Some(item)) => {
                (format!("{} ({})", item.author.name, item.author.handle), item.author.bio.clone())
            }
            _ => (self.site.title.to_owned(), format!("{}, situs rekaan", self.site.title)),
        }
    }

    fn rss_item(&self, item: &Item, address: &str) -> String {
        let date = jiff::fmt::rfc2822::to_string(&self.published(item).to_zoned(TimeZone::UTC))
            .unwrap_or_default();
        let creator = match self.site.form {
            Form::Bridge => bridge_creator(item),
            Form::Account => String::new(),
            _ => item.author.name.clone(),
        };
        let title = if item.title.is_empty() {
            String::new()
        } else {
            let title = escape(&item.title);
            let title = if self.site.ailment == Ailment::BrokenXml {
                title.replace("&amp;", "&")
            } else {
                title
            };
            format!("<title>{title}</title>\n")
        };
        let body = match self.site.form {
            Form::Teasers => format!("<description>{}</description>\n", escape(teaser(&item.text))),
            _ => {
                format!("<content:encoded>{}</content:encoded>\n", escape(&paragraphs(&item.text)))
            }
        };
        let creator = if creator.is_empty() {
            String::new()
        } else {
            format!("<dc:creator>{}</dc:creator>\n", escape(&creator))
        };
        format!(
            "<item>\n{title}<link>{address}</link>\n<guid isPermaLink=\"true\">{address}</guid>\n\
             <pubDate>{date}</pubDate>\n{creator}{body}</item>\n"
        )
    }

    fn atom(&self) -> String {
        let mut xml = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\
             <title>{}</title>\n<id>{}/</id>\n<updated>{}</updated>\n",
            escape(self.site.title),
            self.base,
            self.start,
        );
        for (item, address) in self.items.iter().zip(&self.addresses) {
            let at = self.published(item);
            xml.push_str(&format!(
                "<entry>\n<title>{}</title>\n<id>{address}</id>\n<link rel=\"alternate\" \
                 href=\"{address}\"/>\n<published>{at}</published>\n<updated>{at}</updated>\n\
                 <author><name>{}</name></author>\n<content type=\"html\">{}</content>\n</entry>\n",
                escape(&item.title),
                escape(&item.author.name),
                escape(&paragraphs(&item.text)),
            ));
        }
        xml.push_str("</feed>\n");
        xml
    }

    fn json_feed(&self) -> String {
        let entry = |(item, address): (&Item, &String)| {
            json!({
                "id": address,
                "url": address,
                "content_text": item.text,
                "date_published": self.published(item).to_string(),
                "authors": [{ "name": item.author.name }],
                "_author": { "handle": item.author.handle, "bio": item.author.bio },
            })
        };
        let items: Vec<_> = self.items.iter().zip(&self.addresses).map(entry).collect();
        json!({
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.site.title,
            "home_page_url": self.base,
            "items": items,
        })
        .to_string()
    }

    /// The list page of a portal.
    pub(crate) fn front(&self) -> String {
        let row = |item: &Item| {
            let title = if item.title.is_empty() { &item.id } else { &item.title };
            format!(
                "<li class=\"kartu\"><a class=\"judul\" href=\"{}\">{}</a></li>\n",
                escape(&item.path),
                escape(title),
            )
        };
        let rows: String = self.items.iter().map(row).collect();
        page(self.site.title, "", &format!("<ul class=\"terbaru\">\n{rows}</ul>"))
    }

    /// The page of the item at this path.
    pub(crate) fn article(&self, path: &str) -> Option<String> {
        let item = self.items.iter().find(|item| item.path == path && item.copy_of.is_none())?;
        let zone = TimeZone::get("Asia/Jakarta").unwrap_or(TimeZone::UTC);
        let at = self.published(item);
        let main = format!(
            "<article>\n<h1 class=\"judul\">{}</h1>\n<p class=\"penulis\">{}</p>\n\
             <time datetime=\"{at}\">{}</time>\n<div class=\"isi\">\n{}</div>\n</article>",
            escape(&item.title),
            escape(&item.author.name),
            at.to_zoned(zone).strftime("%d/%m/%Y %H.%M WIB"),
            paragraphs(&item.text),
        );
        Some(page(&item.title, &item.author.name, &main))
    }
}

fn page(title: &str, author: &str, main: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"id\">\n<head><meta charset=\"utf-8\"><title>{}</title>\
         <meta name=\"author\" content=\"{}\"></head>\n<body>\n<nav><a href=\"/\">Beranda</a> <a href=\"/tentang\">Tentang</a></nav>\n\
         <main>\n{main}\n</main>\n<footer>Situs rekaan untuk demo Netra</footer>\n</body>\n</html>\n",
        escape(title),
        escape(author),
    )
}

fn bridge_creator(item: &Item) -> String {
    let mut creator = item.author.name.clone();
    if !item.author.handle.is_empty() {
        creator.push_str(&format!(" ({})", item.author.handle));
    }
    if !item.author.bio.is_empty() {
        creator.push_str(&format!(" · {}", item.author.bio));
    }
    creator
}

fn teaser(text: &str) -> &str {
    text.split("\n\n").next().unwrap_or(text)
}

fn paragraphs(text: &str) -> String {
    text.split("\n\n").map(|paragraph| format!("<p>{}</p>\n", escape(paragraph))).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// What an old content management system stores: the characters of Windows-1252.
fn windows_1252(text: &str) -> Vec<u8> {
    let byte = |c: char| match c {
        '–' => 0x96,
        '—' => 0x97,
        '“' => 0x93,
        '”' => 0x94,
        '‘' => 0x91,
        '’' => 0x92,
        '…' => 0x85,
        '•' => 0x95,
        c => u8::try_from(u32::from(c)).unwrap_or(b'?'),
    };
    text.chars().map(byte).collect()
}
