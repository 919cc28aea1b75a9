//! The router: every route of the two APIs from one list, the page, and the headers on all answers.
//! What the routes do stands in `sync` and `console`.

mod headers;
mod health;
mod openapi;
mod page;

pub(crate) use health::OneLook;

use crate::route::Route;
use crate::{Server, console, fault, sync};
use axum::Router;
use axum::middleware;
use axum::routing::get;

fn routes() -> Vec<Route> {
    let mut routes = sync::routes();
    routes.extend(console::routes());
    routes.push(Route::at("/api/openapi.json").get("本文档", openapi::show));
    routes.push(Route::at("/health").get("程序在运行", health::lives));
    routes.push(Route::at("/ready").get("数据库有回应；没有时是 503", health::is_ready));
    routes
}

/// Everything the server answers.
pub fn router(server: Server) -> Router {
    let mut router = Router::new();
    for route in routes() {
        router = router.route(&route.path, route.answer);
    }
    let no_route = || async { fault::not_found() };
    router
        .route("/api/{*rest}", get(no_route).post(no_route).put(no_route).delete(no_route))
        .route("/v2/{*rest}", get(no_route).post(no_route).put(no_route).delete(no_route))
        .method_not_allowed_fallback(|| async { fault::no_such_act() })
        .fallback(page::show)
        .layer(middleware::from_fn(headers::same_site))
        .layer(middleware::from_fn(headers::guard))
        .with_state(server)
}
