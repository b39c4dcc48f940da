//! The pages in a real browser, driven by plain WebDriver over HTTP: flows with
//! and without scripts at the widths of a desk and of a phone.
//!
//! Needs Debian's `chromium` and `chromium-driver`. Without them the tests say
//! SKIPPED, unless `NETRA_BROWSER=required` is set: then they fail.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use serde_json::{Value, json};

use super::people::{House, Told};

const T1: &str = "/temuan/T-2026-00001";
const REASON: &str = "Berita media, bukan akun pegawai.";

/// The driver, ended when the test ends.
struct Driver {
    process: Child,
    port: u16,
    client: reqwest::Client,
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// One window.
struct Window<'a> {
    driver: &'a Driver,
    session: String,
}

impl Driver {
    /// None when there is no browser and none is required.
    #[allow(clippy::print_stdout, reason = "a test that did not run says so")]
    fn start() -> Option<Self> {
        let process = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut process = match process {
            Ok(process) => process,
            Err(error) if std::env::var("NETRA_BROWSER").is_ok_and(|it| it == "required") => {
                panic!("a browser is required: install chromium and chromium-driver: {error}")
            }
            Err(_) => {
                println!("SKIPPED: no chromedriver; the pages were not opened in a browser");
                return None;
            }
        };
        let lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port = lines
            .filter_map(|line| line.split("on port ").nth(1)?.trim_end_matches('.').parse().ok())
            .find(|port| *port > 0)
            .expect("the driver says its port");
        drop(rustls::crypto::ring::default_provider().install_default());
        #[allow(clippy::disallowed_methods, reason = "the test drives a browser, not the gate")]
        let client = reqwest::Client::builder()
            .no_proxy()
            // a browser that hangs is a failure, not a wait without end
            .timeout(std::time::Duration::from_secs(30))
            .build()
            .unwrap();
        Some(Self { process, port, client })
    }

    async fn window(&self, width: u32, scripts: bool, dark: bool) -> Window<'_> {
        let mut args = vec![
            "--headless=new".to_owned(),
            "--no-sandbox".into(),
            "--disable-gpu".into(),
            "--disable-dev-shm-usage".into(),
            format!("--window-size={},900", width.max(500)),
        ];
        if dark {
            args.push("--force-dark-mode".into());
            args.push("--blink-settings=preferredColorScheme=0".into());
        }
        let options = json!({
            "args": args,
            "mobileEmulation": (width < 500).then(|| json!({
                "deviceMetrics": { "width": width, "height": 740, "pixelRatio": 1.0,
                    // the driver taps by a script of its own, which a window without scripts never runs
                    "touch": scripts }
            })),
        });
        let mut options = options;
        if width >= 500 {
            options.as_object_mut().unwrap().remove("mobileEmulation");
        }
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL" },
        } } });
        let answer = self.send("POST", "/session", Some(wanted)).await;
        let session = answer["sessionId"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        let window = Window { driver: self, session };
        // an element that the next page will have is waited for
        window.ask("POST", "/timeouts", Some(json!({ "implicit": 10_000 }))).await;
        if !scripts {
            window.command("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
        }
        window
    }

    async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let address = format!("http://127.0.0.1:{}{path}", self.port);
        let request = self.client.request(method.parse().unwrap(), address);
        let request = match body {
            Some(body) => request.header("content-type", "application/json").body(body.to_string()),
            None => request,
        };
        #[allow(clippy::disallowed_methods, reason = "the driver is ours")]
        let text = request.send().await.unwrap().text().await.unwrap();
        let mut value: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}"));
        value["value"].take()
    }
}

