use super::*;
use crate::model::{
    Actor, CaptureId, Category, Digest, Entry, FindingId, PostKind, Priority, Reason,
};

const ID: FindingId = FindingId(Digest([1; 32]));

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + 60 * minute).unwrap()
}

fn new_finding() -> FindingState {
    let event = Event::Flagged {
        finding: ID,
        version: Digest([3; 32]),
        source: "kabar".into(),
        kind: PostKind::Post,
        rules: vec![],
        categories: vec![Category::MedsosSupport],
        stage: "unspecified".into(),
        score: 6.0,
        priority: Priority::Tinggi,
        unit: None,
        published: None,
        capture: CaptureId(Digest([2; 32])),
        index: 0,
        ruleset: String::new(),
    };
    let by = Actor::pipeline();
    let entry = Entry { seq: 0, at: at(0), by, payload: None, event };
    standing::first(&entry, standing::number(2026, 1)).unwrap()
}

/// The user's first letter tells the role: `k…` is Ketua, `s…` Sekretaris, others Anggota.
fn person(user: &str) -> Reviewer {
    let role = match user.as_bytes().first() {
        Some(b'k') => Role::Ketua,
        Some(b's') => Role::Sekretaris,
        _ => Role::Anggota,
    };
    Reviewer { user: user.into(), role }
}

fn decision(choice: Choice) -> Decision {
    Decision {
        choice,
        code: Some(Reason::Berita),
        category: Some(Category::MedsosSupport),
        unit: None,
        reason: "Ajakan memilih dari akun pegawai.".into(),
    }
}

fn choice(word: &str) -> Choice {
    Choice::ALL.into_iter().find(|choice| choice.as_str() == word).unwrap()
}

/// Plays `who:what` steps a minute apart; every step must be permitted.
fn play(steps: &str) -> FindingState {
    let mut state = new_finding();
    for (minute, step) in (1..).zip(steps.split_whitespace()) {
        let (user, what) = step.split_once(':').unwrap();
        let draft = match what {
            "undo" => undo(&state, &person(user), at(minute)).map_err(|refusal| vec![refusal]),
            what => decide(&state, &decision(choice(what)), &person(user)),
        };
        let event = draft.unwrap_or_else(|refusals| panic!("{steps}: {step}: {refusals:?}")).event;
        let by = Actor(user.into());
        let seq = u64::try_from(minute).unwrap();
        let entry = Entry { seq, at: at(minute), by, payload: None, event };
        state = standing::after(&state, &entry);
    }
    state
}

fn refused(steps: &str, user: &str, what: &str) -> Refusal {
    decide(&play(steps), &decision(choice(what)), &person(user)).unwrap_err().remove(0)
}

#[test]
fn the_permitted_steps_lead_where_the_satgas_wants() {
    let table = [
        ("a:bukan", Status::Bukan),
        ("a:dugaan b:dugaan", Status::Dugaan),
        ("a:dugaan b:bukan", Status::Eskalasi),
        ("a:dugaan b:bukan k:dugaan", Status::Dugaan),
        ("a:tunda b:bukan", Status::Bukan),
        ("a:eskalasi k:bukan", Status::Bukan),
        ("a:dugaan a:undo a:bukan", Status::Bukan),
    ];
    for (steps, status) in table {
        assert_eq!(play(steps).status, status, "{steps}");
    }
}

#[test]
fn a_dugaan_cannot_be_confirmed_by_the_same_person() {
    assert_eq!(refused("a:dugaan", "a", "dugaan"), Refusal::SamePerson);
    assert_eq!(refused("k:dugaan b:bukan", "k", "dugaan"), Refusal::SamePerson);
}

#[test]
fn who_saw_the_first_judgement_cannot_judge_second_any_more() {
    assert_eq!(refused("a:dugaan b:bukan b:undo", "b", "dugaan"), Refusal::NotBlind);
}

#[test]
fn who_handed_a_finding_on_and_took_that_back_has_seen_nothing_and_may_judge() {
    assert_eq!(play("a:dugaan b:eskalasi b:undo b:dugaan").status, Status::Dugaan);
}

#[test]
fn a_settled_finding_is_not_decided_again() {
    let expected = Refusal::Settled { status: Status::Bukan, by: "a".into(), at: at(1) };
    assert_eq!(refused("a:bukan", "b", "dugaan"), expected);
}

#[test]
fn what_was_escalated_is_not_escalated_again() {
    assert_eq!(refused("a:eskalasi", "k", "eskalasi"), Refusal::AlreadyEscalated);
}

#[test]
fn a_unit_is_one_line_of_at_most_120_characters() {
    let of = |unit: String| {
        let decision = Decision { unit: Some(unit), ..decision(Choice::Dugaan) };
        decide(&new_finding(), &decision, &person("a"))
    };
    assert!(of("a".repeat(120)).is_ok());
    assert_eq!(of("a".repeat(121)), Err(vec![Refusal::UnitUnfit { chars: 121 }]));
    assert_eq!(of("a\nb".into()), Err(vec![Refusal::UnitUnfit { chars: 3 }]));
}

