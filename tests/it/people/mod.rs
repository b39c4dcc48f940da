//! The test kit of the pages: a store with findings, the real router on a real
//! socket, and a visitor who does what a browser without scripts does.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use netra::model::{
    Actor, AsnEvidence, Author, Capture, Category, Clock, Digest, Draft, Event, Field, Finding,
    FindingId, Health, Hit, Part, Post, PostId, PostKind, Priority, SkbRow, Verdict,
};
use netra::store::Store;
use netra::web::{
    App, Authority, Caller, Demo, Ground, NewUser, Parts, SourceHealth, Sources, Users, demo_users,
    router,
};
use scraper::{Html, Selector};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt as _;

/// The instant at which every test begins: 21 November 2026, 08.21 WIB.
const BEGIN: i64 = 1_795_224_060;

/// A clock that a test moves.
#[derive(Clone, Debug)]
pub(crate) struct Hands(Arc<AtomicI64>);

impl Hands {
    pub(crate) fn forward(&self, minutes: i64) {
        self.0.fetch_add(60 * minutes, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// The pages, served.
#[derive(Debug)]
pub(crate) struct House {
    pub(crate) address: SocketAddr,
    app: App,
    pub(crate) store: Arc<Store>,
    pub(crate) clock: Hands,
    pub(crate) demo: Demo,
    _folder: TempDir,
}

/// A post as tests tell it.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) text: String,
    pub(crate) title: String,
    pub(crate) author: String,
    pub(crate) handle: String,
    pub(crate) bio: String,
    pub(crate) unit: String,
    /// Words that a rule found besides.
    pub(crate) found: String,
    pub(crate) address: String,
    pub(crate) source: String,
    pub(crate) priority: Priority,
}

impl Default for Told {
    fn default() -> Self {
        Self {
            text: "Rekan pegawai Rutan, mari dukung paslon nomor 02!".into(),
            title: String::new(),
            author: "Joko Contoh".into(),
            handle: "@joko".into(),
            bio: "ASN".into(),
            unit: "Rutan Kelas IIB Randukuning".into(),
            found: String::new(),
            address: "https://linimasa.example/s/1".into(),
            source: "linimasa-randukuning".into(),
            priority: Priority::Tinggi,
        }
    }
}

/// The words that the rules would have found, with their sign.
const SIGNS: [(&str, &str); 3] =
    [("pegawai Rutan", "asn"), ("dukung", "aksi"), ("paslon nomor 02", "peserta")];

/// Puts a flagged post into the store.
pub(crate) fn flag(store: &Store, at: Timestamp, told: &Told) {
    let known = store.entries(0).count();
    let name = format!("{known} {}", told.text);
    let id = FindingId(Digest::of(name.as_bytes()));
    let found = (told.found.as_str(), "konteks");
    let signs = SIGNS.into_iter().chain((!told.found.is_empty()).then_some(found));
    let hits = signs.filter_map(|(words, sign)| {
        let start = told.text.find(words)?;
        let start = u32::try_from(told.text[..start].chars().count()).unwrap();
        let end = start + u32::try_from(words.chars().count()).unwrap();
        let (rule, text) = (format!("aturan-{sign}"), words.to_owned());
        Some(Hit { rule, sign: sign.into(), field: Field::Text, start, end, text })
    });
    let part =
        |rule: &str, title: &str, weight| Part { rule: rule.into(), title: title.into(), weight };
    let verdict = Verdict {
        flagged: true,
        score: 8.0,
        threshold: 6.0,
        priority: told.priority,
        categories: vec![Category::MedsosSupport],
        stage: "kampanye".into(),
        compliance: vec![],
        hits: hits.collect(),
        parts: vec![
            part("aturan-peserta", "Menyebut peserta pemilihan", 5.0),
            part("aturan-asn", "Penanda pegawai", 4.0),
            part("pertanyaan", "Berbentuk pertanyaan", -1.0),
        ],
        spared_by: vec!["pertanyaan".into()],
        unit: Some(told.unit.clone()),
        reason: "Ajakan mendukung peserta dari akun yang memuat tanda pegawai.".into(),
        ruleset: "r1".into(),
        stages: vec![],
        asn_evidence: AsnEvidence::Explicit,
        skb: vec![SkbRow {
            row: "D6".into(),
            text: "Membuat unggahan bagi calon.".into(),
            verified: false,
        }],
    };
    let post = Post {
        id: PostId(name),
        source: told.source.clone(),
        kind: PostKind::Post,
        platform: "x".into(),
        address: Some(told.address.clone()),
        author: Author {
            name: told.author.clone(),
            handle: told.handle.clone(),
            bio: told.bio.clone(),
        },
        title: told.title.clone(),
        text: told.text.clone(),
        published: Some(at),
    };
    let body = Digest::of(told.text.as_bytes());
    let finding = Finding {
        post,
        verdict: verdict.clone(),
        asked: told.address.clone(),
        answered: told.address.clone(),
        captured: at,
        status: 200,
        size: 41_200,
        body,
    };
    let capture = Capture {
        source: "linimasa-randukuning".into(),
        asked: "https://linimasa.example/umpan".into(),
        answered: "https://linimasa.example/umpan.xml".into(),
        request_headers: vec![("user-agent".into(), "Netra/0.1.0 (+satgas@netra.example)".into())],
        at,
        status: 200,
        headers: vec![("content-type".into(), "application/rss+xml".into())],
        body: told.text.clone().into_bytes(),
    };
    let event = Event::Flagged {
        finding: id,
        version: body,
        source: told.source.clone(),
        kind: PostKind::Post,
        rules: vec!["aturan-peserta".into(), "aturan-asn".into()],
        categories: verdict.categories.clone(),
        stage: verdict.stage.clone(),
        score: verdict.score,
        priority: told.priority,
        unit: verdict.unit.clone(),
        published: Some(at),
        capture: store.keep(&capture, std::slice::from_ref(&finding.post)).unwrap(),
        index: 0,
        ruleset: "r1".into(),
    };
    let payload = Some(serde_json::to_value(&finding).unwrap());
    store.append(&Actor::pipeline(), at, vec![Draft { event, payload }]).unwrap();
}

/// A new store in this folder.
fn store_in(folder: &std::path::Path, at: Timestamp) -> Store {
    Store::create(folder, &netra::store::Settings::default(), at).unwrap()
}

impl House {
    /// The pages over these posts, all flagged two hours ago.
    pub(crate) async fn with(posts: &[Told]) -> Self {
        Self::with_authority(posts, None).await
    }

    /// The same, with a time-stamping authority to ask.
    pub(crate) async fn with_authority(posts: &[Told], authority: Option<Authority>) -> Self {
        Self::within(tempfile::tempdir().unwrap(), posts, authority).await
    }

    /// The same, in this folder.
    pub(crate) async fn within(
        folder: TempDir,
        posts: &[Told],
        authority: Option<Authority>,
    ) -> Self {
        let clock = Hands(Arc::new(AtomicI64::new(BEGIN)));
        let store = Arc::new(store_in(folder.path(), clock.now()));
        let at = Timestamp::from_second(BEGIN - 7_200).unwrap();
        for told in posts {
            flag(&store, at, told);
        }
        let users = Users::open(&folder.path().join("users.json")).unwrap();
        for (place, new) in demo_users(Some("kartika-unix")).into_iter().enumerate() {
            let until = clock.now().checked_add(jiff::SignedDuration::from_hours(24)).unwrap();
            users.add(new, &format!("aktivasi-{place}"), until).unwrap();
        }
        let pengawas = NewUser {
            name: "pandu".into(),
            display: "Pandu Contoh".into(),
            role: netra::model::Role::Pengawas,
            unit: String::new(),
            unix: None,
        };
        users.add(pengawas, "aktivasi-pandu", clock.now()).unwrap();
        let demo = Demo::of(&users.list()).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let hands = clock.clone();
        let queue = netra::queue::Queue::open(
            &folder.path().join("queue"),
            &netra::queue::Settings::default(),
        )
        .unwrap();
        let parts = Parts {
            store: store.clone(),
            queue: Arc::new(queue),
            users,
            clock: Clock::new(move || hands.now()),
            zone: TimeZone::get("Asia/Jakarta").unwrap(),
            unit: "Satgas Netralitas Rutan Randukuning".into(),
            report: netra::report::Settings::default(),
            sources: Sources::new(move || sources(at)),
            address: format!("http://{address}"),
            ground: Ground {
                decree: "SK-1/2026".into(),
                purpose: "Menjaga netralitas".into(),
                answerable: "Sekretaris Jenderal".into(),
            },
            authority,
            owner: Some("owner".into()),
            demo: Some(demo.clone()),
        };
        let app = App::new(parts);
        let service = router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self { address, app, store, clock, demo, _folder: folder }
    }

    /// One clear finding.
    pub(crate) async fn with_one() -> Self {
        Self::with(&[Told::default()]).await
    }

    /// What this Unix user gets by the command line: the status and the JSON.
    pub(crate) async fn call(
        &self,
        unix: &str,
        method: &str,
        path: &str,
        body: &Value,
    ) -> (u16, Value) {
        let request = axum::http::Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .extension(Caller { user: unix.into() })
            .body(axum::body::Body::from(body.to_string()))
            .unwrap();
        let response = router(self.app.clone()).oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 24).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    /// A visitor who is not signed in.
    pub(crate) fn stranger(&self) -> Visitor {
        // without a provider reqwest builds no client; a second call changes nothing
        drop(rustls::crypto::ring::default_provider().install_default());
        #[allow(clippy::disallowed_methods, reason = "the test is the browser, not the gate")]
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build();
        Visitor {
            base: format!("http://{}", self.address),
            client: client.unwrap(),
            cookie: String::new(),
            token: String::new(),
        }
    }

    /// A visitor signed in as this user.
    pub(crate) async fn visitor(&self, user: &str) -> Visitor {
        let person = self.demo.people.iter().find(|person| person.user == user).unwrap();
        let mut visitor = self.stranger();
        let seen = visitor.get(&format!("/masuk/demo/{}", person.token)).await;
        assert_eq!(seen.status, 303, "{}", seen.body);
        visitor.get("/").await;
        visitor
    }
}

fn sources(at: Timestamp) -> Vec<SourceHealth> {
    let source = |name: &str, failures, ailment: Option<&str>| SourceHealth {
        name: name.into(),
        kind: "feed".into(),
        every: std::time::Duration::from_mins(15),
        health: Health {
            asked: Some(at),
            answered: Some(at),
            failures,
            ailment: ailment.map(Into::into),
            posts: 1_234,
            ..Health::default()
        },
    };
    vec![source("linimasa-randukuning", 0, None), source("radar-sumberagung", 6, Some("http_503"))]
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: String,
    /// The body as it came.
    pub(crate) bytes: Vec<u8>,
}

impl Seen {
    /// The texts of all elements of this selector.
    pub(crate) fn texts(&self, selector: &str) -> Vec<String> {
        let document = Html::parse_document(&self.body);
        let selector = Selector::parse(selector).unwrap();
        document
            .select(&selector)
            .map(|it| it.text().collect::<String>().trim().to_owned())
            .collect()
    }

    /// The value of this attribute of the first element of this selector.
    pub(crate) fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let document = Html::parse_document(&self.body);
        let selector = Selector::parse(selector).unwrap();
        document.select(&selector).next()?.value().attr(name).map(Into::into)
    }
}

/// Somebody with a browser without scripts.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    base: String,
    client: reqwest::Client,
    pub(crate) cookie: String,
    /// The form token of the last page that had one.
    pub(crate) token: String,
}

