//! Signing in and out; setting the first password.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use maud::html;
use serde::Deserialize;

use super::failure::Failure;
use super::guard::{self, Guest, Peer};
use super::layout::{self, Page};
use super::users::User;
use super::{App, password};
use crate::model::{Actor, Event};
use crate::report::indonesian;

/// What is said to a wrong name and to a wrong password alike.
const WRONG: &str = "Nama pengguna atau kata sandi salah.";

#[derive(Debug, Deserialize)]
pub(super) struct Entry {
    nama: String,
    sandi: String,
    #[serde(default)]
    lanjut: String,
}

/// GET /masuk
pub(super) async fn page(State(app): State<App>, Guest(visitor): Guest) -> Response {
    match visitor {
        Some(_) => Redirect::to("/").into_response(),
        None => form(&app, None, "/", None).into_response(),
    }
}

/// The form to sign in: what was wrong, where to go on, a reason that was not saved.
pub(super) fn form(
    app: &App,
    wrong: Option<&str>,
    next: &str,
    unsaved: Option<&str>,
) -> Html<String> {
    let body = html! {
        h1 { "Masuk" }
        @if let Some(wrong) = wrong { (layout::faults(layout::TO_MEND, &[(wrong.to_owned(), "nama")])) }
        @if let Some(unsaved) = unsaved {
            div .kabar role="status" {
                p { b { "Sesi Anda sudah berakhir; keputusan belum tersimpan." }
                    " Salin alasan Anda, lalu masuk lagi." }
                label for="simpanan" { "Alasan Anda" }
                textarea #simpanan readonly rows="5" { (unsaved) }
            }
        }
        form .sempit method="post" action="/masuk" {
            input type="hidden" name="lanjut" value=(next);
            label for="nama" { "Nama pengguna" }
            input #nama name="nama" required maxlength="64" autocomplete="username" autocapitalize="none" spellcheck="false";
            label for="sandi" { "Kata sandi" }
            input #sandi name="sandi" type="password" required maxlength="1024" autocomplete="current-password";
            button .utama { "Masuk" }
        }
        @if let Some(demo) = &app.parts().demo {
            h2 { "Masuk dengan satu klik (demo)" }
            ul .pilihan {
                @for person in &demo.people {
                    li { a .tombol href=(format!("/masuk/demo/{}", person.token)) {
                        (super::words::role(person.role)) ": " (person.name)
                    } }
                }
            }
        } @else {
            p .catatan { "Lupa kata sandi? Hubungi admin unit Anda; ia dapat mengirim tautan baru." }
        }
    };
    Page { title: "Masuk", at: "", body }.show(app, None)
}

/// POST /masuk
pub(super) async fn enter(
    State(app): State<App>,
    Peer(address): Peer,
    headers: HeaderMap,
    Form(entry): Form<Entry>,
) -> Result<Response, Failure> {
    let parts = app.parts();
    let (now, throttle) = (parts.clock.now(), &app.0.throttle);
    let name = entry.nama.trim().to_lowercase();
    if let Some(until) = throttle.wait(&name, address, now) {
        let until = indonesian::clock_time(until, &parts.zone);
        let text = format!("Terlalu banyak percobaan. Coba lagi pukul {until}.");
        let page = form(&app, Some(&text), &entry.lanjut, None);
        return Ok((StatusCode::TOO_MANY_REQUESTS, page).into_response());
    }
    // counted before the slow check, so that many tries at once count too
    throttle.failed(&name, address, now);
    let user = parts.users.get(&name).filter(|user| !user.disabled);
    let hash = user.as_ref().and_then(|user| user.password.clone());
    let sandi = if entry.sandi.len() > password::MAX_BYTES { String::new() } else { entry.sandi };
    let is_right = password::is_right(sandi, hash)
        .await
        .map_err(|error| Failure::ours("check a password", &error))?;
    let Some(user) = user.filter(|_| is_right) else {
        let page = form(&app, Some(WRONG), &entry.lanjut, None);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    throttle.succeeded(&name, address);
    begin(&app, &headers, &user, &entry.lanjut)
}

/// GET /masuk/demo/{token}
pub(super) async fn enter_demo(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let parts = app.parts();
    let mut people = parts.demo.iter().flat_map(|demo| &demo.people);
    let person = people.find(|person| person.token == token).ok_or(Failure::NotFound)?;
    let user = parts.users.get(&person.user).filter(|user| !user.disabled);
    begin(&app, &headers, &user.ok_or(Failure::NotFound)?, "/")
}

/// POST /keluar
pub(super) async fn leave(State(app): State<App>, headers: HeaderMap) -> Response {
    if let Some(token) = guard::cookie(&headers) {
        app.0.sessions.end(&token);
    }
    let gone = format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0", guard::COOKIE);
    ([(header::SET_COOKIE, gone)], Redirect::to("/masuk")).into_response()
}

/// A new session with a new token; the one before, if any, ends.
fn begin(app: &App, headers: &HeaderMap, user: &User, next: &str) -> Result<Response, Failure> {
    let parts = app.parts();
    if let Some(old) = guard::cookie(headers) {
        app.0.sessions.end(&old);
    }
    let token = app.0.sessions.begin(&user.name, parts.clock.now());
    let token = token.map_err(|error| Failure::ours("begin a session", &error))?;
    let secure = if parts.address.starts_with("https://") { "; Secure" } else { "" };
    let cookie = format!("{}={}; Path=/; HttpOnly; SameSite=Lax{secure}", guard::COOKIE, token.0);
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(inside(next))).into_response())
}

