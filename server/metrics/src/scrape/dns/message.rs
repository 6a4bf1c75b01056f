//! Messages of DNS: one question, its answer. Pure; random bytes never panic.

use super::Srv;

const TYPE_SRV: [u8; 2] = [0, 33];
const CLASS_IN: [u8; 2] = [0, 1];
/// Bytes of a name on the wire, and of one of its parts. RFC 1035, 2.3.4.
const LONGEST_NAME: usize = 253;
const LONGEST_PART: usize = 63;
/// A name that refers on and on is a loop.
const MOST_JUMPS: usize = 32;
/// The code of a name that does not exist.
const NO_SUCH_NAME: u8 = 3;

/// What a server says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// The records, none when there are none or no such name.
    Records(Vec<Srv>),
    /// There is more than fits a datagram.
    Cut,
    /// It can't or won't, by its code.
    Failed(u8),
}

/// Asks for the SRV records of `name`; nothing when it is no name.
pub(super) fn question(id: u16, name: &str) -> Option<Vec<u8>> {
    let mut message: Vec<u8> = id.to_be_bytes().to_vec();
    // Recursion desired; one question, no answers, one additional record.
    message.extend([1, 0, 0, 1, 0, 0, 0, 0, 0, 1]);
    put_name(&mut message, name)?;
    message.extend(TYPE_SRV);
    message.extend(CLASS_IN);
    // EDNS: we take answers of 1,232 bytes, which pass every network unbroken.
    message.extend([0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]);
    Some(message)
}

fn put_name(message: &mut Vec<u8>, name: &str) -> Option<()> {
    if name.is_empty() || name.len() > LONGEST_NAME {
        return None;
    }
    for part in name.split('.') {
        if part.is_empty() || part.len() > LONGEST_PART {
            return None;
        }
        message.push(u8::try_from(part.len()).ok()?);
        message.extend_from_slice(part.as_bytes());
    }
    message.push(0);
    Some(())
}

/// The answer to our question; nothing when the message is broken or answers another.
pub(super) fn reply(message: &[u8], id: u16, name: &str) -> Option<Reply> {
    let mut reader = Reader { message, at: 0 };
    let (got_id, flags) = (reader.u16()?, reader.u16()?);
    let (questions, answers) = (reader.u16()?, reader.u16()?);
    reader.skip(4)?;
    let is_answer: bool = flags & 0x8000 != 0;
    if got_id != id || !is_answer || questions != 1 || !reader.name()?.eq_ignore_ascii_case(name) {
        return None;
    }
    if reader.take(2)? != TYPE_SRV || reader.take(2)? != CLASS_IN {
        return None;
    }
    let code: u8 = (flags & 0xf).to_be_bytes()[1];
    match code {
        _ if flags & 0x0200 != 0 => Some(Reply::Cut),
        NO_SUCH_NAME => Some(Reply::Records(Vec::new())),
        0 => reader.records(answers).map(Reply::Records),
        code => Some(Reply::Failed(code)),
    }
}

