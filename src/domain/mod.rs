//! Ground: what the words mean. No I/O, no async, no web or SQL types.

pub mod benefit;
pub mod category;
pub mod change;
pub mod clock;
pub mod email;
pub mod fold;
pub mod gazetteer;
pub mod hours;
pub mod id;
pub mod keyboard;
pub mod lang;
pub mod licence;
pub mod location;
pub mod moderation;
pub mod partner;
pub mod phone;
pub mod principal;
pub mod stem;
pub mod translit;
pub mod typo;

pub use benefit::{Benefit, BenefitKind};
pub use category::Category;
pub use change::Seq;
pub use clock::{Clock, FixedClock, SystemClock};
pub use hours::Hours;
pub use id::{LocationId, PartnerId};
pub use lang::{Lang, Words, words};
pub use licence::Licence;
pub use location::{Location, Wheelchair};
pub use moderation::State;
pub use partner::Partner;
pub use phone::Phone;
pub use principal::Principal;
