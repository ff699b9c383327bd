//! A map that never holds more than it was made for: the oldest key goes first.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

pub(crate) struct Shelf<K, V> {
    capacity: usize,
    order: VecDeque<K>,
    values: HashMap<K, V>,
}

impl<K: Clone + Eq + Hash, V> Shelf<K, V> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            order: VecDeque::new(),
            values: HashMap::new(),
        }
    }

    /// Puts a new key on the shelf; a known key keeps its place in the order.
    pub(crate) fn put(&mut self, key: K, value: V) {
        if self.values.insert(key.clone(), value).is_some() {
            return;
        }
        self.order.push_back(key);
        if self.order.len() > self.capacity
            && let Some(oldest) = self.order.pop_front()
        {
            self.values.remove(&oldest);
        }
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.values.get(key)
    }

    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.values.get_mut(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_first() {
        let mut shelf = Shelf::new(2);
        shelf.put(1, "one");
        shelf.put(2, "two");
        shelf.put(1, "one again");
        shelf.put(3, "three");
        assert_eq!(
            (shelf.get(&1), shelf.get(&2), shelf.get(&3)),
            (None, Some(&"two"), Some(&"three"))
        );
        assert_eq!((shelf.order.len(), shelf.values.len()), (2, 2));
    }
}
