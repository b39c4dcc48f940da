//! Pages of findings, looked at again: same, edited, gone; over real sockets,
//! by a clock that the test moves.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use netra::fetch::{Fetched, Gate, Request, Source, SourceSettings, sources};
use netra::matcher::Matcher;
use netra::model::{
    Actor, Bookmark, Choice, Clock, Draft, Event, Fate, Finding, FindingId, FindingState, Post,
    Priority, Rechecked, Reread,
};
use netra::pipeline::recheck::Settings;
use netra::pipeline::{Pipeline, Stopper};
use netra::queue::Queue;
use netra::rule::RuleSet;
use netra::store::{self, Filter, Store, evidence, warc};
use serde_json::{Value, json};

use crate::kit::{Reply, Running, Web, open_gate};
use crate::people::{House, Told};

const ARTICLE: &str = "/berita/satu";
const TEXT: &str = "Kepala Rutan mengajak pegawai mendukung paslon nomor 2.";

/// A watch over one site, with the findings that a test puts there.
struct Watch {
    web: Running,
    hands: Arc<AtomicI64>,
    store: Arc<Store>,
    sources: Vec<Arc<dyn Source>>,
    folder: tempfile::TempDir,
}

fn article(text: &str, around: &str) -> String {
    format!(
        "<html><head><title>Ajakan</title></head><body><nav>{around}</nav>\
         <div class=isi><p>{text}</p></div><footer>{around}</footer></body></html>"
    )
}

fn page(text: &str) -> Reply {
    Reply::page("text/html; charset=utf-8", article(text, "Beranda"))
}

impl Watch {
    /// Over this server, with one page source called `kabar`, or these sources.
    async fn over(web: Web, settings: Option<&str>) -> Self {
        let web = web.start().await;
        let usual = "[[page]]\nname = 'kabar'\nurl = 'ROOT'\nitems = 'a'\ntext = '.isi'\n";
        let settings = settings.unwrap_or(usual).replace("ROOT", web.root.as_str());
        let settings: SourceSettings = toml::from_str(&settings).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let hands = Arc::new(AtomicI64::new(1_795_224_060));
        let at = Timestamp::from_second(hands.load(Ordering::SeqCst)).unwrap();
        let store =
            Store::create(&folder.path().join("data"), &store::Settings::default(), at).unwrap();
        let sources = sources(&settings).unwrap().into_iter().map(Arc::from).collect();
        Self { web, hands, store: Arc::new(store), sources, folder }
    }

    fn clock(&self) -> Clock {
        let hands = self.hands.clone();
        Clock::new(move || Timestamp::from_second(hands.load(Ordering::SeqCst)).unwrap())
    }

    fn pass(&self, days: i64) {
        self.hands.fetch_add(86_400 * days + 60, Ordering::SeqCst);
    }

    fn gate(&self) -> Gate {
        Gate::new(open_gate(), self.clock()).unwrap()
    }

    /// Asks this address, reads it by the first source, and flags the first post.
    async fn flag(&self, path: &str) {
        let source = &self.sources[0];
        let request = match path {
            "" => source.first(&Bookmark::default()),
            path => Request::follow(self.web.url(path)),
        };
        let Fetched::New(capture) = self.gate().get(&request, source.name()).await.unwrap() else {
            panic!("a first answer is new");
        };
        let posts = source.read(&capture).unwrap().posts;
        let id = self.store.keep(&capture, &posts).unwrap();
        let post: Post = posts[0].clone();
        let secret = self.store.secret();
        let verdict = Matcher::new(&no_rules(&self.folder)).scan(&post);
        let event = Event::Flagged {
            finding: FindingId(post.id.keyed(secret)),
            version: post.version(secret),
            source: post.source.clone(),
            kind: post.kind,
            rules: vec![],
            categories: vec![],
            stage: verdict.stage.clone(),
            score: 8.0,
            priority: Priority::Tinggi,
            unit: None,
            published: post.published,
            capture: id,
            index: 0,
            ruleset: "r1".into(),
        };
        let finding = Finding {
            post,
            verdict,
            asked: capture.asked.clone(),
            answered: capture.answered.clone(),
            captured: capture.at,
            status: capture.status,
            size: capture.body.len() as u64,
            body: capture.digest(),
        };
        let payload = Some(serde_json::to_value(finding).unwrap());
        let draft = Draft { event, payload };
        self.store.append(&Actor::pipeline(), self.clock().now(), vec![draft]).unwrap();
    }

