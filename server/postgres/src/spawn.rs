//! The only unsafe code of this crate: what a child does between fork and exec.

use nix::errno::Errno;
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;
use nix::unistd::{Pid, getpid, getppid};
use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Makes the child of `command` receive SIGINT when the thread that spawns it ends, however it ends.
///
/// A change of user clears that wish (prctl(2)), and the standard library runs the hook after it has changed the user.
#[expect(unsafe_code, reason = "the wish must be made by the child itself, before it becomes postgres")]
pub(crate) fn interrupt_with_parent(command: &mut Command) {
    let parent: Pid = getpid();
    // SAFETY: the hook runs in the forked child, where only async-signal-safe calls are allowed. It makes two plain system calls
    // (prctl and getppid) and neither allocates nor locks: both error values are bare numbers.
    unsafe {
        command.pre_exec(move || wish(parent));
    }
}

fn wish(parent: Pid) -> io::Result<()> {
    set_pdeathsig(Signal::SIGINT).map_err(io::Error::from)?;
    // The parent may have died before the wish was made; then nobody is left to wait for us.
    if getppid() == parent { Ok(()) } else { Err(io::Error::from(Errno::ESRCH)) }
}
