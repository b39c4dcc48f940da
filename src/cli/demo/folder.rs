//! The demo's folder: the configuration it runs on, rules, contest, store.
//!
//! Everything in it is what `netra init` would make, so that every other
//! command works on it with `-c DIR/netra.toml`.

use std::path::{Path, PathBuf};
use std::{fs, io};

use jiff::Timestamp;

use super::server::Internet;
use super::site::{Form, Site};
use super::world::CONTEST;
use crate::cli::Result;
use crate::cli::failure::{Code, Failure};
use crate::cli::init::{cannot_create, lay_rules};
use crate::config::Config;

/// The demo's folder; a temporary one ends with it.
pub(crate) struct Folder {
    path: PathBuf,
    _temporary: Option<tempfile::TempDir>,
}

impl Folder {
    /// The folder to keep, or a temporary one.
    pub(crate) fn open(keep: Option<&Path>) -> Result<Self> {
        if let Some(path) = keep {
            fs::create_dir_all(path).map_err(|error| cannot_create(path, error))?;
            return Ok(Self { path: path.to_owned(), _temporary: None });
        }
        let temporary = tempfile::Builder::new()
            .prefix("netra-demo-")
            .tempdir()
            .map_err(|error| cannot_create(&std::env::temp_dir(), error))?;
        Ok(Self { path: temporary.path().to_owned(), _temporary: Some(temporary) })
    }

    /// The configuration's path.
    pub(crate) fn config(&self) -> PathBuf {
        self.path.join("netra.toml")
    }

    /// When the demo on this folder first started: the ages of its items count from then.
    pub(crate) fn started(&self, now: Timestamp) -> Result<Timestamp> {
        let path = self.path.join("demo-start");
        match fs::read_to_string(&path) {
            Ok(text) => text.trim().parse().map_err(|error: jiff::Error| {
                Failure::new(Code::NoInput, format!("`{}` holds no time", path.display()))
                    .help("remove the folder, or the file, and start again")
                    .because(error)
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                write_whole(&path, now.to_string().as_bytes())?;
                Ok(now)
            }
            Err(error) => {
                Err(Failure::new(Code::NoInput, format!("cannot read `{}`", path.display()))
                    .because(error))
            }
        }
    }

    /// The ports of an earlier start, so that the same addresses answer again.
    pub(crate) fn ports(&self) -> Result<Vec<(String, u16)>> {
        if !self.config().exists() {
            return Ok(Vec::new());
        }
        let config = Config::load(&self.config()).map_err(|error| {
            Failure::new(Code::Config, "cannot use the kept folder").because(error)
        })?;
        let feeds = config.source.feed.iter().map(|feed| (feed.name.clone(), &feed.url));
        let pages = config.source.page.iter().map(|page| (page.name.clone(), &page.url));
        Ok(feeds.chain(pages).filter_map(|(name, url)| Some((name, port_of(url)?))).collect())
    }

    /// Writes configuration, rules and contest, where they are not there yet.
    pub(crate) fn lay(&self, internet: &Internet) -> Result<()> {
        lay_rules(&self.path.join("rules"))?;
        write_whole(&self.path.join("peserta-rekaan.toml"), CONTEST.as_bytes())?;
        if !self.config().exists() {
            write_whole(&self.config(), config_text(internet).as_bytes())?;
        }
        Ok(())
    }
}

/// Writes by way of a second file: a demo that is killed leaves no half file.
fn write_whole(path: &Path, content: &[u8]) -> Result<()> {
    let beside = path.with_extension("part");
    fs::write(&beside, content)
        .and_then(|()| fs::rename(&beside, path))
        .map_err(|error| cannot_create(path, error))
}

fn port_of(url: &str) -> Option<u16> {
    url::Url::parse(url).ok()?.port()
}

fn config_text(internet: &Internet) -> String {
    let mut text = String::from(
        "# The configuration the demo runs on; every command works on it with `-c`.\n\n\
         [dasar]\n\
         surat_keputusan = \"SK Rekaan W.00-001.KP.05.02 Tahun 2026\"\n\
         tujuan = \"Peragaan Netra dengan data buatan\"\n\
         penanggung_jawab = \"Ketua Tim Satgas Netralitas (rekaan)\"\n\n\
         [unit]\n\
         nama = \"Kanwil Ditjen Pemasyarakatan Jawa Selatan (rekaan)\"\n\
         zona = \"Asia/Jakarta\"\n\n\
         [rules]\n\
         folders = [\"rules\", \"peserta-rekaan.toml\"]\n\n\
         [fetch]\n\
         # The invented internet answers on loopback; a real one never does.\n\
         allow_networks = [\"127.0.0.0/8\"]\n\
         requests_per_minute_per_host = 6000\n\n\
         [web]\n\
         listen = \"127.0.0.1:0\"\n",
    );
    for (site, base) in &internet.bases {
        text.push_str(&source_text(site, base));
    }
    text
}

pub(super) fn source_text(site: &Site, base: &str) -> String {
    let kind = if site.form == Form::Portal { "page" } else { "feed" };
    let path = if site.form == Form::Portal { "/" } else { "/feed" };
    let mut text = format!(
        "\n[[source.{kind}]]\nname = \"{}\"\nurl = \"{base}{path}\"\nevery_minutes = 1\n\
         platform = \"{}\"\nkind = \"{}\"\n",
        site.name, site.platform, site.kind,
    );
    let extra = match site.form {
        Form::Teasers => "article = \".isi\"\n",
        Form::Account => "account = true\n",
        Form::Portal => {
            "items = \"a.judul\"\ntitle = \"h1.judul\"\ntext = \".isi\"\nauthor = \".penulis\"\n\
             published = \"time\"\n"
        }
        _ => "",
    };
    text.push_str(extra);
    text
}
