//! Every address on one screen, each with who may use it.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::middleware;
use axum::routing::{MethodRouter, get, post};

use super::access::{Access, Who};
use super::{
    App, api, dashboard, decide, export, finding, guard, identity, inbox, layout, queue, reports,
    sign_in, sources,
};

/// The most bytes of a form: a reason of 4,000 characters, percent-encoded, with room.
const MOST_FORM_BYTES: usize = 64 * 1024;

/// The table: what is not in it does not exist.
fn routes() -> Vec<(Access, MethodRouter<App>)> {
    use Who::{Anyone, Decides, Exports, Manages, ReadsFindings, Reports, SignedIn};
    vec![
        shows("/netra.css", Anyone, layout::css),
        shows("/netra.js", Anyone, layout::js),
        shows("/favicon.ico", Anyone, layout::icon),
        shows("/masuk", Anyone, sign_in::page),
        takes("/masuk", Anyone, sign_in::enter),
        shows("/masuk/demo/{token}", Anyone, sign_in::enter_demo),
        shows("/aktivasi/{token}", Anyone, sign_in::activation),
        takes("/aktivasi/{token}", Anyone, sign_in::activate),
        takes("/keluar", SignedIn, sign_in::leave),
        shows("/", SignedIn, dashboard::page),
        shows("/antrean", ReadsFindings, inbox::page),
        shows("/temuan/{number}", ReadsFindings, finding::page),
        takes("/temuan/{number}/keputusan", Decides, decide::decide),
        takes("/temuan/{number}/batalkan", Decides, decide::undo),
        takes("/temuan/{number}/ekspor", Exports, export::download),
        takes("/temuan/{number}/identitas", Decides, identity::show),
        shows("/sumber", SignedIn, sources::page),
        shows("/laporan", Reports, reports::page),
        shows("/laporan/{period}", Reports, reports::preview),
        takes("/laporan", Reports, reports::build),
        shows("/api/temuan", ReadsFindings, api::list),
        shows("/api/temuan/{number}", ReadsFindings, api::show),
        takes("/api/temuan/{number}/keputusan", Decides, api::decide),
        takes("/api/temuan/{number}/batalkan", Decides, api::undo),
        takes("/api/temuan/{number}/ekspor", Exports, export::answer),
        takes("/api/temuan/{number}/identitas", Decides, identity::tell),
        takes("/api/laporan", Reports, api::report),
        shows("/api/pengguna", Manages, api::users),
        takes("/api/pengguna", Manages, api::add_user),
        takes("/api/pengguna/{name}", Manages, api::change_user),
        shows("/api/queue", Manages, queue::list),
        shows("/api/queue/{id}", Manages, queue::show),
        takes("/api/queue/{id}/retry", Manages, queue::retry),
        takes("/api/queue/{id}/drop", Manages, queue::drop_post),
    ]
}

/// Who may use which address: the table that the router itself is made of.
pub fn access() -> Vec<Access> {
    routes().into_iter().map(|(access, _)| access).collect()
}

/// The pages and the command line's JSON, as one service.
pub fn router(app: App) -> Router {
    let mut router = Router::new();
    for (access, serve) in routes() {
        let gate = middleware::from_fn_with_state((app.clone(), access.who), guard::admit);
        router = router.route(access.path, serve.route_layer(gate));
    }
    let frame = middleware::from_fn_with_state(app.clone(), guard::frame);
    router
        .fallback(layout::not_found)
        .layer(DefaultBodyLimit::max(MOST_FORM_BYTES))
        .layer(frame)
        .with_state(app)
}

fn shows<T: 'static>(
    path: &'static str,
    who: Who,
    page: impl Handler<T, App>,
) -> (Access, MethodRouter<App>) {
    (Access { method: "GET", path, who }, get(page))
}

fn takes<T: 'static>(
    path: &'static str,
    who: Who,
    deed: impl Handler<T, App>,
) -> (Access, MethodRouter<App>) {
    (Access { method: "POST", path, who }, post(deed))
}
