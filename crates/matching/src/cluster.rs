//! Links joined into clusters, without ever joining what must stay apart.

use crate::hash::KeyMap;

/// Comparisons of records for one union at most; beyond, the link is contested.
const MOST_CHECKS: usize = 4_000_000;

/// Two rows that belong together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    pub left: u32,
    pub right: u32,
    /// Certain links come before all others.
    pub certain: bool,
    /// Weight in bits; the heavier come first.
    pub bits: f64,
    /// Orders links of equal weight: a number made of the two records' content, so that the
    /// result does not depend on the order of the records.
    pub tie: u64,
}

/// What became of the links.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clusters {
    /// By row: the smallest row of its cluster.
    pub of: Vec<u32>,
    /// Links that would have joined what must stay apart, in the order they were met.
    pub contested: Vec<Link>,
}

/// Joins rows by links in order of their weight. Two clusters become one only when no row of the
/// one is `vetoed` against or told `apart` from a row of the other.
///
/// Takes time by the product of the sizes of the clusters joined; ids that last are the caller's.
#[must_use]
pub fn cluster(
    rows: u32,
    mut links: Vec<Link>,
    apart: &[(u32, u32)],
    vetoed: impl Fn(u32, u32) -> bool,
) -> Clusters {
    links.sort_unstable_by(|a, b| {
        (b.certain.cmp(&a.certain))
            .then(b.bits.total_cmp(&a.bits))
            .then(a.tie.cmp(&b.tie))
            .then((a.left, a.right).cmp(&(b.left, b.right)))
    });
    let mut told = KeyMap::<u32, Vec<u32>>::default();
    for (a, b) in apart {
        told.entry(*a).or_default().push(*b);
        told.entry(*b).or_default().push(*a);
    }
    let is_told = |a: u32, b: u32| told.get(&a).is_some_and(|others| others.contains(&b));
    let mut of: Vec<u32> = (0..rows).collect();
    let mut members = KeyMap::<u32, Vec<u32>>::default();
    let mut contested = Vec::new();
    for link in links {
        let (a, b) = (of[link.left as usize], of[link.right as usize]);
        if a == b {
            continue;
        }
        let (keep, join) = (a.min(b), a.max(b));
        let mine = members.remove(&keep).unwrap_or_else(|| vec![keep]);
        let yours = members.remove(&join).unwrap_or_else(|| vec![join]);
        let free = |x: &u32| yours.iter().all(|y| !vetoed(*x, *y) && !is_told(*x, *y));
        if mine.len() * yours.len() <= MOST_CHECKS && mine.iter().all(free) {
            yours.iter().for_each(|row| of[*row as usize] = keep);
            let (mut long, short) =
                if mine.len() >= yours.len() { (mine, yours) } else { (yours, mine) };
            long.extend(short);
            members.insert(keep, long);
        } else {
            contested.push(link);
            members.insert(keep, mine);
            members.insert(join, yours);
        }
    }
    Clusters { of, contested }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn link(left: u32, right: u32, bits: f64) -> Link {
        Link { left, right, certain: false, bits, tie: 0 }
    }

    #[test]
    fn a_veto_holds_through_others() {
        let links = vec![link(0, 1, 20.0), link(1, 2, 19.0), link(2, 3, 18.0)];
        let found = cluster(4, links, &[], |a, b| (a.min(b), a.max(b)) == (0, 2));
        assert_eq!(found.of, [0, 0, 2, 2]);
        assert_eq!(found.contested, [link(1, 2, 19.0)]);
    }

    #[test]
    fn what_people_parted_stays_apart() {
        let links = vec![link(0, 1, 20.0), link(1, 2, 19.0)];
        let found = cluster(3, links, &[(2, 0)], |_, _| false);
        assert_eq!(found.of, [0, 0, 2]);
    }

    #[test]
    fn certain_links_come_first() {
        let sure = Link { certain: true, ..link(1, 2, 1.0) };
        let found = cluster(3, vec![link(0, 1, 50.0), sure], &[(0, 2)], |_, _| false);
        assert_eq!(found.of, [0, 1, 1]);
    }

    proptest! {
        #[test]
        fn no_cluster_holds_a_vetoed_pair(
            links in prop::collection::vec((0_u32..20, 0_u32..20, 0_i32..9), 0..60),
            vetoes in prop::collection::vec((0_u32..20, 0_u32..20), 0..20),
        ) {
            let links: Vec<Link> = links
                .into_iter()
                .filter(|(a, b, _)| a != b)
                .map(|(a, b, bits)| link(a, b, f64::from(bits)))
                .collect();
            let vetoed = |a, b| vetoes.contains(&(a, b)) || vetoes.contains(&(b, a));
            let found = cluster(20, links.clone(), &[], vetoed);
            for a in 0..20_u32 {
                for b in 0..a {
                    let together = found.of[a as usize] == found.of[b as usize];
                    prop_assert!(!(together && vetoed(a, b)), "{a} {b}");
                }
            }
            let mut back = links;
            back.reverse();
            prop_assert_eq!(cluster(20, back, &[], vetoed).of, found.of);
        }
    }
}
