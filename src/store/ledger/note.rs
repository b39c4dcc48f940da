//! Checkpoints as signed notes, as C2SP tlog-checkpoint and signed-note say,
//! and the Ed25519 key that signs them.

mod pem;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use super::tree;
use crate::model::Digest;

/// The algorithm byte of Ed25519 in signed-note keys.
const ED25519: u8 = 1;

/// What a checkpoint says: the size of the tree and its root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The number of entries.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Digest,
}

impl Checkpoint {
    /// Why this is no beginning of a log of these leaves; none if it is one.
    pub fn contradiction(&self, leaves: &[Digest]) -> Option<String> {
        let size = self.size;
        match usize::try_from(size).ok().and_then(|size| leaves.get(..size)) {
            None => Some(format!(
                "the ledger has {} entries, fewer than the {size} of the earlier checkpoint: it was rolled back",
                leaves.len()
            )),
            Some(start) if tree::root(start) != self.root => {
                Some(format!("its first {size} entries are not those of the earlier checkpoint"))
            }
            Some(_) => None,
        }
    }
}

/// What is wrong with a note or key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotANote {
    /// It has not the shape of a checkpoint.
    #[error("it has not the shape of a signed checkpoint")]
    Shape,
    /// It is of another log.
    #[error("it is of another log")]
    Origin,
    /// The signature is not of this key, or not over this text.
    #[error("its signature does not hold")]
    Signature,
    /// It is not a key as netra writes one.
    #[error("it is not a key as netra writes one")]
    Key,
}

/// The key that signs checkpoints, with the log's name.
#[derive(Clone)]
pub struct Signer {
    key: SigningKey,
    verifier: Verifier,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.verifier.name)
    }
}

/// What checks a checkpoint: the log's name and its public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    key: VerifyingKey,
}

impl Signer {
    /// A key of this seed for a log of this name (the origin line), which must
    /// hold no space, plus sign or line end.
    pub fn new(name: &str, seed: [u8; 32]) -> Result<Self, NotANote> {
        if name.is_empty() || name.contains(|c: char| c == '+' || c.is_whitespace()) {
            return Err(NotANote::Key);
        }
        let key = SigningKey::from_bytes(&seed);
        let verifier = Verifier { name: name.into(), key: key.verifying_key() };
        Ok(Self { key, verifier })
    }

    /// The key as text, secret: `PRIVATE+KEY+<name>+<hash>+<base64>`.
    pub fn to_text(&self) -> String {
        let hash = hex(self.verifier.hash());
        let key = BASE64.encode([&[ED25519][..], &self.key.to_bytes()].concat());
        format!("PRIVATE+KEY+{}+{hash}+{key}\n", self.verifier.name)
    }

    /// Reads a key as [`Signer::to_text`] writes it.
    pub fn parse(text: &str) -> Result<Self, NotANote> {
        let rest = text.strip_prefix("PRIVATE+KEY+").ok_or(NotANote::Key)?;
        let (name, hash, key) = split_key(rest)?;
        let signer = Self::new(name, key)?;
        if hex(signer.verifier.hash()) == hash { Ok(signer) } else { Err(NotANote::Key) }
    }

    /// The public half.
    pub const fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// The signature, in base64, by which this key hands over to another.
    pub fn hand_over(&self, to: &Verifier) -> String {
        BASE64.encode(self.key.sign(self.verifier.hand_over_text(to).as_bytes()).to_bytes())
    }

    /// The signed note of a checkpoint.
    pub fn sign(&self, checkpoint: &Checkpoint) -> String {
        let text = self.verifier.text(checkpoint);
        let signature = self.key.sign(text.as_bytes()).to_bytes();
        let line = BASE64.encode([&self.verifier.hash()[..], &signature].concat());
        format!("{text}\n— {} {line}\n", self.verifier.name)
    }
}

impl Verifier {
    /// The log's name: the origin line of its checkpoints.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key as text: `<name>+<hash>+<base64>`, as signed-note verifiers take it.
    pub fn to_text(&self) -> String {
        let key = BASE64.encode([&[ED25519][..], self.key.as_bytes()].concat());
        format!("{}+{}+{key}\n", self.name, hex(self.hash()))
    }