impl Window<'_> {
    async fn ask(&self, method: &str, what: &str, body: Option<Value>) -> Value {
        let answer =
            self.driver.send(method, &format!("/session/{}{what}", self.session), body).await;
        assert!(answer.get("error").is_none(), "{what}: {answer}");
        answer
    }

    /// A command of the browser's own protocol.
    async fn command(&self, name: &str, params: Value) -> Value {
        self.ask("POST", "/goog/cdp/execute", Some(json!({ "cmd": name, "params": params }))).await
    }

    async fn open(&self, house: &House, path: &str) {
        let url = format!("http://{}{path}", house.address);
        self.ask("POST", "/url", Some(json!({ "url": url }))).await;
    }

    async fn sign_in(&self, house: &House, user: &str) {
        let person = house.demo.people.iter().find(|it| it.user == user).unwrap();
        self.open(house, &format!("/masuk/demo/{}", person.token)).await;
    }

    async fn element(&self, selector: &str) -> String {
        let body = json!({ "using": "css selector", "value": selector });
        let found = self.ask("POST", "/element", Some(body)).await;
        let (_, id) = found.as_object().unwrap().iter().next().unwrap();
        id.as_str().unwrap().to_owned()
    }

    async fn click(&self, selector: &str) {
        let element = self.element(selector).await;
        self.ask("POST", &format!("/element/{element}/click"), Some(json!({}))).await;
    }

    async fn write(&self, selector: &str, text: &str) {
        let element = self.element(selector).await;
        self.ask("POST", &format!("/element/{element}/value"), Some(json!({ "text": text }))).await;
    }

    async fn text(&self, selector: &str) -> String {
        let element = self.element(selector).await;
        let text = self.ask("GET", &format!("/element/{element}/text"), None).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    async fn path(&self) -> String {
        let url = self.ask("GET", "/url", None).await;
        url.as_str().unwrap().splitn(4, '/').nth(3).unwrap_or_default().to_owned()
    }

    /// Sends keys to whatever has the focus.
    async fn keys(&self, keys: &[&str]) {
        let actions: Vec<_> = keys
            .iter()
            .flat_map(|key| {
                [
                    json!({ "type": "keyDown", "value": key }),
                    json!({ "type": "keyUp", "value": key }),
                ]
            })
            .collect();
        let body = json!({ "actions": [{ "type": "key", "id": "keys", "actions": actions }] });
        self.ask("POST", "/actions", Some(body)).await;
    }

    async fn run(&self, script: &str) -> Value {
        self.ask("POST", "/execute/sync", Some(json!({ "script": script, "args": [] }))).await
    }

    /// Nothing is wider than the window, so nobody scrolls sideways.
    async fn fits(&self, path: &str, width: u32) {
        let script = "return [document.documentElement.scrollWidth, innerWidth, \
            [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 \
            && getComputedStyle(e).position !== 'absolute').slice(0, 3).map(e => e.outerHTML.slice(0, 120))]";
        let measured = self.run(script).await;
        assert!(measured[0].as_u64() <= measured[1].as_u64(), "{path} at {width}: {measured}");
    }

    /// What the browser complained of: a refused script or style among it.
    async fn complaints(&self) -> Vec<String> {
        let log = self.ask("POST", "/se/log", Some(json!({ "type": "browser" }))).await;
        let lines = log.as_array().cloned().unwrap_or_default();
        let message = |line: &Value| line["message"].as_str().unwrap_or_default().to_owned();
        lines.iter().map(message).filter(|it| !it.contains("favicon")).collect()
    }

    /// A picture of the whole page, where `NETRA_PICTURES` says; for people to look at.
    async fn picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("NETRA_PICTURES") else { return };
        let answer =
            self.command("Page.captureScreenshot", json!({ "captureBeyondViewport": true })).await;
        let picture =
            base64::engine::general_purpose::STANDARD.decode(answer["data"].as_str().unwrap());
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(std::path::Path::new(&folder).join(name), picture.unwrap()).unwrap();
    }
}

async fn house() -> House {
    let long = "Wkwkwk".repeat(200);
    House::with(&[
        Told::default(),
        Told {
            title: "Bupati: pegawai Rutan jangan ikut kampanye".into(),
            text: "RANDUKUNING - Kepala kantor meminta pegawai Rutan tidak ikut memberi dukungan.\n\n\"Jangan ada \
                   yang dukung siapa pun,\" katanya, Selasa. Ia mengingatkan bahwa paslon nomor 02 dan yang lain \
                   diperlakukan sama."
                .into(),
            author: "Kabar Wadaslor".into(),
            ..Told::default()
        },
        Told { text: format!("dukung {long} paslon nomor 02 \u{202E}gnp"), ..Told::default() },
    ])
    .await
}

const PAGES: [(&str, &str); 6] = [
    ("dasbor", "/"),
    ("antrean", "/antrean"),
    ("temuan", T1),
    ("panjang", "/temuan/T-2026-00003"),
    ("sumber", "/sumber"),
    ("laporan", "/laporan"),
];

