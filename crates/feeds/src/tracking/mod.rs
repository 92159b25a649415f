//! What people do on web pages and in apps: the tracking API that Segment made public.
//!
//! Events of nobody known wait under their anonymous id. Once an identify says who it is (e-mail,
//! telephone or member number), they join the customer. Names of people are kept as keyed hashes,
//! what was said about them is sealed.

mod call;
mod forget;
mod http;
mod keep;
mod known;
mod timeline;

#[cfg(test)]
pub(crate) use call::calls;
pub use call::{Bad, Call, LARGEST_BATCH, LARGEST_CALL};
pub(crate) use http::routes;
