//! How numbers, units, times and durations are written, in Japanese and in English.
//!
//! Every screen, chart and notification writes its figures here, so that the same instant never stands as
//! `14:05` in one place and `2:05 pm` in another. All functions are pure: the zone and the locale are
//! arguments, and a zone is a small table of offsets the server sends, so that no zone database travels
//! to the browser.
//!
//! Absent on purpose: reading figures back (forms do that where they know the field), the words around a
//! figure (the catalogue has them), and "now".

mod civil;
mod duration;
mod locale;
mod moment;
mod number;
mod unit;
mod zone;

pub use civil::{Civil, Weekday, civil_from_days, days_from_civil};
pub use duration::{duration, duration_parts};
pub use locale::Locale;
pub use moment::{clock_time, date_line, day_time, full_time, iso, month_day, month_line, short_time};
pub use number::{Written, count, percent, tick, value};
pub use unit::Unit;
pub use zone::Zone;