    /// Whether this key signed that it hands over to another of the same log.
    pub fn hands_over(&self, to: &Self, signature: &str) -> bool {
        let signature = BASE64.decode(signature).ok();
        let signature = signature.and_then(|bytes| Signature::from_slice(&bytes).ok());
        let text = self.hand_over_text(to);
        self.name == to.name
            && signature.is_some_and(|it| self.key.verify_strict(text.as_bytes(), &it).is_ok())
    }

    fn hand_over_text(&self, to: &Self) -> String {
        format!("netra hands over\n{}{}", self.to_text(), to.to_text())
    }

    /// Reads a key as [`Verifier::to_text`] writes it.
    pub fn parse(text: &str) -> Result<Self, NotANote> {
        let (name, hash, key) = split_key(text)?;
        let key = VerifyingKey::from_bytes(&key).map_err(|_| NotANote::Key)?;
        let verifier = Self { name: name.into(), key };
        if hex(verifier.hash()) == hash { Ok(verifier) } else { Err(NotANote::Key) }
    }

    /// Reads and checks a signed checkpoint. It must be this log's, and be
    /// byte for byte what netra writes: nothing before, between or after.
    pub fn open(&self, note: &str) -> Result<Checkpoint, NotANote> {
        let (text, signatures) = note.split_once("\n\n").ok_or(NotANote::Shape)?;
        let mut lines = text.split('\n');
        let (Some(origin), Some(size), Some(root), None) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(NotANote::Shape);
        };
        if origin != self.name {
            return Err(NotANote::Origin);
        }
        let size: u64 = size.parse().map_err(|_| NotANote::Shape)?;
        let root = BASE64.decode(root).map_err(|_| NotANote::Shape)?;
        let root = Digest(root.try_into().map_err(|_| NotANote::Shape)?);
        let checkpoint = Checkpoint { size, root };
        let signature = signatures
            .strip_prefix("— ")
            .and_then(|line| line.strip_prefix(self.name.as_str()))
            .and_then(|line| line.strip_prefix(' '))
            .and_then(|line| line.strip_suffix('\n'))
            .ok_or(NotANote::Shape)?;
        let signature = BASE64.decode(signature).map_err(|_| NotANote::Shape)?;
        let (hash, signature) = signature.split_at_checked(4).ok_or(NotANote::Shape)?;
        let signature = Signature::from_slice(signature).map_err(|_| NotANote::Shape)?;
        // the text is written anew, so that another spelling of the same numbers does not pass
        let signed = self.text(&checkpoint);
        let holds = hash == self.hash()
            && signed.strip_suffix('\n') == Some(text)
            && self.key.verify_strict(signed.as_bytes(), &signature).is_ok();
        if holds { Ok(checkpoint) } else { Err(NotANote::Signature) }
    }

    /// The same of one that was copied from a printed report or a page: white
    /// space at the ends of lines, and empty lines around and between, are nothing.
    pub fn open_copied(&self, copy: &str) -> Result<Checkpoint, NotANote> {
        self.open(&uncopied(copy).ok_or(NotANote::Shape)?)
    }

    fn text(&self, checkpoint: &Checkpoint) -> String {
        format!("{}\n{}\n{}\n", self.name, checkpoint.size, BASE64.encode(checkpoint.root.0))
    }

    fn hash(&self) -> [u8; 4] {
        let digest =
            Digest::of_joined(&[self.name.as_bytes(), b"\n", &[ED25519], self.key.as_bytes()]);
        let [a, b, c, d, ..] = digest.0;
        [a, b, c, d]
    }
}

/// Whether a text could be the copy of a signed checkpoint at all, whoever signed it.
pub fn is_like_a_copy(text: &str) -> bool {
    uncopied(text).is_some()
}

