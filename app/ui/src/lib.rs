#![doc = include_str!("../README.md")]
#![recursion_limit = "256"]

// What everything stands on
pub mod context;
pub mod now;
pub mod words;

// Signs
pub mod hush;
pub mod icon;
pub mod person;
pub mod severity;
pub mod shape;
pub mod sprite;
pub mod state;

// Figures
pub mod spark;
pub mod time_text;
pub mod value;

// What is pressed and filled in
pub mod attempt;
pub mod button;
pub mod choice;
pub mod copy;
pub mod field;
pub mod menu;

// What a sheet is made of
pub mod callout;
pub mod crumbs;
pub mod empty;
pub mod facts;
pub mod loaded;
pub mod log;
pub mod part;
pub mod table;

// What floats
pub mod dialog;
pub mod palette;
pub mod shortcuts;
pub mod toasts;

// What moves
pub mod chart;
pub mod figure;
pub mod live;
