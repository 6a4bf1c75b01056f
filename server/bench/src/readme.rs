//! `bench readme < results.jsonl`: the table of the lines, written into README.md between two comments.

use crate::table;
use std::fs;
use std::io::stdin;
use std::process::ExitCode;

/// Of the working directory: `./dev` runs in the checkout's.
const README: &str = "README.md";
const BEGIN: &str = "<!-- bench: what stands here is written by `./dev bench readme` -->";
const END: &str = "<!-- bench: end -->";

/// Reads lines until the end of the input and writes the file. One without both comments is left as it is.
pub fn run() -> ExitCode {
    let (table, good) = table::read(stdin().lock());
    match write(&table) {
        Ok(()) if good => ExitCode::SUCCESS,
        Ok(()) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("bench: {why}");
            ExitCode::FAILURE
        }
    }
}

fn write(table: &str) -> Result<(), String> {
    let text: String = fs::read_to_string(README).map_err(|error| format!("could not read {README}: {error}"))?;
    let Some(filled) = filled(&text, table) else {
        return Err(format!(
            "{README} has no place for the table: it is expected between `{BEGIN}` and `{END}`, each on its line"
        ));
    };
    fs::write(README, filled).map_err(|error| format!("could not write {README}: {error}"))
}

/// The text with the table between its comments, instead of what stood there.
fn filled(text: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{}\n\n{END}{after}", table.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_comments_is_replaced_again_and_again() {
        let text = format!("# A\n\n{BEGIN}\nold\n{END}\n\nB\n");
        let wanted = format!("# A\n\n{BEGIN}\n\n| new |\n\n{END}\n\nB\n");
        let once = filled(&text, "| new |\n").unwrap();
        assert_eq!(once, wanted);
        assert_eq!(filled(&once, "| new |\n").unwrap(), wanted);
    }

    #[test]
    fn a_file_without_the_comments_is_left_alone() {
        assert_eq!(filled("# A\n", "| new |\n"), None);
        assert_eq!(filled(&format!("# A\n{END}\n{BEGIN}\n"), "| new |\n"), None);
    }
}