impl Visitor {
    pub(crate) async fn get(&mut self, path: &str) -> Seen {
        let request = self.client.get(format!("{}{path}", self.base));
        self.send(request).await
    }

    /// Sends a form of the page last seen.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let token = self.token.clone();
        let fields = [&[("csrf", token.as_str())], fields].concat();
        self.post_raw(path, &fields, &[("sec-fetch-site", "same-origin")]).await
    }

    /// Sends these fields and headers and nothing else.
    pub(crate) async fn post_raw(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Seen {
        let body =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut request = self
            .client
            .post(format!("{}{path}", self.base))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request).await
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> Seen {
        let request =
            if self.cookie.is_empty() { request } else { request.header("cookie", &self.cookie) };
        let response = request.send().await.unwrap();
        let headers = response.headers().clone();
        let text =
            |name: &str| headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default();
        if let Some((cookie, _)) = text("set-cookie").split_once(';') {
            cookie.clone_into(&mut self.cookie);
        }
        let (status, location) = (response.status().as_u16(), text("location").to_owned());
        #[allow(clippy::disallowed_methods, reason = "our own server answers")]
        let bytes = response.bytes().await.unwrap().to_vec();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        let seen = Seen { status, location, headers: headers.clone(), body, bytes };
        if let Some(token) = seen.attribute("input[name=csrf]", "value") {
            self.token = token;
        }
        seen
    }
}
