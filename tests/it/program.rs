//! The program as a person at a terminal meets it: `init`, `run`, `demo`.

use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

pub(crate) fn netra(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netra"));
    command.args(args).env("NO_COLOR", "1").env_remove("NETRA_CONFIG").env_remove("NETRA_LOG");
    command
}

pub(crate) fn output(args: &[&str]) -> Output {
    netra(args).output().unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A program that runs, with its standard output read line by line.
pub(crate) struct Running {
    pub(crate) child: Child,
    lines: std::io::Lines<BufReader<Box<dyn Read>>>,
}

impl Running {
    pub(crate) fn start(args: &[&str]) -> Self {
        let mut command = netra(args);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let output: Box<dyn Read> = Box::new(child.stdout.take().unwrap());
        Self { child, lines: BufReader::new(output).lines() }
    }

    /// The same, reading what it logs.
    fn start_logged(args: &[&str]) -> Self {
        let mut command = netra(args);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let output: Box<dyn Read> = Box::new(child.stderr.take().unwrap());
        Self { child, lines: BufReader::new(output).lines() }
    }

    /// Reads on until a line holds this text.
    pub(crate) fn until(&mut self, text: &str) -> String {
        let line = self.lines.find(|line| line.as_ref().is_ok_and(|line| line.contains(text)));
        line.unwrap_or_else(|| panic!("the program ended before it said `{text}`")).unwrap()
    }

    pub(crate) fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

pub(crate) fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn the_demo_agrees_with_its_labels_at_every_stage() {
    let output = output(&["demo", "--check"]);
    println!("{}{}", text(&output.stdout), text(&output.stderr));
    assert!(output.status.success());
}

#[test]
fn a_demo_killed_at_ten_random_moments_loses_and_doubles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let keep = path(folder.path());
    let mut seed = std::process::id();
    println!("seed {seed}");
    // What a new demo says before it is quiet. One that goes on where another
    // was killed says only the rest at once, and more a minute later.
    let mut left = 24;
    for _ in 0..10 {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let mut demo = Running::start(&["demo", "--keep", keep]);
        let lines = (seed >> 16) as usize % (left / 2 + 1);
        left -= lines;
        // The moment is a line of output and not a time: it falls anywhere
        // between the first write and the quiet after the last.
        for _ in demo.lines.by_ref().take(lines) {}
        demo.kill();
    }
    let output = output(&["demo", "--check", "--keep", keep]);
    println!("{}{}", text(&output.stdout), text(&output.stderr));
    assert!(output.status.success());
}

/// Files of sled below this folder that hold something.
fn files_of(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_of(&path));
        } else if path.metadata().unwrap().len() > 0 {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Changes one byte that is not zero, at a place that `seed` says.
fn change_a_byte(file: &Path, seed: u32) {
    let mut bytes = std::fs::read(file).unwrap();
    let places: Vec<_> = (0..bytes.len()).filter(|place| bytes[*place] != 0).collect();
    let place = places[seed as usize % places.len()];
    bytes[place] ^= 1 << (seed % 8);
    std::fs::write(file, bytes).unwrap();
    println!("changed byte {place} of {}", file.display());
}

#[test]
fn one_byte_changed_in_sled_loses_and_doubles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let keep = path(folder.path());
    assert!(output(&["demo", "--check", "--keep", keep]).status.success());
    let mut seed = std::process::id();
    println!("seed {seed}");
    for part in ["queue", "index"] {
        for number in 0..3 {
            // sled names its snapshots anew at every start
            let files = files_of(&folder.path().join("data").join(part));
            let file = &files[number % files.len()];
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            change_a_byte(file, seed >> 8);
            let output = output(&["demo", "--check", "--keep", keep]);
            println!("{}{}", text(&output.stdout), text(&output.stderr));
            assert!(output.status.success());
        }
    }
}

#[test]
fn a_running_demo_answers_the_other_commands_and_ends_cleanly() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("netra.toml");
    let config = path(&config);
    let mut demo = Running::start(&["demo", "--keep", path(folder.path())]);
    demo.until("Review pages");

    let list = output(&["review", "list", "-c", config, "--limit", "3"]);
    assert!(list.status.success(), "{}", text(&list.stderr));
    assert!(text(&list.stdout).contains("T-20"), "{}", text(&list.stdout));

    let verify = output(&["evidence", "verify", "-c", config]);
    assert!(verify.status.success(), "{}", text(&verify.stdout));

    demo.signal("-TERM");
    assert!(demo.child.wait().unwrap().success());
}

#[test]
fn without_legal_ground_the_daemon_refuses_to_run_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let made = output(&["init", "--dir", path(folder.path())]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let config = folder.path().join("netra.toml");
    let refused = output(&["run", "-c", path(&config)]);
    assert_eq!(refused.status.code(), Some(78));
    let said = text(&refused.stderr);
    for word in ["surat_keputusan", "tujuan", "penanggung_jawab", "legal ground"] {
        assert!(said.contains(word), "{said}");
    }
}

