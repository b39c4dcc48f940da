//! Settings that cannot be say so.

use super::*;

#[test]
fn a_gate_with_impossible_settings_says_which() {
    let wrong: &[(&str, GateSettings)] = &[
        ("contact", GateSettings { contact: "a\r\nb: c".into(), ..open_gate() }),
        ("stall_seconds", GateSettings { stall_seconds: 0, ..open_gate() }),
        ("max_redirects", GateSettings { max_redirects: 99, ..open_gate() }),
        ("max_body_bytes", GateSettings { max_body_bytes: 0, ..open_gate() }),
        (
            "requests_per_minute_per_host",
            GateSettings { requests_per_minute_per_host: 0, ..open_gate() },
        ),
    ];
    for (key, settings) in wrong {
        let refusal = Gate::new(settings.clone(), Clock::fixed(now())).err().unwrap();
        assert!(refusal.to_string().contains(key), "{refusal}");
    }
}

#[test]
fn a_source_with_impossible_settings_says_which() {
    for (toml, expected) in [
        ("[[feed]]\nname='A b'\nurl='http://a.example'", "a name is"),
        ("[[feed]]\nname='a'\nurl='a.example/feed'", "`url = a.example/feed`"),
        ("[[feed]]\nname='a'\nurl='ftp://a.example/feed'", "`http://`"),
        ("[[feed]]\nname='a'\nurl='http://x:y@a.example/'", "log-in"),
        ("[[feed]]\nname='a'\nurl='http://a.example'\nevery_minutes=0", "every_minutes"),
        ("[[feed]]\nname='a'\nurl='http://a.example'\narticle='p['", "CSS"),
        ("[[feed]]\nname='a'\nurl='http://a.example'\nmax_items=0", "max_items"),
        ("[[feed]]\nname='a'\nurl='http://a.example'\nmax_items=20000", "10000"),
        ("[[page]]\nname='a'\nurl='http://a.example'\nitems='a'\ntext=''", "`text = `"),
        (
            "[[feed]]\nname='a'\nurl='http://a.example'\n[[page]]\nname='a'\nurl='http://a.example'\nitems='a'\ntext='p'",
            "twice",
        ),
    ] {
        let settings: SourceSettings = toml::from_str(toml).unwrap();
        let refusal = sources(&settings).err().unwrap().to_string();
        assert!(refusal.contains(expected), "{refusal}");
    }
}

#[test]
fn a_misspelt_key_is_named() {
    let toml = "[[feed]]\nname='a'\nurl='http://a.example'\nevry_minutes=5";
    let refusal = toml::from_str::<SourceSettings>(toml).unwrap_err().to_string();
    assert!(refusal.contains("evry_minutes") && refusal.contains("every_minutes"), "{refusal}");
}

#[test]
fn a_source_that_is_not_enabled_is_left_out() {
    let toml = "[[feed]]\nname='a'\nurl='http://a.example'\nenabled=false";
    assert!(sources(&toml::from_str(toml).unwrap()).unwrap().is_empty());
}