struct Reader<'a> {
    message: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let end: usize = self.at.checked_add(n)?;
        let taken: &'a [u8] = self.message.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn skip(&mut self, n: usize) -> Option<()> {
        self.take(n).map(|_| ())
    }

    fn u16(&mut self) -> Option<u16> {
        let bytes: [u8; 2] = self.take(2)?.try_into().ok()?;
        Some(u16::from_be_bytes(bytes))
    }

    /// A name, without the dot at its end. It may go on elsewhere in the message (RFC 1035, 4.1.4).
    fn name(&mut self) -> Option<String> {
        let mut name: String = String::new();
        let mut after: Option<usize> = None;
        for _ in 0..MOST_JUMPS + LONGEST_NAME {
            let length: u8 = *self.take(1)?.first()?;
            if length == 0 {
                self.at = after.unwrap_or(self.at);
                return Some(name);
            }
            if length & 0xc0 == 0xc0 {
                let low: u8 = *self.take(1)?.first()?;
                after = after.or(Some(self.at));
                self.at = usize::from(u16::from_be_bytes([length & 0x3f, low]));
                continue;
            }
            let part: &str = std::str::from_utf8(self.take(usize::from(length))?).ok()?;
            if usize::from(length) > LONGEST_PART || name.len() + part.len() > LONGEST_NAME {
                return None;
            }
            if !name.is_empty() {
                name.push('.');
            }
            name.push_str(part);
        }
        None
    }

    /// The SRV records among the answers; aliases on the way to them are passed over.
    fn records(&mut self, n: u16) -> Option<Vec<Srv>> {
        let mut records: Vec<Srv> = Vec::new();
        for _ in 0..n {
            self.name()?;
            let kind: &[u8] = self.take(2)?;
            let class: &[u8] = self.take(2)?;
            self.skip(4)?;
            let length: usize = usize::from(self.u16()?);
            let end: usize = self.at.checked_add(length)?;
            if kind == TYPE_SRV && class == CLASS_IN {
                // Priority and weight say whom to prefer; we want all.
                self.skip(4)?;
                let port: u16 = self.u16()?;
                let target: String = self.name()?;
                // A dot alone says that the service is decidedly not there.
                if !target.is_empty() {
                    records.push(Srv { target, port });
                }
            }
            self.at = end;
        }
        Some(records)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A server's answer to `question`, which holds one name and an EDNS record.
    pub(in crate::scrape::dns) fn answer(question: &[u8], records: &[(&str, u16)], is_cut: bool) -> Vec<u8> {
        let mut message: Vec<u8> = question[..2].to_vec();
        message.extend([if is_cut { 0x83 } else { 0x81 }, 0x80, 0, 1]);
        message.extend(u16::try_from(records.len()).unwrap().to_be_bytes());
        message.extend([0, 0, 0, 0]);
        message.extend_from_slice(&question[12..question.len() - 11]);
        for (target, port) in records {
            let mut data: Vec<u8> = vec![0, 10, 0, 5];
            data.extend(port.to_be_bytes());
            put_name(&mut data, target).unwrap();
            // The name refers to the question.
            message.extend([0xc0, 12, 0, 33, 0, 1, 0, 0, 0, 60]);
            message.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
            message.extend(data);
        }
        message
    }

    #[test]
    fn records_are_read_and_other_answers_ignored() {
        let asked: Vec<u8> = question(7, "_m._tcp.x").unwrap();
        let message: Vec<u8> = answer(&asked, &[("a.x", 9_100)], false);
        let expected = Reply::Records(vec![Srv { target: "a.x".to_owned(), port: 9_100 }]);
        assert_eq!(reply(&message, 7, "_M._tcp.x"), Some(expected));
        assert_eq!(reply(&message, 8, "_m._tcp.x"), None);
        assert_eq!(reply(&message, 7, "_m._tcp.y"), None);
        assert_eq!(reply(&asked, 7, "_m._tcp.x"), None);
        for end in 0..message.len() {
            assert_eq!(reply(&message[..end], 7, "_m._tcp.x"), None, "{end}");
        }
    }

    #[test]
    fn codes_are_told_apart() {
        let asked: Vec<u8> = question(7, "x").unwrap();
        let mut message: Vec<u8> = answer(&asked, &[], false);
        assert_eq!(reply(&message, 7, "x"), Some(Reply::Records(vec![])));
        message[3] = 0x83;
        assert_eq!(reply(&message, 7, "x"), Some(Reply::Records(vec![])));
        message[3] = 0x82;
        assert_eq!(reply(&message, 7, "x"), Some(Reply::Failed(2)));
        assert_eq!(reply(&answer(&asked, &[], true), 7, "x"), Some(Reply::Cut));
    }

    #[test]
    fn a_name_that_refers_to_itself_ends() {
        let message: [u8; 14] = [0, 7, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12];
        assert_eq!(reply(&message, 7, "x"), None);
    }

    #[test]
    fn what_is_no_name_is_not_asked_for() {
        for name in ["", "a..b", ".a", "a."] {
            assert_eq!(question(1, name), None, "{name:?}");
        }
        assert_eq!(question(1, &"x".repeat(64)), None);
        assert_eq!(question(1, &["x"; 200].join(".")), None);
    }

    proptest! {
        #[test]
        fn random_messages_never_panic(message: Vec<u8>) {
            let _outcome = reply(&message, 0, "x");
        }
    }
}
