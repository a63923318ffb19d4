//! The longest common run of two lists.

use std::collections::BTreeMap;

/// Above this many comparisons a quicker way is taken, which may find less than the longest.
const MOST_COMPARISONS: usize = 4_000_000;

/// Pairs of places of equal items, both rising: the longest such list, or a good one for very long lists.
pub fn common<T: Ord>(old: &[T], new: &[T]) -> Vec<(usize, usize)> {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (rest_old, rest_new) = (&old[start..], &new[start..]);
    let end = rest_old
        .iter()
        .rev()
        .zip(rest_new.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (mid_old, mid_new) = (
        &rest_old[..rest_old.len() - end],
        &rest_new[..rest_new.len() - end],
    );
    let middle = match mid_old.len().saturating_mul(mid_new.len()) {
        0 => Vec::new(),
        1..=MOST_COMPARISONS => longest(mid_old, mid_new),
        _ => greedy(mid_old, mid_new),
    };
    let mut pairs: Vec<(usize, usize)> = (0..start).map(|at| (at, at)).collect();
    pairs.extend(middle.into_iter().map(|(a, b)| (a + start, b + start)));
    pairs.extend((0..end).map(|at| (old.len() - end + at, new.len() - end + at)));
    pairs
}

fn longest<T: Ord>(old: &[T], new: &[T]) -> Vec<(usize, usize)> {
    // lengths[i][j]: the longest run of old[i..] and new[j..].
    let width = new.len() + 1;
    let mut lengths = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            lengths[i * width + j] = match old[i] == new[j] {
                true => lengths[(i + 1) * width + j + 1] + 1,
                false => lengths[(i + 1) * width + j].max(lengths[i * width + j + 1]),
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            pairs.push((i, j));
            i += 1;
            j += 1;
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// Each item takes the next equal one behind the last that was taken.
fn greedy<T: Ord>(old: &[T], new: &[T]) -> Vec<(usize, usize)> {
    let mut places: BTreeMap<&T, Vec<usize>> = BTreeMap::new();
    for (at, item) in new.iter().enumerate() {
        places.entry(item).or_default().push(at);
    }
    let mut next = 0;
    let mut pairs = Vec::new();
    for (i, item) in old.iter().enumerate() {
        let found = places.get(item).and_then(|places| {
            let at = places.partition_point(|place| *place < next);
            // A leap over most of what is left would lose more than it finds.
            places.get(at).filter(|place| **place - next <= 200)
        });
        if let Some(j) = found {
            pairs.push((i, *j));
            next = j + 1;
        }
    }
    pairs
}
