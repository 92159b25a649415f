//! From a flown fact to postings, each with the arithmetic that made it.

mod difference;
mod earn;
mod eligible;
mod fact;
mod promote;
mod step;

pub use difference::{Correction, difference};
pub use fact::{Coupon, CouponStatus, Fact, Member, PromotionUse, Registered};
pub use step::{Accrued, Origin, Posting, Refusal, Step};
