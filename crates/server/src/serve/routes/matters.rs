//! Matters (事项): what kinds there are and what they ask for; those under way and those that ended;
//! opening, drafts, steps and the office verbs.

mod kinds;
mod list;
mod record;
mod write;

use crate::serve::app::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(kinds::list))
        .routes(routes!(kinds::show))
        .routes(routes!(list::list, write::open))
        .routes(routes!(list::queue))
        .routes(routes!(record::show, write::save))
        .routes(routes!(write::act))
        .routes(routes!(write::handle))
        .routes(routes!(write::absence))
        .routes(routes!(write::attach))
        .routes(routes!(record::attachment))
}