/// A folder with a legal ground, ready to run.
fn ready() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    assert!(output(&["init", "--dir", path(folder.path())]).status.success());
    let settings = "[dasar]\nsurat_keputusan = \"a\"\ntujuan = \"b\"\npenanggung_jawab = \"c\"\n\
                    [web]\nlisten = \"127.0.0.1:0\"\n";
    std::fs::write(folder.path().join("netra.toml"), settings).unwrap();
    folder
}

#[test]
fn a_second_daemon_on_the_same_folder_is_refused() {
    let folder = ready();
    let config = folder.path().join("netra.toml");
    let mut first = Running::start_logged(&["run", "-c", path(&config)]);
    first.until("running");
    let second = output(&["run", "-c", path(&config)]);
    assert_eq!(second.status.code(), Some(75), "{}", text(&second.stderr));
    assert!(text(&second.stderr).contains("in use"), "{}", text(&second.stderr));
    first.signal("-TERM");
    first.until("stopped");
}

#[test]
fn a_broken_rule_set_is_refused_while_running_and_the_old_one_stays() {
    let folder = ready();
    let config = folder.path().join("netra.toml");
    let mut daemon = Running::start_logged(&["run", "-c", path(&config)]);
    daemon.until("running");

    let broken = folder.path().join("rules/rusak.toml");
    std::fs::write(&broken, "id = \"rusak\"\nno_such_key = 1\n").unwrap();
    daemon.signal("-HUP");
    let told = daemon.until("rusak.toml");
    assert!(told.contains("unknown-key") && told.contains("no_such_key"), "{told}");
    daemon.until("the old rules stay in force");
    std::fs::remove_file(&broken).unwrap();
    daemon.signal("-HUP");
    daemon.until("rules read again and in force");

    daemon.signal("-TERM");
    daemon.until("stopped");
    assert!(daemon.child.wait().unwrap().success());
}

/// Puts another rule set in a folder: the same rules, one of them with a remark more.
fn another_rule_set(folder: &Path) {
    let lists = folder.join("rules/lexicon/jabatan.toml");
    let text = std::fs::read_to_string(&lists).unwrap();
    std::fs::write(&lists, format!("{text}\n# diperiksa\n")).unwrap();
}

#[test]
fn the_ledger_tells_which_rules_were_in_force_when() {
    use netra::model::Event;
    let folder = ready();
    let config = folder.path().join("netra.toml");
    let mut daemon = Running::start_logged(&["run", "-c", path(&config)]);
    daemon.until("running");
    daemon.signal("-HUP");
    daemon.until("rules read again and in force");
    another_rule_set(folder.path());
    daemon.signal("-HUP");
    daemon.until("rules read again and in force");
    daemon.signal("-TERM");
    daemon.until("stopped");
    assert!(daemon.child.wait().unwrap().success());
    another_rule_set(folder.path());
    for _ in 0..2 {
        assert!(output(&["run", "--once", "-c", path(&config)]).status.success());
    }
    let settings = netra::store::Settings::default();
    let store = netra::store::Store::open(&folder.path().join("data"), &settings);
    let told = store.unwrap().entries(0).map(Result::unwrap).filter_map(|it| match it.event {
        Event::Started { ruleset, .. } => Some((None, ruleset)),
        Event::RulesChanged { before, after } => Some((Some(before), after)),
        _ => None,
    });
    let told: Vec<_> = told.collect();
    let [first, reloaded, changed, second, third] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(reloaded.0.as_ref(), Some(&first.1));
    assert_eq!(changed.0.as_ref(), Some(&reloaded.1));
    assert_eq!((&second.1, &third.1), (&changed.1, &changed.1));
    assert!(first.1 != reloaded.1 && reloaded.1 != changed.1);
}

#[test]
fn a_folder_without_a_rule_is_not_taken_for_clean() {
    let folder = tempfile::tempdir().unwrap();
    let empty = path(folder.path());
    for args in [&["rules", "check", empty][..], &["scan", "-", "--rules", empty]] {
        let refused = output(args);
        assert_eq!(refused.status.code(), Some(66), "{args:?}");
        assert!(text(&refused.stderr).contains("no rule"), "{}", text(&refused.stderr));
    }
}

#[test]
fn init_never_overwrites() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("netra.toml");
    std::fs::write(&config, "# mine\n").unwrap();
    assert!(output(&["init", "--dir", path(folder.path())]).status.success());
    assert_eq!(std::fs::read_to_string(&config).unwrap(), "# mine\n");
    assert!(folder.path().join("netra.toml.new").exists());
}

#[test]
fn a_misspelt_config_key_is_drawn_at_its_place_with_the_nearest_name() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("netra.toml");
    std::fs::write(&config, "[unit]\nzonna = \"Asia/Jakarta\"\n").unwrap();
    let refused = output(&["config", "check", "-c", path(&config)]);
    assert_eq!(refused.status.code(), Some(78));
    let said = text(&refused.stderr);
    for word in ["zonna", "netra.toml:2:1", "did you mean `zona`?"] {
        assert!(said.contains(word), "{said}");
    }
}

#[test]
fn a_missing_configuration_says_how_to_make_one() {
    let refused = output(&["config", "check", "-c", "/nowhere/netra.toml"]);
    assert_eq!(refused.status.code(), Some(66));
    assert!(text(&refused.stderr).contains("netra init"), "{}", text(&refused.stderr));
}