/// An address of ours to go on to; anything else leads to the start.
fn inside(next: &str) -> &str {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-_?=&.".contains(c);
    if next.starts_with('/') && !next.starts_with("//") && next.chars().all(plain) {
        next
    } else {
        "/"
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct FirstPassword {
    sandi: String,
    ulang: String,
}

/// GET /aktivasi/{token}
pub(super) async fn activation(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Html<String>, Failure> {
    let parts = app.parts();
    let user = parts.users.of_token(&token, parts.clock.now()).ok_or(Failure::NotFound)?;
    Ok(activation_form(&app, &token, &user, None))
}

fn activation_form(app: &App, token: &str, user: &User, wrong: Option<&str>) -> Html<String> {
    let body = html! {
        h1 { "Selamat datang, " (user.display) }
        @if let Some(wrong) = wrong { (layout::faults(layout::TO_MEND, &[(wrong.to_owned(), "sandi")])) }
        h2 { "Ketentuan penggunaan" }
        ul {
            li { "Netra hanya membaca unggahan publik." }
            li { "Isi temuan bersifat rahasia dan hanya untuk tugas Satgas." }
            li { "Temuan bukan bukti pelanggaran; keputusan dibuat oleh orang." }
            li { "Setiap tindakan dicatat dengan nama dan waktu." }
        }
        form .sempit method="post" action=(format!("/aktivasi/{token}")) {
            p { "Nama pengguna Anda: " b { (user.name) } }
            label for="sandi" { "Kata sandi baru (paling sedikit " (password::MIN_CHARS) " huruf)" }
            input #sandi name="sandi" type="password" required maxlength="1024" autocomplete="new-password";
            label for="ulang" { "Kata sandi baru, sekali lagi" }
            input #ulang name="ulang" type="password" required maxlength="1024" autocomplete="new-password";
            button .utama { "Saya mengerti dan melanjutkan" }
        }
    };
    Page { title: "Aktivasi", at: "", body }.show(app, None)
}

/// POST /aktivasi/{token}
pub(super) async fn activate(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Form(first): Form<FirstPassword>,
) -> Result<Response, Failure> {
    let parts = app.parts();
    let user = parts.users.of_token(&token, parts.clock.now()).ok_or(Failure::NotFound)?;
    let wrong = if first.sandi != first.ulang {
        Some("Kedua kata sandi tidak sama.".to_owned())
    } else if first.sandi.chars().count() < password::MIN_CHARS {
        Some(format!("Pilih kata sandi paling sedikit {} huruf.", password::MIN_CHARS))
    } else if first.sandi.len() > password::MAX_BYTES || first.sandi.contains(&user.name) {
        Some("Pilih kata sandi lain: terlalu panjang atau memuat nama pengguna.".to_owned())
    } else {
        None
    };
    if let Some(wrong) = wrong {
        let page = activation_form(&app, &token, &user, Some(&wrong));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let hash = password::hash(first.sandi)
        .await
        .map_err(|error| Failure::ours("hash a password", &error))?;
    // asked again: the hash took a while, and the link is good once
    let user = parts.users.of_token(&token, parts.clock.now()).ok_or(Failure::NotFound)?;
    let user = parts
        .users
        .set_password(&user.name, hash)
        .map_err(|error| Failure::ours("keep a password", &error))?;
    let event = Event::UserChanged { user: user.name.clone(), role: user.role };
    super::desk::note(&app, Actor(user.name.clone()), event).await?;
    app.0.sessions.end_all(&user.name);
    begin(&app, &headers, &user, "/")
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn signing_in_leads_to_our_own_pages_only() {
        for next in
            ["//evil.example", "https://evil.example", "/\\evil.example", "", "javascript:x"]
        {
            assert_eq!(inside(next), "/", "{next}");
        }
        assert_eq!(inside("/temuan/T-2026-00001"), "/temuan/T-2026-00001");
    }
}