    /// Looks at what is due; gives how many pages.
    async fn look(&self, settings: Settings) -> usize {
        let queue =
            Queue::open(&self.folder.path().join("queue"), &netra::queue::Settings::default());
        let matcher = Arc::new(Matcher::new(&no_rules(&self.folder)));
        let (_keep, matcher) = tokio::sync::watch::channel(matcher);
        let pipeline = Arc::new(Pipeline {
            sources: self.sources.clone(),
            gate: Arc::new(self.gate()),
            queue: Arc::new(queue.unwrap()),
            store: self.store.clone(),
            matcher,
            clock: self.clock(),
            recheck: settings,
            progress: Arc::new(|_| {}),
        });
        let (_stopper, stop) = Stopper::new();
        pipeline.recheck_due(&stop).await
    }

    fn states(&self) -> Vec<FindingState> {
        self.store.index().findings(&Filter::default(), None, 100).unwrap()
    }

    fn looks(&self) -> Vec<Rechecked> {
        self.states().remove(0).rechecked
    }

    fn reread(&self, look: &Rechecked) -> Reread {
        serde_json::from_value(self.store.payload(look.payload.unwrap()).unwrap()).unwrap()
    }

    fn kinds(&self, look: &Rechecked) -> Vec<String> {
        let file = std::fs::read(self.store.capture_path(look.capture.unwrap()).unwrap()).unwrap();
        let records = warc::records(&file).unwrap();
        records.iter().map(|it| it.field("WARC-Type").unwrap().to_owned()).collect()
    }

    fn is_sound(&self) {
        let report = evidence::verify(&self.folder.path().join("data"));
        assert!(report.is_sound(), "{:?}", report.problems);
        assert_eq!(self.store.check().unwrap().differences, Vec::<String>::new());
    }
}

fn no_rules(folder: &tempfile::TempDir) -> RuleSet {
    let rules = folder.path().join("rules");
    std::fs::create_dir_all(&rules).unwrap();
    RuleSet::load(&[rules]).ruleset.unwrap()
}

#[tokio::test]
async fn a_page_that_is_as_it_was_is_kept_as_a_revisit() {
    let watch = Watch::over(Web::new().reply(ARTICLE, page(TEXT)), None).await;
    watch.flag(ARTICLE).await;
    assert_eq!(watch.look(Settings::default()).await, 0, "nothing is due at once");
    watch.pass(1);
    assert_eq!(watch.look(Settings::default()).await, 1);
    assert_eq!(watch.look(Settings::default()).await, 0, "and not twice");
    watch.pass(6);
    assert_eq!(watch.look(Settings::default()).await, 1);

    let looks = watch.looks();
    assert_eq!(looks.iter().map(|it| it.fate).collect::<Vec<_>>(), [Fate::Same, Fate::Same]);
    let first = watch.states()[0].capture;
    let (flagged, _) = watch.store.capture(first).unwrap();
    for look in &looks {
        assert_eq!(watch.kinds(look), ["warcinfo", "request", "revisit", "metadata"]);
        let (capture, posts) = watch.store.capture(look.capture.unwrap()).unwrap();
        assert_eq!(
            (capture.body, posts),
            (flagged.body.clone(), vec![]),
            "the body is the first's"
        );
        assert!(capture.at > flagged.at);
        assert_eq!(watch.reread(look).status, Some(200));
    }
    watch.is_sound();

    // whoever loses or changes such a capture is found out
    let path = watch.store.capture_path(looks[0].capture.unwrap()).unwrap();
    std::fs::remove_file(&path).unwrap();
    let report = evidence::verify(&watch.folder.path().join("data"));
    let told = report.problems[0].to_string();
    assert!(told.contains("it is missing; entry 2 names it"), "{told}");
}

#[tokio::test]
async fn an_edited_page_is_kept_whole_with_the_text_it_has_now() {
    let now = "Kepala Rutan mengimbau pegawai tetap netral.";
    let web = Web::new().reply(ARTICLE, page(TEXT)).reply(ARTICLE, page(now));
    let watch = Watch::over(web, None).await;
    watch.flag(ARTICLE).await;
    watch.pass(1);
    assert_eq!(watch.look(Settings::default()).await, 1);
    let looks = watch.looks();
    assert_eq!(looks[0].fate, Fate::Edited);
    assert_eq!(watch.kinds(&looks[0]), ["warcinfo", "request", "response", "metadata"]);
    assert_eq!(watch.reread(&looks[0]).text, now);
    watch.is_sound();
    let posts: Vec<_> = watch.store.posts().unwrap().map(Result::unwrap).collect();
    assert_eq!(posts.len(), 1, "a queue that is made anew gets no post of a later look");
}

