//! Dashboards that are shipped and work at once. Each asks what the house collects by itself, or what the shipped rules name.

#[cfg(test)]
mod tests;

use crate::file::{DashboardFile, FileProblems, FromFile, read};

/// A shipped file of dashboards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shipped {
    /// As it stands in `server/dashboards/boards`.
    pub name: &'static str,
    /// YAML.
    pub text: &'static str,
}

/// Every shipped file, in the order it is offered.
pub static FILES: [Shipped; 6] = [
    Shipped { name: "host.yaml", text: include_str!("../boards/host.yaml") },
    Shipped { name: "postgres.yaml", text: include_str!("../boards/postgres.yaml") },
    Shipped { name: "mimamori.yaml", text: include_str!("../boards/mimamori.yaml") },
    Shipped { name: "http.yaml", text: include_str!("../boards/http.yaml") },
    Shipped { name: "business.yaml", text: include_str!("../boards/business.yaml") },
    Shipped { name: "availability.yaml", text: include_str!("../boards/availability.yaml") },
];

/// All of them, read.
///
/// # Errors
/// When a shipped file is not valid, which a test rules out.
pub fn shipped() -> Result<Vec<FromFile>, FileProblems> {
    let file = |shipped: &Shipped| DashboardFile { name: shipped.name.to_owned(), text: shipped.text.to_owned() };
    let files: Vec<DashboardFile> = FILES.iter().map(file).collect();
    read(&files)
}
