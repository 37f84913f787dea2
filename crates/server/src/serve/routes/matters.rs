//! Matters (事项): what kinds there are and what they ask for; those under way and those that ended;
//! opening, drafts, steps and the office verbs.

mod kinds;
mod list;
mod preview;
pub mod record;
mod write;

use crate::serve::app::App;
pub use kinds::TitleView;
use tower_http::compression::CompressionLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    // What is said of kinds is long, and the same for hours.
    let kinds = OpenApiRouter::new().routes(routes!(kinds::list)).routes(routes!(kinds::show));
    OpenApiRouter::new()
        .merge(kinds.layer(CompressionLayer::new()))
        .routes(routes!(list::list, write::open))
        .routes(routes!(list::queue))
        .routes(routes!(record::show, write::save))
        .routes(routes!(preview::of_opening))
        .routes(routes!(write::act))
        .routes(routes!(preview::of_step))
        .routes(routes!(write::handle))
        .routes(routes!(write::absence))
        .routes(routes!(write::attach))
        .routes(routes!(record::attachment))
}
