//! Post: one public item as its source gave it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Digest, Secret};

/// What kind of public item a post is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum PostKind {
    /// Somebody's own public post.
    #[default]
    Post,
    /// A public reply under something else.
    Comment,
    /// An article of a news site.
    News,
    /// A public profile text.
    Bio,
}

impl PostKind {
    /// The word used in files and in scan output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Comment => "comment",
            Self::News => "news",
            Self::Bio => "bio",
        }
    }
}

/// Who published it, as the source shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Author {
    /// The name shown.
    pub name: String,
    /// The account, with its `@` where the platform writes one.
    pub handle: String,
    /// The public profile text.
    pub bio: String,
}

/// The name of a post: its source and the platform's own id, guid or
/// canonical address. An edited post keeps its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PostId(pub String);

impl PostId {
    /// The digest that stands for the post in ledger, queue and index.
    pub fn keyed(&self, secret: &Secret) -> Digest {
        secret.digest(self.0.as_bytes())
    }
}

/// One public item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Its name.
    pub id: PostId,
    /// The source that gave it, by the name it has in the configuration.
    pub source: String,
    /// What kind of item it is.
    pub kind: PostKind,
    /// The platform or kind of site, as the source's settings say: `news_site`, `forum`, `x` …
    pub platform: String,
    /// Its public address; also what makes copies of an article one story.
    pub address: Option<String>,
    /// Who published it.
    pub author: Author,
    /// Its headline, empty where it has none.
    pub title: String,
    /// Its text without mark-up; paragraphs are separated by blank lines.
    pub text: String,
    /// When it was published, if the source says.
    pub published: Option<Timestamp>,
}

impl Post {
    /// The digest of what a reader sees, keyed by `secret`: another version
    /// of the same post has another one.
    pub fn version(&self, secret: &Secret) -> Digest {
        let parts = Digest::of_parts(&[
            self.title.as_bytes(),
            self.text.as_bytes(),
            self.author.name.as_bytes(),
            self.author.handle.as_bytes(),
            self.author.bio.as_bytes(),
        ]);
        secret.digest(&parts.0)
    }
}
