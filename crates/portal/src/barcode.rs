//! Code 128 (ISO/IEC 15417) as bars: what every counter's and gate's scanner reads.
//!
//! Digits in pairs by set C, everything else by set B; check symbol modulo 103, stop pattern, quiet
//! zones of ten modules.

/// Modules of each symbol's bars and spaces in turn, by value; 103–105 begin sets A, B, C.
const SYMBOLS: [&[u8; 6]; 106] = [
    b"212222", b"222122", b"222221", b"121223", b"121322", b"131222", b"122213", b"122312",
    b"132212", b"221213", b"221312", b"231212", b"112232", b"122132", b"122231", b"113222",
    b"123122", b"123221", b"223211", b"221132", b"221231", b"213212", b"223112", b"312131",
    b"311222", b"321122", b"321221", b"312212", b"322112", b"322211", b"212123", b"212321",
    b"232121", b"111323", b"131123", b"131321", b"112313", b"132113", b"132311", b"211313",
    b"231113", b"231311", b"112133", b"112331", b"132131", b"113123", b"113321", b"133121",
    b"313121", b"211331", b"231131", b"213113", b"213311", b"213131", b"311123", b"311321",
    b"331121", b"312113", b"312311", b"332111", b"314111", b"221411", b"431111", b"111224",
    b"111422", b"121124", b"121421", b"141122", b"141221", b"112214", b"112412", b"122114",
    b"122411", b"142112", b"142211", b"241211", b"221114", b"413111", b"241112", b"134111",
    b"111242", b"121142", b"121241", b"114212", b"124112", b"124211", b"411212", b"421112",
    b"421211", b"212141", b"214121", b"412121", b"111143", b"111341", b"131141", b"114113",
    b"114311", b"411113", b"411311", b"113141", b"114131", b"311141", b"411131", b"211412",
    b"211214", b"211232",
];
const STOP: &[u8; 7] = b"2331112";
const TO_C: u8 = 99;
const TO_B: u8 = 100;
const START_B: u8 = 104;
const START_C: u8 = 105;
/// Modules left white on either side.
const QUIET: u32 = 10;

/// A bar of a barcode: where it begins and how wide it is, in modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// From the left, the quiet zone included.
    pub x: u32,
    /// 1–4.
    pub width: u32,
}

/// A barcode to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Barcode {
    /// From the left.
    pub bars: Vec<Bar>,
    /// Modules in all, the quiet zones included.
    pub width: u32,
}

/// The barcode of printable ASCII; `None` for any other text, for none, and beyond 40 characters.
#[must_use]
pub fn code_128(text: &str) -> Option<Barcode> {
    let printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if !printable || text.is_empty() || text.len() > 40 {
        return None;
    }
    let mut widths: Vec<u8> = Vec::new();
    for value in with_check(values(text.as_bytes())) {
        widths.extend(SYMBOLS.get(usize::from(value))?.iter());
    }
    widths.extend(STOP);
    let (mut x, mut bars) = (QUIET, Vec::new());
    for (place, width) in widths.iter().map(|digit| u32::from(digit - b'0')).enumerate() {
        if place % 2 == 0 {
            bars.push(Bar { x, width });
        }
        x += width;
    }
    Some(Barcode { bars, width: x + QUIET })
}

/// Values of the symbols, the start included: pairs of digits where at least four stand together,
/// or all that there is.
fn values(text: &[u8]) -> Vec<u8> {
    let run = |at: usize| text[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let worth = |at: usize| run(at) >= 4 || (run(at) == 2 && text.len() == 2);
    let mut in_c = worth(0);
    let mut values = vec![if in_c { START_C } else { START_B }];
    let mut at = 0;
    while at < text.len() {
        match (in_c, run(at)) {
            (true, 2..) => {
                values.push((text[at] - b'0') * 10 + text[at + 1] - b'0');
                at += 2;
            }
            (true, _) => {
                values.push(TO_B);
                in_c = false;
            }
            // An odd digit goes before the pairs.
            (false, digits) if worth(at) && digits % 2 == 0 => {
                values.push(TO_C);
                in_c = true;
            }
            (false, _) => {
                values.push(text[at] - b' ');
                at += 1;
            }
        }
    }
    values
}

fn with_check(mut values: Vec<u8>) -> Vec<u8> {
    let sum = values
        .iter()
        .zip(0_u32..)
        .fold(0_u32, |sum, (value, place)| sum + u32::from(*value) * place.max(1));
    values.push(u8::try_from(sum % 103).unwrap_or_default());
    values
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Reads a barcode as a scanner does: edges to symbols, symbols to text; checks the check.
    fn read(code: &Barcode) -> Option<String> {
        let mut edges: Vec<u32> = code.bars.iter().flat_map(|b| [b.x, b.x + b.width]).collect();
        assert_eq!((edges.first(), edges.last()), (Some(&QUIET), Some(&(code.width - QUIET))));
        let end = edges.split_off(edges.len() - 8);
        edges.push(end[0]);
        let of = |edges: &[u32]| -> String {
            edges.windows(2).map(|two| (two[1] - two[0]).to_string()).collect()
        };
        assert_eq!(of(&end).as_bytes(), STOP);
        let mut symbols = Vec::new();
        for chunk in of(&edges).as_bytes().chunks(6) {
            symbols.push(SYMBOLS.iter().position(|symbol| symbol.as_slice() == chunk)?);
        }
        let check = symbols.pop()?;
        let sum: usize = symbols.iter().enumerate().map(|(at, v)| v * at.max(1)).sum();
        assert_eq!(sum % 103, check);
        let (mut set_c, mut text) = (symbols[0] == 105, String::new());
        for value in &symbols[1..] {
            match (*value, set_c) {
                (99, false) => set_c = true,
                (100, true) => set_c = false,
                (pair, true) => text += &format!("{pair:02}"),
                (letter, false) => text.push(char::from(u8::try_from(letter).unwrap() + b' ')),
            }
        }
        Some(text)
    }

    #[test]
    fn symbols_are_as_the_standard_builds_them() {
        let all: BTreeSet<&[u8; 6]> = SYMBOLS.into_iter().collect();
        assert_eq!(all.len(), SYMBOLS.len(), "no two alike");
        for symbol in SYMBOLS {
            let widths: Vec<u8> = symbol.iter().map(|digit| digit - b'0').collect();
            assert_eq!(widths.iter().sum::<u8>(), 11, "eleven modules");
            let bars: u8 = widths.iter().step_by(2).sum();
            assert_eq!(bars % 2, 0, "bars of even width in all");
            assert!(widths.iter().all(|width| (1..=4).contains(width)));
        }
    }

    #[test]
    fn known_check_symbols_come_out() {
        // Worked out by hand from the standard's rule.
        let check = |text: &str| with_check(values(text.as_bytes())).pop();
        assert_eq!(check("PJJ123C"), Some(55), "begun in set B");
        assert_eq!(values(b"6218045731"), [105, 62, 18, 4, 57, 31]);
        assert_eq!(check("6218045731"), Some(83));
        assert_eq!(values(b"AB12345"), [104, 33, 34, 17, 99, 23, 45]);
    }

    #[test]
    fn what_is_written_is_read() {
        for text in ["6000000007", "1", "12", "123", "JB6218045737", "a1234567b", "~ 99 !", "98765"]
        {
            assert_eq!(read(&code_128(text).unwrap()).as_deref(), Some(text));
        }
        assert_eq!(code_128(""), None);
        assert_eq!(code_128("会员"), None);
        assert_eq!(code_128(&"7".repeat(41)), None);
    }
}