/// A checkpoint as it was written, of a copy with other white space.
fn uncopied(copy: &str) -> Option<String> {
    let mut lines = copy.lines().map(str::trim).filter(|line| !line.is_empty());
    let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
    let signature = lines.next().filter(|line| line.starts_with("— "))?;
    lines.next().is_none().then(|| format!("{origin}\n{size}\n{root}\n\n{signature}\n"))
}

fn hex(hash: [u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(hash))
}

/// Splits `<name>+<hash>+<base64>`.
fn split_key(text: &str) -> Result<(&str, &str, [u8; 32]), NotANote> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let (name, rest) = text.split_once('+').ok_or(NotANote::Key)?;
    let (hash, key) = rest.split_once('+').ok_or(NotANote::Key)?;
    let key = BASE64.decode(key).map_err(|_| NotANote::Key)?;
    let key: [u8; 33] = key.try_into().map_err(|_| NotANote::Key)?;
    let [ED25519, key @ ..] = key else { return Err(NotANote::Key) };
    Ok((name, hash, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer() -> Signer {
        Signer::new("example.org/netra", [7; 32]).unwrap()
    }

    #[test]
    fn a_checkpoint_is_read_as_it_is_signed() {
        let checkpoint = Checkpoint { size: 42, root: Digest([3; 32]) };
        let note = signer().sign(&checkpoint);
        assert_eq!(signer().verifier().open(&note), Ok(checkpoint));
    }

    #[test]
    fn any_changed_byte_of_a_checkpoint_is_refused() {
        let note = signer().sign(&Checkpoint { size: 42, root: Digest([3; 32]) });
        for place in 0..note.len() {
            for bit in 0..8 {
                let mut bytes = note.clone().into_bytes();
                bytes[place] ^= 1 << bit;
                if let Ok(text) = String::from_utf8(bytes) {
                    assert!(signer().verifier().open(&text).is_err(), "byte {place} bit {bit}");
                }
            }
        }
        assert!(signer().verifier().open(&format!("{note}\n")).is_err());
        assert!(signer().verifier().open("").is_err());
    }

    #[test]
    fn a_checkpoint_copied_from_a_page_is_read() {
        let checkpoint = Checkpoint { size: 42, root: Digest([3; 32]) };
        let note = signer().sign(&checkpoint);
        let indented: String = note.lines().map(|line| format!("\t {line} \r\n")).collect();
        for copy in [note.clone(), indented, note.replace("\n\n", "\n"), format!("\n\n{note}\n ")] {
            assert_eq!(signer().verifier().open_copied(&copy), Ok(checkpoint), "{copy:?}");
        }
        for wrong in ["", "one\ntwo", &note.replace("42", "43"), &format!("{note}more\n")] {
            signer().verifier().open_copied(wrong).unwrap_err();
        }
    }

    #[test]
    fn keys_are_read_as_they_are_written() {
        let signer = signer();
        assert_eq!(Signer::parse(&signer.to_text()).unwrap().verifier(), signer.verifier());
        assert_eq!(Verifier::parse(&signer.verifier().to_text()).as_ref(), Ok(signer.verifier()));
        assert!(Signer::parse("PRIVATE+KEY+a+00000000+AAAA").is_err());
        assert!(Signer::new("two words", [0; 32]).is_err());
    }

    #[test]
    fn a_key_hands_over_to_the_key_it_signed_and_to_no_other() {
        let [next, other] = [8, 9].map(|n| Signer::new("example.org/netra", [n; 32]).unwrap());
        let signature = signer().hand_over(next.verifier());
        assert!(signer().verifier().hands_over(next.verifier(), &signature));
        assert!(!signer().verifier().hands_over(other.verifier(), &signature));
        assert!(!other.verifier().hands_over(next.verifier(), &signature));
        assert!(!signer().verifier().hands_over(next.verifier(), "AAAA"));
    }

    #[test]
    fn the_key_of_go_is_understood() {
        // the example key of golang.org/x/mod/sumdb/note
        let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        assert_eq!(
            Verifier::parse(text).map(|key| key.name().to_owned()),
            Ok("PeterNeumann".into())
        );
    }
}
