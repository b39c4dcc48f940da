//! A real time-stamping authority: certificates and tokens by `openssl ts`, behind
//! a web server on loopback; and what the program makes of its answers.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::Bytes;
use axum::extract::{Path as Route, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::post;
use jiff::Timestamp;
use netra::fetch::timestamp::{TimestampError, timestamp};
use netra::fetch::{FetchError, Gate, GateSettings};
use netra::model::{Clock, Digest};
use url::Url;

use crate::kit::open_gate;

/// What `openssl ts` is told of the authority. `digests` are those it confirms.
const SETTINGS: &str = "\
[tsa]
default_tsa = one
[one]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = DIGESTS
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
";

/// The authority, serving.
pub(crate) struct Authority {
    folder: tempfile::TempDir,
    root: Url,
}

struct Desk {
    folder: PathBuf,
    served: AtomicU32,
}

/// Runs `openssl` in a folder; it must be there, as a stranger needs it too.
pub(crate) fn openssl(folder: &Path, line: &str) -> std::process::Output {
    let mut command = Command::new("openssl");
    command.current_dir(folder).args(line.split_whitespace()).output().unwrap()
}

fn must(folder: &Path, line: &str) {
    let done = openssl(folder, line);
    assert!(done.status.success(), "openssl {line}: {}", String::from_utf8_lossy(&done.stderr));
}

/// A certificate authority and what it signed for time-stamping, good for a year.
fn certify(folder: &Path) {
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    must(folder, &format!("req -x509 {key} -subj /CN=Akar -keyout ca.key -out ca.pem -days 3650"));
    must(folder, &format!("req {key} -subj /CN=Cap-Waktu -keyout tsa.key -out tsa.csr"));
    std::fs::write(folder.join("use"), "extendedKeyUsage = critical, timeStamping\n").unwrap();
    must(
        folder,
        "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 365 -extfile use -out tsa.pem",
    );
    std::fs::write(folder.join("serial"), "01\n").unwrap();
    for (name, digests) in [("tsa.cnf", "sha256"), ("picky.cnf", "sha512")] {
        std::fs::write(folder.join(name), SETTINGS.replace("DIGESTS", digests)).unwrap();
    }
}

impl Authority {
    /// Starts it on a free port of 127.0.0.1.
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        certify(folder.path());
        let desk = Desk { folder: folder.path().to_owned(), served: AtomicU32::new(0) };
        let router = axum::Router::new().route("/{how}", post(reply)).with_state(Arc::new(desk));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let root = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { folder, root: root.parse().unwrap() }
    }

    /// Where it answers well (`good`), or otherwise.
    pub(crate) fn url(&self, how: &str) -> Url {
        self.root.join(how).unwrap()
    }

    /// The certificate that a reader trusts.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }
}