#[tokio::test]
async fn what_surrounds_an_article_and_a_new_layout_make_no_edit() {
    let others = Reply::page("text/html", article(&format!("{TEXT}  "), "Iklan: beli 2 gratis 1"));
    let layout = "<main><h2>Ajakan</h2><p class=baru>Kepala Rutan mengajak\n pegawai mendukung <b>paslon</b> nomor 2.</p>Iklan</main>";
    let web = Web::new().reply(ARTICLE, page(TEXT)).reply(ARTICLE, others);
    let web = web.reply(ARTICLE, Reply::page("text/html", layout));
    let watch = Watch::over(web, None).await;
    watch.flag(ARTICLE).await;
    for days in [1, 6] {
        watch.pass(days);
        assert_eq!(watch.look(Settings::default()).await, 1);
    }
    let looks = watch.looks();
    assert_eq!(looks.iter().map(|it| it.fate).collect::<Vec<_>>(), [Fate::Same, Fate::Same]);
    assert_eq!(watch.kinds(&looks[0])[2], "response", "another body is kept whole");
}

#[tokio::test]
async fn a_page_that_is_gone_is_kept_as_the_answer_that_says_so() {
    let web = Web::new().reply(ARTICLE, page(TEXT)).reply(ARTICLE, Reply::status(404));
    let watch = Watch::over(web.reply(ARTICLE, Reply::status(410)), None).await;
    watch.flag(ARTICLE).await;
    for days in [1, 6] {
        watch.pass(days);
        watch.look(Settings::default()).await;
    }
    let looks = watch.looks();
    for (look, status) in looks.iter().zip([404, 410]) {
        assert_eq!(look.fate, Fate::Gone);
        let (capture, _) = watch.store.capture(look.capture.unwrap()).unwrap();
        assert_eq!(capture.status, status);
    }
    watch.is_sound();
}

#[tokio::test]
async fn of_a_page_that_cannot_be_had_nothing_is_claimed() {
    let web = Web::new().reply(ARTICLE, page(TEXT)).reply(ARTICLE, Reply::status(503));
    let robots = Reply::page("text/plain", "User-agent: *\nDisallow: /berita/");
    let web = web.reply("/robots.txt", Reply::status(404)).reply("/robots.txt", Reply::status(404));
    let watch = Watch::over(web.reply("/robots.txt", robots), None).await;
    watch.flag(ARTICLE).await;
    for days in [1, 6] {
        watch.pass(days);
        watch.look(Settings::default()).await;
    }
    let looks = watch.looks();
    let told: Vec<_> =
        looks.iter().map(|it| (it.fate, it.capture, it.ailment.as_deref().unwrap())).collect();
    assert_eq!(told, [(Fate::Unreachable, None, "http_503"), (Fate::Unreachable, None, "robots")]);
    assert_eq!(watch.web.asked(ARTICLE).len(), 2, "what robots.txt forbids is not asked");
    watch.is_sound();
}

const FEED: &str = "[[feed]]\nname = 'umpan'\nurl = 'ROOTfeed'\n";

fn feed(root: &str, text: &str) -> String {
    format!(
        "<rss version=\"2.0\"><channel><title>Umpan</title><item><title>Ajakan</title>\
         <guid>satu</guid>{root}<description>{text}</description></item></channel></rss>"
    )
}

#[tokio::test]
async fn a_feeds_item_is_sought_on_its_page_and_never_called_edited_before_it_was_seen_there() {
    let link = "<link>/berita/satu</link>";
    let kabar = "/berita/satu";
    let other = "Halaman ini hanya berisi gambar.";
    let web = Web::new().page("/feed", "application/rss+xml", feed(link, TEXT));
    let web = [other, TEXT, other].iter().fold(web, |web, text| web.reply(kabar, page(text)));
    let watch = Watch::over(web, Some(FEED)).await;
    watch.flag("").await;
    for days in [1, 6, 23] {
        watch.pass(days);
        assert_eq!(watch.look(Settings::default()).await, 1);
    }
    let fates: Vec<_> = watch.looks().iter().map(|it| it.fate).collect();
    assert_eq!(fates, [Fate::Uncompared, Fate::Same, Fate::Edited]);
    watch.is_sound();
}

