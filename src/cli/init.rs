//! `netra init`: a configuration, a folder for data, and the rules.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use include_dir::{Dir, include_dir};

use super::failure::{Code, Failure};
use super::{Outcome, Result, next, say, system_clock};
use crate::config::Data;
use crate::model::Clock;
use crate::store::{self, Store};

/// The shipped rules, inside the binary.
pub(super) static RULES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");

const CONFIG: &str = include_str!("../../config.example.toml");

/// Arguments of `netra init`.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The folder to make it in
    #[arg(long, default_value = ".", value_name = "DIR")]
    dir: PathBuf,
}

impl Init {
    pub(super) fn run(&self) -> Result {
        fs::create_dir_all(&self.dir).map_err(|error| cannot_create(&self.dir, error))?;
        let config = lay(&self.dir.join("netra.toml"), CONFIG.as_bytes())?;
        say(format_args!("{config}  every setting with its meaning"));
        let rules = self.dir.join("rules");
        match lay_rules(&rules)? {
            0 => say(format_args!("kept    {}  as it is", rules.display())),
            count => say(format_args!("created {}  {count} files", rules.display())),
        }
        let was_there = self.dir.join("data").exists();
        make_store(&Data { folder: self.dir.join("data"), ..Data::default() }, &system_clock())?;
        say(format_args!(
            "{} {}  the store, its secret and its signing key (keep both out of sight)",
            if was_there { "kept   " } else { "created" },
            self.dir.join("data").display()
        ));
        next(&format!(
            "write [dasar] and a source in {0}, then: netra config check -c {0}",
            self.dir.join("netra.toml").display()
        ));
        Ok(Outcome::Fine)
    }
}

/// Makes the store if there is none.
pub(super) fn make_store(data: &Data, clock: &Clock) -> Result<()> {
    if data.folder.join("ledger").join("checkpoint").exists() {
        return Ok(());
    }
    let settings = store::Settings { origin: data.origin.clone() };
    let store = Store::create(&data.folder, &settings, clock.now()).map_err(|error| {
        Failure::new(Code::CannotCreate, "cannot make the store").because(error)
    })?;
    drop(store);
    Ok(())
}

/// Writes the shipped rules, and says how many files; a folder that is there
/// is the analyst's, and is left alone.
pub(super) fn lay_rules(folder: &Path) -> Result<usize> {
    if folder.exists() {
        return Ok(0);
    }
    let mut count = 0;
    let mut dirs = vec![&RULES];
    while let Some(dir) = dirs.pop() {
        for file in dir.files() {
            let path = folder.join(file.path());
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent).map_err(|error| cannot_create(parent, error))?;
            }
            lay(&path, file.contents())?;
            count += 1;
        }
        dirs.extend(dir.dirs());
    }
    super::rules::lay_schemas(folder)?;
    Ok(count)
}

/// Writes a file and says how; one that is already there is never overwritten.
fn lay(path: &Path, content: &[u8]) -> Result<String> {
    let is_same = fs::read(path).is_ok_and(|old| old == content);
    if is_same {
        return Ok(format!("kept    {}", path.display()));
    }
    if path.exists() {
        let mut beside = path.as_os_str().to_owned();
        beside.push(".new");
        let beside = PathBuf::from(beside);
        fs::write(&beside, content).map_err(|error| cannot_create(&beside, error))?;
        return Ok(format!("kept    {}, wrote {}", path.display(), beside.display()));
    }
    fs::write(path, content).map_err(|error| cannot_create(path, error))?;
    Ok(format!("created {}", path.display()))
}

pub(super) fn cannot_create(path: &Path, error: std::io::Error) -> Failure {
    Failure::new(Code::CannotCreate, format!("cannot write `{}`", path.display()))
        .help("choose a folder you may write to, with space left")
        .because(error)
}
