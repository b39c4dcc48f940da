//! The users: who may sign in, with which role. One small file, written whole.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::{Digest, Role};

/// How long a link that sets the first password is good for.
pub(super) const ACTIVATE_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// A person who may use the pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The name to sign in with, as the ledger writes it: a-z, 0-9, `.`, `-`, `_`.
    pub name: String,
    /// The name that pages show.
    pub display: String,
    /// What the person may do.
    pub role: Role,
    /// The unit the person belongs to.
    #[serde(default)]
    pub unit: String,
    /// The Unix user that is this person at the command line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unix: Option<String>,
    /// The password's argon2id hash; none before the first one was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// The link that sets a password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activation: Option<Activation>,
    /// Whether the person may no longer sign in. Nobody is ever deleted:
    /// the ledger names them.
    #[serde(default)]
    pub disabled: bool,
}

/// A one-time link, by the digest of its token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activation {
    /// The SHA-256 of the token.
    pub token: Digest,
    /// Until when it is good.
    pub until: Timestamp,
}

/// What is asked to make a user.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// The name to sign in with.
    pub name: String,
    /// The name that pages show.
    #[serde(default)]
    pub display: String,
    /// What the person may do.
    pub role: Role,
    /// The unit the person belongs to.
    #[serde(default)]
    pub unit: String,
    /// The Unix user that is this person at the command line.
    #[serde(default)]
    pub unix: Option<String>,
}

/// Why the users could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum UsersError {
    /// The file cannot be read.
    #[error("cannot read the users in `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is not what it should be.
    #[error("the users in `{}` cannot be understood: restore the file from a backup", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The file cannot be written; nothing was changed.
    #[error("cannot write the users to `{}`; nothing was changed", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The name is taken.
    #[error("there is a user `{name}` already")]
    Taken {
        /// The name.
        name: String,
    },
    /// There is no such user.
    #[error("there is no user `{name}`")]
    Unknown {
        /// The name.
        name: String,
    },
    /// The name is not one.
    #[error("`{name}` is not a user name: use 2 to 32 of a-z, 0-9, `.`, `-`, `_`, a letter first")]
    NotAName {
        /// The name.
        name: String,
    },
    /// The Unix user stands for somebody else.
    #[error("the Unix user `{unix}` stands for `{name}` already: one person, one user")]
    UnixTaken {
        /// The Unix user.
        unix: String,
        /// Whom it stands for.
        name: String,
    },
}

/// The users, as they are and as the file says.
#[derive(Debug)]
pub struct Users {
    path: PathBuf,
    all: RwLock<BTreeMap<String, User>>,
}

impl Users {
    /// Reads the users; a missing file means nobody yet.
    pub fn open(path: &Path) -> Result<Self, UsersError> {
        let path = path.to_owned();
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => b"[]".to_vec(),
            Err(source) => return Err(UsersError::Read { path, source }),
        };
        let list: Vec<User> = match serde_json::from_slice(&text) {
            Ok(list) => list,
            Err(source) => return Err(UsersError::Malformed { path, source }),
        };
        let all = list.into_iter().map(|user| (user.name.clone(), user)).collect();
        Ok(Self { path, all: RwLock::new(all) })
    }

    /// All users by name.
    pub fn list(&self) -> Vec<User> {
        self.read(|all| all.values().cloned().collect())
    }

    /// The user of this name.
    pub fn get(&self, name: &str) -> Option<User> {
        self.read(|all| all.get(name).cloned())
    }

    /// The user whom this Unix user stands for.
    pub fn of_unix(&self, unix: &str) -> Option<User> {
        let is_unix = |user: &&User| user.unix.as_deref() == Some(unix) && !user.disabled;
        self.read(|all| all.values().find(is_unix).cloned())
    }

    /// The user whose link bears this token, if it is still good.
    pub fn of_token(&self, token: &str, now: Timestamp) -> Option<User> {
        let token = Digest::of(token.as_bytes());
        let bears = |user: &&User| {
            !user.disabled
                && user.activation.as_ref().is_some_and(|it| it.token == token && now <= it.until)
        };
        self.read(|all| all.values().find(bears).cloned())
    }

    /// Adds a user who may set a password with `token` until `until`.
    pub fn add(&self, new: NewUser, token: &str, until: Timestamp) -> Result<User, UsersError> {
        if !is_name(&new.name) {
            return Err(UsersError::NotAName { name: new.name });
        }
        let NewUser { name, display, role, unit, unix } = new;
        if let Some(unix) = &unix
            && let Some(user) = self.of_unix(unix)
        {
            return Err(UsersError::UnixTaken { unix: unix.clone(), name: user.name });
        }
        let display = if display.trim().is_empty() { name.clone() } else { display };
        let activation = Some(Activation { token: Digest::of(token.as_bytes()), until });
        let user =
            User { name, display, role, unit, unix, password: None, activation, disabled: false };
        self.write(|all| {
            if all.contains_key(&user.name) {
                return Err(UsersError::Taken { name: user.name.clone() });
            }
            all.insert(user.name.clone(), user.clone());
            Ok(user)
        })
    }

    /// Sets a password by its hash; the link that was used is used up.
    pub fn set_password(&self, name: &str, hash: String) -> Result<User, UsersError> {
        self.change(name, |user| {
            user.password = Some(hash);
            user.activation = None;
        })
    }

    /// Gives a new link to set a password; the old password no longer opens.
    pub fn reset(&self, name: &str, token: &str, until: Timestamp) -> Result<User, UsersError> {
        let activation = Activation { token: Digest::of(token.as_bytes()), until };
        self.change(name, |user| {
            user.password = None;
            user.activation = Some(activation);
        })
    }

    /// Takes away or gives back the right to sign in.
    pub fn set_disabled(&self, name: &str, disabled: bool) -> Result<User, UsersError> {
        self.change(name, |user| user.disabled = disabled)
    }

    fn change(&self, name: &str, deed: impl FnOnce(&mut User)) -> Result<User, UsersError> {
        self.write(|all| {
            let user =
                all.get_mut(name).ok_or_else(|| UsersError::Unknown { name: name.into() })?;
            deed(user);
            Ok(user.clone())
        })
    }

    fn read<T>(&self, look: impl FnOnce(&BTreeMap<String, User>) -> T) -> T {
        look(&self.all.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes a copy, writes it, and only then lets it take effect.
    fn write<T>(
        &self,
        deed: impl FnOnce(&mut BTreeMap<String, User>) -> Result<T, UsersError>,
    ) -> Result<T, UsersError> {
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        let mut next = all.clone();
        let outcome = deed(&mut next)?;
        let failed = |source| UsersError::Write { path: self.path.clone(), source };
        replace(&self.path, &next).map_err(failed)?;
        *all = next;
        Ok(outcome)
    }
}

/// Whether this can be a user's name.
fn is_name(name: &str) -> bool {
    (2..=32).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c))
}

