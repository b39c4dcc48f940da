//! The public key as other programs take it: `SubjectPublicKeyInfo` in PEM.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::Verifier;

/// What stands before the 32 bytes of an Ed25519 key in its `SubjectPublicKeyInfo`
/// (RFC 8410 §4): a sequence of the algorithm and a bit string.
const BEFORE_THE_KEY: [u8; 12] =
    [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

impl Verifier {
    /// The key as PEM, which `openssl pkeyutl -pubin` reads.
    pub fn to_pem(&self) -> String {
        let key = BASE64.encode([&BEFORE_THE_KEY[..], self.key.as_bytes()].concat());
        format!("-----BEGIN PUBLIC KEY-----\n{key}\n-----END PUBLIC KEY-----\n")
    }
}

#[cfg(test)]
mod tests {
    use super::super::Signer;

    #[test]
    fn the_key_of_rfc_8032_is_written_as_openssl_writes_it() {
        // RFC 8032 §7.1, test 1
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let seed: crate::model::Digest = seed.parse().unwrap();
        let pem = Signer::new("example.org/log", seed.0).unwrap().verifier().to_pem();
        assert_eq!(
            pem,
            "-----BEGIN PUBLIC KEY-----\n\
             MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n\
             -----END PUBLIC KEY-----\n"
        );
    }
}