async fn reply(
    State(desk): State<Arc<Desk>>,
    Route(how): Route<String>,
    headers: HeaderMap,
    question: Bytes,
) -> (StatusCode, [(header::HeaderName, &'static str); 1], Vec<u8>) {
    assert_eq!(headers[header::CONTENT_TYPE], "application/timestamp-query");
    let kind = [(header::CONTENT_TYPE, "application/timestamp-reply")];
    let number = desk.served.fetch_add(1, Ordering::SeqCst);
    let (asked, answered) = (format!("{number}.tsq"), format!("{number}.tsr"));
    let settings = if how == "refusing" { "picky.cnf" } else { "tsa.cnf" };
    std::fs::write(desk.folder.join(&asked), &question).unwrap();
    // one that confirms another digest, or another request for the same digest
    let other = match how.as_str() {
        "other-digest" => Some(("ab".repeat(32), "")),
        "other-request" => Some((digest_of(&question), "")),
        "no-number" => Some((digest_of(&question), "-no_nonce")),
        _ => None,
    };
    if let Some((digest, more)) = other {
        must(
            &desk.folder,
            &format!("ts -query -digest {digest} -sha256 -cert {more} -out {asked}"),
        );
    }
    // a refusal is an answer too
    let line = format!("ts -reply -config {settings} -queryfile {asked} -out {answered}");
    openssl(&desk.folder, &line);
    match how.as_str() {
        "failing" => (StatusCode::SERVICE_UNAVAILABLE, kind, Vec::new()),
        "garbled" => (StatusCode::OK, kind, b"<html>not a token</html>".to_vec()),
        "endless" => (StatusCode::OK, kind, vec![0x30; 300 * 1024]),
        _ => (StatusCode::OK, kind, std::fs::read(desk.folder.join(answered)).unwrap()),
    }
}

/// The digest that a question asks about: the 32 bytes behind its OCTET STRING's head.
fn digest_of(question: &[u8]) -> String {
    let place = question.windows(4).position(|four| four == [5, 0, 4, 0x20]).unwrap() + 4;
    question[place..place + 32].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn gate(settings: GateSettings) -> Gate {
    let clock = Clock::fixed(Timestamp::from_second(1_795_224_060).unwrap());
    Gate::new(settings, clock).unwrap()
}

const CONTENT: &[u8] = b"netra.invalid/ledger\n7\nAAAA\n";

#[tokio::test]
async fn a_token_is_accepted_by_openssl_for_this_content_and_this_authority_only() {
    let authority = Authority::start().await;
    let digest = Digest::of(CONTENT);
    let token = timestamp(&gate(open_gate()), &authority.url("good"), digest).await.unwrap();
    let work = tempfile::tempdir().unwrap();
    std::fs::write(work.path().join("content"), CONTENT).unwrap();
    std::fs::write(work.path().join("other"), b"another content").unwrap();
    std::fs::write(work.path().join("token"), &token.answer).unwrap();
    let stranger = Authority::start().await;
    let verify = |data: &str, certificate: PathBuf, more: &str| {
        let certificate = certificate.display();
        let line = format!("ts -verify -data {data} -in token -CAfile {certificate} {more}");
        openssl(work.path(), &line).status.success()
    };
    assert!(verify("content", authority.certificate(), ""));
    assert!(!verify("other", authority.certificate(), ""), "another content");
    assert!(!verify("content", stranger.certificate(), ""), "another authority");
    let late = token.at.as_second() + 400 * 24 * 3600;
    assert!(!verify("content", authority.certificate(), &format!("-attime {late}")), "expired");
}

#[tokio::test]
async fn an_answer_that_is_not_the_one_asked_for_is_refused() {
    let authority = Authority::start().await;
    let gate = gate(open_gate());
    let ask = |how| {
        let (gate, address) = (&gate, authority.url(how));
        async move { timestamp(gate, &address, Digest::of(CONTENT)).await.unwrap_err() }
    };
    for (how, words) in [
        ("other-digest", "its digest is another"),
        ("other-request", "its request number is another"),
        ("no-number", "its request number is another"),
        ("refusing", "refuses (status 2)"),
        ("garbled", "is none"),
    ] {
        let error = ask(how).await.to_string();
        assert!(error.contains(words), "{how}: {error}");
    }
    let failing = ask("failing").await;
    assert!(
        matches!(failing, TimestampError::Asking(FetchError::Status { status: 503, .. })),
        "{failing}"
    );
    let endless = ask("endless").await;
    assert!(matches!(endless, TimestampError::Asking(FetchError::TooLarge { .. })), "{endless}");
}

#[tokio::test]
async fn an_authority_inside_the_network_is_not_asked_unless_its_network_is_opened() {
    let authority = Authority::start().await;
    let closed = gate(GateSettings { allow_networks: Vec::new(), ..open_gate() });
    let error = timestamp(&closed, &authority.url("good"), Digest::of(CONTENT)).await.unwrap_err();
    assert!(matches!(error, TimestampError::Asking(FetchError::PrivateAddress { .. })), "{error}");
}
