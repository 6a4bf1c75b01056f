//! A network of its own for one replica: a namespace, and a cable of two ends to the machine's own network. It can be cut in the middle, so
//! that packets vanish while every connection stays open. Addresses are private and leave the machine nowhere.

use crate::error::Error;
use std::net::{IpAddr, Ipv4Addr};
use std::process::{Command, Output, Stdio};

/// Of our end, where Postgres and the provider are.
pub const OURS: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 231, 77, 1));
/// Of the other end, where the replica is.
pub const THEIRS: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 231, 77, 2));
/// Both.
pub const NETWORK: &str = "10.231.77.0/30";
const PREFIX: &str = "30";
const IP: &str = "ip";
const TC: &str = "tc";

/// Which packets vanish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    Both,
    /// Those that the replica sends; what is sent to it arrives.
    Sent,
}

/// The namespace and its cable. Both are gone when it is dropped.
pub struct Namespace {
    name: String,
    ours: String,
    theirs: String,
}

impl Namespace {
    /// Makes them.
    ///
    /// # Errors
    /// When the kernel, or who we are, does not allow it.
    pub fn open() -> Result<Self, Error> {
        let pid: u32 = std::process::id();
        let made = Self { name: format!("mimamori-{pid}"), ours: format!("mmo{pid}"), theirs: format!("mmt{pid}") };
        let (name, ours, theirs): (&str, &str, &str) = (&made.name, &made.ours, &made.theirs);
        run(IP, &["netns", "add", name])?;
        run(IP, &["link", "add", ours, "type", "veth", "peer", "name", theirs])?;
        run(IP, &["link", "set", theirs, "netns", name])?;
        run(IP, &["address", "add", &format!("{OURS}/{PREFIX}"), "dev", ours])?;
        run(IP, &["link", "set", ours, "up"])?;
        run(IP, &["-netns", name, "address", "add", &format!("{THEIRS}/{PREFIX}"), "dev", theirs])?;
        run(IP, &["-netns", name, "link", "set", theirs, "up"])?;
        run(IP, &["-netns", name, "link", "set", "lo", "up"])?;
        Ok(made)
    }

    /// What starts a program inside and becomes it.
    pub fn through(&self) -> Vec<String> {
        [IP, "netns", "exec", self.name.as_str()].map(str::to_owned).to_vec()
    }

    /// Lets packets vanish.
    ///
    /// # Errors
    /// When the kernel can't do that.
    pub fn cut(&self, cut: Cut) -> Result<(), Error> {
        self.there(&["qdisc", "add", "dev", &self.theirs, "root", "netem", "loss", "100%"])?;
        match cut {
            Cut::Both => run(TC, &["qdisc", "add", "dev", &self.ours, "root", "netem", "loss", "100%"]),
            Cut::Sent => Ok(()),
        }
    }

    /// Lets them through again.
    ///
    /// # Errors
    /// When they were not cut in this way.
    pub fn heal(&self, cut: Cut) -> Result<(), Error> {
        self.there(&["qdisc", "del", "dev", &self.theirs, "root"])?;
        match cut {
            Cut::Both => run(TC, &["qdisc", "del", "dev", &self.ours, "root"]),
            Cut::Sent => Ok(()),
        }
    }

    /// `tc` inside.
    fn there(&self, arguments: &[&str]) -> Result<(), Error> {
        let mut all: Vec<&str> = vec!["-netns", self.name.as_str()];
        all.extend_from_slice(arguments);
        run(TC, &all)
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // The cable goes with either of its ends. What was not made can't be removed, and need not be.
        let _ = run(IP, &["link", "delete", &self.ours]);
        let _ = run(IP, &["netns", "delete", &self.name]);
    }
}

fn run(program: &str, arguments: &[&str]) -> Result<(), Error> {
    let output: Output =
        Command::new(program).args(arguments).stdin(Stdio::null()).output().map_err(Error::io("run ip or tc (iproute2)"))?;
    if output.status.success() {
        return Ok(());
    }
    let said: String = format!("{program} {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    Err(Error::unreadable("the end of a command for the network", &said))
}