/// Writes beside, syncs, renames, syncs the folder: a crash leaves the old file or the new one.
fn replace(path: &Path, users: &BTreeMap<String, User>) -> io::Result<()> {
    let beside = path.with_extension("json.new");
    let list: Vec<_> = users.values().collect();
    let mut file = private(&beside)?;
    file.write_all(&serde_json::to_vec_pretty(&list)?)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// A new file that only its owner reads.
fn private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    File::options().write(true).create(true).truncate(true).mode(0o600).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(name: &str) -> NewUser {
        let unix = Some(format!("unix-{name}"));
        NewUser {
            name: name.into(),
            display: String::new(),
            role: Role::Anggota,
            unit: String::new(),
            unix,
        }
    }

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + 3600 * hour).unwrap()
    }

    #[test]
    fn users_are_there_again_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("users.json");
        let users = Users::open(&path).unwrap();
        users.add(new("dewi"), "token", at(24)).unwrap();
        users.set_password("dewi", "$argon2id$…".into()).unwrap();
        users.set_disabled("dewi", true).unwrap();
        assert_eq!(Users::open(&path).unwrap().list(), users.list());
    }

    #[test]
    fn a_link_is_good_once_and_for_a_day() {
        let folder = tempfile::tempdir().unwrap();
        let users = Users::open(&folder.path().join("users.json")).unwrap();
        users.add(new("dewi"), "token", at(24)).unwrap();
        assert!(users.of_token("token", at(24)).is_some());
        assert!(users.of_token("token", at(25)).is_none());
        assert!(users.of_token("other", at(1)).is_none());
        users.set_password("dewi", "hash".into()).unwrap();
        assert!(users.of_token("token", at(1)).is_none());
    }

    #[test]
    fn one_unix_user_is_one_person() {
        let folder = tempfile::tempdir().unwrap();
        let users = Users::open(&folder.path().join("users.json")).unwrap();
        users.add(new("dewi"), "token", at(24)).unwrap();
        let second = NewUser { unix: Some("unix-dewi".into()), ..new("budi") };
        assert!(matches!(users.add(second, "t", at(24)), Err(UsersError::UnixTaken { .. })));
    }

    #[test]
    fn a_damaged_file_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("users.json");
        fs::write(&path, "[{").unwrap();
        assert!(matches!(Users::open(&path), Err(UsersError::Malformed { .. })));
        assert_eq!(fs::read(&path).unwrap(), b"[{");
    }

    #[test]
    fn names_that_could_be_mistaken_are_refused() {
        for name in ["", "a", "Dewi", "netra:pipeline", "unix:dewi", "dé", "9lives", "a b"] {
            assert!(!is_name(name), "{name}");
        }
        assert!(is_name("dewi.contoh-2"));
    }
}