#[tokio::test]
async fn no_page_scrolls_sideways_and_the_browser_has_nothing_to_complain_of() {
    let Some(driver) = Driver::start() else { return };
    let house = house().await;
    for (width, dark) in [(1366, false), (360, false), (320, false), (360, true), (1366, true)] {
        let window = driver.window(width, true, dark).await;
        window.open(&house, "/masuk").await;
        window.fits("/masuk", width).await;
        let scheme = if dark { "gelap" } else { "terang" };
        window.picture(&format!("masuk-{width}-{scheme}.png")).await;
        window.sign_in(&house, "kartika").await;
        for (name, path) in PAGES {
            window.open(&house, path).await;
            window.fits(path, width).await;
            window.picture(&format!("{name}-{width}-{scheme}.png")).await;
        }
        window.open(&house, "/laporan/2026-S2").await;
        window.fits("/laporan/2026-S2", width).await;
        window.picture(&format!("pratinjau-{width}-{scheme}.png")).await;
        assert_eq!(window.complaints().await, Vec::<String>::new(), "at {width}");
    }
}

async fn decide_and_undo(driver: &Driver, width: u32, scripts: bool) {
    let house = house().await;
    let window = driver.window(width, scripts, false).await;
    window.sign_in(&house, "dewi").await;
    window.open(&house, T1).await;
    window.click("label[for=p-bukan]").await;
    window.write("#alasan", "pendek").await;
    window.click("form.keputusan button.utama").await;
    assert!(window.text(".galat").await.contains("Ada yang perlu diperbaiki"));
    window.picture(&format!("galat-{width}.png")).await;
    window.write("#kode", "Berita/kutipan").await;
    window.write("#alasan", REASON).await;
    window.click("form.keputusan button.utama").await;
    assert!(window.text(".kabar").await.contains("disimpan"));
    assert_eq!(window.path().await, "temuan/T-2026-00002?disimpan=T-2026-00001");
    window.picture(&format!("tersimpan-{width}.png")).await;
    window.click(".kabar button").await;
    assert!(window.text(".riwayat li:nth-child(2)").await.contains("dibatalkan"));
    assert_eq!(window.path().await, "temuan/T-2026-00001");
}

#[tokio::test]
async fn a_finding_is_decided_and_the_decision_taken_back_with_and_without_scripts() {
    let Some(driver) = Driver::start() else { return };
    for (width, scripts) in [(1366, true), (1366, false), (360, true), (360, false)] {
        decide_and_undo(&driver, width, scripts).await;
    }
}

#[tokio::test]
async fn a_dugaan_is_checked_again_on_a_phone_without_scripts() {
    let Some(driver) = Driver::start() else { return };
    let house = house().await;
    let window = driver.window(360, false, false).await;
    window.sign_in(&house, "dewi").await;
    window.open(&house, T1).await;
    window.click("label[for=p-dugaan]").await;
    window.write("#alasan", "Ajakan memilih dari akun yang memuat nama unit.").await;
    window.click("form.keputusan button:not(.utama)").await;
    window.element("button[name=pasti]").await;
    assert_eq!(window.text("h1").await, "Periksa kembali");
    window.picture("periksa-360.png").await;
    window.click("button[name=pasti]").await;
    assert!(window.text(".kabar").await.contains("disimpan"));
    assert!(window.text("#keputusan").await.contains("Anggota lain menilai"));
    window.picture("menunggu-360.png").await;
}

#[tokio::test]
async fn items_are_decided_by_keyboard_alone() {
    let Some(driver) = Driver::start() else { return };
    let house = house().await;
    let window = driver.window(1366, true, false).await;
    window.sign_in(&house, "dewi").await;
    window.keys(&["g", "a"]).await;
    assert_eq!(window.path().await, "antrean");
    window.keys(&["j", "\u{E007}"]).await;
    assert_eq!(window.path().await, "temuan/T-2026-00001");
    window.keys(&["4"]).await;
    window.write("#alasan", "Perlu bukti tambahan dari sumber lain.").await;
    let save = json!({ "actions": [{ "type": "key", "id": "keys", "actions": [
        { "type": "keyDown", "value": "\u{E009}" }, { "type": "keyDown", "value": "\u{E007}" },
        { "type": "keyUp", "value": "\u{E007}" }, { "type": "keyUp", "value": "\u{E009}" },
    ] }] });
    window.ask("POST", "/actions", Some(save)).await;
    assert!(window.text(".kabar").await.contains("disimpan"));
    assert_eq!(window.path().await, "temuan/T-2026-00002?disimpan=T-2026-00001");
    window.click("#pintasan").await;
    assert_eq!(window.text("#pintasan").await, "Pintasan satu huruf: mati");
    window.open(&house, "/sumber").await;
    window.keys(&["g", "a"]).await;
    assert_eq!(window.path().await, "sumber");
}
