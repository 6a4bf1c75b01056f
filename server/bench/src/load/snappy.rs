//! Snappy blocks in which chosen bytes can be changed after compression: they stand as literals, and nothing is copied from them.
//! Source: snappy's `format_description.txt`. Any decoder reads the result; what a common encoder makes is about as long.

/// Stands for a byte that changes: no byte is equal to it.
const OPEN: u16 = 256;
/// Copies are looked for from this many equal bytes on.
const LEAST: usize = 4;
/// The longest copy of one element.
const LONGEST: usize = 64;
/// How far back a copy with an offset of two bytes reaches.
const FARTHEST: usize = 65_535;
/// Literals up to this length have it in their tag.
const SHORT: usize = 60;
/// Literals longer than this need a third byte of length; they are parted instead.
const PART: usize = 65_536;
/// Places remembered, as a power of two.
const TABLE_BITS: u32 = 14;

/// Compresses piece by piece.
#[derive(Debug)]
pub struct Packer {
    /// What was given, a number a byte, so that [`OPEN`] fits in.
    given: Vec<u16>,
    /// Where four bytes of a hash stood last, plus one; 0 means nowhere.
    places: Vec<u32>,
    packed: Vec<u8>,
}

impl Packer {
    pub fn new() -> Self {
        Self { given: Vec::new(), places: vec![0; 1 << TABLE_BITS], packed: Vec::new() }
    }

    /// Adds bytes that stay as they are.
    pub fn fixed(&mut self, bytes: &[u8]) {
        let mut at: usize = self.given.len();
        let mut literal: usize = at;
        self.given.extend(bytes.iter().map(|byte| u16::from(*byte)));
        while at < self.given.len() {
            let earlier: Option<(usize, usize)> = self.earlier(at);
            self.remember(at);
            match earlier {
                Some((offset, length)) => {
                    self.literal(literal, at);
                    self.copy(offset, length);
                    at += length;
                    literal = at;
                }
                None => at += 1,
            }
        }
        self.literal(literal, at);
    }

    /// Adds bytes that will be changed; the place of the first among the packed bytes. At most 65,536 at once.
    pub fn open(&mut self, bytes: &[u8]) -> usize {
        self.given.extend(std::iter::repeat_n(OPEN, bytes.len()));
        self.literal_tag(bytes.len());
        let place: usize = self.packed.len();
        self.packed.extend_from_slice(bytes);
        place
    }

    /// The whole block, and how far the places of [`Packer::open`] moved by what stands before them.
    pub fn finish(self) -> (Vec<u8>, usize) {
        let mut block: Vec<u8> = Vec::with_capacity(self.packed.len() + 5);
        super::body::put_varint(&mut block, self.given.len() as u64);
        let moved: usize = block.len();
        block.extend_from_slice(&self.packed);
        (block, moved)
    }

    /// How far back the bytes from `at` on stood before, and how many of them.
    fn earlier(&self, at: usize) -> Option<(usize, usize)> {
        let before: usize = (*self.places.get(self.hash(at)?)? as usize).checked_sub(1)?;
        let offset: usize = at - before;
        let most: usize = self.given.len() - at;
        // A copy may reach into what it writes itself, so `before + length` may pass `at`.
        let length: usize = (0..most).take_while(|step| self.given[before + step] == self.given[at + step]).count();
        (offset <= FARTHEST && length >= LEAST).then_some((offset, length))
    }

    fn remember(&mut self, at: usize) {
        if let Some(hash) = self.hash(at) {
            self.places[hash] = u32::try_from(at + 1).unwrap_or(0);
        }
    }

    /// Of the four bytes from `at` on; `None` when there are fewer.
    fn hash(&self, at: usize) -> Option<usize> {
        let four: &[u16] = self.given.get(at..at + LEAST)?;
        let word: u32 = four.iter().fold(0, |word: u32, part| (word << 8) | u32::from(*part));
        Some((word.wrapping_mul(0x1e35_a7bd) >> (32 - TABLE_BITS)) as usize)
    }

    fn literal(&mut self, from: usize, to: usize) {
        let bytes: Vec<u8> = self.given[from..to].iter().map(|part| part.to_le_bytes()[0]).collect();
        for part in bytes.chunks(PART) {
            self.literal_tag(part.len());
            self.packed.extend_from_slice(part);
        }
    }

    fn literal_tag(&mut self, length: usize) {
        let less: u64 = length.saturating_sub(1) as u64;
        let [low, high, ..] = less.to_le_bytes();
        match length {
            0 => {}
            1..=SHORT => self.packed.push(low << 2),
            61..=256 => self.packed.extend_from_slice(&[60 << 2, low]),
            _ => self.packed.extend_from_slice(&[61 << 2, low, high]),
        }
    }

    fn copy(&mut self, offset: usize, length: usize) {
        let [low, high, ..] = (offset as u64).to_le_bytes();
        let mut left: usize = length;
        while left > 0 {
            let part: usize = left.min(LONGEST);
            let [less, ..] = (part as u64 - 1).to_le_bytes();
            self.packed.extend_from_slice(&[(less << 2) | 2, low, high]);
            left -= part;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(block: &[u8]) -> Vec<u8> {
        snap::raw::Decoder::new().decompress_vec(block).unwrap()
    }

    #[test]
    fn what_is_packed_comes_back_with_its_open_bytes_changed() {
        let mut packer = Packer::new();
        packer.fixed(b"name=requests instance=10.0.0.1 ");
        let first: usize = packer.open(b"????");
        packer.fixed(b"name=requests instance=10.0.0.2 ");
        let second: usize = packer.open(b"????");
        let (mut block, moved) = packer.finish();
        block[first + moved..first + moved + 4].copy_from_slice(b"name");
        block[second + moved..second + moved + 4].copy_from_slice(b"same");
        assert_eq!(plain(&block), b"name=requests instance=10.0.0.1 namename=requests instance=10.0.0.2 same");
    }

    #[test]
    fn runs_long_literals_and_far_repetitions_come_back() {
        let mixed = |n: u32| -> Vec<u8> { (0..n).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect() };
        let mut given: Vec<u8> = vec![7; 1_000];
        given.extend(mixed(200));
        given.extend(mixed(70_000));
        given.extend(vec![7; 1_000]);
        given.extend(mixed(70_000));
        let mut packer = Packer::new();
        packer.fixed(&given);
        packer.fixed(b"");
        let (block, _) = packer.finish();
        assert_eq!(plain(&block), given);
    }

    #[test]
    fn open_regions_of_every_length_class_come_back() {
        for length in [1, 60, 61, 256, 257, 5_000] {
            let mut packer = Packer::new();
            packer.fixed(b"abcd");
            let place: usize = packer.open(&vec![1; length]);
            packer.fixed(b"abcd");
            let (mut block, moved) = packer.finish();
            block[place + moved..place + moved + length].fill(9);
            let wanted: Vec<u8> = [b"abcd".to_vec(), vec![9; length], b"abcd".to_vec()].concat();
            assert_eq!(plain(&block), wanted, "{length}");
        }
    }
}