#[tokio::test]
async fn an_item_without_address_is_not_looked_for() {
    let web = Web::new().page("/feed", "application/rss+xml", feed("", TEXT));
    let watch = Watch::over(web, Some(FEED)).await;
    watch.flag("").await;
    watch.pass(31);
    let before = watch.web.paths().len();
    assert_eq!(watch.look(Settings::default()).await, 0);
    assert_eq!(watch.web.paths().len(), before);
}

#[tokio::test]
async fn no_more_pages_a_day_than_set_and_none_of_what_is_no_violation() {
    let mut web = Web::new();
    for n in 0..4 {
        web = web.reply(&format!("/berita/{n}"), page(TEXT));
    }
    let watch = Watch::over(web, None).await;
    for n in 0..4 {
        watch.flag(&format!("/berita/{n}")).await;
    }
    let bukan = Event::Decided {
        finding: watch.states()[3].id,
        choice: Choice::Bukan,
        code: None,
        category: None,
        unit: None,
    };
    let at = watch.clock().now() + SignedDuration::from_mins(5);
    watch.store.append(&Actor("dewi".into()), at, vec![bukan.into()]).unwrap();
    watch.pass(1);
    let two = Settings { per_day: 2, ..Settings::default() };
    let never = Settings { after_days: vec![], ..Settings::default() };
    assert_eq!(watch.look(never).await, 0, "without days nothing is looked at");
    assert_eq!(watch.look(two.clone()).await, 2);
    assert_eq!(watch.look(two.clone()).await, 0, "the day is used up");
    watch.pass(1);
    assert_eq!(watch.look(two.clone()).await, 1, "the third of three; the fourth is no violation");
    assert_eq!(watch.look(two).await, 0);
}

#[tokio::test]
async fn intervals_that_were_missed_are_caught_up_with_one_look() {
    let watch = Watch::over(Web::new().reply(ARTICLE, page(TEXT)), None).await;
    watch.flag(ARTICLE).await;
    watch.pass(40);
    assert_eq!(watch.look(Settings::default()).await, 1);
    watch.pass(40);
    assert_eq!(watch.look(Settings::default()).await, 0);
}

/// Notes a later look at the first finding of a house.
fn looked(house: &House, fate: Fate, reread: &Value) {
    let finding = house.store.index().by_number("T-2026-00001").unwrap().unwrap().id;
    let event = Event::Rechecked { finding, fate, capture: None, ailment: None };
    let draft = Draft { event, payload: Some(reread.clone()) };
    house.store.append(&Actor::pipeline(), house.clock.now(), vec![draft]).unwrap();
}

#[tokio::test]
async fn the_findings_page_shows_what_changed_and_is_not_misled_by_it() {
    let house = House::with(&[Told { title: "Ajakan".into(), ..Told::default() }]).await;
    let mut dewi = house.visitor("dewi").await;
    let before = dewi.get("/temuan/T-2026-00001").await;
    assert!(!before.body.contains("Pemeriksaan ulang"));
    let text = "Rekan pegawai Rutan, mari jaga <b>netralitas</b>! NIP 19860926 201505 1 001";
    looked(&house, Fate::Edited, &json!({ "status": 200, "title": "Ajakan", "text": text }));
    let seen = dewi.get("/temuan/T-2026-00001").await;
    assert!(seen.body.contains("Isi halaman sudah berubah"), "{}", seen.body);
    assert!(seen.texts(".beda del").concat().contains("dukung"), "{:?}", seen.texts(".beda del"));
    let new = seen.texts(".beda ins").concat();
    assert!(new.contains("<b>netralitas</b>") && new.contains("•••••••• •••••• • •••"), "{new}");
    assert!(
        seen.body.contains("/identitas"),
        "a number that only the later page holds can be asked for"
    );
    let (_, told) = house.call("kartika-unix", "GET", "/api/temuan/T-2026-00001", &json!({})).await;
    assert_eq!(told["rechecks"][0]["fate"], "edited");
    assert!(!told.to_string().contains("19860926"));

    looked(&house, Fate::Gone, &json!({ "status": 404 }));
    let seen = dewi.get("/temuan/T-2026-00001").await;
    assert!(seen.body.contains("Halaman sudah tidak ada") && seen.texts(".beda").is_empty());
}
