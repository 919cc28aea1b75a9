//! The router: every route of the two APIs from one list, each behind the gate that asks the table of rights; the page, and the headers on all answers.
//! What the routes do stands in `sync` and `console`.

mod headers;
mod health;
mod openapi;
mod page;

pub(crate) use health::OneLook;

use crate::console::{Gate, gate};
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
        let at = Gate { server: server.clone(), path: route.path.clone() };
        router = router.route(&route.path, route.answer.route_layer(middleware::from_fn_with_state(at, gate)));
    }
    let no_route = || async { fault::not_found() };
    router
        .route("/api/{*rest}", get(no_route).post(no_route).put(no_route).delete(no_route))
        .route("/v2/{*rest}", get(no_route).post(no_route).put(no_route).delete(no_route))
        .method_not_allowed_fallback(|| async { fault::no_such_act() })
        .fallback(page::show)
        .layer(middleware::from_fn(headers::same_site))
        .layer(middleware::from_fn(headers::one_host))
        .layer(middleware::from_fn(headers::guard))
        .with_state(server)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::rights::console::{ROUTES, who};
    use shared::rights::{LISTS, Who};
    use std::collections::BTreeSet;

    #[test]
    fn each_route_has_its_row_in_the_table_of_rights_and_each_row_its_route() {
        let routes = routes();
        let served: BTreeSet<String> =
            routes.iter().flat_map(|route| route.acts.iter().map(|act| format!("{} {}", act.method, route.path))).collect();
        let rows = ROUTES.iter().flat_map(|(row, _)| match row.split_once("{list}") {
            Some((before, behind)) => LISTS.iter().map(|of| format!("{before}{}{behind}", of.list)).collect(),
            None => vec![(*row).to_owned()],
        });
        let rows: BTreeSet<String> = rows.collect();
        assert!(served.is_subset(&rows), "no row: {:?}", served.difference(&rows).collect::<Vec<_>>());
        for row in rows.difference(&served) {
            // Lists that are made by hand have no single record.
            let unserved = row.ends_with("/{id}") && row.starts_with("get /api/list/");
            assert!(unserved || LISTS.iter().any(|of| of.accounts.is_empty() && row.contains(&format!("/{}", of.list))), "no route: {row}");
        }
        for row in &served {
            let (method, path) = row.split_once(' ').unwrap();
            assert_ne!(who(method, path), Who::These(&[]), "{row} is for nobody");
        }
    }
}
