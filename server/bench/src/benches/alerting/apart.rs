//! One processor for whom is measured, the others for the load.

use crate::error::Error;
use std::fs;
use std::process::{Command, Stdio};

/// util-linux' program, which is on every Linux.
const TASKSET: &str = "taskset";
/// The processor of whom is measured.
const FIRST: u32 = 0;

/// While it lives this program keeps away from the first processor.
pub struct Apart {
    /// Where this program may run otherwise, as the kernel writes it: `0-3`.
    before: String,
}

impl Apart {
    /// Leaves the first processor alone; `None` where there is no other.
    ///
    /// # Errors
    /// When the kernel does not let it.
    pub fn begin() -> Result<Option<Self>, Error> {
        let before: String = allowed()?;
        let others: Vec<String> =
            listed(&before).into_iter().filter(|core| *core != FIRST).map(|core| core.to_string()).collect();
        if others.is_empty() || !listed(&before).contains(&FIRST) {
            return Ok(None);
        }
        keep_to(&others.join(","))?;
        Ok(Some(Self { before }))
    }

    /// What starts a program on the first processor and becomes it.
    pub fn through() -> Vec<String> {
        [TASKSET, "--cpu-list", "0"].map(str::to_owned).to_vec()
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        // A bench that goes on where it is measures its next case a little differently, which it says.
        if let Err(error) = keep_to(&self.before) {
            eprintln!("   this program stays off the first processor: {error}");
        }
    }
}

/// Where this program may run.
fn allowed() -> Result<String, Error> {
    let status: String = fs::read_to_string("/proc/self/status").map_err(Error::io("read where this program may run"))?;
    let line: Option<&str> = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    line.map(|list| list.trim().to_owned()).ok_or_else(|| Error::unreadable("Cpus_allowed_list", &status))
}

/// `0-2,5` is 0, 1, 2 and 5.
fn listed(list: &str) -> Vec<u32> {
    let range = |part: &str| -> Option<Vec<u32>> {
        let (first, last): (&str, &str) = part.split_once('-').unwrap_or((part, part));
        Some((first.trim().parse::<u32>().ok()?..=last.trim().parse::<u32>().ok()?).collect())
    };
    list.split(',').filter_map(range).flatten().collect()
}

/// Every thread of this program, those that come too.
fn keep_to(list: &str) -> Result<(), Error> {
    let pid: String = std::process::id().to_string();
    let mut command = Command::new(TASKSET);
    command.args(["--all-tasks", "--cpu-list", "--pid", list, &pid]).stdout(Stdio::null());
    let status = command.status().map_err(Error::io("choose processors with taskset"))?;
    if status.success() { Ok(()) } else { Err(Error::unreadable("the end of taskset", &status.to_string())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_processors_are_read_as_the_kernel_writes_them() {
        assert_eq!(listed("0-2,5"), [0, 1, 2, 5]);
        assert_eq!(listed("3"), [3]);
        assert!(listed("x").is_empty());
        assert!(!listed(&allowed().unwrap()).is_empty());
    }
}
