//! Slips of the finger: a letter too many, too few, another one, or two in the wrong order.

/// Longest word that is compared, in letters; nobody mistypes a longer one and looks for it by search.
const MAX_LETTERS: usize = 32;

/// How many slips a word of so many letters may have: short words are too near to each other.
pub fn allowed(letters: usize) -> u8 {
    match letters {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// The letters of a word, each counted up to two: two words that are `n` slips apart differ in at most `n` of these
/// bits on either side. (Which letters share a bit does not matter: a slip still changes one on either side.)
pub fn letters(word: &str) -> u64 {
    word.chars().fold(0, |set, c| {
        let once = 1_u64 << (c as u32 % 32);
        set | if set & once == 0 { once } else { once << 32 }
    })
}

/// Whether so many bits are set at most. Counting them all costs more where the machine has no instruction for it.
#[inline]
fn has_at_most(mut bits: u64, count: u8) -> bool {
    for _ in 0..count {
        bits &= bits.wrapping_sub(1);
    }
    bits == 0
}

/// A word as it was typed, made ready to be compared with many.
#[derive(Debug)]
pub struct Typed {
    word: Vec<char>,
    letters: u64,
    allowed: u8,
}

/// How far a word is from what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slips {
    /// How many.
    pub count: u8,
    /// The word goes on behind what was typed.
    pub goes_on: bool,
}

impl Typed {
    /// `None` for words that may have no slip: short ones, overlong ones, and numbers.
    pub fn new(word: &str) -> Option<Self> {
        let chars: Vec<char> = word.chars().collect();
        let allowed = allowed(chars.len());
        let fits = allowed > 0 && chars.len() <= MAX_LETTERS && !chars.iter().any(char::is_ascii_digit);
        fits.then(|| Self { letters: letters(word), word: chars, allowed })
    }

    /// Whether a word of these letters and this length may be near enough; costs next to nothing.
    #[inline]
    pub fn may_be(&self, letters: u64, len: u8, unfinished: bool) -> bool {
        let (typed, allowed) = (self.word.len() as u8, self.allowed);
        len + allowed >= typed
            && (unfinished || len <= typed + allowed)
            && has_at_most(self.letters & !letters, allowed)
            && (unfinished || has_at_most(letters & !self.letters, allowed))
    }

    /// How far a word is; `None` when it is too far. An unfinished word is also compared with the beginnings of `word`.
    ///
    /// # Source
    /// Optimal string alignment (Damerau, 1964), by rows.
    pub fn slips(&self, word: &str, unfinished: bool) -> Option<Slips> {
        let typed = &self.word;
        let end = typed.len();
        let mut rows = [[0_u8; MAX_LETTERS + 1]; 3];
        for (i, cell) in rows[0].iter_mut().enumerate().take(end + 1) {
            *cell = i as u8;
        }
        let (mut before, mut letters) = ('\0', 0_usize);
        let mut best_beginning = u8::MAX;
        for c in word.chars() {
            letters += 1;
            let (now, last, older) = (letters % 3, (letters + 2) % 3, (letters + 1) % 3);
            rows[now][0] = letters.min(255) as u8;
            let mut least = rows[now][0];
            for i in 1..=end {
                let differs = u8::from(typed[i - 1] != c);
                let mut cell = (rows[last][i - 1] + differs).min(rows[last][i].min(rows[now][i - 1]).saturating_add(1));
                if i > 1 && letters > 1 && typed[i - 1] == before && typed[i - 2] == c {
                    cell = cell.min(rows[older][i - 2] + 1);
                }
                rows[now][i] = cell;
                least = least.min(cell);
            }
            best_beginning = best_beginning.min(rows[now][end]);
            before = c;
            // A swap looks two rows back, so one row above the bound proves nothing yet.
            if least > self.allowed + 1 {
                if unfinished {
                    break;
                }
                return None;
            }
        }
        let whole = rows[letters % 3][end];
        let (count, goes_on) =
            if unfinished && best_beginning < whole { (best_beginning, true) } else { (whole, false) };
        (count <= self.allowed).then_some(Slips { count, goes_on })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn slips(typed: &str, word: &str, unfinished: bool) -> Option<(u8, bool)> {
        let typed = Typed::new(typed)?;
        typed.slips(word, unfinished).map(|s| (s.count, s.goes_on))
    }

    #[test]
    fn slips_are_counted_up_to_what_is_allowed() {
        for (typed, word, want) in [
            ("кофйня", "кофейня", Some((1, false))),
            ("апетка", "аптека", Some((1, false))),
            ("музей", "музей", Some((0, false))),
            ("мзуей", "музей", Some((1, false))),
            ("стамотология", "стоматология", Some((2, false))),
            ("парк", "пара", Some((1, false))),
            ("парк", "порт", None),
            ("кот", "код", None),
            ("2024", "2025", None),
        ] {
            assert_eq!(slips(typed, word, false), want, "{typed} {word}");
        }
        assert_eq!(slips("пятиор", "пятигорск", true), Some((1, true)));
        assert_eq!(slips("пятиор", "пятигорск", false), None);
        assert_eq!(slips("аптнка", "аптека", true), Some((1, false)));
    }

    /// The whole table, as it stands in textbooks.
    fn textbook(a: &str, b: &str) -> usize {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        let mut d = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                d[i][j] = match (i, j) {
                    (0, n) | (n, 0) => n,
                    _ => (d[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1])).min(d[i - 1][j].min(d[i][j - 1]) + 1),
                };
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    d[i][j] = d[i][j].min(d[i - 2][j - 2] + 1);
                }
            }
        }
        d[a.len()][b.len()]
    }

    proptest! {
        #[test]
        fn counts_are_those_of_the_textbook(typed in "[абв]{4,9}", word in "[абв]{1,10}") {
            let ready = Typed::new(&typed).unwrap();
            let want = textbook(&typed, &word);
            let near = want <= usize::from(ready.allowed);
            prop_assert_eq!(ready.slips(&word, false).map(|s| usize::from(s.count)), near.then_some(want));
            if near {
                prop_assert!(ready.may_be(letters(&word), word.chars().count() as u8, false));
            }
            // Of an unfinished word, the nearest beginning counts.
            let ends = word.char_indices().map(|(at, c)| &word[..at + c.len_utf8()]);
            let nearest = ends.map(|beginning| textbook(&typed, beginning)).min().unwrap();
            let found = ready.slips(&word, true).map(|s| usize::from(s.count));
            prop_assert_eq!(found, (nearest <= usize::from(ready.allowed)).then_some(nearest));
            if found.is_some() {
                prop_assert!(ready.may_be(letters(&word), word.chars().count() as u8, true));
            }
        }
    }
}
