//! Between a text and the files of its page. In the house a text names a file by its number; in a folder, by where it lies beside the text. Going
//! out and coming in, one is written for the other, and nothing else of a text changes.

use model::ids::AttachmentId;
use model::links::documents as ways;

/// A file, and where it lies in the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tie {
    pub(super) file: AttachmentId,
    pub(super) path: String,
}

/// A text as it lies in a folder at `page`.
#[must_use]
pub(super) fn gone_out(text: &str, page: &str, ties: &[Tie]) -> String {
    let write = |text: String, tie: &Tie| swapped(&text, &ways::file(tie.file), &address(page, &tie.path));
    ties.iter().fold(text.to_owned(), write)
}

/// A text as it stands in the house that lay in a folder at `page`.
#[must_use]
pub(super) fn come_in(text: &str, page: &str, ties: &[Tie]) -> String {
    let write = |text: String, tie: &Tie| {
        let text: String = swapped(&text, &address(page, &tie.path), &ways::file(tie.file));
        // What others than us packed may be written plainly.
        swapped(&text, &relative(page, &tie.path), &ways::file(tie.file))
    };
    ties.iter().fold(text.to_owned(), write)
}

/// The address of a file as a link in the text at `page` has it: what would end a link or begin something else in it is escaped.
fn address(page: &str, path: &str) -> String {
    let mut address = String::new();
    for letter in relative(page, path).chars() {
        match letter {
            ' ' => address.push_str("%20"),
            '%' => address.push_str("%25"),
            '(' => address.push_str("%28"),
            ')' => address.push_str("%29"),
            '<' => address.push_str("%3C"),
            '>' => address.push_str("%3E"),
            '"' => address.push_str("%22"),
            '#' => address.push_str("%23"),
            '?' => address.push_str("%3F"),
            '\\' => address.push_str("%5C"),
            other => address.push(other),
        }
    }
    address
}

/// The way from one file of a folder to another.
fn relative(from: &str, to: &str) -> String {
    let mut here: Vec<&str> = from.split('/').collect();
    here.pop();
    let there: Vec<&str> = to.split('/').collect();
    let above: &[&str] = there.get(..there.len().saturating_sub(1)).unwrap_or_default();
    let n_same: usize = here.iter().zip(above).take_while(|(one, other)| one == other).count();
    let mut steps: Vec<&str> = vec![".."; here.len() - n_same];
    steps.extend(&there[n_same..]);
    steps.join("/")
}

/// The text with one address for another, wherever it stands as one.
fn swapped(text: &str, from: &str, to: &str) -> String {
    if from.is_empty() || from == to {
        return text.to_owned();
    }
    let mut written = String::with_capacity(text.len());
    let mut at: usize = 0;
    for (place, _) in text.match_indices(from) {
        let end: usize = place + from.len();
        if place < at || !is_whole(&text[..place], &text[end..]) {
            continue;
        }
        written.push_str(&text[at..place]);
        written.push_str(to);
        at = end;
    }
    written.push_str(&text[at..]);
    written
}

/// Whether what stands between these is a whole address of a link, a picture or a reference.
fn is_whole(before: &str, after: &str) -> bool {
    let is_begun: bool = before.ends_with("](") || before.ends_with("](<") || before.ends_with("]: ") || before.ends_with("]: <");
    let is_over: bool = after.chars().next().is_none_or(|next| next.is_whitespace() || matches!(next, ')' | '>' | '#' | '?'));
    is_begun && is_over
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn tie(n: u128, path: &str) -> Tie {
        Tie { file: AttachmentId(Uuid::from_u128(n)), path: path.to_owned() }
    }

    #[test]
    fn files_are_named_by_where_they_lie() {
        for (page, path, expected) in [
            ("deploy.md", "deploy/_files/a.png", "deploy/_files/a.png"),
            ("ops/deploy.md", "ops/deploy/_files/a b.png", "deploy/_files/a%20b.png"),
            ("ops/deploy.md", "図/構成(1).png", "../図/構成%281%29.png"),
            ("a/b/c.md", "a/x.png", "../x.png"),
        ] {
            assert_eq!(address(page, path), expected, "{page} {path}");
        }
    }

    #[test]
    fn a_text_names_its_files_in_the_house_by_number_and_in_a_folder_by_place() {
        let ties: [Tie; 2] = [tie(7, "ops/deploy/_files/構成 図.png"), tie(8, "ops/deploy/_files/a.png")];
        let (first, second) = (ways::file(ties[0].file), ways::file(ties[1].file));
        let here: String =
            format!("![図]({first})\n[a](<{second}> \"t\")\n[x]: {second}#p\n\n`{first}` https://a.example{second}\n");
        let there: String = gone_out(&here, "ops/deploy.md", &ties);
        assert!(there.starts_with("![図](deploy/_files/構成%20図.png)\n[a](<deploy/_files/a.png> \"t\")\n"), "{there}");
        assert!(there.contains("[x]: deploy/_files/a.png#p\n"), "{there}");
        assert!(there.contains(&format!("`{first}` https://a.example{second}")), "no link of a file: {there}");
        assert_eq!(come_in(&there, "ops/deploy.md", &ties), here);
        let plain: &str = "![図](<deploy/_files/構成 図.png>)";
        assert_eq!(come_in(plain, "ops/deploy.md", &ties), format!("![図](<{first}>)"));
    }

    proptest! {
        #[test]
        fn what_goes_out_and_comes_in_is_the_same(text in "[a-z\\[\\]() \n/_.#]{0,80}", name in "[a-z漢 ()]{1,6}\\.png") {
            let ties: [Tie; 1] = [tie(7, &format!("a/_files/{name}"))];
            let here: String = format!("{text}![x]({}){text}", ways::file(ties[0].file));
            let there: String = gone_out(&here, "a.md", &ties);
            prop_assert!(!there.contains("/documents/files/"));
            prop_assert_eq!(come_in(&there, "a.md", &ties), here);
        }
    }
}
