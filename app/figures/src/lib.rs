#![doc = include_str!("../README.md")]

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
