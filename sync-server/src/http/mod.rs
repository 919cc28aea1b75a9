//! The router: every route of the two APIs from one list, the page, and the headers on all answers.
//! What the routes do stands in `sync` and `console`.

mod headers;
mod openapi;
mod page;

use crate::{Server, console, fault, sync};
use axum::Router;
use axum::middleware;
use axum::routing::{MethodRouter, get};

/// A route with its methods: the list makes the router and is held against the OpenAPI document.
pub struct Route {
    pub path: &'static str,
    #[cfg_attr(not(test), allow(dead_code, reason = "read by the test of the document"))]
    pub methods: &'static [&'static str],
    pub answer: MethodRouter<Server>,
}

impl Route {
    pub fn new(path: &'static str, methods: &'static [&'static str], answer: MethodRouter<Server>) -> Self {
        Self { path, methods, answer }
    }
}

fn routes() -> Vec<Route> {
    let mut routes = sync::routes();
    routes.extend(console::routes());
    routes.push(Route::new("/api/openapi.json", &["get"], get(openapi::show)));
    routes
}

/// Everything the server answers.
pub fn router(server: Server) -> Router {
    let mut router = Router::new();
    for route in routes() {
        router = router.route(route.path, route.answer);
    }
    let no_route = || async { fault::not_found() };
    router
        .route("/api/{*rest}", get(no_route).post(no_route).put(no_route).delete(no_route))
        .route("/v2/{*rest}", get(no_route).post(no_route).put(no_route).delete(no_route))
        .fallback(page::show)
        .layer(middleware::from_fn(headers::same_site))
        .layer(middleware::from_fn(headers::guard))
        .with_state(server)
}
