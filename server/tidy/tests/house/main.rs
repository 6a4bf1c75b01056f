//! The house rules. One file a family; each test is named as the sentence it checks and stands beside what it must refuse.

mod arrows;
mod classes;
mod colours;
mod crates;
mod floor_plan;
mod functions_of_the_server;
mod glossary;
mod leftovers;
mod lengths;
mod machine_paths;
mod migrations;
mod purity;
mod readme;
mod statements;
mod tables;
mod time;
