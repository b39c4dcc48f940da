//! A hash table of numbers behind a field of bits, which turns most of what is
//! not in it away before a place is touched.

/// From keys to numbers other than 0; whoever uses it hashes and compares the keys.
#[derive(Debug, Default)]
pub(super) struct Table<K> {
    /// Which hashes stand in the table; as many bits as a power of two.
    filter: Vec<u64>,
    /// A key and its number; 0 is a free place.
    slots: Vec<(K, u32)>,
}

/// How many places of the table there are for each key, at least.
const ROOM: usize = 2;

/// How many bits of the filter there are for each place of the table.
const BITS: usize = 8;

impl<K: Copy + Default> Table<K> {
    /// The first number under this hash whose key `is` the one that is sought.
    #[inline]
    pub(super) fn find(&self, hash: u64, is: impl Fn(K, u32) -> bool) -> Option<u32> {
        let bit = place(hash) & (self.filter.len() * 64).wrapping_sub(1);
        if self.filter.get(bit / 64)? >> (bit % 64) & 1 == 0 {
            return None;
        }
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = place(hash) & mask;
        loop {
            let (key, number) = *self.slots.get(at)?;
            if number == 0 {
                return None;
            }
            if is(key, number) {
                return Some(number);
            }
            at = (at + 1) & mask;
        }
    }

    /// Makes room for so many keys; gives those that stood there if all have to be put anew.
    pub(super) fn grow(&mut self, keys: usize) -> Vec<(K, u32)> {
        if keys * ROOM <= self.slots.len() {
            return Vec::new();
        }
        let places = (keys * ROOM).next_power_of_two().max(64);
        self.filter = vec![0; places * BITS / 64];
        let mut old = std::mem::replace(&mut self.slots, vec![(K::default(), 0); places]);
        old.retain(|(_, number)| *number != 0);
        old
    }

    /// Adds a key that is not there; there has to be room ([`grow`](Self::grow)).
    pub(super) fn put(&mut self, hash: u64, key: K, number: u32) {
        let bit = place(hash) & (self.filter.len() * 64).wrapping_sub(1);
        if let Some(word) = self.filter.get_mut(bit / 64) {
            *word |= 1 << (bit % 64);
        }
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = place(hash) & mask;
        // half of the places are free: the search ends
        while let Some(slot) = self.slots.get_mut(at) {
            if slot.1 == 0 {
                *slot = (key, number);
                return;
            }
            at = (at + 1) & mask;
        }
    }
}

/// Where a hash stands; the filter and the table take as many of its bits as they need.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "only the lower bits are wanted")]
fn place(hash: u64) -> usize {
    hash as usize
}
