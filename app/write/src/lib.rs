#![doc = include_str!("../README.md")]
#![recursion_limit = "256"]

mod documents;
mod postmortems;
mod report;
mod screen;
mod words;

pub use documents::{
    DocumentScreen, DocumentsScreen, HistoryScreen, ImportScreen, NewDocumentScreen, RunScreen, SettingsScreen, SpacesScreen,
    TrashScreen, WritingScreen,
};
pub use postmortems::{ActionsScreen, PostmortemScreen, PostmortemsScreen};