#[test]
fn only_the_ketua_decides_what_was_escalated() {
    assert_eq!(refused("a:eskalasi", "b", "bukan"), Refusal::OnlyKetua);
}

#[test]
fn a_role_that_only_reads_decides_nothing() {
    let refusal = Refusal::RoleDoesNotDecide { role: Role::Sekretaris };
    assert_eq!(refused("", "s", "bukan"), refusal);
}

#[test]
fn a_reason_is_at_least_twenty_characters_of_words() {
    for reason in ["", "Berita.", "a                    b", "1234567890123456789"] {
        let decision = Decision { reason: reason.into(), ..decision(Choice::Tunda) };
        let refusals = decide(&new_finding(), &decision, &person("a")).unwrap_err();
        assert!(matches!(refusals[..], [Refusal::ReasonTooShort { .. }]), "{reason}");
    }
    let decision = Decision { reason: "12345678901234567890".into(), ..decision(Choice::Tunda) };
    assert!(decide(&new_finding(), &decision, &person("a")).is_ok());
}

#[test]
fn all_that_is_missing_is_said_at_once() {
    let bare =
        |choice| Decision { choice, code: None, category: None, unit: None, reason: String::new() };
    let faults = |choice| decide(&new_finding(), &bare(choice), &person("a")).unwrap_err();
    assert_eq!(faults(Choice::Bukan), [Refusal::CodeMissing, Refusal::ReasonTooShort { chars: 0 }]);
    assert_eq!(
        faults(Choice::Dugaan),
        [Refusal::CategoryMissing, Refusal::ReasonTooShort { chars: 0 }]
    );
}

#[test]
fn a_decision_can_be_taken_back_for_ten_minutes_by_who_made_it() {
    let state = play("a:bukan");
    assert!(undo(&state, &person("a"), at(11)).is_ok());
    let late = undo(&state, &person("a"), at(12));
    assert_eq!(late, Err(Refusal::TooLateToUndo { at: at(1) }));
    assert_eq!(undo(&state, &person("b"), at(2)), Err(Refusal::NothingToUndo));
    let overtaken = play("a:dugaan b:bukan");
    assert_eq!(undo(&overtaken, &person("a"), at(3)), Err(Refusal::DecidedSince));
}

#[test]
fn to_everybody_else_a_first_dugaan_looks_like_nothing() {
    let (before, after) = (play(""), play("a:dugaan"));
    for user in ["b", "k", "s"] {
        let user = person(user);
        assert_eq!(shown_to(&after, &user), shown_to(&before, &user));
        assert_eq!(shown_to(&after, &user).token(&after), shown_to(&before, &user).token(&before));
        assert_eq!(undo(&after, &user, at(2)), undo(&before, &user, at(2)));
        assert_eq!(awaits(&after, &user), awaits(&before, &user));
    }
    let own = shown_to(&after, &person("a"));
    assert_eq!((own.status, own.judged.len()), (Status::MenungguKedua, 1));
    assert!(!own.may_decide);
}

#[test]
fn a_dugaan_taken_back_or_handed_on_stays_hidden_until_a_second_person_judged() {
    for steps in ["a:dugaan a:undo", "a:dugaan b:eskalasi", "a:dugaan b:bukan b:undo"] {
        let state = play(steps);
        let shown = shown_to(&state, &person("kepala"));
        assert!(shown.judged.iter().all(|judged| judged.by != "a"), "{steps}");
    }
}

#[test]
fn when_both_have_judged_both_are_shown_to_all() {
    for steps in ["a:dugaan b:dugaan", "a:dugaan b:bukan"] {
        let state = play(steps);
        assert_eq!(shown_to(&state, &person("s")).judged.len(), 2, "{steps}");
    }
}

#[test]
fn a_finding_put_off_looks_the_same_before_and_after_a_hidden_dugaan() {
    let (before, after) = (play("a:tunda"), play("a:tunda b:dugaan"));
    for user in ["a", "c", "k", "s"] {
        let (was, is) = (shown_to(&before, &person(user)), shown_to(&after, &person(user)));
        assert_eq!(was.status, is.status, "{user}");
        assert_eq!(was.may_decide, is.may_decide, "{user}");
        assert_eq!(was.judged, is.judged, "{user}");
        assert_eq!(was.token(&before), is.token(&after), "{user}");
        assert_eq!(awaits(&before, &person(user)), awaits(&after, &person(user)), "{user}");
        assert_eq!(
            undo(&before, &person(user), at(3)).is_ok(),
            undo(&after, &person(user), at(3)).is_ok(),
            "{user}"
        );
    }
}

#[test]
fn taking_back_a_tunda_below_a_hidden_dugaan_leaves_the_dugaan_standing() {
    let state = play("a:tunda b:dugaan a:undo");
    assert_eq!(state.status, Status::MenungguKedua);
    assert_eq!(shown_to(&state, &person("c")).status, Status::Baru);
    assert_eq!(play("a:tunda b:dugaan a:undo c:dugaan").status, Status::Dugaan);
}
