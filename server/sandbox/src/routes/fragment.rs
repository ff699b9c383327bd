//! `GET /spa`: a page whose script takes `/spa#/authorize?…` to `/authorize?…`. A provider whose console is a
//! program in the browser has its authorize address behind a fragment.

use axum::extract::State;
use axum::http::Method;
use axum::response::Response;

use crate::Sandbox;
use crate::ledger::{Endpoint, Flight};
use crate::page;

/// `via` tells the authorize endpoint that the browser was here.
const SCRIPT: &str = "\
const [path, query] = location.hash.slice(1).split(/\\?(.*)/s);\
if (path === '/authorize') location.replace('authorize?' + (query ?? '') + '&via=spa');";

pub(crate) async fn page(State(sandbox): State<Sandbox>) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Fragment, &Method::GET);
    flight.outcome("served");
    let main = "<h1>One moment</h1><p>This page reads the part of its address behind the #.</p>";
    flight.answer(page::with_script(main, SCRIPT))
}
