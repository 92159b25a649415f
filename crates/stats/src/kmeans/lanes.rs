//! The inner loops: eight rows at a time, every centre, plain arrays.
//!
//! The loops over [`LANES`] have a constant length and no branch, so the compiler turns them into
//! vector instructions. They use multiplication and addition only, never a fused one, so the bits
//! do not depend on which. Choosing AVX2 at run time was measured to save a tenth of the time with
//! nine more crates to build: not worth it.

/// Rows handled together: one AVX-512 register of `f64`, two of AVX2, four of SSE2.
pub(crate) const LANES: usize = 8;

/// One column of eight rows.
pub(crate) type Lane = [f64; LANES];

/// k centres of d numbers, row by row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Centres {
    pub d: usize,
    pub at: Vec<f64>,
}

impl Centres {
    pub fn k(&self) -> usize {
        self.at.len() / self.d
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.at.chunks_exact(self.d)
    }

    pub fn get(&self, j: usize) -> &[f64] {
        &self.at[j * self.d..(j + 1) * self.d]
    }
}

/// For each of eight rows: squared distances to the nearest and second nearest centre, and which
/// is nearest (the lowest number among equals).
pub(crate) struct Nearest {
    pub best: Lane,
    pub second: Lane,
    pub label: [u64; LANES],
}

/// `rows[d]` holds column d of the eight rows.
#[inline(always)]
pub(crate) fn nearest(rows: &[Lane], centres: &Centres) -> Nearest {
    match rows.len() {
        2 => nearest_of::<2>(rows, &centres.at),
        3 => nearest_of::<3>(rows, &centres.at),
        4 => nearest_of::<4>(rows, &centres.at),
        5 => nearest_of::<5>(rows, &centres.at),
        6 => nearest_of::<6>(rows, &centres.at),
        _ => nearest_any(rows, &centres.at),
    }
}

#[inline(always)]
fn nearest_of<const D: usize>(rows: &[Lane], centres: &[f64]) -> Nearest {
    let Some(rows) = rows.first_chunk::<D>() else { return nearest_any(rows, centres) };
    let mut found = Nearest::none();
    for (j, centre) in centres.as_chunks::<D>().0.iter().enumerate() {
        found.offer(j as u64, &squared_distance(rows, centre));
    }
    found
}

#[inline(always)]
fn nearest_any(rows: &[Lane], centres: &[f64]) -> Nearest {
    let mut found = Nearest::none();
    for (j, centre) in centres.chunks_exact(rows.len()).enumerate() {
        found.offer(j as u64, &squared_distance(rows, centre));
    }
    found
}

impl Nearest {
    #[inline(always)]
    fn none() -> Self {
        let far = [f64::INFINITY; LANES];
        Self { best: far, second: far, label: [0; LANES] }
    }

    #[inline(always)]
    fn offer(&mut self, j: u64, distance: &Lane) {
        for (i, &d) in distance.iter().enumerate() {
            let closer = d < self.best[i];
            let loser = if closer { self.best[i] } else { d };
            self.second[i] = if loser < self.second[i] { loser } else { self.second[i] };
            self.best[i] = if closer { d } else { self.best[i] };
            self.label[i] = if closer { j } else { self.label[i] };
        }
    }
}

/// Σ (x − c)², in column order: the one formula by which every distance here is measured.
#[inline(always)]
pub(crate) fn squared_distance(rows: &[Lane], centre: &[f64]) -> Lane {
    let mut sum = [0.0; LANES];
    for (lane, &c) in rows.iter().zip(centre) {
        for i in 0..LANES {
            let gap = lane[i] - c;
            sum[i] += gap * gap;
        }
    }
    sum
}

/// Loads eight neighbouring rows; past the end the last row is repeated.
#[inline(always)]
pub(crate) fn load(columns: &[&[f64]], from: usize, into: &mut [Lane]) {
    for (column, lane) in columns.iter().zip(into) {
        if let Some(eight) = column[from..].first_chunk::<LANES>() {
            *lane = *eight;
        } else {
            let last = column.len() - 1;
            *lane = std::array::from_fn(|i| column[(from + i).min(last)]);
        }
    }
}

/// Loads the rows named by `at`, which may be fewer than eight: the last is repeated.
#[inline(always)]
pub(crate) fn gather(columns: &[&[f64]], at: &[u32], into: &mut [Lane]) {
    let last = at.len() - 1;
    let at: [usize; LANES] = std::array::from_fn(|i| at[i.min(last)] as usize);
    for (column, lane) in columns.iter().zip(into) {
        *lane = at.map(|row| column[row]);
    }
}
