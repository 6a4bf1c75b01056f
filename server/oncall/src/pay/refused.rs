//! Why something about pay or business time was not done. All of it is safe to show, and each says what was expected.

use super::closing::LOOK_BACK_MONTHS;
use super::files::{MAX_FILE_BYTES, MAX_FILES};
use super::rules::{MAX_ROLE, MAX_VERSIONS};
use super::work::{MAX_BY_HAND, MAX_CORRECTIONS, MAX_LABEL, MAX_OTHER_MINUTES, MAX_REASON, MAX_WORK_HOURS, OLDEST_DAYS};
use model::Time;
use model::business_time::BadHours;
use model::pay::BadRule;

/// What is wrong, or in the way.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("only an administrator may see or change the pay of others")]
    NotYours,
    #[error("expected a month such as 2026-09, found {0:?}")]
    Month(String),
    #[error("expected a day such as 2026-09-23, found {0:?}")]
    Day(String),
    #[error("nobody has that id")]
    NoPerson,
    #[error("the worked time was not found")]
    NoWork,
    #[error("the worked time goes on: say when it ended")]
    NoEnd,
    #[error("expected an end after the beginning, at most {MAX_WORK_HOURS} hours later")]
    Stretch,
    #[error("expected a time that is over")]
    Future,
    #[error("expected a time within the last {OLDEST_DAYS} days: older months can't be paid anew")]
    TooOld,
    #[error("expected a reason of 1 to {MAX_REASON} characters")]
    Reason,
    #[error("expected what was worked on, in 1 to {MAX_LABEL} characters")]
    Label,
    #[error("expected at most {MAX_BY_HAND} times added by hand in a month, each corrected at most {MAX_CORRECTIONS} times")]
    TooMuch,
    #[error("expected 0 to {MAX_OTHER_MINUTES} minutes")]
    OtherOvertime,
    #[error("expected the name of a duty in 1 to {MAX_ROLE} characters, or everybody")]
    Role,
    #[error(transparent)]
    Rule(#[from] BadRule),
    #[error("it was changed meanwhile: version {found} was expected to be {expected}")]
    Stale { expected: i64, found: i64 },
    #[error("there may be {MAX_VERSIONS} versions")]
    TooManyVersions,
    #[error("{0:?} is no time zone: expected an IANA name such as Asia/Tokyo")]
    Zone(String),
    #[error(transparent)]
    Hours(#[from] BadHours),
    #[error("there is no calendar of holidays named {0:?}")]
    NoCalendar(String),
    #[error("the month is not over")]
    NotOver,
    #[error("the month is closed: what changes now is paid with the next one")]
    Closed,
    #[error("months are closed in order: {expected} is next")]
    Order { expected: String },
    /// Schedules have written down only what was before `until`.
    #[error("the month's standby is not written down to its end yet")]
    NotWrittenDown { until: Time },
    #[error("the month lies more than {LOOK_BACK_MONTHS} months back")]
    LongAgo,
    #[error("the file has {n} bytes, expected at most {MAX_FILE_BYTES}")]
    LargeFile { n: usize },
    #[error("the file was not found: send it again")]
    NoFile,
    #[error("{MAX_FILES} files are being looked at: wait a while")]
    TooManyFiles,
}
